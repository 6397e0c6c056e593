"""How much copies of one text widen the variance of a share over pieces."""

from __future__ import annotations

import polars as pl


def design_effect(n: pl.Expr, sums: dict[str, pl.Expr]) -> pl.Expr:
    """Variance of a mean over n pieces in groups relative to that over independent ones, at least 1.

    `sums`: score_sum and square_sum over pieces; over groups, a piece without copies being a group
    of one, sizes_squared (size * size), size_score (size * score sum) and sums_squared (score sum
    squared). The larger of two design effects (Kish 1965): that of the scores, which follows frames
    that come with copies, and that of the sizes of groups, which does not lean on scores.
    """
    mean = sums["score_sum"] / n
    plain = sums["square_sum"] - n * mean**2
    grouped = sums["sums_squared"] - 2 * mean * sums["size_score"] + mean**2 * sums["sizes_squared"]
    by_score = pl.when(plain > 1e-9).then(grouped / plain).otherwise(1.0)
    return pl.max_horizontal(by_score, sums["sizes_squared"] / n, pl.lit(1.0))
