"""How often a search is found, over time: a panel for each outlet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.base import (
    FAINT,
    GRID,
    NEUTRAL,
    Look,
    axis_id,
    base_layout,
    columns,
    faded,
    figure,
    inert,
    short,
    time_span,
)
from dashboard.charts.trend import band, inside

COLOUR = "#5B7C99"
ACROSS = 2


def found_over_time(
    rows: pl.DataFrame,
    volume: pl.DataFrame,
    lines: Sequence[str],
    events: pl.DataFrame,
    *,
    bin: str,
    look: Look,
) -> go.Figure:
    """Panels in two columns, in the order of `lines`, with the number of pieces under each.

    `rows`: outlet, start, n, k, share, low, high (null where hidden, fractions). `volume`: outlet,
    start, n with zeros. Bins that are hidden or empty break the line.
    """
    panel, strip, pad, head, foot = 92, 16, 34, 12, 34
    across = min(ACROSS, len(lines))
    deep = -(-len(lines) // across)
    plot = deep * (panel + strip + pad)
    layout = base_layout(
        head + plot + foot, margin={"l": 8, "r": 12, "t": head, "b": foot}, bargap=0.15
    )
    domains = columns(across, 0.035, gap=0.06)
    starts = volume["start"].unique().sort()
    span = time_span(starts.to_list(), bin)
    top = 100 * min(1.0, max(0.02, float(rows["high"].max() or 0) * 1.05))  # type: ignore[arg-type]
    data: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for i, outlet in enumerate(lines):
        row, column = divmod(i, across)
        edge = 1 - row * (panel + strip + pad) / plot
        high = edge - 22 / plot
        middle, low = high - panel / plot, high - (panel + strip) / plot
        upper, lower = axis_id(2 * i), axis_id(2 * i + 1)
        axis = axis_id(i)
        layout[f"xaxis{axis}"] = {
            "domain": domains[column],
            "anchor": f"y{lower}",
            "range": span,
            "type": "date",
            "gridcolor": GRID,
            "fixedrange": True,
            "nticks": 5,
            "tickformat": "%b %Y",
            "tickangle": 0,
            "showticklabels": i >= len(lines) - across,
        }
        layout[f"yaxis{upper}"] = {
            "domain": [middle + 3 / plot, high],
            "range": [0, top],
            "anchor": f"x{axis}",
            "ticksuffix": " %",
            "nticks": 4,
            "gridcolor": GRID,
            "fixedrange": True,
            "zeroline": False,
        }
        own = volume.filter(pl.col("outlet") == outlet)
        layout[f"yaxis{lower}"] = {
            "domain": [low, middle - 1 / plot],
            "range": [0, max(1, int(own["n"].max() or 1))],  # type: ignore[arg-type]
            "anchor": f"x{axis}",
            "showticklabels": False,
            "showgrid": False,
            "fixedrange": True,
            "zeroline": False,
        }
        part = starts.to_frame().join(
            rows.filter(pl.col("outlet") == outlet), on="start", how="left", maintain_order="left"
        )
        data += _panel(part, own, outlet, bin, f"x{axis}", f"y{upper}", f"y{lower}")
        annotations.append(
            {
                "text": f"<b>{inert(short(outlet, 40))}</b>",
                "x": domains[column][0],
                "y": edge,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "top",
                "showarrow": False,
            }
        )
        shapes += [
            {
                "type": "line",
                "xref": f"x{axis}",
                "yref": "paper",
                "x0": day.isoformat(),
                "x1": day.isoformat(),
                "y0": low,
                "y1": high,
                "line": {"color": NEUTRAL, "width": 1.1, "dash": "dot"},
                "layer": "below",
            }
            for day in events["date"]
            if inside(day, span)
        ]
    layout["annotations"], layout["shapes"] = annotations, shapes
    return figure(data, layout, look)


def _panel(
    part: pl.DataFrame, volume: pl.DataFrame, outlet: str, bin: str, x: str, upper: str, lower: str
) -> list[dict[str, Any]]:
    drawn = part.with_columns(pl.col("share", "low", "high") * 100)
    days = drawn["start"].to_numpy()
    xs, ys = band(drawn, bin)
    said = drawn.select(
        pl.format(
            "{} of {} pieces, {} % ({} to {} %)",
            "k",
            "n",
            *(pl.col(name).round(1) for name in ("share", "low", "high")),
        ).fill_null("")
    )
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": xs,
            "y": ys,
            "xaxis": x,
            "yaxis": upper,
            "fill": "toself",
            "fillcolor": faded(COLOUR, 0.2),
            "line": {"width": 0},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": days,
            "y": drawn["share"].to_numpy(),
            "xaxis": x,
            "yaxis": upper,
            "connectgaps": False,
            "line": {"color": COLOUR, "width": 1.6},
            "marker": {"size": 5, "color": COLOUR},
            "customdata": said.to_numpy(),
            "hovertemplate": f"<b>{inert(outlet)}</b>, %{{x|%d %b %Y}}<br>%{{customdata[0]}}<extra></extra>",
        },
        {
            "type": "bar",
            "x": volume["start"].to_numpy(),
            "y": volume["n"].to_numpy(),
            "xaxis": x,
            "yaxis": lower,
            "marker": {"color": FAINT},
            "hovertemplate": f"<b>{inert(outlet)}</b>, %{{x|%d %b %Y}}<br>%{{y}} pieces<extra></extra>",
        },
    ]
