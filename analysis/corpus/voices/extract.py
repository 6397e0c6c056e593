"""Quotations of a piece, direct and reported, with their speakers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.corpus.voices.cast import Cast
from analysis.corpus.voices.direct import direct
from analysis.corpus.voices.lexicon import Lexicon
from analysis.corpus.voices.marks import Quoted, quoted
from analysis.corpus.voices.quotation import Quotation, Span, ordered
from analysis.corpus.voices.reported import reported

# A sentence is somebody else's voice when so much of it is.
MOST = 0.5

_BLANKED = str.maketrans(
    dict.fromkeys(",.;:!?()[]{}\"\u201c\u201d'\u2018\u2019\u2014\u2013-/|", " ")
)


def extract(text: str, spans: Sequence[Span], lexicon: Lexicon) -> list[Quotation]:
    """Every quotation of a text whose sentences are `spans`, in order of their start.

    Quotations of one kind never overlap; a direct one lies wholly in a reported one, or outside
    all of them.
    """
    if not spans:
        return []
    quotes = quoted(text, list(spans))
    cast = Cast(text, spans, quotes, lexicon)
    speaking = _speaking(text, spans, quotes, lexicon)
    found: list[Quotation] = []
    for number in speaking:
        parsed = cast.sentence(number)
        parsed.attributions = parsed.rules.attributions()
        speakers = cast.speakers(number)
        for one, speaker in zip(parsed.attributions, speakers, strict=True):
            found += reported(parsed, one, speaker, cast)
    found += direct(cast, set(speaking))
    return ordered(text, found)


def extract_piece(
    title: str, text: str, spans: Sequence[Span], lexicon: Lexicon
) -> list[Quotation]:
    """Quotations of a piece: those of the headline first, as sentence 0 with offsets in `title`.

    The headline is read last, so that its surnames are those of the text.
    """
    if not title.strip():
        return extract(text, spans, lexicon)
    below = len(text) + 1
    found = extract(f"{text}\n{title}", [*spans, (below, below + len(title))], lexicon)
    headline = [_lifted(one, below) for one in found if one.start >= below]
    return [*headline, *(one for one in found if one.start < below)]


def _lifted(one: Quotation, below: int) -> Quotation:
    def at(span: Span | None) -> Span | None:
        return (span[0] - below, span[1] - below) if span and span[0] >= below else None

    return replace(
        one, sentence=0, start=one.start - below, end=one.end - below, cue=at(one.cue),
        speaker=at(one.speaker),
    )  # fmt: skip


def sentence_roles(
    spans: Sequence[Span], quotations: Sequence[Quotation], first: int = 1
) -> list[tuple[int, str]]:
    """(sentence, role) of each sentence of which at least half is somebody else's words.

    `spans` are sentences numbered from `first`; the quotations are in order.
    """
    roles: list[tuple[int, str]] = []
    at = 0
    outer = [one for one in quotations if not one.nested]
    for number, (start, end) in enumerate(spans, first):
        while at < len(outer) and outer[at].end <= start:
            at += 1
        shares: dict[str, int] = {}
        k = at
        while k < len(outer) and outer[k].start < end:
            one = outer[k]
            held = min(end, one.end) - max(start, one.start)
            if held > 0:
                shares[one.role] = shares.get(one.role, 0) + held
            k += 1
        if shares and sum(shares.values()) >= MOST * (end - start):
            roles.append((number, max(shares, key=lambda role: (shares[role], role))))
    return roles


def _speaking(
    text: str, spans: Sequence[Span], quotes: list[Quoted], lexicon: Lexicon
) -> list[int]:
    """Sentences that hold a quote mark's pair or a cue, by number."""
    cues = lexicon.speaking
    found: list[int] = []
    at = 0
    for number, (start, end) in enumerate(spans):
        while at < len(quotes) and quotes[at].outer_end <= start:
            at += 1
        touched = at < len(quotes) and quotes[at].outer_start < end
        whole = touched and quotes[at].outer_start <= start and quotes[at].outer_end >= end
        if not whole and (
            touched or not cues.isdisjoint(text[start:end].lower().translate(_BLANKED).split())
        ):
            found.append(number)
    return found
