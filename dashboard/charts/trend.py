"""Small multiples over time, with the number of pieces under each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
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
from dashboard.charts.marks import HOLLOW, marked


def trend_grid(
    rows: pl.DataFrame,
    volume: pl.DataFrame,
    frames: Sequence[FrameStyle],
    lines: Sequence[str],
    events: pl.DataFrame,
    *,
    bin: str,
    turns: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], []),
    look: Look,
) -> go.Figure:
    """Small multiples: a row an outlet, a column a frame, a strip of counts under each.

    `rows` of `analysis.estimates.trend`. `volume`: outlet, start, n with zeros where nothing was
    published. Bins that are thin or may not be printed break the line. `turns`: shapes and traces of
    `turn_marks`.
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
    drawn = marked(rows.filter(~pl.col("thin")))
    panels = drawn.partition_by("outlet", "frame", as_dict=True)
    nothing = drawn.clear()
    reach = max(float(drawn[end].max() or 0) for end in ("high", "value", "naive"))  # type: ignore[arg-type]
    top_share = min(100.0, max(20.0, reach * 1.05)) if drawn.height else 100.0
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
                panels.get((outlet, style.id), nothing), on="start", how="left"
            )
            axes = {"xaxis": f"x{axis_id(i)}", "yaxis": f"y{axis_id(upper)}"}
            data += _lines(part, style, outlet, axes, bin)
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
    layout["shapes"] = [*shapes, *turns[0]]
    return figure([*data, *turns[1]], layout, look)


def _lines(
    part: pl.DataFrame, style: FrameStyle, outlet: str, axes: dict[str, str], bin: str
) -> list[dict[str, Any]]:
    """Band, naive line and line of one panel; `part` has a row for each bin, null where hidden."""
    # Arrays, for Plotly copies and checks a list value by value.
    x = part["start"].to_numpy()
    barred = part["barred"].fill_null(True)
    value = part["value"].set(barred, None)
    sure = (part["verdict"] == "publishable").fill_null(False)
    xs, ys = band(part, bin)
    quiet = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "connectgaps": False, **axes}
    found: list[dict[str, Any]] = [
        {
            **quiet,
            "x": xs,
            "y": ys,
            "fill": "toself",
            "fillcolor": faded(style.colour, 0.16),
            "line": {"width": 0},
        }
    ]
    if part["naive"].null_count() < part.height:
        line = {"color": NEUTRAL, "width": 1}
        found.append({**quiet, "x": x, "y": part["naive"].to_numpy(), "line": line})
    dashed = {"color": style.colour, "width": 1.4, "dash": "2px,3px"}
    found.append({**quiet, "x": x, "y": value.to_numpy(), "line": dashed})
    if sure.sum() > 1:
        solid = {"color": style.colour, "width": 1.8}
        found.append({**quiet, "x": x, "y": value.set(~sure, None).to_numpy(), "line": solid})
    found.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": x,
            "y": part["value"].to_numpy(),
            **axes,
            "marker": {
                "size": 6,
                "symbol": part["symbol"].fill_null(HOLLOW).to_list(),
                "color": style.colour,
                "line": {"width": 1.6, "color": style.colour},
                # Not a list of colours, which Plotly reads one by one.
                "opacity": part["opacity"].fill_null(1.0).to_numpy(),
            },
            "customdata": part.select(pl.col("hover").fill_null("")).to_numpy(),
            "hovertemplate": f"<b>{inert(outlet)}</b>, %{{x|%d %b %Y}}<br>"
            f"{inert(style.name)}: %{{customdata[0]}}<extra></extra>",
        }
    )
    return found


def band(part: pl.DataFrame, bin: str) -> tuple[np.ndarray, np.ndarray]:
    """The outline of the intervals, a closed shape for each run of bins; NaN between shapes.

    Each bin's interval reaches a little to both sides, so that a lone one can be seen.
    """
    reach = np.timedelta64({"week": 1, "month": 5, "quarter": 15}[bin], "D")
    days = part["start"].to_numpy().astype("datetime64[D]")
    low, high = part["low"].to_numpy(), part["high"].to_numpy()
    there = np.flatnonzero(~np.isnan(high))
    xs: list[np.ndarray] = []
    ys: list[np.ndarray] = []
    for run in np.split(there, np.flatnonzero(np.diff(there) > 1) + 1):
        if not run.size:
            continue
        first, last = run[:1], run[-1:]
        across = np.concatenate([days[first] - reach, days[run], days[last] + reach])
        top = np.concatenate([high[first], high[run], high[last]])
        bottom = np.concatenate([low[first], low[run], low[last]])
        xs += [across, across[::-1], np.array(["NaT"], "datetime64[D]")]
        ys += [top, bottom[::-1], np.array([np.nan])]
    if not xs:
        return np.array([], "datetime64[D]"), np.array([])
    return np.concatenate(xs), np.concatenate(ys)


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
