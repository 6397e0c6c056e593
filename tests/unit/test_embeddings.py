"""Embeddings are those of the library; what is remembered of words changes nothing."""

from pathlib import Path

import numpy as np
import pytest
import wordllama
from wordllama import WordLlama

from analysis.corpus import embeddings
from analysis.corpus.words import Words, spread

TEXTS = [
    "Police said the man, 34, was arrested.",
    "two  blanks",
    " one before",
    "one after ",
    "a\ttab and a\nline",
    "<s>signs</s> and <unk>",
    "\u2581 its own blank \u2581\u2581",
    "مرحبا 🚨 日本語 naïve “quotes”—dash",
    "x" * 300,
]


@pytest.fixture(scope="module")
def library() -> WordLlama:
    return WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)


def test_vectors_are_those_of_the_library(library):
    expected = library.embed(TEXTS, norm=True)
    assert np.allclose(embeddings.embed(TEXTS), expected, atol=1e-6)


def test_an_empty_text_gives_zeros():
    assert not embeddings.embed(["", "Police"])[0].any()
    assert embeddings.embed([]).shape == (0, embeddings.DIMENSIONS)


def test_forgetting_words_changes_nothing(monkeypatch):
    expected = embeddings.embed(TEXTS)
    model = embeddings._model()
    short = embeddings._Model(model.tokenizer, model.vectors, words=Words(15))
    monkeypatch.setattr(embeddings, "_model", lambda: short)
    for _ in range(2):
        for i, text in enumerate(TEXTS):
            assert np.allclose(embeddings.embed([text])[0], expected[i], atol=1e-6)


def test_words_keep_their_numbers_until_there_are_too_many():
    words = Words(4)
    first = words.number([["a", "b"], [], ["a"]])
    assert (first.ids.tolist(), first.ends.tolist()) == ([0, 1, 0], [0, 2, 2, 3])
    assert (first.new, first.first_new) == (["a", "b"], 0)
    second = words.number([["b", "c"]])
    assert (second.ids.tolist(), second.new, second.first_new) == ([1, 2], ["c"], 2)
    third = words.number([["d", "e", "d"]])
    assert (third.ids.tolist(), third.new, third.first_new) == ([0, 1, 0], ["d", "e"], 0)


def test_words_are_replaced_by_what_they_are_made_of():
    starts, values = np.array([0, 2, 2, 3]), np.array([7, 8, 9])
    parts, ends = spread(np.array([0, 2, 1, 0]), np.array([0, 2, 3, 4]), starts, values)
    assert parts.tolist() == [7, 8, 9, 7, 8]
    assert ends.tolist() == [0, 3, 3, 5]
