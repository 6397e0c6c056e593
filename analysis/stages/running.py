"""How a stage runs: batch by batch, each batch's rows and the note that it is done in one transaction.

Killed at any moment, the next run goes on and ends in the same rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis import __version__
from analysis.store import Database
from analysis.types import Progress, batches

BATCH = 400


@dataclass
class StageReport:
    """What a stage did: pieces it worked on, and seconds."""

    stage: str
    version: str
    pieces: int
    seconds: float


Batch = dict[str, pl.DataFrame]


def run_stage(
    corpus: Database,
    stage: str,
    version: str,
    work_on: Callable[[Sequence[int], pl.DataFrame], Batch],
    tables: Sequence[str],
    progress: Progress,
) -> StageReport:
    started = now()
    if corpus.read("stale_pieces", stage=stage, version=version).height:
        with corpus.transaction() as work:
            for table in tables:
                work.run(f"forget_{table}", version=version)
            work.run("forget_stage", stage=stage, version=version)
    pending = corpus.read("pending_pieces", stage=stage, version=version)["piece_key"].to_list()
    if pending:
        run_id = start_run(corpus, stage, version, {}, len(pending), started)
        with progress.task(stage.capitalize(), len(pending)) as advance:
            for keys in batches(pending, BATCH):
                texts = corpus.read("piece_texts", keys=list(keys))
                rows = work_on(keys, texts)
                with corpus.transaction() as work:
                    for table, frame in rows.items():
                        work.append(table, frame)
                    mark_done(work, stage, version, keys)
                advance(len(keys))
        end_run(corpus, run_id)
    return StageReport(stage, version, len(pending), (now() - started).total_seconds())


def mark_done(work: Any, stage: str, version: str, keys: Sequence[int]) -> None:
    done = pl.DataFrame({"piece_key": list(keys)}, schema={"piece_key": pl.Int32})
    work.run("mark_done", frames={"incoming": done}, stage=stage, version=version)


def start_run(
    corpus: Database,
    stage: str,
    version: str,
    params: dict[str, Any],
    pieces: int,
    started: dt.datetime,
) -> str:
    run_id = f"{stage}-{started:%Y%m%d%H%M%S%f}"
    with corpus.transaction() as work:
        work.run(
            "start_run",
            run_id=run_id,
            stage=stage,
            version=version,
            params=json.dumps({**params, "framescope": __version__}, sort_keys=True),
            started_at=started.isoformat(),
            pieces=pieces,
        )
    return run_id


def end_run(corpus: Database, run_id: str) -> None:
    with corpus.transaction() as work:
        work.run("end_run", run_id=run_id, ended_at=now().isoformat())


def now() -> dt.datetime:
    """The time of day, UTC, as the corpus stores it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def digest(value: Any) -> str:
    """SHA-256 of a value as JSON: equal values, equal text."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
