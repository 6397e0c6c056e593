"""What a fair comparison asks of a build: the pieces of both sides, and names of stories."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analysis.reads import Build, Scope


@dataclass(frozen=True)
class Sides:
    """Who is compared: an outlet with another, or with all others (`other` None); or, with `since`,
    what an outlet (None: all in scope) published from that day's week on with what was before."""

    one: str | None
    other: str | None = None
    since: dt.date | None = None

    @property
    def monday(self) -> dt.date | None:
        """The first day after the division, of whole weeks."""
        return self.since and self.since - dt.timedelta(days=self.since.weekday())


def compared_pieces(build: Build, scope: Scope, sides: Sides, frame: str) -> pl.DataFrame:
    """piece, side (0 the first, 1 the second), topic, story, cluster, score, present."""
    return build.database.read(
        "compared_pieces",
        **scope.counting(),
        frame=frame,
        one=sides.one,
        other=sides.other,
        since=sides.monday,
    )


def story_titles(build: Build, keys: Sequence[str]) -> dict[str, str]:
    """Titles of stories by key."""
    return dict(build.database.read("story_titles", keys=list(keys)).iter_rows())
