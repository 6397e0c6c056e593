"""A file of codings, whatever wrote it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from analysis.coding.exchange import backup, doccano, label_studio
from analysis.coding.exchange.files import is_json, read_json, read_table
from analysis.coding.exchange.intake import Incoming, Taken, take_in
from analysis.coding.exchange.sheets import read_sheet
from analysis.coding.ledger import Ledger
from analysis.coding.sessions import blind_pieces, check_sample
from analysis.errors import CodingError
from analysis.reads import Build


def import_file(
    ledger: Ledger,
    build: Build,
    path: Path,
    sample: str,
    *,
    coder: str | None,
    now: dt.datetime,
    replace: bool = False,
) -> Taken:
    """Takes in a sheet, a backup, a Label Studio or a doccano export; all of it, or nothing.

    Which it is, the content tells. `coder`: whose codes they are; None where the file tells. Raises
    CodingError or SourceError with everything that is wrong.
    """
    table = None if is_json(path) else read_table(path)
    if table is not None and "record" in table.columns:
        return backup.restore(
            ledger, sample, table, build.frames, path, coder=coder, now=now, replace=replace
        )
    check_sample(ledger, sample)
    blank, notices = 0, list[str]()
    if table is not None:
        codings, faults, blank = read_sheet(table, coder, build.frames, path)
    else:
        codings, faults, notices = _annotations(build, path, coder)
    taken = take_in(
        ledger,
        sample,
        codings,
        build.frames,
        where=str(path),
        source="" if table is None else "sheet",
        now=now,
        replace=replace,
        faults=faults,
    )
    taken.blank = blank
    taken.notices = [*notices, *taken.notices]
    return taken


def _annotations(
    build: Build, path: Path, coder: str | None
) -> tuple[list[Incoming], list[str], list[str]]:
    """Codings, faults and notices of a Label Studio or a doccano export."""
    value, by_line = read_json(path)
    if not by_line and label_studio.is_export(value):
        pieces = blind_pieces(build, label_studio.piece_ids(value))
        return label_studio.read_export(value, build.frames, pieces, coder)
    records = value if by_line else list(enumerate(value, 1)) if isinstance(value, list) else []
    if not doccano.is_export(records):
        raise CodingError(
            "the file is neither a Label Studio nor a doccano export",
            where=str(path),
            remedy="export JSON from Label Studio (not JSON_MIN), or JSONL from doccano",
        )
    pieces = blind_pieces(build, doccano.piece_ids(records))
    return doccano.read_export(records, build.frames, pieces, coder)
