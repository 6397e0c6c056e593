"""Lines that a word stands in, on both sides."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.report.exports import csv_bytes
from dashboard import kwic, wording, words_data
from dashboard.views.word.asked import Asked, choice

LINES = 10


def show_lines(
    page: Any, asked: Asked, word: str, one: str, other: str | None, sides: tuple[str, str]
) -> None:
    """A random sample of the lines of a word on both sides; `other` None: all but `one`."""
    order = choice(page.link, "order", tuple(kwic.ORDERS), kwic.ORDERS, "Lines")
    groups = [(one, False), (one, True) if other is None else (other, False)]
    shown = []
    for (group, without), side in zip(groups, sides, strict=True):
        found = words_data.lines(
            page.build.id, page.scope, asked.counting, word, group, without, LINES, page.build
        )
        # One below the other: a line has its phrase in the middle only where it is one line.
        st.markdown(f"**{wording.escape(side)}**")
        if not found.uses:
            st.caption("Never.")
            continue
        st.caption(
            f"A random {found.rows.height} of {wording.count(found.uses, 'use')} in "
            f"{wording.count(found.pieces, 'piece')}."
        )
        st.html(kwic.html(kwic.ordered(found.rows, order)))
        shown.append(found.rows.with_columns(side=pl.lit(side)))
    if shown:
        table = pl.concat(shown)
        st.download_button(
            "These lines as CSV",
            lambda: csv_bytes(table),
            file_name="lines.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
