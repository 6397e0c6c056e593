"""Reported quotations: the clauses that attributions give to speakers."""

from __future__ import annotations

from analysis.corpus.voices.cast import Cast
from analysis.corpus.voices.found import STOPS, Attribution
from analysis.corpus.voices.quotation import REPORTED, Quotation, Span
from analysis.corpus.voices.reading import Parsed
from analysis.corpus.voices.speakers import Speaker
from analysis.corpus.voices.tokens import QUOTE

# A reported clause of which a quote is so large a part is that quote.
NEARLY_ALL = 0.8


def reported(parsed: Parsed, one: Attribution, speaker: Speaker, cast: Cast) -> list[Quotation]:
    """The clauses of an attribution that are more than a quote, without stops at either end."""
    t = parsed.tokens
    found = []
    for first, last in one.clauses:
        while first < last and (t.words[first] in STOPS - {QUOTE, "(", "["}):
            first += 1
        while last > first and (
            t.low[last - 1] in ("but", "and", "while", "though", "as")
            or t.words[last - 1] in STOPS - {QUOTE, ")", "]", "?", "!"}
            or t.words[last - 1] == "."
        ):
            last -= 1
        if last - first < 2 or not any(t.is_word(k) for k in range(first, last)):
            continue
        start, end = t.starts[first], t.ends[last - 1]
        if t.low[first] in ("whether", "if", "that") and last - first > 2:
            told = t.starts[first + 1]
        else:
            told = t.starts[first]
        inside = sum(t.ends[k] - t.starts[k] for k in range(first, last) if t.words[k] == QUOTE)
        if inside >= NEARLY_ALL * (end - told):
            continue
        start, end = _without_marks(cast, t.quotes, first, last, start, end)
        words = sum(t.is_word(k) for k in range(first, last)) + 3 * (inside > 0)
        if words < 2:
            continue
        cue = (t.starts[one.cue], t.ends[one.cue_end - 1])
        found.append(
            Quotation(
                parsed.number + 1,
                REPORTED,
                start,
                end,
                cue,
                speaker.span,
                speaker.name,
                speaker.role,
            )
        )
    return found


def _without_marks(
    cast: Cast, places: dict[int, int], first: int, last: int, start: int, end: int
) -> Span:
    """Leaves out a mark at either end, so that a quote there lies wholly inside."""
    if first in places:
        start = max(start, cast.quotes[places[first]].start)
    if last - 1 in places:
        end = min(end, cast.quotes[places[last - 1]].end)
    return start, max(start, end)
