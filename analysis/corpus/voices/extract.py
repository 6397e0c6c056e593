"""Quotations of a piece, direct and reported, with their speakers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.attributions import STOPS, Attribution, Mention
from analysis.corpus.voices.cast import UNKNOWN, Cast, Parsed, Speaker
from analysis.corpus.voices.lexicon import Lexicon
from analysis.corpus.voices.marks import Quoted, quoted
from analysis.corpus.voices.tokens import QUOTE

Span = tuple[int, int]

DIRECT, REPORTED = "direct", "reported"

# A reported clause of which a quote is so large a part is that quote.
NEARLY_ALL = 0.8
_FEWEST_WORDS = 3
_WHOLE = 4
# A sentence is somebody else's voice when so much of it is.
MOST = 0.5

_BLANKED = str.maketrans(
    dict.fromkeys(",.;:!?()[]{}\"\u201c\u201d'\u2018\u2019\u2014\u2013-/|", " ")
)
_WORD = re.compile(r"\w[\w'\u2019-]*")
_SIGNED = re.compile(
    r"\s*(?:[\u2014\u2013-]+\s*)?([^\W\d_a-z][\w.'\u2019-]*(?: [^\W\d_a-z][\w.'\u2019-]*){1,3})(?=,|\s*$|\n)"
)


@dataclass(frozen=True)
class Quotation:
    """Somebody's words: `kind` direct or reported, [start, end) in the text (without marks).

    `sentence` is the one it begins in, from 1. `cue` and `speaker` are offsets, null where the
    piece gives none; `name` is the speaker at their fullest, or empty. `nested` says that it
    stands in a reported quotation, whose words it is a part of.
    """

    sentence: int
    kind: str
    start: int
    end: int
    cue: Span | None
    speaker: Span | None
    name: str
    role: str
    nested: bool = False


@dataclass(frozen=True)
class _Source:
    speaker: Speaker
    cue: Span | None
    close: bool


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
            found += _reported(parsed, one, speaker, cast)
    found += _direct(cast, set(speaking))
    return _ordered(found)


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


# Reported.


def _reported(parsed: Parsed, one: Attribution, speaker: Speaker, cast: Cast) -> list[Quotation]:
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
        cue = _cue_of(parsed, one)
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


# Direct.


def _direct(cast: Cast, speaking: set[int]) -> list[Quotation]:
    sources: list[_Source | None] = [None] * len(cast.quotes)
    for number in sorted(speaking):
        parsed = cast.sentence(number)
        for place, quote in parsed.tokens.quotes.items():
            source = _source_in(cast, parsed, place)
            held = sources[quote]
            if source is not None and (held is None or (source.close and not held.close)):
                sources[quote] = source
    found: list[Quotation] = []
    last: tuple[Quoted, _Source] | None = None
    signed = _signatures(cast, sources)
    for at, quote in enumerate(cast.quotes):
        source = sources[at]
        words = _WORD.findall(cast.text, quote.start, quote.end)
        if source is None:
            source = signed.get(at) or _beside(cast, quote, speaking)
        if source is None and last is not None and _goes_on(cast, last[0], quote, words):
            source = _Source(last[1].speaker, last[1].cue, False)
        if not _counts(cast, quote, words, source):
            continue
        who = source or _Source(UNKNOWN, None, False)
        if source is not None:
            last = (quote, source) if at not in signed else None
        number = cast.number_at(quote.start) + 1
        found.append(
            Quotation(
                number, DIRECT, quote.start, quote.end, who.cue, who.speaker.span,
                who.speaker.name, who.speaker.role,
            )
        )  # fmt: skip
    return found


def _source_in(cast: Cast, parsed: Parsed, place: int) -> _Source | None:
    """Who a quote at a token is given to by its sentence."""
    t = parsed.tokens
    speakers = cast.speakers(parsed.number)
    best: tuple[int, int] | None = None
    for number, one in enumerate(parsed.attributions):
        rank = _rank(parsed, one, place)
        if rank is not None and (best is None or rank < best[0]):
            best = rank, number
    if best is None:
        subject = _unlisted(parsed, place)
        if subject is None and place:
            subject = parsed.rules._main_subject(place, [])
        if subject is None or t.low[subject.first] in (
            "it",
            "there",
            "this",
            "that",
            "i",
            "we",
            "you",
        ):
            return None
        pseudo = Attribution(0, 0, "", "", subject, subject.first, subject.last, "apart", [])
        speaker = cast._speaker(parsed, pseudo, [])
        return _Source(speaker, None, False) if speaker.name else None
    one = parsed.attributions[best[1]]
    cue = _cue_of(parsed, one)
    return _Source(speakers[best[1]], cue, best[0] == 0)


def _unlisted(parsed: Parsed, place: int) -> Mention | None:
    """The name beside a quote and a verb that no list holds: '"...", she emailed', '"..." Roe echoed'."""
    t = parsed.tokens
    first = place + 1
    if first < len(t) and t.words[first] == ",":
        first += 1
    if first + 1 < len(t) and t.words[first].islower() and t.low[first].endswith("ed"):
        last, wide = parsed.rules._right_phrase(first + 1)
        if last > first + 1 and t.is_capital(first + 1) and t.low[first + 1] not in g.DETERMINERS:
            return Mention(first + 1, last, first + 1, wide)
    last = first
    while last < len(t) and last - first < 6 and t.is_capital(last):
        last += 1
    if first < last < len(t) and t.words[last].islower() and t.low[last].endswith(("ed", "s")):
        return Mention(first, last, first, last)
    return None


def _rank(parsed: Parsed, one: Attribution, place: int) -> int | None:
    """How well an attribution fits a quote: 0 beside it; None not at all."""
    words = parsed.tokens.words
    if one.place == "after":
        k = one.first - 1
        if k >= 0 and words[k] in (",", ".", "?", "!"):
            k -= 1
        if k == place:
            return 0
        k = one.last
        if k < len(words) and words[k] in (",", ".", ":", ";", "\u2014", "\u2013"):
            k += 1
        if k == place:
            return 0
    if one.place == "before":
        k = one.last
        if k < len(words) and words[k] in (",", ":"):
            k += 1
        if k == place:
            return 0
    if any(first <= place < last for first, last in one.clauses):
        return 1
    if one.cue < place and (one.partial or one.place == "before"):
        return 2 + (place - one.cue)
    if one.place == "after" and place < one.first:
        return 40 + one.first - place
    if one.place != "apart":
        return 80 + abs(place - one.cue)
    return None


def _beside(cast: Cast, quote: Quoted, speaking: set[int]) -> _Source | None:
    """Who the sentence just before ("She said:") or just after ("She told us.") gives a quote to."""
    text = cast.text
    last = cast.number_at(max(quote.start, quote.end - 1))
    following = last + 1
    if following in speaking and not text[quote.outer_end : cast.spans[following][0]].strip(" "):
        parsed = cast.sentence(following)
        for one, speaker in zip(parsed.attributions, cast.speakers(following), strict=True):
            if one.place == "after" and one.first == 0 and not one.clauses:
                return _Source(speaker, _cue_of(parsed, one), True)
    before = cast.number_at(quote.start) - 1
    if before >= 0 and text[cast.spans[before][1] - 1] == ":":
        if text[cast.spans[before][1] : quote.outer_start].strip():
            return None
        parsed = cast.sentence(before)
        if parsed.attributions:
            return _Source(
                cast.speakers(before)[-1], _cue_of(parsed, parsed.attributions[-1]), True
            )
    return None


def _cue_of(parsed: Parsed, one: Attribution) -> Span:
    return parsed.tokens.starts[one.cue], parsed.tokens.ends[one.cue_end - 1]


def _goes_on(cast: Cast, before: Quoted, quote: Quoted, words: list[str]) -> bool:
    """Whether a quote without a speaker goes on from the last one that has one."""
    if quote.goes_on:
        return True
    between = cast.text[before.outer_end : quote.outer_start]
    if not _whole(cast, quote, words):
        return False
    if between.count("\n") == 0:
        return len(between) < 400
    return len(between) < 200 and _alone(cast, quote)


def _alone(cast: Cast, quote: Quoted) -> bool:
    """Whether a quote is a whole paragraph."""
    text = cast.text
    before = text.rfind("\n", 0, quote.outer_start) + 1
    after = text.find("\n", quote.outer_end)
    after = len(text) if after < 0 else after
    return (
        not text[before : quote.outer_start].strip() and not text[quote.outer_end : after].strip()
    )


def _signatures(cast: Cast, sources: Sequence[_Source | None]) -> dict[int, _Source]:
    """Signatures of quotes by number; a signature holds for the unsigned quotes right before."""
    signed: dict[int, _Source] = {}
    for at in range(len(sources) - 1, -1, -1):
        if sources[at] is not None:
            continue
        quote = cast.quotes[at]
        own = _signed(cast, quote)
        if own is not None:
            signed[at] = own
        elif (
            at + 1 in signed
            and not cast.text[quote.outer_end : cast.quotes[at + 1].outer_start].strip()
        ):
            signed[at] = signed[at + 1]
    return signed


def _signed(cast: Cast, quote: Quoted) -> _Source | None:
    """A name alone after a quote: "..." Jane Roe, The Paper."""
    if not quote.closed or quote.end - quote.start < 40:
        return None
    begin = quote.outer_end
    while begin < len(cast.text) and cast.text[begin].isspace():
        begin += 1
    stop = cast.text.find("\n", begin)
    stop = len(cast.text) if stop < 0 else stop
    if not 3 < stop - begin < 70:
        return None
    line = cast.text[begin:stop]
    if begin > quote.outer_end + 1 and "," not in line:
        return None
    match = _SIGNED.match(line)
    if match is None or any(g.is_finite(word.lower()) for word in _WORD.findall(line)):
        return None
    span = (begin + match.start(1), begin + match.end(1))
    name = cast.text[span[0] : span[1]]
    rest = [word.lower() for word in _WORD.findall(line[match.end(1) :])]
    role = cast.lexicon.people.get(name)
    if role is None:
        said = cast.lexicon.role_of(rest)
        role = said[1] if said else "media" if rest else "other"
    return _Source(Speaker(span, name, role), None, False)


def _whole(cast: Cast, quote: Quoted, words: list[str]) -> bool:
    """Whether a quote is a sentence of its own, or the end of one."""
    if len(words) < _WHOLE:
        return False
    first = cast.text[quote.start]
    last = cast.text[quote.end - 1]
    return (first.isupper() or first in "[\u2026.'\u2018") and last in ".,?!\u2026\u2014-"


def _counts(cast: Cast, quote: Quoted, words: list[str], source: _Source | None) -> bool:
    """Whether what stands in marks is somebody's words and no title, nickname or scare quote."""
    if not words:
        return False
    ends = cast.text[quote.end - 1] in ".,?!\u2026"
    if source is not None and source.close and ends:
        return True
    if len(words) < _FEWEST_WORDS:
        return False
    if _is_title(words) and not (source is not None and source.close and ends):
        return False
    if source is None:
        return _whole(cast, quote, words) and len(words) > _WHOLE
    return bool(source.speaker.name or source.speaker.span) or _whole(cast, quote, words)


def _is_title(words: list[str]) -> bool:
    long = [word for word in words if len(word) > 3]
    return len(words) <= 9 and bool(long) and all(word[0].isupper() for word in long)


def _ordered(found: list[Quotation]) -> list[Quotation]:
    """In order, with direct quotations cut to the reported ones that they would cross."""
    reported = sorted((one for one in found if one.kind == REPORTED), key=lambda one: one.start)
    kept: list[Quotation] = []
    at = 0
    for one in reported:
        if kept and one.start < kept[-1].end:
            continue
        kept.append(one)
    direct = sorted((one for one in found if one.kind == DIRECT), key=lambda one: one.start)
    crossed: set[int] = set()
    placed: list[Quotation] = []
    for one in direct:
        while at < len(kept) and kept[at].end <= one.start:
            at += 1
        nested = False
        k = at
        while k < len(kept) and kept[k].start < one.end:
            if kept[k].start <= one.start and one.end <= kept[k].end:
                nested = True
            else:
                crossed.add(k)
            k += 1
        placed.append(
            Quotation(
                one.sentence, one.kind, one.start, one.end, one.cue, one.speaker, one.name,
                one.role, nested,
            )
        )  # fmt: skip
    trimmed: list[Quotation] = []
    for k, one in enumerate(kept):
        if k in crossed:
            trimmed += _around_direct(one, placed)
        else:
            trimmed.append(one)
    return sorted([*trimmed, *placed], key=lambda one: (one.start, -one.end))


def _around_direct(one: Quotation, direct: list[Quotation]) -> list[Quotation]:
    """A reported quotation cut back to where a direct one crosses its edge; none if little is left."""
    start, end = one.start, one.end
    for other in direct:
        if other.start < end and other.end > end:
            end = other.start
        if other.start < start < other.end:
            start = other.end
    if end - start < 12:
        return []
    return [Quotation(one.sentence, one.kind, start, end, one.cue, one.speaker, one.name, one.role)]
