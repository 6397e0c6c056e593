"""Copies: signatures batch by batch; pairs and groups once more when any piece is new."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.corpus import copies, credits
from analysis.project import Project
from analysis.stages.running import Batch, StageReport, digest, mark_done, now, run_stage
from analysis.store import Database
from analysis.types import Progress


def run(corpus: Database, project: Project, progress: Progress) -> StageReport:
    started = now()
    report = run_stage(corpus, "copies", copies.VERSION, _signatures, ["signature"], progress)
    agencies = _agencies(project)
    version = f"{copies.VERSION}, agencies {digest(agencies)[:8]}"
    grouped = corpus.read("pending_pieces", stage="copy_groups", version=version)
    if grouped.height:
        with progress.task("Copies", None):
            signatures = corpus.read("signatures")
            candidates = copies.candidates(signatures)
            involved = pl.concat([candidates["left_key"], candidates["right_key"]]).unique().sort()
            texts = corpus.read("piece_texts", keys=involved.to_list())
            pairs = copies.verify(candidates, texts)
            dates = corpus.read("copy_dates", keys=involved.to_list())
            members = copies.groups(pairs, dates, agencies)
        with corpus.transaction() as work:
            work.run("clear_copy_pair")
            work.run("clear_copy_member")
            work.append("copy_pair", pairs)
            work.append("copy_member", members)
            work.run("forget_stage", stage="copy_groups", version=version)
            mark_done(work, "copy_groups", version, grouped["piece_key"].to_list())
    report.seconds = (now() - started).total_seconds()
    return report


def _signatures(keys: Sequence[int], texts: pl.DataFrame) -> Batch:
    return {"signature": copies.signatures(texts)}


def _agencies(project: Project) -> list[str]:
    """Outlets that are news agencies, by all spellings, folded in case."""
    known = credits.outlets(project.agencies)
    aliases = project.settings.aliases.items()
    return sorted(known | {name.casefold() for name, to in aliases if to.casefold() in known})
