"""The two tables of a fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from numpy.typing import NDArray

from analysis.topics.vectors import VEC, Floats, Indices

TOPICS: dict[str, Any] = {
    "topic_key": pl.Utf8,
    "label": pl.Utf8,
    "words": pl.List(pl.Utf8),
    "centroid": VEC,
    "x": pl.Float32,
    "y": pl.Float32,
}
PIECES: dict[str, Any] = {
    "piece_key": pl.Int32,
    "topic_key": pl.Utf8,
    "how": pl.Utf8,
    "similarity": pl.Float32,
    "x": pl.Float32,
    "y": pl.Float32,
}


def keys_of(topic: Indices, keys: Sequence[str] | pl.Series) -> list[str | None]:
    """The key of each topic number; None for -1."""
    known = [*keys, None]
    return [known[number] for number in topic]


def piece_rows(
    piece_keys: pl.Series,
    topic_keys: Sequence[str | None],
    how: NDArray[Any],
    similarity: Floats,
    position: Floats,
) -> pl.DataFrame:
    """Rows of PIECES; a similarity of NaN becomes null."""
    return pl.DataFrame(
        {
            "piece_key": piece_keys.cast(pl.Int32),
            "topic_key": pl.Series(topic_keys, dtype=pl.Utf8),
            "how": pl.Series(how.tolist(), dtype=pl.Utf8),
            "similarity": pl.Series(similarity, dtype=pl.Float32).fill_nan(None),
            "x": pl.Series(position[:, 0], dtype=pl.Float32),
            "y": pl.Series(position[:, 1], dtype=pl.Float32),
        },
        schema=PIECES,
    )
