"""What the rules find in a sentence: noun phrases that speak, and attributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.corpus.voices.tokens import QUOTE

DASHES = ("\u2014", "\u2013", "--")
STOPS = frozenset([*",;:()[]?!|-", *DASHES, "...", "\u2026", QUOTE])
HARD_STOPS = STOPS - {","}

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
