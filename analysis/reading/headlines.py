"""Frames of headlines beside those of what stands below them."""

from __future__ import annotations

import polars as pl

from analysis.reads import Build, Scope


def by_outlet(build: Build, scope: Scope) -> pl.DataFrame:
    """outlet, frame, headline, body, both: pieces in scope whose headline, body and both carry it."""
    return build.database.read("headlines_by_outlet", **scope.counting())


def pairs(
    build: Build, scope: Scope, frame: str, *, asserted: bool, seed: int, most: int
) -> pl.DataFrame:
    """Pieces whose headline and body part over a frame: id, outlet, published, title, sentence (of
    the body, with the highest score), score in [0, 1], found (how many there are in all).

    `asserted`: the headline carries it and no sentence of the body; else the reverse.
    """
    return build.database.read(
        "headline_pairs",
        **scope.counting(),
        frame=frame,
        asserted=asserted,
        seed=seed,
        most=most,
    )
