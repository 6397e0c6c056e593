"""Quotations as HTML: text is escaped first, so whatever it holds is shown and never run."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from html import escape

import polars as pl

ROLES = {
    "official": "official",
    "police": "police or sheriff",
    "politician": "politician",
    "court": "court or lawyer",
    "resident": "resident or immigrant",
    "advocate": "advocate or union",
    "expert": "expert",
    "victim": "victim or family",
    "media": "media",
    "unnamed": "unnamed",
    "other": "other",
}

STYLE = """<style>
.voice { text-decoration: underline dotted 1.5px; text-underline-offset: 3px; cursor: help; }
.said { line-height: 1.7; overflow-wrap: anywhere; max-width: 60rem; }
.said .voice { text-decoration: none; background: rgba(122, 134, 153, 0.22); border-radius: 0.2em; }
.said .who { font-weight: 650; }
.said .cue { font-style: italic; text-decoration: underline; text-underline-offset: 3px; }
</style>"""

Mark = tuple[int, int, str, str]
"""Where, which class, and what pointing at it tells."""


def marks_of(quotations: pl.DataFrame) -> list[Mark]:
    """Marks for the quotations of one piece's text: those that are no part of another."""
    outer = quotations.filter((pl.col("sentence") > 0) & ~pl.col("nested"))
    return [
        (start, end, "voice", who(speaker, role))
        for start, end, speaker, role in outer.select(
            "start_char", "end_char", "speaker", "role"
        ).iter_rows()
    ]


def who(speaker: str | None, role: str) -> str:
    """'Lou Park, police or sheriff'."""
    return f"{speaker or 'a speaker whom the piece does not name'}, {ROLES[role]}"


def with_marks(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """text[start:end] as HTML with the marks that touch it, each cut to it.

    `marks` are in order and don't overlap.
    """
    out: list[str] = []
    at = start
    # The last mark that begins before may reach in.
    begin = max(0, bisect_left(marks, (start,)) - 1)
    for left, right, look, told in marks[begin:]:
        if left >= end:
            break
        first, last = max(left, at), min(right, end)
        if first >= last:
            continue
        out.append(_plain(text[at:first]))
        title = f' title="{escape(told)}"' if told else ""
        out.append(f'<span class="{look}"{title}>{_plain(text[first:last])}</span>')
        at = last
    out.append(_plain(text[at:end]))
    return "".join(out)


def _plain(text: str) -> str:
    return escape(text).replace("\n\n", "</p><p>").replace("\n", "<br>")
