"""Pages of a long list: which one is on the screen, and buttons that turn them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.scope import Link

MOST = 10**6


def page_number(link: Link, name: str, rows: int, size: int, listed: Any) -> int:
    """The page of the list `name` on the screen, from 1; it stays in the link.

    `listed` says what is listed: another search or other filters begin at page 1.
    """
    state = st.session_state
    number, said = f"{name}_page", f"_{name}_listed"
    if link.changed:
        state[number] = link.number("page", 1, MOST) or 1
    elif state.get(said, listed) != listed:
        state[number] = 1
    state[said] = listed
    state[number] = min(max(1, state.get(number, 1)), pages(rows, size))
    link.keep("page", state[number], 1)
    return int(state[number])


def pages(rows: int, size: int) -> int:
    """How many pages so many rows fill, at least 1."""
    return max(1, -(-rows // size))


def turning(name: str, rows: int, size: int) -> None:
    """Buttons for the page before and the page after, where there is more than one."""
    number, last = st.session_state[f"{name}_page"], pages(rows, size)
    if last == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, by, disabled in (
            ("Previous", "left", -1, number <= 1),
            ("Next", "right", 1, number >= last),
        ):
            if by > 0:
                st.caption(f"Page {number:,} of {last:,}", width="content")
            st.button(
                label,
                icon=f":material/chevron_{icon}:",
                on_click=_turn,
                args=(name, by),
                disabled=disabled,
            )


def _turn(name: str, by: int) -> None:
    st.session_state[f"{name}_page"] = st.session_state.get(f"{name}_page", 1) + by
