"""Headlines that assert what the text does not carry: counted right, and found where planted."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from analysis.estimates import Ask
from analysis.estimates.headlines import ON_LABELS, Parting, parted
from analysis.reading import headlines
from analysis.reads import Build, Scope
from analysis.store import builds
from analysis.types import Estimand
from tests.support.demo import planted_pieces, tables

FRAMES = ["safety", "civil_rights", "profiling", "trust"]


@pytest.fixture(scope="module")
def where(demo_project: Path) -> pl.DataFrame:
    """Of every piece and frame: whether the headline carries it, and whether the body does."""
    ref = builds.current(demo_project / "builds")
    assert ref is not None
    with tables(ref.path) as stored:
        pieces = stored["piece"].select("piece_key", "id", "outlet", "is_original", "is_lead")
        decided = stored["sentence_frame"]
    return (
        decided.group_by("piece_key", "frame")
        .agg(
            title=(pl.col("present") & (pl.col("sentence") == 0)).any(),
            body=(pl.col("present") & (pl.col("sentence") > 0)).any(),
        )
        .join(pieces, on="piece_key")
    )


@pytest.mark.parametrize("estimand", ["item", "original", "story"])
@pytest.mark.parametrize("parting", ["asserted", "left out"])
def test_shares_are_of_pieces_that_carry_it_at_one_place(
    build: Build, where: pl.DataFrame, parting: Parting, estimand: Estimand
) -> None:
    rows = parted(build, Scope(estimand=estimand), parting, Ask())
    kept = {"item": pl.lit(True), "original": pl.col("is_original"), "story": pl.col("is_lead")}
    one, other = ("title", "body") if parting == "asserted" else ("body", "title")
    wanted = (
        where.filter(kept[estimand], pl.col(one))
        .group_by("outlet", "frame")
        .agg(n=pl.len(), k=(~pl.col(other)).sum())
        .sort("outlet", "frame")
    )
    told = rows.select("outlet", "frame", "n", "k").sort("outlet", "frame")
    assert told.rows() == wanted.rows()
    assert (rows["shown_low"] <= rows["shown"]).all()
    assert not rows.filter(verdict="publishable").height
    assert rows["reason"].str.contains(ON_LABELS, literal=True).all()
    assert not rows["remedy"].str.contains("code about").any()


@pytest.mark.parametrize("asserted", [True, False])
def test_pairs_are_all_of_them_in_an_order_of_the_seed(
    build: Build, where: pl.DataFrame, asserted: bool
) -> None:
    wanted = where.filter(frame="trust", title=asserted, body=not asserted)["id"]
    first, again, other = (
        headlines.pairs(build, Scope(), "trust", asserted=asserted, seed=seed, most=1000)
        for seed in (1, 1, 2)
    )
    assert set(first["id"]) == set(wanted)
    assert first.equals(again)
    assert set(other["id"]) == set(wanted)
    assert wanted.len() < 3 or other["id"].to_list() != first["id"].to_list()
    assert first["found"].to_list() == [wanted.len()] * wanted.len()
    assert first["sentence"].str.len_chars().min() or wanted.is_empty()


def test_planted_mismatches_are_told_apart(where: pl.DataFrame) -> None:
    """Where a headline was planted over another body, and the classifier reads its frame."""
    truth = planted_pieces().select("id", "headline_frame", "headline_mismatch")
    read = where.filter("title").join(
        truth, left_on=["id", "frame"], right_on=["id", "headline_frame"]
    )
    rates = dict(read.group_by("headline_mismatch").agg((~pl.col("body")).mean()).iter_rows())
    assert read.filter(headline_mismatch=1).height >= 8
    assert rates[1] >= rates[0] + 0.3, rates
