"""Decompositions and turning points as tables that leave Framescope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import polars as pl

from analysis.errors import UsageError
from analysis.estimates import Ask, Evidence
from analysis.estimates.fair import By, fair
from analysis.estimates.turning import turning_points
from analysis.reading.fair import Sides
from analysis.reads import Build, Scope
from analysis.report.numbers import told

# Names of outlets that an error message lists.
MOST_NAMED = 20


def decomposition(
    build: Build,
    scope: Scope,
    outlets: Sequence[str],
    by: str,
    evidence: Evidence | None,
    ask: Ask,
) -> pl.DataFrame:
    """The first of `outlets` against the second, or against all others: for each frame the
    difference and its parts, then the largest parts `by` topic (if not given) or story.

    Columns of `numbers.told`; `about` is null where the row is of all topics or stories. Raises
    UsageError for outlets that are not there, or that have no piece, and for another division.
    """
    sides = Sides(*_known(build, outlets))
    split = _by(by)
    tables = []
    for frame in build.frames:
        found = fair(build, scope, sides, frame["id"], split, evidence, ask)
        if found is None:
            raise UsageError(
                "one of the sides has no piece that counts",
                remedy="name other outlets, or leave --count out",
            )
        tables += [found.parts.with_columns(about=pl.lit(None, pl.String)), found.groups]
    rows = told(pl.concat(tables, how="diagonal_relaxed"))
    return rows.drop("outlet", "q")


def turns(
    build: Build, scope: Scope, outlets: Sequence[str], evidence: Evidence | None, ask: Ask
) -> pl.DataFrame:
    """Turning points of all outlets together and of `outlets` (all if none is named), by date."""
    known = {row["outlet"] for row in build.outlets().iter_rows(named=True)}
    _all_known(outlets, known)
    found = turning_points(build, scope, evidence, ask, list(outlets) or None)
    return told(found.turns).drop("q", strict=False).sort("outlet", "frame", "date")


def _known(build: Build, outlets: Sequence[str]) -> tuple[str, str | None]:
    if len(outlets) not in (1, 2) or len(set(outlets)) < len(outlets):
        raise UsageError(
            "a decomposition compares one outlet with another, or with all others",
            remedy='--outlet "A" --outlet "B", or --outlet "A" alone',
        )
    _all_known(outlets, set(build.outlets()["outlet"]))
    return outlets[0], outlets[1] if len(outlets) == 2 else None


def _all_known(outlets: Sequence[str], known: set[str]) -> None:
    for name in outlets:
        if name not in known:
            named = ", ".join(sorted(known)[:MOST_NAMED])
            more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
            raise UsageError(f"there is no outlet '{name}'", remedy=f"outlets: {named}{more}")


def _by(by: str) -> By:
    for known in get_args(By):
        if (by or "topic") == known:
            return known  # type: ignore[no-any-return]
    raise UsageError(f"a decomposition is not by {by}", remedy="topic or story")
