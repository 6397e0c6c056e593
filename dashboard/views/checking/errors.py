"""Where the classifier errs: rates by outlet and period, and the four cells with examples."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates.differences import LEAST_FOR_ERRORS
from analysis.reads import Domain
from dashboard import blocks, charts, wording
from dashboard.charts import FrameStyle
from dashboard.checks import Checks
from dashboard.views.checking import common

BY = {"outlet": "By outlet", "quarter": "By quarter"}
DOMAINS = {"outlet": Domain(by_outlet=True), "quarter": Domain(bin="quarter")}
MOST_ROWS = 30
# An adjusted p below this is told as a difference.
TELLING = 0.05

EXAMPLES = {
    "false alarm": "False alarms: only the classifier finds the frame",
    "miss": "Misses: only people find it",
    "both": "Both find it",
    "neither": "Neither finds it",
}


def rates(page: Any, checks: Checks) -> None:
    page.link.choice("by", list(BY), "outlet")
    by = st.segmented_control(
        "By", list(BY), format_func=lambda key: BY[key], key="by", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    page.link.keep("by", by, "outlet")
    found = checks.rates(page.scope, DOMAINS[by])
    if found is None:
        common.nothing_in_scope()
        return
    styles = common.styles(page)
    names = {style.id: style.name for style in styles}
    key = DOMAINS[by].keys[0]
    every = found.rows.with_columns(domain=_domain(key)).drop_nulls("domain")
    order = every["domain"].unique().sort().to_list()[:MOST_ROWS]
    shown = every.filter(pl.col("shown"), pl.col("domain").is_in(order))
    thin = every.filter(~pl.col("shown")).height
    hidden = (
        f"{thin} of {every.height} rates with fewer than {LEAST_FOR_ERRORS} coded pieces behind "
        "them are hidden."
        if thin
        else ""
    )
    common.figure(
        charts.error_rates(shown, styles, order, blocks.look()),
        key=f"validation-errors-{by}",
        title=f"What the classifier finds, and what it lets go, {BY[by].lower()}",
        denominator=common.scope_line(page, "Coded pieces stand for"),
        notes=[
            "Sensitivity: of pieces with the frame, the share it finds. Specificity: of pieces "
            "without it, the share it lets go.",
            hidden,
        ],
        table=common.in_percent(
            every.with_columns(pl.col("frame").replace(names), pl.col("worth").round(1)).drop(
                [] if key == "outlet" else ["domain"]
            )
        ),
        alt=f"Sensitivity and specificity of each frame, {BY[by].lower()}, with 95 % intervals.",
    )
    noun = "Outlets" if by == "outlet" else "Quarters"
    for row in found.tests.iter_rows(named=True):
        st.markdown(f"**{wording.escape(names[row['frame']])}**: {_tested(row, noun)}")
    st.caption(
        "One test a frame, of sensitivity and specificity together: "
        f"{noun.lower()} are dealt out anew among pieces that were coded alike. q: p adjusted by "
        f"Benjamini and Hochberg over {wording.count(found.tests.height, 'frame')}."
    )


def _domain(key: str) -> pl.Expr:
    if key == "outlet":
        return pl.col("outlet")
    start = pl.col("start")
    return pl.format("{} Q{}", start.dt.year(), start.dt.quarter())


def _tested(row: dict[str, Any], noun: str) -> str:
    if row["p"] is None:
        return "nothing to test: one group only, or no error."
    said = (
        f"{noun} differ in their error rates by more than chance"
        if row["q"] < TELLING
        else f"{noun} are not shown to differ in their error rates by more than chance"
    )
    p = "below .001" if row["p"] < 0.001 else f"{row['p']:.3f}".lstrip("0")
    q = "below .001" if row["q"] < 0.001 else f"{row['q']:.3f}".lstrip("0")
    return f"{said} (p {p}, q {q})."


def confusion(page: Any, checks: Checks) -> None:
    seed = _seed(page)
    found = checks.confusion(page.scope, seed)
    if found is None:
        common.nothing_in_scope()
        return
    styles = common.styles(page)
    names = {style.id: style.name for style in styles}
    common.figure(
        charts.confusion(found.cells, styles, blocks.look()),
        key="validation-confusion",
        title="Classifier against people",
        denominator=common.scope_line(page, "Shares of"),
        notes=["Pieces on which coders are divided count in part to either side."],
        table=common.in_percent(found.cells.with_columns(pl.col("frame").replace(names))),
        alt="For each frame, shares of pieces in which people and classifier find it or not.",
    )
    _examples(page, checks, found, seed)


def _seed(page: Any) -> int:
    """Which random pieces: in the link, so that it can be passed on."""
    state = st.session_state
    wanted = page.link.number("draw", 1, 10**6)
    if page.link.changed or "draw" not in state:
        state["draw"] = wanted or 1
    page.link.keep("draw", state["draw"], 1)
    return int(state["draw"])


def _redraw() -> None:
    st.session_state["draw"] = st.session_state.get("draw", 1) + 1


def _examples(page: Any, checks: Checks, found: Any, seed: int) -> None:
    st.subheader("Examples, at random", anchor=False)
    left, right = st.columns([2, 2], vertical_alignment="bottom")
    style: FrameStyle = common.frame_choice(page, left)
    right.button("Draw others", icon=":material/casino:", on_click=_redraw)
    own = found.examples.filter(pl.col("frame") == style.id)
    divided = found.divided.filter(pl.col("frame") == style.id)["n"].sum()
    waiting = checks.revealed().waiting
    notes = [f"Up to five of each cell, drawn with seed {seed}: not the best ones."]
    if divided:
        notes.append(
            f"{wording.count(divided, 'piece')} on which coders are evenly divided "
            f"{'is' if divided == 1 else 'are'} in no list."
        )
    if waiting:
        notes.append(
            f"{wording.count(waiting, 'coded piece')} held back until every coder has coded "
            f"{'it' if waiting == 1 else 'them'}."
        )
    st.caption(" ".join(notes))
    columns = st.columns(2, gap="medium") + st.columns(2, gap="medium")
    for column, (cell, title) in zip(columns, EXAMPLES.items(), strict=True):
        with column:
            st.markdown(f"**{title}**")
            rows = own.filter(pl.col("cell") == cell)
            if rows.is_empty():
                st.caption("No coded piece.")
            for row in rows.iter_rows(named=True):
                common.piece_link(
                    page,
                    row["piece"],
                    row["title"],
                    f"· score\u00a0{row['score'] * 100:.0f}\u00a0%",
                )
