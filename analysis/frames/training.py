"""The training set, checked as it is read: coded sentences, and whole coded pieces.

One JSON object a line, a file per subject: sentences in the folder, pieces in its `pieces/`.
"""

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

# A second coding of a part, and how far it agrees with the first (analysis/training).
SECOND_CODING = "second_coding"
AGREEMENT = BUNDLED / SECOND_CODING / "agreement.json"
GENRES = ("headline", "lead", "body", "quote", "statistic")
KEYS = ("context", "text", "frames", "genre", "slice")
PIECE_KEYS = ("id", "style", "lean", "headline", "headline_frames", "sentences")

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "context": pl.String,
    "text": pl.String,
    "frames": pl.List(pl.String),
    "genre": pl.String,
    "slice": pl.String,
}


PIECE_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String,
    "position": pl.Int32,
    "text": pl.String,
    "frames": pl.List(pl.String),
    "style": pl.String,
    "lean": pl.String,
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


def load_pieces(frames: Sequence[str], folder: Path = BUNDLED) -> pl.DataFrame:
    """Every sentence of the coded pieces in `pieces/`, one row each, in order.

    Columns `id` (of the piece), `position` (0 is the headline), `text`, `frames`, `style`,
    `lean`, `slice` (the file's name). No rows when there is no such folder. Raises CodebookError
    naming file, line and key.
    """
    rows: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    for path in sorted((folder / "pieces").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{path}, line {number}"
            piece = _checked_piece(line, where, frames)
            if piece["id"] in seen:
                _fail(f"the id '{piece['id']}' is taken by {seen[piece['id']]}", where, "rename it")
            seen[piece["id"]] = where
            first = {"text": piece["headline"], "frames": piece["headline_frames"]}
            rows += [
                {**about, "position": position, "slice": path.stem}
                | {key: piece[key] for key in ("id", "style", "lean")}
                for position, about in enumerate([first, *piece["sentences"]])
            ]
    return pl.DataFrame(rows, schema=PIECE_SCHEMA)


def training_hash(sentences: pl.DataFrame, pieces: pl.DataFrame) -> str:
    """Changes when a sentence, its context or its codes change."""
    digest = hashlib.sha256()
    for table in (sentences.select(KEYS), pieces.select("id", "position", "text", "frames")):
        for row in table.iter_rows():
            digest.update(json.dumps(row, ensure_ascii=False).encode("utf-8"))
    return digest.hexdigest()[:16]


def counts(sentences: pl.DataFrame, pieces: pl.DataFrame, frames: Sequence[str]) -> pl.DataFrame:
    """One row per slice: pieces, sentences, how many carry each frame, and how many carry none.

    `pieces` is 0 for slices of single sentences.
    """
    rows = pl.concat(
        [
            sentences.select("slice", "frames", id=pl.lit(None, pl.String)),
            pieces.select("slice", "frames", "id"),
        ]
    )
    carries = [pl.col("frames").list.contains(frame).sum().alias(frame) for frame in frames]
    return (
        rows.group_by("slice")
        .agg(
            pl.col("id").drop_nulls().n_unique().alias("pieces"),
            pl.len().alias("sentences"),
            *carries,
            (pl.col("frames").list.len() == 0).sum().alias("none"),
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


def _checked_piece(line: str, where: str, frames: Sequence[str]) -> dict[str, Any]:
    try:
        piece = json.loads(line)
    except json.JSONDecodeError as error:
        _fail(f"not valid JSON: {error}", where, "write one JSON object a line")
    if not isinstance(piece, dict) or set(piece) != set(PIECE_KEYS):
        _fail("the keys don't fit", where, f"write exactly {', '.join(PIECE_KEYS)}")
    sentences = piece["sentences"]
    if not isinstance(sentences, list) or not all(
        isinstance(one, dict) and set(one) == {"text", "frames"} for one in sentences
    ):
        _fail("'sentences' is not a list of texts with frames", where, '[{"text", "frames"}, ...]')
    coded = [(piece["headline"], piece["headline_frames"])]
    coded += [(one["text"], one["frames"]) for one in sentences]
    for number, (text, found) in enumerate(coded):
        if not isinstance(text, str) or not text.strip():
            _fail(f"sentence {number} is empty", where, "write it or take it out")
        if not isinstance(found, list):
            _fail(f"the frames of sentence {number} are not a list", where, 'write ["..."] or []')
        unknown = next((one for one in found if one not in frames), None)
        if unknown is not None:
            _fail(f"unknown frame '{unknown}'", where, f"known frames: {', '.join(frames)}")
    return piece


def _fail(what: str, where: str, remedy: str) -> NoReturn:
    raise CodebookError(what, where=where, remedy=remedy)


if __name__ == "__main__":
    import sys

    from analysis.frames.codebook import load_codebook

    known = load_codebook().ids
    table = counts(load_training(known), load_pieces(known), known)
    total = table.drop("slice").sum().with_columns(slice=pl.lit("all")).select(table.columns)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_hide_dataframe_shape=True):
        sys.stdout.write(f"{pl.concat([table, total])}\n")
