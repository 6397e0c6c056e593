"""Groups of texts by the mean log-odds over their pairs."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from analysis.corpus.stories import settings
from analysis.corpus.stories.pairs import Pairs

Ints = NDArray[np.int64]


def groups(day: Ints, pairs: Pairs) -> Ints:
    """The group of each text, named by the smallest place in it.

    The two groups with the highest mean log-odds over all their pairs are joined, again and again,
    while that is above 0: average linkage, which does not chain. Groups whose dated texts would
    span more than WINDOW days stay apart. A text without a day weighs UNDATED_WEIGHT, so that what
    is not known of it holds up nothing. `day` as in Texts; a pair that is not in `pairs` counts with
    what is `missing` of its two texts, the lower of the means.
    """
    work = _Work(day, pairs)
    while work.heap:
        work.step()
    return work.names()


class _Work:
    """Groups named by their smallest member; between those that have pairs, sums of weighted
    log-odds and of weights."""

    def __init__(self, day: Ints, pairs: Pairs) -> None:
        n = len(day)
        self.parent = list(range(n))
        self.size = [1] * n
        self.weight = [1.0 if d >= 0 else settings.UNDATED_WEIGHT for d in day.tolist()]
        self.missing = pairs.missing.tolist()
        self.first = [d if d >= 0 else None for d in day.tolist()]
        self.last = list(self.first)
        self.near: list[dict[int, tuple[float, float]]] = [{} for _ in range(n)]
        self.heap: list[tuple[float, int, int, int]] = []
        for a, b, odds in zip(
            pairs.left.tolist(), pairs.right.tolist(), pairs.odds.tolist(), strict=True
        ):
            weight = self.weight[a] * self.weight[b]
            self.near[a][b] = self.near[b][a] = (odds * weight, weight)
            if odds > 0:
                heapq.heappush(self.heap, (-odds, a, b, 2))

    def step(self) -> None:
        _, a, b, size = heapq.heappop(self.heap)
        stale = self.parent[a] != a or self.parent[b] != b or self.size[a] + self.size[b] != size
        if not stale and self._within(a, b):
            self._join(a, b)

    def _within(self, a: int, b: int) -> bool:
        days = [
            d for d in (self.first[a], self.first[b], self.last[a], self.last[b]) if d is not None
        ]
        return not days or max(days) - min(days) <= settings.WINDOW

    def _join(self, a: int, b: int) -> None:
        a, b = min(a, b), max(a, b)
        self.near[a].pop(b)
        self.near[b].pop(a)
        for c, (odds, known) in self.near[b].items():
            before = self.near[a].get(c, (0.0, 0.0))
            self.near[a][c] = self.near[c][a] = (before[0] + odds, before[1] + known)
            self.near[c].pop(b)
        self.near[b] = {}
        share = self.weight[b] / (self.weight[a] + self.weight[b])
        self.missing[a] = (1 - share) * self.missing[a] + share * self.missing[b]
        self.size[a] += self.size[b]
        self.weight[a] += self.weight[b]
        self.parent[b] = a
        firsts = [d for d in (self.first[a], self.first[b]) if d is not None]
        lasts = [d for d in (self.last[a], self.last[b]) if d is not None]
        self.first[a], self.last[a] = min(firsts, default=None), max(lasts, default=None)
        for c, (odds, known) in self.near[a].items():
            pairs = self.weight[a] * self.weight[c]
            unknown = min(self.missing[a], self.missing[c])
            mean = (odds + (pairs - known) * unknown) / pairs
            if mean > 0:
                one, other = min(a, c), max(a, c)
                heapq.heappush(self.heap, (-mean, one, other, self.size[a] + self.size[c]))

    def names(self) -> Ints:
        for place, parent in enumerate(self.parent):
            self.parent[place] = self.parent[parent] if parent != place else place
        return np.array(self.parent, np.int64)
