"""Sentences: offsets of the headline and of every sentence of the text."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.corpus import sentences
from analysis.stages.running import Batch, StageReport, run_stage
from analysis.store import Database
from analysis.types import Progress


def run(corpus: Database, progress: Progress) -> StageReport:
    return run_stage(corpus, "sentences", sentences.VERSION, _sentences, ["sentence"], progress)


def _sentences(keys: Sequence[int], texts: pl.DataFrame) -> Batch:
    spans = [
        [(0, len(title)), *found]
        for title, found in zip(
            texts["title"], sentences.spans_of_all(texts["text"].to_list()), strict=True
        )
    ]
    frame = (
        pl.DataFrame(
            {"piece_key": texts["piece_key"], "span": spans},
            schema={"piece_key": pl.Int32, "span": pl.List(pl.Array(pl.Int32, 2))},
        )
        .explode("span")
        .with_columns(
            sentence=pl.int_range(pl.len(), dtype=pl.Int32).over("piece_key"),
            start_char=pl.col("span").arr.get(0),
            end_char=pl.col("span").arr.get(1),
        )
    )
    return {"sentence": frame}
