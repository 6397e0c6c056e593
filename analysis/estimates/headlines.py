"""What headlines assert that the text does not carry, and what they leave out."""

from __future__ import annotations

from typing import Literal

import polars as pl

from analysis.estimates.shares import Ask, estimated
from analysis.measure.gate import with_rulings
from analysis.reading import headlines as read
from analysis.reads import Build, Scope

# asserted: of headlines that carry the frame, those over a body that does not;
# left out: of bodies that carry it, those under a headline that does not.
Parting = Literal["asserted", "left out"]

ON_LABELS = "where a piece carries a frame is the classifier's word, which no blind code checks"


def parted(build: Build, scope: Scope, parting: Parting, ask: Ask) -> pl.DataFrame:
    """One row per outlet and frame: n pieces whose headline (asserted) or body (left out) carries
    the frame, k of them whose other part does not; then as `estimates.shares` tells naive shares,
    with verdict, reason and remedy: never publishable. Rows with n of 0 are left out."""
    whole = "headline" if parting == "asserted" else "body"
    counts = read.by_outlet(build, scope).select(
        "outlet", "frame", n=whole, k=pl.col(whole) - pl.col("both")
    )
    if scope.frames:
        counts = counts.filter(pl.col("frame").is_in(list(scope.frames)))
    counts = counts.filter(pl.col("n") > 0).with_columns(
        score_sum=pl.col("k").cast(pl.Float64), square_sum=pl.col("k").cast(pl.Float64)
    )
    rows = estimated(counts, None, ["outlet"], ask)
    facts = rows.select(
        pieces="n",
        share="shown",
        half_width=(pl.col("shown_high") - pl.col("shown_low")) / 2,
        suspended=pl.lit(ON_LABELS),
        where=pl.lit(f"whose {whole} carries the frame"),
    )
    judged = with_rulings(facts, ask.rules)
    return rows.with_columns(judged.select("verdict", "reason", "remedy"))
