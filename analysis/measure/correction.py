"""What a correction changed, why, and where its uncertainty comes from.

`rows` are those of `corrected` with n, k and share; `codes` as `corrected` takes them, with
present (the classifier's decision) beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

PARTS = ("sampling", "measurement", "coders")
# Below this, in shares, two numbers are the same on a screen.
_SAME = 0.005


def explained(rows: pl.DataFrame, codes: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Adds what the codes say of the classifier's errors, and the parts of the half-width.

    change (corrected minus share), false_alarms and misses (shares of the domain's pieces,
    weighted by design: the classifier alone, or people alone, find the frame), half_width, and
    half_sampling, half_measurement, half_coders: the half-width split in proportion to the
    variances. why: a sentence. Null where corrected is.
    """
    keys = list(by)
    said = pl.col("present").cast(pl.Float64)
    w, y = pl.col("weight"), pl.col("y")
    errors = codes.group_by(keys).agg(
        false_alarms=(w * (1 - y) * said).sum() / w.sum(),
        misses=(w * y * (1 - said)).sum() / w.sum(),
    )
    variance = pl.sum_horizontal(*(pl.col(f"var_{part}").fill_null(0) for part in PARTS))
    half = (pl.col("corrected_high") - pl.col("corrected_low")) / 2
    known = pl.col("corrected").is_not_null()
    found = rows.join(errors, on=keys, how="left", maintain_order="left").with_columns(
        change=pl.col("corrected") - pl.col("share"),
        half_width=half,
    )
    found = found.with_columns(
        pl.when(known & (variance > 0))
        .then(half * pl.col(f"var_{part}").fill_null(0) / variance)
        .alias(f"half_{part}")
        for part in PARTS
    )
    words = [_why(row) for row in found.iter_rows(named=True)]
    return found.with_columns(why=pl.Series(words, dtype=pl.String))


def _why(row: Mapping[str, Any]) -> str | None:
    if row["corrected"] is None or row["false_alarms"] is None:
        return None
    alarms, misses, change = row["false_alarms"], row["misses"], row["change"]
    gap = alarms - misses
    ends = f"false alarms {_percent(alarms)}, misses {_percent(misses)} of pieces"
    if abs(gap) < _SAME:
        balance = f"False alarms and misses cancel out ({ends})"
    elif gap > 0:
        balance = f"False alarms outweigh misses by {_points(gap)} ({ends})"
    else:
        balance = f"Misses outweigh false alarms by {_points(-gap)} ({ends})"
    if abs(change) < _SAME:
        return f"{balance}; the share stays as it is."
    moved = "rises" if change > 0 else "falls"
    odd = abs(gap) >= _SAME and (gap > 0) == (change > 0)
    more = ", as its pieces' scores differ from those that were coded" if odd else ""
    return f"{balance}; corrected, the share {moved} by {_points(abs(change))}{more}."


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _points(gap: float) -> str:
    return f"{gap * 100:.1f} points"


def influences(rows: pl.DataFrame, codes: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """How much each coded piece moves the corrected share of its domain, most first.

    The codes with residual (y - lambda * score) and influence: weight / sum of weights times the
    distance of the residual from the weighted mean residual (the linear influence of a ratio;
    Hampel 1974), as a fraction of pieces.
    """
    keys = list(by)
    w = pl.col("weight")
    share = w / w.sum().over(keys)
    residual = pl.col("y") - pl.col("lam") * pl.col("score")
    return (
        codes.join(rows.select(*keys, "lam").drop_nulls("lam"), on=keys)
        .with_columns(residual=residual)
        .with_columns(
            influence=share
            * (pl.col("residual") - (w * pl.col("residual")).sum().over(keys) / w.sum().over(keys))
        )
        .sort(pl.col("influence").abs(), descending=True, maintain_order=True)
    )
