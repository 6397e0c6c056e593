"""Why a sentence has its score: the sum over what the model saw of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from analysis.corpus import embeddings
from analysis.frames.model import FrameModel, Span, laid_out
from analysis.frames.training import BUNDLED, load_pieces, load_training

Floats = NDArray[np.float64]

SOURCES = (
    "word",
    "embedding",
    "context",
    "context embedding",
    "piece",
    "piece embedding",
    "bias",
)

SCHEMA = {
    "frame": pl.String,
    "source": pl.String,
    "what": pl.String,
    "contribution": pl.Float64,
}


def explain(
    model: FrameModel, title: str, text: str, spans: Sequence[Span], sentence: int
) -> pl.DataFrame:
    """The parts whose sum is the logit of a sentence's score, per frame.

    `sentence` 0 is the headline, k is spans[k - 1]. One row per frame and part: `frame`, `source`
    (one of SOURCES), `what` (the word or phrase; empty for the others) and `contribution`. Words
    and phrases stand singly, largest first; each embedding and the bias are one number. Words
    that the model doesn't know contribute nothing and are left out. Raises IndexError for a
    sentence that is not there.
    """
    if not 0 <= sentence <= len(spans):
        raise IndexError(f"sentence {sentence} of a piece with {len(spans)} and a headline")
    sentences, starts = laid_out([title], [text], [spans])
    seen = model.seen(sentences, starts)
    context = seen.context[sentence]
    weights = model.weights
    nothing = np.zeros(seen.vectors.shape[1])
    return pl.concat(
        [
            _words(model, "word", seen.terms[sentence], weights.own_terms),
            _words(model, "context", seen.terms[context], weights.context_terms)
            if context >= 0
            else pl.DataFrame(schema=SCHEMA),
            _words(model, "piece", seen.piece_terms[0], weights.piece_terms),
            _single(model, "embedding", seen.vectors[sentence] @ weights.own_embedding),
            _single(
                model,
                "context embedding",
                (seen.vectors[context] if context >= 0 else nothing) @ weights.context_embedding,
            ),
            _single(model, "piece embedding", seen.piece_vectors[0] @ weights.piece_embedding),
            _single(model, "bias", weights.bias),
        ]
    ).sort(
        pl.col("frame").cast(pl.Enum(model.frames)),
        pl.col("source").cast(pl.Enum(SOURCES)),
        pl.col("contribution").abs(),
        descending=[False, False, True],
        maintain_order=True,
    )


def nearest_training(sentence: str, frames: Sequence[str], count: int = 3) -> pl.DataFrame:
    """The bundled training sentences whose embeddings are nearest: what that part rests on.

    Columns text, context, frames, slice, similarity (cosine, at most 1), nearest first.
    """
    sentences, vectors = _embedded_training(tuple(frames), BUNDLED)
    similarity = vectors @ embeddings.embed([sentence])[0]
    best = np.argsort(-similarity, kind="stable")[:count]
    found: pl.DataFrame = sentences[best.tolist()].select(
        "text", "context", "frames", "slice", similarity=pl.Series(similarity[best])
    )
    return found


@lru_cache(maxsize=2)
def _embedded_training(
    frames: tuple[str, ...], folder: Path
) -> tuple[pl.DataFrame, NDArray[np.float32]]:
    single = load_training(frames, folder).select("text", "context", "frames", "slice")
    whole = load_pieces(frames, folder).select(
        "text", pl.lit("").alias("context"), "frames", "slice"
    )
    sentences = pl.concat([single, whole])
    return sentences, embeddings.embed(sentences["text"].to_list())


def _words(model: FrameModel, source: str, row: sparse.csr_matrix, weights: Floats) -> pl.DataFrame:
    parts = row.data[:, None] * weights[row.indices]
    words = [model.vocabulary.terms[column] for column in row.indices]
    return pl.concat(
        pl.DataFrame(
            {"frame": frame, "source": source, "what": words, "contribution": parts[:, place]},
            schema=SCHEMA,
        )
        for place, frame in enumerate(model.frames)
    )


def _single(model: FrameModel, source: str, parts: Floats) -> pl.DataFrame:
    return pl.DataFrame(
        {"frame": model.frames, "source": source, "what": "", "contribution": parts},
        schema=SCHEMA,
    )
