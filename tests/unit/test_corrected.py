"""Corrected shares: right whatever the scores are, as wide as they have to be, PPI++ where designs meet."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate

from analysis.measure.corrected import corrected, moments

RNG = np.random.default_rng(11)


def coded(
    y: np.ndarray, score: np.ndarray, weight: float | np.ndarray, stratum: object = "all"
) -> pl.DataFrame:
    return pl.DataFrame({"y": y.astype(float), "score": score}).with_columns(
        frame=pl.lit("f"),
        weight=pl.lit(weight) if isinstance(weight, float) else pl.Series(weight),
        stratum=pl.lit(stratum) if isinstance(stratum, str) else pl.Series(stratum),
        coders=pl.lit(1),
        spread=pl.lit(None, pl.Float64),
    )


def whole(score: np.ndarray, clustering: float = 1.0) -> pl.DataFrame:
    return pl.DataFrame(
        {"frame": ["f"], "n": [score.size], "score_sum": [score.sum()], "clustering": [clustering]}
    )


def corpus(n: int, share: float, quality: float) -> tuple[np.ndarray, np.ndarray]:
    truth = RNG.random(n) < share
    score = np.clip(quality * truth + (1 - quality) * RNG.random(n), 0, 1)
    return truth.astype(float), score


def one(table: pl.DataFrame) -> dict[str, float]:
    return table.row(0, named=True)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.7])
@pytest.mark.parametrize("quality", [0.2, 0.6])
@pytest.mark.parametrize("lam", [None, 0.0, 0.4, 1.0])
def test_the_mean_is_that_of_ppi_plus_plus(share: float, quality: float, lam: float | None) -> None:
    """Where labelled pieces are a simple sample apart from the others, weighted alike."""
    y, labelled = corpus(180, share, quality)
    _, apart = corpus(2200, share, quality)
    theirs = float(ppi_mean_pointestimate(y, labelled, apart, lam=lam)[0])
    used = lam
    if used is None:
        # The lambda that they chose, from the two points that it lies between.
        at_0, at_1 = (
            float(ppi_mean_pointestimate(y, labelled, apart, lam=v)[0]) for v in (0.0, 1.0)
        )
        used = (theirs - at_0) / (at_1 - at_0)
    ours = one(corrected(whole(apart), coded(y, labelled, 1e15), lam=used))
    assert ours["corrected"] == pytest.approx(theirs, abs=1e-8)


def test_the_variance_is_that_of_ppi_plus_plus() -> None:
    """Theirs divides by n where the unbiased variance divides by n - 1."""
    y, labelled = corpus(150, 0.3, 0.5)
    apart = np.full(10**6, 0.4)
    low, high = ppi_mean_ci(y, labelled, apart, alpha=0.05, lam=0.7)
    theirs = ((high[0] - low[0]) / 2 / 1.959963984540054) ** 2
    found = one(moments(coded(y, labelled, 1e15), ["frame"]))
    ours = found["s_yy"] - 1.4 * found["s_ym"] + 0.49 * found["s_mm"]
    assert ours * 149 / 150 == pytest.approx(theirs, rel=1e-8)


def test_a_census_is_exact() -> None:
    y, score = corpus(400, 0.3, 0.1)
    found = one(corrected(whole(score), coded(y, score, 1.0), census=True))
    assert found["corrected"] == pytest.approx(y.mean(), abs=1e-12)
    assert found["corrected_low"] == pytest.approx(y.mean(), abs=1e-12)
    assert found["corrected_high"] == pytest.approx(y.mean(), abs=1e-12)
    sampled = one(corrected(whole(score), coded(y, score, 1.0)))
    assert sampled["corrected_low"] < y.mean() < sampled["corrected_high"]


@pytest.mark.parametrize("quality", [0.0, 0.5, 0.95])
def test_bad_scores_widen_and_never_bias(quality: float) -> None:
    n, many, runs = 600, 120, 400
    y, score = corpus(n, 0.3, quality)
    wrong = np.clip(score + 0.25, 0, 1)
    codes, frames = [], []
    for run in range(runs):
        chosen = RNG.permutation(n)[:many]
        codes.append(coded(y[chosen], wrong[chosen], n / many).with_columns(frame=pl.lit(str(run))))
        frames.append(str(run))
    population = pl.concat([whole(wrong)] * runs).with_columns(frame=pl.Series(frames))
    found = corrected(population, pl.concat(codes), census=True)
    error = found["corrected"] - y.mean()
    assert abs(error.mean()) < 3.5 * error.std() / np.sqrt(runs)  # type: ignore[operator,arg-type]
    covered = found.select(pl.lit(y.mean()).is_between("corrected_low", "corrected_high").mean())
    assert 0.92 <= covered.item() <= 0.985
    alone = corrected(population, pl.concat(codes), census=True, lam=0.0)
    width = pl.col("corrected_high") - pl.col("corrected_low")
    ratio = found.select(width.mean()).item() / alone.select(width.mean()).item()
    assert ratio <= 1.02
    if quality > 0.9:
        assert ratio < 0.5


def test_strata_drawn_at_other_rates_are_weighed() -> None:
    n = 1000
    score = np.concatenate([np.full(800, 0.1), np.full(200, 0.8)])
    y = np.concatenate([np.arange(800) % 10 == 0, np.arange(200) % 5 > 0]).astype(float)
    found = []
    for _ in range(300):
        low, high = RNG.permutation(800)[:40], 800 + RNG.permutation(200)[:60]
        chosen = np.concatenate([low, high])
        weight = np.where(chosen < 800, 800 / 40, 200 / 60)
        stratum = np.where(chosen < 800, "low", "high")
        found.append(corrected(whole(score), coded(y[chosen], score[chosen], weight, stratum)))
    share = pl.concat(found)["corrected"]
    assert share.mean() == pytest.approx(y.mean(), abs=0.006)
    assert n * y.mean() == 240


def test_finding_nothing_leaves_the_interval_open() -> None:
    y, score = np.zeros(60), np.full(60, 0.02)
    found = one(corrected(whole(np.full(900, 0.02)), coded(y, score, 15.0), census=True))
    assert found["corrected"] == pytest.approx(0, abs=1e-9)
    assert 0.03 < found["corrected_high"] < 0.1


def test_the_parts_of_the_variance() -> None:
    y, score = corpus(300, 0.3, 0.3)
    table = coded(y[:100], score[:100], 3.0)
    known = one(corrected(whole(score), table))
    assert known["var_coders"] is None
    assert known["var_sampling"] > 0
    assert one(corrected(whole(score), table, census=True))["var_sampling"] == 0
    copied = one(corrected(whole(score, clustering=4.0), table))
    assert copied["var_sampling"] == pytest.approx(4 * known["var_sampling"], rel=0.01)
    twice = table.with_columns(coders=pl.lit(2), spread=pl.lit(0.1))
    split = one(corrected(whole(score), twice))
    assert split["var_coders"] == pytest.approx(0.1 / 2 / 100, rel=1e-9)
    assert split["var_measurement"] + split["var_coders"] == pytest.approx(known["var_measurement"])


def test_one_code_or_none_is_unknown() -> None:
    y, score = corpus(50, 0.4, 0.4)
    for many in (0, 1):
        found = one(corrected(whole(score), coded(y[:many], score[:many], 50.0)))
        assert found["codes"] == many
        assert found["corrected"] is found["corrected_low"] is found["worth"] is None
