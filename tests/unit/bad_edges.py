"""Wrong settings, project folders, options and codebooks: how to make each, and what is said."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Make = Callable[[Path], None]

ROWS = '{"id": "a", "title": "Police vote", "text": "The chief said so. Nobody answered."}\n'


@dataclass(frozen=True)
class Case:
    """In a folder with project/ (built), rows.jsonl and what `make` does: `words` are run.

    `says` stands in the message; `code` is the exit code of DESIGN: 1 failed, 2 usage.
    """

    name: str
    words: str
    says: str
    code: int = 1
    make: Make | None = None


def settings(text: str | bytes) -> Make:
    """framescope.toml says this instead."""
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    return lambda folder: _write(folder / "project" / "framescope.toml", content)


def codebook(text: str) -> Make:
    return lambda folder: _write(folder / "book.toml", text.encode("utf-8"))


def rows(text: str, name: str = "other.jsonl") -> Make:
    return lambda folder: _write(folder / name, text.encode("utf-8"))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _build_file(folder: Path) -> Path:
    return next((folder / "project" / "builds").glob("*.duckdb"))


def _locked(folder: Path) -> None:
    (folder / "shut").mkdir(mode=0o500)


def _pointer(text: str) -> Make:
    return lambda folder: _write(folder / "project" / "builds" / "current.json", text.encode())


STATUS = "status --project project"
BUILD = "build --project project"
INGEST = "ingest rows.jsonl --project project"
LABEL = "label rows.jsonl --out out.csv"

SETTINGS = [
    Case(f"settings: {name}", BUILD, says, make=settings(text))
    for name, text, says in [
        ("not TOML", "name = ", "not valid TOML"),
        ("a key twice", 'name = "a"\nname = "b"', "not valid TOML"),
        ("unknown key", 'nmae = "a"', "unknown key 'nmae'"),
        ("name is a number", "name = 5", "'name' should be a"),
        ("teaching is a text", 'teaching = "yes"', "'teaching' should be a"),
        ("aliases are a list", 'aliases = ["a"]', "'aliases' should be a"),
        ("alias of a number", "[aliases]\na = 3", "'a' is not a name"),
        ("alias of nothing", '[aliases]\na = " "', "'a' is not a name"),
        ("peer is a text", '[peers]\na = "b"', "'a' is not a list of names"),
        ("peers of numbers", "[peers]\na = [1]", "'a' is not a list of names"),
        ("events is a text", 'events = "June"', "'events' should be a"),
        ("event is a number", "events = [1]", "event 1"),
        ("event without a date", '[[events]]\nlabel = "Vote"', "event 1"),
        ("event of no day", '[[events]]\ndate = "soon"\nlabel = "Vote"', "event 1"),
        ("event without a label", "[[events]]\ndate = 2025-06-17", "event 1"),
        ("event on 31 June", '[[events]]\ndate = 2025-06-31\nlabel = "V"', "not valid TOML"),
        ("cells of nothing", "min_cell = 0", "min_cell is 0"),
        ("cells of a text", 'min_cell = "ten"', "'min_cell' should be a"),
        ("cells of true", "min_cell = true", "min_cell"),
        ("topics is a number", "topics = 4", "'topics' should be a"),
        ("topics of an unknown key", "[topics]\nsamples = 500", "unknown key 'samples'"),
        ("sample too small", "[topics]\nsample = 3", "sample is 3"),
        ("seed below zero", "[topics]\nseed = -1", "seed is -1"),
        ("order of dates unknown", 'date_order = "ymd"', "date_order is 'ymd'"),
        ("codebook not there", 'codebook = "none.toml"', "'none.toml' is not there"),
        ("codebook is a folder", 'codebook = "builds"', "'builds' is not there"),
    ]
] + [
    Case("settings: not UTF-8", BUILD, "can't be read", make=settings(b'name = "caf\xe9"')),
    Case("settings: zero bytes", BUILD, "not valid TOML", make=settings(b"\0\0\0\0")),
]

FOLDERS = [
    Case("project: not there", "build --project nowhere", "not a Framescope project"),
    Case("project: a file", "status --project rows.jsonl", "not a Framescope project"),
    Case(
        "project: no settings",
        STATUS,
        "not a Framescope project",
        make=lambda folder: (folder / "project" / "framescope.toml").unlink(),
    ),
    Case(
        "project: settings are a folder",
        STATUS,
        "not a Framescope project",
        make=lambda folder: (
            (folder / "project" / "framescope.toml").unlink(),
            (folder / "project" / "framescope.toml").mkdir(),
        )[0],
    ),
    Case("project: there already", "init project", "there is a project already"),
    Case("project: where a file is", "init rows.jsonl", "this is a file"),
    Case("project: below a file", "init rows.jsonl/new", "can't be written"),
    Case("project: in a shut folder", "init shut/new", "can't be written", make=_locked),
    Case(
        "corpus: a text file",
        STATUS,
        "not a readable DuckDB database",
        make=lambda folder: _write(folder / "project" / "corpus.duckdb", b"no database " * 400),
    ),
    Case(
        "corpus: cut off",
        STATUS,
        "not a readable DuckDB database",
        make=lambda folder: os.truncate(folder / "project" / "corpus.duckdb", 9000),
    ),
    Case(
        "corpus: a folder",
        STATUS,
        "corpus.duckdb",
        make=lambda folder: (
            (folder / "project" / "corpus.duckdb").unlink(),
            (folder / "project" / "corpus.duckdb").mkdir(),
        )[0],
    ),
    Case("pointer: no JSON", BUILD, "pointer to the current build is damaged", make=_pointer("x")),
    Case("pointer: a list", BUILD, "pointer to the current build is damaged", make=_pointer("[]")),
    Case(
        "pointer: to no build",
        "serve --project project",
        "is gone",
        make=_pointer('{"id": "20250101-000000-abc", "fingerprint": "x"}'),
    ),
    Case(
        "pointer: out of the folder",
        "serve --project project",
        "pointer to the current build is damaged",
        make=_pointer('{"id": "../corpus", "fingerprint": "x"}'),
    ),
    Case(
        "build: damaged",
        "export shares --project project --out out.csv",
        "not a readable DuckDB database",
        make=lambda folder: _write(_build_file(folder), b"damaged " * 500),
    ),
    Case(
        "build: none yet",
        "serve --project project",
        "nothing has been built yet",
        make=lambda folder: shutil.rmtree(folder / "project" / "builds"),
    ),
]

OPTIONS = [
    Case("ingest: nothing named", "ingest --project project", "SOURCES", 2),
    Case("ingest: no project named", "ingest rows.jsonl", "--project", 2),
    Case("ingest: file not there", "ingest none.csv --project project", "no such file"),
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
]

LABELLING = [
    Case("label: file not there", "label none.csv --out out.csv", "No such file"),
    Case("label: no result named", "label rows.jsonl", "--out", 2),
    Case("label: result of no kind", "label rows.jsonl --out out.xyz", "'.xyz' is not known", 2),
    Case("label: result over the input", "label rows.jsonl --out rows.jsonl", "the same file", 2),
    Case("label: two results in one", f"{LABEL} --sentences out.csv", "the same file", 2),
    Case("label: folder not there", "label rows.jsonl --out no/out.csv", "the folder is not there"),
    Case(
        "label: into a folder",
        "label rows.jsonl --out d.csv",
        "this is a folder",
        make=lambda f: (f / "d.csv").mkdir(),
    ),
    Case("label: unknown field", f"{LABEL} --map outlet=title", "no field 'outlet'", 2),
    Case(
        "label: no text column",
        "label other.jsonl --out out.csv",
        "no column 'text'",
        make=rows('{"id": 1, "title": "A"}\n'),
    ),
    Case(
        "label: no id column",
        "label other.jsonl --out out.csv",
        "no column 'id'",
        make=rows('{"title": "A", "text": "B"}\n'),
    ),
    Case(
        "label: an id is empty",
        "label other.jsonl --out out.csv",
        "the id is empty",
        make=rows('{"id": "", "title": "A", "text": "B"}\n'),
    ),
    Case(
        "label: a text is a list",
        "label other.jsonl --out out.csv",
        "no text here",
        make=rows('{"id": 1, "title": "A", "text": ["B"]}\n'),
    ),
    Case(
        "label: spans beyond the text",
        "label other.jsonl --out out.csv",
        "no sentences of a text",
        make=rows('{"id": 1, "title": "A", "text": "B", "spans": [[0, 9]]}\n'),
    ),
    Case(
        "label: spans backwards",
        "label other.jsonl --out out.csv",
        "no sentences of a text",
        make=rows('{"id": 1, "title": "A", "text": "B b", "spans": [[3, 1]]}\n'),
    ),
    Case(
        "label: spans of words",
        "label other.jsonl --out out.csv",
        "no sentences of a text",
        make=rows('{"id": 1, "title": "A", "text": "B", "spans": "all"}\n'),
    ),
    Case(
        "label: no rows",
        "label other.csv --out out.csv",
        "no rows",
        make=rows("id,title,text\n", "other.csv"),
    ),
    Case("label: empty file", "label other.csv --out out.csv", "empty", make=rows("", "other.csv")),
    Case("label: codebook not there", f"{LABEL} --codebook none.toml", "no such file"),
    Case(
        "label: codebook without a model",
        f"{LABEL} --codebook book.toml",
        "train",
        make=codebook('id = "own"\n[[frame]]\nid = "cost"\ndefinition = "Money."\n'),
    ),
    Case(
        "label: frame called like a column",
        f"{LABEL} --codebook book.toml",
        "dominant",
        1,
        make=codebook('id = "own"\n[[frame]]\nid = "dominant"\ndefinition = "Money."\n'),
    ),
]

BOOKS = [
    Case(f"codebook: {name}", f"{LABEL} --codebook book.toml", says, make=codebook(text))
    for name, text, says in [
        ("not TOML", "[[", "not valid TOML"),
        ("no frames", 'id = "own"', "there are no frames"),
        ("frames are a text", 'id = "own"\nframe = "a"', "there are no frames"),
        ("no id", '[[frame]]\nid = "a"\ndefinition = "x"', "id is missing"),
        ("a frame without an id", 'id = "own"\n[[frame]]\ndefinition = "x"', "id is missing"),
        (
            "a frame without a definition",
            'id = "own"\n[[frame]]\nid = "a"',
            "definition is missing",
        ),
        (
            "an id with a blank",
            'id = "own"\n[[frame]]\nid = "a b"\ndefinition = "x"',
            "id is 'a b'",
        ),
        (
            "an id twice",
            'id = "own"\n' + '[[frame]]\nid = "a"\ndefinition = "x"\n' * 2,
            "used twice",
        ),
        ("unknown key", 'id = "own"\ncolor = 1\n[[frame]]\nid = "a"\ndefinition = "x"', "'color'"),
        (
            "no colour",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\ncolour = "red"',
            "colour is 'red'",
        ),
        (
            "include is a text",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\ninclude = "y"',
            "include is not",
        ),
        (
            "example without a text",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\nexamples = [{why = "y"}]',
            "example 1",
        ),
    ]
]

CASES = [*SETTINGS, *FOLDERS, *OPTIONS, *LABELLING, *BOOKS]
