"""Where the model's scores meet what people coded: every number with its interval and verdict."""

from analysis.estimates.differences import against_one, against_rest, changes
from analysis.estimates.evidence import Evidence, gather
from analysis.estimates.shares import Ask, shares

__all__ = ["Ask", "Evidence", "against_one", "against_rest", "changes", "gather", "shares"]
