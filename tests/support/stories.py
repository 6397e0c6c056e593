"""Small corpora for stories, and how well stories found are those that were told."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analysis.corpus import stories

NOTHING = pl.DataFrame(schema=stories.MEMBERS)


@dataclass(frozen=True)
class Score:
    """Pairs found and told, found, and told."""

    both: int
    found: int
    told: int

    @property
    def f1(self) -> float:
        return 2 * self.both / max(self.found + self.told, 1)

    def __str__(self) -> str:
        precision, recall = self.both / max(self.found, 1), self.both / max(self.told, 1)
        return f"F1 {self.f1:.3f} (precision {precision:.3f}, recall {recall:.3f})"


def score(pieces: pl.DataFrame) -> Score:
    """Over all pairs of `pieces` [story, told]."""

    def pairs(*columns: str) -> int:
        sizes = pieces.group_by(*columns).len().get_column("len").cast(pl.Int64)
        return int((sizes * (sizes - 1) // 2).sum())

    return Score(pairs("story", "told"), pairs("story"), pairs("told"))


def corpus(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows [id, outlet, published, title, text] as pieces of a corpus, keyed in their order."""
    day = pl.when(pl.col("published").is_null()).then(pl.lit("none")).otherwise(pl.lit("day"))
    return rows.with_columns(
        piece_key=pl.int_range(1, pl.len() + 1, dtype=pl.Int32),
        date_precision=day,
        title=pl.col("title").fill_null(""),
        text=pl.col("text").fill_null(""),
    )
