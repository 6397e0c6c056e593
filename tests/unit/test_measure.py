"""Shares, contrasts and trends: intervals that cover, and numbers worked by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from analysis.measure import contrasts, shares, trends


def interval(k: int, n: int) -> tuple[float, float]:
    row = shares.with_shares(pl.DataFrame({"k": [k], "n": [n]})).row(0, named=True)
    return row["low"], row["high"]


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_the_published_intervals(
    k: int, n: int, low: float, high: float
) -> None:
    assert interval(k, n) == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize("share", [0.03, 0.1, 0.3, 0.5])
@pytest.mark.parametrize("n", [20, 80, 300])
def test_wilson_covers(share: float, n: int) -> None:
    draws = np.random.default_rng(5).binomial(n, share, 4000)
    table = shares.with_shares(pl.DataFrame({"k": draws, "n": np.full(4000, n)}))
    covered = table.select(pl.lit(share).is_between("low", "high").mean()).item()
    assert covered >= 0.93


@pytest.mark.parametrize("n", [1, 7, 500])
def test_the_ends_of_the_scale_have_a_width(n: int) -> None:
    low, high = interval(0, n)
    assert low == 0
    assert 0 < high < 1
    low, high = interval(n, n)
    assert high == 1
    assert 0 < low < 1


def test_nothing_counted_is_unknown() -> None:
    row = shares.with_shares(pl.DataFrame({"k": [0], "n": [0]})).row(0, named=True)
    assert row["share"] is row["low"] is row["high"] is None


def differences(one: tuple[object, object], other: tuple[object, object]) -> pl.DataFrame:
    """Differences of k of n and k of n, each a number or an array."""
    sides = [
        shares.with_shares(pl.DataFrame({"k": np.atleast_1d(k), "n": np.atleast_1d(n)}))  # type: ignore[arg-type]
        for k, n in (one, other)
    ]
    both = pl.concat([sides[0], sides[1].rename(lambda name: f"{name}_other")], how="horizontal")
    both = contrasts.difference_interval(both, "share", "n", shares.critical())
    return contrasts.p_of_equality(both, "share", "n")


def test_a_difference_turned_round_changes_its_sign() -> None:
    there = differences((9, 40), (40, 90)).row(0, named=True)
    back = differences((40, 90), (9, 40)).row(0, named=True)
    assert there["difference"] == pytest.approx(-back["difference"])
    assert there["difference_low"] == pytest.approx(-back["difference_high"])
    assert there["p"] == pytest.approx(back["p"])


def test_differences_cover() -> None:
    rng = np.random.default_rng(8)
    n, m, p, q = 60, 90, 0.3, 0.2
    drawn = rng.binomial(n, p, 3000), rng.binomial(m, q, 3000)
    table = differences((drawn[0], np.full(3000, n)), (drawn[1], np.full(3000, m)))
    covered = table.select(pl.lit(p - q).is_between("difference_low", "difference_high").mean())
    assert covered.item() >= 0.93


def test_benjamini_hochberg_by_hand() -> None:
    # Benjamini and Hochberg 1995, section 3.2: the first four of fifteen are found at .05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    q = pl.DataFrame({"p": p}).select(contrasts.benjamini_hochberg(pl.col("p"))).to_series()
    assert (q <= 0.05).sum() == 4
    assert q[3] == pytest.approx(0.0095 * 15 / 4)
    assert q.is_sorted()


def test_benjamini_hochberg_keeps_unknown() -> None:
    q = pl.DataFrame({"p": [0.5, None, 0.01]}).select(contrasts.benjamini_hochberg(pl.col("p")))
    assert q.to_series().to_list() == [0.5, None, pytest.approx(0.02)]


MONDAY = dt.date(2024, 1, 1)


def weekly(rates: dict[str, float], weeks: int, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    starts = [MONDAY + dt.timedelta(weeks=i) for i in range(weeks)]
    return pl.concat(
        pl.DataFrame({"outlet": [o] * weeks, "start": starts, "n": rng.poisson(r, weeks)})
        for o, r in rates.items()
    ).with_columns(pl.col("n").cast(pl.Int64))


def test_steady_outlets_have_no_gaps() -> None:
    rates = {f"outlet {i}": 0.6 + i for i in range(6)}
    found = pl.concat(
        trends.gaps(weekly(rates, 70, seed)).with_columns(seed=seed) for seed in range(200)
    )
    alarms = found.filter(pl.col("outlet") != trends.ALL_OUTLETS).unique(["outlet", "seed"])
    assert alarms.height / (200 * len(rates)) <= 0.05


def test_a_planted_gap_is_found() -> None:
    volume = weekly({"a": 2, "b": 3, "c": 4}, 60, 1).with_columns(
        n=pl.when(
            (pl.col("outlet") == "b")
            & pl.col("start").is_between(
                MONDAY + dt.timedelta(weeks=20), MONDAY + dt.timedelta(weeks=24)
            )
        )
        .then(0)
        .otherwise(pl.col("n") + 1)
    )
    row = trends.gaps(volume).row(0, named=True)
    assert (row["outlet"], row["bins"]) == ("b", 5)
    assert row["first"] == MONDAY + dt.timedelta(weeks=20)
    assert 10 < row["expected"] < 30


def test_silence_of_all_is_one_row() -> None:
    quiet = pl.col("start").is_between(
        MONDAY + dt.timedelta(weeks=9), MONDAY + dt.timedelta(weeks=12)
    )
    volume = weekly({"a": 5, "b": 6}, 40, 2).with_columns(
        n=pl.when(quiet).then(0).otherwise(pl.col("n") + 1)
    )
    assert trends.gaps(volume)["outlet"].to_list() == [trends.ALL_OUTLETS]


def volume_of(*bins: tuple[str, int]) -> pl.DataFrame:
    rows = [("a", dt.date.fromisoformat(day), n) for day, n in bins]
    return pl.DataFrame(rows, schema=["outlet", "start", "n"], orient="row")


def test_strays_are_cut_off_at_either_end_only() -> None:
    steady = [(f"20{y}-{m:02d}-01", 40) for y in (15, 16, 18) for m in range(1, 13)]
    span = trends.collection_span(volume_of(("1999-05-01", 3), *steady, ("2031-01-01", 2)))
    assert span == (dt.date(2015, 1, 1), dt.date(2018, 12, 1))


def test_no_strays_among_few_pieces() -> None:
    few = volume_of(("2001-01-01", 5), ("2015-01-01", 5))
    assert trends.collection_span(few) == (dt.date(2001, 1, 1), dt.date(2015, 1, 1))
    assert trends.collection_span(volume_of(("2020-02-01", 1))) == (dt.date(2020, 2, 1),) * 2


@pytest.mark.parametrize(("bin", "days"), [("week", 7), ("month", 31), ("quarter", 92)])
def test_bins_have_no_holes(bin: str, days: int) -> None:
    starts = trends.every_bin(dt.date(2023, 11, 17), dt.date(2025, 3, 3), bin)
    gaps = starts.diff().drop_nulls().dt.total_days()
    assert gaps.max() <= days
    assert starts[0] <= dt.date(2023, 11, 17)
    assert starts[-1] <= dt.date(2025, 3, 3)
