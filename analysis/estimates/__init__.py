"""Where the model's scores meet what people coded: every number with its interval and verdict."""

from analysis.estimates.coverage import Coverage, coverage
from analysis.estimates.differences import against_one, against_rest, changes
from analysis.estimates.evidence import Evidence, gather
from analysis.estimates.shares import Ask, shares
from analysis.estimates.trend import TOGETHER, trend

__all__ = [
    "TOGETHER", "Ask", "Coverage", "Evidence", "against_one", "against_rest", "changes", "coverage",
    "gather", "shares", "trend",
]  # fmt: skip
