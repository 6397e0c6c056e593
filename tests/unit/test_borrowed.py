"""Shrunken corrections: between the domain's own and the common one, and covering on the whole."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.measure.borrowed import shrunken


def test_the_better_known_keeps_more_of_its_own() -> None:
    own = np.array([0.2, 0.2, -0.1, -0.1])
    mean, variance, weight = shrunken(own, np.array([1e-4, 4e-2, 1e-4, 4e-2]))
    assert weight[0] > weight[1]
    assert mean[1] < mean[0] <= 0.2
    assert variance[0] < variance[1]


def test_a_domain_without_codes_gets_the_common_correction_and_says_so() -> None:
    own = np.array([0.05, 0.07, 0.06, 0.05, 0.07, np.nan])
    mean, variance, weight = shrunken(own, np.full(6, 4e-4))
    assert weight[5] == 0
    assert mean[5] == pytest.approx(0.06, abs=0.005)
    assert variance[5] > variance[:5].max()


@pytest.mark.parametrize("own", [[np.nan, np.nan], [0.1, np.nan], [0.1]])
def test_one_domain_can_borrow_from_none(own: list[float]) -> None:
    assert all(np.isnan(part).all() for part in shrunken(np.array(own), np.full(len(own), 0.01)))


@pytest.mark.parametrize("tau", [0.0, 0.05, 0.12])
def test_intervals_cover_on_average_over_domains(tau: float) -> None:
    rng = np.random.default_rng(4)
    covered = []
    for _ in range(300):
        truth = 0.03 + tau * rng.normal(size=9)
        variance = rng.uniform(0.02, 0.12, 9) ** 2
        own = truth + rng.normal(size=9) * np.sqrt(variance)
        mean, spread, _ = shrunken(own, variance)
        covered.append(np.abs(mean - truth) <= 1.96 * np.sqrt(spread))
        assert np.sqrt(spread).mean() <= np.sqrt(variance).mean() * 1.1
    assert np.mean(covered) >= 0.935
