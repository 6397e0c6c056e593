"""Krippendorff's alpha of many resamples at once, from how often each value was given to a unit.

A unit with m codes adds its pairs of codes to the coincidences with weight 1 / (m - 1)
(Krippendorff 2019, "Content Analysis", chapter 12), so that a resample's alpha needs of each unit
only how often it was drawn. Units with the same codes are interchangeable and are drawn together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Level = Literal["nominal", "ordinal", "interval"]
Floats = NDArray[np.float64]

# Cells in memory at once while resamples are drawn.
_CELLS = 4_000_000


def alphas(counts: Floats, values: Sequence[Any], level: Level, times: Floats) -> Floats:
    """Alpha of each resample [B]; NaN where it used one value only.

    `counts` [U, V] tells how many codes of a unit are the v-th value, at least two in each row;
    `values` [V] are in their order, and numbers for "interval"; `times` [B, U] tells how often a
    resample drew a unit.
    """
    codes = counts.sum(axis=1)
    used = times @ counts
    total = used.sum(axis=1)
    if level == "nominal":
        observed = times @ ((codes**2 - (counts**2).sum(axis=1)) / (codes - 1))
        expected = total**2 - (used**2).sum(axis=1)
    else:
        places = _places(used, values, level)
        spread = codes * (places**2 @ counts.T) - (places @ counts.T) ** 2
        observed = 2 * (times * spread / (codes - 1)).sum(axis=1)
        expected = 2 * (total * (used * places**2).sum(axis=1) - (used * places).sum(axis=1) ** 2)
    found = np.full(len(times), np.nan)
    known = (used > 0).sum(axis=1) > 1
    found[known] = 1 - (total[known] - 1) * observed[known] / expected[known]
    return found


def _places(used: Floats, values: Sequence[Any], level: Level) -> Floats:
    """Where the values lie, so that the metric is the squared distance: [B or 1, V].

    The ordinal metric is the squared difference of midranks.
    """
    if level == "interval":
        places = np.asarray(values, np.float64)[np.newaxis]
        return np.asarray(places - places.mean(), np.float64)
    return np.asarray(used.cumsum(axis=1) - (used + used.sum(axis=1, keepdims=True)) / 2)


def resampled(
    counts: Floats, values: Sequence[Any], level: Level, *, resamples: int, seed: int
) -> Floats:
    """Alpha of `resamples` samples of units drawn with replacement (Efron 1979), in random order.

    Arguments as for `alphas`.
    """
    patterns, number = np.unique(counts, axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    step = max(1, _CELLS // len(patterns))
    return np.concatenate(
        [
            alphas(
                patterns,
                values,
                level,
                rng.multinomial(
                    len(counts), number / len(counts), size=min(step, resamples - start)
                ).astype(np.float64),
            )
            for start in range(0, resamples, step)
        ]
    )
