"""A difference between two sides, split into what they covered and how they framed it.

Kitagawa (1955): with w the share of a side's pieces in a group (topic or story) and p the share of
those that carry the frame,

    framing      sum over groups of (w_A + w_B) / 2 * (p_A - p_B)
    composition  sum over groups of (w_A - w_B) * (p_A + p_B) / 2

They add up to the difference. A group that only one side covers has no framing to compare and goes
wholly to composition. A group's part of the composition is told relative to the mean P of both
sides' shares, (w_A - w_B) * ((p_A + p_B) / 2 - P): covering more of a group that carries the frame
as often as others moves nothing. As the w of a side sum to 1, the total is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measure.linear import FIRST, SECOND, Borrowed, functionals
from analysis.measure.shares import LEVEL

Floats = npt.NDArray[np.float64]

DIFFERENCE, COMPOSITION, FRAMING = "difference", "composition", "framing"
PARTS = (DIFFERENCE, COMPOSITION, FRAMING)

# How many groups are told by themselves.
MOST_GROUPS = 12


@dataclass(frozen=True)
class Decomposition:
    """`parts`: difference, composition and framing as `linear.functionals` gives them.

    `groups`, the largest contribution first: group, n, n_other (pieces of each side), share,
    share_other (naive; null where a side has no piece), and, each with naive_, _low and _high,
    composition and framing (framing null where only one side covers the group); `size`, the larger
    of both without sign. `left_out` counts groups beyond those told; `shared`, groups that both
    sides cover, hold `covered` and `covered_other` of each side's pieces.
    """

    parts: pl.DataFrame
    groups: pl.DataFrame
    left_out: int
    shared: int
    covered: int
    covered_other: int


def decompose(
    pieces: pl.DataFrame,
    codes: pl.DataFrame | None,
    *,
    most: int = MOST_GROUPS,
    level: float = LEVEL,
    census: bool = False,
    borrowed: Mapping[int, Borrowed] | None = None,
) -> Decomposition:
    """`pieces`: piece, side, group, cluster, score, present; at least one of each side. `codes`,
    `census` and `borrowed` as `linear.functionals` takes them."""
    table = _Table.of(pieces)
    named = _largest(table, most)
    a = np.column_stack([*table.coefficients(), *table.of_groups(named)])
    steady = table.steadied()
    within, through = (
        np.column_stack([*parts, *groups])
        for parts, groups in zip(
            steady.influences(), steady.influences_of_groups(named), strict=True
        )
    )
    columns = [*PARTS, *(f"{part} {i}" for i in range(named.size) for part in PARTS[1:])]
    found = functionals(
        pieces,
        pl.DataFrame(a, schema=columns),
        pl.DataFrame(within, schema=columns),
        codes,
        through_groups=pl.DataFrame(through, schema=columns),
        level=level,
        census=census,
        borrowed=borrowed,
    )
    return Decomposition(
        found.head(len(PARTS)),
        _told(table, named, found.tail(-len(PARTS))),
        left_out=table.groups.size - named.size,
        shared=int(table.shared.sum()),
        covered=int(table.n[FIRST][table.shared].sum()),
        covered_other=int(table.n[SECOND][table.shared].sum()),
    )


@dataclass(frozen=True)
class _Table:
    """Groups (sorted), and of each piece its side, place of the group and decision; by side and
    group: n pieces, w, p (0 where there is no piece); by side the mean of p."""

    groups: npt.NDArray[np.object_]
    side: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    said: Floats
    n: tuple[Floats, Floats]
    w: tuple[Floats, Floats]
    p: tuple[Floats, Floats]
    means: tuple[float, float]

    @classmethod
    def of(cls, pieces: pl.DataFrame) -> _Table:
        groups, place = np.unique(pieces["group"].to_numpy(), return_inverse=True)
        side = pieces["side"].to_numpy().astype(np.int64)
        said = pieces["present"].cast(pl.Float64).to_numpy()
        n, w, p, means = [], [], [], []
        for one in (FIRST, SECOND):
            own = side == one
            count = np.bincount(place[own], minlength=groups.size).astype(float)
            hits = np.bincount(place[own], said[own], groups.size)
            n.append(count)
            w.append(count / count.sum())
            p.append(np.divide(hits, count, out=np.zeros(groups.size), where=count > 0))
            means.append(float(hits.sum() / count.sum()))
        return cls(
            groups,
            side,
            place,
            said,
            (n[0], n[1]),
            (w[0], w[1]),
            (p[0], p[1]),
            (means[0], means[1]),
        )

    def steadied(self) -> _Table:
        """With each p drawn towards its side's mean, so far that they vary as the true ones do
        (Ghosh 1992): for influences, which the noise of small groups would blow up."""
        p = [_steady(*one) for one in zip(self.n, self.p, self.means, strict=True)]
        return replace(self, p=(p[FIRST], p[SECOND]))

    @property
    def shared(self) -> npt.NDArray[np.bool_]:
        return (self.n[FIRST] > 0) & (self.n[SECOND] > 0)

    @property
    def standard(self) -> Floats:
        """(w_A + w_B) / 2 of shared groups, 0 of others."""
        return np.where(self.shared, (self.w[FIRST] + self.w[SECOND]) / 2, 0.0)

    @property
    def gap(self) -> Floats:
        return self.w[FIRST] - self.w[SECOND]

    @property
    def middle(self) -> Floats:
        """(p_A + p_B) / 2, or the only p that there is."""
        both = self.p[FIRST] + self.p[SECOND]
        return np.where(self.shared, both / 2, both)

    @property
    def apart(self) -> Floats:
        """(p_A - p_B) / 2 of shared groups, 0 of others."""
        return np.where(self.shared, (self.p[FIRST] - self.p[SECOND]) / 2, 0.0)

    @property
    def mean(self) -> float:
        """The mean of both sides' shares."""
        return sum(self.means) / 2

    def _slopes(self) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """How composition and framing move with p of a group, by side."""
        half = np.where(self.shared, self.gap / 2, self.gap)
        return (half, half), (self.standard, -self.standard)

    def _per_piece(self, slopes: tuple[Floats, Floats]) -> Floats:
        """A slope in p shared out among the group's pieces of a side."""
        by = [
            np.divide(s, n, out=np.zeros(n.size), where=n > 0)
            for s, n in zip(slopes, self.n, strict=True)
        ]
        return np.where(self.side == FIRST, by[FIRST][self.place], by[SECOND][self.place])

    def coefficients(self) -> list[Floats]:
        """Of PARTS."""
        composition, framing = (self._per_piece(slopes) for slopes in self._slopes())
        return [composition + framing, composition, framing]

    def of_groups(self, named: npt.NDArray[np.int64]) -> list[Floats]:
        """Of composition and framing of each named group."""
        _, composition, framing = self.coefficients()
        sizes = np.array([n.sum() for n in self.n])[self.side]
        found = []
        for group in named:
            inside = self.place == group
            found += [composition * inside - self.gap[group] / (2 * sizes), framing * inside]
        return found

    def influences(self) -> tuple[list[Floats], list[Floats]]:
        """Of a piece on PARTS: through p of its group, and through w of all groups of its side."""
        composition, framing = (self._through_p(slopes) for slopes in self._slopes())
        whole = np.ones(self.groups.size)
        by_covering = self._through_w(self.middle - self.mean, whole, signed=True)
        by_framing = self._through_w(self.apart, whole, signed=False)
        return (
            [composition + framing, composition, framing],
            [by_covering + by_framing, by_covering, by_framing],
        )

    def influences_of_groups(
        self, named: npt.NDArray[np.int64]
    ) -> tuple[list[Floats], list[Floats]]:
        """As `influences`, of composition and framing of each named group."""
        composition, framing = (self._through_p(slopes) for slopes in self._slopes())
        sizes = np.array([n.sum() for n in self.n])[self.side]
        centred = (self.said - np.array(self.means)[self.side]) / sizes
        within: list[Floats] = []
        through: list[Floats] = []
        for group in named:
            inside = self.place == group
            only = np.zeros(self.groups.size)
            only[group] = 1.0
            within += [composition * inside - self.gap[group] / 2 * centred, framing * inside]
            through += [
                self._through_w(self.middle - self.mean, only, signed=True),
                self._through_w(self.apart, only, signed=False),
            ]
        return within, through

    def _through_p(self, slopes: tuple[Floats, Floats]) -> Floats:
        p = np.where(self.side == FIRST, self.p[FIRST][self.place], self.p[SECOND][self.place])
        return self._per_piece(slopes) * (self.said - p)

    def _through_w(self, value: Floats, among: Floats, *, signed: bool) -> Floats:
        """The functional is the sum of value * (w_A - w_B), or of value * (w_A + w_B) unsigned."""
        of = value * among
        found = np.empty(self.side.size)
        for one in (FIRST, SECOND):
            own = self.side == one
            sign = -1.0 if signed and one == SECOND else 1.0
            found[own] = sign * (of[self.place[own]] - (self.w[one] * of).sum()) / own.sum()
        return found


def _steady(n: Floats, p: Floats, mean: float) -> Floats:
    some = n > 0
    one = mean * (1 - mean)
    spread = (n * (p - mean) ** 2).sum() - one * (some.sum() - 1)
    between = max(spread / max(n.sum() - (n**2).sum() / n.sum(), 1e-12), 0.0)
    keep = n * between / np.maximum(n * between + one, 1e-12)
    return np.where(some, mean + np.sqrt(keep) * (p - mean), 0.0)


def _largest(table: _Table, most: int) -> npt.NDArray[np.int64]:
    """The groups with the largest naive contribution, of either kind."""
    framing = table.standard * (table.p[FIRST] - table.p[SECOND])
    composition = table.gap * (table.middle - table.mean)
    size = np.maximum(np.abs(framing), np.abs(composition))
    return np.argsort(-size, kind="stable")[:most]


def _told(table: _Table, named: npt.NDArray[np.int64], found: pl.DataFrame) -> pl.DataFrame:
    sides = {"": FIRST, "_other": SECOND}
    rows = {"group": pl.Series(table.groups[named], dtype=pl.String)}
    for end, side in sides.items():
        rows[f"n{end}"] = pl.Series(table.n[side][named]).cast(pl.Int64)
    for end, side in sides.items():
        share = np.where(table.n[side] > 0, table.p[side], np.nan)[named]
        rows[f"share{end}"] = pl.Series(share, dtype=pl.Float64).fill_nan(None)
    shared = pl.Series(table.shared[named])
    for start, part in enumerate(PARTS[1:]):
        own = found.gather_every(2, start)
        known = shared if part == FRAMING else pl.Series([True] * len(shared), dtype=pl.Boolean)
        for name, column in (
            (part, "value"),
            (f"naive_{part}", "naive"),
            (f"{part}_low", "low"),
            (f"{part}_high", "high"),
        ):
            rows[name] = own[column].zip_with(
                known, pl.Series([None] * len(known), dtype=pl.Float64)
            )
    size = pl.max_horizontal(pl.col(COMPOSITION).abs(), pl.col(FRAMING).abs())
    return (
        pl.DataFrame(rows)
        .with_columns(size=size)
        .sort("size", descending=True, maintain_order=True)
    )
