"""What the screen says: numbers and verdicts in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

EXPLORATORY = (
    "Exploratory: labels come from a classifier that nobody has checked on this corpus yet. "
    "Intervals cover sampling only, not the classifier's errors."
)

WITHHELD = (
    "What the model says of this piece is withheld until you have coded it: it was drawn for blind "
    "coding, and you are signed in as a coder."
)

ESTIMANDS = {"item": "Published items", "original": "Original reports"}
UNIT = {"item": "published items", "original": "original reports (copies counted once)"}

DEFINITIONS = {
    "Piece": "One item of coverage: a headline and a text. It carries a frame if its headline or "
    "at least one of its sentences does.",
    "Frame": "A way of making sense of an issue: which consideration a passage puts forward as "
    "what is at stake. Not the topic, the tone or the side taken; a denial carries it too.",
    "Share": "Pieces in scope that carry a frame, divided by all pieces in scope (the "
    "denominator, n). A piece can carry several frames, so shares do not add up to 100 %.",
    "Interval": "A 95 % Wilson score interval: how far the share could move if the outlet had "
    "published another batch of pieces like these. The classifier's errors are not in it.",
    "Difference": "One share minus that of a stated comparator, in percentage points, with "
    "Miettinen and Nurminen's 95 % score interval. There is no bias score anywhere.",
    "Adjusted p (q)": "The chance of a difference this large where there is none, adjusted by "
    "Benjamini and Hochberg over all differences on show.",
    "Published items": "Every piece counts, also when several outlets printed the same text.",
    "Original reports": "Copies of a text count once, at the outlet that had it first.",
    "Copies": "Pieces whose texts share most of their five-word sequences, found by MinHash and "
    "verified on the texts themselves.",
    "Topic": "A cluster of pieces by what they are about, found without labels. Unassigned pieces "
    "are those that no cluster holds; they are shown, never dropped.",
    "Thin cell": "A cell with fewer pieces than the project's minimum. Its share is hidden, not "
    "smoothed, and the number of hidden cells is said.",
    "Gap": "A run of empty weeks in which the volume of the other outlets, at the outlet's usual "
    "rate, would have brought so many pieces that a steady outlet is that silent anywhere in its "
    "time with a chance below 5 % (Poisson). A gap in collection is not a fall in attention.",
    "Verdict": "Publishable, exploratory or do not print. Until people have coded pieces blind, "
    "no number is more than exploratory.",
}


def percent(share: float | None, digits: int = 0) -> str:
    """'42 %', or 'unknown' where there is nothing to divide by."""
    return "unknown" if share is None else f"{share * 100:.{digits}f} %"


def points(difference: float | None) -> str:
    """A difference of shares in percentage points with its sign, by a real minus."""
    if difference is None:
        return "unknown"
    text = f"{difference * 100:+.0f}"
    return text.replace("-", "−")


def interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "unknown"
    return f"{low * 100:.0f}–{high * 100:.0f} %"


def point_interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "unknown"
    return f"{points(low)} to {points(high)}"


def day(value: dt.date | None) -> str:
    return "undated" if value is None else f"{value.day} {value:%b %Y}"


def count(number: int, one: str, many: str | None = None) -> str:
    """'1 piece', '1,204 pieces'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def difference_in_words(row: Mapping[str, Any], frame: str, comparator: str) -> str:
    """One sentence: who, which frame, share of n, difference and interval against whom."""
    share, n, gap = row["share"], row["n"], row["difference"]
    more = "more" if gap > 0 else "less"
    low, high = row["difference_low"], row["difference_high"]
    return (
        f"**{escape(str(row['outlet']))}** carries *{frame}* in {percent(share)} of "
        f"{count(n, 'piece')}: {abs(gap) * 100:.0f} points {more} than {comparator} "
        f"({point_interval(low, high)})."
    )


def escape(text: str) -> str:
    """Text made inert in Streamlit's Markdown."""
    special = "\\`*_{}[]()#+-.!|<>~$:"
    return "".join(f"\\{c}" if c in special else c for c in text).replace("\n", " ")


def hidden_cells(rows: pl.DataFrame, minimum: int) -> str:
    """How many cells a chart hides, or '' when none."""
    cells = rows.select(pl.exclude("frame", "k", "share", "low", "high")).unique()
    hidden = cells.filter(~pl.col("shown")).height
    if not hidden:
        return ""
    return f"{hidden:,} of {cells.height:,} cells have fewer than {minimum} pieces and are hidden."


def strays(number: int, first: dt.date, last: dt.date) -> str:
    """Where pieces outside the collected time went, or '' when there are none."""
    if not number:
        return ""
    return (
        f"{count(number, 'piece')} dated far outside the time collected ({day(first)} to "
        f"{day(last)}) not shown."
    )
