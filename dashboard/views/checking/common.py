"""What several sections share."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard import blocks, data, wording
from dashboard.charts import FrameStyle
from dashboard.coding import coder
from dashboard.scope import to_params

FRACTIONS = (
    "share", "low", "high", "score", "from_score", "to_score", "part", "error", "by_chance",
    "corrected", "corrected_low", "corrected_high", "change", "false_alarms", "misses",
    "half_width", "half_sampling", "half_measurement", "half_coders", "half_width_then", "gain",
    "share_other", "difference", "difference_low", "difference_high",
)  # fmt: skip


def figure(chart: Any, **how: Any) -> Any:
    """A figure whose numbers are themselves the check, so that no verdict stands over it."""
    return blocks.figure(chart, **how)


def in_percent(rows: pl.DataFrame) -> pl.DataFrame:
    """Fractions in % with one decimal, their columns named so; other columns untouched."""
    present = [name for name in FRACTIONS if name in rows.columns]
    return rows.with_columns((pl.col(name) * 100).round(1) for name in present).rename(
        {name: f"{name} %" for name in present}
    )


def scope_line(page: Any, what: str) -> str:
    """'Of 653 published items in scope ...': what the codes stand for."""
    return blocks.denominator(data.totals(page.build.id, page.scope, page.build), page.scope, what)


def styles(page: Any) -> list[FrameStyle]:
    return blocks.styles(page.build, page.scope)


def frame_choice(page: Any, where: Any = st) -> FrameStyle:
    """One of the frames on show."""
    shown = {style.id: style for style in styles(page)}
    first = next(iter(shown))
    page.link.choice("look", list(shown), first)
    chosen = where.selectbox(
        "Frame", list(shown), format_func=lambda key: shown[key].name, key="look"
    )
    page.link.keep("look", chosen, first)
    return shown[chosen]


def piece_link(page: Any, piece: str, title: str | None, note: str = "") -> None:
    """A coded piece that opens in the reader; nothing of one that who is signed in has to code."""
    if coder.show_labels(page.build, [piece]):
        st.caption("A piece that you have still to code: withheld.")
        return
    label = wording.escape(_clip(title or "(no headline)"))
    st.page_link(
        page.pages["pieces"],
        label=f"{label} {note}" if note else label,
        icon=":material/article:",
        query_params={"piece": piece, **to_params(page.scope)},
    )


def _clip(text: str, most: int = 90) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def nothing_in_scope() -> None:
    blocks.empty("No coded piece is in scope.")
