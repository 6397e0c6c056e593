"""The teaching corpus as a built project, and what was planted in it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from click.testing import CliRunner

from analysis.cli import main
from analysis.project import DATA

PIECES = DATA / "demo" / "pieces.jsonl"


def framescope(*words: str | Path) -> str:
    """Runs a command in this process and returns what it wrote to stdout; fails with its messages."""
    done = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, f"framescope {words}\n{done.output}"
    return done.stdout


def make_demo(root: Path) -> Path:
    """The built teaching corpus, or the folder that FRAMESCOPE_DEMO_PROJECT names."""
    named = os.environ.get("FRAMESCOPE_DEMO_PROJECT")
    if named:
        return Path(named)
    framescope("demo", "--no-serve", "--project", root)
    return root


def make_ingested(root: Path, rows: int) -> Path:
    """A project into which the first rows of the teaching corpus were read, and nothing else.

    Of its some.jsonl the fourth row repeats the first one, and the fifth is empty.
    """
    make_project(root)
    lines = piece_lines()[:rows]
    lines[3:3] = [lines[0], "{}\n"]
    ingest_lines(root, "some", lines)
    return root


def make_project(root: Path) -> Path:
    """A project with the settings of the teaching corpus and no piece."""
    framescope("init", root)
    shutil.copyfile(DATA / "demo" / "framescope.toml", root / "framescope.toml")
    return root


def piece_lines() -> list[str]:
    return PIECES.read_text(encoding="utf-8").splitlines(keepends=True)


def ingest_lines(project: Path, name: str, lines: Iterable[str]) -> None:
    """Reads lines into a project, as a file that stays in its folder."""
    file = project / f"{name}.jsonl"
    file.write_text("".join(lines), encoding="utf-8")
    framescope("ingest", file, "--project", project)


@contextmanager
def tables(path: Path) -> Iterator[dict[str, pl.DataFrame]]:
    """All tables of a database file by name, read from a copy: a file is opened in one way only."""
    copy = path.with_suffix(".copy")
    shutil.copyfile(path, copy)
    log, copied_log = path.with_name(f"{path.name}.wal"), copy.with_name(f"{copy.name}.wal")
    if log.exists():  # of a process that was killed
        shutil.copyfile(log, copied_log)
    try:
        with duckdb.connect(str(copy)) as connection:
            names = connection.table_function("duckdb_tables").pl()["table_name"]
            yield {name: connection.table(name).pl() for name in names.sort()}
    finally:
        copy.unlink()
        copied_log.unlink(missing_ok=True)


def planted() -> dict[str, Any]:
    """What data/demo/truth.json says."""
    truth: dict[str, Any] = json.loads((DATA / "demo" / "truth.json").read_text(encoding="utf-8"))
    return truth


def planted_pieces() -> pl.DataFrame:
    """One row per piece: what it was made to be."""
    return pl.read_csv(DATA / "demo" / "truth_pieces.csv")
