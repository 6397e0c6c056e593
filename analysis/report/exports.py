"""Tables of a build as files, each number with its denominator, interval and verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import polars as pl

from analysis import spreadsheet
from analysis.coding.ledger import Ledger
from analysis.errors import UsageError
from analysis.estimates import Ask, Evidence, gather, headlines, shares, trend
from analysis.reading import copies, stories, voices
from analysis.reads import Bin, Build, Domain, Scope
from analysis.report.fair import decomposition, turns
from analysis.report.numbers import told
from analysis.report.voices import frame_voices, speakers
from analysis.report.words import DEFAULT, key_words
from analysis.types import Estimand
from analysis.writing import check_place, parquet_bytes, write_whole

ALL = 2**31 - 1


def csv_bytes(table: pl.DataFrame) -> bytes:
    """UTF-8 CSV with a byte-order mark, lists joined by '; ', formulas defused."""
    lists = [name for name, kind in table.schema.items() if isinstance(kind, pl.List)]
    flat = table.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in lists
    )
    return spreadsheet.csv_bytes(flat)


@dataclass(frozen=True)
class Request:
    """What an export holds. `by`: the bins of a trend ('month' if not given), what divides key
    words ('outlet') or a decomposition ('topic'); `groups`: whose key words, see `words.key_words`;
    `outlets`: of a decomposition, or of turning points (all if not given); `sample`: whose codes correct, the one with
    most coded pieces if not named; `estimand` and `ask` as everywhere."""

    what: str
    by: str = ""
    estimand: Estimand = "item"
    sample: str = ""
    ask: Ask = field(default_factory=Ask)
    groups: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A request on a build, with the codes that correct (None: nothing does)."""

    build: Build
    request: Request
    evidence: Evidence | None

    @property
    def scope(self) -> Scope:
        return Scope(estimand=self.request.estimand)


def table(build: Build, ledger: Ledger | None, request: Request) -> pl.DataFrame:
    """The rows of one of EXPORTS.

    Estimates come as `numbers.told` gives them; without codings (None) they are naive. Raises
    UsageError for another export or an option that it does not take, CodingError for a sample that
    is not there.
    """
    if request.what not in EXPORTS:
        raise UsageError(
            f"there is no export '{request.what}'", remedy=f"one of: {', '.join(EXPORTS)}"
        )
    _check_options(request)
    evidence = gather(build, ledger, request.sample) if ledger else None
    return EXPORTS[request.what](Job(build, request, evidence))


def _shares(job: Job) -> pl.DataFrame:
    domain = Domain(by_outlet=True)
    return told(shares(job.build, job.scope, domain, job.evidence, job.request.ask))


def _trend(job: Job) -> pl.DataFrame:
    minimum = int(job.build.meta["min_cell"])
    bin = _bin(job.request.by)
    return told(trend(job.build, job.scope, bin, job.evidence, job.request.ask, minimum))


def _decomposition(job: Job) -> pl.DataFrame:
    asked = job.request
    return decomposition(job.build, job.scope, asked.outlets, asked.by, job.evidence, asked.ask)


def _turning_points(job: Job) -> pl.DataFrame:
    asked = job.request
    return turns(job.build, job.scope, asked.outlets, job.evidence, asked.ask)


def _headlines(job: Job) -> pl.DataFrame:
    parts = [
        told(headlines.parted(job.build, job.scope, parting, job.request.ask)).select(
            pl.lit(parting).alias("part"), pl.all()
        )
        for parting in get_args(headlines.Parting)
    ]
    return pl.concat(parts)


def _key_words(job: Job) -> pl.DataFrame:
    return key_words(job.build, job.scope, job.request.by or DEFAULT, job.request.groups)


EXPORTS: dict[str, Callable[[Job], pl.DataFrame]] = {
    "pieces": lambda job: job.build.labels(job.scope),
    "stories": lambda job: stories.members(job.build),
    "copies": lambda job: copies.printed(job.build),
    "voices": lambda job: voices.quotations(job.build),
    "frame-voices": lambda job: frame_voices(job.build, job.scope, job.request.ask),
    "speakers": lambda job: speakers(job.build, job.scope, job.request.ask),
    "shares": _shares,
    "trend": _trend,
    "decomposition": _decomposition,
    "turning-points": _turning_points,
    "headlines": _headlines,
    "keyness": _key_words,
    "problems": lambda job: job.build.problems(ALL),
}


# Which exports an option says something to.
TAKE_BY = ("trend", "decomposition", "keyness")
TAKE_OUTLETS = ("decomposition", "turning-points")
TAKE_GROUPS = ("keyness",)
TAKE_COUNT = tuple(
    what for what in EXPORTS if what not in ("stories", "copies", "voices", "problems")
)


def _check_options(request: Request) -> None:
    """An option that would change nothing is refused: a table would seem to heed it."""
    given = (
        ("--by", request.by, TAKE_BY),
        ("--outlet", request.outlets, TAKE_OUTLETS),
        ("--group", request.groups, TAKE_GROUPS),
        ("--count", request.estimand != "item", TAKE_COUNT),
    )
    for option, value, takers in given:
        if value and request.what not in takers:
            raise UsageError(
                f"the export '{request.what}' takes no {option}",
                remedy=f"leave it out; it is for: {', '.join(takers)}",
            )


def _bin(by: str) -> Bin:
    for known in get_args(Bin):
        if (by or "month") == known:
            return known  # type: ignore[no-any-return]
    raise UsageError(f"a trend is not by {by}", remedy="week, month or quarter")


def write(build: Build, ledger: Ledger | None, request: Request, out: Path) -> int:
    """Writes an export as .csv or .parquet; returns the number of rows.

    An earlier file of that name is replaced when the new one is complete. Raises UsageError for a
    name that can't be written and ReportError when writing fails.
    """
    check_place(out, (".csv", ".parquet"))
    rows = table(build, ledger, request)
    write_whole(out, csv_bytes(rows) if out.suffix.lower() == ".csv" else parquet_bytes(rows))
    return rows.height
