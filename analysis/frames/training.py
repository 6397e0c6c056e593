"""The training sentences: one JSON object a line, a file per subject, checked as they are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from analysis.errors import CodebookError
from analysis.project import DATA

BUNDLED = DATA / "training"
GENRES = ("headline", "lead", "body", "quote", "statistic")
KEYS = ("context", "text", "frames", "genre", "slice")

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "context": pl.String,
    "text": pl.String,
    "frames": pl.List(pl.String),
    "genre": pl.String,
    "slice": pl.String,
}


def load_training(frames: Sequence[str], folder: Path = BUNDLED) -> pl.DataFrame:
    """Every sentence of the folder's .jsonl files, in the order of file names and lines.

    Columns `context` (headline or sentence before, may be empty), `text`, `frames`, `genre`,
    `slice` (the file's name). Raises CodebookError naming file, line and key for a bad line, a
    frame that is not in `frames`, or a sentence that comes twice.
    """
    rows: list[dict[str, Any]] = []
    places: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            where = f"{path}, line {number}"
            row = _checked(line, where, frames, path.stem)
            key = (row["context"], row["text"])
            if key in places:
                _fail(f"the same sentence as in {places[key]}", where, "keep one of them")
            places[key] = where
            rows.append(row)
    if not rows:
        _fail("there are no training sentences", str(folder), "add .jsonl files to the folder")
    return pl.DataFrame(rows, schema=SCHEMA)


def training_hash(sentences: pl.DataFrame) -> str:
    """Changes when a sentence, its context or its codes change."""
    digest = hashlib.sha256()
    for row in sentences.select(KEYS).iter_rows():
        digest.update(json.dumps(row, ensure_ascii=False).encode("utf-8"))
    return digest.hexdigest()[:16]


def counts(sentences: pl.DataFrame, frames: Sequence[str]) -> pl.DataFrame:
    """One row per slice: sentences, how many carry each frame, and how many carry none."""
    carries = [pl.col("frames").list.contains(frame).sum().alias(frame) for frame in frames]
    return (
        sentences.group_by("slice")
        .agg(
            pl.len().alias("sentences"),
            *carries,
            (pl.col("frames").list.len() == 0).sum().alias("none"),
            (pl.col("context") != "").sum().alias("with_context"),
        )
        .sort("slice")
    )


def _checked(line: str, where: str, frames: Sequence[str], name: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        _fail(f"not valid JSON: {error}", where, "write one JSON object a line")
    if not isinstance(row, dict) or set(row) != set(KEYS):
        _fail("the keys don't fit", where, f"write exactly {', '.join(KEYS)}")
    texts = ("context", "text", "genre", "slice")
    wrong = next((key for key in texts if not isinstance(row[key], str)), None)
    if wrong:
        _fail(f"'{wrong}' is not a text", where, "put it in quotes")
    if not row["text"].strip():
        _fail("'text' is empty", where, "write the sentence or take the line out")
    if row["genre"] not in GENRES:
        _fail(f"genre is '{row['genre']}'", where, f"write one of {', '.join(GENRES)}")
    if row["slice"] != name:
        _fail(f"slice is '{row['slice']}'", where, f"write '{name}', the file's name")
    if not isinstance(row["frames"], list):
        _fail("'frames' is not a list", where, 'write ["..."] or []')
    unknown = next((one for one in row["frames"] if one not in frames), None)
    if unknown is not None:
        _fail(f"unknown frame '{unknown}'", where, f"known frames: {', '.join(frames)}")
    return row


def _fail(what: str, where: str, remedy: str) -> NoReturn:
    raise CodebookError(what, where=where, remedy=remedy)


if __name__ == "__main__":
    import sys

    from analysis.frames.codebook import load_codebook

    known = load_codebook().ids
    table = counts(load_training(known), known)
    total = table.drop("slice").sum().with_columns(slice=pl.lit("all")).select(table.columns)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_hide_dataframe_shape=True):
        sys.stdout.write(f"{pl.concat([table, total])}\n")
