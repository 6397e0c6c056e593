"""How a coder codes over time.

A coding is set against what the other coders said of the same unit, so that news that changes is
not taken for a coder who does. `codes` is as in `agreement`, with a column order: the place of the
coding among the coder's own or all commits. With two coders a change may be that of either.
"""

from __future__ import annotations

import polars as pl

from analysis.coding.agreement import checked, frame_order, of_flags
from analysis.coding.coincidence import Level
from analysis.measure.shares import critical, with_shares

BLOCKS = 5
LEAST = 20

SERIES = ("coder", "frame")


def drift(
    codes: pl.DataFrame, level: Level = "nominal", *, blocks: int = BLOCKS, least: int = LEAST
) -> pl.DataFrame:
    """Successive blocks of each coder's codings of a frame: as many as hold `least`, up to `blocks`.

    coder, frame, block (1 is the first), start and end (places among those of the coder's codings
    that others coded too, from 1), units, rate and others (mean value of the coder, and of the
    others on the same units: shares that are present, where values are 0 and 1), difference of the
    two with difference_low and difference_high (Bonett and Price 2012, which adds a unit each way),
    agree (share of the other codes that are the same) with agree_low and agree_high (Wilson).
    rate, others and difference are null for nominal values other than 0 and 1. A coder whose units
    nobody else coded has no row.
    """
    difference, n = pl.col("difference"), pl.col("n")
    by_block = (
        compared(codes, level, blocks, least)
        .group_by(*SERIES, "block", maintain_order=True)
        .agg(
            start=pl.col("place").min() + 1,
            end=pl.col("place").max() + 1,
            n=pl.len().cast(pl.Int64),
            rate=pl.col("number").mean(),
            others=pl.col("others").mean(),
            difference=difference.mean(),
            square=(difference**2).mean(),
            reach=pl.col("reach").first(),
            agree=pl.col("agree").mean(),
        )
        .with_columns(
            k=pl.col("agree") * n,
            centre=difference * n / (n + 2),
            square=(pl.col("square") * n + 2 * pl.col("reach") ** 2) / (n + 2),
        )
    )
    half = critical() * ((pl.col("square") - pl.col("centre") ** 2) / (n + 2)).sqrt()
    ends = {"low": "agree_low", "high": "agree_high", "n": "units"}
    return (
        with_shares(by_block)
        .with_columns(
            difference_low=pl.col("centre") - half, difference_high=pl.col("centre") + half
        )
        .rename(ends)
        .select(
            *SERIES, "block", "start", "end", "units", "rate", "others",
            "difference", "difference_low", "difference_high", "agree", "agree_low", "agree_high",
        )
    )  # fmt: skip


def compared(codes: pl.DataFrame, level: Level, blocks: int, least: int) -> pl.DataFrame:
    """Codings of units that others coded too, in the order of coder, frame and commits.

    number and others (null as in `drift`), difference, agree, most (codes of a unit at most), reach
    (of the frame's values), place (from 0) and block (from 1).
    """
    number = pl.col("value").cast(pl.Float64, strict=False)
    if level == "nominal":
        number = pl.when(of_flags()).then(number)
    unit, series = ("frame", "unit"), pl.len().over(SERIES)
    partners = pl.col("codes") - 1
    return (
        checked(codes, level)
        .with_columns(number=number, codes=pl.len().over(unit))
        .filter(pl.col("codes") > 1)
        .with_columns(
            others=(pl.col("number").sum().over(unit) - pl.col("number")) / partners,
            agree=(pl.len().over(*unit, "value") - 1) / partners,
            reach=pl.lit(1.0)
            if level == "nominal"
            else (pl.col("number").max() - pl.col("number").min()).over("frame"),
            most=pl.col("codes").max().over(SERIES),
        )
        .join(frame_order(codes).rename({"place": "column"}), on="frame")
        .sort("coder", "column", "order", "unit")
        .with_columns(
            difference=pl.col("number") - pl.col("others"),
            place=pl.int_range(pl.len()).over(SERIES),
            blocks=(series // least).clip(1, blocks),
        )
        .with_columns(block=pl.col("place") * pl.col("blocks") // series + 1)
    )
