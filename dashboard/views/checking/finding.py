"""The multiverse: one difference by all reasonable analyses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import multiverse
from analysis.estimates.multiverse import Finding, Multiverse
from analysis.measure.specification import agreement
from dashboard import blocks, charts, data, wording
from dashboard.charts import FrameStyle
from dashboard.checks import Checks
from dashboard.views.checking import common

KINDS = {"outlets": "Two outlets", "rest": "An outlet and the rest", "event": "Before and after"}
REST = "the rest in scope"
ALL = "all in scope"

NAMES = {
    "counted": wording.ESTIMANDS,
    "stretch": {
        "whole": "All dates",
        "without the first tenth": "Without the first tenth",
        "without the last tenth": "Without the last tenth",
        "26 weeks on each side": "26 weeks on each side",
        "13 weeks on each side": "13 weeks on each side",
    },
    "universe": {"sample": "Pieces as a sample", "census": "Pieces as a census"},
}


def show(page: Any, checks: Checks) -> None:
    counts = data.by_outlet(page.build.id, page.scope, page.build)
    by_size = counts.select("outlet", "n").unique().sort("n", "outlet", descending=[True, False])
    outlets = by_size["outlet"].to_list()
    events = page.build.events
    kinds = [
        *(["outlets", "rest"] if len(outlets) > 1 else []),
        *(["event"] if outlets and events.height else []),
    ]
    if not kinds:
        blocks.empty("There is nothing to compare in scope.")
        return
    columns = st.columns(4)
    style = common.frame_choice(page, columns[0])
    page.link.choice("between", kinds, kinds[0])
    kind = columns[1].selectbox(
        "Difference between", kinds, format_func=lambda key: KINDS[key], key="between"
    )
    page.link.keep("between", kind, kinds[0])
    finding, one, other, title = _sides(page, columns[2:], kind, style.id, outlets, events)
    found = checks.multiverse(page.scope, finding)
    _shown(style, found, title, agreement(found.rows, style.name, one, other))


def _sides(
    page: Any, columns: Any, kind: str, frame: str, outlets: list[str], events: pl.DataFrame
) -> tuple[Finding, str, str, str]:
    """The finding, its sides as a sentence has them, and what it is called."""
    if kind == "event":
        return _around(page, columns, frame, outlets, events)
    page.link.choice("one", outlets, outlets[0])
    one = columns[0].selectbox("Outlet", outlets, key="one")
    page.link.keep("one", one, outlets[0])
    if kind == "rest":
        return Finding(frame, one), f"at {one}", f"at {REST}", f"{one} minus {REST}"
    others = [name for name in outlets if name != one]
    page.link.choice("other", others, others[0])
    other = columns[1].selectbox("And", others, key="other")
    page.link.keep("other", other, others[0])
    return Finding(frame, one, other), f"at {one}", f"at {other}", f"{one} minus {other}"


def _around(
    page: Any, columns: Any, frame: str, outlets: list[str], events: pl.DataFrame
) -> tuple[Finding, str, str, str]:
    labels = {
        row["date"].isoformat(): f"{wording.day(row['date'])}: {row['label']}"
        for row in events.iter_rows(named=True)
    }
    days = list(labels)
    default = days[len(days) // 2]
    page.link.choice("event", days, default)
    day = columns[0].selectbox("Event", days, format_func=lambda key: labels[key], key="event")
    page.link.keep("event", day, default)
    whose = [ALL, *outlets]
    page.link.choice("whose", whose, ALL)
    outlet = columns[1].selectbox("Outlet", whose, key="whose")
    page.link.keep("whose", outlet, ALL)
    finding = Finding(frame, None if outlet == ALL else outlet, event=dt.date.fromisoformat(day))
    at = "" if outlet == ALL else f" at {outlet}"
    monday = finding.monday
    since = f"from {wording.day(monday)} on"
    return finding, f"{since}{at}", "before", f"{since} minus before{at}"


def _shown(style: FrameStyle, found: Multiverse, title: str, sentence: str) -> None:
    rows = found.rows
    st.markdown(f"**{wording.escape(sentence)}**")
    missing = sum(number for _, number in found.left_out)
    reasons = "; ".join(f"{number}: {why}" for why, number in found.left_out)
    left_out = (
        f"{wording.count(missing, 'analysis', 'analyses')} not possible ({reasons})."
        if missing
        else ""
    )
    if rows.is_empty():
        st.caption(left_out)
        return
    hows = _hows(rows)
    choices = [
        ("how", {how: how[:1].upper() + how[1:] for how in hows}),
        *((column, _present(rows, column)) for column in NAMES),
    ]
    common.figure(
        charts.multiverse(rows, style, choices, blocks.look()),
        key="validation-multiverse",
        title=f"{style.name}: {title}",
        denominator=f"{wording.count(rows.height, 'analysis', 'analyses')}, each a column: its "
        "difference in percentage points with 95 % interval, by size, and beneath it the choices "
        "that made it.",
        notes=[
            "In colour: the interval lies above 0; squares: below; hollow grey: it holds 0.",
            left_out,
            "The way of counting and the dates on the left are varied here too. A census of the "
            "classifier's labels has no interval and is not among them.",
        ],
        table=common.in_percent(rows),
        alt=f"{rows.height} analyses of one difference with their intervals, sorted by size, and a "
        "matrix of the choices behind each.",
    )


def _hows(rows: pl.DataFrame) -> list[str]:
    """Ways of measuring, in the order of the matrix."""
    first = [multiverse.CORRECTED, multiverse.CODES, multiverse.SHIPPED]
    present = set(rows["how"])
    return [*(how for how in first if how in present), *sorted(present - set(first))]


def _present(rows: pl.DataFrame, column: str) -> dict[str, str]:
    there = set(rows[column])
    return {value: name for value, name in NAMES[column].items() if value in there}
