"""Corrected intervals on real coded excerpts: gold_dev as a population of 240 whose truth is known.

    python -m tests.bench.gold DATA [--samples 500] [--budget 120]

DATA is the folder that holds gold_dev.parquet. Samples are drawn by the program's own designs, with
the outlets' leans in the place of outlets; the majority of the three codings is both the code and
the truth; intervals are a census's. Prints, by design and frame: how often the interval holds the
share of all 240; its width against that of the codes alone; the same for differences between
leans, all and those that the gate does not hold back; and alpha of the three codings.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import polars as pl

from analysis.coding import designs
from analysis.coding.agreement import alpha
from analysis.coding.strata import stratify
from analysis.measure.contrasts import difference_interval
from analysis.measure.corrected import corrected
from analysis.measure.gate import Facts, judge
from analysis.types import Rules
from tests.support.demo import framescope

FRAMES = ["safety", "civil_rights", "profiling", "trust"]


def population(data: Path) -> pl.DataFrame:
    """One row per excerpt: piece, outlet (its lean), period, score and truth by frame."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "labels.parquet"
        framescope("label", data / "gold_dev.parquet", "--out", out)
        labels = pl.read_parquet(out).with_columns(pl.col("id").cast(pl.String))
    gold = pl.read_parquet(data / "gold_dev.parquet").with_columns(pl.col("id").cast(pl.String))
    scores = labels.select("id", *(pl.col(f).cast(pl.Float64).alias(f"score_{f}") for f in FRAMES))
    design = {"period": pl.lit(None, pl.Date), "side": 0, "before": 0.0, "room": 1.0, "held": False}
    return gold.join(scores, on="id").select(
        pl.col("id").alias("piece"),
        pl.col("outlet_lean").alias("outlet"),
        *(pl.col(f"score_{f}") for f in FRAMES),
        *(pl.col(f).cast(pl.Float64).alias(f"truth_{f}") for f in FRAMES),
        **design,
    )


def sample(pieces: pl.DataFrame, design: designs.Design, budget: int, seed: int) -> pl.DataFrame:
    """Codes of a sample as `corrected` takes them, with the lean as `outlet`."""
    if design == "simple":
        stratum = pl.Series("stratum", ["all pieces"] * pieces.height)
    else:
        stratum = stratify(pieces.with_row_index("place"), FRAMES, budget).alias("stratum")
    marked = pieces.with_columns(stratum)
    strata = designs.strata_of(marked, FRAMES)
    drawn = designs.spread(strata, design, FRAMES, budget)
    rate = dict(
        zip(strata["stratum"].to_list(), designs.rates(strata, drawn, budget).tolist(), strict=True)
    )
    chosen = designs.draw(marked, rate, [seed], 0.0).select("piece", "stratum")
    coded = chosen.join(marked.drop("stratum"), on="piece").with_columns(
        weight=1 / pl.col("stratum").replace_strict(rate)
    )
    return pl.concat(
        coded.select(
            "piece", "outlet", "stratum", "weight", frame=pl.lit(frame), y=f"truth_{frame}",
            score=f"score_{frame}", coders=pl.lit(1), spread=pl.lit(None, pl.Float64),
        )
        for frame in FRAMES
    )  # fmt: skip


def counted(pieces: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """n, score_sum, truth by the keys and frame."""
    return pl.concat(
        (pieces.group_by(keys, maintain_order=True) if keys else pieces.group_by(pl.lit(0).alias("all")))
        .agg(
            n=pl.len(), score_sum=pl.col(f"score_{frame}").sum(), truth=pl.col(f"truth_{frame}").mean()
        )
        .with_columns(frame=pl.lit(frame), clustering=pl.lit(1.0))
        for frame in FRAMES
    )  # fmt: skip


def repeated(pieces: pl.DataFrame, design: designs.Design, budget: int, samples: int) -> None:
    codes = pl.concat(
        sample(pieces, design, budget, seed).with_columns(draw=pl.lit(seed))
        for seed in range(samples)
    )
    draws = pl.DataFrame({"draw": range(samples)}, schema={"draw": pl.Int32})
    whole = draws.join(counted(pieces, []).drop("all"), how="cross")
    keys = ["draw", "frame"]
    rows = corrected(whole, codes, keys, census=True)
    alone = corrected(whole, codes, keys, census=True, lam=0.0)
    width = pl.col("corrected_high") - pl.col("corrected_low")
    classical = alone.select(*keys, width_alone=width)
    table = (
        rows.join(classical, on=keys)
        .with_columns(
            covered=pl.col("truth").is_between("corrected_low", "corrected_high"), width=width
        )
        .group_by("frame", maintain_order=True)
        .agg(
            pl.col("truth").first(),
            pl.col("covered").mean(),
            half_width=50 * pl.col("width").mean(),
            ratio_to_codes_alone=pl.col("width").mean() / pl.col("width_alone").mean(),
            lam=pl.col("lam").mean(),
        )
    )
    print(f"\n{design}, {samples} samples of {budget}: share of all {pieces.height}")
    print(table)
    domains = draws.join(counted(pieces, ["outlet"]), how="cross")
    sides = corrected(domains, codes, ["draw", "outlet", "frame"], census=True)
    both = sides.join(sides, on=keys, suffix="_other").filter(
        pl.col("outlet") < pl.col("outlet_other")
    )
    gaps = difference_interval(both, "corrected", "worth", both["critical"]).with_columns(
        covered=(pl.col("truth") - pl.col("truth_other")).is_between(
            "difference_low", "difference_high"
        )
    )
    passed = gaps.with_columns(passes=pl.Series(_passes(gaps)))
    print("differences between leans, all and those that the gate lets through (alpha known):")
    print(
        passed.group_by("frame", maintain_order=True).agg(
            covered=pl.col("covered").mean(),
            passing=pl.col("passes").sum(),
            covered_passing=pl.col("covered").filter(pl.col("passes")).mean(),
        )
    )


def _passes(gaps: pl.DataFrame) -> list[bool]:
    rules = Rules()
    found = []
    for row in gaps.iter_rows(named=True):
        rarer = min(
            ((min(row[s], 1 - row[s]) * row[w], row[s], row[w]) for s, w in
             (("corrected", "worth"), ("corrected_other", "worth_other"))),
        )  # fmt: skip
        facts = Facts(
            pieces=min(row["n"], row["n_other"]),
            codes=min(row["codes"], row["codes_other"]),
            share=rarer[1],
            worth=rarer[2],
            half_width=(row["difference_high"] - row["difference_low"]) / 2,
            alpha=0.9,
        )
        found.append(judge(facts, rules).verdict == "publishable")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--budget", type=int, default=120)
    asked = parser.parse_args()
    if not (asked.data / "gold_dev.parquet").is_file():
        sys.exit(f"{asked.data} holds no gold_dev.parquet")
    codes = pl.read_parquet(asked.data / "gold_dev_codes.parquet")
    agreed = alpha(
        codes.select(unit="id", coder="coder", frame="frame", value="present").with_row_index(
            "order"
        )
    )
    pieces = population(asked.data)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, float_precision=3):
        print(agreed.select("frame", "units", "coders", "alpha", "low", "high"))
        for design in ("simple", "proportional"):
            repeated(pieces, design, asked.budget, asked.samples)
        pair = pieces.filter(pl.col("outlet") != "center").with_columns(
            side=pl.when(pl.col("outlet") == "left").then(1).otherwise(2)
        )
        repeated(pair, "neyman", asked.budget, asked.samples)


if __name__ == "__main__":
    main()
