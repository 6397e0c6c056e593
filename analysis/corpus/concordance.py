"""Lines of a concordance: a word or phrase in the middle, what stands beside it left and right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.corpus.terms import matches, placed_words

WIDTH = 70


@dataclass(frozen=True)
class Line:
    """A use of a phrase: where it stands in the text, [start, end), and its surroundings.

    `left` and `right` are cut to whole words of at most WIDTH characters; line ends are blanks.
    """

    start: int
    end: int
    left: str
    phrase: str
    right: str


def uses(
    text: str, spans: Sequence[tuple[int, int]], phrase: Sequence[str], *, accents: bool = True
) -> list[tuple[int, int]]:
    """Where a phrase (counted forms of its words) stands inside the spans, in their order."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        placed = placed_words(text[start:end], accents=accents)
        found += [
            (start + placed[first].start, start + placed[last - 1].end)
            for first, last in matches(placed, phrase)
        ]
    return found


def line(text: str, start: int, end: int, width: int = WIDTH) -> Line:
    """The line around [start, end) of a text."""
    left = " ".join(text[max(0, start - 4 * width) : start].split())
    right = " ".join(text[end : end + 4 * width].split())
    if len(left) > width:
        left = left[-width:].partition(" ")[2] or left[-width:]
    if len(right) > width:
        right = right[:width].rpartition(" ")[0] or right[:width]
    phrase = " ".join(text[start:end].split())
    # What the blanks' squeezing took off beside the phrase: "un" + "documented" stays one word.
    before = " " if start and text[start - 1].isspace() and left else ""
    after = " " if end < len(text) and text[end].isspace() and right else ""
    return Line(start, end, left + before, phrase, after + right)
