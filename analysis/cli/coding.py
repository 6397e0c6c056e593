"""Commands about what people coded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.codes import chosen_sample, opened
from analysis.cli.options import JSON, MAP, PATH, pairs, plain, print_json, reported
from analysis.cli.tables import print_notices, print_table
from analysis.errors import CodingError, UsageError
from analysis.terminal import results

if TYPE_CHECKING:
    from analysis.coding.summary import Agreement

# So many rows of a long table are printed; --json gives all.
SHOWN = 20
# Up to so many coders are named in a cell.
NAMED = 6


@click.command()
@click.argument("file", type=PATH, required=False)
@click.option("--project", "root", type=PATH, metavar="DIR", help="A project, instead of FILE.")
@click.option("--sample", metavar="NAME", help="Which of its samples, where there are several.")
@click.option(
    "--level",
    type=click.Choice(["nominal", "ordinal", "interval"]),
    default="nominal",
    show_default=True,
    help="What the distance of two values means.",
)
@click.option(
    "--order",
    default="",
    metavar="LOW,...,HIGH",
    help="The levels of words from least to most; spellings of one level as mid|midle.",
)
@click.option("--frames", default="", metavar="COL[,COL]", help="Only these frames.")
@click.option(
    "--keep",
    type=click.Choice(["first", "last"]),
    help="Which coding counts where a coder coded a unit twice; otherwise that is an error.",
)
@MAP
@JSON
@reported
def agreement(
    file: Path | None,
    root: Path | None,
    sample: str | None,
    level: Any,
    order: str,
    frames: str,
    keep: Any,
    mapping: tuple[str, ...],
    as_json: bool,
) -> None:
    """How far coders agree: alpha with intervals, pairs, drift, units to discuss.

    FILE (csv, jsonl, parquet, xlsx) has the columns unit, coder, and frame and value, or a column
    for each frame; order if the rows are not in the order of coding. With --project, of what was
    coded there, under the definitions of the current codebook.
    """
    from analysis.coding.summary import summary
    from analysis.coding.table import parse_order, read_codes

    if (file is None) == (root is None):
        raise UsageError(
            "name either a file of codes or a project", remedy="write FILE, or --project DIR"
        )
    if root is not None:
        if level != "nominal" or order or keep or mapping:
            raise UsageError(
                "--level, --order, --keep and --map are for files",
                remedy="leave them out: codes of a project are yes or no, one for each coder",
            )
        tell(*_of_project(root, sample, frames), as_json)
        return
    assert file is not None
    if sample is not None:
        raise UsageError("--sample goes with --project", remedy="leave it out, or name a project")
    codes = read_codes(
        file,
        mapping=pairs(mapping),
        frames=[name.strip() for name in frames.split(",") if name.strip()],
        level=level,
        order=parse_order(order) if order else (),
        keep=keep,
    )
    tell(summary(codes.table, level), codes.notices, as_json)


def _of_project(root: Path, named: str | None, frames: str) -> tuple[Agreement, list[str]]:
    """The agreement of a sample's coders, and what was left out."""
    import polars as pl

    from analysis.coding.codes import long
    from analysis.coding.summary import summary

    with opened(root) as (ledger, build):
        sample = chosen_sample(ledger, named)
        table = long(ledger, sample, build.frames)
        every = long(ledger, sample).height
        known = [frame["id"] for frame in build.frames]
    wanted = [name.strip() for name in frames.split(",") if name.strip()] or known
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(
            f"the codebook has no frame '{unknown[0]}'", remedy=f"its frames: {', '.join(known)}"
        )
    if table.is_empty():
        raise CodingError(
            f"nothing is coded in the sample '{sample}' under the present definitions",
            where=str(root),
            remedy=f"run: framescope code --project {root} --coder NAME",
        )
    notices = []
    if every > table.height:
        notices.append(f"{every - table.height:,} codes under older definitions are left out")
    if undecided := table["value"].null_count():
        notices.append(f"{undecided:,} times a coder can't decide, which is left out")
    # Frames in the order of the codebook, codes of each in the order of commits.
    kept = table.filter(pl.col("frame").is_in(wanted)).sort(
        pl.col("frame").cast(pl.Enum(known)), "order"
    )
    return summary(kept), notices


def tell(found: Agreement, notices: list[str], as_json: bool) -> None:
    """Prints an agreement; long tables are cut, and say so."""
    if as_json:
        print_json(found.as_dict() | {"notices": notices})
        return
    print_notices(notices)
    results.print(f"{found.units:,} units, {found.coders:,} coders, {found.level} level")
    columns = ("frame", "units", "coders", "codes", "alpha", "low", "high", "agree", "verdict")
    print_table(found.frames.to_dicts(), columns, "Agreement before discussion, by frame")
    for frame, reason in found.frames.select("frame", "reason").iter_rows():
        results.print(f"{plain(frame)}: {plain(reason)}")
    _tell_pairs(found)
    _tell_changes(found)
    _tell_disagreements(found)


def _tell_pairs(found: Agreement) -> None:
    cells = ("both", "only_first", "only_second", "neither")
    told = [name for name in cells if found.pairs[name].null_count() < found.pairs.height]
    rows = found.pairs.sort("alpha", nulls_last=True).head(SHOWN).to_dicts()
    columns = ("first", "second", "frame", "units", *told, "agree", "alpha")
    print_table(rows, columns, f"Pairs of coders{_cut(found.pairs.height, 'lowest alpha first')}")
    worded = found.pairs.filter(found.pairs["both"].is_null())["frame"].unique().to_list()
    parted = [
        row
        for row in found.confusion.sort("units", descending=True).to_dicts()
        if row["frame"] in worded and row["said_first"] != row["said_second"]
    ]
    if parted:
        columns = ("first", "second", "frame", "said_first", "said_second", "units")
        title = f"Values on which pairs part{_cut(len(parted), 'most units first')}"
        print_table(parted[:SHOWN], columns, title)


def _tell_changes(found: Agreement) -> None:
    from analysis.coding.changes import FALSE_ALARMS

    tested = found.changes.drop_nulls("p")
    changed = tested.filter("changed").sort("p")
    alarms = f"where nobody drifts, {FALSE_ALARMS * 100:.0f} % of tables show a change"
    results.print(
        f"Drift: {changed.height:,} of {tested.height:,} series of codings change beyond chance; "
        f"{alarms}"
        if tested.height
        else "Drift: too few codings of the same units to look for it, or coders never differ"
    )
    for row in changed.head(SHOWN).to_dicts():
        results.print(f"  {plain(row['coder'])}, {plain(row['frame'])}: {row['reason']}")
    if changed.height > SHOWN:
        results.print(f"  and {changed.height - SHOWN:,} more (--json lists them)")


def _tell_disagreements(found: Agreement) -> None:
    rows = [
        row | {"said": _said(row["said"])} for row in found.disagreements.head(SHOWN).to_dicts()
    ]
    title = f"To discuss{_cut(found.disagreements.height, 'most disagreement first')}"
    print_table(rows, ("unit", "total", "frame", "disagreement", "said"), title)


def _said(codes: list[dict[str, str]]) -> str:
    """Who said what; of many coders how many did."""
    by_value: dict[str, list[str]] = {}
    for one in codes:
        by_value.setdefault(one["value"], []).append(one["coder"])
    return "; ".join(
        f"{value}: {', '.join(coders) if len(codes) <= NAMED else f'{len(coders)} coders'}"
        for value, coders in sorted(by_value.items())
    )


def _cut(rows: int, order: str) -> str:
    return f", {SHOWN} of {rows:,}, {order} (--json lists all)" if rows > SHOWN else ""
