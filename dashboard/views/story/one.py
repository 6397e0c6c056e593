"""One story: its outlets side by side, and who was there and did not tell it."""

from __future__ import annotations

from html import escape
from typing import Any

import polars as pl
import streamlit as st

from analysis.reads import Scope
from dashboard import blocks, stories_data, wording
from dashboard.charts import FrameStyle
from dashboard.coding.coder import show_labels

MOST_CARDS = 24
IN_A_ROW = 3
MOST_NAMES = 12
QUOTED = 260

STYLE = """<style>
.told { overflow-wrap: anywhere; }
.told .head { font-weight: 600; font-size: 1.02rem; line-height: 1.35; margin: 0.15rem 0 0.5rem 0; }
.told .meta { font-size: 0.86rem; opacity: 0.8; }
.told .chips { display: flex; flex-wrap: wrap; gap: 0.35rem; margin: 0.1rem 0 0.55rem 0; }
.told .chip { border-radius: 1rem; padding: 0.08rem 0.6rem; font-size: 0.82rem; font-weight: 600; }
.told .none { font-size: 0.86rem; opacity: 0.8; }
.told blockquote { margin: 0 0 0.5rem 0; padding: 0.1rem 0 0.1rem 0.7rem; border-left: 4px solid; font-size: 0.92rem; line-height: 1.45; }
.told .where { font-size: 0.78rem; font-weight: 600; }
</style>"""


def show(page: Any, story: str) -> bool:
    """Shows a story; False, with a notice, where this build has none of that key."""
    build = page.build
    rows = stories_data.pieces(build.id, story, build)
    title = stories_data.title(build.id, story, build)
    if rows.is_empty() or title is None:
        page.link.notices.append(
            f"The link names a story that is not in this build: “{story[:40]}”."
        )
        return False
    st.button("Back to the stories", icon=":material/arrow_back:", on_click=_close)
    blocks.heading(wording.escape(title), _facts(rows))
    hidden = show_labels(build, rows["id"].to_list())
    blocks.label_badge()
    if hidden:
        st.info(wording.WITHHELD, icon=":material/visibility_off:")
    st.html(STYLE)
    _cards(page, rows, hidden, stories_data.frames(build.id, story, build))
    _absent(page, story, rows)
    return True


def _close() -> None:
    st.session_state["story"] = ""


def _facts(rows: pl.DataFrame) -> str:
    copies = int((~rows["is_original"]).sum())
    days = rows["published"].drop_nulls()
    first, last = (days.min(), days.max()) if len(days) else (None, None)
    when = wording.day(first) if first == last else f"{wording.day(first)} to {wording.day(last)}"
    parts = [
        wording.count(rows.height, "piece"),
        wording.count(rows["outlet"].n_unique(), "outlet"),
        when,
        *([wording.count(copies, "copy", "copies")] if copies else []),
    ]
    return (
        f"{' · '.join(parts)}. One story, outlet beside outlet, with the first sentence that carries "
        "each frame. The title is the headline that shares most with what the others say; it can't "
        "be taken for what happened."
    )


def _cards(page: Any, rows: pl.DataFrame, hidden: frozenset[str], frames: pl.DataFrame) -> None:
    styles = blocks.styles(page.build, Scope())
    carried = {
        key[0]: part.to_dicts()
        for key, part in frames.partition_by("piece_key", as_dict=True).items()
    }
    shown = rows.sort(~pl.col("is_lead"), maintain_order=True).head(MOST_CARDS).to_dicts()
    for start in range(0, len(shown), IN_A_ROW):
        for column, piece in zip(
            st.columns(IN_A_ROW), shown[start : start + IN_A_ROW], strict=False
        ):
            with column, st.container(border=True, height="stretch"):
                told = (
                    ""
                    if piece["id"] in hidden
                    else _told(piece, carried.get(piece["piece_key"], []), styles)
                )
                st.html(f'<div class="told">{_head(piece)}{told or WITHHELD}</div>')
                st.page_link(
                    page.pages["pieces"],
                    label="Read the piece",
                    icon=":material/article:",
                    query_params={"piece": piece["id"]},
                )
    left = rows.height - len(shown)
    st.caption(
        "Each outlet's first piece comes first, then its follow-ups, by day. Frames are the "
        "classifier's labels."
        + (f" {wording.count(left, 'more piece', 'more pieces')} not shown." if left else "")
    )


WITHHELD = '<p class="none">(labels withheld)</p>'


def _head(piece: dict[str, Any]) -> str:
    notes = [wording.day(piece["published"])]
    if not piece["is_lead"]:
        notes.append("follow-up")
    if piece["copied_from"]:
        notes.append(f"copy of {piece['copied_from']}’s text")
    return (
        f'<div class="meta"><b>{escape(piece["outlet"])}</b> · {escape(" · ".join(notes))}</div>'
        f'<div class="head">{escape(piece["title"] or "(no headline)")}</div>'
    )


def _told(piece: dict[str, Any], carried: list[dict[str, Any]], styles: list[FrameStyle]) -> str:
    """Chips of the frames a piece carries, and the first sentence of each."""
    found = {row["frame"]: row for row in carried}
    own = [style for style in styles if style.id in found]
    if not own:
        return '<p class="none">Carries none of the frames.</p>'
    chips = "".join(
        f'<span class="chip" style="background:{s.colour};color:{blocks.ground()}">{escape(s.short)}</span>'
        for s in own
    )
    quotes = "".join(_quote(piece, found[style.id], style) for style in own)
    return f'<div class="chips">{chips}</div>{quotes}'


def _quote(piece: dict[str, Any], row: dict[str, Any], style: FrameStyle) -> str:
    headline = row["sentence"] == 0
    said = (piece["title"] if headline else piece["text"])[row["start_char"] : row["end_char"]]
    flat = " ".join(said.split())
    cut = flat if len(flat) <= QUOTED else flat[: QUOTED - 1] + "…"
    where = "headline" if headline else f"sentence {row['sentence']}"
    return (
        f'<blockquote style="border-color:{style.colour}"><span class="where" style="color:{style.colour}">'
        f"{escape(style.short)}, {where}</span><br>{escape(cut)}</blockquote>"
    )


def _absent(page: Any, story: str, rows: pl.DataFrame) -> None:
    """Outlets that were publishing in those days and are not in this story."""
    build = page.build
    around = stories_data.around(build.id, story, page.scope.outlets, build)
    away = around.filter(~pl.col("told"))
    st.subheader("Who did not tell it", anchor=False)
    if away.is_empty():
        st.markdown("Every outlet in scope with pieces within a week of it told this story.")
    else:
        told = set(rows["outlet"])
        peers = [p for o in told for p in build.meta["peers"].get(o, [])]
        ranked = away.sort(~pl.col("outlet").is_in(peers), -pl.col("pieces"), "outlet")
        names = [
            f"**{wording.escape(name)}** ({'peer, ' if name in peers else ''}{pieces:,} other pieces)"
            for name, pieces in ranked.head(MOST_NAMES).select("outlet", "pieces").iter_rows()
        ]
        more = ranked.height - len(names)
        st.markdown(", ".join(names) + (f", and {more:,} more." if more > 0 else "."))
    st.caption(
        f"Of {wording.count(around.height, 'outlet')} in scope with pieces in this corpus within a "
        "week of the story. An outlet that is not listed was not collected in those days, which says "
        "nothing of what it published."
    )
