"""What is in the corpus, and the differences that stand out, in words with numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import summed_up
from analysis.reads import Domain
from dashboard import blocks, charts, data, wording

MIN_PIECES = 20
MOST_FINDINGS = 6


def show(page: Any) -> None:
    build, scope = page.build, page.scope
    totals = data.totals(build.id, scope, build)
    blocks.heading(
        "Overview",
        "Which considerations outlets put forward, and where they differ. Not whether an outlet is "
        "right or fair: there is no bias score here, only differences against a stated comparator.",
    )
    _cards(page, totals)
    if totals.items == 0:
        blocks.empty("No piece is in scope.")
        return
    _overall(page, totals)
    _findings(page)
    _around_event(page, totals)


def _cards(page: Any, totals: Any) -> None:
    first, last = page.choices.first_day, page.choices.last_day
    with st.container(horizontal=True, gap="small"):
        st.metric("Published items", f"{totals.items:,}", border=True)
        st.metric(
            "Original reports",
            f"{totals.originals:,}",
            border=True,
            help=wording.DEFINITIONS["Copies"],
        )
        st.metric("Outlets", f"{totals.outlets:,}", border=True)
        st.metric("Topics", f"{totals.topics:,}", border=True)
        st.metric(
            "Coded by people",
            f"{page.numbers.coded:,}",
            border=True,
            help="Pieces of the sample that people coded blind. They correct every number, and none is publishable without.",
        )
    span = f"{wording.day(first)} to {wording.day(last)}" if first else "no dated piece"
    undated = f"; {wording.count(totals.undated, 'piece')} undated" if totals.undated else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"The corpus runs from {span}{undated}.", width="content")
        if "code" in page.pages:
            st.page_link(page.pages["code"], label="Code pieces", icon=":material/edit_note:")


def _overall(page: Any, totals: Any) -> None:
    build, scope = page.build, page.scope
    rows = page.numbers.shares(scope, Domain())
    chart = charts.dots_by_outlet(
        rows.with_columns(outlet=pl.lit("All in scope")),
        blocks.styles(build, scope),
        ["All in scope"],
        axis_title="Share of pieces that carry the frame, 95 % interval",
        look=blocks.look(),
    )
    blocks.estimates(
        chart,
        rows,
        build,
        key="overview-shares",
        title="How often each frame is used",
        denominator=blocks.denominator(totals, scope),
        key_to_marks=wording.key_to_marks(rows),
        alt="Share of pieces in scope that carry each frame, with 95 % intervals.",
    )


def _findings(page: Any) -> None:
    build, scope = page.build, page.scope
    st.subheader("Where outlets differ most from the others", anchor=False)
    counts = data.by_outlet(build.id, scope, build).filter(pl.col("n") >= MIN_PIECES)
    outlets = counts["outlet"].unique().sort().to_list()
    if len(outlets) < 2:
        st.caption(
            f"Fewer than two outlets in scope have at least {MIN_PIECES} pieces, so there is nothing to compare."
        )
        return
    compared = page.numbers.against_rest(scope, outlets)
    notable = compared.filter((pl.col("q") < 0.05) & (pl.col("verdict") != "do not print")).sort(
        pl.col("difference").abs(), descending=True
    )
    names = {style.id: style.name for style in blocks.styles(build, scope)}
    if notable.is_empty():
        st.caption("No difference stands out after adjusting for how many were looked at.")
    else:
        lines = [
            "- "
            + wording.difference_in_words(row, names[row["frame"]], "the other outlets together")
            for row in notable.head(MOST_FINDINGS).to_dicts()
        ]
        st.markdown("\n".join(lines))
    looked = wording.count(compared.height, "difference")
    why = wording.escape(wording.verdict_why(summed_up(compared)))
    st.caption(
        f"{looked} looked at (outlets with at least {MIN_PIECES} pieces, each against all others in scope); "
        f"{notable.height} with adjusted p below .05. {why}"
    )


def _around_event(page: Any, totals: Any) -> None:
    build, scope = page.build, page.scope
    events = build.events
    if events.is_empty():
        return
    st.subheader("Before and after an event", anchor=False)
    labels = {
        row["date"].isoformat(): f"{wording.day(row['date'])}: {row['label']}"
        for row in events.iter_rows(named=True)
    }
    options = list(labels)
    default = options[len(options) // 2]
    page.link.choice("event", options, default)
    chosen = st.selectbox(
        "Event",
        options,
        format_func=lambda key: labels[key],
        key="event",
        label_visibility="collapsed",
    )
    page.link.keep("event", chosen, default)
    day = dt.date.fromisoformat(chosen)
    monday = day - dt.timedelta(days=day.weekday())
    before = replace(scope, day_to=_least(scope.day_to, monday - dt.timedelta(days=1)))
    after = replace(scope, day_from=_most(scope.day_from, monday))
    minimum = int(build.meta["min_cell"])
    changes = page.numbers.changes(before, after, minimum)
    if changes.is_empty():
        st.caption("No outlet has enough pieces on both sides of this event.")
        return
    order = (
        changes.group_by("outlet")
        .agg(pl.col("difference").abs().max())
        .sort("difference", descending=True)["outlet"]
        .to_list()[:20]
    )
    shown = changes.filter(pl.col("outlet").is_in(order))
    styles = blocks.styles(build, scope)
    blocks.estimates(
        charts.before_after(shown, styles, order, look=blocks.look()),
        shown,
        build,
        key="overview-event",
        title="Change in each outlet's shares",
        denominator=blocks.denominator(totals, scope, "From"),
        notes=[
            f"Before: until {wording.day(monday - dt.timedelta(days=1))}; after: from {wording.day(monday)} on (whole weeks).",
            f"Outlets with fewer than {minimum} pieces on either side are left out.",
            "A change after an event is not shown to be caused by it.",
        ],
        key_to_marks=wording.key_to_marks(shown),
        alt="Change of each outlet's frame shares after the event, in percentage points with 95 % intervals.",
    )


def _least(one: dt.date | None, other: dt.date) -> dt.date:
    return min(one, other) if one else other


def _most(one: dt.date | None, other: dt.date) -> dt.date:
    return max(one, other) if one else other
