"""Designs: how a budget is spread over strata, and the draw. Pure: tables and a seed in, tables out.

A population has one row per piece with `piece`, `stratum`, `before` (probability of being in the
sample already; 0 before the first draw), `held` (whether it is), `side` (1 and 2 of a
contrast, else 0) and a column `score_<frame>` per frame.

Draws are without replacement within strata. The rate of a stratum, the probability with which each
of its pieces not yet held is drawn, is fixed by what is known without looking at what chance drew
before: sizes, scores and earlier probabilities. Hence after every draw, for every piece,

    probability = 1 - (1 - before) * (1 - rate)

exactly, also where a top-up's strata cut across the earlier ones, and Horvitz-Thompson totals are
unbiased. With the same strata it is (n1 + n2) / N.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from analysis.coding.strata import MIN_DRAWS

Design = Literal["simple", "proportional", "neyman"]
DESIGNS: tuple[Design, ...] = ("simple", "proportional", "neyman")

# Least variance of a code that a stratum is allocated by. A carried frame that is found in a large
# stratum of low scores weighs much, and few draws there would make the interval wide and wrong.
VARIANCE_FLOOR = 0.03
Z = 1.959963984540054
_NEAR = 1e-9


def strata_of(population: pl.DataFrame, frames: Sequence[str]) -> pl.DataFrame:
    """One row per stratum, by name: what an allocation needs.

    stratum, side, pieces, taken (expected number held already), room (expected number not held),
    fresh (has pieces that no earlier draw could hold), variance_<frame>: p(1 - p) of the mean
    score, at least VARIANCE_FLOOR.
    """
    return (
        population.group_by("stratum")
        .agg(
            pl.col("side").first(),
            pl.len().alias("pieces"),
            pl.col("before").sum().alias("taken"),
            (1 - pl.col("before")).sum().alias("room"),
            (pl.col("before") == 0).any().alias("fresh"),
            *(pl.col(f"score_{frame}").mean().alias(f"variance_{frame}") for frame in frames),
        )
        .with_columns(
            (pl.col(f"variance_{frame}") * (1 - pl.col(f"variance_{frame}"))).clip(VARIANCE_FLOOR)
            for frame in frames
        )
        .sort("stratum")
    )


def spread(strata: pl.DataFrame, design: Design, frames: Sequence[str], budget: int) -> np.ndarray:
    """Pieces to draw from each row of `strata_of`, summing to the budget or to all there are.

    simple and proportional: by number of pieces. neyman: by W_h S_h of the difference between two
    sides, W_h the stratum's share of its side and S_h the root of the mean variance over frames
    (Neyman 1934; Cochran 1977, 5.9), which also splits the budget between the sides. What earlier
    draws took counts, so that the whole sample comes as near to the design as the budget allows.
    Each stratum gets MIN_DRAWS counting what it has, and a stratum with pieces that no earlier
    draw could hold gets them anew.
    """
    pieces = strata["pieces"].to_numpy().astype(float)
    weights = pieces
    if design == "neyman":
        of_side = strata.select(pl.col("pieces").sum().over("side")).to_series().to_numpy()
        variance = strata.select(f"variance_{frame}" for frame in frames).to_numpy().mean(axis=1)
        weights = pieces / of_side * np.sqrt(variance)
    taken, room = strata["taken"].to_numpy(), strata["room"].to_numpy()
    missing = np.maximum(0, np.ceil(MIN_DRAWS - taken - _NEAR))
    least = np.where(strata["fresh"].to_numpy(), MIN_DRAWS, missing)
    if np.minimum(least, np.floor(room + _NEAR)).sum() > budget:
        least = np.where(taken > 0, 0, least)
    return allocate(weights, taken, room, least, budget)


def allocate(
    weights: np.ndarray, taken: np.ndarray, room: np.ndarray, least: np.ndarray, budget: int
) -> np.ndarray:
    """Whole numbers n of sum `budget` with taken + n as near to proportional to weights as can be.

    least <= n <= room, where least gives way to room; everything when the budget reaches it.
    Fractions are rounded by largest remainder. Raises ValueError when `least` alone is more than
    the budget.
    """
    high = np.floor(room + _NEAR).astype(np.int64)
    low = np.minimum(least.astype(np.int64), high)
    if high.sum() <= budget:
        return high
    if low.sum() > budget:
        raise ValueError(f"{low.sum()} draws are needed and {budget} may be made")

    def filled(scale: float) -> np.ndarray:
        return np.asarray(np.clip(scale * weights - taken, low, high))

    below, above = 0.0, float(((high + taken) / weights).max())
    for _ in range(200):
        middle = (below + above) / 2
        if filled(middle).sum() < budget:
            below = middle
        else:
            above = middle
    shares = filled(above)
    drawn = np.floor(shares + _NEAR).astype(np.int64)
    spare = budget - int(drawn.sum())
    order = np.lexsort((np.arange(drawn.size), drawn - shares))
    for place in [p for p in order if drawn[p] < high[p]][:spare]:
        drawn[place] += 1
    return drawn


def rates(strata: pl.DataFrame, drawn: np.ndarray, budget: int) -> np.ndarray:
    """Probability that a piece not held yet is drawn, per stratum; 1 when the budget reaches all."""
    room = strata["room"].to_numpy()
    if budget >= room.sum() - 0.5:
        return np.ones_like(room)
    rate = np.divide(drawn, room, out=np.ones_like(room), where=room > _NEAR)
    return np.where(room - drawn < _NEAR, 1.0, rate)


def combined(before: pl.Expr, rate: pl.Expr) -> pl.Expr:
    """Probability of being in the sample after a draw at this rate."""
    return 1 - (1 - before) * (1 - rate)


def draw(
    population: pl.DataFrame, rate: dict[str, float], seed: Sequence[int], overlap: float
) -> pl.DataFrame:
    """The pieces that chance draws: piece, stratum, place, overlap (0 or 1).

    Of M pieces of a stratum not held, rate * M are drawn, or one of the two whole numbers beside
    it, so that each piece's probability is the rate. `place` in [0, 1) is the order of coding:
    random within a stratum and evenly spread over strata, so that whoever stops early has coded
    about a proportional part of each. The same population, rates and seed give the same draw.
    """
    random = np.random.default_rng(seed)
    waiting = population.filter(~pl.col("held")).select("stratum", "piece").sort("stratum", "piece")
    strata, begins = np.unique(waiting["stratum"].to_numpy(), return_index=True)
    order, places = [], []
    for stratum, begin, end in zip(strata, begins, [*begins[1:], waiting.height], strict=True):
        wanted = rate[stratum] * (end - begin)
        count = int(np.floor(wanted + 1e-6))
        count += int(wanted - count > 1e-6 and random.random() < wanted - count)
        order.append(begin + random.permutation(end - begin)[:count])
        places.append((np.arange(count) + random.random(count)) / max(count, 1))
    table = waiting[np.concatenate(order)] if order else waiting
    table = table.select("piece", "stratum", pl.Series("place", np.concatenate([[], *places])))
    return table.with_columns(_overlapping(table, overlap, random))


def _overlapping(table: pl.DataFrame, share: float, random: np.random.Generator) -> pl.Series:
    """1 for the pieces that every coder codes: the share of each stratum, spread over its order."""
    marks = np.zeros(table.height, dtype=np.int64)
    sizes = table.group_by("stratum", maintain_order=True).len()["len"].to_list()
    starts = random.permutation((np.arange(len(sizes)) + random.random(len(sizes))) / len(sizes))
    begin, due = 0, 0.5
    for size, start in zip(sizes, starts, strict=True):
        count = int(np.floor(due + share * size + _NEAR)) - int(np.floor(due + _NEAR))
        due += share * size
        steps = np.floor(np.arange(size + 1) * count / size + start + _NEAR)
        marks[begin : begin + size] = np.diff(steps) > 0
        begin += size
    return pl.Series("overlap", marks, dtype=pl.Int64)


def half_widths(
    population: pl.DataFrame, strata: pl.DataFrame, drawn: np.ndarray, frames: Sequence[str]
) -> pl.DataFrame:
    """What a sample buys if the scores are right: frame, domain, share, half_width.

    `domain` is 'all' or an outlet, or 'difference' where the population has two sides. `share` is
    the mean score, or the difference of means, and `half_width` that of the 95 % interval from
    the codes alone: 1.96 times the root of the sum over strata of W_h^2 v_h (1 - n_h / N_h) / n_h,
    v_h as an allocation takes it. An outlet in a shared stratum has draws in proportion.
    """
    held = strata.with_columns(n=strata["taken"].to_numpy() + drawn)
    parts = population.group_by("stratum", "outlet", "side").agg(
        pl.len().alias("part"), *(pl.col(f"score_{frame}").sum() for frame in frames)
    )
    cells = parts.join(held.drop("side"), on="stratum")
    left_out = (1 - pl.col("n") / pl.col("pieces")).clip(0) / pl.col("n").clip(_NEAR)
    found = []
    for frame in frames:
        error = pl.col("part") * pl.col("pieces") * pl.col(f"variance_{frame}") * left_out
        measured = (
            (pl.col(f"score_{frame}").sum() / pl.col("part").sum()).alias("share"),
            (error.sum() / pl.col("part").sum() ** 2).alias("error"),
        )
        by_side = cells.group_by("side").agg(measured).sort("side")
        if by_side.height == 2:
            found.append(
                by_side.select(
                    pl.lit("difference").alias("domain"),
                    pl.col("share").first() - pl.col("share").last(),
                    pl.col("error").sum(),
                ).with_columns(frame=pl.lit(frame))
            )
            continue
        everyone = cells.select(pl.lit("all").alias("domain"), *measured)
        by_outlet = cells.group_by(pl.col("outlet").alias("domain")).agg(measured).sort("domain")
        found.append(pl.concat([everyone, by_outlet]).with_columns(frame=pl.lit(frame)))
    return pl.concat(found).select(
        "frame", "domain", "share", (Z * pl.col("error").sqrt()).alias("half_width")
    )
