"""What is compared: by what, which words, whose, against whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from analysis.measure.keyness import REST, Contrast
from analysis.reading.words import WITHOUT, Compared, Counting
from dashboard import blocks, data, wording, words_data
from dashboard.coding import coder

BIES = {
    "outlet": "Outlets",
    "topic": "Topics",
    "frame": "Frames",
    "year": "Years",
    "quarter": "Quarters",
    "event": "Before and after an event",
}
KINDS = {"words": "Words", "pairs": "Pairs of words"}
OTHERS = {
    "outlet": "all other outlets",
    "topic": "all other topics",
    "frame": "sentences without it",
    "year": "all other years",
    "quarter": "all other quarters",
    "event": "all others",
}
EACH = "(each against all others)"


@dataclass(frozen=True)
class Asked:
    """What is compared: `one` None takes each of the largest groups; `names` are the groups' names
    by key, `sizes` as `reading.words.groups` gives them."""

    counting: Counting
    one: str | None
    other: str | None
    names: dict[str, str]
    sizes: pl.DataFrame

    def name(self, key: str | None) -> str:
        if key is None or key == REST or key.startswith(WITHOUT):
            return OTHERS[self.counting.by]
        return self.names.get(key, key)


def asked_for(page: Any) -> Asked | None:
    """What the controls ask for; None, with a word why, where there is nothing to compare."""
    build, link = page.build, page.link
    with st.container(horizontal=True, vertical_alignment="bottom"):
        bies = _bies(build)
        link.choice("by", bies, bies[0])
        # A list: six names side by side are wider than a phone.
        by = st.selectbox("Compare", bies, key="by", format_func=BIES.__getitem__, width=230)
        link.keep("by", by, bies[0])
        kind = choice(link, "kind", tuple(KINDS), KINDS, "Count")
        functions = st.toggle(
            "Function words",
            key="functions",
            help="Words such as the, of, said: counted always, shown only if asked for.",
        )
    event = _event(page) if by == "event" else None
    counting = Counting(
        by=by,  # type: ignore[arg-type]
        pairs=kind == "pairs",
        functions=bool(functions),
        event=event,
    )
    sizes = words_data.groups(build.id, page.scope, counting, build)
    if sizes.is_empty():
        blocks.empty("No piece in scope has words to count by this.")
        return None
    names = _names(build, by)
    keys = [key for key in sizes["group"] if key]

    def said(key: str) -> str:
        return key if key == EACH else names.get(key, key)

    options = [*keys, EACH] if len(keys) > 1 else keys
    first = next((key for key in page.scope.outlets if key in keys), keys[0])
    link.choice("group", options, first)
    left, right = st.columns(2)
    one = left.selectbox("Words of", options, key="group", format_func=said)
    link.keep("group", one, first)
    if one == EACH:
        return Asked(counting, None, None, names, sizes)
    others = [REST, *(key for key in keys if key != one)]
    if len(keys) < 2 and by != "frame":
        blocks.empty(f"Only {wording.escape(said(one))} is in scope: there is nothing to compare.")
        return None
    link.choice("against", others, REST)
    other = right.selectbox(
        "Against", others, key="against", format_func=lambda k: OTHERS[by] if k == REST else said(k)
    )
    link.keep("against", other, REST)
    return Asked(counting, one, None if other == REST else other, names, sizes)


def choice(link: Any, key: str, options: Any, names: dict[str, str], label: str) -> str:
    """One of `options`, the first if the link names none; it goes into the link."""
    link.choice(key, options, options[0])
    chosen = st.segmented_control(
        label, options, key=key, required=True, format_func=names.__getitem__
    )
    link.keep(key, chosen, options[0])
    return str(chosen)


def _bies(build: Any) -> tuple[str, ...]:
    """What can divide: events where there are any; frames unless that would tell labels."""
    hidden = set()
    if build.events.is_empty():
        hidden.add("event")
    if coder.current() is not None:
        hidden.add("frame")
    return tuple(key for key in BIES if key not in hidden)


def _event(page: Any) -> dt.date:
    events = page.build.events
    days = events["date"].to_list()
    labels = {day: f"{wording.day(day)}: {label}" for day, label in events.iter_rows()}
    page.link.choice("day", days, days[0], as_text=lambda day: day.isoformat())
    chosen: dt.date = st.selectbox("Event", days, key="day", format_func=labels.__getitem__)
    page.link.keep("day", chosen, days[0])
    return chosen


def _names(build: Any, by: str) -> dict[str, str]:
    if by == "topic":
        return dict(data.topics(build.id, build).select("topic_key", "label").iter_rows())
    if by == "frame":
        return {frame["id"]: f"sentences with {frame['name']}" for frame in build.frames}
    return {"before": "before the event", "after": "from the event on"}


def compared(page: Any, asked: Asked, contrasts: tuple[Contrast, ...]) -> Compared:
    """The words of these contrasts, in scope."""
    return words_data.compared(page.build.id, page.scope, asked.counting, contrasts, page.build)
