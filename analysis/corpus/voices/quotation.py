"""Quotations and how they lie in one another."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]

DIRECT, REPORTED = "direct", "reported"
# What is left of a reported quotation that a direct one cuts into, in characters.
_LEAST = 12


@dataclass(frozen=True)
class Quotation:
    """Somebody's words: `kind` direct or reported, [start, end) in the text (without marks).

    `sentence` is the one it begins in, from 1. `cue` and `speaker` are offsets, null where the
    piece gives none; `name` is the speaker at their fullest, or empty. `nested` says that it
    stands in a reported quotation, whose words it is a part of.
    """

    sentence: int
    kind: str
    start: int
    end: int
    cue: Span | None
    speaker: Span | None
    name: str
    role: str
    nested: bool = False


def ordered(text: str, found: list[Quotation]) -> list[Quotation]:
    """In order, with direct quotations cut to the reported ones that they would cross."""
    reported = sorted((one for one in found if one.kind == REPORTED), key=lambda one: one.start)
    kept: list[Quotation] = []
    at = 0
    for one in reported:
        if kept and one.start < kept[-1].end:
            continue
        kept.append(one)
    direct = sorted((one for one in found if one.kind == DIRECT), key=lambda one: one.start)
    crossed: set[int] = set()
    placed: list[Quotation] = []
    for one in direct:
        while at < len(kept) and kept[at].end <= one.start:
            at += 1
        nested = False
        k = at
        while k < len(kept) and kept[k].start < one.end:
            if kept[k].start <= one.start and one.end <= kept[k].end:
                nested = True
            else:
                crossed.add(k)
            k += 1
        placed.append(
            Quotation(
                one.sentence, one.kind, one.start, one.end, one.cue, one.speaker, one.name,
                one.role, nested,
            )
        )  # fmt: skip
    trimmed: list[Quotation] = []
    for k, one in enumerate(kept):
        if k in crossed:
            trimmed += _around_direct(text, one, placed)
        else:
            trimmed.append(one)
    return sorted([*trimmed, *placed], key=lambda one: (one.start, -one.end))


def _around_direct(text: str, one: Quotation, direct: list[Quotation]) -> list[Quotation]:
    """A reported quotation cut back to where a direct one crosses its edge; none if little is left."""
    start, end = one.start, one.end
    for other in direct:
        if other.start < end and other.end > end:
            end = other.start
        if other.start < start < other.end:
            start = other.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end - start < _LEAST:
        return []
    return [Quotation(one.sentence, one.kind, start, end, one.cue, one.speaker, one.name, one.role)]
