"""Fair comparisons of a build: numbers that agree with the other views, parts that add up, verdicts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.errors import UsageError
from analysis.estimates import TOGETHER, Ask, Evidence, against_one, against_rest
from analysis.estimates.fair import COMPOSITION, DIFFERENCE, FRAMING, MATCHED, Fair, fair
from analysis.estimates.turning import interrupted_series, turning_points, weekly, with_events
from analysis.reading.fair import Sides, compared_pieces
from analysis.reads import Build, Domain, Scope
from analysis.report.fair import decomposition, turns

FRAME = "civil_rights"
VOTE = dt.date(2025, 6, 17)


@pytest.fixture(scope="module")
def build(sampled_build: Build) -> Build:
    return sampled_build


@pytest.fixture(scope="module")
def outlets(build: Build) -> list[str]:
    return build.outlets().sort("outlet")["outlet"].to_list()


def numbers(found: Fair | None) -> dict[str, dict[str, object]]:
    assert found is not None
    return {row["part"]: row for row in found.parts.to_dicts()}


def test_sides_hold_every_piece_in_scope(build: Build, outlets: list[str]) -> None:
    total = build.totals(Scope()).items
    both = compared_pieces(build, Scope(), Sides(outlets[0]), FRAME)
    assert both.height == both["piece"].n_unique() == total
    assert set(both["side"]) == {0, 1}
    of_two = compared_pieces(build, Scope(), Sides(outlets[0], outlets[1]), FRAME)
    counts = build.by_outlet(Scope()).filter(frame=FRAME)
    wanted = counts.filter(pl.col("outlet").is_in(outlets[:2]))["n"].sum()
    assert of_two.height == wanted
    divided = compared_pieces(build, Scope(), Sides(None, None, VOTE), FRAME)
    assert divided.height == total - build.totals(Scope()).undated
    # The vote was on a Tuesday; its whole week is after.
    assert Sides(None, None, VOTE).monday == dt.date(2025, 6, 16)


@pytest.mark.parametrize(
    ("by", "count", "coded"),
    [
        ("topic", "item", True),
        ("story", "original", True),
        ("story", "item", False),
        ("topic", "story", False),
    ],
)
def test_the_difference_is_that_of_the_outlets_view_and_parts_add_up(
    build: Build, evidence: Evidence, outlets: list[str], by: str, count: str, coded: bool
) -> None:
    scope = Scope(estimand=count)  # type: ignore[arg-type]
    codes = evidence if coded else None
    one, other = outlets[0], outlets[3]
    for sides, rows in (
        (Sides(one, other), against_one(build, scope, other, codes, Ask(), [one])),
        (Sides(one), against_rest(build, scope, codes, Ask(), [one])),
    ):
        shown = rows.filter(pl.col("frame") == FRAME).row(0, named=True)
        found = fair(build, scope, sides, FRAME, by, codes, Ask())  # type: ignore[arg-type]
        part = numbers(found)
        for name in ("difference", "difference_low", "difference_high", "kind", "verdict", "n"):
            assert part[DIFFERENCE][name] == shown[name]
        for name in ("difference", "naive_difference"):
            split = part[COMPOSITION][name] + part[FRAMING][name]  # type: ignore[operator]
            assert split == pytest.approx(part[DIFFERENCE][name], abs=1e-9)
        assert part[FRAMING]["kind"] == shown["kind"]
        assert part[FRAMING]["difference_low"] < part[FRAMING]["difference_high"]  # type: ignore[operator]


def test_enough_codes_on_both_sides_correct_the_parts_by_themselves(
    build: Build, evidence: Evidence
) -> None:
    found = numbers(fair(build, Scope(), Sides(None, None, VOTE), FRAME, "topic", evidence, Ask()))
    assert {row["kind"] for row in found.values()} == {"corrected"}
    assert found[DIFFERENCE]["verdict"] in ("publishable", "exploratory")
    assert found[COMPOSITION]["difference"] + found[FRAMING]["difference"] == pytest.approx(  # type: ignore[operator]
        found[DIFFERENCE]["difference"], abs=1e-9
    )


def test_a_number_on_hardly_any_shared_story_is_not_to_be_printed(
    build: Build, outlets: list[str]
) -> None:
    """Periods share next to no story."""
    found = fair(build, Scope(), Sides(outlets[0], None, VOTE), FRAME, "story", None, Ask())
    part = numbers(found)
    assert part[FRAMING]["verdict"] == "do not print"
    assert "what both cover" in str(part[FRAMING]["reason"])
    if MATCHED in part:
        assert part[MATCHED]["verdict"] == "do not print"
        assert "that both covered" in str(part[MATCHED]["reason"])


def test_groups_are_named_and_ordered(build: Build, outlets: list[str]) -> None:
    found = fair(build, Scope(), Sides(outlets[0], outlets[3]), FRAME, "topic", None, Ask())
    assert found is not None
    known = set(build.topics()["label"])
    assert set(found.groups["about"]) <= known
    largest = found.groups.group_by("group", maintain_order=True).agg(
        pl.col("difference").abs().max()
    )["difference"]
    assert largest.is_sorted(descending=True)
    assert fair(build, Scope(outlets=("no one",)), Sides(outlets[0], outlets[1]), FRAME, "topic", None, Ask()) is None  # fmt: skip


def test_turning_points_know_no_events_and_name_the_nearest(
    build: Build, evidence: Evidence
) -> None:
    plain = turning_points(build, Scope(), None, Ask())
    coded = turning_points(build, Scope(), evidence, Ask())
    dates = ["outlet", "frame", "date", "first", "last"]
    assert plain.turns.height
    assert plain.turns.select(dates).equals(coded.turns.select(dates))
    assert set(plain.turns["kind"]) == {"naive"}
    assert "naive" not in set(coded.turns["kind"])
    for row in coded.turns.iter_rows(named=True):
        assert row["begin"] < row["first"] <= row["date"] <= row["last"] <= row["end"]
        away = [abs((row["date"] - day).days) for day in build.events["date"]]
        assert row["within"] or abs(row["days"]) == min(away)
        assert row["difference_low"] <= row["difference"] <= row["difference_high"]
    assert (plain.series["turns"] > 0).sum() == plain.turns.select("outlet", "frame").n_unique()


def test_levels_are_shares_of_the_weeks_of_a_stretch(build: Build) -> None:
    found = turning_points(build, Scope(), None, Ask()).turns.row(0, named=True)
    assert found["outlet"] != TOGETHER
    cells = build.over_time_by_outlet(Scope(), "week").filter(
        (pl.col("outlet") == found["outlet"])
        & (pl.col("frame") == found["frame"])
        & pl.col("start").is_between(found["date"], found["end"])
    )
    assert (found["n"], found["k"]) == (cells["n"].sum(), cells["k"].sum())


def test_weeks_are_put_together_where_pieces_are_few(build: Build, outlets: list[str]) -> None:
    cells = weekly(build, Scope(), outlets)
    assert set(cells["outlet"]) == {TOGETHER, *outlets}
    assert (cells["start"].dt.weekday() == 1).all()
    whole = cells.filter(pl.col("outlet") == TOGETHER)
    assert set(whole["weeks"]) == {1}
    assert min(cells.filter(pl.col("outlet") != TOGETHER)["weeks"]) > 1  # type: ignore[type-var]
    counts = build.counts(Scope(), Domain(bin="week")).filter(frame=FRAME)
    assert whole.filter(frame=FRAME)["n"].sum() == counts["n"].sum()
    assert weekly(build, Scope(day_from=dt.date(1900, 1, 1), day_to=dt.date(1900, 2, 1)), None).is_empty()  # fmt: skip


def test_an_event_in_the_interval_is_nearer_than_any_other() -> None:
    day = dt.date(2025, 6, 1)
    one = pl.DataFrame({"date": [day], "first": [day - dt.timedelta(40)], "last": [day]})
    events = pl.DataFrame(
        [(day - dt.timedelta(30), "inside"), (day + dt.timedelta(2), "close")],
        schema=["date", "label"],
        orient="row",
    )
    row = with_events(one, events).row(0, named=True)
    assert (row["event"], row["days"], row["within"]) == ("inside", 30, True)
    alone = with_events(one, events.clear()).row(0, named=True)
    assert (alone["event"], alone["days"], alone["within"]) == (None, None, False)


def test_an_interrupted_series_is_never_publishable(build: Build, outlets: list[str]) -> None:
    rows = interrupted_series(build, Scope(), VOTE, [outlets[0]], Ask(), weeks=26, minimum=5)
    assert rows["frame"].to_list() == sorted(frame["id"] for frame in build.frames)
    assert "publishable" not in set(rows["verdict"])
    assert (rows["compared"] == len(outlets) - 1).all()
    far = interrupted_series(build, Scope(), dt.date(1999, 1, 1), [outlets[0]], Ask(), weeks=26, minimum=5)  # fmt: skip
    assert far.is_empty()


def test_exports(
    build: Build, evidence: Evidence, outlets: list[str], sampled_project: Path
) -> None:
    rows = decomposition(build, Scope(), outlets[:2], "", evidence, Ask())
    totals = rows.filter(pl.col("about").is_null())
    assert totals.height == 4 * len(build.frames)
    wide = totals.pivot("part", index="frame", values="difference")
    gap = wide["composition"] + wide["framing"] - wide["difference"]
    assert gap.abs().max() < 1e-9  # type: ignore[operator]
    assert {"n", "difference_low", "kind", "verdict", "remedy"} <= set(rows.columns)
    dated = turns(build, Scope(), [], evidence, Ask())
    assert {"date", "first", "last", "event", "days", "verdict"} <= set(dated.columns)
    nothing = turns(build, Scope(outlets=("no one",)), [], None, Ask())
    assert nothing.is_empty()
    assert nothing.columns == dated.columns
    for names, by in (
        ((), ""),
        (("no one",), ""),
        ((outlets[0],) * 2, ""),
        ((outlets[0],), "week"),
    ):
        with pytest.raises(UsageError):
            decomposition(build, Scope(), names, by, None, Ask())
    done = CliRunner().invoke(
        main,
        ["export", "turning-points", "--project", str(sampled_project), "--outlet", "no one",
         "--out", str(sampled_project / "out.csv")],
    )  # fmt: skip
    assert done.exit_code == 2
    assert "there is no outlet 'no one'" in done.output
