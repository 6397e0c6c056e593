"""Tables of tinted cells: topic by frame or outlet, and the calendar of coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.base import Look, base_layout, figure, inert, short


def heat(
    rows: pl.DataFrame,
    *,
    x: str,
    y: str,
    z: str,
    x_order: Sequence[str],
    y_order: Sequence[str],
    text: str,
    hover: str,
    scale_title: str,
    percent: bool,
    x_labels: Sequence[str] | None = None,
    row_height: int = 26,
    look: Look,
) -> go.Figure:
    """A table of tinted cells with the number in each; empty where there is none."""
    grid: dict[tuple[Any, Any], tuple[Any, Any, Any]] = {
        (a, b): (c, t, h) for a, b, c, t, h in rows.select(x, y, z, text, hover).iter_rows()
    }
    empty = (None, "", "")
    cells = [[grid.get((a, b), empty) for a in x_order] for b in y_order]
    data = [
        {
            "type": "heatmap",
            "x": list(range(len(x_order))),
            "y": list(range(len(y_order))),
            "z": [[c[0] * 100 if percent and c[0] is not None else c[0] for c in r] for r in cells],
            "text": [[c[1] for c in r] for r in cells],
            "customdata": [[c[2] for c in r] for r in cells],
            "texttemplate": "%{text}",
            "hovertemplate": "%{customdata}<extra></extra>",
            "hoverongaps": False,
            "xgap": 2,
            "ygap": 2,
            "colorscale": [[0, "rgba(96,125,160,0.06)"], [1, "rgba(66,104,150,0.85)"]],
            "zmin": 0,
            "colorbar": {
                "title": {"text": inert(scale_title), "side": "right"},
                "thickness": 10,
                "outlinewidth": 0,
                "ticksuffix": " %" if percent else "",
            },
        }
    ]
    layout = base_layout(
        92 + row_height * max(len(y_order), 1),
        xaxis={
            "tickvals": list(range(len(x_order))),
            "ticktext": [inert(str(v)) for v in (x_labels or x_order)],
            "side": "top",
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis={
            "tickvals": list(range(len(y_order))),
            "ticktext": [inert(short(str(v), 40)) for v in y_order],
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
    )
    layout["margin"] = {"l": 8, "r": 8, "t": 40, "b": 12}
    return figure(data, layout, look)


def calendar(volume: pl.DataFrame, order: Sequence[str], bin: str, *, look: Look) -> go.Figure:
    """Pieces by outlet and week or month; an empty cell is a bin without any piece."""
    starts = volume["start"].unique().sort().to_list()
    grid = {(o, s): n for o, s, n in volume.select("outlet", "start", "n").iter_rows()}
    z = [[grid.get((o, s)) or None for s in starts] for o in order]
    most = max(grid.values(), default=0)
    data = [
        {
            "type": "heatmap",
            "x": starts,
            "y": list(range(len(order))),
            "z": z,
            "customdata": [[o] * len(starts) for o in (inert(o) for o in order)],
            "hovertemplate": "<b>%{customdata}</b><br>%{x|%d %b %Y}: %{z} pieces<extra></extra>",
            "hoverongaps": False,
            "xgap": 1,
            "ygap": 2,
            "colorscale": [[0, "rgba(110,143,184,0.38)"], [1, "rgba(58,104,166,1)"]],
            "zmin": 0,
            "colorbar": {
                "title": {"text": "pieces", "side": "right"},
                # Pieces are whole: no mark between two of them.
                "dtick": 1 if most <= 6 else None,
                "thickness": 10,
                "outlinewidth": 0,
            },
        }
    ]
    layout = base_layout(
        84 + 24 * max(len(order), 1),
        xaxis={
            "type": "date",
            "showgrid": False,
            "fixedrange": True,
            "title": {"text": f"{bin} of publication"},
        },
        yaxis={
            "tickvals": list(range(len(order))),
            "ticktext": [inert(short(o)) for o in order],
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
    )
    layout["margin"] = {"l": 8, "r": 8, "t": 10, "b": 48}
    return figure(data, layout, look)
