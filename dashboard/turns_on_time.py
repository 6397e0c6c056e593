"""Below the trends: the turning points that were found, and one event against outlets without it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import TOGETHER
from analysis.estimates.turning import Turning
from analysis.measure.turning_points import FALSE_ALARM
from dashboard import blocks, charts, data, fair_data, wording

MOST_IN_WORDS = 6
MOST_ON_CHART = 24
WINDOWS = (13, 26, 52)


def of(page: Any, lines: list[str]) -> Turning:
    """Turning points of all in scope and of the outlets that have a line."""
    return fair_data.turning_points(page.numbers, page.scope, tuple(lines))


def key_to_turns(found: Turning) -> str:
    if found.turns.is_empty():
        return ""
    return (
        "Triangle and line: a turning point, up or down; its band: the days that the 95 % interval "
        "of its date holds."
    )


def show(page: Any, found: Turning) -> None:
    st.subheader("Turning points", anchor=False)
    looked = wording.count(found.series.height, "series", "series")
    short = f" {wording.count(found.short, 'series', 'series')} too short or too thin to search." if found.short else ""  # fmt: skip
    how = (
        f"{looked} searched (outlet by frame), on the classifier's labels and without the event "
        f"list. If none of them turned, the chance of any false alarm would be at most "
        f"{wording.percent(FALSE_ALARM)}; of those named, at most that share is expected to be false.{short}"
    )
    if found.turns.is_empty():
        st.caption(f"No turning point stands out. {how}")
        return
    names = {frame["id"]: frame["name"] for frame in page.build.frames}
    ranked = found.turns.sort(pl.col("difference").abs(), descending=True)
    told = ranked.filter(pl.col("verdict") != "do not print").head(MOST_IN_WORDS)
    st.markdown("\n".join(_line(row, names) for row in told.to_dicts()))
    shown = ranked.head(MOST_ON_CHART).sort(
        pl.col("outlet") != TOGETHER, "outlet", "date", maintain_order=True
    )
    labelled = shown.with_columns(
        row=pl.format("{}, {}", "outlet", pl.col("date").dt.strftime("%d %b %Y"))
    )
    totals = data.totals(page.build.id, page.scope, page.build)
    left = found.turns.height - shown.height
    blocks.estimates(
        charts.dots_by_outlet(
            labelled.with_columns(outlet="row"),
            blocks.styles(page.build, page.scope),
            labelled["row"].unique(maintain_order=True).to_list(),
            axis_title="Share after minus share before, percentage points, 95 % interval",
            difference=True,
            width=44,
            look=blocks.look(),
        ),
        shown,
        page.build,
        key="time-turns",
        title="How far each frame turned",
        denominator=blocks.denominator(totals, page.scope, "From"),
        notes=[
            how,
            "Before and after are the stretches up to the turns beside it. They were chosen because "
            "they differ, so expect the size to be somewhat smaller than it looks.",
            "An event that is near is not shown to be the cause.",
            f"The {MOST_ON_CHART} largest; {left} more on the trends above." if left else "",
        ],
        key_to_marks=wording.key_to_marks(shown),
        alt="Change of the share at each turning point, in percentage points with 95 % intervals.",
    )


def _line(row: dict[str, Any], names: dict[str, str]) -> str:
    low, high = row["difference_low"], row["difference_high"]
    return (
        f"- **{wording.escape(row['outlet'])}**, *{wording.escape(names[row['frame']])}*: from "
        f"{wording.percent(row['shown_other'])} to {wording.percent(row['shown'])} "
        f"({wording.points(row['difference'])} points, {wording.point_interval(low, high)}) about "
        f"{wording.day(row['date'])} (between {wording.day(row['first'])} and "
        f"{wording.day(row['last'])}){_near(row)}; {wording.KINDS[row['kind']]}, {row['verdict']}."
    )


def _near(row: dict[str, Any]) -> str:
    if row["event"] is None:
        return ""
    days = abs(row["days"])
    where = "on the day of" if not days else f"{wording.count(days, 'day')} {'after' if row['days'] > 0 else 'before'}"  # fmt: skip
    inside = ", which the interval holds" if row["within"] else ", outside the interval"
    return f"; {where} “{wording.escape(row['event'])}”{inside}"


def interrupted(page: Any, outlets: list[str]) -> None:
    """An event of the project against outlets that it did not touch."""
    st.subheader("One event", anchor=False)
    page.link.choice("contrast", [False, True], False, as_text=lambda on: "1" if on else "0")
    on = st.toggle("Compare with outlets that it did not touch", key="contrast")
    page.link.keep("contrast", "1" if on else "", "")
    if on:
        events = page.build.events
        if events.is_empty():
            st.caption(
                "The project names no events. Add them to framescope.toml as [[events]] with date "
                "and label, and build again."
            )
            return
        labels = {day.isoformat(): f"{wording.day(day)}: {label}" for day, label in events.iter_rows()}  # fmt: skip
        options = list(labels)
        left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
        default = options[len(options) // 2]
        page.link.choice("event", options, default)
        day = left.selectbox("Event", options, key="event", format_func=lambda key: labels[key])
        page.link.keep("event", day, default)
        page.link.choice("touched", outlets, outlets[0])
        touched = middle.selectbox("Outlet that it touched", outlets, key="touched")
        page.link.keep("touched", touched, outlets[0])
        page.link.choice("weeks", WINDOWS, WINDOWS[1])
        weeks = right.segmented_control("Weeks on either side", WINDOWS, key="weeks", required=True)
        page.link.keep("weeks", weeks, WINDOWS[1])
        rows = fair_data.interrupted(
            page.numbers, page.scope, dt.date.fromisoformat(day), (touched,), weeks
        )
        rows = rows.filter(pl.col("frame").is_in([s.id for s in blocks.styles(page.build, page.scope)]))  # fmt: skip
        if rows.is_empty():
            st.caption(
                f"{wording.escape(touched)} has pieces in too few weeks before or after this event. Take more weeks, "
                "another event or another outlet."
            )
            return
        _interrupted_figure(page, rows, touched, labels[day], weeks)


def _interrupted_figure(
    page: Any, rows: pl.DataFrame, touched: str, event: str, weeks: int
) -> None:
    one = rows.row(0, named=True)
    others = one["compared"]
    against = (
        f"against {wording.count(others, 'outlet')} taken for untouched"
        if others
        else "against its own trend, for no other outlet has enough pieces"
    )
    named = rows.with_columns(outlet=pl.lit(touched))
    blocks.estimates(
        charts.dots_by_outlet(
            named,
            blocks.styles(page.build, page.scope),
            [touched],
            axis_title="Change at the event in percentage points, 95 % interval",
            difference=True,
            look=blocks.look(),
        ),
        named.with_columns(
            *(pl.lit(None, pl.Float64).alias(name) for name in ("shown", "shown_other")),
            *(pl.lit(None, pl.Float64).alias(name) for name in ("share", "share_other")),
        ),
        page.build,
        key="time-interrupted",
        title=f"{wording.escape(touched)} at the event, {against}",
        denominator=f"{wording.count(one['n_before'], 'piece')} before and {one['n_after']:,} after in scope, "
        f"within {weeks} weeks of {wording.escape(event)} (whole weeks, its own counts as after).",
        notes=[
            _slopes(rows, page),
            *(_warnings(row, page) for row in rows.to_dicts()),
            "It can't show that the event was the cause: anything else that touched this outlet "
            "alone at that time looks the same. It leans on the outlets moving alike but for the "
            "event, and on a classifier that errs alike before and after.",
        ],
        key_to_marks="By the classifier's own labels. Hollow: exploratory; faint dash: do not print.",
        alt=f"Change of each frame's share of {touched} at the event, with 95 % intervals.",
    )


def _slopes(rows: pl.DataFrame, page: Any) -> str:
    """The check of the trend before, in points a week, with its p."""
    told = [
        f"{_short(row, page)} {row['slope'] * 100:+.1f} (p {row['slope_p']:.2f})".replace("-", "−")
        for row in rows.to_dicts()
        if row["slope_p"] is not None
    ]
    return f"Trend before the event, points a week: {', '.join(told)}." if told else ""


def _warnings(row: dict[str, Any], page: Any) -> str:
    """Where the weeks before, or the outlets that it did not touch, speak against the event."""
    said = []
    if row["slope_p"] is not None and row["slope_p"] < 0.05:
        said.append(
            f"{_short(row, page)} was moving apart before the event, so its change says little."
        )
    if row["as_large"] and row["p"] < 0.05:
        said.append(
            f"{_short(row, page)}: {row['as_large']} of the {row['compared']} other outlets moved as "
            "far at the same time."
        )
    return " ".join(said)


def _short(row: dict[str, Any], page: Any) -> str:
    return wording.escape(next(f["short"] for f in page.build.frames if f["id"] == row["frame"]))
