"""Whose text outlets print."""

from __future__ import annotations

import polars as pl

from analysis.measure.shares import with_shares
from analysis.reads import Build, Scope

# Sources of a piece's text, from the outlet's own to others'.
SOURCES = ("own", "help", "agency", "copy")


def reporting(build: Build, scope: Scope) -> pl.DataFrame:
    """outlet, source (one of SOURCES), k of its n pieces in scope, share, low, high (Wilson, 95 %).

    Every outlet in scope has a row for each source; every published item counts.
    """
    rows = build.database.read("reporting_by_outlet", **scope.pieces())
    outlets = rows.select("outlet", "n").unique(maintain_order=True)
    return with_shares(
        outlets.join(pl.DataFrame({"source": list(SOURCES)}), how="cross")
        .join(rows.drop("n"), on=["outlet", "source"], how="left", maintain_order="left")
        .with_columns(pl.col("k").fill_null(0))
    )


def between(build: Build, scope: Scope) -> pl.DataFrame:
    """origin, printed_by, copies: whose text is printed by whom, the most first."""
    return build.database.read("copies_between", **scope.pieces())


def groups(build: Build, scope: Scope) -> pl.DataFrame:
    """copy_group, title, origin, first_day, pieces, outlets, headlines; the most printed first."""
    return build.database.read("printed_texts", **scope.pieces())


def group(build: Build, copy_group: int) -> pl.DataFrame:
    """id, outlet, published, title, is_original, agency, how, characters, frames of the headline."""
    return build.database.read("printed_text", group=copy_group)


def printed(build: Build) -> pl.DataFrame:
    """Pieces with copies or a credit: id, outlet, published, title, copy_group, origin (an id),
    origin_outlet, is_original, agency, how; null where there is no such thing."""
    return build.database.read("printed")
