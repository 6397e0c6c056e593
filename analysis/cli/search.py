"""framescope search: full text over the pieces or sentences of the current build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.options import JSON, PATH, PROJECT, plain, print_json, reported
from analysis.project import open_project
from analysis.terminal import results
from analysis.types import ESTIMANDS, Estimand

if TYPE_CHECKING:
    from analysis.report.search import Found
    from analysis.search.index import Unit
    from analysis.search.results import Sort


@click.command()
@click.argument("query")
@PROJECT
@JSON
@click.option("--out", type=PATH, help="All hits into a .csv or .parquet file.")
@click.option(
    "--unit", type=click.Choice(["piece", "sentence"]), default="piece", show_default=True
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
)
@click.option(
    "--count",
    "estimand",
    type=click.Choice(ESTIMANDS),
    default="item",
    show_default=True,
    help="original: copies of a text count once; story: an outlet's first piece on each story.",
)
@click.option("--most", type=click.IntRange(1, 1000), default=10, show_default=True)
@reported
def search(
    query: str,
    root: Path,
    as_json: bool,
    out: Path | None,
    unit: Unit,
    sort: Sort,
    estimand: Estimand,
    most: int,
) -> None:
    """Find words, "phrases", "near by"~5, AND, OR, NOT, begin*, title:, outlet:, frame:, topic:,
    date:2025-06..2025-09. Begin a query that starts with - by two dashes: -- -word."""
    from analysis.report.search import look, write

    found = look(open_project(root), query, unit, sort, estimand, None if out else most)
    if out is not None:
        results.print(f"{write(found, out):,} rows written to {plain(str(out))}")
    elif as_json:
        print_json(found.as_dict())
    else:
        _tell(found)


def _tell(found: Found) -> None:
    share = (
        "" if found.share is None else f", {found.share:.1%} ({found.low:.1%} to {found.high:.1%})"
    )
    results.print(f"{found.hits:,} hits in {found.k:,} of {found.n:,} pieces{share}")
    for row in found.rows.iter_rows(named=True):
        where = f"{row['published'] or 'undated'}  {row['outlet']}  {row['title']}  [{row['id']}]"
        results.print(f"\n[bold]{plain(where)}[/]")
        if row["snippet"]:
            results.print(f"  {plain(' '.join(row['snippet'].split()))}")
    if found.rows.height < found.hits:
        results.print(f"\n{found.rows.height:,} of {found.hits:,} hits shown; --most N shows more")
