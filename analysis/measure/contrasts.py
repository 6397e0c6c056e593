"""Differences between shares, with intervals and control of false discoveries."""

from __future__ import annotations

import polars as pl
from scipy.stats import norm

from analysis.measure.shares import LEVEL, with_shares


def against(shares: pl.DataFrame, comparator: pl.DataFrame, level: float = LEVEL) -> pl.DataFrame:
    """Difference of each row's share to the comparator's share of the same frame.

    `shares` has frame, n, k and any further columns; `comparator` has frame, n, k, one row per
    frame, drawn from other pieces than the row's. Adds `difference`, `difference_low`,
    `difference_high` (fractions; null where a side has no piece) by Newcombe's hybrid score
    interval (Newcombe 1998, method 10), and `p` and `q`: two-sided p of equality (pooled z) and
    its Benjamini-Hochberg adjustment over all rows.
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
    difference = pl.col("share") - pl.col("share_other")
    below = (
        (pl.col("share") - pl.col("low")) ** 2 + (pl.col("high_other") - pl.col("share_other")) ** 2
    ).sqrt()
    above = (
        (pl.col("high") - pl.col("share")) ** 2 + (pl.col("share_other") - pl.col("low_other")) ** 2
    ).sqrt()
    both = both.with_columns(
        difference=difference,
        difference_low=difference - below,
        difference_high=difference + above,
    )
    return both.with_columns(p=_p_of_equality(both)).with_columns(q=benjamini_hochberg(pl.col("p")))


def _p_of_equality(both: pl.DataFrame) -> pl.Series:
    pooled = (both["k"] + both["k_other"]) / (both["n"] + both["n_other"])
    error = (pooled * (1 - pooled) * (1 / both["n"] + 1 / both["n_other"])).sqrt()
    z = (both["difference"].abs() / error).to_numpy()
    return pl.Series("p", 2 * norm.sf(z)).fill_nan(None)


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
