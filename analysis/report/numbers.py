"""Estimates as tables that leave Framescope: the same columns on the screen and in every file."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

PARTS = ("sampling", "measurement", "coders")

# Each column's name in words. Numbers named % or points are fractions before `in_words`.
WORDS = {
    "counted": "Counted", "part": "Part", "about": "Topic or story",
    "outlet": "Outlet", "topic_key": "Topic key", "label": "Topic", "start": "From",
    "frame": "Frame",
    "date": "Turned", "first": "Earliest", "last": "Latest",
    "event": "Nearest event", "days": "Days from it",
    "stories": "Shared stories", "n": "Pieces", "n_other": "Comparator's pieces",
    "codes": "Coded pieces", "codes_other": "Comparator's coded pieces",
    "share": "Share %", "share_low": "Low %", "share_high": "High %",
    "share_other": "Comparator %",
    "difference": "Difference, points", "difference_low": "Low, points",
    "difference_high": "High, points",
    "naive_share": "Naive share %", "naive_share_other": "Naive comparator %",
    "naive_difference": "Naive difference, points",
    "kind": "Kind", "half_width": "Half-width, points",
    "half_width_sampling": "of it sampling", "half_width_measurement": "of it measurement",
    "half_width_coders": "of it coders",
    "q": "q", "verdict": "Verdict", "reason": "Reason", "remedy": "Remedy",
}  # fmt: skip
PERCENT = [name for name in WORDS if name.startswith(("share", "naive", "difference", "half_"))]


def told(rows: pl.DataFrame) -> pl.DataFrame:
    """The columns of WORDS that rows of analysis.estimates have, as fractions, in that order.

    `share` is the number to use and `kind` says what it is; `naive_share` the model's own beside
    it. A difference has `share` of the first side and `share_other` of the comparator. Parts of
    the half-width are in proportion to their variances, so that those that are known add up to
    it. Null is unknown: a borrowed number's measurement part holds that of the coders; of a naive
    one nothing but sampling is known.
    """
    compared = "difference" in rows.columns
    low, high = (f"difference_{e}" if compared else f"shown_{e}" for e in ("low", "high"))
    half = (pl.col(high) - pl.col(low)) / 2
    parts = {part: pl.col(f"var_shown_{part}") for part in PARTS}
    whole = pl.sum_horizontal(parts.values())
    named = {"naive_share": "share", "share": "shown"}
    if compared:
        named |= {"naive_share_other": "share_other", "share_other": "shown_other"}
    else:
        named |= {"share_low": "shown_low", "share_high": "shown_high"}
    full = rows.with_columns(
        half_width=half,
        **{
            f"half_width_{part}": pl.when(whole > 0).then(half * variance / whole)
            for part, variance in parts.items()
        },
        **{new: pl.col(old) for new, old in named.items()},
    )
    return full.select(name for name in WORDS if name in full.columns)


def in_words(table: pl.DataFrame, frames: Mapping[str, str]) -> pl.DataFrame:
    """`told` for reading: columns named in words, per cent and points with one decimal.

    `frames` names frames by id.
    """
    present = [name for name in PERCENT if name in table.columns]
    return table.with_columns(
        *((pl.col(name) * 100).round(1) for name in present),
        pl.col("frame").replace(dict(frames)),
    ).rename({name: WORDS[name] for name in table.columns})
