"""Which coders change over time by more than chance explains. `codes` is as in `drift`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import chdtrc

from analysis.coding.coincidence import Floats, Level
from analysis.coding.drift import BLOCKS, LEAST, SERIES, compared

FALSE_ALARMS = 0.05
SHUFFLES = 999
MEASURES = ("difference", "agree")

SCHEMA: dict[str, Any] = {
    "coder": pl.String,
    "frame": pl.String,
    "measure": pl.String,
    "units": pl.Int64,
    "blocks": pl.Int64,
    "p": pl.Float64,
    "changed": pl.Boolean,
    "reason": pl.String,
}

Key = tuple[str, str, str]


@dataclass(frozen=True)
class _Test:
    """One measure of one coder on one frame.

    `p` [1 + shuffles] is rough: of the order as it is, and of each shuffled one; None where there
    is one block or nothing varies. `told` says which blocks are furthest apart; `alone`: there is
    one other coder only.
    """

    key: Key
    units: int
    blocks: int
    p: Floats | None
    told: str
    alone: bool


def changes(
    codes: pl.DataFrame,
    level: Level = "nominal",
    *,
    blocks: int = BLOCKS,
    least: int = LEAST,
    false_alarms: float = FALSE_ALARMS,
    shuffles: int = SHUFFLES,
    seed: int = 7,
) -> pl.DataFrame:
    """Whether the blocks of `drift` differ by more than chance: a row per coder, frame and measure.

    coder, frame, measure ("difference", "agree"), units, blocks, p, changed and reason (words). The
    test shuffles the order in which a coder coded and compares the variance between blocks; p is
    adjusted for all rows by the smallest p of each shuffle (Westfall and Young 1993): where nobody
    drifts, a share `false_alarms` of tables has a row that says changed. The coder who changed most
    clearly on a frame is then set aside and the others are tested again without it, as its drift
    shows in what they are compared with. p is null where there is one block only or nothing varies.
    The test takes it that with whom a coder shares units does not change with time.
    """
    rng = np.random.default_rng(seed)
    ruled: dict[Key, dict[str, Any]] = {}
    left = codes
    while left.height:
        table = compared(left, level, blocks, least)
        series = table.partition_by(SERIES, maintain_order=True)
        tests = [test for one in series for test in _tests(one, shuffles, rng)]
        ruled |= _ruled(tests, false_alarms, least)
        apart = _clearest([test for test in tests if ruled[test.key]["changed"]])
        # Only where a coder was set aside is there something new to test.
        left = left.filter(pl.col("frame").is_in(apart["frame"].implode())).join(
            apart, on=SERIES, how="anti"
        )
    return pl.DataFrame(list(ruled.values()), schema=SCHEMA)


def _clearest(changed: Sequence[_Test]) -> pl.DataFrame:
    """coder, frame: of each frame the coder with the smallest p, where others can be told apart."""
    found = [
        (*test.key[:2], test.p[0]) for test in changed if test.p is not None and not test.alone
    ]
    schema = {"coder": pl.String, "frame": pl.String, "p": pl.Float64}
    rows = pl.DataFrame(found, schema=schema, orient="row").sort("p", maintain_order=True)
    return rows.unique("frame", keep="first").select(SERIES)


def _tests(table: pl.DataFrame, shuffles: int, rng: np.random.Generator) -> list[_Test]:
    """The tests of one coder and frame; `table` is of `compared`."""
    first = table.row(0, named=True)
    block = table["block"].to_numpy() - 1
    sizes = np.bincount(block)
    measures = [name for name in MEASURES if not table[name].null_count()]
    values = table.select(measures).to_numpy().astype(np.float64)
    patterns, pattern = np.unique(values, axis=0, return_inverse=True)
    tables = None
    if len(sizes) > 1 and len(patterns) > 1:
        # Takes seconds of CPU to import, which the first page of a server need not wait for.
        from scipy.stats import random_table

        seen = np.zeros((1, len(patterns), len(sizes)))
        np.add.at(seen[0], (pattern, block), 1)
        # How often each pattern falls into each block when the order is shuffled.
        shuffled = random_table(seen[0].sum(axis=1).astype(int), sizes)
        tables = np.concatenate([seen, shuffled.rvs(size=shuffles, random_state=rng)])
    return [
        _Test(
            key=(first["coder"], first["frame"], name),
            units=table.height,
            blocks=len(sizes),
            p=_rough_p(tables, patterns[:, place], sizes) if tables is not None else None,
            told=_told(table, name, sizes),
            alone=first["most"] == 2,
        )
        for place, name in enumerate(measures)
    ]


def _rough_p(tables: Floats, values: Floats, sizes: NDArray[np.int64]) -> Floats | None:
    """p of each table [B, patterns, blocks] by chi-square, which makes unlike series comparable."""
    if np.ptp(values) == 0:
        return None
    means = np.einsum("bpk,p->bk", tables, values) / sizes
    number = tables[0].sum(axis=1)
    centre = number @ values / sizes.sum()
    variance = number @ (values - centre) ** 2 / (sizes.sum() - 1)
    between = ((means - centre) ** 2 * sizes).sum(axis=1) / variance
    return np.asarray(chdtrc(len(sizes) - 1, between), np.float64)


def _told(table: pl.DataFrame, measure: str, sizes: NDArray[np.int64]) -> str:
    """The blocks that are furthest apart, in words."""
    means = table.group_by("block").agg(pl.col(measure).mean()).sort("block")[measure].to_numpy()
    ends = np.cumsum(sizes)
    sign = "+" if measure == "difference" else ""
    what = "value less that of the others" if measure == "difference" else "agreement with others"
    apart = (
        f"{means[k]:{sign}.2f} in codings {ends[k] - sizes[k] + 1} to {ends[k]}"
        for k in sorted({int(means.argmin()), int(means.argmax())})
    )
    return f"{what}: {', '.join(apart)}"


def _ruled(tests: Sequence[_Test], false_alarms: float, least: int) -> dict[Key, dict[str, Any]]:
    """Rows by their keys."""
    by_chance = [test.p[1:] for test in tests if test.p is not None]
    best = np.min(by_chance, axis=0) if by_chance else np.zeros(0)
    return {test.key: _row(test, best, false_alarms, least) for test in tests}


def _row(test: _Test, best: Floats, false_alarms: float, least: int) -> dict[str, Any]:
    coder, frame, measure = test.key
    row = {
        "coder": coder,
        "frame": frame,
        "measure": measure,
        "units": test.units,
        "blocks": test.blocks,
        "changed": False,
    }
    if test.blocks == 1:
        return row | {"reason": f"fewer than {2 * least} codings to compare"}
    if test.p is None:
        return row | {"reason": "the same all the time"}
    # Equal tables may differ in the last digit of their p.
    p = (1 + int((best <= test.p[0] * (1 + 1e-9)).sum())) / (1 + len(best))
    if p > false_alarms:
        return row | {"p": p, "reason": "no change beyond chance"}
    other = " (or it is the other coder who changed)" if test.alone else ""
    return row | {"p": p, "changed": True, "reason": test.told + other}
