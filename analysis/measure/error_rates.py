"""What the classifier's decisions get right and wrong, against what people coded.

Everywhere `codes` has a row per coded piece and frame: the keys, frame, y (share of its coders who
found the frame), present (the classifier's decision), weight (pieces that it stands for). A piece
on which coders are divided counts in part as one with the frame and in part as one without.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analysis.measure.contrasts import benjamini_hochberg
from analysis.measure.shares import LEVEL
from analysis.measure.weighted import weighted_shares

MEASURES = ("sensitivity", "specificity")
CELLS = ("both", "false alarm", "miss", "neither")

SHUFFLES = 1999
# Shuffled at once, in codes: keeps memory flat.
_AT_ONCE = 1_000_000


def error_rates(codes: pl.DataFrame, by: Sequence[str], level: float = LEVEL) -> pl.DataFrame:
    """Sensitivity and specificity of each group: the keys `by`, measure, n, worth, share, low, high.

    Sensitivity is the share found of pieces with the frame, specificity the share let go of pieces
    without. `n`: coded pieces with, or without, the frame; `worth`, low and high as in
    `weighted_shares`; null where no piece has, or lacks, the frame.
    """
    said = pl.col("present").cast(pl.Float64)
    sides = ((MEASURES[0], said, pl.col("y")), (MEASURES[1], 1 - said, 1 - pl.col("y")))
    tables = []
    for measure, right, among in sides:
        found = weighted_shares(codes, by, right, pl.col("weight") * among, level)
        counts = codes.group_by(list(by)).agg(n=among.sum())
        tables.append(
            found.drop("n", "mass")
            .join(counts, on=list(by), nulls_equal=True, maintain_order="left")
            .select(*by, pl.lit(measure).alias("measure"), "n", "worth", "share", "low", "high")
        )
    return pl.concat(tables).sort(*by, "measure", maintain_order=True)


def confusion_cells(codes: pl.DataFrame) -> pl.DataFrame:
    """frame, cell, n (coded pieces; halves where coders are divided), share of all pieces in scope.

    Cells: 'both' (people and classifier say that it carries the frame), 'false alarm' (only the
    classifier does), 'miss' (only people do), 'neither'. Shares of a frame sum to 1.
    """
    said = pl.col("present").cast(pl.Float64)
    y, w = pl.col("y"), pl.col("weight")
    parts = {
        "both": y * said,
        "false alarm": (1 - y) * said,
        "miss": y * (1 - said),
        "neither": (1 - y) * (1 - said),
    }
    wide = codes.group_by("frame", maintain_order=True).agg(
        *(part.sum().alias(f"n {cell}") for cell, part in parts.items()),
        *(((w * part).sum() / w.sum()).alias(f"share {cell}") for cell, part in parts.items()),
    )
    long = pl.concat(
        wide.with_row_index("place").select(
            "place",
            "frame",
            pl.lit(cell).alias("cell"),
            n=pl.col(f"n {cell}"),
            share=pl.col(f"share {cell}"),
        )
        for cell in CELLS
    )
    return long.sort("place", maintain_order=True).drop("place")


def differ(
    codes: pl.DataFrame, by: str, *, shuffles: int = SHUFFLES, seed: int = 7
) -> pl.DataFrame:
    """Whether error rates differ between groups by more than chance, one row per frame.

    frame, groups (with a coded piece), statistic, p, q (Benjamini and Hochberg over frames). The
    statistic sums over groups the squared distance of sensitivity, and of specificity, from that
    of all together, in variances of weighted shares; its distribution without a difference comes
    from dealing the groups out anew among pieces that were coded alike (`shuffles` times, seeded;
    p counts the deal as it is: Phipson and Smyth 2010). Null with fewer than two groups, and where
    the classifier is right, or wrong, throughout.
    """
    rows = []
    random = np.random.default_rng(seed)
    for frame in codes["frame"].unique(maintain_order=True):
        own = codes.filter(pl.col("frame") == frame).drop_nulls(by)
        # Weights are sums, whose last digits depend on the order of summing.
        own = own.sort("y", by, "present", pl.col("weight").round(9))
        statistic, p = _shuffled(own, by, shuffles, random)
        rows.append((frame, own[by].n_unique(), statistic, p))
    names = {"frame": pl.String, "groups": pl.Int64, "statistic": pl.Float64, "p": pl.Float64}
    table = pl.DataFrame(rows, schema=names, orient="row")
    return table.with_columns(q=benjamini_hochberg(pl.col("p")))


def _shuffled(
    codes: pl.DataFrame, by: str, shuffles: int, random: np.random.Generator
) -> tuple[float | None, float | None]:
    groups = codes[by].n_unique()
    if groups < 2:
        return None, None
    label = (codes[by].rank("dense") - 1).to_numpy().astype(np.int64)
    y, weight = codes["y"].to_numpy(), codes["weight"].to_numpy()
    said = codes["present"].cast(pl.Float64).to_numpy()
    sides = [(said, weight * y), (1 - said, weight * (1 - y))]

    def statistics(labels: np.ndarray) -> np.ndarray:
        return sum(_spread(labels, groups, right, w) for right, w in sides)  # type: ignore[return-value]

    found = float(statistics(label[None, :])[0])
    if found == 0:
        return None, None
    alike = np.unique(y, return_inverse=True)[1]
    above, step = 0, max(1, _AT_ONCE // len(label))
    for begin in range(0, shuffles, step):
        many = min(step, shuffles - begin)
        # Codes are sorted by y, so that sorting classes with noise deals within each class.
        order = np.argsort(alike + random.random((many, len(label))), axis=1)
        above += int((statistics(label[order]) >= found - 1e-9).sum())
    return found, (above + 1) / (shuffles + 1)


def _spread(labels: np.ndarray, groups: int, right: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Of each row of labels: sum over groups of (rate - rate of all)^2 * worth / (variance of one)."""
    total = weight.sum()
    rate = (weight * right).sum() / total if total else 0.0
    if not 0 < rate < 1:
        return np.zeros(len(labels))
    place = labels + groups * np.arange(len(labels))[:, None]

    def summed(values: np.ndarray) -> np.ndarray:
        spread = np.broadcast_to(values, labels.shape).ravel()
        return np.bincount(place.ravel(), spread, minlength=len(labels) * groups).reshape(
            -1, groups
        )

    mass, squares, hits = summed(weight), summed(weight**2), summed(weight * right)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = (hits / mass - rate) ** 2 * mass**2 / squares
    return np.asarray(np.nansum(part, axis=1) / (rate * (1 - rate)))
