"""The word that is looked at, and what is known of it."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard import wording

MOST_OFFERED = 400


def chosen_word(page: Any, rows: pl.DataFrame, chosen: Any) -> str:
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


def show_facts(rows: pl.DataFrame, word: str, sides: tuple[str, str]) -> None:
    """How often both sides use the word, and how surely they differ."""
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
