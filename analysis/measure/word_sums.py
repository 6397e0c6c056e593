"""Sums over clusters of pieces that `keyness` needs, from rows in the order of words and clusters."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_SUMS: dict[str, Any] = {
    "term_key": pl.Int32,
    "group": pl.String,
    "tokens": pl.Int64,
    "pieces": pl.Int64,
    "squares": pl.Float64,
    "crossed": pl.Float64,
}


def sizes(pieces: pl.DataFrame) -> pl.DataFrame:
    """group, words, pieces, clusters, spread of groups, largest first.

    `pieces`: group, cluster, words, one row per piece of a group.
    """
    clusters = pieces.group_by("group", "cluster").agg(
        pl.col("words").cast(pl.Int64).sum(), pieces=pl.len()
    )
    return (
        clusters.group_by("group")
        .agg(
            pl.col("words").sum(),
            pl.col("pieces").sum(),
            clusters=pl.len(),
            spread=(pl.col("words") ** 2).sum().cast(pl.Float64),
        )
        .sort(["words", "group"], descending=[True, False])
    )


def of_groups(uses: pl.DataFrame, pieces: pl.DataFrame) -> pl.DataFrame:
    """Cells of `keyness` (term_key for term) of groups of pieces.

    `uses`: term_key, cluster, piece_key, n, by term and cluster; `pieces`: piece_key, group,
    cluster, words. Uses in other pieces are left out.
    """
    groups = pieces["group"].unique(maintain_order=True).to_list()
    number = pieces["group"].replace_strict(groups, range(len(groups)), return_dtype=pl.Int64)
    highest = max(
        (
            int(keys.to_numpy().max())
            for keys in (pieces["piece_key"], uses["piece_key"])
            if keys.len()
        ),
        default=0,
    )
    side_of = np.full(highest + 1, -1, np.int16)
    side_of[pieces["piece_key"].to_numpy()] = number.to_numpy()
    uses = _in_order(uses)
    columns = (uses[name].to_numpy() for name in ("term_key", "cluster", "piece_key", "n"))
    terms, clusters, keys, n = columns
    sides = side_of[keys]
    found = []
    for i, group in enumerate(groups):
        own = sides == i
        words = _cluster_words(pieces.filter(pl.col("group") == group))
        runs = _Runs(terms[own], clusters[own], n[own])
        found.append(runs.cells(group, runs.n, words))
    return pl.concat([pl.DataFrame(schema=_SUMS), *found])


def of_frames(
    uses: pl.DataFrame, inside: pl.DataFrame, words: pl.DataFrame, without: str
) -> pl.DataFrame:
    """Cells of each frame's sentences, and of all others, whose group is named `without` + frame.

    `uses`: term_key, cluster, piece_key, n, by term and cluster; `inside`: frame and the same, with
    n_piece (uses in the whole piece), by frame, term and cluster; `words`: cluster, words, and
    frame, null for whole pieces. What is outside is what is whole less what is inside.
    """
    uses = _in_order(uses)
    whole = _Runs(*(uses[name].to_numpy() for name in ("term_key", "cluster", "n")))
    all_words = _cluster_words(words.filter(pl.col("frame").is_null()))
    found = []
    for (frame,), part in inside.partition_by("frame", as_dict=True).items():
        part = _in_order(part)
        runs = _Runs(*(part[name].to_numpy() for name in ("term_key", "cluster", "n")))
        own = np.zeros_like(all_words)
        counted = _cluster_words(words.filter(pl.col("frame") == frame))
        own[: len(counted)] = counted
        found.append(runs.cells(str(frame), runs.n, own))
        left = whole.n.copy()
        left[np.searchsorted(whole.keys, runs.keys)] -= runs.n
        cells = whole.cells(f"{without}{frame}", left, all_words - own)
        only = part.filter(pl.col("n") == pl.col("n_piece")).group_by("term_key").len("only")
        found.append(
            cells.join(only, on="term_key", how="left", maintain_order="left")
            .with_columns(pl.col("pieces") - pl.col("only").fill_null(0))
            .drop("only")
            .filter(pl.col("tokens") > 0)
        )
    return pl.concat([pl.DataFrame(schema=_SUMS), *found])


class _Runs:
    """Uses summed over clusters: `n` uses and `rows` pieces in each run of one term and cluster."""

    def __init__(self, terms: Ints, clusters: Ints, n: Ints) -> None:
        starts = _starts(terms, clusters)
        self.terms, self.clusters = terms[starts], clusters[starts]
        self.n = _summed(n, starts)
        self.rows = np.diff(np.append(starts, len(terms)))

    @property
    def keys(self) -> Ints:
        """Numbers that tell the runs apart, in their order."""
        keys: Ints = self.terms.astype(np.int64) << 32 | self.clusters
        return keys

    def cells(self, group: str, n: Ints, words: Ints) -> pl.DataFrame:
        """Sums over clusters of each term, of `n` uses in the runs and of `words` by cluster."""
        starts = _starts(self.terms)
        return pl.DataFrame(
            {
                "term_key": self.terms[starts],
                "group": [group] * len(starts),
                "tokens": _summed(n, starts),
                "pieces": _summed(self.rows, starts),
                "squares": _summed(n * n, starts),
                "crossed": _summed(n * words[self.clusters], starts),
            }
        ).cast(_SUMS)  # type: ignore[arg-type]


def _starts(*keys: Ints) -> Ints:
    """Where a run of equal keys begins."""
    if not len(keys[0]):
        return np.zeros(0, np.int64)
    changes = np.zeros(len(keys[0]), bool)
    changes[0] = True
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changes)


def _summed(values: Ints, starts: Ints) -> Ints:
    if not len(starts):
        return np.zeros(0, np.int64)
    # Several times faster than np.add.reduceat where runs are short.
    ends = np.append(starts[1:], len(values)) - 1
    sums: Ints = np.diff(np.cumsum(values, dtype=np.int64)[ends], prepend=0)
    return sums


def _in_order(uses: pl.DataFrame) -> pl.DataFrame:
    """The rows by term and cluster; they come in a few runs that are so."""
    keys = uses["term_key"].to_numpy().astype(np.int64) << 32 | uses["cluster"].to_numpy()
    if (keys[1:] >= keys[:-1]).all():
        return uses
    # Numpy's stable sort of whole numbers merges runs.
    return uses[np.argsort(keys, kind="stable")]


def _cluster_words(pieces: pl.DataFrame) -> Ints:
    """Words by number of cluster, 0 where there is none."""
    if pieces.is_empty():
        return np.zeros(1, np.int64)
    return np.bincount(pieces["cluster"].to_numpy(), weights=pieces["words"].to_numpy()).astype(
        np.int64
    )
