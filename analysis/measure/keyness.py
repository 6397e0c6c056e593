"""Which words one group uses more than another: log-odds with an informative Dirichlet prior.

Monroe, Colaresi and Quinn, "Fightin' Words" (Political Analysis 16, 2008), equations 15, 16, 20
and 22. Word w stands y_i times among the n_i words of group i, y times among the n words of all
groups. The prior speaks as `alpha` words that use the vocabulary as all groups together do,
alpha_w = alpha * y / n. Then

    delta    = log((y_i + alpha_w) / (n_i + alpha - y_i - alpha_w)) - the same of group j
    variance = 1 / (y_i + alpha_w) + 1 / (y_j + alpha_w)
    z_words  = delta / sqrt(variance)

The variance takes each word as drawn by itself. Words come in pieces, and a piece that uses one
uses it again, so each group's part is multiplied by a design effect: the variance of the rate
between clusters (pieces; copies of a text are one) over what independent words would show,

    effect = C / (C - 1) * sum over clusters of (y_c - p * n_c)^2 / (n_i * p * (1 - p)),

with C clusters and p = y_i / n_i (ratio estimator; Kish 1965). It is the larger of the group's own
and that pooled over both, and at least 1: a word that one group never uses has no spread of its
own. `z`, the interval and q rest on it; `z_words` and `variance` are those of the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import ndtr

from analysis.measure.contrasts import benjamini_hochberg
from analysis.measure.shares import critical

Floats = NDArray[np.float64]

REST = "all others"
MILLION = 1e6

# Words that may come among the top in a resample, for each that is there.
CONTENDERS = 3


@dataclass(frozen=True)
class Contrast:
    """A group against another, or against all others together (None)."""

    one: str
    other: str | None = None


@dataclass(frozen=True)
class _Sides:
    """Sums of two groups, each an array with the two sides along the last axis.

    By word: tokens, squares and crossed (sums over clusters of y^2 and y * words). By side: words,
    spread (sum of the clusters' squared words) and clusters.
    """

    tokens: Floats
    squares: Floats
    crossed: Floats
    words: Floats
    spread: Floats
    clusters: Floats


def keyness(
    cells: pl.DataFrame, sizes: pl.DataFrame, contrasts: Sequence[Contrast], *, alpha: float
) -> pl.DataFrame:
    """Rows by contrast and word, by falling z.

    `cells`: term, group, tokens, pieces, squares, crossed, one row per word and group that has it;
    `sizes`: group, words, pieces, clusters, spread, with every group. Words that neither side has
    are left out, and so is a word that is all there is. A cluster with pieces in several groups
    counts once in each, also where these are compared as one. Returns group, against, term; tokens, pieces, rate (per million words) and each
    with `_other`; delta, variance, z_words; effect (of clustering on the variance), z, low, high
    (95 %, of delta), p (two-sided) and q (Benjamini and Hochberg over the contrast's words). A
    contrast with a side that has no words gives no rows; alpha must be above 0.
    """
    if not alpha > 0:
        raise ValueError("alpha must be above 0: without a prior an unused word has no log-odds")
    if cells.is_empty():
        return _nothing()
    table = _Table(cells, sizes)
    parts = [table.rows(contrast, alpha) for contrast in contrasts]
    return pl.concat([_nothing(), *parts])


class _Table:
    """Cells as arrays, words by groups."""

    def __init__(self, cells: pl.DataFrame, sizes: pl.DataFrame) -> None:
        self.groups = sizes["group"].to_list()
        self.terms = cells["term"].unique(maintain_order=True)
        codes = cells.select("tokens", "pieces", "squares", "crossed").cast(pl.Float64).to_numpy()
        places = pl.DataFrame({"term": self.terms}).with_row_index("i")
        rows = cells.select("term").join(places, on="term", maintain_order="left")["i"]
        columns = cells["group"].replace_strict(
            self.groups, range(len(self.groups)), return_dtype=pl.Int64
        )
        self.sums = np.zeros((len(self.terms), len(self.groups), 4))
        self.sums[rows.cast(pl.Int64).to_numpy(), columns.to_numpy()] = codes
        self.sizes = sizes.select("words", "pieces", "spread", "clusters").to_numpy().astype(float)

    def rows(self, contrast: Contrast, alpha: float) -> pl.DataFrame:
        one = [name == contrast.one for name in self.groups]
        other = [
            name == contrast.other if contrast.other is not None else name != contrast.one
            for name in self.groups
        ]
        both = np.stack([one, other], axis=1).astype(float)
        sums = np.einsum("tgk,gs->tsk", self.sums, both)
        sizes = both.T @ self.sizes
        if not (sizes[:, 0] > 0).all():
            return _nothing()
        background = self.sums[:, :, 0].sum(axis=1) / self.sizes[:, 0].sum()
        kept = (sums[:, :, 0].sum(axis=1) > 0) & (background < 1)
        sums, background = sums[kept], background[kept]
        sides = _Sides(
            sums[..., 0], sums[..., 2], sums[..., 3], sizes[:, 0], sizes[:, 2], sizes[:, 3]
        )
        delta, parts = log_odds(sides.tokens, sides.words, background, alpha)
        variance = parts.sum(axis=-1)
        clustered = (parts * _effects(sides)).sum(axis=-1)
        z = delta / np.sqrt(clustered)
        half = critical() * np.sqrt(clustered)
        return (
            pl.DataFrame(
                {
                    "group": [contrast.one] * len(z),
                    "against": [contrast.other or REST] * len(z),
                    "term": self.terms.filter(pl.Series(kept)),
                    "tokens": sums[:, 0, 0],
                    "tokens_other": sums[:, 1, 0],
                    "pieces": sums[:, 0, 1],
                    "pieces_other": sums[:, 1, 1],
                    "rate": sums[:, 0, 0] / sizes[0, 0] * MILLION,
                    "rate_other": sums[:, 1, 0] / sizes[1, 0] * MILLION,
                    "delta": delta,
                    "variance": variance,
                    "z_words": delta / np.sqrt(variance),
                    "effect": clustered / variance,
                    "z": z,
                    "low": delta - half,
                    "high": delta + half,
                    "p": 2 * ndtr(-np.abs(z)),
                }
            )
            .with_columns(q=benjamini_hochberg(pl.col("p")))
            .cast(_SCHEMA)  # type: ignore[arg-type]
            .select(*_SCHEMA)
            .sort("z", "term", descending=[True, False])
        )


def log_odds(
    tokens: Floats, words: Floats, background: Floats, alpha: float
) -> tuple[Floats, Floats]:
    """delta and the two parts of its variance (equations 15 and 20).

    `tokens` ends in the axis of the two sides, `words` has these, `background` is the share of each
    word among all words, with one axis less than tokens.
    """
    prior = alpha * background[..., None]
    inside = tokens + prior
    odds = np.log(inside) - np.log(words + alpha - inside)
    return odds[..., 0] - odds[..., 1], 1 / inside


def _effects(sides: _Sides) -> Floats:
    """The design effect of each word on each side."""
    p = sides.tokens / sides.words
    spread = sides.squares - 2 * p * sides.crossed + p**2 * sides.spread
    # One cluster shows no spread; the other side's has to do.
    few = np.where(sides.clusters > 1, sides.clusters / np.maximum(sides.clusters - 1, 1), 0.0)
    seen = np.maximum(spread, 0) * few
    expected = sides.words * p * (1 - p)
    own = np.divide(seen, expected, out=np.ones_like(seen), where=expected > 0)
    total = expected.sum(axis=-1)
    pooled = np.divide(seen.sum(axis=-1), total, out=np.ones_like(total), where=total > 0)
    larger: Floats = np.maximum(np.maximum(own, pooled[..., None]), 1.0)
    return larger


@dataclass(frozen=True)
class Uses:
    """Words by cluster, to resample clusters from.

    `counts`: term, cluster, group, n (words that may be among the top, from `contenders`);
    `clusters`: cluster, group, words, every cluster once in each group that it has pieces in.
    `background`: term, share among all words.
    """

    counts: pl.DataFrame
    clusters: pl.DataFrame
    background: pl.DataFrame


def contenders(rows: pl.DataFrame, top: int) -> list[str]:
    """The words of one contrast that `stability` has to know: the first and the last by z."""
    terms = rows["term"]
    return (
        pl.concat([terms.head(CONTENDERS * top), terms.tail(CONTENDERS * top)]).unique().to_list()
    )


def stability(
    uses: Uses,
    contrast: Contrast,
    *,
    alpha: float,
    top: int = 20,
    resamples: int = 200,
    seed: int = 0,
) -> pl.DataFrame:
    """How firmly the words of highest and of lowest z hold their places.

    Clusters are drawn again within each side, with replacement, and all words of `uses` ranked
    anew. Returns term, side ('more': used more by the group, 'less'), rank (from 1), stays (share
    of resamples in which the word is among the top), rank_low, rank_high (95 % of resamples). Words
    outside `uses` can't enter, so with contenders only `stays` is a little too high.
    """
    sides, terms = _resampled(uses, contrast, resamples, seed)
    if sides is None:
        return pl.DataFrame(schema=_STABILITY)
    share = pl.DataFrame({"term": terms}).join(
        uses.background, on="term", how="left", maintain_order="left"
    )
    # A word that is all there is has no log-odds and no rank.
    background = share["share"].fill_null(0).clip(0, 1 - 1e-12).to_numpy()[:, None]
    delta, parts = log_odds(sides.tokens, sides.words, background, alpha)
    z = delta / np.sqrt((parts * _effects(sides)).sum(axis=-1))
    # Column 0 is the data themselves.
    found = []
    for side, sign in (("more", -1.0), ("less", 1.0)):
        ranks = np.argsort(np.argsort(sign * z, axis=0, kind="stable"), axis=0) + 1
        held = (sign * z[:, 0] < 0) & (ranks[:, 0] <= top)
        drawn = ranks[held, 1:]
        ends = np.quantile(drawn, [0.025, 0.975], axis=1, method="nearest")
        found.append(
            pl.DataFrame(
                {
                    "term": [term for term, kept in zip(terms, held, strict=True) if kept],
                    "side": [side] * int(held.sum()),
                    "rank": ranks[held, 0],
                    "stays": (drawn <= top).mean(axis=1),
                    "rank_low": ends[0],
                    "rank_high": ends[1],
                },
                schema=_STABILITY,
            )
        )
    return pl.concat(found).sort("side", "rank", descending=[True, False])


def _resampled(
    uses: Uses, contrast: Contrast, resamples: int, seed: int
) -> tuple[_Sides | None, list[str]]:
    """Sums of both sides in the data (first) and in each resample, axes: word, resample, side."""
    terms = uses.counts["term"].unique().sort().to_list()
    one = pl.col("group") == contrast.one
    other = pl.col("group") == contrast.other if contrast.other is not None else ~one
    rng = np.random.default_rng(seed)
    found: list[dict[str, Any]] = []
    for side in (one, other):
        clusters = uses.clusters.filter(side).sort("cluster", "group")
        clusters = clusters.group_by("cluster", maintain_order=True).agg(pl.col("words").sum())
        if clusters.is_empty():
            return None, terms
        size = clusters.height
        drawn = rng.integers(0, size, (resamples, size)) + size * np.arange(resamples)[:, None]
        times = np.bincount(drawn.ravel(), minlength=size * resamples).reshape(resamples, size)
        weights = np.concatenate([np.ones((1, size)), times]).T
        words = clusters["words"].to_numpy().astype(float)
        matrix = _matrix(uses.counts.filter(side), clusters["cluster"], terms)
        squared = matrix.copy()
        squared.data = squared.data**2
        crossed = matrix.copy()
        crossed.data = crossed.data * words[crossed.indices]
        found.append(
            {
                "tokens": matrix @ weights,
                "squares": squared @ weights,
                "crossed": crossed @ weights,
                "words": words @ weights,
                "spread": words**2 @ weights,
                "clusters": np.full(resamples + 1, float(size)),
            }
        )
    names = found[0]
    return _Sides(**{name: np.stack([f[name] for f in found], axis=-1) for name in names}), terms


def _matrix(counts: pl.DataFrame, clusters: pl.Series, terms: Sequence[str]) -> csr_array:
    rows = counts["term"].replace_strict(terms, range(len(terms)), return_dtype=pl.Int64)
    columns = counts["cluster"].replace_strict(
        clusters, range(len(clusters)), return_dtype=pl.Int64
    )
    shape = (len(terms), len(clusters))
    values = counts["n"].to_numpy().astype(float)
    return csr_array((values, (rows.to_numpy(), columns.to_numpy())), shape=shape)


_SCHEMA: dict[str, Any] = {
    "group": pl.String,
    "against": pl.String,
    "term": pl.String,
    "tokens": pl.Int64,
    "pieces": pl.Int64,
    "rate": pl.Float64,
    "tokens_other": pl.Int64,
    "pieces_other": pl.Int64,
    "rate_other": pl.Float64,
    "delta": pl.Float64,
    "variance": pl.Float64,
    "z_words": pl.Float64,
    "effect": pl.Float64,
    "z": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "p": pl.Float64,
    "q": pl.Float64,
}
_STABILITY: dict[str, Any] = {
    "term": pl.String,
    "side": pl.String,
    "rank": pl.Int64,
    "stays": pl.Float64,
    "rank_low": pl.Int64,
    "rank_high": pl.Int64,
}


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema=_SCHEMA)
