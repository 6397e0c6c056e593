"""Weights and spreads of what people coded."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from analysis.coding import codes as tables
from analysis.coding.ledger import open_ledger
from analysis.coding.sessions import Desk, Marks
from tests.support.codings import FRAMES, SPANS, add_sample, codes, frame, made_ledger

STRATA = {
    "a1": ("A · early", 0.5),
    "a2": ("A · early", 0.5),
    "a3": ("A · late", 0.1),
    "a4": ("A · late", 0.1),
    "b1": ("B · early", 0.25),
    "b2": ("B · early", 0.25),
}


def sampled(root: Path):
    ledger = open_ledger(root)
    add_sample(ledger, pieces=list(STRATA), overlap=list(STRATA), strata=STRATA)
    return ledger


def commit(ledger, coder: str, piece: str, **given: bool | None) -> None:
    Desk(ledger, "s1", coder, FRAMES).commit(piece, codes(**given), SPANS)


def of(table: pl.DataFrame, name: str) -> dict[str, dict]:
    return {row["piece"]: row for row in table.filter(frame=name).to_dicts()}


def test_means_and_spreads_of_coders(tmp_path: Path) -> None:
    ledger = sampled(tmp_path)
    for coder, value in [("Ann", True), ("Ben", True), ("Cid", False)]:
        commit(ledger, coder, "a1", safety=value)
    commit(ledger, "Ann", "a2", safety=None)
    commit(ledger, "Ben", "a2", safety=True)
    found = of(tables.coded(ledger, "s1", FRAMES), "safety")
    assert found["a1"]["y"] == pytest.approx(2 / 3)
    # The unbiased variance of one of the codes 1, 1, 0.
    assert found["a1"]["spread"] == pytest.approx(np.var([1, 1, 0], ddof=1))
    assert (found["a2"]["y"], found["a2"]["coders"], found["a2"]["spread"]) == (1.0, 1, None)


def test_weights_of_a_whole_sample_are_inverse_probabilities(tmp_path: Path) -> None:
    ledger = sampled(tmp_path)
    for piece in STRATA:
        commit(ledger, "Ann", piece)
    table = tables.coded(ledger, "s1", FRAMES)
    assert [w * STRATA[p][1] for p, w in table.select("piece", "weight").iter_rows()] == [1.0] * 12
    assert tables.response(ledger, "s1", FRAMES)["carried_by"].null_count() == 6


@pytest.mark.parametrize(
    "done", [["a1"], ["a1", "a3"], ["b2"], ["a3", "b1", "b2"], ["a1", "a2", "a3", "b2"]]
)
def test_weights_always_sum_to_the_population(tmp_path: Path, done: list[str]) -> None:
    ledger = sampled(tmp_path)
    for piece in done:
        commit(ledger, "Ann", piece)
    table = tables.coded(ledger, "s1", FRAMES)
    for sums in table.group_by("frame").agg(pl.col("weight").sum())["weight"]:
        assert sums == pytest.approx(4 + 20 + 8)


def test_a_stratum_without_codes_is_carried_by_its_outlet(tmp_path: Path) -> None:
    ledger = sampled(tmp_path)
    commit(ledger, "Ann", "a1")
    commit(ledger, "Ann", "b1")
    found = of(tables.coded(ledger, "s1", FRAMES), "trust")
    assert found["a1"]["weight"] == pytest.approx(4 + 20)
    assert found["b1"]["weight"] == pytest.approx(8)
    told = {r["stratum"]: r for r in tables.response(ledger, "s1", FRAMES[1:]).to_dicts()}
    assert told["A · late"]["carried_by"] == "A · early"
    assert (told["A · late"]["drawn"], told["A · late"]["coded"]) == (2, 0)
    assert told["B · early"]["carried_by"] is None


def test_a_carrier_of_the_same_period_comes_first(tmp_path: Path) -> None:
    names = ["A · 1 · clear", "A · 2 · clear", "A · 2 · doubt", "B · 2 · doubt"]
    ledger = open_ledger(tmp_path)
    add_sample(ledger, pieces=names, strata={name: (name, 0.5) for name in names})
    commit(ledger, "Ann", names[0])
    commit(ledger, "Ann", names[1])
    told = tables.response(ledger, "s1", FRAMES[:1])["carried_by"].to_list()
    assert told == [None, None, names[1], tables.EVERYWHERE]


def test_an_outlet_without_codes_is_carried_by_all(tmp_path: Path) -> None:
    ledger = sampled(tmp_path)
    commit(ledger, "Ann", "a1")
    commit(ledger, "Ann", "a3")
    found = of(tables.coded(ledger, "s1", FRAMES), "safety")
    assert found["a1"]["weight"] == pytest.approx(4 * 32 / 24)
    assert found["a3"]["weight"] == pytest.approx(20 * 32 / 24)
    told = tables.response(ledger, "s1", FRAMES).filter(stratum="B · early")
    assert told["carried_by"].to_list() == [tables.EVERYWHERE] * 2


def test_response_is_by_frame(tmp_path: Path) -> None:
    ledger = sampled(tmp_path)
    commit(ledger, "Ann", "a1", safety=None)
    commit(ledger, "Ann", "a2")
    table = tables.coded(ledger, "s1", FRAMES)
    assert of(table, "safety").keys() == {"a2"}
    assert of(table, "trust").keys() == {"a1", "a2"}


def test_codes_under_an_old_definition_do_not_count(tmp_path: Path) -> None:
    ledger = sampled(tmp_path)
    commit(ledger, "Ann", "a1")
    changed = [frame("safety", "Something else."), FRAMES[1]]
    assert tables.coded(ledger, "s1", changed)["frame"].to_list() == ["trust"]
    assert tables.long(ledger, "s1", changed)["frame"].to_list() == ["trust"]
    assert tables.long(ledger, "s1").height == 2


def test_withdrawn_codings_do_not_count(tmp_path: Path) -> None:
    ledger = sampled(tmp_path)
    commit(ledger, "Ann", "a1")
    Desk(ledger, "s1", "Ann", FRAMES).undo()
    assert tables.coded(ledger, "s1", FRAMES).is_empty()
    assert tables.long(ledger, "s1").is_empty()


def test_nothing_coded_has_the_same_columns(tmp_path: Path) -> None:
    ledger = sampled(tmp_path)
    assert tables.coded(ledger, "s1", FRAMES).schema == pl.Schema(tables.CODED_SCHEMA)
    assert tables.long(ledger, "s1").schema == pl.Schema(tables.LONG_SCHEMA)
    assert set(tables.response(ledger, "s1", FRAMES)["carried_by"]) == {tables.EVERYWHERE}


def test_long_keeps_the_order_of_commits(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, overlap=["a", "b"])
    for coder, piece in [("Ann", "b"), ("Ben", "a"), ("Ann", "a")]:
        Desk(ledger, "s1", coder, FRAMES).commit(piece, Marks({"safety": None, "trust": True}), ())
    table = tables.long(ledger, "s1").sort("order")
    assert table.filter(frame="trust")["unit"].to_list() == ["b", "a", "a"]
    assert table.filter(frame="safety")["value"].null_count() == 3
    assert table["order"].to_list() == [1, 1, 2, 2, 3, 3]


def test_the_weighted_total_is_unbiased_when_part_is_coded(tmp_path: Path) -> None:
    """Over all ways in which one piece of each stratum can come first, the mean is the total."""
    truth = {"a1": 1, "a2": 0, "a3": 1, "a4": 1, "b1": 0, "b2": 1}
    totals = []
    for number, first in enumerate(itertools.product(("a1", "a2"), ("a3", "a4"), ("b1", "b2"))):
        (tmp_path / str(number)).mkdir()
        ledger = sampled(tmp_path / str(number))
        for piece in first:
            commit(ledger, "Ann", piece, safety=bool(truth[piece]))
        table = tables.coded(ledger, "s1", FRAMES).filter(frame="safety")
        totals.append((table["weight"] * table["y"]).sum())
    assert np.mean(totals) == pytest.approx(sum(y / STRATA[p][1] for p, y in truth.items()))


def test_unequal_probabilities_in_a_stratum(tmp_path: Path) -> None:
    """As after a top-up with other strata: weights still sum to what the drawn stand for."""
    ledger = open_ledger(tmp_path)
    add_sample(ledger, pieces=["a", "b"], strata={"a": ("all", 0.5), "b": ("all", 0.25)})
    commit(ledger, "Ann", "b")
    assert tables.coded(ledger, "s1", FRAMES)["weight"].to_list() == pytest.approx([6.0, 6.0])
