"""Pairs of texts that may tell one event, and the log-odds that they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.corpus.stories import settings
from analysis.corpus.stories.terms import Rows

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# What is not looked at is likely below this quantile of what is.
MISSING = 0.25

# Texts, and pairs, worked on at once: bounds memory at some hundred MB.
_TEXTS_AT_ONCE = 512
_PAIRS_AT_ONCE = 50_000


@dataclass(frozen=True)
class Texts:
    """n texts in order of `day` (days since an epoch, ascending; -1 is none and stands last)."""

    day: Ints
    rows: Rows
    vectors: Floats


@dataclass(frozen=True)
class Pairs:
    """Pairs left < right (places in Texts) with their log-odds; and for each text the log-odds
    with which a pair that is missing counts."""

    left: Ints
    right: Ints
    odds: Floats
    missing: Floats


def find(texts: Texts) -> Pairs:
    """The pairs worth a look, each once, by left and right."""
    dated = int((texts.day >= 0).sum())
    left, right, full = _near(texts, dated)
    alike = likeness(texts, left, right)
    told = running(texts, dated)
    gap = np.log1p(np.abs(texts.day[left] - texts.day[right]))
    around = np.maximum((told[left] + told[right]) / 2, settings.LEAST_RUNNING)
    dated_odds = (
        settings.BASE
        + alike
        - settings.RUNNING_WEIGHT * around
        - (settings.GAP + settings.RUNNING_GAP * around) * gap
    )
    dated_odds = np.minimum(dated_odds, alike - settings.LEAST_LIKENESS)
    undated = np.minimum(texts.day[left], texts.day[right]) < 0
    base = settings.UNDATED_BASE - np.log1p(len(texts.day) / settings.UNDATED_TEXTS)
    odds = np.where(undated, base + alike, dated_odds).astype(np.float32)
    return _collected(texts, left, right, odds, full)


def likeness(texts: Texts, left: Ints, right: Ints) -> Floats:
    """Weighted sum of the similarities of each pair."""
    found = np.zeros(len(left), np.float32)
    for start in range(0, len(left), _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        for name, alike in similarities(texts, left[part], right[part]).items():
            found[part] += settings.WEIGHTS[name] * alike
    return found


def similarities(texts: Texts, left: Ints, right: Ints) -> dict[str, Floats]:
    """By what is compared: the cosine of embeddings, the square root of that of words."""
    found = {"meaning": np.einsum("ij,ij->i", texts.vectors[left], texts.vectors[right])}
    for name in ("title", "lead", "body"):
        matrix = getattr(texts.rows, name)
        shared = matrix[left].multiply(matrix[right]).sum(axis=1)
        found[name] = np.sqrt(np.asarray(shared, np.float32).ravel())
    return found


def _near(texts: Texts, dated: int) -> tuple[Ints, Ints, Bools]:
    """Pairs of neighbours by meaning; and which texts have more within the window than looked at."""
    found: list[tuple[Ints, Ints]] = []
    full = np.zeros(len(texts.day), np.bool_)
    for start, stop, low, high in _blocks(texts.day[:dated], settings.WINDOW):
        meaning = _meaning(texts, start, stop, low, high)
        far = np.abs(texts.day[start:stop, None] - texts.day[None, low:high]) > settings.WINDOW
        meaning[far] = -np.inf
        full[start:stop] = (~far).sum(axis=1) - 1 > settings.NEIGHBOURS
        found.append(_nearest(meaning, start, low, settings.NEIGHBOURS))
    for start in range(dated, len(texts.day), _TEXTS_AT_ONCE):
        stop = min(start + _TEXTS_AT_ONCE, len(texts.day))
        meaning = _meaning(texts, start, stop, 0, len(texts.day))
        found.append(_nearest(meaning, start, 0, settings.UNDATED_NEIGHBOURS))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), full
    one, other = (np.concatenate(side) for side in zip(*found, strict=True))
    code = np.unique(np.minimum(one, other) * len(texts.day) + np.maximum(one, other))
    return code // len(texts.day), code % len(texts.day), full


def _blocks(day: Ints, reach: int) -> Iterator[tuple[int, int, int, int]]:
    """Runs of texts, and the run of texts that are within reach of any of them."""
    for start in range(0, len(day), _TEXTS_AT_ONCE):
        stop = min(start + _TEXTS_AT_ONCE, len(day))
        low = int(np.searchsorted(day, day[start] - reach, side="left"))
        high = int(np.searchsorted(day, day[stop - 1] + reach, side="right"))
        yield start, stop, low, high


def _meaning(texts: Texts, start: int, stop: int, low: int, high: int) -> Floats:
    """Similarity of meaning [stop - start, high - low]; a text with itself is out of question."""
    found = texts.vectors[start:stop] @ texts.vectors[low:high].T
    own = np.arange(start, stop)
    within = (own >= low) & (own < high)
    found[np.flatnonzero(within), own[within] - low] = -np.inf
    return found


def _nearest(meaning: Floats, start: int, low: int, most: int) -> tuple[Ints, Ints]:
    most = min(most, meaning.shape[1])
    chosen = np.argpartition(-meaning, most - 1, axis=1)[:, :most]
    row = np.repeat(np.arange(len(meaning)), most)
    column = chosen.ravel()
    there = np.isfinite(meaning[row, column])
    return row[there] + start, column[there] + low


def running(texts: Texts, dated: int) -> Floats:
    """How much each text is like what is told days before and after: the mean similarity with the
    RUNNING nearest texts that are FAR to twice WINDOW days away."""
    found = np.full(len(texts.day), np.nan, np.float32)
    for start, stop, low, high in _blocks(texts.day[:dated], 2 * settings.WINDOW):
        meaning = _meaning(texts, start, stop, low, high)
        gap = np.abs(texts.day[start:stop, None] - texts.day[None, low:high])
        meaning[(gap < settings.FAR) | (gap > 2 * settings.WINDOW)] = -np.inf
        one, other = _nearest(meaning, start, low, settings.RUNNING)
        alike = likeness(texts, one, other)
        total = np.bincount(one - start, alike, minlength=stop - start)
        found[start:stop] = total / settings.RUNNING
    return np.nan_to_num(found)


def _collected(texts: Texts, left: Ints, right: Ints, odds: Floats, full: Bools) -> Pairs:
    likely = odds > settings.FLOOR
    each = pl.DataFrame(
        {"text": np.concatenate([left, right]), "odds": np.concatenate([odds, odds])}
    )
    low = each.group_by("text").agg(pl.col("odds").quantile(MISSING)).sort("text")
    missing = np.full(len(texts.day), settings.FLOOR, np.float32)
    missing[low["text"].to_numpy()] = low["odds"].to_numpy()
    missing[~full] = settings.FLOOR
    return Pairs(left[likely], right[likely], odds[likely], np.maximum(missing, settings.FLOOR))
