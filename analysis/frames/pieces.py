"""From the scores of a piece's sentences to the piece: order statistics and a logistic rule."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Beyond this a logit says no more than "surely" or "surely not".
BOUND = 8.0

# A frame in a smaller share of the sentences is thin. Agrees best with coded dominant frames.
THIN = 0.2

STATISTICS = ("highest", "second", "third", "above threshold (log)", "sentences (log)", "mean")


def statistics(logits: Floats, thresholds: Floats, starts: NDArray[np.int64]) -> Floats:
    """What the piece rule sees: [pieces, frames, len(STATISTICS)].

    `logits` [sentences, frames] of all pieces one after the other; piece p has the rows from
    starts[p] up to starts[p + 1], of which the first is the headline. An absent headline has a
    logit of -inf and does not count. Logits are cut at +-BOUND; in a piece of fewer than three
    sentences the lowest stands for the ranks that are missing. `thresholds` are logits [frames].
    """
    rows = np.clip(logits, -BOUND, BOUND)
    lengths = np.diff(starts)
    piece = np.repeat(np.arange(len(lengths)), lengths)
    there = np.add.reduceat(~np.isneginf(logits), starts[:-1], axis=0)
    top = np.zeros((len(lengths), logits.shape[1], 3))
    for frame in range(logits.shape[1]):
        order = np.lexsort((-logits[:, frame], piece))
        for rank in range(3):
            place = np.minimum(rank, np.maximum(there[:, frame], 1) - 1)
            top[:, frame, rank] = rows[order[starts[:-1] + place], frame]
    above = np.add.reduceat(logits >= thresholds, starts[:-1], axis=0, dtype=np.float64)
    present = np.where(np.isneginf(logits), 0.0, rows)
    mean = np.add.reduceat(present, starts[:-1], axis=0) / np.maximum(there, 1)
    return np.stack(
        [top[..., 0], top[..., 1], top[..., 2], np.log1p(above), np.log1p(there), mean], axis=2
    )


def decide(
    logits: Floats, thresholds: Floats, starts: NDArray[np.int64], piece_present: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Decisions for sentences [sentences, frames] that agree with those for their pieces.

    A piece carries a frame if and only if one of its sentences does. In a piece that does, these
    are the sentences at or above the threshold, and the highest one in any case; in a piece that
    doesn't, there are none.
    """
    lengths = np.diff(starts)
    highest = np.repeat(np.maximum.reduceat(logits, starts[:-1], axis=0), lengths, axis=0)
    allowed = np.repeat(piece_present, lengths, axis=0)
    present: NDArray[np.bool_] = allowed & ((logits >= thresholds) | (logits == highest))
    return present


def dominant(
    piece_scores: Floats, present: NDArray[np.bool_], starts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The column of the frame that dominates each piece, or -1 for none [pieces].

    It is the one with the highest score among those that at least THIN of the piece's sentences
    carry: a thin frame in a piece about something else does not dominate it. `present`
    [sentences, frames] as decide gives it.
    """
    if not len(piece_scores):
        return np.zeros(0, np.int64)
    carried = np.add.reduceat(present, starts[:-1], axis=0, dtype=np.float64)
    thick = (carried > 0) & (carried >= THIN * np.diff(starts)[:, None])
    best = np.where(thick, piece_scores, -1.0).argmax(axis=1)
    return np.where(thick.any(axis=1), best, -1)
