"""Keys of stories that stay from run to run, and titles."""

from __future__ import annotations

import hashlib

import polars as pl


def keyed(members: pl.DataFrame, previous: pl.DataFrame) -> pl.DataFrame:
    """`members` [piece_key, id, published, story] with the story's key: [piece_key, story_key].

    A story keeps the key that most of its pieces had in `previous` [piece_key, story_key]; of two
    stories that claim one key the one with more of its pieces has it, then the one with the
    earlier first piece. A story without claim is named by a hash of its first piece's id.
    """
    first = (
        members.sort("published", "id", nulls_last=True)
        .group_by("story", maintain_order=True)
        .agg(pl.col("id").first())
        .with_row_index("order")
    )
    claims = (
        members.join(previous, on="piece_key")
        .group_by("story", "story_key")
        .agg(pieces=pl.len())
        .join(first, on="story")
        .sort("pieces", "order", "story_key", descending=[True, False, False])
    )
    given: dict[int, str] = {}
    taken: set[str] = set()
    for story, key in claims.select("story", "story_key").iter_rows():
        if story not in given and key not in taken:
            given[story] = key
            taken.add(key)
    for story, piece in first.select("story", "id").iter_rows():
        if story not in given:
            given[story] = _fresh(piece, taken)
            taken.add(given[story])
    named = pl.DataFrame(
        {"story": list(given), "story_key": list(given.values())},
        schema={"story": members.schema["story"], "story_key": pl.String},
    )
    return members.join(named, on="story").select("piece_key", "story_key").sort("piece_key")


def _fresh(piece: str, taken: set[str]) -> str:
    """A hash of the id; hashed again where an older story has that key already."""
    key = piece
    while True:
        key = "s" + hashlib.sha256(key.encode()).hexdigest()[:10]
        if key not in taken:
            return key
