"""Frames of the stories that an outlet left to its peers, beside those that it told as well."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.estimates.differences import PARTS
from analysis.estimates.evidence import Evidence
from analysis.estimates.shares import Ask, estimated, ruled
from analysis.measure.clustering import OVER_GROUPS, design_effect
from analysis.measure.contrasts import benjamini_hochberg, difference_interval, p_of_equality
from analysis.measure.gate import with_rulings
from analysis.measure.shares import critical, wilson
from analysis.reading import stories
from analysis.reads import Build, Domain, Scope

TOLD, LEFT = "told", "left"


def selection(
    build: Build,
    scope: Scope,
    outlet: str,
    peers: Sequence[str],
    least: int,
    evidence: Evidence | None,
    ask: Ask,
) -> pl.DataFrame:
    """Two rows per frame, `side` TOLD and LEFT, with the columns of `shares`, and `events`, how many
    stories.

    Both sides count the peers' pieces, each peer's first on a story: of the stories that at least
    `least` of `peers` told, those that `outlet` told as well and those that it did not. So the
    sides differ in what was chosen and not in who told it. Intervals of naive shares allow for
    pieces on one story being alike. Without any such story there is no row.
    """
    rows = stories.selection(build, scope, outlet, peers, least)
    return _sides(rows, evidence, ask)


def contrast(sides: pl.DataFrame, ask: Ask) -> pl.DataFrame:
    """Share among stories left minus share among stories told, one row per frame, with interval, p,
    q and verdict; no row where a side has no story."""
    left, told = (sides.filter(pl.col("side") == side).drop("side") for side in (LEFT, TOLD))
    other = told.select("frame", "n", "k", "events", "share", "codes", "kind", "shown",
                        "shown_worth", "outside", *PARTS)  # fmt: skip
    both = left.join(other, on="frame", suffix="_other", maintain_order="left")
    both = difference_interval(both, "shown", "shown_worth", critical(ask.level_for(both.height)))
    both = p_of_equality(both, "shown", "shown_worth").with_columns(
        q=benjamini_hochberg(pl.col("p"))
    )
    naive = (pl.col("kind") == "naive") | (pl.col("kind_other") == "naive")
    borrows = (pl.col("kind") == "borrowed") | (pl.col("kind_other") == "borrowed")
    facts = both.select(
        "alpha",
        pieces=pl.min_horizontal("n", "n_other"),
        events=pl.min_horizontal("events", "events_other"),
        codes=pl.min_horizontal("codes", "codes_other"),
        half_width=(pl.col("difference_high") - pl.col("difference_low")) / 2,
        share="shown",
        worth=pl.when(~naive).then(pl.min_horizontal("shown_worth", "shown_worth_other")),
        borrows=borrows,
        outside=pl.max_horizontal("outside", "outside_other"),
    )
    judged = with_rulings(facts, ask.rules).select("verdict", "reason", "remedy")
    weaker = pl.when(naive).then(pl.lit("naive")).when(borrows).then(pl.lit("borrowed"))
    return both.drop("verdict", "reason", "remedy").with_columns(
        *judged.get_columns(),
        *(pl.col(part) + pl.col(f"{part}_other") for part in PARTS),
        naive_difference=pl.col("share") - pl.col("share_other"),
        kind=weaker.otherwise(pl.col("kind")),
    )


def _sides(rows: pl.DataFrame, evidence: Evidence | None, ask: Ask) -> pl.DataFrame:
    placed_rows = rows.with_columns(
        side=pl.when("covered").then(pl.lit(TOLD)).otherwise(pl.lit(LEFT))
    )
    keys = ["side", "frame"]
    counts = placed_rows.group_by(keys, maintain_order=True).agg(
        n=pl.len().cast(pl.Int64),
        k=pl.col("present").sum().cast(pl.Int64),
        score_sum=pl.col("score").sum(),
        square_sum=(pl.col("score") ** 2).sum(),
        events=pl.col("story_key").n_unique().cast(pl.Int64),
    )
    counts = _clustered(counts, placed_rows).sort(keys)
    placed = _placed(placed_rows, evidence)
    told = _allowing(estimated(counts, placed, ["side"], ask), ask)
    alphas = evidence.alphas if evidence else {}
    told = told.with_columns(
        alpha=pl.col("frame").replace_strict(alphas, default=None, return_dtype=pl.Float64)
    ).join(_outside(placed_rows, evidence), on="side", how="left", maintain_order="left")
    return ruled(told, Domain(), ask.rules)


def _clustered(counts: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Adds `clustering`, by stories and by copies."""
    keys = ["side", "frame"]
    for of, group in (("story", "story_key"), ("copies", "copy_group")):
        # A text that is no copy is a group of its own.
        member = pl.coalesce(pl.col(group).cast(pl.String), pl.col("piece"))
        sizes = rows.group_by(*keys, member.alias("group")).agg(
            size=pl.len().cast(pl.Float64), score=pl.col("score").sum()
        )
        over = sizes.group_by(keys).agg(
            (pl.col("size") ** 2).sum().alias(f"sizes_squared_{of}"),
            (pl.col("size") * pl.col("score")).sum().alias(f"size_score_{of}"),
            (pl.col("score") ** 2).sum().alias(f"sums_squared_{of}"),
        )
        counts = counts.join(over, on=keys, how="left", maintain_order="left")
    pieces = {name: pl.col(name) for name in ("score_sum", "square_sum")}
    copies, told = (
        {name: pl.col(f"{name}_{of}") for name in OVER_GROUPS} for of in ("copies", "story")
    )
    effect = design_effect(pl.col("n"), pieces, copies, told)
    return counts.with_columns(clustering=effect).drop(
        f"{name}_{of}" for name in OVER_GROUPS for of in ("story", "copies")
    )


def _placed(rows: pl.DataFrame, evidence: Evidence | None) -> pl.DataFrame | None:
    if evidence is None:
        return None
    placed = evidence.codes.join(rows, on=["piece", "frame"])
    return None if placed.is_empty() else placed


def _allowing(told: pl.DataFrame, ask: Ask) -> pl.DataFrame:
    """Naive rows with the interval of as many independent pieces as they are worth."""
    level = ask.level_for(told.height)
    worth = pl.col("n") / pl.col("clustering")
    low, high = wilson(pl.col("share") * worth, worth, level)
    naive = pl.col("kind") == "naive"
    return told.with_columns(
        shown_low=pl.when(naive).then(low).otherwise("shown_low"),
        shown_high=pl.when(naive).then(high).otherwise("shown_high"),
        shown_worth=pl.when(naive).then(worth).otherwise("shown_worth"),
        var_shown_sampling=pl.when(naive)
        .then(pl.col("share") * (1 - pl.col("share")) / worth)
        .otherwise("var_shown_sampling"),
    )


def _outside(rows: pl.DataFrame, evidence: Evidence | None) -> pl.DataFrame:
    """side, outside: the share of its pieces that the sample could not have drawn."""
    if evidence is None:
        return rows.select("side").unique().with_columns(outside=pl.lit(0.0))
    drawn = evidence.sampled
    could = pl.col("piece_key") <= evidence.last_piece
    for column, chosen in (("outlet", drawn.outlets), ("topic_key", drawn.topics)):
        if chosen:
            could &= pl.col(column).is_in(chosen)
    if drawn.week_from:
        could &= (pl.col("start") >= drawn.week_from).fill_null(False)
    if drawn.week_to:
        could &= (pl.col("start") <= drawn.week_to).fill_null(False)
    if drawn.estimand == "original":
        could &= pl.col("is_original")
    return rows.group_by("side").agg(outside=1 - could.mean())
