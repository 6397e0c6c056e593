"""Articles as other outlets print them: altered the way newsrooms alter wire copy."""

from __future__ import annotations

import random
from collections.abc import Sequence

import polars as pl

from analysis.corpus.sentences import spans_of_all

BYLINE = "By Maria Example, Staff Writer\n\nMIAMI (Wire) — "
TEXTS = {"piece_key": pl.Int32, "title": pl.Utf8, "text": pl.Utf8}


def altered(
    texts: Sequence[str], *, every: int, added: float, seed: int
) -> tuple[pl.DataFrame, list[int]]:
    """`texts` and, of every so many, one or two altered copies: [piece_key, title, text], and for
    each row the index of the text that it stems from.

    A copy has a new headline and, each in seven of ten cases, 30 % of the tail cut, up to the share
    `added` of its sentences put in from other articles, and a byline; the order is kept.
    """
    draw = random.Random(seed)
    split = [
        [text[start:end] for start, end in spans]
        for text, spans in zip(texts, spans_of_all(list(texts)), strict=True)
    ]
    rows = [f"Headline {number}" for number in range(len(texts))]
    bodies, origin = list(texts), list(range(len(texts)))
    for number in range(0, len(texts), every):
        for _ in range(draw.choice((1, 1, 2))):
            kept = _without_tail(split[number]) if draw.random() < 0.7 else list(split[number])
            if draw.random() < 0.7:
                for _ in range(round(draw.uniform(0, added) * len(split[number]))):
                    other = split[draw.randrange(len(texts))] or [""]
                    kept.insert(draw.randrange(len(kept) + 1), draw.choice(other))
            head = BYLINE if draw.random() < 0.7 else ""
            paragraphs = (" ".join(kept[i : i + 3]) for i in range(0, len(kept), 3))
            rows.append(f"Another headline {number}")
            bodies.append(head + "\n\n".join(paragraphs))
            origin.append(number)
    keys = list(range(len(bodies)))
    return pl.DataFrame({"piece_key": keys, "title": rows, "text": bodies}, schema=TEXTS), origin


def _without_tail(sentences: Sequence[str]) -> list[str]:
    room, kept = 0.7 * sum(map(len, sentences)), []
    for sentence in sentences:
        room -= len(sentence)
        if room < 0:
            break
        kept.append(sentence)
    return kept


def pairs(groups: pl.DataFrame, group: str, key: str = "piece_key") -> set[tuple[object, object]]:
    """Unordered pairs of keys that share a group."""
    members = groups.drop_nulls(group).select(key, of=group)
    both = members.join(members, on="of", suffix="_other")
    return set(
        both.filter(pl.col(key) < pl.col(f"{key}_other")).select(key, f"{key}_other").iter_rows()
    )


def f1(found: set[tuple[object, object]], there: set[tuple[object, object]]) -> float:
    """Pairwise F1; NaN where there is nothing to find and nothing found."""
    total = len(found) + len(there)
    return 2 * len(found & there) / total if total else float("nan")
