"""The entry point: opens the build, holds the filters and the URL, and hands over to a view."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from analysis.errors import FramescopeError
from analysis.estimates import Ask
from analysis.reads import Build, Scope
from dashboard import blocks, data, wording
from dashboard.coding import coder
from dashboard.garbage import settle
from dashboard.numbers import Numbers, numbers
from dashboard.scope import FIRST_DAY, LAST_DAY, SWITCHES, Choices, Link, parse, to_params
from dashboard.views import VIEWS

# The toolbar of a table has a CSV of its own, in which formulas are not defused. On a narrow screen
# charts are moved sideways, for panels side by side can't be squeezed.
CSS = """<style>
.stMainBlockContainer { padding: 4.2rem 2.6rem 2rem 2.6rem; max-width: 1500px; }
.stPlotlyChart { margin-bottom: -0.6rem; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p { color: inherit; }
[data-testid="stCaptionContainer"] { opacity: 0.78; }
[data-testid="stMain"]:focus-visible, [data-testid="stMain"] :is([tabindex="0"], canvas):focus-visible { outline: 2px solid currentColor !important; outline-offset: -2px; }
button[aria-label="Download as CSV"] { display: none; }
[data-testid="stSidebarNavLink"] { padding-top: 0.1rem; padding-bottom: 0.1rem; line-height: 1.45; }
[data-testid="stSidebarNavItems"] { padding-bottom: 0; }
[data-testid="stNavSectionHeader"] { padding-top: 0.35rem; padding-bottom: 0.1rem; margin-top: 0; }
@media (max-width: 640px) {
  .stElementContainer:has(.stPlotlyChart) { overflow-x: auto; }
  [data-testid="stFullScreenFrame"]:has(.stPlotlyChart) { min-width: 620px; }
}
</style>"""

# Four strokes, one a frame, beside the name; grey reads on light and dark alike.
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="190" height="32" viewBox="0 0 190 32">
<rect x="2" y="6" width="5" height="20" rx="2" fill="#2E6FBF"/><rect x="10" y="11" width="5" height="15" rx="2" fill="#C9701F"/>
<rect x="18" y="3" width="5" height="23" rx="2" fill="#8E3A78"/><rect x="26" y="15" width="5" height="11" rx="2" fill="#3F9E77"/>
<text x="42" y="24" font-family="'Source Sans', 'Segoe UI', sans-serif" font-size="22" font-weight="600" fill="#76839A">Framescope</text></svg>"""


@dataclass
class Page:
    """What a view gets: the build, what there is to choose, the link, numbers, scope and views."""

    build: Build
    choices: Choices
    link: Link
    numbers: Numbers
    scope: Scope = field(default_factory=Scope)
    pages: dict[str, Any] = field(default_factory=dict)


def main() -> None:
    st.set_page_config(
        page_title="Framescope", page_icon="⚖️", layout="wide", initial_sidebar_state=350
    )
    try:
        build = data.build()
    except FramescopeError as error:
        _explain(error)
        st.stop()
    st.html(CSS)
    # Streamlit writes white on a primary button, which can't be read on the dark theme's.
    st.html(
        f"<style>button[kind^=primary], button[kind^=primary] * {{ color: {blocks.ground()}; }}</style>"
    )
    st.logo(LOGO, size="large")
    choices = data.choices(build.id, build)
    link = Link()
    page = Page(build, choices, link, Numbers(build, Ask()))
    for view in VIEWS:
        page.pages[view.path] = st.Page(
            _shown(view, page),
            title=view.title,
            icon=view.icon,
            url_path=view.path,
            default=view.default,
        )
    sections: dict[str, list[Any]] = {}
    for view in VIEWS:
        sections.setdefault(view.section, []).append(page.pages[view.path])
    shown = st.navigation(sections, position="sidebar", expanded=True)
    link.arrived(shown.url_path)
    _take_link(link, choices)
    # Widgets of the entry point outlive a change of view; a view's own do not.
    page.scope = _filters(build, choices)
    ask = _estimation()
    page.numbers = numbers(data.project(), build, ask)
    for key, values in to_params(page.scope, ask).items():
        link.set(key, values)
    shown.run()
    settle()


def _explain(error: FramescopeError) -> None:
    st.error(wording.escape(error.what), icon=":material/error:")
    if error.remedy:
        st.markdown(f"What to do: {wording.escape(error.remedy)}")


def _shown(view: Any, page: Page) -> Any:
    def run() -> None:
        _banner(page.build)
        if page.numbers.fault:
            st.warning(
                f"Nothing is corrected: {wording.escape(page.numbers.fault)}.",
                icon=":material/database_off:",
            )
        place = st.container()
        try:
            if view.sums and coder.would_tell(
                data.totals(page.build.id, page.scope, page.build).items
            ):
                st.info(wording.TOO_FEW_FOR_CODERS, icon=":material/visibility_off:")
            else:
                view.show(page)
        except FramescopeError as error:
            _explain(error)
        for notice in page.link.notices:
            place.warning(wording.escape(notice), icon=":material/link_off:")
        page.link.write()
        _foot(page.build)

    run.__name__ = view.path
    return run


def _take_link(link: Link, choices: Choices) -> None:
    """Puts a new or edited link's filters into the widgets.

    A value that is set here overrules a click that is on its way, so nothing is set without need.
    """
    state = st.session_state
    if "f_outlets" not in state or link.filters_changed:
        parsed = parse(link.params, choices)
        link.notices += parsed.notices
        state.f_outlets, state.f_topics = parsed.outlets, parsed.topics
        state.f_frames = parsed.frames
        state.f_from, state.f_to = parsed.day_from, parsed.day_to
        for key, value in parsed.switches.items():
            state[f"f_{key}"] = value
    # A newer build may have lost an outlet or topic that a filter still names.
    for key, known in (
        ("f_outlets", choices.outlets),
        ("f_topics", choices.topics),
        ("f_frames", choices.frames),
    ):
        held = state.get(key) or []
        kept = [value for value in held if value in set(known)]
        if len(kept) < len(held):
            state[key] = kept


def _reset() -> None:
    state = st.session_state
    state.f_outlets, state.f_topics, state.f_frames = [], [], []
    state.f_from, state.f_to = None, None
    for key, options in SWITCHES.items():
        state[f"f_{key}"] = options[0]


def _filters(build: Build, choices: Choices) -> Scope:
    labels = dict(data.topics(build.id, build).select("topic_key", "label").iter_rows())
    names = {frame["id"]: frame["short"] for frame in build.frames}
    with st.sidebar:
        outlets = st.multiselect(
            "Outlets", list(choices.outlets), key="f_outlets", placeholder="All outlets"
        )
        frames = st.pills(
            "Frames on show",
            list(choices.frames),
            format_func=lambda f: names[f],
            selection_mode="multi",
            key="f_frames",
            help="Nothing chosen shows all. This never changes which pieces count.",
        )
        left, right = st.columns(2, gap="small")
        day_from = left.date_input(
            "From",
            value=None,
            key="f_from",
            format="YYYY-MM-DD",
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
        )
        day_to = right.date_input(
            "To",
            value=None,
            key="f_to",
            format="YYYY-MM-DD",
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
        )
        topics = st.multiselect(
            "Topics",
            list(choices.topics),
            format_func=lambda key: labels.get(key, key),
            key="f_topics",
            placeholder="All topics",
        )
        estimand = st.segmented_control(
            "Count",
            list(wording.ESTIMANDS),
            format_func=lambda key: wording.COUNT[key],
            key="f_count",
            required=True,
            width="stretch",
            help=wording.COUNT_HELP,
        )
        _switches()
        switched = any(st.session_state[f"f_{k}"] != o[0] for k, o in SWITCHES.items())
        st.button(
            "Reset filters",
            on_click=_reset,
            icon=":material/restart_alt:",
            width="stretch",
            disabled=not (outlets or frames or day_from or day_to or topics or switched),
        )
        st.caption("The address in your browser holds these filters: copy it to share this view.")
    if day_from and day_to and day_from > day_to:
        st.sidebar.error("“From” is after “To”. Showing all dates.")
        day_from = day_to = None
    return Scope(
        outlets=tuple(outlets),
        topics=tuple(topics),
        frames=tuple(f for f in choices.frames if f in (frames or [])),
        day_from=day_from,
        day_to=day_to,
        estimand=estimand or "item",
    )


def _switches() -> None:
    """How intervals are meant; one line in the sidebar until it is opened."""
    with st.expander("Intervals", icon=":material/straighten:"):
        for key, title, names, help in (
            ("intervals", "The intervals hold", wording.INTERVALS, wording.INTERVALS_HELP),
            ("pieces", "The pieces are", wording.PIECES_ARE, wording.PIECES_ARE_HELP),
        ):
            st.segmented_control(
                title,
                list(names),
                format_func=lambda value, names=names: names[value],  # type: ignore[misc]
                key=f"f_{key}",
                required=True,
                width="stretch",
                help=help,
            )


def _estimation() -> Ask:
    state = st.session_state
    return Ask(
        rules=data.project().settings.gate,
        together=state.f_intervals == "together",
        census=state.f_pieces == "census",
    )


def _banner(build: Build) -> None:
    if build.meta["teaching"]:
        st.info(
            f"**Teaching corpus.** {wording.escape(build.meta['note'])}", icon=":material/school:"
        )
    elif build.meta["note"]:
        st.caption(wording.escape(build.meta["note"]))


def _foot(build: Build) -> None:
    st.divider()
    st.caption(
        f"{wording.escape(build.meta['name'])} · build {build.id} of "
        f"{build.meta['built_at'].replace('T', ' ')} UTC · frame model {build.meta['model_version'][:12]} · "
        f"Framescope {build.meta['framescope']}"
    )


main()
