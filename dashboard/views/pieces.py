"""Search, a table of pieces, and a reader that shows what made each score."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from analysis.reads import Scope
from dashboard import blocks, data, paging, wording
from dashboard.coding import coder
from dashboard.reader import read

PAGE = 25
RANDOM = 10


def show(page: Any) -> None:
    link = page.link
    wanted = (
        link.params.get("piece", [""])[-1] if link.changed else st.session_state.get("piece", "")
    )
    st.session_state["piece"] = wanted
    seed = link.number("seed", 0, 10**6)
    if link.changed:
        st.session_state["seed"] = seed
    if wanted:
        _reader(page, wanted)
    else:
        _list(page)
    link.keep("piece", st.session_state.get("piece"), "")
    link.keep("seed", st.session_state.get("seed"), None)


def _reader(page: Any, piece_id: str) -> None:
    st.button("Back to the list", icon=":material/arrow_back:", on_click=_close)
    piece = page.build.piece(piece_id)
    if piece is None:
        page.link.notices.append(
            f"The link names a piece that is not in this build: “{piece_id[:40]}”."
        )
        _list(page)
        return
    read(page, piece)


def _close() -> None:
    st.session_state["piece"] = ""


def _list(page: Any) -> None:
    build, scope = page.build, page.scope
    blocks.heading(
        "Pieces",
        "The coverage itself. Choose a row to read the piece with its frame-bearing sentences marked.",
    )
    page.link.text("q")
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    query = left.text_input(
        "Search headlines and texts",
        key="q",
        placeholder="words as they stand, any case",
        max_chars=200,
    )
    page.link.keep("q", query, "")
    with right, st.container(horizontal=True):
        st.button(
            "Ten at random",
            icon=":material/casino:",
            on_click=_draw,
            help="A seeded random ten of what matches: the same link shows the same ten.",
        )
        st.button(
            "Newest first",
            icon=":material/schedule:",
            on_click=_newest,
            disabled=st.session_state.get("seed") is None,
        )
    if scope.frames and coder.current() is not None:
        # What such a list holds or lacks would tell labels of pieces that are not on the screen.
        scope = replace(scope, frames=())
        st.caption("While you are signed in as a coder, this list is not filtered by frame.")
    elif scope.frames:
        names = [s.name for s in blocks.styles(build, scope)]
        st.caption("Only pieces that carry at least one of: " + ", ".join(names) + ".")
    found = data.pieces_count(build.id, scope, query, build)
    if not found:
        blocks.empty("No piece matches.")
        return
    seed = st.session_state.get("seed")
    rows, told = _rows(page, scope, query, found, seed)
    styles = {s.id: s.short for s in blocks.styles(build, type(scope)())}
    hidden = coder.show_labels(build, rows["id"].to_list())
    labels = dict(data.topics(build.id, build).select("topic_key", "label").iter_rows())
    table = rows.select(
        "id",
        "published",
        "outlet",
        "title",
        frames=pl.when(pl.col("id").is_in(list(hidden)))
        .then(pl.lit("(withheld)"))
        .otherwise(pl.col("frames").list.eval(pl.element().replace(styles)).list.join(", ")),
        topic=pl.col("topic_key").replace(labels),
    )
    chosen = st.dataframe(
        table,
        key=f"pieces-{seed}-{st.session_state.get('pieces_page', 1)}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        row_height=blocks.WRAPPED,
        height=min(940, 40 + blocks.WRAPPED * rows.height),
        column_order=["published", "outlet", "title", "frames", "topic"],
        column_config={
            "published": st.column_config.DateColumn("Date", format="YYYY-MM-DD", width=95),
            "outlet": st.column_config.TextColumn("Outlet", width=125),
            "title": st.column_config.TextColumn("Headline", width=310),
            "frames": st.column_config.TextColumn("Frames", width=130),
            "topic": st.column_config.TextColumn("Topic", width=160),
        },
    )
    st.caption(told)
    picked = chosen["selection"]["rows"]
    if picked and picked[0] < table.height:
        st.session_state["piece"] = table["id"][picked[0]]
        page.link.keep("piece", st.session_state["piece"], "")
        page.link.keep("seed", seed, None)
        page.link.write()
        st.rerun()


def _rows(
    page: Any, scope: Scope, query: str, found: int, seed: int | None
) -> tuple[pl.DataFrame, str]:
    build = page.build
    if seed is not None:
        rows = data.pieces(build.id, scope, query, RANDOM, 0, seed, build)
        return (
            rows,
            f"{rows.height} of {wording.count(found, 'matching piece')}, drawn at random with seed {seed}.",
        )
    number = paging.page_number(page.link, "pieces", found, PAGE, (query, scope))
    paging.turning("pieces", found, PAGE)
    rows = data.pieces(build.id, scope, query, PAGE, (number - 1) * PAGE, None, build)
    first = (number - 1) * PAGE + 1
    return (
        rows,
        f"{first:,} to {first + rows.height - 1:,} of {wording.count(found, 'matching piece')}, newest first; undated last.",
    )


def _draw() -> None:
    st.session_state["seed"] = (st.session_state.get("seed") or 0) + 1


def _newest() -> None:
    st.session_state["seed"] = None
