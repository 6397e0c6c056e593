"""The index beside a build: written whole or not at all, checked when it is opened.

A folder `<build>.search` holds an index of pieces and one of sentences. Both hold words without
accents, headline and text apart, as `corpus.terms` cuts them; nothing of the text itself.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import polars as pl
import tantivy

from analysis.corpus import terms
from analysis.errors import SearchError
from analysis.reads import Build
from analysis.store import Database, builds
from analysis.types import Progress

Unit = Literal["piece", "sentence"]
UNITS: tuple[Unit, ...] = ("piece", "sentence")

VERSION = f"1, words {terms.VERSION}, tantivy {version('tantivy')}"

BATCH = 1000
_HEAP = 100_000_000
_WHOLE = "whole.json"
_TOKENS = "words"


@dataclass(frozen=True)
class SearchIndex:
    """The open indexes of one build."""

    path: Path
    indexes: Mapping[Unit, Any]

    def searcher(self, unit: Unit) -> Any:
        """A view of the index that any thread may use."""
        return self.indexes[unit].searcher()

    @property
    def schema(self) -> Any:
        return self.indexes["piece"].schema


def write(corpus: Database, build: Build, target: Path, progress: Progress) -> None:
    """Writes the index of a build to a folder; an earlier one there is replaced at the end."""
    draft = builds.draft_beside(target)
    about = build.database.read("search_pieces")
    forms = [
        # What is stored has been cut into words; only accents are left to take off.
        terms.without_accents(word)
        for word in corpus.read("words")["word"].to_list()
    ]
    writers = {unit: _new(draft / unit) for unit in UNITS}
    with progress.task("Search index", about.height) as advance:
        for rows in about.iter_slices(BATCH):
            keys = rows["piece_key"].to_list()
            sentences = corpus.read("search_sentences", keys=keys).partition_by(
                "piece_key", as_dict=True
            )
            for piece in rows.iter_rows(named=True):
                found = sentences.get((piece["piece_key"],))
                _add(writers, piece, found, forms)
            advance(rows.height)
        for writer in writers.values():
            writer.commit()
            writer.wait_merging_threads()
    files = sorted(path for path in draft.rglob("*") if path.is_file())
    sums = {path.relative_to(draft).as_posix(): _sum(path) for path in files}
    (draft / _WHOLE).write_text(json.dumps({"version": VERSION, "files": sums}), encoding="utf-8")
    builds.put_in_place(draft, target)


def beside(build: Build) -> Path:
    """Where the index of an open build is, if it has one."""
    return build.database.path.with_suffix(builds.SEARCH)


def open_index(path: Path) -> SearchIndex:
    """The index of a build. Raises SearchError when it is missing, damaged or of another version."""
    _check(path)
    with refused(path):
        indexes = {unit: tantivy.Index.open(str(path / unit)) for unit in UNITS}
        for index in indexes.values():
            index.register_tokenizer(_TOKENS, _analyzer())
            index.config_reader(reload_policy="manual")
        return SearchIndex(path, indexes)


def is_whole(path: Path) -> bool:
    """Whether there is an index that can be opened."""
    try:
        _check(path)
    except SearchError:
        return False
    return True


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """What tantivy says of an index that it can't read, as one clear message."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise _unusable(path, "is damaged") from error
    except BaseException as error:
        # A fault in its Rust comes as a class of its own that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _unusable(path, "is damaged") from error


def _check(path: Path) -> None:
    if not path.is_dir():
        raise _unusable(path, "is missing")
    try:
        said = json.loads((path / _WHOLE).read_text(encoding="utf-8"))
        sums = {name: _sum(path / name) for name in said["files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(path, "is damaged") from error
    if said["version"] != VERSION:
        raise _unusable(path, "was made by another version of Framescope")
    if sums != said["files"]:
        raise _unusable(path, "is damaged")


def _unusable(path: Path, how: str) -> SearchError:
    return SearchError(
        f"the search index {how}",
        where=str(path),
        remedy="run 'framescope build' for this project, which makes it again; all else works",
    )


def _sum(path: Path) -> list[int]:
    """Length and CRC-32 of a file."""
    content = path.read_bytes()
    return [len(content), zlib.crc32(content)]


def _new(folder: Path) -> Any:
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder), reuse=False)
    index.register_tokenizer(_TOKENS, _analyzer())
    return index.writer(heap_size=_HEAP, num_threads=1)


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_unsigned_field("sentence", fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    for name in ("outlet", "topic", "frame"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name=_TOKENS, index_option="position")
    return builder.build()


def _analyzer() -> Any:
    """Words are cut before they come here: between them is one blank."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _add(
    writers: Mapping[Unit, Any],
    piece: Mapping[str, Any],
    sentences: pl.DataFrame | None,
    forms: Sequence[str],
) -> None:
    title, text = "", []
    form = forms.__getitem__
    if sentences is not None:
        for number, numbers, frames in sentences.select("sentence", "words", "frames").iter_rows():
            words = " ".join(map(form, numbers))
            document = _document(piece, frames, "text" if number else "title", words)
            document.add_unsigned("sentence", number)
            writers["sentence"].add_document(document)
            if number:
                text.append(words)
            else:
                title = words
    document = _document(piece, piece["frames"], "text", " ".join(text))
    document.add_text("title", title)
    writers["piece"].add_document(document)


def _document(piece: Mapping[str, Any], frames: Sequence[str], field: str, words: str) -> Any:
    document = tantivy.Document()
    document.add_unsigned("key", piece["piece_key"])
    document.add_text("outlet", piece["outlet"])
    document.add_text("topic", piece["topic_key"])
    if piece["published"] is not None:
        document.add_integer("day", piece["published"].toordinal())
    for frame in frames:
        document.add_text("frame", frame)
    document.add_text(field, words)
    return document
