"""The form that draws a sample, and what its budget buys before anything is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

import polars as pl
import streamlit as st

from analysis.coding import sampling
from analysis.coding.designs import Design
from analysis.coding.sampling import Contrast, Plan, Request
from analysis.errors import FramescopeError
from dashboard import blocks, data, wording

DESIGN_NAMES = {
    "proportional": "Stratified",
    "simple": "Simple random",
    "neyman": "For a comparison",
}
DESIGN_HELP = (
    "**Stratified**: every outlet, period and level of the model's certainty gets its share; right "
    "for most uses. **Simple random**: each piece with the same chance. **For a comparison**: "
    "the budget goes where it narrows the difference between two sides most."
)
NEW = ""
REST = "all other outlets"


def form(page: Any, samples: Mapping[str, Mapping[str, Any]]) -> None:
    """Asks for a sample in the scope that the sidebar holds, says what it buys, and draws it."""
    build = page.build
    with st.container(border=True, key="draw"):
        st.subheader("Draw a sample", anchor=False)
        st.caption(_scope_said(page))
        try:
            sample, request = _asked(page, samples)
            plan = _plan(build, sample, request)
        except FramescopeError as error:
            st.info(wording.escape(f"{error.what}: {error.remedy}."), icon=":material/info:")
            return
        for note in plan.notes:
            st.caption(wording.escape(note))
        _bought(page, plan)
        action = f"Draw {wording.count(plan.drawn, 'piece')}"
        if not st.button(action, type="primary", icon=":material/casino:"):
            return
        try:
            _draw(build, sample, request)
        except FramescopeError as error:
            st.error(wording.escape(f"{error.what}: {error.remedy}."), icon=":material/error:")
            return
    st.rerun()


def _asked(page: Any, samples: Mapping[str, Any]) -> tuple[str, Request]:
    """The sample to top up (NEW: none) and the request."""
    scope = page.scope
    names = {frame["id"]: frame["short"] for frame in page.build.frames}
    first, second = st.columns([2, 3], gap="medium")
    budget = first.number_input(
        "Pieces to code",
        min_value=2,
        max_value=10_000,
        value=100,
        step=10,
        key="draw-budget",
        help="A hundred take one coder about two hours. More can be drawn later without loss.",
    )
    design = second.segmented_control(
        "Design",
        list(DESIGN_NAMES),
        format_func=lambda key: DESIGN_NAMES[key],
        default="proportional",
        required=True,
        key="draw-design",
        help=DESIGN_HELP,
    )
    contrast = _contrast(page) if design == "neyman" else None
    sample = NEW
    if samples:
        sample = st.selectbox(
            "Add to",
            [NEW, *samples],
            format_func=lambda name: f"sample {name}" if name else "a new sample",
            key="draw-sample",
        )
    with st.expander("Frames, overlap, name and seed"):
        frames = st.pills(
            "Frames that the sample is for",
            list(names),
            format_func=lambda frame: names[frame],
            selection_mode="multi",
            default=list(scope.frames),
            key="draw-frames",
            help="Nothing chosen means all. Every coder codes all frames in any case.",
        )
        overlap = st.slider(
            "Coded by every coder, in %",
            0,
            100,
            20,
            5,
            key="draw-overlap",
            disabled=sample != NEW,
            help="Agreement is measured on these pieces. The others are shared out among the coders.",
        )
        left, right = st.columns(2)
        name = left.text_input(
            "Name",
            max_chars=40,
            placeholder="s1, s2, … unless you choose",
            key="draw-name",
            disabled=sample != NEW,
        )
        seed = right.number_input(
            "Seed",
            min_value=0,
            max_value=2**31 - 1,
            value=1,
            key="draw-seed",
            help="The same seed, name, scope and build draw the same pieces.",
        )
    request = Request(
        budget=int(budget),
        design=cast(Design, design),
        frames=tuple(frame for frame in names if frame in (frames or [])),
        outlets=scope.outlets,
        topics=scope.topics,
        day_from=scope.day_from,
        day_to=scope.day_to,
        estimand=scope.estimand,
        seed=int(seed),
        overlap=overlap / 100,
        contrast=contrast,
        name="" if sample else name.strip(),
    )
    return sample, request


def _contrast(page: Any) -> Contrast:
    outlets = list(page.scope.outlets or page.choices.outlets)
    left, right = st.columns(2, gap="medium")
    one = left.selectbox("Outlet", outlets, key="draw-left")
    other = right.selectbox(
        "Compared with", [REST, *(o for o in outlets if o != one)], key="draw-right"
    )
    return Contrast(one, None if other == REST else other)


def _plan(build: Any, sample: str, request: Request) -> Plan:
    if sample == NEW:
        return cast(Plan, data.sampling_plan(build.id, request, build))
    ledger = data.ledger()
    assert ledger is not None
    return sampling.plan_top_up(data.project(), ledger, build, sample, request)


def _draw(build: Any, sample: str, request: Request) -> None:
    project, ledger = data.project(), data.ledger(make=True)
    assert ledger is not None
    now = dt.datetime.now(dt.UTC)
    if sample == NEW:
        sampling.draw(project, ledger, build, request, now)
    else:
        sampling.top_up(project, ledger, build, sample, request, now)


def _scope_said(page: Any) -> str:
    scope = page.scope
    totals = data.totals(page.build.id, scope, page.build)
    return (
        "Drawn from "
        + blocks.denominator(totals, scope, "the").removeprefix("the ")
        + (" The filters on the left narrow that.")
    )


def _bought(page: Any, plan: Plan) -> None:
    """Expected half-widths of the shares, now and with more pieces."""
    whole = plan.buys.filter(pl.col("domain").is_in(["all", "difference"]))
    names = {frame["id"]: frame["name"] for frame in page.build.frames}
    steps = whole.select("more", "drawn").unique().sort("more")
    columns = {}
    for more, drawn in steps.iter_rows():
        label = f"{drawn:,} pieces" if not more else f"{drawn:,}"
        columns[label] = whole.filter(pl.col("more") == more).select(
            "frame", pl.format("± {}", (pl.col("half_width") * 100).round(1)).alias(label)
        )
    table = pl.DataFrame({"frame": whole["frame"].unique(maintain_order=True)})
    for column in columns.values():
        table = table.join(column, on="frame", how="left", maintain_order="left")
    st.markdown("**What that buys**: how wide the interval of each share would be, in points")
    st.dataframe(
        table.with_columns(pl.col("frame").replace(names)).rename({"frame": "Frame"}),
        hide_index=True,
    )
    st.caption(
        "Expected half-width of a 95 % interval from the codes alone, taking the model's scores at "
        "their word; the corrected estimate is narrower where the model is good."
    )
    with st.expander(f"Strata ({plan.allocation.height})"):
        st.dataframe(
            plan.allocation.with_columns(pl.col("probability").round(4)),
            hide_index=True,
        )
