"""The parts that run in the browser, from the files beside this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
SCRIPTS = ("marks.js", "messages.js", "desk.js")


def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


_desk = st.components.v2.component(
    "framescope_desk",
    html=_file("desk.html"),
    css=_file("desk.css"),
    js="\n".join(map(_file, SCRIPTS)),
)

_cookie = st.components.v2.component(
    "framescope_cookie",
    js="export default ({ data }) => { document.cookie = data; };",
)


def desk(key: str, data: Mapping[str, Any], on_act: Callable[[], None]) -> None:
    """Shows a piece to code. Text in `data` stays text.

    What the coder does comes back as session_state[key]["act"] while `on_act` runs: a dictionary
    with id, kind ('draft', 'commit' or 'undo'), piece and marks.
    """
    _desk(key=key, data=dict(data), on_act_change=on_act)


def set_cookie(cookie: str) -> None:
    """Gives the browser a cookie, written as a Set-Cookie header would."""
    _cookie(key="_cookie", data=cookie)
