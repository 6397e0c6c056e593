"""Linear functionals of codes: T = sum of a * Y over the pieces of two sides, a known for each piece.

A difference of shares is one (a is 1 / n on one side, -1 / n on the other); so are the parts of its
decomposition and a difference on the same stories. Every piece has a score m and a decision d;
some were drawn with known probabilities and coded (y, weight w). For each side

    naive       sum of a * d
    corrected   lambda * sum(a * m) + n * sum(w * a * (y - lambda * m)) / sum(w)

with the lambda that `corrected` tunes for the side's share, the same for all functionals, so that
functionals that add up piece by piece add up as estimates (Angelopoulos, Duchi and Zrnic 2023,
PPI++, for a weighted total). The variance has the parts of `corrected`:

    sampling      of the sum of influences over clusters (stories, copies): what else might have been
                  published. A census drops it.
    measurement   of the residuals a * (y - lambda * m), by stratum, with the finite correction
    coders        how far the codes would move with other coders; null until pieces are coded twice
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import stdtrit

from analysis.measure.corrected import UNSEEN, corrected, moments
from analysis.measure.shares import LEVEL, critical

Floats = npt.NDArray[np.float64]

# Sides of a comparison, in the column `side`.
FIRST, SECOND = 0, 1

# A find that each side happened not to hold, in pieces: keeps the sampling part open where a frame
# is rare. Chosen by the coverage of intervals in tests/bench/fair.py.
UNSEEN_FINDS = 0.5

# Below this, codes say too little of how far groups are apart.
LEAST_SHARPNESS = 0.4

# Of the variance of single pieces, so much at least is taken to lie within groups.
LEAST_WITHIN = 0.3

RESULTS = {
    "part": pl.String, "naive": pl.Float64, "value": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "kind": pl.String, "var_sampling": pl.Float64,
    "var_measurement": pl.Float64, "var_coders": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Borrowed:
    """A side's correction by codes that are not its own: mean of y - lambda * m, and its variance;
    `sharpness` of the decisions (see `sharpness`)."""

    lam: float
    correction: float
    variance: float
    sharpness: float = 1.0


def functionals(
    pieces: pl.DataFrame,
    coefficients: pl.DataFrame,
    influences: pl.DataFrame,
    codes: pl.DataFrame | None,
    *,
    through_groups: pl.DataFrame | None = None,
    level: float = LEVEL,
    census: bool = False,
    borrowed: Mapping[int, Borrowed] | None = None,
    arms: Mapping[str, tuple[float, float]] | None = None,
) -> pl.DataFrame:
    """One row per column of `coefficients`: the functional's estimates, in RESULTS.

    `pieces`: piece, side (FIRST or SECOND), cluster, score, present. `coefficients` and
    `influences` have its rows, and a column per functional; influences are those of a piece on the
    naive value when pieces are drawn anew, apart from those that it has by being in its group:
    these are `through_groups`, and shares of groups lie further apart than decisions let them
    look (the first functional has to be the difference, whose influences are those of all pieces
    alike). `codes`, a row per coded piece: piece, y, weight,
    stratum, coders, spread as in `corrected`. With fewer than two codes on a side, and without
    `borrowed`, kind is 'naive', value the naive one and var_measurement null. With `borrowed` for
    both sides kind is 'borrowed': each side's correction is spread evenly over its pieces. `arms`:
    how far the naive interval reaches down and up from the value, by functional, where a better
    one than that of the normal distribution is known.
    """
    a = coefficients.to_numpy()
    said = pieces["present"].cast(pl.Float64).to_numpy()
    naive = said @ a
    z = critical(level)
    corrected_by = _by_others(pieces, a, borrowed) if borrowed else _by_own(pieces, a, codes)
    moved = corrected_by or _unmoved(naive)
    own = influences.to_numpy()
    through = np.zeros_like(own) if through_groups is None else through_groups.to_numpy()
    parts = [_clustered(pieces["cluster"], one) for one in (own, through, own + through)]
    plain = parts[-1]
    kind, sampling = "naive", plain
    if corrected_by:
        kind = "borrowed" if borrowed else "corrected"
        wider = _wider(pieces, said, moved.shares)
        sampling = _truer(parts, own, through, wider, 1 / moved.sharpness**2)
    scale = np.sqrt(np.divide(sampling, plain, out=np.ones_like(plain), where=plain > 0))
    sampling = sampling + _unseen(a, pieces["side"].to_numpy())
    if census and kind != "naive":
        sampling, scale = np.zeros_like(sampling), np.zeros_like(scale)
    down = z * np.sqrt(sampling)
    up = down.copy()
    for place, part in enumerate(coefficients.columns):
        if arms and part in arms:
            down[place], up[place] = (scale[place] * arm for arm in arms[part])
    reach = np.nan_to_num(moved.measured)
    if kind == "corrected":
        reach = reach * stdtrit(moved.spare, 0.5 + level / 2) ** 2
    else:
        reach = reach * z**2
    return pl.DataFrame(
        {
            "part": coefficients.columns,
            "naive": naive,
            "value": moved.value,
            "low": np.clip(moved.value - np.sqrt(down**2 + reach), -1, 1),
            "high": np.clip(moved.value + np.sqrt(up**2 + reach), -1, 1),
            "kind": [kind] * naive.size,
            "var_sampling": sampling,
            "var_measurement": moved.measured - np.nan_to_num(moved.coders),
            "var_coders": moved.coders,
        },
        schema=RESULTS,
    ).with_columns(pl.col("var_measurement", "var_coders").fill_nan(None))


@dataclass(frozen=True)
class _Moved:
    """Corrected values; their variance by measurement and coders together, and by coders (NaN:
    unknown); degrees of freedom of the first; the corrected share of each side; the decisions'
    sharpness."""

    value: Floats
    measured: Floats
    coders: Floats
    spare: Floats
    shares: tuple[float, float]
    sharpness: float = 1.0


def _unmoved(naive: Floats) -> _Moved:
    unknown = np.full(naive.shape, np.nan)
    return _Moved(naive, unknown, unknown, unknown, (np.nan, np.nan))


def _by_others(pieces: pl.DataFrame, a: Floats, borrowed: Mapping[int, Borrowed]) -> _Moved:
    side, score = pieces["side"].to_numpy(), pieces["score"].to_numpy()
    value, measured = np.zeros(a.shape[1]), np.zeros(a.shape[1])
    shares = []
    for one in (FIRST, SECOND):
        by = borrowed[one]
        own = side == one
        mass = a[own].sum(0)
        value += by.lam * (score[own] @ a[own]) + by.correction * mass
        measured += by.variance * mass**2
        shares.append(by.lam * float(score[own].mean()) + by.correction)
    unknown = np.full(a.shape[1], np.nan)
    sharp = sum(by.sharpness for by in borrowed.values()) / len(borrowed)
    return _Moved(value, measured, unknown, unknown, (shares[0], shares[1]), sharp)


def _by_own(pieces: pl.DataFrame, a: Floats, codes: pl.DataFrame | None) -> _Moved | None:
    if codes is None:
        return None
    placed = pieces.with_row_index("row").select("row", "piece", "side", "score", "present")
    coded = codes.drop("side", "score", "present", strict=False).join(placed, on="piece")
    if set(coded.group_by("side").len().filter(pl.col("len") > 1)["side"]) != {FIRST, SECOND}:
        return None
    whole = placed.group_by("side").agg(
        n=pl.len(), score_sum=pl.col("score").sum(), clustering=pl.lit(1.0)
    )
    shares = corrected(whole, coded, ["side"], census=True).sort("side")
    parts = _moments_of_parts(coded, a, shares)
    # One degree of freedom for lambda, which was chosen on the same codes.
    spare = (pl.col("codes") - pl.col("strata")).clip(1)
    lost = pl.when(pl.col("lam") > 0).then(spare / (spare - 1).clip(1)).otherwise(1.0)
    residual = (
        pl.col("s_yy") - 2 * pl.col("lam") * pl.col("s_ym") + pl.col("lam") ** 2 * pl.col("s_mm")
    ).clip(0) * lost + UNSEEN * pl.col("single_part")
    coders = pl.min_horizontal(pl.col("spread") * pl.col("coded_by"), "residual")
    sides = (
        parts.with_columns(residual=residual, spare=spare)
        .with_columns(coders=coders)
        .group_by("functional")
        .agg(
            moved=(pl.col("mean_y") - pl.col("lam") * pl.col("mean_m")).sum(),
            residual=pl.col("residual").sum(),
            # Welch and Satterthwaite.
            spare=pl.col("residual").sum() ** 2 / (pl.col("residual") ** 2 / pl.col("spare")).sum(),
            coders=pl.col("coders").sum(),
            unknown=pl.col("coders").null_count() > 0,
        )
        .sort("functional")
    )
    lam = pieces["side"].replace_strict(shares["side"], shares["lam"], return_dtype=pl.Float64)
    scores = (lam * pieces["score"]).to_numpy()
    known = pl.when(~pl.col("unknown")).then("coders")
    return _Moved(
        scores @ a + sides["moved"].to_numpy(),
        sides["residual"].to_numpy(),
        sides.select(known.fill_null(float("nan"))).to_series().to_numpy(),
        sides["spare"].fill_nan(1.0).to_numpy(),
        (float(shares["corrected"][0]), float(shares["corrected"][1])),
        sharpness(coded),
    )


def sharpness(codes: pl.DataFrame) -> float:
    """Sensitivity plus specificity minus 1 of decisions (Youden 1950), at least LEAST_SHARPNESS: by
    how much groups look less different than they are. `codes`: y, weight, present. 1 where no
    piece has, or none lacks, the frame."""
    w, y, said = pl.col("weight"), pl.col("y"), pl.col("present").cast(pl.Float64)
    rates = codes.select(
        (w * y * said).sum() / (w * y).sum() - (w * (1 - y) * said).sum() / (w * (1 - y)).sum()
    ).item()
    if rates is None or np.isnan(rates):
        return 1.0
    return float(min(max(rates, LEAST_SHARPNESS), 1.0))


def _moments_of_parts(coded: pl.DataFrame, a: Floats, shares: pl.DataFrame) -> pl.DataFrame:
    """`moments` of n * a * y and n * a * score by functional (a number) and side, with lam, and
    single_part, the variance of a residual of a whole piece that no code has shown."""
    rows = coded["row"].to_numpy()
    long = pl.concat(
        coded.with_columns(functional=pl.lit(part), a=pl.Series(a[rows, part]))
        for part in range(a.shape[1])
    ).join(shares.select("side", "n", "lam"), on="side", maintain_order="left")
    times = pl.col("n") * pl.col("a")
    long = long.with_columns(
        y=times * pl.col("y"), score=times * pl.col("score"), spread=times**2 * pl.col("spread")
    )
    share = pl.col("weight") / pl.col("weight").sum()
    left = (1 - 1 / pl.col("weight")).clip(0).sqrt()
    single = long.group_by("functional", "side").agg(
        single_part=(share**3 * left * times**2).sum(), lam=pl.col("lam").first()
    )
    return moments(long, ["functional", "side"]).join(single, on=["functional", "side"])


def _clustered(cluster: pl.Series, influences: Floats) -> Floats:
    """Variance of the sums of influences over clusters (Cochran 1977, 9A), by functional."""
    place = (cluster.rank("dense") - 1).to_numpy().astype(np.int64)
    many = int(place.max()) + 1
    sums = np.zeros((many, influences.shape[1]))
    np.add.at(sums, place, influences)
    return np.asarray(((sums - sums.mean(0)) ** 2).sum(0) * many / max(many - 1, 1))


def _truer(
    parts: Sequence[Floats], own: Floats, through: Floats, wider: float, sharper: float
) -> Floats:
    """The variance of sums of decisions as it would be of what they stand for.

    `parts`: of sums of `own`, of `through`, and of both. Errors blur what pieces of a group have in
    common: variances through groups are larger by `sharper`, and covariances in a cluster by its
    root: less than they should be, for they are told from few pairs (tests/bench/fair.py). The
    variance of single pieces is larger by `wider` in all; what does not lie between groups lies
    within them.
    """
    single, groups = (own**2).sum(0), (through**2).sum(0)
    whole = wider * (single[0] + groups[0]) - sharper * groups[0]
    left = max(whole / single[0], LEAST_WITHIN * wider) if single[0] > 0 else wider
    inside, between, both = parts
    alike = np.sqrt(sharper) * (inside - single + both - inside - between)
    least = LEAST_WITHIN * (left * single + sharper * groups)
    return np.asarray(np.maximum(left * single + sharper * between + alike, least))


def _unseen(a: Floats, side: npt.NDArray[np.int64]) -> Floats:
    """Variance of UNSEEN_FINDS on each side."""
    found = np.zeros(a.shape[1])
    for one in (FIRST, SECOND):
        own = np.abs(a[side == one])
        found += UNSEEN_FINDS * (own**3).sum(0) / np.maximum(own.sum(0), 1e-12)
    return found


def _wider(pieces: pl.DataFrame, said: Floats, shares: tuple[float, float]) -> float:
    """Variance of single pieces at the corrected shares relative to that at the naive ones."""
    side = pieces["side"].to_numpy()

    def spread(share: float, n: int) -> float:
        middle = (share * n + 0.5) / (n + 1)
        return middle * (1 - middle) / n

    sizes = [int((side == one).sum()) for one in (FIRST, SECOND)]
    naive = [float(said[side == one].mean()) for one in (FIRST, SECOND)]
    above = sum(spread(min(max(p, 0.0), 1.0), n) for p, n in zip(shares, sizes, strict=True))
    return above / sum(spread(p, n) for p, n in zip(naive, sizes, strict=True))
