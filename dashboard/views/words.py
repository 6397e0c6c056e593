"""Key words: which words groups use more and less, how firmly, and the lines they stand in."""

from __future__ import annotations

from typing import Any

from dashboard import blocks
from dashboard.views.word.asked import asked_for
from dashboard.views.word.pair import show_pair
from dashboard.views.word.panels import show_panels


def show(page: Any) -> None:
    blocks.heading(
        "Words",
        "Which words one group of pieces uses more than another, and the lines they stand in. It shows "
        "what differs, not why; what a word means there, only the lines can tell.",
    )
    asked = asked_for(page)
    if asked is None:
        return
    if asked.one is None:
        show_panels(page, asked)
    else:
        show_pair(page, asked)
