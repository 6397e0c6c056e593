"""Differences between shares, with intervals and control of false discoveries."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.stats import norm

from analysis.measure.score_difference import score_interval
from analysis.measure.shares import LEVEL, critical, with_shares


def against(shares: pl.DataFrame, comparator: pl.DataFrame, level: float = LEVEL) -> pl.DataFrame:
    """Difference of each row's share to the comparator's share of the same frame.

    `shares` has frame, n, k and any further columns; `comparator` has frame, n, k, one row per
    frame, drawn from other pieces than the row's. Adds `difference`, `difference_low`,
    `difference_high` (fractions; null where a side has no piece) by the score interval
    (score_difference.py), and `p` and `q`: two-sided p of equality (pooled z) and its
    Benjamini-Hochberg adjustment over all rows.
    """
    own = with_shares(shares, level)
    other = with_shares(comparator.select("frame", "n", "k"), level).rename(
        {
            "n": "n_other",
            "k": "k_other",
            "share": "share_other",
            "low": "low_other",
            "high": "high_other",
        }
    )
    both = own.join(other, on="frame", how="left", maintain_order="left")
    both = difference_interval(both, "share", "n", critical(level))
    return p_of_equality(both, "share", "n").with_columns(q=benjamini_hochberg(pl.col("p")))


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
    return both.with_columns(p=pl.Series(2 * norm.sf(z)).fill_nan(None))


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


def rest_of(counts: pl.DataFrame, by: str) -> pl.DataFrame:
    """For each row the counts of all other rows of the same frame: n and k of "everyone else"."""
    total = counts.group_by("frame").agg(n_all=pl.col("n").sum(), k_all=pl.col("k").sum())
    return counts.join(total, on="frame", maintain_order="left").select(
        by, "frame", n=pl.col("n_all") - pl.col("n"), k=pl.col("k_all") - pl.col("k")
    )


def before_and_after(counts: pl.DataFrame, level: float = LEVEL) -> pl.DataFrame:
    """Change of a share between two eras.

    `counts` has frame, era ('before', 'after'), n, k and any keys; returns one row per key and
    frame with both shares and the difference after minus before, as `against` gives it.
    """
    keys = [c for c in counts.columns if c not in ("era", "n", "k")]
    after = counts.filter(pl.col("era") == "after").drop("era")
    before = counts.filter(pl.col("era") == "before").drop("era")
    joined = after.join(before, on=keys, suffix="_other", how="inner").sort(keys)
    tagged = joined.with_columns(pair=pl.int_range(pl.len()).cast(pl.String))
    own = tagged.select(
        *[k for k in keys if k != "frame"],
        pl.col("frame").alias("frame_name"),
        frame="pair",
        n="n",
        k="k",
    )
    other = tagged.select(frame="pair", n="n_other", k="k_other")
    return against(own, other, level).drop("frame").rename({"frame_name": "frame"})
