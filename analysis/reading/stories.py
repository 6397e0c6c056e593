"""Stories of a build: pieces about the same event."""

from __future__ import annotations

import polars as pl

from analysis.reads import Build


def members(build: Build) -> pl.DataFrame:
    """Every piece with its story: id, story, story_title, title, outlet, published, pieces, outlets.

    A piece that is alone with its event has its own id as story, 1 piece and 1 outlet.
    """
    return build.database.read("stories_of_pieces")
