"""Words of groups of pieces or of sentences: what `measure.keyness` needs, and lines to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from analysis.corpus.concordance import line, uses
from analysis.measure.keyness import (
    REST,
    Contrast,
    Uses,
    contenders,
    keyness,
    stability,
)
from analysis.reads import Build, Scope

By = Literal["outlet", "topic", "frame", "year", "quarter", "event"]

# Beyond this a seeded sample of the pieces in scope is counted, so that a view answers at once.
MOST_PIECES = 20_000

# What is not in a frame's sentences.
WITHOUT = "without: "


@dataclass(frozen=True)
class Counting:
    """What is counted: groups `by` what, single words or `pairs`, with or without function words.

    `least`: fewest pieces of the corpus that have the word; `event`: the first day of the group
    'after', for by 'event'; `most`: pieces counted at most, a sample by `seed` where there are more.
    """

    by: By = "outlet"
    pairs: bool = False
    functions: bool = False
    least: int = 5
    event: dt.date | None = None
    most: int = MOST_PIECES
    seed: int = 7

    def pieces(self) -> dict[str, Any]:
        """Query parameters that choose the pieces counted."""
        return {"most": self.most, "seed": self.seed}

    def sides(self) -> dict[str, Any]:
        """Query parameters that divide them."""
        return {**self.pieces(), "side": self.by, "event": self.event}

    def terms(self) -> dict[str, Any]:
        """Query parameters that choose the words."""
        return {"pairs": self.pairs, "functions": self.functions, "least": self.least}


@dataclass(frozen=True)
class Compared:
    """Rows of `measure.keyness`, its prior's weight in words, and how many pieces were counted."""

    rows: pl.DataFrame
    alpha: float
    pieces: int
    words: int


def groups(build: Build, scope: Scope, counting: Counting) -> pl.DataFrame:
    """group, pieces, words: what can be compared, by falling number of words; frames as they are."""
    if counting.by == "frame":
        sizes = _frame_sizes(build, scope, counting, [frame["id"] for frame in build.frames])
        return sizes.filter(~pl.col("group").str.starts_with(WITHOUT))
    sizes = build.database.read(
        "keyness_sizes", **scope.counting(), **counting.sides(), groups=None
    )
    return sizes.rename({"side": "group"})


def compared(
    build: Build, scope: Scope, counting: Counting, contrasts: Sequence[Contrast]
) -> Compared:
    """Which words the groups of each contrast use more and less; see `measure.keyness`.

    A frame without another is compared with all sentences in scope that do not carry it. The prior
    weighs as many words as an average piece in scope has.
    """
    named = _named(contrasts)
    whole = build.database.read(
        "keyness_sizes", **scope.counting(), **counting.sides(), groups=named
    )
    pieces, words = int(whole["pieces"].sum()), int(whole["words"].sum())
    alpha = words / pieces if words else 1.0
    if counting.by == "frame":
        cells = build.database.read(
            "keyness_frame_cells",
            **scope.counting(),
            **counting.pieces(),
            **counting.terms(),
            frames=named,
        ).with_columns(group=_FRAME_SIDE)
        sizes = _frame_sizes(build, scope, counting, named)
    else:
        cells = build.database.read(
            "keyness_cells",
            **scope.counting(),
            **counting.sides(),
            **counting.terms(),
            groups=named,
        ).with_columns(group=_side(named))
        sizes = whole.with_columns(group=pl.col("side").fill_null(REST))
    asked = [_explicit(contrast, counting) for contrast in contrasts]
    return Compared(keyness(cells, sizes, asked, alpha=alpha), alpha, pieces, words)


def stable(
    build: Build,
    scope: Scope,
    counting: Counting,
    contrast: Contrast,
    found: Compared,
    *,
    top: int = 20,
    resamples: int = 200,
) -> pl.DataFrame:
    """How firmly the first and the last words of a contrast hold their places; `found` has it.

    Rows of `measure.stability`.
    """
    asked = _explicit(contrast, counting)
    against = asked.other or REST
    rows = found.rows.filter((pl.col("group") == asked.one) & (pl.col("against") == against))
    named = _named([contrast])
    ask = {**scope.counting(), **counting.sides(), "groups": named}
    asked_terms = contenders(rows, top)
    used = build.database.read("keyness_uses", **ask, terms=asked_terms)
    clusters = build.database.read("keyness_clusters", **ask)
    counts = used.with_columns(group=_side(named)).select("term", "cluster", "group", "n")
    clusters = clusters.with_columns(group=_side(named)).select("cluster", "group", "words")
    if counting.by == "frame":
        background = counts.filter(pl.col("group") == REST)
        counts = _and_without(counts, asked, ["term", "cluster"], "n")
        clusters = _and_without(clusters, asked, ["cluster"], "words")
    else:
        background = counts
    shares = background.group_by("term").agg(share=pl.col("n").sum() / found.words)
    return stability(
        Uses(counts, clusters, shares),
        asked,
        alpha=found.alpha,
        top=top,
        resamples=resamples,
        seed=counting.seed,
    )


@dataclass(frozen=True)
class Lines:
    """Lines of a concordance (id, outlet, published, left, phrase, right), of how many uses in how
    many pieces they are a random sample."""

    rows: pl.DataFrame
    uses: int
    pieces: int


_LINES: dict[str, Any] = {
    "id": pl.String,
    "outlet": pl.String,
    "published": pl.Date,
    "left": pl.String,
    "phrase": pl.String,
    "right": pl.String,
}


def lines(
    build: Build,
    scope: Scope,
    counting: Counting,
    term: str,
    *,
    group: str | None = None,
    without: bool = False,
    most: int = 25,
) -> Lines:
    """A seeded random sample of a term's uses in a group, or, with `without`, in all others.

    `group` None takes all pieces in scope. A term that is not counted has no lines.
    """
    drawn = build.database.read(
        "term_uses",
        **scope.counting(),
        **counting.sides(),
        one=group,
        without=without,
        term=term,
        uses=most,
    )
    phrase = term.split(" ")
    found = []
    for row in drawn.iter_rows(named=True):
        at = row["use"]
        for text, inside in ((row["title"], True), (row["text"], False)):
            spans = [(a, b) for number, a, b in row["spans"] if (number == 0) == inside]
            places = uses(text, spans, phrase)
            if at < len(places):
                shown = line(text, *places[at])
                where = (row["id"], row["outlet"], row["published"])
                found.append((*where, shown.left, shown.phrase, shown.right))
                break
            at -= len(places)
    rows = pl.DataFrame(found, schema=_LINES, orient="row")
    if drawn.is_empty():
        return Lines(rows, 0, 0)
    return Lines(rows, drawn["total"][0], drawn["total_pieces"][0])


def _explicit(contrast: Contrast, counting: Counting) -> Contrast:
    """The contrast with what a frame alone is compared with."""
    if counting.by == "frame" and contrast.other is None:
        return Contrast(contrast.one, WITHOUT + contrast.one)
    return contrast


def _named(contrasts: Sequence[Contrast]) -> list[str]:
    both = ((contrast.one, contrast.other) for contrast in contrasts)
    return list(dict.fromkeys(name for pair in both for name in pair if name is not None))


def _side(named: Sequence[str]) -> pl.Expr:
    """The group's name of its place in the list; 0 is all others."""
    names = [REST, *named]
    return pl.col("side").replace_strict(range(len(names)), names, return_dtype=pl.String)


_FRAME_SIDE = pl.when("inside").then("frame").otherwise(pl.lit(WITHOUT) + pl.col("frame"))


def _frame_sizes(
    build: Build, scope: Scope, counting: Counting, frames: Sequence[str]
) -> pl.DataFrame:
    rows = build.database.read(
        "keyness_frame_sizes", **scope.counting(), **counting.pieces(), frames=list(frames)
    )
    return rows.with_columns(group=_FRAME_SIDE)


def _and_without(rows: pl.DataFrame, asked: Contrast, keys: list[str], value: str) -> pl.DataFrame:
    """Rows of frames, and of what is left of whole pieces (REST) without the first of them."""
    inside = rows.filter(pl.col("group") == asked.one).select(*keys, inside=value)
    left = (
        rows.filter(pl.col("group") == REST)
        .join(inside, on=keys, how="left")
        .with_columns(
            pl.col(value) - pl.col("inside").fill_null(0), group=pl.lit(WITHOUT + asked.one)
        )
        .filter(pl.col(value) > 0)
        .select(rows.columns)
    )
    return pl.concat([rows.filter(pl.col("group") != REST), left])
