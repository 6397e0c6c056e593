"""The Validation view's numbers on a coded corpus: the same as everywhere else, and none too early."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.coding.ledger import Ledger, open_ledger
from analysis.coding.reveal import revealed
from analysis.coding.sampling import Contrast, last_request
from analysis.estimates import Ask, Evidence, gather, planner, shares, validation
from analysis.estimates.multiverse import (
    AROUND,
    BY_SENTENCE,
    CODES,
    CORRECTED,
    MEAN_SCORE,
    SHIPPED,
    Finding,
    multiverse,
)  # fmt: skip
from analysis.measure.contrasts import difference_interval
from analysis.measure.shares import critical
from analysis.project import open_project
from analysis.reads import Build, Domain, Scope, open_current
from analysis.types import Estimand
from tests.support.coded_demo import code, coded_demo
from tests.support.demo import framescope

ONE, OTHER = "Sunrise Standard", "Calle Ocho Voz"


@pytest.fixture(scope="module")
def project(demo_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return coded_demo(demo_project, tmp_path_factory.mktemp("coded") / "project")


@pytest.fixture(scope="module")
def build(project: Path) -> Iterator[Build]:
    found = open_current(open_project(project))
    yield found
    found.close()


@pytest.fixture(scope="module")
def ledger(project: Path) -> Ledger:
    return open_ledger(project)


@pytest.fixture(scope="module")
def evidence(build: Build, ledger: Ledger) -> Evidence:
    found = gather(build, ledger)
    assert found is not None
    return found


def analysis(rows: pl.DataFrame, how: str, **choices: str) -> dict[str, float]:
    plain = {"counted": "item", "stretch": "whole", "universe": "sample", **choices}
    return rows.filter(how=how, **plain).row(0, named=True)


@pytest.mark.parametrize("counted", ["item", "original", "story"])
@pytest.mark.parametrize("other", [OTHER, None])
def test_each_analysis_is_what_the_estimates_say(
    build: Build, evidence: Evidence, counted: Estimand, other: str | None
) -> None:
    """Shares of the sides, by labels and corrected, as `shares` has them."""
    found = multiverse(build, Scope(), Finding("safety", ONE, other), evidence).rows
    scope = Scope(estimand=counted)
    domain = Domain(by_outlet=True)
    rows = shares(build, scope, domain, evidence, Ask()).filter(frame="safety")
    one = rows.filter(outlet=ONE).row(0, named=True)
    labels = analysis(found, SHIPPED, counted=counted)
    fixed = analysis(found, CORRECTED, counted=counted)
    assert labels["share"] == pytest.approx(one["share"])
    assert fixed["share"] == pytest.approx(one["corrected"], abs=1e-6)
    assert fixed["codes"] == one["codes"]
    if other is None:
        total = rows.filter(pl.col("outlet") != ONE)
        assert labels["n_other"] == total["n"].sum()
        assert labels["share_other"] == pytest.approx(total["k"].sum() / total["n"].sum())
        return
    two = rows.filter(outlet=other)
    both = rows.filter(outlet=ONE).hstack(
        two.select(corrected_other="corrected", worth_other="worth")
    )
    row = difference_interval(both, "corrected", "worth", critical()).row(0, named=True)
    for end in ("difference", "difference_low", "difference_high"):
        assert fixed[end] == pytest.approx(row[end], abs=1e-3)


def test_every_analysis_is_shown_or_counted(build: Build, evidence: Evidence) -> None:
    finding = Finding("trust", ONE, OTHER)
    full = multiverse(build, Scope(), finding, evidence)
    without = multiverse(build, Scope(), finding, None)
    total = full.rows.height + sum(n for _, n in full.left_out)
    assert without.rows.height + sum(n for _, n in without.left_out) == total
    assert not without.rows["how"].is_in([CORRECTED, CODES]).any()
    assert {BY_SENTENCE, MEAN_SCORE} < set(without.rows["how"])
    assert not without.rows.filter(universe="census").height
    assert full.rows["difference"].is_sorted()
    nothing = multiverse(build, Scope(topics=("none",)), finding, evidence)
    assert nothing.rows.is_empty()
    assert sum(n for _, n in nothing.left_out) >= 36


def test_a_higher_threshold_finds_no_more_and_a_stretch_is_shorter(build: Build) -> None:
    rows = build.sides(Scope(), "safety", ONE, OTHER, None, (0.3, 0.5, 0.7))
    for _, part in rows.drop_nulls("threshold").group_by("side", "counted", "stretch"):
        assert part.sort("threshold")["k"].is_sorted(descending=True)
    sizes = {(r["side"], r["counted"], r["stretch"]): r["n"] for r in rows.to_dicts()}
    for (number, counted, stretch), n in sizes.items():
        assert n <= sizes[number, counted, "whole"]
        assert n < sizes[number, counted, "whole"] or stretch == "whole"


def test_an_event_splits_at_its_monday(build: Build, evidence: Evidence) -> None:
    event = dt.date(2025, 6, 17)
    rows = build.sides(Scope(), "trust", ONE, None, dt.date(2025, 6, 16), ())
    sizes = {r["side"]: r["n"] for r in rows.filter(counted="item", stretch="whole").to_dicts()}
    at = Scope(outlets=(ONE,))
    assert sizes[1] == build.totals(replace(at, day_from=event)).items
    assert sizes[2] == build.totals(replace(at, day_to=dt.date(2025, 6, 15))).items
    found = multiverse(build, Scope(), Finding("trust", ONE, event=event), evidence)
    assert analysis(found.rows, SHIPPED)["n"] == sizes[1]
    for stretch, weeks in AROUND.items():
        reach = dt.timedelta(weeks=weeks)
        last = dt.date(2025, 6, 16) + reach - dt.timedelta(days=1)
        near = analysis(found.rows, SHIPPED, stretch=stretch)
        assert near["n"] == build.totals(replace(at, day_from=event, day_to=last)).items
    sentences = build.labels(replace(at, day_from=event)).filter(frame="trust")
    scored = analysis(found.rows, MEAN_SCORE)
    assert scored["share"] == pytest.approx(sentences["score"].mean(), abs=1e-6)


def test_a_plan_begins_with_the_interval_at_hand(build: Build, evidence: Evidence) -> None:
    plan = planner.plan(build, Scope(), evidence, "safety", (), Ask())
    row = shares(build, Scope(), Domain(), evidence, Ask()).filter(frame="safety")
    assert plan is not None
    assert plan.basis == planner.OWN
    now = (row["corrected_high"] - row["corrected_low"])[0] / 2
    assert plan.widths["half_width"][0] == pytest.approx(now, rel=0.02)
    assert plan.widths["half_width"].is_sorted(descending=True)
    small = planner.plan(build, Scope(), evidence, "safety", (ONE,), Ask())
    blind = planner.plan(build, Scope(), None, "safety", (ONE, OTHER), Ask())
    assert small is not None
    assert blind is not None
    assert (small.basis, blind.basis) == (planner.ALL, planner.SCORES)
    assert blind.widths["half_width"][0] is None
    assert planner.plan(build, Scope(), evidence, "safety", ("nobody",), Ask()) is None


def test_the_command_of_a_plan_draws_what_it_says(
    project: Path, build: Build, ledger: Ledger
) -> None:
    last = last_request(ledger, "s1")
    for outlets, pieces in (((), 64), ((ONE,), 20), ((ONE, OTHER), 30)):
        words = planner.command(str(project), last, Scope(), outlets, pieces)
        assert words.startswith("framescope sample")
        made = json.loads(framescope(*shlex.split(words)[1:], "--dry-run", "--json"))
        assert made["drawn"] == pytest.approx(pieces, abs=3)
        assert made["contrast"] == (str(Contrast(ONE, OTHER)) if len(outlets) == 2 else None)
        for row in made["allocation"]:
            if row["drawn"] and outlets:
                assert row["stratum"].startswith(outlets)


def test_pieces_are_told_only_when_nobody_has_still_to_code_them(
    demo_project: Path, tmp_path: Path, build: Build
) -> None:
    root = coded_demo(demo_project, tmp_path / "alone", ("Ann",), budget=60)
    ledger = open_ledger(root)
    shared = {r["piece"] for r in ledger.rows("sample_pieces", sample="s1") if r["overlap"]}
    alone = revealed(ledger, "s1", build.frames)
    assert shared
    assert not shared & alone.pieces
    assert alone.waiting == len(shared)
    found = validation.corrections(build, Scope(), Domain(), gather(build, ledger), alone, Ask())
    assert found is not None
    hidden = found.influences.filter(~pl.col("revealed"))
    assert hidden["piece"].null_count() == hidden["title"].null_count() == hidden.height
    examples = validation.confusion(build, Scope(), gather(build, ledger), alone, 1)
    assert examples is not None
    assert set(examples.examples["piece"]) <= alone.pieces
    code(root, ("Bob",), shared_only=True)
    both = revealed(ledger, "s1", build.frames)
    assert shared <= both.pieces
    assert both.waiting == 0
    # A changed definition puts its pieces back on the desks.
    changed = [{**frame, "definition": "Something else."} for frame in build.frames]
    assert not revealed(ledger, "s1", changed).pieces


def test_examples_are_random_and_the_same_again(
    build: Build, evidence: Evidence, ledger: Ledger
) -> None:
    seen = revealed(ledger, "s1", build.frames)
    drawn = [validation.confusion(build, Scope(), evidence, seen, seed) for seed in (1, 1, 2)]
    pieces = [one.examples["piece"].to_list() for one in drawn if one]
    assert pieces[0] == pieces[1] != pieces[2]


def test_validate_prints_what_the_view_shows(project: Path, build: Build) -> None:
    told = json.loads(framescope("validate", "--project", project, "--json"))
    assert told["sample"] == "s1"
    naive = {r["frame"]: r["k"] / r["n"] for r in build.overall(Scope()).to_dicts()}
    for row in told["corrections"]:
        assert row["share"] == pytest.approx(naive[row["frame"]])
        assert row["why"]
    said = framescope("validate", "--project", project, "--finding", f"{ONE} vs {OTHER}")
    assert "reasonable analyses" in said
    wrong = CliRunner().invoke(
        main, ["validate", "--project", str(project), "--finding", "Nobody vs rest"]
    )
    assert wrong.exit_code == 2
    assert "there is no outlet 'Nobody'" in wrong.stderr
