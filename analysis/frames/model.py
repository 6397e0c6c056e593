"""The frame model: a sum over what it sees of a sentence, per frame, and a rule for pieces.

The logit of a sentence is a bias and, for the sentence itself, its context and its whole piece,
the words and the embedding. The context is the headline; without one, the sentence before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from analysis.errors import ModelError
from analysis.frames import artefact, features
from analysis.frames.encoders import READ_CHARS, STATIC, encode, version_of
from analysis.frames.linear import Linear
from analysis.frames.scored import Decisions, Scored, Span, laid_out
from analysis.project import DATA

BUNDLED = DATA / "models" / "frames"
BUNDLED_MINILM = DATA / "models" / "minilm"

# Part of the version: raise it when the same weights would score differently.
CODE_VERSION = f"2.{features.VERSION}"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FrameModel:
    """A fitted model. `card` says what it was made from and how well it did.

    `encoder` is one of encoders.ENCODERS.
    """

    frames: tuple[str, ...]
    vocabulary: features.Vocabulary
    weights: Linear
    decisions: Decisions
    card: dict[str, Any]
    encoder: str = STATIC

    @cached_property
    def version(self) -> str:
        """Changes with the weights, the terms, the embedding and the scoring code."""
        digest = hashlib.sha256(f"{CODE_VERSION} {version_of(self.encoder)}".encode())
        digest.update("\n".join((*self.frames, *self.vocabulary.terms)).encode("utf-8"))
        digest.update(self.vocabulary.idf.astype("<f4").tobytes())
        for name, array in sorted(self.arrays().items()):
            digest.update(name.encode())
            digest.update(array.astype("<f4").tobytes())
        return digest.hexdigest()[:12]

    @property
    def thresholds(self) -> Floats:
        """Scores from which on a sentence carries the frame [F]."""
        return np.asarray(expit(self.decisions.threshold))

    @property
    def piece_thresholds(self) -> Floats:
        """Scores from which on a piece carries the frame [F]."""
        return np.asarray(expit(self.decisions.piece_threshold))

    def score(
        self, titles: Sequence[str], texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> Scored:
        """Scores pieces: headline, then the sentences that `spans` ([start, end) in text) name."""
        sentences, starts = laid_out(titles, texts, spans)
        untitled = np.array([not title.strip() for title in titles], bool)
        logits = self.logits(sentences, starts)
        logits[starts[:-1][untitled]] = -np.inf
        return self.decisions.scored(self.frames, logits, starts)

    def lowered(self, sentence: Floats, piece: Floats, said: Mapping[str, Any]) -> FrameModel:
        """The model with so much taken off its logits [F], which its card says; thresholds stay."""
        return replace(
            self,
            weights=replace(self.weights, bias=self.weights.bias - sentence),
            decisions=replace(self.decisions, rule_bias=self.decisions.rule_bias - piece),
            card={**self.card, **said},
        )

    def arrays(self) -> dict[str, Floats]:
        """The weights and what is decided with, by name."""
        return {**vars(self.weights), **vars(self.decisions)}

    def logits(self, sentences: Sequence[str], starts: NDArray[np.int64]) -> Floats:
        """Logits [n, F] of the sentences of pieces that begin at starts[:-1]."""
        if not len(sentences):
            return np.zeros((0, len(self.frames)))
        return self.weights.logits(self.seen(sentences, starts))

    def seen(self, sentences: Sequence[str], starts: NDArray[np.int64]) -> features.Seen:
        """What the model sees of each sentence; zeros for an empty one."""
        return features.Seen.of(*read(sentences, self.vocabulary, self.encoder), starts)


def read(
    sentences: Sequence[str], vocabulary: features.Vocabulary, encoder: str
) -> tuple[sparse.csr_matrix, Floats]:
    """The words [n, T] and the vector [n, D] of each sentence; zeros for an empty one."""
    cut = [sentence[:READ_CHARS] for sentence in sentences]
    return vocabulary.matrix(cut), encode(encoder, cut)


def restored(stored: artefact.Artefact, folder: Path) -> FrameModel:
    """The model that was read from a folder. Raises ModelError when weights are missing."""
    names = {one.name for one in (*fields(Linear), *fields(Decisions))}
    if names - set(stored.arrays) or "idf" not in stored.arrays:
        raise ModelError(
            "the weights are incomplete",
            where=str(folder),
            remedy="make them again: python -m analysis.frames.fit",
        )
    arrays = {name: array.astype(np.float64) for name, array in stored.arrays.items()}
    vocabulary = features.Vocabulary(tuple(stored.description["terms"]), arrays["idf"])
    weights = Linear(**{one.name: arrays[one.name] for one in fields(Linear)})
    frames = tuple(stored.description["frames"])
    card = stored.description["card"]
    encoder = stored.description.get("encoder", STATIC)
    return FrameModel(frames, vocabulary, weights, Decisions.of_arrays(arrays), card, encoder)


def save_model(model: FrameModel, folder: Path = BUNDLED) -> None:
    """Writes model.json and weights.safetensors into a folder, replacing what was there."""
    description = {
        "frames": list(model.frames),
        "version": model.version,
        "encoder": model.encoder,
        "card": model.card,
        "terms": list(model.vocabulary.terms),
    }
    halves = {
        name: array.astype(np.float16)
        for name, array in vars(model.weights).items()
        if name != "bias"
    }
    arrays = {**model.arrays(), **halves, "idf": model.vocabulary.idf}
    artefact.write(folder, description, arrays)
