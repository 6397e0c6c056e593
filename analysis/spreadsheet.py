"""Tables that a spreadsheet will open: text that it would run as a formula is defused."""

from __future__ import annotations

import polars as pl

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = r"^[=+\-@\t\r]"


def defused(table: pl.DataFrame) -> pl.DataFrame:
    """The table with text cells that a spreadsheet would run as formulas quoted by an apostrophe.

    Column names are treated alike. Numbers are left as they are.
    """
    cells = table.with_columns(
        pl.when(pl.col(pl.String).str.contains(_FORMULA))
        .then("'" + pl.col(pl.String))
        .otherwise(pl.col(pl.String))
        .name.keep()
    )
    return cells.rename(lambda name: f"'{name}" if name[:1] in "=+-@\t\r" else name)
