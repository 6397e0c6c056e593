"""Fits the frame model on the training set: `python -m analysis.frames.fit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from analysis.corpus import embeddings
from analysis.frames import evaluate, features, pieces, rule
from analysis.frames.codebook import Codebook, load_codebook
from analysis.frames.examples import Examples
from analysis.frames.model import (
    BUNDLED,
    CODE_VERSION,
    FrameModel,
    Weights,
    read,
    save_model,
)
from analysis.frames.training import counts, load_pieces, load_training, training_hash
from analysis.workers import cores

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# The rule also learns from the first rows of each coded piece, so many, and from pieces drawn out
# to so many.
BEGINNINGS = (1, 3, 6)
LONG = (30, 60, 120)

# Thresholds are set on pieces of so many rows: whole excerpts and articles of usual length.
FULL = (8, 30)

COMMAND = "python -m analysis.frames.fit"


@dataclass(frozen=True)
class Settings:
    """How the model is fitted.

    The block weights scale what stands beside the sentence's own words. `sentence_rates` and
    `piece_rates` are the shares that carry each frame where the model will be used: the training
    set is richer in frames on purpose, and without them scores would be too high. A frame that is
    not named keeps its share of the training set. Terms in fewer than `min_texts` texts are left
    out. `slice_weights` says how much a row of a slice
    counts, 1 if it is not named. `tolerance` ends the search for weights;
    `reshaped` says whether the piece rule also learns from pieces cut short and drawn out.
    """

    strength: float = 2.0
    rule_strength: float = 0.5
    own_embedding: float = 1.0
    context_terms: float = 0.3
    context_embedding: float = 0.3
    piece_terms: float = 0.5
    piece_embedding: float = 0.5
    folds: int = 5
    seed: int = 7
    tolerance: float = 1e-5
    min_texts: int = 2
    reshaped: bool = True
    sentence_rates: Mapping[str, float] = field(default_factory=dict)
    piece_rates: Mapping[str, float] = field(default_factory=dict)
    slice_weights: Mapping[str, float] = field(default_factory=dict)


# The shares of mixed news (analysis/frames/match.py), but for profiling: a corpus on one local
# policy, for which projects are made, holds more on who is singled out. That one is an assumption.
BUNDLED_SETTINGS = Settings(
    strength=1.0,
    tolerance=1e-4,
    min_texts=3,
    sentence_rates={"safety": 0.18, "civil_rights": 0.055, "profiling": 0.04, "trust": 0.02},
    piece_rates={"safety": 0.5, "civil_rights": 0.25, "profiling": 0.18, "trust": 0.13},
)

# For labels of whole pieces, which every sentence inherits: what a sentence shares with its piece
# weighs more than what it says itself.
PIECE_LABELS = Settings(
    strength=0.3,
    rule_strength=0.05,
    own_embedding=0.3,
    context_terms=0.0,
    context_embedding=0.0,
    piece_terms=1.0,
    piece_embedding=1.0,
    folds=3,
    tolerance=1e-3,
    reshaped=False,
)


@dataclass(frozen=True)
class Linear:
    """One logistic model per frame over the blocks of `_Blocks`, weights [columns, F]."""

    weights: Floats
    bias: Floats


def fit(sentences: pl.DataFrame, coded: pl.DataFrame, book: Codebook, how: Settings) -> FrameModel:
    """Fits sentences, calibrates and sets thresholds on out-of-fold scores, then the piece rule.

    `sentences` as load_training and `coded` pieces as load_pieces give them. Deterministic for the
    same input and settings.
    """
    # Threads fight over vectors as short as these: on a busy machine that takes four times as long.
    with threadpool_limits(limits=1):
        return _fit(sentences, coded, book, how)


def _fit(sentences: pl.DataFrame, coded: pl.DataFrame, book: Codebook, how: Settings) -> FrameModel:
    frames = book.ids
    examples = Examples.of(sentences, coded, frames, how.slice_weights)
    rows, truth = examples.coded, examples.truth[examples.coded]
    fold = examples.folds(how.folds)
    logits = cross_validate(examples, fold, how)
    weight = np.column_stack(
        [
            rule.importance(
                truth[:, f],
                np.ones(len(truth), bool),
                how.sentence_rates.get(one),
                examples.weight[rows],
            )
            for f, one in enumerate(frames)
        ]
    )
    slope, shift = _platt(truth, logits[rows], weight)
    calibrated = logits * slope + shift
    threshold = np.array(
        [
            evaluate.break_even(truth[:, f], calibrated[rows, f], weight[:, f])
            for f in range(len(frames))
        ]
    )
    by_sentence = evaluate.evaluate(
        frames, truth, expit(calibrated[rows]), calibrated[rows] >= threshold
    )
    found = _piece_rule(examples, calibrated, threshold, fold, frames, how)
    vocabulary = features.learn_vocabulary(examples.texts, how.min_texts)
    blocks = _Blocks.of(examples, vocabulary, how)
    linear = _fit_linear(blocks.stacked()[rows], truth, examples.weight[rows], how)
    scaled = Linear(linear.weights * slope, linear.bias * slope + shift)
    weights = blocks.folded(scaled, threshold, found)
    card = _card(sentences, coded, book, how, by_sentence, threshold, found)
    return FrameModel(frames, vocabulary, weights, card)


def fit_bundled(folder: Path = BUNDLED) -> FrameModel:
    """Fits the bundled codebook's model on the bundled training set and writes it to a folder."""
    book = load_codebook()
    model = fit(load_training(book.ids), load_pieces(book.ids), book, BUNDLED_SETTINGS)
    save_model(model, folder)
    return model


def cross_validate(examples: Examples, fold: NDArray[np.int64], how: Settings) -> Floats:
    """Out-of-fold logits [n, F], not yet calibrated."""
    logits = np.zeros(examples.truth.shape)
    for number in range(how.folds):
        train, test = (fold != number) & examples.coded, fold == number
        vocabulary = features.learn_vocabulary(
            [text for text, own in zip(examples.texts, fold, strict=True) if own != number],
            how.min_texts,
        )
        stacked = _Blocks.of(examples, vocabulary, how).stacked()
        linear = _fit_linear(stacked[train], examples.truth[train], examples.weight[train], how)
        logits[test] = stacked[test] @ linear.weights + linear.bias
    logits[[not text.strip() for text in examples.texts]] = -np.inf
    return logits


def _piece_rule(
    examples: Examples,
    calibrated: Floats,
    threshold: Floats,
    fold: NDArray[np.int64],
    frames: Sequence[str],
    how: Settings,
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
    examples: Examples, how: Settings
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


@dataclass(frozen=True)
class _Blocks:
    """What is seen of the examples, unscaled, and how much each block weighs."""

    seen: features.Seen
    how: Settings

    @classmethod
    def of(cls, examples: Examples, vocabulary: features.Vocabulary, how: Settings) -> _Blocks:
        terms, vectors = read(examples.texts, vocabulary)
        return cls(features.Seen.of(terms, vectors, examples.starts), how)

    def stacked(self) -> sparse.csr_matrix:
        """All columns side by side, scaled [n, 3 T + 3 D]."""
        seen, how = self.seen, self.how
        there = (seen.context >= 0).astype(np.float64)
        return sparse.hstack(
            [
                seen.terms,
                sparse.diags(there * how.context_terms) @ seen.terms[seen.context],
                seen.piece_terms[seen.piece] * how.piece_terms,
                sparse.csr_matrix(seen.vectors * how.own_embedding),
                sparse.csr_matrix(
                    seen.vectors[seen.context] * (there * how.context_embedding)[:, None]
                ),
                sparse.csr_matrix(seen.piece_vectors[seen.piece] * how.piece_embedding),
            ],
            format="csr",
        )

    def folded(self, linear: Linear, threshold: Floats, found: rule.PieceRule) -> Weights:
        """Weights for unscaled blocks: the scales are multiplied in."""
        terms, size, how = self.seen.terms.shape[1], self.seen.vectors.shape[1], self.how
        widths = [terms] * 3 + [size] * 2
        own, context, piece, own_vector, context_vector, piece_vector = np.split(
            linear.weights, np.cumsum(widths)
        )
        return Weights(
            own_terms=own,
            own_embedding=own_vector * how.own_embedding,
            context_terms=context * how.context_terms,
            context_embedding=context_vector * how.context_embedding,
            piece_terms=piece * how.piece_terms,
            piece_embedding=piece_vector * how.piece_embedding,
            bias=linear.bias,
            threshold=threshold,
            rule=found.weights,
            rule_bias=found.bias,
            piece_threshold=found.threshold,
        )


def _fit_linear(stacked: sparse.csr_matrix, truth: Flags, weight: Floats, how: Settings) -> Linear:
    def fitted(frame: int) -> LogisticRegression:
        one = LogisticRegression(C=how.strength, solver="newton-cg", tol=how.tolerance)
        return one.fit(stacked, truth[:, frame], sample_weight=weight)

    # Products of sparse matrices let other threads run.
    with ThreadPoolExecutor(cores()) as threads:
        models = list(threads.map(fitted, range(truth.shape[1])))
    return Linear(
        np.column_stack([one.coef_[0] for one in models]),
        np.array([one.intercept_[0] for one in models]),
    )


def _platt(truth: Flags, logits: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Slope and shift [F] that calibrate logits (Platt 1999), for the weighted rows."""
    slope, shift = np.ones(truth.shape[1]), np.zeros(truth.shape[1])
    for f in range(truth.shape[1]):
        one = LogisticRegression(C=1e6, tol=1e-8, max_iter=1000)
        one.fit(logits[:, [f]], truth[:, f], sample_weight=weight[:, f])
        slope[f], shift[f] = one.coef_[0, 0], one.intercept_[0]
    return slope, shift


def _card(
    sentences: pl.DataFrame,
    coded: pl.DataFrame,
    book: Codebook,
    how: Settings,
    by_sentence: pl.DataFrame,
    threshold: Floats,
    found: rule.PieceRule,
) -> dict[str, Any]:
    frames = book.ids
    total, whole = sentences.height + coded.height, coded["id"].n_unique()
    figures = pl.concat(
        [
            by_sentence.select(pl.lit("sentence").alias("unit"), pl.all()),
            found.evaluation.select(pl.lit("piece").alias("unit"), pl.all()),
        ]
    )
    return {
        "summary": (
            f"One logistic model per frame over words and static embeddings of a sentence, its "
            f"context and its piece, fitted on {total:,} coded sentences, {coded.height:,} of them "
            f"in {whole:,} whole pieces; a logistic rule from sentences to the piece. Training "
            "text and codes were written by language models, not taken from publications and not "
            "checked by people."
        ),
        "figures": evaluate.as_rows(figures),
        "made_with": COMMAND,
        "codebook": {"id": book.id, "version": book.version, "hash": book.hash},
        "training": {
            "hash": training_hash(sentences, coded),
            "sentences": total,
            "pieces": whole,
            "slices": counts(sentences, coded, frames).to_dicts(),
        },
        "settings": {
            **asdict(how),
            "sentence_rates": dict(how.sentence_rates),
            "piece_rates": dict(how.piece_rates),
            "slice_weights": dict(how.slice_weights),
        },
        "versions": {
            "code": CODE_VERSION,
            "embeddings": embeddings.VERSION,
            "scikit-learn": version("scikit-learn"),
        },
        "thresholds": {
            "sentence": dict(zip(frames, expit(threshold).round(4).tolist(), strict=True)),
            "piece": dict(zip(frames, expit(found.threshold).round(4).tolist(), strict=True)),
        },
        "piece_rule": {
            "statistics": list(pieces.STATISTICS),
            "weights": dict(zip(frames, found.weights.round(4).tolist(), strict=True)),
        },
    }


if __name__ == "__main__":
    import sys

    sys.stdout.write(f"model {fit_bundled().version} written to {BUNDLED}\n")
