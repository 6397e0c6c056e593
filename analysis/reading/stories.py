"""Stories of a build: pieces about the same event."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.reads import Build, Scope


def members(build: Build) -> pl.DataFrame:
    """Every piece with its story: id, story, story_title, title, outlet, published, pieces, outlets.

    A piece that is alone with its event has its own id as story, 1 piece and 1 outlet.
    """
    return build.database.read("stories_of_pieces")


def stories(build: Build, scope: Scope, query: str = "") -> pl.DataFrame:
    """story_key, title, pieces, outlets, copies, first_day, last_day of stories with pieces in scope.

    The most widely told come first. `query` is looked for in titles and headlines. Pieces that are
    alone with their event are no story here.
    """
    asked = {**scope.pieces(), "query": query.strip() or None}
    return build.database.read("stories_in_scope", **asked)


def title(build: Build, story: str) -> str | None:
    """The story's title; None where no story of two pieces or more has that key."""
    rows = build.database.read("story_title", story=story)
    return str(rows["title"][0]) if rows.height else None


def pieces(build: Build, story: str) -> pl.DataFrame:
    """piece_key, id, outlet, published, title, text, is_lead (the outlet's first on this story),
    is_original, copied_from (null where the text is the outlet's own or the origin)."""
    return build.database.read("story_pieces", story=story)


def frames(build: Build, story: str) -> pl.DataFrame:
    """piece_key, frame, sentence, start_char, end_char: where each piece first carries each frame."""
    return build.database.read("story_frames", story=story)


def around(build: Build, story: str, outlets: Sequence[str]) -> pl.DataFrame:
    """outlet, pieces, told: of `outlets` (all if empty) those with pieces within a week of a story."""
    return build.database.read("outlets_around", story=story, outlets=list(outlets) or None)


def selection(
    build: Build, scope: Scope, outlet: str, peers: Sequence[str], least: int
) -> pl.DataFrame:
    """Each peer's first piece on every story that at least `least` of `peers` told, by frame.

    piece_key, piece, outlet, published, start, topic_key, is_original, copy_group, story_key,
    title, peers (how many), covered (whether `outlet` told the story at any time), frame, score,
    present. The scope's outlets do not count here.
    """
    asked = {key: value for key, value in scope.pieces().items() if key != "outlets"}
    return build.database.read(
        "selection_pieces", outlet=outlet, peers=list(peers), least=least, **asked
    )
