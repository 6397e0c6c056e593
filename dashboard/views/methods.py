"""Codebook, model card, runs, versions and every definition."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import streamlit as st

from dashboard import blocks, data, wording


def show(page: Any) -> None:
    build = page.build
    blocks.heading(
        "Methods",
        "Everything that stands between the texts and the numbers: what the frames mean, what the "
        "classifier can do, how topics were made, and what each word on the screen means.",
    )
    tabs = st.tabs(["Codebook", "Model card", "Runs and versions", "Definitions"])
    with tabs[0]:
        _codebook(build)
    with tabs[1]:
        _card(build)
    with tabs[2]:
        _runs(build)
    with tabs[3]:
        for name, text in wording.DEFINITIONS.items():
            st.markdown(f"**{name}.** {text}")


def _codebook(build: Any) -> None:
    book = build.meta["codebook"]
    st.markdown(
        f"**{wording.escape(book['title'])}**, version {wording.escape(str(book['version']))}. {wording.escape(book.get('unit', ''))}"
    )
    colour = "colour_dark" if blocks.dark() else "colour"
    for frame in build.frames:
        with st.container(border=True):
            st.html(
                f'<span style="display:inline-block;width:0.9em;height:0.9em;border-radius:50%;background:{frame[colour]};vertical-align:-0.05em"></span> '
                f"<b>{_html(frame['name'])}</b>"
            )
            st.markdown(wording.escape(frame["definition"]))
            left, right = st.columns(2)
            left.markdown("**Include**\n" + _bullets(frame["include"]))
            right.markdown("**Exclude**\n" + _bullets(frame["exclude"]))
            if frame.get("examples"):
                st.markdown(
                    "**Examples**\n"
                    + "\n".join(
                        f"- “{wording.escape(e['text'])}” — {wording.escape(e['why'])}"
                        for e in frame["examples"]
                    )
                )
    for key, title in (("borderline", "Borderline rules"), ("rulings", "Rulings")):
        if book.get(key):
            st.markdown(f"**{title}**\n" + _bullets(book[key]))


def _bullets(lines: list[str]) -> str:
    return "\n" + "\n".join(f"- {wording.escape(line)}" for line in lines)


def _html(text: str) -> str:
    from html import escape

    return escape(text)


def _card(build: Any) -> None:
    card = build.meta["model_card"]
    st.markdown(wording.escape(str(card.get("summary", ""))))
    st.caption(
        "None of these figures is about your corpus: until people code a sample of it, how well the model does here is unknown."
    )
    figures = card.get("figures")
    if figures:
        st.subheader("On the training set, out of fold", anchor=False)
        st.dataframe(pl.DataFrame(figures), hide_index=True, column_config=FIGURES)
    if card.get("second_coding"):
        st.subheader("Two codings of the training set", anchor=False)
        st.markdown(
            "A random part was coded a second time, by language models that had not seen the first "
            "codes. People will agree less."
        )
        st.dataframe(pl.DataFrame(card["second_coding"]), hide_index=True, column_config=FIGURES)
    if card.get("measured"):
        _measured(card["measured"], build.meta["model_version"])
    with st.expander("The whole card"):
        st.json(card, expanded=1)


FIGURES = {
    "frame": "Frame",
    "unit": "Unit",
    "by": "By",
    "group": "Group",
    **{
        name: st.column_config.NumberColumn(title, format="localized")
        for name, title in (
            ("rows", "Coded"),
            ("positives", "Carry it"),
            ("units", "Coded twice"),
            ("pieces", "Pieces"),
        )
    },
    **{
        name: st.column_config.NumberColumn(title, format="%.2f")
        for name, title in (
            ("precision", "Precision"),
            ("recall", "Recall"),
            ("f1", "F1"),
            ("f1_low", "95 % from"),
            ("f1_high", "to"),
            ("ece", "Calibration error"),
            ("sensitivity", "Sensitivity"),
            ("specificity", "Specificity"),
            ("piece_macro_f1", "Macro F1 by piece"),
            ("sentence_macro_f1", "Macro F1 by sentence"),
            ("share_first", "Share, first coder"),
            ("share_second", "Share, second"),
            ("agree", "Agree"),
            ("alpha", "Krippendorff's alpha"),
            ("share", "Share used"),
        )
    },
    "tried": st.column_config.TextColumn("What", width="large"),
}


def _measured(found: dict[str, Any], version: str) -> None:
    st.subheader("On real coverage", anchor=False)
    st.markdown(
        wording.escape(found["on"])
        + f", matched to mixed news as `label` is. Made with `{found['made_with']}`."
    )
    if found["model"] != version:
        st.warning(f"Measured on model {found['model']}, not on this one.")
    shown = ("frame", "positives", "precision", "recall", "f1", "f1_low", "f1_high", "ece")
    for unit in ("piece", "sentence"):
        st.markdown(f"By {unit}:")
        st.dataframe(
            pl.DataFrame(found[unit]["frames"]).select(shown),
            hide_index=True,
            column_config=FIGURES,
        )
    st.markdown("By lean of the outlet and kind of news, pieces:")
    groups = ("by", "group", "frame", "positives", "sensitivity", "specificity", "f1")
    st.dataframe(
        pl.DataFrame(found["piece"]["groups"]).select(groups),
        hide_index=True,
        column_config=FIGURES,
    )
    st.subheader("What was tried", anchor=False)
    st.dataframe(pl.DataFrame(found["tried"]), hide_index=True, column_config=FIGURES)
    st.markdown("With a part of the training pieces in the manner of coverage:")
    st.dataframe(pl.DataFrame(found["learning"]), hide_index=True, column_config=FIGURES)
    from analysis.frames.card import failures

    st.subheader("Known failures, examples in our words", anchor=False)
    for one in failures():
        st.markdown(
            f"- **{wording.escape(one['what'])}** {wording.escape(one['example'])} {wording.escape(one['why'])}"
        )


def _runs(build: Any) -> None:
    runs = data.runs(build.id, build)
    st.markdown(
        f"Build **{build.id}** of {build.meta['pieces']:,} pieces, made by Framescope {build.meta['framescope']}."
    )
    st.dataframe(
        runs.select("stage", "version", "pieces", "started_at", "ended_at", "params"),
        hide_index=True,
        column_config={
            "stage": "Stage",
            "version": st.column_config.TextColumn("Version", width="medium"),
            "pieces": st.column_config.NumberColumn("Pieces", format="localized"),
            "started_at": "Started (UTC)",
            "ended_at": "Ended (UTC)",
            "params": st.column_config.TextColumn("Parameters", width="large"),
        },
    )
    st.download_button(
        "Parameters as JSON",
        json.dumps(build.meta, indent=1),
        file_name="build.json",
        mime="application/json",
        icon=":material/data_object:",
        on_click="ignore",
    )
