"""How good decisions and scores are: precision, recall, F1, calibration error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def precision_recall_f1(truth: Flags, decided: Flags) -> tuple[float, float, float]:
    """Of one frame. NaN where undefined: precision without decisions, recall without truths.

    F1 = 2 TP / (2 TP + FP + FN); NaN when there is neither a truth nor a decision.
    """
    hits = int(np.sum(truth & decided))
    found, there = int(np.sum(decided)), int(np.sum(truth))
    return (
        hits / found if found else float("nan"),
        hits / there if there else float("nan"),
        2 * hits / (found + there) if found + there else float("nan"),
    )


def calibration_error(truth: Flags, scores: Floats, bins: int = 10) -> float:
    """Expected calibration error in [0, 1]: the mean over rows of |share true - mean score|.

    Rows are put in bins of equal width by score (Naeini et al. 2015). NaN without rows.
    """
    if not len(scores):
        return float("nan")
    bin_of = np.minimum((scores * bins).astype(np.int64), bins - 1)
    gaps = np.abs(np.bincount(bin_of, truth, bins) - np.bincount(bin_of, scores, bins))
    return float(gaps.sum() / len(scores))


def evaluate(frames: Sequence[str], truth: Flags, scores: Floats, decided: Flags) -> pl.DataFrame:
    """One row per frame: frame, rows, positives, precision, recall, f1, ece. Arrays [n, F]."""
    rows = []
    for column, frame in enumerate(frames):
        precision, recall, f1 = precision_recall_f1(truth[:, column], decided[:, column])
        rows.append(
            {
                "frame": frame,
                "rows": len(truth),
                "positives": int(truth[:, column].sum()),
                "precision": precision,
                "recall": recall,
                "f1": f1,
                "ece": calibration_error(truth[:, column], scores[:, column]),
            }
        )
    return pl.DataFrame(rows)


def macro_f1(table: pl.DataFrame) -> float:
    """The mean of the frames' F1; frames without one (NaN) are left out, NaN when all are."""
    defined = table.filter(pl.col("f1").is_not_nan())["f1"].mean()
    return float("nan") if defined is None else float(defined)  # type: ignore[arg-type]


def break_even(truth: Flags, logits: Floats, weight: Floats) -> float:
    """The logit at or above which deciding makes as many false positives as false negatives.

    Both weighted; the precision then equals the recall. inf without truths.
    """
    order = np.argsort(-logits, kind="stable")
    sorted_logits = logits[order]
    hits = np.cumsum(np.where(truth, weight, 0.0)[order])
    if not hits.size or hits[-1] == 0:
        return float("inf")
    wrong = np.cumsum(np.where(truth, 0.0, weight)[order])
    imbalance = np.abs(wrong - (hits[-1] - hits))
    imbalance[:-1][sorted_logits[:-1] == sorted_logits[1:]] = np.inf
    best = int(np.argmin(imbalance))
    after = sorted_logits[best + 1] if best + 1 < len(order) else sorted_logits[best] - 1.0
    return float((sorted_logits[best] + after) / 2)


def as_rows(table: pl.DataFrame, digits: int = 3) -> list[dict[str, Any]]:
    """The table as rounded rows for a model card; NaN becomes None."""
    return table.with_columns(pl.selectors.float().fill_nan(None).round(digits)).to_dicts()
