"""Shares over time, of all outlets together and of each, with gaps in collection minded."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.estimates.coverage import coverage, in_gaps, missing
from analysis.estimates.evidence import Evidence
from analysis.estimates.shares import Ask, ruled, shares
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
    among = pl.lit(True) if outlets is None else pl.col("outlet").is_in(list(outlets))
    enough = pl.col("n") >= minimum
    parts = []
    for by_outlet in (False, True):
        domain = Domain(by_outlet=by_outlet, bin=bin)
        wanted = among if by_outlet else pl.lit(True)
        rows = shares(build, scope, domain, evidence, ask, enough & wanted)
        rows = in_gaps(rows, lost, ask.rules.max_outside)
        rows = ruled(rows.drop("verdict", "reason", "remedy"), domain, ask.rules)
        thin = build.counts(scope, domain).filter(~enough & wanted)
        told = pl.concat([rows.with_columns(thin=False), _hidden(thin, minimum)], how="diagonal")
        parts.append(told if by_outlet else told.with_columns(outlet=pl.lit(TOGETHER)))
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
