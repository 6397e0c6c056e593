"""What the correction changed, why, and where its uncertainty comes from."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.reads import Domain
from dashboard import blocks, charts, data, wording
from dashboard.checks import Checks
from dashboard.views.checking import common

ALL = "all in scope"
COLUMNS = (
    "frame", "n", "codes", "share", "corrected", "corrected_low", "corrected_high", "change",
    "false_alarms", "misses", "lam", "half_width", "half_sampling", "half_measurement",
    "half_coders", "why", "kind",
)  # fmt: skip


def show(page: Any, checks: Checks) -> None:
    outlets = _outlets(page)
    page.link.choice("of", [ALL, *outlets], ALL)
    of = st.columns(2)[0].selectbox("Share of", [ALL, *outlets], key="of")
    page.link.keep("of", of, ALL)
    found = checks.corrections(page.scope, Domain(by_outlet=of != ALL))
    if found is None:
        common.nothing_in_scope()
        return
    rows, influences = found.rows, found.influences
    if of != ALL:
        rows = rows.filter(pl.col("outlet") == of)
        influences = influences.filter(pl.col("outlet") == of)
    if rows["corrected"].null_count() == rows.height:
        st.info(
            f"Too few pieces of {wording.escape(of)} are coded for a correction of its own. See "
            "*Label budget* for what to code next.",
            icon=":material/edit_note:",
        )
        return
    _changed(page, rows, of)
    _parts(page, rows, of)
    _influences(page, influences)


def _outlets(page: Any) -> list[str]:
    counts = data.by_outlet(page.build.id, page.scope, page.build)
    return counts["outlet"].unique().sort().to_list()


def _changed(page: Any, rows: pl.DataFrame, of: str) -> None:
    styles = common.styles(page)
    names = {style.id: style.name for style in styles}
    codes = int(rows["codes"].max() or 0)  # type: ignore[arg-type]
    whose = "" if of == ALL else f" of {of}"
    borrowed = (
        "Other views show this outlet by a correction that borrows strength from the others, as "
        "it has few codes of its own."
        if (rows["kind"] == "borrowed").any()
        else ""
    )
    pieces = int(rows["n"].max() or 0)  # type: ignore[arg-type]
    unit = "published item" if page.scope.estimand == "item" else "original report"
    common.figure(
        charts.corrections(rows, styles, blocks.look()),
        key="validation-correction",
        title=f"What the correction changed{whose}",
        denominator=f"Share of {wording.count(pieces, unit)} in scope, corrected by "
        f"{wording.count(codes, 'coded piece')}.",
        notes=[borrowed],
        table=_table(rows, names),
        alt="For each frame, the share as labelled and the corrected share with its interval.",
    )
    for row in rows.drop_nulls("why").iter_rows(named=True):
        st.markdown(
            f"**{wording.escape(names[row['frame']])}**, {wording.percent(row['share'], 1)} to "
            f"{wording.percent(row['corrected'], 1)}. {row['why']} Scores are used with weight "
            f"{row['lam']:.2f} (lambda; 0 leaves them aside)."
        )


def _table(rows: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    chosen = rows.select(COLUMNS).with_columns(
        pl.col("frame").replace(names), pl.col("lam").round(3)
    )
    return common.in_percent(chosen)


def _parts(page: Any, rows: pl.DataFrame, of: str) -> None:
    styles = common.styles(page)
    names = {style.id: style.name for style in styles}
    unknown = rows["var_coders"].null_count()
    common.figure(
        charts.half_widths(rows, styles, blocks.look()),
        key="validation-parts",
        title="What makes the interval wide",
        denominator="Half-width split by variance, from left to right. Sampling: the pieces at hand as a sample of "
        "what might have been published. Measurement: few pieces are coded. Coders: others might "
        "code otherwise.",
        notes=[
            f"The coders' part is not known for {wording.count(unknown, 'frame')}, as no piece is "
            "coded twice; it is within measurement."
            if unknown
            else ""
        ],
        table=_table(rows, names),
        alt="For each frame a bar: the half-width of its interval, split into sampling, "
        "measurement and coders.",
    )


def _influences(page: Any, influences: pl.DataFrame) -> None:
    st.subheader("The pieces that move it most", anchor=False)
    style = common.frame_choice(page, st.columns(2)[0])
    own = influences.filter(pl.col("frame") == style.id)
    if own.is_empty():
        st.caption("No coded piece.")
        return
    st.caption(
        "How far the corrected share would be off without the piece, about, in points. What the "
        "coders said, against the score: worth reading before the number is printed."
    )
    for row in own.iter_rows(named=True):
        said = "yes" if row["y"] == 1 else "no" if row["y"] == 0 else "divided"
        note = (
            f"· {row['influence'] * 100:+.2f} points · people {said}, score "
            f"{row['score'] * 100:.0f} %"
        ).replace("-", "−")
        if row["revealed"]:
            common.piece_link(page, row["piece"], row["title"], note)
        else:
            st.caption(f"A piece that not every coder has coded yet {note.split('·')[1]}")
