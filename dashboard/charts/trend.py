"""Small multiples over time, with the number of pieces under each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.base import (
    FAINT,
    GRID,
    NEUTRAL,
    FrameStyle,
    Look,
    axis_id,
    base_layout,
    columns,
    faded,
    figure,
    heading,
    inert,
    short,
    time_span,
)


def trend_grid(
    rows: pl.DataFrame,
    volume: pl.DataFrame,
    frames: Sequence[FrameStyle],
    lines: Sequence[str],
    events: pl.DataFrame,
    *,
    bin: str,
    look: Look,
    hollow: bool = True,
) -> go.Figure:
    """Small multiples: a row an outlet, a column a frame, a strip of counts under each.

    `rows`: outlet, start, frame, n, k, share, low, high, shown. `volume`: outlet, start, n with
    zeros where nothing was published. Hidden bins break the line.
    """
    left = 0.052
    domains = columns(len(frames), left, gap=0.022)
    panel, strip, pad = 96, 18, 34
    head, foot = 46, 44
    plot = len(lines) * (panel + strip + pad)
    row_title = 24
    height = head + foot + plot
    layout = base_layout(height, margin={"l": 8, "r": 12, "t": head, "b": foot}, bargap=0.15)
    starts = volume["start"].unique().sort().to_list()
    span = time_span(starts, bin)
    top_share = (
        min(100.0, max(20.0, float(rows["high"].max() or 0) * 105)) if rows.height else 100.0
    )  # type: ignore[arg-type]
    data: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for i, style in enumerate(frames):
        last = len(lines) - 1
        layout[f"xaxis{axis_id(i)}"] = {
            "domain": domains[i],
            "range": span,
            "type": "date",
            "anchor": f"y{axis_id(2 * last * len(frames) + 2 * i + 1)}",
            "gridcolor": GRID,
            "fixedrange": True,
            "nticks": 4,
            "tickformat": "%b\n%Y",
            "tickangle": 0,
        }
        annotations.append({**heading(style, domains[i]), "yshift": 16})
        for event in events.iter_rows(named=True):
            if not inside(event["date"], span):
                continue
            shapes.append(
                {
                    "type": "line",
                    "xref": f"x{axis_id(i)}",
                    "yref": "paper",
                    "x0": event["date"].isoformat(),
                    "x1": event["date"].isoformat(),
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": NEUTRAL, "width": 1.2, "dash": "dot"},
                    "layer": "below",
                }
            )
    for r, outlet in enumerate(lines):
        edge = 1 - r * (panel + strip + pad) / plot
        top = edge - row_title / plot
        mid, low_edge = top - panel / plot, top - (panel + strip) / plot
        annotations.append(
            {
                "text": f"<b>{inert(short(outlet, 60))}</b>",
                "x": 0,
                "y": edge,
                "xref": "paper",
                "yref": "paper",
                "bgcolor": look.ground,
                "xanchor": "left",
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": 13},
                "borderpad": 1,
            }
        )
        annotations.append(
            {
                "text": "n",
                "x": left - 0.008,
                "y": (mid + low_edge) / 2,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "right",
                "yanchor": "middle",
                "showarrow": False,
                "font": {"size": 11},
            }
        )
        own = rows.filter(pl.col("outlet") == outlet)
        counts = volume.filter(pl.col("outlet") == outlet)
        most = max(1, int(counts["n"].max() or 1))  # type: ignore[arg-type]
        for i, style in enumerate(frames):
            upper = 2 * (r * len(frames) + i)
            lower = upper + 1
            layout[f"yaxis{axis_id(upper)}"] = {
                "domain": [mid + 3 / plot, top],
                "range": [0, top_share],
                "anchor": f"x{axis_id(i)}" if i else "x",
                "showticklabels": i == 0,
                "ticksuffix": " %",
                "nticks": 4,
                "gridcolor": GRID,
                "fixedrange": True,
                "zeroline": False,
            }
            layout[f"yaxis{axis_id(lower)}"] = {
                "domain": [low_edge, mid - 1 / plot],
                "range": [0, most],
                "anchor": f"x{axis_id(i)}",
                "showticklabels": False,
                "showgrid": False,
                "fixedrange": True,
                "zeroline": False,
            }
            part = pl.DataFrame({"start": starts}, schema={"start": pl.Date}).join(
                own.filter(pl.col("frame") == style.id), on="start", how="left"
            )
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    # Arrays, for Plotly copies and checks a list value by value.
                    "x": part["start"].to_numpy(),
                    "y": (part["share"] * 100).to_numpy(),
                    "connectgaps": False,
                    "xaxis": f"x{axis_id(i)}",
                    "yaxis": f"y{axis_id(upper)}",
                    "line": {"color": style.colour, "width": 1.6},
                    "marker": {
                        "size": 6,
                        "symbol": "circle-open" if hollow else "circle",
                        "color": style.colour,
                        "line": {"width": 1.6, "color": style.colour},
                    },
                    "error_y": {
                        "type": "data",
                        "symmetric": False,
                        "array": ((part["high"] - part["share"]) * 100).to_numpy(),
                        "arrayminus": ((part["share"] - part["low"]) * 100).to_numpy(),
                        "color": faded(style.colour),
                        "thickness": 1.4,
                        "width": 0,
                    },
                    "customdata": part.select("n", "k").to_numpy(),
                    "hovertemplate": f"<b>{inert(outlet)}</b>, %{{x|%d %b %Y}}<br>"
                    f"{inert(style.name)}: %{{y:.0f}} %<br>%{{customdata[1]}} of "
                    "%{customdata[0]} pieces<extra></extra>",
                }
            )
            data.append(
                {
                    "type": "bar",
                    "x": counts["start"].to_numpy(),
                    "y": counts["n"].to_numpy(),
                    "xaxis": f"x{axis_id(i)}",
                    "yaxis": f"y{axis_id(lower)}",
                    "marker": {"color": FAINT},
                    "hovertemplate": f"<b>{inert(outlet)}</b>, %{{x|%d %b %Y}}<br>%{{y}} pieces"
                    "<extra></extra>",
                }
            )
    layout["annotations"] = annotations + _event_labels(events, span, domains)
    layout["shapes"] = shapes
    return figure(data, layout, look)


def _event_labels(
    events: pl.DataFrame, span: Sequence[str], domains: Sequence[tuple[float, float]]
) -> list[dict[str, Any]]:
    """A number over each event's line in every panel; the words stand in the caption."""
    labels = []
    number = 0
    for event in events.iter_rows(named=True):
        number += 1
        if not inside(event["date"], span):
            continue
        for i in range(len(domains)):
            labels.append(
                {
                    "text": str(number),
                    "x": event["date"].isoformat(),
                    "xref": f"x{axis_id(i)}",
                    "y": 1,
                    "yref": "paper",
                    "yanchor": "bottom",
                    "xanchor": "center",
                    "showarrow": False,
                    "yshift": -2,
                    "font": {"size": 11},
                }
            )
    return labels


def inside(day: dt.date, span: Sequence[str]) -> bool:
    return span[0] <= day.isoformat() <= span[1]
