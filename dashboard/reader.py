"""The reader: a piece with its frame-bearing sentences marked, and the sum behind each score."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from dashboard import blocks, data, quoting, voices_data, wording
from dashboard.charts import FrameStyle
from dashboard.coding.coder import show_labels


def read(page: Any, piece: dict[str, Any]) -> None:
    """Shows one piece; its text is inert, whatever is in it."""
    build = page.build
    st.title(wording.escape(piece["title"] or "(no headline)"), anchor=False)
    facts = [
        piece["outlet"],
        wording.day(piece["published"]),
        piece["authors"] or "",
        piece["topic_label"] or "",
    ]
    st.caption(" · ".join(wording.escape(f) for f in facts if f))
    if show_labels(build, [piece["id"]]):
        st.info(wording.WITHHELD, icon=":material/visibility_off:")
        st.html(
            f'{STYLE}<div class="piece"><p>{quoting.with_marks(piece["text"], 0, len(piece["text"]), ())}</p></div>'
        )
        _source(piece)
        return
    styles = blocks.styles(build, type(page.scope)())
    sentences = build.piece_sentences(piece["id"])
    scores = {f: (s, p) for f, s, p in build.piece_frames(piece["id"]).iter_rows()}
    quoted = quoting.marks_of(voices_data.of_piece(build.id, piece["id"], build))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(STYLE + quoting.STYLE + _chips(styles, scores), width="content")
        blocks.label_badge()
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.html(
            f'<div class="piece">{_headline(sentences, styles)}{marked(piece, sentences, styles, quoted)}</div>'
        )
        st.caption(
            "A mark shows a sentence that the classifier takes to carry a frame; its frames are named after it."
            " Dotted are words that rules give to a speaker: point at them for the name and the role."
        )
    with right:
        _explanation(page, piece, sentences, styles)
        _copies(page, piece)
    _source(piece)


def _source(piece: dict[str, Any]) -> None:
    if piece["url"] and piece["url"].startswith(("http://", "https://")):
        st.link_button("Open the source", piece["url"], icon=":material/open_in_new:")
    st.caption(
        f"Id {wording.escape(piece['id'])}, row {piece['row_number']:,} of its file; outlet as it came: {wording.escape(piece['outlet_raw'] or 'none')}; date as it came: {wording.escape(piece['date_raw'] or 'none')}."
    )


# What the parts of a sum that are no words stand for.
AS_A_WHOLE = {
    "embedding": "the sentence as a whole",
    "context embedding": "what stands before it, as a whole",
    "piece embedding": "the piece as a whole",
    "bias": "where every sentence starts",
}

STYLE = """<style>
.chips { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.chip { border: 1px solid currentColor; border-radius: 1rem; padding: 0.15rem 0.75rem; font-size: 0.9rem; }
.piece { font-size: 1.05rem; line-height: 1.75; max-width: 42rem; overflow-wrap: anywhere; }
.piece p { margin: 0 0 0.9em 0; }
.piece .s { text-decoration-line: underline; text-decoration-thickness: 3px; text-underline-offset: 5px; }
.piece .tag { font-size: 0.72rem; font-weight: 600; white-space: nowrap; padding: 0.05em 0.4em; border-radius: 0.6em; margin-left: 0.25em; }
</style>"""


def _chips(styles: list[FrameStyle], scores: dict[str, tuple[float, bool]]) -> str:
    """One chip a frame: filled where the piece carries it, faint where it does not."""
    chips = []
    for style in styles:
        score, present = scores.get(style.id, (float("nan"), False))
        look = (
            f"background:{style.colour};color:{blocks.ground()};border-color:{style.colour}"
            if present
            else "opacity:0.8"
        )
        said = "carries it" if present else "does not"
        chips.append(
            f'<span class="chip" style="{look}"><b>{escape(style.short)}</b> {said}, {score:.2f}</span>'
        )
    return '<div class="chips">' + "".join(chips) + "</div>"


def marked(
    piece: dict[str, Any],
    sentences: pl.DataFrame,
    styles: list[FrameStyle],
    quoted: Sequence[quoting.Mark] = (),
) -> str:
    """The text as HTML: escaped, paragraphs kept, sentences that carry a frame underlined, and
    quotations dotted, with who says them.

    Offsets count characters of the text; whatever the text holds, it is shown, never run.
    """
    present: dict[tuple[int, int], list[FrameStyle]] = {}
    by_id = {style.id: style for style in styles}
    for start, end, frame in (
        sentences.filter((pl.col("sentence") > 0) & pl.col("present"))
        .select("start_char", "end_char", "frame")
        .iter_rows()
    ):
        if frame in by_id:
            present.setdefault((start, end), []).append(by_id[frame])
    text, out, at = piece["text"], [], 0
    for (start, end), frames in sorted(present.items()):
        if start < at:
            continue
        out.append(quoting.with_marks(text, at, start, quoted))
        out.append(
            f'<span class="s" style="text-decoration-color:{frames[0].colour}">{quoting.with_marks(text, start, end, quoted)}</span>{_tags(frames)}'
        )
        at = end
    out.append(quoting.with_marks(text, at, len(text), quoted))
    return "<p>" + "".join(out) + "</p>"


def _headline(sentences: pl.DataFrame, styles: list[FrameStyle]) -> str:
    """A line that names the frames that the headline carries; empty where it carries none."""
    own = set(sentences.filter((pl.col("sentence") == 0) & pl.col("present"))["frame"])
    tags = _tags([style for style in styles if style.id in own])
    return f"<p>The headline carries {tags}</p>" if tags else ""


def _tags(frames: list[FrameStyle]) -> str:
    return "".join(
        f'<span class="tag" style="color:{f.colour};border:1px solid {f.colour}">{escape(f.short)}</span>'
        for f in frames
    )


def _explanation(
    page: Any, piece: dict[str, Any], sentences: pl.DataFrame, styles: list[FrameStyle]
) -> None:
    st.subheader("What made a score", anchor=False)
    spans = sentences.select("sentence", "start_char", "end_char").unique().sort("sentence")
    best = (
        sentences.group_by("sentence")
        .agg(pl.col("score").max())
        .sort("score", "sentence", descending=[True, False])["sentence"]
        .to_list()
    )
    whole = {s: (piece["title"] if s == 0 else piece["text"])[a:b] for s, a, b in spans.iter_rows()}
    ordered = [s for s in best if whole.get(s, "").strip()]
    if not ordered:
        st.caption("There is no sentence to explain.")
        return
    sentence = st.selectbox(
        "Sentence (highest score first)",
        ordered,
        format_func=lambda s: ("Headline: " if s == 0 else f"{s}: ") + _clip(whole[s]),
        key=f"explain-sentence-{piece['piece_key']}",
    )
    top = sentences.filter(pl.col("sentence") == sentence).sort("score", descending=True)["frame"][
        0
    ]
    frame = st.segmented_control(
        "Frame",
        [s.id for s in styles],
        format_func={s.id: s.short for s in styles}.get,
        default=top if top in {s.id for s in styles} else styles[0].id,
        required=True,
        key=f"explain-frame-{piece['piece_key']}-{sentence}",
    )
    if not st.toggle("Show the exact sum", key="explain-on"):
        return
    # The model is loaded only when somebody asks.
    from analysis.explanation import explanation_of

    parts = explanation_of(
        page.build.meta["model_version"],
        piece["title"],
        piece["text"],
        [(a, b) for s, a, b in spans.iter_rows() if s > 0],
        sentence,
        data.project().root,
    )
    if parts is None:
        st.warning(
            "The model that labelled this build is no longer here; build again to explain it."
        )
        return
    own = (
        parts.sums.filter(pl.col("frame") == frame)
        .with_columns(what=pl.col("source").replace_strict(AS_A_WHOLE, default=pl.col("what")))
        .sort(pl.col("contribution").abs(), descending=True)
    )
    total = own["contribution"].sum()
    st.markdown(
        f"Sum of {own.height} contributions: **{total:+.3f}** log-odds, "
        f"which is a score of **{parts.scores[frame]:.3f}**; "
        f"the frame counts as present from {parts.thresholds[frame]:.3f} on."
    )
    st.dataframe(
        own.select("what", "source", "contribution"),
        hide_index=True,
        height=320,
        column_config={
            "what": st.column_config.TextColumn("What it saw", width=100),
            "source": st.column_config.TextColumn("Where", width=125),
            "contribution": st.column_config.NumberColumn("Log-odds", format="%+.3f", width=75),
        },
    )
    if parts.nearest.height:
        st.caption("Nearest sentences of the training set, as the embedding sees it:")
    for row in parts.nearest.to_dicts():
        codes = ", ".join(row["frames"]) or "none"
        st.markdown(
            f"- {wording.escape(row['text'])}  \n  *coded: {wording.escape(codes)}; similarity {row['similarity']:.2f}*"
        )


def _clip(text: str, most: int = 70) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _copies(page: Any, piece: dict[str, Any]) -> None:
    if piece["copy_group"] is None:
        return
    others = page.build.piece_copies(piece["id"])
    st.subheader("Copies of this text", anchor=False)
    for row in others.head(12).to_dicts():
        role = "origin, " if row["is_original"] else ""
        st.markdown(
            f"- {wording.escape(row['outlet'])}, {role}{wording.day(row['published'])}: {wording.escape(row['title'])}"
        )
    if others.height > 12:
        st.caption(f"and {others.height - 12} more")
