"""What every view shares on the screen: a figure with its denominator, table and exports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from analysis.estimates import Summary, summed_up
from analysis.reads import Build, Scope, Totals
from analysis.report.exports import csv_bytes
from analysis.report.numbers import PERCENT, WORDS, in_words, told
from dashboard import wording
from dashboard.charts import FrameStyle, Look
from dashboard.coding import coder
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


def label_badge() -> None:
    """What a label of a single piece is worth."""
    st.badge("Classifier's label", icon=":material/science:", color="orange", help=wording.LABEL)


def verdict(summary: Summary) -> None:
    """How many of the numbers on show are publishable, exploratory, and not to be printed."""
    colour, icon = BADGES[next(iter(summary.counts)) if len(summary.counts) == 1 else "mixed"]
    st.badge(wording.verdict_counts(summary), icon=icon, color=colour, help=wording.VERDICTS)


BADGES: dict[str, tuple[Any, str]] = {
    "publishable": ("green", ":material/verified:"),
    "exploratory": ("orange", ":material/science:"),
    "mixed": ("orange", ":material/science:"),
    "do not print": ("red", ":material/block:"),
}


def estimates(
    chart: go.Figure,
    rows: pl.DataFrame,
    build: Build,
    *,
    key_to_marks: str,
    notes: Sequence[str] = (),
    **figure_of: Any,
) -> Any:
    """A figure of rows of `analysis.estimates`: with verdict, why, what would help, and table.

    `rows` may hold columns that name a domain, such as a topic's label. Thin cells are in the table
    and in no verdict. From a coder who is signed in, rows of so few pieces that they would tell
    labels are withheld.
    """
    rows, withheld = _summed(rows)
    on_show = rows.filter(~pl.col("thin")) if "thin" in rows.columns else rows
    names = {frame["id"]: frame["name"] for frame in build.frames}
    return figure(
        chart,
        notes=[*notes, key_to_marks, withheld],
        table=in_words(told(rows), names),
        summary=summed_up(on_show) if on_show.height else None,
        **figure_of,
    )


def _summed(rows: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    if coder.current() is None:
        return rows, ""
    few = [
        pl.col(name).is_between(1, coder.LEAST_SUMMED - 1).fill_null(False)
        for name in ("n", "n_other")
        if name in rows.columns
    ]
    kept = rows.filter(~pl.any_horizontal(few)) if few else rows
    left = rows.height - kept.height
    note = f"{wording.count(left, 'row')} of few pieces withheld while you code." if left else ""
    return kept, note


def figure(
    chart: go.Figure,
    *,
    key: str,
    title: str,
    denominator: str,
    table: pl.DataFrame,
    alt: str,
    notes: Sequence[str] = (),
    summary: Summary | None = None,
    on_select: Any = "ignore",
) -> Any:
    """Draws a chart with title, denominator line, verdict, its data and its exports.

    Without a summary there is no verdict: counts need none. Returns what `st.plotly_chart` returns.
    """
    why = wording.verdict_why(summary) if summary else ""
    with st.container(key=f"figure-{key}", gap="small"):
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
        ):
            st.subheader(title, anchor=False, width="content")
            if summary:
                verdict(summary)
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
        if why:
            st.caption(wording.escape(why))
        with st.expander("Data and export", icon=":material/download:"):
            st.dataframe(
                table,
                hide_index=True,
                height=min(360, 38 + 35 * max(table.height, 1)),
                column_config=_columns(table),
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
                if summary:
                    foot += f" {wording.verdict_counts(summary)}. {why}"
                image_buttons(key, re.sub(r"[*\\]", "", title), foot.strip())
    return chosen


def _columns(table: pl.DataFrame) -> dict[str, Any]:
    """Days as days, numbers with as many places as they have been rounded to, texts wide."""
    config: dict[str, Any] = {}
    for name, kind in table.schema.items():
        if kind == pl.Date:
            config[name] = st.column_config.DateColumn(format="YYYY-MM-DD")
        elif name == WORDS["q"]:
            config[name] = st.column_config.NumberColumn(format="%.3f")
        elif name in PLACED:
            config[name] = st.column_config.NumberColumn(format="%.1f")
        elif name in (WORDS["reason"], WORDS["remedy"]):
            config[name] = st.column_config.TextColumn(width="large")
    return config


PLACED = {WORDS[name] for name in PERCENT}


def denominator(totals: Totals, scope: Scope, what: str = "Share of") -> str:
    """'Share of 653 published items by 9 outlets, all dates.'"""
    n, unit = totals.of(scope.estimand), wording.UNIT[scope.estimand]
    return (
        f"{what} {wording.count(n, unit)}{wording.COUNTED[scope.estimand]} in scope, "
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
