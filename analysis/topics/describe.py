"""What a topic is about, in ten words and in a label of three."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from analysis.topics.noise import WORDS as NOISE

WORDS = 10
LABEL_WORDS = 3

# What a piece is about stands early; a long one should not outweigh ten short ones.
_CHARS = 1500
_CANDIDATES = 60
# A word that mostly occurs in one phrase is shown as that phrase.
_PHRASE_SHARE = 0.5
# "mitt" is hardly seen without "romney": the two are a name, if the topic uses it often enough.
_BOUND_SHARE = 0.7
_NAME_SHARE = 0.15

_CLUTTER = re.compile(r"<[^>]*>|https?://\S+|www\.\S+|\S+@\S+|&\w+;|\b\d+(?:st|nd|rd|th|s)\b")
_STATUTE = re.compile(r"\b(\d+)\((\w)\)")
_POSSESSIVE = re.compile(r"['\u2019](?:s\b|\b)")
# At least two signs, one of them a letter.
_TOKEN = r"(?u)\b(?=\w*[^\W\d_])\w\w+\b"


@dataclass(frozen=True)
class Vocabulary:
    """Terms [v] that enough pieces use, and how often each piece does [n, v]."""

    terms: list[str]
    counts: csr_matrix


def documents(texts: pl.DataFrame) -> list[str]:
    """Headline and opening of each piece of `texts` [piece_key, title, text], without clutter."""
    return [
        _POSSESSIVE.sub("", _STATUTE.sub(r"\1\2", _CLUTTER.sub(" ", f"{title}. {text[:_CHARS]}")))
        for title, text in texts.select("title", "text").iter_rows()
    ]


def vocabulary(docs: Sequence[str]) -> Vocabulary:
    """The words and two-word phrases of the documents, without stop words and noise.

    Rare terms are left out; a corpus without any usable word has an empty vocabulary.
    """
    least = max(2, min(10, len(docs) // 200))
    try:
        model = vectorizer(min_df=least)
        counts = model.fit_transform(docs)
    except ValueError:  # sklearn's answer to documents of stop words only
        return Vocabulary([], csr_matrix((len(docs), 0)))
    return Vocabulary(list(model.get_feature_names_out()), counts)


def vectorizer(**options: Any) -> Any:
    """A CountVectorizer with this project's tokens and stop words."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

    return CountVectorizer(
        ngram_range=(1, 2),
        token_pattern=_TOKEN,
        stop_words=sorted(ENGLISH_STOP_WORDS | NOISE),
        **options,
    )


def words_of(
    scores: NDArray[np.float64], counts: NDArray[np.float64], terms: Sequence[str]
) -> list[str]:
    """Up to WORDS terms of one topic, best first, without near-repeats.

    `scores` [v] are its c-TF-IDF weights, `counts` [v] its counts.
    """
    order = np.argsort(-scores, kind="stable")[:_CANDIDATES]
    best = [int(i) for i in order if scores[i] > 0]
    count = {terms[i]: float(counts[i]) for i in np.flatnonzero(counts).tolist()}
    phrases = [terms[i] for i in best if " " in terms[i]]
    single = {terms[i] for i in best if " " not in terms[i]}
    chosen: list[str] = []
    for i in best:
        term = _fullest(terms[i], phrases, count)
        if _adds(term, chosen, single):
            chosen.append(term)
        if len(chosen) == WORDS:
            break
    return chosen


def labels_of(words: Sequence[Sequence[str]], docs: Sequence[str]) -> list[str]:
    """A unique label per topic: three terms as they are mostly written, else in Title Case."""
    written = _spellings({token for own in words for term in own for token in term.split()}, docs)
    found: list[str] = []
    for number, own in enumerate(words, start=1):
        shown = [
            " ".join(written.get(t, t.title()) for t in term.split()) for term in _label_terms(own)
        ]
        label = " · ".join(shown[:LABEL_WORDS]) or f"Topic {number}"
        for extra in shown[LABEL_WORDS:]:
            if label not in found:
                break
            label = " · ".join([*shown[: LABEL_WORDS - 1], extra])
        while label in found:
            label = f"{label} ({number})"
        found.append(label)
    return found


def _label_terms(words: Sequence[str]) -> list[str]:
    """The words in order, those that share a token with an earlier one last."""
    apart: list[str] = []
    for term in words:
        known = [token for other in apart for token in other.split()]
        if not any(_same(token, other) for token in term.split() for other in known):
            apart.append(term)
    return [*apart, *(term for term in words if term not in apart)]


def _fullest(term: str, phrases: Sequence[str], count: dict[str, float]) -> str:
    """The phrase that a word mostly stands in, or that is a name with it; else the word."""
    if " " in term:
        return term
    for phrase in sorted((p for p in phrases if term in p.split()), key=lambda p: -count[p]):
        other = next((token for token in phrase.split() if token != term), term)
        whole = count[phrase] >= _PHRASE_SHARE * count[term]
        bound = count[phrase] >= _BOUND_SHARE * count.get(other, np.inf)
        if whole or (bound and count[phrase] >= _NAME_SHARE * count[term]):
            return phrase
    return term


def _adds(term: str, chosen: Sequence[str], single: set[str]) -> bool:
    """Whether a term says what the chosen ones do not.

    A phrase around a known word has to bring a word that counts by itself.
    """
    known = [token for other in chosen for token in other.split()]
    tokens = term.split()
    fresh = [token for token in tokens if not any(_same(token, other) for other in known)]
    return bool(fresh) and (len(fresh) == len(tokens) or all(token in single for token in fresh))


def _same(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    grown = len(short) >= 4 and long.startswith(short[:-1]) and len(long) <= len(short) + 3
    return a == b or grown or (len(short) >= 5 and long.endswith(short))


def _spellings(tokens: set[str], docs: Sequence[str]) -> dict[str, str]:
    """How each token is mostly written, where that is neither all small nor unknown."""
    if not tokens:
        return {}
    counted = (
        pl.DataFrame({"token": list(docs)})
        .select(pl.col("token").str.extract_all(r"[\p{L}\p{N}_]+").explode().drop_nulls())
        .with_columns(small=pl.col("token").str.to_lowercase())
        .filter(pl.col("small").is_in(sorted(tokens)))
        .group_by("small", "token")
        .len()
        .sort("small", "len", "token", descending=[False, True, False])
        .unique("small", keep="first", maintain_order=True)
        .filter(pl.col("token") != pl.col("small"))
    )
    return dict(counted.select("small", "token").iter_rows())
