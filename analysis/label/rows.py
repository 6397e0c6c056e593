"""From the rows of a table to pieces: which columns are meant, and what their cells hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import SourceError, UsageError
from analysis.sources.columns import find_columns, listed
from analysis.sources.interface import RawBatch, Source
from analysis.sources.reasons import shortened
from analysis.sources.values import encodable

NEEDED = ("id", "title", "text")
SPANS = "spans"

Span = tuple[int, int]


@dataclass(frozen=True)
class Pieces:
    """Pieces of a batch; the spans of a piece are None where they are to be found in its text."""

    ids: list[str]
    titles: list[str]
    texts: list[str]
    spans: list[list[Span] | None]


NO_PIECES = Pieces([], [], [], [])


def columns_of(source: Source, mapping: Mapping[str, str], path: Path) -> dict[str, str]:
    """Field -> column, for the fields that the table has.

    Raises UsageError for a field that is not known and SourceError for a column that is missing.
    """
    unknown = next((name for name in mapping if name not in NEEDED), None)
    if unknown:
        raise UsageError(
            f"--map {unknown}=...: there is no field '{unknown}' here",
            remedy=f"fields are {', '.join(NEEDED)}; write --map FIELD=COLUMN",
        )
    if not source.columns:
        raise SourceError(
            "no row is an object with named fields",
            where=str(path),
            remedy='write each row as {"id": "...", "title": "...", "text": "..."}',
        )
    found = find_columns(source.columns, mapping, str(path)).of
    for name in NEEDED:
        if name not in found and not (name == "title" and "title" in mapping):
            raise SourceError(
                f"there is no column '{name}'; there are: {listed(source.columns)}",
                where=str(path),
                remedy=f"name it with --map {name}=COLUMN"
                + (", or leave it out with --map title=" if name == "title" else ""),
            )
    columns = {name: found[name] for name in NEEDED if name in found}
    if SPANS in source.columns:
        columns[SPANS] = SPANS
    return columns


def pieces_of(batch: RawBatch, columns: Mapping[str, str], path: Path) -> Pieces:
    def cells(name: str) -> Iterator[Any]:
        return iter(batch.values[columns[name]] if name in columns else [None] * count)

    count = len(batch.row_numbers)
    found = Pieces([], [], [], [])
    rows = zip(
        batch.row_numbers, cells("id"), cells("title"), cells("text"), cells(SPANS), strict=True
    )
    for number, key, title, text, spans in rows:
        where = f"{path}, row {number}"
        found.ids.append(_text(key, where, "id"))
        found.titles.append(_text(title, where, "title"))
        found.texts.append(_text(text, where, "text"))
        found.spans.append(_spans(spans, found.texts[-1], where))
        if not found.ids[-1].strip():
            raise SourceError(
                "the id is empty",
                where=f"{where}, column {columns['id']}",
                remedy="give each row an id, so that its scores can be told apart",
            )
    return found


def _text(cell: Any, where: str, name: str) -> str:
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, list | dict | bytes):
        raise SourceError(
            f"there is no text here but {shortened(repr(cell))}",
            where=f"{where}, column {name}",
            remedy=f"name the column that holds the {name} with --map {name}=COLUMN",
        )
    return encodable(str(cell))


def _spans(cell: Any, text: str, where: str) -> list[Span] | None:
    """The sentences named, checked; None if none are named (an empty list names that there are none)."""
    if isinstance(cell, str):
        cell = _parsed(cell) if cell.strip() else None
    if cell is None:
        return None
    if isinstance(cell, list) and all(_is_span(one, len(text)) for one in cell):
        return [(one[0], one[1]) for one in cell]
    raise SourceError(
        f"these are no sentences of a text of {len(text):,} characters: {shortened(repr(cell))}",
        where=f"{where}, column {SPANS}",
        remedy="write a list of [start, end] in characters of the text, 0 <= start <= end",
    )


def _parsed(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        # Not JSON, or JSON with numbers of thousands of digits, or nested without end.
        return cell


def _is_span(one: Any, length: int) -> bool:
    return (
        isinstance(one, list | tuple)
        and len(one) == 2
        and all(isinstance(x, int) and not isinstance(x, bool) for x in one)
        and 0 <= one[0] <= one[1] <= length
    )
