"""What stands inside quote marks, whatever marks they are and however they are broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Double marks: straight, curly, low, angled, and two single ones set as one.
_DOUBLE = re.compile(r"[\"\u201c\u201d\u201e\u201f\u00ab\u00bb]|``|''|\u2018\u2018|\u2019\u2019")
_SINGLE = re.compile(
    r"(?<![\w\u2019'])['\u2018](?=[\w\[(\u2026$])(?!\d0s\b|em\b|tis\b|twas\b|til\b|cause\b|n\b)"
)
_SINGLE_END = re.compile(r"(?<=[\w.,?!\u2026)\]%])['\u2019](?!\w)")

OPENING = "\u201c\u201e\u201f\u00ab"
CLOSING = "\u201d\u00bb"
_BEFORE_OPEN = " \n\t([{-\u2013\u2014/:\u2026'\u2018"
_AFTER_CLOSE = " \n\t)]},.;:?!-\u2013\u2014\u2026/'\u2019"

# A single-quoted stretch longer than this is an apostrophe that went astray.
_MOST_SINGLE = 600

# A blank that was lost between two sentences: "the country.Scott, a former".
_LOST_BLANK = re.compile(r"(?<=[a-z]{2}[.?!])(?=[A-Z][a-z])")

_OPEN, _CLOSE, _EITHER = 0, 1, 2
_BROKEN = 1.0
_LEFT_OPEN = 0.6


@dataclass(frozen=True)
class Quoted:
    """What is quoted, [start, end) without marks, and [outer_start, outer_end) with them.

    `closed` is false where the mark at the end is missing; `goes_on` says that it goes on from the
    paragraph before, whose mark was left open on purpose.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool
    goes_on: bool


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    kind: int


def quoted(text: str, spans: list[tuple[int, int]]) -> list[Quoted]:
    """Each stretch inside quote marks, in order, none inside another, none over a line's end.

    `spans` are the sentences: an open mark that nothing closes holds to its sentence's end, or to
    the line's where the next line repeats the mark. Marks inside single marks inside double ones
    are not told apart. Takes time linear in the text.
    """
    found: list[Quoted] = []
    ends = [end for _, end in spans]
    at = 0
    held = False
    lines = list(_lines(text))
    marks_of = [_marks(text, start, end) for start, end in lines]
    for number, (start, end) in enumerate(lines):
        marks = marks_of[number]
        following = marks_of[number + 1] if number + 1 < len(lines) else []
        repeats = bool(following) and _begins(text, lines[number + 1][0], following[0])
        first = bool(marks) and _begins(text, start, marks[0])
        opened: _Mark | None = None
        goes_on = held and first
        held = False
        here: list[Quoted] = []
        for mark, opens in zip(marks, _resolved(marks, repeats), strict=True):
            if opens:
                if opened is not None:
                    while at < len(ends) and ends[at] <= opened.end:
                        at += 1
                    stop = min(ends[at] if at < len(ends) else end, mark.start)
                    here.append(_stretch(text, opened, stop, None, goes_on))
                    goes_on = False
                opened = mark
            elif opened is not None:
                here.append(_stretch(text, opened, mark.start, mark, goes_on))
                opened = None
                goes_on = False
        if opened is not None:
            held = repeats
            while at < len(ends) and ends[at] <= opened.end:
                at += 1
            stop = end if held else min(ends[at] if at < len(ends) else end, end)
            here.append(_stretch(text, opened, stop, None, goes_on))
        here = [one for one in here if one.end > one.start]
        found += _with_singles(text, start, end, here)
    return found


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        if not line.isspace():
            yield start, start + len(line.rstrip())
        start += len(line)


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    return [_mark(text, one.start(), one.end()) for one in _DOUBLE.finditer(text, start, end)]


def _mark(text: str, start: int, end: int) -> _Mark:
    before = text[start - 1] if start else "\n"
    after = text[end] if end < len(text) else "\n"
    could_open = before in _BEFORE_OPEN and after not in " \n\t"
    could_close = after in _AFTER_CLOSE and before not in " \n\t"
    if could_open and not could_close:
        kind = _OPEN
    elif could_close and not could_open:
        kind = _CLOSE
    elif text[start] in OPENING and not could_close:
        kind = _OPEN
    elif text[start] in CLOSING and not could_open:
        kind = _CLOSE
    elif before in ",." and after.isalpha() and text[start] not in OPENING + CLOSING:
        # A lost blank after the mark or before it: only the neighbours can tell.
        kind = _EITHER
    elif text[start] in OPENING:
        kind = _OPEN
    elif text[start] in CLOSING:
        kind = _CLOSE
    else:
        kind = _EITHER
    return _Mark(start, end, kind)


def _begins(text: str, start: int, mark: _Mark) -> bool:
    return mark.kind != _CLOSE and not text[start : mark.start].strip()


def _resolved(marks: list[_Mark], repeats: bool) -> list[bool]:
    """For each mark of a line whether it opens: the reading with the fewest broken pairs."""
    if not marks:
        return []
    costs = (0.0, float("inf"))  # outside, inside
    ways: list[tuple[tuple[int, bool], tuple[int, bool]]] = []
    for mark in marks:
        outside, inside = costs
        opens = _BROKEN if mark.kind == _CLOSE else 0.0
        closes = _BROKEN if mark.kind == _OPEN else 0.0
        # After an opening mark: from outside, or from inside with the former left unclosed.
        to_inside = (outside + opens, 0), (inside + opens + _LEFT_OPEN, 1)
        to_outside = (inside + closes, 1), (outside + closes + _BROKEN, 0)
        best_in, best_out = min(to_inside), min(to_outside)
        ways.append(((best_out[1], False), (best_in[1], True)))
        costs = (best_out[0], best_in[0])
    at_end = 0.0 if repeats else _LEFT_OPEN
    state = 1 if costs[1] + at_end < costs[0] else 0
    opening: list[bool] = []
    for way in reversed(ways):
        before, opens_here = way[state]
        opening.append(opens_here)
        state = before
    return opening[::-1]


def _stretch(text: str, opened: _Mark, end: int, closed: _Mark | None, goes_on: bool) -> Quoted:
    start, stop = opened.end, end
    if closed is None and (lost := _LOST_BLANK.search(text, start, stop)) is not None:
        stop = lost.start()
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    outer = closed.end if closed else stop
    return Quoted(start, stop, opened.start, max(outer, stop), closed is not None, goes_on)


def _with_singles(text: str, start: int, end: int, doubles: list[Quoted]) -> list[Quoted]:
    """Adds what stands in single marks outside the double ones of a line."""
    if text.find("'", start, end) < 0 and text.find("\u2018", start, end) < 0:
        return doubles
    found = list(doubles)
    gaps = [start, *(edge for one in doubles for edge in (one.outer_start, one.outer_end)), end]
    for left, right in zip(gaps[::2], gaps[1::2], strict=True):
        at = left
        while (opened := _SINGLE.search(text, at, right)) is not None:
            closed = _single_end(text, opened.end(), min(right, opened.end() + _MOST_SINGLE))
            if closed is None:
                at = opened.end()
                continue
            mark = _Mark(opened.start(), opened.end(), _OPEN)
            ending = _Mark(closed, closed + 1, _CLOSE)
            found.append(_stretch(text, mark, closed, ending, False))
            at = closed + 1
    found.sort(key=lambda one: one.start)
    return [one for one in found if one.end > one.start]


def _single_end(text: str, start: int, end: int) -> int | None:
    """Where a single mark closes: after a stop or comma, else the last that is no possessive."""
    plain: int | None = None
    for one in _SINGLE_END.finditer(text, start, end):
        at = one.start()
        if text[at - 1] in ".,?!\u2026":
            return at
        if text[at - 1] not in "sS" or text[at + 1 : at + 2] not in (" ",):
            return at
        plain = at if plain is None else plain
    return plain
