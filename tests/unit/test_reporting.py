"""Whose text outlets print: every piece has one source, and what was planted is seen."""

from __future__ import annotations

import polars as pl
import pytest

from analysis.reading import copies
from analysis.reads import Build, Scope
from tests.support.demo import planted, planted_pieces


def test_each_piece_has_one_source(build: Build) -> None:
    rows = copies.reporting(build, Scope())
    sizes = dict(build.outlets().select("outlet", "pieces").iter_rows())
    assert set(rows["source"]) == set(copies.SOURCES)
    for (outlet,), part in rows.group_by("outlet"):
        assert part["k"].sum() == sizes[str(outlet)] == part["n"][0]
        assert part["share"].sum() == pytest.approx(1)


def test_copies_of_the_wire_are_told_by_who_printed_them(build: Build) -> None:
    truth = planted_pieces().filter(pl.col("copy_group").is_not_null())
    wire = planted()["wire"]["outlet"]
    groups = truth.filter(pl.len().over("copy_group") > 1)
    printed = groups.filter(pl.col("outlet") != wire).group_by("outlet").len()
    between = copies.between(build, Scope())
    assert set(between["origin"]) == {wire}
    told = dict(between.select("printed_by", "copies").iter_rows())
    for outlet, copied in printed.iter_rows():
        assert abs(told.get(outlet, 0) - copied) <= 1
    own = copies.reporting(build, Scope()).filter(outlet=wire, source="own")
    assert own["share"].to_list() == [1.0]


def test_a_text_is_shown_with_all_who_printed_it(build: Build) -> None:
    texts = copies.groups(build, Scope())
    assert texts["pieces"].is_sorted(descending=True)
    for row in texts.head(5).to_dicts():
        pieces = copies.group(build, row["copy_group"])
        assert pieces.height == row["pieces"]
        assert pieces["is_original"].to_list() == [True] + [False] * (row["pieces"] - 1)
        assert pieces["outlet"][0] == row["origin"]
        assert pieces["title"].str.strip_chars().str.to_lowercase().n_unique() == row["headlines"]
    none = copies.groups(build, Scope(outlets=("Nobody",)))
    assert none.is_empty()


def test_what_leaves_holds_every_copy_and_credit(build: Build) -> None:
    rows = copies.printed(build)
    assert rows["id"].is_unique().all()
    assert (
        rows.filter(pl.col("copy_group").is_not_null()).height == build.copies_summary()["pieces"]
    )
    assert (rows["copy_group"].is_not_null() | rows["agency"].is_not_null()).all()
    grouped = rows.drop_nulls("copy_group")
    assert (grouped["origin"] == grouped["id"]).sum() == grouped["copy_group"].n_unique()
