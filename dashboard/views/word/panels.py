"""Each of the largest groups against all others: a panel of words for each."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.measure.keyness import Contrast
from dashboard import blocks, charts, data
from dashboard.views.word.asked import OTHERS, Asked, compared
from dashboard.views.word.chosen import chosen_word
from dashboard.views.word.lines import show_lines
from dashboard.views.word.tables import everything, notes, table

MOST_PANELS = 6
PANEL_WORDS = 15


def show_panels(page: Any, asked: Asked) -> None:
    """The words that each group uses most beyond all others."""
    groups = [key for key in asked.sizes["group"] if key][:MOST_PANELS]
    contrasts = tuple(Contrast(key) for key in groups)
    found = compared(page, asked, contrasts)
    if found.rows.is_empty():
        blocks.empty("There are no words to compare here.")
        return
    named = found.rows.with_columns(
        group=pl.col("group").replace({key: asked.name(key) for key in groups})
    )
    left_out = asked.sizes.height - len(groups)
    chosen = blocks.figure(
        charts.word_dots(
            named, [asked.name(key) for key in groups], PANEL_WORDS, look=blocks.look()
        ),
        key="words-panels",
        title=f"Each against {OTHERS[asked.counting.by]}",
        denominator=blocks.denominator(
            data.totals(page.build.id, page.scope, page.build), page.scope, "Words of"
        ),
        notes=[
            *notes(page, asked, found),
            f"The {PANEL_WORDS} words of highest z; dot: log-odds, line: 95 % interval.",
            f"The {len(groups)} largest of {asked.sizes.height} groups." if left_out > 0 else "",
        ],
        table=table(named.group_by("group", maintain_order=True).head(100), asked),
        alt="The words that each group uses most beyond the others, with intervals.",
        on_select="rerun",
    )
    everything(found.rows, asked)
    word = chosen_word(page, found.rows, chosen)
    best = found.rows.filter(pl.col("term") == word).sort("z", descending=True)["group"]
    group = st.selectbox(
        "Lines of",
        groups,
        index=groups.index(best[0]) if best.len() else 0,
        key=f"lines-of-{word}",
        format_func=asked.name,
    )
    show_lines(page, asked, word, group, None, (asked.name(group), OTHERS[asked.counting.by]))
