"""Why a sentence has its score: the sum over what the model saw of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from analysis.corpus import embeddings
from analysis.frames.codebook import load_codebook
from analysis.frames.model import FrameModel
from analysis.frames.scored import Span, laid_out
from analysis.frames.training import BUNDLED, load_pieces, load_training, training_hash

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

NEAREST_AT_ONCE = 256

SCHEMA = {
    "row": pl.Int64,
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
    return explain_rows(model, [title], [text], [spans], np.array([sentence])).drop("row")


def explain_rows(
    model: FrameModel,
    titles: Sequence[str],
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    rows: NDArray[np.int64],
    *,
    name_nearest: bool = False,
) -> pl.DataFrame:
    """`explain` for many sentences at once, with a column `row`.

    Rows count headlines and sentences of all pieces one after the other, as in `Scored`. With
    `name_nearest`, `what` of the embedding is the nearest sentence of the bundled training set,
    for a model that was fitted on it.
    """
    sentences, starts = laid_out(titles, texts, spans)
    seen = model.seen(sentences, starts)
    weights, context, piece = model.weights, seen.context[rows], seen.piece[rows]
    there = (context >= 0).astype(np.float64)
    around = sparse.diags(there) @ seen.terms[context]
    parts = [
        _words(model, rows, "word", seen.terms[rows], weights.own_terms),
        _words(model, rows, "context", around, weights.context_terms),
        _words(model, rows, "piece", seen.piece_terms[piece], weights.piece_terms),
        _whole(
            model,
            rows,
            "embedding",
            seen.vectors[rows] @ weights.own_embedding,
            _nearest(model, [sentences[row] for row in rows.tolist()]) if name_nearest else None,
        ),
        _whole(
            model,
            rows,
            "context embedding",
            (seen.vectors[context] * there[:, None]) @ weights.context_embedding,
        ),
        _whole(model, rows, "piece embedding", seen.piece_vectors[piece] @ weights.piece_embedding),
        _whole(model, rows, "bias", np.tile(weights.bias, (len(rows), 1))),
    ]
    return pl.concat(parts).sort(
        pl.col("row"),
        pl.col("frame").cast(pl.Enum(model.frames)),
        pl.col("source").cast(pl.Enum(SOURCES)),
        pl.col("contribution").abs(),
        descending=[False, False, False, True],
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


@cache
def _bundled_hash() -> str:
    frames = load_codebook().ids
    return training_hash(load_training(frames), load_pieces(frames))


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


def _words(
    model: FrameModel,
    rows: NDArray[np.int64],
    source: str,
    terms: sparse.csr_matrix,
    weights: Floats,
) -> pl.DataFrame:
    cells = terms.tocoo()
    known = pl.Series(model.vocabulary.terms, dtype=pl.String)
    parts = cells.data[:, None] * weights[cells.col]
    return pl.concat(
        pl.DataFrame(
            {
                "row": rows[cells.row],
                "frame": frame,
                "source": source,
                "what": known.gather(cells.col),
                "contribution": parts[:, place],
            },
            schema=SCHEMA,
        )
        for place, frame in enumerate(model.frames)
    ).filter(pl.col("contribution") != 0)


def _nearest(model: FrameModel, sentences: Sequence[str]) -> list[str] | None:
    if not sentences or model.card["training"]["hash"] != _bundled_hash():
        return None
    known, vectors = _embedded_training(model.frames, BUNDLED)
    texts = known["text"]
    found: list[str] = []
    for start in range(0, len(sentences), NEAREST_AT_ONCE):
        own = embeddings.embed(sentences[start : start + NEAREST_AT_ONCE])
        found += texts.gather((own @ vectors.T).argmax(axis=1)).to_list()
    return found


def _whole(
    model: FrameModel,
    rows: NDArray[np.int64],
    source: str,
    parts: Floats,
    what: Sequence[str] | None = None,
) -> pl.DataFrame:
    return pl.concat(
        pl.DataFrame(
            {
                "row": rows,
                "frame": frame,
                "source": source,
                "what": what or [""] * len(rows),
                "contribution": parts[:, place],
            },
            schema=SCHEMA,
        )
        for place, frame in enumerate(model.frames)
    )
