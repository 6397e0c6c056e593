"""The two-dimensional map: scale, and an orientation that lasts from fit to fit."""

from __future__ import annotations

import numpy as np

from analysis.topics.vectors import Floats

EXTENT = 10.0


def principal(vectors: Floats) -> Floats:
    """The first two principal components [n, 2], for corpora too small for UMAP."""
    flat = np.zeros((len(vectors), 2), dtype=np.float32)
    if len(vectors) < 2:
        return flat
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    # The sign of an axis is arbitrary: its largest part is made positive.
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    flat[:, : len(axes)] = centred @ (axes * np.sign(largest)).T
    return flat


def scaled(positions: Floats) -> Floats:
    """Centred, one scale for both axes, about [-EXTENT, EXTENT]; a far island is cut at the rim."""
    if not len(positions):
        return positions
    low, high = np.quantile(positions, [0.005, 0.995], axis=0)
    half = float(np.max(high - low)) / 2
    if half == 0:
        return np.zeros_like(positions)
    moved = (positions - (low + high) / 2) * (EXTENT / half)
    bounded: Floats = np.clip(moved, -1.1 * EXTENT, 1.1 * EXTENT).astype(np.float32)
    return bounded


def turned(positions: Floats, now: Floats, before: Floats) -> Floats:
    """Positions turned or mirrored so that `now` [k, 2] comes nearest to `before` [k, 2].

    Orthogonal Procrustes about the origin; with fewer than three points nothing is turned.
    """
    if len(now) < 3:
        return positions
    left, _, right = np.linalg.svd(now.astype(np.float64).T @ before.astype(np.float64))
    moved: Floats = (positions @ (left @ right)).astype(np.float32)
    return moved
