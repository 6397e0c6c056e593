"""How often 95 % intervals hold the truth, over simulated corpora whose truth is known.

    python -m tests.bench.coverage [--corpora 1000] [--only SHARE ...]

Two outlets of 1,000 pieces. Scores are those of a
classifier with the stated sensitivity and a specificity of .93, calibrated where both outlets have
the same error rates; where they differ, its sensitivity at the second outlet is .15 lower and its
specificity .05 lower. Copies come in groups of up to 20 that share text, truth and score. Samples
are simple, stratified by score band in proportion, or allocated by Neyman's rule. For each of share
and difference: coverage of the pieces at hand (census), of the process behind them (sampled), and
of the naive interval around the classifier's own share, for the process.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import norm

from analysis.measure.contrasts import difference_interval
from analysis.measure.corrected import corrected
from analysis.measure.shares import with_shares
from analysis.types import Rules

PIECES = 1000
SPECIFICITY = 0.93
BANDS = (0.1, 0.5)
SMALLEST = 2


@dataclass(frozen=True)
class Setting:
    share: float
    sensitivity: float
    alike: bool
    copies: bool
    codes: int
    design: str


# The second outlet's share, by the first's.
OTHER = {0.03: 0.05, 0.1: 0.06, 0.3: 0.18, 0.6: 0.4}
RULES = Rules()
KINDS = ["share census", "share sampled", "difference census", "difference sampled"]
NAIVE = ["share naive", "difference naive"]
TARGET = (0.93, 0.97)
GRID = {
    "sensitivity": (0.6, 0.75, 0.9),
    "alike": (True, False),
    "copies": (False, True),
    "codes": (50, 100, 400),
    "design": ("simple", "proportional", "neyman"),
}


def settings(shares: tuple[float, ...]) -> list[Setting]:
    return [Setting(share, *rest) for share in shares for rest in itertools.product(*GRID.values())]


def groups(rng: np.random.Generator, copies: bool) -> np.ndarray:
    """The group of each piece: groups of 2 to 20 for about four fifths of the pieces, or none."""
    if not copies:
        return np.arange(PIECES)
    sizes = np.where(rng.random(PIECES) < 0.6, 1, rng.integers(2, 21, PIECES))
    return np.repeat(np.arange(PIECES), sizes)[:PIECES]


@dataclass
class Outlet:
    """Simulated corpora of one outlet: arrays of corpora x pieces, and the process's share."""

    truth: np.ndarray
    score: np.ndarray
    said: np.ndarray
    group: np.ndarray
    share: float


def outlet(
    rng: np.random.Generator,
    corpora: int,
    share: float,
    sensitivity: float,
    specificity: float,
    believed: tuple[float, float, float],
    copies: bool,
) -> Outlet:
    """`believed`: share, sensitivity and specificity that the scores are calibrated for."""
    group = groups(rng, copies)
    count = int(group.max()) + 1
    truth = rng.random((corpora, count)) < share
    signal = rng.normal(size=truth.shape)
    signal += np.where(truth, norm.ppf(sensitivity), -norm.ppf(specificity))
    prior, sens, spec = believed
    yes, no = norm.ppf(sens), -norm.ppf(spec)
    logit = np.log(prior / (1 - prior)) + signal * (yes - no) - (yes**2 - no**2) / 2
    score = 1 / (1 + np.exp(-logit))
    return Outlet(
        truth[:, group].astype(float), score[:, group], signal[:, group] > 0, group, share
    )


def weights(rng: np.random.Generator, score: np.ndarray, codes: int, design: str) -> np.ndarray:
    """Inverse inclusion probabilities of the drawn pieces, 0 for others; and nothing else."""
    corpora = score.shape[0]
    band = np.zeros(score.shape, int) if design == "simple" else np.digitize(score, BANDS)
    sizes = np.stack([(band == b).sum(1) for b in range(len(BANDS) + 1)], 1)
    wanted = sizes.astype(float)
    if design == "neyman":
        mean = np.stack([(score * (band == b)).sum(1) for b in range(len(BANDS) + 1)], 1)
        mean /= np.maximum(sizes, 1)
        wanted *= np.sqrt(np.maximum(mean * (1 - mean), 0.03))
    wanted *= codes / wanted.sum(1, keepdims=True)
    drawn = np.minimum(np.maximum(np.round(wanted), SMALLEST), sizes).astype(int)
    order = rng.random(score.shape)
    found = np.zeros(score.shape)
    for b in range(len(BANDS) + 1):
        rank = np.where(band == b, order, 2).argsort(1).argsort(1)
        chosen = (rank < drawn[:, [b]]) & (band == b)
        found += chosen * (sizes[:, b] / np.maximum(drawn[:, b], 1)).reshape(corpora, 1)
    return found


def clustering(score: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Design effect of copies on a mean, for each corpus."""
    centred = score - score.mean(1, keepdims=True)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    sums = np.add.reduceat(centred, starts, axis=1)
    by_score = (sums**2).sum(1) / (centred**2).sum(1)
    by_size = (np.bincount(group).astype(float) ** 2).sum() / group.size
    return np.maximum(by_score, by_size)


def tables(
    rng: np.random.Generator, simulated: Outlet, codes: int, design: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Population and codes as `corrected` takes them, a corpus for a frame."""
    score = simulated.score
    weight = weights(rng, score, codes, design)
    corpus, piece = np.nonzero(weight)
    band = np.zeros(score.shape, int) if design == "simple" else np.digitize(score, BANDS)
    population = pl.DataFrame(
        {
            "frame": np.arange(score.shape[0]),
            "n": np.full(score.shape[0], PIECES),
            "k": simulated.said.sum(1),
            "score_sum": score.sum(1),
            "clustering": clustering(score, simulated.group),
        }
    )
    coded = pl.DataFrame(
        {
            "frame": corpus,
            "y": simulated.truth[corpus, piece],
            "score": score[corpus, piece],
            "weight": weight[corpus, piece],
            "stratum": band[corpus, piece],
        }
    ).with_columns(spread=pl.lit(None, pl.Float64), coders=pl.lit(1))
    return population, coded


def run(setting: Setting, corpora: int, seed: int) -> dict[str, float]:
    """Coverages and mean half-widths (points) of one setting."""
    rng = np.random.default_rng(seed)
    sides = []
    for number, share in enumerate((setting.share, OTHER[setting.share])):
        worse = number == 1 and not setting.alike
        sensitivity = setting.sensitivity - 0.15 * worse
        specificity = SPECIFICITY - 0.05 * worse
        believed = (setting.share, setting.sensitivity, SPECIFICITY)
        sides.append(
            outlet(rng, corpora, share, sensitivity, specificity, believed, setting.copies)
        )
    drawn = [tables(rng, side, setting.codes, setting.design) for side in sides]
    found: dict[str, float] = {}
    for census in (True, False):
        rows = [corrected(*part, census=census) for part in drawn]
        truths = [side.truth.mean(1) if census else np.full(corpora, side.share) for side in sides]
        name = "census" if census else "sampled"
        share = _covered(rows[0], "corrected", truths[0])
        both = difference_interval(
            rows[0].join(rows[1], on="frame", suffix="_other"), "corrected", "worth", 1.96
        )
        found[f"share {name}"] = share
        found[f"difference {name}"] = _covered(both, "difference", truths[0] - truths[1])
        if not census:
            found["share passes"] = float(_passes(rows[0]).mean() or 0)  # type: ignore[arg-type]
            both_pass = _passes(rows[0]) & _passes(rows[1])
            found["difference passes"] = float(both_pass.mean() or 0)  # type: ignore[arg-type]
            found["half-width"] = 50 * float(
                (rows[0]["corrected_high"] - rows[0]["corrected_low"]).mean()
            )
    counts = [part[0].select("frame", "n", "k") for part in drawn]
    naive = with_shares(counts[0]).rename({"share": "x", "low": "x_low", "high": "x_high"})
    found["share naive"] = _covered(naive, "x", np.full(corpora, sides[0].share))
    both = with_shares(counts[0]).join(with_shares(counts[1]), on="frame", suffix="_other")
    gap = difference_interval(both, "share", "n", 1.96)
    found["difference naive"] = _covered(
        gap, "difference", np.full(corpora, sides[0].share - sides[1].share)
    )
    found["codes"] = drawn[0][1].height / corpora
    return found


def _passes(rows: pl.DataFrame) -> pl.Series:
    """Whether the gate's rules on codes and finds let a number through."""
    share = pl.col("corrected")
    finds = pl.min_horizontal(share, 1 - share) * pl.col("worth")
    enough = pl.col("codes") >= RULES.min_codes
    return rows.select(enough & (finds >= RULES.min_found)).to_series()


def _covered(rows: pl.DataFrame, name: str, truth: np.ndarray) -> float:
    low, high = rows[f"{name}_low"].to_numpy(), rows[f"{name}_high"].to_numpy()
    return float(((low <= truth + 1e-12) & (truth <= high + 1e-12)).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=int, default=1000)
    parser.add_argument("--only", type=float, nargs="*", default=list(OTHER))
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    rows = []
    for number, setting in enumerate(settings(tuple(asked.only))):
        rows.append(
            {**vars(setting), "wanted": setting.codes, **run(setting, asked.corpora, number)}
        )
        print(".", end="", file=sys.stderr, flush=True)
    table = pl.DataFrame(rows)
    if asked.out:
        table.write_csv(asked.out)
    print(f"\n{table.height} settings of {asked.corpora} corpora each")
    told(table, "all settings")
    for what in ("share", "difference"):
        let_through = table.filter(pl.col(f"{what} passes") >= 0.5)
        told(
            let_through, f"settings whose {what} the gate lets through in half of the corpora", what
        )
    with pl.Config(tbl_rows=-1, tbl_cols=-1, float_precision=3, tbl_width_chars=220):
        keys = ["share", "copies", "wanted", "design"]
        print(
            table.group_by(keys, maintain_order=True)
            .agg(pl.col(c).mean() for c in [*KINDS, *NAIVE, "share passes", "half-width"])
            .sort(keys)
        )


def told(table: pl.DataFrame, which: str, what: str = "") -> None:
    """Mean, extremes and how many settings lie in the target, by kind of interval."""
    print(f"{table.height} of {which}")
    for name in [*KINDS, *NAIVE]:
        if name.startswith(what) and table.height:
            column = table[name]
            inside = float(column.is_between(*TARGET).mean() or 0)  # type: ignore[arg-type]
            print(
                f"  {name:20} mean {column.mean():.3f}  from {column.min():.3f} to "
                f"{column.max():.3f}  within .93 to .97: {inside:.0%}"
            )


if __name__ == "__main__":
    main()
