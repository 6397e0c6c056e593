"""Health of the corpus: volumes, gaps, dates, copies, and every row that was not taken as it came."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard import blocks, charts, data, wording

MOST_OUTLETS = 40


def show(page: Any) -> None:
    build = page.build
    blocks.heading(
        "Corpus",
        "What was collected, and what is missing. It can show that collection failed, not what was "
        "published and never collected.",
    )
    _accounts(page)
    _volume(page)
    _dates(page)
    _copies(page)
    _problems(build)


def _accounts(page: Any) -> None:
    build = page.build
    files = data.source_files(build.id, build)
    read, accepted = int(files["rows_read"].sum()), int(files["accepted"].sum())
    repeats, refused = int(files["duplicates"].sum()), int(files["refused"].sum())
    with st.container(horizontal=True, gap="small"):
        st.metric("Rows read", f"{read:,}", border=True)
        st.metric("Accepted", f"{accepted:,}", border=True)
        st.metric(
            "Repeated rows", f"{repeats:,}", border=True, help="Rows that repeat a stored record."
        )
        st.metric("Refused", f"{refused:,}", border=True)
    st.caption(
        f"{accepted:,} accepted + {repeats:,} repeated + {refused:,} refused = {accepted + repeats + refused:,} of {read:,} rows read."
    )
    with st.expander(f"Files ({files.height})"):
        st.dataframe(
            files.select(
                "path",
                "kind",
                "encoding",
                "bytes",
                "rows_read",
                "accepted",
                "duplicates",
                "refused",
                "finished",
                "started_at",
            ),
            hide_index=True,
        )


def _volume(page: Any) -> None:
    build, scope = page.build, page.scope
    bin, filled, gaps = data.coverage(build.id, scope, build)
    totals = data.totals(build.id, scope, build)
    if filled.is_empty():
        blocks.empty("No dated piece is in scope.")
        return
    order = (
        filled.group_by("outlet")
        .agg(pl.col("n").sum())
        .sort("n", "outlet", descending=[True, False])["outlet"]
        .to_list()
    )
    shown = order[:MOST_OUTLETS]
    strays = int(data.volume(build.id, scope, bin, build)["n"].sum()) - int(filled["n"].sum())
    first, last = filled["start"].min(), filled["start"].max()
    blocks.figure(
        charts.calendar(
            filled.filter(pl.col("outlet").is_in(shown)), shown, bin, look=blocks.look()
        ),
        key="corpus-volume",
        title=f"Pieces by outlet and {bin}",
        denominator=blocks.denominator(totals, scope, "Of"),
        notes=[
            "An empty cell is a bin without any piece.",
            f"The {MOST_OUTLETS} largest of {len(order)} outlets."
            if len(order) > MOST_OUTLETS
            else "",
            wording.strays(strays, first, last),
        ],
        table=filled.filter(pl.col("n") > 0),
        alt=f"Number of pieces of each outlet in each {bin}.",
    )
    st.subheader(f"Gaps ({gaps.height})", anchor=False)
    if gaps.is_empty():
        st.caption("No outlet falls silent for longer than the others' volume explains.")
    else:
        st.dataframe(
            gaps,
            hide_index=True,
            column_config={
                "outlet": "Outlet",
                "first": st.column_config.DateColumn(f"First empty {bin}"),
                "last": st.column_config.DateColumn(f"Last empty {bin}"),
                "bins": f"Empty {bin}s",
                "expected": st.column_config.NumberColumn("Pieces expected", format="%.0f"),
            },
        )
        st.caption(wording.DEFINITIONS["Gap"].replace("weeks", f"{bin}s"))


def _dates(page: Any) -> None:
    build = page.build
    rows = data.date_precision(build.id, build)
    names = {"day": "to the day", "month": "to the month", "year": "to the year", "none": "undated"}
    total = int(rows["n"].sum())
    by = dict(rows.group_by("date_precision").agg(pl.col("n").sum()).iter_rows())
    said = ", ".join(f"{by.get(key, 0):,} {text}" for key, text in names.items())
    st.subheader("Dates and outlets", anchor=False)
    none = rows.filter(pl.col("outlet") == "(no outlet)")["n"].sum()
    st.markdown(
        f"Of {total:,} pieces, {said}; {none:,} name no outlet. They are kept and counted, and left out only of what needs what they lack."
    )


def _copies(page: Any) -> None:
    build = page.build
    found = data.copies_summary(build.id, build)
    st.subheader("Copies", anchor=False)
    st.markdown(
        f"{wording.count(found['groups'], 'group')} of copies hold {found['pieces']:,} pieces, of which "
        f"{found['copies']:,} are copies of an earlier one. Count by *original reports* in the filters to count each text once."
    )
    if "copies" in page.pages:
        st.page_link(page.pages["copies"], label="Whose text is printed by whom")


def _problems(build: Any) -> None:
    summary = data.problem_summary(build.id, build)
    total = int(summary["findings"].sum())
    st.subheader(f"Problem list ({total:,})", anchor=False)
    if summary.is_empty():
        st.caption("Every row was taken exactly as it came.")
        return
    st.dataframe(
        summary.select("severity", "findings", "field", "meaning", "example", "remedy"),
        hide_index=True,
        row_height=blocks.WRAPPED,
        column_config={
            "severity": st.column_config.TextColumn("Row was", width="small"),
            "findings": st.column_config.NumberColumn(
                "Findings", format="localized", width="small"
            ),
            "field": st.column_config.TextColumn("Field", width="small"),
            "meaning": st.column_config.TextColumn("What happened", width=250),
            "example": st.column_config.TextColumn("For example", width=110),
            "remedy": st.column_config.TextColumn("What to do", width=230),
        },
    )
    with st.expander("Row by row"):
        rows = data.problems(build.id, build)
        st.dataframe(rows, hide_index=True)
        if total > rows.height:
            st.caption(
                f"The first {rows.height:,} of {total:,}; all of them: framescope export problems --project DIR --out problems.csv"
            )
    st.caption(
        "Refused rows were not taken; a notice stands for a row that was taken, with what was changed or unknown."
    )
