"""How good the bundled frame model is on real coded excerpts, and what else was tried.

    python -m tests.bench.frames DATA [--write]

DATA is the folder that holds gold_dev.parquet. Prints three tables; --write stores them beside
the model, for its card. Every variant is fitted anew on the training set and judged at its own
thresholds, none of which was chosen on these excerpts, and matched to mixed news as `label` is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis.frames import load_codebook, load_model, match
from analysis.frames.fit import BUNDLED_SETTINGS, Settings, fit
from analysis.frames.model import BUNDLED, MEASURED, FrameModel
from analysis.frames.training import load_pieces, load_training
from analysis.training.evaluation import Evaluation, evaluation
from analysis.training.labelled import Columns, Labelled, read_labelled

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
SHARES = (0.25, 0.5, 1.0)


def main() -> None:
    folder = Path(next(word for word in sys.argv[1:] if not word.startswith("-")))
    book = load_codebook()
    data = read_labelled(
        folder / "gold_dev.parquet",
        Columns(list(book.ids), extra=["outlet_lean", "topic"]),
        book,
    )
    texts = match.sample(folder)
    shipped = load_model(book)
    by_piece, by_sentence = judged(match.matched(shipped), data)
    tried = [{"tried": "as shipped, in a project: not matched", **_row(*judged(shipped, data))}]
    tried += [
        {"tried": name, **_row(*judged(_as_used(make(), texts), data))}
        for name, make in _variants(book).items()
    ]
    curve = [{"share": share, **_learned(book, data, texts, share)} for share in SHARES]
    with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=70, tbl_hide_dataframe_shape=True):
        for table in (by_piece.frames, by_piece.groups, by_sentence.frames):
            print(table)
        print(pl.DataFrame(tried))
        print(pl.DataFrame(curve))
    if "--write" in sys.argv:
        found = {
            "model": shipped.version,
            "made_with": "python -m tests.bench.frames DATA --write",
            "on": "240 coded excerpts of real news, 80 each from left, center and right outlets",
            "piece": _plain(by_piece),
            "sentence": _plain(by_sentence),
            "tried": tried,
            "learning": curve,
        }
        text = json.dumps(found, indent=1, allow_nan=False) + "\n"
        (BUNDLED / MEASURED).write_text(text, encoding="utf-8", newline="\n")


def _as_used(model: FrameModel, texts: pl.DataFrame) -> FrameModel:
    found = match.find(model, texts, match.MIXED_NEWS["sentence"], match.MIXED_NEWS["piece"])
    off = [
        np.array([way[frame] for frame in model.frames]) for way in (found.sentence, found.piece)
    ]
    return match.taken_off(model, *off)


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


def _variants(book: Any) -> dict[str, Callable[[], FrameModel]]:
    sentences, pieces = load_training(book.ids), load_pieces(book.ids)

    def fitted(
        how: Settings, ours: pl.DataFrame = sentences, whole: pl.DataFrame = pieces
    ) -> Callable[[], FrameModel]:
        return lambda: fit(ours, whole, book, how)

    base = BUNDLED_SETTINGS
    new = pl.col("slice").str.starts_with("coverage")
    old = pieces.filter(~new)["slice"].unique().to_list() + sentences["slice"].unique().to_list()
    return {
        "as shipped": fitted(base),
        "what was written before reading real coverage counts a tenth": fitted(
            replace(base, slice_weights=dict.fromkeys(old, 0.1))
        ),
        "only pieces in the manner of coverage": fitted(
            base, sentences.head(0), pieces.filter(new)
        ),
        "only what was written before them": fitted(base, whole=pieces.filter(~new)),
        "no context": fitted(replace(base, context_terms=0.0, context_embedding=0.0)),
        "no view of the whole piece": fitted(replace(base, piece_terms=0.0, piece_embedding=0.0)),
        "words only": fitted(
            replace(base, own_embedding=0.0, context_embedding=0.0, piece_embedding=0.0)
        ),
        "shares of the training set": fitted(replace(base, sentence_rates={}, piece_rates={})),
    }


def _learned(book: Any, data: Labelled, texts: pl.DataFrame, share: float) -> dict[str, float]:
    """With a share of the pieces that are in the manner of coverage; the mean of two draws."""
    sentences, pieces = load_training(book.ids), load_pieces(book.ids)
    old = ~pl.col("slice").str.starts_with("coverage")
    ids = pieces.filter(~old)["id"].unique(maintain_order=True)
    rows = []
    for seed in (1, 2) if share < 1 else (1,):
        drawn = ids.sample(round(share * len(ids)), seed=seed)
        part = pieces.filter(old | pl.col("id").is_in(drawn.implode()))
        model = fit(sentences, part, book, BUNDLED_SETTINGS)
        rows.append({"pieces": len(drawn), **_row(*judged(_as_used(model, texts), data))})
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


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
