"""Commands of human coding: in the terminal, and in and out of files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.options import JSON, PATH, PROJECT, plain, print_json, reported
from analysis.errors import CodingError
from analysis.project import open_project
from analysis.terminal import errors, results

if TYPE_CHECKING:
    from analysis.coding.ledger import Ledger
    from analysis.reads import Build

SAMPLE = click.option(
    "--sample", metavar="NAME", help="The sample; may be left out where there is one only."
)
CODER = click.option("--coder", metavar="NAME", help="Whose codes.")


@contextmanager
def opened(root: Path) -> Iterator[tuple[Ledger, Build]]:
    """The codings of a project and its current build."""
    from analysis.coding.ledger import open_ledger
    from analysis.reads import open_current

    build = open_current(open_project(root))
    try:
        yield open_ledger(root), build
    finally:
        build.close()


def chosen_sample(ledger: Ledger, named: str | None) -> str:
    """The sample meant. Raises CodingError when it has to be named."""
    from analysis.coding.sessions import DRAW, check_sample

    if named is not None:
        check_sample(ledger, named)
        return named
    known: list[str] = [row["sample"] for row in ledger.rows("samples")]
    if len(known) != 1:
        raise CodingError(
            "there are several samples" if known else "there is no sample yet",
            where=str(ledger.path),
            remedy=f"add --sample with one of: {', '.join(known)}" if known else DRAW,
        )
    return known[0]


@click.command()
@PROJECT
@SAMPLE
@click.option("--coder", required=True, metavar="NAME", help="Your name; any case.")
@reported
def code(root: Path, sample: str | None, coder: str) -> None:
    """Code pieces blind, one after the other, in the terminal."""
    from analysis.cli.desk import sit_down
    from analysis.coding.sessions import Desk

    with opened(root) as (ledger, build):
        desk = Desk(ledger, chosen_sample(ledger, sample), coder, build.frames, source="terminal")
        sit_down(desk, build)


@click.group()
def codes() -> None:
    """Take codings out to a file, and back in."""


@codes.command("export")
@PROJECT
@SAMPLE
@CODER
@click.option("--out", required=True, type=PATH, help="A .csv file.")
@click.option("--done", is_flag=True, help="What has been coded: a full backup.")
@click.option("--most", type=click.IntRange(1), help="At most so many pieces on the sheet.")
@click.option(
    "--hold-days",
    type=click.IntRange(0, 365),
    default=0,
    show_default=True,
    help="Keep the pieces of the sheet from other coders for so long.",
)
@reported
def export_codes(
    root: Path,
    sample: str | None,
    coder: str | None,
    out: Path,
    done: bool,
    most: int | None,
    hold_days: int,
) -> None:
    """Write a blank sheet of what a coder has still to code; with --done, all that was coded."""
    import datetime as dt

    from analysis.coding.exchange.backup import backup
    from analysis.coding.exchange.sheets import blank_sheet, hold, open_pieces
    from analysis.coding.sessions import blind_pieces, signed_in
    from analysis.errors import UsageError
    from analysis.spreadsheet import csv_bytes
    from analysis.writing import check_place, write_whole

    check_place(out, (".csv",))
    now = dt.datetime.now(dt.UTC)
    with opened(root) as (ledger, build):
        name = chosen_sample(ledger, sample)
        if done:
            table = backup(ledger, name, coder)
            write_whole(out, csv_bytes(table))
            count = table["record"].eq("coding").sum()
            results.print(f"{count:,} codings written to {plain(str(out))}")
            return
        if coder is None:
            raise UsageError("a sheet is somebody's", remedy="add --coder NAME, or --done")
        who = signed_in(ledger, coder, now)
        ids = open_pieces(ledger, name, who, now)[:most]
        table = blank_sheet(ids, blind_pieces(build, ids), build.frames)
        write_whole(out, csv_bytes(table))
        if hold_days:
            hold(ledger, name, who, ids, now + dt.timedelta(days=hold_days))
    results.print(f"{len(ids):,} pieces written to {plain(str(out))}")
    if ids:
        results.print("In the frames' columns write 1 present, 0 absent, ? can't decide; then:")
        results.print(
            f"  framescope codes import {plain(str(out))} --project {plain(str(root))} "
            f'--sample {plain(name)} --coder "{plain(who)}"'
        )


@codes.command("import")
@click.argument("file", type=PATH)
@PROJECT
@click.option("--sample", required=True, metavar="NAME", help="The sample.")
@CODER
@click.option("--replace", is_flag=True, help="Withdraw earlier codings that differ.")
@JSON
@reported
def import_codes(
    file: Path, root: Path, sample: str, coder: str | None, replace: bool, as_json: bool
) -> None:
    """Take in a coded sheet, a backup, a Label Studio or a doccano export: all of it, or nothing."""
    import datetime as dt

    from analysis.coding.exchange.incoming import import_file
    from analysis.coding.marks import coder_name

    who = None if coder is None else coder_name(coder)
    with opened(root) as (ledger, build):
        taken = import_file(
            ledger, build, file, sample, coder=who, now=dt.datetime.now(dt.UTC), replace=replace
        )
    if as_json:
        print_json(vars(taken))
        return
    for notice in taken.notices:
        errors.print(f"Notice: {plain(notice)}")
    results.print(
        f"{taken.added:,} codings taken in, {taken.same:,} were there, {taken.replaced:,} replaced, "
        f"{taken.blank:,} rows not coded yet"
    )
