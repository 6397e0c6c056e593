"""Scores a batch of pieces; what a worker process does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis.corpus import sentences as splitting
from analysis.frames import FrameModel, Scored, load_codebook, load_model
from analysis.frames.explain import explain_rows
from analysis.frames.match import matched
from analysis.frames.pieces import dominant
from analysis.label.rows import Pieces, Span

NONE = "none"

# So many words of a sentence, its context and its piece stand singly in the parts of a score.
WORDS = 12
OTHERS = "(all other words)"


@dataclass(frozen=True)
class Job:
    """Pieces to score with the model in a folder, made for a codebook; of so many rows read."""

    codebook: Path
    model: Path
    pieces: Pieces
    explain: bool = False
    rows_read: int = 0


@dataclass(frozen=True)
class Done:
    """`pieces`, `sentences` and, if asked for, `sums`, as `label` writes them.

    `rows_read` rows of the input went into them.
    """

    rows_read: int
    pieces: pl.DataFrame
    sentences: pl.DataFrame
    sums: pl.DataFrame | None


def work(job: Job) -> Done:
    """Scores a job's pieces."""
    model = _model(job.codebook, job.model)
    pieces = job.pieces
    spans = [
        splitting.spans_of(text) if found is None else found
        for text, found in zip(pieces.texts, pieces.spans, strict=True)
    ]
    scored = model.score(pieces.titles, pieces.texts, spans)
    return Done(
        job.rows_read,
        _piece_table(scored, pieces.ids),
        _sentence_table(scored, pieces.ids, spans),
        _sums(model, scored, pieces, spans) if job.explain else None,
    )


@lru_cache(maxsize=1)
def _model(codebook: Path, folder: Path) -> FrameModel:
    return matched(load_model(load_codebook(codebook), folder))


def _sums(
    model: FrameModel, scored: Scored, pieces: Pieces, spans: list[list[Span]]
) -> pl.DataFrame:
    """The parts of each score that led to a decision: id, sentence, frame, source, what, ..."""
    rows = np.flatnonzero(scored.present.any(axis=1))
    parts = explain_rows(model, pieces.titles, pieces.texts, spans, rows, name_nearest=True)
    kept = pl.DataFrame(
        {
            "row": np.repeat(rows, len(scored.frames)),
            "frame": np.tile(np.array(scored.frames), len(rows)),
            "present": scored.present[rows].ravel(),
        }
    ).filter("present")
    parts = _shortened(parts.join(kept, on=["row", "frame"], how="semi", maintain_order="left"))
    piece = np.searchsorted(scored.starts, parts["row"].to_numpy(), side="right") - 1
    ids = pl.Series("id", pieces.ids, dtype=pl.String)
    return parts.select(
        ids.gather(piece),
        (pl.col("row") - pl.Series(scored.starts[piece])).cast(pl.Int32).alias("sentence"),
        pl.col("frame", "source", "what", "contribution"),
    )


def _shortened(parts: pl.DataFrame) -> pl.DataFrame:
    """The first WORDS of each sum's words singly, the others as one part, so that sums stay sums."""
    group = ["row", "frame", "source"]
    further = pl.int_range(pl.len()).over(group) >= WORDS
    return (
        parts.with_columns(pl.when(further).then(pl.lit(OTHERS)).otherwise("what").alias("what"))
        .group_by(*group, "what", maintain_order=True)
        .agg(pl.col("contribution").sum())
    )


def _piece_table(scored: Scored, ids: list[str]) -> pl.DataFrame:
    names = [*scored.frames, NONE]
    best = dominant(scored.piece_scores, scored.present, scored.starts)
    return pl.DataFrame({"id": ids}, schema={"id": pl.String}).with_columns(
        *_by_frame(scored.frames, scored.piece_scores, scored.piece_present),
        pl.Series("dominant", [names[place] for place in best], dtype=pl.String),
    )


def _sentence_table(scored: Scored, ids: list[str], spans: list[list[Span]]) -> pl.DataFrame:
    lengths = np.diff(scored.starts)
    number = np.arange(scored.starts[-1]) - np.repeat(scored.starts[:-1], lengths)
    bounds = [bound for found in spans for bound in [(None, None), *found]]
    named = pl.Series("id", ids, dtype=pl.String)
    return pl.DataFrame(
        [
            named.gather(np.repeat(np.arange(len(ids)), lengths)),
            pl.Series("sentence", number, dtype=pl.Int32),
            pl.Series("start", [start for start, _ in bounds], dtype=pl.Int32),
            pl.Series("end", [end for _, end in bounds], dtype=pl.Int32),
        ]
    ).with_columns(*_by_frame(scored.frames, scored.scores, scored.present))


def _by_frame(frames: tuple[str, ...], scores: Any, present: Any) -> list[pl.Series]:
    """First all scores, then all decisions."""
    return [
        *(pl.Series(frame, scores[:, f].round(6)) for f, frame in enumerate(frames)),
        *(pl.Series(f"{frame}_present", present[:, f]) for f, frame in enumerate(frames)),
    ]
