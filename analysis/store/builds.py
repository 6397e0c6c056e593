"""Builds: immutable files that readers open, and a pointer to the current one."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import StoreError
from analysis.store.database import Database, in_use

POINTER = "current.json"
KEEP = 3

_ID = re.compile(r"[0-9a-zA-Z-]+")

MARTS = (
    "build_piece",
    "build_sentence",
    "build_sentence_frame",
    "build_piece_frame",
    "build_story",
    "build_topic",
    "build_outlet",
    "build_roll_piece",
    "build_roll_frame",
    "build_source_file",
    "build_problem",
    "build_copy_pair",
    "build_run",
    "build_quotation",
    "build_sentence_voice",
)


@dataclass(frozen=True)
class BuildRef:
    """A published build: its id, file, and the fingerprint of what it was made from."""

    id: str
    path: Path
    fingerprint: str


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


def publish(
    corpus: Database,
    folder: Path,
    *,
    fingerprint: str,
    frames: Mapping[str, pl.DataFrame],
    meta: Mapping[str, Any],
    now: dt.datetime,
) -> BuildRef:
    """Writes a build from the corpus and points to it; readers of older builds are undisturbed.

    `frames` are small tables that the marts join (aliases, codebook). Until the last rename
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
                    work.run(mart, frames=frames)
                work.run("build_meta", frames={"incoming_meta": written})
        finally:
            corpus.detach()
        unless_done.pop_all()
    draft.replace(target)
    point(folder, BuildRef(build_id, target, fingerprint))
    prune(folder)
    return BuildRef(build_id, target, fingerprint)


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
    for draft in folder.glob(".*.part*"):
        draft.unlink(missing_ok=True)
    return gone
