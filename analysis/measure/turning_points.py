"""Turning points: when the share of pieces with a frame changed, found without knowing the events.

A series holds n pieces and k with the frame for each bin of time. Whether it turns at all is told
by a scan: the largest chi-square of a stretch of bins against the rest, over all stretches that
begin with the series (a lasting change) and over stretches inside it (an episode, which has to
exceed by EPISODE). It is compared with scans of series in which the k carrying pieces are dealt out
anew among all n (hypergeometric: Pitman 1937), so that the stated chance of a false alarm holds for
any n and share. Each scan is divided by the series' dispersion, the mean square of steps from bin
to bin relative to that of independent pieces, or by the design effect of copies and stories where
that is larger: many like pieces in one bin do not pass for a turn. Further turns are looked for in the same way within the stretches found.

Where the turns are is then found by exact dynamic programming over the binomial likelihood
(Truong, Oudre and Vayatis 2020, `ruptures`). The interval of a turn's date holds all bins at which
the likelihood is lower by less than DATE_RATIO (Hansen 2000, for a change of unknown place).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measure.contrasts import benjamini_hochberg

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# How often a flat series, or any of a family of flat ones, may be said to turn.
FALSE_ALARM = 0.05

# A level lasts at least so many bins, an episode inside a stretch so many.
LEAST_BINS = 3
SHORTEST_EPISODE = 2
MOST_TURNS = 6

# A series with fewer bins or pieces is not searched.
LEAST_SERIES = 12
LEAST_PIECES = 60

# What an episode's chi-square has to be above a lasting change's: there are more places for it.
EPISODE = 5.0

# Twice the log-likelihood ratio within which 95 % of true dates are: -2 log(1 - sqrt(.95)).
DATE_RATIO = 7.352

# A first look, which settles most flat series, and the full number of shuffles.
FIRST_SHUFFLES, SHUFFLES = 199, 999
# For a further turn of a series that turns, whose p need not survive an adjustment.
FURTHER_SHUFFLES = 599
CLEARLY_FLAT = 0.2
# Shuffled at once, in bins of shuffled series: small enough for a processor's cache.
_AT_ONCE = 50_000

SERIES = pl.Schema(
    {"bins": pl.Int64, "pieces": pl.Int64, "dispersion": pl.Float64, "p": pl.Float64}
)

TURNS = pl.Schema(
    {
        **dict.fromkeys(("date", "first", "last", "begin", "end"), pl.Date),
        **dict.fromkeys(("n_before", "k_before", "n", "k"), pl.Int64),
    }
)


@dataclass(frozen=True)
class Turn:
    """A turn: `place`, the first bin of the new level; bins `first` to `last`, its interval; the
    stretches before (from `begin`) and after (to before `end`)."""

    place: int
    first: int
    last: int
    begin: int
    end: int


def search(
    series: pl.DataFrame, by: Sequence[str], *, false_alarm: float = FALSE_ALARM, seed: int = 11
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The turns of a family of series, whose false alarms are controlled together.

    `series`: the keys `by`, start (days, in any order), n, k, and clustering, the design effect of
    copies and stories, at least 1, the same for all rows of a series. First table, a row per series that
    is long enough: the keys, bins, pieces, dispersion, p (of no turn at all, by permutation), q
    (Benjamini and Hochberg 1995 over the family), turns. A series is said to turn where q is at
    most `false_alarm`: when none of the family turns, the chance that any is said to is at most
    that, and otherwise that share of those named is expected to be wrong. Its further turns are
    tested at `false_alarm` times the share of series that turn (Benjamini and Bogomolov 2014).
    Second table, a row per turn: the keys, date (start of the first bin of the new level), first
    and last (the date's 95 % interval), begin (of the stretch before), end (start of the last bin
    of the stretch after), n_before, k_before, n, k (of the stretches).
    """
    keys = list(by)
    many = series.select(keys).n_unique()
    # So fine that the least p there is survives the family's adjustment.
    shuffles = max(SHUFFLES, math.ceil(1.25 / false_alarm * many) - 1)
    parts = series.filter(pl.col("n") > 0).sort(*keys, "start").partition_by(keys, as_dict=True)
    found, kept = [], []
    for key, own in parts.items():
        if own.height < LEAST_SERIES or own["n"].sum() < LEAST_PIECES:
            continue
        n, k = own["n"].to_numpy().astype(np.int64), own["k"].to_numpy().astype(np.int64)
        alike = float(own["clustering"][0])
        p = p_of_one_more(n, k, (), alike, shuffles=shuffles, seed=seed)
        found.append((*key, own.height, int(n.sum()), dispersion(n, k, (), alike), p))
        kept.append((key, own, n, k, alike))
    named = {name: series.schema[name] for name in keys}
    table = pl.DataFrame(found, schema=pl.Schema({**named, **SERIES}), orient="row")
    table = table.with_columns(q=benjamini_hochberg(pl.col("p")))
    turning = (table["q"] <= false_alarm).to_list()
    level = false_alarm * (sum(turning) / max(len(turning), 1))
    rows, counts = [], []
    for (key, own, n, k, alike), turns in zip(kept, turning, strict=True):
        places = all_turns(n, k, level, alike, seed=seed) if turns else ()
        counts.append(len(places))
        rows += [(*key, *row) for row in _rows(own, n, k, located(n, k, places, alike))]
    turned = pl.DataFrame(rows, schema=pl.Schema({**named, **TURNS}), orient="row")
    return table.with_columns(turns=pl.Series(counts, dtype=pl.Int64)), turned


def _rows(own: pl.DataFrame, n: Ints, k: Ints, turns: Sequence[Turn]) -> list[tuple[object, ...]]:
    start = own["start"].to_list()
    return [
        (
            start[turn.place],
            start[turn.first],
            start[turn.last],
            start[turn.begin],
            start[turn.end - 1],
            int(n[turn.begin : turn.place].sum()),
            int(k[turn.begin : turn.place].sum()),
            int(n[turn.place : turn.end].sum()),
            int(k[turn.place : turn.end].sum()),
        )
        for turn in turns
    ]


def all_turns(
    n: Ints,
    k: Ints,
    level: float,
    alike: float = 1.0,
    *,
    shuffles: int = FURTHER_SHUFFLES,
    seed: int = 11,
) -> tuple[int, ...]:
    """Places of the turns of a series that turns: as many as are found one after the other at
    `level`, at least one, at most MOST_TURNS."""
    places = _best(n, k, 1 + _is_episode(n, k, (), alike))
    while places and len(places) < MOST_TURNS:
        p = p_of_one_more(n, k, places, alike, shuffles=shuffles, seed=seed + len(places))
        if p > level:
            break
        more = _best(n, k, len(places) + 1 + _is_episode(n, k, places, alike))
        if not more:
            break
        places = more
    return places


def p_of_one_more(
    n: Ints,
    k: Ints,
    places: Sequence[int],
    alike: float = 1.0,
    *,
    shuffles: int = SHUFFLES,
    seed: int = 11,
) -> float:
    """p of there being no turn beside those at `places`; counts the series itself among those
    dealt out anew (Phipson and Smyth 2010). `alike` is the design effect of copies and stories. 1
    where no stretch is long enough for a turn."""
    stretches = _Stretches(n, k, places)
    if not stretches.searched:
        return 1.0
    found = stretches.scan(k[None, :], alike)[0]
    random = np.random.default_rng(seed)
    above = done = 0
    for wanted in (FIRST_SHUFFLES, shuffles):
        above += stretches.shuffled_above(found, wanted - done, random)
        done = wanted
        if (above + 1) / (done + 1) > CLEARLY_FLAT:
            break
    return (above + 1) / (done + 1)


def dispersion(n: Ints, k: Ints, places: Sequence[int], alike: float = 1.0) -> float:
    """Mean square of steps from bin to bin, relative to that of independent pieces; at least
    `alike`."""
    return float(_Stretches(n, k, places).dispersion(k[None, :], alike)[0])


def located(n: Ints, k: Ints, places: Sequence[int], alike: float = 1.0) -> list[Turn]:
    """Each turn with the interval of its date, between its neighbours."""
    edges = [0, *places, len(n)]
    loose = dispersion(n, k, places, alike)
    turns = []
    for place, begin, end in zip(edges[1:-1], edges[:-2], edges[2:], strict=True):
        inside = np.arange(begin + 1, end)
        less = _likelihood(n, k, begin, place, end) - np.array(
            [_likelihood(n, k, begin, int(at), end) for at in inside]
        )
        held = inside[2 * less / loose <= DATE_RATIO]
        turns.append(
            Turn(place, int(min(held.min(), place)), int(max(held.max(), place)), begin, end)
        )
    return turns


def _likelihood(n: Ints, k: Ints, begin: int, at: int, end: int) -> float:
    parts = ((n[begin:at].sum(), k[begin:at].sum()), (n[at:end].sum(), k[at:end].sum()))
    return -sum(_deviance(float(k_), float(n_)) for n_, k_ in parts) / 2


def _deviance(k: float, n: float) -> float:
    """Minus twice the binomial log-likelihood at its maximum."""
    if k <= 0 or k >= n:
        return 0.0
    share = k / n
    return -2 * (k * math.log(share) + (n - k) * math.log(1 - share))


def _deviances(signal: Floats) -> Floats:
    """`_deviance` from each bin (row) to before each later one, of n and k in the columns."""
    sums = np.vstack([np.zeros(2), signal.cumsum(0)])
    n, k = (np.maximum(sums[None, :, i] - sums[:, None, i], 0.0) for i in range(2))
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = k * np.log(k / n) + (n - k) * np.log(1 - k / n)
    return np.asarray(np.nan_to_num(-2 * parts, nan=0.0, posinf=0.0, neginf=0.0))


def _best(n: Ints, k: Ints, many: int) -> tuple[int, ...]:
    """The likeliest places of so many turns; none where they do not fit."""
    # Its import takes a quarter of a second, which only a series that turns need pay.
    from ruptures import Dynp
    from ruptures.base import BaseCost

    if (many + 1) * LEAST_BINS > len(n):
        return ()

    class Binomial(BaseCost):  # type: ignore[misc]
        model = "binomial"
        min_size = LEAST_BINS

        def fit(self, signal: Floats) -> Binomial:
            self.signal = signal
            self.errors = _deviances(signal).tolist()
            return self

        def error(self, start: int, end: int) -> float:
            return float(self.errors[start][end])

    signal = np.column_stack([n, k]).astype(float)
    fitted = Dynp(custom_cost=Binomial(), min_size=LEAST_BINS, jump=1).fit(signal)
    return tuple(int(place) for place in fitted.predict(n_bkps=many)[:-1])


def _is_episode(n: Ints, k: Ints, places: Sequence[int], alike: float) -> bool:
    """Whether the scan is at its largest for an episode, which is two turns."""
    return bool(_Stretches(n, k, places).at_episode(k, alike))


class _Stretches:
    """The stretches between places, in which windows of bins are compared with the rest."""

    def __init__(self, n: Ints, k: Ints, places: Sequence[int]) -> None:
        edges = [0, *places, len(n)]
        self.n = n.astype(float)
        self.bounds = list(itertools.pairwise(edges))
        self.searched = [
            (begin, end) for begin, end in self.bounds if end - begin >= 2 * LEAST_BINS
        ]
        self.k = k

    def scan(self, k: Ints, alike: float = 1.0) -> Floats:
        """The largest chi-square of each row of series, by its dispersion."""
        return np.asarray(np.maximum(*self._tops(k, alike)))

    def at_episode(self, k: Ints, alike: float) -> bool:
        lasting, episode = self._tops(k[None, :], alike)
        return bool(episode[0] > lasting[0])

    def _tops(self, k: Ints, alike: float) -> tuple[Floats, Floats]:
        """The largest of lasting changes, and of episodes less EPISODE, over all stretches."""
        tops = [np.full(len(k), -np.inf) for _ in range(2)]
        loose = self.dispersion(k, alike)
        for bound in self.searched:
            for top, (found, less) in zip(
                tops, zip(self._chi_squares(k, bound), (0.0, EPISODE), strict=True), strict=True
            ):
                np.maximum(top, found / loose - less, out=top)
        return tops[0], tops[1]

    def dispersion(self, k: Ints, least: float) -> Floats:
        squares, steps = np.zeros(len(k)), 0
        for begin, end in self.bounds:
            n = self.n[begin:end]
            own = k[:, begin:end]
            share = own.sum(1) / n.sum()
            spread = share * (1 - share)
            step = np.diff(own / n, axis=1) ** 2 / (1 / n[1:] + 1 / n[:-1])
            squares += np.divide(step.sum(1), spread, out=np.zeros(len(k)), where=spread > 0)
            steps += end - begin - 1
        return np.maximum(squares / max(steps, 1), least)

    def shuffled_above(self, found: float, many: int, random: np.random.Generator) -> int:
        """How many of so many series, dealt out anew within stretches, scan as high or higher."""
        above, done = 0, 0
        step = max(1, _AT_ONCE // len(self.n))
        while done < many:
            rows = min(step, many - done)
            dealt = np.empty((rows, len(self.n)), np.int64)
            for begin, end in self.bounds:
                dealt[:, begin:end] = random.multivariate_hypergeometric(
                    self.n[begin:end].astype(np.int64),
                    int(self.k[begin:end].sum()),
                    size=rows,
                    method="marginals",
                )
            above += int((self.scan(dealt) >= found - 1e-9).sum())
            done += rows
        return above

    def _chi_squares(self, k: Ints, bound: tuple[int, int]) -> tuple[Floats, Floats]:
        """The largest of lasting changes and of episodes in a stretch, of each row of series."""
        begin, end = bound
        bins = end - begin
        sizes = np.concatenate([[0.0], self.n[begin:end].cumsum()])
        sums = np.zeros((len(k), bins + 1), np.float32)
        np.cumsum(k[:, begin:end], axis=1, out=sums[:, 1:])
        whole = sizes[-1]
        share = (sums[:, -1] / whole).astype(np.float64)
        # What the pieces up to each bin carry beyond the mean.
        above = sums - share.astype(np.float32)[:, None] * sizes.astype(np.float32)
        spread = np.maximum(share * (1 - share), 1e-9)

        def top(apart: npt.NDArray[np.float32], inside: Floats) -> Floats:
            weight = (1 / (inside * (1 - inside / whole))).astype(np.float32)
            return np.asarray((apart * apart * weight).max(1) / spread, np.float64)

        inner = slice(LEAST_BINS, bins - LEAST_BINS + 1)
        lasting = top(above[:, inner], sizes[inner])
        episode = np.zeros(len(k))
        for length in _lengths(bins):
            first = slice(LEAST_BINS, bins - LEAST_BINS - length + 1)
            last = slice(LEAST_BINS + length, bins - LEAST_BINS + 1)
            apart, inside = above[:, last] - above[:, first], sizes[last] - sizes[first]
            np.maximum(episode, top(apart, inside), out=episode)
        return lasting, episode


def _lengths(bins: int) -> list[int]:
    """Lengths of episodes that a stretch is searched for, each half as long again as the last."""
    lengths = []
    length = SHORTEST_EPISODE
    while length <= min(bins // 3, bins - 2 * LEAST_BINS):
        lengths.append(length)
        length = max(length + 1, length * 3 // 2)
    return lengths
