"""Estimates on a coded sample: naive beside corrected, right denominators, honest verdicts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from analysis.coding.ledger import open_ledger
from analysis.coding.sampling import Request
from analysis.estimates import Ask, Evidence, against_one, against_rest, changes, gather, shares
from analysis.estimates.shares import clustering, placed_codes
from analysis.measure.shares import with_shares
from analysis.project import open_project
from analysis.reads import Build, Domain, Scope, open_current
from analysis.types import Estimand, Rules
from tests.support.coded import coded_copy
from tests.support.demo import planted_pieces

DOMAINS = [
    Domain(),
    Domain(by_outlet=True),
    Domain(by_topic=True),
    Domain(bin="month"),
    Domain(by_outlet=True, bin="quarter"),
]
FRAMES = ["safety", "civil_rights", "profiling", "trust"]


@pytest.fixture(scope="module")
def build(sampled_build: Build) -> Build:
    return sampled_build


def truth() -> dict[str, float]:
    table = planted_pieces()
    return {frame: float(table[frame].mean()) for frame in FRAMES}  # type: ignore[arg-type]


def test_evidence_is_what_was_coded(evidence: Evidence, build: Build) -> None:
    assert evidence.codes["piece"].n_unique() == 220
    weights = evidence.codes.group_by("frame").agg(pl.col("weight").sum())["weight"]
    assert weights.to_list() == pytest.approx([build.totals(Scope()).items] * 4)
    assert all(a is not None and a > 0.8 for a in evidence.alphas.values())


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda d: "-".join(d.keys) or "all")
def test_naive_and_corrected_stand_side_by_side(
    build: Build, evidence: Evidence, domain: Domain
) -> None:
    with_codes = shares(build, Scope(), domain, evidence, Ask())
    without = shares(build, Scope(), domain, None, Ask())
    plain = with_shares(build.counts(Scope(), domain))
    naive = [*domain.keys, "frame", "n", "k", "share", "low", "high"]
    assert with_codes.select(naive).equals(plain.select(naive))
    assert without.select(naive).equals(plain.select(naive))
    assert set(without["kind"]) == {"naive"}
    assert set(without["verdict"]) <= {"exploratory", "do not print"}
    assert with_codes.columns == without.columns or set(without.columns) <= set(with_codes.columns)
    shown = with_codes.select(
        (pl.col("shown_low") <= pl.col("shown") + 1e-9).all()
        & (pl.col("shown") <= pl.col("shown_high") + 1e-9).all()
        & pl.col("shown").is_between(0, 1).all()
    )
    assert shown.item()
    of_own = with_codes.filter(pl.col("kind") == "corrected")
    assert (of_own["codes"] >= Rules().min_codes).all()


def test_the_whole_is_corrected_towards_the_truth(build: Build, evidence: Evidence) -> None:
    rows = shares(build, Scope(), Domain(), evidence, Ask(census=True))
    assert set(rows["kind"]) == {"corrected"}
    assert set(rows["verdict"]) == {"publishable"}
    error = [row["corrected"] - truth()[row["frame"]] for row in rows.iter_rows(named=True)]
    width = (rows["corrected_high"] - rows["corrected_low"]).to_numpy() / 2
    # Four intervals of 95 %, and coders that err on 2 of 100 codes: none is far out.
    assert (np.abs(error) < 1.7 * width).all()


def test_a_census_is_narrower_and_all_at_once_is_wider(build: Build, evidence: Evidence) -> None:
    def widths(ask: Ask) -> pl.Series:
        rows = shares(build, Scope(), Domain(by_outlet=True), evidence, ask)
        return rows["shown_high"] - rows["shown_low"]

    assert (widths(Ask(census=True)) < widths(Ask())).all()
    assert (widths(Ask(together=True)) > widths(Ask())).all()


@pytest.mark.parametrize("estimand", ["item", "original", "story"])
def test_copies_and_stories_widen_as_their_groups_say(build: Build, estimand: Estimand) -> None:
    scope, domain, keys = Scope(estimand=estimand), Domain(bin="quarter"), ["start", "frame"]
    counts = build.counts(scope, domain)
    found = clustering(build, scope, domain, counts)
    labels = build.labels(scope).with_columns(start=pl.col("published").dt.truncate("1q"))
    centred = labels.drop_nulls("start").with_columns(
        pl.coalesce(pl.col("copy_group").cast(pl.String), "id").alias("copies"),
        d=pl.col("score") - pl.col("score").mean().over(keys),
    )
    plain = centred.group_by(keys).agg(below=(pl.col("d") ** 2).sum(), n=pl.len())
    for group in ("copies", "story_key"):
        sums = centred.group_by([*keys, group]).agg(d=pl.col("d").sum(), size=pl.len() * 1.0)
        tops = sums.group_by(keys).agg(
            (pl.col("d") ** 2).sum().alias(f"by_{group}"),
            (pl.col("size") ** 2).sum().alias(f"sizes_{group}"),
        )
        plain = plain.join(tops, on=keys)
    wanted = plain.select(
        *keys,
        expected=pl.max_horizontal(
            pl.col("by_copies") / pl.col("below"),
            pl.col("by_story_key") / pl.col("below"),
            pl.col("sizes_copies") / pl.col("n"),
            pl.lit(1.0),
        ),
    )
    both = found.join(wanted, on=keys)
    assert both.height == found.height
    assert both["clustering"].to_list() == pytest.approx(both["expected"].to_list(), rel=1e-4)
    assert estimand != "item" or (both["clustering"] > 1.01).any()


def test_the_rest_is_everybody_else(build: Build, evidence: Evidence) -> None:
    outlets = build.outlets()["outlet"].to_list()
    rows = against_rest(build, Scope(), evidence, Ask(), outlets[:3])
    total = build.totals(Scope()).items
    assert set(rows["outlet"]) == set(outlets[:3])
    assert (rows["n"] + rows["n_other"] == total).all()
    assert (rows["codes"] + rows["codes_other"] == 220).all()
    others = tuple(name for name in outlets if name != outlets[0])
    apart = shares(build, Scope(outlets=others), Domain(), evidence, Ask())
    ours = rows.filter(pl.col("outlet") == outlets[0]).sort("frame")
    assert ours["shown_other"].to_list() == pytest.approx(
        apart.sort("frame")["corrected"].to_list()
    )


def test_a_difference_is_between_what_is_shown(build: Build, evidence: Evidence) -> None:
    rows = against_one(build, Scope(), "Causeway Post", evidence, Ask())
    assert "Causeway Post" not in set(rows["outlet"])
    assert rows["difference"].to_list() == pytest.approx(
        (rows["shown"] - rows["shown_other"]).to_list()
    )
    assert (rows["difference_low"] <= rows["difference"]).all()
    assert (rows["q"] >= rows["p"] - 1e-12).all()
    # 220 codes over nine outlets are too few for any of them.
    assert "publishable" not in set(rows["verdict"])


def test_changes_are_within_outlets(build: Build, evidence: Evidence) -> None:
    cut = dt.date(2025, 6, 16)
    rows = changes(
        build,
        Scope(day_to=cut - dt.timedelta(days=1)),
        Scope(day_from=cut),
        evidence,
        Ask(),
    )
    assert rows["outlet"].n_unique() == build.outlets().height
    assert rows.select("outlet", "frame").is_unique().all()


def test_pieces_that_could_not_be_drawn_are_told(demo_project: Path, tmp_path: Path) -> None:
    root = tmp_path / "narrow"
    request = Request(budget=90, outlets=("Causeway Post", "Sunrise Standard"), overlap=1.0)
    ledger = coded_copy(demo_project, root, request)
    opened = open_current(open_project(root))
    found = gather(opened, ledger)
    everywhere = shares(opened, Scope(), Domain(), found, Ask())
    assert everywhere["reason"].str.contains("could not have been drawn").all()
    inside = shares(opened, Scope(outlets=request.outlets), Domain(), found, Ask())
    assert not inside["reason"].str.contains("could not have been drawn").any()
    opened.close()


def test_without_codes_there_is_no_evidence(demo_project: Path, tmp_path: Path) -> None:
    opened = open_current(open_project(demo_project))
    assert gather(opened, open_ledger(tmp_path)) is None
    opened.close()


def test_how_far_error_rates_differ_is_told(build: Build, evidence: Evidence) -> None:
    rows = against_one(build, Scope(), "Causeway Post", evidence, Ask())
    placed = placed_codes(build, Scope(), Domain(by_outlet=True), evidence)
    assert placed is not None

    def rate(outlet: str, frame: str, carried: bool) -> float | None:
        own = placed.filter((pl.col("outlet") == outlet) & (pl.col("frame") == frame))
        part = own["y"] if carried else 1 - own["y"]
        if part.sum() < 10:
            return None
        right = own["present"] if carried else ~own["present"]
        return float((own["weight"] * part * right).sum() / (own["weight"] * part).sum())

    told = 0
    for row in rows.iter_rows(named=True):
        sides = [
            (rate(row["outlet"], row["frame"], c), rate("Causeway Post", row["frame"], c))
            for c in (True, False)
        ]
        gaps = [abs(one - other) for one, other in sides if one is not None and other is not None]
        assert row["error_gap"] == (pytest.approx(max(gaps)) if gaps else None)
        told += bool(gaps)
    assert told
