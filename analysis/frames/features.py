"""What a frame model sees of a sentence: its words and phrases, and a static embedding.

Every sentence of a batch is read once. As a context (of the sentence after it) it is looked at
through other weights, so contexts cost nothing extra.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

VERSION = "1"

Floats = NDArray[np.float64]

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[$%]")

# Terms longer than this are two words at most; a phrase is joined by a blank.
_BLANK = " "


def tokens(text: str) -> list[str]:
    """Lower-case words, whole numbers and the signs $ and %, in order."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


@dataclass(frozen=True)
class Vocabulary:
    """Words and two-word phrases with their inverse document frequencies.

    `terms` holds first all words, then all phrases; `idf` is aligned with it [len(terms)].
    """

    terms: tuple[str, ...]
    idf: Floats
    _words: dict[str, int] = field(init=False, repr=False)
    _pairs: NDArray[np.int64] = field(init=False, repr=False)
    _pair_columns: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words = {term: i for i, term in enumerate(self.terms) if _BLANK not in term}
        phrases = [(i, t.split(_BLANK)) for i, t in enumerate(self.terms) if _BLANK in t]
        codes = np.array([words[a] * len(words) + words[b] for _, (a, b) in phrases], np.int64)
        order = np.argsort(codes)
        object.__setattr__(self, "_words", words)
        object.__setattr__(self, "_pairs", codes[order])
        columns = np.array([i for i, _ in phrases], np.int64)
        object.__setattr__(self, "_pair_columns", columns[order])

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Sublinear tf-idf of each text [len(texts), len(terms)]; rows of length 1 or empty."""
        rows, ids = self._word_ids(texts)
        columns, rows = self._with_phrases(rows, ids)
        size = len(self.terms)
        cells, counts = np.unique(rows * size + columns, return_counts=True)
        rows, columns = np.divmod(cells, size)
        values = (1.0 + np.log(counts)) * self.idf[columns]
        norms = np.sqrt(np.bincount(rows, values * values, minlength=len(texts)))
        starts = np.searchsorted(rows, np.arange(len(texts) + 1))
        return sparse.csr_matrix((values / norms[rows], columns, starts), shape=(len(texts), size))

    def _word_ids(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        lists = [tokens(text) for text in texts]
        lengths = np.fromiter(map(len, lists), np.int64, len(lists))
        known = self._words.get
        ids = np.fromiter(
            (known(token, -1) for token in chain.from_iterable(lists)), np.int64, lengths.sum()
        )
        return np.repeat(np.arange(len(texts)), lengths), ids

    def _with_phrases(
        self, rows: NDArray[np.int64], ids: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        known = ids >= 0
        if not len(self._pairs) or len(ids) < 2:
            return ids[known], rows[known]
        side_by_side = (rows[1:] == rows[:-1]) & known[1:] & known[:-1]
        codes = (ids[:-1] * len(self._words) + ids[1:])[side_by_side]
        places = np.searchsorted(self._pairs, codes).clip(max=len(self._pairs) - 1)
        found = self._pairs[places] == codes
        columns = np.concatenate([ids[known], self._pair_columns[places[found]]])
        return columns, np.concatenate([rows[known], rows[:-1][side_by_side][found]])


def learn_vocabulary(texts: Sequence[str], min_texts: int = 2) -> Vocabulary:
    """Words and phrases that stand in at least `min_texts` of the texts."""
    words: Counter[str] = Counter()
    phrases: Counter[str] = Counter()
    for text in texts:
        found = tokens(text)
        words.update(set(found))
        phrases.update({f"{a}{_BLANK}{b}" for a, b in pairwise(found)})
    kept = [
        *sorted(term for term, n in words.items() if n >= min_texts),
        *sorted(term for term, n in phrases.items() if n >= min_texts),
    ]
    counts = np.array([words.get(term) or phrases[term] for term in kept], np.float64)
    return Vocabulary(tuple(kept), np.log((1 + len(texts)) / (1 + counts)) + 1)
