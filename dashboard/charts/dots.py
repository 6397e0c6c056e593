"""Shares and differences by outlet: dots with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.base import (
    GRID,
    NEUTRAL,
    FrameStyle,
    Look,
    axis_id,
    axis_title_below,
    base_layout,
    columns,
    figure,
    heading,
    inert,
    short,
)
from dashboard.charts.marks import TICK, marked


def dots_by_outlet(
    rows: pl.DataFrame,
    frames: Sequence[FrameStyle],
    order: Sequence[str],
    *,
    axis_title: str,
    difference: bool = False,
    least: float = 10,
    width: int = 26,
    look: Look,
) -> go.Figure:
    """One panel a frame, one row an outlet: a dot with its interval, a tick for the naive number.

    `rows` of `analysis.estimates`, with outlet; differences where `difference` is true. `order`
    lists outlets from top to bottom, names longer than `width` are cut. Differences reach at least
    `least` points to both sides.
    """
    longest = max((len(short(o, width)) for o in order), default=8)
    left = min(0.24 * width / 26, 0.03 + 0.0065 * longest)
    domains = columns(len(frames), left)
    drawn = marked(rows, difference)
    bounds = _range(drawn, difference, least)
    data: list[dict[str, Any]] = []
    layout = base_layout(96 + 27 * max(len(order), 1))
    annotations = []
    for i, style in enumerate(frames):
        part = drawn.filter((pl.col("frame") == style.id) & pl.col("value").is_not_null())
        axes = {"xaxis": f"x{axis_id(i)}", "yaxis": "y"}
        data.append(_ticks_of(part.filter(pl.col("naive").is_not_null()), axes))
        data.append(_dots_of(part, style, axes))
        layout[f"xaxis{axis_id(i)}"] = {
            "domain": domains[i],
            "anchor": "y",
            "range": bounds,
            "tickmode": "array",
            "tickvals": (ticks := _ticks(bounds)),
            "ticktext": [_signed(v) if difference else f"{v:.0f} %" for v in ticks],
            "gridcolor": GRID,
            "zeroline": difference,
            "zerolinecolor": NEUTRAL,
            "zerolinewidth": 1.4,
            "fixedrange": True,
            "tickangle": 0,
        }
        annotations.append(heading(style, domains[i]))
    layout["yaxis"] = {
        "categoryorder": "array",
        "categoryarray": list(order)[::-1],
        "tickmode": "array",
        "tickvals": list(order),
        "ticktext": [inert(short(o, width)) for o in order],
        "range": [-0.6, max(len(order), 1) - 0.4],
        "gridcolor": GRID,
        "showgrid": True,
        "fixedrange": True,
        "domain": [0, 1],
    }
    layout["annotations"] = [*annotations, axis_title_below(axis_title)]
    layout["margin"] = {"l": 8, "r": 12, "t": 34, "b": 52}
    return figure(data, layout, look)


def _dots_of(part: pl.DataFrame, style: FrameStyle, axes: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": style.name,
        "x": part["value"].to_list(),
        "y": part["outlet"].to_list(),
        **axes,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": (part["high"] - part["value"]).to_list(),
            "arrayminus": (part["value"] - part["low"]).to_list(),
            "color": style.colour,
            "thickness": 1.6,
            "width": 0,
        },
        "marker": {
            "size": 10,
            "symbol": part["symbol"].to_list(),
            "color": style.colour,
            "line": {"width": 2.4, "color": style.colour},
            "opacity": part["opacity"].to_list(),
        },
        "customdata": part.select("hover").rows(),
        "hovertemplate": f"<b>%{{y}}</b><br>{inert(style.name)}: %{{customdata[0]}}<extra></extra>",
    }


def _ticks_of(part: pl.DataFrame, axes: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "naive",
        "x": part["naive"].to_list(),
        "y": part["outlet"].to_list(),
        **axes,
        "marker": {"size": 13, "symbol": TICK, "color": NEUTRAL, "line": {"width": 2}},
        "hoverinfo": "skip",
    }


def before_after(
    rows: pl.DataFrame, frames: Sequence[FrameStyle], order: Sequence[str], *, look: Look
) -> go.Figure:
    """Change of each outlet's share around an event, in points with its interval."""
    return dots_by_outlet(
        rows,
        frames,
        order,
        axis_title="Change in percentage points, 95 % interval",
        difference=True,
        look=look,
    )


def _range(drawn: pl.DataFrame, around_zero: bool, least: float) -> list[float]:
    ends = ("low", "high", "value", "naive")
    top = max((float(drawn[end].max() or 0) for end in ends), default=0.0)  # type: ignore[arg-type]
    bottom = min((float(drawn[end].min() or 0) for end in ends), default=0.0)  # type: ignore[arg-type]
    if around_zero:
        reach = max(abs(top), abs(bottom), least) * 1.06
        return [-reach, reach]
    # Up to the next round value, and room for its label.
    last = -(-max(top, 20.0) // _step(top)) * _step(top)
    return [-2.0, last + 0.075 * last]


def _signed(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−") if round(value) else "0"


def _step(span: float) -> int:
    return next(s for s in (1, 2, 5, 10, 20, 25, 50) if span / s <= 4.6 or s == 50)


def _ticks(bounds: Sequence[float]) -> list[float]:
    """Three or four round values well inside the bounds, so that labels keep off the edges."""
    span = bounds[1] - bounds[0]
    step = _step(span)
    first = -(-(bounds[0] + 0.02 * span) // step) * step if bounds[0] < -2 else 0
    return [v for v in (first + step * i for i in range(12)) if v <= bounds[1] - 0.06 * span]
