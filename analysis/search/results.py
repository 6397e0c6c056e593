"""A search as a reader sees it: pages of hits with snippets, and how often, by outlet and over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from analysis.measure.shares import with_shares
from analysis.reads import Bin, Build, Scope
from analysis.search import query
from analysis.search.find import find, names
from analysis.search.highlight import Snippet, snippet
from analysis.search.index import SearchIndex, Unit
from analysis.search.query import Node

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


@dataclass(frozen=True)
class Hits:
    """All that a search finds in a build, whatever the scope; `keys` as `find` gives them."""

    node: Node
    unit: Unit
    keys: pl.DataFrame


@dataclass(frozen=True)
class Hit:
    """One hit: the piece, its headline and the part of the text to show, matches marked.

    `sentence` is None for pieces, 0 for a headline.
    """

    id: str
    outlet: str
    published: Any
    topic_key: str
    sentence: int | None
    score: float
    title: Snippet
    text: Snippet


def search(build: Build, index: SearchIndex, text: str, unit: Unit) -> Hits:
    """Raises SearchError for a search that can't be understood."""
    node = query.parse(text)
    return Hits(node, unit, find(index, node, unit, names(build)))


def page(
    build: Build,
    scope: Scope,
    hits: Hits,
    *,
    sort: Sort = "relevance",
    most: int = 25,
    skip: int = 0,
) -> list[Hit]:
    """Some of the hits in scope; undated ones come last by date."""
    rows = build.database.read_with(
        {"incoming_hit": hits.keys},
        "search_page",
        **scope.counting(),
        sort=sort,
        most=most,
        skip=skip,
    )
    return [_hit(row, hits.node) for row in rows.iter_rows(named=True)]


def counts(build: Build, scope: Scope, hits: Hits, bin: Bin | None = None) -> pl.DataFrame:
    """outlet, start (null without bins), n (pieces in scope), k (with a hit), hits, share, low, high.

    Bins in which an outlet has no piece are absent. The interval is Wilson's: it takes the pieces
    for a sample of what the outlet might have published.
    """
    rows = build.database.read_with(
        {"incoming_hit": hits.keys}, "search_counts", **scope.counting(), bin=bin
    )
    return with_shares(rows)


def together(rows: pl.DataFrame) -> pl.DataFrame:
    """`counts` of all outlets as one, by start."""
    sums = rows.group_by("start").agg(pl.col("n", "k", "hits").sum()).sort("start")
    return with_shares(sums)


def _hit(row: dict[str, Any], node: Node) -> Hit:
    whole = snippet(row["title"], node, title=True, width=10**6)
    start, end = row["start_char"], row["end_char"]
    text = row["text"]
    if row["sentence"]:
        shown = snippet(text[start:end], node)
    elif row["sentence"] == 0:
        shown = Snippet("", 0, ())
    else:
        shown = snippet(text, node)
    return Hit(
        row["id"],
        row["outlet"],
        row["published"],
        row["topic_key"],
        row["sentence"],
        row["score"],
        whole,
        shown,
    )
