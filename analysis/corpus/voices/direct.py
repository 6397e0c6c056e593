"""Direct quotations: which quoted stretches are somebody's words, and whose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.cast import Cast
from analysis.corpus.voices.found import Attribution, Mention
from analysis.corpus.voices.marks import Quoted
from analysis.corpus.voices.quotation import DIRECT, Quotation, Span
from analysis.corpus.voices.reading import Parsed
from analysis.corpus.voices.speakers import UNKNOWN, Speaker

_FEWEST_WORDS = 3
_WHOLE = 4
# A cue so near the beginning of a sentence belongs to its subject.
_SOON = 8
_LETTER = re.compile(r"\w")
_SHORTEST_SIGNED = 40
_LONGEST_SIGNATURE = 70
# Between a quote and one that goes on with it, in characters.
_NEAR = 400
_NEXT = 200

_NOBODY = g.words("it there this that i we you")
_WORD = re.compile(r"\w[\w'\u2019-]*")
_SIGNED = re.compile(
    r"\s*(?:[\u2014\u2013-]+\s*)?([^\W\d_a-z][\w.'\u2019-]*(?: [^\W\d_a-z][\w.'\u2019-]*){1,3})(?=,|\s*$|\n)"
)


@dataclass(frozen=True)
class _Source:
    """Who a quote is given to; `close` where the attribution stands right beside it."""

    speaker: Speaker
    cue: Span | None
    close: bool


def direct(cast: Cast, speaking: set[int]) -> list[Quotation]:
    """Direct quotations of a text; `speaking` are the sentences that have their attributions."""
    sources: list[_Source | None] = [None] * len(cast.quotes)
    for number in sorted(speaking):
        parsed = cast.sentence(number)
        for place, which in parsed.tokens.quotes.items():
            source = _source_in(cast, parsed, place)
            held = sources[which]
            if source is not None and (held is None or (source.close and not held.close)):
                sources[which] = source
    found: list[Quotation] = []
    last: tuple[Quoted, _Source] | None = None
    signed = _signatures(cast, sources)
    for at, quote in enumerate(cast.quotes):
        source = sources[at]
        words = _WORD.findall(cast.text, quote.start, quote.end)
        if source is None:
            source = signed.get(at) or _beside(cast, quote, speaking)
        if source is None and _whole(cast, quote, words) and _opens(cast, quote):
            source = _led_to(cast, quote, last[0] if last else None)
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
            subject = parsed.rules.main_subject(place, [])
        if subject is None or t.low[subject.first] in _NOBODY:
            return None
        pseudo = Attribution(0, 0, "", "", subject, subject.first, subject.last, "apart", [])
        speaker = cast.speaker(parsed, pseudo, [])
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
        last, wide = parsed.rules.right_phrase(first + 1)
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
            if one.speaker is not None and one.speaker.first == 0 and one.cue < _SOON:
                # A mark and a stop are where sentences are told apart: "...?" Roe asked the board.
                return _Source(speaker, _cue_of(parsed, one), one.place == "after")
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


def _led_to(cast: Cast, quote: Quoted, last: Quoted | None) -> _Source | None:
    """Whoever the sentence before, of the same line, is about, for a quote that is a sentence."""
    before = cast.number_at(quote.start) - 1
    if before < 0 or cast.text[cast.spans[before][1] : quote.outer_start].strip(" "):
        return None
    if last is not None and last.outer_end > cast.spans[before][0]:
        return None
    parsed = cast.sentence(before)
    if parsed.attributions:
        speaker = cast.speakers(before)[-1]
        return _Source(speaker, None, False) if speaker.name else None
    subject = parsed.rules.first_phrase(0, len(parsed.tokens))
    if subject is None or not parsed.tokens.is_capital(subject.last - 1):
        return None
    pseudo = Attribution(0, 0, "", "", subject, subject.first, subject.last, "apart", [])
    speaker = cast.speaker(parsed, pseudo, [])
    return _Source(speaker, None, False) if speaker.name else None


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
        return len(between) < _NEAR
    return len(between) < _NEXT and _alone(cast, quote)


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
    if not quote.closed or quote.end - quote.start < _SHORTEST_SIGNED:
        return None
    begin = quote.outer_end
    while begin < len(cast.text) and cast.text[begin].isspace():
        begin += 1
    stop = cast.text.find("\n", begin)
    stop = len(cast.text) if stop < 0 else stop
    if not 3 < stop - begin < _LONGEST_SIGNATURE:
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


def _opens(cast: Cast, quote: Quoted) -> bool:
    """Whether a quote opens its sentence, and is no part of one: the question, "Who pays?", is old."""
    start = cast.spans[cast.number_at(quote.start)][0]
    return not _LETTER.search(cast.text, start, max(start, quote.outer_start))


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
        return _whole(cast, quote, words) and len(words) > _WHOLE and _opens(cast, quote)
    return bool(source.speaker.name or source.speaker.span) or _whole(cast, quote, words)


def _is_title(words: list[str]) -> bool:
    long = [word for word in words if len(word) > 3]
    return len(words) <= 9 and bool(long) and all(word[0].isupper() for word in long)
