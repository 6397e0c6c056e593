"""Words and stops of one sentence, with each quoted stretch as a single token."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from analysis.corpus.voices.marks import Quoted

QUOTE = '"'

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}(?:-[A-Z][a-z]+\.?)?"
    r"|(?:Mrs?|Ms|Dr|Sens?|Reps?|Govs?|Gen|Lt|Col|Sgt|Capt|Maj|Adm|Rev|Det|St|Jr|Sr|Prof|Hon|Pres"
    r"|Atty|Supt|Cmdr|Cpl|Asst|Dist|Jan|Feb|Aug|Sept|Oct|Nov|Dec|No)\."
    r"|\b[A-Z]\.(?=\s)"
    r"|\d[\d,.]*\d(?![\w-])"
    r"|[DRI]-[A-Z][\w.]*"
    r"|[^\W_]+(?:(?:[-'\u2019&@]|\.(?=[a-z\d]))[^\W_]+)*['\u2019]?"
    r"|--+|\.\.+|\S"
)
# "el-Sissi", "al-Saleh"
PREFIXED = re.compile(r"(?:al|el|as|ar|ash|at|an)-[A-Z]")
_ACRONYMS = frozenset(["ICE", "US", "WHO", "IT"])
WORDLIKE = re.compile(r"[^\W_]")


@dataclass
class Tokens:
    """Tokens of a sentence: as they stand, in lower case without possessive, and where.

    A quoted stretch is the token QUOTE, with its place in `quotes`.
    """

    words: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    quotes: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.words)

    def add(self, text: str, start: int, end: int) -> None:
        for one in _TOKEN.finditer(text, start, end):
            word = one[0]
            if word == "." and self._abbreviates(text, one.start(), one.end(), end):
                self.words[-1] += "."
                self.ends[-1] = one.end()
                continue
            self.words.append(word)
            self.low.append(bare(word))
            self.starts.append(one.start())
            self.ends.append(one.end())

    def _abbreviates(self, text: str, start: int, end: int, last: int) -> bool:
        """Whether a full stop inside a sentence belongs to the word before it: "Acme Inc. said"."""
        if not self.ends or self.ends[-1] != start or end >= last or not text[end].isspace():
            return False
        # Two sentences that were not told apart: "the hall. Police said".
        word = self.words[-1]
        return not (len(word) > 3 and word.islower() and text[end + 1 : end + 2].isupper())

    def add_quote(self, number: int, start: int, end: int) -> None:
        self.quotes[len(self.words)] = number
        self.words.append(QUOTE)
        self.low.append(QUOTE)
        self.starts.append(start)
        self.ends.append(end)

    def is_word(self, at: int) -> bool:
        return 0 <= at < len(self.words) and WORDLIKE.match(self.words[at]) is not None

    def is_capital(self, at: int) -> bool:
        if not 0 <= at < len(self.words):
            return False
        word = self.words[at]
        return word[0].isupper() or (word[0] in "ae" and PREFIXED.match(word) is not None)

    def is_possessive(self, at: int) -> bool:
        return self.words[at].endswith(("'s", "\u2019s", "s'", "s\u2019"))


@lru_cache(maxsize=1 << 16)
def bare(word: str) -> str:
    """In lower case, with a straight apostrophe, without a possessive ending or a full stop."""
    if word in _ACRONYMS:
        # No pronouns, and no ice.
        return ".".join(word.lower())
    low = word.lower().replace("\u2019", "'")
    if low.endswith("'s") and low not in ("it's", "he's", "she's", "that's", "there's"):
        return low[:-2]
    return low.rstrip("'.") or low


def tokens_of(
    text: str, start: int, end: int, quotes: list[Quoted], first: int
) -> tuple[Tokens, int]:
    """Tokens of the sentence [start, end), and the first quote that may touch the next one.

    `first` is the first of `quotes` that may touch this sentence.
    """
    tokens = Tokens()
    while first < len(quotes) and quotes[first].outer_end <= start:
        first += 1
    at, number = start, first
    while number < len(quotes) and quotes[number].outer_start < end:
        quote = quotes[number]
        if quote.outer_start > at:
            tokens.add(text, at, quote.outer_start)
        tokens.add_quote(number, max(quote.outer_start, start), min(quote.outer_end, end))
        at = max(at, min(quote.outer_end, end))
        number += 1
    if at < end:
        tokens.add(text, at, end)
    return tokens, first
