"""Stories: a list, one story with its outlets side by side, and what an outlet left to others."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import blocks, paging, stories_data, wording
from dashboard.views.story import one, selection
from dashboard.views.story.table import open_story, story_table

PAGE = 50
LIST, SELECTION = "stories", "selection"
PARTS = {LIST: "Stories", SELECTION: "Selection: told or left out"}
ORDERS = {
    "outlets": ("Most outlets first", ["outlets", "pieces"], True),
    "pieces": ("Most pieces first", ["pieces", "outlets"], True),
    "newest": ("Newest first", ["first_day"], True),
    "oldest": ("Oldest first", ["first_day"], False),
}


def show(page: Any) -> None:
    link = page.link
    state = st.session_state
    if link.changed:
        state["story"] = link.params.get("story", [""])[-1]
    chosen = state.get("story", "")
    if chosen and one.show(page, chosen):
        link.keep("story", chosen, "")
        return
    state["story"] = ""
    blocks.heading(
        "Stories",
        "Pieces about the same event, beside each other: who told it, when, and through which "
        "frames. It can't tell why an outlet left a story out, nor find an event in pieces that "
        "were never collected.",
    )
    link.choice("part", list(PARTS), LIST)
    part = st.segmented_control(
        "Part", list(PARTS), format_func=PARTS.get, key="part", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    link.keep("part", part, LIST)
    if part == SELECTION:
        selection.show(page)
    else:
        _list(page)


def _list(page: Any) -> None:
    link = page.link
    link.text("q")
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    query = left.text_input(
        "Search stories",
        key="q",
        placeholder="words of a title or a headline, any case",
        max_chars=200,
    )
    link.keep("q", query, "")
    link.choice("order", list(ORDERS), "outlets")
    order = right.selectbox(
        "Order", list(ORDERS), format_func=lambda key: ORDERS[key][0], key="order"
    )
    link.keep("order", order, "outlets")
    found = stories_data.stories(page.build.id, page.scope, query, page.build)
    if found.is_empty():
        blocks.empty("No story matches. A story needs two pieces about the same event.")
        return
    _, by, down = ORDERS[order]
    rows = found.sort([*by, "story_key"], descending=[*(down for _ in by), False], nulls_last=True)
    listed = (query, order, page.scope)
    number = paging.page_number(link, "stories", rows.height, PAGE, listed)
    paging.turning("stories", rows.height, PAGE)
    shown = rows.slice((number - 1) * PAGE, PAGE)
    picked = story_table(
        shown, f"stories-{order}-{number}-{query}", ["pieces", "outlets", "copies"]
    )
    first = (number - 1) * PAGE + 1
    st.caption(
        f"{first:,} to {first + shown.height - 1:,} of {wording.count(rows.height, 'story', 'stories')} "
        "told by two pieces or more in scope. Choose a row to see its outlets side by side."
    )
    if picked:
        open_story(page, picked)
