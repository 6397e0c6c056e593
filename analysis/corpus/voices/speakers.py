"""Speakers that a name or a noun phrase stands for."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.descriptions import Descriptions
from analysis.corpus.voices.found import Mention
from analysis.corpus.voices.reading import Parsed, Span
from analysis.corpus.voices.tokens import QUOTE


@dataclass(frozen=True)
class Speaker:
    """Who speaks: where it stands in the text, the name at its fullest, and the role.

    `name` is empty and `span` may be null where the piece does not tell.
    """

    span: Span | None
    name: str
    role: str


UNKNOWN = Speaker(None, "", "unnamed")


class Speakers(Descriptions):
    """Makes speakers of noun phrases."""

    def named(self, parsed: Parsed, mention: Mention) -> Speaker:
        """The speaker that a noun phrase or a name stands for."""
        t = parsed.tokens
        found = self.name_in(t, mention.first, mention.last)
        if found is None:
            found = self.name_of(t, mention) or self.apposed_name(t, mention)
        if found is None:
            return self._noun(parsed, mention)
        first, last = found
        span = (t.starts[first], self.end_of(t, last - 1))
        name = self.text[span[0] : span[1]]
        full = self.full_name(name, span[0])
        return Speaker(span, full, self.role_of_person(parsed, mention, found, full))

    def _noun(self, parsed: Parsed, mention: Mention) -> Speaker:
        t = parsed.tokens
        first, last = mention.first, mention.last
        words = t.low[first:last]
        start, end = t.starts[first], self.end_of(t, last - 1)
        if end <= start:
            return UNKNOWN
        name = self.text[start:end]
        if words[0] == "the" and len(words) == 2 and words[1] in g.TITLES:
            _ = self.by_last
            person = self.by_title.get(words[1])
            if person is not None:
                full = self.full_name(person, start)
                return Speaker((start, end), full, self.role_of_person(parsed, mention, None, full))
        low = [one for one in words if one != QUOTE]
        role = self.noun_role(t, mention, low)
        if name[:4] in ("The ", "the "):
            name = name[4:]
        return Speaker((start, end), name, role)
