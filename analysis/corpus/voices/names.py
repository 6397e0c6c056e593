"""The names in a text: where they stand, and what a surname is short for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.found import Mention
from analysis.corpus.voices.lexicon import Lexicon
from analysis.corpus.voices.marks import Quoted
from analysis.corpus.voices.reading import Reading, Span
from analysis.corpus.voices.tokens import QUOTE, Tokens, bare

_PART = (
    r"(?:[A-Z]\.(?:[A-Z]\.)*|(?:Mrs?|Ms|Dr|Sens?|Reps?|Govs?|Gen|Lt|Col|Sgt|Capt|Maj|Adm|Rev|Det|St|Jr|Sr"
    r"|Prof|Supt|Cmdr|Cpl)\.|(?:(?:al|el|as|ar|ash)-)?[^\W\d_a-z][\w'\u2019-]*)"
)
_NAME = re.compile(
    rf"\b{_PART}(?: (?:(?:de|van|von|der|den|la|el|al|bin|ibn|da|del|di|du) )*"
    rf"(?:{_PART}|[\"\u201c][A-Z]\w+[\"\u201d]))+"
)
# "Austin-based", "A-list": no part of a name.
_ADJECTIVE = re.compile(
    r"-(?:based|born|list|area|style|led|backed|bound|raised|elect|turned|run)$"
)
_OWNED = re.compile(r"(?<=['\u2019]s) ")
_NOT_NAMES = g.words(
    "the a an but and on in at for when while after before as if his her their its this that these those he she they it we i there then now so yet or by from with what who how why where did do does is are was were has have had not no one two many most some all both meanwhile still according because since although though even also however monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december others more like under inside neither here must watch close considering team read hide impeach note editor asked update related photo photos video caption getty images despite during since until unlike without about against is advertisement caption click republican republicans democrat democrats democratic american"
)
FIRST_NAMES = g.MALE_NAMES | g.FEMALE_NAMES


def past_titles(words: Sequence[str], first: int, last: int) -> int:
    """Where a name begins in a run of capitals: after its last title before a first name."""
    begins = first
    for k in range(first, last):
        if (words[k] in g.TITLES and words[k] not in FIRST_NAMES) or _ADJECTIVE.search(words[k]):
            begins = k + 1
        elif words[k] in FIRST_NAMES and k + 1 < last:
            return begins
    return begins


@dataclass(frozen=True)
class Named:
    """A full name at [start, end), and the titles before it in lower case."""

    start: int
    end: int
    full: str
    titles: tuple[str, ...]


class Names(Reading):
    """Finds personal names and knows them at their fullest."""

    def __init__(
        self, text: str, spans: Sequence[Span], quotes: list[Quoted], lexicon: Lexicon
    ) -> None:
        super().__init__(text, spans, quotes, lexicon)
        self._by_last: dict[str, list[Named]] | None = None
        self.by_title: dict[str, str] = {}

    @property
    def by_last(self) -> dict[str, list[Named]]:
        """Full names by their last part, in the order of the text."""
        if self._by_last is None:
            self._by_last = {}
            for match in _NAME.finditer(self.text):
                start = match.start()
                # "St. Mary's County Sheriff Tim Cameron": what owns is a name of its own.
                for run in _OWNED.split(match[0]):
                    self._add_name(start, run)
                    start += len(run) + 1
        return self._by_last

    def _add_name(self, start: int, run: str) -> None:
        words = run.split(" ")
        lows = [bare(word) for word in words]
        places = [start]
        for word in words[:-1]:
            places.append(places[-1] + len(word) + 1)
        first = 0
        while first < len(words) and lows[first] in _NOT_NAMES:
            first += 1
        last = past_titles(lows, first, len(words))
        titles = tuple(lows[first:last])
        if last < len(words) and lows[last] not in FIRST_NAMES and len(words[last]) > 2:
            # "Give Donald Trump": a sentence's first word is no name.
            given = (k for k in range(last + 1, len(words) - 1) if lows[k] in FIRST_NAMES)
            last = next(given, last)
            if lows[last].endswith("ing") and not titles:
                last += 1
        stop = len(words)
        for k in range(last, len(words)):
            if words[k].endswith(("'s", "\u2019s")):
                stop = k + 1
                break
        parts = words[last:stop]
        if not parts:
            return
        parts[-1] = re.sub(r"(?:['\u2019]s?|\.)$", "", parts[-1])
        low_parts = [bare(part) for part in parts]
        surname = low_parts[-1]
        if surname in g.SUFFIXES and len(parts) > 1:
            surname = low_parts[-2]
        full = " ".join(parts)
        if low_parts[-1] in ("jr", "sr"):
            full += "."
        if titles:
            for title in titles:
                self.by_title.setdefault(title, full)
        if len(parts) < 2:
            return
        assert self._by_last is not None
        end = places[last] + len(" ".join(parts))
        self._by_last.setdefault(surname, []).append(Named(places[last], end, full, titles))

    def full_name(self, name: str, place: int) -> str:
        """The fullest form that the piece gives of a surname, best before a place."""
        words = name.split()
        if len(words) != 1:
            return name
        known = [one for one in self.by_last.get(bare(name), []) if self._is_full(one, name)]
        if not known:
            return name
        best = max(self._standing(one) for one in known)
        likely = [one for one in known if self._standing(one) == best]
        before = [one for one in likely if one.start <= place]
        chosen = before[-1] if before else likely[0]
        return chosen.full

    def _is_full(self, one: Named, surname: str) -> bool:
        """Whether a run of capitals can be the full name of a surname, and no headline or group."""
        words = one.full.split()
        if len(words) > 4 or any(word.isupper() and len(word) > 3 for word in words):
            return surname.isupper()
        return self.is_person(one.full)

    def _standing(self, one: Named) -> int:
        if one.full in self.lexicon.people:
            return 2
        return int(bare(one.full.split()[0]) in FIRST_NAMES or bool(one.titles))

    def is_person(self, name: str) -> bool:
        words = [bare(word) for word in name.split()]
        if name in self.lexicon.people or words[0] in g.MALE_NAMES or words[0] in g.FEMALE_NAMES:
            return True
        return self.lexicon.role_of(words, 2) is None and words[-1] not in g.PLACES

    def name_in(self, t: Tokens, first: int, last: int) -> Span | None:
        """The personal name in a phrase, without titles: the last run of capitals."""
        stop = last
        while stop > first:
            start = stop
            while start > first and (
                t.is_capital(start - 1)
                or (t.low[start - 1] in g.NAME_PARTS and start < stop)
                or (t.words[start - 1] == QUOTE and start < stop and start - 1 > first)
            ):
                start -= 1
            if start < stop:
                break
            stop -= 1
        else:
            return None
        if stop < last and (
            t.low[stop] not in ("of", "who", "in", "at", "from", "for", "and") or stop - start < 2
        ):
            return None
        if start > first and t.low[start - 1] in (
            "of",
            "for",
            "at",
            "with",
            "from",
            "in",
            "by",
            "the",
            "to",
            "on",
            "about",
        ):
            return None
        if start > first and t.is_possessive(start - 1) is False and t.low[start - 1] in ("and",):
            return None
        while (
            start < stop
            and t.low[start] in _NOT_NAMES
            and t.low[start] not in ("will", "may", "april", "june", "august")
        ):
            start += 1
        for k in range(start, stop):
            if t.is_possessive(k) and k < stop - 1:
                start = k + 1
        titled = past_titles(t.low, start, stop)
        while (
            titled < stop
            and t.low[titled] in g.NAME_PARTS
            and t.words[titled].islower()
            and t.low[titled] in ("of",)
        ):
            titled += 1
        if start >= stop:
            return None
        if titled >= stop:
            # "King", "Bishop": a surname that is a title as well, where the piece knows it.
            k = stop - 1
            if (
                stop - start == 1
                and start == first
                and any(self.is_person(one.full) for one in self.by_last.get(t.low[k], []))
                and (start == 0 or t.low[start - 1] != "the")
            ):
                return start, stop
            return None
        words = t.low[titled:stop]
        if words[0] not in FIRST_NAMES and self._is_body(t, first, start, titled, stop):
            return None
        if words[-1].isdigit() or any(word in g.DAYS for word in words):
            return None
        return titled, stop

    def _is_body(self, t: Tokens, first: int, start: int, titled: int, stop: int) -> bool:
        """Whether a run of capitals [start, stop) is a court, an agency or a group."""
        if self.text[t.starts[titled] : t.ends[stop - 1]] in self.lexicon.people:
            return False
        words, run = t.low[titled:stop], t.low[start:stop]
        if self.lexicon.role_of(run, 2) is not None and self._covers_end(run):
            return True
        alone = len(words) == 1
        if words[-1] in g.PLACES:
            return True
        if alone and titled == start and not self.by_last.get(words[0]):
            # "Inspectors said", "Records show": a noun that opens a sentence.
            opens = start <= 1 and t.words[titled].endswith("s")
            if opens or self.lexicon.role_of(words) is not None:
                return True
        if titled == start and self.lexicon.role_of(words, 2) is not None:
            return not (alone and self.by_last.get(words[0]))
        if start > first and t.low[start - 1] == "the":
            return True
        return alone and t.words[titled].isupper() and len(t.words[titled]) > 1

    def _covers_end(self, words: Sequence[str]) -> bool:
        """Whether the last word of a run is part of a phrase of the lexicon."""
        return any(tuple(words[k:]) in self.lexicon.phrases for k in range(len(words)))

    def name_of(self, t: Tokens, mention: Mention) -> Span | None:
        """A name that goes before what it is of: Jane Roe of the Clean Air Fund."""
        for k in range(mention.first + 2, mention.last):
            if t.low[k] in ("of", "from", "at", "with", "in", "for", "and"):
                found = self.name_in(t, mention.first, k)
                return found if found is not None and found[1] - found[0] >= 2 else None
        return None

    def apposed_name(self, t: Tokens, mention: Mention) -> Span | None:
        """A name alone between commas after a phrase: The sheriff, Bob Jones, said."""
        k = mention.last
        while k < mention.wide_last and k < len(t):
            if t.words[k] in (",", "\u2014", "\u2013"):
                stop = k + 1
                while stop < len(t) and (t.is_capital(stop) or t.low[stop] in g.NAME_PARTS):
                    stop += 1
                ends = (
                    stop >= len(t)
                    or stop == mention.wide_last
                    or t.words[stop] in (",", ".", "\u2014", "\u2013", ")")
                )
                if ends and stop - k >= 3 and t.words[k + 1][:2] not in ("D-", "R-"):
                    found = self.name_in(t, k + 1, stop)
                    if found is not None:
                        return found
            k += 1
        return None

    def end_of(self, t: Tokens, at: int) -> int:
        word, end = t.words[at], t.ends[at]
        for tail in ("'s", "\u2019s"):
            if word.endswith(tail):
                return end - 2
        if word.endswith(("'", "\u2019")):
            return end - 1
        if (
            word.endswith(".")
            and t.low[at] not in ("jr", "sr")
            and len(word) > 3
            and word.count(".") == 1
        ):
            return end - 1
        return end
