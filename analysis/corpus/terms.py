"""Words as they are counted and searched: one definition of a word for keyness, lines and search.

A word is a run of letters, digits and underscores; an apostrophe inside joins ("don't"), a closing
's is left off ("chief's" is "chief"), a figure keeps its points and commas ("1,500"), a section its
letters ("287(g)"), an abbreviation its points ("u.s"). Case and the shape of apostrophes make no
difference; accents do, but for search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from analysis.corpus.function_words import FUNCTION_WORDS
from analysis.corpus.words import Words

VERSION = "1"

# More than any corpus has; the numbers of words that are stored can't be forgotten.
MOST_WORDS = 2**31 - 1

# Ends a sentence among words; clean text has no control characters.
_BREAK = "\x1f"

APOSTROPHES = "'’‘ʼ´`＇"

# Python's \w knows no marks; texts come in NFC, where only some scripts still have them.
_W = r"\w\u0300-\u036f\u0900-\u0dff"
_JOINED = rf"(?:[{APOSTROPHES}][{_W}]+)*"
_WORD = re.compile(
    # What begins with two letters is none of the others; it comes first because most words do.
    rf"[^\W\d_]{{2}}[{_W}]*{_JOINED}"
    rf"|{_BREAK}"
    rf"|\d+(?:\([^\W_]{{1,3}}\))+"
    rf"|\d+(?:[.,]\d+)+(?![{_W}])"
    rf"|[^\W\d_](?:\.[^\W\d_](?![{_W}]))+"
    rf"|[{_W}]+{_JOINED}"
)
_MARKS = re.compile("[\u0300-\u036f]+")
_POSSESSIVE = re.compile("'s$", re.MULTILINE)
_EDGES = re.compile("^_+|_+$", re.MULTILINE)

# Letters with a stroke or of two letters, which have no accent to take off.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


@dataclass(frozen=True)
class Word:
    """A word in a text: [start, end) in characters as it stands there, and its counted form."""

    start: int
    end: int
    form: str


def words(text: str, *, accents: bool = True) -> list[str]:
    """The counted forms of a text's words, in order; without `accents` as search compares them."""
    # Nothing in a word is a line end, and nothing makes one of it.
    joined = _form("\n".join(_WORD.findall(text)), accents)
    return [form for form in joined.split("\n") if form]


def placed_words(text: str, *, accents: bool = True) -> list[Word]:
    """The words of a text with their places."""
    found = (
        Word(match.start(), match.end(), _form(match[0], accents)) for match in _WORD.finditer(text)
    )
    return [word for word in found if word.form]


def without_accents(form: str) -> str:
    """A word's counted form as search compares it."""
    return _form(form, accents=False)


def _form(text: str, accents: bool) -> str:
    folded = text.casefold()
    if not folded.isascii():
        for mark in APOSTROPHES[1:]:
            folded = folded.replace(mark, "'")
        folded = unicodedata.normalize("NFC", folded)
        if not accents:
            bare = _MARKS.sub("", unicodedata.normalize("NFD", folded)).translate(_LETTERS)
            folded = unicodedata.normalize("NFC", bare.casefold())
    elif "`" in folded:
        folded = folded.replace("`", "'")
    if "'s" in folded:
        folded = _POSSESSIVE.sub("", folded)
    return _EDGES.sub("", folded) if "_" in folded else folded


def of_sentences(
    texts: pl.DataFrame, spans: pl.DataFrame, vocabulary: Words
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The words of sentences, and the words that are new to the vocabulary.

    `texts`: piece_key, title, text; `spans`: piece_key, sentence, start_char, end_char, by piece and
    sentence, where sentence 0 lies in the title. Returns rows (piece_key, sentence, words: list of
    numbers), without sentences that have no word, and rows (word_key, word, is_function).
    """
    places = spans.group_by("piece_key", maintain_order=True).agg("start_char", "end_char")
    found = [
        _words_and_breaks(title, text, starts, ends)
        for title, text, starts, ends in texts.join(
            places, on="piece_key", how="inner", maintain_order="right"
        )
        .select("title", "text", "start_char", "end_char")
        .iter_rows()
    ]
    numbered = vocabulary.number([[_BREAK], *found])
    breaks = np.flatnonzero(numbered.ids == numbered.ids[0])
    # A break closes each sentence; the first one of all stands before them.
    lengths = np.diff(breaks) - 1
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    values = np.delete(numbered.ids, breaks).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(values))
    rows = spans.select("piece_key", "sentence", words=pl.Series(lists)).filter(
        pl.col("words").list.len() > 0
    )
    new = numbered.new
    return rows, pl.DataFrame(
        {
            "word_key": range(numbered.first_new, numbered.first_new + len(new)),
            "word": new,
            "is_function": [form in FUNCTION_WORDS for form in new],
        },
        schema={"word_key": pl.Int32, "word": pl.String, "is_function": pl.Boolean},
    )


def vocabulary(known: Sequence[str]) -> Words:
    """Words that have a number, in the order of their numbers, to go on from."""
    return Words(MOST_WORDS, dict(zip(known, range(len(known)), strict=True)))


def _words_and_breaks(
    title: str, text: str, starts: Sequence[int], ends: Sequence[int]
) -> list[str]:
    """The words of a piece's sentences, and a break after each sentence."""
    cut = [
        (text if i else title)[start:end]
        for i, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    return words(_BREAK.join([*cut, ""]))


def matches(placed: Sequence[Word], phrase: Sequence[str]) -> list[tuple[int, int]]:
    """Where a phrase stands among the words of a text: [first, last + 1) word numbers, in order."""
    length = len(phrase)
    if not length:
        return []
    forms = [word.form for word in placed]
    wanted = list(phrase)
    return [
        (i, i + length)
        for i in range(len(forms) - length + 1)
        if forms[i] == wanted[0] and forms[i : i + length] == wanted
    ]
