"""How far the classifier can be trusted here, checked against what people coded blind."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard import blocks, data, wording
from dashboard.checks import Checks, checks
from dashboard.views.checking import agreement, budget, correction, errors, finding, scores
from dashboard.views.checking.common import scope_line

# A section's name in the link, its title, what shows it, and whether it needs codes.
Section = tuple[str, Callable[[Any, Checks], None], bool]
SECTIONS: dict[str, Section] = {
    "agreement": ("Agreement", agreement.show, True),
    "reliability": ("Reliability", scores.show, True),
    "errors": ("Error rates", errors.rates, True),
    "confusion": ("Confusion", errors.confusion, True),
    "correction": ("Correction", correction.show, True),
    "budget": ("Label budget", budget.show, False),
    "multiverse": ("Multiverse", finding.show, False),
}
FIRST = "agreement"

# A piece's headline is read whole, on as many lines as it takes; figures of several panels keep
# their width on a phone, where they are pushed along.
CSS = """<style>
@media (max-width: 640px) {
  :is(.st-key-validation-reliability, .st-key-validation-confusion, [class*="st-key-validation-errors"]) { overflow-x: auto; }
  :is(.st-key-validation-reliability, .st-key-validation-confusion, [class*="st-key-validation-errors"]) [data-testid="stFullScreenFrame"] { min-width: 620px; }
}
[data-testid="stPageLink"] a { align-items: flex-start; }
[data-testid="stPageLink"] a :is(span, div, p) { white-space: normal; overflow: visible; }
</style>"""


def show(page: Any) -> None:
    blocks.heading(
        "Validation",
        "How far coders agree, where the classifier errs, and what that does to the numbers. It "
        "can't tell which of two readings of a piece is right.",
    )
    st.html(CSS)
    found = _sample(page, checks(data.project(), page.build, page.numbers.ask))
    if found.fault:
        st.warning(wording.escape(found.fault), icon=":material/warning:")
    sections = list(SECTIONS)
    page.link.choice("section", sections, FIRST)
    chosen = st.segmented_control(
        "Section",
        sections,
        format_func=lambda key: SECTIONS[key][0],
        key="section",
        required=True,
        label_visibility="collapsed",
    )
    page.link.keep("section", chosen, FIRST)
    _, shown, needs_codes = SECTIONS[chosen]
    if found.evidence is None:
        _nothing_coded(page, found)
        if needs_codes:
            return
    shown(page, found)


def _sample(page: Any, found: Checks) -> Checks:
    """The checks by the sample that is chosen; a line says what it holds."""
    if not found.sample:
        return found
    names = found.samples["sample"].to_list()
    if len(names) > 1:
        page.link.choice("sample", names, found.sample)
        chosen = st.selectbox("Sample", names, key="sample")
        page.link.keep("sample", chosen, found.sample)
        found = found.of(chosen)
    row = found.samples.row(names.index(found.sample), named=True)
    if row["coded"]:
        st.caption(
            f"Sample {wording.escape(found.sample)}: {wording.count(row['pieces'], 'piece')} drawn, "
            f"{row['coded']:,} coded by {wording.count(row['coders'], 'coder')}."
        )
    return found


def _nothing_coded(page: Any, found: Checks) -> None:
    """Says what to do first."""
    words = ["framescope", "sample", "--project", str(data.project().root), "--budget", "200"]
    if not found.sample:
        st.info(
            "**No sample has been drawn yet**, so nothing here can be checked. *Label budget* "
            "tells what a number of codes would buy.",
            icon=":material/casino:",
        )
        st.page_link(page.pages["code"], label="Draw a sample", icon=":material/casino:")
        st.caption("Or on the command line:")
        st.code(shlex.join(words), language=None, wrap_lines=True)
        st.caption(scope_line(page, "Drawn from"))
        return
    st.info(
        f"**Sample {wording.escape(found.sample)} is drawn, but nothing in it is coded** under the "
        "present definitions. Code some of its pieces first.",
        icon=":material/edit_note:",
    )
    st.page_link(page.pages["code"], label="Start coding", icon=":material/edit_note:")
