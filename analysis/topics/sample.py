"""Which pieces topics are fitted on."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray


def sample_keys(keys: pl.Series, size: int, seed: int) -> list[int]:
    """`size` distinct keys drawn with `seed`, sorted; all of them when there are no more.

    Each key has its own pseudo-random rank and the lowest are drawn: the order of the keys is
    irrelevant, and a corpus that grows by a twentieth changes about a twentieth of its sample.
    """
    known = np.sort(keys.unique().to_numpy())
    if len(known) <= size:
        return [int(key) for key in known]
    drawn = np.argsort(_ranks(known, seed), kind="stable")[: max(size, 0)]
    return [int(key) for key in np.sort(known[drawn])]


def _ranks(keys: NDArray[np.int64], seed: int) -> NDArray[np.uint64]:
    """splitmix64 of each key, for a stream of its own per seed; arithmetic wraps around."""
    stream = np.random.default_rng(seed).integers(2**63, size=1, dtype=np.uint64)
    mixed = (keys.astype(np.uint64) + stream) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
