"""Shares over time, of all outlets together and of each, with gaps in collection minded."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.estimates.coverage import coverage, in_gaps, missing
from analysis.estimates.evidence import Evidence
from analysis.estimates.shares import Ask, Shown, ruled, shares
from analysis.measure.gate import VERDICTS
from analysis.reads import Bin, Build, Domain, Scope

TOGETHER = "All outlets"


def trend(
    build: Build,
    scope: Scope,
    bin: Bin,
    evidence: Evidence | None,
    ask: Ask,
    minimum: int,
    outlets: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Rows of `shares` by outlet and bin; the outlet TOGETHER is all in scope.

    Lines of `outlets`, of all if not given. `thin` is true, and the number null, in cells with
    fewer than `minimum` pieces; intervals hold `together` over the cells that are not.
    """
    lost = missing(coverage(build, scope), bin)
    lines = None if outlets is None else tuple(outlets)
    sides = [
        (Domain(bin=bin), Shown(minimum)),
        (Domain(by_outlet=True, bin=bin), Shown(minimum, lines)),
    ]
    cells = [build.counts(scope, domain).filter(shown.cells) for domain, shown in sides]
    many = sum(part.filter(pl.col("n") >= minimum).height for part in cells)
    parts = []
    for (domain, shown), counts in zip(sides, cells, strict=True):
        rows = shares(build, scope, domain, evidence, ask, shown, many)
        rows = in_gaps(rows, lost, ask.rules.max_outside)
        rows = ruled(rows.drop("verdict", "reason", "remedy"), domain, ask.rules)
        thin = _hidden(counts.filter(pl.col("n") < minimum), minimum)
        told = pl.concat([rows.with_columns(thin=False), thin], how="diagonal")
        parts.append(told if domain.by_outlet else told.with_columns(outlet=pl.lit(TOGETHER)))
    return pl.concat(parts, how="diagonal").sort(
        pl.col("outlet") != TOGETHER, "outlet", "start", "frame", maintain_order=True
    )


def _hidden(thin: pl.DataFrame, minimum: int) -> pl.DataFrame:
    return thin.with_columns(
        thin=True,
        kind=pl.lit("naive"),
        verdict=pl.lit(VERDICTS[-1]),
        reason=pl.format("only {} in the cell", pl.format("{} pieces", "n")).str.replace(
            "only 1 pieces", "only 1 piece"
        ),
        remedy=pl.lit(f"choose wider bins: fewer than {minimum} pieces are hidden"),
    )
