"""The command that draws samples for blind coding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.options import JSON, PATH, PROJECT, plain, print_json, reported
from analysis.cli.tables import print_notices, print_table
from analysis.errors import CodingError, UsageError
from analysis.project import Project, open_project
from analysis.terminal import results
from analysis.types import ESTIMANDS

if TYPE_CHECKING:
    from analysis.coding.ledger import Ledger
    from analysis.coding.sampling import DrawnSample, Plan, Request
    from analysis.reads import Build

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@PROJECT
@click.option("--budget", type=int, help="How many pieces to draw; of a top-up, how many more.")
@click.option(
    "--design",
    type=click.Choice(["simple", "proportional", "neyman"]),
    help="proportional (by outlet, period and score band) if not given; neyman is for a contrast.",
)
@click.option("--contrast", metavar='"A vs B"', help="What neyman is for; or 'A vs rest'.")
@click.option("--frame", "frames", multiple=True, help="Frames that the bands are made of; all.")
@click.option("--outlet", "outlets", multiple=True, help="Draw from these outlets only.")
@click.option("--topic", "topics", multiple=True, help="Draw from these topics only, by key.")
@click.option("--from", "day_from", type=DAY, help="First day, as 2025-06-01.")
@click.option("--to", "day_to", type=DAY, help="Last day.")
@click.option(
    "--count",
    type=click.Choice(ESTIMANDS),
    help="original: copies once; story: an outlet's first piece on each.",
)
@click.option("--seed", type=int, help="Of the random numbers; 1 if not given.")
@click.option("--overlap", type=float, help="Share of pieces that every coder codes; .2.")
@click.option("--name", default="", help="The sample's name; s1, s2, ... if not given.")
@click.option("--title", default="", help="What the sample is for.")
@click.option("--top-up", "earlier", metavar="NAME", help="Add to this sample.")
@click.option("--dry-run", is_flag=True, help="Show what would be drawn, and write nothing.")
@click.option("--log", "show_log", is_flag=True, help="Show what was drawn so far; see --name.")
@click.option("--out", type=PATH, help="Write the drawn pieces as .csv: not for coders' eyes.")
@JSON
@reported
def sample(
    root: Path,
    budget: int | None,
    earlier: str | None,
    dry_run: bool,
    show_log: bool,
    out: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Draw a sample for blind coding, with known probabilities."""
    from analysis.coding import sampling
    from analysis.writing import check_place

    project = open_project(root)
    for option, given in (("--top-up", earlier), ("--contrast", asked["contrast"])):
        if given is not None and not given.strip():
            raise UsageError(
                f"{option} names nothing", remedy="write what is meant, or leave it out"
            )
    if out:
        check_place(out, (".csv",))
    if show_log:
        if budget is not None or earlier or dry_run:
            raise UsageError(
                "--log looks back and draws nothing",
                remedy="leave --budget, --top-up and --dry-run out, or leave --log out",
            )
        _show_log(project, asked["name"], out, as_json)
        return
    if budget is None:
        raise UsageError("how many pieces?", remedy="give --budget N, or look back with --log")
    if earlier and (asked["name"] or asked["title"] or asked["overlap"] is not None):
        raise UsageError(
            "a top-up keeps the name, title and overlap of its sample",
            remedy="leave --name, --title and --overlap out",
        )
    with _build(project) as build:
        now = dt.datetime.now(dt.UTC)
        drawn: DrawnSample | None = None
        if earlier:
            ledger = _ledger(project, make=False)
            start = replace(sampling.last_request(ledger, earlier), budget=budget)
            request = _request(start, asked, build)
            if dry_run:
                made = sampling.plan_top_up(project, ledger, build, earlier, request)
            else:
                drawn = sampling.top_up(project, ledger, build, earlier, request, now)
        else:
            request = _request(sampling.Request(budget), asked, build)
            if dry_run:
                made = sampling.plan(build, request)
            else:
                sampling.plan(build, request)  # fails before a ledger is made
                drawn = sampling.draw(project, _ledger(project, make=True), build, request, now)
    if drawn:
        made = drawn.plan
    if drawn and out:
        _write_pieces(drawn.pieces, out)
    if as_json:
        print_json(_as_dict(made, drawn))
        return
    _show_plan(made)
    if drawn is None:
        results.print("Nothing was drawn (--dry-run).")
        return
    shared = int(drawn.pieces["overlap"].sum())
    results.print(
        f"Drawn: {drawn.pieces.height:,} pieces into sample {drawn.sample} (draw {drawn.draw}), "
        f"{shared:,} of them for every coder."
    )
    if out:
        results.print(
            f"Pieces written to {plain(str(out))}; it tells the score bands: keep it from coders."
        )
    results.print(
        f"Log: framescope sample --project {plain(str(root))} --log --name {drawn.sample}"
    )


def _request(start: Request, asked: dict[str, Any], build: Build) -> Request:
    """The start with what was asked for in its place."""
    from analysis.coding.sampling import parse_contrast

    given: dict[str, Any] = {}
    for key in ("design", "seed", "overlap", "name", "title"):
        if asked[key] not in (None, ""):
            given[key] = asked[key]
    for key in ("frames", "outlets", "topics"):
        if asked[key]:
            given[key] = asked[key]
    for key in ("day_from", "day_to"):
        if asked[key] is not None:
            given[key] = asked[key].date()
    if asked["count"] is not None:
        given["estimand"] = asked["count"]
    if asked["contrast"]:
        given["contrast"] = parse_contrast(asked["contrast"], build.outlets()["outlet"].to_list())
        given.setdefault("design", "neyman")
    elif given.get("design", "neyman") != "neyman":
        given["contrast"] = None
    return replace(start, **given)


def _ledger(project: Project, make: bool) -> Ledger:
    """The project's codings; a file is made only for a sample that will be drawn."""
    from analysis.coding.ledger import NAME, open_ledger

    if not make and not (project.root / NAME).exists():
        raise CodingError(
            "no sample has been drawn yet",
            where=str(project.root),
            remedy=f"draw one: framescope sample --project {project.root} --budget 100",
        )
    return open_ledger(project.root)


@contextmanager
def _build(project: Project) -> Iterator[Build]:
    from analysis.reads import open_current

    build = open_current(project)
    try:
        yield build
    finally:
        build.close()


def _show_plan(made: Plan) -> None:
    held = ("held",) if made.allocation["held"].sum() else ()
    columns = ("stratum", "pieces", *held, "drawn", "probability")
    print_table(made.allocation.to_dicts(), columns, "Allocation")
    contrast = f" for {made.request.contrast}" if made.request.contrast else ""
    results.print(
        f"{made.drawn:,} of {made.frame_size:,} pieces in scope, design {made.request.design}"
        f"{plain(contrast)}, seed {made.request.seed}"
    )
    _show_buys(made)
    print_notices(made.notes)


def _show_buys(made: Plan) -> None:
    """Half-widths in points for the whole, and for the outlet that is known worst."""
    import polars as pl

    from analysis.coding.sampling import MORE

    rows = []
    for frame in made.request.frames:
        of_frame = made.buys.filter(pl.col("frame") == frame)
        now = of_frame.filter(pl.col("more") == 0)
        main, outlets = now["domain"][0], now[1:].sort("half_width", descending=True)
        for domain in [main, *(outlets["domain"][:1] if outlets.height > 1 else [])]:
            widths = of_frame.filter(pl.col("domain") == domain).sort("more")
            row = {
                "frame": frame,
                "of": domain if domain == main else f"widest: {domain}",
                "mean score": f"{widths['share'][0] * 100:.0f} %",
            }
            named = zip(MORE, widths["half_width"], strict=True)
            rows.append(row | {_more(more): _width(width) for more, width in named})
    columns = ("frame", "of", "mean score", *map(_more, MORE))
    print_table(rows, columns, "95 % half-width in points")
    results.print(
        "From the codes alone, if the scores are right; correcting the scores by the codes can "
        "only be judged once pieces are coded."
    )


def _more(count: int) -> str:
    return f"{count} more" if count else "this draw"


def _width(half: float) -> str:
    return f"± {half * 100:.1f}" if half < 0.5 else "over ± 50"


def _show_log(project: Project, name: str, out: Path | None, as_json: bool) -> None:
    from analysis.coding import sampling

    ledger = _ledger(project, make=False)
    names = [name] if name else sampling.samples(ledger)["sample"].to_list()
    if out and not name:
        raise UsageError("of which sample?", remedy="add --name NAME")
    logs = [entry for one in names for entry in sampling.log(ledger, one)]
    if out:
        pieces = sampling.drawn_pieces(ledger, name).drop("draw")
        _write_pieces(pieces, out)
    if as_json:
        print_json(logs)
        return
    if not logs:
        results.print("No sample has been drawn.")
    for entry in logs:
        scope, contrast = entry["scope"], entry["contrast"]
        filters = [
            f"{key} {value if isinstance(value, str) else ', '.join(value)}"
            for key, value in scope.items()
            if value
        ]
        sides = f" for {contrast['left']} vs {contrast['right'] or 'rest'}" if contrast else ""
        results.print(
            f"{entry['sample']} draw {entry['draw']}, {entry['drawn_at']}: {entry['drawn']:,} of "
            f"{entry['frame_size']:,} pieces, {entry['design']}{plain(sides)}, budget "
            f"{entry['budget']:,}, seed {entry['seed']}"
        )
        results.print(f"  scope: {plain('; '.join(filters))}")
        results.print(
            f"  build {entry['build']}, model {plain(entry['model'])}, "
            f"frame SHA-256 {entry['frame_hash'][:12]}, {len(entry['strata'])} strata"
        )
        for row in entry["strata"]:
            results.print(
                f"    {plain(row['stratum'])}: {row['drawn']:,} of {row['pieces']:,}, "
                f"probability {row['probability']:.3f}"
            )


def _write_pieces(pieces: Any, out: Path) -> None:
    from analysis.spreadsheet import csv_bytes
    from analysis.writing import write_whole

    try:
        write_whole(out, csv_bytes(pieces))
    except CodingError as error:
        raise CodingError(
            f"the drawn pieces are stored, but {error.what}",
            where=error.where,
            remedy="get them with: --log --name NAME --out FILE.csv",
        ) from error


def _as_dict(made: Plan, drawn: DrawnSample | None) -> dict[str, Any]:
    return {
        "sample": drawn.sample if drawn else None,
        "draw": drawn.draw if drawn else None,
        "design": made.request.design,
        "contrast": str(made.request.contrast) if made.request.contrast else None,
        "seed": made.request.seed,
        "frame_size": made.frame_size,
        "drawn": drawn.pieces.height if drawn else made.drawn,
        "allocation": made.allocation.to_dicts(),
        "half_widths": made.buys.to_dicts(),
        "notes": made.notes,
    }
