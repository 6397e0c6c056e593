"""Commands that work on a project."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.options import JSON, MAP, PATH, PROJECT, pairs, plain, print_json, reported
from analysis.errors import UsageError
from analysis.project import DATA, Project, init, open_project
from analysis.terminal import Bars, errors, results

if TYPE_CHECKING:
    from analysis.store import Database


@contextmanager
def _opened(root: Path) -> Iterator[tuple[Project, Database]]:
    from analysis.store import open_corpus

    project = open_project(root)
    with open_corpus(project.corpus_path) as corpus:
        yield project, corpus


@click.command("init")
@click.argument("root", type=PATH)
@reported
def init_command(root: Path) -> None:
    """Make a new project in the folder ROOT."""
    project = init(root)
    results.print(f"Project made: {plain(str(project.root))}")
    results.print(f"Next: framescope ingest FILE --project {plain(str(root))}")


@click.command()
@click.argument("sources", nargs=-1, required=True, type=PATH)
@PROJECT
@MAP
@click.option(
    "--date-order",
    type=click.Choice(["mdy", "dmy"]),
    help="How to read dates like 03/04/2025 where the file does not tell.",
)
@click.option("--sheet", default="", help="Which sheet of an xlsx file; the first if not given.")
@JSON
@reported
def ingest(
    sources: tuple[Path, ...],
    root: Path,
    mapping: tuple[str, ...],
    date_order: str | None,
    sheet: str,
    as_json: bool,
) -> None:
    """Read csv, tsv, jsonl, parquet or xlsx files, or folders of them, into a project."""
    from analysis.ingest import ingest as read_in

    columns = pairs(mapping)
    with _opened(root) as (project, corpus):
        order = date_order or project.settings.date_order
        reports = read_in(
            project,
            corpus,
            list(sources),
            mapping=columns,
            date_order=order,
            sheet=sheet,
            progress=Bars(),
        )
    if as_json:
        print_json([report.as_dict() for report in reports])
    else:
        for report in reports:
            lines = [plain(line) for line in report.lines()]
            if report.error:
                lines[0] = f"[bold red]Error[/] {lines[0]}"
            for line in lines:
                (errors if report.error else results).print(line)
    if any(report.error for report in reports):
        sys.exit(1)


@click.command()
@PROJECT
@JSON
@reported
def build(root: Path, as_json: bool) -> None:
    """Run every stage that is out of date, then publish the build."""
    from analysis import pipeline

    with _opened(root) as (project, corpus):
        report = pipeline.build(project, corpus, Bars())
    if as_json:
        stages = [vars(stage) for stage in report.stages]
        print_json({"build": report.build_id, "published": report.published, "stages": stages})
        return
    for stage in report.stages:
        if stage.pieces:
            results.print(f"{stage.stage:<12} {stage.pieces:>9,} pieces  {stage.seconds:7.1f} s")
    results.print(
        f"Published build {report.build_id}"
        if report.published
        else f"Nothing new; build {report.build_id} is up to date"
    )


@click.command()
@PROJECT
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen. Anything but loopback shows the corpus to your network.",
)
@reported
def serve(root: Path, port: int, address: str) -> None:
    """Show a project's current build in the browser."""
    from analysis.reads import open_current
    from dashboard.launch import launch

    open_current(open_project(root)).close()
    sys.exit(launch(root, port=port, address=address))


@click.command()
@click.option(
    "--project",
    "root",
    type=PATH,
    default=Path("framescope-demo"),
    show_default=True,
    metavar="DIR",
)
@click.option("--no-serve", is_flag=True, help="Build only.")
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@reported
def demo(root: Path, no_serve: bool, port: int) -> None:
    """Build the bundled teaching corpus end to end, then serve it."""
    from analysis import pipeline
    from analysis.ingest import ingest as read_in
    from dashboard.launch import launch

    if (root / "framescope.toml").exists():
        if not open_project(root).settings.teaching:
            raise UsageError(
                "this is a project of your own, and invented coverage would be mixed into it",
                where=str(root),
                remedy="name another folder with --project",
            )
    else:
        init(root)
        text = (DATA / "demo" / "framescope.toml").read_text(encoding="utf-8")
        (root / "framescope.toml").write_text(text, encoding="utf-8")
    with _opened(root) as (project, corpus):
        reports = read_in(
            project,
            corpus,
            [DATA / "demo" / "pieces.jsonl"],
            mapping={},
            date_order="",
            sheet="",
            progress=Bars(),
        )
        report = pipeline.build(project, corpus, Bars())
    for line in reports[0].lines()[:1]:
        results.print(plain(line))
    results.print(f"Teaching corpus built: {plain(str(root))}, build {report.build_id}")
    if no_serve:
        results.print(f"Next: framescope serve --project {plain(str(root))}")
        return
    sys.exit(launch(root, port=port))


@click.command()
@PROJECT
@JSON
@reported
def status(root: Path, as_json: bool) -> None:
    """Show stages, versions, counts and what is out of date."""
    from analysis.status import status as state

    with _opened(root) as (project, corpus):
        found = state(project, corpus)
    if as_json:
        print_json(found.as_dict())
        return
    results.print(
        f"{plain(found.name)}: {found.pieces:,} pieces from {found.files:,} files, "
        f"{found.findings:,} findings about input rows"
    )
    for stage in found.stages:
        note = "up to date" if stage.pending == 0 else f"{stage.pending:,} pieces out of date"
        results.print(f"  {stage.stage:<12} {stage.done:>9,} done   {note:<28} {stage.version}")
    shown = found.build_id or "none yet"
    note = (
        "shows all of it" if found.up_to_date else "run 'framescope build' to bring it up to date"
    )
    results.print(f"  build        {shown}   {note}")


@click.command()
@click.option("--project", "root", type=PATH, metavar="DIR")
@JSON
@reported
def doctor(root: Path | None, as_json: bool) -> None:
    """Check the installation, and a project, and say what to do."""
    from analysis.doctor import examine

    checks = examine(root)
    if as_json:
        print_json([vars(check) for check in checks])
    else:
        for check in checks:
            results.print(f"{'ok   ' if check.ok else 'FAULT'} {plain(check.what)}")
            if not check.ok:
                results.print(f"      What to do: {plain(check.remedy)}")
    if not all(check.ok for check in checks):
        sys.exit(1)
