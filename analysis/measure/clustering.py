"""How much pieces that are alike, copies of one text and pieces on one story, widen a variance."""

from __future__ import annotations

import polars as pl

# Over groups, a piece without others being a group of one: sums of squared sizes, of sizes times
# score sums, and of squared score sums.
OVER_GROUPS = ("sizes_squared", "size_score", "sums_squared")


def design_effect(
    n: pl.Expr, pieces: dict[str, pl.Expr], copies: dict[str, pl.Expr], stories: dict[str, pl.Expr]
) -> pl.Expr:
    """Variance of a mean over n pieces in groups relative to that over independent ones, at least 1.

    `pieces`: score_sum and square_sum; `copies` and `stories`: OVER_GROUPS of each. The largest of
    three design effects (Kish 1965): those of the scores within groups of copies and within
    stories, which follow frames that come with them, and that of the sizes of groups of copies,
    which does not lean on scores: copies of a text carry what it carries, pieces on a story need not.
    """
    return pl.max_horizontal(
        _by_score(n, pieces, copies),
        _by_score(n, pieces, stories),
        copies["sizes_squared"] / n,
        pl.lit(1.0),
    )


def _by_score(n: pl.Expr, pieces: dict[str, pl.Expr], groups: dict[str, pl.Expr]) -> pl.Expr:
    mean = pieces["score_sum"] / n
    plain = pieces["square_sum"] - n * mean**2
    grouped = (
        groups["sums_squared"] - 2 * mean * groups["size_score"] + mean**2 * groups["sizes_squared"]
    )
    return pl.when(plain > 1e-9).then(grouped / plain).otherwise(1.0)
