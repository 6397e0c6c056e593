"""Which record a row is: its hash, its id, and whether it repeats another row."""

from __future__ import annotations

import hashlib

import polars as pl

_SEPARATOR = "\x1f"


def hashed(frame: pl.DataFrame) -> pl.DataFrame:
    """With record_hash over all fields but the id, and the id that is derived from them."""
    when = pl.when(pl.col("date_precision") == "none").then(pl.col("date_raw"))
    date_key = when.otherwise(
        pl.col("published").dt.to_string("%Y-%m-%d") + "/" + pl.col("date_precision")
    )
    columns = frame.select(
        pl.col("outlet").fill_null(""),
        date_key.fill_null("").alias("date"),
        pl.col("url").fill_null(""),
        "title",
        "text",
        pl.col("authors").fill_null(""),
    )
    hashes: list[str] = []
    derived: list[str] = []
    for *identity, authors in columns.iter_rows():
        digest = hashlib.sha256(_SEPARATOR.join(identity).encode("utf-8"))
        derived.append(digest.hexdigest()[:16])
        digest.update((_SEPARATOR + authors).encode("utf-8"))
        hashes.append(digest.hexdigest())
    return frame.with_columns(
        record_hash=pl.Series(hashes, dtype=pl.String),
        derived_id=pl.Series(derived, dtype=pl.String),
    )


def without_repeats(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that are new, and those that repeat an earlier row of the batch, as the store would."""
    no_id = pl.col("given_id").is_null()
    rows = rows.with_columns(
        same_derived=no_id & ~pl.struct(no_id, "derived_id").is_first_distinct()
    )
    left = pl.col("same_derived").not_()
    content = pl.col("record_hash")
    rows = rows.with_columns(
        repeats=pl.when(pl.col("same_derived"))
        .then(True)
        .when(no_id)
        .then(~content.is_first_distinct())
        .otherwise(
            ~pl.struct("given_id", "record_hash").is_first_distinct()
            | (no_id.filter(left).first().over("record_hash")).fill_null(False)
        )
    )
    new = rows.filter(~pl.col("repeats")).drop("same_derived", "repeats")
    return new, rows.filter("repeats").drop("same_derived", "repeats")


def short_id(length: int) -> pl.Expr:
    return pl.col("given_id") + "~" + pl.col("record_hash").str.head(length)


def with_ids(rows: pl.DataFrame, taken: pl.Series) -> pl.DataFrame:
    """Each new row's id: the given one if it is free, else with a part of the hash, else derived."""
    used = taken.implode()
    given = pl.col("given_id")
    rows = rows.with_columns(
        id=pl.when(given.is_null())
        .then("derived_id")
        .when(given.is_in(used) | ~given.is_first_distinct())
        .then(short_id(6))
        .otherwise(given)
    )
    crowded = (pl.col("id") != given) & (pl.col("id").is_in(used) | pl.col("id").is_duplicated())
    return rows.with_columns(id=pl.when(crowded).then(short_id(16)).otherwise("id"))


def repeated_ids(rows: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """For each repeated row the id of the new row that it repeats."""
    by_id = fresh.select("given_id", "record_hash", same_id="id")
    by_content = fresh.select("record_hash", content_id="id").unique("record_hash", keep="first")
    return (
        rows.join(by_id, on=["given_id", "record_hash"], how="left")
        .join(by_content, on="record_hash", how="left")
        .select("row_number", id=pl.coalesce("same_id", "content_id", "derived_id"))
    )
