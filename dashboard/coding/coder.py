"""Who codes in this browser, and which pieces' labels they must not see yet.

The name stays in the session and in a cookie that ends with the browser: a reloaded page goes on
where it was, and other windows of the same browser stay blind too. It is never in the URL.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import streamlit as st

from analysis.coding import seen
from analysis.coding.marks import coder_name
from analysis.errors import CodingError
from analysis.reads import Build
from dashboard import data

_KEY = "_coder"
_LEFT = "_coder_left"

# A sum over fewer pieces would tell a coder what the model says of one.
LEAST_SUMMED = 10


@dataclass(frozen=True)
class Coder:
    """A coder at work on a sample."""

    name: str
    sample: str


def current() -> Coder | None:
    """Who is signed in here; None when nobody is."""
    state = st.session_state
    if _KEY not in state:
        state[_KEY] = None if state.get(_LEFT) else _remembered()
    found: Coder | None = state[_KEY]
    return found


def sign_in(name: str, sample: str) -> Coder:
    """Raises CodingError for a name that can't be used."""
    coder = Coder(coder_name(name), sample)
    st.session_state[_KEY] = coder
    st.session_state[_LEFT] = False
    return coder


def sign_out() -> None:
    st.session_state[_KEY] = None
    st.session_state[_LEFT] = True


def cookie() -> str | None:
    """What the browser should remember; None when that is right already."""
    coder = current()
    name = _cookie_name()
    if coder is not None:
        value = quote(json.dumps([coder.name, coder.sample]), safe="")
        return f"{name}={value}; path=/; SameSite=Strict"
    return f"{name}=; path=/; max-age=0" if st.session_state.get(_LEFT) else None


def show_labels(build: Build, pieces: Sequence[str]) -> frozenset[str]:
    """Those of the pieces whose labels the coder who is signed in must not see; none for nobody.

    Of the others it is stored that this coder sees them now, so that a coding of theirs stays as it
    is: call it for what is shown, and show nothing before it has returned.
    """
    coder = current()
    ledger = None if coder is None else data.ledger()
    if coder is None or ledger is None or not pieces:
        return frozenset()
    return seen.show_labels(ledger, coder.name, build.same_texts(pieces), dt.datetime.now(dt.UTC))


def would_tell(pieces: int) -> bool:
    """Whether a coder is signed in whom a sum over so few pieces would tell their labels."""
    return pieces < LEAST_SUMMED and current() is not None


def _cookie_name() -> str:
    root = str(Path(data.project().root).resolve())
    return "framescope-coder-" + hashlib.sha256(root.encode("utf-8")).hexdigest()[:12]


def _remembered() -> Coder | None:
    found = st.context.cookies.get(_cookie_name())
    if not found:
        return None
    try:
        name, sample = json.loads(unquote(found))
        return Coder(coder_name(name), str(sample))
    except (ValueError, TypeError, AttributeError, CodingError):
        # Anybody can write a cookie; one that is not ours signs nobody in.
        return None
