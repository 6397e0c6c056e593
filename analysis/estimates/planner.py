"""What more coding would buy, and where it would buy most."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analysis.coding.sampling import MORE, Request
from analysis.estimates.evidence import Evidence
from analysis.estimates.shares import Ask, clustering, placed_codes
from analysis.measure.corrected import corrected
from analysis.measure.forecast import expected, expected_difference, from_codes, from_scores
from analysis.reads import Build, Domain, Scope

# Where the variance of the residuals comes from.
OWN, ALL, SCORES = "its own codes", "all codes in scope", "the scores"
STEP = 50


@dataclass(frozen=True)
class Plan:
    """What coding for a target buys.

    `widths`: more (pieces coded beyond now), more_one and more_other (their split between two
    sides; null otherwise), coded and coded_other (then; the latter null for one side), half_width
    (as a fraction; null where it can't be known); no row beyond what there is to code. `basis`:
    OWN, ALL or SCORES, the weaker one of two sides.
    """

    widths: pl.DataFrame
    basis: str


def plan(
    build: Build,
    scope: Scope,
    evidence: Evidence | None,
    frame: str,
    outlets: Sequence[str],
    ask: Ask,
    more: Sequence[int] = MORE,
) -> Plan | None:
    """Half-widths of a share overall (no outlet), of an outlet, or of the difference of two.

    `more` codes are pieces of the target, drawn at random. None where nothing is in scope.
    """
    table = sides(build, scope, Domain(by_outlet=bool(outlets)), evidence, frame, ask)
    chosen = [table.filter(pl.col("outlet") == name) for name in outlets] or [table]
    if any(side.is_empty() for side in chosen):
        return None
    room = sum(int((side["n"] - side["codes"]).item()) for side in chosen)
    steps = sorted({min(step, room) for step in more})
    if len(chosen) == 1:
        found = pl.concat(expected(chosen[0], step, ask.level) for step in steps)
        widths = found.select(
            pl.Series("more", steps, pl.Int64),
            more_one=pl.lit(None, pl.Int64),
            more_other=pl.lit(None, pl.Int64),
            coded="coded",
            coded_other=pl.lit(None, pl.Int64),
            half_width="half_width",
        )
    else:
        found = pl.concat(
            expected_difference(chosen[0], chosen[1], step, ask.level) for step in steps
        )
        widths = found.select(pl.Series("more", steps, pl.Int64), pl.all())
    bases = [side["basis"].item() for side in chosen]
    return Plan(widths, max(bases, key=(OWN, ALL, SCORES).index))


def next_outlets(
    build: Build,
    scope: Scope,
    evidence: Evidence | None,
    frame: str,
    ask: Ask,
    more: int = STEP,
) -> pl.DataFrame:
    """Where `more` codes narrow an outlet's own interval most, first to last.

    outlet, n, codes, room (pieces not coded), half_width, half_width_then, gain (fractions) and
    basis. An outlet without two codes has no half-width now: it comes first.
    """
    table = sides(build, scope, Domain(by_outlet=True), evidence, frame, ask)
    now, then = (expected(table, step, ask.level)["half_width"] for step in (0, more))
    return (
        table.with_columns(half_width=now, half_width_then=then)
        .with_columns(
            room=pl.col("n") - pl.col("codes"),
            gain=pl.col("half_width") - pl.col("half_width_then"),
        )
        .filter(pl.col("room") > 0)
        .sort("gain", "n", descending=True, nulls_last=False)
        .select("outlet", "n", "codes", "room", "half_width", "half_width_then", "gain", "basis")
    )


def sides(
    build: Build,
    scope: Scope,
    domain: Domain,
    evidence: Evidence | None,
    frame: str,
    ask: Ask,
) -> pl.DataFrame:
    """Each domain as `measure.forecast` takes it: the keys, n, codes, strata, share, gain,
    per_piece, basis.

    A domain with fewer codes than the gate asks for takes the gain from all codes in scope; so
    many codes missing there too, from the scores.
    """
    enough = ask.rules.min_codes
    everyone = _rows(build, scope, Domain(), evidence, frame, ask)
    rows = everyone if not domain.keys else _rows(build, scope, domain, evidence, frame, ask)
    found = everyone.filter(pl.col("codes") >= enough)["own"]
    pooled = None if found.is_empty() else found[0]
    own = (pl.col("codes") >= enough) & pl.col("own").is_not_null()
    basis = pl.when(own).then(pl.lit(OWN)).otherwise(pl.lit(SCORES if pooled is None else ALL))
    guess = from_scores(pl.col("score_sum"), pl.col("square_sum"), pl.col("n"))
    return rows.with_columns(
        basis=basis,
        share=pl.when(pl.col("codes") >= enough)
        .then("corrected")
        .otherwise(pl.col("score_sum") / pl.col("n")),
        gain=pl.when(own).then("own").otherwise(guess if pooled is None else pl.lit(pooled)),
    ).select(*domain.keys, "n", "codes", "strata", "share", "gain", "per_piece", "basis")


def _rows(
    build: Build,
    scope: Scope,
    domain: Domain,
    evidence: Evidence | None,
    frame: str,
    ask: Ask,
) -> pl.DataFrame:
    """Counts and sums of each domain, with codes, strata, corrected, per_piece and own (gain)."""
    keys = [*domain.keys, "frame"]
    counts = build.counts(scope, domain)
    spread = clustering(build, scope, domain, counts)
    rows = counts.join(spread, on=keys, maintain_order="left").filter(pl.col("frame") == frame)
    per_piece = pl.lit(0.0) if ask.census else pl.col("clustering") / pl.col("n")
    placed = placed_codes(build, scope, domain, evidence)
    if placed is None:
        rows = rows.with_columns(
            codes=pl.lit(0, pl.Int64),
            strata=pl.lit(1, pl.Int64),
            corrected=pl.lit(None, pl.Float64),
            own=pl.lit(None, pl.Float64),
        )
        return rows.with_columns(per_piece=per_piece)
    placed = placed.filter(pl.col("frame") == frame)
    strata = placed.group_by(keys).agg(strata=pl.col("stratum").n_unique().cast(pl.Int64))
    found = from_codes(corrected(rows, placed, keys, level=ask.level, census=ask.census), per_piece)
    return (
        found.join(strata, on=keys, how="left", maintain_order="left")
        .with_columns(
            pl.col("codes").cast(pl.Int64), pl.col("strata").fill_null(1), per_piece=per_piece
        )
        .rename({"gain": "own"})
    )


def command(
    project: str, last: Request | None, scope: Scope, outlets: Sequence[str], budget: int
) -> str:
    """The command that draws these pieces: a top-up of the sample of `last`, or a first draw."""
    words = ["framescope", "sample", "--project", project]
    if last is not None:
        words += ["--top-up", last.name]
    words += ["--budget", str(budget)]
    if len(outlets) == 2:
        words += ["--design", "neyman", "--contrast", " vs ".join(outlets)]
    elif last is not None and last.design == "neyman":
        words += ["--design", "proportional"]
    for name in outlets if len(outlets) == 1 else scope.outlets if not outlets else ():
        words += ["--outlet", name]
    for topic in scope.topics:
        words += ["--topic", topic]
    for flag, day in (("--from", scope.day_from), ("--to", scope.day_to)):
        if day:
            words += [flag, day.isoformat()]
    if scope.estimand != "item":
        words += ["--count", scope.estimand]
    return shlex.join(words)
