"""Delimited text: every physical row is given or refused, and none is lost to a stray quote."""

from __future__ import annotations

import csv
import itertools
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.errors import SourceError
from analysis.sources.columns import known_names, named
from analysis.sources.interface import Batcher, Finding, Limits, RawBatch
from analysis.sources.opening import TextFile

DELIMITERS = (",", "\t", ";", "|")

# After so many open quotes the lines that they swallowed are no longer read again.
_MOST_RECOVERIES = 200
_SAMPLE_ROWS = 50


@dataclass(frozen=True)
class _Record:
    """One row: its first line, its cells, or the reason why there are none."""

    line: int
    cells: list[str]
    fault: str = ""
    loose: bool = False
    start: str = ""


class CsvSource:
    """A file of delimited rows under a header."""

    total: int | None = None

    def __init__(self, file: TextFile, findings: list[Finding], usual: str = "") -> None:
        """Raises SourceError when there is no header."""
        self._file = file
        self._skip = 0
        self.encoding: str | None = file.label
        sample = list(itertools.islice(self._lines(file.limits), 400))
        first = sample[0].strip() if sample else ""
        if first.casefold().startswith("sep=") and len(first) == 5:
            self._skip = 1
            self.delimiter = first[4]
        else:
            self.delimiter = _delimiter(sample, usual)
        self.kind = "tsv" if self.delimiter == "\t" else "csv"
        header = next(
            (r for r in self._records(file.limits) if any(c.strip() for c in r.cells)), None
        )
        if header is None:
            raise SourceError(
                "there is no header line",
                where=str(file.path),
                remedy="the first line has to name the columns, for example title,text,outlet,date",
            )
        self._header_line = header.line
        self.columns, renamed = named(header.cells)
        self.findings = [*findings, *renamed]

    def batches(self, columns: Sequence[str], limits: Limits) -> Iterator[RawBatch]:
        places = [self.columns.index(column) for column in columns]
        width = len(self.columns)
        batcher = Batcher(str(self._file.path), columns, limits)
        for record in self._records(limits, width):
            if record.line <= self._header_line:
                continue
            cells = record.cells
            if record.fault:
                batcher.refuse(record.fault, f"line {record.line}: {record.start}")
            elif len(cells) != width and (len(cells) < width or any(cells[width:])):
                what = f"line {record.line}: {len(cells)} cells where {width} belong: "
                batcher.refuse("ragged_row", what + record.start)
            else:
                batcher.add([cells[place] for place in places])
                if record.loose:
                    batcher.note("loose_quotes", f"line {record.line}: {record.start}")
            if batcher.full:
                yield batcher.take()
        yield batcher.take()

    def _lines(self, limits: Limits) -> Iterator[str]:
        lines = self._file.lines(4 * limits.field_chars + 1000)
        return itertools.islice(lines, self._skip, None)

    def _records(self, limits: Limits, width: int = 0) -> Iterator[_Record]:
        """Rows but blank lines; `width` is the number of cells that a whole row has."""
        # The limit is the csv module's, for the whole process; every reader here sets its own.
        csv.field_size_limit(limits.field_chars)
        feed = _Feed(self._lines(limits), self._skip)
        reader = csv.reader(feed, delimiter=self.delimiter, strict=True)
        recoveries = 0
        while True:
            feed.begin()
            loose = False
            try:
                cells = next(reader, None)
                if cells is None:
                    return
            except csv.Error as error:
                reader = csv.reader(feed, delimiter=self.delimiter, strict=True)
                text = str(error)
                fault = "field_too_large" if "field limit" in text else "unterminated_quote"
                if "expected after" in text:
                    fault, cells = self._read_loosely(feed)
                    loose = True
                if not loose or fault:
                    yield _Record(feed.first, [], fault, start=feed.record[0][:200])
                    recoveries += 1
                    if recoveries <= _MOST_RECOVERIES:
                        feed.push_back(feed.record[1:])
                    continue
            assert cells is not None
            if not cells:
                continue
            start = feed.record[0][:200]
            yield _Record(feed.first, cells, loose=loose, start=start)
            swallowed = width > 1 and len(cells) != width and len(feed.record) > 1
            if swallowed and recoveries < _MOST_RECOVERIES and self._whole(feed.record[1], width):
                # The quote was not meant as one: give the rows in it back.
                recoveries += 1
                feed.push_back(feed.record[1:])

    def _read_loosely(self, feed: _Feed) -> tuple[str, list[str] | None]:
        """The record again, with quotes taken as they come."""
        feed.push_back(feed.record)
        feed.begin()
        reader = csv.reader(feed, delimiter=self.delimiter, strict=False)
        try:
            cells = next(reader)
        except csv.Error:
            return "field_too_large", None
        return ("unterminated_quote", None) if feed.ended else ("", cells)

    def _whole(self, line: str, width: int) -> bool:
        try:
            return len(next(csv.reader([line], delimiter=self.delimiter), [])) == width
        except csv.Error:
            return False


@dataclass
class _Feed:
    """Lines for the csv module that can be given back; remembers those of the present record."""

    lines: Iterator[str]
    number: int = 0
    record: list[str] = field(default_factory=list)
    ended: bool = False
    first: int = 0
    _again: deque[str] = field(default_factory=deque)

    def begin(self) -> None:
        self.record = []
        self.ended = False
        self.first = self.number + 1

    def push_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            try:
                line = next(self.lines)
            except StopIteration:
                self.ended = True
                raise
        self.number += 1
        self.record.append(line)
        return line


def _delimiter(sample: list[str], usual: str) -> str:
    """The delimiter under which the header has the most usual names and the rows its width."""
    scores: list[tuple[Any, ...]] = []
    for place, delimiter in enumerate(DELIMITERS):
        rows: list[list[str]] = []
        try:
            for row in csv.reader(sample, delimiter=delimiter):
                if row:
                    rows.append(row)
                if len(rows) >= _SAMPLE_ROWS:
                    break
        except csv.Error:
            pass
        if not rows:
            continue
        width = len(rows[0])
        fitting = sum(len(row) == width for row in rows) / len(rows)
        known = known_names(rows[0])
        scores.append((known, width > 1, delimiter == usual, round(fitting, 1), width, -place))
    return DELIMITERS[-max(scores)[-1]] if scores else ","
