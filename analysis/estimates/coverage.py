"""What collection missed: volumes with their gaps, and which cells of a trend hold one."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from analysis.measure import trends
from analysis.reads import Bin, Build, Scope

# Over a longer time weeks are too narrow to see.
LONG_DAYS = 900


class Coverage(NamedTuple):
    """`volume`: outlet, start, n with zeros, by `bin`; `gaps` as trends.gaps gives them."""

    bin: Bin
    volume: pl.DataFrame
    gaps: pl.DataFrame


def coverage(build: Build, scope: Scope) -> Coverage:
    """Volumes and gaps by week, or by month over more than about two years.

    Strays are left out (trends.collection_span). Both tables are empty when nothing in scope is
    dated.
    """
    weekly = build.volume(scope, "week")
    if weekly.is_empty():
        return Coverage("week", weekly, trends.gaps(weekly))
    first, last = trends.collection_span(weekly)
    bin: Bin = "month" if (last - first).days > LONG_DAYS else "week"
    counts = weekly if bin == "week" else build.volume(scope, bin)
    filled = trends.with_empty_bins(counts, first, last, bin)
    return Coverage(bin, filled, trends.gaps(filled, min_bins=3 if bin == "week" else 1))


def missing(found: Coverage, bin: Bin) -> pl.DataFrame:
    """What gaps take from each bin: outlet, start, pieces (spread evenly over a gap's days), and
    time, the share of the bin's days."""
    end = pl.col("last").dt.offset_by(trends.STEPS[found.bin]).dt.offset_by("-1d")
    start = pl.col("day").dt.truncate(trends.STEPS[bin])
    days = (
        found.gaps.with_columns(day=pl.date_ranges("first", end))
        .with_columns(pieces=pl.col("expected") / pl.col("day").list.len())
        .explode("day")
        .group_by("outlet", start=start)
        .agg(pl.col("pieces").sum(), days=pl.len())
    )
    width = (pl.col("start").dt.offset_by(trends.STEPS[bin]) - pl.col("start")).dt.total_days()
    return days.select("outlet", "start", "pieces", time=pl.col("days") / width)


def in_gaps(cells: pl.DataFrame, lost: pl.DataFrame, most: float) -> pl.DataFrame:
    """Adds `gap` to cells with start, n, and outlet where they are by outlet.

    `lost` as `missing` gives it. True where more than the share `most` is missing: of the cell's
    time, when no outlet has anything, or of the pieces that it would have had.
    """
    place = ["outlet", "start"] if "outlet" in cells.columns else ["start"]
    whole = pl.col("outlet") == trends.ALL_OUTLETS
    silent = lost.filter(whole & (pl.col("time") > most))["start"].implode()
    taken = lost.filter(~whole).group_by(place).agg(lost=pl.col("pieces").sum())
    marked = cells.join(taken, on=place, how="left", maintain_order="left")
    own = pl.col("lost") > most * (pl.col("n") + pl.col("lost"))
    gap = own.fill_null(False) | pl.col("start").is_in(silent)
    return marked.with_columns(gap=gap).drop("lost")
