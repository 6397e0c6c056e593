"""What the coverage is about: the topic map, words, sizes and frames by topic."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import Shown
from analysis.measure import trends
from analysis.reads import UNASSIGNED, Domain
from dashboard import blocks, charts, data, wording

MOST_TOPICS = 20
MOST_OUTLETS = 10


def show(page: Any) -> None:
    build, scope = page.build, page.scope
    blocks.heading(
        "Topics",
        "What pieces are about, found without labels from the words they use. Topics are a map for "
        "reading, not a finding: other settings would draw other borders.",
    )
    totals = data.totals(build.id, scope, build)
    by_outlet = data.topics_by_outlet(build.id, scope, build)
    if by_outlet.is_empty():
        blocks.empty("No piece is in scope.")
        return
    topics = (
        by_outlet.group_by("topic_key")
        .agg(pl.col("n").sum())
        .join(data.topics(build.id, build).select("topic_key", "label", "words"), on="topic_key")
        .sort(pl.col("topic_key") == UNASSIGNED, -pl.col("n"), "topic_key")
    )
    tabs = st.tabs(["Map", "Sizes and words", "By outlet", "Over time", "Frames"])
    with tabs[0]:
        _map(page, totals, topics)
    with tabs[1]:
        _sizes(page, totals, topics)
    with tabs[2]:
        _outlets(page, totals, topics, by_outlet)
    with tabs[3]:
        _over_time(page, totals, topics)
    with tabs[4]:
        _frames(page, totals, topics)


def _map(page: Any, totals: Any, topics: pl.DataFrame) -> None:
    build, scope = page.build, page.scope
    points = data.topic_map(build.id, scope, build)
    if points.is_empty():
        st.caption("No piece in scope has a place on the map.")
        return
    n = totals.of(scope.estimand)
    cut = f"A fixed random {points.height:,} of {n:,} are drawn." if points.height < n else ""
    blocks.figure(
        charts.topic_map(points, topics, scope.topics, look=blocks.look()),
        key="topics-map",
        title="Pieces by what they are about",
        denominator=blocks.denominator(totals, scope, "Map of"),
        notes=["Near means alike; directions and distances across the map mean nothing.", cut],
        table=points,
        alt="A map of pieces, near ones alike in content, the largest topics named.",
    )


def _sizes(page: Any, totals: Any, topics: pl.DataFrame) -> None:
    top = topics.head(MOST_TOPICS)
    blocks.figure(
        charts.bars(top, label="label", value="n", axis_title="pieces", look=blocks.look()),
        key="topics-sizes",
        title="Topics by size",
        denominator=blocks.denominator(totals, page.scope, "Of"),
        notes=[
            _cut(topics.height),
            "Unassigned pieces fit no topic well enough; they are counted.",
        ],
        table=topics,
        alt="Number of pieces in each topic.",
    )
    st.subheader("Words that set each topic apart", anchor=False)
    st.dataframe(
        topics.with_columns(words=pl.col("words").list.join(", ")).select("label", "n", "words"),
        hide_index=True,
        column_config={
            "label": st.column_config.TextColumn("Topic", width="medium"),
            "n": st.column_config.NumberColumn("Pieces", format="localized", width="small"),
            "words": st.column_config.TextColumn("Words, most typical first", width="large"),
        },
    )


def _outlets(page: Any, totals: Any, topics: pl.DataFrame, by_outlet: pl.DataFrame) -> None:
    sizes = (
        by_outlet.group_by("outlet")
        .agg(total=pl.col("n").sum())
        .sort("total", "outlet", descending=[True, False])
    )
    outlets = sizes["outlet"].to_list()[:MOST_OUTLETS]
    top = topics.head(MOST_TOPICS)
    rows = (
        by_outlet.join(sizes, on="outlet")
        .join(top.select("topic_key", "label"), on="topic_key")
        .filter(pl.col("outlet").is_in(outlets))
        .with_columns(share=pl.col("n") / pl.col("total"))
        .with_columns(
            text=(pl.col("share") * 100).round(0).cast(pl.Int64).cast(pl.String),
            hover=pl.format("<b>{}</b><br>{}: {} of {} pieces", "label", "outlet", "n", "total"),
        )
    )
    blocks.figure(
        charts.heat(
            rows,
            look=blocks.look(),
            x="outlet",
            y="label",
            z="share",
            x_order=outlets,
            y_order=top["label"].to_list(),
            text="text",
            hover="hover",
            scale_title="share of the outlet's pieces",
            percent=True,
            x_labels=[f"{o}<br>n={t:,}" for o, t in sizes.head(MOST_OUTLETS).iter_rows()],
        ),
        key="topics-outlets",
        title="What each outlet covers",
        denominator=blocks.denominator(
            totals,
            page.scope,
            "Share of each outlet's pieces, in %; columns add up to 100 % over all topics. From",
        ),
        notes=[
            _cut(topics.height),
            f"The {len(outlets)} largest of {sizes.height} outlets."
            if sizes.height > len(outlets)
            else "",
        ],
        table=rows.select("outlet", "topic_key", "label", "n", "total", "share"),
        alt="Share of each outlet's pieces that falls to each topic, in per cent.",
    )


def _over_time(page: Any, totals: Any, topics: pl.DataFrame) -> None:
    build, scope = page.build, page.scope
    counts = data.topics_over_time(build.id, scope, "month", build)
    if counts.is_empty():
        st.caption("No piece in scope is dated to a month or finer.")
        return
    top = topics.head(12)
    # A stray date, such as the year 1, would draw out the time and hide what is in it.
    first, last = trends.collection_span(counts)
    strays = int(counts.filter(~pl.col("start").is_between(first, last))["n"].sum())
    rows = trends.with_empty_bins(
        counts.filter(
            pl.col("topic_key").is_in(top["topic_key"].to_list()),
            pl.col("start").is_between(first, last),
        ).rename({"topic_key": "outlet"}),
        first,
        last,
        "month",
    ).rename({"outlet": "topic_key"})
    blocks.figure(
        charts.topic_lines(rows, top, "month", look=blocks.look()),
        key="topics-time",
        title="Pieces a month by topic",
        denominator=blocks.denominator(totals, scope, "Of"),
        notes=[
            f"The 12 largest of {topics.height} topics." if topics.height > 12 else "",
            wording.strays(strays, first, last),
        ],
        table=rows.join(top.select("topic_key", "label"), on="topic_key"),
        alt="Number of pieces a month for each of the largest topics.",
    )


def _frames(page: Any, totals: Any, topics: pl.DataFrame) -> None:
    build, scope = page.build, page.scope
    minimum = int(build.meta["min_cell"])
    styles = blocks.styles(build, scope)
    names = {s.id: s.short for s in styles}
    top = topics.head(MOST_TOPICS)
    chosen = Shown(minimum, topics=tuple(top["topic_key"]))
    told = page.numbers.shares(scope, Domain(by_topic=True), chosen).join(
        top.select("topic_key", "label"), on="topic_key", maintain_order="left"
    )
    rows = (
        charts.marked(told)
        .with_columns(
            name=pl.col("frame").replace_strict(names, default=None, return_dtype=pl.String),
            row=pl.format("{} (n={})", "label", "n"),
            text=charts.cell_text(),
            z=pl.when(~pl.col("barred")).then("shown"),
        )
        .with_columns(hover=pl.format("<b>{}</b><br>{}: {}", "label", "name", "hover"))
    )
    order = (
        rows.select("row", "n").unique().sort("n", "row", descending=[True, False])["row"].to_list()
    )
    blocks.estimates(
        charts.heat(
            rows,
            look=blocks.look(),
            x="name",
            y="row",
            z="z",
            x_order=[s.short for s in styles],
            y_order=order,
            text="text",
            hover="hover",
            scale_title="share of the topic's pieces",
            percent=True,
        ),
        told,
        build,
        key="topics-frames",
        title="Frames by topic",
        denominator=blocks.denominator(
            totals, scope, "Share of each topic's pieces that carry the frame, in %. From"
        ),
        notes=[_cut(topics.height), f"Topics with fewer than {minimum} pieces are hidden."],
        key_to_marks=wording.key_to_cells(told),
        alt="Share of each topic's pieces that carries each frame, in per cent.",
    )


def _cut(count: int) -> str:
    return f"The {MOST_TOPICS} largest of {count} topics." if count > MOST_TOPICS else ""
