"""One text being read: its sentences as tokens, made when they are asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.corpus.voices.attributions import Sentence
from analysis.corpus.voices.found import Attribution
from analysis.corpus.voices.lexicon import Lexicon
from analysis.corpus.voices.marks import Quoted
from analysis.corpus.voices.tokens import Tokens, tokens_of

Span = tuple[int, int]


@dataclass
class Parsed:
    """A sentence's tokens and attributions."""

    number: int
    start: int
    end: int
    tokens: Tokens
    rules: Sentence
    attributions: list[Attribution] = field(default_factory=list)


class Reading:
    """A text, its sentences and its quoted stretches."""

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
