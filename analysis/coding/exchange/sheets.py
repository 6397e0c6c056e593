"""A blank sheet to code in a spreadsheet, and that sheet back.

Columns: piece, title, text, one for each frame (1 present, 0 absent, ? can't decide), note, and
`definitions`, which says under which codebook it was coded. A row without any code is one that has
not been coded yet.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from analysis.coding.exchange.files import Table
from analysis.coding.exchange.intake import Incoming
from analysis.coding.ledger import Ledger
from analysis.coding.marks import Frame, Marks, definitions
from analysis.coding.sessions import BlindPiece
from analysis.errors import CodingError

CODES: dict[str, bool | None] = {"1": True, "0": False, "?": None}
FIXED = ("piece", "title", "text", "note", "coder", "definitions", "record")


# What the reader of files calls a column whose name is taken.
_AGAIN = re.compile(r"(.*) \(\d+\)")


def frame_column(frame: str) -> str:
    """The column of a frame; one that is called like another column gets a longer name."""
    return f"frame.{frame}" if frame in FIXED else frame


def open_pieces(ledger: Ledger, sample: str, coder: str, now: dt.datetime) -> list[str]:
    """Pieces that a coder has still to code, in the order of coding."""
    at = now.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    rows = ledger.rows("open_pieces", sample=sample, coder=coder, now=at, most=-1)
    return [row["piece"] for row in rows]


def blank_sheet(
    ids: Sequence[str], pieces: Mapping[str, BlindPiece], frames: Sequence[Frame]
) -> pl.DataFrame:
    """The sheet of some pieces, in this order. Raises CodingError for one that the build lacks."""
    missing = [one for one in ids if one not in pieces]
    if missing:
        raise CodingError(
            f"{len(missing):,} pieces of the sample are not in the current build, "
            f"the first is '{missing[0]}'",
            remedy="ingest the sources that the sample was drawn from, and build",
        )
    meant = " ".join(f"{frame}={text}" for frame, text in definitions(frames).items())
    columns = {
        "piece": list(ids),
        "title": [pieces[one].title for one in ids],
        "text": [pieces[one].text for one in ids],
        **{frame_column(frame["id"]): [""] * len(ids) for frame in frames},
        "note": [""] * len(ids),
        "definitions": [meant] * len(ids),
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def read_sheet(
    table: Table, coder: str | None, frames: Sequence[Frame], path: Path
) -> tuple[list[Incoming], list[str], int]:
    """Codings of a sheet, faults by row, and how many rows are blank.

    `coder`: whose codes they are; None where a column `coder` tells. Raises CodingError when a
    column is missing or is that of an unknown frame.
    """
    columns = _columns(table, frames, path)
    if coder is None and "coder" not in table.columns:
        raise CodingError(
            "the sheet does not say who coded", where=str(path), remedy="add --coder NAME"
        )
    faults = list(table.faults)
    found: list[Incoming] = []
    blank = 0
    for place, cells in table.rows:
        given = {frame: cells[column].strip() for frame, column in columns.items()}
        if not any(given.values()):
            blank += 1
            continue
        said = _row_faults(given, cells, coder)
        if said:
            faults += [f"{place}: {one}" for one in said]
            continue
        try:
            marks = Marks(
                {frame: CODES[value] for frame, value in given.items()}, {}, cells.get("note", "")
            )
        except CodingError as error:
            faults.append(f"{place}: {error.what}")
            continue
        found.append(
            Incoming(
                place,
                cells["piece"],
                coder or cells["coder"],
                marks,
                definitions=_meant(cells.get("definitions", ""), given),
            )
        )
    return found, faults, blank


def _columns(table: Table, frames: Sequence[Frame], path: Path) -> dict[str, str]:
    """Column by frame."""
    ids = [frame["id"] for frame in frames]
    if "piece" not in table.columns:
        raise CodingError(
            "there is no column 'piece'",
            where=str(path),
            remedy="import a sheet that 'framescope codes export' wrote, a backup, "
            "a Label Studio or a doccano export",
        )
    columns = {frame: frame_column(frame) for frame in ids}
    twice = [
        c for c in table.columns if (found := _AGAIN.fullmatch(c)) and found[1] in table.columns
    ]
    if twice:
        name = twice[0].rpartition(" ")[0]
        raise CodingError(
            f"there are two columns '{name}'", where=str(path), remedy="take one of them out"
        )
    unknown = [c for c in table.columns if c not in (*FIXED, *columns.values())]
    if unknown:
        raise CodingError(
            f"the codebook has no frame '{unknown[0]}'",
            where=f"{path}, column {unknown[0]}",
            remedy=f"name the columns after its frames ({', '.join(ids)}), or take this one out",
        )
    missing = [frame for frame, column in columns.items() if column not in table.columns]
    if missing:
        raise CodingError(
            f"there is no column for the frame '{missing[0]}'",
            where=str(path),
            remedy=f"add the column '{columns[missing[0]]}'",
        )
    return columns


def _row_faults(given: Mapping[str, str], cells: Mapping[str, str], coder: str | None) -> list[str]:
    faults = [
        f"'{value[:40]}' in column {frame} is none of 1, 0 and ?"
        for frame, value in given.items()
        if value and value not in CODES
    ]
    if any("=" not in one for one in cells.get("definitions", "").split()):
        faults.append("the column definitions is not as it was written")
    missing = [frame for frame, value in given.items() if not value]
    if missing:
        faults.append(f"no code for: {', '.join(missing)}")
    named = cells.get("coder", "").strip()
    if coder is None and not named:
        faults.append("the coder is not named")
    if coder is not None and named and named.casefold() != coder.casefold():
        faults.append(f"the coder is '{named[:60]}', not '{coder}'")
    return faults


def _meant(cell: str, frames: Mapping[str, str]) -> dict[str, str] | None:
    pairs = [one.partition("=") for one in cell.split()]
    return {frame: text for frame, _, text in pairs if text and frame in frames} or None


def hold(ledger: Ledger, sample: str, coder: str, ids: Sequence[str], until: dt.datetime) -> None:
    """Keeps pieces for a coder, as if they were on their screen."""
    at = until.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    with ledger.transaction() as work:
        for piece in ids:
            work.run("claim_piece", sample=sample, piece=piece, coder=coder, until=at)
