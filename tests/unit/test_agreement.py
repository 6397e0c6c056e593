"""Agreement of coders: alpha against its package, published figures, and what simulation says."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import krippendorff
import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.cli import main
from analysis.coding import agreement as measure
from analysis.coding.changes import SCHEMA, changes
from analysis.coding.coincidence import alphas
from analysis.coding.drift import drift
from analysis.coding.summary import summary
from analysis.coding.table import parse_order, read_codes
from analysis.errors import CodingError, UsageError
from tests.support.demo import framescope

REAL = os.environ.get("FRAMESCOPE_REAL_DATA")
real = pytest.mark.skipif(not REAL, reason="FRAMESCOPE_REAL_DATA is not set")
LEVELS = ("nominal", "ordinal", "interval")

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", example C: four observers, twelve
# units, 0 is missing.
OBSERVERS = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    "C": [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
}


def table(matrix: np.ndarray, frame: str = "f") -> pl.DataFrame:
    """Codes out of [coders, units] with NaN for missing; coders code in the order of units."""
    coders, units = matrix.shape
    return pl.DataFrame(
        {
            "unit": [f"u{unit}" for unit in range(units)] * coders,
            "coder": [f"c{coder}" for coder in range(coders) for _ in range(units)],
            "frame": [frame] * matrix.size,
            "value": matrix.ravel(),
            "order": list(range(1, units + 1)) * coders,
        }
    )


def simulated(
    rng: np.random.Generator, units: int, coders: int, alpha: float, share: float = 0.4
) -> np.ndarray:
    """Codes [coders, units] whose alpha in an endless sample is `alpha`.

    A coder sees the truth with probability sqrt(alpha) and else says 1 with probability `share`, so
    that two coders correlate by alpha.
    """
    truth = rng.random(units) < share
    guess = rng.random((coders, units)) < share
    sees = rng.random((coders, units)) < np.sqrt(alpha)
    return np.where(sees, truth, guess).astype(float)


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    """Values 0 to 4 of two to five coders, NaN where missing; two values or more are paired."""
    coders, units = draw(st.integers(2, 5)), draw(st.integers(2, 12))
    cells = st.sampled_from([np.nan, 0.0, 1.0, 2.0, 4.0])
    matrix = np.array(
        draw(st.lists(cells, min_size=coders * units, max_size=coders * units))
    ).reshape(coders, units)
    paired = matrix[:, (~np.isnan(matrix)).sum(axis=0) > 1]
    assume(len(np.unique(paired[~np.isnan(paired)])) > 1)
    return matrix


@pytest.mark.parametrize("level", LEVELS)
@given(matrix=matrices())
@settings(max_examples=40, deadline=None)
def test_the_vectorised_alpha_is_the_packages(level, matrix):
    values = np.unique(matrix[~np.isnan(matrix)])
    counts = np.stack([(matrix == value).sum(axis=0) for value in values], axis=1)
    counts = counts[counts.sum(axis=1) > 1].astype(float)
    expected = krippendorff.alpha(matrix, level_of_measurement=level)
    found = alphas(counts, values, level, np.ones((1, len(counts))))
    assert found[0] == pytest.approx(expected, abs=1e-9)
    twice = alphas(counts, values, level, np.full((1, len(counts)), 2.0))
    stacked = np.concatenate([counts, counts])
    again = krippendorff.alpha(
        value_counts=stacked, value_domain=values, level_of_measurement=level
    )
    assert twice[0] == pytest.approx(again, abs=1e-9)


@pytest.mark.parametrize("level", LEVELS)
@given(matrix=matrices())
@settings(max_examples=20, deadline=None)
def test_alpha_and_alpha_of_pairs_are_the_packages(level, matrix):
    codes = table(matrix)
    (row,) = measure.alpha(codes, level, resamples=20).to_dicts()
    expected = krippendorff.alpha(matrix, level_of_measurement=level)
    assert row["alpha"] == pytest.approx(expected, abs=1e-9)
    for pair in measure.pairwise(codes, level).to_dicts():
        two = matrix[[int(pair["first"][1:]), int(pair["second"][1:])]]
        two = two[:, ~np.isnan(two).any(axis=0)]
        assert pair["units"] == two.shape[1]
        assert pair["agree"] == pytest.approx((two[0] == two[1]).mean())
        if len(np.unique(two)) == 1:
            assert pair["alpha"] is None
        else:
            expected = krippendorff.alpha(two, level_of_measurement=level)
            assert pair["alpha"] == pytest.approx(expected, abs=1e-9)


def test_many_values_do_not_change_alpha(monkeypatch):
    codes = table(np.random.default_rng(1).integers(0, 6, (3, 40)).astype(float))
    usual = measure.alpha(codes, "ordinal")
    monkeypatch.setattr(measure, "_CELLS", 0)
    found = measure.alpha(codes, "ordinal")
    assert found["alpha"].to_list() == pytest.approx(usual["alpha"].to_list(), abs=1e-9)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_the_example_of_four_observers(level, published):
    matrix = np.array(list(OBSERVERS.values()), float)
    matrix[matrix == 0] = np.nan
    (row,) = measure.alpha(table(matrix), level).to_dicts()
    assert row["alpha"] == pytest.approx(published, abs=0.0005)
    # Unit 12 has one code.
    assert (row["units"], row["coders"], row["codes"]) == (11, 4, 40)
    assert row["low"] < row["alpha"] < row["high"]


def test_the_example_of_three_observers():
    # Krippendorff's alpha, Wikipedia: worked through by hand there.
    nan = np.nan
    matrix = np.array(
        [
            [nan, nan, nan, nan, nan, 3, 4, 1, 2, 1, 1, 3, 3, nan, 3],
            [1, nan, 2, 1, 3, 3, 4, 3, nan, nan, nan, nan, nan, nan, nan],
            [nan, nan, 2, 1, 3, 4, 4, nan, 2, 1, 1, 3, 3, nan, 4],
        ]
    )
    for level, published in (("nominal", 0.691), ("interval", 0.811)):
        found = measure.alpha(table(matrix), level)["alpha"].to_list()
        assert found == pytest.approx([published], abs=0.0005)


def test_coders_who_agree_and_coders_who_guess():
    rng = np.random.default_rng(3)
    same = np.repeat(rng.integers(0, 2, (1, 200)), 3, axis=0).astype(float)
    (row,) = measure.alpha(table(same)).to_dicts()
    assert (row["alpha"], row["high"], row["verdict"]) == (1, 1, "reliable")
    assert 0.95 < row["low"] < 1
    (row,) = measure.alpha(table(same[:, :5])).to_dicts()
    assert row["low"] < measure.TENTATIVE
    assert "straddles 0.667 and 0.800" in row["reason"]
    guessed = rng.integers(0, 2, (3, 2000)).astype(float)
    (row,) = measure.alpha(table(guessed)).to_dicts()
    assert abs(row["alpha"]) < 0.03
    assert row["verdict"] == "too low to use"


def test_names_and_order_are_nothing_to_alpha():
    codes = table(simulated(np.random.default_rng(5), 100, 3, 0.6))
    renamed = codes.sample(fraction=1, shuffle=True, seed=1).with_columns(
        coder=pl.col("coder").replace({"c0": "z", "c1": "a"}),
        unit=pl.lit("x") + pl.col("unit"),
    )
    for level in LEVELS:
        assert measure.alpha(codes, level).equals(measure.alpha(renamed, level))
    words = codes.with_columns(
        value=pl.col("value").replace_strict({0.0: "b", 1.0: "a"}, return_dtype=pl.String)
    )
    assert measure.alpha(words)["alpha"].to_list() == pytest.approx(
        measure.alpha(codes)["alpha"].to_list()
    )


def test_alpha_by_frame_is_alpha_of_each_frame():
    rng = np.random.default_rng(6)
    parts = [table(simulated(rng, 50, 2, level), name) for name, level in (("z", 0.2), ("a", 0.9))]
    both = measure.alpha(pl.concat(parts))
    assert both.equals(pl.concat([measure.alpha(part) for part in parts]))
    assert both["frame"].to_list() == ["z", "a"]


def test_what_is_undefined_is_null_and_says_why():
    once = table(np.array([[1.0, np.nan], [np.nan, 0.0]]), "once")
    never = table(np.array([[0.0, 0.0], [0.0, 0.0]]), "never")
    none = table(np.full((2, 2), np.nan), "none")
    found = measure.alpha(pl.concat([once, never, none]))
    assert found["alpha"].to_list() == found["low"].to_list() == [None] * 3
    assert found["verdict"].to_list() == ["undefined"] * 3
    assert found["units"].to_list() == [0, 2, 0]
    assert "no unit was coded by two" in found["reason"][0]
    assert "every code is 0.0: agreement is 100 %" in found["reason"][1]
    percent = measure.percent_agreement(pl.concat([once, never, none]))
    assert percent["agree"].to_list() == [None, 1.0, None]
    assert measure.pairwise(never)["alpha"].to_list() == [None]


@pytest.mark.parametrize(
    ("alpha", "verdict"),
    [
        (None, "undefined"),
        (0.6669, "too low to use"),
        (0.667, "tentative conclusions only"),
        (0.7999, "tentative conclusions only"),
        (0.8, "reliable"),
    ],
)
def test_verdicts(alpha, verdict):
    assert measure.verdict(alpha) == verdict


def test_a_rare_value_has_no_interval():
    matrix = np.zeros((2, 100))
    matrix[0, 0] = 1
    (row,) = measure.alpha(table(matrix)).to_dicts()
    assert row["alpha"] == pytest.approx(0.0, abs=0.01)
    assert row["low"] is row["high"] is None
    assert "there is no interval" in row["reason"]


def test_the_interval_covers():
    rng = np.random.default_rng(8)
    runs, covered = 0, 0
    for alpha, units, coders in ((0.5, 150, 2), (0.75, 100, 3), (0.9, 200, 2)):
        for _ in range(50):
            codes = table(simulated(rng, units, coders, alpha))
            (row,) = measure.alpha(codes, resamples=400, seed=runs).to_dicts()
            covered += row["low"] <= alpha <= row["high"]
            runs += 1
    assert 0.91 <= covered / runs <= 0.99


def test_the_interval_of_faultless_coders_covers():
    rng = np.random.default_rng(9)
    lows = []
    for _ in range(100):
        (row,) = measure.alpha(table(simulated(rng, 12, 2, 0.9)), resamples=50).to_dicts()
        if row["alpha"] == 1:
            lows.append(row["low"])
    assert len(lows) > 20
    assert max(lows) < 0.9


def test_a_thousand_resamples_take_well_under_a_second():
    rng = np.random.default_rng(10)
    codes = table(rng.integers(0, 5, (4, 2000)).astype(float))
    for level in LEVELS:
        start = time.process_time()
        measure.alpha(codes, level, resamples=1000)
        assert time.process_time() - start < 1


def test_percent_agreement_by_hand():
    # One unit of three codes that are 1, 1, 0, one of two that are the same, one with one code.
    matrix = np.array([[1, 1, 0], [1, 1, np.nan], [0, np.nan, np.nan]])
    (row,) = measure.percent_agreement(table(matrix)).to_dicts()
    assert row["units"] == 2
    assert row["agree"] == pytest.approx((3 * (1 / 3) + 2 * 1) / 5)
    assert row["all_agree"] == 0.5
    assert row["low"] < row["agree"] < row["high"]


@given(matrix=matrices())
@settings(max_examples=20, deadline=None)
def test_nominal_alpha_is_agreement_beyond_chance(matrix):
    codes = table(matrix)
    seen = measure.percent_agreement(codes)["agree"][0]
    (row,) = measure.alpha(codes, resamples=10).to_dicts()
    paired = matrix[:, (~np.isnan(matrix)).sum(axis=0) > 1]
    used = np.unique(paired[~np.isnan(paired)], return_counts=True)[1]
    chance = (used * (used - 1)).sum() / (used.sum() * (used.sum() - 1))
    assert row["alpha"] == pytest.approx(1 - (1 - seen) / (1 - chance), abs=1e-9)
    (told,) = re.findall(r"agree ([\d.]+) %", row["reason"])
    # To the last place but for how a five is rounded.
    assert float(told) == pytest.approx(seen * 100, abs=0.051)


def test_pairs_and_confusion_by_hand():
    codes = table(np.array([[1, 1, 0, 0, 1], [1, 0, 0, 1, np.nan]]))
    (row,) = measure.pairwise(codes).to_dicts()
    cells = [row[name] for name in ("units", "both", "only_first", "only_second", "neither")]
    assert cells == [4, 1, 1, 1, 1]
    assert row["agree"] == 0.5
    assert measure.confusion(codes)["units"].sum() == 4
    worded = codes.with_columns(value=pl.col("value").replace({1.0: 2.0}))
    (row,) = measure.pairwise(worded).to_dicts()
    assert row["both"] is row["neither"] is None
    parted = measure.confusion(worded).filter(pl.col("said_first") != pl.col("said_second"))
    assert parted["units"].to_list() == [1, 1]


def test_the_units_to_discuss_come_most_disagreement_first():
    one = table(np.array([[1, 1, 0, 0], [1, 0, 0, 1], [1, 0, 0, 0]], float), "a")
    two = table(np.array([[0, 1, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]], float), "b")
    found = measure.disagreements(pl.concat([one, two]))
    assert found.select("unit", "frame").rows() == [("u1", "a"), ("u1", "b"), ("u3", "a")]
    assert found["total"].to_list() == pytest.approx([4 / 3, 4 / 3, 2 / 3])
    assert found["said"][1].to_list() == [
        {"coder": "c0", "value": "1.0"},
        {"coder": "c1", "value": "0.0"},
        {"coder": "c2", "value": "1.0"},
    ]


def test_levels_decide_how_far_apart_codes_are():
    codes = table(np.array([[0, 0, 1], [1, 2, 1]], float))
    assert measure.disagreements(codes)["disagreement"].to_list() == [1, 1]
    by_distance = measure.disagreements(codes, "interval")
    assert by_distance["unit"].to_list() == ["u1", "u0"]
    assert by_distance["disagreement"].to_list() == pytest.approx([1, 1 / 4])
    # Midranks of 0 0 1 1 1 2 are 1.5, 4 and 6.
    ranked = measure.disagreements(codes, "ordinal")["disagreement"].to_list()
    assert ranked == pytest.approx([1, (2.5 / 4.5) ** 2])


def drifting(rng: np.random.Generator, units: int, shift: float) -> pl.DataFrame:
    """Three coders of whom c0 says 1 where it is 0 with probability `shift` in the second half."""
    matrix = simulated(rng, units, 3, 0.7)
    late = np.arange(units) >= units // 2
    matrix[0] = np.maximum(matrix[0], late & (rng.random(units) < shift))
    return table(matrix)


def test_drift_is_found_where_it_is():
    codes = drifting(np.random.default_rng(11), 300, 0.5)
    found = changes(codes)
    assert found.schema == SCHEMA
    # The others, who are compared with a coder that drifts, are not said to.
    assert set(found.filter("changed")["coder"]) == {"c0"}
    row = found.filter(coder="c0", measure="difference").row(0, named=True)
    assert row["changed"]
    assert row["p"] <= 0.05
    blocks = drift(codes).filter(coder="c0")
    assert blocks["units"].to_list() == [60] * 5
    assert blocks["start"].to_list() == [1, 61, 121, 181, 241]
    early, late = blocks.row(0, named=True), blocks.row(4, named=True)
    assert early["difference_low"] < 0 < early["difference_high"]
    assert late["difference_low"] > 0.1
    assert late["rate"] - late["others"] == pytest.approx(late["difference"])
    assert early["agree"] > late["agree"]
    furthest = blocks.sort("difference").row(-1, named=True)
    place = f"{furthest['difference']:+.2f} in codings {furthest['start']} to {furthest['end']}"
    assert place in row["reason"]


def test_order_is_what_the_column_says_not_the_rows():
    codes = drifting(np.random.default_rng(11), 300, 0.5)
    shuffled = codes.sample(fraction=1, shuffle=True, seed=2)
    assert drift(shuffled).equals(drift(codes))
    assert changes(shuffled).equals(changes(codes))


def test_drift_is_flagged_falsely_as_often_as_stated():
    rng = np.random.default_rng(12)
    alarms = 0
    for run in range(100):
        # News changes: the frame grows from rare to frequent, and all coders see it.
        truth = rng.random(120) < np.linspace(0.1, 0.7, 120)
        matrix = np.where(rng.random((3, 120)) < 0.85, truth, ~truth).astype(float)
        alarms += changes(table(matrix), shuffles=199, seed=run)["changed"].any()
    assert alarms <= 12


def test_drift_of_values_without_a_rate():
    words = ["a", "b", "c"]
    rng = np.random.default_rng(13)
    codes = table(rng.integers(0, 3, (2, 90)).astype(float)).with_columns(
        value=pl.col("value").replace_strict(dict(enumerate(words)), return_dtype=pl.String)
    )
    assert drift(codes)["rate"].null_count() == drift(codes).height == 8
    assert changes(codes)["measure"].unique().to_list() == ["agree"]
    few = table(np.ones((2, 10)))
    assert drift(few)["block"].to_list() == [1, 1]
    assert changes(few)["p"].to_list() == [None] * 4
    assert changes(few)["reason"][0].startswith("fewer than 40")
    alone = table(np.array([[1.0, 0.0, np.nan], [np.nan, np.nan, 1.0]]))
    assert drift(alone).is_empty()
    assert changes(alone).is_empty()


def test_a_coder_codes_a_unit_once():
    codes = table(np.ones((2, 2)))
    with pytest.raises(CodingError, match="'c0' coded 'u0' more than once for 'f'"):
        summary(pl.concat([codes, codes.head(1)]))
    with pytest.raises(CodingError, match="words, which have no interval distance"):
        summary(codes.with_columns(value=pl.lit("much")), "interval")


LONG = "unit,coder,frame,value\nu1,A,safety,1\nu1,B,safety,0\nu2,A,safety,1\nu2,B,safety,1\n"


def run(tmp_path: Path, text: str, *words: str) -> Result:
    path = tmp_path / "codes.csv"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["agreement", str(path), *words])


@pytest.mark.parametrize(
    ("text", "words", "code", "says"),
    [
        ("", (), 1, "the file is empty"),
        ("unit,coder,frame,value\n", (), 1, "there is no code in the table"),
        ("unit,coder,frame,value\nu1,A,safety,\n", (), 1, "there is no code in the table"),
        ("unit,who,frame,value\nu1,A,f,1\n", (), 1, "there is no column 'coder'; there are: unit"),
        ("unit,coder,frame,said\nu1,A,f,1\n", (), 1, "'frame', and none of values"),
        ("unit,coder\nu1,A\n", (), 1, "no column holds codes"),
        (LONG, ("--map", "coder=who"), 1, "there is no column 'who'"),
        (LONG, ("--map", "rater=coder"), 2, "there is no field 'rater'"),
        (LONG, ("--frames", "trust"), 1, "there is no frame 'trust'; there are: safety"),
        ("unit,coder,frame,value\nu1,A,f,1\nu2,A,f,0\n", (), 1, "every code is of one coder, 'A'"),
        (LONG + "u1,A,safety,0\n", (), 1, "row 5: coder 'A' coded 'u1' for 'safety' in row 1"),
        (LONG.replace("B,safety,0", "B,safety,high"), ("--level", "ordinal"), 1, "row 2: 'high' is"),
        (LONG, ("--order", "low,high"), 1, "row 1: '1' for 'safety' is none of the levels low, high"),
        (LONG, ("--order", "low"), 2, "does not name two levels"),
        (LONG, ("--order", "low,Low"), 2, "names 'low' twice"),
        (LONG, ("--level", "ratio"), 2, "'ratio' is not one of"),
        ("unit,coder,order,f\nu1,A,1,1\nu1,B,soon,1\n", (), 1, "row 2, column order: 'soon' gives no"),
        ("unit,coder,order,f\nu1,A,1,1\nu1,B,2025-06-17,1\n", (), 1, "beside the rows before"),
    ],
)  # fmt: skip
def test_bad_input_gives_one_message(tmp_path, text, words, code, says):
    done = run(tmp_path, text, *words)
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == code
    said = " ".join(done.stderr.split())
    assert says in said
    assert said.count("Error") == 1
    assert done.stdout == ""


def test_prose_is_no_code(tmp_path):
    rows = "".join(f"u{n},{coder},f,words {n}\n" for n in range(300) for coder in "AB")
    done = run(tmp_path, f"unit,coder,frame,value\n{rows}")
    assert "'f' has 300 different values, which are no codes" in done.stderr


def test_wide_and_long_tables_say_the_same(tmp_path):
    rng = np.random.default_rng(14)
    names = ("safety", "trust")
    long = pl.concat([table(simulated(rng, 60, 3, 0.7), name) for name in names])
    long = long.with_columns(pl.col("value").cast(pl.Int64)).sort("order", "coder", maintain_order=True)  # fmt: skip
    wide = long.pivot("frame", index=["unit", "coder", "order"], values="value")
    long.write_parquet(tmp_path / "long.parquet")
    wide.write_ndjson(tmp_path / "wide.jsonl")
    yes = wide.with_columns(
        pl.col(names).replace_strict({0: "No", 1: "yes"}, return_dtype=pl.String),
        title=pl.lit("A headline"),
    )
    yes.rename({"unit": "piece_id", "coder": "Who"}).write_csv(tmp_path / "yes.csv")
    found = [
        json.loads(framescope("agreement", tmp_path / name, *words, "--json"))
        for name, words in (
            ("long.parquet", ()),
            ("wide.jsonl", ()),
            ("yes.csv", ("--map", "coder=Who")),
        )
    ]
    for one in found:
        notices = one.pop("notices")
        assert notices in ([], ["read as frames: safety, trust; --frames names others"])
    assert found[0] == found[1] == found[2]
    assert found[0]["frames"] == summary(long).frames.to_dicts()
    only = json.loads(
        framescope("agreement", tmp_path / "long.parquet", "--frames", "trust", "--json")
    )
    assert [row["frame"] for row in only["frames"]] == ["trust"]


def test_words_in_their_order(tmp_path):
    levels = ["low", "mid", "high"]
    rng = np.random.default_rng(15)
    matrix = np.sort(rng.integers(0, 3, (2, 60)), axis=1).astype(float)
    numbers = table(matrix)
    said = numbers.with_columns(
        value=pl.col("value").replace_strict(dict(enumerate(levels)), return_dtype=pl.String)
    )
    said = said.with_columns(
        value=pl.when(pl.col("unit") == "u0").then(pl.lit("LO")).otherwise("value")
    )
    said.write_csv(tmp_path / "said.csv")
    path = tmp_path / "said.csv"
    for level in LEVELS:
        words = ("--level", level, "--order", "low | lo, mid, high")
        found = json.loads(framescope("agreement", path, *words, "--json"))
        expected = measure.alpha(numbers, level)["alpha"][0]
        assert found["frames"][0]["alpha"] == pytest.approx(expected)
        assert {row["said_first"] for row in found["confusion"]} <= set(levels)


def test_an_order_may_hold_commas():
    assert parse_order('"Biased, unfair", fair|Fare') == [["Biased, unfair"], ["fair", "Fare"]]
    with pytest.raises(UsageError):
        parse_order("a,,b")


def test_rows_that_say_nothing_are_left_out_and_told(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text(LONG + ",A,safety,1\nu3,A,safety,NA\nu3,B,safety,1\n", encoding="utf-8")
    codes = read_codes(path)
    assert codes.notices == [
        "1 rows without a unit, coder or frame were left out, the first is row 5 (no unit)"
    ]
    assert codes.table["value"].to_list() == [1, 0, 1, 1, None, 1]


def test_the_first_or_the_last_of_repeated_codings(tmp_path):
    path = tmp_path / "codes.csv"
    header = "unit,coder,safety,committed\n"
    rows = "u1,A,1,2025-06-17T10:00:00\nu1,B,0,2025-06-17T11:00:00\nu1,A,0,2025-06-17T09:00:00\n"
    path.write_text(header + rows, encoding="utf-8")
    for keep, value in (("first", 0), ("last", 1)):
        codes = read_codes(path, keep=keep)
        kept = codes.table.filter(coder="A").row(0, named=True)
        assert kept["value"] == value
        assert codes.notices[-1].startswith("1 repeated codings were left out")
    assert codes.table["order"].to_list() == [2, 3]


def test_the_command_says_what_it_leaves_out(tmp_path):
    rng = np.random.default_rng(16)
    path = tmp_path / "codes.parquet"
    drifting(rng, 200, 0.7).write_parquet(path)
    said = framescope("agreement", path)
    assert "Agreement before discussion" in said
    assert "To discuss, 20 of" in said
    assert "c0, f: value less that of the others" in said
    assert "where nobody drifts, 5 % of tables show a change" in said


def babe(name: str, column: str) -> pl.DataFrame:
    """Labels of one set, the first of each annotator and sentence; levels as numbers from 0."""
    ranks = {"label_bias": ["^Non-biased", "^Biased"], "label_opinion": ["^Entirely", "^Some", "^Exp"]}  # fmt: skip
    read = pl.read_parquet(Path(REAL or "") / "babe_labels.parquet").filter(set=name)
    value = pl.coalesce(
        pl.when(pl.col(column).str.contains(start)).then(rank)
        for rank, start in enumerate(ranks[column])
    )
    return (
        read.drop_nulls("unit")
        .unique(["annotator", "unit"], keep="first", maintain_order=True)
        .select("unit", coder="annotator", frame=pl.lit(column), value=value)
        .with_row_index("order")
    )


@real
@pytest.mark.parametrize(
    ("name", "bias", "opinion", "unordered"),
    [("MBIC", 0.21, 0.26, 0.17), ("SG1", 0.39, 0.46, 0.30), ("SG2", 0.40, 0.60, 0.42)],
)
def test_the_published_figures_of_babe(name, bias, opinion, unordered):
    for column, level, published in (
        ("label_bias", "nominal", bias),
        ("label_opinion", "interval", opinion),
        ("label_opinion", "nominal", unordered),
    ):
        (row,) = measure.alpha(babe(name, column), level).to_dicts()
        assert row["alpha"] == pytest.approx(published, abs=0.006)
        assert row["low"] < row["alpha"] < row["high"]
        assert row["verdict"] == "too low to use"


@real
def test_the_codings_of_the_gold_pieces():
    folder = Path(REAL or "")
    found = json.loads(framescope("agreement", folder / "gold_dev_codes.parquet", "--json"))
    assert (found["units"], found["coders"]) == (240, 3)
    by_piece = {row["frame"]: round(row["alpha"], 2) for row in found["frames"]}
    assert (min(by_piece.values()), max(by_piece.values())) == (0.90, 0.96)
    assert len(by_piece) == 4

    codes = pl.read_parquet(folder / "gold_dev_codes.parquet")
    pieces = pl.read_parquet(folder / "gold_dev.parquet").select(
        "id", sentence=pl.int_ranges(0, pl.col("spans").list.len() + 1)
    )
    sentences = codes.join(pieces, on="id").explode("sentence").select(
        "coder", "frame",
        unit=pl.format("{} {}", "id", "sentence"),
        value=pl.col("sentences").list.contains(pl.col("sentence").cast(pl.Int64)),
    )  # fmt: skip
    by_sentence = measure.alpha(sentences)["alpha"].round(2)
    assert (by_sentence.min(), by_sentence.max()) == (0.88, 0.94)
