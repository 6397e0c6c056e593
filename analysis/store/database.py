"""Connections: one handle per file, one cursor per call.

A DuckDB connection shared by threads mixes up results, so each call takes a cursor of its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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

    def read(self, name: str, /, **params: Any) -> pl.DataFrame:
        """The rows of a query in queries/, as Polars."""
        query = catalogue()[name]
        cursor = self._connection.cursor()
        try:
            return _rows(cursor, query.sql, params)
        finally:
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
            try:
                cursor.begin()
                yield Transaction(cursor)
                cursor.commit()
            except BaseException:
                cursor.rollback()
                raise
            finally:
                cursor.close()

    def attach(self, path: Path) -> None:
        """Makes a new database file and attaches it as `build`."""
        self._outside_transaction("attach_build", {"path": str(path)})

    def detach(self) -> None:
        self._outside_transaction("detach_build", None)

    def _outside_transaction(self, name: str, params: dict[str, str] | None) -> None:
        cursor = self._connection.cursor()
        try:
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


def _rows(cursor: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any]) -> pl.DataFrame:
    # Parameters are strict both ways: an empty dict is refused where none is declared.
    relation = cursor.sql(sql, params=params) if params else cursor.sql(sql)
    rows: pl.DataFrame = relation.pl()
    return rows


def default_limits() -> dict[str, str | int | bool]:
    """Threads and memory for a writer: all cores, at most 2 GB or what the variable says."""
    return {
        "threads": os.cpu_count() or 2,
        "memory_limit": os.environ.get("FRAMESCOPE_MEMORY", "2GB"),
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def open_corpus(path: Path) -> Database:
    """Opens (or makes) corpus.duckdb for writing and brings its schema up to date.

    Raises StoreError when another process holds the file, when it is not a database, or when
    it was written by a newer Framescope.
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
    """Opens a published build: read-only, and without access to any other file."""
    try:
        connection = duckdb.connect(
            str(path),
            read_only=True,
            config={**default_limits(), "enable_external_access": False},
        )
    except duckdb.Error as error:
        raise _explained(error, path) from error
    return Database(connection, path, read_only=True)


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


def _explained(error: duckdb.Error, path: Path) -> StoreError:
    text = str(error)
    if "lock" in text.lower():
        return StoreError(
            "another Framescope command is working on this project",
            where=str(path),
            remedy="wait until it ends; if none is running, check that the folder is not on a "
            "network share that keeps locks",
        )
    if path.is_dir() or any(sign in text.casefold() for sign in _DAMAGED):
        return StoreError(
            "the file is not a readable DuckDB database",
            where=str(path),
            remedy="run 'framescope doctor --project DIR'; move the file away and ingest again",
        )
    first = text.splitlines()[0] if text else type(error).__name__
    return StoreError(first, where=str(path), remedy="run 'framescope doctor --project DIR'")
