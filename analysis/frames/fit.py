"""Fits the frame model on training sentences: `python -m analysis.frames.fit`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
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
from analysis.frames import evaluate, features, pieces, pseudo
from analysis.frames.codebook import Codebook, load_codebook
from analysis.frames.model import BUNDLED, CODE_VERSION, FrameModel, Weights, save_model
from analysis.frames.training import counts, load_training, training_hash

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

COMMAND = "python -m analysis.frames.fit"


@dataclass(frozen=True)
class Settings:
    """How the model is fitted.

    The three block weights scale what stands beside the sentence's own words. `base_rates` is the
    share of sentences that carry each frame where the model will be used: training sentences are
    richer in frames on purpose, and without it scores would be too high. A frame that is not
    named keeps its share of the training sentences.
    """

    strength: float = 1.0
    context_terms: float = 0.5
    own_embedding: float = 1.0
    context_embedding: float = 0.5
    folds: int = 5
    seed: int = 7
    base_rates: Mapping[str, float] = field(default_factory=dict)


# Rounded from coded news excerpts on immigration, policing and other news.
BUNDLED_SETTINGS = Settings(
    base_rates={"safety": 0.15, "civil_rights": 0.05, "profiling": 0.015, "trust": 0.02}
)


@dataclass(frozen=True)
class Linear:
    """One logistic model per frame over the blocks of `_Blocks`, weights [columns, F]."""

    weights: Floats
    bias: Floats


def fit(sentences: pl.DataFrame, codebook: Codebook, settings: Settings) -> FrameModel:
    """Fits sentences, calibrates and sets thresholds on out-of-fold scores, then pieces.

    `sentences` as load_training gives them. Deterministic for the same input and settings.
    """
    # Threads fight over vectors as short as these: on a busy machine that takes four times as long.
    with threadpool_limits(limits=1):
        return _fit(sentences, codebook, settings)


def _fit(sentences: pl.DataFrame, codebook: Codebook, settings: Settings) -> FrameModel:
    frames = codebook.ids
    truth = truth_of(sentences, frames)
    embedded = _embedded(sentences)
    out_of_fold = cross_validate(sentences, frames, settings)
    weight = np.column_stack(
        [_importance(truth[:, f], settings.base_rates.get(frame)) for f, frame in enumerate(frames)]
    )
    slope, shift = _platt(truth, out_of_fold, weight)
    calibrated = out_of_fold * slope + shift
    threshold = np.array(
        [
            evaluate.best_threshold(truth[:, f], calibrated[:, f], weight[:, f])
            for f in range(len(frames))
        ]
    )
    rule = pseudo.fit_rule(
        truth, calibrated, threshold, embedded[0], frames, settings.base_rates, seed=settings.seed
    )
    vocabulary = features.learn_vocabulary(sentences["text"].to_list())
    blocks = _Blocks.of(sentences, vocabulary, settings, embedded)
    linear = _fit_linear(blocks.stacked(), truth, settings)
    weights = blocks.folded(
        Linear(linear.weights * slope, linear.bias * slope + shift), threshold, rule
    )
    card = _card(sentences, codebook, settings, truth, calibrated, threshold, weight, rule)
    return FrameModel(frames, vocabulary, weights, card)


def fit_bundled(folder: Path = BUNDLED) -> FrameModel:
    """Fits the bundled codebook's model on the bundled sentences and writes it to a folder."""
    codebook = load_codebook()
    model = fit(load_training(codebook.ids), codebook, BUNDLED_SETTINGS)
    save_model(model, folder)
    return model


def cross_validate(sentences: pl.DataFrame, frames: Sequence[str], settings: Settings) -> Floats:
    """Out-of-fold logits [n, F], not yet calibrated; sentences with one context share a fold."""
    truth = truth_of(sentences, frames)
    fold = folds(sentences, settings.folds)
    logits = np.zeros(truth.shape)
    texts = sentences["text"].to_list()
    embedded = _embedded(sentences)
    for number in range(settings.folds):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        vocabulary = features.learn_vocabulary([texts[i] for i in train])
        stacked = _Blocks.of(sentences, vocabulary, settings, embedded).stacked()
        linear = _fit_linear(stacked[train], truth[train], settings)
        logits[test] = stacked[test] @ linear.weights + linear.bias
    return logits


def truth_of(sentences: pl.DataFrame, frames: Sequence[str]) -> Flags:
    """Which sentence carries which frame [n, F]."""
    return np.column_stack(
        [sentences["frames"].list.contains(frame).to_numpy() for frame in frames]
    )


def folds(sentences: pl.DataFrame, count: int) -> NDArray[np.int64]:
    """A fold for each sentence [n], by its context (or itself), whatever the order of rows."""
    groups = sentences.select(
        pl.when(pl.col("context") == "").then("text").otherwise("context")
    ).to_series()
    ranked = sorted(set(groups), key=lambda g: hashlib.sha256(g.encode("utf-8")).digest())
    fold_of = {group: rank % count for rank, group in enumerate(ranked)}
    return np.array([fold_of[group] for group in groups], np.int64)


def _embedded(sentences: pl.DataFrame) -> tuple[Floats, Floats]:
    own = embeddings.embed(sentences["text"].to_list()).astype(np.float64)
    contexts = sentences["context"].to_list()
    context = embeddings.embed([one or " " for one in contexts]).astype(np.float64)
    context[[not one.strip() for one in contexts]] = 0.0
    return own, context


@dataclass(frozen=True)
class _Blocks:
    """The four blocks of a training table, unscaled, and how much each weighs."""

    own_terms: sparse.csr_matrix
    context_terms: sparse.csr_matrix
    own_embedding: Floats
    context_embedding: Floats
    settings: Settings

    @classmethod
    def of(
        cls,
        sentences: pl.DataFrame,
        vocabulary: features.Vocabulary,
        settings: Settings,
        embedded: tuple[Floats, Floats] | None = None,
    ) -> _Blocks:
        own, context = embedded or _embedded(sentences)
        return cls(
            vocabulary.matrix(sentences["text"].to_list()),
            vocabulary.matrix(sentences["context"].to_list()),
            own,
            context,
            settings,
        )

    def stacked(self) -> sparse.csr_matrix:
        """All columns side by side, scaled."""
        scale = self.settings
        return sparse.hstack(
            [
                self.own_terms,
                self.context_terms * scale.context_terms,
                sparse.csr_matrix(self.own_embedding * scale.own_embedding),
                sparse.csr_matrix(self.context_embedding * scale.context_embedding),
            ],
            format="csr",
        )

    def folded(self, linear: Linear, threshold: Floats, rule: pseudo.PieceRule) -> Weights:
        """Weights for unscaled blocks: the scales are multiplied in."""
        terms, size = self.own_terms.shape[1], self.own_embedding.shape[1]
        own, context, own_vector, context_vector = np.split(
            linear.weights, np.cumsum([terms, terms, size])
        )
        scale = self.settings
        return Weights(
            own_terms=own,
            own_embedding=own_vector * scale.own_embedding,
            context_terms=context * scale.context_terms,
            context_embedding=context_vector * scale.context_embedding,
            bias=linear.bias,
            threshold=threshold,
            piece=rule.weights,
            piece_bias=rule.bias,
            piece_threshold=rule.threshold,
        )


def _fit_linear(stacked: sparse.csr_matrix, truth: Flags, settings: Settings) -> Linear:
    weights = np.zeros((stacked.shape[1], truth.shape[1]))
    bias = np.zeros(truth.shape[1])
    for frame in range(truth.shape[1]):
        one = LogisticRegression(C=settings.strength, solver="newton-cg", tol=1e-6)
        one.fit(stacked, truth[:, frame])
        weights[:, frame] = one.coef_[0]
        bias[frame] = one.intercept_[0]
    return Linear(weights, bias)


def _importance(truth: Flags, base_rate: float | None) -> Floats:
    """Weights with mean 1 under which the share of truths is the base rate."""
    share = truth.mean()
    if base_rate is None or not 0 < share < 1:
        return np.ones(len(truth))
    weights: Floats = np.where(truth, base_rate / share, (1 - base_rate) / (1 - share))
    return weights


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
    codebook: Codebook,
    settings: Settings,
    truth: Flags,
    calibrated: Floats,
    threshold: Floats,
    weight: Floats,
    rule: pseudo.PieceRule,
) -> dict[str, Any]:
    frames = codebook.ids
    by_sentence = evaluate.evaluate(frames, truth, expit(calibrated), calibrated >= threshold)
    return {
        "made_with": COMMAND,
        "codebook": {"id": codebook.id, "version": codebook.version, "hash": codebook.hash},
        "training": {
            "hash": training_hash(sentences),
            "sentences": sentences.height,
            "slices": counts(sentences, frames).to_dicts(),
        },
        "settings": {**asdict(settings), "base_rates": dict(settings.base_rates)},
        "versions": {
            "code": CODE_VERSION,
            "embeddings": embeddings.VERSION,
            "scikit-learn": version("scikit-learn"),
        },
        "thresholds": {
            "sentence": dict(zip(frames, expit(threshold).round(4).tolist(), strict=True)),
            "piece": dict(zip(frames, expit(rule.threshold).round(4).tolist(), strict=True)),
        },
        "cross_validated": {
            "sentence": evaluate.as_rows(by_sentence),
            "pseudo_piece": evaluate.as_rows(rule.evaluation),
        },
        "piece_rule": {
            "statistics": list(pieces.STATISTICS),
            "weights": dict(zip(frames, rule.weights.round(4).tolist(), strict=True)),
        },
    }


if __name__ == "__main__":
    import sys

    made = fit_bundled()
    sys.stdout.write(f"model {made.version} written to {BUNDLED}\n")
