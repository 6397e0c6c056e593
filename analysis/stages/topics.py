"""Topics: fitted when there are none for these settings or the corpus has outgrown them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

import polars as pl

from analysis.corpus import embeddings
from analysis.project import Project
from analysis.stages.running import StageReport, digest, mark_done, now, start_run
from analysis.store import Database
from analysis.types import Progress

# The corpus has to grow by so much before topics are fitted afresh; until then they are assigned.
REFIT_GROWTH = 1.3


def run(corpus: Database, project: Project, progress: Progress) -> StageReport:
    started = now()
    settings = project.settings.topics
    asked = {**asdict(settings), "embeddings": embeddings.VERSION}
    total = corpus.read("corpus_state")["pieces"][0]
    fit = _last_fit(corpus)
    fits = fit is not None and all(fit["params"].get(key) == value for key, value in asked.items())
    if total == 0:
        return StageReport("topics", "", 0, 0.0)
    if fit is None or not fits or total > REFIT_GROWTH * fit["params"]["pieces"]:
        worked = _fit_topics(corpus, asked, total, settings.seed, progress, started)
        version = worked
        pieces = total
    else:
        version = fit["version"]
        pieces = _assign_topics(corpus, version, progress)
    return StageReport("topics", version, pieces, (now() - started).total_seconds())


def _last_fit(corpus: Database) -> dict[str, Any] | None:
    runs = corpus.read("runs").filter(
        (pl.col("stage") == "topics") & pl.col("ended_at").is_not_null()
    )
    fits = [row for row in runs.to_dicts() if json.loads(row["params"]).get("pieces")]
    return {**fits[-1], "params": json.loads(fits[-1]["params"])} if fits else None


def _fit_topics(
    corpus: Database,
    asked: dict[str, Any],
    total: int,
    seed: int,
    progress: Progress,
    started: dt.datetime,
) -> str:
    from analysis import topics

    vectors = corpus.read("embeddings")
    sample = topics.sample_keys(vectors["piece_key"], asked["sample"], seed)
    params = {**asked, "pieces": total, "sampled": len(sample), **topics.library_versions()}
    state = corpus.read("corpus_state")["content"][0]
    version = digest({**params, "content": state})[:12]
    run_id = start_run(corpus, "topics", version, params, total, started)
    with progress.task("Topics", None):
        found = topics.fit(
            vectors,
            corpus.read("piece_texts", keys=sample),
            min_size=asked["min_size"],
            seed=seed,
            previous=corpus.read("topics"),
        )
    with corpus.transaction() as work:
        work.run("clear_topic")
        work.run("clear_piece_topic")
        work.append("topic", found.topics)
        work.append("piece_topic", found.pieces)
        work.run("forget_stage", stage="topics", version=version)
        mark_done(work, "topics", version, found.pieces["piece_key"].to_list())
        work.run("end_run", run_id=run_id, ended_at=now().isoformat())
    return version


def _assign_topics(corpus: Database, version: str, progress: Progress) -> int:
    pending = corpus.read("pending_pieces", stage="topics", version=version)
    if not pending.height:
        return 0
    from analysis import topics

    with progress.task("Topics", None):
        vectors = corpus.read("embeddings")
        fresh = vectors.join(pending, on="piece_key", how="semi")
        placed = topics.assign(fresh, corpus.read("topics"), vectors, corpus.read("piece_topics"))
    with corpus.transaction() as work:
        work.append("piece_topic", placed)
        mark_done(work, "topics", version, placed["piece_key"].to_list())
    return pending.height
