"""Selection: the stories that enough peers told and an outlet did not, and their frames."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates.selection import LEFT, TOLD, contrast
from analysis.report.exports import csv_bytes
from dashboard import blocks, charts, data, stories_data, wording
from dashboard.coding import coder
from dashboard.views.story.table import open_story, story_table

MOST_PEERS = 10
MOST_LISTED = 200
LEAST = 3


def show(page: Any) -> None:
    build = page.build
    outlets = data.outlets(build.id, build)["outlet"].to_list()
    if len(outlets) < 2:
        st.info("Selection needs at least two outlets in the corpus.", icon=":material/newspaper:")
        return
    outlet, peers, least = _controls(page, outlets)
    if len(peers) < least:
        st.info(
            f"Choose at least {wording.count(least, 'peer')}, or ask for fewer.",
            icon=":material/group_add:",
        )
        return
    told = stories_data.told_by_peers(build.id, page.scope, outlet, peers, least, build)
    if told.is_empty():
        blocks.empty(f"No story in scope was told by {least} of the peers.")
        return
    _summary(outlet, told, least)
    _frames(page, outlet, peers, least, told)
    _listed(page, outlet, told)


def _controls(page: Any, outlets: list[str]) -> tuple[str, tuple[str, ...], int]:
    link = page.link
    left, middle, right = st.columns([2, 4, 1], vertical_alignment="bottom")
    first = next((o for o in page.build.meta["peers"] if o in outlets), outlets[0])
    link.choice("selects", outlets, first)
    outlet = left.selectbox("Outlet", outlets, key="selects")
    link.keep("selects", outlet, first)
    others = [o for o in outlets if o != outlet]
    named = [o for o in page.build.meta["peers"].get(outlet, []) if o in others]
    usual = named or [o for o in page.scope.outlets if o != outlet] or others[:MOST_PEERS]
    state = st.session_state
    if link.changed and "peer" in link.params:
        asked = link.params["peer"]
        unknown = [name for name in asked if name not in others]
        if unknown:
            link.notices.append(f"The link names a peer that is not here: “{unknown[0][:40]}”.")
        state["peers"] = [name for name in asked if name in others] or usual
        state["_peers_of"] = outlet
    if state.get("_peers_of") != outlet or not set(state.get("peers") or []) <= set(others):
        state["peers"] = usual
        state["_peers_of"] = outlet
    peers = middle.multiselect("Peers", others, key="peers", placeholder="Choose peers")
    link.set("peer", [] if peers == usual else peers)
    most = max(len(peers), 1)
    options = list(range(1, most + 1))
    usual_least = min(LEAST, most)
    link.choice("least", options, usual_least)
    least = right.selectbox("Told by at least", options, key="least")
    link.keep("least", least, usual_least)
    return outlet, tuple(peers), int(least)


def _summary(outlet: str, told: pl.DataFrame, least: int) -> None:
    left = int((~told["covered"]).sum())
    st.markdown(
        f"Of **{wording.count(told.height, 'story', 'stories')}** in scope that at least "
        f"{wording.count(least, 'peer')} told, **{wording.escape(outlet)}** told "
        f"{told.height - left:,} and left out **{left:,}**."
    )


def _frames(page: Any, outlet: str, peers: tuple[str, ...], least: int, told: pl.DataFrame) -> None:
    build = page.build
    sides = stories_data.selection(page.numbers, page.scope, outlet, peers, least)
    if page.scope.frames:
        sides = sides.filter(pl.col("frame").is_in(list(page.scope.frames)))
    if any(coder.would_tell(n) for n in sides["n"].unique()):
        st.info(wording.TOO_FEW_FOR_CODERS, icon=":material/visibility_off:")
        return
    names = {TOLD: f"Told by {outlet} too", LEFT: f"Left out by {outlet}"}
    rows = sides.with_columns(outlet=pl.col("side").replace_strict(names, default=None))
    whose = wording.escape(outlet)
    pieces = dict(rows.select("side", "n").unique().iter_rows())
    styles = blocks.styles(build, page.scope)
    blocks.estimates(
        charts.dots_by_outlet(
            rows,
            styles,
            [names[side] for side in (TOLD, LEFT) if side in pieces],
            axis_title="Share of the peers' first pieces that carry the frame, 95 % interval",
            look=blocks.look(),
        ),
        rows.select(pl.exclude("side")),
        build,
        key="stories-selection",
        title="Frames of stories told and left out",
        denominator=f"Share of the peers' first pieces on each story: {pieces.get(TOLD, 0):,} on "
        f"stories that {whose} told too, {pieces.get(LEFT, 0):,} on stories it left out.",
        notes=[
            "Both rows show how the peers framed these stories, so they differ by choice of story only.",
            "Intervals allow for pieces on one story being alike.",
        ],
        key_to_marks=wording.key_to_marks(rows),
        alt="Share of each frame among peers' pieces on stories told and on stories left out.",
    )
    _difference(page, sides, outlet)


def _difference(page: Any, sides: pl.DataFrame, outlet: str) -> None:
    differences = contrast(sides, page.numbers.ask)
    if differences.is_empty():
        return
    rows = differences.with_columns(outlet=pl.lit("Left out minus told"))
    blocks.estimates(
        charts.dots_by_outlet(
            rows,
            blocks.styles(page.build, page.scope),
            ["Left out minus told"],
            axis_title="Difference in percentage points, 95 % interval",
            difference=True,
            look=blocks.look(),
        ),
        rows,
        page.build,
        key="stories-selection-difference",
        title="What selection does",
        denominator=f"Right of zero: the stories that {wording.escape(outlet)} left out carry the frame more often, as its peers tell them.",
        notes=["q: p adjusted by Benjamini and Hochberg over the differences on show."],
        key_to_marks=wording.key_to_marks(rows),
        alt="Difference of each frame's share between stories left out and stories told.",
    )


def _listed(page: Any, outlet: str, told: pl.DataFrame) -> None:
    left = told.filter(~pl.col("covered"))
    st.subheader(f"Stories that {wording.escape(outlet)} left out ({left.height:,})", anchor=False)
    if left.is_empty():
        st.markdown("None: it told every story that enough peers told.")
        return
    shown = left.head(MOST_LISTED).with_columns(told=pl.col("who").list.join(", "))
    picked = story_table(shown, f"left-{outlet}-{left.height}", ["peers"])
    if left.height > MOST_LISTED:
        st.caption(f"The first {MOST_LISTED} of {left.height:,}; the export has all.")
    st.download_button(
        "CSV of all stories, told and left out",
        lambda: csv_bytes(
            told.select("story_key", "title", "first_day", "peers", "covered", told_by="who")
        ),
        file_name="selection.csv",
        mime="text/csv",
        icon=":material/table:",
        on_click="ignore",
    )
    st.caption("Left out in this corpus: a piece that was never collected can't be seen here.")
    if picked:
        open_story(page, picked)
