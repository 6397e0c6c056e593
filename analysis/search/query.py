"""What a search says: text to a tree, with a clear message and a place where it can't be.

police sheriff          both words, anywhere in headline or text
"city commission"       side by side
"vote sheriff"~5        in any order, with at most 5 other words between them
police OR sheriff       either; AND and NOT as well, in capitals; -word is NOT word
(police OR sheriff) ice
deport*                 words that begin so
title:police            in the headline; also title:"..." and title:(...)
outlet:"Causeway Post"  by the outlet; frame:safety, topic:..., date:2025-06-01..2025-09
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import NoReturn

from analysis.corpus.terms import words
from analysis.errors import SearchError

MOST_CHARS = 500
MOST_LEAVES = 100
MOST_DEPTH = 30
MOST_SLOP = 50
# With three, Tantivy 0.27 misses what stands within the distance.
NEAR = 2
LEAST_PREFIX = 2

TITLE = "title"
FACETS = ("outlet", "topic", "frame")
DATE = "date"
FIELDS = (TITLE, *FACETS, DATE)

HELP = (
    'words, "phrases", "near by"~5, AND, OR, NOT or -, ( ), begin*, and title:, outlet:, frame:, '
    "topic:, date:"
)


@dataclass(frozen=True)
class Words:
    """Words side by side, in the headline only (`title`) or in headline or text.

    `slop`: in any order with at most so many others between; None: as they stand. `prefix`: words
    that begin with the only one.
    """

    forms: tuple[str, ...]
    title: bool = False
    slop: int | None = None
    prefix: bool = False


@dataclass(frozen=True)
class Facet:
    """Pieces of an outlet, with a topic, or that carry a frame; `prefix`: whose name begins so."""

    kind: str
    name: str
    prefix: bool = False
    at: int = 0


@dataclass(frozen=True)
class Days:
    """Pieces published from `first` to `last`, both included; None: no bound."""

    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True)
class All:
    """What every part finds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Any:
    """What at least one part finds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """What the part does not find."""

    part: Node


Node = Words | Facet | Days | All | Any | Not


def parse(text: str) -> Node:
    """The tree of a search. Raises SearchError that says what is wrong, where, and what to do."""
    if len(text) > MOST_CHARS:
        raise SearchError(
            f"the search has {len(text):,} characters", remedy=f"use at most {MOST_CHARS}"
        )
    parser = _Parser(text)
    if not parser.tokens:
        raise SearchError("the search is empty", remedy=f"write {HELP}")
    node = parser.either(None, 0)
    if parser.here < len(parser.tokens):
        parser.fail("this ) closes nothing", "leave it out, or open with (")
    return node


def frames_named(node: Node) -> bool:
    """Whether a search asks for frames, which would tell labels."""
    if isinstance(node, Facet):
        return node.kind == "frame"
    if isinstance(node, Not):
        return frames_named(node.part)
    return isinstance(node, All | Any) and any(frames_named(part) for part in node.parts)


@dataclass(frozen=True)
class _Token:
    """A piece of a search: 'open', 'close', 'and', 'or', 'not', 'field', 'phrase' or 'word'."""

    kind: str
    text: str
    at: int
    slop: int | None = None


_BLANK = re.compile(r"\s+")
# "12:30" and "so:" are words.
_FIELD = re.compile(rf"((?i:{'|'.join(FIELDS)})|[A-Za-z]+(?=:\S)):")
_QUOTES = '"“”„«»'
_SLOP = re.compile(r"~(\w*)")
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not"}


class _Parser:
    """Recursive descent; `field` is what a title:( ... ) around it says."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._cut()
        self.here = 0
        self.leaves = 0

    def fail(self, what: str, remedy: str, at: int | None = None) -> NoReturn:
        place = at
        if place is None:
            place = self.tokens[self.here].at if self.here < len(self.tokens) else len(self.text)
        raise SearchError(what, at=place, remedy=remedy)

    def _cut(self) -> list[_Token]:
        text, at, found = self.text, 0, []
        while at < len(text):
            if blank := _BLANK.match(text, at):
                at = blank.end()
                continue
            token, at = self._next(at)
            found.append(token)
        return found

    def _next(self, at: int) -> tuple[_Token, int]:
        text = self.text
        if text[at] in "()":
            return _Token("open" if text[at] == "(" else "close", text[at], at), at + 1
        if text[at] in _QUOTES:
            return self._phrase(at)
        if text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace():
            return _Token("not", "-", at), at + 1
        if field := _FIELD.match(text, at):
            return _Token("field", field[1], at), field.end()
        end = self._word_end(at)
        word = text[at:end]
        return _Token(_OPERATORS.get(word, "word"), word, at), end

    def _phrase(self, at: int) -> tuple[_Token, int]:
        end = next((i for i in range(at + 1, len(self.text)) if self.text[i] in _QUOTES), None)
        if end is None:
            self.fail("this quotation mark has no partner", 'close the phrase with "', at)
        inside, after = self.text[at + 1 : end], end + 1
        slop = _SLOP.match(self.text, after)
        if slop is None:
            return _Token("phrase", inside, at), after
        if not re.fullmatch("[0-9]{1,3}", slop[1]) or int(slop[1]) > MOST_SLOP:
            self.fail(
                "a ~ after a phrase needs a number of words",
                f'write "{inside}"~5, with at most {MOST_SLOP}',
                after,
            )
        return _Token("phrase", inside, at, int(slop[1])), slop.end()

    def _word_end(self, at: int) -> int:
        """A word goes to a blank, a quotation mark or a ) that it has not opened, as in 287(g)."""
        depth, end = 0, at
        while end < len(self.text):
            character = self.text[end]
            depth += (character == "(") - (character == ")")
            if character.isspace() or character in _QUOTES or depth < 0:
                break
            end += 1
        return end

    def either(self, field: str | None, depth: int) -> Node:
        parts = [self.every(field, depth)]
        while self._at("or"):
            self.here += 1
            parts.append(self.every(field, depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def every(self, field: str | None, depth: int) -> Node:
        parts = [self.single(field, depth)]
        while self.here < len(self.tokens) and not self._at("or", "close"):
            if self._at("and"):
                self.here += 1
            parts.append(self.single(field, depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def single(self, field: str | None, depth: int) -> Node:
        if depth > MOST_DEPTH:
            self.fail("the search is nested too deeply", f"use at most {MOST_DEPTH} levels")
        if self.here >= len(self.tokens):
            self.fail("something is missing at the end", f"write {HELP}")
        token = self.tokens[self.here]
        if token.kind in ("and", "or"):
            self.fail(
                f"{token.text} has nothing before it",
                f'write what comes before, or "{token.text.lower()}" in small letters for the word',
            )
        if token.kind == "close":
            self.fail("there is nothing before this )", "write something between ( and )")
        self.here += 1
        if token.kind == "not":
            return Not(self.single(field, depth + 1))
        if token.kind == "open":
            return self._group(token, field, depth)
        if token.kind == "field":
            return self._field(token, field, depth)
        self.leaves += 1
        if self.leaves > MOST_LEAVES:
            self.fail("the search has too many parts", f"use at most {MOST_LEAVES}", token.at)
        if field is not None and field != TITLE:
            return self._facet(field, token)
        return self._words(token, field == TITLE)

    def _group(self, opening: _Token, field: str | None, depth: int) -> Node:
        node = self.either(field, depth + 1)
        if not self._at("close"):
            self.fail("this ( is never closed", "close it with )", opening.at)
        self.here += 1
        return node

    def _field(self, token: _Token, field: str | None, depth: int) -> Node:
        name = token.text.lower()
        if name not in FIELDS:
            self.fail(
                f"there is no field '{token.text}'",
                f"the fields are {', '.join(f'{f}:' for f in FIELDS)}; put the words in quotation "
                "marks to find them as they stand",
                token.at,
            )
        if field is not None:
            self.fail(f"{name}: stands inside {field}:", "name one field at a time", token.at)
        if not self._at("word", "phrase", "open"):
            self.fail(f"nothing follows {name}:", f'write {name}:word or {name}:"words"')
        if name == DATE and self._at("open"):
            self.fail("date: takes one span", "write date:2025-06-01..2025-09-30")
        return self.single(name, depth + 1)

    def _at(self, *kinds: str) -> bool:
        return self.here < len(self.tokens) and self.tokens[self.here].kind in kinds

    def _words(self, token: _Token, title: bool) -> Node:
        prefix = token.kind == "word" and token.text.endswith("*")
        text = token.text[:-1] if prefix else token.text
        forms = tuple(words(text, accents=False))
        if not forms:
            self.fail("there is no word in this", "write at least one letter or figure", token.at)
        if "*" in text or (prefix and len(forms) > 1):
            self.fail("a * stands only at the end of a single word", "write deport*", token.at)
        if prefix and len(forms[0]) < LEAST_PREFIX:
            self.fail("there is too little before the *", f"write {LEAST_PREFIX} letters", token.at)
        slop = token.slop if len(forms) > 1 else None
        if slop is not None and len(forms) > NEAR:
            self.fail(
                f"~ takes {NEAR} words",
                'ask for each two of them, as in "a b"~5 "b c"~5',
                token.at,
            )
        if slop is not None and len(set(forms)) < len(forms):
            self.fail("a word stands twice in a phrase with ~", "name each word once", token.at)
        return Words(forms, title, slop, prefix)

    def _facet(self, field: str, token: _Token) -> Node:
        if token.slop is not None:
            self.fail(f"~ means nothing after {field}:", "leave it out", token.at)
        if field == DATE:
            return self._days(token)
        prefix = token.kind == "word" and token.text.endswith("*")
        return Facet(field, token.text.rstrip("*") if prefix else token.text, prefix, token.at)

    def _days(self, token: _Token) -> Node:
        first, dots, last = token.text.partition("..")
        if not dots:
            last = first
        bounds = (self._day(first, token.at, 0), self._day(last, token.at, 1))
        if bounds == (None, None):
            self.fail("this span of dates has no end", "write date:2025-06..2025-09", token.at)
        if bounds[0] and bounds[1] and bounds[0] > bounds[1]:
            self.fail("this span ends before it begins", "turn the dates round", token.at)
        return Days(*bounds)

    def _day(self, text: str, at: int, end: int) -> dt.date | None:
        """The first (end 0) or last (end 1) day of a year, month or day; None where nothing is."""
        if not text.strip():
            return None
        match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?", text.strip())
        try:
            if match is None:
                raise ValueError(text)
            year, month, day = (int(part) if part else None for part in match.groups())
            assert year is not None
            months = month or (12 if end else 1)
            days = day or (calendar.monthrange(year, months)[1] if end else 1)
            return dt.date(year, months, days)
        except (ValueError, calendar.IllegalMonthError):
            self.fail(
                f"'{text[:20]}' is no date",
                "write a year, month or day: 2025, 2025-06, 2025-06-17",
                at,
            )
