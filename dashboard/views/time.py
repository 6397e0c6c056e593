"""Shares over time by outlet and frame, with events and coverage health."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from analysis.estimates import TOGETHER
from analysis.measure import trends
from dashboard import blocks, charts, data, turns_on_time, wording

MOST_LINES = 8
MOST_GAPS = 12

# More points than this in a panel can be neither told apart nor drawn in time.
MOST_BINS = 600
DAYS = {"week": 7, "month": 30, "quarter": 91}
ALL = TOGETHER


def show(page: Any) -> None:
    build, scope = page.build, page.scope
    blocks.heading(
        "Over time",
        "How each frame's share moves, with the number of pieces under every line. It shows what "
        "changed and when, not why; a gap in collection is not a fall in attention.",
    )
    totals = data.totals(build.id, scope, build)
    bin = _bin(page)
    volume = data.volume(build.id, scope, bin, build)
    if volume.is_empty():
        blocks.empty("No piece in scope is dated finely enough for these bins.")
        return
    outlets = (
        volume.group_by("outlet")
        .agg(pl.col("n").sum())
        .sort("n", "outlet", descending=[True, False])
    )
    lines = outlets["outlet"].to_list()[:MOST_LINES]
    first, last = trends.collection_span(volume)
    strays = int(volume.filter(~pl.col("start").is_between(first, last))["n"].sum())
    together = volume.group_by("start").agg(pl.col("n").sum()).with_columns(outlet=pl.lit(ALL))
    filled = trends.with_empty_bins(
        pl.concat([together.select("outlet", "start", "n"), volume]), first, last, bin
    )
    minimum = int(build.meta["min_cell"])
    rows = page.numbers.trend(scope, bin, minimum, lines if len(lines) > 1 else [])
    shown = [ALL, *lines] if len(lines) > 1 else lines
    if len(lines) == 1:
        rows = rows.with_columns(outlet=pl.lit(lines[0]))
    rows = rows.filter(pl.col("start").is_between(first, last))
    styles = blocks.styles(build, scope)
    events = build.events
    found = turns_on_time.of(page, lines)
    blocks.estimates(
        _chart(
            (build.id, page.numbers.key, page.numbers.ask, scope, bin, blocks.look()),
            lambda: charts.trend_grid(
                rows,
                filled.filter(pl.col("outlet").is_in(shown)),
                styles,
                shown,
                events,
                bin=bin,
                turns=charts.turn_marks(found.turns, styles, shown, wording.day),
                look=blocks.look(),
            ),
        ),
        rows,
        build,
        key="time-frames",
        title=f"Share of each frame by {bin}",
        denominator=blocks.denominator(totals, scope),
        notes=[
            wording.hidden_cells(rows, minimum),
            _event_key(events),
            turns_on_time.key_to_turns(found),
            _more(outlets.height),
            _unbinned(data.unbinned(build.id, scope, bin, build), bin),
            wording.strays(strays, first, last),
        ],
        key_to_marks=wording.key_to_marks(rows.filter(~pl.col("thin")), lines=True),
        alt=f"Share of each frame by {bin}, one row per outlet, one column per frame, with 95 % "
        "intervals, and the number of pieces under each.",
    )
    turns_on_time.show(page, found)
    turns_on_time.interrupted(page, outlets["outlet"].to_list())
    _gaps(page)


@st.cache_resource(max_entries=30, show_spinner=False)
def _chart(of: tuple[Any, ...], _drawn: Callable[[], go.Figure]) -> go.Figure:
    """The figure of what `of` names: drawing hundreds of lines takes most of a click."""
    return _drawn()


def _bin(page: Any) -> Any:
    build, scope = page.build, page.scope
    cells = _cells(build, scope)
    widths = _widths(cells)
    finest = trends.finest_bin(cells, int(build.meta["min_cell"]))
    default = finest if finest in widths else widths[0]
    page.link.choice("bin", widths, default)
    bin = st.segmented_control(
        "Bins",
        widths,
        key="bin",
        required=True,
        format_func=str.capitalize,
        help=f"Widths that make more than {MOST_BINS} bins of the time in scope are left out.",
    )
    page.link.keep("bin", bin, default)
    return bin


def _widths(cells: pl.DataFrame) -> list[str]:
    """Bins that are not too narrow to see; a quarter always is one."""
    if cells.is_empty():
        return list(DAYS)
    first, last = trends.collection_span(cells)
    most = (last - first).days / MOST_BINS
    return [width for width, days in DAYS.items() if days >= most or width == "quarter"]


def _cells(build: Any, scope: Any) -> pl.DataFrame:
    """Volumes of the largest outlets at every width, to choose a default that is not too thin."""
    widths: tuple[Any, ...] = ("week", "month")
    return pl.concat(
        data.volume(build.id, scope, width, build).with_columns(bin=pl.lit(width))
        for width in widths
    )


def _event_key(events: pl.DataFrame) -> str:
    if events.is_empty():
        return ""
    named = [
        f"{i}: {wording.day(d)}, {label}" for i, (d, label) in enumerate(events.iter_rows(), 1)
    ]
    return "Dotted lines: " + "; ".join(wording.escape(n) for n in named) + "."


def _more(outlets: int) -> str:
    if outlets <= MOST_LINES:
        return ""
    return f"The {MOST_LINES} largest of {outlets} outlets are shown; choose others in the filters."


def _unbinned(count: int, bin: str) -> str:
    return (
        f"{wording.count(count, 'piece')} without a date as fine as a {bin} not shown."
        if count
        else ""
    )


def _gaps(page: Any) -> None:
    bin, _, found = data.coverage(page.build.id, page.scope, page.build)
    st.subheader("Coverage health", anchor=False)
    if found.is_empty():
        st.caption(
            f"No outlet falls silent for longer than the others' volume explains (by {bin})."
        )
        return
    for row in found.head(MOST_GAPS).to_dicts():
        st.markdown(
            f"- **{wording.escape(row['outlet'])}**: nothing for {wording.count(row['bins'], bin)} from "
            f"{wording.day(row['first'])}, where about {wording.count(round(row['expected']), 'piece')} were expected."
        )
    st.caption("Treat a change across a gap as unknown.")
    if found.height > MOST_GAPS:
        st.caption(f"{found.height - MOST_GAPS} more gaps are listed in the Corpus view.")
