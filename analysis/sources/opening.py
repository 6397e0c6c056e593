"""Bytes and characters of a text file: unpacking, encodings, lines of bounded length."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from charset_normalizer import from_bytes

from analysis.errors import SourceError
from analysis.sources.interface import Finding, Limits

_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_FALLBACK = "cp1252"
_LENIENT = "framescope-windows"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32 LE"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32 BE"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16 LE"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16 BE"),
)

# Encodings that corpora really come in; others are mostly misreadings of short samples.
_LIKELY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2",
    "iso8859_15", "koi8_r", "mac_roman", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode(_FALLBACK, "replace"), error.end


codecs.register_error(_LENIENT, _as_windows)


@dataclass(frozen=True)
class TextFile:
    """A text file whose encoding is known; `label` is what to tell people."""

    path: Path
    packed: bool
    codec: str
    errors: str
    label: str
    limits: Limits

    def stream(self) -> io.TextIOWrapper:
        """Characters with line ends as they are."""
        binary = open_bytes(self.path, self.packed, self.limits)
        return io.TextIOWrapper(
            cast("IO[bytes]", binary), encoding=self.codec, errors=self.errors, newline=""
        )

    def lines(self, longest: int) -> Iterator[str]:
        """Lines with their ends; what goes beyond `longest` characters is cut off."""
        with self.stream() as stream:
            while line := stream.readline(longest):
                yield line
                while len(line) == longest and line[-1] not in "\r\n":
                    line = stream.readline(longest)
                    if not line:
                        return


def open_bytes(path: Path, packed: bool, limits: Limits) -> io.BufferedIOBase | Any:
    """The file's bytes, unpacked if it is a gzip. Raises SourceError when it can't be opened."""
    try:
        if not packed:
            return path.open("rb")
        return io.BufferedReader(_Unpacked(path, limits), _CHUNK)
    except OSError as error:
        raise unreadable(path, error) from error


class _Unpacked(io.RawIOBase):
    """A gzip that stops at the limits of size and ratio."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._packed_bytes = path.stat().st_size
        self._stream = gzip.open(path, "rb")  # noqa: SIM115 - closed in close()
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceError(
                f"the gzip is damaged or cut off ({error})",
                where=str(self._path),
                remedy="fetch the file again",
            ) from error
        self._given += len(data)
        limits = self._limits
        ratio = self._given / max(1, self._packed_bytes)
        if self._given > limits.bytes or (self._given > limits.ratio_from and ratio > limits.ratio):
            raise SourceError(
                f"the gzip unpacks to more than {self._given:,} bytes, {ratio:,.0f} times its size",
                where=str(self._path),
                remedy="check that the file is what you expect; unpack it yourself and split it",
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def unreadable(path: Path, error: OSError) -> SourceError:
    return SourceError(
        f"the file can't be read ({error.strerror or error})",
        where=str(path),
        remedy="check that it is still there and that you may read it",
    )


def head(path: Path, packed: bool, limits: Limits, size: int = _SAMPLE) -> bytes:
    """The first bytes of the file."""
    try:
        with open_bytes(path, packed, limits) as stream:
            return bytes(stream.read(size))
    except OSError as error:
        raise unreadable(path, error) from error


def text_file(path: Path, packed: bool, limits: Limits) -> tuple[TextFile, list[Finding]]:
    """Finds the encoding by reading the whole file once.

    A byte-order mark decides; else UTF-8 if all bytes are; else UTF-8 with single bytes read as
    Windows-1252 if most lines are UTF-8; else the likeliest other encoding.
    """
    start = head(path, packed, limits)
    for mark, codec, label in _BOMS:
        if start.startswith(mark):
            _read_through(path, packed, limits)
            return TextFile(path, packed, codec, "replace", label, limits), []
    if codec := _utf16_without_mark(start):
        _read_through(path, packed, limits)
        finding = Finding(None, None, "encoding_guessed", codec)
        return TextFile(path, packed, codec, "replace", codec.upper(), limits), [finding]
    good, bad, sample = _census(path, packed, limits)
    if not bad:
        return TextFile(path, packed, "utf-8", _LENIENT, "UTF-8", limits), []
    if good >= bad / 4:
        finding = Finding(None, None, "mixed_encoding", f"{bad:,} lines")
        label = f"UTF-8, {bad:,} lines with Windows-1252"
        return TextFile(path, packed, "utf-8", _LENIENT, label, limits), [finding]
    codec = _likeliest(sample)
    label = "Windows-1252" if codec == _FALLBACK else codec
    finding = Finding(None, None, "encoding_guessed", label)
    return TextFile(path, packed, codec, "replace", label, limits), [finding]


def _read_through(path: Path, packed: bool, limits: Limits) -> None:
    """A damaged gzip is told before any row of it is taken."""
    if packed:
        with open_bytes(path, packed, limits) as stream:
            while stream.read(_CHUNK):
                pass


def _utf16_without_mark(start: bytes) -> str:
    if len(start) < 8:
        return ""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else ""


def _census(path: Path, packed: bool, limits: Limits) -> tuple[int, int, bytes]:
    """Lines beyond ASCII that are UTF-8, those that are not, and a sample of the latter."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open_bytes(path, packed, limits) as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        return 0, 0, b""
    except UnicodeDecodeError:
        pass
    except OSError as error:
        raise unreadable(path, error) from error
    good = bad = size = 0
    sample: list[bytes] = []
    with open_bytes(path, packed, limits) as stream:
        while line := stream.readline(_CHUNK):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                good += 1
            except UnicodeDecodeError:
                bad += 1
                if size < _SAMPLE:
                    sample.append(line[:4096])
                    size += len(sample[-1])
    return good, bad, b"".join(sample)


def _likeliest(sample: bytes) -> str:
    """The encoding of lines that are not UTF-8; Windows-1252 unless another is clearly better."""
    high = sum(byte > 127 for byte in sample)
    if high < 20 or high < 0.05 * len(sample):
        # Few accents in Latin text: Western, and too little to tell its kinds apart.
        return _FALLBACK
    best = from_bytes(sample, cp_isolation=_LIKELY).best()
    return best.encoding if best is not None else _FALLBACK
