"""Where a search stands in a text: places as offsets, and a part of the text worth showing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.corpus.terms import Word, placed_words
from analysis.search.query import All, Any, Node, Words

WIDTH = 260


@dataclass(frozen=True)
class Snippet:
    """A part of a text from `start` on, and the places of matches in it, as offsets in the part.

    `more`: whether the text goes on after it.
    """

    text: str
    start: int
    marks: tuple[tuple[int, int], ...]
    more: bool = False

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is a match."""
        found, at = [], 0
        for start, end in self.marks:
            found += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [part for part in [*found, (self.text[at:], False)] if part[0]]


def asked(node: Node, title: bool) -> list[Words]:
    """The words that a search wants to find in a headline (`title`) or in a text."""
    if isinstance(node, Words):
        return [node] if title or not node.title else []
    if isinstance(node, All | Any):
        return [words for part in node.parts for words in asked(part, title)]
    return []


def places(text: str, node: Node, *, title: bool = False) -> list[tuple[int, int]]:
    """[start, end) of all that a search finds in a text, in order, without overlaps.

    What stands under NOT is never marked.
    """
    wanted = asked(node, title)
    if not wanted:
        return []
    placed = placed_words(text, accents=False)
    marked = sorted({span for words in wanted for span in _spans(placed, words)})
    joined: list[tuple[int, int]] = []
    for first, last in marked:
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return [(placed[first].start, placed[last - 1].end) for first, last in joined]


def snippet(text: str, node: Node, *, title: bool = False, width: int = WIDTH) -> Snippet:
    """The part of a text of about `width` characters with most matches; its beginning if none."""
    found = places(text, node, title=title)
    if len(text) <= width:
        return Snippet(text, 0, tuple(found))
    best = max(
        found,
        key=lambda place: (
            sum(place[0] <= a and b <= place[0] + width for a, b in found),
            -place[0],
        ),
        default=(0, 0),
    )
    inside = [b for a, b in found if best[0] <= a and b <= best[0] + width]
    spare = max(0, width - (max(inside, default=best[1]) - best[0]))
    start = _word_start(text, max(0, best[0] - spare // 2))
    start = min(start, best[0])
    end = _word_end(text, min(len(text), max(start + width, best[1])))
    marks = tuple((a - start, b - start) for a, b in found if start <= a and b <= end)
    return Snippet(text[start:end], start, marks, end < len(text))


def _spans(placed: Sequence[Word], words: Words) -> list[tuple[int, int]]:
    """Word numbers [first, last) of what one part of a search finds."""
    forms = [word.form for word in placed]
    wanted = words.forms
    if words.prefix:
        return [(i, i + 1) for i, form in enumerate(forms) if form.startswith(wanted[0])]
    if words.slop is not None:
        return _near(forms, wanted, words.slop)
    length = len(wanted)
    return [
        (i, i + length)
        for i in range(len(forms) - length + 1)
        if forms[i] == wanted[0] and tuple(forms[i : i + length]) == wanted
    ]


def _near(forms: Sequence[str], wanted: Sequence[str], slop: int) -> list[tuple[int, int]]:
    """Each word of every stretch that holds all of them and at most `slop` others."""
    at = [i for i, form in enumerate(forms) if form in wanted]
    found: set[int] = set()
    for i, first in enumerate(at):
        inside = [j for j in at[i:] if j - first < len(wanted) + slop]
        if {forms[j] for j in inside} == set(wanted):
            found.update(inside)
    return [(i, i + 1) for i in sorted(found)]


def _word_start(text: str, at: int) -> int:
    if at == 0:
        return 0
    blank = text.find(" ", at)
    return blank + 1 if 0 <= blank < at + 40 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    blank = text.rfind(" ", 0, at)
    return blank if blank > at - 40 else at
