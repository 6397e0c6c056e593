"""Shares of a weighted sample."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.measure.corrected import score_interval
from analysis.measure.shares import LEVEL, critical


def weighted_shares(
    rows: pl.DataFrame,
    by: Sequence[str],
    value: pl.Expr,
    weight: pl.Expr,
    level: float = LEVEL,
) -> pl.DataFrame:
    """The weighted mean of `value` (0 to 1) of each group, with a score interval.

    Columns: the keys `by`, n (rows with a weight above 0), mass (sum of weights), worth, share,
    low and high. `worth`, Kish's effective size (sum of w)^2 / sum of w^2 (Kish 1965, 11.7), takes
    the place of n in Wilson's interval: unequal weights widen it. A group whose weights are all 0
    has share, low, high and worth null.
    """
    marked = rows.with_columns(w_=weight, v_=value)
    w, v = pl.col("w_"), pl.col("v_")
    sums = marked.group_by(list(by), maintain_order=True).agg(
        n=(w > 0).sum().cast(pl.Int64),
        mass=w.sum(),
        worth=w.sum() ** 2 / (w**2).sum(),
        share=(w * v).sum() / w.sum(),
    )
    low, high = score_interval("share", "unit", "critical")
    return (
        sums.with_columns(pl.col("worth", "share").fill_nan(None))
        .with_columns(unit=1 / pl.col("worth"), critical=pl.lit(critical(level)))
        .with_columns(low=low, high=high)
        .drop("unit", "critical")
    )
