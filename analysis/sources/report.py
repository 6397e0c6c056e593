"""What became of one file."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from analysis.errors import SourceError
from analysis.sources.reasons import REASONS


@dataclass
class FileReport:
    """The account of a file: rows_read = accepted + duplicates + refused.

    `refusals` counts refused rows by reason; `notices` counts what was noticed about rows that
    were taken, or about the file. `undated`, `no_outlet`, `no_title` and `no_text` count accepted
    rows. With an `error` the counts are of what had been stored when it came.
    """

    path: Path
    kind: str = ""
    encoding: str | None = None
    rows_read: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    notices: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    undated: int = 0
    no_outlet: int = 0
    no_title: int = 0
    no_text: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    skipped_as_known: bool = False
    skipped_as_unsupported: bool = False
    error: SourceError | None = None

    @property
    def balanced(self) -> bool:
        return self.rows_read == self.accepted + self.duplicates + self.refused

    def as_dict(self) -> dict[str, Any]:
        """The account for a machine; `error` is its message or None."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            **values,
            "path": str(self.path),
            "error": None if self.error is None else str(self.error),
        }

    def lines(self) -> list[str]:
        """The account for people, most important first."""
        name = self.path.name
        if self.skipped_as_unsupported:
            return [f"{name}: skipped, not a kind of file that is read"]
        counts = (
            f"read {self.rows_read:,} = accepted {self.accepted:,} + duplicate "
            f"{self.duplicates:,} + problem {self.refused:,}"
        )
        if self.error is not None:
            told = str(self.error).splitlines()
            return [*told, f"  before that: {counts}"] if self.rows_read else told
        kind = ", ".join(part for part in (self.kind, self.encoding) if part)
        lines = [f"{name} ({kind}): {counts}"]
        if self.skipped_as_known:
            return [*lines, "  the same file was ingested before with the same settings"]
        if self.columns:
            lines.append("  columns: " + ", ".join(f"{f}={c}" for f, c in self.columns.items()))
        lines += self._reasons(self.refusals, "refused")
        lines += self._reasons(self.notices, "notice")
        missing = [
            f"{count:,} {what}"
            for count, what in (
                (self.undated, "without a date"),
                (self.no_outlet, "without an outlet"),
                (self.no_title, "without a title"),
                (self.no_text, "without a text"),
            )
            if count
        ]
        if missing:
            lines.append("  accepted pieces: " + ", ".join(missing))
        return lines

    def _reasons(self, counts: dict[str, int], label: str) -> list[str]:
        lines = []
        for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            meaning, remedy = REASONS[reason]
            remark = f" ({self.remarks[reason]})" if reason in self.remarks else ""
            advice = "" if remedy == "nothing" else f". What to do: {remedy}"
            lines.append(f"  {label} {reason}: {count:,}, {meaning}{remark}{advice}")
        return lines
