"""Quotations on the screen: text stays text, and every mark stands where it should."""

from __future__ import annotations

import random
from html import unescape
from html.parser import HTMLParser

import polars as pl

from analysis.corpus.voices import roles
from dashboard.quoting import ROLES, Mark, marks_of, who, with_marks


class Reader(HTMLParser):
    """The text and the tags of what a browser would show."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.titles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.titles += [value or "" for name, value in attrs if name == "title"]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def test_any_marks_leave_the_text_as_it_is() -> None:
    draw = random.Random(3)
    for _ in range(200):
        text = "".join(draw.choices("ab <>&\"'“”/=!script", k=60))
        edges = sorted(draw.sample(range(61), 8))
        marks: list[Mark] = [
            (a, b, "voice", '"><img src=x onerror=alert(1)>')
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
        start, end = sorted(draw.sample(range(61), 2))
        shown = read(with_marks(text, start, end, marks))
        assert unescape(shown.text) == text[start:end]
        assert set(shown.tags) <= {"span"}
        assert all(title == '"><img src=x onerror=alert(1)>' for title in shown.titles)
        touched = sum(max(a, start) < min(b, end) for a, b, *_ in marks)
        assert len(shown.tags) == touched


def test_a_headlines_and_nested_quotations_are_not_marked_in_the_text() -> None:
    rows = pl.DataFrame(
        {
            "sentence": [0, 1, 1],
            "start_char": [0, 5, 9],
            "end_char": [4, 20, 12],
            "speaker": ["Lou Park", "", "Lou Park"],
            "role": ["police", "unnamed", "police"],
            "nested": [False, False, True],
        }
    )
    assert [mark[:2] for mark in marks_of(rows)] == [(5, 20)]


def test_every_role_has_words() -> None:
    assert tuple(ROLES) == roles()
    assert who("Lou Park", "police") == "Lou Park, police or sheriff"
    assert who("", "unnamed") == "a speaker whom the piece does not name, unnamed"
