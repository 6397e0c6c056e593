"""Who is before a cue: its subject, through descriptions, relatives and participles."""

from __future__ import annotations

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.found import DASHES, HARD_STOPS, STOPS, Attribution, Mention
from analysis.corpus.voices.lexicon import Cue
from analysis.corpus.voices.phrases import LONGEST_APPOSED, MOST_APPOSED, Phrases
from analysis.corpus.voices.tokens import QUOTE

# Forms in "s" that are nouns as often as not.
_NOUNS = g.words("state charge promise propose estimate rule reason comment")
# "Some might say": nobody said it.
_MODALS = g.words("might could may should must shall")
_PASSIVES = g.words(
    "tell ask warn inform say remind advise report find call charge accuse describe send quote believe urge think announce estimate allege rule write describe dub cite blame propose claim regard"
)
_CONTRACTED = g.words("she's he's they've they're he'd she'd")
_WRITINGS = g.words(
    "statement letter tweet email e-mail message note memo post video brief order op-ed"
)
_VAGUE = g.words("some many others several one most few all both another")
_VAGUE_MANY = g.words("some many others most few several dead")
_ALWAYS_VERBS = g.words("say tell argue insist explain write")
_ASIDES = g.words(
    "including reporting however meanwhile speaking citing referring himself appearing led speaking writing noting asked when"
)
_TO_SAY = g.words(
    "say complain argue rule announce warn declare explain question ask suggest insist claim add note report state write tell point"
)
_SUBORDINATE = g.words("when while because although though until")


class Subjects(Phrases):
    """Finds the speaker before a cue."""

    def subject(self, at: int, cue: Cue, found: list[Attribution]) -> tuple[Mention | None, int]:
        low, words = self.t.low, self.t.words
        j = at - 1
        negated = passive = False
        while j >= 0 and (
            (
                low[j] in g.AUXILIARIES
                and (words[j].islower() or (j > 0 and not self.t.is_capital(j)))
            )
            or low[j] in g.NEGATIONS
            or g.is_adverb(low[j])
        ):
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
        if negated or (passive and cue.verb in _PASSIVES):
            return None, at
        if cue.form == "ing" and j >= 0 and low[j + 1] not in g.BE:
            return self._participle(at, j, found, cue)
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
        if low[j] in g.PRONOUNS or low[j] in _CONTRACTED:
            if (cue.form == "s" and low[j] not in ("he", "she", "it")) or low[j] == "you":
                return None, at
            return Mention(j, j + 1, j, j + 1), j
        if low[j] in ("who", "which", "that"):
            return self._relative(at, j)
        if low[j] in ("and", "but", "or"):
            return self._same_subject(at, j, found)
        if words[j] == ",":
            apposed = self.left_of_comma(at) or self._opening_name(at)
            return (apposed, apposed.wide_first) if apposed else (None, at)
        if words[j] == ")":
            k = j
            while k > 0 and words[k] != "(" and j - k < 12:
                k -= 1
            first = self.left_start(k - 1)
            if k <= 0 or first >= k:
                return None, at
            return Mention(first, k, first, at), first
        if words[j] in STOPS or words[j] in (".", QUOTE):
            if words[j] in DASHES:
                k = j - 1
                while k > 0 and words[k] not in DASHES:
                    k -= 1
                if k > 0 and j - k < LONGEST_APPOSED:
                    first = self.left_start(k - 1)
                    if first < k:
                        return Mention(first, k, first, at), first
            return None, at
        first = self.left_start(j)
        through = self._through_relative(first, at)
        if through is not None:
            return through, through.first
        if first > j or not self._can_speak(first, j + 1, cue):
            return None, at
        return Mention(first, j + 1, first, j + 1), first

    def _through_relative(self, first: int, at: int) -> Mention | None:
        """The phrase before a relative clause that runs up to a cue: a man who saw it said."""
        k = first - 1
        if k < 1 or self.t.low[k] not in ("who", "whose", "which"):
            return None
        k -= 2 if self.t.words[k - 1] == "," else 1
        if k < 0 or not self.t.is_word(k):
            return None
        begin = self.left_start(k)
        if begin > k or not self.is_phrase(begin, k + 1):
            return None
        return Mention(begin, k + 1, begin, at)

    def _can_speak(self, first: int, last: int, cue: Cue) -> bool:
        """Whether tokens may be the subject of a cue that could be a noun as well."""
        low = self.t.low
        head = low[last - 1]
        if low[first] in g.PREPOSITIONS and low[first] not in ("about", "around", "over", "under"):
            return False
        if g.is_adverb(head) or head[0].isdigit() or (head.endswith("ed") and last - first == 1):
            return False
        if head in g.DETERMINERS and not (head in _VAGUE and last - first == 1):
            return False
        if head in g.PREPOSITIONS or (
            self.t.is_possessive(last - 1)
            and self.t.words[last - 1][-1] in "'\u2019s"
            and self.t.words[last - 1].endswith(("'s", "\u2019s"))
        ):
            return False
        if cue.form == "base":
            return (
                (head.endswith("s") and not self.t.words[last - 1].endswith(("'", "\u2019")))
                or head in g.SPEAKER_NOUNS_PLURAL
                or (self.t.is_capital(last - 1) and ("and" in low[first:last] or cue.verb == "say"))
                or head in _VAGUE_MANY
            )
        if cue.form == "s" and cue.verb in _NOUNS:
            return self.t.is_capital(last - 1) and not self.t.is_capital(last)
        if cue.form == "s" and cue.verb not in _ALWAYS_VERBS:
            return (
                self.t.is_capital(last - 1)
                or self.lexicon.role_of(low[first:last]) is not None
                or low[first] in ("the", "a", "an", "one")
            )
        return True

    def left_of_comma(self, at: int) -> Mention | None:
        """The subject before a description between commas that ends just before token `at`."""
        low, words = self.t.low, self.t.words
        j = at - 1
        while j >= 0 and words[j] != "," and (low[j] in g.AUXILIARIES or g.is_adverb(low[j])):
            j -= 1
        stop = j
        for _ in range(MOST_APPOSED):
            k = stop - 1
            while (
                k >= 0
                and words[k] != ","
                and words[k] not in HARD_STOPS - {"(", ")", QUOTE}
                and words[k] != "."
            ):
                k -= 1
                if stop - k > LONGEST_APPOSED + 8:
                    return None
            if k < 0 or words[k] != ",":
                return None
            opening = low[k + 1]
            fits = self.appositive(k + 1) or opening in g.PREPOSITIONS or opening in _ASIDES
            if not fits:
                return None
            first = self.left_start(k - 1)
            if first < k and self.is_phrase(first, k):
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
        if first >= comma or not self.is_name(first, comma) or not self.is_phrase(first, comma):
            return None
        relative = False
        for k in range(comma, at):
            relative = relative or self.t.low[k] in ("who", "which", "whose", "that")
            if self.t.words[k] == ";" or (g.is_finite(self.t.low[k]) and not relative):
                return None
        return Mention(first, comma, first, at)

    def _relative(self, at: int, j: int) -> tuple[Mention | None, int]:
        if self.t.low[j] == "that" and (j == 0 or not self.t.is_word(j - 1)):
            return None, at
        k = j - 1
        if k >= 0 and self.t.words[k] in (",", *DASHES):
            k -= 1
        if k < 0 or not self.t.is_word(k):
            return None, at
        first = self.left_start(k)
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

    def _participle(
        self, at: int, j: int, found: list[Attribution], cue: Cue
    ) -> tuple[Mention | None, int]:
        """Of ", adding that" the speaker is the subject of the clause before."""
        if j < 0 or (
            self.t.words[j] not in (",", QUOTE, "\u2014", "\u2013", "--")
            and self.t.low[j] not in ("and", "by", "while", "before", "after")
        ):
            # ", with Sheriff Park saying: "
            first = self.left_start(j)
            if 0 < first <= j and self.t.low[first - 1] == "with" and self.is_name(first, j + 1):
                return Mention(first, j + 1, first, j + 1), first - 1
            if cue.verb == "say" and (self.t.low[j] in _WRITINGS or self.t.low[j - 1] in _WRITINGS):
                # "He sent a letter on Monday saying that": what he wrote is what he says.
                return self.main_subject(j, found), at
            return None, at
        if self.t.low[j] in ("by", "while", "before", "after", "and"):
            start = j
        else:
            start = j if self.t.words[j] != QUOTE else at
        return self.main_subject(start, found), start

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
        if before in ("on",) or cue.verb in _TO_SAY:
            subject = self.main_subject(j, [])
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
        return self.main_subject(j, found), j - (j > 0 and self.t.words[j - 1] == ",")

    def main_subject(self, stop: int, found: list[Attribution]) -> Mention | None:
        """The subject of the clause that ends at a token: the last speaker, or its first phrase."""
        for k in range(stop - 1, max(0, stop - 20), -1):
            if self.t.low[k] in _SUBORDINATE:
                nearest = self.first_phrase(k + 1, stop)
                if nearest is not None:
                    return nearest
                break
        for one in reversed(found):
            if one.speaker is not None and one.speaker.last <= stop:
                return one.speaker
        return self.first_phrase(0, stop)
