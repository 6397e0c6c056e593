"""Whose voice a frame has, who gets to speak, and quotations to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import summed_up
from analysis.estimates.voice import Unit, measured
from analysis.measure.voice import OWN, QUOTED
from dashboard import blocks, charts, quoting, voices_data, wording
from dashboard.coding import coder

MOST_OUTLETS = 20
ROLE_PANELS = 4
SPEAKING_PANELS = 6
MOST_SEEDS = 9999
ANY = "any"

UNITS: dict[Unit, str] = {"quotations": "Quotations", "speakers": "Speakers"}
VOICES = {OWN: "Own voice", QUOTED: "Only others"}


def show(page: Any) -> None:
    build, scope = page.build, page.scope
    blocks.heading(
        "Voices",
        "Is this frame the reporter's or the chief's? Tells whether an outlet says a frame itself or "
        "lets others say it, and who gets to speak. It can't tell what a reporter left out of what "
        "was said, nor whether the outlet shares it.",
    )
    styles = blocks.styles(build, scope)
    by_id = {style.id: style for style in styles}
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    page.link.choice("of", list(by_id), styles[0].id)
    frame = left.pills(
        "Frame", list(by_id), key="of", format_func=lambda key: by_id[key].short, required=True
    )
    page.link.keep("of", frame, styles[0].id)
    page.link.choice("unit", list(UNITS), "quotations")
    unit = right.segmented_control(
        "Count those who speak by", list(UNITS), key="unit", format_func=UNITS.get, required=True
    )
    page.link.keep("unit", unit, "quotations")
    _framed(page, by_id[frame])
    _speaking(page, unit)
    _quotations(page, by_id[frame])


def _framed(page: Any, style: charts.FrameStyle) -> None:
    rows = voices_data.frame_by_voice(page.numbers, page.scope, style.id)
    if rows.is_empty():
        blocks.empty(f"No piece in scope carries {style.name}.")
        return
    on_show, order, note = _shown(page, rows, "pieces that carry it")
    if not order:
        blocks.empty(f"No outlet in scope has enough pieces that carry {style.name}.")
        return
    roles = on_show.filter(~pl.col("voice").is_in(list(VOICES)))
    panels = {**VOICES, **_largest(roles, "voice", ROLE_PANELS)}
    total = int(rows.filter(pl.col("voice") == OWN)["n"].sum())
    _figure(
        page,
        on_show,
        panels,
        order,
        key="voice",
        name="voices-frame",
        colour=style.colour,
        unit="pieces",
        title=f"Who says {style.short}",
        axis_title="Share of the outlet's pieces that carry the frame, 95 % interval",
        denominator=f"Share of {wording.count(total, 'piece')} in scope that "
        f"{'carries' if total == 1 else 'carry'} {style.name}, by outlet.",
        notes=[
            "Own voice: a sentence of the outlet itself carries it. Only others: every sentence that "
            "carries it is somebody's words. Then the roles that say it most; a piece may have several.",
            note,
        ],
    )


def _speaking(page: Any, unit: Unit) -> None:
    rows = voices_data.spoken(page.numbers, page.scope, unit)
    if rows.is_empty():
        blocks.empty("Nobody is quoted in a piece in scope.")
        return
    on_show, order, note = _shown(page, rows, "pieces with a quotation", of="quoting")
    if not order:
        blocks.empty("No outlet in scope has enough pieces in which somebody is quoted.")
        return
    outlets = rows.unique("outlet")
    counted = int(outlets["n"].sum())
    noun = unit if unit == "quotations" else "speakers, once a piece"
    _figure(
        page,
        on_show,
        _largest(on_show, "role", SPEAKING_PANELS),
        order,
        key="role",
        name="voices-speaking",
        colour=charts.PLAIN,
        unit=unit,
        title="Who gets to speak",
        axis_title=f"Share of the outlet's {unit}, 95 % interval",
        denominator=f"Share of {counted:,} {noun}, in {int(outlets['quoting'].sum()):,} of "
        f"{wording.count(int(outlets['pieces'].sum()), 'piece')} in scope.",
        notes=["The roles that speak most; the others stand in the table.", note],
    )


def _figure(
    page: Any,
    rows: pl.DataFrame,
    panels: Mapping[str, str],
    order: list[str],
    *,
    key: str,
    name: str,
    colour: str,
    unit: str,
    title: str,
    axis_title: str,
    denominator: str,
    notes: list[str],
) -> None:
    blocks.figure(
        charts.voices_by_outlet(
            rows,
            panels,
            order,
            key=key,
            colour=colour,
            unit=unit,
            axis_title=axis_title,
            look=blocks.look(),
        ),
        key=name,
        title=title,
        denominator=denominator,
        notes=[*notes, "Intervals count a story, or a text and its copies, once."],
        table=_table(rows, key, unit),
        summary=summed_up(rows),
        alt=f"{title}: one panel a voice or role, one row an outlet, with 95 % intervals.",
    )


def _shown(
    page: Any, rows: pl.DataFrame, what: str, of: str = "n"
) -> tuple[pl.DataFrame, list[str], str]:
    """Rows of the outlets on show, these from the largest on, and what is not on show in words."""
    minimum = int(page.build.meta["min_cell"])
    sizes = (
        rows.group_by("outlet").agg(pl.col(of).max()).sort(of, "outlet", descending=[True, False])
    )
    enough = sizes.filter(pl.col(of) >= minimum)
    order = enough.head(MOST_OUTLETS)["outlet"].to_list()
    notes = []
    if thin := sizes.height - enough.height:
        notes.append(f"{wording.count(thin, 'outlet')} with fewer than {minimum} {what} hidden.")
    if enough.height > MOST_OUTLETS:
        notes.append(f"The {MOST_OUTLETS} largest of {enough.height} outlets.")
    return rows.filter(pl.col("outlet").is_in(order)), order, " ".join(notes)


def _largest(rows: pl.DataFrame, key: str, most: int) -> dict[str, str]:
    """The roles with most, by name, and how they are called."""
    ranked = rows.group_by(key).agg(pl.col("k").sum()).sort("k", key, descending=[True, False])
    return {role: _called(role) for role in ranked.head(most)[key]}


def _called(role: str) -> str:
    return role.capitalize()


def _table(rows: pl.DataFrame, key: str, unit: str) -> pl.DataFrame:
    names = {**VOICES, **{role: f"Says it: {told}" for role, told in quoting.ROLES.items()}}
    if key == "role":
        names = dict(quoting.ROLES)
    return rows.select(
        pl.col("outlet").alias("Outlet"),
        pl.col(key).replace(names).alias("Voice" if key == "voice" else "Role"),
        pl.col("k").alias("Of them"),
        pl.col("n").alias(unit.capitalize()),
        *((pl.col(end) * 100).round(1).alias(told) for end, told in ENDS.items()),
        pl.col("design_effect").round(2).alias("Design effect"),
        pl.col("verdict").alias("Verdict"),
        pl.col("reason").alias("Reason"),
        pl.col("remedy").alias("Remedy"),
    )


ENDS = {"share": "Share %", "low": "Low %", "high": "High %"}


def _quotations(page: Any, style: charts.FrameStyle) -> None:
    st.subheader("Ten quotations at random", anchor=False)
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    options = [ANY, *quoting.ROLES]
    page.link.choice("role", options, ANY)
    role = left.selectbox(
        "Speaker", options, key="role", format_func=lambda key: quoting.ROLES.get(key, "anybody")
    )
    page.link.keep("role", role, ANY)
    page.link.choice("said", ["frame", "all"], "frame")
    said = middle.segmented_control(
        "From sentences",
        ["frame", "all"],
        key="said",
        format_func={"frame": f"that carry {style.short}", "all": "of any kind"}.get,
        required=True,
    )
    page.link.keep("said", said, "frame")
    if page.link.changed:
        st.session_state["voices_draw"] = page.link.number("draw", 1, MOST_SEEDS) or 1
    seed = st.session_state.setdefault("voices_draw", 1)
    right.button("Other ten", icon=":material/casino:", on_click=_redraw)
    page.link.keep("draw", seed, 1)
    by_frame = said == "frame"
    if by_frame and coder.current() is not None:
        # Which sentences carry a frame is a label, also of pieces that are not on the screen.
        by_frame = False
        st.caption("While you are signed in as a coder, quotations are not chosen by frame.")
    rows = voices_data.sample(
        page.build.id,
        page.scope,
        style.id if by_frame else None,
        None if role == ANY else role,
        seed,
        page.build,
    )
    hidden = coder.show_labels(page.build, rows["id"].unique().to_list())
    rows = rows.filter(~pl.col("id").is_in(list(hidden)))
    if hidden:
        st.caption(f"Of {wording.count(len(hidden), 'piece')}: {wording.WITHHELD}")
    if rows.is_empty():
        st.info(
            "No quotation matches. Choose another speaker or frame.", icon=":material/search_off:"
        )
        return
    figures = measured()["all"]
    st.caption(
        f"Drawn with seed {seed}, errors included. On {figures['sentences']} coded sentences the rules "
        f"found quotations with F1 {figures['f1']:.2f}; of those found {figures['speaker']:.0%} had the "
        f"right speaker and {figures['role']:.0%} the right role."
    )
    for row in rows.to_dicts():
        _one(page, row)


def _one(page: Any, row: dict[str, Any]) -> None:
    offset = row["passage_start"]
    marks: list[quoting.Mark] = [
        (row["start_char"] - offset, row["end_char"] - offset, "voice", "")
    ]
    for name, look in (("cue", "cue"), ("speaker", "who")):
        start, end = row[f"{name}_start"], row[f"{name}_end"]
        if start is not None and start >= offset and end <= row["passage_end"]:
            marks.append((start - offset, end - offset, look, ""))
    with st.container(border=True, gap="small"):
        passage = quoting.with_marks(row["passage"], 0, len(row["passage"]), sorted(marks))
        st.html(f'{quoting.STYLE}<div class="said"><p>{passage}</p></div>')
        facts = [
            quoting.who(row["speaker"], row["role"]),
            row["outlet"],
            wording.day(row["published"]),
            row["title"],
        ]
        st.caption(" · ".join(wording.escape(fact) for fact in facts if fact))
        st.page_link(
            page.pages["pieces"],
            label="Read the piece",
            icon=":material/article:",
            query_params={"piece": row["id"]},
        )


def _redraw() -> None:
    st.session_state["voices_draw"] = st.session_state.get("voices_draw", 1) % MOST_SEEDS + 1
