"""Reliability: whether of pieces with a score of 30 % three in ten carry the frame."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard import blocks, charts, wording
from dashboard.checks import Checks
from dashboard.views.checking import common


def show(page: Any, checks: Checks) -> None:
    found = checks.reliabilities(page.scope)
    if found is None:
        common.nothing_in_scope()
        return
    styles = common.styles(page)
    names = {style.id: style.name for style in styles}
    coded = int(found.errors["n"].max() or 0)  # type: ignore[arg-type]
    common.figure(
        charts.reliability(found.bins, found.scores, styles, blocks.look()),
        key="validation-reliability",
        title="Do the scores mean what they say?",
        denominator=f"{wording.count(coded, 'coded piece')}, weighted by the design. "
        + common.scope_line(page, "They stand for"),
        notes=[
            "On the dotted line scores are right; above it too low. Whiskers: 95 % intervals. "
            "Bars: all pieces in scope by score.",
        ],
        table=common.in_percent(found.bins.with_columns(pl.col("frame").replace(names))),
        alt="One panel per frame: share that people coded with the frame, against the score, in "
        "bins of equally many coded pieces.",
    )
    for row in found.errors.iter_rows(named=True):
        gap = row["share"] - row["score"]
        side = (
            "as the codes have it"
            if abs(gap) < 0.005
            else f"{abs(gap) * 100:.0f} points too {'low' if gap > 0 else 'high'}"
        )
        st.markdown(
            f"**{wording.escape(names[row['frame']])}**: scores are off by "
            f"{row['error'] * 100:.0f} points on average; scores without fault would look "
            f"{row['by_chance'] * 100:.0f} off, with so few codes. On the whole they say "
            f"{wording.percent(row['score'])} where people found {wording.percent(row['share'])}: "
            f"{side}."
        )
