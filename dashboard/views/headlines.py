"""Headline and body: frames that only one of the two carries, by outlet, and pairs side by side."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import headlines as estimates
from analysis.estimates.headlines import Parting
from analysis.estimates.shares import Ask
from analysis.reading import headlines
from analysis.reads import Build, Scope
from dashboard import blocks, charts, data, wording
from dashboard.coding import coder

MOST_OUTLETS = 30
PAIRS = 10

ASSERTED, LEFT_OUT = "asserted", "left out"
NAMES: dict[Any, str] = {
    ASSERTED: "The headline asserts it, the body does not carry it",
    LEFT_OUT: "The body carries it, the headline leaves it out",
}
AXES: dict[Any, str] = {
    ASSERTED: "Of headlines that carry the frame, share over a body that does not; 95 % interval",
    LEFT_OUT: "Of bodies that carry the frame, share under a headline that does not; 95 % interval",
}

_cached = st.cache_data(max_entries=100, show_spinner=False)


def show(page: Any) -> None:
    blocks.heading(
        "Headlines",
        "Which frames a headline asserts that the text below does not carry, and which it leaves out. "
        "It can't tell a sharpened headline from a sentence that the classifier missed: read the pairs.",
    )
    build, scope = page.build, page.scope
    page.link.choice("parting", list(NAMES), ASSERTED)
    parting = st.segmented_control(
        "What parts them",
        list(NAMES),
        format_func=lambda key: NAMES[key],
        key="parting",
        required=True,
    )
    page.link.keep("parting", parting, ASSERTED)
    rows = _parted(build.id, scope, parting, page.numbers.ask, build)
    if rows.is_empty():
        blocks.empty("No piece in scope has a headline and a text that carry a frame.")
        return
    _shares(page, rows, parting)
    _pairs(page, parting)


def _shares(page: Any, rows: pl.DataFrame, parting: Parting) -> None:
    build, scope = page.build, page.scope
    minimum = int(build.meta["min_cell"])
    thick = rows.filter(pl.col("n") >= minimum)
    if thick.is_empty():
        st.info(
            f"No outlet has {minimum} such pieces: the pairs below are all there is.",
            icon=":material/data_usage:",
        )
        return
    order = (
        thick.group_by("outlet")
        .agg(pl.col("n").sum())
        .sort("n", "outlet", descending=[True, False])["outlet"]
        .to_list()
    )
    shown = order[:MOST_OUTLETS]
    on_show = thick.filter(pl.col("outlet").is_in(shown))
    totals = data.totals(build.id, scope, build)
    hidden = rows.height - thick.height
    blocks.estimates(
        charts.dots_by_outlet(
            on_show,
            blocks.styles(build, scope),
            shown,
            axis_title=AXES[parting],
            look=blocks.look(),
        ),
        on_show,
        build,
        key="headlines-parted",
        title=NAMES[parting],
        denominator=f"Each share is of n pieces named in the table, out of {wording.count(totals.of(scope.estimand), wording.UNIT[scope.estimand])}"
        f"{wording.COUNTED[scope.estimand]} in scope.",
        notes=[
            f"{wording.count(hidden, 'cell')} with fewer than {minimum} such pieces hidden."
            if hidden
            else "",
            f"The {MOST_OUTLETS} largest of {len(order)} outlets."
            if len(order) > MOST_OUTLETS
            else "",
        ],
        key_to_marks=wording.key_to_marks(on_show),
        alt=f"{NAMES[parting]}: one panel per frame, one row per outlet, with 95 % intervals.",
    )


def _pairs(page: Any, parting: Parting) -> None:
    build, scope = page.build, page.scope
    styles = blocks.styles(build, scope)
    st.subheader("Side by side", anchor=False)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    names = {style.id: style.name for style in styles}
    page.link.choice("of", list(names), next(iter(names)))
    frame = left.selectbox("Frame", list(names), format_func=lambda f: names[f], key="of")
    page.link.keep("of", frame, next(iter(names)))
    seed = page.link.number("seed", 0, 10**6)
    if page.link.changed or "headline_seed" not in st.session_state:
        st.session_state.headline_seed = seed or 1
    right.button("Another ten at random", icon=":material/casino:", on_click=_draw)
    seed = st.session_state.headline_seed
    page.link.keep("seed", seed, 1)
    rows = _found(build.id, scope, frame, parting == ASSERTED, seed, build)
    if rows.is_empty():
        st.caption("No piece in scope: headlines and texts agree on this frame.")
        return
    hidden = coder.show_labels(build, rows["id"].to_list())
    told = rows.filter(~pl.col("id").is_in(list(hidden)))
    st.dataframe(
        told.select("outlet", "published", "title", "sentence", "score"),
        hide_index=True,
        row_height=110,
        height="content",
        column_config={
            "outlet": st.column_config.TextColumn("Outlet", width=110),
            "published": st.column_config.DateColumn("Date", format="YYYY-MM-DD", width=95),
            "title": st.column_config.TextColumn("Headline", width=230),
            "sentence": st.column_config.TextColumn("Of the body, nearest to the frame", width=330),
            "score": st.column_config.NumberColumn("Score", format="%.2f", width=60),
        },
    )
    left_out = f" {len(hidden)} withheld until you have coded them." if hidden else ""
    st.caption(
        f"{rows.height} of {wording.count(int(rows['found'][0]), 'such piece')}, drawn at random with "
        f"seed {seed}: errors of the classifier among them.{left_out}"
    )


def _draw() -> None:
    st.session_state.headline_seed = st.session_state.get("headline_seed", 1) + 1


@_cached
def _parted(build_id: str, scope: Scope, parting: Parting, ask: Ask, _build: Build) -> pl.DataFrame:
    return estimates.parted(_build, scope, parting, ask)


@_cached
def _found(
    build_id: str, scope: Scope, frame: str, asserted: bool, seed: int, _build: Build
) -> pl.DataFrame:
    return headlines.pairs(_build, scope, frame, asserted=asserted, seed=seed, most=PAIRS)
