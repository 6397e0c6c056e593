"""Everything that the ledger holds of a sample as one table, and back: the sample with its draws and
pieces, every coding, withdrawn ones too, in the order in which they were stored, and of which pieces
a coder has seen what others said.

Column `record` says what a row is: sample, draw, piece, coding or reveal; `data` holds, as JSON, what has no
column of its own. For each frame there are its code (1, 0, ?), the hash of the definition under
which it was coded, and its sentences as number:start-end. Drafts are no codings and stay out.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from analysis.coding.exchange.files import Table
from analysis.coding.exchange.intake import Incoming, Taken, refused, take_in
from analysis.coding.exchange.sheets import CODES
from analysis.coding.ledger import Ledger, Work
from analysis.coding.marks import Coding, Frame, Marks, coder_name, coding_of
from analysis.coding.sampling import check_name
from analysis.coding.seen import record
from analysis.coding.sessions import registered
from analysis.errors import CodingError

COLUMNS = (
    "record", "sample", "piece", "coder", "coding", "committed_at", "withdrawn_at", "source",
    "seconds", "note", "data",
)  # fmt: skip
_PREFIX = "frame."
_SENTENCE = re.compile(r"(\d{1,9}):(\d{1,9})-(\d{1,9})")
_WRITTEN = {value: text for text, value in CODES.items()}


def backup(ledger: Ledger, sample: str, coder: str | None = None) -> pl.DataFrame:
    """The table of a sample; with `coder` of that coder's codings and reveals only."""
    (about,) = ledger.rows("sample_row", sample=sample)
    rows: list[dict[str, Any]] = [_row("sample", about)]
    rows += [_row("draw", row) for row in ledger.rows("draws", sample=sample)]
    rows += [_row("piece", row, sample) for row in ledger.rows("sample_pieces", sample=sample)]
    codings = ledger.rows(
        "codings", sample=sample, coder=coder, piece=None, coding=None, withdrawn=1
    )
    rows += [_coding_row(coding_of(row), sample) for row in codings]
    reveals = ledger.rows("reveals", sample=sample, coder=coder, piece=None)
    rows += [_row("reveal", row) for row in reveals]
    frames = sorted({name for row in rows for name in row if name.startswith(_PREFIX)})
    table = pl.DataFrame(rows, schema=dict.fromkeys([*COLUMNS, *frames], pl.String))
    return table.with_columns(pl.all().fill_null(""))


def _row(record: str, row: Mapping[str, Any], sample: str = "") -> dict[str, Any]:
    own = ("sample", "piece", "coder")
    data = {key: value for key, value in row.items() if key not in own}
    return {
        "record": record,
        "sample": row.get("sample", sample),
        "piece": row.get("piece", ""),
        "coder": row.get("coder", ""),
        "data": json.dumps(data),
    }


def _coding_row(one: Coding, sample: str) -> dict[str, Any]:
    offsets = {number: (start, end) for number, start, end in one.spans}
    row = {
        "record": "coding",
        "sample": sample,
        "piece": one.piece,
        "coder": one.coder,
        "coding": str(one.id),
        "committed_at": one.committed_at,
        "withdrawn_at": one.withdrawn_at or "",
        "source": one.source,
        "seconds": "" if one.marks.seconds is None else repr(one.marks.seconds),
        "note": one.marks.note,
    }
    for frame, value in one.marks.frames.items():
        marked = one.marks.sentences.get(frame, ())
        row[f"{_PREFIX}{frame}"] = _WRITTEN[value]
        row[f"{_PREFIX}{frame}.definition"] = one.definitions[frame]
        row[f"{_PREFIX}{frame}.sentences"] = " ".join(
            f"{number}:{offsets[number][0]}-{offsets[number][1]}" for number in marked
        )
    return row


def restore(
    ledger: Ledger,
    sample: str,
    table: Table,
    frames: Sequence[Frame],
    path: Path,
    *,
    coder: str | None,
    now: dt.datetime,
    replace: bool,
) -> Taken:
    """Takes a backup back: the sample where it is missing, and the codings that are missing.

    Raises CodingError when the file is of another sample, or its pieces are not those of the sample
    that is there; nothing is taken in then.
    """
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise CodingError(
            f"there is no column '{missing[0]}'",
            where=str(path),
            remedy="import the backup as it was written, with all its columns",
        )
    faults = list(table.faults)
    parts: dict[str, list[dict[str, Any]]] = {"sample": [], "draw": [], "piece": []}
    codings: list[Incoming] = []
    reveals: list[tuple[str, str, dt.datetime]] = []
    for place, cells in table.rows:
        if cells["sample"] != sample:
            faults.append(f"{place}: it is of the sample '{cells['sample'][:60]}', not '{sample}'")
        elif cells["record"] == "coding":
            try:
                codings.append(_incoming(place, cells))
            except (CodingError, ValueError) as error:
                faults.append(f"{place}: {getattr(error, 'what', error)}")
            else:
                if coder and cells["coder"].casefold() != coder.casefold():
                    faults.append(f"{place}: the coder is '{cells['coder'][:60]}', not '{coder}'")
        elif cells["record"] == "reveal":
            try:
                reveals.append(_reveal(cells))
            except (CodingError, ValueError) as error:
                faults.append(f"{place}: {getattr(error, 'what', error)}")
        elif cells["record"] in parts:
            try:
                parts[cells["record"]].append(_data(cells))
            except ValueError as error:
                faults.append(f"{place}: {error}")
        else:
            faults.append(f"{place}: record is '{cells['record'][:40]}'")
    if faults:
        raise refused(faults, str(path))
    made = not ledger.rows("sample_exists", sample=sample)
    with ledger.transaction() as work:
        if made:
            _add_sample(work, parts, path)
        else:
            _same_sample(work, sample, parts["piece"], path)
        taken = take_in(
            ledger,
            sample,
            codings,
            frames,
            where=str(path),
            source="backup",
            now=now,
            replace=replace,
            work=work,
        )
        drawn = {row["piece"] for row in work.rows("sample_pieces", sample=sample)}
        for piece, name, at in reveals:
            if piece in drawn:
                who = registered(work, name, now)
                record(work, sample=sample, piece=piece, coder=who, now=at)
    if made:
        taken.notices.append(f"the sample '{sample}' was not there; it is now as in the file")
    return taken


def _incoming(place: str, cells: Mapping[str, str]) -> Incoming:
    codes: dict[str, bool | None] = {}
    sentences: dict[str, tuple[int, ...]] = {}
    meant: dict[str, str] = {}
    offsets: dict[int, tuple[int, int]] = {}
    for column, value in cells.items():
        frame, dot, rest = column.removeprefix(_PREFIX).partition(".")
        if not column.startswith(_PREFIX) or not value:
            continue
        if dot and rest == "definition":
            meant[frame] = value
        elif dot and rest == "sentences":
            numbers = []
            for one in value.split():
                match = _SENTENCE.fullmatch(one)
                if match is None:
                    raise ValueError(f"'{one[:40]}' in column {column} is no number:start-end")
                number, start, end = map(int, match.groups())
                if end < start:
                    raise ValueError(f"'{one}' in column {column} ends before it begins")
                numbers.append(number)
                offsets[number] = (start, end)
            sentences[frame] = tuple(numbers)
        elif value not in CODES:
            raise ValueError(f"'{value[:40]}' in column {column} is none of 1, 0 and ?")
        else:
            codes[frame] = CODES[value]
    if not codes:
        raise ValueError("there is no code")
    if set(codes) - set(meant):
        raise ValueError(f"the definition of '{min(set(codes) - set(meant))}' is missing")
    seconds = float(cells["seconds"]) if cells["seconds"].strip() else None
    if cells["withdrawn_at"] and dt.datetime.fromisoformat(cells["withdrawn_at"]).tzinfo is None:
        raise ValueError(f"the time '{cells['withdrawn_at'][:40]}' has no zone")
    return Incoming(
        place,
        cells["piece"],
        cells["coder"],
        Marks(codes, sentences, cells["note"], seconds),
        offsets,
        cells["committed_at"],
        cells["withdrawn_at"],
        meant,
        cells["source"],
    )


def _reveal(cells: Mapping[str, str]) -> tuple[str, str, dt.datetime]:
    """Piece, coder and time. Raises CodingError or ValueError."""
    at = dt.datetime.fromisoformat(str(_data(cells).get("at")))
    if at.tzinfo is None:
        raise ValueError(f"the time '{at}' has no zone")
    return cells["piece"], coder_name(cells["coder"]), at


def _data(cells: Mapping[str, str]) -> dict[str, Any]:
    try:
        data = json.loads(cells["data"])
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ValueError("its data is no JSON object")
    named = {"sample": cells["sample"]} | ({"piece": cells["piece"]} if cells["piece"] else {})
    return {**data, **named}


def _add_sample(work: Work, parts: Mapping[str, list[dict[str, Any]]], path: Path) -> None:
    if len(parts["sample"]) != 1 or not parts["draw"] or not parts["piece"]:
        raise CodingError(
            "the sample is not there, and the file lacks rows of it",
            where=str(path),
            remedy="import the whole backup",
        )
    check_name(parts["sample"][0]["sample"])
    try:
        for row in parts["draw"]:
            for key in ("scope", "contrast", "strata"):
                json.loads(row[key])
        for record, rows in parts.items():
            work.run_many({"piece": "add_sample_piece"}.get(record, f"add_{record}"), rows)
    except (sqlite3.Error, KeyError, TypeError, ValueError, OverflowError) as error:
        raise CodingError(
            f"the rows of the sample can't be stored ({error})",
            where=str(path),
            remedy="import the backup as it was written",
        ) from error


def _same_sample(work: Work, sample: str, rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    drawn = {row["piece"] for row in work.rows("sample_pieces", sample=sample)}
    other = next((row["piece"] for row in rows if row["piece"] not in drawn), None)
    if other is not None:
        raise CodingError(
            f"there is another sample of the name '{sample}': it lacks the piece '{other}'",
            where=str(path),
            remedy="import the file into a project without that sample",
        )
