"""The people of a piece: who each attribution gives its words to."""

from __future__ import annotations

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.found import Attribution
from analysis.corpus.voices.pronouns import Pronouns
from analysis.corpus.voices.reading import Parsed
from analysis.corpus.voices.speakers import UNKNOWN, Speaker


class Cast(Pronouns):
    """Resolves the speakers of one text, sentence by sentence in its order."""

    def speakers(self, number: int) -> list[Speaker]:
        """The speaker of each attribution of a sentence that has been given its attributions."""
        known = self.resolved.get(number)
        if known is None:
            parsed = self.sentence(number)
            known = self.resolved[number] = []
            for one in parsed.attributions:
                known.append(self.speaker(parsed, one, known) if one.speaker else UNKNOWN)
        return known

    def speaker(self, parsed: Parsed, one: Attribution, earlier: list[Speaker]) -> Speaker:
        mention = one.speaker
        assert mention is not None
        low = parsed.tokens.low
        first = low[mention.first].split("'")[0]
        if mention.last - mention.first == 1 and first in g.PRONOUNS:
            return self.pronoun(parsed, mention, first, earlier, one.place == "after")
        return self.named(parsed, mention)
