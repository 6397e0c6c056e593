"""Topics: map, sizes, and size over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.base import (
    GRID,
    NEUTRAL,
    Look,
    axis_id,
    base_layout,
    faded,
    figure,
    inert,
    short,
    time_span,
)

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


def topic_map(
    points: pl.DataFrame, topics: pl.DataFrame, highlight: Sequence[str], *, look: Look
) -> go.Figure:
    """Pieces by what they are about: near means alike; position has no other meaning.

    `points`: id, title, outlet, topic_key, map_x, map_y. `topics`: topic_key, label, largest first.
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
    layout = base_layout(
        600, xaxis=hidden, yaxis=hidden, annotations=_map_labels(points, named, highlight, look)
    )
    layout["margin"] = {"l": 4, "r": 4, "t": 16, "b": 4}
    return figure(data, layout, look)


def _map_labels(
    points: pl.DataFrame, named: pl.DataFrame, highlight: Sequence[str], look: Look
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
                "text": inert(short(row["label"], 34)),
                "showarrow": False,
                "yshift": 13,
                "bgcolor": faded(look.ground, 0.78),
                "borderpad": 1,
                "font": {"size": 12, "weight": 600},
            }
        )
    return labels


def bars(rows: pl.DataFrame, *, label: str, value: str, axis_title: str, look: Look) -> go.Figure:
    """Horizontal bars, in the order of the rows, with the number at the end of each."""
    names = [inert(short(str(v), 44)) for v in rows[label]]
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
    layout = base_layout(
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
    return figure(data, layout, look)


def topic_lines(rows: pl.DataFrame, topics: pl.DataFrame, bin: str, *, look: Look) -> go.Figure:
    """Pieces a bin for each topic, one thin panel a topic, on one scale.

    `rows`: topic_key, start, n with zeros filled in. `topics`: topic_key, label in order.
    """
    count = topics.height
    starts = rows["start"].unique().sort().to_list()
    most = max(1, int(rows["n"].max() or 1))  # type: ignore[arg-type]
    panel, pad = 46, 10
    plot = max(1, count) * (panel + pad)
    layout = base_layout(plot + 70, margin={"l": 8, "r": 8, "t": 8, "b": 40})
    layout["xaxis"] = {
        "type": "date",
        "domain": [0.3, 1],
        "range": time_span(starts, bin),
        "gridcolor": GRID,
        "fixedrange": True,
        "anchor": f"y{axis_id(max(count - 1, 0))}",
    }
    data, annotations = [], []
    for r, (key, label) in enumerate(topics.select("topic_key", "label").iter_rows()):
        part = rows.filter(pl.col("topic_key") == key)
        top = 1 - r * (panel + pad) / plot
        layout[f"yaxis{axis_id(r)}"] = {
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
                "yaxis": f"y{axis_id(r)}",
                "hovertemplate": f"<b>{inert(label)}</b><br>%{{x|%d %b %Y}}: %{{y}} pieces<extra></extra>",
            }
        )
        annotations.append(
            {
                "text": inert(short(label, 40)),
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
    return figure(data, layout, look)
