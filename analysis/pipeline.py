"""A build: every stage that is out of date, in order, and the publishing of the result."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from analysis import __version__, stages
from analysis.corpus import copies, credits, embeddings, sentences
from analysis.errors import ProjectError
from analysis.frames import Codebook, FrameModel, load_codebook, model_for
from analysis.project import Project
from analysis.reads import open_ref
from analysis.search import index
from analysis.stages.running import StageReport, digest, now
from analysis.store import Database, builds
from analysis.types import Progress, Silent
from queries import catalogue


@dataclass
class BuildReport:
    """What a build did; `published` is false when nothing was out of date."""

    build_id: str
    published: bool
    stages: list[StageReport] = field(default_factory=list)


def build(project: Project, corpus: Database, progress: Progress | None = None) -> BuildReport:
    """Runs every stage that is out of date, then publishes if anything changed.

    Raises ProjectError when the corpus holds no piece: an empty build would hide an earlier one.
    """
    show = progress or Silent()
    if not corpus.read("corpus_state")["pieces"][0]:
        raise ProjectError(
            "the corpus is empty, so there is nothing to build",
            where=str(corpus.path),
            remedy=f"run: framescope ingest FILE --project {project.root}",
        )
    codebook = load_codebook(project.codebook_path)
    model = model_for(codebook, project.root, project.settings.model)
    done = [
        stages.sentences.run(corpus, show),
        stages.terms.run(corpus, show),
        stages.embeddings.run(corpus, show),
        stages.copies.run(corpus, project, show),
        stages.stories.run(corpus, show),
        stages.frames.run(corpus, model, show),
        stages.topics.run(corpus, project, show),
        stages.voices.run(corpus, project, show),
    ]
    mark = fingerprint(project, corpus, codebook, model)
    ref = builds.current(project.builds)
    if ref is not None and ref.fingerprint == mark:
        mended = not index.is_whole(ref.search)
        if mended:
            _index(corpus, ref, show)
        return BuildReport(ref.id, mended, done)
    with show.task("Publishing the build", None, "tables"):
        ref = builds.write(
            corpus,
            project.builds,
            fingerprint=mark,
            frames={
                "incoming_alias": _aliases(project, corpus),
                "incoming_agency": credits.names(project.agencies),
            },
            params={"build_credit": {"names": credits.pattern(project.agencies)}},
            meta=_meta(project, corpus, codebook, model),
            now=now(),
        )
    _index(corpus, ref, show)
    builds.announce(project.builds, ref)
    return BuildReport(ref.id, True, done)


def _index(corpus: Database, ref: builds.BuildRef, progress: Progress) -> None:
    """The search index beside a build."""
    opened = open_ref(ref.path, ref.id)
    try:
        index.write(corpus, opened, ref.search, progress)
    finally:
        opened.close()


def versions(project: Project, model: FrameModel) -> dict[str, str]:
    """The version at which each stage would run now; topics have the version of their fit."""
    return {
        "sentences": sentences.VERSION,
        "embeddings": embeddings.VERSION,
        "copies": copies.VERSION,
        "stories": stages.stories.version(),
        "frames": stages.frames.version(model),
        "terms": stages.terms.version(),
        "voices": stages.voices.version(project),
    }


def fingerprint(project: Project, corpus: Database, codebook: Codebook, model: FrameModel) -> str:
    """A hash of all that a build is made from: equal means that publishing would change nothing."""
    state = corpus.read("corpus_state").row(0)
    settings = [asdict(project.settings), project.agencies]
    done = corpus.read("stage_counts").rows()
    findings = corpus.read("ledger_state").row(0)
    marts = [catalogue()[name].sql for name in builds.MARTS]
    return digest([state, settings, done, findings, codebook.hash, model.version, marts])


def _meta(
    project: Project, corpus: Database, codebook: Codebook, model: FrameModel
) -> dict[str, Any]:
    settings = project.settings
    return {
        "name": settings.name,
        "note": settings.note,
        "teaching": settings.teaching,
        "min_cell": settings.min_cell,
        "peers": settings.peers,
        "aliases": settings.aliases,
        "events": [{"date": e.date.isoformat(), "label": e.label} for e in settings.events],
        "codebook": codebook.as_dict(),
        "model_version": model.version,
        "model_card": model.card,
        "versions": versions(project, model),
        "framescope": __version__,
        "pieces": corpus.read("corpus_state")["pieces"][0],
    }


def _aliases(project: Project, corpus: Database) -> pl.DataFrame:
    """Each spelling in the corpus that has another name; DuckDB's lower() is no casefold."""
    names = {name.casefold(): to for name, to in project.settings.aliases.items()}
    spellings = corpus.read("outlet_spellings")["outlet"].to_list()
    return pl.DataFrame(
        [(name, names[name.casefold()]) for name in spellings if name.casefold() in names],
        schema={"spelling": pl.String, "outlet": pl.String},
        orient="row",
    )
