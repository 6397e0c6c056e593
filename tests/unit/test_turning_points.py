"""Turning points: planted ones are found and dated, flat series stay quiet, families are adjusted."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from analysis.measure.turning_points import (
    LEAST_BINS,
    SHUFFLES,
    all_turns,
    dispersion,
    located,
    p_of_one_more,
    search,
)
from tests.bench import turning

MONDAY = dt.date(2025, 1, 6)


def series(k: np.ndarray, n: int | np.ndarray = 40, **key: str) -> pl.DataFrame:
    starts = [MONDAY + dt.timedelta(weeks=i) for i in range(len(k))]
    return pl.DataFrame({"start": starts, "n": np.broadcast_to(n, len(k)), "k": k}).with_columns(
        clustering=pl.lit(1.0), **{name: pl.lit(value) for name, value in key.items()}
    )


def test_a_step_is_found_and_its_levels_are_counted() -> None:
    k = np.array([8] * 20 + [16] * 25)
    table, turns = search(series(k, outlet="A"), ["outlet"])
    assert table.row(0, named=True)["turns"] == 1
    assert table["q"].item() == table["p"].item() == 1 / (SHUFFLES + 1)
    row = turns.row(0, named=True)
    assert row["date"] == MONDAY + dt.timedelta(weeks=20)
    assert row["first"] <= row["date"] <= row["last"]
    assert (row["n_before"], row["k_before"], row["n"], row["k"]) == (800, 160, 1000, 400)
    assert (row["begin"], row["end"]) == (MONDAY, MONDAY + dt.timedelta(weeks=44))


def test_an_episode_has_two_ends() -> None:
    k = np.array([8] * 20 + [20] * 6 + [8] * 20)
    n = np.full(46, 40)
    assert p_of_one_more(n, k, ()) < 0.01
    assert all_turns(n, k, 0.05) == (20, 26)


def test_nothing_is_found_where_all_pieces_or_none_carry_the_frame() -> None:
    for k in (np.zeros(30, int), np.full(30, 40)):
        table, turns = search(series(k, outlet="A"), ["outlet"])
        assert table["p"].item() == 1.0
        assert turns.is_empty()


def test_short_and_thin_series_are_not_searched() -> None:
    short = series(np.array([1, 30] * 5), outlet="short")
    thin = series(np.array([0, 1] * 15), 1, outlet="thin")
    table, turns = search(pl.concat([short, thin]), ["outlet"])
    assert table.is_empty()
    assert turns.is_empty()
    assert {"outlet", "p", "q", "turns"} <= set(table.columns)


def test_empty_bins_are_left_out_and_order_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    k = np.concatenate([rng.binomial(40, 0.2, 20), rng.binomial(40, 0.4, 20)])
    whole = series(k, outlet="A")
    holed = whole.with_columns(
        n=pl.when(pl.int_range(pl.len()) % 7 == 0).then(0).otherwise("n"),
        k=pl.when(pl.int_range(pl.len()) % 7 == 0).then(0).otherwise("k"),
    )
    shuffled = holed.sample(fraction=1, shuffle=True, seed=4)
    for one, other in zip(search(holed, ["outlet"]), search(shuffled, ["outlet"]), strict=True):
        assert one.equals(other)
    assert search(holed, ["outlet"])[1].height == 1


def test_pieces_that_are_alike_need_more_to_turn() -> None:
    rng = np.random.default_rng(5)
    n = np.full(40, 40)
    k = 8 * rng.binomial(5, np.where(np.arange(40) < 20, 0.3, 0.42))
    assert dispersion(n, k, ()) > 3
    alone = p_of_one_more(n, k, ())
    assert p_of_one_more(n, k, (), alike=16.0) > alone


def test_every_level_lasts_and_intervals_stay_between_neighbours() -> None:
    rng = np.random.default_rng(6)
    levels = np.repeat([0.1, 0.35, 0.15, 0.5], [14, 12, 13, 15])
    n = np.full(levels.size, 60)
    k = rng.binomial(n, levels)
    places = all_turns(n, k, 0.05)
    assert len(places) == 3
    edges = [0, *places, levels.size]
    assert min(np.diff(edges)) >= LEAST_BINS
    for turn, planted in zip(located(n, k, places), (14, 26, 39), strict=True):
        assert turn.begin < turn.first <= turn.place <= turn.last < turn.end
        assert turn.first <= planted <= turn.last


def test_a_family_is_adjusted() -> None:
    rng = np.random.default_rng(8)
    flat = [series(rng.binomial(40, 0.3, 40), outlet=f"o{i}") for i in range(11)]
    step = series(np.array([8] * 20 + [18] * 20), outlet="turns")
    table, turns = search(pl.concat([*flat, step]), ["outlet"])
    assert turns["outlet"].unique().to_list() == ["turns"]
    least = table.filter(pl.col("outlet") == "turns")
    assert least["q"].item() == pytest.approx(12 * least["p"].item())


def test_the_quick_bench() -> None:
    """The full one is `python -m tests.bench.turning`."""
    rng = np.random.default_rng(12)
    found = turning.planted(rng, 40)
    assert found["found and week in interval"] >= 0.8
    assert turning.flat(rng, 60, "plain")["false alarms"] <= 0.13
