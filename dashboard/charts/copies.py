"""Whose text outlets print: parts of each outlet's pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.base import GRID, Look, base_layout, faded, figure, inert, inert_column, short

# One hue, the darker the less of it is the outlet's own: these are no frames.
_HUE = "#5E6C82"
_STRENGTH = (0.18, 0.38, 0.66, 1.0)


def sources_by_outlet(
    rows: pl.DataFrame, order: Sequence[str], names: Mapping[str, str], *, look: Look
) -> go.Figure:
    """A bar for each outlet, parted by source. `rows`: outlet, source, k, n, share, low, high."""
    data: list[dict[str, Any]] = []
    for strength, (source, name) in zip(_STRENGTH, names.items(), strict=True):
        part = rows.filter(pl.col("source") == source)
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": inert(name),
                "y": part["outlet"].to_list(),
                "x": (part["share"] * 100).to_list(),
                "marker": {
                    "color": faded(_HUE, strength),
                    "line": {"color": look.ground, "width": 1},
                },
                "customdata": part.select(
                    inert_column("outlet"),
                    "k",
                    "n",
                    pl.col("low") * 100,
                    pl.col("high") * 100,
                ).rows(),
                "hovertemplate": (
                    f"<b>%{{customdata[0]}}</b><br>{inert(name)}: %{{x:.1f}} % "
                    "(%{customdata[1]:,} of %{customdata[2]:,} pieces; 95 % interval "
                    "%{customdata[3]:.1f} to %{customdata[4]:.1f})<extra></extra>"
                ),
            }
        )
    layout = base_layout(
        110 + 27 * max(len(order), 1),
        barmode="stack",
        showlegend=True,
        legend={
            "orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal",
            "itemclick": False, "itemdoubleclick": False, "font": {"color": look.ink},
        },
        xaxis={
            "range": [0, 100],
            "dtick": 20,
            "ticksuffix": " %",
            "gridcolor": GRID,
            "fixedrange": True,
            "title": {"text": "Share of the outlet's pieces in scope"},
        },
        yaxis={
            "categoryorder": "array",
            "categoryarray": list(order)[::-1],
            "tickvals": list(order),
            "ticktext": [inert(short(outlet)) for outlet in order],
            "fixedrange": True,
            "automargin": True,
        },
    )  # fmt: skip
    layout["margin"] = {"l": 8, "r": 28, "t": 40, "b": 48}
    return figure(data, layout, look)
