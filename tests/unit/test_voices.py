"""Quotations: what is found in planted passages, and what always holds of offsets."""

from __future__ import annotations

import itertools
import os
import random
import time
from pathlib import Path

import pytest

from analysis.corpus.sentences import spans_of
from analysis.corpus.voices import Quotation, extract, extract_piece, load, roles, sentence_roles
from tests.bench import voices as bench
from tests.support.voices_planted import PLANTED

LEXICON = load({}, {})


def found(text: str) -> list[Quotation]:
    return extract(text, spans_of(text), LEXICON)


def told(text: str) -> list[tuple[str, str, str, str]]:
    return [
        ("*" * one.nested + one.kind[0], text[one.start : one.end], one.name, one.role)
        for one in found(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"), [(t, e) for _, t, e in PLANTED], ids=[n for n, *_ in PLANTED]
)
def test_each_construction(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert told(text) == expected


def holds(text: str, quotations: list[Quotation]) -> None:
    """Spans lie in the text and in one another, or apart; cues and speakers are words of it."""
    for one in quotations:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == text[one.start : one.end].strip()
        assert one.role in roles()
        for span in (one.cue, one.speaker):
            assert span is None or (0 <= span[0] < span[1] <= len(text))
    ends = [(one.start, one.end, one.kind, one.nested) for one in quotations]
    assert ends == sorted(ends, key=lambda span: (span[0], -span[1]))
    for (_a, b, kind, _), (c, d, other, nested) in itertools.pairwise(ends):
        assert c >= b or (kind, other, nested) == ("reported", "direct", True)
        assert c >= b or d <= b


def test_offsets_hold_for_any_text() -> None:
    pieces = [
        "Mayor Ana Diaz", "said", "that", "“", "”", '"', "'", ",", ".", "\n", "he", "the sheriff",
        "according to", "the vote was void", "told reporters", "(", ")", "—", "who", "and", "but",
        "adding", "Rosa Vega, a nurse,", ":", "!", "the U.S.", "O’Neil’s", "\n\n", "29", "not",
    ]  # fmt: skip
    draw = random.Random(5)
    for _ in range(600):
        text = " ".join(draw.choices(pieces, k=draw.randrange(1, 60))).strip()
        holds(text, found(text))


def test_planted_passages_hold_together() -> None:
    text = "\n".join(passage for _, passage, _ in PLANTED)
    holds(text, found(text))


def test_every_closed_pair_of_a_sentence_is_a_quotation() -> None:
    sentences = [f'"The {word} was closed at noon," said Rosa Vega.' for word in "abcdefgh"]
    text = " ".join(sentences)
    direct = [one for one in found(text) if one.kind == "direct"]
    assert [text[one.start - 1] + text[one.end] for one in direct] == ['""'] * len(sentences)


def test_empty_and_blank() -> None:
    assert found("") == []
    assert found(" \n ") == []
    assert extract_piece("", "", [], LEXICON) == []


def test_the_headline_knows_the_names_of_the_text() -> None:
    text = "Sheriff Lou Park signed on Friday."
    title = "'The jail is full,' Park says"
    quotations = extract_piece(title, text, spans_of(text), LEXICON)
    assert [
        (one.sentence, title[one.start : one.end], one.name, one.role) for one in quotations
    ] == [(0, "The jail is full,", "Lou Park", "police")]


def test_a_sentence_of_own_words_has_no_role() -> None:
    text = (
        "The council met on Friday. “It was long,” said Rosa Vega, a nurse, who had come with her "
        "two sons and a friend from the street behind the hall.\nPolice said two men ran to it."
    )
    spans = spans_of(text)
    assert sentence_roles(spans, found(text)) == [(3, "police")]


def test_a_projects_own_words_win() -> None:
    text = "The harbor panel said the pier was safe. Manny Ruiz said it was not safe."
    own = load({"Manny Ruiz": "advocate"}, {"harbor panel": "official"})
    quotations = extract(text, spans_of(text), own)
    assert [one.role for one in quotations] == ["official", "advocate"]
    assert [one.role for one in found(text)] == ["other", "other"]
    assert own.version != LEXICON.version


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "“",
        "”",
        '" ',
        "'a ",
        "he said ",
        "according to ",
        "“ a\n",
        "said, ",
        "Bob, a man, ",
        "—",
    ],
)
def test_time_is_linear(text: str) -> None:
    """Ten times the text takes about ten times as long, whatever it is made of."""
    seconds = []
    for size in (5_000, 50_000):
        whole = text * (size // len(text))
        spans = spans_of(whole)
        started = time.process_time()
        holds(whole, extract(whole, spans, LEXICON))
        seconds.append(time.process_time() - started)
    assert seconds[1] < 25 * seconds[0] + 0.5


@pytest.mark.skipif("FRAMESCOPE_REAL_DATA" not in os.environ, reason="real data are not here")
def test_figures_on_coded_sentences() -> None:
    figures = bench.measure(Path(os.environ["FRAMESCOPE_REAL_DATA"])).as_dict()
    assert figures["sentences"] == 150
    assert figures["f1"] >= 0.90
    assert figures["speaker"] >= 0.80
    assert figures["role"] >= 0.80
