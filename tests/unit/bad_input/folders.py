"""Projects, their databases, builds and pointers in a bad state."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import duckdb

from analysis.store import open_corpus
from tests.unit.bad_input.edge import (
    BUILD,
    EXPORT,
    INGEST,
    SERVE,
    STATUS,
    Case,
    build_file,
    deleted,
    locked,
    pointer,
    replaced_by_folder,
    settings,
    shut,
    write,
)

MANY = 3000


def _corpus(folder: Path) -> Path:
    return folder / "project" / "corpus.duckdb"


def _of_another_program(folder: Path) -> None:
    _corpus(folder).unlink()
    with duckdb.connect(str(_corpus(folder))) as connection:
        connection.execute("create table piece (colour text)")


def _sqlite(folder: Path) -> None:
    _corpus(folder).unlink()
    connection = sqlite3.connect(_corpus(folder))
    connection.execute("create table piece (title text)")
    connection.commit()
    connection.close()


def _newer(folder: Path) -> None:
    with open_corpus(_corpus(folder)) as corpus, corpus.transaction() as work:
        work.run("record_migration", number=999, name="of tomorrow")


def _corpus_as_build(folder: Path) -> None:
    shutil.copyfile(_corpus(folder), build_file(folder))


def _hole(folder: Path) -> None:
    """Zeros in the middle of the build, as a failing disk leaves them."""
    content = bytearray(build_file(folder).read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = bytes(third)
    write(build_file(folder), bytes(content))


def _builds_as_file(folder: Path) -> None:
    shutil.rmtree(folder / "project" / "builds")
    write(folder / "project" / "builds", b"x")


def _many(folder: Path) -> None:
    row = '{"id": "%d", "title": "Title %d", "text": "%s"}\n'
    text = "".join(row % (n, n, f"Words of piece {n}. " * 20) for n in range(MANY))
    write(folder / "many.jsonl", text.encode())


def _shut_builds(folder: Path) -> None:
    settings('name = "other"')(folder)
    (folder / "project" / "builds").chmod(0o500)


CASES = [
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
    Case("project: in a shut folder", "init shut/new", "can't be written", make=locked, user=True),
    Case(
        "corpus: a text file",
        STATUS,
        "not a readable DuckDB database",
        make=lambda folder: write(folder / "project" / "corpus.duckdb", b"no database " * 400),
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
    Case("pointer: no JSON", BUILD, "pointer to the current build is damaged", make=pointer("x")),
    Case("pointer: a list", BUILD, "pointer to the current build is damaged", make=pointer("[]")),
    Case(
        "pointer: to no build",
        "serve --project project",
        "is gone",
        make=pointer('{"id": "20250101-000000-abc", "fingerprint": "x"}'),
    ),
    Case(
        "pointer: out of the folder",
        "serve --project project",
        "pointer to the current build is damaged",
        make=pointer('{"id": "../corpus", "fingerprint": "x"}'),
    ),
    Case(
        "build: damaged",
        "export shares --project project --out out.csv",
        "not a readable DuckDB database",
        make=lambda folder: write(build_file(folder), b"damaged " * 500),
    ),
    Case(
        "build: none yet",
        "serve --project project",
        "nothing has been built yet",
        make=lambda folder: shutil.rmtree(folder / "project" / "builds"),
    ),
    Case(
        "project: its settings file", "status --project project/framescope.toml", "not a Framescope"
    ),
    Case("project: nothing", "status --project ''", "path is empty", 2),
    Case("project: a name too long", f"status --project {'x' * 300}", "File name too long"),
    Case("project: a new name too long", f"init {'x' * 300}", "File name too long"),
    Case("project: a new name of nothing", "init ''", "path is empty", 2),
    Case("project: below a device", "init /dev/null/new", "can't be written"),
    Case("project: demo over one's own", "demo --no-serve --project project", "of your own", 2),
    Case("project: demo over a file", "demo --no-serve --project rows.jsonl", "this is a file"),
    Case(
        "project: without rights",
        STATUS,
        "denied",
        make=shut("project"),
        user=True,
        where="project",
    ),
    Case("project: full disk", "init new", "new: the folder can't be written", space=50),
    Case("corpus: emptied", STATUS, "not a readable", make=lambda f: write(_corpus(f), b"")),
    Case("corpus: deleted", BUILD, "the corpus is empty", make=deleted("corpus.duckdb")),
    Case("corpus: of another program", STATUS, "not one that Framescope", make=_of_another_program),
    Case("corpus: of SQLite", STATUS, "corpus.duckdb: the file is not a readable", make=_sqlite),
    Case("corpus: of a newer Framescope", STATUS, "has schema 999", make=_newer),
    Case("corpus: zeros", BUILD, "not a readable", make=lambda f: write(_corpus(f), bytes(50_000))),
    Case(
        "corpus: without rights",
        STATUS,
        "corpus.duckdb: the file can't be opened",
        make=shut("project/corpus.duckdb"),
        user=True,
    ),
    Case(
        "corpus: read-only",
        INGEST,
        "corpus.duckdb: the file can't be opened",
        make=shut("project/corpus.duckdb", 0o400),
        user=True,
    ),
    Case(
        "corpus: in a read-only folder",
        "ingest many.jsonl --project project",
        "the file can't be opened",
        make=lambda f: (_many(f), (f / "project").chmod(0o500)),
        user=True,
    ),
    Case(
        "corpus: full disk",
        "ingest many.jsonl --project project",
        "corpus.duckdb: the database can't be written",
        make=_many,
        space=300_000,
    ),
    Case(
        "corpus: memory of nonsense",
        STATUS,
        "FRAMESCOPE_MEMORY is 'lots'",
        environment={"FRAMESCOPE_MEMORY": "lots"},
    ),
    Case(
        "corpus: hardly any memory",
        STATUS,
        "not enough memory",
        environment={"FRAMESCOPE_MEMORY": "1KB"},
    ),
    Case("builds: a file", BUILD, "a file where the folder of builds", make=_builds_as_file),
    Case("builds: read-only", BUILD, "builds", make=_shut_builds, user=True),
    Case(
        "builds: full disk",
        BUILD,
        "can't be written",
        make=settings('name = "other"'),
        space=900_000,
    ),
    Case("pointer: a folder", BUILD, "is damaged", make=replaced_by_folder("builds/current.json")),
    Case("pointer: emptied", BUILD, "current.json: the pointer", make=pointer("")),
    Case(
        "pointer: of a number", STATUS, "is damaged", make=pointer('{"id": 5, "fingerprint": "x"}')
    ),
    Case("pointer: without a build", STATUS, "is damaged", make=pointer('{"fingerprint": "x"}')),
    Case("pointer: without a fingerprint", STATUS, "is damaged", make=pointer('{"id": "a"}')),
    Case("pointer: nested without end", BUILD, "is damaged", make=pointer("[" * 100_000)),
    Case("pointer: cut off", SERVE, "is damaged", make=pointer('{"id": "2025')),
    Case(
        "pointer: without rights",
        BUILD,
        "denied",
        make=shut("project/builds/current.json"),
        user=True,
        where="current.json",
    ),
    Case(
        "build: emptied",
        f"{EXPORT} o.csv",
        "not a readable",
        make=lambda f: write(build_file(f), b""),
    ),
    Case(
        "build: cut off",
        f"{EXPORT} o.csv",
        "not a readable",
        make=lambda f: os.truncate(build_file(f), build_file(f).stat().st_size // 2),
    ),
    Case("build: a hole in it", f"{EXPORT} o.csv", "not a readable", make=_hole),
    Case("build: a corpus", f"{EXPORT} o.csv", "not one that Framescope", make=_corpus_as_build),
    Case("build: deleted", BUILD, "is gone", make=lambda f: build_file(f).unlink(), where="builds"),
    Case(
        "build: without rights",
        f"{EXPORT} o.csv",
        "the file can't be opened",
        make=lambda f: build_file(f).chmod(0),
        user=True,
    ),
]
