"""codings.sqlite: what people coded, apart from everything that can be computed again.

SQLite in WAL mode, a connection for each call: any number of threads and processes read and write
at once. A transaction that has returned is on the disk (synchronous=FULL).
"""

from __future__ import annotations

import sqlite3
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

    def read(self, name: str, /, **params: Any) -> pl.DataFrame:
        """Rows of a query, null columns as String."""
        cursor = self._connection.execute(catalogue()[name].sql, params)
        names = [column[0] for column in cursor.description]
        table = pl.DataFrame(
            cursor.fetchall(), schema=names, orient="row", infer_schema_length=None
        )
        return table.with_columns(pl.col(pl.Null).cast(pl.String))


class Ledger:
    """The codings of one project. Raises CodingError when the file can't be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """Takes the write lock at once, so that what is read inside stays true until the end.

        An exception inside leaves nothing stored.
        """
        with self._connected() as connection:
            connection.execute("begin immediate")
            yield Work(connection)
            connection.execute("commit")

    def read(self, name: str, /, **params: Any) -> pl.DataFrame:
        with self._connected() as connection:
            return Work(connection).read(name, **params)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(
                sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
            ) as connection:
                connection.execute("pragma journal_mode = wal")
                connection.execute("pragma synchronous = full")
                connection.execute("pragma foreign_keys = on")
                yield connection
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise CodingError(
                f"the codings can't be read or written ({error})",
                where=str(self.path),
                remedy="check that the disk has room and that you may write there; "
                "if the file is damaged, put back a copy of it",
            ) from error

    def migrate(self) -> None:
        """Brings the file to the newest schema; makes it where it is missing."""
        with self._connected() as connection:
            connection.execute("begin immediate")
            done = connection.execute("pragma user_version").fetchone()[0]
            known = migrations("codings_migrations")
            if done > len(known):
                raise CodingError(
                    "the codings were written by a newer Framescope",
                    where=str(self.path),
                    remedy="update Framescope",
                )
            for migration in known[done:]:
                for statement in _statements(migration.sql):
                    connection.execute(statement)
            connection.execute(f"pragma user_version = {len(known)}")
            connection.execute("commit")


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
