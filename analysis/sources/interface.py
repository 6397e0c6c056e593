"""What every way in gives: batches of raw rows, and an account of each row that it can't give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from analysis.errors import SourceError
from analysis.sources.reasons import shortened


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken in; `batch_*` bound what is in memory at once."""

    rows: int = 5_000_000
    field_chars: int = 10_000_000
    bytes: int = 20_000_000_000
    ratio: int = 200
    ratio_from: int = 100_000_000
    batch_rows: int = 2_000
    batch_chars: int = 16_000_000


@dataclass(frozen=True)
class Finding:
    """Something about a row (row 1 is the first after the header), or about a file (row None)."""

    row: int | None
    field: str | None
    reason: str
    value: str | None
    refused: bool = False


@dataclass
class RawBatch:
    """Rows as they came. `values` maps each asked column to as many cells as `row_numbers`.

    `rows_read` counts the refused rows too: it is len(row_numbers) + refused findings.
    """

    rows_read: int
    row_numbers: list[int]
    values: dict[str, list[Any]]
    findings: list[Finding]


class Source(Protocol):
    """An open file of rows. `batches` may be called again and gives the same."""

    kind: str
    encoding: str | None
    columns: list[str]
    total: int | None
    findings: list[Finding]

    def batches(self, columns: Sequence[str], limits: Limits) -> Iterator[RawBatch]:
        """Rows in the file's order. Raises SourceError when the file breaks off or is too big."""
        ...


@dataclass
class Batcher:
    """Gathers rows into batches of bounded size and keeps the account."""

    where: str
    columns: Sequence[str]
    limits: Limits
    read: int = 0
    _in_batch: int = 0
    _chars: int = 0
    _numbers: list[int] = field(default_factory=list)
    _cells: list[Sequence[Any]] = field(default_factory=list)
    _findings: list[Finding] = field(default_factory=list)

    def next_row(self) -> int:
        """The number of the row that comes now. Raises SourceError beyond the limit of rows."""
        if self.read >= self.limits.rows:
            raise too_many_rows(self.where, self.limits)
        self.read += 1
        self._in_batch += 1
        return self.read

    def add(self, cells: Sequence[Any]) -> None:
        """Takes the cells of the asked columns, in their order."""
        row = self.next_row()
        for name, cell in zip(self.columns, cells, strict=True):
            if isinstance(cell, str):
                self._chars += len(cell)
                if len(cell) > self.limits.field_chars:
                    self._refuse(row, "field_too_large", f"{len(cell):,} characters", name)
                    return
        self._numbers.append(row)
        self._cells.append(cells)

    def refuse(self, reason: str, value: str, column: str | None = None) -> None:
        self._refuse(self.next_row(), reason, value, column)

    def note(self, reason: str, value: str | None = None, column: str | None = None) -> None:
        """A notice about the row added last."""
        self._findings.append(Finding(self.read, column, reason, shortened(value)))

    def _refuse(self, row: int, reason: str, value: str, column: str | None) -> None:
        self._findings.append(Finding(row, column, reason, shortened(value), refused=True))

    @property
    def full(self) -> bool:
        limits = self.limits
        return self._in_batch >= limits.batch_rows or self._chars >= limits.batch_chars

    def take(self) -> RawBatch:
        """What has been gathered since the last time."""
        turned = list(zip(*self._cells, strict=True)) if self._cells else []
        values = {
            name: list(turned[place]) if turned else [] for place, name in enumerate(self.columns)
        }
        batch = RawBatch(self._in_batch, self._numbers, values, self._findings)
        self._in_batch = self._chars = 0
        self._numbers, self._cells, self._findings = [], [], []
        return batch


def too_many_rows(where: str, limits: Limits) -> SourceError:
    return SourceError(
        f"more than {limits.rows:,} rows",
        where=where,
        remedy="split the file and ingest the parts",
    )
