"""What a search finds, as a table for the terminal or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analysis.project import Project
from analysis.reads import Scope, open_current
from analysis.report.exports import csv_bytes
from analysis.search.index import Unit, beside, open_index
from analysis.search.results import Hit, Sort, counts, page, search, together
from analysis.types import Estimand
from analysis.writing import check_place, parquet_bytes, write_whole

ALL = 2**31 - 1

_ROWS: dict[str, Any] = {
    "id": pl.String,
    "outlet": pl.String,
    "published": pl.Date,
    "title": pl.String,
    "sentence": pl.Int32,
    "snippet": pl.String,
    "score": pl.Float64,
}


@dataclass(frozen=True)
class Found:
    """Hits in k of n pieces, the share with its 95 % interval (None where n is 0), and rows of hits.

    `rows`: id, outlet, published, title, sentence (null for pieces), snippet, score.
    """

    query: str
    unit: Unit
    hits: int
    k: int
    n: int
    share: float | None
    low: float | None
    high: float | None
    rows: pl.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """For JSON; days as texts."""
        rows = self.rows.with_columns(pl.col("published").cast(pl.String)).to_dicts()
        return {**asdict(self), "rows": rows}


def look(
    project: Project, text: str, unit: Unit, sort: Sort, estimand: Estimand, most: int | None
) -> Found:
    """The first `most` hits of a search in the current build, all if None.

    Raises ProjectError when nothing has been built, SearchError for a search or an index that
    can't be used.
    """
    build = open_current(project)
    try:
        scope = Scope(estimand=estimand)
        hits = search(build, open_index(beside(build)), text, unit)
        by_outlet = counts(build, scope, hits)
        rows = page(build, scope, hits, sort=sort, most=ALL if most is None else most)
    finally:
        build.close()
    all_of = together(by_outlet).row(0, named=True)
    return Found(
        text,
        unit,
        all_of["hits"],
        all_of["k"],
        all_of["n"],
        all_of["share"],
        all_of["low"],
        all_of["high"],
        listed(rows),
    )


def write(found: Found, out: Path) -> int:
    """Writes the rows as .csv or .parquet; returns how many. Raises UsageError, ReportError."""
    check_place(out, (".csv", ".parquet"))
    table = found.rows
    write_whole(out, csv_bytes(table) if out.suffix.lower() == ".csv" else parquet_bytes(table))
    return table.height


def listed(hits: Sequence[Hit]) -> pl.DataFrame:
    """Hits as the rows of `Found`."""
    return pl.DataFrame([_row(hit) for hit in hits], schema=_ROWS, orient="row")


def _row(hit: Hit) -> tuple[Any, ...]:
    title, shown = hit.title.text, hit.text.text
    return (hit.id, hit.outlet, hit.published, title, hit.sentence, shown, hit.score)
