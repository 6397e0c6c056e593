"""What more coding would buy, and where it would buy most."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import planner
from dashboard import blocks, charts, data, wording
from dashboard.charts import FrameStyle
from dashboard.checks import Checks
from dashboard.views.checking import common

TARGETS = {
    "overall": "The share overall",
    "outlet": "The share of an outlet",
    "difference": "The difference of two outlets",
}
BUDGETS = (32, 64, 100, 200)
BASIS = {
    planner.OWN: "From how far the scores of its coded pieces are off.",
    planner.ALL: "It has few codes of its own: from how far scores are off over all coded pieces "
    "in scope.",
    planner.SCORES: "Too little is coded to tell how far scores are off: from the scores alone, "
    "as if they were right.",
}
MOST_OUTLETS = 12


def show(page: Any, checks: Checks) -> None:
    left, middle, right = st.columns(3)
    style = common.frame_choice(page, left)
    page.link.choice("target", list(TARGETS), "overall")
    target = middle.selectbox(
        "To be known better", list(TARGETS), format_func=lambda key: TARGETS[key], key="target"
    )
    page.link.keep("target", target, "overall")
    outlets = _outlets(page)
    if not outlets:
        blocks.empty("No piece is in scope.")
        return
    chosen = _sides(page, right, target, outlets)
    plan = checks.plan(page.scope, style.id, chosen)
    if plan is None:
        blocks.empty("No piece is in scope.")
        return
    _widths(checks, style, chosen, plan)
    _command(page, checks, chosen)
    _next(page, checks, style)


def _outlets(page: Any) -> list[str]:
    counts = data.by_outlet(page.build.id, page.scope, page.build)
    return counts["outlet"].unique().sort().to_list()


def _sides(page: Any, where: Any, target: str, outlets: list[str]) -> tuple[str, ...]:
    if target == "overall":
        return ()
    page.link.choice("one", outlets, outlets[0])
    one = where.selectbox("Outlet", outlets, key="one")
    page.link.keep("one", one, outlets[0])
    if target == "outlet":
        return (one,)
    others = [name for name in outlets if name != one]
    if not others:
        return (one,)
    page.link.choice("other", others, others[0])
    other = where.selectbox("And", others, key="other")
    page.link.keep("other", other, others[0])
    return one, other


def _widths(checks: Checks, style: FrameStyle, chosen: tuple[str, ...], plan: planner.Plan) -> None:
    if plan.widths["half_width"].null_count() == plan.widths.height:
        st.info("There are too few pieces to plan for.", icon=":material/info:")
        return
    what = " minus ".join(chosen) if chosen else "all in scope"
    now = plan.widths.row(0, named=True)
    unknown = now["half_width"] is None
    last = plan.widths.row(-1, named=True)
    coded = now["coded"] + (now["coded_other"] or 0)
    every = f" {last['more']:,} more are all there are." if last["more"] < 200 else ""
    splits = plan.widths.filter(pl.col("more") > 0).drop_nulls("more_one")
    shared = (
        " Split best: "
        + "; ".join(
            f"{row['more']} as {row['more_one']} and {row['more_other']}"
            for row in splits.iter_rows(named=True)
        )
        + "."
        if splits.height
        else ""
    )
    common.figure(
        charts.budget(plan.widths, style, checks.ask.rules.max_half_width, blocks.look()),
        key="validation-budget",
        title=f"What more codes would buy: {style.name}, {what}",
        denominator=f"Expected half-width of the 95 % interval; "
        f"{wording.count(coded, 'piece')} of it coded now{', so none is known yet' if unknown else ''}.",
        notes=[BASIS[plan.basis], every.strip(), shared.strip()],
        table=common.in_percent(plan.widths),
        alt="Expected half-width of the interval now and after more pieces are coded.",
    )


def _command(page: Any, checks: Checks, chosen: tuple[str, ...]) -> None:
    last = checks.last_request()
    page.link.choice("more", list(BUDGETS), 64)
    more = st.segmented_control(
        "Draw so many more" if last else "Draw so many", list(BUDGETS), key="more", required=True
    )
    page.link.keep("more", more, 64)
    root = str(data.project().root)
    st.markdown(
        f"**Top up sample {wording.escape(checks.sample)} by {more} pieces**"
        if last
        else f"**Draw a sample of {more} pieces**"
    )
    st.code(planner.command(root, last, page.scope, chosen, more), language=None, wrap_lines=True)


def _next(page: Any, checks: Checks, style: FrameStyle) -> None:
    rows = checks.next_outlets(page.scope, style.id)
    st.subheader("Which outlets to code next", anchor=False)
    if rows.is_empty():
        st.caption("Every piece in scope is coded.")
        return
    more = f" The first {MOST_OUTLETS} of {rows.height}." if rows.height > MOST_OUTLETS else ""
    st.caption(
        f"How far {planner.STEP} more codes of an outlet (or all it has) would narrow the interval "
        f"of its own share of {wording.escape(style.name)}, in points.{more}"
    )
    shown = rows.head(MOST_OUTLETS).with_columns(
        pl.col("half_width", "half_width_then", "gain") * 100
    )
    # Before anything is coded there is no half-width now, and no gain over it.
    known = [name for name in shown.columns if shown[name].null_count() < shown.height]
    st.dataframe(
        shown.select(known),
        hide_index=True,
        column_config={
            "outlet": "Outlet",
            "n": st.column_config.NumberColumn("Pieces", format="localized"),
            "codes": st.column_config.NumberColumn("Coded", format="localized"),
            "room": st.column_config.NumberColumn("Not coded", format="localized"),
            "half_width": st.column_config.NumberColumn("Now ±", format="%.1f"),
            "half_width_then": st.column_config.NumberColumn("Then ±", format="%.1f"),
            "gain": st.column_config.NumberColumn("Gain", format="%.1f"),
            "basis": "Judged by",
        },
    )
