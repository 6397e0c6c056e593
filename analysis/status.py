"""What a project holds and what is out of date."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from analysis import pipeline
from analysis.frames import load_codebook, model_for
from analysis.project import Project
from analysis.store import Database, builds

STAGES = ("sentences", "terms", "embeddings", "copies", "stories", "frames", "topics")


@dataclass(frozen=True)
class StageStatus:
    """`done` pieces at `version`; `pending` pieces are out of date or new."""

    stage: str
    version: str
    done: int
    pending: int


@dataclass(frozen=True)
class Status:
    """A project's state; `build_id` is None before the first build."""

    name: str
    pieces: int
    files: int
    findings: int
    stages: list[StageStatus]
    build_id: str | None
    up_to_date: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def status(project: Project, corpus: Database) -> Status:
    """Counts by stage and whether the current build shows them."""
    codebook = load_codebook(project.codebook_path)
    model = model_for(codebook, project.root, project.settings.model)
    pieces = int(corpus.read("corpus_state")["pieces"][0])
    counts = corpus.read("stage_counts")
    wanted = pipeline.versions(project, model)
    stages = []
    for stage in STAGES:
        rows = counts.filter(pl.col("stage") == stage)
        if stage in wanted:
            rows = rows.filter(pl.col("version") == wanted[stage])
        done = int(rows["pieces"].sum())
        version = wanted.get(stage, rows["version"][0] if rows.height else "not fitted yet")
        stages.append(StageStatus(stage, version, done, pieces - done))
    ref = builds.current(project.builds)
    fresh = ref is not None and ref.fingerprint == pipeline.fingerprint(
        project, corpus, codebook, model
    )
    ledger = corpus.read("ledger_state").row(0, named=True)
    return Status(
        name=project.settings.name,
        pieces=pieces,
        files=int(ledger["files"]),
        findings=int(ledger["findings"]),
        stages=stages,
        build_id=ref.id if ref else None,
        up_to_date=fresh and not any(s.pending for s in stages),
    )
