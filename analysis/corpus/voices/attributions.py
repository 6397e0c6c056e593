"""Who says something in a sentence, with which word, and what: rules over its tokens."""

from __future__ import annotations

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.complements import Complements
from analysis.corpus.voices.found import DASHES, HARD_STOPS, Attribution, Mention
from analysis.corpus.voices.lexicon import Cue
from analysis.corpus.voices.settling import Settling
from analysis.corpus.voices.subjects import Subjects
from analysis.corpus.voices.tokens import QUOTE

_NOT_SOURCES = g.words("plan plans schedule custom tradition need needs rule rules taste whether")
_PARTICLES = frozenset(
    [("out", "point"), ("on", "go"), ("back", "snap"), ("out", "cry"), ("up", "sum")]
)
# A "sentence" with more than these is none; what they cost grows with their square.
_MOST = 24
_BEFORE_INVERTED = (QUOTE, ",", "?", "!", *DASHES)
_BARE = ("report", "say", "write")
_AFTER_SPEAKER = g.DAYS | g.words("in on at who during of this last to")
_ENDS = g.words(", . ; — -- –")


class Sentence(Subjects, Complements, Settling):
    """Finds the attributions of one sentence."""

    def attributions(self) -> list[Attribution]:
        """All of them, in order; their clauses don't overlap."""
        found: list[Attribution] = []
        at = 0
        while at < self.n and len(found) < _MOST:
            one = self._at(at, found)
            if one is not None:
                found.append(one)
                at = max(at + 1, one.cue_end)
            else:
                at += 1
        return self.settled(found)

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
        last, wide = self.right_phrase(start, accordance=True)
        if last <= start or self.t.low[last - 1] in _NOT_SOURCES:
            return None
        speaker = Mention(start, last, start, wide)
        before = at - 1
        while before >= 0 and self.t.words[before] in (",", *DASHES):
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
        speaker, first = self.subject(at, cue, found)
        if speaker is None:
            return None
        last, clauses, place = self.complement(at, end, first, cue)
        if place is None:
            return None
        return Attribution(
            at, end, cue.verb, cue.form, speaker, first, last, place, clauses, place == "apart"
        )

    def _opening(self, end: int, cue: Cue) -> Attribution | None:
        """'Says Jane Roe, an organizer: "..."'."""
        if not self.t.is_capital(end) or not self.begins_phrase(end):
            return None
        last, wide = self.right_phrase(end)
        if last <= end or wide + 1 >= self.n or self.t.words[wide] not in (":", ","):
            return None
        if self.t.words[wide + 1] != QUOTE:
            return None
        speaker = Mention(end, last, end, wide)
        return Attribution(
            0, end, cue.verb, cue.form, speaker, 0, wide + 1, "before", [(wide + 1, self.n)]
        )

    def _inverted(self, at: int, end: int, cue: Cue) -> Attribution | None:
        if cue.form not in ("past", "s", "base") or ("telling" in cue.kinds and cue.verb == "tell"):
            return None
        if end >= self.n:
            return None
        if at == 0:
            return self._opening(end, cue)
        before = self.t.words[at - 1]
        # "...citizens reports Tagesspiegel."
        bare = cue.form == "s" and cue.verb in _BARE and self.t.is_capital(end)
        if before not in _BEFORE_INVERTED and not bare:
            return None
        if not self.begins_phrase(end):
            return None
        last, wide = self.right_phrase(end)
        if last <= end:
            return None
        after = self.t.words[last] if last < self.n else "."
        if before == QUOTE or (before == "," and at >= 2 and self.t.words[at - 2] == QUOTE):
            if last < self.n and (
                g.is_finite(self.t.low[last]) or self.t.low[last] in self.lexicon.cues
            ):
                return None
        else:
            if self.left_of_comma(at) is not None and before == ",":
                return None
            if not (after in _ENDS or last >= self.n or self.t.low[last] in _AFTER_SPEAKER):
                return None
        speaker = Mention(end, last, end, wide)
        stop = wide
        return Attribution(
            at, end, cue.verb, cue.form, speaker, at - (before == ","), stop, "after", []
        )
