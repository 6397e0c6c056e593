"""Logistic models over what is seen of sentences, one per frame, without writing it all out.

Side by side the blocks of a sentence (its own words and embedding, its context's, its piece's)
would take gigabytes: the same context and the same piece stand at many sentences. So they are kept
once, and the sums are gathered where they are needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

from analysis.frames.features import Seen

Floats = NDArray[np.float64]

MOST_STEPS = 2000
REMEMBERED = 20


class Scales(NamedTuple):
    """How much each block weighs; 0 leaves it out."""

    own_terms: float
    own_embedding: float
    context_terms: float
    context_embedding: float
    piece_terms: float
    piece_embedding: float


@dataclass(frozen=True)
class Linear:
    """Weights of the unscaled blocks: terms [T, F], embeddings [D, F], and bias [F]."""

    own_terms: Floats
    own_embedding: Floats
    context_terms: Floats
    context_embedding: Floats
    piece_terms: Floats
    piece_embedding: Floats
    bias: Floats

    def rescaled(self, slope: Floats, shift: Floats) -> Linear:
        """The same model with its logits times slope plus shift [F]."""
        return Linear(
            self.own_terms * slope,
            self.own_embedding * slope,
            self.context_terms * slope,
            self.context_embedding * slope,
            self.piece_terms * slope,
            self.piece_embedding * slope,
            self.bias * slope + shift,
        )

    def halved(self) -> Linear:
        """With weights as half-precision numbers hold them, which is how they are stored."""
        rounded = {
            name: array.astype(np.float16).astype(np.float64)
            for name, array in vars(self).items()
            if name != "bias"
        }
        return Linear(**rounded, bias=self.bias)

    def logits(self, seen: Seen) -> Floats:
        """Logits [n, F] of all rows of `seen`."""
        by_terms = seen.terms @ np.hstack([self.own_terms, self.context_terms])
        by_vector = seen.vectors @ np.hstack([self.own_embedding, self.context_embedding])
        own, as_context = np.hsplit(by_terms + by_vector, 2)
        found = np.where(seen.context[:, None] >= 0, as_context[seen.context], 0.0)
        whole = seen.piece_terms @ self.piece_terms + seen.piece_vectors @ self.piece_embedding
        return np.asarray(own + found + whole[seen.piece] + self.bias)


def fit_linear(
    seen: Seen, truth: Floats, weight: Floats, scales: Scales, strength: float, tolerance: float
) -> Linear:
    """Minimises strength * sum of weight * log loss + half the squared scaled weights, per frame.

    `truth` [n, F] in [0, 1]: a share says how sure it is. `weight` [n]; a row with weight 0 is only
    there as context and in its piece. Biases are not drawn to 0. Stops when no slope is steeper
    than `tolerance` times the sum of the weights. Limited-memory BFGS (Liu and Nocedal 1989).
    """
    blocks = _Blocks(seen, scales)
    frames = truth.shape[1]
    wanted = (blocks.width + 1, frames)
    per_row = strength * weight[:, None]

    def loss(flat: Floats) -> tuple[float, Floats]:
        given = flat.reshape(wanted)
        logits = blocks.forward(given[:-1]) + given[-1]
        total = float(np.sum(per_row * (np.logaddexp(0.0, logits) - truth * logits)))
        off = per_row * (expit(logits) - truth)
        slopes = np.vstack([blocks.backward(off) + given[:-1], off.sum(axis=0)])
        return total + 0.5 * float(np.sum(given[:-1] ** 2)), slopes.ravel()

    start = np.zeros(wanted)
    share = np.clip(np.average(truth, axis=0, weights=weight), 1e-6, 1 - 1e-6)
    start[-1] = np.log(share / (1 - share))
    found = minimize(
        loss,
        start.ravel(),
        jac=True,
        method="L-BFGS-B",
        options={
            "maxiter": MOST_STEPS,
            "maxfun": 2 * MOST_STEPS,
            "maxcor": REMEMBERED,
            "gtol": tolerance * strength * float(weight.sum()),
            "ftol": 0.0,
        },
    )
    best = found.x.reshape(wanted)
    parts = blocks.split(best[:-1])
    scaled = {
        name: part * scale for name, part, scale in zip(Scales._fields, parts, scales, strict=True)
    }
    return Linear(**scaled, bias=best[-1])


class _Blocks:
    """The scaled blocks as one linear map from weights [width, F] to rows [n, F], and back."""

    def __init__(self, seen: Seen, scales: Scales) -> None:
        self._seen, self._scales = seen, scales
        n = len(seen.piece)
        rows = np.flatnonzero(seen.context >= 0)
        ones = np.ones(len(rows))
        self._at_context = sparse.csr_matrix((ones, (seen.context[rows], rows)), shape=(n, n))
        self._in_piece = sparse.csr_matrix(
            (np.ones(n), (seen.piece, np.arange(n))), shape=(seen.piece_terms.shape[0], n)
        )
        self._terms_t = seen.terms.T.tocsr()
        self._piece_terms_t = seen.piece_terms.T.tocsr()
        terms, size = seen.terms.shape[1], seen.vectors.shape[1]
        self._ends = np.cumsum([terms, size] * 3)
        self.width = int(self._ends[-1])

    def split(self, weights: Floats) -> list[Floats]:
        return np.split(weights, self._ends[:-1])

    def forward(self, weights: Floats) -> Floats:
        seen = self._seen
        scaled = [w * s for w, s in zip(self.split(weights), self._scales, strict=True)]
        own_terms, own_vector, context_terms, context_vector, piece_terms, piece_vector = scaled
        read = seen.terms @ np.hstack([own_terms, context_terms])
        read += seen.vectors @ np.hstack([own_vector, context_vector])
        own, context = np.hsplit(read, 2)
        piece = seen.piece_terms @ piece_terms + seen.piece_vectors @ piece_vector
        return np.asarray(own + self._at_context.T @ context + self._in_piece.T @ piece)

    def backward(self, off: Floats) -> Floats:
        seen = self._seen
        at_context, in_piece = self._at_context @ off, self._in_piece @ off
        both = np.hstack([off, at_context])
        own_terms, context_terms = np.hsplit(self._terms_t @ both, 2)
        own_vector, context_vector = np.hsplit(seen.vectors.T @ both, 2)
        parts = (
            own_terms,
            own_vector,
            context_terms,
            context_vector,
            self._piece_terms_t @ in_piece,
            seen.piece_vectors.T @ in_piece,
        )
        return np.vstack([part * s for part, s in zip(parts, self._scales, strict=True)])
