"""The URL and the filters: what a reader is looking at lives in the link.

`Link` is the only place that reads or writes the URL's parameters. A value that does not fit falls
back to the default and leaves a notice; nothing in a link can break a page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from analysis.estimates import Ask
from analysis.reads import Scope
from analysis.types import ESTIMANDS

T = TypeVar("T")

# Longer lists than this are the work of a machine; a link keeps below what browsers take.
MOST_VALUES = 200

# So many written URLs may be on their way to the browser.
MOST_EARLIER = 8

# The parameters that hold filters; a view's own come beside them.
FILTERS = {"outlet", "topic", "frame", "from", "to", "count", "intervals", "pieces"}

# The switches of a link and what each may say, the default first.
SWITCHES = {
    "count": ESTIMANDS,
    "intervals": ("each", "together"),
    "pieces": ("sample", "census"),
}

# What the date widgets take.
FIRST_DAY = dt.date(1600, 1, 1)
LAST_DAY = dt.date(2200, 12, 31)


@dataclass(frozen=True)
class Choices:
    """What the current build has to choose from."""

    outlets: Sequence[str]
    topics: Sequence[str]
    frames: Sequence[str]
    first_day: dt.date | None
    last_day: dt.date | None


@dataclass
class Parsed:
    """Filters from a link, and what of the link could not be used."""

    outlets: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    day_from: dt.date | None = None
    day_to: dt.date | None = None
    switches: dict[str, str] = field(
        default_factory=lambda: {key: options[0] for key, options in SWITCHES.items()}
    )
    notices: list[str] = field(default_factory=list)


def parse(params: Mapping[str, Sequence[str]], choices: Choices) -> Parsed:
    """Reads filters out of a link's parameters; never raises."""
    found = Parsed()
    found.outlets = _known(params.get("outlet", ()), choices.outlets, "outlet", found.notices)
    found.topics = _known(params.get("topic", ()), choices.topics, "topic", found.notices)
    found.frames = _known(params.get("frame", ()), choices.frames, "frame", found.notices)
    found.day_from = _day(params.get("from", ()), "from", found.notices)
    found.day_to = _day(params.get("to", ()), "to", found.notices)
    if found.day_from and found.day_to and found.day_from > found.day_to:
        found.notices.append("The link's dates end before they begin; both were left out.")
        found.day_from = found.day_to = None
    for key, options in SWITCHES.items():
        wanted = list(params.get(key, ()))[-1:]
        if wanted and wanted[0] not in options:
            found.notices.append(f"The link's “{key}” is not known here: “{_short(wanted[0])}”.")
        elif wanted:
            found.switches[key] = wanted[0]
    return found


def _known(
    values: Sequence[str], options: Sequence[str], what: str, notices: list[str]
) -> list[str]:
    allowed = set(options)
    kept = list(dict.fromkeys(v for v in values if v in allowed))
    unknown = [v for v in values if v not in allowed]
    if unknown:
        shown = ", ".join(f"“{_short(v)}”" for v in unknown[:3])
        more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
        notices.append(f"The link names an unknown {what}: {shown}{more}. It was left out.")
    return kept[:MOST_VALUES]


def _day(values: Sequence[str], what: str, notices: list[str]) -> dt.date | None:
    if not values:
        return None
    try:
        day = dt.date.fromisoformat(values[-1])
        if FIRST_DAY <= day <= LAST_DAY:
            return day
    except ValueError:
        pass
    notices.append(f"The link's “{what}” is not a date: “{_short(values[-1])}”. It was left out.")
    return None


def _short(text: str) -> str:
    clean = "".join(c if c.isprintable() else "�" for c in text)
    return clean if len(clean) <= 40 else clean[:39] + "…"


def to_params(scope: Scope, ask: Ask | None = None) -> dict[str, list[str]]:
    """A scope, and how to estimate, as a link's parameters; defaults are left out."""
    params = {
        "outlet": list(scope.outlets),
        "topic": list(scope.topics),
        "frame": list(scope.frames),
        "from": [scope.day_from.isoformat()] if scope.day_from else [],
        "to": [scope.day_to.isoformat()] if scope.day_to else [],
        "count": [scope.estimand] if scope.estimand != "item" else [],
        "intervals": ["together"] if ask and ask.together else [],
        "pieces": ["census"] if ask and ask.census else [],
    }
    return {key: values for key, values in params.items() if values}


class Link:
    """Parameters of this run's URL, notices about them, and what the URL should become."""

    def __init__(self) -> None:
        self.params = {key: st.query_params.get_all(key) for key in st.query_params}
        self.notices: list[str] = []
        self.filters_changed = False
        self._next: dict[str, list[str]] = {}
        state = st.session_state
        # A click can arrive before the browser has taken over the URL that the last run wrote.
        # It moves a widget, which going back in the browser's history does not.
        lags = self.params in state.get("_link_earlier", []) and _moved(state.get("_link_held", {}))
        # Whether this is a new or an edited link, not the one that the last run wrote.
        self.changed = self.params != state.get("_link_written") and not lags

    def arrived(self, view: str) -> None:
        """Which view this run shows; `filters_changed` is whether its link says other filters.

        A link to another view without any filter keeps those that are set: so does the menu.
        """
        state = st.session_state
        same = state.get("_link_view") == view
        state["_link_view"] = view
        self.filters_changed = self.changed and (same or bool(FILTERS & set(self.params)))

    def set(self, key: str, values: Sequence[str]) -> None:
        self._next[key] = list(values)

    def choice(
        self,
        key: str,
        options: Sequence[T],
        default: T,
        as_text: Callable[[T], str] = str,
    ) -> None:
        """Sets a widget's state from the URL before it is drawn; call `keep` after it."""
        texts = {as_text(option): option for option in options}
        if self.changed and key in self.params:
            wanted = self.params[key][-1]
            if wanted in texts:
                st.session_state[key] = texts[wanted]
            else:
                self.notices.append(
                    f"The link's “{key}” is not known here: “{_short(wanted)}”. The default is shown."
                )
        if st.session_state.get(key) not in options:
            st.session_state[key] = default

    def text(self, key: str, most: int = 200) -> None:
        """Sets a text widget's state from the URL."""
        if self.changed and key in self.params:
            st.session_state[key] = self.params[key][-1][:most]

    def number(self, key: str, low: int, high: int) -> int | None:
        """A whole number in the URL; None when it is absent or does not fit."""
        if key not in self.params:
            return None
        text = self.params[key][-1]
        # Not str.isdigit, which knows digits that int does not.
        if re.fullmatch(r"-?[0-9]{1,11}", text) and low <= int(text) <= high:
            return int(text)
        self.notices.append(f"The link's “{key}” is not a number from {low} to {high}.")
        return None

    def keep(self, key: str, value: Any, default: Any) -> None:
        """Puts a view's own value into the URL unless it is the default."""
        self._next[key] = [] if value in (default, None, "") else [str(value)]

    def write(self) -> None:
        """Makes the URL say what is on the screen."""
        wanted = {key: values for key, values in self._next.items() if values}
        if wanted != {key: st.query_params.get_all(key) for key in st.query_params}:
            st.query_params.from_dict(wanted)
        state = st.session_state
        if wanted != state.get("_link_written"):
            earlier = [
                *state.get("_link_earlier", []),
                state.get("_link_written", self.params),
                self.params,
            ]
            state["_link_earlier"] = earlier[-MOST_EARLIER:]
        state["_link_written"] = wanted
        state["_link_held"] = _held()


def _held() -> dict[str, str]:
    """What the widgets hold; not buttons, which let go of themselves."""
    return {
        str(key): repr(value)
        for key, value in st.session_state.items()
        if not str(key).startswith("_") and not isinstance(value, bool)
    }


def _moved(held: Mapping[str, str]) -> bool:
    """Whether a widget that is still there holds something else."""
    now = _held()
    return any(now[key] != value for key, value in held.items() if key in now)
