"""What is planted in the teaching corpus is found again, and nothing that is not there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from analysis import estimates
from analysis.coding.ledger import open_ledger
from analysis.measure import trends
from analysis.project import open_project
from analysis.reads import Build, Domain, Scope, open_current
from analysis.store import builds
from tests.support.altered import f1, pairs
from tests.support.demo import planted, planted_pieces, tables
from tests.support.stories import score

BY_OUTLET = Domain(by_outlet=True)
FRAMES = ["safety", "civil_rights", "profiling", "trust"]


@pytest.fixture(scope="module")
def pieces(demo_project: Path) -> pl.DataFrame:
    """The build's pieces beside what each was made to be."""
    ref = builds.current(demo_project / "builds")
    assert ref is not None
    with tables(ref.path) as stored:
        found = stored["piece"]
    truth = planted_pieces().rename({"outlet": "true_outlet", "copy_group": "true_group"})
    return truth.join(found.drop("month"), on="id", how="full", coalesce=True)


def test_every_piece_and_row_is_accounted_for(build: Build, pieces: pl.DataFrame) -> None:
    truth = planted()
    files = build.source_files()
    assert pieces.height == truth["pieces"] == build.totals(Scope()).items
    assert pieces["published"].null_count() == build.totals(Scope()).undated == truth["undated"]
    assert files["accepted"].sum() == truth["pieces"]
    assert files["duplicates"].sum() == truth["repeated_rows"]
    assert files["refused"].sum() == truth["empty_rows"]
    assert files["rows_read"].sum() == sum(
        truth[name] for name in ("pieces", "repeated_rows", "empty_rows")
    )


def test_spellings_of_an_outlet_are_one(build: Build, pieces: pl.DataFrame) -> None:
    assert (pieces["outlet"] == pieces["true_outlet"]).all()
    assert pieces["outlet_raw"].n_unique() > pieces["outlet"].n_unique()
    assert set(build.outlets()["outlet"]) == set(planted()["by_outlet"])


def test_wire_copies_are_linked(pieces: pl.DataFrame) -> None:
    found, there = pairs(pieces, "copy_group", "id"), pairs(pieces, "true_group", "id")
    assert len(there) >= planted()["wire"]["copies"]
    assert f1(found, there) >= 0.97


def test_planted_stories_are_found(pieces: pl.DataFrame) -> None:
    result = score(pieces.select(told="story", story="story_key"))
    assert result.f1 >= 0.95, result


def test_frame_shares_by_outlet_lie_in_their_intervals(build: Build) -> None:
    truth = pl.DataFrame(
        [
            (outlet, frame, shares[frame])
            for outlet, shares in planted()["by_outlet"].items()
            for frame in FRAMES
        ],
        schema=["outlet", "frame", "true_share"],
        orient="row",
    )
    cells = estimates.shares(build, Scope(), BY_OUTLET, None, estimates.Ask())
    cells = cells.join(truth, on=["outlet", "frame"])
    assert cells.height == truth.height
    missed = cells.filter(~pl.col("true_share").is_between("low", "high"))
    assert 1 - missed.height / cells.height >= 0.85, missed


def test_intervals_of_corrected_shares_hold_the_truth(coded_project: Path) -> None:
    truth = pl.DataFrame(
        [(o, f, s[f]) for o, s in planted()["by_outlet"].items() for f in FRAMES],
        schema=["outlet", "frame", "true_share"],
        orient="row",
    )
    build = open_current(open_project(coded_project))
    evidence = estimates.gather(build, open_ledger(coded_project))
    assert evidence is not None
    # The truth is of these very pieces.
    ask = estimates.Ask(census=True)
    rows = estimates.shares(build, Scope(), BY_OUTLET, evidence, ask)
    build.close()
    cells = rows.join(truth, on=["outlet", "frame"])
    missed = cells.filter(~pl.col("true_share").is_between("shown_low", "shown_high"))
    assert missed.height <= 0.15 * cells.height, missed


@pytest.fixture(scope="module")
def changes(build: Build) -> pl.DataFrame:
    """Each outlet's change of each frame's share in the week of the vote."""
    day = dt.date.fromisoformat(planted()["shift_day"])
    monday = day - dt.timedelta(days=day.weekday())
    before, after = Scope(day_to=monday - dt.timedelta(days=1)), Scope(day_from=monday)
    wanted = pl.DataFrame(
        [(o, f) for o, shifts in planted()["shifts"].items() for f in shifts],
        schema=["outlet", "frame"],
        orient="row",
    ).with_columns(planted=True)
    return (
        estimates.changes(build, before, after, None, estimates.Ask())
        .join(wanted, on=["outlet", "frame"], how="left")
        .with_columns(pl.col("planted").fill_null(False))
    )


def test_the_shift_is_visible_where_it_was_planted(changes: pl.DataFrame) -> None:
    rows = changes.filter("planted")
    assert rows.height == 3
    assert (rows["difference_low"] > 0).all(), rows


def test_the_shift_is_absent_where_it_was_not_planted(changes: pl.DataFrame) -> None:
    others = changes.filter(~pl.col("planted"))
    seen = others.filter((pl.col("difference_low") > 0) | (pl.col("difference_high") < 0))
    assert others.height >= 30
    # A 95 % interval errs in one of twenty.
    assert seen.height <= 0.1 * others.height, seen


def test_the_collection_gap_is_found_and_no_other(build: Build) -> None:
    volume = build.volume(Scope(), "week")
    first, last = trends.collection_span(volume)
    found = trends.gaps(trends.with_empty_bins(volume, first, last, "week"))
    gap = planted()["gap"]
    own = found.filter(pl.col("outlet") != trends.ALL_OUTLETS)
    assert own["outlet"].to_list() == [gap["outlet"]]
    assert own["first"].to_list() == [dt.date.fromisoformat(gap["from"])]
    assert own["last"][0] + dt.timedelta(days=6) == dt.date.fromisoformat(gap["to"])


def test_a_topic_is_one_story(pieces: pl.DataFrame) -> None:
    placed = pieces.filter(pl.col("topic_key") != "unassigned").with_columns(
        line=pl.col("story").str.replace(r"-\d+$", "")
    )
    assert placed.height >= 0.75 * pieces.height
    largest = (
        placed.group_by("topic_key", "line").len().group_by("topic_key").agg(pl.col("len").max())
    )
    purity = largest["len"].sum() / placed.height
    assert purity >= 0.8, f"purity {purity:.3f}"
