"""Where noun phrases begin and end."""

from __future__ import annotations

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.found import STOPS, Mention
from analysis.corpus.voices.lexicon import Lexicon
from analysis.corpus.voices.tokens import QUOTE, Tokens

MOST_APPOSED = 6
LONGEST_APPOSED = 22
_VERBS = g.AUXILIARIES | {"said", "says", "told", "tells"}
_ENDS_PHRASE = g.words("in on during at after as when by with to before")
_DESCRIBES = g.words("who of from in with at")
_APPOSES = g.words(
    "who whose which a an of from jr sr one himself himself herself then now formerly also"
)
_OPENINGS = g.words(
    "yet so still now meanwhile then however also instead again indeed similarly and but or even"
)
_SPANS_OF_TIME = g.words("this last next early late earlier")
_OPENS_CLAUSE = g.words("asked told speaking when while as")
_NO_SUBJECT = g.words("there more that this these such what here")
_GOES_ON = g.words("of and for in at spokesman spokeswoman")


class Phrases:
    """Noun phrases of one sentence."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon) -> None:
        self.t = tokens
        self.lexicon = lexicon
        self.n = len(tokens)

    def begins_phrase(self, at: int) -> bool:
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

    def right_phrase(self, start: int, accordance: bool = False) -> tuple[int, int]:
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
                and low in _ENDS_PHRASE
                and not (accordance and low in ("in", "at", "by", "on", "with") and at - start < 8)
            ):
                if (
                    low in ("in", "at", "with", "on", "by")
                    and not named
                    and at - start <= 3
                    and at + 1 < self.n
                    and (
                        (self.t.is_capital(at + 1) and self.t.low[at + 1] not in g.DAYS | g.MONTHS)
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
            ) and (
                not self._name_follows(at)
                and self.t.low[at - 1] not in g.NAME_PARTS
                and at > start + 1
                and not self.t.is_possessive(at - 1)
                and not accordance
                and self.is_name(start, at)
            ):
                break
            at += 1
            if at - start > 24:
                break
        last = at
        return last, self.apposed(last)

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
            if g.is_finite(low) or (low in self.lexicon.cues and self.t.words[stop].islower()):
                return False
            if low in g.PRONOUNS:
                return False
            stop += 1
        return stop > at + 1

    def apposed(self, at: int) -> int:
        """Where the description that follows a noun phrase ends: ", 59, a protester,"."""
        stop = at
        if stop < self.n and self.t.low[stop] in _DESCRIBES:
            while (
                stop < self.n
                and stop - at < 14
                and self.t.words[stop] not in STOPS
                and self.t.words[stop] != "."
            ):
                stop += 1
        for _ in range(MOST_APPOSED):
            if stop >= self.n or self.t.words[stop] not in (",", "(", "\u2014", "\u2013", "--"):
                break
            if self.t.words[stop] != "(" and not self.appositive(stop + 1):
                break
            end = stop + 1
            while (
                end < self.n
                and end - stop < LONGEST_APPOSED
                and self.t.words[end] not in STOPS
                and self.t.words[end] != "."
            ):
                end += 1
            stop = end + (end < self.n and self.t.words[end] in ")")
        return stop

    def appositive(self, at: int) -> bool:
        """Whether what begins at a token, after a comma, describes what stands before it."""
        if at >= self.n:
            return False
        word, low = self.t.words[at], self.t.low[at]
        if word[0].isdigit():
            return True
        if low in _APPOSES:
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

    def left_start(self, j: int) -> int:
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
            if k < j and words[k].islower() and (one in _VERBS or one.endswith("n't")):
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
            or low[first] in _OPENINGS
            or (g.is_adverb(low[first]))
        ):
            first += 1
        if low[first] in _SPANS_OF_TIME and first + 1 < j and low[first + 1] in g.TIME_WORDS:
            first += 2
        if low[first] in g.PREPOSITIONS and first + 2 <= j and low[first + 1] in g.DAYS | g.MONTHS:
            # "On Sunday people close to him", "In May 2019 officers".
            first += 2
            if self.t.words[first][0].isdigit() and first < j:
                first += 1
        if low[first] not in g.DETERMINERS and self.t.words[first].islower():
            # "After the vote the sheriff": what an article opens is a phrase of its own.
            for k in range(first + 1, j + 1):
                if low[k] in g.ARTICLES and low[k - 1] not in g.PREPOSITIONS:
                    return k
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

    def is_phrase(self, first: int, last: int) -> bool:
        low = self.t.low
        if any(g.is_finite(one) for one in low[first:last]):
            return False
        alone = last - first < 2
        if (alone and self.t.words[first][0].isdigit()) or low[last - 1] in g.DAYS | g.MONTHS:
            return False
        if low[first] in g.PREPOSITIONS:
            return False
        if low[first] in ("who", "whose"):
            return False
        if self.is_name(first, last):
            return not (last - first == 1 and first > 0 and self._place(first))
        return low[first] in g.DETERMINERS or self.lexicon.role_of(low[first:last]) is not None

    def _place(self, at: int) -> bool:
        """A lone capital word right after a comma: a town in an address, a state."""
        return at >= 1 and self.t.words[at - 1] == "," and at >= 2 and self.t.is_capital(at - 2)

    def is_name(self, first: int, last: int) -> bool:
        return self.t.is_capital(last - 1) and self.t.low[last - 1] not in g.DAYS

    def first_phrase(self, first: int, stop: int, anyone: bool = False) -> Mention | None:
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
                or low[first] in _OPENS_CLAUSE
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
        if low[first].split("'")[0] in _NO_SUBJECT:
            return None
        if words[first].islower() and low[first].endswith("ed"):
            return None
        if (
            low[first] in g.PRONOUNS
            or self.is_name(first, last)
            or self.lexicon.role_of(low[first:last]) is not None
            or (anyone and low[first] in ("a", "an", "one", "another"))
        ):
            trimmed = self._name_first(first, last)
            return Mention(first, trimmed, first, max(trimmed, min(stop, self.apposed(last))))
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
            and self.t.low[at] not in _GOES_ON
            else last
        )
