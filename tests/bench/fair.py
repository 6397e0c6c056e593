"""How often 95 % intervals of matched contrasts and of decompositions hold the truth, in simulation.

    python -m tests.bench.fair [--corpora 1000] [--seed 1] [--quick] [--matched] [--out FILE.csv]

Two outlets share some stories, and each has as many of its own. An outlet has 1 to 3 pieces on a
story. How much a story invites the frame is one normal variable for both outlets (`pairing`: its
share of the variance), so that they frame alike what they both cover; the first outlet carries the
frame more often, and more on stories of its own. Stories belong to eight topics that differ. The
classifier's scores are those of tests/bench/coverage.py; where `alike` is false its sensitivity at
the second outlet is .15 lower and its specificity .05 lower. `codes`: pieces of each outlet coded
at random, without error; 0: none, and the truth is what the classifier would find on average.

The truth of a matched contrast is known; that of a decomposition's parts, whose weights vary with
the pieces, is the mean over all corpora. `passes`: share of corpora in which the gate's rules on
shared stories, finds and codes let the number through.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import norm

from analysis.measure.decomposition import decompose
from analysis.measure.matched import matched
from analysis.types import Rules

SENSITIVITY, SPECIFICITY = 0.75, 0.93
TOPICS = 8
GAP = 0.6  # of the two outlets' normal means
RULES = Rules()
TARGET = (0.93, 0.97)
GRID = {
    "shared": (5, 20, 60, 200),
    "share": (0.05, 0.2, 0.6),
    "pairing": (0.0, 0.7),
    "alike": (True, False),
    "codes": (0, 150),
}
QUICK = {"shared": (20, 60), "share": (0.2,), "pairing": (0.0, 0.7), "alike": (False,), "codes": (0, 100)}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    shared: int
    share: float
    pairing: float
    alike: bool
    codes: int


def settings(grid: dict[str, tuple]) -> list[Setting]:
    return [Setting(*values) for values in itertools.product(*grid.values())]


def corpus(rng: np.random.Generator, of: Setting) -> pl.DataFrame:
    """One row per piece: piece, side, story, topic, truth, score, present, chance (of the frame on
    shared stories, before the story is known)."""
    many = 3 * of.shared
    invites = rng.normal(size=many)
    topic = rng.integers(0, TOPICS, many)
    lean = np.linspace(-0.4, 0.4, TOPICS)[topic]
    lean = lean - np.linspace(-0.4, 0.4, TOPICS).mean()
    parts = []
    for side in (0, 1):
        own = np.arange(many)
        covers = (own < of.shared) | ((own - of.shared) // of.shared == side)
        sizes = np.where(covers, rng.integers(1, 4, many), 0)
        story = np.repeat(own, sizes)
        level = norm.ppf(of.share) + (GAP / 2 if side == 0 else -GAP / 2)
        # Stories of its own carry the first outlet's frame more often.
        level = level + np.where((story >= of.shared) & (side == 0), 0.3, 0.0) + lean[story]
        noise = rng.normal(size=story.size)
        drawn = np.sqrt(of.pairing) * invites[story] + np.sqrt(1 - of.pairing) * noise
        truth = drawn < level
        worse = side == 1 and not of.alike
        sens, spec = SENSITIVITY - 0.15 * worse, SPECIFICITY - 0.05 * worse
        signal = rng.normal(size=story.size) + np.where(truth, norm.ppf(sens), -norm.ppf(spec))
        yes, no = norm.ppf(SENSITIVITY), -norm.ppf(SPECIFICITY)
        logit = np.log(of.share / (1 - of.share)) + signal * (yes - no) - (yes**2 - no**2) / 2
        found = norm.cdf(level)
        if not of.codes:
            found = found * sens + (1 - found) * (1 - spec)
        parts.append(
            pl.DataFrame(
                {
                    "side": np.full(story.size, side),
                    "story": story,
                    "topic": topic[story],
                    "truth": truth.astype(float),
                    "score": 1 / (1 + np.exp(-logit)),
                    "present": signal > 0,
                    "chance": found,
                }
            )
        )
    table = pl.concat(parts)
    return table.with_columns(
        piece=pl.int_range(pl.len()).cast(pl.String),
        story=pl.format("s{}", "story"),
        topic=pl.format("t{}", "topic"),
    )


def coded(rng: np.random.Generator, pieces: pl.DataFrame, codes: int) -> pl.DataFrame | None:
    """A simple sample of each side."""
    if not codes:
        return None
    rank = pl.Series(rng.random(pieces.height)).rank("ordinal")
    drawn = pieces.with_columns(order=rank).filter(
        pl.col("order").rank("ordinal").over("side") <= codes
    )
    sizes = pieces.group_by("side").agg(size=pl.len())
    return (
        drawn.join(sizes, on="side")
        .with_columns(weight=pl.col("size") / pl.len().over("side"))
        .select(
            "piece", "weight", y="truth", stratum=pl.lit("all"), coders=pl.lit(1),
            spread=pl.lit(None, pl.Float64),
        )
    )  # fmt: skip


NAMES = ["matched", "framing by topic", "composition by topic", "framing by story",
         "composition by story", "difference"]  # fmt: skip


def run(of: Setting, corpora: int, seed: int, parts: bool = True) -> list[dict[str, object]]:
    """One row per kind of number: coverage, mean half-width in points, share that passes; the
    matched contrast alone without `parts`."""
    rng = np.random.default_rng(seed)
    ends: dict[str, list[tuple[float, float, float]]] = {name: [] for name in NAMES}
    passes: dict[str, list[bool]] = {name: [] for name in NAMES}
    truths: dict[str, list[float]] = {name: [] for name in NAMES}
    for _ in range(corpora):
        pieces = corpus(rng, of)
        codes = coded(rng, pieces, of.codes)
        found = matched(pieces.with_columns(cluster="story"), codes)
        assert found is not None
        row = found.row.row(0, named=True)
        ends["matched"].append((row["low"], row["high"], row["value"]))
        truths["matched"].append(_matched_truth(pieces))
        enough = found.stories >= RULES.min_pieces and found.apart >= RULES.min_found
        held = codes is None or row["kind"] == "corrected"
        if codes is not None:
            sides = codes.join(found_pieces(pieces), on="piece").group_by("side").len()["len"]
            held = len(sides) == 2 and int(sides.min()) >= RULES.min_codes  # type: ignore[arg-type]
        passes["matched"].append(enough and held)
        if not parts:
            continue
        finds = pieces.group_by("side").agg(k=pl.col("present").sum(), n=pl.len())
        rare = finds.select(pl.min_horizontal("k", pl.col("n") - pl.col("k")).min()).item()
        for by in ("topic", "story"):
            split = decompose(pieces.with_columns(group=by, cluster="story"), codes, most=0)
            outcome = "truth" if of.codes else "present"
            real = naive_parts(pieces.with_columns(group=by), outcome)
            for part, true in zip(split.parts.to_dicts(), real, strict=True):
                name = part["part"] if part["part"] == "difference" else f"{part['part']} by {by}"
                if name == "difference" and by == "story":
                    continue
                ends[name].append((part["low"], part["high"], part["value"]))
                truths[name].append(true)
                passes[name].append(rare >= RULES.min_found)
    rows = []
    for name in [name for name in NAMES if ends[name]]:
        low, high, value = np.array(ends[name]).T
        truth = np.array(truths[name]) if name == "matched" else np.mean(truths[name])
        inside = (low <= truth + 1e-12) & (truth <= high + 1e-12)
        rows.append(
            {
                **vars(of),
                "number": name,
                "coverage": float(inside.mean()),
                "bias": 100 * float((value - truth).mean()),
                "half-width": 50 * float((high - low).mean()),
                "passes": float(np.mean(passes[name])),
            }
        )
    return rows


def naive_parts(pieces: pl.DataFrame, outcome: str) -> list[float]:
    """Difference, composition and framing of `outcome`, by Kitagawa's sums."""
    cells = pieces.group_by("side", "group").agg(n=pl.len(), k=pl.col(outcome).cast(float).sum())
    cells = cells.with_columns(
        w=pl.col("n") / pl.col("n").sum().over("side"), p=pl.col("k") / pl.col("n")
    )
    a, b = (cells.filter(pl.col("side") == side).select("group", "w", "p") for side in (0, 1))
    both = a.join(b, on="group", how="full", coalesce=True, suffix="_b")
    whole = both.select((pl.col("w") * pl.col("p")).sum() - (pl.col("w_b") * pl.col("p_b")).sum())
    framing = both.select(((pl.col("w") + pl.col("w_b")) / 2 * (pl.col("p") - pl.col("p_b"))).sum())
    difference, framed = float(whole.item()), float(framing.item())
    return [difference, difference - framed, framed]


def found_pieces(pieces: pl.DataFrame) -> pl.DataFrame:
    """Pieces of shared stories."""
    return pieces.filter(pl.col("side").n_unique().over("story") == 2)


def _matched_truth(pieces: pl.DataFrame) -> float:
    """What the mean over these stories would be if the frame were drawn anew."""
    both = found_pieces(pieces)
    by = both.group_by("story", "side").agg(pl.col("chance").mean())
    sides = by.group_by("side").agg(pl.col("chance").mean()).sort("side")["chance"]
    return float(sides[0] - sides[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--matched", action="store_true", help="leave the parts out: a third of the time"
    )
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    # Settings of like cost follow each other; a seed each, so that the order plays no part.
    jobs = [
        (setting, asked.corpora, asked.seed + number, not asked.matched)
        for number, setting in enumerate(settings(QUICK if asked.quick else GRID))
    ]
    rows = []
    os.environ["POLARS_MAX_THREADS"] = "1"
    with multiprocessing.get_context("spawn").Pool() as pool:
        for found in pool.starmap(run, jobs, chunksize=1):
            rows += found
    table = pl.DataFrame(rows)
    if asked.out:
        table.write_csv(asked.out)
    print(f"\n{asked.corpora} corpora each")
    told(table)


def told(table: pl.DataFrame) -> None:
    print("all settings")
    _summary(table)
    print("settings in which half of the corpora pass the gate's rules")
    _summary(table.filter(pl.col("passes") >= 0.5))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, float_precision=3, tbl_width_chars=200):
        print(
            table.pivot("number", index=list(GRID), values="coverage").with_columns(
                pl.selectors.by_name(NAMES, require_all=False).round(3)
            )
        )


def _summary(table: pl.DataFrame) -> None:
    inside = pl.col("coverage").is_between(*TARGET).mean()
    with pl.Config(tbl_rows=-1, tbl_cols=-1, float_precision=3, tbl_width_chars=160):
        print(
            table.group_by("number", maintain_order=True).agg(
                settings=pl.len(), mean=pl.col("coverage").mean(), least=pl.col("coverage").min(),
                most=pl.col("coverage").max(), within=inside, bias=pl.col("bias").abs().max(),
            )
        )  # fmt: skip


if __name__ == "__main__":
    main()
