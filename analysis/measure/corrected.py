"""Shares corrected by blind human codes: prediction-powered inference with known probabilities.

Every piece i of a domain (an outlet, a period, ...) of N pieces has a score m. A sample was drawn
with known inclusion probabilities and coded: y is the share of its coders who found the frame, w
the inverse of the probability of being in the sample and coded. The corrected share is

    lambda * mean(m) + sum(w * (y - lambda * m)) / sum(w)

(Angelopoulos, Duchi and Zrnic 2023, PPI++; Egami et al. 2023, DSL; the sum of weights in the
denominator is Hajek's) with the lambda of least variance. It is right whatever the scores are: bad
ones only make the interval wide. The variance has three parts:

    sampling      share * (1 - share) / N * clustering: the domain's pieces as a sample of what might
                  have been published; copies of one text count as one decision. A census drops it.
    measurement   of the mean of y - lambda * m over the sample, by stratum, with the finite
                  population correction
    coders        how far the codes would move with other coders; unknown until pieces are coded twice
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from scipy.special import stdtrit

from analysis.measure.shares import LEVEL

# Scores that are worth nothing to a domain are not used (0); they are never blown up (PPI++).
LAMBDA = (0.0, 1.0)

# A residual as large as a whole piece that the sample happened not to hold, in pieces: keeps an
# interval open where few finds, or none, say nothing about the errors. Chosen by the coverage of
# intervals in tests/bench/coverage.py.
UNSEEN = 0.4

RESULTS = (
    "codes", "lam", "corrected", "corrected_low", "corrected_high", "worth", "critical",
    "var_sampling", "var_measurement", "var_coders",
)  # fmt: skip


def corrected(
    population: pl.DataFrame,
    codes: pl.DataFrame,
    by: Sequence[str] = ("frame",),
    *,
    level: float = LEVEL,
    census: bool = False,
    lam: float | None = None,
) -> pl.DataFrame:
    """Corrected share of each domain and frame.

    `population`: the keys `by`, n (pieces), score_sum, clustering (design effect of copies; 1
    where no piece has one). `codes`, a row per coded piece: the keys, y, score, weight, stratum,
    coders (number), spread (variance of one coder's code; null where one coder coded the piece).
    `lam` fixes lambda. Adds to `population`: codes (pieces coded), lam, corrected,
    corrected_low, corrected_high (fractions), worth (pieces of a simple sample, every one coded
    without error, that would tell as much), critical (t quantile of the interval), and the
    variances var_sampling, var_measurement, var_coders. All but codes are null where no piece, or
    only one, is coded; var_coders also where none is coded twice.
    """
    keys = list(by)
    tuned = pl.lit(lam) if lam is not None else _tuned()
    rows = (
        population.join(moments(codes, keys), on=keys, how="left", maintain_order="left")
        .with_columns(pl.col("codes").fill_null(0))
        .with_columns(lam=pl.when(pl.col("codes") > 1).then(tuned))
        .with_columns(
            corrected=pl.col("mean_y")
            + pl.col("lam") * (pl.col("score_sum") / pl.col("n") - pl.col("mean_m"))
        )
    )
    return _with_interval(rows, level, census).select(*population.columns, *RESULTS)


def moments(codes: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Weighted means, and design variances of them: s_yy, s_ym, s_mm.

    The residuals are linearised for the ratio (Saerndal, Swensson and Wretman 1992, 5.7) and
    centred within strata; a stratum with one code has no centre of its own and is not centred.
    """
    inside = [*keys, "stratum"]
    size = pl.len().over(inside)
    lone = size == 1
    part = pl.col("weight") / pl.col("weight").sum().over(keys)
    marked = codes.with_columns(part=part, open=(1 - 1 / pl.col("weight")).clip(0)).with_columns(
        mean_y=(pl.col("part") * pl.col("y")).sum().over(keys),
        mean_m=(pl.col("part") * pl.col("score")).sum().over(keys),
    )
    linear = marked.with_columns(
        u_y=pl.col("part") * (pl.col("y") - pl.col("mean_y")),
        u_m=pl.col("part") * (pl.col("score") - pl.col("mean_m")),
    )
    centred = linear.with_columns(
        c_y=pl.col("u_y") - pl.when(lone).then(0.0).otherwise(pl.col("u_y").mean().over(inside)),
        c_m=pl.col("u_m") - pl.when(lone).then(0.0).otherwise(pl.col("u_m").mean().over(inside)),
        factor=pl.col("open") * pl.when(lone).then(1.0).otherwise(size / (size - 1)),
    )
    return centred.group_by(keys).agg(
        codes=pl.len(),
        strata=pl.col("stratum").n_unique(),
        mean_y=pl.col("mean_y").first(),
        mean_m=pl.col("mean_m").first(),
        s_yy=(pl.col("factor") * pl.col("c_y") ** 2).sum(),
        s_ym=(pl.col("factor") * pl.col("c_y") * pl.col("c_m")).sum(),
        s_mm=(pl.col("factor") * pl.col("c_m") ** 2).sum(),
        # Variance of a mean of independent values of variance 1, and of one value in N.
        simple=(pl.col("part") ** 2 * pl.col("open")).sum(),
        # The root: where most pieces are coded, the finite correction leaves less than was missed.
        single=(pl.col("part") ** 3 * pl.col("open").sqrt()).sum(),
        spread=pl.col("spread").mean(),
        coded_by=(pl.col("part") ** 2 / pl.col("coders")).sum(),
    )


def _tuned() -> pl.Expr:
    best = pl.when(pl.col("s_mm") > 0).then(pl.col("s_ym") / pl.col("s_mm")).otherwise(0.0)
    return best.clip(*LAMBDA)


def _with_interval(rows: pl.DataFrame, level: float, census: bool) -> pl.DataFrame:
    n, lam = pl.col("codes"), pl.col("lam")
    share = pl.col("corrected").clip(0, 1)
    spare = (n - pl.col("strata")).clip(1)
    # One degree of freedom for lambda, which was chosen on the same codes.
    lost = pl.when(lam > 0).then(spare / (spare - 1).clip(1)).otherwise(1.0)
    residual = (pl.col("s_yy") - 2 * lam * pl.col("s_ym") + lam**2 * pl.col("s_mm")).clip(0) * lost
    unseen = UNSEEN * pl.col("single")
    # The residuals' variance relative to that of a simple sample of as many unaided codes.
    gain = (residual + unseen) / (share * (1 - share) * pl.col("simple") + unseen)
    middle = (share * n + 0.5) / (n + 1)
    rows = rows.with_columns(
        spare=spare,
        binomial=middle * (1 - middle),
        per_code=pl.when(pl.col("simple") > 0).then(gain).otherwise(0.0) * pl.col("simple"),
        per_piece=pl.lit(0.0) if census else pl.col("clustering") / pl.col("n"),
    ).with_columns(unit=pl.col("per_code") + pl.col("per_piece"))
    measured = pl.col("binomial") * pl.col("per_code")
    coders = pl.min_horizontal(pl.col("spread") * pl.col("coded_by"), measured)
    low, high = score_interval("corrected", "unit", "critical")
    return (
        rows.with_columns(
            worth=1 / pl.col("unit"),
            var_sampling=pl.col("binomial") * pl.col("per_piece"),
            var_coders=pl.when(pl.col("spread").is_not_null()).then(coders),
            critical=_quantile(rows["spare"], level),
        )
        .with_columns(var_measurement=measured - pl.col("var_coders").fill_null(0.0))
        .with_columns(
            corrected_low=low,
            corrected_high=high,
            corrected=share,
            critical=pl.when(lam.is_not_null()).then(pl.col("critical")),
        )
    )


def _quantile(spare: pl.Series, level: float) -> pl.Series:
    return pl.Series(stdtrit(spare.fill_null(1).to_numpy(), 0.5 + level / 2))


def score_interval(share: str, unit: str, critical: str) -> tuple[pl.Expr, pl.Expr]:
    """Wilson's interval with p * (1 - p) * unit for the variance at each share p."""
    p = pl.col(share).clip(0, 1)
    v = pl.col(critical) ** 2 * pl.col(unit)
    centre = (p + v / 2) / (1 + v)
    half = (p * (1 - p) * v + v * v / 4).sqrt() / (1 + v)
    return (centre - half).clip(0, 1), (centre + half).clip(0, 1)
