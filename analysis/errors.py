"""Errors that a person can act on.

Every error says what happened, where, and what to do. The command line prints `str(error)`
and exits with `exit_code`; nothing below it turns a user's mistake into a traceback.
"""

from __future__ import annotations


class FramescopeError(Exception):
    """What happened, where (file, row, column; may be empty) and what to do."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  What to do: {self.remedy}" if self.remedy else text


class UsageError(FramescopeError):
    """The command was asked for in a way that can't work."""

    exit_code = 2


class ProjectError(FramescopeError):
    """The project folder or its framescope.toml can't be used."""


class StoreError(FramescopeError):
    """A database can't be opened, read or written."""


class SourceError(FramescopeError):
    """An input file can't be read."""


class CodebookError(FramescopeError):
    """A codebook or a labelled table breaks the rules."""


class CodingError(FramescopeError):
    """A sample, a coding or the file that holds them can't be used."""


class ReportError(FramescopeError):
    """A table or a report can't be written."""


class ModelError(FramescopeError):
    """A stored model can't be used."""


class SearchError(FramescopeError):
    """A search can't be understood, or its index can't be used.

    `at`: the character of the search (from 0) where it goes wrong; None where there is no place.
    """

    def __init__(
        self, what: str, *, where: str = "", remedy: str = "", at: int | None = None
    ) -> None:
        self.at = at
        place = where if at is None else f"the search, character {at + 1}"
        super().__init__(what, where=place, remedy=remedy)
