"""Why two sides differ: other stories, other framing, wire copy; all on one screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates.fair import COMPOSITION, DIFFERENCE, FRAMING, MATCHED, Fair
from analysis.reading.fair import Sides
from dashboard import blocks, charts, data, fair_data, wording
from dashboard.coding import coder

REST = "all other outlets"
PAST = "its own past"
EVERYONE = "all outlets in scope"

PARTS = {
    DIFFERENCE: "The difference",
    COMPOSITION: "What they covered",
    FRAMING: "How they framed it",
    MATCHED: "On the same stories",
}
GROUPS = {"topic": "By topic", "story": "By story"}
NOUNS = {"topic": ("topic", "topics"), "story": ("story", "stories")}


def show(page: Any) -> None:
    build, scope = page.build, page.scope
    blocks.heading(
        "Why they differ",
        "Splits a difference into what each side covered and how it framed it, and sets beside it "
        "the same stories alone and texts without their copies. It can't tell why an outlet chose "
        "its stories, nor what it would have said of those that it left out.",
    )
    counts = data.by_outlet(build.id, scope, build)
    if counts.is_empty():
        blocks.empty("No piece is in scope.")
        return
    sizes = counts.select("outlet", "n").unique().sort("n", "outlet", descending=[True, False])
    chosen = _controls(page, sizes["outlet"].to_list())
    if chosen is None:
        return
    sides, frame, by = chosen
    found = {
        counted: fair_data.fair(page.numbers, replace(scope, estimand=counted), sides, frame.id, by)
        for counted in wording.ESTIMANDS
    }
    main = found[scope.estimand]
    if main is None:
        blocks.empty("One of the sides has no piece in scope.")
        return
    if _would_tell(main):
        st.info(wording.TOO_FEW_FOR_CODERS, icon=":material/visibility_off:")
        return
    if coder.current() is not None:
        found = {
            counted: _many_pieces(part)
            for counted, part in found.items()
            if part is not None and not _would_tell(part)
        }
        main = _many_pieces(main)
        st.caption("While you are signed in as a coder, parts of few pieces are withheld.")
    names = _names(sides)
    st.markdown(_in_words(main, names, frame.name, NOUNS[by][1]))
    _ladder(page, found, sides, frame, by)
    _groups(page, main, sides, frame, by)


def _would_tell(found: Fair) -> bool:
    """Whether a side, or what both cover of it, is so small that it tells a coder labels."""
    row = found.parts.row(0, named=True)
    covered = [n for n in (found.covered, found.covered_other) if n]
    return any(coder.would_tell(n) for n in (row["n"], row["n_other"], *covered))


def _many_pieces(found: Fair) -> Fair:
    """Without rows of which a side has so few pieces that they would tell a coder labels."""
    few = pl.any_horizontal(
        pl.col(n).is_between(1, coder.LEAST_SUMMED - 1) for n in ("n", "n_other")
    )
    return replace(found, parts=found.parts.filter(~few), groups=found.groups.filter(~few))


def _controls(page: Any, outlets: list[str]) -> tuple[Sides, charts.FrameStyle, str] | None:
    link = page.link
    styles = blocks.styles(page.build, page.scope)
    by_id = {style.id: style for style in styles}
    left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
    ones = [*outlets, EVERYONE]
    link.choice("a", ones, ones[0])
    one = left.selectbox("Who", ones, key="a")
    link.keep("a", one, ones[0])
    others = [PAST] if one == EVERYONE else [o for o in (*outlets, REST, PAST) if o != one]
    if len(outlets) == 1:
        others = [PAST]
    link.choice("b", others, others[0])
    other = middle.selectbox("Against", others, key="b")
    link.keep("b", other, others[0])
    link.choice("split", list(GROUPS), "topic")
    by = right.segmented_control(
        "Split", list(GROUPS), key="split", format_func=lambda key: GROUPS[key], required=True
    )
    link.keep("split", by, "topic")
    link.choice("of", list(by_id), styles[0].id)
    frame = st.pills(
        "Frame",
        list(by_id),
        key="of",
        format_func=lambda key: by_id[key].short,
        label_visibility="collapsed",
        required=True,
    )
    link.keep("of", frame, styles[0].id)
    if other != PAST:
        return Sides(one, None if other == REST else other), by_id[frame], by
    day = _day(page)
    if day is None:
        blocks.empty("No piece in scope is dated, so there is no past to compare with.")
        return None
    return Sides(None if one == EVERYONE else one, None, day), by_id[frame], by


def _day(page: Any) -> dt.date | None:
    """The day that divides the periods: an event, or the beginning of a month."""
    volume = data.volume(page.build.id, page.scope, "month", page.build)
    months = volume["start"].unique().sort().to_list()[1:]
    if not months:
        return None
    events = dict(page.build.events.iter_rows())
    days = sorted({*months, *(day for day in events if months[0] <= day)})
    names = {
        day.isoformat(): wording.day(day) + (f": {events[day]}" if day in events else "")
        for day in days
    }
    options = list(names)
    default = next((d.isoformat() for d in days if d in events), options[len(options) // 2])
    page.link.choice("since", options, default)
    chosen = st.selectbox(
        "Since the week of", options, key="since", format_func=lambda key: names[key]
    )
    page.link.keep("since", chosen, default)
    return dt.date.fromisoformat(chosen)


def _names(sides: Sides) -> tuple[str, str]:
    if sides.monday is None:
        return str(sides.one), sides.other or "the other outlets"
    who = sides.one or "Coverage by all outlets"
    return f"{who} from {wording.day(sides.monday)} on", "before"


def _pieces_of(sides: Sides, found: Fair) -> str:
    """'12 pieces of A and 30 of B', of what both cover."""
    own = wording.count(found.covered, "piece")
    if sides.monday is not None:
        return f"{own} since then and {found.covered_other:,} before"
    one, other = (wording.escape(name) for name in _names(sides))
    return f"{own} of {one} and {found.covered_other:,} of {other}"


def _in_words(found: Fair, names: tuple[str, str], frame: str, groups: str) -> str:
    rows = {row["part"]: row for row in found.parts.to_dicts()}
    whole = rows[DIFFERENCE]
    if whole["verdict"] == "do not print":
        return (
            f"No number may be printed of **{wording.escape(names[0])}** against "
            f"**{wording.escape(names[1])}**: {wording.escape(whole['reason'])}."
        )
    gap: float = whole["difference"]
    more = "more" if gap > 0 else "less"
    text = (
        f"**{wording.escape(names[0])}** carries *{wording.escape(frame)}* "
        f"{abs(gap) * 100:.0f} points {more} often than **{wording.escape(names[1])}** "
        f"({_interval(whole)}; {whole['verdict']})."
    )
    if found.covered:
        text += (
            f" Of this, {_points(rows[COMPOSITION])} come from what they covered and "
            f"{_points(rows[FRAMING])} from how they framed the {groups} that both cover."
        )
    else:
        text += f" They share no {groups[:-3] + 'y' if groups == 'stories' else 'topic'}, so the difference can't be split."
    same = rows.get(MATCHED)
    if same:
        count = wording.count(same["stories"], "story", "stories")
        text += (
            f" On the {count} that both covered they are too few to say."
            if same["verdict"] == "do not print"
            else f" On the {count} that both covered the difference is {_points(same)}."
        )
    return text


def _points(row: dict[str, Any]) -> str:
    return f"{wording.points(row['difference'])} points ({_interval(row)})"


def _interval(row: dict[str, Any]) -> str:
    return wording.point_interval(row["difference_low"], row["difference_high"])


def _ladder(
    page: Any, found: dict[str, Fair | None], sides: Sides, frame: charts.FrameStyle, by: str
) -> None:
    """The difference and its parts, with the pieces counted in three ways."""
    rows = pl.concat(
        [
            part.parts.with_columns(counted=pl.lit(wording.ESTIMANDS[counted]))
            for counted, part in found.items()
            if part is not None
        ],
        how="diagonal_relaxed",
    ).with_columns(part=pl.col("part").replace(PARTS))
    panels = [
        charts.FrameStyle(name, name, name, frame.colour) for name in rows["counted"].unique(maintain_order=True)
    ]  # fmt: skip
    order = [name for name in PARTS.values() if name in set(rows["part"])]
    names = _names(sides)
    totals = data.totals(page.build.id, page.scope, page.build)
    blocks.estimates(
        charts.dots_by_outlet(
            rows.with_columns(outlet=pl.col("part"), frame=pl.col("counted")),
            panels,
            order,
            axis_title=f"{names[0]} minus {names[1]}, percentage points, 95 % interval",
            difference=True,
            look=blocks.look(),
        ),
        rows.drop("outlet", strict=False),
        page.build,
        key="why-parts",
        title=f"{frame.name}: where the difference comes from",
        denominator=blocks.denominator(totals, page.scope, "From"),
        notes=[
            "What they covered and how they framed it add up to the difference (Kitagawa 1955); "
            f"a {NOUNS[by][0]} that only one side covers counts as covering.",
            "Original reports leave out copies; stories count each outlet's first piece on each.",
            "Where a correction is borrowed, it is spread evenly over a side's pieces.",
            *(
                ["Stories rarely reach over both periods, so little is matched."]
                if sides.since
                else []
            ),
        ],
        key_to_marks=wording.key_to_marks(rows),
        alt=f"Difference in {frame.name} between {names[0]} and {names[1]}, split into what they "
        "covered and how they framed it, and on the same stories, with 95 % intervals; a panel for "
        "each way of counting.",
    )


def _groups(page: Any, found: Fair, sides: Sides, frame: charts.FrameStyle, by: str) -> None:
    one, many = NOUNS[by]
    if found.groups.is_empty():
        return
    rows = found.groups.with_columns(part=pl.col("part").replace(PARTS))
    order = rows["about"].unique(maintain_order=True).to_list()
    panels = [
        charts.FrameStyle(name, name, name, frame.colour) for name in (PARTS[COMPOSITION], PARTS[FRAMING])
    ]  # fmt: skip
    shared = wording.count(found.shared, one, many)
    left = wording.count(
        found.left_out, f"{one} with a smaller part is", f"{many} with smaller parts are"
    )
    blocks.estimates(
        charts.dots_by_outlet(
            rows.with_columns(outlet=pl.col("about"), frame=pl.col("part")),
            panels,
            order,
            axis_title="Part of the difference in percentage points, 95 % interval",
            difference=True,
            least=2,
            width=44,
            look=blocks.look(),
        ),
        rows,
        page.build,
        key="why-groups",
        title=f"{GROUPS[by]}: the largest parts",
        denominator=f"In scope, both cover {shared}, with {_pieces_of(sides, found)}.",
        notes=[
            f"{left} not shown." if found.left_out else "",
            f"Covering counts a {one} by how much more often it carries the frame than the mean of "
            "both sides; framing by the gap between the sides on it.",
            "Picked for being large: expect a new sample to show them smaller.",
        ],
        key_to_marks=wording.key_to_marks(rows),
        alt=f"The {many} with the largest parts of the difference, covering and framing, with 95 % intervals.",
    )
