"""Speakers that a pronoun stands for: the last one before it that fits."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.found import Mention
from analysis.corpus.voices.lexicon import Lexicon
from analysis.corpus.voices.marks import Quoted
from analysis.corpus.voices.names import FIRST_NAMES
from analysis.corpus.voices.reading import Parsed, Span
from analysis.corpus.voices.speakers import UNKNOWN, Speaker, Speakers
from analysis.corpus.voices.tokens import bare

_NO_PERSON = g.words("police department office agency government group union company report study")
_BACK = 8


def _bares(name: str) -> list[str]:
    return [bare(word) for word in name.split()]


class Pronouns(Speakers):
    """Looks back for whom a pronoun means."""

    def __init__(
        self, text: str, spans: Sequence[Span], quotes: list[Quoted], lexicon: Lexicon
    ) -> None:
        super().__init__(text, spans, quotes, lexicon)
        self.resolved: dict[int, list[Speaker]] = {}

    def pronoun(
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
            for speaker in reversed(self.resolved.get(number, [])):
                if speaker is not UNKNOWN and speaker.name and self._agrees(speaker, pronoun):
                    return speaker
        if pronoun in ("they", "it"):
            subject = parsed.rules.main_subject(len(parsed.tokens), []) if before else None
            if subject is None or parsed.tokens.low[subject.first] in g.PRONOUNS:
                return None
            speaker = self.named(parsed, subject)
            return speaker if self._agrees(speaker, pronoun) else None
        names = [
            (first, last)
            for first, last in self._names_of(parsed)
            if parsed.tokens.ends[last - 1] <= place
        ]
        subject = parsed.rules.first_phrase(0, len(parsed.tokens), anyone=True) if before else None
        if subject is not None and parsed.tokens.low[subject.first].split("'")[0] in g.PRONOUNS:
            subject = None
        if subject is not None and (not names or subject.last <= names[0][0]):
            # "A nurse from Goulds waited outside."
            speaker = self.named(parsed, subject)
            if speaker.name and self._agrees(speaker, pronoun):
                return speaker
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
        return Mention(first, last, begin, parsed.rules.apposed(last))

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
            name = self.name_in(t, at, last)
            if name is not None:
                words = t.low[name[0] : name[1]]
                known = (
                    (len(words) > 1 and (words[0] in FIRST_NAMES or at <= 1))
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
            and self.is_person(speaker.name)
            and not self._is_group(words)
        )
        if pronoun == "they":
            head = self.core(words)[-1]
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
        core = self.core(words)
        head = core[-1]
        known = self.lexicon.role_of(core) is not None or g.is_human(head)
        return known and not head.endswith("s") and head not in _NO_PERSON

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
