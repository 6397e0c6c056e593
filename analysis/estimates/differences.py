"""Differences between shares of `shares`, with intervals, false discoveries and verdicts."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.estimates.evidence import Evidence
from analysis.estimates.shares import Ask, Shown, clustering, estimated, placed_codes, shares
from analysis.measure.contrasts import benjamini_hochberg, difference_interval, p_of_equality
from analysis.measure.error_rates import error_rates
from analysis.measure.gate import with_rulings
from analysis.measure.shares import critical
from analysis.reads import Build, Domain, Scope

# So many coded pieces with and without a frame tell an outlet's error rates.
LEAST_FOR_ERRORS = 10

PARTS = ["var_shown_sampling", "var_shown_measurement", "var_shown_coders"]
SIDE = ["n", "k", "share", "codes", "alpha", "outside", "kind", "shown", "shown_low", "shown_high",
        "shown_worth", *PARTS]  # fmt: skip


def against_one(
    build: Build,
    scope: Scope,
    comparator: str,
    evidence: Evidence | None,
    ask: Ask,
    outlets: Sequence[str] | None = None,
) -> pl.DataFrame:
    """The share of each of `outlets`, of all if not given, minus that of the outlet `comparator`,
    which is left out."""
    among = Shown(outlets=None if outlets is None else (*outlets, comparator))
    rows = shares(build, scope, Domain(by_outlet=True), evidence, ask, among)
    other = rows.filter(pl.col("outlet") == comparator)
    own = rows.filter(pl.col("outlet") != comparator)
    gaps = _error_gaps(build, scope, evidence, comparator)
    return between(own, other.drop("outlet"), ["frame"], ask, gaps, pl.lit(comparator))


def against_rest(
    build: Build, scope: Scope, evidence: Evidence | None, ask: Ask, outlets: Sequence[str]
) -> pl.DataFrame:
    """The share of each of `outlets` minus that of all other outlets in scope together."""
    domain = Domain(by_outlet=True)
    rows = shares(build, scope, domain, evidence, ask)
    own = rows.filter(pl.col("outlet").is_in(outlets))
    if rows["outlet"].n_unique() < 2:
        return between(own.clear(), own.clear(), ["outlet", "frame"], ask, None)
    counts = build.counts(scope, domain)
    sums = ["n", "k", "score_sum", "square_sum"]
    whole = counts.group_by("frame").agg(pl.col(c).sum().alias(f"{c}_all") for c in sums)
    rest = (
        counts.filter(pl.col("outlet").is_in(outlets))
        .join(whole, on="frame", maintain_order="left")
        .select("outlet", "frame", *((pl.col(f"{c}_all") - pl.col(c)).alias(c) for c in sums))
    )
    placed = placed_codes(build, scope, domain, evidence)
    if placed is not None:
        copies = clustering(build, scope, Domain(), build.counts(scope, Domain()))
        rest = rest.join(copies, on="frame", how="left", maintain_order="left")
        placed = (
            pl.DataFrame({"side": list(outlets)})
            .join(placed, how="cross")
            .filter(pl.col("side") != pl.col("outlet"))
            .drop("outlet")
            .rename({"side": "outlet"})
        )
    others = estimated(rest, placed, domain.keys, ask)
    inside = rows.group_by("frame").agg(
        alpha=pl.col("alpha").first(),
        outside=(pl.col("outside") * pl.col("n")).sum() / pl.col("n").sum(),
    )
    others = others.join(inside, on="frame", how="left", maintain_order="left")
    return between(own, others, ["outlet", "frame"], ask, None)


def changes(
    build: Build,
    before: Scope,
    after: Scope,
    evidence: Evidence | None,
    ask: Ask,
    minimum: int = 0,
) -> pl.DataFrame:
    """Share in the scope `after` minus that in `before`, of outlets with `minimum` pieces in both."""
    domain = Domain(by_outlet=True)
    enough = pl.col("n") >= minimum
    both = [set(build.counts(scope, domain).filter(enough)["outlet"]) for scope in (before, after)]
    among = Shown(outlets=tuple(sorted(both[0] & both[1])))
    own = shares(build, after, domain, evidence, ask, among)
    other = shares(build, before, domain, evidence, ask, among)
    return between(own, other, ["outlet", "frame"], ask, None, pl.col("outlet"))


NAMELESS = pl.lit("")
OUTLET = pl.col("outlet")


def between(
    own: pl.DataFrame,
    other: pl.DataFrame,
    on: list[str],
    ask: Ask,
    error_gaps: pl.DataFrame | None,
    other_side: pl.Expr = NAMELESS,
    own_side: pl.Expr = OUTLET,
) -> pl.DataFrame:
    """One side of `shares` minus another, row by row of the same `on`.

    Adds to `own` the other side's columns (ending in _other), difference, difference_low,
    difference_high, naive_difference (by the model's own labels), p (two-sided, of equality), q
    (Benjamini and Hochberg over all rows), and the verdict on the difference; var_shown_... are
    those of the difference, measured and measured_other each side's by measurement and coders, and
    kind is the weaker of both sides' kinds. `other_side` names the other side in remedies."""
    both = own.join(
        other.select(*on, *SIDE), on=on, how="inner", suffix="_other", maintain_order="left"
    )
    both = difference_interval(both, "shown", "shown_worth", critical(ask.level_for(both.height)))
    both = p_of_equality(both, "shown", "shown_worth").with_columns(
        q=benjamini_hochberg(pl.col("p"))
    )
    if error_gaps is not None:
        both = both.join(error_gaps, on=["outlet", "frame"], how="left", maintain_order="left")
    else:
        both = both.with_columns(error_gap=pl.lit(None, pl.Float64))
    naive = (pl.col("kind") == "naive") | (pl.col("kind_other") == "naive")
    borrows = (pl.col("kind") == "borrowed") | (pl.col("kind_other") == "borrowed")
    smaller = pl.min_horizontal("codes", "codes_other")
    facts = both.select(
        "error_gap",
        "alpha",
        what=pl.when(pl.col("codes") <= pl.col("codes_other")).then(own_side).otherwise(other_side),
        pieces=pl.min_horizontal("n", "n_other"),
        codes=smaller,
        half_width=(pl.col("difference_high") - pl.col("difference_low")) / 2,
        share=rarer("shown", "shown_worth"),
        worth=pl.when(~naive).then(rarer_worth("shown", "shown_worth")),
        borrows=borrows,
        outside=pl.max_horizontal("outside", "outside_other"),
    )
    judged = with_rulings(facts, ask.rules).select("verdict", "reason", "remedy")
    return both.drop("verdict", "reason", "remedy", strict=False).with_columns(
        *judged.get_columns(),
        *(pl.col(part) + pl.col(f"{part}_other") for part in PARTS),
        # Of each side, by measurement and coders together.
        **{
            f"measured{end}": pl.sum_horizontal(
                pl.col(f"{part}{end}").fill_null(0.0) for part in PARTS[1:]
            )
            for end in ("", "_other")
        },
        naive_difference=pl.col("share") - pl.col("share_other"),
        kind=pl.when(naive)
        .then(pl.lit("naive"))
        .when(borrows)
        .then(pl.lit("borrowed"))
        .otherwise(pl.col("kind")),
    )


def _finds(share: str, worth: str) -> pl.Expr:
    return pl.min_horizontal(pl.col(share), 1 - pl.col(share)) * pl.col(worth)


def rarer(share: str, worth: str) -> pl.Expr:
    """The share of the side whose frame is seen least, with or without."""
    first = _finds(share, worth) <= _finds(f"{share}_other", f"{worth}_other")
    return pl.when(first).then(pl.col(share)).otherwise(pl.col(f"{share}_other"))


def rarer_worth(share: str, worth: str) -> pl.Expr:
    """What the share of that side is worth."""
    first = _finds(share, worth) <= _finds(f"{share}_other", f"{worth}_other")
    return pl.when(first).then(pl.col(worth)).otherwise(pl.col(f"{worth}_other"))


def _error_gaps(
    build: Build, scope: Scope, evidence: Evidence | None, comparator: str
) -> pl.DataFrame | None:
    """outlet, frame, error_gap: the larger gap in sensitivity or specificity to the comparator."""
    placed = placed_codes(build, scope, Domain(by_outlet=True), evidence)
    if placed is None:
        return None
    rates = error_rates(placed, ["outlet", "frame"]).filter(pl.col("n") >= LEAST_FOR_ERRORS)
    other = rates.filter(pl.col("outlet") == comparator).select("frame", "measure", other="share")
    return (
        rates.join(other, on=["frame", "measure"])
        .group_by("outlet", "frame")
        .agg(error_gap=(pl.col("share") - pl.col("other")).abs().max())
    )
