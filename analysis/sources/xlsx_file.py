"""Excel workbooks, one sheet."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from analysis.errors import SourceError
from analysis.sources.columns import known_names, named
from analysis.sources.interface import Batcher, Finding, Limits, RawBatch
from analysis.sources.reasons import shortened

_HEADER_WITHIN = 10


class XlsxSource:
    """A sheet of a workbook: the one that is asked for, else the first with rows."""

    kind = "xlsx"
    encoding: str | None = None
    total: int | None = None

    def __init__(self, path: Path, sheet: str | None, limits: Limits) -> None:
        """Raises SourceError when the workbook is damaged, too big, or has no such sheet."""
        self._path = path
        _check_size(path, limits)
        try:
            self._book = CalamineWorkbook.from_path(path)
        except (CalamineError, OSError, ValueError) as error:
            raise self._damaged(error) from error
        names = list(self._book.sheet_names)
        self._sheet = self._choose(sheet, names)
        header = self._header()
        self.columns, renamed = named(header)
        others = [name for name in names if name != self._sheet]
        self.findings: list[Finding] = list(renamed)
        if others and sheet is None:
            text = f"read '{self._sheet}', not {', '.join(others)}"
            self.findings.append(Finding(None, None, "other_sheets", shortened(text)))

    def batches(self, columns: Sequence[str], limits: Limits) -> Iterator[RawBatch]:
        places = [self.columns.index(column) for column in columns]
        batcher = Batcher(str(self._path), columns, limits)
        for row in itertools.islice(self._rows(self._sheet), self._first_row, None):
            if _blank(row):
                continue
            batcher.add([row[place] if place < len(row) else None for place in places])
            if batcher.full:
                yield batcher.take()
        yield batcher.take()

    def _rows(self, sheet: str) -> Iterator[list[Any]]:
        try:
            yield from self._book.get_sheet_by_name(sheet).iter_rows()
        except (CalamineError, OSError, ValueError) as error:
            raise self._damaged(error) from error

    def _choose(self, wanted: str | None, names: list[str]) -> str:
        if wanted is not None:
            if wanted in names:
                return wanted
            if wanted.isdigit() and 1 <= int(wanted) <= len(names):
                return names[int(wanted) - 1]
            raise SourceError(
                f"there is no sheet '{wanted}'; there are: {', '.join(names)}",
                where=str(self._path),
                remedy="write --sheet with one of these names, or its number",
            )
        for name in names:
            if any(not _blank(row) for row in self._rows(name)):
                return name
        raise SourceError(
            "the workbook is empty", where=str(self._path), remedy="check that it is the right file"
        )

    def _header(self) -> list[Any]:
        """The first of the top rows with a usual name in it, else the first that is not blank."""
        top = list(itertools.islice(self._rows(self._sheet), _HEADER_WITHIN))
        filled = [place for place, row in enumerate(top) if not _blank(row)]
        if not filled:
            raise SourceError(
                "the sheet is empty", where=str(self._path), remedy="choose another with --sheet"
            )
        usual = [place for place in filled if known_names([str(cell) for cell in top[place]])]
        place = usual[0] if usual else filled[0]
        self._first_row = place + 1
        return top[place]

    def _damaged(self, error: BaseException) -> SourceError:
        return SourceError(
            f"the workbook can't be read ({shortened(str(error))})",
            where=str(self._path),
            remedy="open it in a spreadsheet program and save it again, or save it as CSV (UTF-8)",
        )


def _blank(row: Sequence[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _check_size(path: Path, limits: Limits) -> None:
    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    ratio = size / max(1, path.stat().st_size)
    if size > limits.bytes or (size > limits.ratio_from and ratio > limits.ratio):
        raise SourceError(
            f"the workbook unpacks to {size:,} bytes, {ratio:,.0f} times its size",
            where=str(path),
            remedy="check that the file is what you expect; save the sheet as CSV",
        )
