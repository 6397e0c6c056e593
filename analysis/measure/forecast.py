"""What more codes would buy: half-widths to be expected.

The interval of a corrected share p of N pieces rests on `unit`, its variance in units of
p * (1 - p): per_piece (the pieces as a sample; 0 in a census) plus gain * (1 / n - 1 / N) for n coded
pieces. `gain` is the residuals' variance in those units: 1 where scores tell nothing, 0 where they
tell all. It is taken to stay as it is when more is coded.
"""

from __future__ import annotations

import polars as pl
from scipy.special import stdtrit

from analysis.measure.contrasts import difference_interval
from analysis.measure.corrected import score_interval
from analysis.measure.shares import LEVEL, critical

_FEW = 1e-9


def from_codes(rows: pl.DataFrame, per_piece: pl.Expr) -> pl.DataFrame:
    """Adds `gain` to rows of `corrected`; null where nothing or everything is coded."""
    n, size = pl.col("codes"), pl.col("n")
    open_part = 1 / n - 1 / size
    measured = 1 / pl.col("worth") - per_piece
    known = (n > 1) & (open_part > _FEW)
    return rows.with_columns(gain=pl.when(known).then((measured / open_part).clip(0)))


def from_scores(score_sum: pl.Expr, square_sum: pl.Expr, n: pl.Expr) -> pl.Expr:
    """The gain to be expected if the scores are probabilities: mean of m(1 - m) over p(1 - p)."""
    mean = score_sum / n
    return ((score_sum - square_sum) / n / (mean * (1 - mean)).clip(_FEW)).clip(0, 1)


def expected(sides: pl.DataFrame, more: pl.Expr | int, level: float = LEVEL) -> pl.DataFrame:
    """Adds coded (then), then_worth and half_width of each share with `more` pieces coded.

    `sides`: n, codes, strata (with a coded piece), share, gain, per_piece. No more than all n are
    coded. half_width is null with fewer than two codes.
    """
    size = pl.col("n")
    coded = pl.min_horizontal(pl.col("codes") + more, size)
    rows = sides.with_columns(coded=coded.cast(pl.Int64))
    n = pl.col("coded").cast(pl.Float64)
    left = (1 / n - 1 / size).clip(0)
    unit = pl.col("gain") * left + pl.col("per_piece")
    spare = (rows["coded"] - rows["strata"].fill_null(1)).clip(1).to_numpy()
    low, high = score_interval("share", "unit", "t")
    return (
        rows.with_columns(
            unit=pl.when(pl.col("coded") > 1).then(unit),
            t=pl.Series(stdtrit(spare, 0.5 + level / 2)),
        )
        .with_columns(half_width=(high - low) / 2, then_worth=1 / pl.col("unit"))
        .drop("unit", "t")
    )


def expected_difference(
    one: pl.DataFrame, other: pl.DataFrame, more: int, level: float = LEVEL
) -> pl.DataFrame:
    """Half-width of the difference of two sides (each one row as `expected` takes it).

    One row: more_one and more_other, the split of `more` that narrows the interval most, coded,
    coded_other, half_width (null where a side has fewer than two codes by any split). No more is
    given to a side than it has.
    """
    room = [int((side["n"] - side["codes"]).item()) for side in (one, other)]
    more = min(more, sum(room))
    low, high = max(0, more - room[1]), min(more, room[0])
    steps = sorted({low + round((high - low) * i / 24) for i in range(25)})
    splits = pl.DataFrame({"first": steps}, schema={"first": pl.Int64})
    left = expected(splits.join(one, how="cross"), pl.col("first"), level)
    right = expected(splits.join(other, how="cross"), more - pl.col("first"), level)
    both = left.select("first", "coded", "share", "then_worth").hstack(
        right.select(coded_other="coded", share_other="share", then_worth_other="then_worth")
    )
    both = difference_interval(both, "share", "then_worth", critical(level))
    half = (pl.col("difference_high") - pl.col("difference_low")) / 2
    known = pl.col("then_worth").is_not_null() & pl.col("then_worth_other").is_not_null()
    half = pl.when(known).then(half)
    return (
        both.with_columns(half_width=half, more_one="first", more_other=more - pl.col("first"))
        .sort("half_width", nulls_last=True)
        .head(1)
        .select("more_one", "more_other", "coded", "coded_other", "half_width")
    )
