"""Builds: immutable files that readers open, and a pointer to the current one."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import StoreError
from analysis.store.database import Database, in_use

POINTER = "current.json"
SEARCH = ".search"
KEEP = 3

_ID = re.compile(r"[0-9a-zA-Z-]+")

MARTS = (
    "build_piece",
    "build_sentence",
    "build_sentence_frame",
    "build_piece_frame",
    "build_headline",
    "build_story",
    "build_topic",
    "build_outlet",
    "build_roll_piece",
    "build_roll_frame",
    "build_source_file",
    "build_problem",
    "build_copy_pair",
    "build_credit",
    "build_term",
    "build_piece_words",
    "build_piece_term",
    "build_term_frame",
    "build_run",
    "build_quotation",
    "build_sentence_voice",
    "build_voice_frame",
    "build_voice_piece",
)


@dataclass(frozen=True)
class BuildRef:
    """A published build: its id, file, and the fingerprint of what it was made from."""

    id: str
    path: Path
    fingerprint: str

    @property
    def search(self) -> Path:
        """Where the build's search index is, if it has one."""
        return self.path.with_suffix(SEARCH)


def current(folder: Path) -> BuildRef | None:
    """The build that the pointer names; None before the first one."""
    pointer = folder / POINTER
    if folder.exists() and not folder.is_dir():
        raise StoreError(
            "this is a file where the folder of builds belongs",
            where=str(folder),
            remedy="move it away and run 'framescope build' again; the corpus is not touched",
        )
    if not pointer.exists():
        return None
    try:
        said = json.loads(pointer.read_text(encoding="utf-8"))
        if not _ID.fullmatch(said["id"]):
            raise ValueError(said["id"])
        ref = BuildRef(said["id"], folder / f"{said['id']}.duckdb", said["fingerprint"])
    except (ValueError, KeyError, TypeError, RecursionError, IsADirectoryError) as error:
        raise StoreError(
            "the pointer to the current build is damaged",
            where=str(pointer),
            remedy="delete it and run 'framescope build' again; the corpus is not touched",
        ) from error
    if not ref.path.is_file():
        raise StoreError(
            f"the build '{ref.id}' is gone",
            where=str(folder),
            remedy=f"delete {POINTER} there and run 'framescope build' again",
        )
    return ref


def write(
    corpus: Database,
    folder: Path,
    *,
    fingerprint: str,
    frames: Mapping[str, pl.DataFrame],
    params: Mapping[str, Mapping[str, Any]],
    meta: Mapping[str, Any],
    now: dt.datetime,
) -> BuildRef:
    """Writes a build from the corpus, to which nobody is pointed yet.

    `frames` are small tables that the marts join (aliases, agencies), `params` those that a mart takes, by its
    name. Until the last rename
    nothing that a reader can see has changed.
    """
    folder.mkdir(exist_ok=True)
    build_id = f"{now:%Y%m%d-%H%M%S}-{fingerprint[:6]}"
    target = folder / f"{build_id}.duckdb"
    draft = folder / f".{build_id}.part"
    draft.unlink(missing_ok=True)
    about = {**meta, "build_id": build_id, "built_at": now.isoformat(timespec="seconds")}
    written = pl.DataFrame(
        {"key": list(about), "value": [json.dumps(about[key]) for key in about]},
        schema={"key": pl.String, "value": pl.String},
    )
    with ExitStack() as unless_done:
        unless_done.callback(draft.unlink, missing_ok=True)
        corpus.attach(draft)
        try:
            with corpus.transaction() as work:
                for mart in MARTS:
                    work.run(mart, frames=frames, **params.get(mart, {}))
                work.run("build_meta", frames={"incoming_meta": written})
        finally:
            corpus.detach()
        unless_done.pop_all()
    draft.replace(target)
    return BuildRef(build_id, target, fingerprint)


def publish(corpus: Database, folder: Path, **made_of: Any) -> BuildRef:
    """`write`, then `announce`; readers of older builds are undisturbed."""
    ref = write(corpus, folder, **made_of)
    announce(folder, ref)
    return ref


def announce(folder: Path, ref: BuildRef) -> None:
    """Points to a build that is complete, and clears away what it replaces."""
    point(folder, ref)
    prune(folder)


def draft_beside(target: Path) -> Path:
    """An empty place for a folder that is to become `target`; what a killed run left is removed."""
    draft = target.with_name(f".{target.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    return draft


def put_in_place(draft: Path, target: Path) -> None:
    """Makes a finished folder the target; an earlier one goes first, as folders are not replaced."""
    shutil.rmtree(target, ignore_errors=True)
    draft.replace(target)


def point(folder: Path, ref: BuildRef) -> None:
    """Makes a build the current one, in one step."""
    draft = folder / f".{POINTER}.part"
    draft.write_text(json.dumps({"id": ref.id, "fingerprint": ref.fingerprint}), encoding="utf-8")
    draft.replace(folder / POINTER)


def prune(folder: Path) -> list[Path]:
    """Deletes builds beyond the last three that nobody reads; returns what was deleted.

    Drafts of runs that were killed go too.
    """
    ref = current(folder)

    def age(path: Path) -> tuple[bool, str, int]:
        # Names tell the second; within one, the file's own time decides.
        return bool(ref and path == ref.path), path.name[:15], path.stat().st_mtime_ns

    gone: list[Path] = []
    for path in sorted(folder.glob("*.duckdb"), key=age)[:-KEEP]:
        if in_use(path):
            continue
        path.unlink()
        gone.append(path)
    for index in folder.glob(f"*{SEARCH}"):
        if not index.with_suffix(".duckdb").exists():
            shutil.rmtree(index, ignore_errors=True)
    for draft in folder.glob(".*.part*"):
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)
    return gone
