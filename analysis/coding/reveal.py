"""Which coded pieces may be looked at: those that nobody has still to code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analysis.coding import codes
from analysis.coding.ledger import Ledger
from analysis.coding.marks import Frame


@dataclass(frozen=True)
class Revealed:
    """`pieces` may be shown with codes and scores; `waiting` others are coded, but not by all."""

    pieces: frozenset[str]
    waiting: int


def revealed(ledger: Ledger, sample: str, frames: Sequence[Frame]) -> Revealed:
    """A piece for one coder once it is coded; one for all once every coder of the sample has it.

    A coder of the sample is who has a valid coding in it. A piece for all waits while there is one
    coder only, as a second may come. Codes count under the current definitions of all frames.
    """
    known = codes.long(ledger, sample, frames)
    whole = (
        known.group_by("unit", "coder")
        .len()
        .filter(pl.col("len") == len(frames))
        .group_by(piece="unit")
        .agg(coders=pl.len())
    )
    everyone = max(2, codes.long(ledger, sample)["coder"].n_unique())
    drawn = ledger.read("sample_pieces", sample=sample).select("piece", "overlap")
    table = whole.join(drawn, on="piece")
    open_to_see = (pl.col("overlap") == 0) | (pl.col("coders") >= everyone)
    shown = table.filter(open_to_see)["piece"].to_list()
    return Revealed(frozenset(shown), known["unit"].n_unique() - len(shown))
