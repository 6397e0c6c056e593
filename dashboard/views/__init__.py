"""The views, in the order of the navigation. Each module has `show(page)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.views import (
    coding,
    copies,
    corpus,
    headlines,
    methods,
    outlets,
    overview,
    pieces,
    search,
    stories,
    time,
    topics,
    validation,
    voices,
    why,
    words,
)


@dataclass(frozen=True)
class View:
    """A view's place in the navigation; '' is the section without a heading. `sums`: it shows sums
    of labels over the pieces in scope."""

    section: str
    path: str
    title: str
    icon: str
    show: Callable[[Any], None]
    default: bool = False
    sums: bool = False


COMPARE, READ, CHECK = "Compare fairly", "Read", "Check"

VIEWS = (
    View(
        "", "overview", "Overview", ":material/dashboard:", overview.show, default=True, sums=True
    ),
    View("", "outlets", "Outlets", ":material/newspaper:", outlets.show, sums=True),
    View("", "time", "Over time", ":material/timeline:", time.show, sums=True),
    View("", "topics", "Topics", ":material/bubble_chart:", topics.show, sums=True),
    View(COMPARE, "why", "Why they differ", ":material/balance:", why.show, sums=True),
    View(COMPARE, "stories", "Stories", ":material/hub:", stories.show),
    View(COMPARE, "copies", "Copies", ":material/content_copy:", copies.show),
    View(COMPARE, "headlines", "Headlines", ":material/title:", headlines.show, sums=True),
    View(COMPARE, "voices", "Voices", ":material/record_voice_over:", voices.show, sums=True),
    View(READ, "pieces", "Pieces", ":material/article:", pieces.show),
    View(READ, "words", "Words", ":material/match_word:", words.show, sums=True),
    View(READ, "search", "Search", ":material/search:", search.show),
    View(CHECK, "code", "Code", ":material/edit_note:", coding.show),
    View(CHECK, "validation", "Validation", ":material/fact_check:", validation.show),
    View(CHECK, "corpus", "Corpus", ":material/database:", corpus.show),
    View(CHECK, "methods", "Methods", ":material/menu_book:", methods.show),
)
