"""What a model learns from, laid out as pieces: coded sentences with what stands around them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Sentences of P pieces one after the other, n in all, the first of each its headline.

    Piece p has the rows from starts[p] up to starts[p + 1]. A single coded sentence is a piece of
    two rows: its context, which nobody coded (`coded` is false), and itself. `truth` [n, F] is
    false where not coded. `whole` [P] says which pieces were coded from end to end. `weight` [n]
    is how much a row counts.
    """

    texts: list[str]
    starts: Ints
    truth: Flags
    coded: Flags
    whole: Flags
    weight: Floats

    @classmethod
    def of(
        cls,
        sentences: pl.DataFrame,
        pieces: pl.DataFrame,
        frames: Sequence[str],
        weights: Mapping[str, float] | None = None,
    ) -> Examples:
        """From the tables that load_training and load_pieces give.

        `weights` says how much a row of a slice counts; 1 for slices that it does not name.
        """
        texts: list[str] = []
        codes: list[list[str]] = []
        coded: list[bool] = []
        starts = [0]
        for context, text, found in sentences.select("context", "text", "frames").iter_rows():
            texts += [context, text]
            codes += [[], found]
            coded += [False, True]
            starts.append(len(texts))
        for _, rows in pieces.group_by("id", maintain_order=True):
            texts += rows["text"].to_list()
            codes += rows["frames"].to_list()
            coded += [bool(text.strip()) for text in rows["text"]]
            starts.append(len(texts))
        truth = np.array([[frame in found for frame in frames] for found in codes], bool)
        whole = np.arange(len(starts) - 1) >= sentences.height
        slices = [
            *sentences["slice"].gather(np.repeat(np.arange(sentences.height), 2)),
            *pieces["slice"],
        ]
        weight = np.array([(weights or {}).get(one, 1.0) for one in slices], np.float64)
        return cls(
            texts,
            np.array(starts, np.int64),
            truth.reshape(-1, len(frames)),
            np.array(coded, bool),
            whole,
            weight,
        )

    @property
    def piece(self) -> Ints:
        """The piece of each row [n]."""
        return np.repeat(np.arange(len(self.whole)), np.diff(self.starts))

    def folds(self, count: int) -> Ints:
        """A fold for each row [n]: by headline or, without one, by the first sentence.

        Pieces with one headline share a fold, whatever the order of pieces.
        """
        names = [self.texts[start] or self.texts[start + 1] for start in self.starts[:-1].tolist()]
        ranked = sorted(set(names), key=lambda n: hashlib.sha256(n.encode("utf-8")).digest())
        fold_of = {name: rank % count for rank, name in enumerate(ranked)}
        return np.array([fold_of[name] for name in names], np.int64)[self.piece]
