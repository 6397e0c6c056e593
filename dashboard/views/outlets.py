"""Share of each frame by outlet, and differences to a comparator."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import Shown
from analysis.reads import Domain
from dashboard import blocks, charts, data, wording
from dashboard.scope import to_params

MOST_OUTLETS = 30
SHARES = "no comparator: shares"
REST = "all other outlets"


def show(page: Any) -> None:
    build, scope = page.build, page.scope
    blocks.heading(
        "Outlets",
        "How often each outlet carries each frame, and how far it is from a comparator that you "
        "choose. It can't tell whether outlets differ because they cover other stories.",
    )
    totals = data.totals(build.id, scope, build)
    counts = data.by_outlet(build.id, scope, build)
    minimum = int(build.meta["min_cell"])
    enough = counts.filter(pl.col("n") >= minimum)
    if enough.is_empty():
        blocks.empty(f"No outlet in scope has at least {minimum} pieces.")
        return
    styles = blocks.styles(build, scope)
    by_size = enough.select("outlet", "n").unique().sort("n", "outlet", descending=[True, False])
    comparator, order_by = _controls(page, by_size["outlet"].to_list(), styles)
    shown = by_size.head(MOST_OUTLETS)["outlet"].to_list()
    notes = _left_out(counts, enough, by_size.height, minimum)
    if comparator == SHARES:
        table = page.numbers.shares(scope, Domain(by_outlet=True), Shown(outlets=tuple(shown)))
        title = "Share of each frame by outlet"
        axis_title = "Share of pieces that carry the frame, 95 % interval"
    else:
        table = _compared(page, comparator, shown)
        title = f"Difference to {comparator}"
        axis_title = "Difference in percentage points, 95 % interval"
        notes.append(
            f"q: p adjusted by Benjamini and Hochberg over the {table.height} differences on show."
        )
    value = "shown" if comparator == SHARES else "difference"
    blocks.estimates(
        charts.dots_by_outlet(
            table,
            styles,
            _order(table, value, order_by, shown),
            axis_title=axis_title,
            difference=comparator != SHARES,
            look=blocks.look(),
        ),
        table,
        build,
        key="outlets-frames",
        title=title,
        denominator=blocks.denominator(totals, scope),
        notes=notes,
        key_to_marks=wording.key_to_marks(table),
        alt=f"{title}, one panel per frame, one row per outlet, with 95 % intervals.",
    )
    _evidence(page, by_size["outlet"].to_list(), styles)


def _controls(page: Any, outlets: list[str], styles: list[charts.FrameStyle]) -> tuple[str, str]:
    left, right = st.columns(2)
    options = [SHARES, REST, *outlets]
    page.link.choice("compare", options, SHARES)
    comparator = left.selectbox("Compare with", options, key="compare")
    page.link.keep("compare", comparator, SHARES)
    orders = ["pieces", "name", *(s.id for s in styles)]
    names = {
        "pieces": "Most pieces first",
        "name": "Name",
        **{s.id: f"Most {s.short} first" for s in styles},
    }
    page.link.choice("sort", orders, "pieces")
    order_by = right.selectbox("Sort by", orders, format_func=lambda key: names[key], key="sort")
    page.link.keep("sort", order_by, "pieces")
    return comparator, order_by


def _order(rows: pl.DataFrame, value: str, by: str, shown: list[str]) -> list[str]:
    present = set(rows["outlet"])
    if by == "pieces":
        return [o for o in shown if o in present]
    if by == "name":
        return sorted(present, key=str.casefold)
    ranked = rows.filter(pl.col("frame") == by).sort(value, descending=True, nulls_last=True)
    return ranked["outlet"].to_list()


def _compared(page: Any, comparator: str, outlets: list[str]) -> pl.DataFrame:
    if comparator == REST:
        return page.numbers.against_rest(page.scope, outlets)  # type: ignore[no-any-return]
    return page.numbers.against_one(page.scope, comparator, outlets)  # type: ignore[no-any-return]


def _left_out(counts: pl.DataFrame, enough: pl.DataFrame, listed: int, minimum: int) -> list[str]:
    notes = []
    thin = counts["outlet"].n_unique() - enough["outlet"].n_unique()
    if thin:
        notes.append(f"{wording.count(thin, 'outlet')} with fewer than {minimum} pieces hidden.")
    if listed > MOST_OUTLETS:
        notes.append(
            f"The {MOST_OUTLETS} largest of {listed} outlets are shown; choose others in the filters."
        )
    return notes


def _evidence(page: Any, outlets: list[str], styles: list[charts.FrameStyle]) -> None:
    """A number opens to a random ten of its pieces, errors included."""
    st.subheader("Look behind a number", anchor=False)
    left, middle, right = st.columns([2, 2, 2], vertical_alignment="bottom")
    outlet = left.selectbox("Outlet", outlets, key="evidence_outlet")
    names = {s.id: s.name for s in styles}
    frame = middle.selectbox(
        "Frame", list(names), format_func=lambda f: names[f], key="evidence_frame"
    )
    with right:
        st.page_link(
            page.pages["pieces"],
            label="Open ten random pieces",
            icon=":material/casino:",
            query_params={"outlet": outlet, "frame": frame, "seed": "1", **_rest_of_link(page)},
        )
    st.caption(
        "Ten at random, not the ten best: some of them will show you the classifier's errors."
    )


def _rest_of_link(page: Any) -> dict[str, Any]:
    return {k: v for k, v in to_params(page.scope).items() if k not in ("outlet", "frame")}
