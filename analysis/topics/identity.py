"""Keys of topics that outlast a fit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.topics.vectors import Floats

# Two fits' centroids at least this similar are the same topic.
SAME = 0.85


def matched(centroids: Floats, previous: Floats) -> dict[int, int]:
    """Pairs {new row: previous row}, one to one, of greatest total similarity, each >= SAME."""
    if not len(centroids) or not len(previous):
        return {}
    table = (centroids @ previous.T).astype(np.float64)
    # Pairs below the threshold weigh nothing, so they can't push a true pair aside.
    rows, columns = linear_sum_assignment(np.where(table >= SAME, table, 0), maximize=True)
    return {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if table[row, column] >= SAME
    }


def keys(
    words: Sequence[Sequence[str]], kept: dict[int, int], previous: Sequence[str]
) -> list[str]:
    """One key per topic: the previous one where matched, else `t-` and a hash of its words."""
    taken = set(previous)
    found = []
    for row, own in enumerate(words):
        if row in kept:
            found.append(previous[kept[row]])
            continue
        salt = ""
        while (key := _key(own, salt)) in taken:
            salt += "+"
        taken.add(key)
        found.append(key)
    return found


def _key(words: Sequence[str], salt: str) -> str:
    text = " ".join(sorted(words)) + salt
    return f"t-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:8]}"
