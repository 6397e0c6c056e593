"""Which kind of file it is, by its content first and its name second."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import SourceError
from analysis.sources.csv_file import CsvSource
from analysis.sources.interface import Finding, Limits, Source
from analysis.sources.jsonl_file import JsonSource
from analysis.sources.opening import head, text_file, unreadable
from analysis.sources.parquet_file import ParquetSource
from analysis.sources.xlsx_file import XlsxSource

_BY_NAME = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "xlsx",
}

_FOREIGN = (
    (b"%PDF", "a PDF", "extract its text into a CSV first"),
    (b"PK\x03\x04", "a zip archive, not a workbook", "unpack it and ingest what is in it"),
    (b"PK\x05\x06", "an empty zip archive", "check that it is the right file"),
    (b"SQLite format 3\x00", "an SQLite database", "export the table as CSV"),
    (b"ARROW1", "an Arrow (feather) file", "save it as parquet"),
    (b"FEA1", "a feather file", "save it as parquet"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "unpack it first"),
    (b"BZh", "packed with bzip2", "unpack it first"),
    (b"\xfd7zXZ\x00", "packed with xz", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x89PNG", "a picture", "check that it is the right file"),
    (b"\xff\xd8\xff", "a picture", "check that it is the right file"),
    (b"GIF8", "a picture", "check that it is the right file"),
    (b"\x7fELF", "a program", "check that it is the right file"),
    (b"MZ\x90", "a program", "check that it is the right file"),
    (b"PARE", "an encrypted parquet file", "write it without encryption"),
    (b"{\\rtf", "an RTF document", "save it as CSV"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself", "run: git lfs pull"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<rss", b"<feed")


def supported(path: Path) -> bool:
    """Whether a file in a folder is read, by its name."""
    return _kind_by_name(path) is not None and not path.name.startswith((".", "~$"))


def files_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """Files below a folder that are read, and those that are not, both in order of their paths.

    Raises SourceError when there is none to read. Linked folders are not followed.
    """
    faults: list[OSError] = []
    found = [
        Path(root) / name
        for root, _, names in os.walk(folder, onerror=faults.append)
        for name in names
    ]
    read = sorted(path for path in found if supported(path))
    if not read:
        raise SourceError(
            str(faults[0]) if faults else "the folder holds no file that can be read",
            where=str(folder),
            remedy="put csv, tsv, jsonl, json, parquet or xlsx files there (csv and json also .gz)",
        )
    return read, sorted(set(found) - set(read))


def open_source(path: Path, *, sheet: str | None = None, limits: Limits | None = None) -> Source:
    """Opens a file as what it is; a name that says something else is told in a finding.

    Raises SourceError when it is empty, unreadable, or nothing that Framescope reads.
    """
    bounds = limits or Limits()
    try:
        if path.is_dir():
            raise SourceError("this is a folder", where=str(path), remedy="name a file")
        if path.stat().st_size == 0:
            raise _empty(path)
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        raise unreadable(path, error) from error
    packed = start[:2] == b"\x1f\x8b"
    first = head(path, packed, bounds)
    if not first.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise _empty(path)
    kind = _kind_by_content(path, first)
    if packed and kind in ("parquet", "xlsx"):
        raise SourceError(
            f"{kind} inside gzip is not read", where=str(path), remedy="unpack it with gunzip"
        )
    named = _kind_by_name(path)
    source: Source
    if kind == "parquet":
        source = ParquetSource(path)
    elif kind == "xlsx":
        source = XlsxSource(path, sheet, bounds)
    else:
        file, findings = text_file(path, packed, bounds)
        with file.stream() as characters:
            beginning = characters.read(1 << 16).lstrip("\ufeff \t\r\n")
        if not beginning and not _more(first):
            raise _empty(path)
        kind = _text_kind(beginning, named)
        usual = "\t" if _suffixes(path)[:1] in ([".tsv"], [".tab"]) else ","
        source = JsonSource(file, findings) if kind == "json" else CsvSource(file, findings, usual)
    if named is not None and named != kind:
        source.findings.append(Finding(None, None, "not_what_name_says", f"read as {source.kind}"))
    return source


def _empty(path: Path) -> SourceError:
    return SourceError(
        "the file is empty", where=str(path), remedy="check that it was saved or fetched whole"
    )


def _more(first: bytes) -> bool:
    return len(first) > 1 << 16


def _suffixes(path: Path) -> list[str]:
    """Endings from the last on, without .gz."""
    return [suffix.casefold() for suffix in reversed(path.suffixes) if suffix.casefold() != ".gz"]


def _kind_by_name(path: Path) -> str | None:
    suffixes: Sequence[str] = _suffixes(path)
    kind = _BY_NAME.get(suffixes[0]) if suffixes else None
    packed = path.suffix.casefold() == ".gz"
    return None if packed and kind in ("parquet", "xlsx") else kind


def _kind_by_content(path: Path, first: bytes) -> str:
    """ "parquet", "xlsx" or "text". Raises SourceError for what is none of them."""
    if first.startswith(b"PAR1"):
        return "parquet"
    if first.startswith(b"PK\x03\x04") and _is_workbook(path):
        return "xlsx"
    if first.startswith(_OLE):
        raise _ole(path)
    for magic, what, remedy in _FOREIGN:
        if first.startswith(magic):
            raise SourceError(f"the file is {what}", where=str(path), remedy=remedy)
    text = first.lstrip(b"\xef\xbb\xbf \t\r\n")[:16].lower()
    if text.startswith(_MARKUP):
        raise SourceError(
            "the file is a web page or XML, not a table",
            where=str(path),
            remedy="it may be an error page saved under this name: open it in a browser to see",
        )
    if not first.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        strange = sum(byte < 9 or 13 < byte < 32 for byte in first[:4096])
        nul = first[:4096].count(0)
        if strange - nul > 0.05 * len(first[:4096]):
            raise _unknown(path)
        if nul > 0.05 * len(first[:4096]) and not _every_other(first[:4096]):
            raise _unknown(path)
    return "text"


def _every_other(first: bytes) -> bool:
    """Zero bytes only at even or only at odd places: UTF-16 without a mark."""
    even, odd = first[0::2].count(0), first[1::2].count(0)
    return min(even, odd) < 0.05 * len(first) / 2


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/workbook") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceError(
            f"the workbook is cut off or damaged ({error})",
            where=str(path),
            remedy="fetch the file again, or save the sheet as CSV (UTF-8)",
        ) from error


def _ole(path: Path) -> SourceError:
    """An encrypted workbook is a container of Microsoft's old format."""
    with path.open("rb") as stream:
        content = stream.read(1 << 22)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return SourceError(
            "the workbook is protected with a password",
            where=str(path),
            remedy="open it in Excel and save a copy without a password",
        )
    return SourceError(
        "this is a file of the old Office format (.xls, .doc)",
        where=str(path),
        remedy="save it as .xlsx or CSV (UTF-8)",
    )


def _unknown(path: Path) -> SourceError:
    return SourceError(
        "the file is neither text nor parquet nor xlsx",
        where=str(path),
        remedy="save it as CSV (UTF-8), JSON lines, parquet or xlsx",
    )


def _text_kind(beginning: str, named: str | None) -> str:
    """JSON begins with a bracket; a csv may too, in the name of its first column."""
    if named == "json":
        return (
            "json"
            if "{" in beginning[:4096] or "[" in beginning[:4096]
            else ("csv" if _has_header(beginning) else "json")
        )
    looks = beginning[:1] == "{" or (
        beginning[:1] == "[" and beginning[1:].lstrip()[:1] in ("{", "]")
    )
    return "json" if looks else "csv"


def _has_header(beginning: str) -> bool:
    from analysis.sources.columns import known_names

    first = beginning.splitlines()[0] if beginning else ""
    return any(known_names(first.split(mark)) > 0 for mark in (",", "\t", ";", "|"))
