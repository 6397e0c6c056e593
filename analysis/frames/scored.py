"""Scores and decisions of a batch of pieces, whichever model gave the logits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from analysis.frames import pieces

Floats = NDArray[np.float64]
Span = tuple[int, int]


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
class Decisions:
    """From the logits of sentences to what they and their pieces carry; logits all.

    F frames, K statistics of a piece (analysis/frames/pieces.py).
    """

    threshold: Floats  # [F]
    rule: Floats  # [F, K]
    rule_bias: Floats  # [F]
    piece_threshold: Floats  # [F]

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> Decisions:
        """From stored arrays. Raises KeyError for one that is missing."""
        return cls(*(np.asarray(arrays[one.name], np.float64) for one in fields(cls)))

    def scored(self, frames: tuple[str, ...], logits: Floats, starts: NDArray[np.int64]) -> Scored:
        """Decides; `logits` [n, F] are -inf for headlines that are empty."""
        if len(starts) == 1:
            empty = np.zeros((0, len(frames)))
            return Scored(frames, starts, logits, empty > 0, empty, empty > 0)
        seen = pieces.statistics(logits, self.threshold, starts)
        of_pieces = np.einsum("pfk,fk->pf", seen, self.rule) + self.rule_bias
        of_pieces[np.isneginf(np.maximum.reduceat(logits, starts[:-1], axis=0))] = -np.inf
        carry = of_pieces >= self.piece_threshold
        present = pieces.decide(logits, self.threshold, starts, carry)
        return Scored(frames, starts, logits, present, of_pieces, carry)


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
