"""The frame model: a sum over what it sees of a sentence, per frame, and a rule for pieces.

The logit of a sentence is a bias and, for the sentence itself, its context and its whole piece,
the words and the embedding. The context is the headline; without one, the sentence before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from analysis.corpus import embeddings
from analysis.errors import ModelError
from analysis.frames import artefact, features, pieces
from analysis.frames.codebook import Codebook
from analysis.project import DATA

BUNDLED = DATA / "models" / "frames"

# Beside a model, if there: how it does on texts that it was not made from.
MEASURED = "measured.json"

# Part of the version: raise it when the same weights would score differently.
CODE_VERSION = f"2.{features.VERSION}"

# No more of a sentence or a headline than this is read: embeddings are padded to the longest text
# of a batch, so one endless line would take gigabytes.
READ_CHARS = 2000

Floats = NDArray[np.float64]
Span = tuple[int, int]


@dataclass(frozen=True)
class Weights:
    """T terms, D dimensions of the embedding, F frames, K statistics of a piece; all logits."""

    own_terms: Floats  # [T, F]
    own_embedding: Floats  # [D, F]
    context_terms: Floats  # [T, F]
    context_embedding: Floats  # [D, F]
    piece_terms: Floats  # [T, F]
    piece_embedding: Floats  # [D, F]
    bias: Floats  # [F]
    threshold: Floats  # [F]
    rule: Floats  # [F, K]
    rule_bias: Floats  # [F]
    piece_threshold: Floats  # [F]

    def as_arrays(self) -> dict[str, Floats]:
        """The arrays by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True)
class Scored:
    """Scores and decisions of a batch of pieces, sentence by sentence and as wholes.

    Rows of `logits` and `present` [sentences, F] go piece by piece; piece p has the rows from
    starts[p] up to starts[p + 1], of which the first is its headline (sentence 0; -inf and absent
    when the title is empty). `piece_logits` and `piece_present` are [pieces, F].
    """

    frames: tuple[str, ...]
    starts: NDArray[np.int64]
    logits: Floats
    present: NDArray[np.bool_]
    piece_logits: Floats
    piece_present: NDArray[np.bool_]

    @property
    def scores(self) -> Floats:
        """Scores of sentences in [0, 1], shaped as `logits`."""
        return np.asarray(expit(self.logits))

    @property
    def piece_scores(self) -> Floats:
        """Scores of pieces in [0, 1], shaped as `piece_logits`."""
        return np.asarray(expit(self.piece_logits))

    def sentences_long(self, piece_keys: pl.Series) -> pl.DataFrame:
        """One row per piece, sentence and frame: piece_key, sentence, frame, score, present."""
        lengths = np.diff(self.starts)
        number = np.arange(self.starts[-1]) - np.repeat(self.starts[:-1], lengths)
        keys = np.repeat(piece_keys.cast(pl.Int32).to_numpy(), lengths)
        count = len(self.frames)
        return pl.DataFrame(
            {
                "piece_key": np.repeat(keys, count),
                "sentence": np.repeat(number.astype(np.int32), count),
                "frame": self._frame_column(len(self.logits)),
                "score": self.scores.astype(np.float32).ravel(),
                "present": self.present.ravel(),
            }
        )

    def pieces_long(self, piece_keys: pl.Series) -> pl.DataFrame:
        """One row per piece and frame: piece_key, frame, score, present."""
        return pl.DataFrame(
            {
                "piece_key": np.repeat(piece_keys.cast(pl.Int32).to_numpy(), len(self.frames)),
                "frame": self._frame_column(len(self.piece_logits)),
                "score": self.piece_scores.astype(np.float32).ravel(),
                "present": self.piece_present.ravel(),
            }
        )

    def _frame_column(self, rows: int) -> pl.Series:
        names = pl.Series(self.frames, dtype=pl.String)
        return names.gather(np.tile(np.arange(len(self.frames)), rows))


@dataclass(frozen=True)
class FrameModel:
    """A fitted model. `card` says what it was made from and how well it did."""

    frames: tuple[str, ...]
    vocabulary: features.Vocabulary
    weights: Weights
    card: dict[str, Any]

    @cached_property
    def version(self) -> str:
        """Changes with the weights, the terms, the embedding and the scoring code."""
        digest = hashlib.sha256(f"{CODE_VERSION} {embeddings.VERSION}".encode())
        digest.update("\n".join((*self.frames, *self.vocabulary.terms)).encode("utf-8"))
        digest.update(self.vocabulary.idf.astype("<f4").tobytes())
        for name, array in sorted(self.weights.as_arrays().items()):
            digest.update(name.encode())
            digest.update(array.astype("<f4").tobytes())
        return digest.hexdigest()[:12]

    @property
    def thresholds(self) -> Floats:
        """Scores from which on a sentence carries the frame [F]."""
        return np.asarray(expit(self.weights.threshold))

    @property
    def piece_thresholds(self) -> Floats:
        """Scores from which on a piece carries the frame [F]."""
        return np.asarray(expit(self.weights.piece_threshold))

    def score(
        self, titles: Sequence[str], texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> Scored:
        """Scores pieces: headline, then the sentences that `spans` ([start, end) in text) name."""
        sentences, starts = laid_out(titles, texts, spans)
        untitled = np.array([not title.strip() for title in titles], bool)
        logits = self.logits(sentences, starts)
        logits[starts[:-1][untitled]] = -np.inf
        if not len(titles):
            empty = np.zeros((0, len(self.frames)))
            return Scored(self.frames, starts, logits, empty > 0, empty, empty > 0)
        weights = self.weights
        seen = pieces.statistics(logits, weights.threshold, starts)
        piece_logits = np.einsum("pfk,fk->pf", seen, weights.rule) + weights.rule_bias
        silent = np.isneginf(np.maximum.reduceat(logits, starts[:-1], axis=0))
        piece_logits[silent] = -np.inf
        piece_present = piece_logits >= weights.piece_threshold
        present = pieces.decide(logits, weights.threshold, starts, piece_present)
        return Scored(self.frames, starts, logits, present, piece_logits, piece_present)

    def logits(self, sentences: Sequence[str], starts: NDArray[np.int64]) -> Floats:
        """Logits [n, F] of the sentences of pieces that begin at starts[:-1]."""
        if not len(sentences):
            return np.zeros((0, len(self.frames)))
        weights, seen = self.weights, self.seen(sentences, starts)
        by_terms = seen.terms @ np.hstack([weights.own_terms, weights.context_terms])
        by_vector = seen.vectors @ np.hstack([weights.own_embedding, weights.context_embedding])
        own, as_context = np.hsplit(by_terms + by_vector, 2)
        found = np.where(seen.context[:, None] >= 0, as_context[seen.context], 0.0)
        whole = seen.piece_terms @ weights.piece_terms
        whole = whole + seen.piece_vectors @ weights.piece_embedding
        return np.asarray(own + found + whole[seen.piece] + weights.bias)

    def seen(self, sentences: Sequence[str], starts: NDArray[np.int64]) -> features.Seen:
        """What the model sees of each sentence; zeros for an empty one."""
        return features.Seen.of(*read(sentences, self.vocabulary), starts)


def read(
    sentences: Sequence[str], vocabulary: features.Vocabulary
) -> tuple[sparse.csr_matrix, Floats]:
    """The words [n, T] and the embedding [n, D] of each sentence; zeros for an empty one."""
    # A blank instead of nothing: the embedding divides by the number of tokens.
    cut = [sentence[:READ_CHARS] or " " for sentence in sentences]
    vectors = embeddings.embed(cut).astype(np.float64)
    vectors[[not sentence.strip() for sentence in cut]] = 0.0
    return vocabulary.matrix(cut), vectors


def laid_out(
    titles: Sequence[str], texts: Sequence[str], spans: Sequence[Sequence[Span]]
) -> tuple[list[str], NDArray[np.int64]]:
    """Headline and sentences of all pieces in one list, and where each piece starts in it."""
    sentences: list[str] = []
    starts = [0]
    for title, text, found in zip(titles, texts, spans, strict=True):
        sentences.append(title)
        sentences.extend(text[start:end] for start, end in found)
        starts.append(len(sentences))
    return sentences, np.array(starts, np.int64)


def load_model(codebook: Codebook, folder: Path = BUNDLED) -> FrameModel:
    """The model stored in a folder, read once per process.

    Raises ModelError when there is none, when it is damaged, or when its frames are not those of
    the codebook.
    """
    model = _read(folder)
    if model.frames != codebook.ids:
        raise ModelError(
            f"the model knows the frames {', '.join(model.frames)}; "
            f"the codebook '{codebook.id}' has {', '.join(codebook.ids)}",
            where=str(folder),
            remedy="train a model for this codebook: framescope train",
        )
    return model


def load_from(folder: Path) -> FrameModel:
    """The model stored in a folder, whatever the codebook. Raises ModelError."""
    return _read(folder)


def load_bundled() -> FrameModel:
    """The model that ships with Framescope, whatever the codebook."""
    return _read(BUNDLED)


@lru_cache(maxsize=4)
def _read(folder: Path) -> FrameModel:
    stored = artefact.read(folder)
    names = {one.name for one in fields(Weights)}
    if names - set(stored.arrays) or "idf" not in stored.arrays:
        raise ModelError(
            "the weights are incomplete",
            where=str(folder),
            remedy="make them again: python -m analysis.frames.fit",
        )
    arrays = {name: array.astype(np.float64) for name, array in stored.arrays.items()}
    vocabulary = features.Vocabulary(tuple(stored.description["terms"]), arrays.pop("idf"))
    weights = Weights(**{name: arrays[name] for name in names})
    frames = tuple(stored.description["frames"])
    card = stored.description["card"]
    if (folder / MEASURED).is_file():
        card["measured"] = json.loads((folder / MEASURED).read_text(encoding="utf-8"))
    return FrameModel(frames, vocabulary, weights, card)


def save_model(model: FrameModel, folder: Path = BUNDLED) -> None:
    """Writes model.json and weights.safetensors into a folder, replacing what was there."""
    description = {
        "frames": list(model.frames),
        "version": model.version,
        "card": model.card,
        "terms": list(model.vocabulary.terms),
    }
    arrays = {**model.weights.as_arrays(), "idf": model.vocabulary.idf}
    artefact.write(folder, description, arrays)
    _read.cache_clear()
