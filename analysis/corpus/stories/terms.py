"""Words of headlines and openings as weighted sparse rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from analysis.corpus.stories import settings

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# A word with what holds it together inside: "u.s", "don't", "287(g" is two.
_WORD = r"[\p{L}\p{M}\p{N}]+(?:['’.][\p{L}\p{M}\p{N}]+)*"


@dataclass(frozen=True)
class Rows:
    """One row of unit length per text over the same words; a text without words is all zeros."""

    title: sparse.csr_matrix
    lead: sparse.csr_matrix
    body: sparse.csr_matrix


def rows(texts: pl.DataFrame, background: pl.DataFrame) -> Rows:
    """Weighted words of `texts` [title, text], in their order.

    A word weighs (1 + log of its count) * log(1 / share of texts that have it); the share is the
    larger of the one in `background` [word, share] and the one counted here.
    """
    heads = _counts(texts["title"])
    leads = _counts(texts["text"].str.slice(0, settings.LEAD_CHARS))
    bodies = _counts(texts["text"].str.slice(0, settings.BODY_CHARS))
    twice = heads.with_columns(pl.col("count") * 2)
    parts = {
        "title": heads,
        "lead": _added(twice, leads),
        "body": _added(twice, bodies),
    }
    known = _weights(parts["body"], texts.height, background)
    return Rows(**{name: _matrix(part, known, texts.height) for name, part in parts.items()})


def words(text: pl.Series) -> pl.DataFrame:
    """Every word as it is compared, [row, word]: lower case, without a genitive's 's."""
    return (
        pl.DataFrame({"text": text})
        .with_row_index("row")
        .select("row", word=pl.col("text").str.to_lowercase().str.extract_all(_WORD))
        .explode("word")
        .drop_nulls("word")
        .with_columns(pl.col("word").str.replace_all("’", "'").str.strip_suffix("'s"))
    )


def _counts(text: pl.Series) -> pl.DataFrame:
    return words(text).group_by("row", "word").agg(count=pl.len())


def _added(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([one, other]).group_by("row", "word").agg(pl.col("count").sum())


def _weights(body: pl.DataFrame, texts: int, background: pl.DataFrame) -> pl.DataFrame:
    """[word, column, weight] in the order of the alphabet: sums come out the same every time."""
    return (
        body.group_by("word")
        .agg(texts=pl.len())
        .join(background, on="word", how="left")
        .with_columns(
            share=pl.max_horizontal(
                pl.col("texts") / (texts + settings.UNSEEN),
                pl.col("share").fill_null(1 / settings.UNSEEN / 2),
            )
        )
        .filter(pl.col("share") <= settings.MOST_SHARE)
        .sort("word")
        .with_row_index("column")
        .select("word", "column", weight=-pl.col("share").log())
    )


def _matrix(part: pl.DataFrame, known: pl.DataFrame, texts: int) -> sparse.csr_matrix:
    cells = (
        part.join(known, on="word")
        .with_columns(value=(1 + pl.col("count").log()) * pl.col("weight"))
        .with_columns(value=pl.col("value") / (pl.col("value") ** 2).sum().sqrt().over("row"))
        .sort("row", "column")
    )
    filled = np.bincount(cells["row"].to_numpy(), minlength=texts) if cells.height else [0] * texts
    ends = np.concatenate([[0], np.cumsum(filled)])
    return sparse.csr_matrix(
        (
            cells["value"].cast(pl.Float32).to_numpy(),
            cells["column"].to_numpy().astype(np.int32),
            ends.astype(np.int64),
        ),
        shape=(texts, known.height),
    )
