"""Embeddings: one static vector a piece."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.corpus import embeddings
from analysis.stages.running import Batch, StageReport, run_stage
from analysis.store import Database
from analysis.types import Progress


def run(corpus: Database, progress: Progress) -> StageReport:
    return run_stage(corpus, "embeddings", embeddings.VERSION, _embeddings, ["embedding"], progress)


def _embeddings(keys: Sequence[int], texts: pl.DataFrame) -> Batch:
    vectors = embeddings.embed_pieces(texts["title"].to_list(), texts["text"].to_list())
    return {
        "embedding": pl.DataFrame(
            {"piece_key": texts["piece_key"], "vec": vectors},
            schema={"piece_key": pl.Int32, "vec": pl.Array(pl.Float32, embeddings.DIMENSIONS)},
        )
    }
