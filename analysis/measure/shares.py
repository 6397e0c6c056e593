"""Shares of pieces with intervals.

A share is k pieces that carry a frame out of n in scope. The interval is Wilson's score interval:
it treats the pieces in scope as a sample of what the outlet might have published and says nothing
about the classifier's errors.
"""

from __future__ import annotations

from statistics import NormalDist

import polars as pl

LEVEL = 0.95


def critical(level: float = LEVEL) -> float:
    """The two-sided standard normal quantile: 1.96 for 95 %."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(k: pl.Expr, n: pl.Expr, level: float = LEVEL) -> tuple[pl.Expr, pl.Expr]:
    """Low and high end of Wilson's interval (Wilson 1927); null where n is 0.

    Unlike the textbook interval it stays inside [0, 1] and has a width at 0 of n and n of n.
    """
    z = critical(level)
    share = k / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).sqrt()
    low = pl.when(k == 0).then(0.0).otherwise((centre - half).clip(0, 1))
    high = pl.when(k == n).then(1.0).otherwise((centre + half).clip(0, 1))
    return pl.when(n > 0).then(low), pl.when(n > 0).then(high)


def with_shares(counts: pl.DataFrame, level: float = LEVEL) -> pl.DataFrame:
    """Adds `share`, `low`, `high` (fractions; null where n is 0) to rows with n and k."""
    low, high = wilson(pl.col("k"), pl.col("n"), level)
    share = pl.when(pl.col("n") > 0).then(pl.col("k") / pl.col("n"))
    return counts.with_columns(share=share, low=low, high=high)
