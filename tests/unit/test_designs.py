"""Designs: every piece has a chance, budgets are kept, and the recorded probabilities are true."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding import designs
from analysis.coding.strata import MIN_DRAWS, bands, stratify

FRAMES = ("safety", "trust")
Draws = list[dict[str, float]]


def population(
    sizes: dict[str, int], seed: int = 0, months: int = 12, frames: tuple[str, ...] = FRAMES
) -> pl.DataFrame:
    """Pieces of outlets of these sizes, nothing drawn; every fiftieth is undated."""
    random = np.random.default_rng(seed)
    outlets = [outlet for outlet, size in sizes.items() for _ in range(size)]
    n = len(outlets)
    month = random.integers(0, months, n)
    return pl.DataFrame(
        {
            "piece": [f"p{i:05}" for i in range(n)],
            "outlet": outlets,
            "period": [
                None if i % 50 == 49 else dt.date(2025 + m // 12, m % 12 + 1, 1)
                for i, m in enumerate(month.tolist())
            ],
            "room": np.ones(n),
            "before": np.zeros(n),
            "held": [False] * n,
            "side": [0] * n,
            **{f"score_{frame}": random.beta(0.4, 1.2, n) for frame in frames},
        },
        schema_overrides={"period": pl.Date},
    )


def planned(
    rows: pl.DataFrame, budget: int, design: designs.Design = "proportional"
) -> tuple[pl.DataFrame, np.ndarray, dict[str, float]]:
    """Strata, draws of each and rates of a population with strata."""
    strata = designs.strata_of(rows, FRAMES)
    drawn = designs.spread(strata, design, FRAMES, budget)
    rate = designs.rates(strata, drawn, budget)
    return strata, drawn, dict(zip(strata["stratum"].to_list(), rate.tolist(), strict=True))


def after(rows: pl.DataFrame, rate: dict[str, float], chosen: pl.DataFrame) -> pl.DataFrame:
    """The population as the next draw finds it."""
    return rows.with_columns(
        before=designs.combined(pl.col("before"), pl.col("stratum").replace_strict(rate)),
        held=pl.col("held") | pl.col("piece").is_in(chosen["piece"].implode()),
    )


outlet_sizes = st.lists(st.integers(1, 120), min_size=1, max_size=14)


@settings(max_examples=60, deadline=None)
@given(outlet_sizes, st.integers(2, 300), st.integers(1, 30), st.booleans())
def test_every_piece_can_be_drawn_and_every_stratum_has_two(
    sizes: list[int], budget: int, months: int, one_frame: bool
) -> None:
    rows = population({f"o{i}": n for i, n in enumerate(sizes)}, len(sizes), months)
    frames = FRAMES[:1] if one_frame else FRAMES
    rows = rows.with_columns(stratum=stratify(rows, frames, budget))
    strata, drawn, rate = planned(rows, budget)
    assert drawn.sum() == min(budget, rows.height)
    assert all(drawn >= np.minimum(MIN_DRAWS, strata["pieces"].to_numpy()))
    assert all(0 < r <= 1 for r in rate.values())
    chosen = designs.draw(rows, rate, (1,), 0.2)
    assert chosen.height == min(budget, rows.height)
    assert chosen["piece"].n_unique() == chosen.height


def test_strata_are_outlets_periods_and_bands() -> None:
    rows = population({"Herald": 300, "Post": 200, "Tiny": 3}).with_columns(
        outlet=pl.col("outlet").replace("Tiny", "Post")
    )
    names = stratify(rows, ("safety",), 200)
    assert {name.split(" · ")[0] for name in names} == {"Herald", "Post"}
    assert any("2025 Q1" in name for name in names)
    band, count = bands(rows, ("safety",))
    assert count == 4
    for stratum, group in rows.with_columns(name=names, band=band).group_by("name"):
        found = sorted(group["band"].unique())
        assert found == list(range(found[0], found[-1] + 1)), stratum
        assert group["outlet"].n_unique() == 1


def test_small_outlets_share_a_stratum_only_where_the_budget_asks() -> None:
    sizes = {f"o{i:02}": 10 + i for i in range(40)}
    rows = population(sizes)
    few = stratify(rows, FRAMES, 40)
    assert any(name.startswith("other outlets") for name in few)
    many = stratify(rows, FRAMES, 400)
    assert {name.split(" · ")[0] for name in many} == set(sizes)


def test_bands_split_what_is_unclear_from_what_is_clear() -> None:
    scores = [0.01, 0.02, 0.5, 0.52, 0.2, 0.81]
    rows = pl.DataFrame({"score_safety": scores, "score_trust": scores})
    assert bands(rows, FRAMES)[0].to_list() == [0, 0, 2, 2, 1, 1]
    assert bands(rows, ("safety",))[0].to_list() == [0, 0, 2, 2, 1, 3]


numbers = st.lists(
    st.tuples(st.floats(0.01, 100), st.integers(0, 20), st.integers(0, 40)), min_size=1, max_size=20
)


@given(numbers, st.integers(1, 400))
def test_an_allocation_keeps_the_budget_and_the_bounds(
    cells: list[tuple[float, int, int]], budget: int
) -> None:
    weights, taken, room = (np.array(column, dtype=float) for column in zip(*cells, strict=True))
    least = np.minimum(room, 1)
    if least.sum() > budget:
        with pytest.raises(ValueError, match="are needed"):
            designs.allocate(weights, taken, room, least, budget)
        return
    drawn = designs.allocate(weights, taken, room, least, budget)
    assert drawn.sum() == min(budget, room.sum())
    assert all((least <= drawn) & (drawn <= room))
    # Whoever could give or take is as near to its weight as one piece allows.
    scale = (taken + drawn) / weights
    for giver in np.flatnonzero(drawn > least):
        for taker in np.flatnonzero(drawn < room):
            worst = 1 / weights[giver] + 1 / weights[taker]
            assert scale[giver] <= scale[taker] + worst + 1e-9


def test_without_bounds_an_allocation_is_the_largest_remainder() -> None:
    weights = np.array([50.0, 31.0, 19.0])
    none, many = np.zeros(3), np.full(3, 99.0)
    assert designs.allocate(weights, none, many, none, 10).tolist() == [5, 3, 2]


def two_sides() -> pl.DataFrame:
    rows = population({"A": 300, "B": 900}).with_columns(
        side=pl.when(pl.col("outlet") == "A").then(1).otherwise(2)
    )
    return rows.with_columns(stratum=stratify(rows, FRAMES, 120))


def variance_of_difference(strata: pl.DataFrame, drawn: np.ndarray) -> float:
    sizes = strata["pieces"].to_numpy()
    side = strata.select(pl.col("pieces").sum().over("side")).to_series().to_numpy()
    spread = strata.select(f"variance_{frame}" for frame in FRAMES).to_numpy().mean(axis=1)
    return float(((sizes / side) ** 2 * spread * (1 / drawn - 1 / sizes)).sum())


def test_neyman_buys_the_smallest_variance_of_the_difference() -> None:
    rows = two_sides()
    strata, drawn, _ = planned(rows, 200, "neyman")
    best = variance_of_difference(strata, drawn)
    assert best < 0.95 * variance_of_difference(strata, planned(rows, 200)[1])
    sizes = strata["pieces"].to_numpy()
    for giver in range(len(drawn)):
        for taker in range(len(drawn)):
            other = drawn.copy()
            other[giver] -= 1
            other[taker] += 1
            if other[giver] >= MIN_DRAWS and other[taker] <= sizes[taker]:
                assert variance_of_difference(strata, other) > best * (1 - 2e-3)


def test_low_scores_are_not_starved() -> None:
    rows = two_sides().with_columns(score_safety=pl.lit(0.001), score_trust=pl.lit(0.001))
    strata = designs.strata_of(rows, FRAMES)
    assert strata["variance_safety"].min() == designs.VARIANCE_FLOOR
    drawn = designs.spread(strata, "neyman", FRAMES, 200)
    # Sides of equal variance share the budget, whatever their sizes.
    assert abs(drawn[strata["side"].to_numpy() == 1].sum() - 100) <= 1


def test_the_same_seed_draws_the_same_in_any_order() -> None:
    rows = population({"A": 90, "B": 60})
    rows = rows.with_columns(stratum=stratify(rows, FRAMES, 40))
    rate = planned(rows, 40)[2]
    first = designs.draw(rows, rate, (1, 2), 0.2)
    assert first.equals(
        designs.draw(rows.sample(fraction=1, shuffle=True, seed=3), rate, (1, 2), 0.2)
    )
    assert not first.equals(designs.draw(rows, rate, (2, 2), 0.2))


def test_any_prefix_is_about_a_proportional_sample_of_the_strata() -> None:
    rows = population({"A": 300, "B": 200, "C": 100})
    rows = rows.with_columns(stratum=stratify(rows, FRAMES, 120))
    chosen = designs.draw(rows, planned(rows, 120)[2], (5,), 0.2).sort("place")
    sizes = dict(chosen.group_by("stratum").len().iter_rows())
    for stop in range(1, 121):
        seen = chosen[:stop]
        time = float(seen["place"][-1])
        for stratum, size in sizes.items():
            assert abs(seen.filter(pl.col("stratum") == stratum).height - time * size) <= 1


@pytest.mark.parametrize("share", [0.0, 0.1, 0.2, 0.5, 1.0])
def test_overlap_is_spread_over_strata_and_over_the_order(share: float) -> None:
    rows = population({"A": 300, "B": 200, "C": 100})
    rows = rows.with_columns(stratum=stratify(rows, FRAMES, 120))
    chosen = designs.draw(rows, planned(rows, 120)[2], (5,), share).sort("place")
    assert chosen["overlap"].sum() == 120 * share
    for _, group in chosen.group_by("stratum"):
        assert abs(group["overlap"].sum() - share * group.height) < 1
    for start, stop in pairwise(range(0, 121, 40)):
        assert abs(chosen[start:stop]["overlap"].sum() - 40 * share) <= 5


def truth(rows: pl.DataFrame) -> np.ndarray:
    """Codes that go with outlet, score and time, so that a wrong probability shows."""
    random = np.random.default_rng(9)
    chance = 0.05 + 0.3 * rows["score_safety"].to_numpy() + 0.5 * (rows["outlet"] == "A").to_numpy()
    return (random.random(rows.height) < chance).astype(float)


def test_probabilities_are_the_frequencies_of_being_drawn() -> None:
    rows = population({"A": 40, "B": 25})
    rows = rows.with_columns(stratum=stratify(rows, FRAMES, 20))
    rate = planned(rows, 20)[2]
    times = np.zeros(rows.height)
    place = {piece: i for i, piece in enumerate(rows["piece"])}
    for seed in range(800):
        for piece in designs.draw(rows, rate, (seed,), 0.0)["piece"]:
            times[place[piece]] += 1
    expected = rows["stratum"].replace_strict(rate).to_numpy()
    error = np.sqrt(expected * (1 - expected) / 800)
    assert np.abs((times / 800 - expected) / error).max() < 4.5


def test_a_top_up_in_the_same_strata_is_one_larger_sample() -> None:
    rows = population({"A": 120, "B": 80, "C": 44})
    rows = rows.with_columns(stratum=stratify(rows, FRAMES, 60))
    strata, first, rate = planned(rows, 60)
    topped = after(rows, rate, designs.draw(rows, rate, (1,), 0.0))
    _, second, rate = planned(topped, 45)
    chosen = designs.draw(topped, rate, (2,), 0.0)
    assert second.sum() == chosen.height == 45
    assert not set(chosen["piece"]) & set(topped.filter("held")["piece"])
    done = after(topped, rate, chosen)
    taken = dict(
        zip(strata["stratum"], (first + second) / strata["pieces"].to_numpy(), strict=True)
    )
    wanted = done["stratum"].replace_strict(taken).to_numpy()
    assert np.allclose(done["before"].to_numpy(), wanted, rtol=0, atol=1e-12)
    assert (first + second).tolist() == planned(rows, 105)[1].tolist()


def three_draws() -> tuple[pl.DataFrame, list[tuple[pl.DataFrame, int]]]:
    """A population of A, B and C, and its strata and budget in each of three draws.

    The first draws A and B in bands of one score; the others, which reach C too, cut across them.
    """
    rows = population({"A": 60, "B": 40, "C": 30})
    first = rows.filter(pl.col("outlet") != "C")
    strata = [(first.select("piece", stratum=stratify(first, ("safety",), 24)), 24)]
    for cut in (pl.col("score_trust") > 0.2, pl.col("period").dt.month() > 6):
        label = pl.when(cut).then(pl.lit("high")).otherwise(pl.lit("low"))
        strata.append((rows.select("piece", stratum=label), 20))
    return rows, strata


def test_totals_are_unbiased_after_top_ups_whose_strata_differ() -> None:
    rows, strata = three_draws()
    codes, runs = truth(rows), 400
    rates: list[dict[str, float]] = []
    totals, naive, sizes = [], [], []
    for seed in range(runs):
        # A and B are the first rows, and so is what the first draw reaches.
        state, chance = rows, np.zeros(rows.height)
        for number, (names, budget) in enumerate(strata):
            inside = state.join(names, on="piece", maintain_order="left")
            if seed < 20:
                made = planned(
                    inside.with_columns(pl.Series("before", chance[: inside.height])), budget
                )[2]
                if seed == 0:
                    rates.append(made)
                # What chance drew before does not change what chance may draw now.
                assert made == pytest.approx(rates[number], abs=1e-12)
            chosen = designs.draw(inside, rates[number], (seed, number), 0.0)["piece"]
            state = state.with_columns(
                held=pl.col("held") | pl.col("piece").is_in(chosen.implode())
            )
            rate = inside["stratum"].replace_strict(rates[number]).to_numpy()
            chance[: rate.size] = 1 - (1 - chance[: rate.size]) * (1 - rate)
        held = state["held"].to_numpy()
        totals.append((codes / chance)[held].sum())
        naive.append(codes[held].mean() * rows.height)
        sizes.append(held.sum())
    error = np.std(totals) / np.sqrt(runs)
    assert abs(np.mean(totals) - codes.sum()) < 3.5 * error
    assert abs(np.mean(sizes) - 64) < 0.5
    assert np.max(np.abs(np.array(sizes) - 64)) <= 6
    # The test can tell: the plain share of the sample is far off.
    assert abs(np.mean(naive) - codes.sum()) > 7 * error


def test_a_budget_that_reaches_all_is_a_census() -> None:
    rows = population({"A": 30, "B": 9})
    rows = rows.with_columns(stratum=stratify(rows, FRAMES, 500))
    rate = planned(rows, 500)[2]
    assert set(rate.values()) == {1.0}
    assert designs.draw(rows, rate, (1,), 0.0).height == 39


def test_half_widths_hold_what_the_scores_promise() -> None:
    rows = population({"A": 400, "B": 300}, frames=FRAMES)
    rows = rows.with_columns(stratum=stratify(rows, FRAMES, 120))
    strata, drawn, rate = planned(rows, 120)
    widths = designs.half_widths(rows, strata, drawn, FRAMES)
    random = np.random.default_rng(3)
    codes = (random.random(rows.height) < rows["score_safety"].to_numpy()).astype(float)
    known = rows.with_columns(y=pl.Series(codes))
    found = {"all": [], "A": []}
    for seed in range(200):
        chosen = designs.draw(rows, rate, (seed,), 0.0).join(
            known.select("piece", "outlet", "y"), on="piece"
        )
        weight = 1 / chosen["stratum"].replace_strict(rate)
        for domain, values in found.items():
            inside = (chosen["outlet"] == domain) | (domain == "all")
            values.append(float((weight * chosen["y"] * inside).sum() / (weight * inside).sum()))
    for domain, values in found.items():
        told = widths.filter(pl.col("frame") == "safety", pl.col("domain") == domain)
        assert told["half_width"].item() == pytest.approx(designs.Z * np.std(values), rel=0.2)
