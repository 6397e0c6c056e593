"""Estimates of a build: corrected by codes, minding gaps, told with verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from analysis import estimates
from analysis.coding import ledger as codings
from analysis.coding.ledger import existing_ledger, open_ledger
from analysis.estimates import Ask, Coverage, Evidence, Shown
from analysis.estimates.coverage import in_gaps, missing
from analysis.project import open_project
from analysis.reads import Build, Domain, Scope, open_current
from analysis.report.numbers import WORDS, in_words, told
from analysis.types import Rules
from tests.support.codings import made_ledger

BY_OUTLET = Domain(by_outlet=True)
ALL = Scope()


@pytest.fixture(scope="module")
def build(coded_project: Path) -> Iterator[Build]:
    opened = open_current(open_project(coded_project))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def evidence(build: Build, coded_project: Path) -> Evidence:
    found = estimates.gather(build, open_ledger(coded_project))
    assert found is not None
    return found


def half(rows: pl.DataFrame) -> pl.Series:
    return rows["shown_high"] - rows["shown_low"]


def test_only_rows_on_show_count_for_all_at_once(build: Build, evidence: Evidence) -> None:
    two = tuple(build.outlets()["outlet"][:2])
    together = Ask(together=True)
    few = estimates.shares(build, ALL, BY_OUTLET, evidence, together, Shown(outlets=two))
    every = estimates.shares(build, ALL, BY_OUTLET, evidence, together)
    each = estimates.shares(build, ALL, BY_OUTLET, evidence, Ask(), Shown(outlets=two))
    same = every.filter(pl.col("outlet").is_in(two))
    assert set(few["outlet"]) == set(two)
    assert (half(each) < half(few)).all()
    assert (half(few) < half(same)).all()
    # The others are not on show, and are borrowed from all the same.
    assert few["shown"].to_list() == pytest.approx(same["shown"].to_list())


def test_thin_cells_have_no_number(build: Build, evidence: Evidence) -> None:
    rows = estimates.trend(build, ALL, "month", evidence, Ask(), 6)
    thin = rows.filter("thin")
    assert thin.height > 0
    assert (thin["n"] < 6).all()
    assert (rows.filter(~pl.col("thin"))["n"] >= 6).all()
    numbers = ["share", "low", "high", "corrected", "borrowed", "shown", "shown_low", "shown_high"]
    assert thin.select(pl.col(numbers).null_count()).row(0) == (thin.height,) * len(numbers)
    assert set(thin["verdict"]) == {"do not print"}
    cells = build.counts(ALL, Domain(by_outlet=True, bin="month")).height
    overall = build.counts(ALL, Domain(bin="month")).height
    assert rows.height == cells + overall


def test_a_cell_in_a_gap_is_not_publishable(build: Build, evidence: Evidence) -> None:
    # Rules under which nothing but a gap holds a number back.
    rules = Rules(min_pieces=0, min_codes=0, min_found=0, min_alpha=-1, max_half_width=1)
    rows = estimates.trend(build, ALL, "quarter", evidence, Ask(rules), 1)
    gapped = rows.filter("gap")
    assert gapped.height > 0
    assert gapped["reason"].str.contains("gap in collection").all()
    assert not rows.filter(~pl.col("gap"))["reason"].str.contains("gap in collection").any()


def gap(outlet: str, first: str, last: str, expected: float) -> Coverage:
    days = [dt.date.fromisoformat(first)], [dt.date.fromisoformat(last)]
    gaps = pl.DataFrame(
        {"outlet": [outlet], "first": days[0], "last": days[1], "bins": [3], "expected": [expected]}
    )
    return Coverage("week", pl.DataFrame(), gaps)


def test_a_gap_is_spread_over_the_bins_it_touches() -> None:
    # From Monday, 20 January to Sunday, 9 February: 12 days and 9.
    lost = missing(gap("a", "2025-01-20", "2025-02-03", 21), "month").sort("start")
    assert lost["pieces"].to_list() == pytest.approx([12, 9])
    assert lost["time"].to_list() == pytest.approx([12 / 31, 9 / 28])


def cells(*n: int) -> pl.DataFrame:
    return pl.DataFrame({"outlet": ["a", "b"], "start": [dt.date(2025, 1, 1)] * 2, "n": n})


def test_an_outlet_s_gap_is_its_own() -> None:
    lost = missing(gap("a", "2025-01-06", "2025-01-20", 21), "month")
    assert in_gaps(cells(50, 50), lost, 0.05)["gap"].to_list() == [True, False]
    together = cells(400, 0).drop("outlet").head(1)
    assert in_gaps(together, lost, 0.05)["gap"].to_list() == [False]
    assert in_gaps(together, lost, 0.04)["gap"].to_list() == [True]


def test_a_silence_of_all_is_everyone_s() -> None:
    lost = missing(gap("(all outlets)", "2025-01-06", "2025-01-20", 21), "month")
    assert in_gaps(cells(50, 50), lost, 0.05)["gap"].to_list() == [True, True]
    short = missing(gap("(all outlets)", "2024-12-16", "2024-12-30", 21), "month")
    # Five of 31 days.
    assert in_gaps(cells(50, 50), short, 0.2)["gap"].to_list() == [False, False]


def test_differences_are_of_the_corrected_shares(build: Build, evidence: Evidence) -> None:
    outlets = build.outlets()["outlet"].to_list()
    rows = estimates.against_one(build, ALL, outlets[0], evidence, Ask(), outlets[1:4])
    assert set(rows["outlet"]) == set(outlets[1:4])
    gaps = (rows["shown"] - rows["shown_other"]).to_list()
    assert rows["difference"].to_list() == pytest.approx(gaps)
    naive = (rows["share"] - rows["share_other"]).to_list()
    assert rows["naive_difference"].to_list() == pytest.approx(naive)
    assert rows.select(pl.col("difference").is_between("difference_low", "difference_high")).to_series().all()  # fmt: skip


def test_the_remedy_names_the_smaller_side(build: Build, evidence: Evidence) -> None:
    rows = estimates.shares(build, ALL, BY_OUTLET, evidence, Ask())
    least = rows.sort("codes", "outlet")["outlet"][0]
    others = [outlet for outlet in rows["outlet"].unique().sort() if outlet != least]
    compared = estimates.against_one(build, ALL, least, evidence, Ask(), others)
    fewer = compared.filter(pl.col("codes") > pl.col("codes_other"))
    assert fewer.height > 0
    assert fewer["remedy"].str.contains(least, literal=True).all()


def test_a_change_needs_pieces_on_both_sides(build: Build) -> None:
    day = dt.date(2025, 12, 8)
    before, after = replace(ALL, day_to=day - dt.timedelta(days=1)), replace(ALL, day_from=day)
    rows = estimates.changes(build, before, after, None, Ask(), 20)
    assert rows.height > 0
    assert (rows["n"] >= 20).all()
    assert (rows["n_other"] >= 20).all()
    assert rows["outlet"].n_unique() < build.outlets().height


def ruled(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["verdict", "reason", "remedy"], orient="row")


def test_a_summary_tells_the_commonest_reason_and_the_best_remedy() -> None:
    found = estimates.summed_up(
        ruled(
            ("exploratory", "only 5 pieces coded", "code 45 more of A"),
            ("exploratory", "only 1 piece coded; wide", "code 49 more of A; widen"),
            ("exploratory", "only 7 pieces coded", "code 43 more of B"),
            ("exploratory", "only 7 pieces coded", "code 43 more of B"),
            ("publishable", "", ""),
        )
    )
    assert found.counts == {"publishable": 1, "exploratory": 4}
    assert (found.reason, found.given_for) == ("only 1 to 7 pieces coded", 4)
    assert (found.remedy, found.opens) == ("code 43 more of B", 2)


def test_nothing_held_back_needs_no_remedy() -> None:
    found = estimates.summed_up(ruled(("publishable", "", "")))
    assert (found.reason, found.remedy, found.numbers) == ("", "", 1)


def test_a_table_tells_the_same_as_the_numbers(build: Build, evidence: Evidence) -> None:
    rows = estimates.shares(build, ALL, BY_OUTLET, evidence, Ask())
    table = in_words(told(rows), {"trust": "Trust"})
    assert set(table.columns) <= set(WORDS.values())
    assert "Trust" in set(table["Frame"])
    assert table["Share %"].to_list() == (rows["shown"] * 100).round(1).to_list()
    assert table["Naive share %"].to_list() == (rows["share"] * 100).round(1).to_list()


def test_looking_makes_no_file(tmp_path: Path) -> None:
    assert existing_ledger(tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_codings_can_be_read_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_ledger(tmp_path)
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(codings.os, "access", lambda *_: False)
    ledger = existing_ledger(tmp_path)
    assert ledger is not None
    assert ledger.rows("samples")[0]["sample"] == "s1"
    assert sorted(tmp_path.iterdir()) == before
