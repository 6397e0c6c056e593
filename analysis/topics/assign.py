"""New pieces into the topics of an earlier fit."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.topics import place
from analysis.topics.tables import keys_of, piece_rows
from analysis.topics.vectors import matrix


def assign(
    fresh: pl.DataFrame, topics: pl.DataFrame, vectors: pl.DataFrame, placed: pl.DataFrame
) -> pl.DataFrame:
    """Places `fresh` [piece_key, vec] among the topics and pieces of a fit.

    `topics` [topic_key, centroid, ...] and `placed` [piece_key, topic_key, how, similarity, x, y]
    are what the fit gave, with what was assigned since; `vectors` [piece_key, vec] has the
    placed pieces and may have others. Returns rows like `placed`, sorted by key: `how` is
    'centroid' or, with topic_key null, 'outlier'. `similarity` is to the centroid of the topic,
    or to the nearest one; null without topics.
    """
    fresh = fresh.sort("piece_key")
    topics = topics.sort("topic_key")
    known = (
        placed.join(fresh, on="piece_key", how="anti")
        .join(vectors.select("piece_key", "vec"), on="piece_key")
        .sort("piece_key")
    )
    numbers = pl.DataFrame(
        {"topic_key": topics["topic_key"], "number": np.arange(topics.height)},
        schema={"topic_key": pl.Utf8, "number": pl.Int64},
    )
    topic = (
        known.join(numbers, on="topic_key", how="left", maintain_order="left")["number"]
        .fill_null(-1)
        .to_numpy()
    )
    members = (known["how"] == "cluster").to_numpy()
    similarity = known["similarity"].cast(pl.Float32).fill_null(np.nan).to_numpy()
    found = place.by_neighbours(
        matrix(fresh["vec"]),
        place.Topics(
            matrix(topics["centroid"]),
            place.floors(similarity[members], topic[members], topics.height),
        ),
        place.Known(
            matrix(known["vec"]), topic, known.select("x", "y").cast(pl.Float32).to_numpy()
        ),
    )
    how = np.where(found[0] >= 0, "centroid", "outlier")
    return piece_rows(fresh["piece_key"], keys_of(found[0], topics["topic_key"]), how, *found[1:])
