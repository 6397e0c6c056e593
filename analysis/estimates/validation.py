"""How far the classifier can be trusted here: its scores and decisions against what people coded.

Every function takes codes in scope, weighted by the design of the sample; None stands for no code.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.coding.reveal import Revealed
from analysis.estimates.differences import LEAST_FOR_ERRORS
from analysis.estimates.evidence import Evidence
from analysis.estimates.shares import Ask, placed_codes, shares
from analysis.measure import correction, error_rates
from analysis.measure.reliability import calibration, reliability
from analysis.reads import Build, Domain, Scope

HISTOGRAM = 40
EXAMPLES = 5
INFLUENCES = 5


@dataclass(frozen=True)
class Reliability:
    """`bins` and `errors` as in `measure.reliability`; `scores`: frame, bin, n, part of HISTOGRAM."""

    bins: pl.DataFrame
    errors: pl.DataFrame
    scores: pl.DataFrame


@dataclass(frozen=True)
class Rates:
    """`rows` as `measure.error_rates` gives them, with shown: false where fewer than
    LEAST_FOR_ERRORS coded pieces have (or lack) the frame. `tests` as `measure.differ`."""

    rows: pl.DataFrame
    tests: pl.DataFrame


@dataclass(frozen=True)
class Confusion:
    """`cells` as in `measure.confusion_cells`. `examples`: frame, cell, piece, title, outlet,
    published, score: up to EXAMPLES of a cell at random. `divided`: frame, n, pieces on which
    coders are of two equal minds; they are in no cell's examples."""

    cells: pl.DataFrame
    examples: pl.DataFrame
    divided: pl.DataFrame


@dataclass(frozen=True)
class Corrections:
    """`rows` as in `measure.explained`. `influences`: the keys, frame, piece, title, y, score,
    weight, residual, influence, revealed: those that move the share of a domain and frame most;
    the piece and title of one that may not be seen yet are null."""

    rows: pl.DataFrame
    influences: pl.DataFrame


def reliabilities(build: Build, scope: Scope, evidence: Evidence | None) -> Reliability | None:
    """Scores in bins against codes; None without a code in scope."""
    placed = _placed(build, scope, Domain(), evidence)
    if placed is None:
        return None
    bins = reliability(placed)
    scores = build.score_histogram(scope, HISTOGRAM).with_columns(
        part=pl.col("n") / pl.col("n").sum().over("frame")
    )
    return Reliability(bins, calibration(bins), scores)


def rates(build: Build, scope: Scope, domain: Domain, evidence: Evidence | None) -> Rates | None:
    """Sensitivity and specificity by outlet or by period, whichever `domain` divides by."""
    placed = _placed(build, scope, domain, evidence)
    if placed is None:
        return None
    key = domain.keys[0]
    rows = error_rates.error_rates(placed, [key, "frame"])
    return Rates(
        rows.with_columns(shown=pl.col("n") >= LEAST_FOR_ERRORS),
        error_rates.differ(placed, key),
    )


def confusion(
    build: Build, scope: Scope, evidence: Evidence | None, seen: Revealed, seed: int
) -> Confusion | None:
    """Shares of the four cells, with random pieces of each; the same seed draws the same pieces."""
    placed = _placed(build, scope, Domain(), evidence)
    if placed is None:
        return None
    y, said = pl.col("y"), pl.col("present")
    cell = (
        pl.when((y > 0.5) & said)
        .then(pl.lit("both"))
        .when((y < 0.5) & said)
        .then(pl.lit("false alarm"))
        .when(y > 0.5)
        .then(pl.lit("miss"))
        .when(y < 0.5)
        .then(pl.lit("neither"))
    )
    marked = placed.with_columns(cell=cell).sort("frame", "piece")
    noise = np.random.default_rng(seed).random(marked.height)
    drawn = (
        marked.with_columns(noise=pl.Series(noise))
        .filter(pl.col("cell").is_not_null(), pl.col("piece").is_in(list(seen.pieces)))
        .sort("noise")
        .group_by("frame", "cell", maintain_order=True)
        .head(EXAMPLES)
        .select("frame", "cell", "piece", "title", "outlet", "published", "score")
    )
    divided = marked.group_by("frame").agg(n=(y == 0.5).sum().cast(pl.Int64))
    return Confusion(error_rates.confusion_cells(placed), drawn, divided)


def corrections(
    build: Build, scope: Scope, domain: Domain, evidence: Evidence | None, seen: Revealed, ask: Ask
) -> Corrections | None:
    """What the correction changed in each domain and frame, and why."""
    placed = _placed(build, scope, domain, evidence)
    if placed is None:
        return None
    keys = [*domain.keys, "frame"]
    order = {frame["id"]: place for place, frame in enumerate(build.frames)}
    place = pl.col("frame").replace_strict(order, return_dtype=pl.Int64)
    found = shares(build, scope, domain, evidence, ask).sort(*domain.keys, place)
    rows = correction.explained(found, placed, keys)
    open_to_see = pl.col("piece").is_in(list(seen.pieces))
    influences = (
        correction.influences(rows, placed, keys)
        .group_by(keys, maintain_order=True)
        .head(INFLUENCES)
        .with_columns(revealed=open_to_see)
        .with_columns(pl.when("revealed").then(pl.col("piece", "title")))
        .select(
            *keys, "piece", "title", "y", "score", "weight", "residual", "influence", "revealed"
        )
    )
    return Corrections(rows, influences)


def _placed(
    build: Build, scope: Scope, domain: Domain, evidence: Evidence | None
) -> pl.DataFrame | None:
    """Codes in scope, of the frames on show, in the codebook's order."""
    placed = placed_codes(build, scope, domain, evidence)
    if placed is None:
        return None
    shown = [f["id"] for f in build.frames if not scope.frames or f["id"] in scope.frames]
    order = pl.DataFrame({"frame": shown}).with_row_index("place")
    placed = placed.join(order, on="frame").sort("place", "piece").drop("place")
    return None if placed.is_empty() else placed
