"""Writes rows batch by batch to csv, jsonl or parquet; the file appears when it is complete."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

import polars as pl
import pyarrow.parquet as pq

from analysis.errors import FramescopeError, UsageError
from analysis.spreadsheet import defused

ENDINGS = (".csv", ".jsonl", ".parquet")


class OutputError(FramescopeError):
    """A result can't be written."""


class RowWriter(Protocol):
    """Takes rows; all batches have the same columns."""

    def write(self, rows: pl.DataFrame) -> None: ...


class Output:
    """A context that gives a RowWriter; without a path, rows go nowhere.

    The rows are gathered under another name beside the file, which is moved into place at the end,
    or deleted after an error. Raises UsageError for an ending that is not known and OutputError
    for a folder that can't be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: IO[bytes] | None = None
        self._parquet: Any = None
        self._rows = 0
        if path is not None and path.suffix.casefold() not in ENDINGS:
            raise UsageError(
                f"the ending '{path.suffix}' is not known",
                where=str(path),
                remedy=f"end the name in {', '.join(ENDINGS)}",
            )

    def __enter__(self) -> RowWriter:
        if self._path is not None:
            if self._path.is_dir():
                raise OutputError("this is a folder", where=str(self._path), remedy="name a file")
            if not self._path.parent.is_dir():
                raise OutputError(
                    "the folder is not there",
                    where=str(self._path.parent),
                    remedy="make it first, or write to another folder",
                )
            try:
                self._stream = self._part.open("wb")
            except OSError as error:
                raise self._unwritable(error) from error
        return self

    def write(self, rows: pl.DataFrame) -> None:
        """Appends rows."""
        if self._path is None or self._stream is None:
            return
        try:
            self._append(rows, self._path.suffix.casefold(), self._stream)
        except OSError as error:
            raise self._unwritable(error) from error
        self._rows += rows.height

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._path is None or self._stream is None:
            return
        try:
            if self._parquet is not None:
                self._parquet.close()
            self._stream.close()
            if kind is None:
                self._part.replace(self._path)
        except OSError as fault:
            raise self._unwritable(fault) from fault
        finally:
            self._stream.close()
            self._part.unlink(missing_ok=True)

    @property
    def _part(self) -> Path:
        assert self._path is not None
        return self._path.with_name(f"{self._path.name}.part")

    def _append(self, rows: pl.DataFrame, ending: str, stream: IO[bytes]) -> None:
        if ending == ".parquet":
            table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
            if self._parquet is None:
                self._parquet = pq.ParquetWriter(stream, table.schema, compression="zstd")
            self._parquet.write_table(table)
        elif ending == ".jsonl":
            rows.write_ndjson(stream)
        else:
            defused(rows).write_csv(stream, include_header=self._rows == 0)

    def _unwritable(self, error: OSError) -> OutputError:
        return OutputError(
            f"the file can't be written ({error.strerror or error})",
            where=str(self._path),
            remedy="check that the folder may be written to and that the disk has room",
        )
