"""Tables of a build as files, each number with its denominator, interval and verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import polars as pl

from analysis import spreadsheet
from analysis.coding.ledger import Ledger
from analysis.errors import UsageError
from analysis.estimates import Ask, gather, shares, trend
from analysis.reading import stories, voices
from analysis.reads import Bin, Build, Domain, Scope
from analysis.report.numbers import told
from analysis.report.words import DEFAULT, key_words
from analysis.types import Estimand
from analysis.writing import check_place, parquet_bytes, write_whole

ALL = 2**31 - 1


def csv_bytes(table: pl.DataFrame) -> bytes:
    """UTF-8 CSV with a byte-order mark, lists joined by '; ', formulas defused."""
    lists = [name for name, kind in table.schema.items() if isinstance(kind, pl.List)]
    flat = table.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in lists
    )
    return spreadsheet.csv_bytes(flat)


@dataclass(frozen=True)
class Request:
    """What an export holds. `by`: the bins of a trend ('month' if not given), or what divides key
    words ('outlet'); `groups`: whose key words, see `words.key_words`; `sample`: whose codes correct, the one with
    most coded pieces if not named; `estimand` and `ask` as everywhere."""

    what: str
    by: str = ""
    estimand: Estimand = "item"
    sample: str = ""
    ask: Ask = field(default_factory=Ask)
    groups: tuple[str, ...] = ()


def table(build: Build, ledger: Ledger | None, request: Request) -> pl.DataFrame:
    """The rows of one export: 'pieces', 'stories', 'voices', 'shares', 'trend', 'keyness' or
    'problems'.

    Shares and trends as `numbers.told` gives them; without codings (None) they are naive. Raises
    UsageError for another export, CodingError for a sample that is not there.
    """
    scope = Scope(estimand=request.estimand)
    if request.what == "pieces":
        return build.labels(scope)
    if request.what == "problems":
        return build.problems(ALL)
    if request.what == "stories":
        return stories.members(build)
    if request.what == "voices":
        return voices.quotations(build)
    if request.what == "keyness":
        by = request.by or DEFAULT
        return key_words(build, scope, by, request.groups)
    if request.what not in ("shares", "trend"):
        raise UsageError(
            f"there is no export '{request.what}'",
            remedy="pieces, stories, voices, shares, trend, keyness or problems",
        )
    evidence = gather(build, ledger, request.sample) if ledger else None
    if request.what == "shares":
        return told(shares(build, scope, Domain(by_outlet=True), evidence, request.ask))
    minimum = int(build.meta["min_cell"])
    return told(trend(build, scope, _bin(request.by), evidence, request.ask, minimum))


def _bin(by: str) -> Bin:
    for known in get_args(Bin):
        if (by or "month") == known:
            return known  # type: ignore[no-any-return]
    raise UsageError(f"a trend is not by {by}", remedy="week, month or quarter")


def write(build: Build, ledger: Ledger | None, request: Request, out: Path) -> int:
    """Writes an export as .csv or .parquet; returns the number of rows.

    An earlier file of that name is replaced when the new one is complete. Raises UsageError for a
    name that can't be written and ReportError when writing fails.
    """
    check_place(out, (".csv", ".parquet"))
    rows = table(build, ledger, request)
    write_whole(out, csv_bytes(rows) if out.suffix.lower() == ".csv" else parquet_bytes(rows))
    return rows.height
