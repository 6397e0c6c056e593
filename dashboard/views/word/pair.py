"""One group against another, or against all others: every word a point."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measure.keyness import Contrast
from dashboard import blocks, charts, data, wording
from dashboard.views.word.asked import Asked, choice, compared
from dashboard.views.word.chosen import chosen_word, show_facts
from dashboard.views.word.lines import show_lines
from dashboard.views.word.ranks import show_ranks
from dashboard.views.word.tables import everything, notes, table

PLOTS = {"sure": "Frequency and z", "both": "One side by the other"}
MOST_DRAWN = 300


def show_pair(page: Any, asked: Asked) -> None:
    """The plot of all words, and the word that was clicked or chosen in it."""
    assert asked.one is not None
    contrast = Contrast(asked.one, asked.other)
    found = compared(page, asked, (contrast,))
    rows = found.rows
    if rows.is_empty():
        blocks.empty("There are no words to compare here.")
        return
    sides = (asked.name(asked.one), asked.name(asked.other))
    drawn = _drawn(rows)
    plot = choice(page.link, "plot", tuple(PLOTS), PLOTS, "Plot")
    cut = (
        f"Of {rows.height:,} words {drawn.height:,} are drawn: the {2 * MOST_DRAWN} of highest and "
        "lowest z and an even sample of the others."
        if drawn.height < rows.height
        else ""
    )
    chosen = blocks.figure(
        charts.word_plot(drawn, sides, percentiles=plot == "both", look=blocks.look()),
        key="words-plot",
        title=wording.escape(f"{sides[0]} against {sides[1]}"),
        denominator=blocks.denominator(
            data.totals(page.build.id, page.scope, page.build), page.scope, "Words of"
        ),
        notes=[
            *notes(page, asked, found),
            cut,
            "Coloured: q below 0.05. Click a point to read its lines.",
        ],
        table=table(drawn, asked),
        alt=f"Words by how often and how surely {sides[0]} uses them more than {sides[1]}.",
        on_select="rerun",
    )
    everything(rows, asked)
    word = chosen_word(page, rows, chosen)
    show_facts(rows, word, sides)
    show_lines(page, asked, word, asked.one, asked.other, sides)
    show_ranks(page, asked, contrast, sides)


def _drawn(rows: pl.DataFrame) -> pl.DataFrame:
    """The words of highest and of lowest z, and every so many-th of the others, by falling z."""
    if rows.height <= 3 * MOST_DRAWN:
        return rows
    between = rows.slice(MOST_DRAWN, rows.height - 2 * MOST_DRAWN)
    some = between.gather_every(-(-between.height // MOST_DRAWN))
    return pl.concat([rows.head(MOST_DRAWN), some, rows.tail(MOST_DRAWN)])
