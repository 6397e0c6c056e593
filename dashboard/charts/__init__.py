"""Figures: pure functions from tables to Plotly. Shares come in as fractions and are drawn in %.

Marks are filled where the number behind them is publishable, hollow where it is exploratory, and
a dash where it may not be printed.
"""

from dashboard.charts.base import FrameStyle, Look, inert, inert_column, short
from dashboard.charts.copies import sources_by_outlet
from dashboard.charts.dots import before_after, dots_by_outlet
from dashboard.charts.grids import calendar, heat
from dashboard.charts.marks import cell_text, marked
from dashboard.charts.search import found_over_time
from dashboard.charts.topics import bars, topic_lines, topic_map
from dashboard.charts.trend import trend_grid
from dashboard.charts.turns import turn_marks
from dashboard.charts.validation import (
    alphas,
    budget,
    confusion,
    corrections,
    error_rates,
    half_widths,
    multiverse,
    reliability,
)
from dashboard.charts.voices import PLAIN, voices_by_outlet
from dashboard.charts.words import word_dots, word_plot

__all__ = [
    "PLAIN",
    "FrameStyle",
    "Look",
    "alphas",
    "bars",
    "before_after",
    "budget",
    "calendar",
    "cell_text",
    "confusion",
    "corrections",
    "dots_by_outlet",
    "error_rates",
    "found_over_time",
    "half_widths",
    "heat",
    "inert",
    "inert_column",
    "marked",
    "multiverse",
    "reliability",
    "short",
    "sources_by_outlet",
    "topic_lines",
    "topic_map",
    "trend_grid",
    "turn_marks",
    "voices_by_outlet",
    "word_dots",
    "word_plot",
]
