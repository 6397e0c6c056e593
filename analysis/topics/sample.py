"""Which pieces topics are fitted on."""

from __future__ import annotations

import numpy as np
import polars as pl


def sample_keys(keys: pl.Series, size: int, seed: int) -> list[int]:
    """`size` distinct keys drawn with `seed`, sorted; all of them when there are no more.

    The draw depends on the set of keys, not on their order.
    """
    known = np.sort(keys.unique().to_numpy())
    if len(known) <= size:
        return [int(key) for key in known]
    drawn = np.random.default_rng(seed).choice(known, size=max(size, 0), replace=False)
    return [int(key) for key in np.sort(drawn)]
