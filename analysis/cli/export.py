"""The command that writes tables of a build."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli.options import PATH, PROJECT, plain, reported
from analysis.errors import UsageError
from analysis.project import open_project
from analysis.terminal import results
from analysis.types import ESTIMANDS, EXPORTS, Estimand


@click.command()
@click.argument(
    "what",
    type=click.Choice(EXPORTS),
)
@PROJECT
@click.option("--out", required=True, type=PATH, help="A .csv or .parquet file.")
@click.option(
    "--by",
    type=click.Choice(["week", "month", "quarter", "outlet", "topic", "story", "frame", "year"]),
    default=None,
    help="Bins of a trend (month), what divides key words (outlet) or a decomposition (topic).",
)
@click.option(
    "--outlet",
    "outlets",
    multiple=True,
    metavar="NAME",
    help="Decomposition: who, and against whom (all others). Turning points: of these.",
)
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="NAME",
    help="Whose key words: one group against all others, two against each other.",
)
@click.option("--sample", default="", metavar="NAME", help="Whose codes correct; the most coded.")
@click.option(
    "--count",
    "estimand",
    type=click.Choice(ESTIMANDS),
    default="item",
    show_default=True,
    help="original: copies of a text count once; story: an outlet's first piece on each story.",
)
@click.option("--census", is_flag=True, help="The pieces are all there is, not a sample of it.")
@click.option("--together", is_flag=True, help="All intervals hold at once at 95 %.")
@reported
def export(
    what: str,
    root: Path,
    out: Path,
    by: str | None,
    groups: tuple[str, ...],
    outlets: tuple[str, ...],
    sample: str,
    estimand: Estimand,
    census: bool,
    together: bool,
) -> None:
    """Write a table of the current build: pieces with labels, the story of each piece, whose text it
    is, what it quotes, shares by outlet, a trend, why two outlets differ, turning points, what
    headlines assert and leave out, or key words.

    Shares, differences and trends are corrected by what people coded, with the naive share and the gate's
    verdict beside each.
    """
    from analysis.coding.ledger import existing_ledger
    from analysis.estimates import Ask
    from analysis.reads import open_current
    from analysis.report.exports import Request, write

    project = open_project(root)
    ledger = existing_ledger(project.root)
    if sample and ledger is None:
        raise UsageError(f"there is no sample '{sample}'", remedy="framescope sample draws one")
    ask = Ask(project.settings.gate, census=census, together=together)
    asked = Request(what, by or "", estimand, sample, ask, groups, outlets)
    opened = open_current(project)
    try:
        rows = write(opened, ledger, asked, out)
    finally:
        opened.close()
    results.print(f"{rows:,} rows written to {plain(str(out))}")
