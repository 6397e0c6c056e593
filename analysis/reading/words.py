"""Words of groups of pieces or of sentences: what `measure.keyness` needs, and lines to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from analysis.corpus.concordance import line
from analysis.corpus.concordance import uses as places_of
from analysis.measure import word_sums
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
    """group, words, pieces, clusters, spread of all that can be compared, largest first."""
    pieces = _pieces(build, scope, counting)
    return word_sums.sizes(pieces.filter(pl.col("group").is_not_null()))


def compared(
    build: Build, scope: Scope, counting: Counting, contrasts: Sequence[Contrast]
) -> Compared:
    """Which words the groups of each contrast use more and less; see `measure.keyness`.

    A frame without another is compared with all sentences in scope that do not carry it. The prior
    weighs as many words as an average piece in scope has.
    """
    pieces = _pieces(build, scope, counting)
    framed = counting.by == "frame"
    whole = pieces.filter(pl.col("group").is_null()) if framed else pieces
    words = int(whole["words"].sum())
    if not words:
        nothing = keyness(pl.DataFrame(), pl.DataFrame(), [], alpha=1.0)
        return Compared(nothing, 0.0, 0, 0)
    alpha = words / whole.height
    named = _named(contrasts)
    uses = build.database.read(
        "keyness_terms", **scope.counting(), **counting.pieces(), **counting.terms()
    )
    if framed:
        inside = build.database.read(
            "keyness_frame_terms",
            **scope.counting(),
            **counting.pieces(),
            **counting.terms(),
            frames=named,
        )
        sums = word_sums.of_frames(uses, inside, pieces.rename({"group": "frame"}), WITHOUT)
        sized = pieces.filter(pl.col("group").is_in(named))
        sizes = word_sums.sizes(
            pl.concat([sized, *(_without(pieces, name, ["piece_key"], "words") for name in named)])
        )
    else:
        told = _others_together(pieces, named)
        sums, sizes = word_sums.of_groups(uses, told), word_sums.sizes(told)
    cells = sums.join(build.database.read("term_names"), on="term_key", maintain_order="left")
    asked = [_explicit(contrast, counting) for contrast in contrasts]
    return Compared(keyness(cells, sizes, asked, alpha=alpha), alpha, whole.height, words)


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
    framed = counting.by == "frame"
    used = build.database.read(
        "keyness_uses", terms=contenders(rows, top), frames=named if framed else None
    )
    pieces = _pieces(build, scope, counting)
    if framed:
        counts = used.join(pieces.select("piece_key").unique(), on="piece_key")
        counts = counts.rename({"frame": "group"})
        background = counts.filter(pl.col("group").is_null())
        keys = ["term", "piece_key"]
        counts, pieces = (
            pl.concat([table.filter(pl.col("group").is_in(named)), *left])
            for table, left in (
                (counts, [_without(counts, asked.one, keys, "n")]),
                (pieces, [_without(pieces, asked.one, ["piece_key"], "words")]),
            )
        )
    else:
        pieces = _others_together(pieces, named)
        counts = used.join(pieces.select("piece_key", "group"), on="piece_key")
        background = counts
    shares = background.group_by("term").agg(share=pl.col("n").sum() / found.words)
    return stability(
        Uses(
            counts.group_by("term", "cluster", "group").agg(pl.col("n").sum()),
            pieces.group_by("cluster", "group").agg(pl.col("words").sum()),
            shares,
        ),
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
            places = places_of(text, spans, phrase)
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


def _pieces(build: Build, scope: Scope, counting: Counting) -> pl.DataFrame:
    """piece_key, cluster, group, words of what is counted; by frame also whole pieces (null)."""
    rows = build.database.read("keyness_pieces", **scope.counting(), **counting.sides())
    return rows.rename({"side": "group"})


def _others_together(pieces: pl.DataFrame, named: Sequence[str]) -> pl.DataFrame:
    known = pl.col("group").is_in(list(named))
    return pieces.with_columns(group=pl.when(known).then("group").otherwise(pl.lit(REST)))


def _without(rows: pl.DataFrame, frame: str, keys: list[str], value: str) -> pl.DataFrame:
    """What is left of whole pieces (group null) without what is in a frame's sentences."""
    inside = rows.filter(pl.col("group") == frame).select(*keys, inside=value)
    return (
        rows.filter(pl.col("group").is_null())
        .join(inside, on=keys, how="left")
        .with_columns(pl.col(value) - pl.col("inside").fill_null(0), group=pl.lit(WITHOUT + frame))
        .filter(pl.col(value) > 0)
        .select(rows.columns)
    )
