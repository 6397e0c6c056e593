"""Selection: stories an outlet left out beside those it told, both as its peers tell them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from analysis.coding.ledger import open_ledger
from analysis.estimates import Ask, gather
from analysis.estimates.selection import LEFT, TOLD, contrast, selection
from analysis.project import open_project
from analysis.reading import stories
from analysis.reads import Build, Scope, open_current

OUTLET = "Calle Ocho Voz"
PEERS = ("Biscayne Courier", "Causeway Post", "Channel 8 South", "Gulf Wire Service")
LEAST = 2


@pytest.fixture(scope="module")
def sides(build: Build) -> pl.DataFrame:
    return selection(build, Scope(), OUTLET, PEERS, LEAST, None, Ask())


def by_hand(build: Build) -> pl.DataFrame:
    """Pieces and carriers by side and frame, from the exports."""
    members = stories.members(build).filter(pl.col("pieces") > 1)
    own = members.filter(pl.col("outlet") == OUTLET)["story"].implode()
    first = (
        members.filter(pl.col("outlet").is_in(PEERS))
        .sort("published", nulls_last=True, maintain_order=True)
        .unique(["story", "outlet"], keep="first", maintain_order=True)
        .filter(pl.len().over("story") >= LEAST)
        .with_columns(
            side=pl.when(pl.col("story").is_in(own)).then(pl.lit(TOLD)).otherwise(pl.lit(LEFT))
        )
    )
    labels = build.labels(Scope()).select("id", "frame", "present")
    return (
        first.join(labels, on="id")
        .group_by("side", "frame")
        .agg(n=pl.len().cast(pl.Int64), events=pl.col("story").n_unique().cast(pl.Int64))
    )


def test_both_sides_count_each_peer_s_first_piece_on_a_story(
    build: Build, sides: pl.DataFrame
) -> None:
    there = by_hand(build).sort("side", "frame")
    assert set(there["side"]) == {TOLD, LEFT}
    assert (
        sides.select("side", "frame", "n", "events")
        .sort("side", "frame")
        .equals(there.select("side", "frame", "n", "events"))
    )


def test_without_codes_a_share_is_exploratory_and_allows_for_stories(sides: pl.DataFrame) -> None:
    assert set(sides["kind"]) == {"naive"}
    assert "publishable" not in set(sides["verdict"])
    assert (sides["shown_low"] <= sides["low"] + 1e-9).all()
    assert (sides["shown_high"] >= sides["high"] - 1e-9).all()
    assert (sides["shown_worth"] < sides["n"]).any()


def test_the_difference_is_left_minus_told(sides: pl.DataFrame) -> None:
    shown = {(s, f): v for s, f, v in sides.select("side", "frame", "shown").iter_rows()}
    rows = contrast(sides, Ask())
    assert rows.height == sides["frame"].n_unique()
    for row in rows.to_dicts():
        expected = shown[LEFT, row["frame"]] - shown[TOLD, row["frame"]]
        assert row["difference"] == pytest.approx(expected)
        assert row["difference_low"] <= row["difference"] <= row["difference_high"]
        assert row["verdict"] != "publishable"


def test_codes_correct_both_sides(coded_project: Path) -> None:
    build = open_current(open_project(coded_project))
    evidence = gather(build, open_ledger(coded_project))
    rows = selection(build, Scope(), OUTLET, PEERS, LEAST, evidence, Ask())
    build.close()
    assert "naive" not in set(rows["kind"])
    assert rows["codes"].sum() > 0
    assert set(rows["outside"]) == {0.0}


def test_nothing_in_scope_gives_no_row(build: Build) -> None:
    never = Scope(day_from=dt.date(2001, 1, 1), day_to=dt.date(2001, 2, 1))
    none = selection(build, never, OUTLET, PEERS, LEAST, None, Ask())
    assert none.is_empty()
    assert contrast(none, Ask()).is_empty()


def test_a_story_that_every_outlet_told_leaves_one_side(build: Build) -> None:
    told = stories.stories(build, Scope()).filter(pl.col("outlets") >= 9)
    day = told["first_day"][0]
    week = Scope(day_from=day, day_to=day)
    rows = stories.selection(build, week, OUTLET, PEERS, 4)
    assert told["story_key"][0] in set(rows.filter("covered")["story_key"])


def test_outlets_around_a_story_are_told_apart(build: Build) -> None:
    story = stories.stories(build, Scope()).sort("outlets")["story_key"][0]
    around = stories.around(build, story, ())
    tellers = set(stories.pieces(build, story)["outlet"])
    assert set(around.filter("told")["outlet"]) == tellers
    one = next(iter(tellers))
    assert stories.around(build, story, [one])["outlet"].to_list() == [one]


def test_a_search_finds_stories_by_title_and_by_headline(build: Build) -> None:
    found = stories.stories(build, Scope(), "  CIVILIAN panel ")
    assert 0 < found.height < stories.stories(build, Scope()).height
    for story in found["story_key"]:
        heads = [*stories.pieces(build, story)["title"], stories.title(build, story) or ""]
        assert any("civilian panel" in head.lower() for head in heads)
    assert stories.stories(build, Scope(), "zzzz qqqq").is_empty()
    assert stories.title(build, "none such") is None


def test_few_stories_are_told_one_by_one(sides: pl.DataFrame) -> None:
    few = sides.filter(pl.col("events") < Ask().rules.min_pieces)
    assert few.height
    assert set(few["verdict"]) == {"do not print"}
    assert few["reason"].str.contains("rests on only").all()
    assert set(contrast(sides, Ask())["verdict"]) == {"do not print"}
