"""A table of stories of which one can be chosen."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard import blocks


def story_table(rows: pl.DataFrame, key: str, counts: list[str]) -> str:
    """A table of stories; the key of the one that was chosen, or ''."""
    chosen = st.dataframe(
        rows,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        row_height=blocks.WRAPPED,
        height=min(940, 40 + blocks.WRAPPED * rows.height),
        column_order=["first_day", "title", "told", *counts],
        column_config={
            "first_day": st.column_config.DateColumn("First day", format="YYYY-MM-DD", width=95),
            "title": st.column_config.TextColumn(
                "Story", width=380 if "told" in rows.columns else 460
            ),
            "told": st.column_config.TextColumn("Told by", width=215),
            "outlets": st.column_config.NumberColumn("Outlets", width=75),
            "pieces": st.column_config.NumberColumn("Pieces", width=75),
            "copies": st.column_config.NumberColumn("of them copies", width=105),
            "peers": st.column_config.NumberColumn("Peers", width=65),
        },
    )
    picked = chosen["selection"]["rows"]
    return str(rows["story_key"][picked[0]]) if picked and picked[0] < rows.height else ""


def open_story(page: Any, story: str) -> None:
    st.session_state["story"] = story
    page.link.keep("story", story, "")
    page.link.write()
    st.rerun()
