"""Fits a bundled model on the training set: `python -m analysis.frames.fit [minilm]`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from analysis.frames import features
from analysis.frames.calibrate import Calibrated, calibrate
from analysis.frames.card import described
from analysis.frames.codebook import Codebook, load_codebook
from analysis.frames.encoders import MINILM, READ_CHARS, STATIC, encode, version_of
from analysis.frames.examples import Examples
from analysis.frames.linear import Linear, Scales, fit_linear
from analysis.frames.model import BUNDLED, BUNDLED_MINILM, CODE_VERSION, FrameModel, save_model
from analysis.frames.settings import BUNDLED_SETTINGS, Settings
from analysis.frames.training import load_pieces, load_training
from analysis.workers import cores

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_VECTORS = {STATIC: "static embeddings", MINILM: "static and MiniLM embeddings"}

COMMAND = "python -m analysis.frames.fit"


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
    fold = examples.folds(how.folds)
    vectors = encode(how.encoder, examples.texts)
    logits = cross_validate(examples, vectors, fold, how)
    found = calibrate(examples, logits, fold, frames, how)
    vocabulary = features.learn_vocabulary(examples.texts, how.min_texts)
    linear = _fit_linear(_seen(examples, vocabulary, vectors), examples, examples.coded, how)
    return FrameModel(
        frames,
        vocabulary,
        linear.rescaled(found.slope, found.shift).halved(),
        found.decisions,
        _card(sentences, coded, book, how, found),
        how.encoder,
    )


def fit_bundled(encoder: str = STATIC) -> Path:
    """Fits a bundled model on the bundled training set and writes it; gives the folder."""
    folder = BUNDLED_MINILM if encoder == MINILM else BUNDLED
    book = load_codebook()
    how = replace(BUNDLED_SETTINGS, encoder=encoder)
    save_model(fit(load_training(book.ids), load_pieces(book.ids), book, how), folder)
    return folder


def cross_validate(
    examples: Examples, vectors: Floats, fold: NDArray[np.int64], how: Settings
) -> Floats:
    """Out-of-fold logits [n, F], not yet calibrated; `vectors` [n, D] of the texts."""
    logits = np.zeros(examples.truth.shape)

    def score(number: int) -> None:
        train, test = (fold != number) & examples.coded, fold == number
        vocabulary = features.learn_vocabulary(
            [text for text, own in zip(examples.texts, fold, strict=True) if own != number],
            how.min_texts,
        )
        seen = _seen(examples, vocabulary, vectors)
        logits[test] = _fit_linear(seen, examples, train, how).logits(seen)[test]

    # Products of sparse matrices let other threads run.
    with ThreadPoolExecutor(cores()) as threads:
        list(threads.map(score, range(how.folds)))
    logits[[not text.strip() for text in examples.texts]] = -np.inf
    return logits


def _seen(examples: Examples, vocabulary: features.Vocabulary, vectors: Floats) -> features.Seen:
    terms = vocabulary.matrix([text[:READ_CHARS] for text in examples.texts])
    return features.Seen.of(terms, vectors, examples.starts)


def _fit_linear(seen: features.Seen, examples: Examples, used: Flags, how: Settings) -> Linear:
    scales = Scales(
        1.0,
        how.own_embedding,
        how.context_terms,
        how.context_embedding,
        how.piece_terms,
        how.piece_embedding,
    )
    weight = np.where(used, examples.weight, 0.0)
    truth = examples.truth.astype(np.float64)
    return fit_linear(seen, truth, weight, scales, how.strength, how.tolerance)


def _card(
    sentences: pl.DataFrame, coded: pl.DataFrame, book: Codebook, how: Settings, found: Calibrated
) -> dict[str, Any]:
    total, whole = sentences.height + coded.height, coded["id"].n_unique()
    summary = (
        f"One logistic model per frame over words and {_VECTORS[how.encoder]} of a sentence, its "
        f"context and its piece, fitted on {total:,} coded sentences, {coded.height:,} of them "
        f"in {whole:,} whole pieces; a logistic rule from sentences to the piece. Training "
        "text and codes were written by language models, not taken from publications and not "
        "checked by people."
    )
    about = described(sentences, coded, book, how, found)
    versions = {
        "code": CODE_VERSION,
        "embeddings": version_of(how.encoder),
        "scikit-learn": version("scikit-learn"),
        "scipy": version("scipy"),
    }
    made_with = COMMAND if how.encoder == STATIC else f"{COMMAND} {how.encoder}"
    return {"summary": summary, "made_with": made_with, **about, "versions": versions}


if __name__ == "__main__":
    import sys

    sys.stdout.write(f"written: {fit_bundled(*sys.argv[1:])}\n")
