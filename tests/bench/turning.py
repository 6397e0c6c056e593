"""How often turning points are found, dated right, and seen where there is none, in simulation.

    python -m tests.bench.turning [--series 300] [--seed 5]

Planted: one step of 10 points, up or down, in the middle half of 26 to 104 weeks of 40 pieces, from
a share of 10 to 60 %. Flat: the same without a step; with pieces that come in stories of up to 8
alike (clustered); with uneven weeks; and whole families of 36 flat series, of which any that is
said to turn is a false alarm. Episode: six weeks 15 points higher, then back.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import polars as pl

from analysis.measure.turning_points import FALSE_ALARM, all_turns, located, p_of_one_more, search

PIECES, STEP = 40, 0.10


def weeks(rng: np.random.Generator) -> tuple[int, float]:
    return int(rng.integers(26, 105)), float(rng.uniform(0.1, 0.6))


def planted(rng: np.random.Generator, series: int) -> dict[str, float]:
    found = held = more = 0
    widths = []
    for _ in range(series):
        many, base = weeks(rng)
        at = int(rng.integers(many // 4, many * 3 // 4 + 1))
        levels = (base, base + STEP) if rng.random() < 0.5 else (base + STEP, base)
        share = np.where(np.arange(many) < at, *levels)
        n = np.full(many, PIECES)
        k = rng.binomial(n, share)
        turns = _turns(n, k)
        found += bool(turns)
        held += any(turn.first <= at <= turn.last for turn in turns)
        more += len(turns) > 1
        widths += [turn.last - turn.first for turn in turns]
    return {
        "found": found / series,
        "found and week in interval": held / series,
        "in interval if found": held / max(found, 1),
        "more than one found": more / series,
        "median interval, weeks": float(np.median(widths)),
    }


def episodes(rng: np.random.Generator, series: int) -> dict[str, float]:
    found = held = 0
    for _ in range(series):
        many, base = weeks(rng)
        at = int(rng.integers(many // 4, many * 3 // 4 - 6))
        inside = (np.arange(many) >= at) & (np.arange(many) < at + 6)
        n = np.full(many, PIECES)
        turns = _turns(n, rng.binomial(n, base + 0.15 * inside))
        found += len(turns) >= 2
        held += all(any(t.first <= week <= t.last for t in turns) for week in (at, at + 6))
    return {"both ends found": found / series, "both ends in their intervals": held / series}


def flat(rng: np.random.Generator, series: int, kind: str) -> dict[str, float]:
    alarms = 0
    for _ in range(series):
        many, base = weeks(rng)
        n = np.full(many, PIECES)
        if kind == "uneven":
            n = rng.poisson(rng.gamma(1.5, 15, many)) + 1
        k = rng.binomial(n, base)
        alike = 1.0
        if kind == "clustered":
            k, alike = _clustered(rng, base, many)
        alarms += p_of_one_more(n, k, (), alike) <= FALSE_ALARM
    return {"false alarms": alarms / series}


def families(rng: np.random.Generator, many: int) -> dict[str, float]:
    alarms = 0
    for _ in range(many):
        rows = []
        for one in range(36):
            n = rng.poisson(rng.choice([4, 12, 40]), 60)
            k = rng.binomial(n, rng.uniform(0.05, 0.6))
            rows.append(pl.DataFrame({"id": one, "start": range(60), "n": n, "k": k}))
        series = pl.concat(rows).with_columns(
            start=pl.date(2024, 1, 1) + pl.duration(weeks=pl.col("start")), clustering=pl.lit(1.0)
        )
        table, _ = search(series, ["id"])
        alarms += int(table["turns"].sum() > 0)
    return {"families with any false alarm": alarms / many}


def _turns(n: np.ndarray, k: np.ndarray) -> list:
    if p_of_one_more(n, k, ()) > FALSE_ALARM:
        return []
    return located(n, k, all_turns(n, k, FALSE_ALARM))


def _clustered(rng: np.random.Generator, base: float, many: int) -> tuple[np.ndarray, float]:
    """k of so many weeks whose pieces come in stories, and the design effect of these."""
    counts, squares = [], 0
    for _ in range(many):
        left, k = PIECES, 0
        while left:
            size = min(int(rng.integers(1, 9)), left)
            left, squares = left - size, squares + size**2
            k += size * (rng.random() < base)
        counts.append(k)
    return np.array(counts), squares / (many * PIECES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=300)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    started = time.perf_counter()
    print(
        f"{asked.series} planted and {2 * asked.series} flat series each; families: {asked.series // 3} of 36 series"
    )
    for name, result in (
        ("planted step of 10 points", planted(rng, asked.series)),
        ("planted episode of 15 points", episodes(rng, asked.series)),
        ("flat", flat(rng, 2 * asked.series, "plain")),
        ("flat, uneven weeks", flat(rng, 2 * asked.series, "uneven")),
        ("flat, in stories", flat(rng, 2 * asked.series, "clustered")),
        ("flat families", families(rng, asked.series // 3)),
    ):
        for what, value in result.items():
            print(f"{name:32} {what:32} {value:.3f}")
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
