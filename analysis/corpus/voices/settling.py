"""Gives each attribution of a sentence its words."""

from __future__ import annotations

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.found import DASHES, Attribution
from analysis.corpus.voices.phrases import Phrases
from analysis.corpus.voices.tokens import QUOTE

_JOINS = g.words("and but while though although yet")
_OWN_WORDS = g.words(
    "who which referring citing according whose calling speaking when though although putting using"
)
# Words that make a second half.
_FEW = 4


class Settling(Phrases):
    """Shares the words of a sentence out among its attributions."""

    def settled(self, found: list[Attribution]) -> list[Attribution]:
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
                while stop > start and self.t.words[stop - 1] in (",", *DASHES):
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
                    one.verb != "according" or self.t.low[min(start, self.n - 1)] in g.PREPOSITIONS
                ):
                    one.clauses = []
                if self._leads_in(start, one):
                    one.clauses = []
                if (
                    one.last < self.n
                    and self.t.words[one.last] in (",", *DASHES)
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
        self._within_stops(kept)
        self._no_overlap(kept)
        return kept

    def _leads_in(self, start: int, one: Attribution) -> bool:
        """Whether what stands before is no speech: "Speaking at the hall, he said, " and a quote."""
        follows = one.last + 1 < self.n and self.t.words[one.last + 1] == QUOTE
        if not follows or start >= one.first or QUOTE in self.t.words[start : one.first]:
            return False
        low = self.t.low[start]
        return low in g.PREPOSITIONS or low in g.SUBORDINATE or low.endswith(("ing", "ed"))

    def _within_stops(self, kept: list[Attribution]) -> None:
        """Cuts clauses at full stops between two sentences that were not told apart."""
        stops = [k for k in range(self.n - 1) if self.t.words[k] == "."]
        for one in kept if stops else []:
            for number, (start, end) in enumerate(one.clauses):
                inside = [k for k in stops if start <= k < end - 1]
                if inside and one.place == "after" and end <= one.first:
                    one.clauses[number] = (inside[-1] + 1, end)
                elif inside:
                    one.clauses[number] = (start, inside[0])

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
            # "At least two are dead, police say", but "In his speech, Roe said".
            return any(g.is_finite(one) for one in self.t.low[start + 1 : stop])
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
        if k >= 0 and self.t.low[k] in _JOINS:
            return (
                k >= 1 and self.t.words[k - 1] in (",", ";", QUOTE, "\u2014", "\u2013")
            ) or self.t.low[k] in ("while", "but", "though", "although")
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
            self.t.words[start] in (",", *DASHES, ";", ".") or self.t.low[start] in ("but", "and")
        ):
            start += 1
        return start

    def _continues(self, rest: int, one: Attribution) -> bool:
        """Whether what follows a parenthetical attribution goes on with the reported words."""
        low = self.t.low
        words = self.t.words
        if low[rest] in _OWN_WORDS:
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
        if low[rest] in ("and", "but", "or", "because", "so") and self.n - rest > _FEW:
            return True
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
