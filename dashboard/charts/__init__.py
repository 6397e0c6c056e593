"""Figures: pure functions from tables to Plotly. Shares come in as fractions and are drawn in %.

Marks are filled where the number behind them is publishable, hollow where it is exploratory, and
a dash where it may not be printed.
"""

from dashboard.charts.base import FrameStyle, Look, inert
from dashboard.charts.dots import before_after, dots_by_outlet
from dashboard.charts.grids import calendar, heat
from dashboard.charts.marks import cell_text, marked
from dashboard.charts.topics import bars, topic_lines, topic_map
from dashboard.charts.trend import trend_grid

__all__ = [
    "FrameStyle",
    "Look",
    "bars",
    "before_after",
    "calendar",
    "cell_text",
    "dots_by_outlet",
    "heat",
    "inert",
    "marked",
    "topic_lines",
    "topic_map",
    "trend_grid",
]
