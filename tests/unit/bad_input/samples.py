"""Samples that can't be drawn, and ledgers of codings in a bad state, at the command line.

`here` has a sample s1 of the one piece of the project; its stored frame is not there.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from analysis.coding.ledger import open_ledger
from tests.support.codings import add_sample
from tests.unit.bad_input.edge import Case, Make, locked, write

SAMPLE = "sample --project project"
DRAW = f"{SAMPLE} --budget 4"
LOG = f"{SAMPLE} --log"
CODE = "code --project project --sample s1 --coder Ann"
OUT = "codes export --project project --sample s1 --done --out"
TAKE = "codes import sheet.csv --project project --sample s1 --coder Ann"
HEAD = b"piece,safety,civil_rights,profiling,trust\n"


def ledger(folder: Path) -> Path:
    return folder / "project" / "codings.sqlite"


def coded(folder: Path) -> None:
    """A sound ledger with a sample, and a sheet of its piece."""
    ledger(folder).unlink()
    add_sample(open_ledger(folder / "project"), pieces=["a"])
    write(folder / "sheet.csv", HEAD + b"a,1,0,0,0\n")


def and_then(*steps: Make) -> Make:
    """A sound ledger, and then this is done to it."""

    def make(folder: Path) -> None:
        coded(folder)
        for step in steps:
            step(folder)

    return make


def sql(*statements: str) -> Make:
    def make(folder: Path) -> None:
        with closing(sqlite3.connect(ledger(folder), isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

    return make


def no_ledger(folder: Path) -> None:
    ledger(folder).unlink()


def other_program(folder: Path) -> None:
    no_ledger(folder)
    sql("pragma journal_mode = wal", "create table piece (colour text)")(folder)


def hole(folder: Path) -> None:
    """Zeros where the tables were, as a failing disk leaves them."""
    content = ledger(folder).read_bytes()
    write(ledger(folder), content[:4096] + bytes(len(content) - 4096))


def frame_file(content: bytes | None) -> Make:
    """The stored frame of the sample is this; None: a folder."""

    def make(folder: Path) -> None:
        (folder / "project" / "samples").mkdir()
        path = folder / "project" / "samples" / "s1-1.parquet"
        if content is None:
            path.mkdir()
        else:
            write(path, content)

    return make


TOP_UP = f"{DRAW} --top-up s1"

CASES = [
    Case(f"sample: {name}", f"{SAMPLE} {words}", says, code, make=no_ledger)
    for name, words, says, code in [
        ("no budget", "", "how many pieces?", 2),
        ("a budget of nothing", "--budget 0", "a budget of 0 is too small", 2),
        ("a budget below zero", "--budget -5", "a budget of -5 is too small", 2),
        ("one piece", "--budget 1", "draw at least 2", 2),
        ("half a piece", "--budget 2.5", "'2.5' is not a valid integer", 2),
        ("a budget of letters", "--budget many", "'many' is not a valid integer", 2),
        ("more than people code", "--budget 1000001", "more than people code", 2),
        ("a number without end", f"--budget {'9' * 30}", "more than people code", 2),
        ("an unknown design", "--budget 4 --design fancy", "'fancy' is not one of", 2),
        ("neyman without a contrast", "--budget 4 --design neyman", "go together", 2),
        ("a contrast of one", "--budget 4 --contrast X", "does not name two sides", 2),
        ("a contrast of nothing", "--budget 4 --contrast ''", "--contrast names nothing", 2),
        ("a contrast of signs", "--budget 4 --contrast ' vs '", "does not name two sides", 2),
        ("a contrast with nobody", "--budget 4 --contrast 'X vs Y'", "there is no outlet 'X'", 2),
        ("an unknown frame", "--budget 4 --frame mood", "there is no frame 'mood'", 2),
        ("a frame of nothing", "--budget 4 --frame ''", "there is no frame ''", 2),
        ("an unknown outlet", "--budget 4 --outlet Q", "there is no outlet 'Q'", 2),
        ("an unknown topic", "--budget 4 --topic t99", "did you mean: unassigned?", 2),
        ("days to come", "--budget 4 --from 2090-01-01", "no piece is in scope", 1),
        ("to the end of time", "--budget 4 --to 9999-12-31", "no piece is in scope", 1),
        ("from the beginning", "--budget 4 --from 0001-01-01", "no piece is in scope", 1),
        ("30 February", "--budget 4 --from 2025-02-30", "'2025-02-30' does not match", 2),
        ("days in reverse", "--budget 4 --from 2025-02-02 --to 2025-01-01", "swap the two", 2),
        ("a seed below zero", "--budget 4 --seed -1", "the seed is -1", 2),
        ("a seed too large", f"--budget 4 --seed {2**31}", "the seed is 2147483648", 2),
        ("an overlap of 2", "--budget 4 --overlap 2", "the overlap is 2", 2),
        ("an overlap of nan", "--budget 4 --overlap nan", "the overlap is nan", 2),
        ("a name like a path", "--budget 4 --name ../x", "'../x' can't name a sample", 2),
        ("a name like markup", "--budget 4 --name '[red]x'", "can't name a sample", 2),
        ("a name too long", f"--budget 4 --name {'x' * 41}", "can't name a sample", 2),
        ("a top-up of nothing drawn", "--budget 4 --top-up s9", "no sample has been drawn", 1),
        ("a top-up of an empty name", "--budget 4 --top-up ''", "--top-up names nothing", 2),
        ("a top-up with a name", "--budget 4 --top-up s1 --name b", "keeps the name", 2),
        ("a log of nothing", "--log", "no sample has been drawn", 1),
        ("a log and a draw", "--log --budget 4", "--log looks back", 2),
        ("pieces to no folder", "--budget 4 --out none/o.csv", "the folder is not there", 2),
        ("pieces to no kind known", "--budget 4 --out o.docx", "does not end in .csv", 2),
        ("counts of nothing known", "--budget 4 --count both", "'both' is not one of", 2),
    ]
]
CASES += [
    Case("sample: a name taken", f"{DRAW} --name S1", "there is a sample 'S1' already", make=coded),
    Case("sample: unknown, topped up", f"{DRAW} --top-up s9", "there are: s1", make=coded),
    Case("sample: unknown, of the log", f"{LOG} --name s9", "there is no sample 's9'", make=coded),
    Case("sample: the log to a file of all", f"{LOG} --out o.csv", "of which sample?", 2, coded),
    Case(
        "sample: the stored frame is gone",
        TOP_UP,
        "the stored frame of the sample can't be read",
        make=coded,
        where="s1-1.parquet",
    ),
    Case(
        "sample: the stored frame was altered",
        TOP_UP,
        "its SHA-256 differs",
        make=and_then(frame_file(b"x")),
        where="s1-1.parquet",
    ),
    Case(
        "sample: the stored frame is a folder",
        TOP_UP,
        "the stored frame of the sample can't be read",
        make=and_then(frame_file(None)),
        where="s1-1.parquet",
    ),
    Case(
        "sample: the log is damaged",
        TOP_UP,
        "the log of the sample 's1' is damaged",
        make=and_then(sql("update draw set scope = '{'")),
        where="codings.sqlite",
    ),
    Case(
        "sample: a file where frames are stored",
        f"{DRAW} --name new",
        "the frame of the sample can't be written",
        make=and_then(lambda f: write(f / "project" / "samples", b"")),
        where="new-1.parquet",
    ),
    Case(
        "sample: a full disk",
        f"{DRAW} --name new",
        "What to do: check that the disk has room",
        make=coded,
        space=500,
    ),
    Case(
        "sample: a read-only folder",
        f"{DRAW} --name new",
        "can't be",
        make=and_then(lambda f: (f / "project").chmod(0o500)),
        user=True,
        where="project",
    ),
    Case(
        "codings: a text file",
        LOG,
        "file is not a database",
        make=lambda f: write(ledger(f), b"what people coded"),
        where="codings.sqlite",
    ),
    Case("codings: zeros", CODE, "not a database", make=lambda f: write(ledger(f), bytes(9000))),
    Case(
        "codings: cut off",
        CODE,
        "malformed",
        make=and_then(lambda f: os.truncate(ledger(f), 9000)),
        where="codings.sqlite",
    ),
    Case("codings: a hole", LOG, "malformed", make=and_then(hole), where="codings.sqlite"),
    Case(
        "codings: a folder",
        CODE,
        "unable to open",
        make=lambda f: (no_ledger(f), ledger(f).mkdir())[0],
        where="codings.sqlite",
    ),
    Case(
        "codings: a DuckDB database",
        LOG,
        "file is not a database",
        make=lambda f: shutil.copyfile(f / "project" / "corpus.duckdb", ledger(f)),
        where="codings.sqlite",
    ),
    Case("codings: of another program", DRAW, "not one that Framescope wrote", make=other_program),
    Case(
        "codings: of another program, versioned",
        LOG,
        "no such table",
        make=lambda f: (other_program(f), sql("pragma user_version = 1")(f))[0],
    ),
    Case(
        "codings: of a newer Framescope",
        CODE,
        "written by a newer Framescope",
        make=and_then(sql("pragma user_version = 99")),
        where="codings.sqlite",
    ),
    Case(
        "codings: of no version",
        CODE,
        "not one that Framescope wrote",
        make=and_then(sql("pragma user_version = -1")),
        where="codings.sqlite",
    ),
    Case(
        "codings: without rights",
        CODE,
        "unable to open database file",
        make=and_then(lambda f: ledger(f).chmod(0)),
        user=True,
    ),
    Case(
        "codings: read-only",
        TAKE,
        "readonly database",
        make=and_then(lambda f: ledger(f).chmod(0o400)),
        user=True,
        where="codings.sqlite",
    ),
    Case("codings: full disk", TAKE, "check that the disk has room", make=coded, space=1000),
    Case("code: a sample of nobody", CODE.replace("s1", "s9"), "no sample 's9'", make=coded),
    Case("code: nobody", CODE.replace("Ann", "''"), "the coder's name is empty", make=coded),
    Case("code: blanks", CODE.replace("Ann", "'\u00a0 '"), "name is empty", make=coded),
    Case("code: a long name", CODE.replace("Ann", "x" * 1000), "has 1000 characters", make=coded),
    Case(
        "code: a name that steers the terminal",
        CODE.replace("Ann", "'A\x1b[2Jnn'"),
        "'A\ufffd[2Jnn' has control characters",
        make=coded,
    ),
    Case(
        "code: a name from right to left",
        CODE.replace("Ann", "'\u202eAnn'"),
        "has control characters",
        make=coded,
    ),
    Case(
        "codes: over a folder",
        f"{OUT} d.csv",
        "d.csv",
        make=and_then(lambda f: (f / "d.csv").mkdir()),
    ),
    Case(
        "codes: into a shut folder",
        f"{OUT} shut/o.csv",
        "the file can't be written",
        make=and_then(locked),
        user=True,
        where="shut/o.csv",
    ),
    Case("codes: full disk", f"{OUT} o.csv", "check that the disk has room", make=coded, space=100),
    Case(
        "codes: a file of 200 MB",
        TAKE,
        "the file has 200 MB, too much for codings",
        make=and_then(lambda f: os.truncate(f / "sheet.csv", 200_000_000)),
        where="sheet.csv",
    ),
    Case(
        "codes: half a character in a piece",
        "codes import in.json --project project --sample s1 --coder Ann",
        "'?' is not in the sample 's1'",
        make=and_then(
            lambda f: write(
                f / "in.json", b'[{"data":{"piece":"\\ud800"},"annotations":[{"result":[]}]}]'
            )
        ),
    ),
]
