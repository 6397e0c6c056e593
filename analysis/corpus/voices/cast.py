"""The people of a piece: full names, who a surname or a pronoun stands for, and their roles."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.attributions import Attribution, Mention, Sentence
from analysis.corpus.voices.lexicon import OTHER, Lexicon
from analysis.corpus.voices.marks import Quoted
from analysis.corpus.voices.tokens import QUOTE, Tokens, bare, tokens_of

Span = tuple[int, int]

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
_NOT_NAMES = frozenset(
    "the a an but and on in at for when while after before as if his her their its this that these "
    "those he she they it we i there then now so yet or by from with what who how why where did "
    "do does is are was were has have had not no one two many most some all both meanwhile still "
    "according because since although though even also however monday tuesday wednesday thursday "
    "friday saturday sunday january february march april may june july august september october "
    "november december others more like under inside neither here must watch close considering team "
    "read hide impeach note editor asked update related photo photos video caption getty images "
    "despite during since until unlike without about against is republican republicans democrat democrats democratic american".split()
)
_FIRST_NAMES = g.MALE_NAMES | g.FEMALE_NAMES
_VAGUE = frozenset(
    "some others many most several one few all both another someone everyone nobody".split()
)
_BACK = 8
_MENTIONS = 4


def _bares(name: str) -> list[str]:
    return [bare(word) for word in name.split()]


def _past_titles(words: Sequence[str], first: int, last: int) -> int:
    """Where a name begins in a run of capitals: after its last title before a first name."""
    begins = first
    for k in range(first, last):
        if words[k] in g.TITLES and words[k] not in _FIRST_NAMES or _ADJECTIVE.search(words[k]):
            begins = k + 1
        elif words[k] in _FIRST_NAMES and k + 1 < last:
            return begins
    return begins


@dataclass(frozen=True)
class Speaker:
    """Who speaks: where it stands in the text, the name at its fullest, and the role.

    `name` is empty and `span` may be null where the piece does not tell.
    """

    span: Span | None
    name: str
    role: str


UNKNOWN = Speaker(None, "", "unnamed")


@dataclass
class Parsed:
    """A sentence's tokens and attributions."""

    number: int
    start: int
    end: int
    tokens: Tokens
    rules: Sentence
    attributions: list[Attribution] = field(default_factory=list)


@dataclass(frozen=True)
class _Named:
    start: int
    end: int
    full: str
    titles: tuple[str, ...]


class Cast:
    """Resolves the speakers of one text."""

    def __init__(
        self, text: str, spans: Sequence[Span], quotes: list[Quoted], lexicon: Lexicon
    ) -> None:
        self.text = text
        self.spans = spans
        self.quotes = quotes
        self.lexicon = lexicon
        self.starts = [start for start, _ in spans]
        self.quote_ends = [one.outer_end for one in quotes]
        self._parsed: dict[int, Parsed] = {}
        self._speakers: dict[int, list[Speaker]] = {}
        self._by_last: dict[str, list[_Named]] | None = None
        self._by_title: dict[str, str] = {}
        self._roles: dict[str, tuple[str, bool]] = {}

    # Sentences.

    def sentence(self, number: int) -> Parsed:
        """A sentence's tokens, made when they are first asked for."""
        found = self._parsed.get(number)
        if found is None:
            start, end = self.spans[number]
            first = bisect_right(self.quote_ends, start)
            tokens, _ = tokens_of(self.text, start, end, self.quotes, first)
            found = Parsed(number, start, end, tokens, Sentence(tokens, self.lexicon))
            self._parsed[number] = found
        return found

    def number_at(self, place: int) -> int:
        return max(0, bisect_right(self.starts, place) - 1)

    # Names.

    @property
    def by_last(self) -> dict[str, list[_Named]]:
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
        last = _past_titles(lows, first, len(words))
        titles = tuple(lows[first:last])
        if last < len(words) and lows[last] not in _FIRST_NAMES and len(words[last]) > 2:
            # "Give Donald Trump": a sentence's first word is no name.
            given = (k for k in range(last + 1, len(words) - 1) if lows[k] in _FIRST_NAMES)
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
                self._by_title.setdefault(title, full)
        if len(parts) < 2:
            return
        assert self._by_last is not None
        end = places[last] + len(" ".join(parts))
        self._by_last.setdefault(surname, []).append(_Named(places[last], end, full, titles))

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

    def _is_full(self, one: _Named, surname: str) -> bool:
        """Whether a run of capitals can be the full name of a surname, and no headline or group."""
        words = one.full.split()
        if len(words) > 4 or any(word.isupper() and len(word) > 3 for word in words):
            return surname.isupper()
        return self._is_person(one.full)

    def _standing(self, one: _Named) -> int:
        if one.full in self.lexicon.people:
            return 2
        return int(bare(one.full.split()[0]) in _FIRST_NAMES or bool(one.titles))

    def _is_person(self, name: str) -> bool:
        words = [bare(word) for word in name.split()]
        if name in self.lexicon.people or words[0] in g.MALE_NAMES or words[0] in g.FEMALE_NAMES:
            return True
        return self.lexicon.role_of(words, 2) is None

    # Speakers.

    def speakers(self, number: int) -> list[Speaker]:
        """The speaker of each attribution of a sentence that has been given its attributions."""
        known = self._speakers.get(number)
        if known is None:
            parsed = self.sentence(number)
            known = self._speakers[number] = []
            for one in parsed.attributions:
                known.append(self._speaker(parsed, one, known) if one.speaker else UNKNOWN)
        return known

    def _speaker(self, parsed: Parsed, one: Attribution, earlier: list[Speaker]) -> Speaker:
        mention = one.speaker
        assert mention is not None
        low = parsed.tokens.low
        first = low[mention.first].split("'")[0]
        if mention.last - mention.first == 1 and first in g.PRONOUNS:
            return self._pronoun(parsed, mention, first, earlier, one.place == "after")
        return self.named(parsed, mention)

    def named(self, parsed: Parsed, mention: Mention) -> Speaker:
        """The speaker that a noun phrase or a name stands for."""
        t = parsed.tokens
        found = self._name_in(t, mention.first, mention.last)
        if found is None:
            found = self._name_of(t, mention) or self._apposed_name(t, mention)
        if found is None:
            return self._noun(parsed, mention)
        first, last = found
        span = (t.starts[first], self._end(t, last - 1))
        name = self.text[span[0] : span[1]]
        full = self.full_name(name, span[0])
        return Speaker(span, full, self._role_of_person(parsed, mention, found, full))

    def _end(self, t: Tokens, at: int) -> int:
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

    def _name_in(self, t: Tokens, first: int, last: int) -> Span | None:
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
        titled = _past_titles(t.low, start, stop)
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
                and any(self._is_person(one.full) for one in self.by_last.get(t.low[k], []))
                and (start == 0 or t.low[start - 1] != "the")
            ):
                return start, stop
            return None
        words = t.low[titled:stop]
        # A court's, an agency's or a group's name.
        if words[0] not in g.MALE_NAMES and words[0] not in g.FEMALE_NAMES:
            if self.text[t.starts[titled] : t.ends[stop - 1]] not in self.lexicon.people:
                if self.lexicon.role_of(t.low[start:stop], 2) is not None and self._covers_end(
                    t.low[start:stop]
                ):
                    return None
                if (
                    titled == start
                    and self.lexicon.role_of(words, 2) is not None
                    and not (len(words) == 1 and self.by_last.get(words[0]))
                ):
                    return None
                if t.low[start - 1 : start] == ["the"] and start - 1 >= first:
                    return None
                if len(words) == 1 and t.words[titled].isupper() and len(t.words[titled]) > 1:
                    return None
        if words[-1].isdigit() or any(word in g.DAYS for word in words):
            return None
        return titled, stop

    def _covers_end(self, words: Sequence[str]) -> bool:
        """Whether the last word of a run is part of a phrase of the lexicon."""
        return any(tuple(words[k:]) in self.lexicon.phrases for k in range(len(words)))

    def _name_of(self, t: Tokens, mention: Mention) -> Span | None:
        """ "Jane Roe of the Clean Air Fund": a name that goes before what it is of."""
        for k in range(mention.first + 2, mention.last):
            if t.low[k] in ("of", "from", "at", "with", "in", "for", "and"):
                found = self._name_in(t, mention.first, k)
                return found if found is not None and found[1] - found[0] >= 2 else None
        return None

    def _apposed_name(self, t: Tokens, mention: Mention) -> Span | None:
        """ "The sheriff, Bob Jones, said": a name alone between the commas after a phrase."""
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
                    found = self._name_in(t, k + 1, stop)
                    if found is not None:
                        return found
            k += 1
        return None

    def _noun(self, parsed: Parsed, mention: Mention) -> Speaker:
        t = parsed.tokens
        first, last = mention.first, mention.last
        words = t.low[first:last]
        start, end = t.starts[first], self._end(t, last - 1)
        name = self.text[start:end]
        if words[0] == "the" and len(words) == 2 and words[1] in g.TITLES:
            _ = self.by_last
            person = self._by_title.get(words[1])
            if person is not None:
                full = self.full_name(person, start)
                return Speaker(
                    (start, end), full, self._role_of_person(parsed, mention, None, full)
                )
        low = [one for one in words if one != QUOTE]
        role = self._noun_role(t, mention, low)
        if name[:4] in ("The ", "the "):
            name = name[4:]
        return Speaker((start, end), name, role)

    def _noun_role(self, t: Tokens, mention: Mention, low: list[str]) -> str:
        if len(low) == 1 and low[0] in _VAGUE:
            return "unnamed"
        head = self.lexicon.role_of(self._core(low))
        whole = self.lexicon.role_of(low)
        wide = self.lexicon.role_of(t.low[mention.wide_first : mention.wide_last])
        if wide is not None and wide[1] == "unnamed" and wide[0] <= 1:
            return wide[1]
        if head is not None and head[0] <= 2:
            return head[1]
        said = [found for found in (head, whole, wide) if found is not None]
        if said:
            return min(said, key=lambda found: found[0])[1]
        if self._is_capital_phrase(t, mention):
            return OTHER
        return OTHER

    def _core(self, low: list[str]) -> list[str]:
        """The phrase up to its first preposition or relative clause: where its head stands."""
        for k, word in enumerate(low):
            if k and word in (
                "of",
                "for",
                "in",
                "at",
                "from",
                "who",
                "that",
                "with",
                "on",
                "to",
                "which",
                "about",
                "by",
                "near",
                "across",
                "against",
                "between",
                "among",
            ):
                if word == "of" and low[k - 1] in (
                    "one",
                    "some",
                    "most",
                    "many",
                    "several",
                    "both",
                    "all",
                    "number",
                    "group",
                    "few",
                    "dozens",
                    "hundreds",
                    "thousands",
                    "majority",
                    "pair",
                ):
                    continue
                return low[:k]
        return low

    def _is_capital_phrase(self, t: Tokens, mention: Mention) -> bool:
        return any(t.is_capital(k) for k in range(mention.first + 1, mention.last))

    # Roles of people.

    def _role_of_person(
        self, parsed: Parsed, mention: Mention, found: Span | None, full: str
    ) -> str:
        here = self._described(parsed.tokens, mention.wide_first, mention.wide_last, found)
        own = self.lexicon.people.get(full)
        if own is not None and len(full.split()) > 1:
            return own
        if here is not None and here[0] <= 2:
            return here[1]
        role, sure = self._known_role(full)
        if sure:
            return role
        if here is not None:
            return here[1]
        return role

    def _described(
        self, t: Tokens, first: int, last: int, name: Span | None
    ) -> tuple[int, str] | None:
        """What the words around a name say, without those of the name."""
        last = min(last, len(t))
        if name is None:
            return self.lexicon.role_of(t.low[first:last])
        before = self.lexicon.role_of([w for w in t.low[first : name[0]] if w != QUOTE])
        after = self._after_name(t.low[name[1] : last])
        if before is None or (after is not None and after[0] < before[0]):
            best = after
        else:
            best = before
        if best is None and any(word[:2] in ("D-", "R-") for word in t.words[name[1] : last]):
            return 1, "politician"
        if best is None and any(
            word[0].isdigit() for word in t.low[name[1] : min(last, name[1] + 3)]
        ):
            return 3, "resident"
        return best

    def _after_name(self, low: list[str]) -> tuple[int, str] | None:
        """What a description after a name says; a relative clause only where nothing else does."""
        cut = next((k for k, word in enumerate(low) if word in ("who", "which", "where")), len(low))
        core = self.lexicon.role_of(self._core(low[:cut]), 2)
        if core is not None:
            return core
        plain = self.lexicon.role_of(low[:cut])
        if plain is not None or cut == len(low):
            return plain
        relative = self.lexicon.role_of(low[cut:])
        if relative is not None and relative[0] > 1 and relative[1] == "victim":
            # Whoever came with a sister is not her family in the sense of the role.
            return 3, "resident"
        return relative

    def _known_role(self, full: str) -> tuple[str, bool]:
        """What the piece says of a person anywhere, and whether it says it plainly."""
        known = self._roles.get(full)
        if known is not None:
            return known
        words = full.split()
        surname = bare(words[-1])
        if surname in g.SUFFIXES and len(words) > 1:
            surname = bare(words[-2])
        best: tuple[int, str] | None = None
        same = [one for one in self.by_last.get(surname, []) if one.full == full]
        for one in same[:_MENTIONS]:
            said = self._around(one)
            if said is not None and (best is None or said[0] < best[0]):
                best = said
        if best is None or best[0] > 2:
            listed = self.lexicon.people.get(full) or (
                self.lexicon.people.get(words[-1]) if len(words) == 1 else None
            )
            if listed:
                best = 0, listed
        result = (best[1], best[0] <= 2) if best else (OTHER, False)
        self._roles[full] = result
        return result

    def _around(self, one: _Named) -> tuple[int, str] | None:
        parsed = self.sentence(self.number_at(one.start))
        t = parsed.tokens
        first = bisect_right(t.starts, one.start) - 1
        last = first
        while last < len(t) and t.starts[last] < one.end:
            last += 1
        if first < 0 or t.words[first] == QUOTE:
            return None
        begin = first
        while begin > 0 and first - begin < 7:
            word, low = t.words[begin - 1], t.low[begin - 1]
            if word == "," and begin == first and begin > 1 and self._ends_phrase(t, begin - 2):
                begin -= 1
                continue
            if (
                not t.is_word(begin - 1)
                or low in g.PREPOSITIONS - {"of", "for"}
                or g.is_finite(low)
            ):
                break
            if (
                low in g.CONJUNCTIONS
                or low in g.PRONOUNS
                or (low in self.lexicon.cues and word.islower())
            ):
                break
            begin -= 1
        return self._described(t, begin, parsed.rules._apposed(last), (first, last))

    def _ends_phrase(self, t: Tokens, at: int) -> bool:
        return t.is_word(at) and t.words[at].islower() and (t.low[at],) in self.lexicon.phrases

    # Pronouns.

    def _pronoun(
        self, parsed: Parsed, mention: Mention, pronoun: str, earlier: list[Speaker], after: bool
    ) -> Speaker:
        span = (parsed.tokens.starts[mention.first], parsed.tokens.ends[mention.last - 1])
        if pronoun in ("i", "we"):
            return Speaker(span, "", "media")
        if pronoun in ("you",):
            return Speaker(span, "", "unnamed")
        place = span[0]
        for speaker in reversed(earlier):
            if self._agrees(speaker, pronoun):
                return speaker
        likely: tuple[int, Speaker] | None = None
        # A speaker is as a rule not named in their own words.
        here = parsed.number - (after and parsed.number > 0)
        for number in range(here, max(-1, parsed.number - _BACK), -1):
            found = self._candidates(number, place, pronoun)
            if found is None:
                continue
            # Whose name does not tell may yield to a namesake of the pronoun one sentence before.
            sure = pronoun in ("they", "it") or self._gender(found, _bares(found.name)) is not None
            if sure and (likely is None or likely[0] - number <= 1):
                return found
            if likely is None:
                likely = number, found
            elif likely[0] - number > 1:
                break
        if likely is not None:
            return likely[1]
        return Speaker(span, "", "unnamed")

    def _candidates(self, number: int, place: int, pronoun: str) -> Speaker | None:
        parsed = self.sentence(number)
        before = number < self.number_at(place)
        if before:
            for speaker in reversed(self._speakers.get(number, [])):
                if speaker is not UNKNOWN and speaker.name and self._agrees(speaker, pronoun):
                    return speaker
        if pronoun in ("they", "it"):
            subject = parsed.rules._main_subject(len(parsed.tokens), []) if before else None
            if subject is None or parsed.tokens.low[subject.first] in g.PRONOUNS:
                return None
            speaker = self.named(parsed, subject)
            return speaker if self._agrees(speaker, pronoun) else None
        names = [
            (first, last)
            for first, last in self._names_of(parsed)
            if parsed.tokens.ends[last - 1] <= place
        ]
        # A subject comes first in its sentence; what belongs to someone speaks for itself.
        for first, last in names:
            if parsed.tokens.is_possessive(last - 1):
                continue
            speaker = self.named(parsed, self._mention_of(parsed, first, last))
            if speaker.name and self._agrees(speaker, pronoun):
                return speaker
        return None

    def _mention_of(self, parsed: Parsed, first: int, last: int) -> Mention:
        begin = first
        t = parsed.tokens
        while (
            begin > 0
            and first - begin < 6
            and t.is_word(begin - 1)
            and t.low[begin - 1] not in g.PREPOSITIONS
            and not g.is_finite(t.low[begin - 1])
            and t.low[begin - 1] not in g.CONJUNCTIONS
        ):
            begin -= 1
        return Mention(first, last, begin, parsed.rules._apposed(last))

    def _names_of(self, parsed: Parsed) -> list[Span]:
        """Token ranges of the people named in a sentence outside quotes."""
        t = parsed.tokens
        found: list[Span] = []
        at = 0
        while at < len(t):
            if not t.is_capital(at):
                at += 1
                continue
            last = at
            while last < len(t) and (
                t.is_capital(last) or (t.low[last] in g.NAME_PARTS and last > at)
            ):
                last += 1
                if t.is_possessive(last - 1):
                    break
            name = self._name_in(t, at, last)
            if name is not None:
                words = t.low[name[0] : name[1]]
                known = (
                    (len(words) > 1 and (words[0] in _FIRST_NAMES or at <= 1))
                    or (
                        len(words) == 1
                        and (self.by_last.get(words[0]) or t.words[name[0]] in self.lexicon.people)
                    )
                    or (name[0] > at and t.low[name[0] - 1] in g.TITLES)
                )
                if known:
                    found.append(name)
            at = max(last, at + 1)
        return found

    def _agrees(self, speaker: Speaker, pronoun: str) -> bool:
        if not speaker.name and speaker.span is None:
            return False
        words = [bare(word) for word in speaker.name.split()]
        if not words:
            return False
        person = (
            all(self._part_of_name(word) for word in speaker.name.split())
            and self._is_person(speaker.name)
            and not self._is_group(words)
        )
        if pronoun == "they":
            head = self._core(words)[-1]
            return self._is_group(words) or (not person and head.endswith("s")) or head == "people"
        if pronoun == "it":
            return not person and self.lexicon.role_of(words) is not None
        gender = self._gender(speaker, words)
        if gender is not None:
            return gender == pronoun
        return person or self._singular_noun(words)

    def _part_of_name(self, word: str) -> bool:
        return not word.islower() or word in g.NAME_PARTS

    def _is_group(self, words: list[str]) -> bool:
        return "and" in words or words[-1] in ("police", "people", "officials", "authorities")

    def _singular_noun(self, words: list[str]) -> bool:
        return (
            self.lexicon.role_of(words) is not None
            and not words[-1].endswith("s")
            and words[0] != "police"
        )

    def _gender(self, speaker: Speaker, words: list[str]) -> str | None:
        if words[0] in g.MALE_NAMES and words[0] not in g.FEMALE_NAMES:
            return "he"
        if words[0] in g.FEMALE_NAMES and words[0] not in g.MALE_NAMES:
            return "she"
        if any(word in g.MALE_NOUNS or word in g.MALE_TITLES for word in words):
            return "he"
        if any(word in g.FEMALE_NOUNS or word in g.FEMALE_TITLES for word in words):
            return "she"
        if speaker.span is not None:
            before = self.text[max(0, speaker.span[0] - 5) : speaker.span[0]]
            if before.endswith("Mr. ") or before.endswith("Mr "):
                return "he"
            if before.endswith(("Ms. ", "Mrs. ", "Ms ", "Mrs ", "Miss ")):
                return "she"
        return None
