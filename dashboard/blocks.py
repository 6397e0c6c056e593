"""What every view shares on the screen: a figure with its denominator, table and exports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from analysis.reads import Build, Scope, Totals
from analysis.report.exports import csv_bytes
from dashboard import wording
from dashboard.charts import FrameStyle, Look
from dashboard.colour import readable
from dashboard.image_export import image_buttons
from dashboard.launch import settings

CHART_CONFIG = {"displayModeBar": False, "responsive": True}

# Streamlit wraps a table's text only in rows of more than 4 rem (64 pixels).
WRAPPED = 66


def dark() -> bool:
    """Whether the reader's theme is dark; light when the browser has not said."""
    return str(st.context.theme.type or "light") == "dark"


def ground() -> str:
    """The page's background, as streamlit_config.toml sets it."""
    return str(_settings()[f"theme.{'dark' if dark() else 'light'}.backgroundColor"])


# Of a file that does not change while it serves.
_settings = cache(settings)


def styles(build: Build, scope: Scope) -> list[FrameStyle]:
    """The frames on show, in the codebook's order, in colours that the reader's theme can show."""
    shown = [f for f in build.frames if not scope.frames or f["id"] in scope.frames]
    colour = "colour_dark" if dark() else "colour"
    return [
        FrameStyle(f["id"], f["name"], f["short"], readable(f[colour], ground())) for f in shown
    ]


def look() -> Look:
    """The page's ground, and a grey that can be read on it; Streamlit's own is too pale."""
    return Look(ground(), "#A9B3C1" if dark() else "#56606F")


def heading(title: str, answers: str) -> None:
    """The view's title and a sentence on what it answers and what it can't."""
    st.title(title, anchor=False)
    st.markdown(answers)


def verdict() -> None:
    """The standing verdict while nobody has coded pieces."""
    st.badge("Exploratory", icon=":material/science:", color="orange", help=wording.EXPLORATORY)


def figure(
    chart: go.Figure,
    *,
    key: str,
    title: str,
    denominator: str,
    table: pl.DataFrame,
    alt: str,
    notes: Sequence[str] = (),
    checked: bool = True,
    on_select: Any = "ignore",
) -> Any:
    """Draws a chart with title, denominator line, verdict, its data and its exports.

    `checked` is false for counts, which no classifier made and which need no verdict. Returns
    what `st.plotly_chart` returns.
    """
    with st.container(key=f"figure-{key}", gap="small"):
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
        ):
            st.subheader(title, anchor=False, width="content")
            if checked:
                verdict()
        chosen = st.plotly_chart(
            chart,
            key=key,
            width="stretch",
            config=CHART_CONFIG,
            on_select=on_select,
            **({"selection_mode": "points"} if on_select != "ignore" else {}),
            alt=alt,
        )
        line = " ".join([denominator, *(n for n in notes if n)])
        st.caption(line)
        with st.expander("Data and export", icon=":material/download:"):
            st.dataframe(
                table,
                hide_index=True,
                height=min(360, 38 + 35 * max(table.height, 1)),
                column_config={
                    name: st.column_config.DateColumn(format="YYYY-MM-DD")
                    for name, kind in table.schema.items()
                    if kind == pl.Date
                },
            )
            with st.container(horizontal=True):
                st.download_button(
                    "CSV",
                    lambda: csv_bytes(table),
                    file_name=f"{key}.csv",
                    mime="text/csv",
                    key=f"csv-{key}",
                    icon=":material/table:",
                    on_click="ignore",
                    help="The table above as UTF-8 CSV",
                )
                foot = re.sub(r"[*\\]", "", line)
                if checked:
                    foot += " " + wording.EXPLORATORY
                image_buttons(key, title, foot)
    return chosen


def denominator(totals: Totals, scope: Scope, what: str = "Share of") -> str:
    """'Share of 653 published items by 9 outlets, all dates.'"""
    n = totals.items if scope.estimand == "item" else totals.originals
    unit = "published item" if scope.estimand == "item" else "original report"
    copies = " (copies counted once)" if scope.estimand == "original" else ""
    return (
        f"{what} {wording.count(n, unit)}{copies} in scope, "
        f"{wording.count(totals.outlets, 'outlet')}, {_dates(scope)}."
    )


def _dates(scope: Scope) -> str:
    if not scope.day_from and not scope.day_to:
        return "all dates, undated pieces included"
    first = wording.day(scope.week_from) if scope.week_from else "the beginning"
    last = wording.day(scope.week_to) if scope.week_to else "the end"
    return f"{first} to {last} (whole weeks)"


def empty(what: str) -> None:
    """The state in which nothing is in scope."""
    st.info(
        f"{what} Widen the filters on the left, or reset them.", icon=":material/filter_alt_off:"
    )


def percent_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Fractions as percentages with one decimal, for reading; other columns untouched."""
    names = {
        "share": "share %",
        "low": "low %",
        "high": "high %",
        "share_other": "comparator %",
        "difference": "difference (points)",
        "difference_low": "difference low",
        "difference_high": "difference high",
    }
    present = {old: new for old, new in names.items() if old in rows.columns}
    return rows.with_columns((pl.col(c) * 100).round(1) for c in present).rename(present)
