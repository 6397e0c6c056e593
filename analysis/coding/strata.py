"""Strata of a population: outlet, period and score band, merged where they would be too small.

A population has one row per piece: `piece`, `outlet`, `period` (first day of the month; null where
the date is coarser or missing), `room` (probability of not being in the sample yet, 1 before the
first draw) and a column `score_<frame>` per frame, in [0, 1].
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl

# A variance within a stratum needs two draws.
MIN_DRAWS = 2
# Outlets of fewer pieces are pooled: two draws would be half of them.
SMALLEST = 4
# Bands of one frame's score.
EDGES = (0.0, 0.1, 0.3, 0.7, 1.0)
# Names sort in the order of the bands.
# Bands of the uncertainty over several frames, by thirds of the population.
THIRDS = ("clear", "middling", "unclear")
PERIODS = ("month", "quarter", "year")

Period = dt.date | None


def bands(population: pl.DataFrame, frames: Sequence[str]) -> tuple[pl.Series, int]:
    """The score band of each piece, from 0, and the number of bands.

    For one frame its score cut at .1, .3 and .7. For several, thirds of the population by the sum
    over frames of p(1 - p), which is largest where the codes are hardest to foresee; ties stay
    together.
    """
    scores = population.select(f"score_{frame}" for frame in frames).to_numpy()
    if len(frames) == 1:
        return pl.Series(np.searchsorted(EDGES[1:-1], scores[:, 0], side="right")), len(EDGES) - 1
    doubt = (scores * (1 - scores)).sum(axis=1)
    cuts = np.quantile(doubt, [1 / 3, 2 / 3]) if doubt.size else np.zeros(2)
    return pl.Series(np.searchsorted(cuts, doubt, side="right")), len(THIRDS)


def stratify(population: pl.DataFrame, frames: Sequence[str], budget: int) -> pl.Series:
    """The stratum of each piece: names, in the order of the population.

    In proportion to its size a stratum can expect MIN_DRAWS of the budget, so that drawing
    MIN_DRAWS from each is always within it. The finest of month, quarter and year that leaves so
    many is the period; then small bands are merged with the smaller of their neighbours, and
    periods too small for one band likewise. The smallest outlets are pooled, where each outlet's
    MIN_DRAWS together would take more than half of the budget, or an outlet has fewer than
    SMALLEST pieces. Depends on nothing that chance has drawn.
    """
    if population.is_empty():
        return pl.Series([], dtype=pl.String)
    band, count = bands(population, frames)
    pooled = population.select(
        _pooled(population, budget).alias("outlet"), "period", "room", band.alias("band")
    )
    level = _level(pooled, count, budget)
    cells = pooled.with_columns(
        pl.col("period").dt.truncate({"month": "1mo", "quarter": "1q", "year": "1y"}[level])
        if level
        else pl.lit(None, pl.Date).alias("period")
    )
    sizes = cells.group_by("outlet", "period", "band").agg(pl.col("room").sum())
    need = _need(sizes.group_by("outlet").agg(pl.col("room").sum())["room"].to_numpy(), budget)
    several = len(frames) > 1
    named: dict[tuple[str, Period, int], str] = {}
    for (outlet,), rows in sizes.group_by("outlet"):
        held = {(row[1], row[2]): row[3] for row in rows.iter_rows()}
        for periods, first, last in _merged(held, need):
            label = " · ".join(
                part
                for part in (
                    str(outlet),
                    _period_label(periods, level),
                    _band_label(first, last, count, several),
                )
                if part
            )
            named |= {(str(outlet), p, b): label for p in periods for b in range(first, last + 1)}
    return pl.Series([named[row] for row in cells.select("outlet", "period", "band").iter_rows()])


def _pooled(population: pl.DataFrame, budget: int) -> pl.Series:
    """Each piece's outlet, or the name of the pool of small outlets."""
    sizes = population.group_by("outlet").agg(pl.col("room").sum()).sort("room", "outlet")
    outlets, rooms = sizes["outlet"].to_list(), sizes["room"].to_list()
    most = max(1, budget // (2 * MIN_DRAWS))
    pool = 0
    while pool < len(outlets):
        separate = len(outlets) - pool
        alone = pool == 1 or (pool and sum(rooms[:pool]) < SMALLEST)
        if not (alone or separate + (pool > 0) > most or rooms[pool] < SMALLEST):
            break
        pool += 1
    if len(outlets) == 1 or pool < 2:
        return population["outlet"]
    name = f"other outlets ({pool})" if pool < len(outlets) else "all outlets"
    return population["outlet"].replace(dict.fromkeys(outlets[:pool], name))


def _level(cells: pl.DataFrame, bands: int, budget: int) -> str:
    """The finest period whose strata the budget can serve; empty for the whole time in one."""
    for level, width in zip(PERIODS, ("1mo", "1q", "1y"), strict=True):
        shown = cells.select("outlet", pl.col("period").dt.truncate(width)).unique()
        if shown.height * bands * MIN_DRAWS <= budget:
            return level
    return ""


def _need(outlets: np.ndarray, budget: int) -> float:
    """The size at which a stratum expects MIN_DRAWS, after those for outlets below that size."""
    need = 0.0
    while True:
        small = outlets < need
        left = budget - MIN_DRAWS * int(small.sum())
        wanted = MIN_DRAWS * float(outlets[~small].sum()) / max(left, 1)
        if small.all() or wanted <= need:
            return max(need, SMALLEST)
        need = wanted


def _merged(
    sizes: dict[tuple[Period, int], float], need: float
) -> list[tuple[list[Period], int, int]]:
    """Groups of one outlet's cells, each of at least `need` where there are so many.

    A group is its periods and its first and last band.
    """
    order = sorted({p for p, _ in sizes}, key=lambda p: (p is None, p or dt.date.min))
    totals = [sum(n for (p, _), n in sizes.items() if p == period) for period in order]
    groups = []
    for first, last in _runs(totals, need):
        periods = order[first : last + 1]
        top = 1 + max(b for _, b in sizes)
        by_band = [
            sum(n for (p, b), n in sizes.items() if b == band and p in periods)
            for band in range(top)
        ]
        groups += [(periods, low, high) for low, high in _runs(by_band, need)]
    return groups


def _runs(sizes: Sequence[float], need: float) -> list[tuple[int, int]]:
    """Consecutive runs (first, last) of at least `need`; the smallest joins its smaller neighbour."""
    runs = [(place, place) for place in range(len(sizes))]
    held = list(sizes)
    while len(runs) > 1 and min(held) < need:
        here = held.index(min(held))
        beside = [place for place in (here - 1, here + 1) if 0 <= place < len(held)]
        left = min(here, min(beside, key=lambda place: held[place]))
        runs[left : left + 2] = [(runs[left][0], runs[left + 1][1])]
        held[left : left + 2] = [held[left] + held[left + 1]]
    return runs


def _period_label(periods: Sequence[Period], level: str) -> str:
    dated = [period for period in periods if period is not None]
    if not level:
        return ""
    if not dated:
        return "undated"
    ends = [_period_name(period, level) for period in (dated[0], dated[-1])]
    label = ends[0] if len(dated) == 1 else f"{ends[0]} to {ends[1]}"
    return f"{label}, undated" if len(dated) < len(periods) else label


def _period_name(period: dt.date, level: str) -> str:
    if level == "quarter":
        return f"{period.year} Q{(period.month + 2) // 3}"
    return f"{period:%Y-%m}" if level == "month" else f"{period:%Y}"


def _band_label(first: int, last: int, bands: int, several: bool) -> str:
    if first == 0 and last == bands - 1:
        return "all scores"
    if several:
        return THIRDS[first] if first == last else f"{THIRDS[first]} to {THIRDS[last]}"
    return f"score {EDGES[first]:.1f}–{EDGES[last + 1]:.1f}"
