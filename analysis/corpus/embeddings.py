"""Static embeddings whose weights ship in a wheel: no download, no torch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 256
VERSION = f"wordllama {version('wordllama')}, {DIMENSIONS} dimensions"

# What a piece is about stands early; static embeddings average over all words.
PIECE_CHARS = 3000


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors [len(texts), 256]; a text without known words gives zeros."""
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    vectors = _model().embed(list(texts), norm=True)
    return np.nan_to_num(np.asarray(vectors, dtype=np.float32))


def embed_pieces(titles: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors [n, 256] of headline and opening of each piece."""
    return embed([f"{t}. {x[:PIECE_CHARS]}" for t, x in zip(titles, texts, strict=True)])


@cache
def _model():  # type: ignore[no-untyped-def]
    import wordllama
    from wordllama import WordLlama

    # The package looks for its tokenizer on a hub unless it is shown its own folder.
    folder = Path(wordllama.__file__).parent
    return WordLlama.load(cache_dir=folder, disable_download=True)
