"""What the Validation view rests on: weighted rates, reliability, tests, parts, forecasts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from analysis.measure.corrected import corrected
from analysis.measure.correction import explained, influences
from analysis.measure.error_rates import confusion_cells, differ, error_rates
from analysis.measure.forecast import expected, expected_difference, from_codes, from_scores
from analysis.measure.reliability import calibration, reliability
from analysis.measure.shares import with_shares
from analysis.measure.specification import agreement, with_direction
from analysis.measure.weighted import weighted_shares

PIECES = 900


def population(seed: int, share: float = 0.3) -> pl.DataFrame:
    """Pieces whose scores are probabilities: y, score, present, outlet."""
    rng = np.random.default_rng(seed)
    score = rng.beta(share * 1.2, (1 - share) * 1.2, PIECES).clip(0.01, 0.99)
    return pl.DataFrame(
        {
            "frame": ["safety"] * PIECES,
            "outlet": [f"o{i % 6}" for i in range(PIECES)],
            "y": (rng.random(PIECES) < score).astype(float),
            "score": score,
            "present": score > 0.5,
        }
    )


def coded(pieces: pl.DataFrame, many: int, seed: int) -> pl.DataFrame:
    """A simple sample, as `corrected` takes it."""
    rng = np.random.default_rng(seed)
    drawn = pieces[np.sort(rng.permutation(pieces.height)[:many])]
    return drawn.with_columns(
        weight=pl.lit(pieces.height / many),
        stratum=pl.lit("all"),
        coders=pl.lit(1),
        spread=pl.lit(None, pl.Float64),
    )


def counts(pieces: pl.DataFrame) -> pl.DataFrame:
    return pieces.group_by("frame").agg(
        n=pl.len(),
        k=pl.col("present").sum(),
        score_sum=pl.col("score").sum(),
        square_sum=(pl.col("score") ** 2).sum(),
        clustering=pl.lit(1.0),
    )


def test_equal_weights_give_wilsons_interval_and_unequal_ones_widen_it() -> None:
    rows = pl.DataFrame({"g": ["a"] * 40, "v": [1.0] * 12 + [0.0] * 28, "w": [2.5] * 40})
    row = weighted_shares(rows, ["g"], pl.col("v"), pl.col("w")).row(0, named=True)
    wilson = with_shares(pl.DataFrame({"n": [40], "k": [12]})).row(0, named=True)
    for end in ("share", "low", "high"):
        assert row[end] == pytest.approx(wilson[end])
    uneven = rows.with_columns(w=pl.Series([4.0, 1.0] * 20))
    other = weighted_shares(uneven, ["g"], pl.col("v"), pl.col("w")).row(0, named=True)
    assert other["share"] == pytest.approx(row["share"])
    assert other["worth"] == pytest.approx(40 * 25 / 34)
    assert other["high"] - other["low"] > row["high"] - row["low"]


def test_weighted_intervals_cover() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(600):
        rows = pl.DataFrame(
            {"g": 1, "v": (rng.random(60) < 0.2).astype(float), "w": rng.choice([1.0, 4.0], 60)}
        )
        row = weighted_shares(rows, ["g"], pl.col("v"), pl.col("w")).row(0, named=True)
        held += row["low"] <= 0.2 <= row["high"]
    assert 0.93 <= held / 600 <= 0.98


def test_bins_hold_all_codes_and_average_to_the_share() -> None:
    codes = coded(population(1), 160, 1).with_columns(score=pl.col("score").round(1))
    bins = reliability(codes)
    assert bins["n"].sum() == 160
    assert bins["part"].sum() == pytest.approx(1)
    assert (bins["part"] * bins["share"]).sum() == pytest.approx(codes["y"].mean())
    # Pieces of one score stay together.
    assert (bins["from_score"].to_list()[1:] > bins["to_score"].to_list()[:-1]) or bins.height == 1


def test_scores_without_fault_look_as_far_off_as_is_said() -> None:
    found = pl.concat(
        calibration(reliability(coded(population(seed), 160, seed))) for seed in range(60)
    )
    assert found["error"].mean() == pytest.approx(found["by_chance"].mean(), rel=0.25)
    skewed = pl.concat(
        calibration(
            reliability(coded(population(seed), 160, seed).with_columns(pl.col("score") * 0.5))
        )
        for seed in range(20)
    )
    assert (skewed["error"] > 1.5 * skewed["by_chance"]).mean() > 0.8


def test_rates_count_divided_pieces_in_part() -> None:
    codes = pl.DataFrame(
        {
            "frame": "safety",
            "y": [1.0, 1.0, 0.5, 0.0, 0.0],
            "present": [True, False, True, True, False],
            "weight": 2.0,
        }
    )
    rows = {r["measure"]: r for r in error_rates(codes, ["frame"]).to_dicts()}
    assert rows["sensitivity"]["n"] == 2.5
    assert rows["sensitivity"]["share"] == pytest.approx(1.5 / 2.5)
    assert rows["specificity"]["share"] == pytest.approx(1 / 2.5)
    nobody = error_rates(codes.filter(pl.col("y") == 1), ["frame"])
    assert nobody.filter(measure="specificity")["share"].to_list() == [None]


def test_cells_sum_to_all_and_their_balance_is_the_labels_bias() -> None:
    codes = coded(population(2), 200, 2)
    cells = dict(confusion_cells(codes).select("cell", "share").iter_rows())
    assert sum(cells.values()) == pytest.approx(1)
    bias = codes["present"].mean() - codes["y"].mean()  # type: ignore[operator]
    assert cells["false alarm"] - cells["miss"] == pytest.approx(bias)


def test_the_test_of_outlets_seldom_cries_wolf_and_finds_what_differs() -> None:
    p = [
        differ(coded(population(seed), 180, seed), "outlet", shuffles=199, seed=seed)["p"][0]
        for seed in range(120)
    ]
    assert np.mean(np.array(p) < 0.05) <= 0.1
    assert 0.4 <= np.mean(p) <= 0.6
    codes = coded(population(3), 300, 3)
    blind = pl.when(pl.col("outlet") == "o1").then(False).otherwise("present")
    assert differ(codes.with_columns(present=blind), "outlet", shuffles=499)["p"][0] < 0.02


def test_the_test_does_not_hang_on_the_order_of_rows_or_last_digits() -> None:
    codes = coded(population(3), 150, 3)
    found = differ(codes, "outlet", shuffles=199)
    noise = pl.Series(np.random.default_rng(1).normal(size=150) * 1e-14)
    mixed = codes.with_columns(weight=pl.col("weight") + noise).sample(
        fraction=1, shuffle=True, seed=4
    )
    assert differ(mixed, "outlet", shuffles=199)["p"].to_list() == found["p"].to_list()
    one = codes.filter(pl.col("outlet") == "o1")
    assert differ(one, "outlet")["p"].to_list() == [None]


def test_a_correction_is_told_in_parts_that_sum_up() -> None:
    pieces = population(5)
    codes = coded(pieces, 150, 5)
    rows = explained(corrected(with_shares(counts(pieces)), codes), codes, ["frame"])
    row = rows.row(0, named=True)
    parts = sum(row[f"half_{part}"] for part in ("sampling", "measurement", "coders"))
    assert parts == pytest.approx(row["half_width"])
    assert row["change"] == pytest.approx(row["corrected"] - row["share"])
    side = "False alarms" if row["false_alarms"] > row["misses"] else "Misses"
    assert row["why"].startswith(side)


def test_influences_cancel_out_and_tell_what_a_piece_moves() -> None:
    pieces = population(6)
    codes = coded(pieces, 120, 6).with_row_index("piece")
    rows = corrected(counts(pieces), codes, lam=0.8)
    moved = influences(rows, codes, ["frame"])
    assert moved["influence"].sum() == pytest.approx(0, abs=1e-9)
    assert moved["influence"].abs().is_sorted(descending=True)
    most = moved.row(0, named=True)
    without = corrected(counts(pieces), codes.filter(pl.col("piece") != most["piece"]), lam=0.8)
    gone = rows["corrected"][0] - without["corrected"][0]
    assert gone == pytest.approx(most["influence"], rel=0.05)


def side(pieces: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """One side as `expected` takes it."""
    per_piece = pl.col("clustering") / pl.col("n")
    found = from_codes(corrected(counts(pieces), codes), per_piece)
    return found.with_columns(
        per_piece=per_piece, strata=pl.lit(1), share="corrected", codes=pl.col("codes").cast(int)
    )


def half_width(rows: pl.DataFrame) -> float:
    return float((rows["corrected_high"] - rows["corrected_low"])[0]) / 2


def test_a_forecast_of_nothing_more_is_the_interval_at_hand() -> None:
    pieces = population(7)
    codes = coded(pieces, 100, 7)
    now = expected(side(pieces, codes), 0)["half_width"][0]
    assert now == pytest.approx(half_width(corrected(counts(pieces), codes)), rel=0.02)
    widths = [expected(side(pieces, codes), more)["half_width"][0] for more in (0, 50, 200, 5000)]
    assert widths == sorted(widths, reverse=True)
    assert expected(side(pieces, codes), 5000)["coded"][0] == PIECES


@pytest.mark.parametrize("more", [50, 100, 200])
def test_a_forecast_comes_true_within_15_percent_on_average(more: int) -> None:
    ratios, blind = [], []
    for seed in range(40):
        pieces = population(seed)
        codes = coded(pieces, 60 + more, seed)
        realised = half_width(corrected(counts(pieces), codes))
        pilot = coded(pieces, 60, seed)
        ratios.append(expected(side(pieces, pilot), more)["half_width"][0] / realised)
        guess = from_scores(pl.col("score_sum"), pl.col("square_sum"), pl.col("n"))
        before = counts(pieces).with_columns(
            codes=pl.lit(0), strata=pl.lit(1), gain=guess, per_piece=1 / pl.col("n"),
            share=pl.col("score_sum") / pl.col("n"),
        )  # fmt: skip
        blind.append(expected(before, 60 + more)["half_width"][0] / realised)
    assert np.mean(ratios) == pytest.approx(1, abs=0.15)
    assert np.mean(np.abs(np.array(ratios) - 1)) < 0.15
    assert np.mean(blind) == pytest.approx(1, abs=0.15)


def test_a_difference_is_planned_on_the_side_that_is_known_less() -> None:
    pieces = population(8)
    well, badly = side(pieces, coded(pieces, 300, 8)), side(pieces, coded(pieces, 40, 9))
    now, then = (expected_difference(well, badly, more).row(0, named=True) for more in (0, 100))
    assert then["half_width"] < now["half_width"]
    assert then["more_one"] + then["more_other"] == 100
    assert then["more_other"] > then["more_one"]


def test_the_sentence_counts_directions() -> None:
    ends = [(0.1, 0.3), (0.05, 0.2), (-0.1, 0.2), (-0.3, -0.1)]
    rows = with_direction(
        pl.DataFrame(
            {
                "difference": [(a + b) / 2 for a, b in ends],
                "difference_low": [a for a, _ in ends],
                "difference_high": [b for _, b in ends],
            }
        )
    )
    said = agreement(rows, "safety", "at A", "at B")
    assert said == (
        "2 of 4 reasonable analyses find more safety at A than at B; 1 finds the opposite."
    )
    assert agreement(rows.filter(direction=0), "safety", "at A", "at B").startswith("The only")
    clear = agreement(rows.filter(pl.col("direction") > 0), "safety", "at A", "at B")
    assert clear.endswith("none finds the opposite.")
