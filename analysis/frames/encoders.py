"""What turns sentences into vectors for a frame model: static embeddings, or these and MiniLM."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.corpus import embeddings, minilm

Floats = NDArray[np.float64]

STATIC = "static"
MINILM = "minilm"
ENCODERS = (STATIC, MINILM)

# Beside static vectors, which say much the same, MiniLM's weigh so much.
WEIGHT = 1.5

# No more of a sentence or a headline than this is read: embeddings are padded to the longest text
# of a batch, so one endless line would take gigabytes.
READ_CHARS = 2000


def encode(encoder: str, sentences: Sequence[str]) -> Floats:
    """A vector per sentence [n, D]; zeros for an empty one.

    Raises ModelError when the encoder needs the extra and that is not installed.
    """
    # A blank instead of nothing: the mean is over a text's tokens.
    cut = [sentence[:READ_CHARS] or " " for sentence in sentences]
    vectors = embeddings.embed(cut).astype(np.float64)
    if encoder == MINILM:
        vectors = np.hstack([vectors, WEIGHT * minilm.embed(cut).astype(np.float64)])
    vectors[[not sentence.strip() for sentence in cut]] = 0.0
    return vectors


def version_of(encoder: str) -> str:
    """Changes when the same sentence would get another vector."""
    if encoder == MINILM:
        return f"{embeddings.VERSION}; {minilm.told_version()}"
    return embeddings.VERSION
