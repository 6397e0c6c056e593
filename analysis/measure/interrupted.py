"""An interrupted series: how shares changed at an event, against outlets that it did not touch.

With comparison outlets, the share y of outlet o in bin t, weighted by its pieces, is

    y = outlet + bin + change * (touched by the event, and bin after it)

(two-way fixed effects: difference in differences; Angrist and Pischke 2009, 5.2). Without any,

    y = outlet + slope * time + change * (bin after the event)

(segmented regression: Wagner, Soumerai, Zhang and Ross-Degnan 2002). The variance is clustered by
bin and by outlet (Cameron, Gelbach and Miller 2011), never below that by either alone, for with
few outlets the sum of the three is too small; t quantiles with the fewer clusters minus one. With
a single touched outlet its residuals sum to nothing, so that bins alone say how sure the change is;
the changes of the comparison outlets, each taken for touched in turn, are told beside it.

The pre-trend is the slope of the touched outlets relative to the others before the event: where it
is not flat, they were drifting apart before, and the change at the event says little.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import stdtr, stdtrit

from analysis.measure.shares import LEVEL

Floats = npt.NDArray[np.float64]

# Fewer bins with pieces of touched outlets on either side than this tell no change.
LEAST_BINS = 4

RESULTS = {
    "frame": pl.String, "change": pl.Float64, "change_low": pl.Float64, "change_high": pl.Float64,
    "p": pl.Float64, "slope": pl.Float64, "slope_low": pl.Float64, "slope_high": pl.Float64,
    "slope_p": pl.Float64, "touched": pl.Int64, "compared": pl.Int64, "bins_before": pl.Int64,
    "bins_after": pl.Int64, "n_before": pl.Int64, "n_after": pl.Int64, "as_large": pl.Int64,
}  # fmt: skip


def interrupted(
    cells: pl.DataFrame, touched: Collection[str], since: dt.date, *, level: float = LEVEL
) -> pl.DataFrame:
    """One row per frame, in RESULTS; none where there are too few bins on either side.

    `cells`: outlet, start, frame, n (above 0), k; `since` is the first day of the event's bin, which
    counts as after it.
    change and its interval are fractions; slope is per bin; p is two-sided. touched and compared
    count outlets, bins_... and n_... bins and pieces of touched outlets, as_large the comparison
    outlets that changed at least as much as the touched ones, the others for comparison (null with
    fewer than three of them).
    """
    rows = []
    for frame, own in cells.group_by("frame", maintain_order=True):
        found = _of_frame(own.sort("outlet", "start"), touched, since, level)
        if found is not None:
            rows.append((frame[0], *found))
    return pl.DataFrame(rows, schema=RESULTS, orient="row")


def _of_frame(
    cells: pl.DataFrame, touched: Collection[str], since: dt.date, level: float
) -> tuple[float | int | None, ...] | None:
    marked = cells.with_columns(
        hit=pl.col("outlet").is_in(list(touched)), after=pl.col("start") >= since
    )
    sides = {
        after: marked.filter(pl.col("hit") & (pl.col("after") == after)) for after in (False, True)
    }
    bins = {after: side["start"].n_unique() for after, side in sides.items()}
    if min(bins.values()) < LEAST_BINS:
        return None
    others = marked.filter(~pl.col("hit"))
    # An outlet that has pieces on one side only tells nothing of a change.
    both = others.group_by("outlet").agg(pl.col("after").n_unique() == 2).filter("after")["outlet"]
    used = marked.filter(pl.col("hit") | pl.col("outlet").is_in(both.implode()))
    compared = both.len()
    change = _change(used, level)
    slope = _slope(used.filter(~pl.col("after")), level)
    placebos = [_change(_taken(others, outlet, both), level)[0] for outlet in both if compared >= 3]
    as_large = sum(abs(one) >= abs(change[0]) for one in placebos) if placebos else None
    return (
        *change,
        *slope,
        marked.filter("hit")["outlet"].n_unique(),
        compared,
        bins[False],
        bins[True],
        int(sides[False]["n"].sum()),
        int(sides[True]["n"].sum()),
        as_large,
    )


def _taken(others: pl.DataFrame, outlet: str, among: pl.Series) -> pl.DataFrame:
    return others.filter(pl.col("outlet").is_in(among.implode())).with_columns(
        hit=pl.col("outlet") == outlet
    )


def _change(cells: pl.DataFrame, level: float) -> tuple[float, float, float, float]:
    after = cells["after"].to_numpy().astype(float)
    if cells["hit"].all():
        return _effect(cells, after, [_time(cells)], bins=False, level=level)
    hit = cells["hit"].to_numpy().astype(float)
    return _effect(cells, hit * after, [], bins=True, level=level)


def _slope(cells: pl.DataFrame, level: float) -> tuple[float, float, float, float]:
    hit = cells["hit"].to_numpy().astype(float)
    apart = not cells["hit"].all()
    return _effect(cells, hit * _time(cells), [], bins=apart, level=level)


def _time(cells: pl.DataFrame) -> Floats:
    """Bins since the first, by the smallest step between two."""
    days = cells["start"].dt.epoch("d").to_numpy().astype(float)
    steps = np.diff(np.unique(days))
    return np.asarray((days - days.min()) / (steps.min() if steps.size else 1.0))


def _effect(
    cells: pl.DataFrame, of: Floats, beside: Sequence[Floats], *, bins: bool, level: float
) -> tuple[float, float, float, float]:
    """Estimate, low, high and p of the coefficient of `of`, next to outlets, and bins if wanted."""
    groups = [_places(cells["outlet"]), _places(cells["start"])]
    dummies = [np.eye(int(groups[0].max()) + 1)[groups[0]]]
    if bins:
        dummies.append(np.eye(int(groups[1].max()) + 1)[groups[1]][:, 1:])
    design = np.column_stack([of, *beside, *dummies])
    share = (cells["k"] / cells["n"]).to_numpy()
    weight = cells["n"].to_numpy().astype(float)
    beta, variance = weighted_fit(design, share, weight, groups)
    clusters = [int(group.max()) + 1 for group in groups]
    spare = max(min(c for c in clusters if c > 1) - 1, 1) if max(clusters) > 1 else 1
    error = float(np.sqrt(variance))
    reach = float(stdtrit(spare, 0.5 + level / 2)) * error
    p = float(2 * stdtr(spare, -abs(beta) / error)) if error > 0 else 1.0
    return beta, max(beta - reach, -1.0), min(beta + reach, 1.0), p


def weighted_fit(
    design: Floats, y: Floats, weight: Floats, groups: Sequence[npt.NDArray[np.int64]]
) -> tuple[float, float]:
    """The first coefficient of a weighted least squares fit, and its variance clustered two ways.

    The largest of the variances by each grouping and by both. Collinear columns are shared out by
    the pseudo-inverse, which leaves the first coefficient as it is where it can be told.
    """
    bread = np.linalg.pinv(design.T @ (weight[:, None] * design), hermitian=True)
    beta = bread @ (design.T @ (weight * y))
    scores = (weight * (y - design @ beta))[:, None] * design
    influence = scores @ bread[0]
    rank = int(np.linalg.matrix_rank(design.T @ (weight[:, None] * design), hermitian=True))

    def by(group: npt.NDArray[np.int64]) -> float:
        sums = np.bincount(group, influence)
        many = int(group.max()) + 1
        if many < 2:
            return 0.0
        small = many / (many - 1) * (len(y) - 1) / max(len(y) - rank, 1)
        return float((sums**2).sum()) * small

    single = by(np.arange(len(y)))
    parts = [by(group) for group in groups]
    return float(beta[0]), max(*parts, sum(parts) - single)


def _places(column: pl.Series) -> npt.NDArray[np.int64]:
    return (column.rank("dense") - 1).to_numpy().astype(np.int64)
