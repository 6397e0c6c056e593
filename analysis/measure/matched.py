"""A difference on the same stories: how two sides framed what both of them covered.

The mean over the m shared stories of d, the share of one side's pieces on the story that carry the
frame minus that of the other's. The interval is Tango's (1998) score interval for paired shares,
where b and c, the stories on which only one side carries the frame, are sums of the positive and
of the negative d, and the variance is scaled by how much less fractions spread than 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measure.linear import FIRST, Borrowed, functionals
from analysis.measure.shares import LEVEL, critical

Floats = npt.NDArray[np.float64]

PART = "matched"

# Half a story that differs as far as stories can, seen on top of those that do: fractions say
# little of their spread where few stories differ.
WHOLE = 0.2
# Halvings of the search; see score_difference.
HALVINGS = 40


@dataclass(frozen=True)
class Matched:
    """`row`: the one row of `linear.functionals`. `stories` shared; `n` and `n_other`, pieces on
    them; `apart`, the sum of the sizes of d: stories, in whole ones, on which the sides differ;
    `share` and `share_other`, means over the stories of the naive shares."""

    row: pl.DataFrame
    stories: int
    n: int
    n_other: int
    apart: float
    share: float
    share_other: float


def matched(
    pieces: pl.DataFrame,
    codes: pl.DataFrame | None,
    *,
    level: float = LEVEL,
    census: bool = False,
    borrowed: Mapping[int, Borrowed] | None = None,
) -> Matched | None:
    """None where fewer than two stories are shared.

    `pieces`: piece, side, story (null: on none), score, present; pieces of other stories may be
    among them, and are left out. `codes`, `census` and `borrowed` as `linear.functionals` takes them.
    """
    on = pieces.drop_nulls("story").with_columns(
        both=pl.col("side").n_unique().over("story") == 2,
        here=pl.len().over("story", "side"),
        first=pl.col("side") == FIRST,
    )
    own = on.filter("both")
    many = own["story"].n_unique()
    if many < 2:
        return None
    said = pl.col("present").cast(pl.Float64)
    sign = pl.when("first").then(1.0).otherwise(-1.0)
    marked = own.with_columns(a=sign / (many * pl.col("here")), cluster="story").with_columns(
        d=(pl.col("a") * said).sum().over("story") * many
    )
    mean = float((marked["a"] * marked["present"].cast(pl.Float64)).sum())
    influence = pl.col("a") * said - mean / (many * pl.len().over("story"))
    low, high = tango(marked.unique("story", maintain_order=True)["d"].to_numpy(), critical(level))
    row = functionals(
        marked,
        marked.select(pl.col("a").alias(PART)),
        marked.select(influence.alias(PART)),
        codes,
        level=level,
        census=census,
        borrowed=borrowed,
        arms={PART: (mean - low, high - mean)},
    )
    shares = (
        marked.group_by("first")
        .agg(n=pl.len(), share=(pl.col("a").abs() * said).sum())
        .sort("first", descending=True)
    )
    sizes = marked.unique("story")["d"].abs()
    return Matched(
        row, many, shares["n"][0], shares["n"][1], float(sizes.sum()),
        float(shares["share"][0]), float(shares["share"][1]),
    )  # fmt: skip


def tango(d: Floats, z: float) -> tuple[float, float]:
    """Low and high end of the mean of `d`, each between -1 and 1, at the normal quantile `z`."""
    m = d.size
    b, c = float(np.maximum(d, 0).sum()), float(np.maximum(-d, 0).sum())
    scale = (float((d**2).sum()) + WHOLE) / (b + c + WHOLE)
    found = (b - c) / m

    def far(gap: float) -> bool:
        linear = -b - c + (2 * m - b + c) * gap
        root = np.sqrt(max(linear**2 + 8 * m * c * gap * (1 - gap), 0.0))
        rarer = (root - linear) / (4 * m)
        variance = max(m * (2 * rarer + gap * (1 - gap)) * scale, 1e-12)
        return bool((b - c - m * gap) ** 2 / variance > z * z)

    def end(limit: float) -> float:
        inside, outside = found, limit
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            if far(middle):
                outside = middle
            else:
                inside = middle
        return inside

    return end(-1.0), end(1.0)
