"""Unit vectors and their nearest neighbours, in chunks that bound memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.corpus.embeddings import DIMENSIONS

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

VEC = pl.Array(pl.Float32, DIMENSIONS)

# Similarities held at once: 80 MB of float32.
_CELLS = 20_000_000


def matrix(column: pl.Series) -> Floats:
    """Unit rows [n, DIMENSIONS] of a column of vectors; a zero vector stays zero."""
    rows = column.cast(VEC).to_numpy().reshape(-1, DIMENSIONS)
    return unit(rows.astype(np.float32))


def unit(rows: Floats) -> Floats:
    """Rows divided by their length; a zero row stays zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def similarities(rows: Floats, others: Floats) -> Iterator[tuple[slice, Floats]]:
    """Cosine similarities of unit rows to all others, a slice of the rows at a time."""
    step = max(1, _CELLS // max(1, len(others)))
    for start in range(0, len(rows), step):
        part = slice(start, min(start + step, len(rows)))
        yield part, rows[part] @ others.T


def nearest(rows: Floats, others: Floats, count: int) -> tuple[Indices, Floats]:
    """Indices and similarities [n, min(count, m)] of the most similar others, best first."""
    count = min(count, len(others))
    found = np.zeros((len(rows), count), dtype=np.int64)
    values = np.zeros((len(rows), count), dtype=np.float32)
    for part, table in similarities(rows, others):
        found[part], values[part] = _best(table, count)
    return found, values


def neighbours(rows: Floats, count: int) -> tuple[Indices, Floats]:
    """Indices and cosine distances [n, count] of each row's nearest rows, itself first."""
    found = np.zeros((len(rows), count), dtype=np.int64)
    distances = np.zeros((len(rows), count), dtype=np.float32)
    for part, table in similarities(rows, rows):
        table[np.arange(part.stop - part.start), np.arange(part.start, part.stop)] = np.inf
        found[part], values = _best(table, count)
        distances[part] = np.clip(1 - values, 0, 2)
    return found, distances


def _best(table: Floats, count: int) -> tuple[Indices, Floats]:
    columns = np.sort(np.argpartition(-table, count - 1, axis=1)[:, :count], axis=1)
    values = np.take_along_axis(table, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1), np.take_along_axis(values, order, axis=1)
