"""The compact tf-idf equals scikit-learn's on the same tokens."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.frames.features import Vocabulary, learn_vocabulary, tokens

TEXTS = [
    "Police stopped the drivers, police said.",
    "The drivers said that the police stopped them 3 times.",
    "Nothing here.",
    "",
    "Residents don’t trust the police; the drivers don't either.",
]


def test_tokens_are_words_numbers_and_signs():
    assert tokens("He DIDN’T pay $1,200 (5%).") == [
        "he",
        "didn't",
        "pay",
        "$",
        "1",
        "200",
        "5",
        "%",
    ]


def test_matrix_is_scikit_learns():
    reference = TfidfVectorizer(
        tokenizer=tokens, token_pattern=None, lowercase=False, ngram_range=(1, 2), min_df=2,
        sublinear_tf=True,
    )  # fmt: skip
    expected = reference.fit_transform(TEXTS)
    vocabulary = learn_vocabulary(TEXTS)
    assert sorted(vocabulary.terms) == sorted(reference.vocabulary_)
    order = [reference.vocabulary_[term] for term in vocabulary.terms]
    found = vocabulary.matrix(TEXTS).toarray()
    assert found == pytest.approx(expected.toarray()[:, order])


def test_phrases_do_not_cross_texts_or_unknown_words():
    vocabulary = Vocabulary(("a", "b", "a b"), np.ones(3))
    found = vocabulary.matrix(["a x b", "a", "b", "a b"]).toarray() > 0
    assert found[:, 2].tolist() == [False, False, False, True]


def test_no_texts_and_no_phrases_are_fine():
    vocabulary = Vocabulary(("a", "b"), np.ones(2))
    assert vocabulary.matrix([]).shape == (0, 2)
    assert vocabulary.matrix(["", "zzz"]).nnz == 0
