"""Files as rows or as JSON, with the place of each row for messages; and files written whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import CodingError
from analysis.sources.interface import Limits
from analysis.sources.opener import open_source
from analysis.sources.reasons import REASONS
from analysis.sources.values import as_text
from analysis.spreadsheet import undefused

MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class Table:
    """The cells of a csv or xlsx file as text; `faults` name rows that are no rows."""

    columns: list[str]
    rows: list[tuple[str, dict[str, str]]]
    faults: list[str]


def read_table(path: Path) -> Table:
    """All rows, each with its place in the file ("row 3"). Raises SourceError."""
    limits = Limits(rows=1_000_000, bytes=MOST_BYTES)
    source = open_source(path, limits=limits)
    table = Table([undefused(name) for name in source.columns], [], [])
    for batch in source.batches(source.columns, limits):
        for finding in batch.findings:
            if finding.refused:
                said = REASONS.get(finding.reason, (finding.reason, ""))[0]
                table.faults.append(f"row {finding.row}: {said}")
        columns = [batch.values[name] for name in source.columns]
        for place, number in enumerate(batch.row_numbers):
            cells = [undefused(as_text(column[place])[0]) for column in columns]
            table.rows.append((f"row {number}", dict(zip(table.columns, cells, strict=True))))
    return table


def is_json(path: Path) -> bool:
    """Whether the file begins as JSON does. Raises CodingError when it can't be read."""
    # Null bytes: of UTF-16, which read_json refuses by its name.
    return _start(path).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] in (b"[", b"{")


def _start(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise CodingError(
                f"the file has {path.stat().st_size / 1e6:,.0f} MB, too much for codings",
                where=str(path),
                remedy=f"check that it is the right file; up to {MOST_BYTES / 1e6:.0f} MB are read",
            )
        with path.open("rb") as stream:
            return stream.read(4096)
    except OSError as error:
        raise _unreadable(path, error) from error


def read_json(path: Path) -> tuple[Any, bool]:
    """The one value of the file, or a list of (line, value) with True when each line is a value."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CodingError(
            f"can't be read: {error}", where=str(path), remedy="save the file as UTF-8 text"
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) == 1 or text.lstrip().startswith("["):
        value = _parsed(text, path, "")
        return (value, False) if isinstance(value, list) else ([(lines[0][0], value)], True)
    try:
        return _whole(json.loads(text), text), False
    except (ValueError, RecursionError):
        # Not one value, hence one in each line.
        return list(_by_line(lines, path)), True


def _by_line(lines: list[tuple[int, str]], path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in lines:
        yield number, _parsed(line, path, f"line {number}: ")


def _parsed(text: str, path: Path, place: str) -> Any:
    try:
        return _whole(json.loads(text), text)
    except (ValueError, RecursionError) as error:
        raise CodingError(
            f"{place}not valid JSON ({error})",
            where=str(path),
            remedy="export it again from the tool that wrote it",
        ) from error


def _whole(value: Any, text: str) -> Any:
    """The value; half a character of a pair, which no file can hold, becomes a question mark."""
    if "\\ud" not in text.lower():
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _unreadable(path: Path, error: OSError) -> CodingError:
    if isinstance(error, FileNotFoundError):
        return CodingError("there is no such file", where=str(path), remedy="check the path")
    return CodingError(
        f"the file can't be read ({error.strerror or error})",
        where=str(path),
        remedy="name a file that you may read",
    )
