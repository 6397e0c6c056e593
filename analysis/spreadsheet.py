"""Tables that a spreadsheet will open: text that it would run as a formula is defused."""

from __future__ import annotations

import re

import polars as pl

# A spreadsheet takes a cell that begins with one of these for a formula. What looks as if it had
# been quoted is quoted once more, so that `undefused` gives every text back.
_FORMULA = r"^'*[=+\-@\t\r]"


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


def undefused(text: str) -> str:
    """The text of a cell as it was before `defused`."""
    return text[1:] if text.startswith("'") and re.match(_FORMULA, text) else text


def csv_bytes(table: pl.DataFrame) -> bytes:
    """UTF-8 CSV with a byte-order mark, formulas defused."""
    # Without the mark, Excel reads UTF-8 as the local code page.
    return "\ufeff".encode() + defused(table).write_csv().encode("utf-8")
