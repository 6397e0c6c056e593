"""What the verdicts on many numbers come to: how many of each, why, and what would help most."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import polars as pl

from analysis.measure.gate import VERDICTS

BETWEEN = "; "
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Summary:
    """`counts` by verdict, the best first, none of 0. Of the numbers held back: the commonest
    `reason`, how many it is given for, the `remedy` that lets most of them through, and how many
    it does by itself; '' and 0 where nothing is held back."""

    counts: dict[str, int]
    reason: str = ""
    given_for: int = 0
    remedy: str = ""
    opens: int = 0

    @property
    def numbers(self) -> int:
        return sum(self.counts.values())


def summed_up(rows: pl.DataFrame) -> Summary:
    """Of rows with verdict, reason and remedy as the gate gives them."""
    found = Counter(rows["verdict"])
    counts: dict[str, int] = {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}
    held = rows.filter(pl.col("verdict") != VERDICTS[0])
    if held.is_empty():
        return Summary(counts)
    reason, given_for = _commonest(held["reason"].to_list())
    remedy, opens = _best(held["remedy"].to_list())
    return Summary(counts, reason, given_for, remedy, opens)


def _commonest(reasons: list[str]) -> tuple[str, int]:
    """The reason given most often, apart from its first number, which becomes a range."""
    alike: dict[str, list[str]] = {}
    for text in (part for one in reasons for part in one.split(BETWEEN)):
        alike.setdefault(_alike(text), []).append(text)
    texts = max(alike.values(), key=len)
    return _ranged(texts), len(texts)


def _best(remedies: list[str]) -> tuple[str, int]:
    """The remedy that is all that most numbers lack; then the one named most, then the cheapest."""
    alone: Counter[str] = Counter()
    named: dict[str, list[str]] = {}
    for one in filter(None, remedies):
        parts = one.split(BETWEEN)
        for part in parts:
            named.setdefault(_alike(part), []).append(part)
        if len(parts) == 1:
            alone[_alike(one)] += 1
    if not named:
        return "", 0
    best = min(
        named, key=lambda kind: (-alone[kind], -len(named[kind]), _first(named[kind][0]), kind)
    )
    return _ranged(named[best]), alone[best]


def _alike(text: str) -> str:
    """The text without its first number."""
    return NUMBER.sub("#", text, count=1).replace("pieces", "piece")


def _ranged(texts: list[str]) -> str:
    """One text for all that are alike: their first number as a range."""
    values = sorted({_first(text) for text in texts})
    longest = max(texts, key=_first)
    if len(values) == 1:
        return longest
    return NUMBER.sub(f"{values[0]:g} to {values[-1]:g}", longest, count=1)


def _first(text: str) -> float:
    found = NUMBER.search(text)
    return float(found[0].replace(",", "")) if found else 0.0
