"""Words of headlines and openings as weighted sparse rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from analysis.corpus.stories import settings
from analysis.corpus.words import Words

# "U.S." and "don't" are one word each.
_WORD = r"[\p{L}\p{M}\p{N}]+(?:['.][\p{L}\p{M}\p{N}]+)*"

# Texts cut into words at once, and words of a corpus at most: bounds memory.
_TEXTS_AT_ONCE = 2000
_MOST_WORDS = 20_000_000


@dataclass(frozen=True)
class Rows:
    """One row of unit length per text over the same words; a text without words is all zeros."""

    title: sparse.csr_matrix
    lead: sparse.csr_matrix
    body: sparse.csr_matrix


def rows(texts: pl.DataFrame, background: pl.DataFrame) -> Rows:
    """Weighted words of `texts` [title, text], in their order.

    A word weighs (1 + log of its count) * log(1 / share of texts that have it); the share is the
    larger of the one in `background` [word, share] and the one counted here. In lead and body the
    headline counts twice.
    """
    words = Words(_MOST_WORDS)
    title = _counts(words, texts["title"])
    lead = _counts(words, texts["text"].str.slice(0, settings.LEAD_CHARS))
    body = _counts(words, texts["text"].str.slice(0, settings.BODY_CHARS))
    title, lead, body = (_widened(part, len(words.known)) for part in (title, lead, body))
    body = body + 2 * title
    weights = _weights(list(words.known), body, background)
    return Rows(
        title=_weighted(title, weights),
        lead=_weighted(lead + 2 * title, weights),
        body=_weighted(body, weights),
    )


def words_of(text: pl.Series) -> pl.Series:
    """The words of each text as they are compared: lower case, without a genitive's 's."""
    plain = text.str.to_lowercase().str.replace_all("’", "'", literal=True)
    return plain.str.extract_all(_WORD).list.eval(pl.element().str.strip_suffix("'s"))


def _counts(words: Words, text: pl.Series) -> sparse.csr_matrix:
    """How often each text has each word, [texts, words known by then]."""
    parts = []
    for start in range(0, len(text), _TEXTS_AT_ONCE):
        numbered = words.number(words_of(text.slice(start, _TEXTS_AT_ONCE)).to_list())
        parts.append(
            sparse.csr_matrix(
                (np.ones(len(numbered.ids), np.float32), numbered.ids, numbered.ends),
                shape=(len(numbered.ends) - 1, len(words.known)),
            )
        )
        parts[-1].sum_duplicates()
    return sparse.vstack([_widened(part, len(words.known)) for part in parts], format="csr")


def _widened(part: sparse.csr_matrix, columns: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((part.data, part.indices, part.indptr), shape=(part.shape[0], columns))


def _weights(
    known: list[str], body: sparse.csr_matrix, background: pl.DataFrame
) -> NDArray[np.float32]:
    """The weight of each word; 0 where it says nothing of an event."""
    counted = np.bincount(body.indices, minlength=len(known)) / (body.shape[0] + settings.UNSEEN)
    elsewhere = dict(background.iter_rows())
    told = np.array([elsewhere.get(word, settings.RARE) for word in known])
    share = np.maximum(counted, told)
    return np.where(share > settings.MOST_SHARE, 0, -np.log(share)).astype(np.float32)


def _weighted(counts: sparse.csr_matrix, weights: NDArray[np.float32]) -> sparse.csr_matrix:
    made = counts.copy()
    made.data = (1 + np.log(made.data)) * weights[made.indices]
    made.eliminate_zeros()
    length = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    made.data /= np.repeat(length, np.diff(made.indptr))
    return made
