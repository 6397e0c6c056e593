"""The score interval of a difference: published values, symmetry, coverage where counts are small."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from analysis.measure.score_difference import score_interval

Z = 1.959963984540054


def interval(k: int, n: int, other: int, m: int) -> tuple[float, float]:
    sides = [np.array([v], float) for v in (k / n, n, other / m, m, Z)]
    low, high = score_interval(*sides)
    return float(low[0]), float(high[0])


@pytest.mark.parametrize(
    ("counts", "published"),
    # Newcombe 1998, Statistics in Medicine 17:873, table II, Mee's method.
    [
        ((56, 70, 48, 80), (0.0533, 0.3377)),
        ((9, 10, 3, 10), (0.1821, 0.8370)),
        ((5, 56, 0, 29), (-0.0313, 0.1926)),
        ((10, 10, 0, 20), (0.7225, 1.0)),
    ],
)
def test_published_intervals(
    counts: tuple[int, int, int, int], published: tuple[float, float]
) -> None:
    assert interval(*counts) == pytest.approx(published, abs=5e-4)


def test_turned_round_it_changes_signs() -> None:
    low, high = interval(9, 40, 40, 90)
    assert interval(40, 90, 9, 40) == pytest.approx((-high, -low), abs=1e-9)


def test_what_is_unknown_stays_unknown() -> None:
    low, high = score_interval(*(np.array([v]) for v in (np.nan, 5.0, 0.2, 10.0, Z)))
    assert np.isnan(low).all()
    assert np.isnan(high).all()


@pytest.mark.parametrize(("p", "q"), [(0.1, 0.06), (0.3, 0.18), (0.6, 0.36), (0.1, 0.1)])
@pytest.mark.parametrize("n", [50, 100])
def test_exact_coverage(p: float, q: float, n: int) -> None:
    count = np.arange(n + 1)
    one, two = (grid.ravel() / n for grid in np.meshgrid(count, count, indexing="ij"))
    size = np.full(one.shape, float(n))
    low, high = score_interval(one, size, two, size, np.full(one.shape, Z))
    chance = np.outer(binom.pmf(count, n, p), binom.pmf(count, n, q)).ravel()
    assert 0.94 <= chance[(low <= p - q) & (p - q <= high)].sum() <= 0.965
