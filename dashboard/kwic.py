"""Lines of a concordance as HTML: the phrase in the middle, text inert whatever it holds."""

from __future__ import annotations

from html import escape

import polars as pl

from dashboard import wording

STYLE = """<style>
.kwic { font-size: 0.86rem; line-height: 1.5; }
.kwic .row { display: grid; grid-template-columns: minmax(0, 1fr) max-content minmax(0, 1fr); align-items: end; column-gap: 0; border-bottom: 1px solid rgba(122,134,153,0.18); padding: 0.15rem 0; }
.kwic .l { text-align: right; padding-right: 0.3em; overflow-wrap: anywhere; }
.kwic .c { font-weight: 700; }
.kwic .r { padding-left: 0.3em; overflow-wrap: anywhere; }
@media (max-width: 900px) { .kwic .row { display: block; } .kwic .l, .kwic .r { padding: 0; } .kwic .w { display: block; } }
.kwic .w { grid-column: 1 / -1; opacity: 0.78; font-size: 0.76rem; }
</style>"""

# What stands on one line of the page beside the phrase.
MOST_CHARS = 54

ORDERS = {
    "random": "As drawn",
    "left": "By the word before",
    "right": "By the word after",
    "date": "By date",
    "outlet": "By outlet",
}


def ordered(rows: pl.DataFrame, order: str) -> pl.DataFrame:
    """Lines in one of ORDERS; undated ones last."""
    words = {
        "left": pl.col("left").str.to_lowercase().str.split(" ").list.eval(
            pl.element().filter(pl.element() != "")
        ).list.reverse().list.join(" "),
        "right": pl.col("right").str.to_lowercase().str.strip_chars(),
        "date": pl.col("published"),
        "outlet": pl.col("outlet"),
    }  # fmt: skip
    return rows.sort(words[order], nulls_last=True, maintain_order=True) if order in words else rows


def html(rows: pl.DataFrame) -> str:
    """Rows of `reading.words.lines` as a block."""
    lines = "".join(
        f'<div class="row"><span class="l">{escape(_end(left))}</span> '
        f'<span class="c">{escape(phrase)}</span> <span class="r">{escape(_start(right))}</span>'
        f'<span class="w">{escape(outlet)} · {escape(wording.day(published))}</span></div>'
        for outlet, published, left, phrase, right in rows.select(
            "outlet", "published", "left", "phrase", "right"
        ).iter_rows()
    )
    return f'{STYLE}<div class="kwic">{lines}</div>'


def _start(text: str) -> str:
    """Whole words from the start that fit beside the phrase."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_CHARS else flat[: MOST_CHARS - 1].rpartition(" ")[0] + " …"


def _end(text: str) -> str:
    """Whole words from the end that fit beside the phrase."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_CHARS else "… " + flat[1 - MOST_CHARS :].partition(" ")[2]
