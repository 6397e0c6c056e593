"""Full text over pieces and sentences: hits with their words marked, and how often over time."""

from __future__ import annotations

from html import escape
from typing import Any

import polars as pl
import streamlit as st

from analysis.errors import SearchError
from analysis.measure import trends
from analysis.measure.shares import with_shares
from analysis.report.exports import csv_bytes
from analysis.search import query
from analysis.search.highlight import Snippet
from analysis.search.index import UNITS
from analysis.search.results import SORTS, Hit, together
from dashboard import blocks, charts, data, paging, search_data, wording
from dashboard.coding import coder

PAGE = 20
MOST_PANELS = 7
TOGETHER = "All outlets"
BINS = ("month", "week", "quarter")
KEY = "search_q"

UNIT_NAMES = {"piece": "Pieces", "sentence": "Sentences"}
SORT_NAMES = {"relevance": "Best first", "newest": "Newest first", "oldest": "Oldest first"}

HELP = """
| write | to find |
|---|---|
| `police sheriff` | both words, anywhere in headline or text |
| `"city commission"` | the words side by side |
| `"vote sheriff"~5` | in any order, with at most 5 words between them |
| `police OR sheriff`, `-jail`, `NOT jail` | either; without. Capitals matter; `( )` group |
| `deport*` | words that begin so |
| `title:police` | in the headline |
| `outlet:"Causeway Post"` `topic:…` `frame:safety` | by outlet, topic or frame |
| `date:2025-06-01..2025-09` | by date: a day, month or year, or from .. to |

Case, accents and the shape of apostrophes make no difference, and a closing 's is left off:
`nino` finds *Niño’s*.
"""

STYLE = """<style>
.hit { max-width: 60rem; overflow-wrap: anywhere; margin: 0 0 0.1rem 0; }
.hit b.t { font-size: 1.05rem; }
.hit .m { opacity: 0.75; font-size: 0.88rem; }
.hit mark { background: rgba(214,158,46,0.32); color: inherit; padding: 0 0.1em; border-radius: 0.2em; }
</style>"""


def show(page: Any) -> None:
    blocks.heading(
        "Search",
        "Which pieces hold these words, and how large a share of each outlet's coverage that is over "
        "time. It finds words, not meanings: a piece that says the same in other words is missed.",
    )
    text, unit, sort = _box(page)
    if not text.strip():
        st.info(
            'Write what to find, for example `police "city commission"`.', icon=":material/search:"
        )
        st.markdown(HELP)
        return
    build, scope = page.build, page.scope
    try:
        if query.frames_named(query.parse(text)) and coder.current() is not None:
            st.error(
                "While you are signed in as a coder you can't search by frame: what is found would "
                "tell labels that you must not see yet.",
                icon=":material/visibility_off:",
            )
            return
        whole = search_data.counts(build.id, scope, text, unit, None, build)
    except SearchError as error:
        _refused(text, error)
        return
    if whole.is_empty():
        blocks.empty("No piece is in scope.")
        return
    _totals(page, whole, unit)
    if not whole["k"].sum():
        blocks.empty("No piece in scope matches.")
        return
    _over_time(page, text, unit, whole)
    _list(page, text, unit, sort, int(whole["hits"].sum()))


def _box(page: Any) -> tuple[str, Any, Any]:
    link, state = page.link, st.session_state
    if link.changed and "q" in link.params:
        state[KEY] = link.params["q"][-1][: query.MOST_CHARS]
    left, right = st.columns([4, 1.1], vertical_alignment="bottom")
    text = left.text_input(
        "Words to find",
        key=KEY,
        placeholder='police "city commission" -jail',
        max_chars=query.MOST_CHARS,
    )
    with right.popover("How to write", icon=":material/help:", width="stretch"):
        st.markdown(HELP)
    link.keep("q", text, "")
    link.choice("unit", UNITS, UNITS[0])
    link.choice("sort", SORTS, SORTS[0])
    with st.container(horizontal=True):
        unit = st.segmented_control(
            "Find", UNITS, key="unit", required=True, format_func=UNIT_NAMES.__getitem__,
            help="In sentences, all words of the search stand in one sentence or headline.",
        )  # fmt: skip
        sort = st.segmented_control(
            "Order", SORTS, key="sort", required=True, format_func=SORT_NAMES.__getitem__
        )
    link.keep("unit", unit, UNITS[0])
    link.keep("sort", sort, SORTS[0])
    return text, unit, sort


def _refused(text: str, error: SearchError) -> None:
    """What is wrong, with a mark under the place."""
    st.error(wording.escape(error.what), icon=":material/error:")
    if error.at is not None:
        shown = "".join(c if c.isprintable() else " " for c in text)
        st.code(f"{shown}\n{' ' * error.at}^", language=None)
    if error.remedy:
        st.markdown(f"What to do: {wording.escape(error.remedy)}")


def _totals(page: Any, whole: pl.DataFrame, unit: str) -> None:
    row = with_shares(whole.select(pl.col("n", "k", "hits").sum())).row(0, named=True)
    of = wording.count(row["n"], wording.UNIT[page.scope.estimand])
    said = (
        f"**{row['k']:,}** of {of} in scope: "
        f"{row['share']:.1%} (95 % interval {row['low']:.1%} to {row['high']:.1%})"
    )
    if unit == "sentence":
        said += f", in {wording.count(row['hits'], 'sentence')}"
    st.markdown(said + ".")


def _over_time(page: Any, text: str, unit: Any, whole: pl.DataFrame) -> None:
    build, scope, link = page.build, page.scope, page.link
    default = _default_bin(page)
    link.choice("bin", BINS, default)
    bin = st.segmented_control("Bins", BINS, key="bin", required=True, format_func=str.capitalize)
    link.keep("bin", bin, default)
    counted = search_data.counts(build.id, scope, text, unit, bin, build)
    if counted.is_empty():
        st.caption("No piece in scope is dated finely enough for these bins.")
        return
    first, last = trends.collection_span(counted)
    order = whole.sort("n", "outlet", descending=[True, False])["outlet"].to_list()
    lines = order[:MOST_PANELS]
    parts = [counted]
    if len(order) > 1:
        parts.insert(
            0, together(counted).with_columns(outlet=pl.lit(TOGETHER)).select(counted.columns)
        )
        lines = [TOGETHER, *lines]
    rows = pl.concat(parts).filter(
        pl.col("start").is_between(first, last) & pl.col("outlet").is_in(lines)
    )
    minimum = int(build.meta["min_cell"])
    rows = rows.with_columns(thin=pl.col("n") < minimum).with_columns(
        pl.when(~pl.col("thin")).then(pl.col("share", "low", "high"))
    )
    volume = trends.with_empty_bins(rows.select("outlet", "start", "n"), first, last, bin)
    totals = data.totals(build.id, scope, build)
    strays = int(counted.filter(~pl.col("start").is_between(first, last))["n"].sum())
    more = f"The {MOST_PANELS} largest of {len(order)} outlets." if len(order) > MOST_PANELS else ""
    blocks.figure(
        charts.found_over_time(rows, volume, lines, build.events, bin=bin, look=blocks.look()),
        key="search-time",
        title=f"Share of pieces found, by {bin}",
        denominator=blocks.denominator(totals, scope),
        notes=[
            "Band: 95 % interval (Wilson). Bars: pieces published.",
            "" if build.events.is_empty() else "Dotted lines: the project's events.",
            wording.hidden_cells(rows, minimum),
            more,
            wording.strays(strays, first, last),
            _gaps(page, lines),
        ],
        table=rows.with_columns(pl.col("share", "low", "high").round(4)).rename(
            {
                "outlet": "Outlet",
                "start": "From",
                "n": "Pieces",
                "k": "Pieces found",
                "hits": "Hits",
                "share": "Share",
                "low": "Low (95 %)",
                "high": "High (95 %)",
                "thin": "Hidden",
            }
        ),
        alt=f"Share of each outlet's pieces in which the search is found, by {bin}.",
    )


def _default_bin(page: Any) -> str:
    build, scope = page.build, page.scope
    widths: tuple[Any, ...] = ("week", "month")
    cells = pl.concat(
        data.volume(build.id, scope, width, build).with_columns(bin=pl.lit(width))
        for width in widths
    )
    return trends.finest_bin(cells, int(build.meta["min_cell"]))


def _gaps(page: Any, lines: list[str]) -> str:
    found = data.coverage(page.build.id, page.scope, page.build).gaps
    own = found.filter(pl.col("outlet").is_in(lines))["outlet"].unique().sort().to_list()
    if not own:
        return ""
    named = ", ".join(wording.escape(name) for name in own)
    return f"Gaps in collection at {named}: a fall there is none in attention."


def _list(page: Any, text: str, unit: Any, sort: Any, found: int) -> None:
    build, scope = page.build, page.scope
    listed = (text, unit, sort, scope)
    number = paging.page_number(page.link, "search", found, PAGE, listed)
    hits = search_data.page(build.id, scope, text, unit, sort, PAGE, (number - 1) * PAGE, build)
    first = (number - 1) * PAGE + 1
    what = "piece" if unit == "piece" else "sentence"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Hits", anchor=False, width="content")
        st.caption(
            f"{first:,} to {first + len(hits) - 1:,} of {wording.count(found, 'matching ' + what)}",
            width="content",
        )
        st.download_button(
            "All hits as CSV",
            lambda: csv_bytes(search_data.all_rows(build, scope, text, unit, sort)),
            file_name="search.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
    st.html(STYLE)
    for place, hit in enumerate(hits):
        left, right = st.columns([9, 1], vertical_alignment="top")
        left.html(_card(hit))
        if right.button("Read", key=f"read-{number}-{place}", help="Open the piece in the reader"):
            st.session_state["piece"] = hit.id
            st.switch_page(page.pages["pieces"], query_params={"piece": hit.id})
    paging.turning("search", found, PAGE)


def _card(hit: Hit) -> str:
    where = f"{escape(hit.outlet)} · {escape(wording.day(hit.published))}"
    title = _marked(hit.title) or "(no headline)"
    return (
        f'<div class="hit"><b class="t">{title}</b><br><span class="m">{where}</span><br>'
        f"{_clipped(hit.text)}</div>"
    )


def _clipped(shown: Snippet) -> str:
    return ("… " if shown.start else "") + _marked(shown) + (" …" if shown.more else "")


def _marked(shown: Snippet) -> str:
    """Escaped; matches in <mark>."""
    return "".join(
        f"<mark>{escape(part)}</mark>" if hit else escape(part) for part, hit in shown.parts
    )
