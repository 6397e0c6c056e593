"""Where a piece goes that the clustering did not place: nearest centroid, nearest neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.topics.vectors import Floats, Indices, nearest

# A piece joins a topic if it is as near to the centroid as this share of the topic's members.
MEMBERS_REACH = 0.9
# From here on two pieces are copies for a topic's purposes and stand together.
TWIN = 0.98
_NEIGHBOURS = 5


@dataclass(frozen=True)
class Topics:
    """Unit centroids [k, d] and the least similarity [k] at which a piece joins each."""

    centroids: Floats
    floors: Floats


@dataclass(frozen=True)
class Known:
    """Pieces that have a place: unit vectors [n, d], topic [n] (-1: none), position [n, 2]."""

    vectors: Floats
    topic: Indices
    position: Floats


def floors(similarity: Floats, topic: Indices, topics: int) -> Floats:
    """Per topic the similarity that MEMBERS_REACH of its members reach; infinite without any."""
    found = np.full(topics, np.inf, dtype=np.float32)
    for number in range(topics):
        own = similarity[topic == number]
        if len(own):
            found[number] = np.quantile(own, 1 - MEMBERS_REACH)
    return found


def by_centroid(vectors: Floats, topics: Topics) -> tuple[Indices, Floats]:
    """Topic [n] (-1: none near enough) and similarity [n] to the nearest centroid.

    Without topics the similarity is NaN.
    """
    if not len(topics.centroids):
        return np.full(len(vectors), -1), np.full(len(vectors), np.nan, dtype=np.float32)
    found, values = nearest(vectors, topics.centroids, 1)
    topic, similarity = found[:, 0], values[:, 0]
    return np.where(similarity >= topics.floors[topic], topic, -1), similarity


def by_neighbours(vectors: Floats, topics: Topics, known: Known) -> tuple[Indices, Floats, Floats]:
    """Topic [n], similarity [n] and position [n, 2] of new pieces among known ones.

    A piece with a twin among the known goes where the twin is; others go by centroid. The
    position is the mean of the nearest known ones, weighted by nearness.
    """
    topic, similarity = by_centroid(vectors, topics)
    position = np.zeros((len(vectors), 2), dtype=np.float32)
    if not len(known.vectors) or not len(vectors):
        return topic, similarity, position
    found, values = nearest(vectors, known.vectors, _NEIGHBOURS)
    twin = values[:, 0] >= TWIN
    topic = np.where(twin, known.topic[found[:, 0]], topic)
    joined = twin & (topic >= 0)
    similarity[joined] = np.sum(vectors[joined] * topics.centroids[topic[joined]], axis=1)
    return topic, similarity, _weighted(known.position[found], values)


def _weighted(positions: NDArray[np.float32], values: Floats) -> Floats:
    weights = 1 / (1e-4 + np.clip(1 - values.astype(np.float64), 0, None))
    weights /= weights.sum(axis=1, keepdims=True)
    mean: Floats = np.einsum("nk,nkd->nd", weights, positions).astype(np.float32)
    return mean
