"""Blind coding: sign in, code one piece after the other, take back, and what comes after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from analysis.coding.sessions import Coding, Desk, Marks, Progress, Task
from analysis.errors import CodingError
from dashboard import blocks, data, wording
from dashboard.charts import FrameStyle
from dashboard.coding import coder, component, draw
from dashboard.coding.desk import Answer, act, in_words, missing, pace, shown

# By name, newest first: a row of the query `samples`.
Samples = Mapping[str, Mapping[str, Any]]

DESK = "_desk"
ANSWER = "_desk_answer"

HOW = (
    "1. **Read** the piece; the codebook is beside it.",
    "2. **Choose a sentence** (click it, or press **j**) and then the **frame** it carries (click it, "
    "or press its number). Without a sentence the frame goes to the piece as a whole.",
    "3. **Commit** with **Enter**. What you did not set counts as absent. **u** takes the last piece back.",
)

BLIND = (
    "You code blind: while you are signed in, nothing shows you what the model or a colleague said "
    "of a piece that you have not committed."
)


def show(page: Any) -> None:
    someone = coder.current()
    ledger = data.ledger()
    samples = {} if ledger is None else {row["sample"]: row for row in ledger.rows("samples")}
    if someone is not None and someone.sample not in samples:
        page.link.notices.append(f"There is no sample “{someone.sample}” any more. Sign in again.")
        coder.sign_out()
        someone = None
    if someone is None:
        _welcome(page, samples)
    else:
        _head(page, someone)
        _work(page)
    cookie = coder.cookie()
    if cookie is not None:
        component.set_cookie(cookie)


def _welcome(page: Any, samples: Samples) -> None:
    blocks.heading(
        "Code",
        "What people say of a random sample of pieces is what the model's numbers are checked against.",
    )
    if not samples:
        st.info(
            "No sample has been drawn yet, so there is nothing to code. Draw one here, or with "
            "`framescope sample`.",
            icon=":material/casino:",
        )
        draw.form(page, samples)
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        _sign_in(samples)
    with right:
        st.subheader("How it goes", anchor=False)
        st.markdown("\n".join(HOW))
        st.caption(BLIND)
    if st.toggle("Draw more pieces, or another sample", key="draw-more"):
        draw.form(page, samples)


def _sign_in(samples: Samples) -> None:
    with st.form("code-sign-in"):
        name = st.text_input(
            "Your name",
            max_chars=60,
            placeholder="as your colleagues know you",
            help="The same name goes on where it stopped. It is kept with your codes.",
        )
        sample = next(iter(samples))
        if len(samples) > 1:
            sample = st.selectbox(
                "Sample", list(samples), format_func=lambda s: _described(samples[s])
            )
        else:
            st.caption(f"Sample {wording.escape(_described(samples[sample]))}")
        begun = st.form_submit_button(
            "Start coding", type="primary", icon=":material/play_arrow:", width="stretch"
        )
    if not begun:
        return
    try:
        coder.sign_in(name, sample)
    except CodingError as error:
        st.error(wording.escape(f"{error.what}: {error.remedy}."), icon=":material/error:")
        return
    st.session_state[ANSWER] = Answer()
    st.rerun()


def _described(row: Mapping[str, Any]) -> str:
    what = row["title"] or wording.count(row["pieces"], "piece")
    return f"{row['sample']}: {what}; {row['coded']:,} of {row['pieces']:,} coded"


def _head(page: Any, someone: coder.Coder) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.title("Code", anchor=False, width="content")
        with st.container(
            horizontal=True, vertical_alignment="center", width="content", gap="small"
        ):
            st.caption(
                f"{wording.escape(someone.name)} · sample {wording.escape(someone.sample)}",
                width="content",
            )
            if st.button("Your codings", icon=":material/list:"):
                _own(page)
            st.button("Switch coder", icon=":material/logout:", on_click=coder.sign_out)


def _seat(page: Any) -> Desk:
    someone = coder.current()
    ledger = data.ledger()
    assert someone is not None
    assert ledger is not None
    return Desk(ledger, someone.sample, someone.name, page.build.frames)


def _answer() -> Answer:
    found: Answer = st.session_state.setdefault(ANSWER, Answer())
    return found


@st.fragment
def _work(page: Any) -> None:
    """The desk. A commit runs this and nothing else of the page."""
    if coder.current() is None:
        return
    build = page.build
    try:
        desk = _seat(page)
        task = desk.next()
        progress = desk.progress()
        seconds = pace(desk.ledger, desk)
    except CodingError as error:
        st.error(wording.escape(str(error)), icon=":material/error:")
        return
    if task is None:
        _finished(page, progress)
        return
    piece = data.blind_piece(build.id, task.piece, build)
    if piece is None:
        st.warning(missing(task), icon=":material/warning:")
        st.button("Pass over it", on_click=_pass_over, args=(page, task))
        return
    styles = blocks.styles(build, type(page.scope)())

    def acted() -> None:
        try:
            act(_answer(), _seat(page), build, st.session_state[DESK]["act"])
        except CodingError as error:
            _answer().said = f"Not stored: {error.what} — {error.remedy}."

    component.desk(DESK, shown(_answer(), task, piece, progress, build, styles, seconds), acted)


def _pass_over(page: Any, task: Task) -> None:
    marks = Marks({frame["id"]: None for frame in page.build.frames}, note="not in the build")
    try:
        _seat(page).commit(task.piece, marks, ())
    except CodingError as error:
        _answer().said = f"{error.what}: {error.remedy}."


def _undo(page: Any) -> None:
    answer = _answer()
    try:
        if _seat(page).undo() is not None:
            answer.turn += 1
    except CodingError as error:
        answer.said = f"{error.what}: {error.remedy}."


def _finished(page: Any, progress: Progress) -> None:
    answer = _answer()
    if answer.said:
        st.warning(wording.escape(answer.said), icon=":material/info:")
        answer.said = None
    if progress.held:
        st.info(
            f"You have coded {wording.count(progress.done, 'piece')}. The last "
            f"{wording.count(progress.held, 'piece is', 'pieces are')} on a colleague's screen, and "
            "come to you if they are not coded there within half an hour.",
            icon=":material/hourglass_top:",
        )
        st.button("Look again", icon=":material/refresh:", type="primary")
    else:
        st.success(
            f"Thank you: you have coded {wording.count(progress.done, 'piece')}, all that this sample "
            f"has for you. Of its {wording.count(progress.pieces, 'piece')}, {progress.coded:,} are coded.",
            icon=":material/check_circle:",
        )
        st.markdown(
            "**What next.** Look at your codings once more with *Your codings*, or hand over to the next "
            "coder with *Switch coder*: that page also draws more pieces."
        )
    st.button(
        "Undo the last piece",
        icon=":material/undo:",
        on_click=_undo,
        args=(page,),
        disabled=not progress.done,
    )


@st.dialog("Your codings", width="large")
def _own(page: Any) -> None:
    desk = _seat(page)
    build = page.build
    codings = desk.mine()[::-1]
    if not codings:
        st.markdown("You have not committed a piece yet.")
        return
    styles = blocks.styles(build, type(page.scope)())
    titles = [data.blind_piece(build.id, one.piece, build) for one in codings]
    table = pl.DataFrame(
        {
            "number": range(len(codings), 0, -1),
            "title": [
                blind.title if blind else one.piece
                for blind, one in zip(titles, codings, strict=True)
            ],
            "frames": [in_words(one.marks, styles) for one in codings],
            "note": [one.marks.note for one in codings],
        }
    )
    chosen = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        row_height=blocks.WRAPPED,
        height=min(460, 40 + blocks.WRAPPED * table.height),
        column_config={
            "number": st.column_config.NumberColumn("No.", width=50),
            "title": st.column_config.TextColumn("Headline", width=310),
            "frames": st.column_config.TextColumn("Your frames", width=150),
            "note": st.column_config.TextColumn("Note", width=170),
        },
    )
    picked = chosen["selection"]["rows"]
    if not picked or picked[0] >= len(codings):
        st.caption(
            "Newest first. Choose a row to take that piece back, or to see who else coded it."
        )
        return
    own_coding(desk, codings[picked[0]], styles)


def own_coding(desk: Desk, one: Coding, styles: Sequence[FrameStyle]) -> None:
    """What can be done with one of this coder's codings: see colleagues', or take it back."""
    seen = one.piece in desk.seen()
    asked = st.button(
        "Show what colleagues coded",
        icon=":material/group:",
        help="Once you have seen that, or what the model said, your coding can't be taken back.",
        disabled=seen,
    )
    if asked or seen:
        others = desk.revealed(one.piece)
        seen = seen or bool(others)
        for other in others:
            note = f" — {wording.escape(other.marks.note)}" if other.marks.note else ""
            st.markdown(f"**{wording.escape(other.coder)}**: {in_words(other.marks, styles)}{note}")
        if not others:
            st.caption("No colleague has coded it yet.")
    if seen:
        st.caption(
            "You have seen what the model or a colleague said of it, so that it stays as you coded "
            "it: if it is a mistake, write to whoever leads the coding."
        )
    elif st.button("Take this piece back", icon=":material/undo:", type="primary"):
        answer = _answer()
        try:
            desk.take_back(one.piece)
            answer.said = "Taken back: change it and commit it anew."
        except CodingError as error:
            answer.said = f"{error.what}: {error.remedy}."
        answer.turn += 1
        st.rerun()
