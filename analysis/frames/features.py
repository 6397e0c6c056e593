"""What a frame model sees of a sentence: words and phrases, and static embeddings.

It looks at the sentence itself, at its context (the headline or, without one, the sentence before)
and at the piece as a whole. Every sentence of a batch is read once; context and piece are put
together from what was read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.corpus.words import Numbered, Words, spread

VERSION = "2"

Floats = NDArray[np.float64]

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[$%]")

# Words whose tokens are remembered.
MOST_WORDS = 300_000

# Terms longer than this are two words at most; a phrase is joined by a blank.
_BLANK = " "


def tokens(text: str) -> list[str]:
    """Lower-case words, whole numbers and the signs $ and %, in order."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


@dataclass
class _Read:
    """Words between blanks that were read before: word w has the terms ids[starts[w]:starts[w + 1]].

    An id of -1 is a token that is not in the vocabulary.
    """

    words: Words = field(default_factory=lambda: Words(MOST_WORDS))
    starts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    ids: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def add(self, read: Numbered, known: Mapping[str, int]) -> None:
        lists = [tokens(word) for word in read.new]
        kept = self.starts[: read.first_new + 1]
        lengths = np.fromiter(map(len, lists), np.int64, len(lists))
        new = np.fromiter(
            (known.get(token, -1) for token in chain.from_iterable(lists)), np.int64, lengths.sum()
        )
        self.starts = np.concatenate([kept, kept[-1] + np.cumsum(lengths)])
        self.ids = np.concatenate([self.ids[: kept[-1]], new])


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
    _seen: _Read = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = {term: i for i, term in enumerate(self.terms) if _BLANK not in term}
        phrases = [(i, t.split(_BLANK)) for i, t in enumerate(self.terms) if _BLANK in t]
        codes = np.array([words[a] * len(words) + words[b] for _, (a, b) in phrases], np.int64)
        order = np.argsort(codes)
        object.__setattr__(self, "_words", words)
        object.__setattr__(self, "_pairs", codes[order])
        columns = np.array([i for i, _ in phrases], np.int64)
        object.__setattr__(self, "_pair_columns", columns[order])
        object.__setattr__(self, "_seen", _Read())

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
        # No token reaches across a blank, so what a word is made of is worked out once.
        read = self._seen.words.number([text.split(_BLANK) for text in texts])
        self._seen.add(read, self._words)
        ids, ends = spread(read.ids, read.ends, self._seen.starts, self._seen.ids)
        return np.repeat(np.arange(len(texts)), np.diff(ends)), ids

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


@dataclass(frozen=True)
class Seen:
    """What is seen of sentences [n] that lie piece by piece, P pieces.

    `terms` [n, T] and `vectors` [n, D] of the sentences; `context` [n] the row of each one's
    context or -1; `piece` [n] its piece; `piece_terms` [P, T] and `piece_vectors` [P, D] the sums
    over a piece's rows, of length 1 or 0.
    """

    terms: sparse.csr_matrix
    vectors: Floats
    context: NDArray[np.int64]
    piece: NDArray[np.int64]
    piece_terms: sparse.csr_matrix
    piece_vectors: Floats

    @classmethod
    def of(cls, terms: sparse.csr_matrix, vectors: Floats, starts: NDArray[np.int64]) -> Seen:
        """Puts context and piece together; starts [P + 1], the first row of each is a headline."""
        lengths = np.diff(starts)
        piece = np.repeat(np.arange(len(lengths)), lengths)
        member = sparse.csr_matrix(
            (np.ones(len(piece)), (piece, np.arange(len(piece)))), shape=(len(lengths), len(piece))
        )
        silent = np.diff(terms.indptr)[starts[:-1]] == 0
        silent &= ~vectors[starts[:-1]].any(axis=1)
        return cls(
            terms,
            vectors,
            contexts(starts, silent),
            piece,
            _normed(member @ terms),
            _normed(member @ vectors),
        )


def contexts(starts: NDArray[np.int64], untitled: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The row of each sentence's context [starts[-1]], or -1 for none.

    `untitled` [P] says which pieces have no headline.
    """
    lengths = np.diff(starts)
    rows = np.arange(starts[-1])
    headline = np.repeat(starts[:-1], lengths)
    bare = np.repeat(untitled, lengths)
    context = np.where(bare, rows - 1, headline)
    # A headline has no context, nor has the first sentence below an empty one.
    context[(rows == headline) | (bare & (rows == headline + 1))] = -1
    return context


def _normed(rows: Any) -> Any:
    """Rows of length 1; empty ones stay empty."""
    if sparse.issparse(rows):
        length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
        return sparse.csr_matrix(sparse.diags(scale) @ rows)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)


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
