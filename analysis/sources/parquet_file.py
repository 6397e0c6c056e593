"""Parquet, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import SourceError
from analysis.sources.columns import named
from analysis.sources.interface import Batcher, Limits, RawBatch, too_many_rows
from analysis.sources.opening import unreadable


class ParquetSource:
    """A parquet file; nested columns come as Python lists and dicts."""

    kind = "parquet"
    encoding: str | None = None

    def __init__(self, path: Path) -> None:
        """Raises SourceError when the file is truncated, encrypted or damaged."""
        self._path = path
        try:
            with pq.ParquetFile(path) as file:
                self._names = list(file.schema_arrow.names)
                self.total: int | None = file.metadata.num_rows
        except pa.ArrowException as error:
            raise self._damaged(error) from error
        except OSError as error:
            # Arrow raises a plain OSError for damage too, then without a number.
            raise (unreadable(path, error) if error.errno else self._damaged(error)) from error
        self.columns, self.findings = named(self._names)

    def batches(self, columns: Sequence[str], limits: Limits) -> Iterator[RawBatch]:
        if (self.total or 0) > limits.rows:
            raise too_many_rows(str(self._path), limits)
        places = [self.columns.index(column) for column in columns]
        names = [self._names[place] for place in places]
        # Columns that share a name can't be asked for by it.
        asked = None if len(set(self._names)) < len(self._names) else names
        batcher = Batcher(str(self._path), columns, limits)
        try:
            # Read page by page: a row group may be the whole file.
            with pq.ParquetFile(self._path, pre_buffer=False, buffer_size=1 << 20) as file:
                for batch in file.iter_batches(batch_size=limits.batch_rows // 2, columns=asked):
                    taken = [
                        _cells(
                            batch.column(place if asked is None else batch.schema.names.index(name))
                        )
                        for place, name in zip(places, names, strict=True)
                    ]
                    for cells in zip(*taken, strict=True):
                        batcher.add(cells)
                        if batcher.full:
                            yield batcher.take()
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from error
        yield batcher.take()

    def _damaged(self, error: BaseException) -> SourceError:
        first = (str(error).splitlines() or [""])[0][:200]
        return SourceError(
            f"the parquet file is cut off or damaged ({first})",
            where=str(self._path),
            remedy="fetch the file again, or write it anew from its source",
        )


def _cells(column: Any) -> list[Any]:
    """Python values; times to the microsecond, as Python has no finer ones."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, UnicodeDecodeError, pa.ArrowException):
        return [_cell(value) for value in column]


def _cell(value: Any) -> Any:
    """One value that Python may not have: as its text, or its bytes."""
    try:
        return value.as_py()
    except UnicodeDecodeError:
        return value.as_buffer().to_pybytes()
    except (ValueError, OverflowError, pa.ArrowException):
        return str(value)
