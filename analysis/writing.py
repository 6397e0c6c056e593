"""Files that are whole or not there."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from analysis.errors import FramescopeError, ReportError, UsageError


def check_place(path: Path, endings: Sequence[str]) -> None:
    """Raises UsageError where no file with one of these endings can be."""
    if path.suffix.lower() not in endings:
        what = "does not end in" if len(endings) == 1 else "is neither"
        raise UsageError(f"'{path}' {what} {' nor '.join(endings)}", remedy="name the file so")
    if not path.parent.is_dir():
        raise UsageError(
            "the folder is not there", where=str(path.parent), remedy="make it, or choose another"
        )


def write_whole(
    path: Path,
    content: bytes,
    *,
    what: str = "the file",
    error: type[FramescopeError] = ReportError,
) -> None:
    """Puts a file in place when all of it is on the disk; an earlier one is replaced.

    Raises `error` when writing fails, and leaves nothing of it.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as fault:
        if part.exists():
            part.unlink()
        raise unwritable(path, what, error, fault) from fault


def unwritable(
    path: Path, what: str, error: type[FramescopeError], fault: OSError
) -> FramescopeError:
    return error(
        f"{what} can't be written ({fault.strerror or fault})",
        where=str(path),
        remedy="check that the folder may be written to and that the disk has room",
    )


def parquet_bytes(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()
