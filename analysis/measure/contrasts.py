"""Differences between shares, with intervals and control of false discoveries."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import ndtr

from analysis.measure.score_difference import score_interval


def difference_interval(
    both: pl.DataFrame, share: str, n: str, critical: float | pl.Series
) -> pl.DataFrame:
    """Adds `difference`, `difference_low` and `difference_high`: share minus that of ..._other.

    `n` names the number of pieces behind each share, or the number of pieces of a simple sample
    that would tell as much. Null where a side has no share.
    """
    sides = [
        both[c].cast(pl.Float64).to_numpy() for c in (share, n, f"{share}_other", f"{n}_other")
    ]
    z = np.broadcast_to(np.asarray(critical, float), both.height)
    low, high = score_interval(sides[0], sides[1], sides[2], sides[3], z)
    return both.with_columns(
        difference=pl.col(share) - pl.col(f"{share}_other"),
        difference_low=pl.Series(low, dtype=pl.Float64).fill_nan(None),
        difference_high=pl.Series(high, dtype=pl.Float64).fill_nan(None),
    )


def p_of_equality(both: pl.DataFrame, share: str, n: str) -> pl.DataFrame:
    """Adds `p`, two-sided, of both shares being the same (pooled z); null where a side is."""
    one, other = pl.col(share), pl.col(f"{share}_other")
    size, size_other = pl.col(n), pl.col(f"{n}_other")
    pooled = (one * size + other * size_other) / (size + size_other)
    error = (pooled * (1 - pooled) * (1 / size + 1 / size_other)).sqrt()
    z = both.select(((one - other).abs() / error).cast(pl.Float64)).to_series().to_numpy()
    return both.with_columns(p=pl.Series(2 * ndtr(-z)).fill_nan(None))


def benjamini_hochberg(p: pl.Expr) -> pl.Expr:
    """Adjusted p values (Benjamini and Hochberg 1995) over a column; null stays null."""
    rank = p.rank("ordinal")
    scaled = p * p.count() / rank
    # The adjusted value is the smallest scaled one at this rank or any later one.
    return (
        scaled.sort_by(p, nulls_last=True)
        .reverse()
        .cum_min()
        .reverse()
        .gather(p.rank("ordinal").fill_null(p.len()).cast(pl.UInt32) - 1)
        .clip(0, 1)
    )
