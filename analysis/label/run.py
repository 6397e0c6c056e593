"""Scores any table of texts without a project: one row per piece, and per sentence if asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis.errors import SourceError, UsageError
from analysis.frames import load_codebook, load_model
from analysis.frames.codebook import BUNDLED
from analysis.frames.encoders import MINILM
from analysis.frames.match import matched
from analysis.frames.model import BUNDLED as BUNDLED_MODEL
from analysis.label.output import Output
from analysis.label.rows import NO_PIECES, columns_of, pieces_of
from analysis.label.score import Job, work
from analysis.sources.interface import Finding, Limits, RawBatch, Source
from analysis.sources.opener import open_source
from analysis.sources.reasons import REASONS, shortened
from analysis.types import Progress, Silent
from analysis.workers import in_order

# Of refused rows and notices so many are kept one by one; all are counted.
MAX_FINDINGS = 200
SHOWN = 5

_LIMITS = Limits(batch_rows=200, batch_chars=4_000_000)


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


def label(
    path: Path,
    out: Path,
    *,
    sentences: Path | None = None,
    sums: Path | None = None,
    codebook: Path | None = None,
    model: Path | None = None,
    mapping: Mapping[str, str] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> LabelReport:
    """Scores every row of a table and writes `out` (csv, jsonl or parquet by its ending).

    The table has the columns id, title and text; `mapping` says which are meant ({"text":
    "body"}), an empty name leaves title out. A column `spans` of [start, end] holds the sentences;
    without it, or where it is empty, they are found in the text. `out` gets, in the input's order:
    id, a score per frame, `<frame>_present` per frame, and `dominant` ("none" if no frame is).
    `sentences` gets id, sentence (0 is the headline), start and end (in characters of the text as
    given; empty for the headline), and a score and a decision per frame. `sums` gets, for each
    decision that a sentence carries a frame, the parts whose sum is the log-odds of its score: id,
    sentence, frame, source, what, contribution. Nothing is written under these names until all
    rows are done. Rows are read and written in a stream: memory does not grow with them.

    `model` is the folder of a model, otherwise the bundled one; `workers` the number of processes,
    otherwise the number of cores. Raises UsageError for names that can't be written or asked for,
    SourceError for a table that can't be read, CodebookError and ModelError for the codebook and
    its model.
    """
    _different(path, out, sentences, sums)
    book, folder = codebook or BUNDLED, model or BUNDLED_MODEL
    loaded = matched(load_model(load_codebook(book), folder))
    _no_clash(loaded.frames, book)
    # MiniLM's library uses all cores by itself.
    processes = 1 if loaded.encoder == MINILM else workers
    source = open_source(path, limits=_LIMITS)
    columns = columns_of(source, mapping or {}, path)
    report = LabelReport(loaded.version, load_codebook(book).id, findings=list(source.findings))
    with (
        Output(out) as piece_rows,
        Output(sentences) as sentence_rows,
        Output(sums) as sum_rows,
        (progress or Silent()).task("Scoring", source.total) as advance,
    ):
        jobs = _jobs(source, columns, path, report, Job(book, folder, NO_PIECES, sums is not None))
        for done in in_order(work, jobs, processes):
            piece_rows.write(done.pieces)
            sentence_rows.write(done.sentences)
            if done.sums is not None:
                sum_rows.write(done.sums)
            report.pieces += done.pieces.height
            report.sentences += done.sentences.height
            advance(done.rows_read)
        if not report.pieces:
            raise SourceError(
                "there are no rows to score" + _why(report),
                where=str(path),
                remedy="check that it is the right file, and that each row has an id and a text",
            )
    return report


def _jobs(
    source: Source, columns: Mapping[str, str], path: Path, report: LabelReport, like: Job
) -> Iterator[Job]:
    seen: set[str] = set()
    for batch in source.batches(list(columns.values()), _LIMITS):
        _note(report, batch)
        pieces = pieces_of(batch, columns, path)
        _note_repeats(report, batch.row_numbers, pieces.ids, seen)
        yield replace(like, pieces=pieces, rows_read=batch.rows_read)


def _different(*paths: Path | None) -> None:
    names = [one.resolve() for one in paths if one is not None]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(
            "two of the input, --out, --sentences and --explain are the same file",
            where=str(twice),
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
