"""How a number is drawn by what it is worth, and what it says when pointed at."""

from __future__ import annotations

import textwrap

import polars as pl

from dashboard.charts.base import inert

FILLED, HOLLOW, DASH = "circle", "circle-open", "line-ew-open"
SYMBOLS = {"publishable": FILLED, "exploratory": HOLLOW, "do not print": DASH}

# The model's own share beside a corrected one.
TICK = "line-ns-open"


def marked(rows: pl.DataFrame, difference: bool = False) -> pl.DataFrame:
    """Adds to rows of `analysis.estimates` what a chart draws.

    value, low, high (percent or points; low and high null where the number may not be printed),
    naive (null where it is what is shown, or where the number may not be printed), symbol,
    opacity, barred (may not be printed), and hover (pseudo-HTML, without the name of what it is about).
    """
    names = ("difference", "difference_low", "difference_high", "naive_difference")
    if not difference:
        names = ("shown", "shown_low", "shown_high", "share")
    value, low, high, naive = (pl.col(name) * 100 for name in names)
    barred = pl.col("verdict") == "do not print"
    unit = " points" if difference else " %"
    printed = rows.with_columns(
        value=value,
        low=pl.when(~barred).then(low),
        high=pl.when(~barred).then(high),
        naive=pl.when(~barred & (pl.col("kind") != "naive")).then(naive),
        barred=barred,
        opacity=pl.when(barred).then(0.4).otherwise(1.0),
        symbol=pl.col("verdict").replace_strict(SYMBOLS, return_dtype=pl.String),
        why=pl.col("reason").replace_strict(_wrapped(rows["reason"]), return_dtype=pl.String),
    )
    of = pl.format("{} of {} pieces coded", "codes", "n")
    if difference:
        of = pl.format("{} and {} pieces, {} and {} coded", "n", "n_other", "codes", "codes_other")
    number = pl.format("{}{} ({} to {}), {}", _whole("value", difference), pl.lit(unit),
                       _whole("low", difference), _whole("high", difference), "kind")  # fmt: skip
    beside = pl.format("<br>naive {}{}", _whole("naive", difference), pl.lit(unit))
    told = pl.concat_str(
        pl.when("barred").then(pl.lit("no number to print")).otherwise(number.fill_null("")),
        beside.fill_null(""),
        pl.lit("<br>"),
        of.fill_null(""),
        pl.lit("<br>"),
        "verdict",
        pl.when(pl.col("why") != "").then(pl.format(": {}", "why")).otherwise(pl.lit("")),
    )
    return printed.with_columns(hover=told)


def cell_text() -> pl.Expr:
    """The text of a cell of a table of tinted cells, from the columns of `marked`."""
    mark = pl.when(pl.col("symbol") == FILLED).then(pl.lit("●")).otherwise(pl.lit("○"))
    beside = pl.format(" | {}", _whole("naive", False)).fill_null("")
    number = pl.format("{} {}{}", mark, _whole("value", False), beside)
    return pl.when("barred").then(pl.lit("–")).otherwise(number)


def _whole(name: str, signed: bool) -> pl.Expr:
    number = pl.col(name).round(0).cast(pl.Int64)
    if not signed:
        return number.cast(pl.String)
    sign = pl.when(number > 0).then(pl.lit("+")).when(number < 0).then(pl.lit("−"))
    return pl.concat_str(sign.otherwise(pl.lit("")), number.abs().cast(pl.String))


def _wrapped(reasons: pl.Series) -> dict[str, str]:
    return {
        text: "<br>".join(inert(line) for line in textwrap.wrap(text, 56))
        for text in reasons.unique()
    }
