"""How good the bundled frame models are on real coded excerpts, and what else was tried.

    python -m tests.bench.frames DATA [--write]

DATA is the folder that holds gold_dev.parquet and allsides_dev.parquet. Prints tables; --write
stores them beside the models, for their cards. Every variant is fitted anew on the training set and
judged at its own thresholds, none of which was chosen on these excerpts, and matched to mixed news
as `label` is. The model that reads with MiniLM is judged where the extra is installed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis.frames import FrameModel, load_codebook, match
from analysis.frames.fit import fit
from analysis.frames.model import BUNDLED, BUNDLED_MINILM
from analysis.frames.models import MEASURED, load_shipped
from analysis.frames.settings import BUNDLED_SETTINGS, Settings
from analysis.frames.training import load_pieces, load_training
from analysis.training.evaluation import Evaluation, evaluation
from analysis.training.labelled import Columns, Labelled, read_labelled
from analysis.workers import in_order

GENRES = {
    "immigration": "immigration",
    "terrorism": "violence and police",
    "violence_in_america": "violence and police",
    "race_and_racism": "violence and police",
    "criminal_justice": "violence and police",
    "justice": "violence and police",
    "justice_department": "violence and police",
    "civil_rights": "violence and police",
}
# Pieces in the manner of coverage; the others were written before any was read.
COVERAGE = ("coverage", "local_b")
SHARES = (0.0625, 0.125, 0.25, 0.5)
EVERY = "every"


@dataclass(frozen=True)
class Variant:
    """What is fitted: with which settings, on which slices, on what share of coverage pieces."""

    name: str
    how: Settings
    slices: str = EVERY
    share: float = 1.0
    folder: Path = Path()


def main() -> None:
    """Prints the tables, and stores them when asked to."""
    folder = Path(next(word for word in sys.argv[1:] if not word.startswith("-")))
    shipped = [match.matched(model) for model in load_shipped(load_codebook())]
    data = gold(folder)
    judgements = [judged(model, data) for model in shipped]
    rows = list(in_order(tried, iter([replace(one, folder=folder) for one in variants()])))
    as_shipped = {"tried": "as shipped", **_row(*judgements[0])}
    bare = judged(load_shipped(load_codebook())[0], data)
    table = [
        as_shipped,
        {"tried": "as shipped, in a project: not matched", **_row(*bare)},
        *({"tried": "with MiniLM, the extra", **_row(*judgement)} for judgement in judgements[1:]),
        *({key: row[key] for key in as_shipped} for row in rows if row["share"] == 1.0),
    ]
    total = len(_coverage_ids())
    curve = [
        {
            "share": row["share"],
            "pieces": row["pieces"],
            **{k: row[k] for k in list(as_shipped)[1:]},
        }
        for row in rows
        if row["share"] < 1.0
    ]
    curve.sort(key=lambda row: row["share"])
    curve.append({"share": 1.0, "pieces": total, **_row(*judgements[0])})
    with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=70, tbl_hide_dataframe_shape=True):
        for by_piece, by_sentence in judgements:
            for one in (by_piece.frames, by_piece.groups, by_sentence.frames):
                print(one)
        print(pl.DataFrame(table))
        print(pl.DataFrame(curve))
    if "--write" not in sys.argv:
        return
    for model, (by_piece, by_sentence), target in zip(
        shipped, judgements, (BUNDLED, BUNDLED_MINILM), strict=False
    ):
        found = {
            "model": model.card["match"]["model"],
            "made_with": "python -m tests.bench.frames DATA --write",
            "on": "240 coded excerpts of real news, 80 each from left, center and right outlets",
            "piece": _plain(by_piece),
            "sentence": _plain(by_sentence),
            "tried": table,
            "learning": curve,
        }
        text = json.dumps(found, indent=1, allow_nan=False) + "\n"
        (target / MEASURED).write_text(text, encoding="utf-8", newline="\n")


def gold(folder: Path) -> Labelled:
    """The coded excerpts."""
    book = load_codebook()
    return read_labelled(
        folder / "gold_dev.parquet", Columns(list(book.ids), extra=["outlet_lean", "topic"]), book
    )


def variants() -> Iterator[Variant]:
    """What was tried, and the steps of the learning curve; a quick one first, by one process."""
    base = BUNDLED_SETTINGS
    old = dict.fromkeys(_older_slices(), 0.3)
    yield _step(SHARES[0])
    yield Variant(
        "what was written before reading real coverage counts a third",
        replace(base, slice_weights=old),
    )
    yield Variant("no context", replace(base, context_terms=0.0, context_embedding=0.0))
    yield Variant("no view of the whole piece", replace(base, piece_terms=0.0, piece_embedding=0.0))
    yield Variant(
        "words only",
        replace(base, own_embedding=0.0, context_embedding=0.0, piece_embedding=0.0),
    )
    yield Variant("only pieces in the manner of coverage", base, "coverage")
    yield Variant("only what was written before them", base, "older")
    for share in reversed(SHARES[1:]):
        yield _step(share)


def _step(share: float) -> Variant:
    name = f"{share:.0%} of the pieces in the manner of coverage"
    return Variant(name, BUNDLED_SETTINGS, share=share)


def tried(one: Variant) -> dict[str, Any]:
    """Fits and judges a variant; what a worker process does."""
    book = load_codebook()
    sentences, pieces = load_training(book.ids), load_pieces(book.ids)
    older = pl.col("slice").is_in(_older_slices())
    if one.slices != EVERY:
        kept = older if one.slices == "older" else ~older
        sentences, pieces = sentences.filter(kept), pieces.filter(kept)
    ids = _coverage_ids()
    drawn = ids.sample(round(one.share * len(ids)), seed=1)
    if one.share < 1.0:
        pieces = pieces.filter(older | pl.col("id").is_in(drawn.implode()))
    model = _as_used(fit(sentences, pieces, book, one.how), match.sample(one.folder))
    return {
        "tried": one.name,
        "share": one.share,
        "pieces": len(drawn),
        **_row(*judged(model, gold(one.folder))),
    }


def _older_slices() -> list[str]:
    frames = load_codebook().ids
    slices = {*load_training(frames)["slice"], *load_pieces(frames)["slice"]}
    return sorted(name for name in slices if not name.startswith(COVERAGE))


def _coverage_ids() -> pl.Series:
    pieces = load_pieces(load_codebook().ids)
    kept = pieces.filter(~pl.col("slice").is_in(_older_slices()))
    return kept["id"].unique(maintain_order=True)


def _as_used(model: FrameModel, texts: pl.DataFrame) -> FrameModel:
    found = match.find(model, texts, match.MIXED_NEWS["sentence"], match.MIXED_NEWS["piece"])
    return match.applied(model, found)


def judged(model: FrameModel, data: Labelled) -> tuple[Evaluation, Evaluation]:
    """By piece and by sentence, at the model's own thresholds."""
    assert data.sentence_truth is not None
    scored = model.score(data.titles, data.texts, data.spans)
    genre = [GENRES.get(topic, "other news") for topic in data.extra["topic"]]
    by = {"lean": data.extra["outlet_lean"], "genre": genre}
    pieces = evaluation(data.frames, data.truth, scored.piece_scores, scored.piece_present, by=by)
    sentences = evaluation(
        data.frames,
        np.concatenate(data.sentence_truth),
        scored.scores,
        scored.present,
        group=np.repeat(np.arange(len(data.ids)), np.diff(scored.starts)),
    )
    return pieces, sentences


def _row(pieces: Evaluation, sentences: Evaluation) -> dict[str, float]:
    return {
        "piece_macro_f1": round(pieces.macro_f1, 3),
        "sentence_macro_f1": round(sentences.macro_f1, 3),
    }


def _plain(found: Evaluation) -> dict[str, Any]:
    floats = pl.selectors.float()
    return {
        name: table.with_columns(floats.fill_nan(None).round(3)).to_dicts()
        for name, table in (("frames", found.frames), ("groups", found.groups))
    }


if __name__ == "__main__":
    main()
