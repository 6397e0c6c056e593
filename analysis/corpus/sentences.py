"""Sentences with character offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import version

import nupunkt

Span = tuple[int, int]

# A "sentence" longer than this is a list, a table or a transcript without full stops.
MAX_CHARS = 1200

# Only where something follows a full stop is there a choice to make.
_CHOICE = re.compile(r"[.?!\u2026]\S*\s+\S")

VERSION = f"2, nupunkt {version('nupunkt')}, lines and at most {MAX_CHARS} characters"


def spans_of(text: str) -> list[Span]:
    """[start, end) of each sentence of a text, in order, without surrounding white space.

    A line break ends a sentence. Text without any visible character gives an empty list.
    """
    spans: list[Span] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        if not line.isspace():
            found = nupunkt.sent_spans(line) if _CHOICE.search(line) else [(0, len(line))]
            for start, end in found:
                spans.extend(_bounded(text, offset + start, offset + end))
        offset += len(line)
    return spans


def spans_of_all(texts: Sequence[str]) -> list[list[Span]]:
    """`spans_of` for each text."""
    return [spans_of(text) for text in texts]


def _bounded(text: str, start: int, end: int) -> list[Span]:
    pieces: list[Span] = []
    while end - start > MAX_CHARS:
        cut = text.rfind(" ", start + MAX_CHARS // 2, start + MAX_CHARS)
        cut = cut if cut > start else start + MAX_CHARS
        pieces.append((start, cut))
        start = cut
    pieces.append((start, end))
    trimmed: list[Span] = []
    for left, right in pieces:
        while left < right and text[left].isspace():
            left += 1
        while right > left and text[right - 1].isspace():
            right -= 1
        if left < right:
            trimmed.append((left, right))
    return trimmed
