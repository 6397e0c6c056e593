"""Turning points on a grid of trends: when, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboard.charts.base import FrameStyle, axis_id, faded, inert
from dashboard.charts.marks import marked


def turn_marks(
    turns: pl.DataFrame, frames: Sequence[FrameStyle], lines: Sequence[str], day: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Shapes and traces for the panels of `trend_grid`: a band over the days that the interval
    holds, a line at the likeliest, and a triangle that says more.

    `turns` of `estimates.turning_points`; `day` puts a day into words.
    """
    shapes: list[dict[str, Any]] = []
    traces: list[dict[str, Any]] = []
    drawn = marked(turns, difference=True) if turns.height else turns
    for r, outlet in enumerate(lines):
        for i, style in enumerate(frames):
            own = drawn.filter((pl.col("outlet") == outlet) & (pl.col("frame") == style.id))
            if own.is_empty():
                continue
            x, y = f"x{axis_id(i)}", f"y{axis_id(2 * (r * len(frames) + i))}"
            for turn in own.iter_rows(named=True):
                shapes += _shapes(turn, style, x, y)
            traces.append(_triangles(own, style, x, y, day))
    return shapes, traces


def _shapes(turn: dict[str, Any], style: FrameStyle, x: str, y: str) -> list[dict[str, Any]]:
    place = {"xref": x, "yref": f"{y} domain", "y0": 0, "y1": 1, "layer": "below"}
    date = turn["date"].isoformat()
    return [
        {
            **place,
            "type": "rect",
            "x0": turn["first"].isoformat(),
            "x1": turn["last"].isoformat(),
            "fillcolor": faded(style.colour, 0.13),
            "line": {"width": 0},
        },
        {
            **place,
            "type": "line",
            "x0": date,
            "x1": date,
            "line": {"color": style.colour, "width": 1.6},
        },
    ]


def _triangles(own: pl.DataFrame, style: FrameStyle, x: str, y: str, day: Any) -> dict[str, Any]:
    told = [
        f"turned about {day(row['date'])}<br>between {day(row['first'])} and {day(row['last'])}<br>"
        f"{row['hover']}"
        for row in own.iter_rows(named=True)
    ]
    up = (own["difference"] > 0).to_list()
    sure = (own["verdict"] == "publishable").to_list()
    return {
        "type": "scatter",
        "mode": "markers",
        "x": own["date"].to_numpy(),
        # At the foot, where no line is likely to hide it.
        "y": [0] * own.height,
        "xaxis": x,
        "yaxis": y,
        "cliponaxis": False,
        "marker": {
            "size": 10,
            "symbol": [
                f"triangle-{'up' if u else 'down'}{'' if s else '-open'}"
                for u, s in zip(up, sure, strict=True)
            ],
            "color": style.colour,
            "line": {"width": 1.8, "color": style.colour},
        },
        "customdata": [[text] for text in told],
        "hovertemplate": f"<b>{inert(style.name)}</b> %{{customdata[0]}}<extra></extra>",
    }
