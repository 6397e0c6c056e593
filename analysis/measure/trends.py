"""Weeks, months and quarters: which are wide enough, and where collection has gaps."""

from __future__ import annotations

import datetime as dt

import polars as pl

STEPS = {"week": "1w", "month": "1mo", "quarter": "1q"}

ALL_OUTLETS = "(all outlets)"

# How often a steady outlet may be called silent by chance anywhere in its whole time.
FALSE_ALARM = 0.05

# Stray pieces: at most this share of all, cut off from the rest by a year or more of nothing.
STRAY_SHARE = 0.01
STRAY_SILENCE = dt.timedelta(days=365)


def every_bin(first: dt.date, last: dt.date, bin: str) -> pl.Series:
    """Starts of all weeks (Mondays), months or quarters from the one of `first` to that of `last`."""
    edges = pl.Series([first, last]).dt.truncate(STEPS[bin])
    return pl.date_range(edges[0], edges[1], STEPS[bin], eager=True).alias("start")


def finest_bin(counts: pl.DataFrame, min_cell: int) -> str:
    """The finest of week, month and quarter in which half of the cells reach min_cell pieces.

    `counts` has outlet, bin, start, n, for every bin width; 'quarter' when none does.
    """
    for bin in ("week", "month"):
        cells = counts.filter(pl.col("bin") == bin)
        if cells.height and float((cells["n"] >= min_cell).mean() or 0) >= 0.5:  # type: ignore[arg-type]
            return bin
    return "quarter"


def with_empty_bins(counts: pl.DataFrame, first: dt.date, last: dt.date, bin: str) -> pl.DataFrame:
    """Volume rows (outlet, start, n) with zeros where an outlet has nothing in a bin."""
    outlets = counts.select("outlet").unique()
    grid = outlets.join(every_bin(first, last, bin).to_frame(), how="cross")
    return (
        grid.join(counts, on=["outlet", "start"], how="left")
        .with_columns(pl.col("n").fill_null(0))
        .sort("outlet", "start")
    )


def collection_span(volume: pl.DataFrame) -> tuple[dt.date, dt.date]:
    """First and last bin of the time that was collected, strays at either end left out.

    `volume` has start and n, any number of rows a bin, at least one piece. A corpus of ten years
    often holds one piece of the century before: bins that are cut off from the rest by
    STRAY_SILENCE and hold at most STRAY_SHARE of all pieces in sum are strays.
    """
    bins = volume.group_by("start").agg(pl.col("n").sum()).filter(pl.col("n") > 0).sort("start")
    islands = (
        bins.with_columns(
            island=(pl.col("start").diff() >= STRAY_SILENCE).fill_null(False).cum_sum()
        )
        .group_by("island", maintain_order=True)
        .agg(first=pl.col("start").min(), last=pl.col("start").max(), n=pl.col("n").sum())
    )
    allowed = float(islands["n"].sum()) * STRAY_SHARE
    kept = islands.filter(
        (pl.col("n").cum_sum() > allowed) & (pl.col("n").cum_sum(reverse=True) > allowed)
    )
    return kept["first"].min(), kept["last"].max()  # type: ignore[return-value]


def gaps(volume: pl.DataFrame, min_bins: int = 3) -> pl.DataFrame:
    """Runs of bins in which an outlet has nothing although the others' volume says it should.

    `volume` has outlet, start, n with zeros. An outlet's rate is its pieces per piece of the
    other outlets over its active span (first to last piece). After each of its N pieces a Poisson
    outlet of that rate is silent for `expected` pieces or longer with probability
    exp(-expected), hence anywhere with at most N exp(-expected): a run of at least `min_bins`
    empty bins is a gap when that is at most FALSE_ALARM. Bins in which no outlet has anything are
    one gap of ALL_OUTLETS, judged by the mean volume, and no outlet's own. Returns outlet, first,
    last (starts of the first and last empty bin), bins, expected (pieces).
    """
    chance = pl.col("pieces") * (-pl.col("expected")).exp()
    total = volume.group_by("start").agg(all_n=pl.col("n").sum())
    whole = total.select(
        outlet=pl.lit(ALL_OUTLETS), start="start", n="all_n", others=pl.lit(None, pl.Float64)
    )
    each = (
        volume.join(total, on="start")
        .filter(pl.col("all_n") > 0)
        .select("outlet", "start", "n", others=(pl.col("all_n") - pl.col("n")).cast(pl.Float64))
    )
    return (
        pl.concat([_runs(whole), _runs(each)])
        .filter((pl.col("bins") >= min_bins) & (chance <= FALSE_ALARM))
        .select("outlet", "first", "last", "bins", "expected")
        .sort("outlet", "first")
    )


def _runs(cells: pl.DataFrame) -> pl.DataFrame:
    """Empty runs inside each outlet's active span, with the pieces expected in them."""
    active = cells.with_columns(
        seen=pl.col("n").cum_sum().over("outlet", order_by="start"),
        left=pl.col("n").cum_sum(reverse=True).over("outlet", order_by="start"),
    ).filter((pl.col("seen") > 0) & (pl.col("left") > 0))
    rated = active.with_columns(
        rate=pl.col("n").sum().over("outlet") / pl.col("others").sum().over("outlet"),
        mean=pl.col("n").mean().over("outlet"),
        pieces=pl.col("n").sum().over("outlet"),
        run=(pl.col("n") > 0).cum_sum().over("outlet", order_by="start"),
    )
    alone = pl.col("rate").is_finite() & pl.col("others").is_not_null()
    expected = pl.when(alone).then(pl.col("rate") * pl.col("others")).otherwise(pl.col("mean"))
    return (
        rated.with_columns(expected=expected)
        .filter(pl.col("n") == 0)
        .group_by("outlet", "run")
        .agg(
            first=pl.col("start").min(),
            last=pl.col("start").max(),
            bins=pl.len(),
            expected=pl.col("expected").sum(),
            pieces=pl.col("pieces").first(),
        )
    )
