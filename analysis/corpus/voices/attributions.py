"""Who says something in a sentence, with which word, and what: rules over its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.lexicon import Cue, Lexicon
from analysis.corpus.voices.tokens import QUOTE, Tokens

STOPS = frozenset(",;:()[]") | {
    "\u2014",
    "\u2013",
    "--",
    "-",
    QUOTE,
    "...",
    "\u2026",
    "?",
    "!",
    "|",
}
HARD_STOPS = STOPS - {","}

_FAR = 16
_SHORT = 16
_MOST_APPOSED = 6
_LONGEST_APPOSED = 22
_NOT_SOURCES = frozenset(
    "plan plans schedule custom tradition need needs rule rules taste whether".split()
)

# Forms in "s" that are nouns as often as not.
_NOUNS = frozenset(
    ["state", "charge", "promise", "propose", "estimate", "rule", "reason", "comment"]
)
_EXPLAINS = frozenset(
    ["explain", "say", "reveal", "clarify", "note", "recall", "predict", "remind", "tell", "wonder"]
)
_NO_CLAUSE = frozenset(
    "things something anything nothing so yes no much goodbye hello little".split()
)
# "Some might say": nobody said it.
_MODALS = frozenset("might could may should must shall".split())
_PARTICLES = frozenset(
    [("out", "point"), ("on", "go"), ("back", "snap"), ("out", "cry"), ("up", "sum")]
)
_AFTER_SPEAKER = g.DAYS | frozenset("in on at who during of this last to".split())

Place = Literal["before", "after", "apart"]


@dataclass
class Mention:
    """A noun phrase that speaks: tokens [first, last) and, for its role, [wide_first, wide_last)."""

    first: int
    last: int
    wide_first: int
    wide_last: int


@dataclass
class Attribution:
    """A cue at tokens [cue, cue_end) with its speaker.

    `place` tells where the words stand: the speaker `before` them, `after` them, or `apart` where
    only a quote mark can tell (a cue that takes no clause). The attribution covers tokens
    [first, last). `clauses` are the reported words as token ranges.
    """

    cue: int
    cue_end: int
    verb: str
    form: str
    speaker: Mention | None
    first: int
    last: int
    place: Place
    clauses: list[tuple[int, int]]
    partial: bool = False


class Sentence:
    """Finds the attributions of one sentence."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon) -> None:
        self.t = tokens
        self.lexicon = lexicon
        self.n = len(tokens)

    def attributions(self) -> list[Attribution]:
        """All of them, in order; their clauses don't overlap."""
        found: list[Attribution] = []
        at = 0
        while at < self.n:
            one = self._at(at, found)
            if one is not None:
                found.append(one)
                at = max(at + 1, one.cue_end)
            else:
                at += 1
        return self._settled(found)

    # What stands at a token.

    def _at(self, at: int, found: list[Attribution]) -> Attribution | None:
        low = self.t.low
        if low[at] == "according" and at + 2 < self.n and low[at + 1] == "to":
            return self._according(at)
        cue = self.lexicon.cues.get(low[at])
        if cue is None:
            return None
        if self.t.is_capital(at) and at > 0 and self.t.words[at - 1] not in (*HARD_STOPS, "."):
            return None
        return self._verb(at, cue, found)

    def _according(self, at: int) -> Attribution | None:
        start = at + 2
        last, wide = self._right_phrase(start, accordance=True)
        if last <= start or self.t.low[last - 1] in _NOT_SOURCES:
            return None
        speaker = Mention(start, last, start, wide)
        before = at - 1
        while before >= 0 and self.t.words[before] in (",", "\u2014", "--", "\u2013"):
            before -= 1
        if before < 0 or (before <= 2 and self.t.low[before] in ("and", "but", "also", "still")):
            stop = wide
            while stop < self.n and self.t.words[stop] != ",":
                stop += 1
            return Attribution(
                at, at + 2, "according", "", speaker, 0, stop + 1, "before", [(stop + 1, self.n)]
            )
        return Attribution(at, at + 2, "according", "", speaker, before + 1, wide, "after", [])

    def _verb(self, at: int, cue: Cue, found: list[Attribution]) -> Attribution | None:
        speaks = bool(cue.kinds & {"plain", "clause", "telling", "asking"})
        end = at + 1
        if end < self.n and (self.t.low[end], cue.verb) in _PARTICLES:
            end += 1
        inverted = self._inverted(at, end, cue) if speaks or "quoting" in cue.kinds else None
        if inverted is not None:
            return inverted
        speaker, first = self._subject(at, cue, found)
        if speaker is None:
            return None
        last, clauses, place = self._complement(at, end, first, cue)
        if place is None:
            return None
        return Attribution(
            at, end, cue.verb, cue.form, speaker, first, last, place, clauses, place == "apart"
        )

    # Speakers after the cue.

    def _inverted(self, at: int, end: int, cue: Cue) -> Attribution | None:
        if cue.form not in ("past", "s", "base") or "telling" in cue.kinds and cue.verb == "tell":
            return None
        if at == 0 or end >= self.n:
            return None
        before = self.t.words[at - 1]
        if before not in (QUOTE, ",", "?", "!", "\u2014", "--", "\u2013"):
            # "...citizens reports Tagesspiegel."
            if (
                cue.form != "s"
                or cue.verb not in ("report", "say", "write")
                or not self.t.is_capital(end)
            ):
                return None
        if not self._begins_phrase(end):
            return None
        last, wide = self._right_phrase(end)
        if last <= end:
            return None
        after = self.t.words[last] if last < self.n else "."
        if before == QUOTE or (before == "," and at >= 2 and self.t.words[at - 2] == QUOTE):
            if last < self.n and (
                g.is_finite(self.t.low[last]) or self.t.low[last] in self.lexicon.cues
            ):
                return None
        else:
            if self._left_of_comma(at) is not None and before == ",":
                return None
            if not (
                after in (",", ".", ";", "\u2014", "--", "\u2013")
                or last >= self.n
                or self.t.low[last] in _AFTER_SPEAKER
            ):
                return None
        speaker = Mention(end, last, end, wide)
        stop = wide
        return Attribution(
            at, end, cue.verb, cue.form, speaker, at - (before == ","), stop, "after", []
        )

    def _begins_phrase(self, at: int) -> bool:
        low, word = self.t.low[at], self.t.words[at]
        if low in g.TIME_WORDS or low in g.PREPOSITIONS or low in g.CONJUNCTIONS or low in g.MONTHS:
            return False
        if low in g.PRONOUNS:
            return low in ("he", "she")
        if word[0].isdigit():
            return "year-old" in low
        if self.t.is_capital(at) or low in g.DETERMINERS:
            return True
        if low.startswith(("then-", "ex-")):
            return True
        stop = min(self.n, at + 4)
        return self.lexicon.role_of(self.t.low[at:stop]) is not None

    def _right_phrase(self, start: int, accordance: bool = False) -> tuple[int, int]:
        """The noun phrase that begins at a token: where it ends, and where what describes it ends."""
        at = start
        named = False
        while at < self.n:
            word, low = self.t.words[at], self.t.low[at]
            if word in STOPS or word == "." or low == QUOTE:
                break
            if low in g.CONJUNCTIONS and low not in ("and", "or"):
                break
            if low in ("and", "or") and not self._joins(at):
                break
            if at > start and low in g.TIME_WORDS:
                break
            if (
                at > start
                and low
                in ("in", "on", "during", "at", "after", "as", "when", "by", "with", "to", "before")
                and not (accordance and low in ("in", "at", "by", "on", "with") and at - start < 8)
            ):
                if (
                    low in ("in", "at", "with", "on", "by")
                    and not named
                    and at - start <= 3
                    and at + 1 < self.n
                    and (
                        self.t.is_capital(at + 1)
                        and self.t.low[at + 1] not in g.DAYS | g.MONTHS
                        or self.t.low[at + 1] == "the"
                    )
                ):
                    at += 1
                    continue
                break
            if at > start and g.is_finite(low):
                break
            if low in ("he", "she", "they", "it") and at > start:
                break
            if self.t.is_capital(at) and low not in g.DETERMINERS:
                named = True
            elif (
                named
                and not self.t.is_capital(at)
                and low not in g.NAME_PARTS
                and low not in ("of", "for", "and", "or")
                and not word[0].isdigit()
            ):
                if (
                    not self._name_follows(at)
                    and self.t.low[at - 1] not in g.NAME_PARTS
                    and at > start + 1
                    and not self.t.is_possessive(at - 1)
                    and not accordance
                    and self._is_name(start, at)
                ):
                    break
            at += 1
            if at - start > 24:
                break
        last = at
        return last, self._apposed(last)

    def _name_follows(self, at: int) -> bool:
        """Whether small words at a token are a title before a name: "Ohio coach Jane Roe"."""
        for k in range(at, min(self.n, at + 5)):
            low = self.t.low[k]
            if self.t.is_capital(k):
                return k > at
            if (
                not self.t.is_word(k)
                or low in g.PREPOSITIONS
                or low in g.CONJUNCTIONS
                or g.is_finite(low)
                or low in g.TIME_WORDS
                or low in g.PRONOUNS
                or low in g.DETERMINERS
                or g.is_adverb(low)
            ):
                return False
        return False

    def _joins(self, at: int) -> bool:
        """Whether "and" at a token joins two parts of a noun phrase and not two clauses."""
        stop = at + 1
        while (
            stop < self.n
            and stop < at + 9
            and self.t.words[stop] not in STOPS
            and self.t.words[stop] != "."
        ):
            low = self.t.low[stop]
            if g.is_finite(low) or low in self.lexicon.cues and self.t.words[stop].islower():
                return False
            if low in g.PRONOUNS:
                return False
            stop += 1
        return stop > at + 1

    def _apposed(self, at: int) -> int:
        """Where the description that follows a noun phrase ends: ", 59, a protester,"."""
        stop = at
        if stop < self.n and self.t.low[stop] in ("who", "of", "from", "in", "with", "at"):
            while (
                stop < self.n
                and stop - at < 14
                and self.t.words[stop] not in STOPS
                and self.t.words[stop] != "."
            ):
                stop += 1
        for _ in range(_MOST_APPOSED):
            if stop >= self.n or self.t.words[stop] not in (",", "(", "\u2014", "\u2013", "--"):
                break
            if self.t.words[stop] != "(" and not self._appositive(stop + 1):
                break
            end = stop + 1
            while (
                end < self.n
                and end - stop < _LONGEST_APPOSED
                and self.t.words[end] not in STOPS
                and self.t.words[end] != "."
            ):
                end += 1
            stop = end + (end < self.n and self.t.words[end] in ")")
        return stop

    def _appositive(self, at: int) -> bool:
        """Whether what begins at a token, after a comma, describes what stands before it."""
        if at >= self.n:
            return False
        word, low = self.t.words[at], self.t.low[at]
        if word[0].isdigit():
            return True
        if low in (
            "who",
            "whose",
            "which",
            "a",
            "an",
            "of",
            "from",
            "jr",
            "sr",
            "one",
            "himself",
            "himself",
            "herself",
            "then",
            "now",
            "formerly",
            "also",
        ):
            return True
        if word[:2] in ("D-", "R-", "I-"):
            return True
        stop = at + 1
        while (
            stop < self.n
            and stop - at < 5
            and self.t.words[stop] not in STOPS
            and self.t.words[stop] != "."
        ):
            stop += 1
        if low in ("the", "his", "her", "their", "its"):
            verb = any(g.is_finite(one) for one in self.t.low[at:stop])
            return not verb
        if self.t.is_capital(at) and self.lexicon.role_of(self.t.low[at:stop], 2) is not None:
            return not any(g.is_finite(one) for one in self.t.low[at:stop])
        if self.t.is_capital(at):
            return (
                stop - at <= 3
                and all(self.t.is_capital(i) for i in range(at, stop))
                and low not in g.DAYS
            )
        return (
            self.lexicon.role_of(self.t.low[at:stop]) is not None
            and not any(g.is_finite(one) for one in self.t.low[at:stop])
            and low not in g.CONJUNCTIONS
            and low not in g.PREPOSITIONS
        )

    # Speakers before the cue.

    def _subject(self, at: int, cue: Cue, found: list[Attribution]) -> tuple[Mention | None, int]:
        low, words = self.t.low, self.t.words
        j = at - 1
        negated = passive = False
        while j >= 0 and (low[j] in g.AUXILIARIES or low[j] in g.NEGATIONS or g.is_adverb(low[j])):
            if (
                low[j].endswith(("'s", "'ve", "'d", "'re", "'m", "'ll"))
                and low[j] not in g.NEGATIONS
            ):
                break
            negated = negated or low[j] in g.NEGATIONS or low[j] in _MODALS
            passive = passive or (low[j] in g.BE and cue.form == "past")
            if low[j] in g.DAYS:
                break
            j -= 1
        if negated or (
            passive
            and cue.verb
            in (
                "tell",
                "ask",
                "warn",
                "inform",
                "say",
                "remind",
                "advise",
                "report",
                "find",
                "call",
                "charge",
                "accuse",
                "describe",
                "send",
                "quote",
                "believe",
                "urge",
                "think",
                "announce",
                "estimate",
                "allege",
                "rule",
                "write",
                "describe",
                "dub",
                "cite",
                "blame",
                "propose",
                "claim",
                "regard",
            )
        ):
            return None, at
        if cue.form == "ing" and j >= 0 and low[j + 1] not in g.BE:
            return self._participle(at, j, found)
        if j < 0:
            return None, at
        if low[j] == "to":
            return self._infinitive(at, j, cue)
        if (
            cue.form == "base"
            and low[j] not in ("i", "we", "you", "they")
            and any(low[k] in ("does", "did", "doesn't", "didn't") for k in range(j + 1, at))
        ):
            return None, at
        if low[j] in g.PRONOUNS or low[j] in (
            "she's",
            "he's",
            "they've",
            "they're",
            "he'd",
            "she'd",
        ):
            if cue.form == "s" and low[j] not in ("he", "she", "it"):
                return None, at
            return Mention(j, j + 1, j, j + 1), self._before_conjunction(j)
        if low[j] in ("who", "which", "that"):
            return self._relative(at, j)
        if low[j] in ("and", "but", "or"):
            return self._same_subject(at, j, found)
        if words[j] == ",":
            apposed = self._left_of_comma(at) or self._opening_name(at)
            return (apposed, apposed.wide_first) if apposed else (None, at)
        if words[j] == ")":
            k = j
            while k > 0 and words[k] != "(" and j - k < 12:
                k -= 1
            first = self._left_start(k - 1)
            if k <= 0 or first >= k:
                return None, at
            return Mention(first, k, first, at), first
        if words[j] in STOPS or words[j] in (".", QUOTE):
            if words[j] in ("\u2014", "\u2013", "--"):
                k = j - 1
                while k > 0 and words[k] not in ("\u2014", "\u2013", "--"):
                    k -= 1
                if k > 0 and j - k < _LONGEST_APPOSED:
                    first = self._left_start(k - 1)
                    if first < k:
                        return Mention(first, k, first, at), first
            return None, at
        first = self._left_start(j)
        if first > j or not self._can_speak(first, j + 1, cue):
            return None, at
        return Mention(first, j + 1, first, j + 1), first

    def _before_conjunction(self, at: int) -> int:
        return at

    def _left_start(self, j: int) -> int:
        """Where the noun phrase that ends with token j begins."""
        low, words = self.t.low, self.t.words
        if j < 0:
            return 0
        k = j
        while k >= 0:
            one = low[k]
            if words[k] in STOPS or words[k] == "." or one == QUOTE:
                break
            if one in g.CONJUNCTIONS and one not in ("and", "or"):
                break
            if one in ("and", "or") and (k == j or not self._joins_left(k)):
                break
            if k < j and words[k].islower() and (one in g.AUXILIARIES or one.endswith("n't")):
                break
            k -= 1
            if j - k > 30:
                break
        first = k + 1
        return self._without_opening(first, j)

    def _joins_left(self, at: int) -> bool:
        k = at - 1
        while k >= 0 and at - k < 9 and self.t.words[k] not in STOPS and self.t.words[k] != ".":
            low = self.t.low[k]
            if g.is_finite(low) or low in g.PRONOUNS or low in ("that", "who", "which"):
                return False
            if low in self.lexicon.cues and self.t.words[k].islower():
                return False
            k -= 1
        return k < at - 1

    def _without_opening(self, first: int, j: int) -> int:
        """Past what opens a sentence before its subject: "On Monday the", "Still", "In a letter"."""
        low = self.t.low
        while first < j and (
            (
                low[first] in g.TIME_WORDS
                and low[first] not in ("this", "last", "next", "early", "late")
            )
            or (
                g.is_adverb(low[first])
                and not self.t.is_capital(first + 1)
                and low[first] not in ("first",)
            )
            or low[first]
            in (
                "yet",
                "so",
                "still",
                "now",
                "meanwhile",
                "then",
                "however",
                "also",
                "instead",
                "again",
                "indeed",
                "similarly",
                "and",
                "but",
                "or",
                "even",
            )
            or (g.is_adverb(low[first]))
        ):
            first += 1
        if (
            low[first] in ("this", "last", "next", "early", "late", "earlier")
            and first + 1 < j
            and low[first + 1] in g.TIME_WORDS
        ):
            first += 2
        if low[first] in g.PREPOSITIONS:
            starts = [
                k
                for k in range(first + 2, j + 1)
                if (
                    low[k] in g.ARTICLES
                    or (self.t.is_capital(k) and low[k] not in g.DAYS | g.MONTHS)
                )
                and low[k - 1] not in g.PREPOSITIONS
                and low[k - 1] not in g.ARTICLES
                and not (
                    self.t.is_capital(k - 1)
                    and low[k - 1] not in g.DAYS | g.MONTHS
                    and self.t.is_capital(k)
                )
            ]
            first = (
                starts[-1]
                if starts
                else j + 1
                if low[first] in ("to", "by", "of", "with")
                else first
            )
        return first

    def _can_speak(self, first: int, last: int, cue: Cue) -> bool:
        """Whether tokens may be the subject of a cue that could be a noun as well."""
        low = self.t.low
        head = low[last - 1]
        if g.is_adverb(head) or head[0].isdigit() or (head.endswith("ed") and last - first == 1):
            return False
        if head in g.DETERMINERS and not (
            head
            in ("some", "many", "others", "several", "one", "most", "few", "all", "both", "another")
            and last - first == 1
        ):
            return False
        if (
            head in g.PREPOSITIONS
            or self.t.is_possessive(last - 1)
            and self.t.words[last - 1][-1] in "'\u2019s"
            and self.t.words[last - 1].endswith(("'s", "\u2019s"))
        ):
            return False
        if cue.form == "base":
            return (
                head.endswith("s")
                and not self.t.words[last - 1].endswith(("'", "\u2019"))
                or head in g.SPEAKER_NOUNS_PLURAL
                or (self.t.is_capital(last - 1) and ("and" in low[first:last] or cue.verb == "say"))
                or head in ("some", "many", "others", "most", "few", "several", "dead")
            )
        if cue.form == "s" and cue.verb in _NOUNS:
            return self.t.is_capital(last - 1) and not self.t.is_capital(last)
        if cue.form == "s" and cue.verb not in (
            "say",
            "tell",
            "argue",
            "insist",
            "explain",
            "write",
        ):
            return (
                self.t.is_capital(last - 1)
                or self.lexicon.role_of(low[first:last]) is not None
                or low[first] in ("the", "a", "an", "one")
            )
        return True

    def _left_of_comma(self, at: int) -> Mention | None:
        """The subject before a description between commas that ends just before token `at`."""
        low, words = self.t.low, self.t.words
        j = at - 1
        while j >= 0 and words[j] != "," and (low[j] in g.AUXILIARIES or g.is_adverb(low[j])):
            j -= 1
        stop = j
        for _ in range(_MOST_APPOSED):
            k = stop - 1
            while (
                k >= 0
                and words[k] != ","
                and words[k] not in HARD_STOPS - {"(", ")", QUOTE}
                and words[k] != "."
            ):
                k -= 1
                if stop - k > _LONGEST_APPOSED + 8:
                    return None
            if k < 0 or words[k] != ",":
                return None
            opening = low[k + 1]
            fits = (
                self._appositive(k + 1)
                or opening in g.PREPOSITIONS
                or opening
                in (
                    "however",
                    "meanwhile",
                    "speaking",
                    "citing",
                    "referring",
                    "himself",
                    "appearing",
                    "led",
                    "speaking",
                    "writing",
                    "noting",
                    "asked",
                    "when",
                )
            )
            if not fits:
                return None
            first = self._left_start(k - 1)
            if first < k and self._is_phrase(first, k):
                return Mention(first, k, first, at)
            stop = k
        return None

    def _opening_name(self, at: int) -> Mention | None:
        """The name before the sentence's first comma, where only descriptions lie between."""
        first = 0
        while first < at and self.t.low[first] in ("but", "and", "still", QUOTE, ",", "meanwhile"):
            first += 1
        comma = next((k for k in range(first, at) if self.t.words[k] == ","), at)
        if not 0 < comma - first <= 8 or comma >= at - 1:
            return None
        first = self._without_opening(first, comma - 1)
        if first >= comma or not self._is_name(first, comma) or not self._is_phrase(first, comma):
            return None
        relative = False
        for k in range(comma, at):
            relative = relative or self.t.low[k] in ("who", "which", "whose", "that")
            if self.t.words[k] == ";" or (g.is_finite(self.t.low[k]) and not relative):
                return None
        return Mention(first, comma, first, at)

    def _is_phrase(self, first: int, last: int) -> bool:
        low = self.t.low
        if any(g.is_finite(one) for one in low[first:last]):
            return False
        if self.t.words[first][0].isdigit() or low[last - 1] in g.DAYS or low[last - 1] in g.MONTHS:
            return False
        if low[first] in g.PREPOSITIONS:
            return False
        if low[first] in ("who", "whose"):
            return False
        if self._is_name(first, last):
            return not (last - first == 1 and first > 0 and self._place(first))
        return low[first] in g.DETERMINERS or self.lexicon.role_of(low[first:last]) is not None

    def _place(self, at: int) -> bool:
        """A lone capital word right after a comma: a town in an address, a state."""
        return at >= 1 and self.t.words[at - 1] == "," and at >= 2 and self.t.is_capital(at - 2)

    def _is_name(self, first: int, last: int) -> bool:
        return self.t.is_capital(last - 1) and self.t.low[last - 1] not in g.DAYS

    def _relative(self, at: int, j: int) -> tuple[Mention | None, int]:
        if self.t.low[j] == "that" and (j == 0 or not self.t.is_word(j - 1)):
            return None, at
        k = j - 1
        if k >= 0 and self.t.words[k] == ",":
            k -= 1
        if k < 0 or not self.t.is_word(k):
            return None, at
        first = self._left_start(k)
        if first > k:
            return None, at
        for start in range(k, first, -1):
            if self.t.low[start] in ("a", "an", "the") and self.t.low[start - 1] not in (
                "of",
                "for",
                "in",
                "at",
            ):
                first = start
                break
        else:
            if not self.t.is_capital(k) and self.lexicon.role_of(self.t.low[first : k + 1]) is None:
                return None, at
        return Mention(first, k + 1, first, k + 1), j

    def _participle(self, at: int, j: int, found: list[Attribution]) -> tuple[Mention | None, int]:
        """ ", adding that": the speaker is the subject of the clause before."""
        if (
            j < 0
            or self.t.words[j] not in (",", QUOTE, "\u2014", "\u2013", "--")
            and self.t.low[j] not in ("and", "by", "while", "before", "after")
        ):
            return None, at
        if self.t.low[j] in ("by", "while", "before", "after", "and"):
            start = j
        else:
            start = j if self.t.words[j] != QUOTE else at
        return self._main_subject(start, found), start

    def _infinitive(self, at: int, j: int, cue: Cue) -> tuple[Mention | None, int]:
        before = self.t.low[j - 1] if j else ""
        if (
            j == 0
            or before in g.REFUSALS
            or any(
                one in g.NEGATIONS
                or one in ("declined", "refused", "failed", "declines", "refuses")
                for one in self.t.low[max(0, j - 4) : j]
            )
        ):
            return None, at
        if before in ("on",) or cue.verb in (
            "say",
            "complain",
            "argue",
            "rule",
            "announce",
            "warn",
            "declare",
            "explain",
            "question",
            "ask",
            "suggest",
            "insist",
            "claim",
            "add",
            "note",
            "report",
            "state",
            "write",
            "tell",
            "point",
        ):
            subject = self._main_subject(j, [])
            if subject is None or self.t.low[subject.first] in (
                "it",
                "there",
                "you",
                "this",
                "that",
            ):
                return None, at
            return subject, j
        return None, at

    def _same_subject(
        self, at: int, j: int, found: list[Attribution]
    ) -> tuple[Mention | None, int]:
        return self._main_subject(j, found), j - (j > 0 and self.t.words[j - 1] == ",")

    def _main_subject(self, stop: int, found: list[Attribution]) -> Mention | None:
        """The subject of the clause that ends at a token: the last speaker, or its first phrase."""
        for k in range(stop - 1, max(0, stop - 20), -1):
            if self.t.low[k] in ("when", "while", "because", "although", "though", "until"):
                nearest = self._first_phrase(k + 1, stop)
                if nearest is not None:
                    return nearest
                break
        for one in reversed(found):
            if one.speaker is not None and one.speaker.last <= stop:
                return one.speaker
        return self._first_phrase(0, stop)

    def _first_phrase(self, first: int, stop: int) -> Mention | None:
        """The subject of a clause that begins at a token and ends before another."""
        low, words = self.t.low, self.t.words
        while first < stop and (
            words[first] in STOPS
            or words[first] == "."
            or low[first] in g.CONJUNCTIONS
            or g.is_adverb(low[first])
        ):
            first += 1
        # "On Monday, Sen. Coats, the ranking Republican, took to the floor to say"
        for _ in range(3):
            opens = first < stop and (
                low[first] in g.PREPOSITIONS
                or (
                    low[first].endswith(("ed", "ing"))
                    and self.t.words[first][0].isupper()
                    and not self.t.is_capital(first + 1)
                )
                or low[first] in ("asked", "told", "speaking", "when", "while", "as")
            )
            if opens:
                comma = next((k for k in range(first, stop) if words[k] == ","), None)
                if comma is None:
                    return None
                first = comma + 1
        last = first
        while last < stop and words[last] not in STOPS and words[last] != ".":
            if last > first and (
                g.is_finite(low[last])
                or low[last] in g.SUBORDINATE
                or (
                    low[last] in self.lexicon.cues
                    and words[last].islower()
                    and low[last - 1] not in g.DETERMINERS
                )
            ):
                break
            if (
                last > first
                and words[last].islower()
                and low[last].endswith("ed")
                and low[last - 1] not in g.DETERMINERS
                and not g.is_adverb(low[last - 1])
            ):
                break
            if last > first and g.is_adverb(low[last]):
                break
            last += 1
            if low[first] in g.PRONOUNS:
                break
        if last <= first or last - first > 14 or low[last - 1] in g.ARTICLES:
            return None
        if low[first].split("'")[0] in (
            "there",
            "more",
            "that",
            "this",
            "these",
            "such",
            "what",
            "here",
        ):
            return None
        if (
            low[first] in g.PRONOUNS
            or self._is_name(first, last)
            or self.lexicon.role_of(low[first:last]) is not None
        ):
            trimmed = self._name_first(first, last)
            return Mention(first, trimmed, first, max(trimmed, min(stop, self._apposed(last))))
        return None

    def _name_first(self, first: int, last: int) -> int:
        """Where a phrase that may run on into its predicate ends: with the name in it."""
        if not self.t.is_capital(first) and self.t.low[first] not in g.ARTICLES:
            return last
        at = first
        while at < last and (
            self.t.is_capital(at) or self.t.low[at] in g.NAME_PARTS or self.t.low[at] in g.TITLES
        ):
            at += 1
        return (
            at
            if at - first >= 1
            and self.t.is_capital(first)
            and self.t.low[first] not in g.DETERMINERS
            and at < last
            and self.t.low[at] not in ("of", "and", "for", "in", "at", "spokesman", "spokeswoman")
            else last
        )

    # What is said.

    def _complement(
        self, at: int, end: int, first: int, cue: Cue
    ) -> tuple[int, list[tuple[int, int]], Place | None]:
        t, low, words = self.t, self.t.low, self.t.words
        tells = "telling" in cue.kinds and (
            cue.verb not in ("warn", "advise") or (end < self.n and low[end] in g.OBJECTS)
        )
        clausal = bool(cue.kinds & {"plain", "clause"}) or tells
        p = end
        if p >= self.n or words[p] in (".", "?", "!"):
            return (
                p,
                [],
                "after"
                if self._follows_clause(first) and clausal
                else self._only_quotes(first, cue),
            )
        if words[p] == QUOTE:
            return (
                p,
                [(p, self.n)] if clausal else [],
                "before" if clausal or "quoting" in cue.kinds or "asking" in cue.kinds else "apart",
            )
        if words[p] == ":" or (
            words[p] == ","
            and p + 1 < self.n
            and words[p + 1] == QUOTE
            and not self._follows_clause(first)
        ):
            return (
                p + 1,
                [(p + 1, self.n)] if clausal and QUOTE in words[p + 1 : p + 2] else [],
                "before" if clausal or "quoting" in cue.kinds else "apart",
            )
        if words[p] in STOPS:
            if clausal and self._follows_clause(first):
                return p, [], "after"
            if self._before_quote(first) and not cue.kinds <= {"partial"}:
                return p, [], "after"
            return p, [], "apart" if QUOTE in words else None
        that = self._that(p)
        if that is not None and (clausal or "asking" in cue.kinds):
            return that + 1, [(that + 1, self.n)], "before"
        asks = self._question(p) if cue.verb in _EXPLAINS or "asking" in cue.kinds else None
        if asks is not None:
            return asks, [(asks, self.n)], "before"
        if clausal:
            q = self._past_object(p) if tells else p
            q = self._past_time(q)
            if q < self.n and words[q] == QUOTE and low[q - 1] not in g.ARTICLES:
                return q, [(q, self.n)], "before"
            if q < self.n and words[q] in (",", ":") and q + 1 < self.n and words[q + 1] == QUOTE:
                return q + 1, [(q + 1, self.n)], "before"
            if self._follows_clause(first) and (
                q >= self.n or words[q] in STOPS or words[q] == "."
            ):
                return q, [], "after"
            if self._follows_clause(first) and self._after_only(q, cue):
                return self._stop_after(q), [], "after"
            if (
                first == 0
                and self.n <= _SHORT
                and (q >= self.n or self._stop_after(q) >= self.n - 1)
                and not self._clause(q, cue)
            ):
                return self.n, [], self._only_quotes(first, cue)
            if self._before_quote(first) and not self._clause(q, cue):
                return self._stop_after(q), [], "after"
            if (
                first > 0
                and low[first - 1] in ("what", "which", "who", "whom", "that", "whatever")
                and low[first] in g.PRONOUNS
            ):
                # "what he said he would do"
                return p, [], None
            if self._clause(q, cue):
                return q, [(q, self.n)], "before"
        if self._before_quote(first) and not cue.kinds <= {"partial"}:
            return self._stop_after(p), [], "after"
        return p, [], "apart" if QUOTE in words else None

    def _only_quotes(self, first: int, cue: Cue) -> Place | None:
        if (
            first == 0
            and self.n <= _SHORT
            and QUOTE not in self.t.words
            and not cue.kinds <= {"partial"}
        ):
            # A sentence of its own after a quote: '"..." She told the paper.'
            return "after"
        if self._before_quote(first) and not cue.kinds <= {"partial"}:
            return "after"
        return "apart" if QUOTE in self.t.words else None

    def _follows_clause(self, first: int) -> bool:
        """Whether a comma, a dash or a quote stands just before the attribution."""
        k = first - 1
        return (
            k >= 1
            and self.t.words[k] in (",", "\u2014", "--", "\u2013")
            or self._before_quote(first)
        )

    def _before_quote(self, first: int) -> bool:
        k = first - 1
        if k >= 0 and self.t.words[k] in (",", ".", "?", "!"):
            k -= 1
        return k >= 0 and self.t.words[k] == QUOTE

    def _that(self, p: int) -> int | None:
        """The "that" of a clause, past an addressee or a time."""
        for k in range(p, min(self.n, p + _FAR)):
            low = self.t.low[k]
            if low == "that":
                # "said that day", "told that man"
                return k
            if self.t.words[k] in HARD_STOPS or self.t.words[k] == ".":
                return None
            if low in g.AUXILIARIES or low in ("he", "she", "they", "we", "i", "there"):
                return None
            if low in g.CONJUNCTIONS and low not in ("and", "or", "after", "before", "as"):
                return None
            if self.t.words[k] == "," and k - p > 8:
                return None
        return None

    def _question(self, p: int) -> int | None:
        for k in range(p, min(self.n, p + 5)):
            if self.t.low[k] in ("whether", "why", "how", "if") or (
                k == p and self.t.low[k] in ("what", "when", "where", "who", "which")
            ):
                return k
            if not self.t.is_word(k) or g.is_finite(self.t.low[k]):
                return None
            if k > p and self.t.low[k] in g.PREPOSITIONS and self.t.low[k] not in ("of", "on"):
                return None
        return None

    def _past_object(self, p: int) -> int:
        low = self.t.low
        if p >= self.n:
            return p
        if low[p] in g.OBJECTS:
            return p + 1
        if self.t.is_capital(p) and low[p] not in g.DETERMINERS:
            q = p
            while q < self.n and (
                self.t.is_capital(q)
                or low[q] in g.NAME_PARTS
                or low[q] in ("of", "and")
                or self.t.words[q] == QUOTE
                and self.t.is_possessive(q - 1)
            ):
                if (
                    low[q] in g.PRONOUNS
                    or self.t.is_capital(q)
                    and low[q] in g.DETERMINERS | {"there"}
                ):
                    break
                q += 1
            if self.t.words[q - 1] == QUOTE and q < self.n and self.t.words[q].islower():
                q += 1
            return q
        if low[p] in g.DETERMINERS or self.t.is_word(p):
            q = p + 1
            while q < self.n and q - p < 9:
                one = low[q]
                if (
                    self.t.words[q] in STOPS
                    or self.t.words[q] == "."
                    or one in g.PRONOUNS
                    or one == "there"
                    or one in g.TIME_WORDS
                    or one in g.PREPOSITIONS - {"of", "for"}
                ):
                    return q
                if one in g.ARTICLES and low[q - 1] not in g.PREPOSITIONS:
                    return q
                if g.is_finite(one):
                    return max(p + 1, q - 1)
                q += 1
        return p + 1

    def _past_time(self, p: int) -> int:
        low = self.t.low
        for _ in range(5):
            if p >= self.n:
                return p
            one = low[p]
            if one in g.TIME_WORDS and not (
                one in ("this", "only", "there", "now")
                and p + 1 < self.n
                and low[p + 1] not in g.TIME_WORDS
            ):
                p += 1
            elif (
                one
                in (
                    "on",
                    "in",
                    "at",
                    "during",
                    "via",
                    "through",
                    "by",
                    "to",
                    "after",
                    "before",
                    "from",
                    "of",
                    "about",
                )
                and p + 1 < self.n
            ):
                q = p + 1
                if low[q] in g.DAYS | g.MONTHS or self.t.words[q][0].isdigit():
                    p = q + 1
                    while p < self.n and (
                        self.t.words[p][0].isdigit()
                        or low[p] in ("morning", "afternoon", "evening", "night")
                    ):
                        p += 1
                    continue
                end = self._prepositional(q)
                if end is None:
                    return p
                p = end
            else:
                return p
        return p

    def _prepositional(self, q: int) -> int | None:
        """Where the phrase after a preposition ends, if it ends by a stop or a new subject."""
        low = self.t.low
        if not (low[q] in g.ARTICLES or self.t.is_capital(q)):
            return q + 1 if q < self.n and self.t.is_word(q) else None
        k = q + 1
        while k < self.n and k - q < 12:
            if self.t.words[k] in STOPS or self.t.words[k] == ".":
                return k
            if (
                low[k] in g.PRONOUNS
                or low[k] in ("there",)
                or (low[k] in g.ARTICLES and low[k - 1] not in g.PREPOSITIONS)
            ):
                return k
            if low[k] in g.TIME_WORDS:
                return k
            if (
                self.t.is_capital(k)
                and not self.t.is_capital(k - 1)
                and low[k - 1] not in g.PREPOSITIONS | g.ARTICLES
            ):
                return k
            k += 1
        return k if k >= self.n else None

    def _after_only(self, q: int, cue: Cue) -> bool:
        """Whether no clause follows: only adverbials, up to a stop or the end."""
        if self.t.low[q] in (
            "in",
            "on",
            "at",
            "during",
            "after",
            "when",
            "as",
            "to",
            "of",
            "from",
            "by",
            "before",
            "while",
            "following",
            "about",
            "through",
            "via",
            "with",
            "for",
            "until",
            "since",
            "outside",
            "upon",
        ):
            return True
        stop = self._stop_after(q)
        return "plain" in cue.kinds and not any(g.is_finite(one) for one in self.t.low[q:stop])

    def _stop_after(self, q: int) -> int:
        while q < self.n and self.t.words[q] not in STOPS and self.t.words[q] != ".":
            q += 1
        return q

    def _clause(self, q: int, cue: Cue) -> bool:
        """Whether a finite clause begins at a token."""
        if q >= self.n or not (
            self.t.is_word(q) or self.t.words[q] in ("$", "#", "@", "\u00a3", QUOTE)
        ):
            return False
        low = self.t.low
        if low[q] in g.PREPOSITIONS and "plain" not in cue.kinds:
            return False
        if low[q] in _NO_CLAUSE:
            return False
        if low[q] in g.PRONOUNS or low[q] in (
            "there",
            "it's",
            "he's",
            "she's",
            "they're",
            "they've",
            "there's",
            "we're",
            "he'd",
            "she'd",
            "they'd",
        ):
            return True
        relative = False
        far = 30 if "plain" in cue.kinds or "telling" in cue.kinds else 13
        for k in range(q + 1, min(self.n, q + far)):
            one = low[k]
            if self.t.words[k] in (";", ":") or (far == 13 and self.t.words[k] in HARD_STOPS):
                return False
            if one in ("who", "which", "that"):
                relative = True
                continue
            if one in g.AUXILIARIES or one.endswith("n't"):
                if not relative:
                    return True
                relative = False
            elif (
                one in g.FINITE
                and not relative
                and not self.t.is_capital(k)
                and low[k - 1] not in g.ARTICLES
                and low[k - 1] != "to"
                and low[k - 1] not in g.PREPOSITIONS
            ):
                return True
        if "plain" in cue.kinds:
            return (
                any(
                    low[k].endswith(("ed", "s")) and self.t.words[k].islower()
                    for k in range(q + 1, min(self.n, q + 14))
                )
                and self.n - q > 3
            )
        return False

    # Putting them together.

    def _settled(self, found: list[Attribution]) -> list[Attribution]:
        """Gives each attribution its words: none twice, none of a clause inside a clause."""
        kept: list[Attribution] = []
        inside = 0  # tokens before this are in a reported clause that began before
        for number, one in enumerate(found):
            if one.verb == "according" and one.place == "after" and kept:
                last = kept[-1]
                if last.place == "before" and last.clauses and not last.partial:
                    # "X said A, according to Y": X is who says it.
                    last.clauses = [(a, min(b, one.first)) for a, b in last.clauses]
                    continue
            if one.place == "before" and one.first < inside and not one.partial:
                if not self._coordinate(one):
                    one.clauses = []
                    one.partial = True
                    kept.append(one)
                    continue
                if kept:
                    self._cut(kept, one.first)
            if one.place == "after":
                start = self._segment_start(one, found[:number])
                stop = one.first
                while stop > start and self.t.words[stop - 1] in (",", "\u2014", "--", "\u2013"):
                    stop -= 1
                if (
                    kept
                    and inside > one.first
                    and kept[-1].place == "before"
                    and not self._same(kept[-1], one)
                    and self._is_media(one)
                ):
                    # "Witnesses said he ran, Reuters reported": the witnesses say it.
                    kept[-1].clauses = [(a, min(b, one.first)) for a, b in kept[-1].clauses]
                    continue
                if (
                    kept
                    and inside > one.first
                    and kept[-1].place == "before"
                    and not self._same(kept[-1], one)
                ):
                    # "a witness said he heard it, she said": the last one gives all of it.
                    kept[-1].clauses = []
                    kept[-1].partial = True
                    start = min(start, kept[-1].first)
                one.clauses = [(start, stop)] if stop > start else []
                if not self._clausal(start, stop) and (
                    one.verb != "according" or self.t.low[start] in g.PREPOSITIONS
                ):
                    one.clauses = []
                if (
                    one.last < self.n
                    and self.t.words[one.last] in (",", "\u2014", "--", "\u2013")
                    and (one.verb != "according" or not one.clauses)
                ):
                    rest = one.last + 1
                    following = next(
                        (o for o in found[number + 1 :] if o.place == "after" or not o.partial),
                        None,
                    )
                    if (
                        rest < self.n - 1
                        and self._continues(rest, one)
                        and not (following and following.first <= rest + 1)
                    ):
                        if not one.clauses and stop > start and self._clausal(start, self.n):
                            one.clauses = [(start, stop)]
                        one.clauses.append((rest, self.n))
            if one.place == "before" and not one.partial:
                inside = self.n
            kept.append(one)
        self._no_overlap(kept)
        return kept

    def _is_media(self, one: Attribution) -> bool:
        if one.speaker is None:
            return False
        said = self.lexicon.role_of(self.t.low[one.speaker.first : one.speaker.last])
        return said is not None and said[1] == "media"

    def _clausal(self, start: int, stop: int) -> bool:
        """Whether words before ", X said" can be what X says: a clause or a quote."""
        if QUOTE in self.t.words[start:stop]:
            return True
        if (
            start < stop
            and self.t.low[start] in g.PREPOSITIONS | {"when", "while", "asked"}
            and "," not in self.t.words[start:stop]
        ):
            return False
        return any(
            g.is_finite(self.t.low[k])
            or (
                k > start
                and self.t.words[k].islower()
                and self.t.low[k].endswith(("ed", "s"))
                and self.t.low[k] not in self.lexicon.first_words
            )
            for k in range(start, stop)
        )

    def _same(self, one: Attribution, other: Attribution) -> bool:
        return (
            one.speaker is not None
            and other.speaker is not None
            and one.speaker.first == other.speaker.first
        )

    def _coordinate(self, one: Attribution) -> bool:
        k = one.first - 1
        if one.form == "ing":
            return True
        if k >= 0 and self.t.low[k] in ("and", "but", "while", "though", "although", "yet"):
            return (
                k >= 1
                and self.t.words[k - 1] in (",", ";", QUOTE, "\u2014", "\u2013")
                or self.t.low[k] in ("while", "but", "though", "although")
            )
        if self.t.low[one.first] in ("and", "but", ","):
            return True
        return k >= 0 and self.t.words[k] in (";", "\u2014", "--", "\u2013")

    def _cut(self, kept: list[Attribution], at: int) -> None:
        for one in kept:
            one.clauses = [(a, min(b, at)) for a, b in one.clauses if a < at]

    def _segment_start(self, one: Attribution, before: list[Attribution]) -> int:
        start = 0
        for other in before:
            if other.place == "after":
                start = max(start, other.last)
        while start < one.first and (
            self.t.words[start] in (",", "\u2014", "--", "\u2013", ";", ".")
            or self.t.low[start] in ("but", "and")
        ):
            start += 1
        return start

    def _continues(self, rest: int, one: Attribution) -> bool:
        """Whether what follows a parenthetical attribution goes on with the reported words."""
        low = self.t.low
        words = self.t.words
        if low[rest] in (
            "who",
            "which",
            "referring",
            "citing",
            "according",
            "whose",
            "calling",
            "speaking",
            "when",
            "though",
            "although",
            "putting",
            "using",
        ):
            return False
        if low[rest].endswith("ing") and words[rest].islower():
            return False
        if words[rest] == QUOTE:
            return True
        if one.clauses and all(
            word == QUOTE for word in words[one.clauses[0][0] : one.clauses[0][1]]
        ):
            # After somebody's very words the plain ones are the outlet's.
            return False
        return any(g.is_finite(one) for one in low[rest:])

    def _no_overlap(self, kept: list[Attribution]) -> None:
        taken: list[tuple[int, int]] = []
        for one in sorted(kept, key=lambda a: (a.place != "after", a.cue)):
            free: list[tuple[int, int]] = []
            for start, end in one.clauses:
                for a, b in taken:
                    if a <= start < b:
                        start = b
                    elif start < a < end:
                        end = a
                for other in kept:
                    if other is not one and not other.partial and start < other.first < end:
                        end = other.first if other.first > start else end
                    elif (
                        other is not one
                        and not other.partial
                        and start < other.last <= end
                        and other.first <= start
                    ):
                        start = other.last
                if end > start:
                    free.append((start, end))
            taken += free
            one.clauses = free
