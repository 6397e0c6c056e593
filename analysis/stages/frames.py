"""Frames: the model's scores and decisions, by sentence and by piece."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.corpus import sentences
from analysis.frames import FrameModel
from analysis.stages.running import Batch, StageReport, run_stage
from analysis.store import Database
from analysis.types import Progress


def version(model: FrameModel) -> str:
    return f"{model.version} on {sentences.VERSION}"


def run(corpus: Database, model: FrameModel, progress: Progress) -> StageReport:
    return run_stage(
        corpus,
        "frames",
        version(model),
        lambda keys, texts: _frames(corpus, model, keys, texts),
        ["sentence_frame", "piece_frame"],
        progress,
    )


def _frames(corpus: Database, model: FrameModel, keys: Sequence[int], texts: pl.DataFrame) -> Batch:
    spans = (
        corpus.read("piece_spans", keys=list(keys))
        .filter(pl.col("sentence") > 0)
        .select("piece_key", span=pl.concat_list("start_char", "end_char"))
        .group_by("piece_key", maintain_order=True)
        .agg("span")
    )
    joined = texts.join(spans, on="piece_key", how="left", maintain_order="left")
    scored = model.score(
        joined["title"].to_list(),
        joined["text"].to_list(),
        [[(a, b) for a, b in found or []] for found in joined["span"].to_list()],
    )
    piece_keys = joined["piece_key"]
    return {
        "sentence_frame": scored.sentences_long(piece_keys),
        "piece_frame": scored.pieces_long(piece_keys),
    }
