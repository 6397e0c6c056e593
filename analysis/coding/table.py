"""A table of codes out of a file: which columns are meant, and what their cells hold."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from analysis.coding.coincidence import Level
from analysis.errors import CodingError, SourceError, UsageError
from analysis.sources.columns import ALIASES, listed, plain
from analysis.sources.interface import Limits
from analysis.sources.opener import open_source
from analysis.sources.reasons import shortened
from analysis.sources.values import as_text

FIELDS = ("unit", "coder", "frame", "value", "order")

# In order of preference; compared without case, blanks, "_" and "-".
_NAMES: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "unitid", "id", "piece", "pieceid", "item", "itemid", "articleid"),
    "coder": ("coder", "coderid", "annotator", "annotatorid", "rater", "raterid"),
    "frame": ("frame",),
    "value": ("value", "code", "present", "label"),
    "order": ("order", "committed", "committedat", "sequence", "timestamp"),
}
_MISSING = ("", "na", "n/a", "nan", "null")
_YES = ("yes", "y", "true", "t", "present", "x")
_NO = ("no", "n", "false", "f", "absent")

# More different values in one frame are no codes but text, names or measurements.
MOST_VALUES = 200

_LIMITS = Limits(batch_rows=2000, batch_chars=20_000_000)

Keep = Literal["first", "last"]


@dataclass(frozen=True)
class Codes:
    """`table` is as analysis.coding.agreement takes it, with order; `notices` say how it was read."""

    table: pl.DataFrame
    notices: list[str]


@dataclass(frozen=True)
class _Columns:
    """`frame` is None where each of `values` is a frame; `order` None where rows give it."""

    unit: str
    coder: str
    frame: str | None
    values: list[str]
    order: str | None
    notices: list[str]


def parse_order(text: str) -> list[list[str]]:
    """Levels from least to most out of "low,mid,high"; "mid|midle" are spellings of one level.

    A level with a comma stands in double quotes. Raises UsageError for fewer than two levels and
    for a spelling that stands there twice.
    """
    cells = next(csv.reader([text], skipinitialspace=True), [])
    levels = [[one.strip() for one in cell.split("|") if one.strip()] for cell in cells]
    spellings = [one.casefold() for level in levels for one in level]
    if len(levels) < 2 or not all(levels):
        raise UsageError(
            f"--order {text!r} does not name two levels or more",
            remedy="write the levels from least to most: --order 'low,mid,high'",
        )
    twice = next((one for one in spellings if spellings.count(one) > 1), None)
    if twice:
        raise UsageError(f"--order names '{twice}' twice", remedy="name each level once")
    return levels


def read_codes(
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    frames: Sequence[str] = (),
    level: Level = "nominal",
    order: Sequence[Sequence[str]] = (),
    keep: Keep | None = None,
) -> Codes:
    """Codes of a csv, jsonl, parquet or xlsx file, one coding a row or one column per frame.

    Columns are unit, coder, and frame and value, or one of codes for each frame; `mapping` says
    which are meant, and `frames` which frames. Without a column order the rows are in the order of
    commits. Numbers stay numbers, yes and no become 1 and 0, empty cells and NA null; `order` gives
    the levels of words from least to most with their spellings. `keep` says which coding counts
    where a coder coded a unit twice.

    Raises UsageError for options that can't be followed, SourceError for a file, a column or a cell
    that can't be used, and CodingError for repeated codings, fewer than two coders or no code.
    """
    where = str(path)
    source = open_source(path, limits=_LIMITS)
    columns = _columns(source.columns, mapping or {}, frames, where)
    names = [columns.unit, columns.coder, columns.frame, columns.order, *columns.values]
    wanted = list(dict.fromkeys(name for name in names if name))
    cells: dict[str, list[Any]] = {name: [] for name in wanted}
    rows: list[int] = []
    refused: list[int] = []
    for batch in source.batches(wanted, _LIMITS):
        for name in wanted:
            cells[name] += batch.values[name]
        rows += batch.row_numbers
        refused += [one.row or 0 for one in batch.findings if one.refused]
    notices = list(columns.notices)
    if refused:
        notices.append(
            f"{len(refused):,} rows could not be read and were left out, the first is row {refused[0]}"
        )
    long = _named(_long(columns, cells, rows, where), notices)
    if columns.frame and frames:
        long = long.filter(pl.col("frame").is_in(_known(frames, long, where)))
    if long["text"].null_count() == long.height:
        raise CodingError(
            "there is no code in the table", where=where, remedy="check which columns are meant"
        )
    valued = _valued(long, level, order, where)
    _two_coders(valued, where)
    return Codes(_once(valued, keep, where, notices).drop("row", "text"), notices)


def _columns(
    columns: Sequence[str], mapping: Mapping[str, str], frames: Sequence[str], where: str
) -> _Columns:
    unknown = next((name for name in mapping if name not in FIELDS), None)
    if unknown:
        raise UsageError(
            f"--map {unknown}=...: there is no field '{unknown}' here",
            remedy=f"fields are {', '.join(FIELDS)}; write --map FIELD=COLUMN",
        )
    by_plain = {plain(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for name, column in mapping.items():
        if column:
            found[name] = _column(column, columns, where, f"write --map {name}=COLUMN")
    for name, usual in _NAMES.items():
        free = [
            by_plain[one] for one in usual if by_plain.get(one, "") not in ("", *found.values())
        ]
        if name not in mapping and free:
            found[name] = free[0]
    for name in ("unit", "coder"):
        if name not in found:
            raise SourceError(
                f"there is no column '{name}'; there are: {listed(columns)}",
                where=where,
                remedy=f"name it with --map {name}=COLUMN",
            )
    if "frame" in found and "value" not in found:
        raise SourceError(
            f"there is a column of frames, '{found['frame']}', and none of values; there are: "
            f"{listed(columns)}",
            where=where,
            remedy="name it with --map value=COLUMN, or leave frames out with --map frame=",
        )
    unit, coder, order = found["unit"], found["coder"], found.get("order")
    if "frame" in found:
        return _Columns(unit, coder, found["frame"], [found["value"]], order, [])
    if "value" in mapping and found.get("value"):
        return _Columns(unit, coder, None, [found["value"]], order, [])
    remedy = "check the names after --frames"
    if frames:
        named = [_column(one, columns, where, remedy) for one in frames]
        return _Columns(unit, coder, None, named, order, [])
    usual_names = {alias for field in ALIASES.values() for alias in field}
    rest = [column for column in columns if column not in (unit, coder, order)]
    codes = [column for column in rest if plain(column) not in usual_names]
    if not codes:
        raise SourceError(
            f"no column holds codes; there are: {listed(columns)}",
            where=where,
            remedy="name them with --frames COL[,COL], or --map frame=COLUMN --map value=COLUMN",
        )
    notices = [f"read as frames: {listed(codes)}; --frames names others"]
    return _Columns(unit, coder, None, codes, order, notices)


def _column(name: str, columns: Sequence[str], where: str, remedy: str) -> str:
    if name in columns:
        return name
    found = next((column for column in columns if plain(column) == plain(name)), None)
    if found is None:
        raise SourceError(
            f"there is no column '{name}'; there are: {listed(columns)}", where=where, remedy=remedy
        )
    return found


def _known(frames: Sequence[str], long: pl.DataFrame, where: str) -> list[str]:
    there = long["frame"].unique(maintain_order=True).to_list()
    missing = next((one for one in frames if one not in there), None)
    if missing is not None:
        raise SourceError(
            f"there is no frame '{missing}'; there are: {listed(there)}",
            where=where,
            remedy="check the names after --frames",
        )
    return list(frames)


def _long(
    columns: _Columns, cells: Mapping[str, list[Any]], rows: Sequence[int], where: str
) -> pl.DataFrame:
    """row (of the file), unit, coder, order, frame, text (null where there is no code)."""

    def named(column: str) -> list[str]:
        return [as_text(cell)[0].strip() for cell in cells[column]]

    shared = {
        "row": list(rows),
        "unit": named(columns.unit),
        "coder": named(columns.coder),
        "order": _places(cells[columns.order], rows, columns.order, where)
        if columns.order
        else list(range(1, len(rows) + 1)),
    }
    frame = named(columns.frame) if columns.frame else None
    schema = {"row": pl.Int64, "unit": pl.String, "coder": pl.String, "order": pl.Int64}
    parts = [
        pl.DataFrame(shared, schema=schema).with_columns(
            pl.Series("frame", frame or [column] * len(rows), dtype=pl.String),
            pl.Series(
                "text",
                [
                    _code(cell, row, column, where)
                    for cell, row in zip(cells[column], rows, strict=True)
                ],
                dtype=pl.String,
            ),
        )
        for column in columns.values
    ]
    return pl.concat(parts)


def _named(long: pl.DataFrame, notices: list[str]) -> pl.DataFrame:
    """Only codes that say of what, by whom and for which frame they are."""
    nameless = long.filter(pl.any_horizontal(pl.col("unit", "coder", "frame") == ""))
    if nameless.height:
        first = nameless.row(0, named=True)
        empty = next(name for name in ("unit", "coder", "frame") if not first[name])
        notices.append(
            f"{nameless['row'].n_unique():,} rows without a unit, coder or frame were left out, the "
            f"first is row {first['row']} (no {empty})"
        )
    return long.filter(pl.all_horizontal(pl.col("unit", "coder", "frame") != ""))


def _code(cell: Any, row: int, column: str, where: str) -> str | None:
    if isinstance(cell, list | dict | bytes):
        raise SourceError(
            f"there is no code here but {shortened(repr(cell))}",
            where=f"{where}, row {row}, column {column}",
            remedy="name the columns of codes with --frames COL[,COL] or --map value=COLUMN",
        )
    text = as_text(cell)[0].strip()
    return None if text.casefold() in _MISSING else text


def _places(cells: Sequence[Any], rows: Sequence[int], column: str, where: str) -> list[int]:
    """Ranks of numbers or times."""
    keys: list[Any] = []
    for cell, row in zip(cells, rows, strict=True):
        key = _moment(cell)
        if key is None or (keys and type(key) is not type(keys[0])):
            raise SourceError(
                f"'{shortened(as_text(cell)[0])}' gives no order"
                + (" beside the rows before" if key is not None else ""),
                where=f"{where}, row {row}, column {column}",
                remedy="write whole numbers, or times as 2025-06-17T14:30:00; or take the order of "
                "the rows with --map order=",
            )
        keys.append(key)
    return pl.Series(keys).rank("dense").cast(pl.Int64).to_list()


def _moment(cell: Any) -> float | dt.datetime | None:
    if isinstance(cell, dt.datetime):
        return cell.astimezone(dt.UTC) if cell.tzinfo else cell.replace(tzinfo=dt.UTC)
    if isinstance(cell, dt.date):
        return dt.datetime(cell.year, cell.month, cell.day, tzinfo=dt.UTC)
    text = as_text(cell)[0].strip()
    try:
        number = float(text)
    except ValueError:
        try:
            return _moment(dt.datetime.fromisoformat(text))
        except ValueError:
            return None
    return number if abs(number) < float("inf") else None


def _valued(
    long: pl.DataFrame, level: Level, order: Sequence[Sequence[str]], where: str
) -> pl.DataFrame:
    """With value: an Enum of the levels, numbers, or (nominal) words."""
    if order:
        return _levels(long, order, where)
    word = pl.col("text").str.to_lowercase()
    flags = word.is_in(_YES + _NO).fill_null(True).all().over("frame")
    flag = pl.when(word.is_in(_YES)).then(pl.lit("1")).when(word.is_in(_NO)).then(pl.lit("0"))
    texts = long.with_columns(value=pl.when(flags).then(flag).otherwise(pl.col("text")))
    numbers = texts["value"].cast(pl.Float64, strict=False)
    wordy = texts.filter(pl.col("value").is_not_null() & ~numbers.is_finite().fill_null(False))
    if wordy.is_empty():
        whole = (numbers.drop_nulls() == numbers.drop_nulls().round()).all()
        small = (numbers.drop_nulls().abs() < 2**53).all()
        texts = texts.with_columns(value=numbers.cast(pl.Int64) if whole and small else numbers)
    elif level != "nominal":
        one = wordy.row(0, named=True)
        raise SourceError(
            f"'{shortened(one['text'])}' is no number",
            where=f"{where}, row {one['row']}",
            remedy="say the order of the words with --order 'low,mid,high', or use --level nominal",
        )
    for frame, different in texts.group_by("frame", maintain_order=True).agg(
        pl.col("value").n_unique()
    ).iter_rows():  # fmt: skip
        if different > MOST_VALUES:
            raise CodingError(
                f"'{frame}' has {different:,} different values, which are no codes",
                where=where,
                remedy="name the columns of codes with --frames COL[,COL] or --map value=COLUMN",
            )
    return texts


def _levels(long: pl.DataFrame, order: Sequence[Sequence[str]], where: str) -> pl.DataFrame:
    level_of = {one.casefold(): level[0] for level in order for one in level}
    known = [level_of.get(one.casefold()) if one else None for one in long["text"].to_list()]
    kind = pl.Enum([level[0] for level in order])
    valued = long.with_columns(pl.Series("value", known, dtype=kind))
    outside = valued.filter(pl.col("value").is_null() & pl.col("text").is_not_null())
    if outside.height:
        one = outside.row(0, named=True)
        raise SourceError(
            f"'{shortened(one['text'])}' for '{one['frame']}' is none of the levels "
            f"{', '.join(level[0] for level in order)}",
            where=f"{where}, row {one['row']}",
            remedy="mend the cell, or add it to --order; 'mid|midle' are spellings of one level",
        )
    return valued


def _two_coders(valued: pl.DataFrame, where: str) -> None:
    coders = valued.drop_nulls("value")["coder"].unique()
    if len(coders) < 2:
        raise CodingError(
            f"every code is of one coder, '{coders[0]}'",
            where=where,
            remedy="agreement needs a second coder on the same units; "
            "if there are more, name their column with --map coder=COLUMN",
        )


def _once(valued: pl.DataFrame, keep: Keep | None, where: str, notices: list[str]) -> pl.DataFrame:
    """One coding of each coder, unit and frame, in the order of the table."""
    key = ["unit", "coder", "frame"]
    placed = valued.with_row_index("at")
    known = placed.drop_nulls("value")
    repeated = known.filter(pl.struct(key).is_duplicated())
    if repeated.is_empty():
        return valued
    if keep is None:
        first = repeated.row(0, named=True)
        again = repeated.filter(**{name: first[name] for name in key}).row(1, named=True)
        raise CodingError(
            f"coder '{first['coder']}' coded '{first['unit']}' for '{first['frame']}' in row "
            f"{first['row']} already",
            where=f"{where}, row {again['row']}",
            remedy="take one of the rows out, or say which coding counts: --keep first or --keep last",
        )
    once = known.sort("order", "at").unique(key, keep=keep, maintain_order=True)
    notices.append(
        f"{known.height - once.height:,} repeated codings were left out; the {keep} of each was kept"
    )
    return pl.concat([once, placed.filter(pl.col("value").is_null())]).sort("at").drop("at")
