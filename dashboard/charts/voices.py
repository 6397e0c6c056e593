"""Whose voice, by outlet: panels of dots with intervals, one panel a voice or a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.base import (
    GRID,
    FrameStyle,
    Look,
    axis_id,
    axis_title_below,
    base_layout,
    columns,
    figure,
    heading,
    inert,
    inert_column,
    short,
)
from dashboard.charts.marks import SYMBOLS

# Roles are no frames, so where no frame is shown they are all of one grey.
PLAIN = "#6B7A90"


def voices_by_outlet(
    rows: pl.DataFrame,
    panels: Mapping[str, str],
    order: Sequence[str],
    *,
    key: str,
    colour: str,
    unit: str,
    axis_title: str,
    look: Look,
) -> go.Figure:
    """One panel for each of `panels` (key: name), one row an outlet: a share of n with its interval.

    `rows`: outlet, `key` ('voice' or 'role'), n, k, share, low, high, verdict. `unit` names what is
    counted; numbers that may not be printed are a dash without interval.
    """
    longest = max((len(short(o)) for o in order), default=8)
    domains = columns(len(panels), min(0.24, 0.03 + 0.0065 * longest), gap=0.02)
    high = float(rows.filter(pl.col(key).is_in(list(panels)))["high"].max() or 0)  # type: ignore[arg-type]
    top = next(end for end in (20, 40, 60, 80, 100) if high * 100 <= end or end == 100)
    layout = base_layout(96 + 27 * max(len(order), 1))
    data: list[dict[str, Any]] = []
    annotations = []
    for i, (name, label) in enumerate(panels.items()):
        part = rows.filter(pl.col(key) == name)
        data.append(_dots(part, label, i, colour, unit))
        layout[f"xaxis{axis_id(i)}"] = {
            "domain": domains[i],
            "anchor": "y",
            "range": [-0.04 * top, 1.06 * top],
            "tickvals": [0, top / 2, top],
            "ticktext": ["0", f"{top / 2:.0f}", f"{top:.0f} %"],
            "gridcolor": GRID,
            "zeroline": False,
            "fixedrange": True,
            "tickangle": 0,
        }
        style = FrameStyle(name, label, label, look.ink)
        annotations.append({**heading(style, domains[i]), "font": {"color": look.ink, "size": 13}})
    layout["yaxis"] = {
        "categoryorder": "array",
        "categoryarray": list(order)[::-1],
        "tickmode": "array",
        "tickvals": list(order),
        "ticktext": [inert(short(o)) for o in order],
        "range": [-0.6, max(len(order), 1) - 0.4],
        "gridcolor": GRID,
        "fixedrange": True,
        "domain": [0, 1],
    }
    layout["annotations"] = [*annotations, axis_title_below(axis_title)]
    layout["margin"] = {"l": 8, "r": 12, "t": 34, "b": 52}
    return figure(data, layout, look)


def _dots(part: pl.DataFrame, label: str, i: int, colour: str, unit: str) -> dict[str, Any]:
    share, low, high = ((part[name] * 100).to_list() for name in ("share", "low", "high"))
    barred = (part["verdict"] == "do not print").to_list()
    return {
        "type": "scatter",
        "mode": "markers",
        "name": inert(label),
        "x": share,
        "y": part["outlet"].to_list(),
        "xaxis": f"x{axis_id(i)}",
        "yaxis": "y",
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [0 if b else h - s for s, h, b in zip(share, high, barred, strict=True)],
            "arrayminus": [0 if b else s - lo for s, lo, b in zip(share, low, barred, strict=True)],
            "color": colour,
            "thickness": 1.6,
            "width": 0,
        },
        "marker": {
            "size": 9,
            "symbol": [SYMBOLS[verdict] for verdict in part["verdict"]],
            "color": colour,
            "line": {"width": 2, "color": colour},
            "opacity": [0.4 if b else 1.0 for b in barred],
        },
        "customdata": part.select(
            inert_column("outlet"), "k", "n", pl.col("low") * 100, pl.col("high") * 100, "verdict"
        ).rows(),
        "hovertemplate": (
            f"<b>%{{customdata[0]}}</b><br>{inert(label)}: %{{x:.0f}} % "
            f"(%{{customdata[3]:.0f}} to %{{customdata[4]:.0f}})<br>%{{customdata[1]:,}} of "
            f"%{{customdata[2]:,}} {inert(unit)}<br>%{{customdata[5]}}<extra></extra>"
        ),
    }
