"""Where the model's scores meet what people coded: every number with its interval and verdict."""

from analysis.estimates.coverage import Coverage, coverage
from analysis.estimates.differences import against_one, against_rest, changes
from analysis.estimates.evidence import Evidence, gather
from analysis.estimates.shares import Ask, Shown, shares
from analysis.estimates.summary import Summary, summed_up
from analysis.estimates.trend import TOGETHER, trend

__all__ = [
    "TOGETHER", "Ask", "Coverage", "Evidence", "Shown", "Summary", "against_one", "against_rest", "changes", "coverage",
    "gather", "shares", "summed_up", "trend",
]  # fmt: skip
