"""From logits of models that had not seen the rows: calibration, thresholds and the piece rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from analysis.frames import evaluate, pieces, rule
from analysis.frames.examples import Examples
from analysis.frames.scored import Decisions
from analysis.frames.settings import Rates

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

# The rule also learns from the first rows of each coded piece, so many, and from pieces drawn out
# to so many.
BEGINNINGS = (1, 3, 6)
LONG = (30, 60, 120)

# Thresholds are set on pieces of so many rows: whole excerpts and articles of usual length.
FULL = (8, 30)


@dataclass(frozen=True)
class Calibrated:
    """Logits times `slope` plus `shift` [F] are calibrated; what is decided from them.

    `figures` has one row per unit (sentence, piece) and frame, of rows and pieces that neither the
    model nor the rule had seen.
    """

    slope: Floats
    shift: Floats
    decisions: Decisions
    figures: pl.DataFrame


def calibrate(
    examples: Examples, logits: Floats, fold: Ints, frames: Sequence[str], how: Rates
) -> Calibrated:
    """Learns on coded rows; `logits` [n, F] are -inf for empty ones, `fold` [n] as Examples.folds."""
    rows = examples.coded
    truth = examples.truth[rows]
    everything = np.ones(len(truth), bool)
    weight = np.column_stack(
        [
            rule.importance(
                truth[:, f], everything, how.sentence_rates.get(one), examples.weight[rows]
            )
            for f, one in enumerate(frames)
        ]
    )
    slope, shift = _platt(truth, logits[rows], weight)
    scaled = logits * slope + shift
    threshold = np.array(
        [
            evaluate.break_even(truth[:, f], scaled[rows, f], weight[:, f])
            for f in range(len(frames))
        ]
    )
    by_sentence = evaluate.evaluate(frames, truth, expit(scaled[rows]), scaled[rows] >= threshold)
    found = _piece_rule(examples, scaled, threshold, fold, frames, how)
    return Calibrated(
        slope,
        shift,
        Decisions(threshold, found.weights, found.bias, found.threshold),
        pl.concat(
            [
                by_sentence.select(pl.lit("sentence").alias("unit"), pl.all()),
                found.evaluation.select(pl.lit("piece").alias("unit"), pl.all()),
            ]
        ),
    )


def _piece_rule(
    examples: Examples,
    calibrated: Floats,
    threshold: Floats,
    fold: NDArray[np.int64],
    frames: Sequence[str],
    how: Rates,
) -> rule.PieceRule:
    """Learned on the pieces that were coded from end to end."""
    made, usual = _made_pieces(examples, how)
    rows = np.concatenate(made)
    starts = np.concatenate([[0], np.cumsum([len(one) for one in made])])
    return rule.fit_rule(
        pieces.statistics(calibrated[rows], threshold, starts),
        np.logical_or.reduceat(examples.truth[rows], starts[:-1], axis=0),
        fold[[one[0] for one in made]],
        usual,
        frames,
        how.piece_rates,
        counts=examples.weight[rows[starts[:-1]]],
        strength=how.rule_strength,
    )


def _made_pieces(
    examples: Examples, how: Rates
) -> tuple[list[NDArray[np.int64]], NDArray[np.bool_]]:
    """Rows of the pieces that the rule learns from, and which are of usual length.

    The coded pieces are excerpts; a corpus holds headlines and summaries, and articles of a hundred
    sentences. So, unless the settings say otherwise, pieces are also cut short and drawn out. A
    longer piece gives every frame more chances to be seen wrongly: it is made of a coded one and of
    sentences of others that carry nothing.
    """
    rng = np.random.default_rng(how.seed)
    nothing = np.flatnonzero(examples.coded & ~examples.truth.any(axis=1))
    whole = [
        np.arange(start, end)
        for start, end, kept in zip(
            examples.starts[:-1], examples.starts[1:], examples.whole, strict=True
        )
        if kept
    ]
    if not how.reshaped:
        return whole, np.ones(len(whole), bool)
    short = [rows[:most] for most in BEGINNINGS for rows in whole]
    drawn_out = [
        np.concatenate([rows, rng.choice(nothing, max(0, least - len(rows)))])
        for least in LONG
        for rows in whole
    ]
    made = [*whole, *short, *drawn_out]
    return made, np.array([FULL[0] <= len(one) <= FULL[1] for one in made])


def _platt(truth: Flags, logits: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Slope and shift [F] that calibrate logits (Platt 1999), for the weighted rows."""
    slope, shift = np.ones(truth.shape[1]), np.zeros(truth.shape[1])
    for f in range(truth.shape[1]):
        one = LogisticRegression(C=1e6, tol=1e-8, max_iter=1000)
        one.fit(logits[:, [f]], truth[:, f], sample_weight=weight[:, f])
        slope[f], shift[f] = one.coef_[0, 0], one.intercept_[0]
    return slope, shift
