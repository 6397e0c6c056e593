"""The piece rule: from the scores of a piece's sentences to a calibrated score of the piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from analysis.frames import evaluate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class PieceRule:
    """Logistic over pieces.STATISTICS: weights [F, K], bias [F], threshold [F] as a logit.

    `evaluation` has one row per frame, from rules that had not seen the pieces they scored.
    """

    weights: Floats
    bias: Floats
    threshold: Floats
    evaluation: pl.DataFrame


def fit_rule(
    seen: Floats,
    there: Flags,
    fold: NDArray[np.int64],
    full: Flags,
    frames: Sequence[str],
    rates: Mapping[str, float],
    *,
    counts: Floats,
    strength: float,
) -> PieceRule:
    """Learns on coded pieces.

    `seen` [P, F, K] are statistics of scores by models that had not seen the pieces, `there`
    [P, F] the truth, `fold` [P] which pieces to leave out together, `full` [P] which are
    of usual length, `counts` [P] how much each counts. `rates` is the share of full pieces that carry a frame where the model will be
    used; pieces are weighted to it. Threshold and evaluation are of full pieces.

    The threshold is the break-even point, where false positives and false negatives weigh the
    same: the share of pieces decided to carry a frame is then right on the whole, which is what
    shares by outlet need.
    """
    count = len(frames)
    weights, bias, cut = np.zeros((count, seen.shape[2])), np.zeros(count), np.zeros(count)
    scores, decided = np.zeros(there.shape), np.zeros(there.shape, bool)
    for f, frame in enumerate(frames):
        weight = importance(there[:, f], full, rates.get(frame), counts)
        for number in np.unique(fold):
            train, test = fold != number, fold == number
            w, b = _logistic(seen[train, f], there[train, f], weight[train], strength)
            own = seen[:, f] @ w + b
            known = train & full
            threshold = evaluate.break_even(there[known, f], own[known], weight[known])
            scores[test, f], decided[test, f] = expit(own[test]), own[test] >= threshold
        weights[f], bias[f] = _logistic(seen[:, f], there[:, f], weight, strength)
        own = seen[full, f] @ weights[f] + bias[f]
        cut[f] = evaluate.break_even(there[full, f], own, weight[full])
    table = evaluate.evaluate(frames, there[full], scores[full], decided[full])
    return PieceRule(weights, bias, cut, table)


def importance(truth: Flags, full: Flags, base_rate: float | None, counts: Floats) -> Floats:
    """`counts`, changed so that the share of truths among the full ones is the base rate."""
    share = float(np.average(truth[full], weights=counts[full])) if full.any() else 0.0
    if base_rate is None or not 0 < share < 1:
        return counts
    weights: Floats = counts * np.where(truth, base_rate / share, (1 - base_rate) / (1 - share))
    return weights


def _logistic(seen: Floats, there: Flags, weight: Floats, strength: float) -> tuple[Floats, float]:
    if there.all() or not there.any():
        return np.zeros(seen.shape[1]), 20.0 if there.all() else -20.0
    one = LogisticRegression(C=strength, tol=1e-8, max_iter=5000)
    one.fit(seen, there, sample_weight=weight)
    return one.coef_[0], float(one.intercept_[0])
