"""Figures: pure functions from tables to Plotly. Shares come in as fractions and are drawn in %.

Marks are hollow where the number behind them is exploratory.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import polars as pl

# Topics get muted hues, so that none is taken for a frame.
TOPIC_HUES = (
    "#7E8FA8",
    "#B0906A",
    "#87A276",
    "#A97F9A",
    "#6FA39D",
    "#B5A266",
    "#8D80AB",
    "#AD7A73",
    "#6E94B5",
    "#9C9C6B",
)
NEUTRAL = "#7A8699"
FAINT = "rgba(122,134,153,0.28)"
GRID = "rgba(122,134,153,0.18)"
FONT = 13


@dataclass(frozen=True)
class FrameStyle:
    """How a frame is called and coloured, the same everywhere."""

    id: str
    name: str
    short: str
    colour: str


def _base(height: int, **layout: Any) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 36, "b": 40},
        "showlegend": False,
        "hovermode": "closest",
        "font": {"size": FONT},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"font": {"size": 13}, "align": "left"},
        **layout,
    }


def _figure(data: list[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    return go.Figure(data=data, layout=layout)


def _columns(count: int, left: float, gap: float = 0.032) -> list[tuple[float, float]]:
    """Domains of `count` panels side by side, right of a margin for row labels."""
    width = (1 - left - gap * (count - 1)) / count
    return [(left + i * (width + gap), left + i * (width + gap) + width) for i in range(count)]


def _axis(i: int) -> str:
    return "" if i == 0 else str(i + 1)


def _short(text: str, width: int = 26) -> str:
    return textwrap.shorten(text, width, placeholder="…") if len(text) > width else text


def inert(text: str) -> str:
    """Text that Plotly's pseudo-HTML shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def dots_by_outlet(
    rows: pl.DataFrame,
    frames: Sequence[FrameStyle],
    order: Sequence[str],
    *,
    value: str,
    low: str,
    high: str,
    axis_title: str,
    zero_line: bool = False,
    hollow: bool = True,
) -> go.Figure:
    """One panel a frame, one row an outlet: a dot with its interval.

    `rows` has outlet, frame, n, k and the fractions named by value, low, high. `order` lists
    outlets from top to bottom.
    """
    longest = max((len(_short(o)) for o in order), default=8)
    left = min(0.24, 0.03 + 0.0065 * longest)
    domains = _columns(len(frames), left)
    bounds = _range(rows, low, high, zero_line)
    data: list[dict[str, Any]] = []
    layout = _base(96 + 27 * max(len(order), 1))
    annotations = []
    for i, style in enumerate(frames):
        part = rows.filter((pl.col("frame") == style.id) & pl.col(value).is_not_null())
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": style.name,
                "x": (part[value] * 100).to_list(),
                "y": part["outlet"].to_list(),
                "xaxis": f"x{_axis(i)}",
                "yaxis": "y",
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": ((part[high] - part[value]) * 100).to_list(),
                    "arrayminus": ((part[value] - part[low]) * 100).to_list(),
                    "color": style.colour,
                    "thickness": 1.6,
                    "width": 0,
                },
                "marker": {
                    "size": 10,
                    "symbol": "circle-open" if hollow else "circle",
                    "color": style.colour,
                    "line": {"width": 2.4, "color": style.colour},
                },
                "customdata": part.select("n", "k", low, high).rows(),
                "hovertemplate": f"<b>%{{y}}</b><br>{inert(style.name)}: %{{x:.0f}} "
                + ("points" if zero_line else "%")
                + "<br>%{customdata[1]} of %{customdata[0]} pieces<extra></extra>",
            }
        )
        layout[f"xaxis{_axis(i)}"] = {
            "domain": domains[i],
            "anchor": "y",
            "range": bounds,
            "tickmode": "array",
            "tickvals": (ticks := _ticks(bounds)),
            "ticktext": [_signed(v) if zero_line else f"{v:.0f} %" for v in ticks],
            "gridcolor": GRID,
            "zeroline": zero_line,
            "zerolinecolor": NEUTRAL,
            "zerolinewidth": 1.4,
            "fixedrange": True,
            "tickangle": 0,
        }
        annotations.append(_heading(style, domains[i]))
    layout["yaxis"] = {
        "categoryorder": "array",
        "categoryarray": list(order)[::-1],
        "tickmode": "array",
        "tickvals": list(order),
        "ticktext": [inert(_short(o)) for o in order],
        "range": [-0.6, max(len(order), 1) - 0.4],
        "gridcolor": GRID,
        "showgrid": True,
        "fixedrange": True,
        "domain": [0, 1],
    }
    layout["annotations"] = [*annotations, _axis_title(axis_title)]
    layout["margin"] = {"l": 8, "r": 12, "t": 34, "b": 52}
    return _figure(data, layout)


def _heading(style: FrameStyle, domain: tuple[float, float], y: float = 1.0) -> dict[str, Any]:
    return {
        "text": f"<b>{inert(style.short)}</b>",
        "font": {"color": style.colour, "size": 15},
        "x": domain[0],
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "yshift": 6,
    }


def _axis_title(text: str) -> dict[str, Any]:
    return {
        "text": inert(text),
        "font": {"size": 13},
        "x": 1,
        "y": 0,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "right",
        "yanchor": "top",
        "yshift": -26,
        "showarrow": False,
    }


def _range(rows: pl.DataFrame, low: str, high: str, around_zero: bool) -> list[float]:
    top = float(rows[high].max() or 0) * 100 if rows.height else 0.0  # type: ignore[arg-type]
    bottom = float(rows[low].min() or 0) * 100 if rows.height else 0.0  # type: ignore[arg-type]
    if around_zero:
        reach = max(abs(top), abs(bottom), 10) * 1.06
        return [-reach, reach]
    # Up to the next round value, and room for its label.
    last = -(-max(top, 20.0) // _step(top)) * _step(top)
    return [-2.0, last + 0.075 * last]


def _signed(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−") if round(value) else "0"


def _step(span: float) -> int:
    return next(s for s in (5, 10, 20, 25, 50) if span / s <= 4.6 or s == 50)


def _ticks(bounds: Sequence[float]) -> list[float]:
    """Three or four round values well inside the bounds, so that labels keep off the edges."""
    span = bounds[1] - bounds[0]
    step = _step(span)
    first = -(-(bounds[0] + 0.02 * span) // step) * step if bounds[0] < -2 else 0
    return [v for v in (first + step * i for i in range(12)) if v <= bounds[1] - 0.06 * span]


def trend_grid(
    rows: pl.DataFrame,
    volume: pl.DataFrame,
    frames: Sequence[FrameStyle],
    lines: Sequence[str],
    events: pl.DataFrame,
    *,
    bin: str,
    ground: str,
    hollow: bool = True,
) -> go.Figure:
    """Small multiples: a row an outlet, a column a frame, a strip of counts under each.

    `rows`: outlet, start, frame, n, k, share, low, high, shown. `volume`: outlet, start, n with
    zeros where nothing was published. Hidden bins break the line. `ground` is the page's colour.
    """
    left = 0.052
    domains = _columns(len(frames), left, gap=0.022)
    panel, strip, pad = 96, 18, 34
    head, foot = 46, 44
    plot = len(lines) * (panel + strip + pad)
    row_title = 24
    height = head + foot + plot
    layout = _base(height, margin={"l": 8, "r": 12, "t": head, "b": foot}, bargap=0.15)
    starts = volume["start"].unique().sort().to_list()
    span = _span(starts, bin)
    top_share = (
        min(100.0, max(20.0, float(rows["high"].max() or 0) * 105)) if rows.height else 100.0
    )  # type: ignore[arg-type]
    data: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for i, style in enumerate(frames):
        last = len(lines) - 1
        layout[f"xaxis{_axis(i)}"] = {
            "domain": domains[i],
            "range": span,
            "type": "date",
            "anchor": f"y{_axis(2 * last * len(frames) + 2 * i + 1)}",
            "gridcolor": GRID,
            "fixedrange": True,
            "nticks": 4,
            "tickformat": "%b\n%Y",
            "tickangle": 0,
        }
        annotations.append({**_heading(style, domains[i]), "yshift": 16})
        for event in events.iter_rows(named=True):
            if not _inside(event["date"], span):
                continue
            shapes.append(
                {
                    "type": "line",
                    "xref": f"x{_axis(i)}",
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
                "text": f"<b>{inert(_short(outlet, 60))}</b>",
                "x": 0,
                "y": edge,
                "xref": "paper",
                "yref": "paper",
                "bgcolor": ground,
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
                "font": {"size": 11, "color": NEUTRAL},
            }
        )
        own = rows.filter(pl.col("outlet") == outlet)
        counts = volume.filter(pl.col("outlet") == outlet)
        most = max(1, int(counts["n"].max() or 1))  # type: ignore[arg-type]
        for i, style in enumerate(frames):
            upper = 2 * (r * len(frames) + i)
            lower = upper + 1
            layout[f"yaxis{_axis(upper)}"] = {
                "domain": [mid + 3 / plot, top],
                "range": [0, top_share],
                "anchor": f"x{_axis(i)}" if i else "x",
                "showticklabels": i == 0,
                "ticksuffix": " %",
                "nticks": 4,
                "gridcolor": GRID,
                "fixedrange": True,
                "zeroline": False,
            }
            layout[f"yaxis{_axis(lower)}"] = {
                "domain": [low_edge, mid - 1 / plot],
                "range": [0, most],
                "anchor": f"x{_axis(i)}",
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
                    "x": part["start"].to_list(),
                    "y": (part["share"] * 100).to_list(),
                    "connectgaps": False,
                    "xaxis": f"x{_axis(i)}",
                    "yaxis": f"y{_axis(upper)}",
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
                        "array": ((part["high"] - part["share"]) * 100).to_list(),
                        "arrayminus": ((part["share"] - part["low"]) * 100).to_list(),
                        "color": _faded(style.colour),
                        "thickness": 1.4,
                        "width": 0,
                    },
                    "customdata": part.select("n", "k").rows(),
                    "hovertemplate": f"<b>{inert(outlet)}</b>, %{{x|%d %b %Y}}<br>"
                    f"{inert(style.name)}: %{{y:.0f}} %<br>%{{customdata[1]}} of "
                    "%{customdata[0]} pieces<extra></extra>",
                }
            )
            data.append(
                {
                    "type": "bar",
                    "x": counts["start"].to_list(),
                    "y": counts["n"].to_list(),
                    "xaxis": f"x{_axis(i)}",
                    "yaxis": f"y{_axis(lower)}",
                    "marker": {"color": FAINT},
                    "hovertemplate": f"<b>{inert(outlet)}</b>, %{{x|%d %b %Y}}<br>%{{y}} pieces"
                    "<extra></extra>",
                }
            )
    layout["annotations"] = annotations + _event_labels(events, span, domains)
    layout["shapes"] = shapes
    return _figure(data, layout)


def _event_labels(
    events: pl.DataFrame, span: Sequence[str], domains: Sequence[tuple[float, float]]
) -> list[dict[str, Any]]:
    """A number over each event's line in every panel; the words stand in the caption."""
    labels = []
    number = 0
    for event in events.iter_rows(named=True):
        number += 1
        if not _inside(event["date"], span):
            continue
        for i in range(len(domains)):
            labels.append(
                {
                    "text": str(number),
                    "x": event["date"].isoformat(),
                    "xref": f"x{_axis(i)}",
                    "y": 1,
                    "yref": "paper",
                    "yanchor": "bottom",
                    "xanchor": "center",
                    "showarrow": False,
                    "yshift": -2,
                    "font": {"size": 11, "color": NEUTRAL},
                }
            )
    return labels


def _span(starts: Sequence[dt.date], bin: str) -> list[str]:
    if not starts:
        return ["2000-01-01", "2000-12-31"]
    width = dt.timedelta(days={"week": 7, "month": 31, "quarter": 92}[bin])
    return [(starts[0] - width * 0.6).isoformat(), (starts[-1] + width * 0.6).isoformat()]


def _inside(day: dt.date, span: Sequence[str]) -> bool:
    return span[0] <= day.isoformat() <= span[1]


def _faded(colour: str, alpha: float = 0.45) -> str:
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{alpha})"


def before_after(
    rows: pl.DataFrame, frames: Sequence[FrameStyle], order: Sequence[str], hollow: bool = True
) -> go.Figure:
    """Change of each outlet's share around an event, in points with its interval."""
    return dots_by_outlet(
        rows,
        frames,
        order,
        value="difference",
        low="difference_low",
        high="difference_high",
        axis_title="Change in percentage points, 95 % interval",
        zero_line=True,
        hollow=hollow,
    )


def topic_map(
    points: pl.DataFrame, topics: pl.DataFrame, highlight: Sequence[str], *, ground: str
) -> go.Figure:
    """Pieces by what they are about: near means alike; position has no other meaning.

    `points`: id, title, outlet, topic_key, map_x, map_y. `topics`: topic_key, label, largest first.
    `ground` is the page's colour.
    """
    named = topics.filter(pl.col("topic_key") != "unassigned")
    hues = {key: TOPIC_HUES[i % len(TOPIC_HUES)] for i, key in enumerate(named["topic_key"])}
    coloured = points.with_columns(
        hue=pl.col("topic_key").replace_strict(hues, default=NEUTRAL, return_dtype=pl.String),
        title=pl.col("title").str.slice(0, 90),
    )
    strong = (
        pl.col("topic_key").is_in(list(highlight))
        if highlight
        else pl.col("topic_key").is_in(list(hues))
    )
    coloured = coloured.with_columns(alpha=pl.when(strong).then(0.75).otherwise(0.22))
    labels = dict(topics.select("topic_key", "label").iter_rows())
    text = [
        f"<b>{inert(t)}</b><br>{inert(o)}<br>{inert(labels.get(k, k))}"
        for t, o, k in coloured.select("title", "outlet", "topic_key").iter_rows()
    ]
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": coloured["map_x"].to_list(),
            "y": coloured["map_y"].to_list(),
            "marker": {
                "size": 7 if points.height < 1500 else 5,
                "color": coloured["hue"].to_list(),
                "opacity": coloured["alpha"].to_list(),
            },
            "text": text,
            "customdata": coloured["id"].to_list(),
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]
    hidden = {"visible": False}
    layout = _base(
        600, xaxis=hidden, yaxis=hidden, annotations=_map_labels(points, named, highlight, ground)
    )
    layout["margin"] = {"l": 4, "r": 4, "t": 16, "b": 4}
    return _figure(data, layout)


def _map_labels(
    points: pl.DataFrame, named: pl.DataFrame, highlight: Sequence[str], ground: str
) -> list[dict[str, Any]]:
    """Names of topics over their pieces: chosen and large ones first, none on top of another."""
    if points.is_empty():
        return []
    width = float(points["map_x"].max() - points["map_x"].min()) or 1.0  # type: ignore[operator, arg-type]
    height = float(points["map_y"].max() - points["map_y"].min()) or 1.0  # type: ignore[operator, arg-type]
    centres = (
        points.group_by("topic_key")
        .agg(pl.col("map_x").median(), top=pl.col("map_y").quantile(0.9))
        .join(named.with_row_index("rank"), on="topic_key")
        .sort(~pl.col("topic_key").is_in(list(highlight)), "rank")
    )
    placed: list[tuple[float, float]] = []
    labels = []
    for row in centres.iter_rows(named=True):
        x, y = row["map_x"] / width, row["top"] / height
        if any(abs(x - a) < 0.2 and abs(y - b) < 0.045 for a, b in placed):
            continue
        placed.append((x, y))
        labels.append(
            {
                "x": row["map_x"],
                "y": row["top"],
                "text": inert(_short(row["label"], 34)),
                "showarrow": False,
                "yshift": 13,
                "bgcolor": _faded(ground, 0.78),
                "borderpad": 1,
                "font": {"size": 12, "weight": 600},
            }
        )
    return labels


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
    layout = _base(
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
            "ticktext": [inert(_short(str(v), 40)) for v in y_order],
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
    )
    layout["margin"] = {"l": 8, "r": 8, "t": 40, "b": 12}
    return _figure(data, layout)


def calendar(volume: pl.DataFrame, order: Sequence[str], bin: str) -> go.Figure:
    """Pieces by outlet and week or month; an empty cell is a bin without any piece."""
    starts = volume["start"].unique().sort().to_list()
    grid = {(o, s): n for o, s, n in volume.select("outlet", "start", "n").iter_rows()}
    z = [[grid.get((o, s)) or None for s in starts] for o in order]
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
                "thickness": 10,
                "outlinewidth": 0,
            },
        }
    ]
    layout = _base(
        84 + 24 * max(len(order), 1),
        xaxis={
            "type": "date",
            "showgrid": False,
            "fixedrange": True,
            "title": {"text": f"{bin} of publication"},
        },
        yaxis={
            "tickvals": list(range(len(order))),
            "ticktext": [inert(_short(o)) for o in order],
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
    )
    layout["margin"] = {"l": 8, "r": 8, "t": 10, "b": 48}
    return _figure(data, layout)


def bars(rows: pl.DataFrame, *, label: str, value: str, axis_title: str) -> go.Figure:
    """Horizontal bars, in the order of the rows, with the number at the end of each."""
    names = [inert(_short(str(v), 44)) for v in rows[label]]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": rows[value].to_list(),
            "y": list(range(rows.height)),
            "marker": {"color": NEUTRAL},
            "text": [f"{v:,}" for v in rows[value]],
            "textposition": "outside",
            "cliponaxis": False,
            "customdata": names,
            "hovertemplate": "<b>%{customdata}</b>: %{x:,}<extra></extra>",
        }
    ]
    layout = _base(
        70 + 25 * max(rows.height, 1),
        xaxis={"title": {"text": axis_title}, "gridcolor": GRID, "fixedrange": True},
        yaxis={
            "tickvals": list(range(rows.height)),
            "ticktext": names,
            "autorange": "reversed",
            "showgrid": False,
            "fixedrange": True,
            "automargin": True,
        },
    )
    layout["margin"] = {"l": 8, "r": 48, "t": 8, "b": 44}
    return _figure(data, layout)


def topic_lines(rows: pl.DataFrame, topics: pl.DataFrame, bin: str) -> go.Figure:
    """Pieces a bin for each topic, one thin panel a topic, on one scale.

    `rows`: topic_key, start, n with zeros filled in. `topics`: topic_key, label in order.
    """
    count = topics.height
    starts = rows["start"].unique().sort().to_list()
    most = max(1, int(rows["n"].max() or 1))  # type: ignore[arg-type]
    panel, pad = 46, 10
    plot = max(1, count) * (panel + pad)
    layout = _base(plot + 70, margin={"l": 8, "r": 8, "t": 8, "b": 40})
    layout["xaxis"] = {
        "type": "date",
        "domain": [0.3, 1],
        "range": _span(starts, bin),
        "gridcolor": GRID,
        "fixedrange": True,
        "anchor": f"y{_axis(max(count - 1, 0))}",
    }
    data, annotations = [], []
    for r, (key, label) in enumerate(topics.select("topic_key", "label").iter_rows()):
        part = rows.filter(pl.col("topic_key") == key)
        top = 1 - r * (panel + pad) / plot
        layout[f"yaxis{_axis(r)}"] = {
            "domain": [top - panel / plot, top],
            "range": [0, most],
            "nticks": 3,
            "gridcolor": GRID,
            "fixedrange": True,
            "zeroline": False,
            "side": "right",
        }
        hue = TOPIC_HUES[r % len(TOPIC_HUES)] if key != "unassigned" else NEUTRAL
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "fill": "tozeroy",
                "line": {"color": hue, "width": 1.4},
                "x": part["start"].to_list(),
                "y": part["n"].to_list(),
                "xaxis": "x",
                "yaxis": f"y{_axis(r)}",
                "hovertemplate": f"<b>{inert(label)}</b><br>%{{x|%d %b %Y}}: %{{y}} pieces<extra></extra>",
            }
        )
        annotations.append(
            {
                "text": inert(_short(label, 40)),
                "x": 0.29,
                "y": top - panel / plot / 2,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "right",
                "yanchor": "middle",
                "showarrow": False,
                "font": {"size": 13},
            }
        )
    layout["annotations"] = annotations
    return _figure(data, layout)
