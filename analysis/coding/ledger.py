"""codings.sqlite: what people coded, apart from everything that can be computed again.

SQLite in WAL mode: any number of threads and processes read and write at once. A transaction that
has returned is on the disk (synchronous=FULL).
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import CodingError
from queries import catalogue
from queries.loader import migrations

NAME = "codings.sqlite"

# How long a writer waits for others, in seconds; a commit takes milliseconds.
PATIENCE = 20.0


class Work:
    """An open transaction: all of it is stored, or nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, name: str, /, **params: Any) -> int:
        """Runs a statement; returns the key of the row that it added, 0 where it added none."""
        return self._connection.execute(catalogue()[name].sql, params).lastrowid or 0

    def run_many(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs a statement for each of the rows of parameters."""
        self._connection.executemany(catalogue()[name].sql, rows)

    def rows(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        """Rows of a query; a few of them cost a tenth of what a table costs."""
        cursor = self._connection.execute(catalogue()[name].sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def read(self, name: str, /, **params: Any) -> pl.DataFrame:
        """Rows of a query, null columns as String."""
        cursor = self._connection.execute(catalogue()[name].sql, params)
        names = [column[0] for column in cursor.description]
        table = pl.DataFrame(
            cursor.fetchall(), schema=names, orient="row", infer_schema_length=None
        )
        return table.with_columns(pl.col(pl.Null).cast(pl.String))


class _Writer:
    """The line of threads of this process that write to a file, and their one connection.

    SQLite's own way of waiting would let some starve. The connection is kept while somebody waits,
    which spares them its opening, and the checkpoint at its closing. Then it is closed, so that
    the file at rest is whole and can be copied or put back.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._count = threading.Lock()
        self._waiting = 0
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        self._add(1)
        with self._lock:
            self._add(-1)
            connection = self._connection or _connect(self._path)
            self._connection = connection
            try:
                _begin(connection)
                yield connection
                connection.execute("commit")
            finally:
                if connection.in_transaction:
                    connection.execute("rollback")
                if not self._waiting:
                    self._connection = None
                    connection.close()

    def _add(self, number: int) -> None:
        with self._count:
            self._waiting += number


_writers: weakref.WeakValueDictionary[Path, _Writer] = weakref.WeakValueDictionary()
_writers_lock = threading.Lock()


def _writer(path: Path) -> _Writer:
    with _writers_lock:
        return _writers.setdefault(path, _Writer(path))


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _reading(path: Path) -> sqlite3.Connection:
    """A connection to read with, also where WAL can't write beside the file: in a folder without
    rights, on a full disk."""
    if os.access(path.parent, os.W_OK):
        try:
            return _tried(_connect(path))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in UNWRITABLE:
                raise
    log = path.with_name(f"{path.name}-wal")
    # At rest the file is whole. A log beside it holds commits, without which nothing is told.
    still = "" if log.exists() and log.stat().st_size else "&immutable=1"
    address = f"{path.resolve().as_uri()}?mode=ro{still}"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)


UNWRITABLE = (
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
)


def _tried(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        connection.execute("pragma schema_version")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin(connection: sqlite3.Connection) -> None:
    """Takes the write lock. Asks often: SQLite sleeps ever longer and lets late comers pass."""
    end = time.monotonic() + PATIENCE
    connection.execute("pragma busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("begin immediate")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(random.uniform(0.0005, 0.004))
    finally:
        connection.execute(f"pragma busy_timeout = {int(PATIENCE * 1000)}")


class Ledger:
    """The codings of one project. Raises CodingError when the file can't be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = _writer(path.resolve())

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """Takes the write lock at once, so that what is read inside stays true until the end.

        An exception inside leaves nothing stored.
        """
        with self._explained(), self._writer.transaction() as connection:
            yield Work(connection)

    def read(self, name: str, /, **params: Any) -> pl.DataFrame:
        with self._explained(), closing(_reading(self.path)) as connection:
            return Work(connection).read(name, **params)

    def rows(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        with self._explained(), closing(_reading(self.path)) as connection:
            return Work(connection).rows(name, **params)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (UnicodeEncodeError, OverflowError) as error:
            raise CodingError(
                f"the codings can't hold a value that was given ({error})",
                where=str(self.path),
                remedy="write it anew, without special characters or endless numbers",
            ) from error
        except sqlite3.Error as error:
            raise CodingError(
                f"the codings can't be read or written ({error})",
                where=str(self.path),
                remedy="check that the disk has room and that you may write there; "
                "if the file is damaged, put back a copy of it",
            ) from error

    def migrate(self) -> None:
        """Brings the file to the newest schema; makes it where it is missing."""
        with self._explained(), self._writer.transaction() as connection:
            done = connection.execute("pragma user_version").fetchone()[0]
            known = migrations("codings_migrations")
            if done > len(known):
                raise CodingError(
                    "the codings were written by a newer Framescope",
                    where=str(self.path),
                    remedy="update Framescope",
                )
            # 0 as long as a file has never had a table.
            if done < 1 and connection.execute("pragma schema_version").fetchone()[0]:
                raise CodingError(
                    "the file is not one that Framescope wrote",
                    where=str(self.path),
                    remedy="move it away, and put back a copy of your own, if there is one",
                )
            for migration in known[done:]:
                for statement in _statements(migration.sql):
                    connection.execute(statement)
            if known[done:]:
                connection.execute(f"pragma user_version = {len(known)}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; executescript would end the transaction around it."""
    held = ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            yield held
            held = ""


def open_ledger(root: Path) -> Ledger:
    """The codings of the project in folder `root`; an empty file is made where there is none."""
    ledger = Ledger(root / NAME)
    ledger.migrate()
    return ledger


def existing_ledger(root: Path) -> Ledger | None:
    """The codings of the project in folder `root`, to read only; None where there is no file.

    Nothing is made or brought to a newer schema, so the folder need not be writable.
    """
    return Ledger(root / NAME) if (root / NAME).is_file() else None
