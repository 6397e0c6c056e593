"""Static embeddings whose weights ship in a wheel: no download, no torch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.corpus.words import Words

DIMENSIONS = 256
VERSION = f"wordllama {version('wordllama')}, {DIMENSIONS} dimensions"

# What a piece is about stands early; static embeddings average over all words.
PIECE_CHARS = 3000

# Words whose vectors are remembered, 150 MB.
MOST_WORDS = 150_000

# The tokenizer's own signs, and blanks that its tokens may join across words.
_ACROSS_WORDS = re.compile("^ | $|  |<unk>|</?s>|\u2581")


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors [len(texts), 256], the direction of the mean over a text's tokens.

    A text without known words gives zeros. The same as WordLlama.embed to rounding, at a
    fraction of the time: a word is read once and not in every text.
    """
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    sums = _model().sums(texts)
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    vectors: NDArray[np.float32] = np.divide(
        sums, length, out=np.zeros_like(sums), where=length > 0
    )
    return vectors


def embed_pieces(titles: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors [n, 256] of headline and opening of each piece."""
    return embed([f"{t}. {x[:PIECE_CHARS]}" for t, x in zip(titles, texts, strict=True)])


@dataclass
class _Model:
    """The tokenizer, a vector for each of its tokens [V, 256], and one for each word seen."""

    tokenizer: Any
    vectors: NDArray[np.float32]
    words: Words = field(default_factory=lambda: Words(MOST_WORDS))
    of_words: NDArray[np.float32] = field(
        default_factory=lambda: np.zeros((0, DIMENSIONS), np.float32)
    )

    def sums(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Sums of the vectors of each text's tokens. None reaches across a single blank."""
        read = self.words.number(
            [[text] if _ACROSS_WORDS.search(text) else text.split(" ") for text in texts]
        )
        end = read.first_new + len(read.new)
        if end > len(self.of_words):
            room = np.zeros((max(2 * len(self.of_words), end) - len(self.of_words), DIMENSIONS))
            self.of_words = np.concatenate([self.of_words, room.astype(np.float32)])
        self.of_words[read.first_new : end] = self._vectors_of(read.new)
        return _summed(read.ids, read.ends, self.of_words)

    def _vectors_of(self, words: list[str]) -> NDArray[np.float32]:
        encoded = self.tokenizer.encode_batch_fast(words, add_special_tokens=False)
        ids = [one.ids for one in encoded]
        ends = np.concatenate([[0], np.cumsum([len(one) for one in ids])]).astype(np.int64)
        return _summed(np.fromiter(chain.from_iterable(ids), np.int64), ends, self.vectors)


def _summed(
    ids: NDArray[np.int64], ends: NDArray[np.int64], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    ones = np.ones(len(ids), np.float32)
    chosen = sparse.csr_matrix((ones, ids, ends), shape=(len(ends) - 1, len(vectors)))
    return np.asarray(chosen @ vectors, dtype=np.float32)


@cache
def _model() -> _Model:
    import wordllama
    from tokenizers import Tokenizer
    from wordllama import WordLlama

    # The package looks for its tokenizer on a hub unless it is shown its own folder.
    folder = Path(wordllama.__file__).parent
    loaded = WordLlama.load(cache_dir=folder, disable_download=True)
    tokenizer = Tokenizer.from_str(loaded.tokenizer.to_str())
    tokenizer.no_padding()
    return _Model(tokenizer, loaded.embedding)
