"""A kind of bad input at the command line, and what tables need to make one.

It is met in a folder with rows.jsonl and project/, which holds them, is built, and has codes.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Make = Callable[[Path], object]

ROWS = '{"id": "a", "title": "Police vote", "text": "The chief said so. Nobody answered."}\n'

STATUS = "status --project project"
BUILD = "build --project project"
INGEST = "ingest rows.jsonl --project project"
SERVE = "serve --project project"
EXPORT = "export shares --project project --out"
LABEL = "label rows.jsonl --out out.csv"


@dataclass(frozen=True)
class Case:
    """After `make`, `words` are run; `says` stands in the message.

    `code` is the exit code of the contract: 1 the work failed, 2 the command was wrong.
    `space`: no file may grow beyond so many bytes, as on a full disk. `user`: run without the
    rights of root. `where` is the file or value that the message names, where it is not in `says`.
    """

    name: str
    words: str
    says: str
    code: int = 1
    make: Make | None = None
    space: int | None = None
    user: bool = False
    where: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        return shlex.split(self.words)


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def settings(text: str | bytes) -> Make:
    """framescope.toml says this instead."""
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    return lambda folder: write(folder / "project" / "framescope.toml", content)


def codebook(text: str | bytes) -> Make:
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    return lambda folder: write(folder / "book.toml", content)


def rows(text: str, name: str = "other.jsonl") -> Make:
    return lambda folder: write(folder / name, text.encode("utf-8"))


def pointer(text: str) -> Make:
    return lambda folder: write(folder / "project" / "builds" / "current.json", text.encode())


def build_file(folder: Path) -> Path:
    return next((folder / "project" / "builds").glob("*.duckdb"))


def locked(folder: Path) -> None:
    (folder / "shut").mkdir(mode=0o500)


def folder(name: str) -> Make:
    return lambda here: (here / name).mkdir()


def replaced_by_folder(name: str) -> Make:
    """A file of the project is a folder instead."""

    def make(here: Path) -> None:
        (here / "project" / name).unlink()
        (here / "project" / name).mkdir()

    return make


def deleted(name: str) -> Make:
    return lambda here: (here / "project" / name).unlink()


def shut(name: str, mode: int = 0) -> Make:
    return lambda here: (here / name).chmod(mode)
