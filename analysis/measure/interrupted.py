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
    wide = cells.pivot("frame", index=["outlet", "start", "n"], values="k").sort("outlet", "start")
    frames = wide.columns[3:]
    marked = wide.with_columns(
        pl.col(frames) / pl.col("n"),
        hit=pl.col("outlet").is_in(list(touched)),
        after=pl.col("start") >= since,
    )
    sides = [marked.filter(pl.col("hit") & (pl.col("after") == after)) for after in (False, True)]
    bins = [side["start"].n_unique() for side in sides]
    if min(bins) < LEAST_BINS:
        return pl.DataFrame(schema=RESULTS)
    others = marked.filter(~pl.col("hit"))
    # An outlet that has pieces on one side only tells nothing of a change.
    both = others.group_by("outlet").agg(pl.col("after").n_unique() == 2).filter("after")["outlet"]
    others = others.filter(pl.col("outlet").is_in(both.implode()))
    used = pl.concat([marked.filter("hit"), others])
    changes = _change(used, frames, level)
    slopes = _slope(used.filter(~pl.col("after")), frames, level)
    placebos = [
        _change(others.with_columns(hit=pl.col("outlet") == outlet), frames, level)[0]
        for outlet in both
        if both.len() >= 3
    ]
    larger = np.abs(placebos) >= np.abs(changes[0]) if placebos else None
    numbers = {
        **dict(zip(("change", "change_low", "change_high", "p"), changes, strict=True)),
        **dict(zip(("slope", "slope_low", "slope_high", "slope_p"), slopes, strict=True)),
        "as_large": None if larger is None else larger.sum(0),
    }
    counts = {
        "touched": marked.filter("hit")["outlet"].n_unique(),
        "compared": both.len(),
        "bins_before": bins[0],
        "bins_after": bins[1],
        "n_before": int(sides[0]["n"].sum()),
        "n_after": int(sides[1]["n"].sum()),
    }
    rows = {"frame": frames, **numbers, **{name: [n] * len(frames) for name, n in counts.items()}}
    return pl.DataFrame(rows).select(pl.col(name).cast(kind) for name, kind in RESULTS.items())


Effect = tuple[Floats, Floats, Floats, Floats]


def _change(cells: pl.DataFrame, frames: Sequence[str], level: float) -> Effect:
    after = cells["after"].to_numpy().astype(float)
    if cells["hit"].all():
        return _effect(cells, frames, after, [_time(cells)], bins=False, level=level)
    hit = cells["hit"].to_numpy().astype(float)
    return _effect(cells, frames, hit * after, [], bins=True, level=level)


def _slope(cells: pl.DataFrame, frames: Sequence[str], level: float) -> Effect:
    hit = cells["hit"].to_numpy().astype(float)
    apart = not cells["hit"].all()
    return _effect(cells, frames, hit * _time(cells), [], bins=apart, level=level)


def _time(cells: pl.DataFrame) -> Floats:
    """Bins since the first, by the smallest step between two."""
    days = cells["start"].dt.epoch("d").to_numpy().astype(float)
    steps = np.diff(np.unique(days))
    return np.asarray((days - days.min()) / (steps.min() if steps.size else 1.0))


def _effect(
    cells: pl.DataFrame,
    frames: Sequence[str],
    of: Floats,
    beside: Sequence[Floats],
    *,
    bins: bool,
    level: float,
) -> Effect:
    """By frame: estimate, low, high and p of the coefficient of `of`, next to outlets, and bins if
    wanted."""
    groups = [_places(cells["outlet"]), _places(cells["start"])]
    dummies = [np.eye(int(groups[0].max()) + 1)[groups[0]]]
    if bins:
        dummies.append(np.eye(int(groups[1].max()) + 1)[groups[1]][:, 1:])
    design = np.column_stack([of, *beside, *dummies])
    weight = cells["n"].to_numpy().astype(float)
    beta, variance = weighted_fit(design, cells.select(frames).to_numpy(), weight, groups)
    spare = max(min((c for c in (int(g.max()) + 1 for g in groups) if c > 1), default=2) - 1, 1)
    error = np.sqrt(variance)
    reach = stdtrit(spare, 0.5 + level / 2) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(error > 0, 2 * stdtr(spare, -np.abs(beta) / error), 1.0)
    return beta, np.maximum(beta - reach, -1.0), np.minimum(beta + reach, 1.0), p


def weighted_fit(
    design: Floats, y: Floats, weight: Floats, groups: Sequence[npt.NDArray[np.int64]]
) -> tuple[Floats, Floats]:
    """The first coefficient of a weighted least squares fit of each column of `y`, and its
    variance clustered two ways.

    The largest of the variances by each grouping and by both. Collinear columns are shared out by
    the pseudo-inverse, which leaves the first coefficient as it is where it can be told.
    """
    values, vectors = np.linalg.eigh(design.T @ (weight[:, None] * design))
    kept = values > values.max() * 1e-12
    bread = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    beta = bread @ (design.T @ (weight[:, None] * y))
    influence = (weight * (design @ bread[0]))[:, None] * (y - design @ beta)

    def by(group: npt.NDArray[np.int64]) -> Floats:
        many = int(group.max()) + 1
        if many < 2:
            return np.zeros(y.shape[1])
        sums = np.zeros((many, y.shape[1]))
        np.add.at(sums, group, influence)
        small = many / (many - 1) * (len(y) - 1) / max(len(y) - int(kept.sum()), 1)
        return np.asarray((sums**2).sum(0) * small)

    single = by(np.arange(len(y)))
    parts = [by(group) for group in groups]
    return beta[0], np.maximum(np.maximum.reduce(parts), sum(parts) - single)


def _places(column: pl.Series) -> npt.NDArray[np.int64]:
    return (column.rank("dense") - 1).to_numpy().astype(np.int64)
