"""The piece rule, learned on pieces put together from training sentences.

There are no coded pieces to learn from, only coded sentences. A pseudo-piece is a seeded draw of
sentences in proportions like those of news: most carry nothing, some a few of one frame. The
sentences bring the scores that models gave them which had not seen them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from analysis.frames import evaluate, pieces

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PIECES = 6000
SHORTEST, LONGEST = 10, 60

# Of pieces in which a frame occurs, the mean share of sentences that carry it.
DENSITY = 0.2

# A piece is about something: sentences are drawn the likelier, the nearer they are to an anchor.
CLOSENESS = 6.0

# Training sentences carry several frames more often than news does; those are drawn less often.
SEVERAL = 0.15


@dataclass(frozen=True)
class PieceRule:
    """Logistic over pieces.STATISTICS: weights [F, K], bias [F], threshold [F] as a logit."""

    weights: Floats
    bias: Floats
    threshold: Floats
    evaluation: pl.DataFrame


def fit_rule(
    truth: Flags,
    logits: Floats,
    threshold: Floats,
    vectors: Floats,
    frames: Sequence[str],
    base_rates: Mapping[str, float],
    *,
    seed: int,
) -> PieceRule:
    """Fits on half of the pseudo-pieces and evaluates on the other half.

    `truth` and out-of-fold `logits` are [sentences, F], `vectors` their embeddings. Sentences are split between the halves, so
    that no sentence is in both.
    """
    rng = np.random.default_rng(seed)
    half = rng.random(len(truth)) < 0.5
    rates = [base_rates.get(frame, float(truth[:, f].mean())) for f, frame in enumerate(frames)]
    first = _assemble(truth, vectors, half, rates, rng)
    second = _assemble(truth, vectors, ~half, rates, rng)
    weights, bias, cut = _learn(truth, logits, threshold, first)
    seen, there = _described(truth, logits, threshold, second)
    score = np.einsum("pfk,fk->pf", seen, weights) + bias
    table = evaluate.evaluate(frames, there, expit(score), score >= cut)
    both = [*first, *second]
    weights, bias, cut = _learn(truth, logits, threshold, both)
    return PieceRule(weights, bias, cut, table)


def _assemble(
    truth: Flags,
    vectors: Floats,
    usable: Flags,
    rates: Sequence[float],
    rng: np.random.Generator,
) -> list[NDArray[np.int64]]:
    """Pseudo-pieces as lists of sentence numbers; the first stands for the headline."""
    plain = np.flatnonzero(usable & ~truth.any(axis=1))
    carriers = [np.flatnonzero(usable & truth[:, f]) for f in range(truth.shape[1])]
    chance = np.where(truth.sum(axis=1) > 1, SEVERAL, 1.0)
    found = []
    for _ in range(PIECES // 2):
        length = int(rng.integers(SHORTEST, LONGEST + 1))
        anchor = rng.choice(np.flatnonzero(usable))
        near = chance * np.exp(CLOSENESS * (vectors @ vectors[anchor]))
        picks = []
        for rate, carrier in zip(rates, carriers, strict=True):
            if len(carrier) and rng.random() < min(0.5, rate / DENSITY):
                share = rng.beta(1.0, 1.0 / DENSITY - 1.0)
                odds = near[carrier] / near[carrier].sum()
                picks.append(rng.choice(carrier, max(1, round(share * length)), p=odds))
        framed = np.concatenate(picks)[:length] if picks else np.zeros(0, np.int64)
        odds = near[plain] / near[plain].sum()
        rest = rng.choice(plain, length - len(framed), p=odds)
        found.append(rng.permutation(np.concatenate([framed, rest])).astype(np.int64))
    return found


def _described(
    truth: Flags, logits: Floats, threshold: Floats, members: Sequence[NDArray[np.int64]]
) -> tuple[Floats, Flags]:
    starts = np.concatenate([[0], np.cumsum([len(one) for one in members])])
    rows = np.concatenate(members)
    there = np.logical_or.reduceat(truth[rows], starts[:-1], axis=0)
    return pieces.statistics(logits[rows], threshold, starts), there


def _learn(
    truth: Flags, logits: Floats, threshold: Floats, members: Sequence[NDArray[np.int64]]
) -> tuple[Floats, Floats, Floats]:
    seen, there = _described(truth, logits, threshold, members)
    count = truth.shape[1]
    weights, bias, cut = np.zeros((count, seen.shape[2])), np.zeros(count), np.zeros(count)
    for f in range(count):
        one = LogisticRegression(C=1.0, tol=1e-6, max_iter=2000).fit(seen[:, f], there[:, f])
        weights[f], bias[f] = one.coef_[0], one.intercept_[0]
        scores = seen[:, f] @ weights[f] + bias[f]
        cut[f] = evaluate.best_threshold(there[:, f], scores, np.ones(len(scores)))
    return weights, bias, cut
