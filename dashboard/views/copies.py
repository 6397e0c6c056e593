"""Who runs whose copy: sources of text by outlet, from whom to whom, and each text's headlines."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.reading import copies
from analysis.reads import Build, Scope
from dashboard import blocks, charts, data, wording
from dashboard.coding import coder

MOST_OUTLETS = 30
MOST_IN_MATRIX = 20
PAGE = 12

SOURCES = {
    "own": "Own, as far as the text shows",
    "help": "Own with an agency's help",
    "agency": "Credited to an agency",
    "copy": "Copy of another outlet's piece",
}

_cached = st.cache_data(max_entries=100, show_spinner=False)


def show(page: Any) -> None:
    blocks.heading(
        "Copies",
        "Whose text each outlet prints, and under which headlines. It can show what stands in this "
        "corpus and in credits; a text whose source was never collected and is not credited counts "
        "as the outlet's own.",
    )
    build, scope = page.build, page.scope
    rows = _reporting(build.id, scope, build)
    if rows.is_empty():
        blocks.empty("No piece is in scope.")
        return
    _sources(page, rows)
    _between(page)
    _groups(page)


def _sources(page: Any, rows: pl.DataFrame) -> None:
    order = rows["outlet"].unique(maintain_order=True).to_list()
    shown = order[:MOST_OUTLETS]
    totals = data.totals(page.build.id, page.scope, page.build)
    on_show = rows.filter(pl.col("outlet").is_in(shown))
    blocks.figure(
        charts.sources_by_outlet(on_show, shown, SOURCES, look=blocks.look()),
        key="copies-sources",
        title="Whose text each outlet prints",
        denominator=f"Of {wording.count(totals.items, 'published item')} in scope, "
        f"{wording.count(totals.outlets, 'outlet')}, most pieces first.",
        notes=[
            f"The {MOST_OUTLETS} largest of {len(order)} outlets." if len(order) > MOST_OUTLETS else "",
            "Counts published items whatever the filter *Count* says. Intervals treat the pieces as a "
            "sample of what the outlet might have published.",
        ],
        table=on_show.with_columns(
            pl.col("source").replace(SOURCES), *(pl.col(c) * 100 for c in ("share", "low", "high"))
        ).rename(
            {
                "outlet": "Outlet", "source": "Text", "k": "Pieces", "n": "Of", "share": "Share, %",
                "low": "From, %", "high": "To, %",
            }
        ).with_columns(pl.col("Share, %", "From, %", "To, %").round(1)),
        alt="For each outlet the share of its pieces that are its own, with help, an agency's, or copies.",
    )  # fmt: skip


def _between(page: Any) -> None:
    rows = _pairs(page.build.id, page.scope, page.build)
    if rows.is_empty():
        st.info(
            "No piece in scope is a copy of another piece of this corpus.",
            icon=":material/content_copy:",
        )
        return
    ranked = {
        side: rows.group_by(side)
        .agg(pl.col("copies").sum())
        .sort("copies", side, descending=[True, False])
        for side in ("origin", "printed_by")
    }
    origins, printers = (ranked[side].head(MOST_IN_MATRIX)[side].to_list() for side in ranked)
    cells = rows.with_columns(
        told=pl.col("copies").cast(pl.String),
        hover=pl.format(
            "{} printed {} of {}'s texts",
            charts.inert_column("printed_by"),
            "copies",
            charts.inert_column("origin"),
        ),
    )
    left_out = max(len(r) for r in ranked.values()) > MOST_IN_MATRIX
    blocks.figure(
        charts.heat(
            cells,
            x="printed_by",
            y="origin",
            z="copies",
            x_order=printers,
            y_order=origins,
            x_labels=[charts.short(name, 14) for name in printers],
            text="told",
            hover="hover",
            scale_title="copies",
            percent=False,
            look=blocks.look(),
        ),
        key="copies-between",
        title="From whom (rows) to whom (columns)",
        denominator=f"{wording.count(int(rows['copies'].sum()), 'copy', 'copies')} in scope.",
        notes=[
            "The origin is the news agency's piece where the corpus has it, else the one published first.",
            f"The {MOST_IN_MATRIX} with most." if left_out else "",
        ],
        table=rows.rename(
            {"origin": "Had it first", "printed_by": "Printed it too", "copies": "Copies"}
        ),
        alt="How many texts of each outlet were printed by each other outlet.",
    )


def _groups(page: Any) -> None:
    build = page.build
    found = _all_groups(build.id, page.scope, build)
    st.subheader(f"Texts that were printed more than once ({found.height:,})", anchor=False)
    if found.is_empty():
        return
    page.link.text("find")
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    words = left.text_input("Find in headlines of the origins", key="find", max_chars=200)
    page.link.keep("find", words, "")
    other = right.toggle("Only with different headlines", key="differing")
    rows = found.filter(
        pl.col("title").str.to_lowercase().str.contains(words.lower(), literal=True)
        & ((pl.col("headlines") > 1) | (not other))
    )
    if rows.is_empty():
        st.info("No text matches.", icon=":material/search_off:")
        return
    names = {
        key: f"{title} ({origin}, {pieces} pieces, {headlines} {'headline' if headlines == 1 else 'headlines'})"
        for key, title, origin, pieces, headlines in rows.select(
            "copy_group", "title", "origin", "pieces", "headlines"
        ).iter_rows()
    }
    page.link.choice("group", list(names), next(iter(names)))
    group = st.selectbox("Text", list(names), format_func=lambda key: names[key], key="group")
    page.link.keep("group", group, next(iter(names)))
    _group(page, int(group))


def _group(page: Any, group: int) -> None:
    build = page.build
    rows = _one_group(build.id, group, build)
    hidden = coder.show_labels(build, rows["id"].to_list())
    names = {s.id: s.short for s in blocks.styles(build, Scope())}
    credited = pl.when(pl.col("agency").is_not_null()).then(pl.format("{} ({})", "agency", "how"))
    st.dataframe(
        rows.select(
            "published",
            "title",
            outlet=pl.when("is_original")
            .then(pl.format("{} (origin)", "outlet"))
            .otherwise("outlet"),
            frames=pl.when(pl.col("id").is_in(list(hidden)))
            .then(pl.lit("(withheld)"))
            .otherwise(pl.col("frames").list.eval(pl.element().replace(names)).list.join(", ")),
            credit=credited.fill_null(""),
            characters="characters",
        ),
        hide_index=True,
        row_height=blocks.WRAPPED,
        column_order=["published", "outlet", "title", "frames", "credit", "characters"],
        column_config={
            "published": st.column_config.DateColumn("Date", format="YYYY-MM-DD", width=95),
            "outlet": st.column_config.TextColumn("Outlet", width=130),
            "title": st.column_config.TextColumn("Headline", width=260),
            "frames": st.column_config.TextColumn("Headline's frames", width=120),
            "credit": st.column_config.TextColumn("Credit", width=140),
            "characters": st.column_config.NumberColumn("Characters", format="localized", width=90),
        },
    )
    st.caption(
        "The same text under its headlines. Frames are the classifier's labels of the headline alone."
    )


@_cached
def _reporting(build_id: str, scope: Scope, _build: Build) -> pl.DataFrame:
    return copies.reporting(_build, scope)


@_cached
def _pairs(build_id: str, scope: Scope, _build: Build) -> pl.DataFrame:
    return copies.between(_build, scope)


@_cached
def _all_groups(build_id: str, scope: Scope, _build: Build) -> pl.DataFrame:
    return copies.groups(_build, scope)


@_cached
def _one_group(build_id: str, group: int, _build: Build) -> pl.DataFrame:
    return copies.group(_build, group)
