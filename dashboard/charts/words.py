"""Key words: a plot of all of them for two sides, and ranked dots for many groups."""

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
    columns,
    figure,
    inert,
    inert_column,
    short,
)
from dashboard.colour import readable

# Two sides; neither is the colour of a frame.
SIDES = ("#B5651D", "#3B7A8C")

LABELLED = 24

# Of the plot on a usual screen, to keep names apart.
PLOT_WIDTH, PLOT_HEIGHT = 800, 440
ACROSS = 3


def word_plot(
    rows: pl.DataFrame,
    sides: tuple[str, str],
    *,
    percentiles: bool,
    look: Look,
) -> go.Figure:
    """Each word a point: how often it stands, and how surely one side uses it more.

    `rows` of `measure.keyness` for one contrast. With `percentiles` in the manner of scattertext:
    frequency on one side by frequency on the other, both as percentiles of the words drawn.
    """
    drawn = _hovers(rows).with_columns(
        side=pl.when(pl.col("z") >= 0).then(0).otherwise(1),
        sure=pl.col("q") < 0.05,
    )
    if percentiles:
        x, y = (_percentile("rate_other"), _percentile("rate"))
        titles = (f"percentile of its rate: {sides[1]}", f"percentile of its rate: {sides[0]}")
    else:
        x, y = (pl.col("rate") + pl.col("rate_other")) / 2, pl.col("z")
        titles = (
            "times per million words, mean of both sides",
            "z: how surely one side uses it more",
        )
    drawn = drawn.with_columns(x=x, y=y)
    shown = pl.concat([drawn.head(LABELLED), drawn.tail(LABELLED)]).unique(maintain_order=True)
    shown = _apart(shown, percentiles)
    data: list[dict[str, Any]] = []
    for side, colour in enumerate(SIDES):
        for sure in (False, True):
            part = drawn.filter((pl.col("side") == side) & (pl.col("sure") == sure))
            data.append(_points(part, colour if sure else NEUTRAL, 0.75 if sure else 0.35))
    data += _labels(shown, look)
    layout = base_layout(560, margin={"l": 58, "r": 16, "t": 40, "b": 52})
    layout["xaxis"] = {
        "title": {"text": inert(titles[0])},
        "gridcolor": GRID,
        "zeroline": False,
        **({"range": [-2, 104]} if percentiles else {"type": "log"}),
    }
    layout["yaxis"] = {
        "title": {"text": inert(titles[1])},
        "gridcolor": GRID,
        "zeroline": not percentiles,
        "zerolinecolor": NEUTRAL,
        **({"range": [-2, 104]} if percentiles else {}),
    }
    layout["annotations"] = [
        _side_name(sides[0], readable(SIDES[0], look.ground), 1.0, "bottom"),
        _corner(sides[1], readable(SIDES[1], look.ground))
        if percentiles
        else _side_name(sides[1], readable(SIDES[1], look.ground), 0.0, "top"),
    ]
    layout["clickmode"] = "event+select"
    return figure(data, layout, look)


def word_dots(rows: pl.DataFrame, groups: Sequence[str], top: int, *, look: Look) -> go.Figure:
    """A panel for each group: its `top` words of highest z, with the interval of their log-odds."""
    across = min(ACROSS, len(groups))
    deep = -(-len(groups) // across)
    row_height, head, foot, title = 19, 14, 44, 30
    plot = deep * (title + row_height * top + 26)
    layout = base_layout(head + plot + foot, margin={"l": 8, "r": 12, "t": head, "b": foot})
    domains = columns(across, 0.0, gap=0.045)
    data: list[dict[str, Any]] = []
    annotations = []
    drawn = _hovers(rows.filter(pl.col("z") > 0))
    reach = float(drawn.group_by("group").head(top)["high"].max() or 1) if drawn.height else 1.0  # type: ignore[arg-type]
    for i, group in enumerate(groups):
        row, column = divmod(i, across)
        part = drawn.filter(pl.col("group") == group).head(top)
        left = domains[column][0] + (domains[column][1] - domains[column][0]) * 0.38
        edge = 1 - row * (plot / deep) / plot
        upper = edge - title / plot
        axis = axis_id(i)
        layout[f"xaxis{axis}"] = {
            "domain": [left, domains[column][1]],
            "anchor": f"y{axis}",
            "range": [0, reach * 1.03],
            "gridcolor": GRID,
            "fixedrange": True,
            "nticks": 5,
        }
        layout[f"yaxis{axis}"] = {
            "domain": [upper - row_height * top / plot, upper],
            "anchor": f"x{axis}",
            "range": [top - 0.4, -0.6],
            "tickmode": "array",
            "tickvals": list(range(part.height)),
            "ticktext": [inert(short(term, 22)) for term in part["term"]],
            "fixedrange": True,
            "gridcolor": GRID,
            "zeroline": False,
        }
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": part["delta"].to_numpy(),
                "y": list(range(part.height)),
                "xaxis": f"x{axis}",
                "yaxis": f"y{axis}",
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": (part["high"] - part["delta"]).to_numpy(),
                    "arrayminus": (part["delta"] - part["low"]).to_numpy(),
                    "color": SIDES[0],
                    "thickness": 1.4,
                    "width": 0,
                },
                "marker": {"size": 8, "color": SIDES[0]},
                "customdata": part.select("term", "hover").rows(),
                "hovertemplate": "%{customdata[1]}<extra></extra>",
            }
        )
        annotations.append(
            {
                "text": f"<b>{inert(short(group, 34))}</b>",
                "x": domains[column][0],
                "y": edge,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": 14},
            }
        )
    layout["annotations"] = annotations
    layout["clickmode"] = "event+select"
    return figure(data, layout, look)


def _hovers(rows: pl.DataFrame) -> pl.DataFrame:
    def times(tokens: str, pieces: str, rate: str) -> pl.Expr:
        return pl.format("{}× in {} pieces, {} per million", tokens, pieces, pl.col(rate).round(1))

    return rows.with_columns(
        hover=pl.format(
            "<b>{}</b><br>{}<br>against {}<br>log-odds {} ({} to {}), z {}, q {}",
            inert_column("term"),
            times("tokens", "pieces", "rate"),
            times("tokens_other", "pieces_other", "rate_other"),
            pl.col("delta").round(2),
            pl.col("low").round(2),
            pl.col("high").round(2),
            pl.col("z").round(1),
            pl.when(pl.col("q") < 0.001)
            .then(pl.lit("below 0.001"))
            .otherwise(pl.col("q").round(3).cast(pl.String)),
        )
    )


def _percentile(rate: str) -> pl.Expr:
    """Ranks of rates in per cent; words of one rate share it."""
    return pl.col(rate).rank("average") / pl.len() * 100


def _points(part: pl.DataFrame, colour: str, alpha: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": part["x"].to_numpy(),
        "y": part["y"].to_numpy(),
        "marker": {"size": 6, "color": colour, "opacity": alpha, "line": {"width": 0}},
        "customdata": part.select("term", "hover").rows(),
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        # What is chosen stands out; a figure that changed with it would lose the next click.
        "selected": {"marker": {"size": 15, "opacity": 1.0}},
        "unselected": {"marker": {"opacity": alpha}},
    }


def _apart(part: pl.DataFrame, percentiles: bool) -> pl.DataFrame:
    """The words whose names do not cover one that is surer; adds `right`: the name stands left of it."""
    if part.is_empty():
        return part.with_columns(right=pl.lit(False))
    xs = part["x"] if percentiles else part["x"].log10()
    across, up = xs - xs.min(), part["y"] - part["y"].min()  # type: ignore[operator]
    across = across / max(float(across.max() or 0), 1e-9) * PLOT_WIDTH  # type: ignore[arg-type]
    up = up / max(float(up.max() or 0), 1e-9) * PLOT_HEIGHT  # type: ignore[arg-type]
    order = part["z"].abs().arg_sort(descending=True)
    taken: list[tuple[float, float, float]] = []
    kept: dict[int, bool] = {}
    for i in order:
        width = 12.0 + 6.6 * min(len(part["term"][i]), 24)
        for right in (across[i] > PLOT_WIDTH / 2, across[i] <= PLOT_WIDTH / 2):
            left = across[i] - width if right else across[i]
            free = all(abs(up[i] - y) > 15 or left > x + w or left + width < x for x, w, y in taken)
            if free and left > -20 and left + width < PLOT_WIDTH + 60:
                taken.append((left, width, up[i]))
                kept[i] = right
                break
    places = sorted(kept)
    return part[places].with_columns(right=pl.Series([kept[i] for i in places], dtype=pl.Boolean))


def _labels(part: pl.DataFrame, look: Look) -> list[dict[str, Any]]:
    """Names beside the words of highest and lowest z."""
    found = []
    for right in (False, True):
        side = part.filter(pl.col("right") == right)
        found.append(
            {
                "type": "scatter",
                "mode": "text",
                "x": side["x"].to_numpy(),
                "y": side["y"].to_numpy(),
                "text": [
                    f"\u2009\u2009{inert(short(term, 24))}\u2009\u2009" for term in side["term"]
                ],
                "textposition": "middle left" if right else "middle right",
                "textfont": {"size": 12},
                "unselected": {"textfont": {"color": look.ink}},
                "hoverinfo": "skip",
                "cliponaxis": False,
            }
        )
    return found


def _side_name(name: str, colour: str, y: float, anchor: str) -> dict[str, Any]:
    return {
        "text": f"<b>{'▲' if y else '▼'} used more: {inert(short(name, 60))}</b>",
        "x": 0,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": anchor,
        "yshift": 8 if y else -28,
        "showarrow": False,
        "font": {"color": colour, "size": 14},
    }


def _corner(name: str, colour: str) -> dict[str, Any]:
    return {
        "text": f"<b>▶ used more: {inert(short(name, 60))}</b>",
        "x": 1,
        "y": 0,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": colour, "size": 14},
    }
