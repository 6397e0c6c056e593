"""Tables of a build as files, each number with its denominator, interval and verdict."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from analysis import spreadsheet
from analysis.errors import ReportError, UsageError
from analysis.measure.gate import Rules, judge
from analysis.measure.shares import with_shares
from analysis.measure.trends import trend
from analysis.reads import Bin, Build, Scope

ALL = 2**31 - 1


def csv_bytes(table: pl.DataFrame) -> bytes:
    """UTF-8 CSV with a byte-order mark, lists joined by '; ', formulas defused."""
    lists = [name for name, kind in table.schema.items() if isinstance(kind, pl.List)]
    flat = table.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in lists
    )
    return spreadsheet.csv_bytes(flat)


def with_verdicts(shares: pl.DataFrame, codes: int = 0, rules: Rules | None = None) -> pl.DataFrame:
    """Adds `verdict`, `reason` and `remedy` to rows with n and k."""
    rulings = [judge(n, k, codes, rules) for n, k in shares.select("n", "k").iter_rows()]
    return shares.with_columns(
        verdict=pl.Series([r.verdict for r in rulings], dtype=pl.String),
        reason=pl.Series(["; ".join(r.reasons) for r in rulings], dtype=pl.String),
        remedy=pl.Series(["; ".join(r.remedies) for r in rulings], dtype=pl.String),
    )


def table(build: Build, what: str, by: Bin = "month", scope: Scope | None = None) -> pl.DataFrame:
    """The rows of one export: 'pieces', 'shares', 'trend' or 'problems'."""
    chosen = scope or Scope()
    if what == "pieces":
        return build.labels(chosen)
    if what == "shares":
        return with_verdicts(with_shares(build.by_outlet(chosen)))
    if what == "trend":
        rows = build.over_time_by_outlet(chosen, by)
        return with_verdicts(trend(rows, int(build.meta["min_cell"])))
    if what == "problems":
        return build.problems(ALL)
    raise UsageError(f"there is no export '{what}'", remedy="pieces, shares, trend or problems")


def write(build: Build, what: str, out: Path, by: Bin) -> int:
    """Writes an export as .csv or .parquet; returns the number of rows.

    An earlier file of that name is replaced when the new one is complete. Raises UsageError for a
    name that can't be written and ReportError when writing fails.
    """
    ending = out.suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise UsageError(f"'{out.name}' is neither .csv nor .parquet", remedy="name the file so")
    if not out.parent.is_dir():
        raise UsageError(
            "the folder is not there", where=str(out.parent), remedy="make it, or choose another"
        )
    rows = table(build, what, by)
    part = out.with_name(f"{out.name}.part")
    try:
        part.write_bytes(csv_bytes(rows) if ending == ".csv" else _parquet_bytes(rows))
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ReportError(
            f"the file can't be written ({error.strerror or error})",
            where=str(out),
            remedy="check that the folder may be written to and that the disk has room",
        ) from error
    return rows.height


def _parquet_bytes(rows: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    rows.write_parquet(buffer)
    return buffer.getvalue()
