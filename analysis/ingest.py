"""From files to pieces in the store: batch by batch, every row accounted for.

A batch is one transaction. A file that was not read to its end is read again from the start: its
pieces are recognised by file, row and content, so the result is that of an undisturbed run.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import polars as pl

from analysis.corpus import dates, text
from analysis.corpus.outlets import clean_outlet
from analysis.errors import SourceError, StoreError, UsageError
from analysis.project import Project
from analysis.sources import (
    Finding,
    Limits,
    RawBatch,
    Source,
    check_mapping,
    files_in,
    find_columns,
    open_source,
)
from analysis.sources.identity import hashed, repeated_ids, short_id, with_ids, without_repeats
from analysis.sources.opening import unreadable
from analysis.sources.reasons import shortened
from analysis.sources.report import FileReport
from analysis.sources.values import date_value, texts
from analysis.store import Database
from analysis.types import Progress, Silent, path_text

__all__ = ["FileReport", "Limits", "ingest"]

_PIECE = {
    "row_number": pl.Int64,
    "given_id": pl.String,
    "derived_id": pl.String,
    "record_hash": pl.String,
    "outlet": pl.String,
    "outlet_raw": pl.String,
    "url": pl.String,
    "published": pl.Date,
    "date_precision": pl.String,
    "date_raw": pl.String,
    "authors": pl.String,
    "title": pl.String,
    "text": pl.String,
    "control_chars": pl.Int32,
    "replacement_chars": pl.Int32,
    "had_html": pl.Boolean,
}
_PROBLEM = {
    "file_key": pl.Int32,
    "row_number": pl.Int64,
    "field": pl.String,
    "reason": pl.String,
    "value": pl.String,
    "severity": pl.String,
}


def ingest(
    project: Project,
    corpus: Database,
    sources: Sequence[Path],
    *,
    mapping: dict[str, str] | None = None,
    date_order: str = "",
    sheet: str = "",
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> list[FileReport]:
    """Reads files, and the supported files of folders, into the store; one report each, in order.

    `mapping` is field -> column, with an empty column for "none"; `date_order` ("mdy", "dmy", or ""
    for the project's) reads dates like 3/4/2025; `sheet` is the name or number of an xlsx sheet. Raises UsageError for a wrong option and
    SourceError for a path that is not there or a folder with nothing to read, before anything is
    read. A file that can't be read does not stop the others: its report has an `error`.
    """
    wanted = mapping or {}
    check_mapping(wanted)
    order = date_order or project.settings.date_order
    if order not in ("", "mdy", "dmy"):
        raise UsageError(f"--date-order is '{order}'", remedy="write mdy or dmy")
    bounds = limits or Limits()
    reports: list[FileReport] = []
    for path, read in _listed(sources):
        report = FileReport(path, skipped_as_unsupported=not read)
        reports.append(report)
        if not read:
            continue
        try:
            source = open_source(path, sheet=sheet or None, limits=bounds)
            _FileIngest(corpus, path, source, report, bounds).run(
                wanted, cast("dates.Order", order), sheet, progress or Silent()
            )
        except SourceError as error:
            report.error = error
        except OSError as error:
            report.error = unreadable(path, error)
    return reports


def _listed(sources: Sequence[Path]) -> list[tuple[Path, bool]]:
    """Files to read (True) and files of folders that are of no supported kind (False)."""
    listed: list[tuple[Path, bool]] = []
    for path in sources:
        if path.is_dir():
            read, left = files_in(path)
            listed += [(one, True) for one in read] + [(one, False) for one in left]
        elif path.exists():
            listed.append((path, True))
        else:
            raise SourceError(
                "there is no such file or folder", where=str(path), remedy="check the path"
            )
    return listed


@dataclass
class _FileIngest:
    """One file on its way into the store."""

    corpus: Database
    path: Path
    source: Source
    report: FileReport
    limits: Limits
    columns: dict[str, str] = field(default_factory=dict)
    order: dates.Order = ""
    order_sought: bool = False
    file_key: int = 0
    whole_file: list[Finding] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def run(
        self, mapping: dict[str, str], order: dates.Order, sheet: str, progress: Progress
    ) -> None:
        report, source = self.report, self.source
        report.kind, report.encoding = source.kind, source.encoding
        if not source.columns and source.kind in ("json", "jsonl"):
            # No row is an object: nothing to map, but each row is to be told.
            self.columns = {"title": "title", "text": "text"}
        else:
            found = find_columns(source.columns, mapping, str(self.path))
            self.columns = found.of
            self.whole_file += found.findings
            report.columns = found.of
        self.order = order
        settings = json.dumps(
            {
                "columns": self.columns,
                "date_order": order,
                "sheet": sheet,
                "field_chars": self.limits.field_chars,
                "cleaning": text.VERSION,
            },
            sort_keys=True,
        )
        if self._begin(settings):
            return
        asked = list(dict.fromkeys(self.columns.values()))
        with progress.task(f"Reading {self.path.name}", source.total, "rows") as advance:
            for batch in source.batches(asked, self.limits):
                self._store(batch, advance)
        self._finish()

    def _begin(self, settings: str) -> bool:
        """Finds or makes the file's entry; true when it was read before and nothing is to do."""
        with self.path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        with self.corpus.transaction() as work:
            found = work.read("find_source_file", sha256=sha256, settings=settings)
            if found.height and found["finished"][0]:
                self._report_known(found.row(0, named=True))
                return True
            if found.height:
                key = found["file_key"][0]
                work.run("restart_source_file", file_key=key)
                work.run("forget_problems", file_key=key)
                work.run("forget_duplicate_rows", file_key=key)
            else:
                work.run(
                    "start_source_file",
                    path=path_text(self.path),
                    kind=self.source.kind,
                    sha256=sha256,
                    bytes=self.path.stat().st_size,
                    encoding=self.source.encoding,
                    settings=settings,
                    started_at=dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(),
                )
                found = work.read("find_source_file", sha256=sha256, settings=settings)
            self.file_key = int(found["file_key"][0])
        return False

    def _report_known(self, stored: dict[str, Any]) -> None:
        report = self.report
        report.skipped_as_known = True
        report.rows_read = stored["rows_read"]
        report.refused = stored["refused"]
        report.duplicates = report.rows_read - report.refused

    def _store(self, batch: RawBatch, advance: Callable[[int], None]) -> None:
        pieces, findings = self._normalised(batch)
        with self.corpus.transaction() as work:
            known = work.read(
                "known_records",
                frames={
                    "incoming": pieces.select("row_number", "given_id", "derived_id", "record_hash")
                },
                file_key=self.file_key,
            )
            placed = pieces.join(known, on="row_number", how="left", maintain_order="left")
            own = placed.filter(pl.col("own"))
            stored = placed.filter(~pl.col("own"))
            fresh, repeated = without_repeats(placed.filter(pl.col("own").is_null()))
            candidates = pl.concat([fresh["given_id"], fresh.select(short_id(6)).to_series()])
            taken = work.read(
                "taken_ids",
                frames={"incoming_id": candidates.drop_nulls().unique().to_frame("id")},
            )
            fresh = with_ids(fresh, taken["id"])
            repeats = pl.concat(
                [stored.select("row_number", "id"), repeated_ids(repeated, fresh)]
            ).sort("row_number")
            accepted = pl.concat([own, fresh], how="diagonal").sort("row_number")
            findings = _about_accepted(findings, accepted) + _taken_ids(accepted)
            refused = sum(finding.refused for finding in findings)
            work.run("add_pieces", frames={"incoming_piece": fresh}, file_key=self.file_key)
            work.append("duplicate_row", self._keyed(repeats))
            work.append("problem", self._problems(findings))
            work.run(
                "count_rows",
                file_key=self.file_key,
                rows_read=batch.rows_read,
                accepted=accepted.height,
                duplicates=repeats.height,
                refused=refused,
            )
        self._count(batch, accepted, repeats.height, refused, findings)
        advance(batch.rows_read)

    def _count(
        self,
        batch: RawBatch,
        accepted: pl.DataFrame,
        duplicates: int,
        refused: int,
        findings: list[Finding],
    ) -> None:
        report = self.report
        report.rows_read += batch.rows_read
        report.accepted += accepted.height
        report.duplicates += duplicates
        report.refused += refused
        report.undated += accepted["published"].null_count()
        report.no_outlet += accepted["outlet"].null_count()
        report.no_title += int((accepted["title"] == "").sum())
        report.no_text += int((accepted["text"] == "").sum())
        for finding in findings:
            counts = report.refusals if finding.refused else report.notices
            counts[finding.reason] = counts.get(finding.reason, 0) + 1
        self.counted["html_removed"] += int(accepted["had_html"].sum())
        self.counted["control_characters"] += int((accepted["control_chars"] > 0).sum())
        self.counted["replacement_characters"] += int((accepted["replacement_chars"] > 0).sum())

    def _finish(self) -> None:
        report = self.report
        findings = [*self.source.findings, *self.whole_file]
        findings += [
            Finding(None, None, reason, f"{count:,} rows")
            for reason, count in self.counted.items()
            if count
        ]
        if report.rows_read == 0:
            findings.append(Finding(None, None, "no_rows", None))
        with self.corpus.transaction() as work:
            work.append("problem", self._problems(findings))
            work.run("finish_source_file", file_key=self.file_key)
            wrong = work.read("unaccounted_rows", file_key=self.file_key)
            if wrong.height or not report.balanced:
                raise StoreError(
                    f"the rows do not add up: {wrong.to_dicts() or report.lines()[0]}",
                    where=str(self.path),
                    remedy="this is a fault of Framescope: please report it with this message",
                )
        for finding in findings:
            report.notices[finding.reason] = self.counted.get(finding.reason) or (
                report.notices.get(finding.reason, 0) + 1
            )
            if finding.value and finding.reason not in self.counted:
                before = report.remarks.get(finding.reason)
                said = f"{finding.field}: {finding.value}" if finding.field else finding.value
                report.remarks[finding.reason] = f"{before}; {said}" if before else said

    def _keyed(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(file_key=pl.lit(self.file_key, pl.Int32))

    def _problems(self, findings: list[Finding]) -> pl.DataFrame:
        rows = [
            (
                self.file_key,
                one.row,
                one.field,
                one.reason,
                shortened(one.value),
                "refused" if one.refused else "notice",
            )
            for one in findings
        ]
        frame = pl.DataFrame(rows, schema=_PROBLEM, orient="row")
        return frame.sort("row_number", maintain_order=True, nulls_last=True)

    def _normalised(self, batch: RawBatch) -> tuple[pl.DataFrame, list[Finding]]:
        """Clean fields of the rows that hold anything, with their hashes; and what was found."""
        numbers = batch.row_numbers
        findings = list(batch.findings)
        raw = {name: batch.values[column] for name, column in self.columns.items()}
        nothing = [""] * len(numbers)

        def written(name: str, joint: str = "\n\n") -> list[str]:
            if name not in raw:
                return nothing
            found, odd = texts(raw[name], joint)
            findings.extend(
                Finding(numbers[place], name, "not_text", shortened(found[place])) for place in odd
            )
            return found

        titles = [_one_line(one) for one in text.clean_all(written("title", " "))]
        bodies = text.clean_all(written("text"))
        outlet_raw = _tidied(written("outlet", ", "))
        frame = pl.DataFrame(
            {
                "row_number": numbers,
                "given_id": [" ".join(one.split()) or None for one in written("id", " ")],
                "outlet": [clean_outlet(one) for one in outlet_raw],
                "outlet_raw": [one or None for one in outlet_raw],
                "url": [_bare_url(one) or None for one in written("url", " ")],
                "authors": [one or None for one in _tidied(written("authors", "; "))],
                "title": [one.text for one in titles],
                "text": [one.text for one in bodies],
                "control_chars": _sum(titles, bodies, "control_chars"),
                "replacement_chars": _sum(titles, bodies, "replacement_chars"),
                "had_html": [a.had_html or b.had_html for a, b in zip(titles, bodies, strict=True)],
            },
            schema_overrides={name: kind for name, kind in _PIECE.items() if name in _TEXTUAL},
        )
        dated = self._dated(raw.get("date"), len(numbers))
        frame = pl.concat([frame, dated], how="horizontal")
        empty = (frame["title"] == "") & (frame["text"] == "")
        findings += [
            Finding(row, None, "empty_row", None, refused=True)
            for row in frame.filter(empty)["row_number"]
        ]
        frame = frame.filter(~empty)
        findings += [
            Finding(row, "date", reason, shortened(value))
            for row, reason, value in frame.filter(pl.col("reason").is_not_null())
            .select("row_number", "reason", "date_raw")
            .iter_rows()
        ]
        return hashed(frame).select(
            pl.col(name).cast(kind) for name, kind in _PIECE.items()
        ), findings

    def _dated(self, values: list[Any] | None, rows: int) -> pl.DataFrame:
        """published, date_precision, reason and date_raw."""
        read = [date_value(value) for value in values] if values is not None else [None] * rows
        parsed = dates.parse_dates(read, self.order, infer=False)
        if not self.order and not self.order_sought and "date_ambiguous" in parsed["reason"]:
            self._seek_order()
            parsed = dates.parse_dates(read, self.order, infer=False)
        raw = [" ".join(written.split()) or None for written in texts(values or [""] * rows)[0]]
        return parsed.rename({"precision": "date_precision"}).with_columns(
            date_raw=pl.Series(raw, dtype=pl.String)
        )

    def _seek_order(self) -> None:
        """Reads the whole column of dates for the one order that it proves."""
        self.order_sought = True
        column = self.columns["date"]
        proved: set[dates.Order] = set()
        for batch in self.source.batches([column], self.limits):
            proved |= dates.evidence(date_value(value) for value in batch.values[column])
            if len(proved) > 1:
                return
        self.order = dates.settle(proved)
        if self.order:
            self.whole_file.append(Finding(None, "date", "date_order_inferred", self.order))


_TEXTUAL = {"given_id", "outlet", "outlet_raw", "url", "authors", "title", "text", "row_number"}


def _one_line(cleaned: text.Cleaned) -> text.Cleaned:
    if "\n" not in cleaned.text:
        return cleaned
    line = " ".join(cleaned.text.split())
    return text.Cleaned(line, cleaned.control_chars, cleaned.replacement_chars, cleaned.had_html)


def _tidied(values: list[str]) -> list[str]:
    """Names on one line; each spelling is cleaned once."""
    tidy = {value: text.clean_line(value).text for value in set(values)}
    return [tidy[value] for value in values]


def _bare_url(url: str) -> str:
    url = url.strip()
    return url if url.isprintable() else "".join(part for part in url if part.isprintable())


def _sum(titles: list[text.Cleaned], bodies: list[text.Cleaned], name: str) -> list[int]:
    return [getattr(a, name) + getattr(b, name) for a, b in zip(titles, bodies, strict=True)]


def _about_accepted(findings: list[Finding], accepted: pl.DataFrame) -> list[Finding]:
    """Refusals, and notices about rows that became pieces: a repeated row has had its notices."""
    kept = set(accepted["row_number"])
    return [one for one in findings if one.refused or one.row is None or one.row in kept]


def _taken_ids(accepted: pl.DataFrame) -> list[Finding]:
    renamed = accepted.filter(
        pl.col("given_id").is_not_null() & (pl.col("id") != pl.col("given_id"))
    )
    return [
        Finding(row, "id", "id_taken", shortened(given))
        for row, given in renamed.select("row_number", "given_id").iter_rows()
    ]
