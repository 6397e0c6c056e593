"""A table of texts that people labelled: read, checked, and told what could not be used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.corpus import sentences as splitting
from analysis.errors import SourceError, UsageError
from analysis.frames.codebook import Codebook
from analysis.frames.training import PIECE_SCHEMA
from analysis.sources.columns import find_columns, listed
from analysis.sources.interface import Limits, Source
from analysis.sources.opener import open_source
from analysis.sources.values import as_text

Flags = NDArray[np.bool_]
Span = tuple[int, int]

UNTOLD = "(not told)"
SLICE = "labelled"

_LIMITS = Limits(batch_rows=2000, batch_chars=20_000_000)
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?!\d)")
_WORD = re.compile(r"[^\W_]+")
_TRUE = {"true", "1", "yes", "y", "x", "t", "present"}
_FALSE = {"false", "0", "no", "n", "f", "", "absent"}
_SEVERAL = re.compile(r"\s*[;,|]\s*")


@dataclass(frozen=True)
class Columns:
    """Which columns are meant. `labels` is one column of names or one of yes and no per frame.

    Of the fields id, title, text, outlet and date those that are None are found by usual names.
    """

    labels: Sequence[str]
    fields: Mapping[str, str] = field(default_factory=dict)
    extra: Sequence[str] = ()


@dataclass
class Labelled:
    """N pieces with labels; `truth` [N, F].

    `group` [N] is equal for pieces that hold the same words: they must not be parted when some
    are held out. `outlet` and `period` (a year) are UNTOLD where the table does not tell;
    `extra` has one column per name asked for. `spans` are the sentences, `sentence_truth` per
    piece [1 + sentences, F], headline first, or None where only pieces are coded. `notices` say
    what was left out and how values were read.
    """

    frames: tuple[str, ...]
    ids: list[str]
    titles: list[str]
    texts: list[str]
    spans: list[list[Span]]
    truth: Flags
    outlet: list[str]
    period: list[str]
    group: NDArray[np.int64]
    extra: dict[str, list[str]]
    sentence_truth: list[Flags] | None
    notices: list[str]

    def table(self) -> pl.DataFrame:
        """Pieces as load_pieces gives them: every sentence carries what its piece carries."""
        rows: list[tuple[str, int, str, list[str], str]] = []
        for i, (title, text, spans) in enumerate(
            zip(self.titles, self.texts, self.spans, strict=True)
        ):
            carried = [frame for f, frame in enumerate(self.frames) if self.truth[i, f]]
            rows += [
                (str(i), position, sentence, carried, SLICE)
                for position, sentence in enumerate(
                    [title, *(text[start:end] for start, end in spans)]
                )
            ]
        columns = ("id", "position", "text", "frames", "slice")
        schema = {name: PIECE_SCHEMA[name] for name in columns}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def part(self, rows: NDArray[np.int64]) -> Labelled:
        """Some of the pieces."""

        def chosen(values: Sequence[Any]) -> list[Any]:
            return [values[row] for row in rows]

        return Labelled(
            self.frames,
            chosen(self.ids),
            chosen(self.titles),
            chosen(self.texts),
            chosen(self.spans),
            self.truth[rows],
            chosen(self.outlet),
            chosen(self.period),
            self.group[rows],
            {name: chosen(values) for name, values in self.extra.items()},
            None if self.sentence_truth is None else chosen(self.sentence_truth),
            self.notices,
        )


def read_labelled(path: Path, columns: Columns, codebook: Codebook | None) -> Labelled:
    """Reads the whole table. Without a codebook the frames are those that the labels name.

    Rows without a label or without text are left out and told. Raises UsageError for columns that
    are not there and SourceError for labels that are not in the codebook, with the row.
    """
    source = open_source(path, limits=_LIMITS)
    found = _fields(source, columns, path)
    labels = [_column(source.columns, name, path) for name in columns.labels]
    extra = [_column(source.columns, name, path) for name in columns.extra]
    spans = "spans" if "spans" in source.columns else None
    coded = {f"{label}_sentences" for label in labels} <= set(source.columns) and len(labels) > 1
    wanted = [*found.values(), *labels, *extra, *([spans] if spans else [])]
    wanted += [f"{label}_sentences" for label in labels] if coded else []
    cells: dict[str, list[Any]] = {name: [] for name in wanted}
    numbers: list[int] = []
    refused = 0
    for batch in source.batches(list(dict.fromkeys(wanted)), _LIMITS):
        for name in cells:
            cells[name] += batch.values[name]
        numbers += batch.row_numbers
        refused += sum(one.refused for one in batch.findings)
    notices = [f"{refused:,} rows could not be read and were left out"] if refused else []
    frames, truth, known = _truth(_Cells(path, labels, cells, numbers, codebook, notices))
    texts = [as_text(cell)[0] for cell in cells[found["text"]]]
    titles = _texts(cells, found.get("title"), len(numbers))
    empty = [not f"{title}{text}".strip() for title, text in zip(titles, texts, strict=True)]
    if any(empty):
        notices.append(f"{sum(empty):,} rows without text were left out")
    rows = np.flatnonzero(known & ~np.array(empty, bool))
    if not len(rows):
        raise SourceError(
            "there is no row with a text and a label",
            where=str(path),
            remedy="check that --text and --labels name the right columns",
        )
    ids = _texts(cells, found.get("id"), len(numbers))
    ids = [key or f"row {number}" for key, number in zip(ids, numbers, strict=True)]
    given = cells[spans] if spans else [None] * len(texts)
    found_spans = [
        [(one[0], one[1]) for one in own] if own is not None else splitting.spans_of(text)
        for own, text in zip(given, texts, strict=True)
    ]
    data = Labelled(
        frames,
        ids,
        titles,
        texts,
        found_spans,
        truth,
        [one or UNTOLD for one in _texts(cells, found.get("outlet"), len(numbers))],
        [_year(one) for one in _texts(cells, found.get("date"), len(numbers))],
        _groups(titles, texts),
        {name: _texts(cells, name, len(numbers)) for name in extra},
        _sentence_truth(cells, labels, frames, found_spans) if coded else None,
        notices,
    ).part(rows)
    repeated = len(rows) - len(np.unique(data.group))
    if repeated:
        notices.append(
            f"{repeated:,} texts stand in the table more than once: they stay together when "
            "pieces are held out"
        )
    return data


def _fields(source: Source, columns: Columns, path: Path) -> dict[str, str]:
    found = find_columns(source.columns, columns.fields, str(path)).of
    if "text" not in found:
        raise UsageError(
            f"there is no column 'text'; there are: {listed(source.columns)}",
            where=str(path),
            remedy="name it with --text COLUMN",
        )
    wanted = ("id", "title", "text", "outlet", "date")
    return {name: found[name] for name in wanted if name in found}


def _column(columns: Sequence[str], name: str, path: Path) -> str:
    if name in columns:
        return name
    raise UsageError(
        f"there is no column '{name}'; there are: {listed(columns)}",
        where=str(path),
        remedy="check the names after --labels and --by",
    )


@dataclass(frozen=True)
class _Cells:
    """What was read: the cells of the columns, and the rows' numbers in the file."""

    path: Path
    labels: Sequence[str]
    cells: Mapping[str, list[Any]]
    numbers: Sequence[int]
    codebook: Codebook | None
    notices: list[str]


def _truth(table: _Cells) -> tuple[tuple[str, ...], Flags, Flags]:
    """Frames, the truth [rows, F], and which rows are labelled."""
    read = _yes_or_no if len(table.labels) > 1 else _named
    frames, truth, known = read(table)
    if not known.all():
        table.notices.append(f"{int((~known).sum()):,} rows without a label were left out")
    return frames, truth, known


def _yes_or_no(table: _Cells) -> tuple[tuple[str, ...], Flags, Flags]:
    labels, codebook = table.labels, table.codebook
    frames = tuple(labels)
    if codebook:
        frames = codebook.ids
        _within([label.casefold() for label in labels], codebook, str(table.path))
        missing = next((one for one in frames if one not in map(str.casefold, labels)), None)
        if missing:
            raise UsageError(
                f"no column is named for the frame '{missing}' of the codebook",
                where=str(table.path),
                remedy=f"name a column for each of {', '.join(frames)} after --labels",
            )
    truth = np.zeros((len(table.numbers), len(labels)), bool)
    known = np.ones(len(table.numbers), bool)
    odd: dict[str, bool] = {}
    for label in labels:
        place = frames.index(label.casefold() if codebook else label)
        for row, cell in enumerate(table.cells[label]):
            value = _flag(cell, odd)
            if value is None and cell is not None and cell == cell:
                raise SourceError(
                    f"'{as_text(cell)[0][:40]}' is neither yes nor no",
                    where=f"{table.path}, row {table.numbers[row]}, column {label}",
                    remedy="write true or false, 1 or 0, yes or no; or name one column of frames",
                )
            known[row] &= value is not None
            truth[row, place] = bool(value)
    table.notices.extend(
        f"“{cell}” was read as {'yes' if value else 'no'}" for cell, value in odd.items()
    )
    return frames, truth, known


def _named(table: _Cells) -> tuple[tuple[str, ...], Flags, Flags]:
    """One column that names the frames of each row: one, several, or "none"."""
    label, codebook = table.labels[0], table.codebook
    lists = [_names(cell, codebook) for cell in table.cells[label]]
    if codebook:
        for row, names in enumerate(lists):
            _within(
                names or [], codebook, f"{table.path}, row {table.numbers[row]}, column {label}"
            )
        frames = codebook.ids
    else:
        frames = tuple(sorted({name for names in lists for name in names or []}))
    place = {frame: i for i, frame in enumerate(frames)}
    truth = np.zeros((len(lists), len(frames)), bool)
    for row, names in enumerate(lists):
        truth[row, [place[name] for name in names or []]] = True
    return frames, truth, np.array([names is not None for names in lists], bool)


def _names(cell: Any, codebook: Codebook | None) -> list[str] | None:
    if isinstance(cell, list):
        names = [as_text(one)[0].strip() for one in cell]
    else:
        text = as_text(cell)[0].strip()
        if not text:
            return None
        names = _SEVERAL.split(text)
    names = [name.casefold() if codebook else name for name in names if name]
    return [name for name in names if name.casefold() not in ("none", "")]


def _within(names: Iterable[str], codebook: Codebook, where: str) -> None:
    unknown = next((name for name in names if name not in codebook.ids), None)
    if unknown is not None:
        raise SourceError(
            f"the label '{unknown}' is not in the codebook, which has {', '.join(codebook.ids)}",
            where=where,
            remedy="mend the label, or add the frame to the codebook",
        )


def _flag(cell: Any, odd: dict[str, bool]) -> bool | None:
    """Yes or no; None when the cell says neither. What needed tidying is noted in `odd`."""
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bool):
        return cell
    plain = as_text(cell)[0].strip().casefold()
    if plain.endswith(".0"):
        plain = plain[:-2]
    tidied = "".join(_WORD.findall(plain))
    for said, value in ((_TRUE, True), (_FALSE, False)):
        if plain in said:
            return value
        if tidied in said and tidied:
            odd[as_text(cell)[0]] = value
            return value
    return None


def _texts(cells: Mapping[str, list[Any]], column: str | None, count: int) -> list[str]:
    return [as_text(cell)[0] for cell in cells[column]] if column else [""] * count


def _year(text: str) -> str:
    found = _YEAR.search(text)
    return found[0] if found else UNTOLD


def _groups(titles: Sequence[str], texts: Sequence[str]) -> NDArray[np.int64]:
    """A number for each piece, equal for those that hold the same words."""
    numbers: dict[str, int] = {}
    keys = (
        " ".join(_WORD.findall(f"{title} {text}".casefold()))
        for title, text in zip(titles, texts, strict=True)
    )
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)


def _sentence_truth(
    cells: Mapping[str, list[Any]],
    labels: Sequence[str],
    frames: Sequence[str],
    spans: Sequence[Sequence[Span]],
) -> list[Flags]:
    found = [np.zeros((1 + len(own), len(frames)), bool) for own in spans]
    for label in labels:
        place = [frame.casefold() for frame in frames].index(label.casefold())
        for row, numbers in enumerate(cells[f"{label}_sentences"]):
            kept = [n for n in numbers or [] if 0 <= n < len(found[row])]
            found[row][kept, place] = True
    return found
