"""Key words: which words groups use more and less, how firmly, and the lines they stand in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from analysis.measure.keyness import REST, Contrast
from analysis.reading.words import MOST_PIECES, WITHOUT, Compared, Counting
from analysis.report.exports import csv_bytes
from dashboard import blocks, charts, data, kwic, wording, words_data
from dashboard.coding import coder

BIES = {
    "outlet": "Outlets",
    "topic": "Topics",
    "frame": "Frames",
    "year": "Years",
    "quarter": "Quarters",
    "event": "Before and after an event",
}
KINDS = {"words": "Words", "pairs": "Pairs of words"}
PLOTS = {"sure": "Frequency and z", "both": "One side by the other"}
OTHERS = {
    "outlet": "all other outlets",
    "topic": "all other topics",
    "frame": "sentences without it",
    "year": "all other years",
    "quarter": "all other quarters",
    "event": "all others",
}
EACH = "(each against all others)"

TOP = 20
MOST_DRAWN = 300
MOST_PANELS = 6
PANEL_WORDS = 15
MOST_OFFERED = 400
LINES = 15


@dataclass(frozen=True)
class Asked:
    """What is compared: `one` None takes each of the largest groups; `names` are the groups' names
    by key, `sizes` as `reading.words.groups` gives them."""

    counting: Counting
    one: str | None
    other: str | None
    names: dict[str, str]
    sizes: pl.DataFrame

    def name(self, key: str | None) -> str:
        if key is None or key == REST or key.startswith(WITHOUT):
            return OTHERS[self.counting.by]
        return self.names.get(key, key)


def show(page: Any) -> None:
    blocks.heading(
        "Words",
        "Which words one group of pieces uses more than another, and the lines they stand in. It shows "
        "what differs, not why; what a word means there, only the lines can tell.",
    )
    asked = _asked(page)
    if asked is None:
        return
    if asked.one is None:
        _panels(page, asked)
    else:
        _pair(page, asked)


def _asked(page: Any) -> Asked | None:
    build, link = page.build, page.link
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = _choice(link, "by", _bies(build), BIES, "Compare")
        kind = _choice(link, "kind", tuple(KINDS), KINDS, "Count")
        functions = st.toggle(
            "Function words",
            key="functions",
            help="Words such as the, of, said: counted always, shown only if asked for.",
        )
    event = _event(page) if by == "event" else None
    counting = Counting(
        by=by,  # type: ignore[arg-type]
        pairs=kind == "pairs",
        functions=bool(functions),
        event=event,
    )
    sizes = words_data.groups(build.id, page.scope, counting, build)
    if sizes.is_empty():
        blocks.empty("No piece in scope has words to count by this.")
        return None
    names = _names(build, by)
    keys = [key for key in sizes["group"] if key]

    def said(key: str) -> str:
        return key if key == EACH else names.get(key, key)

    options = [*keys, EACH] if len(keys) > 1 else keys
    first = next((key for key in page.scope.outlets if key in keys), keys[0])
    link.choice("group", options, first)
    left, right = st.columns(2)
    one = left.selectbox("Words of", options, key="group", format_func=said)
    link.keep("group", one, first)
    if one == EACH:
        return Asked(counting, None, None, names, sizes)
    others = [REST, *(key for key in keys if key != one)]
    if len(keys) < 2 and by != "frame":
        blocks.empty(f"Only {wording.escape(said(one))} is in scope: there is nothing to compare.")
        return None
    link.choice("against", others, REST)
    other = right.selectbox(
        "Against", others, key="against", format_func=lambda k: OTHERS[by] if k == REST else said(k)
    )
    link.keep("against", other, REST)
    return Asked(counting, one, None if other == REST else other, names, sizes)


def _choice(link: Any, key: str, options: Any, names: dict[str, str], label: str) -> str:
    link.choice(key, options, options[0])
    chosen = st.segmented_control(
        label, options, key=key, required=True, format_func=names.__getitem__
    )
    link.keep(key, chosen, options[0])
    return str(chosen)


def _bies(build: Any) -> tuple[str, ...]:
    """What can divide: events where there are any; frames unless that would tell labels."""
    hidden = set()
    if build.events.is_empty():
        hidden.add("event")
    if coder.current() is not None:
        hidden.add("frame")
    return tuple(key for key in BIES if key not in hidden)


def _event(page: Any) -> dt.date:
    events = page.build.events
    days = events["date"].to_list()
    labels = {day: f"{wording.day(day)}: {label}" for day, label in events.iter_rows()}
    page.link.choice("day", days, days[0], as_text=lambda day: day.isoformat())
    chosen: dt.date = st.selectbox("Event", days, key="day", format_func=labels.__getitem__)
    page.link.keep("day", chosen, days[0])
    return chosen


def _names(build: Any, by: str) -> dict[str, str]:
    if by == "topic":
        return dict(data.topics(build.id, build).select("topic_key", "label").iter_rows())
    if by == "frame":
        return {frame["id"]: f"sentences with {frame['name']}" for frame in build.frames}
    return {"before": "before the event", "after": "from the event on"}


def _compared(page: Any, asked: Asked, contrasts: tuple[Contrast, ...]) -> Compared:
    return words_data.compared(page.build.id, page.scope, asked.counting, contrasts, page.build)


def _notes(page: Any, asked: Asked, found: Compared) -> list[str]:
    totals = data.totals(page.build.id, page.scope, page.build)
    n = totals.of(page.scope.estimand)
    cut = ""
    if n > MOST_PIECES:
        cut = f"A fixed random {found.pieces:,} of {n:,} pieces are counted."
    elif found.pieces < n:
        cut = f"{wording.count(n - found.pieces, 'piece')} cannot be placed and are not counted."
    frames = (
        "Sentences as the classifier labels them, which can be wrong. A sentence with two frames "
        "counts for both."
        if asked.counting.by == "frame"
        else ""
    )
    return [
        f"{found.words:,} words in {wording.count(found.pieces, 'piece')}.",
        cut,
        frames,
        f"Log-odds with an informative Dirichlet prior worth {found.alpha:,.0f} words, an average "
        "piece (Monroe, Colaresi and Quinn 2008). z allows for words that come in bursts within pieces, "
        "copies and stories; q is adjusted for all words compared (Benjamini and Hochberg). Words in "
        f"fewer than {asked.counting.least} pieces of the corpus are left out.",
    ]


def _pair(page: Any, asked: Asked) -> None:
    assert asked.one is not None
    contrast = Contrast(asked.one, asked.other)
    found = _compared(page, asked, (contrast,))
    rows = found.rows
    if rows.is_empty():
        blocks.empty("There are no words to compare here.")
        return
    sides = (asked.name(asked.one), asked.name(asked.other))
    drawn = _drawn(rows)
    plot = _choice(page.link, "plot", tuple(PLOTS), PLOTS, "Plot")
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
            *_notes(page, asked, found),
            cut,
            "Coloured: q below 0.05. Click a point to read its lines.",
        ],
        table=_table(drawn, asked),
        alt=f"Words by how often and how surely {sides[0]} uses them more than {sides[1]}.",
        on_select="rerun",
    )
    _everything(rows, asked)
    word = _word(page, rows, chosen)
    _facts(rows, word, sides)
    _lines(page, asked, word, asked.one, asked.other, sides)
    _ranks(page, asked, contrast, sides)


def _drawn(rows: pl.DataFrame) -> pl.DataFrame:
    """The words of highest and of lowest z, and every so many-th of the others, by falling z."""
    if rows.height <= 3 * MOST_DRAWN:
        return rows
    between = rows.slice(MOST_DRAWN, rows.height - 2 * MOST_DRAWN)
    some = between.gather_every(-(-between.height // MOST_DRAWN))
    return pl.concat([rows.head(MOST_DRAWN), some, rows.tail(MOST_DRAWN)])


def _panels(page: Any, asked: Asked) -> None:
    groups = [key for key in asked.sizes["group"] if key][:MOST_PANELS]
    contrasts = tuple(Contrast(key) for key in groups)
    found = _compared(page, asked, contrasts)
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
            *_notes(page, asked, found),
            f"The {PANEL_WORDS} words of highest z; dot: log-odds, line: 95 % interval.",
            f"The {len(groups)} largest of {asked.sizes.height} groups." if left_out > 0 else "",
        ],
        table=_table(named.group_by("group", maintain_order=True).head(100), asked),
        alt="The words that each group uses most beyond the others, with intervals.",
        on_select="rerun",
    )
    _everything(found.rows, asked)
    word = _word(page, found.rows, chosen)
    best = found.rows.filter(pl.col("term") == word).sort("z", descending=True)["group"]
    group = st.selectbox(
        "Lines of",
        groups,
        index=groups.index(best[0]) if best.len() else 0,
        key=f"lines-of-{word}",
        format_func=asked.name,
    )
    _lines(page, asked, word, group, None, (asked.name(group), OTHERS[asked.counting.by]))


def _word(page: Any, rows: pl.DataFrame, chosen: Any) -> str:
    """The word that was clicked last, or chosen or typed in the box."""
    state, link = st.session_state, page.link
    if link.changed and "word" in link.params:
        state["word"] = link.params["word"][-1][:80]
    points = (chosen or {}).get("selection", {}).get("points", [])
    clicked = next((p["customdata"][0] for p in points if p.get("customdata")), None)
    if clicked != state.get("_words_clicked"):
        state["_words_clicked"] = clicked
        if clicked is not None:
            state["word"] = clicked
    offered = pl.concat([rows["term"].head(MOST_OFFERED), rows["term"].tail(MOST_OFFERED)])
    options = offered.unique(maintain_order=True).to_list()
    first = options[0]
    held = (state.get("word") or "").strip().lower()
    known = rows["term"].is_in([held]).any()
    if held and not known:
        link.notices.append(f"“{held[:40]}” is not among the words compared here.")
    state["word"] = held if known else first
    if state["word"] not in options:
        options.insert(0, state["word"])
    word = st.selectbox(
        "Word",
        options,
        key="word",
        accept_new_options=True,
        help="Choose one, or type any word that is counted and press Enter.",
    )
    link.keep("word", word, first)
    return str(word)


def _facts(rows: pl.DataFrame, word: str, sides: tuple[str, str]) -> None:
    row = rows.filter(pl.col("term") == word).row(0, named=True)
    q = "below 0.001" if row["q"] < 0.001 else f"{row['q']:.3f}"
    one, other = (wording.escape(side) for side in sides)
    st.markdown(
        f"**{wording.escape(word)}**: {row['tokens']:,} times in {wording.count(row['pieces'], 'piece')} "
        f"({row['rate']:,.0f} per million words) in {one}; {row['tokens_other']:,} times in "
        f"{wording.count(row['pieces_other'], 'piece')} ({row['rate_other']:,.0f}) in {other}. "
        f"Log-odds {row['delta']:+.2f} ({row['low']:+.2f} to {row['high']:+.2f}), z {row['z']:.1f}, q {q}. "
        f"Bursts widen its variance {row['effect']:.1f} times; without them z would be {row['z_words']:.1f}."
    )


def _lines(
    page: Any, asked: Asked, word: str, one: str, other: str | None, sides: tuple[str, str]
) -> None:
    order = _choice(page.link, "order", tuple(kwic.ORDERS), kwic.ORDERS, "Lines")
    columns = st.columns(2, gap="medium")
    groups = [(one, False), (one, True) if other is None else (other, False)]
    shown = []
    for column, (group, without), side in zip(columns, groups, sides, strict=True):
        found = words_data.lines(
            page.build.id, page.scope, asked.counting, word, group, without, LINES, page.build
        )
        with column:
            st.markdown(f"**{wording.escape(side)}**")
            if not found.uses:
                st.caption("Never.")
                continue
            st.caption(
                f"A random {found.rows.height} of {wording.count(found.uses, 'use')} in "
                f"{wording.count(found.pieces, 'piece')}."
            )
            st.html(kwic.html(kwic.ordered(found.rows, order)))
            shown.append(found.rows.with_columns(side=pl.lit(side)))
    if shown:
        table = pl.concat(shown)
        st.download_button(
            "These lines as CSV",
            lambda: csv_bytes(table),
            file_name="lines.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
        )


def _ranks(page: Any, asked: Asked, contrast: Contrast, sides: tuple[str, str]) -> None:
    st.subheader("How firmly the ranks hold", anchor=False)
    held = words_data.stable(page.build.id, page.scope, asked.counting, contrast, TOP, page.build)
    st.caption(
        f"Pieces of each side (those on one story or with one text together) were drawn again "
        f"{words_data.RESAMPLES} times. Stays: in how many of the draws the word is among the first "
        f"{TOP}; its rank lies between the two numbers in 95 % of them."
    )
    for column, side, name in zip(st.columns(2), ("more", "less"), sides, strict=True):
        part = held.filter(pl.col("side") == side).select(
            "rank", "term", pl.col("stays") * 100, "rank_low", "rank_high"
        )
        column.markdown(f"Used more: **{wording.escape(name)}**")
        column.dataframe(
            part,
            hide_index=True,
            height=min(740, 40 + 35 * part.height),
            column_config={
                "rank": st.column_config.NumberColumn("Rank", width=60),
                "term": st.column_config.TextColumn("Word"),
                "stays": st.column_config.ProgressColumn(
                    "Stays", format="%.0f %%", min_value=0, max_value=100
                ),
                "rank_low": st.column_config.NumberColumn("from", width=60),
                "rank_high": st.column_config.NumberColumn("to", width=60),
            },
        )


def _everything(rows: pl.DataFrame, asked: Asked) -> None:
    st.download_button(
        f"All {rows.height:,} rows as CSV",
        lambda: csv_bytes(_table(rows, asked)),
        file_name="words.csv",
        mime="text/csv",
        icon=":material/table:",
        on_click="ignore",
    )


def _table(rows: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    return rows.select(
        pl.col("term").alias("Word"),
        pl.col("group").map_elements(asked.name, return_dtype=pl.String).alias("Group"),
        pl.col("against").map_elements(asked.name, return_dtype=pl.String).alias("Against"),
        pl.col("tokens").alias("Uses"),
        pl.col("pieces").alias("Pieces"),
        pl.col("rate").round(2).alias("Per million words"),
        pl.col("tokens_other").alias("Uses, against"),
        pl.col("pieces_other").alias("Pieces, against"),
        pl.col("rate_other").round(2).alias("Per million words, against"),
        pl.col("delta").round(4).alias("Log-odds"),
        pl.col("low").round(4).alias("Low (95 %)"),
        pl.col("high").round(4).alias("High (95 %)"),
        pl.col("z").round(3).alias("z"),
        pl.col("z_words").round(3).alias("z of single words"),
        pl.col("effect").round(3).alias("Effect of bursts"),
        pl.col("q").alias("q of all words"),
    )
