"""How firmly the first words of each side hold their ranks."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.measure.keyness import Contrast
from dashboard import wording, words_data
from dashboard.views.word.asked import Asked

TOP = 20


def show_ranks(page: Any, asked: Asked, contrast: Contrast, sides: tuple[str, str]) -> None:
    """How often the first words of each side stay first when pieces are drawn again."""
    st.subheader("How firmly the ranks hold", anchor=False)
    held = words_data.stable(page.build.id, page.scope, asked.counting, contrast, TOP, page.build)
    st.caption(
        f"Pieces of each side (those on one story or with one text together) were drawn again "
        f"{words_data.RESAMPLES} times. Stays: in how many of the draws the word is among the first "
        f"{TOP}; its rank lies between the two numbers in 95 % of them."
    )
    for column, side, name in zip(st.columns(2), ("more", "less"), sides, strict=True):
        part = held.filter(pl.col("side") == side).select(
            "rank", "term", pl.col("stays") * 100, "rank_low", "rank_high"
        )
        column.markdown(f"Used more: **{wording.escape(name)}**")
        column.dataframe(
            part,
            hide_index=True,
            height=min(740, 40 + 35 * part.height),
            column_config={
                "rank": st.column_config.NumberColumn("Rank", width=60),
                "term": st.column_config.TextColumn("Word", width=130),
                "stays": st.column_config.ProgressColumn(
                    "Stays", format="%.0f %%", min_value=0, max_value=100, width=130
                ),
                "rank_low": st.column_config.NumberColumn("from", width=60),
                "rank_high": st.column_config.NumberColumn("to", width=60),
            },
        )
