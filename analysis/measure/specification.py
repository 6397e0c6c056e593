"""Many reasonable analyses of one difference, set side by side (Simonsohn, Simmons and Nelson 2020)."""

from __future__ import annotations

import polars as pl


def with_direction(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds direction: 1 or -1 where the interval of the difference excludes 0, else 0; sorted by size."""
    low, high = pl.col("difference_low"), pl.col("difference_high")
    direction = pl.when(low > 0).then(1).when(high < 0).then(-1).otherwise(0)
    return rows.with_columns(direction=direction.cast(pl.Int64)).sort(
        "difference", maintain_order=True
    )


def agreement(rows: pl.DataFrame, frame: str, one: str, other: str) -> str:
    """'14 of 16 reasonable analyses find more safety at A than at B; none finds the opposite.'

    `rows` of `with_direction`; `one` and `other` as they follow 'more safety' and 'than'.
    """
    count = rows.height
    if not count:
        return "No analysis is possible here."
    up = int((rows["direction"] > 0).sum())
    down = int((rows["direction"] < 0).sum())
    if not up and not down:
        if count == 1:
            return f"The only possible analysis finds no difference in {frame} beyond chance."
        return f"None of {count} reasonable analyses finds a difference in {frame} beyond chance."
    most, least, word = (up, down, "more") if up >= down else (down, up, "less")
    verb = "finds" if most == 1 else "find"
    opposite = (
        "none finds the opposite"
        if not least
        else f"{least} {'finds' if least == 1 else 'find'} the opposite"
    )
    return (
        f"{most} of {count} reasonable analyses {verb} {word} {frame} {one} than {other}; "
        f"{opposite}."
    )
