"""How far two independent codings of the training set agree: `python -m analysis.training.second_coding`.

A fifth of the bundled training set, drawn by the hash of its ids, was coded a second time by
language models that had not seen the first codes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from analysis.coding.agreement import pairwise
from analysis.errors import CodebookError
from analysis.frames.training import (
    AGREEMENT,
    BUNDLED,
    SECOND_CODING,
    load_pieces,
    load_training,
)

SCHEMA: dict[str, Any] = {"id": pl.String, "position": pl.Int64, "second": pl.List(pl.String)}


def both(frames: Sequence[str], folder: Path = BUNDLED) -> pl.DataFrame:
    """Every sentence that was coded twice: id, position, text, first, second (lists of frames).

    A single sentence has the id `slice:line`. Raises CodebookError when a second coding is of a
    piece that is not there, or has another number of sentences.
    """
    path = folder / SECOND_CODING / "codes.jsonl"
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    second = pl.DataFrame(
        [
            (one["id"], position, found)
            for one in told
            for position, found in enumerate(one["frames"])
        ],
        schema=SCHEMA,
        orient="row",
    )
    line = pl.int_range(1, pl.len() + 1).over("slice").cast(pl.String)
    single = load_training(frames, folder).select(
        pl.concat_str("slice", pl.lit(":"), line).alias("id"),
        pl.lit(0, pl.Int64).alias("position"),
        "text",
        pl.col("frames").alias("first"),
    )
    whole = load_pieces(frames, folder).select(
        "id", pl.col("position").cast(pl.Int64), "text", pl.col("frames").alias("first")
    )
    first = pl.concat([single, whole]).filter(pl.col("id").is_in(second["id"].implode()))
    found = first.join(second, on=["id", "position"], how="inner", validate="1:1")
    if found.height < max(first.height, second.height):
        known = set(found.select("id", "position").iter_rows())
        odd = next(
            one
            for table in (second, first)
            for one in table.select("id", "position").iter_rows()
            if one not in known
        )
        raise CodebookError(
            f"the second coding of '{odd[0]}' does not fit its sentences",
            where=str(path),
            remedy="code the piece again, or take its second coding out",
        )
    return found


def agreement(coded: pl.DataFrame, frames: Sequence[str]) -> pl.DataFrame:
    """One row per unit (sentence, piece) and frame.

    Columns unit, frame, units, share_first, share_second, agree (share of units on which both say
    the same) and alpha (Krippendorff's, nominal; null when no unit carries the frame).
    """
    codes = pl.concat(
        coded.select(
            "id",
            pl.format("{} {}", "id", "position").alias("unit"),
            pl.lit(coder).alias("coder"),
            *(pl.col(coder).list.contains(frame).alias(frame) for frame in frames),
        ).unpivot(on=frames, index=["id", "unit", "coder"], variable_name="frame")
        for coder in ("first", "second")
    )
    by_piece = codes.group_by("id", "coder", "frame", maintain_order=True).agg(
        pl.col("value").any(), unit=pl.col("id").first()
    )
    found = pl.concat(
        pairwise(table).with_columns(unit=pl.lit(unit))
        for unit, table in (("sentence", codes), ("piece", by_piece))
    )
    share = {
        "share_first": (pl.col("both") + pl.col("only_first")) / pl.col("units"),
        "share_second": (pl.col("both") + pl.col("only_second")) / pl.col("units"),
    }
    return found.with_columns(**share).select("unit", "frame", "units", *share, "agree", "alpha")


if __name__ == "__main__":
    import sys

    from analysis.frames.codebook import load_codebook

    known_frames = load_codebook().ids
    rows = agreement(both(known_frames), known_frames).with_columns(pl.selectors.float().round(3))
    target = AGREEMENT
    target.write_text(json.dumps(rows.to_dicts(), indent=1) + "\n", encoding="utf-8", newline="\n")
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_hide_dataframe_shape=True):
        sys.stdout.write(f"{rows}\nwritten: {target}\n")
