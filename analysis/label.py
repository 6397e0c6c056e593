"""Scores any table of texts without a project: one row per piece, and per sentence if asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis.corpus import sentences as splitting
from analysis.errors import SourceError, UsageError
from analysis.frames import FrameModel, Scored, load_codebook, load_model
from analysis.frames.codebook import BUNDLED
from analysis.frames.pieces import dominant
from analysis.label_output import Output, RowWriter
from analysis.sources.columns import find_columns, listed
from analysis.sources.interface import Finding, Limits, RawBatch, Source
from analysis.sources.opener import open_source
from analysis.sources.reasons import REASONS, shortened
from analysis.sources.values import encodable
from analysis.types import Progress, Silent

NEEDED = ("id", "title", "text")
SPANS = "spans"
NONE = "none"

# Of refused rows and notices so many are kept one by one; all are counted.
MAX_FINDINGS = 200
SHOWN = 5

_LIMITS = Limits(batch_rows=400, batch_chars=4_000_000)

Span = tuple[int, int]


@dataclass
class LabelReport:
    """What was done. `pieces` rows were written; `refused` rows of the input could not be read."""

    model_version: str
    codebook: str
    pieces: int = 0
    sentences: int = 0
    refused: int = 0
    findings: list[Finding] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The account for a machine."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The account for people, most important first."""
        counts = f"{self.pieces:,} pieces scored in {self.sentences:,} sentences and headlines"
        lines = [f"{counts}, codebook {self.codebook}, model {self.model_version}"]
        if self.refused:
            lines.append(f"  {self.refused:,} rows could not be read and are not in the result")
        for one in self.findings[:SHOWN]:
            row = f"row {one.row}" if one.row is not None else "the file"
            value = f" ({shortened(one.value)})" if one.value else ""
            meaning, remedy = REASONS[one.reason]
            advice = "" if remedy == "nothing" else f". What to do: {remedy}"
            lines.append(f"  {row}: {one.reason}, {meaning}{value}{advice}")
        if len(self.findings) > SHOWN:
            lines.append(f"  and {len(self.findings) - SHOWN:,} more (--json lists them)")
        return lines


@dataclass(frozen=True)
class _Pieces:
    ids: list[str]
    titles: list[str]
    texts: list[str]
    spans: list[list[Span]]


def label(
    path: Path,
    out: Path,
    *,
    sentences: Path | None = None,
    codebook: Path | None = None,
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> LabelReport:
    """Scores every row of a table and writes `out` (csv, jsonl or parquet by its ending).

    The table has the columns id, title and text; `mapping` says which are meant ({"text":
    "body"}), an empty name leaves title out. A column `spans` of [start, end] holds the sentences;
    without it, or where it is empty, they are found in the text. `out` gets, in the input's order:
    id, a score per frame, `<frame>_present` per frame, and `dominant` ("none" if no frame is).
    `sentences` gets id, sentence (0 is the headline), start and end (in characters of the text as
    given; empty for the headline), and a score and a decision per frame. Nothing is written under
    these names until all rows are done.

    Raises UsageError for names that can't be written or asked for, SourceError for a table that
    can't be read, CodebookError and ModelError for the codebook and its model.
    """
    _different(path, out, sentences)
    book = load_codebook(codebook or BUNDLED)
    model = load_model(book)
    _no_clash(model.frames, codebook or BUNDLED)
    source = open_source(path, limits=_LIMITS)
    columns = _columns(source, mapping or {}, path)
    report = LabelReport(model.version, book.id, findings=list(source.findings))
    seen: set[str] = set()
    with (
        Output(out) as piece_rows,
        Output(sentences) as sentence_rows,
        (progress or Silent()).task("Scoring", source.total) as advance,
    ):
        for batch in source.batches(list(columns.values()), _LIMITS):
            _note(report, batch)
            pieces = _pieces(batch, columns, path)
            _note_repeats(report, batch.row_numbers, pieces.ids, seen)
            if pieces.ids:
                _write(model, pieces, piece_rows, sentence_rows, report)
            advance(batch.rows_read)
        if not report.pieces:
            raise SourceError(
                "there are no rows to score" + _why(report),
                where=str(path),
                remedy="check that it is the right file, and that each row has an id and a text",
            )
    return report


def _different(path: Path, out: Path, sentences: Path | None) -> None:
    names = [one.resolve() for one in (path, out, sentences) if one is not None]
    if len(set(names)) < len(names):
        raise UsageError(
            "two of input, --out and --sentences are the same file",
            where=str(out),
            remedy="write to a new name",
        )


def _no_clash(frames: tuple[str, ...], where: Path) -> None:
    names = ["id", "dominant", "sentence", "start", "end"]
    clash = next((one for one in frames if one in names or one.endswith("_present")), None)
    if clash:
        raise UsageError(
            f"a frame is called '{clash}', like a column of the result",
            where=str(where),
            remedy="give the frame another id",
        )


def _columns(source: Source, mapping: Mapping[str, str], path: Path) -> dict[str, str]:
    """Field -> column, for the fields that the table has."""
    unknown = next((name for name in mapping if name not in NEEDED), None)
    if unknown:
        raise UsageError(
            f"--map {unknown}=...: there is no field '{unknown}' here",
            remedy=f"fields are {', '.join(NEEDED)}; write --map FIELD=COLUMN",
        )
    if not source.columns:
        raise SourceError(
            "no row is an object with named fields",
            where=str(path),
            remedy='write each row as {"id": "...", "title": "...", "text": "..."}',
        )
    found = find_columns(source.columns, mapping, str(path)).of
    for name in NEEDED:
        if name not in found and not (name == "title" and "title" in mapping):
            raise SourceError(
                f"there is no column '{name}'; there are: {listed(source.columns)}",
                where=str(path),
                remedy=f"name it with --map {name}=COLUMN"
                + (", or leave it out with --map title=" if name == "title" else ""),
            )
    columns = {name: found[name] for name in NEEDED if name in found}
    if SPANS in source.columns:
        columns[SPANS] = SPANS
    return columns


def _note(report: LabelReport, batch: RawBatch) -> None:
    report.refused += sum(finding.refused for finding in batch.findings)
    room = max(0, MAX_FINDINGS - len(report.findings))
    report.findings.extend(batch.findings[:room])


def _note_repeats(
    report: LabelReport, numbers: Sequence[int], ids: Sequence[str], seen: set[str]
) -> None:
    for number, key in zip(numbers, ids, strict=True):
        if key in seen and len(report.findings) < MAX_FINDINGS:
            report.findings.append(Finding(number, "id", "id_repeated", key))
        seen.add(key)


def _why(report: LabelReport) -> str:
    if not report.refused:
        return ""
    first = next(finding for finding in report.findings if finding.refused)
    return f" ({report.refused:,} were refused; row {first.row}: {first.reason})"


def _pieces(batch: RawBatch, columns: Mapping[str, str], path: Path) -> _Pieces:
    def cells(name: str) -> Iterator[Any]:
        return iter(batch.values[columns[name]] if name in columns else [None] * count)

    count = len(batch.row_numbers)
    found = _Pieces([], [], [], [])
    rows = zip(
        batch.row_numbers, cells("id"), cells("title"), cells("text"), cells(SPANS), strict=True
    )
    for number, key, title, text, spans in rows:
        where = f"{path}, row {number}"
        found.ids.append(_text(key, where, "id"))
        found.titles.append(_text(title, where, "title"))
        found.texts.append(_text(text, where, "text"))
        found.spans.append(_spans(spans, found.texts[-1], where))
        if not found.ids[-1].strip():
            raise SourceError(
                "the id is empty",
                where=f"{where}, column {columns['id']}",
                remedy="give each row an id, so that its scores can be told apart",
            )
    return found


def _text(cell: Any, where: str, name: str) -> str:
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, list | dict | bytes):
        raise SourceError(
            f"there is no text here but {shortened(repr(cell))}",
            where=f"{where}, column {name}",
            remedy=f"name the column that holds the {name} with --map {name}=COLUMN",
        )
    return encodable(str(cell))


def _spans(cell: Any, text: str, where: str) -> list[Span]:
    """The sentences named, checked; found in the text if none are named (an empty list is none)."""
    if isinstance(cell, str):
        cell = _parsed(cell) if cell.strip() else None
    if cell is None:
        return splitting.spans_of(text)
    if isinstance(cell, list) and all(_is_span(one, len(text)) for one in cell):
        return [(one[0], one[1]) for one in cell]
    raise SourceError(
        f"these are no sentences of a text of {len(text):,} characters: {shortened(repr(cell))}",
        where=f"{where}, column {SPANS}",
        remedy="write a list of [start, end] in characters of the text, 0 <= start <= end",
    )


def _parsed(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        # Not JSON, or JSON with numbers of thousands of digits, or nested without end.
        return cell


def _is_span(one: Any, length: int) -> bool:
    return (
        isinstance(one, list | tuple)
        and len(one) == 2
        and all(isinstance(x, int) and not isinstance(x, bool) for x in one)
        and 0 <= one[0] <= one[1] <= length
    )


def _write(
    model: FrameModel,
    pieces: _Pieces,
    piece_rows: RowWriter,
    sentence_rows: RowWriter,
    report: LabelReport,
) -> None:
    scored = model.score(pieces.titles, pieces.texts, pieces.spans)
    piece_rows.write(_piece_table(scored, pieces))
    sentence_rows.write(_sentence_table(scored, pieces))
    report.pieces += len(pieces.ids)
    report.sentences += len(scored.logits)


def _piece_table(scored: Scored, pieces: _Pieces) -> pl.DataFrame:
    names = [*scored.frames, NONE]
    best = dominant(scored.piece_scores, scored.present, scored.starts)
    return pl.DataFrame({"id": pieces.ids}, schema={"id": pl.String}).with_columns(
        *_by_frame(scored.frames, scored.piece_scores, scored.piece_present),
        pl.Series("dominant", [names[place] for place in best], dtype=pl.String),
    )


def _sentence_table(scored: Scored, pieces: _Pieces) -> pl.DataFrame:
    lengths = np.diff(scored.starts)
    number = np.arange(scored.starts[-1]) - np.repeat(scored.starts[:-1], lengths)
    bounds = [bound for spans in pieces.spans for bound in [(None, None), *spans]]
    ids = pl.Series("id", pieces.ids, dtype=pl.String)
    return pl.DataFrame(
        [
            ids.gather(np.repeat(np.arange(len(ids)), lengths)),
            pl.Series("sentence", number, dtype=pl.Int32),
            pl.Series("start", [start for start, _ in bounds], dtype=pl.Int32),
            pl.Series("end", [end for _, end in bounds], dtype=pl.Int32),
        ]
    ).with_columns(*_by_frame(scored.frames, scored.scores, scored.present))


def _by_frame(frames: tuple[str, ...], scores: Any, present: Any) -> list[pl.Series]:
    """First all scores, then all decisions."""
    return [
        *(pl.Series(frame, scores[:, f].round(6)) for f, frame in enumerate(frames)),
        *(pl.Series(f"{frame}_present", present[:, f]) for f, frame in enumerate(frames)),
    ]
