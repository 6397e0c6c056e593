"""Shares of units that come in clusters: whose voice a frame has, and who gets to speak.

Units are pieces, or quotations, or speakers; a cluster is what may be alike in all of them: a
story, a text and its copies, a piece. A share is k of n units; its variance is that of a ratio of
cluster totals,

    c / (c - 1) * sum over clusters of (k_i - share * n_i)^2 / n^2

(Cochran 1977, 6.3, c clusters), and the design effect what that is of share * (1 - share) / n
(Kish 1965). The interval is Wilson's with n over the design effect in the place of n (Korn and
Graubard 1998); copies and follow-ups widen it, they never narrow it.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.measure.corrected import score_interval
from analysis.measure.shares import LEVEL, critical

OWN, QUOTED = "own", "quoted"


def clustered_shares(
    rows: pl.DataFrame, by: Sequence[str], groups: Sequence[str], level: float = LEVEL
) -> pl.DataFrame:
    """Shares of each category `by` within each of `groups`, which `by` includes.

    `rows`: the keys of `by`, cluster, k (units in the category), and n (all units of the cluster
    in the group; the same in each of its rows). A cluster without a row for a category has none in
    it, so `groups` are counted over all rows. Adds by keys: n, k, share, low, high, clusters,
    design_effect (at least 1). Where all units or none are in a category, or there is a single
    cluster, nothing tells how alike clusters are: they are taken to be wholly alike (Kish's
    sum of n_i^2 / n).
    """
    whole = (
        rows.unique([*groups, "cluster"])
        .group_by(groups)
        .agg(
            n=pl.col("n").sum(),
            clusters=pl.len().cast(pl.Int64),
            squares=(pl.col("n").cast(pl.Float64) ** 2).sum(),
        )
    )
    inside = rows.group_by(list(by)).agg(
        k=pl.col("k").sum(),
        k_squares=(pl.col("k").cast(pl.Float64) ** 2).sum(),
        products=(pl.col("k") * pl.col("n")).cast(pl.Float64).sum(),
    )
    n, clusters = pl.col("n").cast(pl.Float64), pl.col("clusters").cast(pl.Float64)
    p = pl.col("share")
    spread = pl.col("k_squares") - 2 * p * pl.col("products") + p**2 * pl.col("squares")
    plain = p * (1 - p) * n
    told = (p > 0) & (p < 1) & (pl.col("clusters") > 1)
    effect = pl.when(told).then(clusters / (clusters - 1) * spread / plain)
    low, high = score_interval("share", "unit", "critical")
    return (
        inside.join(whole, on=list(groups))
        .with_columns(share=pl.col("k") / n)
        .with_columns(
            design_effect=pl.max_horizontal(effect.otherwise(pl.col("squares") / n), pl.lit(1.0))
        )
        .with_columns(unit=pl.col("design_effect") / n, critical=pl.lit(critical(level)))
        .with_columns(low=low, high=high)
        .select(*by, "n", "k", "share", "low", "high", "clusters", "design_effect")
        .sort(by)
    )


def voices_of_frame(pieces: pl.DataFrame, roles: Sequence[str]) -> pl.DataFrame:
    """outlet, voice, cluster, k, n for `clustered_shares`, from outlet, piece, cluster, own, roles.

    Voices: OWN, the outlet's own voice carries the frame in the piece; QUOTED, only others do;
    and each of `roles`, somebody in it is quoted with the frame. A piece may have several roles.
    """
    named = pl.col("roles").fill_null([])
    marks = {
        OWN: pl.col("own"),
        QUOTED: ~pl.col("own"),
        **{role: named.list.contains(role) for role in roles},
    }
    return (
        pieces.group_by("outlet", "cluster")
        .agg(n=pl.len().cast(pl.Int64), **{v: m.sum().cast(pl.Int64) for v, m in marks.items()})
        .unpivot(index=["outlet", "cluster", "n"], variable_name="voice", value_name="k")
    )


def spoken_by_role(rows: pl.DataFrame, unit: str, roles: Sequence[str]) -> pl.DataFrame:
    """outlet, role, cluster, k, n for `clustered_shares`, from outlet, cluster, role and `unit`,
    a column of counts; every role has a row in each cluster."""
    whole = rows.group_by("outlet", "cluster").agg(n=pl.col(unit).sum())
    return (
        whole.join(pl.DataFrame({"role": list(roles)}), how="cross")
        .join(
            rows.select("outlet", "cluster", "role", k=unit),
            on=["outlet", "cluster", "role"],
            how="left",
        )
        .with_columns(pl.col("k").fill_null(0))
    )
