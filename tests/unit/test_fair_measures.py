"""Decomposition, matched contrast, interrupted series: identities, worked examples, oracles."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measure.corrected import corrected
from analysis.measure.decomposition import decompose
from analysis.measure.interrupted import interrupted, weighted_fit
from analysis.measure.linear import Borrowed, functionals, sharpness
from analysis.measure.matched import matched, tango
from tests.bench import fair


def table(rows: list[tuple[int, str, bool]]) -> pl.DataFrame:
    """Pieces from (side, group, present)."""
    return pl.DataFrame(rows, schema=["side", "group", "present"], orient="row").with_columns(
        piece=pl.int_range(pl.len()).cast(pl.String),
        cluster=pl.int_range(pl.len()).cast(pl.String),
        story="group",
        score=pl.col("present").cast(pl.Float64) * 0.8 + 0.1,
    )


def pieces(counts: dict[tuple[int, str], tuple[int, int]]) -> pl.DataFrame:
    """From (side, group): (pieces, of them with the frame)."""
    return table(
        [(side, group, i < k) for (side, group), (n, k) in counts.items() for i in range(n)]
    )


def random_pieces(seed: int, groups: int, size: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    names = [f"g{i}" for i in rng.integers(0, groups, size)]
    return table(
        [(int(rng.random() < 0.5), name, bool(rng.random() < 0.4)) for name in names]
        + [(0, "g0", True), (1, "g0", False)]
    )


def coded_part(table: pl.DataFrame, seed: int, chance: float) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    drawn = table.with_columns(
        weight=pl.Series(np.where(rng.random(table.height) < 0.5, 2.0, 3.0)),
        flip=pl.Series(rng.random(table.height) < 0.15),
    ).filter(pl.Series(rng.random(table.height) < chance))
    return drawn.select(
        "piece",
        "weight",
        y=(pl.col("present") != pl.col("flip")).cast(pl.Float64),
        stratum=pl.lit("all"),
        coders=pl.lit(1),
        spread=pl.lit(None, pl.Float64),
    )


def test_a_worked_example_of_kitagawa() -> None:
    """Shares by hand: A has 80 % of its pieces on crime, B half; A frames crime more, courts less."""
    found = decompose(
        pieces({(0, "crime"): (8, 6), (0, "courts"): (2, 0), (1, "crime"): (5, 2), (1, "courts"): (5, 1)}),
        None,
    )  # fmt: skip
    by = dict(found.parts.select("part", "naive").iter_rows())
    assert by["difference"] == pytest.approx(0.6 - 0.3)
    # (.8 + .5) / 2 * (.75 - .4) + (.2 + .5) / 2 * (0 - .2)
    assert by["framing"] == pytest.approx(0.65 * 0.35 - 0.35 * 0.2)
    # (.8 - .5) * (.75 + .4) / 2 + (.2 - .5) * (0 + .2) / 2
    assert by["composition"] == pytest.approx(0.3 * 0.575 - 0.3 * 0.1)
    crime = found.groups.row(by_predicate=pl.col("group") == "crime", named=True)
    assert crime["framing"] == pytest.approx(0.65 * 0.35)
    assert crime["composition"] == pytest.approx(0.3 * (0.575 - 0.45))
    assert (crime["n"], crime["n_other"], crime["share"]) == (8, 5, 0.75)
    assert found.groups["group"].to_list() == ["crime", "courts"]
    assert (found.shared, found.covered, found.covered_other, found.left_out) == (2, 10, 10, 0)


def test_what_only_one_side_covers_is_composition() -> None:
    found = decompose(pieces({(0, "a"): (4, 4), (0, "b"): (4, 1), (1, "b"): (6, 0), (1, "c"): (2, 1)}), None)  # fmt: skip
    alone = found.groups.filter(pl.col("group") != "b")
    assert alone["framing"].null_count() == 2
    assert found.groups.filter(pl.col("group") == "b")["framing"].item() == pytest.approx(
        (0.5 + 0.75) / 2 * 0.25
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(4, 120), st.sampled_from([0, 0.2, 1]))
def test_parts_add_up_to_the_difference(seed: int, groups: int, size: int, coded: float) -> None:
    sample = random_pieces(seed, groups, size)
    codes = coded_part(sample, seed, coded) if coded else None
    borrowed = {0: Borrowed(0.7, 0.03, 0.001), 1: Borrowed(0.7, -0.02, 0.002)}
    for given_codes, by in ((codes, None), (None, borrowed)):
        found = decompose(sample, given_codes, borrowed=by, most=99)
        for column in ("naive", "value"):
            of = dict(found.parts.select("part", column).iter_rows())
            assert of["composition"] + of["framing"] == pytest.approx(of["difference"], abs=1e-9)
            start = "naive_" if column == "naive" else ""
            sums = found.groups.select(
                pl.col(f"{start}composition").sum(), pl.col(f"{start}framing").sum()
            ).row(0)
            assert sums == pytest.approx((of["composition"], of["framing"]), abs=1e-9)
        inside = found.parts.select(
            (pl.col("low") <= pl.col("value").clip(-1, 1)).all()
            & (pl.col("value").clip(-1, 1) <= pl.col("high")).all()
        )
        assert inside.item()


def test_the_difference_is_that_of_corrected_shares() -> None:
    sample = random_pieces(3, 5, 400)
    codes = coded_part(sample, 3, 0.4)
    parts = decompose(sample, codes).parts
    whole = sample.group_by("side").agg(
        n=pl.len(), score_sum=pl.col("score").sum(), clustering=pl.lit(1.0)
    )
    share = corrected(
        whole, codes.join(sample.select("piece", "side", "score"), on="piece"), ["side"]
    ).sort("side")["corrected"]
    assert parts["kind"].unique().to_list() == ["corrected"]
    assert parts["value"][0] == pytest.approx(share[0] - share[1], abs=1e-12)
    rows = parts.with_columns(
        all=pl.sum_horizontal("var_sampling", "var_measurement"), half=(pl.col("high") - pl.col("low")) / 2
    )  # fmt: skip
    assert (rows["half"] >= 1.96 * rows["all"].sqrt() - 1e-9).all()


def test_swapping_the_sides_turns_every_sign() -> None:
    sample = random_pieces(8, 6, 200)
    codes = coded_part(sample, 8, 0.5)
    turned = sample.with_columns(side=1 - pl.col("side"))
    one, other = (decompose(s, codes).parts for s in (sample, turned))
    assert one["value"].to_list() == pytest.approx((-other["value"]).to_list())
    assert one["low"].to_list() == pytest.approx((-other["high"]).to_list())


def test_one_coded_side_is_no_correction_and_a_census_drops_sampling() -> None:
    sample = random_pieces(4, 3, 100)
    codes = coded_part(sample, 4, 1.0)
    of_one = codes.join(sample.filter(side=0), on="piece", how="semi")
    naive = decompose(sample, of_one).parts
    assert set(naive["kind"]) == {"naive"}
    assert naive["var_measurement"].null_count() == 3
    assert (naive["var_sampling"] > 0).all()
    census = decompose(sample, codes, census=True).parts
    assert (census["var_sampling"] == 0).all()
    assert (census["high"] > census["low"]).all()


def test_a_difference_on_the_same_stories_by_hand() -> None:
    found = matched(
        pieces({(0, "a"): (2, 2), (1, "a"): (1, 0), (0, "b"): (1, 0), (1, "b"): (4, 1), (0, "c"): (9, 9)}),
        None,
    )  # fmt: skip
    assert found is not None
    assert (found.stories, found.n, found.n_other) == (2, 3, 5)
    assert found.row["value"].item() == pytest.approx((1 - 0.25) / 2)
    assert found.apart == pytest.approx(1.25)
    assert (found.share, found.share_other) == (0.5, 0.125)
    assert matched(pieces({(0, "a"): (3, 1), (1, "b"): (3, 1)}), None) is None


def test_tango_solves_his_equation() -> None:
    """Of 50 pairs 12 and 2 differ: at both ends Tango's (1998) score statistic is 1.96."""
    d = np.array([1.0] * 12 + [-1.0] * 2 + [0.0] * 36)
    low, high = tango(d, 1.96)
    for end in (low, high):
        m, b, c = 50, 12, 2
        one = -b - c + (2 * m - b + c) * end
        rarer = (np.sqrt(one**2 + 8 * m * c * end * (1 - end)) - one) / (4 * m)
        statistic = (b - c - m * end) / np.sqrt(m * (2 * rarer + end * (1 - end)))
        assert abs(statistic) == pytest.approx(1.96, abs=1e-6)
    assert low < 0.2 < high
    nothing = tango(np.zeros(20), 1.96)
    assert nothing == pytest.approx((-(1.96**2) / (20 + 1.96**2), 1.96**2 / (20 + 1.96**2)))


@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), min_size=2, max_size=40))
def test_tango_holds_the_mean_and_mirrors(d: list[float]) -> None:
    low, high = tango(np.array(d), 1.96)
    assert -1 <= low <= np.mean(d) + 1e-9
    assert np.mean(d) - 1e-9 <= high <= 1
    assert tango(-np.array(d), 1.96) == pytest.approx((-high, -low), abs=1e-6)


def test_functionals_are_right_on_average_whatever_the_scores() -> None:
    """Over all samples of 2 from each side, the mean of the corrected values is the truth."""
    sample = table([(0, "a", True), (0, "a", False), (0, "b", True), (1, "a", False), (1, "b", True), (1, "b", True)])  # fmt: skip
    truth = np.array([1, 1, 0, 0, 0, 1.0])
    a = pl.DataFrame({"t": [0.5, 0.2, 0.3, -0.6, -0.1, -0.3]})
    values = []
    for left, right in itertools.product(
        itertools.combinations(range(3), 2), itertools.combinations(range(3, 6), 2)
    ):
        drawn = [*left, *right]
        codes = pl.DataFrame({"piece": [str(i) for i in drawn], "y": truth[drawn]}).with_columns(
            weight=pl.lit(1.5), stratum=pl.lit("s"), coders=pl.lit(1), spread=pl.lit(None, pl.Float64)
        )  # fmt: skip
        flat = sample.with_columns(score=pl.lit(0.3))
        values.append(functionals(flat, a, a * 0, codes)["value"].item())
    assert np.mean(values) == pytest.approx(float(truth @ a["t"].to_numpy()))


def test_sharpness_is_youdens() -> None:
    codes = pl.DataFrame({"y": [1.0] * 4 + [0.0] * 10, "present": [True] * 3 + [False] * 10 + [True]})  # fmt: skip
    assert sharpness(codes.with_columns(weight=1.0)) == pytest.approx(0.75 + 0.9 - 1)
    assert sharpness(codes.with_columns(weight=1.0).filter(pl.col("y") == 0)) == 1.0


def test_intervals_cover_in_a_small_simulation() -> None:
    """The quick bench: far from the target only where something broke."""
    rows = pl.DataFrame(
        fair.run(fair.Setting(40, 0.3, 0.5, False, 0), 60, 5)
        + fair.run(fair.Setting(40, 0.3, 0.5, False, 100), 40, 6)
    )
    assert (rows["coverage"] >= 0.84).all()
    assert (rows["bias"].abs() < 4).all()


MONDAY = dt.date(2025, 1, 6)


def panel(outlets: dict[str, float], weeks: int, at: int, change: dict[str, float], n: int = 200) -> pl.DataFrame:  # fmt: skip
    """Cells without noise: a level by outlet, a common wave, a change from week `at` on."""
    rows = []
    for outlet, level in outlets.items():
        for week in range(weeks):
            share = level + 0.05 * np.sin(week) + change.get(outlet, 0.0) * (week >= at)
            rows.append((outlet, MONDAY + dt.timedelta(weeks=week), "f", n, round(share * n, 6)))
    names = ["outlet", "start", "frame", "n", "k"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_a_planted_change_against_outlets_without_it() -> None:
    cells = panel({"A": 0.3, "B": 0.2, "C": 0.5, "D": 0.4}, 30, 15, {"A": 0.12})
    row = interrupted(cells, ["A"], MONDAY + dt.timedelta(weeks=15)).row(0, named=True)
    assert row["change"] == pytest.approx(0.12, abs=1e-9)
    assert row["slope"] == pytest.approx(0, abs=1e-9)
    assert (row["touched"], row["compared"], row["bins_before"], row["bins_after"]) == (
        1,
        3,
        15,
        15,
    )
    assert row["as_large"] == 0
    assert row["n_before"] == 15 * 200


def test_a_drift_before_the_event_shows_as_pre_trend() -> None:
    rng = np.random.default_rng(2)
    cells = panel({"A": 0.2, "B": 0.2, "C": 0.3}, 40, 20, {}, n=100)
    weeks = (pl.col("start") - MONDAY).dt.total_days() / 7
    drift = pl.when(pl.col("outlet") == "A").then(weeks * 0.01).otherwise(0.0)
    noise = pl.Series(rng.normal(0, 1, cells.height))
    cells = cells.with_columns(k=pl.col("k") + drift * pl.col("n") + noise)
    row = interrupted(cells, ["A"], MONDAY + dt.timedelta(weeks=20)).row(0, named=True)
    assert row["slope"] == pytest.approx(0.01, abs=0.002)
    assert row["slope_p"] < 0.05
    assert row["change"] == pytest.approx(0.2, abs=0.03)


def test_without_other_outlets_the_trend_is_gone_on() -> None:
    weeks, at = 24, 12
    rows = [
        ("A", MONDAY + dt.timedelta(weeks=w), "f", 100, 100 * (0.2 + 0.01 * w + 0.08 * (w >= at)))
        for w in range(weeks)
    ]
    cells = pl.DataFrame(rows, schema=["outlet", "start", "frame", "n", "k"], orient="row")
    row = interrupted(cells, ["A"], MONDAY + dt.timedelta(weeks=at)).row(0, named=True)
    assert row["change"] == pytest.approx(0.08, abs=1e-9)
    assert row["slope"] == pytest.approx(0.01, abs=1e-9)
    assert row["as_large"] is None
    assert interrupted(cells, ["A"], MONDAY + dt.timedelta(weeks=2)).is_empty()


def test_the_fit_is_weighted_least_squares_with_clustered_variance() -> None:
    rng = np.random.default_rng(7)
    x = np.column_stack([rng.normal(size=60), np.ones(60), rng.normal(size=60)])
    y, w = rng.normal(size=60), rng.uniform(1, 5, 60)
    group = np.repeat(np.arange(12), 5)
    beta, variance = (float(one[0]) for one in weighted_fit(x, y[:, None], w, [group]))
    root = np.sqrt(w)[:, None]
    expected, *_ = np.linalg.lstsq(root * x, np.sqrt(w) * y, rcond=None)
    assert beta == pytest.approx(expected[0])
    bread = np.linalg.inv(x.T @ (w[:, None] * x))
    scores = (w * (y - x @ expected))[:, None] * x
    meat = sum(np.outer(s, s) for s in (scores[group == g].sum(0) for g in range(12)))
    sandwich = (bread @ meat @ bread)[0, 0] * 12 / 11 * 59 / 57
    assert variance == pytest.approx(sandwich)
