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
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.corpus import sentences as splitting
from analysis.frames.model import FrameModel
from analysis.project import DATA

MATCHED = DATA / "models" / "matched.json"
COMMAND = "python -m analysis.frames.match DATA"

# The shares among 240 coded excerpts, and how they were drawn: half immigration, three eighths
# police and violence, the rest other news; a third each from left, center and right outlets; the
# first 2,000 characters.
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

    `model` is the version of the model that it was found for, `pieces` the number of pieces that
    were read.
    """

    model: str
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
    titles, bodies, names = texts["title"].to_list(), texts["text"].to_list(), model.frames
    scored = model.score(titles, bodies, splitting.spans_of_all(bodies))
    there = scored.logits[np.isfinite(scored.logits).all(axis=1)]
    off = _excess(there, model.decisions.threshold, names, sentence_rates)
    shifted = model.decisions.scored(names, scored.logits - off, scored.starts)
    piece_off = _excess(shifted.piece_logits, model.decisions.piece_threshold, names, piece_rates)
    return Match(
        model.version,
        len(titles),
        dict(zip(names, off.round(6).tolist(), strict=True)),
        dict(zip(names, piece_off.round(6).tolist(), strict=True)),
    )


def applied(model: FrameModel, match: Match) -> FrameModel:
    """The model with the match taken off its logits; its card has it."""
    return model.lowered(
        np.array([match.sentence[frame] for frame in model.frames]),
        np.array([match.piece[frame] for frame in model.frames]),
        {"match": asdict(match)},
    )


def matched(model: FrameModel, path: Path = MATCHED) -> FrameModel:
    """The model as its stored match has it; as it is when there is none for this version."""
    match = next((one for one in stored(path) if one.model == model.version), None)
    return model if match is None else applied(model, match)


def stored(path: Path = MATCHED) -> list[Match]:
    """The matches in the repository, one per bundled model."""
    if not path.is_file():
        return []
    return [Match(**one) for one in json.loads(path.read_text(encoding="utf-8"))]


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


def _main(folder: Path) -> list[Match]:
    from analysis.frames.codebook import load_codebook
    from analysis.frames.models import load_shipped

    texts = sample(folder)
    models = load_shipped(load_codebook())
    known = {model.version for model in models}
    kept = [one for one in stored() if one.model in known]
    done = {one.model for one in kept}
    new = [
        find(model, texts, MIXED_NEWS["sentence"], MIXED_NEWS["piece"])
        for model in models
        if model.version not in done
    ]
    found = [*kept, *new]
    text = json.dumps([asdict(one) for one in found], indent=1) + "\n"
    MATCHED.write_text(text, encoding="utf-8", newline="\n")
    return found


if __name__ == "__main__":
    import sys

    sys.stdout.write(f"{_main(Path(sys.argv[1]))}\n")
