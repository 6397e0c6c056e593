"""The numbers as tables, and what stands under each figure."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.reading.words import MOST_PIECES, Compared
from analysis.report.exports import csv_bytes
from dashboard import data, wording
from dashboard.views.word.asked import Asked


def notes(page: Any, asked: Asked, found: Compared) -> list[str]:
    """What is counted, how, and what is left out."""
    totals = data.totals(page.build.id, page.scope, page.build)
    n = totals.of(page.scope.estimand)
    cut = ""
    if n > MOST_PIECES:
        cut = f"A fixed random {found.pieces:,} of {n:,} pieces are counted."
    elif found.pieces < n:
        cut = f"{wording.count(n - found.pieces, 'piece')} cannot be placed and are not counted."
    frames = (
        "Sentences as the classifier labels them, which can be wrong. A sentence with two frames "
        "counts for both."
        if asked.counting.by == "frame"
        else ""
    )
    return [
        f"{found.words:,} words in {wording.count(found.pieces, 'piece')}.",
        cut,
        frames,
        f"Log-odds with an informative Dirichlet prior worth {found.alpha:,.0f} words, an average "
        "piece (Monroe, Colaresi and Quinn 2008). z allows for words that come in bursts within pieces, "
        "copies and stories; q is adjusted for all words compared (Benjamini and Hochberg). Words in "
        f"fewer than {asked.counting.least} pieces of the corpus are left out.",
    ]


def everything(rows: pl.DataFrame, asked: Asked) -> None:
    """All rows for a file."""
    st.download_button(
        f"All {rows.height:,} rows as CSV",
        lambda: csv_bytes(table(rows, asked)),
        file_name="words.csv",
        mime="text/csv",
        icon=":material/table:",
        on_click="ignore",
    )


def table(rows: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """Rows of `measure.keyness` under names that a reader knows."""
    return rows.select(
        pl.col("term").alias("Word"),
        pl.col("group").map_elements(asked.name, return_dtype=pl.String).alias("Group"),
        pl.col("against").map_elements(asked.name, return_dtype=pl.String).alias("Against"),
        pl.col("tokens").alias("Uses"),
        pl.col("pieces").alias("Pieces"),
        pl.col("rate").round(2).alias("Per million words"),
        pl.col("tokens_other").alias("Uses, against"),
        pl.col("pieces_other").alias("Pieces, against"),
        pl.col("rate_other").round(2).alias("Per million words, against"),
        pl.col("delta").round(4).alias("Log-odds"),
        pl.col("low").round(4).alias("Low (95 %)"),
        pl.col("high").round(4).alias("High (95 %)"),
        pl.col("z").round(3).alias("z"),
        pl.col("z_words").round(3).alias("z of single words"),
        pl.col("effect").round(3).alias("Effect of bursts"),
        pl.col("q").alias("q of all words"),
    )
