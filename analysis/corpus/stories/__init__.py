"""Stories: pieces, of different outlets or of one, about the same event.

Not topics: two votes on one bill are two stories. Texts are compared by the words of headline and
opening, by their embeddings and by days between them; running coverage of a long affair has to be
more alike than a single event does. Copies of one text are one story and count once in comparing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from analysis.corpus.stories import settings, terms
from analysis.corpus.stories.clusters import groups
from analysis.corpus.stories.keys import keyed
from analysis.corpus.stories.pairs import Texts, find
from analysis.project import DATA

VERSION = "stories 1"

# So much of a text is read; more may be given.
READ_CHARS = settings.BODY_CHARS

Schema = dict[str, Any]
STORIES: Schema = {"story_key": pl.String, "title": pl.String}
MEMBERS: Schema = {"piece_key": pl.Int32, "story_key": pl.String}

# Share of 12,023 pieces of American news, 2012 to 2020, that have a word; rarer words are left out.
BACKGROUND = DATA / "stories" / "words.csv"


@dataclass(frozen=True)
class Found:
    """`stories` [story_key, title] of two pieces or more, and their `members`
    [piece_key, story_key]; a piece that is alone has no row."""

    stories: pl.DataFrame
    members: pl.DataFrame


def gather(
    pieces: pl.DataFrame, vectors: pl.DataFrame, copies: pl.DataFrame, previous: pl.DataFrame
) -> Found:
    """The stories of a corpus, the same whatever order its pieces came in.

    `pieces` [piece_key, id, published, date_precision, title, text]; `vectors` [piece_key, vec] of
    all of them; `copies` [piece_key, group_key] of those that are copies; `previous`
    [piece_key, story_key] as stored by the last run, from which keys are kept. A piece whose date
    is not to the day is matched by its text alone.
    """
    if pieces.height < 2:
        return Found(pl.DataFrame(schema=STORIES), pl.DataFrame(schema=MEMBERS))
    placed = _placed(pieces, copies)
    firsts = (
        placed.unique("text_key", keep="first", maintain_order=True)
        .sort("day", "id", nulls_last=True)
        .join(vectors, on="piece_key", maintain_order="left")
    )
    texts = Texts(
        day=firsts["day"].fill_null(-1).to_numpy(),
        rows=terms.rows(firsts, background()),
        vectors=firsts["vec"].to_numpy(),
    )
    group = groups(texts.day, find(texts))
    members = placed.join(firsts.select("text_key", story=pl.Series(group)), on="text_key").filter(
        pl.len().over("story") > 1
    )
    keys = keyed(members.select("piece_key", "id", "published", "story"), previous)
    heads = firsts.select(
        "piece_key", "title", story=pl.Series(group), fit=pl.Series(_fit(texts.rows, group))
    )
    return Found(_titled(heads, keys), keys)


def _placed(pieces: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """Pieces with the `text_key` of the text that they print and the day it was first printed, by day and id."""
    day = pl.when(pl.col("date_precision") == "day").then(pl.col("published"))
    return (
        pieces.join(copies.select("piece_key", "group_key"), on="piece_key", how="left")
        .with_columns(text_key=pl.coalesce("group_key", "piece_key"), day=day.to_physical())
        .with_columns(own="day", day=pl.col("day").min().over("text_key").cast(pl.Int64))
        .sort("own", "id", nulls_last=True)
    )


def _fit(rows: terms.Rows, group: NDArray[np.int64]) -> NDArray[np.float64]:
    """How well each text's headline says what the other texts of its group say."""
    which = sparse.csr_matrix((np.ones(len(group)), (np.arange(len(group)), group)))
    others = which @ (which.T @ rows.body) - rows.body
    return np.asarray(rows.title.multiply(others).sum(axis=1)).ravel()


def _titled(heads: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Each story's title: the headline that says best what the others say.

    Not words drawn from all: a headline is a sentence that its readers understand, and the plainest
    one is the one that shares most with what the other outlets tell.
    """
    # Rounded, so that the first printed wins where two differ by the order of a sum only.
    return (
        heads.with_columns(
            blank=pl.col("title").str.strip_chars() == "", fit=pl.col("fit").round(6)
        )
        .join(keys, on="piece_key")
        .sort("story_key", "blank", "fit", descending=[False, False, True], maintain_order=True)
        .unique("story_key", keep="first", maintain_order=True)
        .select("story_key", title=pl.col("title").str.strip_chars())
        .cast(pl.Schema(STORIES))
    )


def figures() -> dict[str, Any]:
    """The settings that stories were found with, for the record of a run."""
    return {name: value for name, value in vars(settings).items() if name.isupper()}


@cache
def background() -> pl.DataFrame:
    """Shares of texts that have a word, [word, share]."""
    return pl.read_csv(BACKGROUND, schema={"word": pl.String, "share": pl.Float64})
