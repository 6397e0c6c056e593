"""Shares of clustered units: the interval covers, copies count once, voices add up."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from analysis.measure.shares import wilson
from analysis.measure.voice import OWN, QUOTED, clustered_shares, spoken_by_role, voices_of_frame


def rows(counts: list[tuple[str, str, int, int]]) -> pl.DataFrame:
    """outlet, cluster, k, n of one role."""
    return pl.DataFrame(counts, schema=["outlet", "cluster", "k", "n"], orient="row").with_columns(
        role=pl.lit("police")
    )


def shares(table: pl.DataFrame) -> dict[str, float]:
    return clustered_shares(table, ["outlet", "role"], ["outlet"]).row(0, named=True)


def test_units_alone_have_wilsons_interval() -> None:
    found = shares(rows([("A", str(i), int(i < 30), 1) for i in range(100)]))
    low, high = wilson(pl.lit(30), pl.lit(100))
    plain = pl.select(low=low, high=high).row(0)
    assert (found["n"], found["k"], found["clusters"]) == (100, 30, 100)
    # c / (c - 1) is all that differs.
    assert found["design_effect"] == pytest.approx(100 / 99)
    assert (found["low"], found["high"]) == pytest.approx(plain, abs=1e-3)


def test_copies_widen_as_if_they_were_one() -> None:
    once = shares(rows([("A", str(i), int(i < 30), 1) for i in range(100)]))
    twice = shares(rows([("A", str(i), 2 * int(i < 30), 2) for i in range(100)]))
    assert twice["share"] == once["share"]
    assert twice["design_effect"] == pytest.approx(2 * once["design_effect"])
    assert twice["high"] - twice["low"] == pytest.approx(once["high"] - once["low"])


def test_none_of_any_is_taken_to_be_wholly_alike() -> None:
    found = shares(rows([("A", str(i), 0, 5) for i in range(10)]))
    assert found["share"] == 0
    assert found["design_effect"] == 5
    low, high = wilson(pl.lit(0), pl.lit(10))
    assert (found["low"], found["high"]) == pytest.approx(pl.select(low=low, high=high).row(0))


def test_intervals_cover() -> None:
    """Quotations of a piece are alike: a beta draw a piece. The interval holds 19 times in 20."""
    draw = np.random.default_rng(11)
    inside, tried, truth = 0, 400, 0.25
    for _ in range(tried):
        sizes = draw.integers(1, 16, 60)
        chances = draw.beta(truth * 2, (1 - truth) * 2, 60)
        counts = draw.binomial(sizes, chances)
        table = rows(
            [
                ("A", str(i), int(k), int(n))
                for i, (k, n) in enumerate(zip(counts, sizes, strict=True))
            ]
        )
        found = shares(table)
        inside += found["low"] <= truth <= found["high"]
    assert 0.92 <= inside / tried <= 0.98


def test_own_and_quoted_are_all_there_is() -> None:
    pieces = pl.DataFrame(
        {
            "outlet": ["A", "A", "A", "B"],
            "piece": [1, 2, 3, 4],
            "cluster": ["s1", "s1", "s2", "s3"],
            "own": [True, False, True, False],
            "roles": [["police"], ["police", "court"], None, ["court"]],
        },
        schema_overrides={"roles": pl.List(pl.String)},
    )
    long = voices_of_frame(pieces, ["police", "court", "victim"])
    found = clustered_shares(long, ["outlet", "voice"], ["outlet"])
    got = {(row["outlet"], row["voice"]): (row["k"], row["n"]) for row in found.to_dicts()}
    assert got[("A", OWN)] == (2, 3)
    assert got[("A", QUOTED)] == (1, 3)
    assert got[("A", "police")] == (2, 3)
    assert got[("A", "court")] == (1, 3)
    assert got[("A", "victim")] == (0, 3)
    assert got[("B", QUOTED)] == (1, 1)
    assert found.filter(pl.col("outlet") == "A")["clusters"].unique().to_list() == [2]


def test_every_role_is_counted_among_all_who_speak() -> None:
    found = pl.DataFrame(
        {
            "outlet": ["A", "A", "A"],
            "cluster": ["p1", "p1", "p2"],
            "role": ["police", "court", "police"],
            "quotations": [3, 1, 2],
        }
    )
    long = spoken_by_role(found, "quotations", ["police", "court", "victim"])
    table = clustered_shares(long, ["outlet", "role"], ["outlet"])
    assert dict(table.select("role", "k").iter_rows()) == {"police": 5, "court": 1, "victim": 0}
    assert table["n"].to_list() == [6, 6, 6]
    assert table["share"].sum() == pytest.approx(1)
