"""Matches the bundled model to mixed news: `python -m analysis.frames.match DATA`.

A corpus on one local policy, for which the model is fitted, holds more of every frame than mixed
news on immigration, police and violence does. How often such news carries each frame is known from
coded excerpts, so the shift can be seen on text that nobody coded: on it, as many sentences and
pieces have to reach the threshold as are known to carry the frame (a correction for prior shift
after Saerens, Latinne and Decaestecker 2002, with known priors). `label` and `evaluate` apply it,
a project's build does not. DATA holds allsides_dev.parquet, of which a fixed sample is read, and
gold_dev.parquet, of which only the ids are, to leave them out. The result, a few numbers per
frame, is kept in the repository.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.corpus import sentences as splitting
from analysis.frames.model import FrameModel, load_model
from analysis.project import DATA

MATCHED = DATA / "models" / "matched.json"
COMMAND = "python -m analysis.frames.match DATA"

# The shares among 240 coded excerpts, and how they were drawn: half immigration, three eighths police and violence, the rest
# other news; a third each from left, center and right outlets; the first 2,000 characters.
MIXED_NEWS = {
    "sentence": {"safety": 0.18, "civil_rights": 0.055, "profiling": 0.015, "trust": 0.02},
    "piece": {"safety": 0.52, "civil_rights": 0.25, "profiling": 0.08, "trust": 0.13},
}
KINDS = {
    "immigration": 600,
    "violence_in_america": 200,
    "terrorism": 95,
    "race_and_racism": 65,
    "criminal_justice": 35,
    "justice": 30,
    "elections": 65,
    "federal_budget": 25,
    "healthcare": 20,
}
EXCERPT = 2000
SEED = 7

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Match:
    """What is taken off the logits of sentences and of pieces, per frame.

    `training` is the hash of the training set of the model that it was found for, `pieces` the
    number of pieces that were read.
    """

    training: str
    pieces: int
    sentence: dict[str, float]
    piece: dict[str, float]
    made_with: str = COMMAND


def find(
    model: FrameModel,
    texts: pl.DataFrame,
    sentence_rates: Mapping[str, float],
    piece_rates: Mapping[str, float],
) -> Match:
    """The match of a model that has not been matched, on texts with the columns title and text."""
    titles, bodies = texts["title"].to_list(), texts["text"].to_list()
    spans = splitting.spans_of_all(bodies)
    logits = model.score(titles, bodies, spans).logits
    there = logits[np.isfinite(logits).all(axis=1)]
    off = _excess(there, model.weights.threshold, model.frames, sentence_rates)
    shifted = taken_off(model, off, np.zeros(len(off)))
    pieces = shifted.score(titles, bodies, spans).piece_logits
    piece_off = _excess(pieces, model.weights.piece_threshold, model.frames, piece_rates)
    names = model.frames
    return Match(
        model.card["training"]["hash"],
        len(titles),
        dict(zip(names, off.round(6).tolist(), strict=True)),
        dict(zip(names, piece_off.round(6).tolist(), strict=True)),
    )


def taken_off(model: FrameModel, sentence: Floats, piece: Floats) -> FrameModel:
    """The model with so much taken off its logits [F]; thresholds stay."""
    weights = replace(
        model.weights,
        bias=model.weights.bias - sentence,
        rule_bias=model.weights.rule_bias - piece,
    )
    return FrameModel(model.frames, model.vocabulary, weights, model.card)


def matched(model: FrameModel, path: Path = MATCHED) -> FrameModel:
    """The model as the stored match has it; as it is when the match is of another training set."""
    match = stored(path)
    if match is None or match.training != model.card["training"]["hash"]:
        return model
    found = taken_off(
        model,
        np.array([match.sentence[frame] for frame in model.frames]),
        np.array([match.piece[frame] for frame in model.frames]),
    )
    return replace(found, card={**model.card, "match": asdict(match)})


def stored(path: Path = MATCHED) -> Match | None:
    """The match in the repository."""
    if not path.is_file():
        return None
    return Match(**json.loads(path.read_text(encoding="utf-8")))


def sample(folder: Path) -> pl.DataFrame:
    """Excerpts of real news, none of which is among the coded ones: title, text."""
    coded = pl.read_parquet(folder / "gold_dev.parquet", columns=["id", "title"])
    every = pl.read_parquet(folder / "allsides_dev.parquet").filter(
        ~pl.col("id").is_in(coded["id"].implode())
        & ~pl.col("title").is_in(coded["title"].implode())
        & (pl.col("text").str.len_chars() > EXCERPT // 2)
    )
    parts: list[pl.DataFrame] = []
    for topic, count in KINDS.items():
        for lean in ("left", "center", "right"):
            rows = every.filter((pl.col("topic") == topic) & (pl.col("outlet_lean") == lean))
            parts.append(rows.sample(min(count // 3, rows.height), seed=SEED))
    return pl.concat(parts).select("title", pl.col("text").str.slice(0, EXCERPT))


def _excess(
    logits: Floats, threshold: Floats, frames: tuple[str, ...], rates: Mapping[str, float]
) -> Floats:
    """How far the logit that the known share reaches lies above the threshold [F]."""
    return np.array(
        [
            np.quantile(logits[:, f], 1 - rates[frame]) - threshold[f]
            for f, frame in enumerate(frames)
        ]
    )


def _main(folder: Path) -> dict[str, Any]:
    from analysis.frames.codebook import load_codebook

    book = load_codebook()
    model = load_model(book)
    found = asdict(find(model, sample(folder), MIXED_NEWS["sentence"], MIXED_NEWS["piece"]))
    text = json.dumps(found, indent=1) + "\n"
    MATCHED.write_text(text, encoding="utf-8", newline="\n")
    return found


if __name__ == "__main__":
    import sys

    sys.stdout.write(f"{_main(Path(sys.argv[1]))}\n")
