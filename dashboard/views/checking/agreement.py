"""Agreement of coders, before any discussion."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.coding.agreement import RELIABLE, TENTATIVE
from analysis.coding.summary import Agreement
from dashboard import blocks, charts, wording
from dashboard.charts import FrameStyle
from dashboard.checks import Checks
from dashboard.views.checking import common

MOST_PIECES = 10
MOST_PAIRS = 200
ICONS = {
    "reliable": ":material/verified:",
    "tentative conclusions only": ":material/science:",
    "too low to use": ":material/block:",
    "undefined": ":material/help:",
}


def show(page: Any, checks: Checks) -> None:
    styles = common.styles(page)
    found = checks.agreement(tuple(style.id for style in styles))
    if found.frames["units"].max() == 0:
        st.info(
            "**Agreement is unknown**: no piece has been coded by two people. Let a second person "
            "code those that every coder gets. Alpha is then told here, before anybody has talked "
            "about the pieces.",
            icon=":material/group_add:",
        )
        st.page_link(page.pages["code"], label="Code pieces", icon=":material/edit_note:")
        return
    names = {style.id: style.name for style in styles}
    common.figure(
        charts.alphas(found.frames, styles, (TENTATIVE, RELIABLE), blocks.look()),
        key="validation-alpha",
        title="Agreement between coders",
        denominator=f"{_span(found)} coded by at least two of "
        f"{wording.count(found.coders, 'coder')}, all of sample {wording.escape(checks.sample)}; "
        "filters on the left do not apply.",
        notes=[
            "0: as by chance; 1: always alike. Dotted: below .667 too low to use, from .8 on reliable (Krippendorff 2004)."
        ],
        table=_table(found, names),
        alt="Krippendorff's alpha of each frame with its 95 % interval.",
    )
    for row in found.frames.iter_rows(named=True):
        agree = f"{wording.percent(row['agree'])} agreement" if row["agree"] is not None else ""
        st.markdown(
            f"{ICONS[row['verdict']]} **{wording.escape(names[row['frame']])}**: {row['verdict']}"
            f"{' · ' + agree if agree else ''}. {wording.escape(_sentence(row['reason']))}"
        )
    _drift(found, names)
    _disagreements(page, checks, found, styles)
    _pairs(found, {style.id: style.short for style in styles})


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _span(found: Agreement) -> str:
    low, high = found.frames["units"].min(), found.frames["units"].max()
    return f"{high:,} pieces" if low == high else f"{low:,} to {high:,} pieces, by frame,"


def _table(found: Agreement, names: dict[str, str]) -> pl.DataFrame:
    percent = ("agree", "agree_low", "agree_high", "all_agree")
    return found.frames.with_columns(
        pl.col("frame").replace(names),
        pl.col("alpha", "low", "high").round(3),
        *((pl.col(name) * 100).round(1) for name in percent),
    ).rename({name: f"{name} %" for name in percent})


def _drift(found: Agreement, names: dict[str, str]) -> None:
    st.subheader("Drift", anchor=False)
    moved = found.changes.filter(pl.col("changed"))
    if moved.is_empty():
        looked = found.changes.height
        st.caption(
            f"No coder's way of coding changed over time beyond chance ({looked} series looked at)."
            if looked
            else "Too few codes for changes over time to be seen."
        )
        return
    for row in moved.iter_rows(named=True):
        st.markdown(
            f":material/trending_up: **{wording.escape(row['coder'])}**, "
            f"{wording.escape(names[row['frame']])}: {wording.escape(row['reason'])} "
            f"(p {row['p']:.3f})."
        )


def _disagreements(page: Any, checks: Checks, found: Agreement, styles: list[FrameStyle]) -> None:
    st.subheader("Pieces to discuss", anchor=False)
    seen = checks.revealed()
    parted = found.disagreements
    open_to_see = parted.filter(pl.col("unit").is_in(list(seen.pieces)))
    pieces = open_to_see["unit"].unique(maintain_order=True).to_list()
    held = parted["unit"].n_unique() - len(pieces)
    waiting = (
        f" {wording.count(held, 'piece')} more on which coders part "
        f"{'is' if held == 1 else 'are'} held back until every coder has coded "
        f"{'it' if held == 1 else 'them'}."
        if held
        else ""
    )
    if not pieces:
        st.caption("Coders part on no piece that all of them have coded." + waiting)
        return
    st.caption(
        f"The {min(len(pieces), MOST_PIECES)} of {wording.count(len(pieces), 'piece')} on which "
        f"coders part most; each opens in the reader.{waiting}"
    )
    shorts = {style.id: style.short for style in styles}
    titles = page.build.blind_pieces(pieces[:MOST_PIECES])
    title_of = dict(titles.select("id", "title").iter_rows())
    for piece in pieces[:MOST_PIECES]:
        rows = open_to_see.filter(pl.col("unit") == piece)
        said = "; ".join(_said(row, shorts) for row in rows.iter_rows(named=True))
        common.piece_link(page, piece, title_of.get(piece), f"· {said}")


def _said(row: dict[str, Any], shorts: dict[str, str]) -> str:
    yes = [wording.escape(one["coder"]) for one in row["said"] if one["value"] == "1"]
    no = [wording.escape(one["coder"]) for one in row["said"] if one["value"] != "1"]
    sides = f"yes {_named(yes)}, no {_named(no)}"
    return f"**{wording.escape(shorts[row['frame']])}**: {sides}"


def _named(coders: list[str]) -> str:
    return ", ".join(coders) if len(coders) <= 4 else f"{len(coders)} coders"


def _pairs(found: Agreement, names: dict[str, str]) -> None:
    st.subheader("Coders in pairs", anchor=False)
    pairs = found.pairs.sort("alpha", nulls_last=True)
    more = (
        f" The {MOST_PAIRS} lowest of {pairs.height:,} rows." if pairs.height > MOST_PAIRS else ""
    )
    st.caption(f"How often two coders said yes or no to the same pieces, lowest alpha first.{more}")
    st.dataframe(
        pairs.head(MOST_PAIRS).with_columns(
            pl.col("frame").replace(names), (pl.col("agree") * 100).round(0)
        ),
        hide_index=True,
        height=min(360, 38 + 35 * max(min(pairs.height, MOST_PAIRS), 1)),
        column_config={
            "first": "Coder",
            "second": "Other coder",
            "frame": "Frame",
            "units": "Pieces",
            "both": "Both yes",
            "only_first": "Only the first",
            "only_second": "Only the second",
            "neither": "Both no",
            "agree": st.column_config.NumberColumn("Agree", format="%.0f %%"),
            "alpha": st.column_config.NumberColumn("Alpha", format="%.2f"),
        },
    )
