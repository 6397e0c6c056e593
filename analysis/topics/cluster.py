"""UMAP over neighbours that are already known, and HDBSCAN, as parts for BERTopic."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.topics.libraries import load_hdbscan, load_umap, quiet
from analysis.topics.vectors import Floats, neighbours, unit

# Fewer pieces than this have no topics worth the name.
MIN_PIECES = 30
_NEIGHBOURS = 15
_COMPONENTS = 5
_EPOCHS = 200


def smallest_topic(pieces: int) -> int:
    """The default least number of pieces in a topic."""
    return max(8, pieces // 200)


class Reducer:
    """Reduces unit vectors to a few dimensions; the exact neighbours are found once.

    `fit` and `transform` are what BERTopic asks of a reducer; `transform` returns the reduction
    of what was fitted. `plane` gives the map from the same neighbours.
    """

    def __init__(self, vectors: Floats, seed: int) -> None:
        # Static embeddings share a large common part: without it clusters stand out.
        self._rows = unit(vectors - vectors.mean(axis=0))
        self._count = min(_NEIGHBOURS, len(vectors) - 1)
        self._knn = neighbours(self._rows, self._count)
        self._seed = seed
        self._reduced: Floats | None = None

    def fit(self, _vectors: Floats, y: Any = None) -> Reducer:
        self._reduced = self._umap(_COMPONENTS, min_dist=0.0)
        return self

    def transform(self, _vectors: Floats) -> Floats:
        if self._reduced is None:
            raise RuntimeError("transform before fit")
        return self._reduced

    def plane(self) -> Floats:
        """Positions [n, 2], not yet scaled."""
        return self._umap(2, min_dist=0.1)

    def _umap(self, components: int, min_dist: float) -> Floats:
        umap = load_umap()
        with quiet():
            model = umap(
                n_components=components,
                n_neighbors=self._count,
                min_dist=min_dist,
                metric="cosine",
                init="spectral",
                n_epochs=_EPOCHS,
                random_state=self._seed,
                n_jobs=1,
                precomputed_knn=(*self._knn, None),
            )
            return np.asarray(model.fit_transform(self._rows), dtype=np.float32)


def clusterer(min_size: int) -> Any:
    """HDBSCAN for topics of at least `min_size` pieces."""
    return load_hdbscan()(
        min_cluster_size=max(2, min_size),
        min_samples=min(5, max(2, min_size)),
        metric="euclidean",
        cluster_selection_method="eom",
        core_dist_n_jobs=1,
    )
