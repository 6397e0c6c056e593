"""Options of commands that can't be meant."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl

from tests.unit.bad_input.edge import EXPORT, INGEST, SERVE, STATUS, Case, locked, rows, shut


def _workbook(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["title", "text"])
    book.active.append(["Vote", "Words."])
    book.save(folder / "book.xlsx")


CASES = [
    Case("ingest: nothing named", "ingest --project project", "SOURCES", 2),
    Case("ingest: no project named", "ingest rows.jsonl", "--project", 2),
    Case(
        "ingest: file not there",
        "ingest none.csv --project project",
        "none.csv: there is no such file",
    ),
    Case(
        "ingest: folder of nothing",
        "ingest empty --project project",
        "no file",
        make=lambda f: (f / "empty").mkdir(),
    ),
    Case("ingest: map without a sign", f"{INGEST} --map outlet", "not FIELD=COLUMN", 2),
    Case("ingest: map to nothing", f"{INGEST} --map =source", "not FIELD=COLUMN", 2),
    Case("ingest: map of an unknown field", f"{INGEST} --map colour=title", "colour", 2),
    Case("ingest: map to no column", f"{INGEST} --map outlet=paper", "paper"),
    Case("ingest: order of dates", f"{INGEST} --date-order ymd", "'ymd'", 2),
    Case("ingest: unknown option", f"{INGEST} --colour red", "--colour", 2),
    Case("command: unknown", "paint --project project", "paint", 2),
    Case("serve: port 0", "serve --project project --port 0", "0", 2),
    Case("serve: port of letters", "serve --project project --port http", "http", 2),
    Case(
        "serve: address of nobody",
        "serve --project project --address no.such.host.invalid",
        "address",
        2,
    ),
    Case("export: of nothing known", "export moods --project project --out o.csv", "moods", 2),
    Case("export: to no kind known", "export shares --project project --out o.docx", "o.docx", 2),
    Case("export: folder not there", "export shares --project project --out no/o.csv", "no", 2),
    Case(
        "export: into a folder",
        "export shares --project project --out dir.csv",
        "dir.csv",
        make=lambda f: (f / "dir.csv").mkdir(),
    ),
    Case("export: by the hour", "export trend --project project --out o.csv --by hour", "hour", 2),
    Case("ingest: a name of nothing", "ingest '' --project project", "path is empty", 2),
    Case("ingest: an address", "ingest https://a.example/b.csv --project project", "no such file"),
    Case("ingest: a name too long", f"ingest {'x' * 300}.csv --project project", "name too long"),
    Case(
        "ingest: a link to nothing",
        "ingest link.csv --project project",
        "link.csv: there is no such file",
        make=lambda f: (f / "link.csv").symlink_to("nowhere"),
    ),
    Case(
        "ingest: a link to itself",
        "ingest link.csv --project project",
        "link.csv: there is no such file",
        make=lambda f: (f / "link.csv").symlink_to("link.csv"),
    ),
    Case("ingest: a device", "ingest /dev/null --project project", "/dev/null: the file is empty"),
    Case(
        "ingest: a pipe",
        "ingest pipe.csv --project project",
        "pipe.csv: the file is empty",
        make=lambda f: os.mkfifo(f / "pipe.csv"),
    ),
    Case("ingest: the corpus", "ingest project/corpus.duckdb --project project", "neither text"),
    Case(
        "ingest: a folder of pictures",
        "ingest pictures --project project",
        "pictures: the folder holds no file",
        make=lambda f: ((f / "pictures").mkdir(), (f / "pictures" / "a.png").touch()),
    ),
    Case(
        "ingest: a name like markup",
        "ingest '[red]:bomb:.csv' --project project",
        "[red]:bomb:.csv: no column",
        make=rows("x\n", "[red]:bomb:.csv"),
    ),
    Case(
        "ingest: a name that steers the terminal",
        "ingest 'a\x1b[2J.csv' --project project",
        "a�[2J.csv: no column",
        make=rows("x\n", "a\x1b[2J.csv"),
    ),
    Case(
        "ingest: a name that is not Unicode",
        "ingest 'caf\udce9.csv' --project project",
        "caf�.csv: there is no such file",
    ),
    Case(
        "ingest: a file without rights",
        "ingest rows.jsonl --project project",
        "rows.jsonl: the file can't be read",
        make=shut("rows.jsonl"),
        user=True,
    ),
    Case(
        "ingest: a folder without rights",
        "ingest shut --project project",
        "denied",
        make=lambda f: (f / "shut").mkdir(mode=0),
        user=True,
        where="shut",
    ),
    Case(
        "ingest: map of a field twice", f"{INGEST} --map title=title --map title=text", "twice", 2
    ),
    Case("ingest: map of all to none", f"{INGEST} --map title= --map text=", "no column holds"),
    Case("ingest: map to half a character", f"{INGEST} --map 'title=\udcff'", "no column '�'"),
    Case("ingest: order of dates of nothing", f"{INGEST} --date-order ''", "--date-order", 2),
    Case("ingest: order of dates in capitals", f"{INGEST} --date-order MDY", "--date-order", 2),
    Case(
        "ingest: a sheet that is not there",
        "ingest book.xlsx --sheet May --project project",
        "no sheet 'May'",
        make=_workbook,
        where="book.xlsx",
    ),
    Case(
        "ingest: a sheet of number 9",
        "ingest book.xlsx --sheet 9 --project project",
        "no sheet '9'",
        make=_workbook,
        where="book.xlsx",
    ),
    Case("serve: port below zero", f"{SERVE} --port -1", "--port", 2),
    Case("serve: port too high", f"{SERVE} --port 65536", "65536", 2),
    Case("serve: port of a fraction", f"{SERVE} --port 80.5", "80.5", 2),
    Case("serve: port of nothing", f"{SERVE} --port ''", "--port", 2),
    Case("serve: address of nothing", f"{SERVE} --address ''", "not an address of this", 2),
    Case("serve: address of another", f"{SERVE} --address 192.0.2.1", "'192.0.2.1' is not an", 2),
    Case("serve: address too high", f"{SERVE} --address 300.1.1.1", "'300.1.1.1' is not an", 2),
    Case("serve: address of a page", f"{SERVE} --address http://127.0.0.1", "is not an address", 2),
    Case("serve: address of letters", f"{SERVE} --address {'é' * 70}", "is not an address", 2),
    Case("serve: a project not there", "serve --project none", "none: this is not a Framescope"),
    Case("export: to no ending", f"{EXPORT} o", "'o' is neither", 2),
    Case("export: to an ending only", f"{EXPORT} .csv", "'.csv' is neither", 2),
    Case("export: to nothing", f"{EXPORT} ''", "path is empty", 2),
    Case("export: below a file", f"{EXPORT} rows.jsonl/o.csv", "rows.jsonl: the folder is not", 2),
    Case("export: a name too long", f"{EXPORT} {'x' * 300}.csv", "name too long"),
    Case("export: no result named", "export shares --project project", "--out", 2),
    Case(
        "export: a project not there",
        "export shares --project none --out o.csv",
        "none: this is not",
    ),
    Case(
        "export: full disk",
        f"{EXPORT} o.csv",
        "o.csv: the file can't be written",
        make=rows("what was there", "o.csv"),
        space=50,
    ),
    Case(
        "export: parquet on a full disk",
        f"{EXPORT} o.parquet",
        "o.parquet: the file can't be written",
        make=rows("what was there", "o.parquet"),
        space=50,
    ),
    Case(
        "export: into a folder without rights",
        f"{EXPORT} shut/o.csv",
        "shut/o.csv: the file can't be written",
        make=locked,
        user=True,
    ),
    Case("status: unknown option", f"{STATUS} --verbose", "--verbose", 2),
    Case("status: two projects", f"{STATUS} more", "more", 2),
    Case("build: no project named", "build", "--project", 2),
    Case("init: two folders", "init a b", "b", 2),
]
