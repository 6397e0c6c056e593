"""Connections: one handle per file, one cursor per call.

A DuckDB connection shared by threads mixes up results, so each call takes a cursor of its own.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from analysis.errors import StoreError
from queries import catalogue, migrations


class Database:
    """A DuckDB file. Reads are safe from any thread; write inside `transaction`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, read_only: bool) -> None:
        self._connection = connection
        self._writer = threading.RLock()
        self.path = path
        self.read_only = read_only
        self._attached = path

    def read(self, name: str, /, **params: Any) -> pl.DataFrame:
        """The rows of a query in queries/, as Polars."""
        return self.read_with({}, name, **params)

    def read_with(
        self, tables: Mapping[str, pl.DataFrame], name: str, /, **params: Any
    ) -> pl.DataFrame:
        """`read` of a query that sees these tables under their names, beside those of the file."""
        query = catalogue()[name]
        cursor = self._connection.cursor()
        try:
            with _explaining(self.path):
                for table, rows in tables.items():
                    cursor.register(table, rows)
                return _rows(cursor, query.sql, params)
        finally:
            # What was registered goes with the cursor.
            cursor.close()

    def value(self, name: str, /, **params: Any) -> Any:
        """The first column of the only row of a query."""
        frame = self.read(name, **params)
        return frame.item(0, 0)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Runs writes as one: all of them are kept, or none."""
        with self._writer:
            cursor = self._connection.cursor()
            with closing(cursor), ExitStack() as unless_done:
                unless_done.callback(_roll_back, cursor)
                with _explaining(self.path):
                    cursor.begin()
                    yield Transaction(cursor)
                    cursor.commit()
                unless_done.pop_all()

    def attach(self, path: Path) -> None:
        """Makes a new database file and attaches it as `build`."""
        self._outside_transaction("attach_build", {"path": str(path)}, path)
        self._attached = path

    def detach(self) -> None:
        self._outside_transaction("detach_build", None, self._attached)

    def _outside_transaction(self, name: str, params: dict[str, str] | None, path: Path) -> None:
        cursor = self._connection.cursor()
        try:
            with _explaining(path):
                cursor.execute(catalogue()[name].sql, params)
        finally:
            cursor.close()

    def checkpoint(self) -> None:
        """Folds the write-ahead log into the file."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("checkpoint")
        finally:
            cursor.close()

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class Transaction:
    """One open transaction; frames are seen by SQL only under the name they are given."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def run(
        self, name: str, /, *, frames: Mapping[str, pl.DataFrame] | None = None, **params: Any
    ) -> None:
        """Executes a statement of queries/, with Polars frames registered as tables."""
        query = catalogue()[name]
        with self._registered(frames):
            self._cursor.execute(query.sql, params if query.params else None)

    def read(
        self, name: str, /, *, frames: Mapping[str, pl.DataFrame] | None = None, **params: Any
    ) -> pl.DataFrame:
        """Rows as seen from inside the transaction."""
        query = catalogue()[name]
        with self._registered(frames):
            return _rows(self._cursor, query.sql, params)

    def script(self, sql: str) -> None:
        """Executes a migration: several statements, no parameters."""
        self._cursor.execute(sql)

    def append(self, table: str, frame: pl.DataFrame) -> None:
        """Appends a frame to a table; columns are matched by name, all must be there."""
        target = self._cursor.table(table)
        self._cursor.register("incoming", frame.select(target.columns))
        try:
            self._cursor.table("incoming").insert_into(table)
        finally:
            self._cursor.unregister("incoming")

    @contextmanager
    def _registered(self, frames: Mapping[str, pl.DataFrame] | None) -> Iterator[None]:
        names = list(frames or {})
        for name in names:
            self._cursor.register(name, (frames or {})[name])
        try:
            yield
        finally:
            for name in names:
                self._cursor.unregister(name)


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    # A commit that failed has ended the transaction already.
    with suppress(duckdb.Error):
        cursor.rollback()


def _rows(cursor: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any]) -> pl.DataFrame:
    # Parameters are strict both ways: an empty dict is refused where none is declared.
    relation = cursor.sql(sql, params=params) if params else cursor.sql(sql)
    rows: pl.DataFrame = relation.pl()
    return rows


def default_limits() -> dict[str, str | int | bool]:
    """Threads and memory for a writer: all cores, at most 2 GB or what the variable says."""
    return {
        "threads": os.cpu_count() or 2,
        "memory_limit": os.environ.get("FRAMESCOPE_MEMORY") or "2GB",
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def open_corpus(path: Path) -> Database:
    """Opens (or makes) corpus.duckdb for writing and brings its schema up to date.

    Raises StoreError when another process holds the file, when it is not a database or that of
    another program, or when it was written by a newer Framescope.
    """
    spill = path.with_suffix(".tmp")
    try:
        connection = duckdb.connect(
            str(path), config={**default_limits(), "temp_directory": str(spill)}
        )
    except duckdb.Error as error:
        raise _explained(error, path) from error
    database = Database(connection, path, read_only=False)
    try:
        _migrate(database)
    except duckdb.Error as error:
        connection.close()
        raise _explained(error, path) from error
    except StoreError:
        connection.close()
        raise
    return database


def open_build(path: Path) -> Database:
    """Opens a published build: read-only, and without access to any other file.

    Raises StoreError when the file is damaged or no build.
    """
    try:
        connection = duckdb.connect(
            str(path),
            read_only=True,
            config={**default_limits(), "enable_external_access": False},
        )
    except duckdb.Error as error:
        raise _explained(error, path) from error
    database = Database(connection, path, read_only=True)
    try:
        database.read("meta")
    except duckdb.CatalogException as error:
        connection.close()
        raise _explained(error, path) from error
    except StoreError:
        connection.close()
        raise
    return database


def in_use(path: Path) -> bool:
    """Whether any process (this one too) holds the database open."""
    try:
        duckdb.connect(str(path), config={"threads": 1}).close()
    except duckdb.Error:
        return True
    return False


def _migrate(database: Database) -> None:
    with database.transaction() as work:
        work.run("create_schema_migration")
        done = work.read("schema_migrations")["number"].to_list()
        known = migrations()
        if done and done[-1] > len(known):
            raise StoreError(
                f"the corpus has schema {done[-1]}, this Framescope knows {len(known)}",
                where=str(database.path),
                remedy="install the newer Framescope that wrote it",
            )
        for migration in known[len(done) :]:
            work.script(migration.sql)
            work.run("record_migration", number=migration.number, name=migration.name)


# What DuckDB says of a file that is cut off, overwritten, or something else.
_DAMAGED = ("not a valid duckdb", "deserialize", "corrupt", "could not read", "checksum")
_FULL = ("no space left", "file too large", "could not write", "disk quota")

# Faults of the file, the disk and the memory; other kinds would be faults of Framescope.
_OUTSIDE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,
)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        # DuckDB raises some damage as its bare Error.
        if isinstance(error, _OUTSIDE) or type(error) is duckdb.Error:
            raise _explained(error, path) from error
        raise


def _explained(error: duckdb.Error, path: Path) -> StoreError:
    text = str(error)
    again = _remedy(path)
    if any(sign in text.casefold() for sign in _FULL):
        return StoreError(
            f"the database can't be written ({_said(error)})",
            where=str(path),
            remedy="free space on the disk and run the command again; what was finished is kept",
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return StoreError(
            f"there is not enough memory ({_said(error)})",
            where=str(path),
            remedy="allow more with the variable FRAMESCOPE_MEMORY, for example 4GB, and run again",
        )
    if isinstance(error, duckdb.ParserException) and "memory" in text.casefold():
        return StoreError(
            f"FRAMESCOPE_MEMORY is '{os.environ.get('FRAMESCOPE_MEMORY', '')}'",
            where=str(path),
            remedy="write a size like 2GB, or unset the variable",
        )
    if "lock" in text.lower() and "block" not in text.lower():
        return StoreError(
            "another Framescope command is working on this project",
            where=str(path),
            remedy="wait until it ends; if none is running, check that the folder is not on a "
            "network share that keeps locks",
        )
    if isinstance(error, duckdb.CatalogException):
        return StoreError(
            "the database is not one that Framescope made", where=str(path), remedy=again
        )
    if "permission denied" in text.casefold() or "read-only" in text.casefold():
        return StoreError(
            f"the file can't be opened ({_said(error)})",
            where=str(path),
            remedy="check your rights to the file and its folder",
        )
    damaged = any(sign in text.casefold() for sign in _DAMAGED)
    if damaged or path.is_dir() or not _is_duckdb(path):
        return StoreError(
            "the file is not a readable DuckDB database", where=str(path), remedy=again
        )
    return StoreError(
        _said(error) or type(error).__name__,
        where=str(path),
        remedy="run 'framescope doctor --project DIR'",
    )


def _remedy(path: Path) -> str:
    if path.name == "corpus.duckdb":
        return (
            "put it back from a backup if you have one; else move it away, ingest the sources "
            "again and build"
        )
    return "delete it and current.json beside it and run 'framescope build' again"


def _said(error: duckdb.Error) -> str:
    """What DuckDB says, on one line and without the kinds of error that it begins with."""
    text = re.sub(r"^(?:[A-Za-z]+ )+Error: ", "", " ".join(str(error).split()))
    return text[:300]


def _is_duckdb(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(12)[8:] == b"DUCK"
    except OSError:
        # It can't even be read: what DuckDB says tells more.
        return True
