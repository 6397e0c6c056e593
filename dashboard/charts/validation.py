"""Figures of the Validation view: agreement, reliability, errors, corrections, plans, many analyses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    axis_title_below,
    base_layout,
    columns,
    faded,
    figure,
    heading,
    inert,
    short,
)

# How strongly the parts of a half-width are drawn, in the frame's colour.
STRENGTHS = {"sampling": 0.35, "measurement": 1.0, "coders": 0.65}

# Only the last one says what it counts, so that ticks keep apart on a narrow screen.
PERCENTS = ["0", "25", "50", "75", "100 %"]


def alphas(
    rows: pl.DataFrame, frames: Sequence[FrameStyle], marks: Sequence[float], look: Look
) -> go.Figure:
    """Krippendorff's alpha of each frame with its interval; `marks` are the verdict's borders.

    `rows`: frame, alpha, low, high, units; a frame without alpha has a row without a dot.
    """
    known = {row["frame"]: row for row in rows.iter_rows(named=True)}
    data = []
    lowest = 0.0
    for place, style in enumerate(frames):
        row = known.get(style.id)
        if row is None or row["alpha"] is None:
            continue
        low = row["low"] if row["low"] is not None else row["alpha"]
        high = row["high"] if row["high"] is not None else row["alpha"]
        lowest = min(lowest, low)
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [row["alpha"]],
                "y": [place],
                "error_x": _error([high - row["alpha"]], [row["alpha"] - low], style.colour),
                "marker": {"size": 11, "color": style.colour},
                "hovertemplate": f"<b>{inert(style.name)}</b><br>alpha {row['alpha']:.2f}, "
                f"{low:.2f} to {high:.2f}<br>{row['units']} pieces coded twice<extra></extra>",
            }
        )
    layout = base_layout(92 + 34 * len(frames))
    layout["xaxis"] = {
        "range": [min(-0.02, lowest - 0.04), 1.03],
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": GRID,
        "fixedrange": True,
        "tickvals": [0, 0.2, 0.4, 0.6, 0.8, 1],
    }
    layout["yaxis"] = _frame_rows(frames)
    layout["shapes"] = [_rule(mark, look) for mark in marks]
    layout["annotations"] = [
        *(
            {
                "x": mark,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "text": f"{mark:.3f}".rstrip("0"),
                "showarrow": False,
                "font": {"size": 12},
            }
            for mark in marks
        ),
        axis_title_below("Krippendorff's alpha, 95 % interval"),
    ]
    layout["margin"] = {"l": 8, "r": 12, "t": 24, "b": 52}
    return figure(data, layout, look)


def _rule(x: float, look: Look) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": look.ink, "width": 1, "dash": "dot"},
        "layer": "below",
    }


def _frame_rows(frames: Sequence[FrameStyle]) -> dict[str, Any]:
    """One row a frame from top to bottom, named in its colour."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(frames))),
        "ticktext": [
            f"<span style='color:{s.colour}'><b>{inert(s.short)}</b></span>" for s in frames
        ],
        "range": [len(frames) - 0.45, -0.55],
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }


def _error(above: Sequence[Any], below: Sequence[Any], colour: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": list(above),
        "arrayminus": list(below),
        "color": colour,
        "thickness": 1.6,
        "width": 0,
    }


def reliability(
    bins: pl.DataFrame, scores: pl.DataFrame, frames: Sequence[FrameStyle], look: Look
) -> go.Figure:
    """Two panels a row: coded share against score in bins, and under each the scores in scope.

    `bins` and `scores` as in estimates.validation.Reliability; scores are in equal bins from 0 to 1.
    """
    across = min(2, len(frames))
    down = -(-len(frames) // across)
    panel, strip, gap, head = 210, 34, 62, 34
    plot = down * (panel + strip) + (down - 1) * gap
    layout = base_layout(plot + head + 54, bargap=0)
    domains = columns(across, 0.0, gap=0.09)
    steps = int(scores["bin"].max() or 0) + 1 if scores.height else 1  # type: ignore[arg-type]
    steps = max(steps, 40)
    data: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for i, style in enumerate(frames):
        line, column = divmod(i, across)
        top = 1 - line * (panel + strip + gap) / plot
        middle, bottom = top - panel / plot, max(0.0, top - (panel + strip) / plot)
        upper, lower = axis_id(2 * i), axis_id(2 * i + 1)
        for name, anchor in ((upper, upper), (lower, lower)):
            layout[f"xaxis{name}"] = {
                "domain": domains[column],
                "anchor": f"y{anchor}",
                "range": [-2, 102],
                "tickvals": [0, 25, 50, 75, 100],
                "ticktext": PERCENTS,
                "tickangle": 0,
                "showticklabels": name == lower,
                "gridcolor": GRID,
                "zeroline": False,
                "fixedrange": True,
            }
        layout[f"yaxis{upper}"] = {
            "domain": [middle, top],
            "anchor": f"x{upper}",
            "range": [-3, 103],
            "tickvals": [0, 25, 50, 75, 100],
            "ticktext": PERCENTS,
            "gridcolor": GRID,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        }
        layout[f"yaxis{lower}"] = {
            "domain": [bottom, middle - 2 / plot],
            "anchor": f"x{lower}",
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        }
        own = bins.filter(pl.col("frame") == style.id)
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [0, 100],
                "y": [0, 100],
                "xaxis": f"x{upper}",
                "yaxis": f"y{upper}",
                "line": {"color": NEUTRAL, "width": 1.2, "dash": "dot"},
                "hoverinfo": "skip",
            }
        )
        share = own["share"] * 100
        data.append(
            {
                "type": "scatter",
                "mode": "markers+lines",
                "x": (own["score"] * 100).to_list(),
                "y": share.to_list(),
                "xaxis": f"x{upper}",
                "yaxis": f"y{upper}",
                "line": {"color": faded(style.colour), "width": 1.4},
                "marker": {"size": 9, "color": style.colour},
                "error_y": _error(
                    own["high"] * 100 - share, share - own["low"] * 100, style.colour
                ),
                "customdata": own.select(
                    "n", *((pl.col(c) * 100) for c in ("low", "high", "from_score", "to_score"))
                ).rows(),
                "hovertemplate": f"<b>{inert(style.name)}</b><br>scores %{{customdata[3]:.0f}} to "
                "%{customdata[4]:.0f} %, mean %{x:.0f} %<br>coded share %{y:.0f} % "
                "(%{customdata[1]:.0f} to %{customdata[2]:.0f})<br>%{customdata[0]} coded pieces"
                "<extra></extra>",
            }
        )
        part = scores.filter(pl.col("frame") == style.id)
        data.append(
            {
                "type": "bar",
                "x": ((part["bin"] + 0.5) * 100 / steps).to_list(),
                "y": part["n"].to_list(),
                "width": 100 / steps,
                "xaxis": f"x{lower}",
                "yaxis": f"y{lower}",
                "marker": {"color": faded(style.colour, 0.5), "line": {"width": 0}},
                "hovertemplate": "%{y} pieces in scope with a score of about %{x:.0f} %<extra></extra>",
            }
        )
        sizes = own["n"].to_list()
        told = _span(sizes) + " coded pieces a dot" if sizes else "nothing coded"
        notes += [
            heading(style, domains[column], top),
            {
                "text": told,
                "x": domains[column][1],
                "y": top,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "right",
                "yanchor": "bottom",
                "yshift": 6,
                "showarrow": False,
                "font": {"size": 12},
            },
        ]
    layout["annotations"] = [
        *notes,
        axis_title_below("Across: score in %. Up: share coded with the frame"),
    ]
    layout["margin"] = {"l": 8, "r": 14, "t": head, "b": 52}
    return figure(data, layout, look)


def _span(sizes: Sequence[int]) -> str:
    low, high = min(sizes), max(sizes)
    return f"{low}" if low == high else f"{low} to {high}"


RATES = {
    "sensitivity": ("circle", -0.16, "found of pieces with the frame"),
    "specificity": ("diamond-open", 0.16, "let go of pieces without it"),
}


def error_rates(
    rows: pl.DataFrame,
    frames: Sequence[FrameStyle],
    order: Sequence[str],
    look: Look,
) -> go.Figure:
    """A panel a frame, a row a domain: sensitivity (dot) and specificity (diamond), with intervals.

    `rows`: domain, frame, measure, n, share, low, high; what is not shown is not in them.
    """
    longest = max((len(short(o)) for o in order), default=8)
    domains = columns(len(frames), min(0.24, 0.03 + 0.0065 * longest))
    place = {name: i for i, name in enumerate(order)}
    layout = base_layout(100 + 36 * max(len(order), 1))
    data, notes = [], []
    for i, style in enumerate(frames):
        for measure, (symbol, shift, words) in RATES.items():
            part = rows.filter(
                (pl.col("frame") == style.id)
                & (pl.col("measure") == measure)
                & pl.col("domain").is_in(list(order))
            )
            share = part["share"] * 100
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": share.to_list(),
                    "y": [place[d] + shift for d in part["domain"]],
                    "xaxis": f"x{axis_id(i)}",
                    "yaxis": "y",
                    "error_x": _error(
                        part["high"] * 100 - share, share - part["low"] * 100, style.colour
                    ),
                    "marker": {
                        "size": 9,
                        "symbol": symbol,
                        "color": style.colour,
                        "line": {"width": 2, "color": style.colour},
                    },
                    "customdata": [
                        (inert(d), low * 100, high * 100, n)
                        for d, low, high, n in part.select("domain", "low", "high", "n").iter_rows()
                    ],
                    "hovertemplate": f"<b>%{{customdata[0]}}</b><br>{inert(style.name)}, {measure} "
                    "%{x:.0f} % (%{customdata[1]:.0f} to %{customdata[2]:.0f})<br>"
                    f"{words}: %{{customdata[3]:.0f}} coded<extra></extra>",
                }
            )
        layout[f"xaxis{axis_id(i)}"] = {
            "domain": domains[i],
            "anchor": "y",
            "range": [-4, 106],
            "tickvals": [0, 50, 100],
            "ticktext": ["0", "50", "100 %"],
            "gridcolor": GRID,
            "zeroline": False,
            "fixedrange": True,
            "tickangle": 0,
        }
        notes.append(heading(style, domains[i]))
    layout["yaxis"] = {
        "tickmode": "array",
        "tickvals": list(range(len(order))),
        "ticktext": [inert(short(o)) for o in order],
        "range": [len(order) - 0.4, -0.6],
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }
    layout["annotations"] = [
        *notes,
        axis_title_below("● sensitivity   ◇ specificity, 95 % interval"),
    ]
    layout["margin"] = {"l": 8, "r": 12, "t": 34, "b": 52}
    return figure(data, layout, look)


def confusion(cells: pl.DataFrame, frames: Sequence[FrameStyle], look: Look) -> go.Figure:
    """A square of four cells a frame: people down, classifier across, shares of pieces in scope.

    `cells`: frame, cell, n, share as measure.error_rates.confusion_cells gives them.
    """
    across = min(2, len(frames))
    down = -(-len(frames) // across)
    panel, gap = 132, 76
    plot = down * panel + (down - 1) * gap
    layout = base_layout(plot + 64)
    domains = columns(across, 0.0, gap=0.1)
    places = {"both": (0, 0), "miss": (1, 0), "false alarm": (0, 1), "neither": (1, 1)}
    data, notes = [], []
    for i, style in enumerate(frames):
        line, column = divmod(i, across)
        top = 1 - line * (panel + gap) / plot
        own = {row["cell"]: row for row in cells.filter(frame=style.id).iter_rows(named=True)}
        shares = [[0.0, 0.0], [0.0, 0.0]]
        for cell, (x, y) in places.items():
            row = own.get(cell)
            shares[y][x] = row["share"] if row else 0.0
            name = {"both": "both find it", "neither": "neither finds it"}.get(cell, cell)
            said = f"{row['share'] * 100:.1f} %" if row else "–"
            notes.append(
                {
                    "x": x,
                    "y": y,
                    "xref": f"x{axis_id(i)}",
                    "yref": f"y{axis_id(i)}",
                    "text": f"<b>{said}</b><br>{name}",
                    "showarrow": False,
                    "font": {"size": 13},
                }
            )
        data.append(
            {
                "type": "heatmap",
                "z": shares,
                "x": [0, 1],
                "y": [0, 1],
                "xaxis": f"x{axis_id(i)}",
                "yaxis": f"y{axis_id(i)}",
                "zmin": 0,
                "zmax": 1,
                "colorscale": [[0, faded(style.colour, 0.05)], [1, faded(style.colour, 0.55)]],
                "showscale": False,
                "xgap": 3,
                "ygap": 3,
                "hoverinfo": "skip",
            }
        )
        layout[f"xaxis{axis_id(i)}"] = {
            "domain": domains[column],
            "anchor": f"y{axis_id(i)}",
            "tickvals": [0, 1],
            "ticktext": ["classifier: yes", "classifier: no"],
            "side": "bottom",
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickangle": 0,
        }
        layout[f"yaxis{axis_id(i)}"] = {
            "domain": [max(0.0, top - panel / plot), top],
            "anchor": f"x{axis_id(i)}",
            "tickvals": [0, 1],
            "ticktext": ["people: yes", "people: no"] if column == 0 else ["yes", "no"],
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        }
        notes.append(heading(style, domains[column], top))
    layout["annotations"] = notes
    layout["margin"] = {"l": 8, "r": 8, "t": 34, "b": 30}
    return figure(data, layout, look)


def corrections(rows: pl.DataFrame, frames: Sequence[FrameStyle], look: Look) -> go.Figure:
    """A row a frame: the classifier's share (hollow) and the corrected one with its interval.

    `rows`: frame, share, corrected, corrected_low, corrected_high.
    """
    known = {row["frame"]: row for row in rows.iter_rows(named=True)}
    data, arrows = [], []
    most = 20.0
    for place, style in enumerate(frames):
        row = known.get(style.id)
        if row is None or row["corrected"] is None:
            continue
        naive, found, low, high = (
            row[c] * 100 for c in ("share", "corrected", "corrected_low", "corrected_high")
        )
        most = max(most, high, naive)
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [naive, found],
                "y": [place, place],
                "error_x": _error([0, high - found], [0, found - low], style.colour),
                "marker": {
                    "size": [10, 11],
                    "symbol": ["circle-open", "circle"],
                    "color": style.colour,
                    "line": {"width": 2.4, "color": style.colour},
                },
                "customdata": [
                    ["classifier's own share"],
                    [f"corrected, {low:.0f} to {high:.0f} %"],
                ],
                "hovertemplate": f"<b>{inert(style.name)}</b><br>%{{x:.1f}} %, %{{customdata[0]}}"
                "<extra></extra>",
            }
        )
        arrows.append(
            {
                "type": "line",
                "x0": naive,
                "x1": found,
                "y0": place,
                "y1": place,
                "line": {"color": faded(style.colour, 0.35), "width": 6},
                "layer": "below",
            }
        )
    layout = base_layout(84 + 36 * len(frames))
    layout["xaxis"] = {
        "range": [-1, min(103, most * 1.08)],
        "ticksuffix": " %",
        "nticks": 6,
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }
    layout["yaxis"] = _frame_rows(frames)
    layout["shapes"] = arrows
    layout["annotations"] = [axis_title_below("Share: ○ as labelled, ● corrected, 95 % interval")]
    layout["margin"] = {"l": 8, "r": 12, "t": 10, "b": 52}
    return figure(data, layout, look)


def half_widths(rows: pl.DataFrame, frames: Sequence[FrameStyle], look: Look) -> go.Figure:
    """A bar a frame: the half-width of its interval, and which parts it is made of.

    `rows`: frame, half_width, half_sampling, half_measurement, half_coders (fractions).
    """
    known = {row["frame"]: row for row in rows.iter_rows(named=True)}
    data, notes = [], []
    for place, style in enumerate(frames):
        row = known.get(style.id)
        if row is None or row["half_width"] is None or row["half_sampling"] is None:
            continue
        start = 0.0
        for part, strength in STRENGTHS.items():
            width = row[f"half_{part}"] * 100
            data.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "x": [width],
                    "y": [place],
                    "base": [start],
                    "width": 0.62,
                    "marker": {"color": faded(style.colour, strength), "line": {"width": 0}},
                    "text": [part if width > row["half_width"] * 22 else ""],
                    "textposition": "inside",
                    "insidetextanchor": "middle",
                    "textangle": 0,
                    "constraintext": "none",
                    "insidetextfont": {
                        "size": 12,
                        "color": look.ground if strength > 0.5 else look.ink,
                    },
                    "hovertemplate": f"<b>{inert(style.name)}</b><br>{part}: %{{x:.1f}} points"
                    "<extra></extra>",
                }
            )
            start += width
        notes.append(
            {
                "x": start,
                "y": place,
                "text": f"± {row['half_width'] * 100:.1f}",
                "xanchor": "left",
                "xshift": 6,
                "showarrow": False,
            }
        )
    longest = float(rows["half_width"].max() or 0.1) * 100  # type: ignore[arg-type]
    layout = base_layout(84 + 36 * len(frames), barmode="overlay")
    layout["xaxis"] = {
        "range": [0, longest * 1.2],
        "nticks": 6,
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }
    layout["yaxis"] = {**_frame_rows(frames), "showgrid": False}
    layout["annotations"] = [*notes, axis_title_below("Half-width of the 95 % interval, points")]
    layout["margin"] = {"l": 8, "r": 12, "t": 10, "b": 52}
    return figure(data, layout, look)


def budget(widths: pl.DataFrame, style: FrameStyle, limit: float, look: Look) -> go.Figure:
    """Half-width in points after so many more codes; a dotted line at what the gate lets through.

    `widths`: more, coded, half_width (fraction; null where unknown).
    """
    known = widths.drop_nulls("half_width")
    points = (known["half_width"] * 100).to_list()
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers+text",
            "x": known["more"].to_list(),
            "y": points,
            "text": [f"± {v:.1f}" for v in points],
            "textposition": "top right",
            "cliponaxis": False,
            "line": {"color": style.colour, "width": 2},
            "marker": {"size": 9, "color": style.colour},
            "customdata": known["coded"].to_list(),
            "hovertemplate": "%{x} more: ± %{y:.1f} points (%{customdata} coded)<extra></extra>",
        }
    ]
    top = max([*points, limit * 100]) * 1.22
    span = max([*known["more"].to_list(), 1])
    layout = base_layout(280)
    layout["xaxis"] = {
        "range": [-span * 0.03, span * 1.1],
        "tickvals": known["more"].to_list(),
        "ticktext": ["now" if m == 0 else f"{m:,} more" for m in known["more"]],
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
        "tickangle": 0,
    }
    layout["yaxis"] = {
        "range": [0, top],
        "title": {"text": "Half-width, points"},
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }
    layout["shapes"] = [
        {
            "type": "line",
            "x0": 0,
            "x1": 1,
            "xref": "paper",
            "y0": limit * 100,
            "y1": limit * 100,
            "line": {"color": look.ink, "width": 1, "dash": "dot"},
        }
    ]
    layout["annotations"] = [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "right",
            "y": limit * 100,
            "yanchor": "bottom",
            "text": f"the gate's limit, ± {limit * 100:.0f}",
            "showarrow": False,
            "font": {"size": 12},
        },
        axis_title_below("Pieces coded beyond those coded now"),
    ]
    layout["margin"] = {"l": 8, "r": 12, "t": 12, "b": 52}
    return figure(data, layout, look)


def multiverse(
    rows: pl.DataFrame,
    style: FrameStyle,
    choices: Sequence[tuple[str, Mapping[str, str]]],
    look: Look,
) -> go.Figure:
    """Every analysis a dot with its interval, by size; beneath, which choices made it.

    `rows`: the columns that `choices` name, difference, difference_low, difference_high and
    direction. `choices`: a column, and its values with what they are called, from top to bottom.
    Coloured: the interval lies above 0; black or white: below; grey: it holds 0.
    """
    place = list(range(rows.height))
    numbered = rows.with_columns(place=pl.Series(place, dtype=pl.Int64))
    data: list[dict[str, Any]] = []
    for direction, colour, symbol in (
        (1, style.colour, "circle"),
        (0, NEUTRAL, "circle-open"),
        (-1, look.ink, "square"),
    ):
        part = numbered.filter(pl.col("direction") == direction)
        gap = part["difference"] * 100
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": part["place"].to_list(),
                "y": gap.to_list(),
                "error_y": _error(
                    part["difference_high"] * 100 - gap,
                    gap - part["difference_low"] * 100,
                    colour,
                ),
                "marker": {
                    "size": 7,
                    "symbol": symbol,
                    "color": colour,
                    "line": {"width": 1.6, "color": colour},
                },
                "customdata": [
                    ", ".join(inert(names[row[column]]) for column, names in choices)
                    for row in part.iter_rows(named=True)
                ],
                "hovertemplate": "%{y:+.1f} points<br>%{customdata}<extra></extra>",
            }
        )
    ticks: list[float] = []
    texts: list[str] = []
    line = 0.0
    xs: list[int] = []
    ys: list[float] = []
    for column, names in choices:
        for value, name in names.items():
            ticks.append(line)
            texts.append(inert(name))
            chosen = numbered.filter(pl.col(column) == value)["place"].to_list()
            xs += chosen
            ys += [line] * len(chosen)
            line += 1
        line += 0.6
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": xs,
            "y": ys,
            "yaxis": "y2",
            "marker": {"size": 6, "color": look.ink, "symbol": "square"},
            "hoverinfo": "skip",
        }
    )
    ends = [
        0.0,
        *(100 * v for v in rows["difference_low"]),
        *(100 * v for v in rows["difference_high"]),
    ]
    bottom, top = min(ends), max(ends)
    margin = 0.05 * (top - bottom)
    matrix, strip, gap = 21 * line, 250.0, 22.0
    plot = matrix + strip + gap
    layout = base_layout(int(plot) + 34)
    layout["xaxis"] = {
        "range": [-0.8, max(rows.height, 1) - 0.2],
        "visible": False,
        "fixedrange": True,
        "anchor": "y2",
    }
    layout["yaxis"] = {
        "domain": [1 - strip / plot, 1],
        "title": {"text": "Difference, points", "standoff": 6},
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": NEUTRAL,
        "zerolinewidth": 1.6,
        "fixedrange": True,
        "automargin": True,
        "range": [bottom - margin, top + margin],
        "nticks": 7,
    }
    layout["yaxis2"] = {
        "domain": [0, matrix / plot],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": texts,
        "range": [line - 0.9, -0.7],
        "gridcolor": FAINT,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }
    layout["margin"] = {"l": 8, "r": 12, "t": 12, "b": 12}
    return figure(data, layout, look)
