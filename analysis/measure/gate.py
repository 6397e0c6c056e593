"""The gate: whether a number may be printed, why, and what would change that.

All rules stand here. Until people have coded pieces blind, no number is more than exploratory.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from analysis.measure.shares import half_width

Verdict = Literal["publishable", "exploratory", "do not print"]


@dataclass(frozen=True)
class Rules:
    """Thresholds; `min_pieces` below which a share says nothing, `min_codes` to check it."""

    min_pieces: int = 10
    min_codes: int = 50
    max_half_width: float = 0.15


@dataclass(frozen=True)
class Ruling:
    """A verdict with its reasons and, for each, the remedy."""

    verdict: Verdict
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def judge(n: int, k: int, codes: int, rules: Rules | None = None) -> Ruling:
    """The verdict on a share of k out of n pieces of which `codes` were coded blind by people."""
    limits = rules or Rules()
    reasons: list[str] = []
    remedies: list[str] = []
    verdict: Verdict = "publishable"
    if codes < limits.min_codes:
        verdict = "exploratory"
        reasons.append(
            "no piece in scope has been coded by people yet"
            if codes == 0
            else f"only {codes} pieces in scope have been coded by people"
        )
        remedies.append(f"code about {limits.min_codes - codes} more pieces blind")
    width = half_width(k, n)
    if not math.isnan(width) and width > limits.max_half_width:
        verdict = "exploratory"
        reasons.append(f"the interval is ±{width * 100:.0f} points wide")
        remedies.append("widen the dates or join outlets, so that more pieces are in scope")
    if n < limits.min_pieces:
        verdict = "do not print"
        reasons.insert(0, f"only {n} pieces are in scope")
        remedies.insert(0, f"widen the filters to at least {limits.min_pieces} pieces")
    return Ruling(verdict, tuple(reasons), tuple(remedies))
