"""What all figures share: how frames look, the page's colours, axes and texts."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import polars as pl

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


@dataclass(frozen=True)
class Look:
    """Colours of the page that a figure stands on: its ground, and a grey for text."""

    ground: str
    ink: str


def base_layout(height: int, **layout: Any) -> dict[str, Any]:
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


def figure(data: list[dict[str, Any]], layout: dict[str, Any], look: Look) -> go.Figure:
    """The figure, with its text in the page's ink where nothing else is said."""
    ink = {"color": look.ink}
    layout["font"] = {**ink, **layout["font"]}
    for name in [name for name in layout if name.startswith(("xaxis", "yaxis"))]:
        axis = layout[name]
        axis["tickfont"] = {**ink, **axis.get("tickfont", {})}
        if "title" in axis:
            axis["title"] = {"font": ink, **axis["title"]}
    for trace in data:
        if "colorbar" in trace:
            bar = trace["colorbar"]
            trace["colorbar"] = {**bar, "tickfont": ink, "title": {"font": ink, **bar["title"]}}
    # Plotly's look at every value takes most of a view's time; tests let it look instead.
    return go.Figure(data=data, layout=layout, _validate=False)


def columns(count: int, left: float, gap: float = 0.032) -> list[tuple[float, float]]:
    """Domains of `count` panels side by side, right of a margin for row labels."""
    width = (1 - left - gap * (count - 1)) / count
    # The last one's end can be above 1 by a rounding, which Plotly refuses.
    starts = [left + i * (width + gap) for i in range(count)]
    return [(start, min(start + width, 1.0)) for start in starts]


def axis_id(i: int) -> str:
    return "" if i == 0 else str(i + 1)


def short(text: str, width: int = 26) -> str:
    return textwrap.shorten(text, width, placeholder="…") if len(text) > width else text


def inert(text: str) -> str:
    """Text that Plotly's pseudo-HTML shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inert_column(name: str) -> pl.Expr:
    """`inert` of a column."""
    return pl.col(name).str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])


def heading(style: FrameStyle, domain: tuple[float, float], y: float = 1.0) -> dict[str, Any]:
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


def axis_title_below(text: str) -> dict[str, Any]:
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


def faded(colour: str, alpha: float = 0.45) -> str:
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{alpha})"


def time_span(starts: Sequence[dt.date], bin: str) -> list[str]:
    if not starts:
        return ["2000-01-01", "2000-12-31"]
    width = dt.timedelta(days={"week": 7, "month": 31, "quarter": 92}[bin])
    return [(starts[0] - width * 0.6).isoformat(), (starts[-1] + width * 0.6).isoformat()]
