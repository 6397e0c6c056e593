"""The stages of a build, each incremental and resumable, and the publishing of the result.

A stage works on the pieces it has not done at its present version, batch by batch; a batch's rows
and the note that it is done are one transaction. Killed at any moment, the next run goes on and
ends in the same rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from analysis import __version__
from analysis.corpus import copies, embeddings, sentences
from analysis.errors import ProjectError
from analysis.frames import Codebook, FrameModel, load_codebook, model_for
from analysis.project import Project
from analysis.store import Database, builds
from analysis.types import Progress, Silent, batches
from queries import catalogue

BATCH = 400

# The corpus has to grow by so much before topics are fitted afresh; until then they are assigned.
REFIT_GROWTH = 1.3


@dataclass
class StageReport:
    """What a stage did: pieces it worked on, and seconds."""

    stage: str
    version: str
    pieces: int
    seconds: float


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
    stages = [
        _run_stage(corpus, "sentences", sentences.VERSION, _sentences, ["sentence"], show),
        _run_stage(corpus, "embeddings", embeddings.VERSION, _embeddings, ["embedding"], show),
        _copies(corpus, show),
        _run_stage(
            corpus,
            "frames",
            f"{model.version} on {sentences.VERSION}",
            lambda keys, texts: _frames(corpus, model, keys, texts),
            ["sentence_frame", "piece_frame"],
            show,
        ),
        _topics(project, corpus, show),
    ]
    mark = fingerprint(project, corpus, codebook, model)
    ref = builds.current(project.builds)
    if ref is not None and ref.fingerprint == mark:
        return BuildReport(ref.id, False, stages)
    with show.task("Publishing the build", None, "tables"):
        ref = builds.publish(
            corpus,
            project.builds,
            fingerprint=mark,
            frames={"incoming_alias": _aliases(project, corpus)},
            meta=_meta(project, corpus, codebook, model),
            now=_now(),
        )
    return BuildReport(ref.id, True, stages)


Batch = dict[str, pl.DataFrame]


def _run_stage(
    corpus: Database,
    stage: str,
    version: str,
    work_on: Callable[[Sequence[int], pl.DataFrame], Batch],
    tables: Sequence[str],
    progress: Progress,
) -> StageReport:
    started = _now()
    if corpus.read("stale_pieces", stage=stage, version=version).height:
        with corpus.transaction() as work:
            for table in tables:
                work.run(f"forget_{table}", version=version)
            work.run("forget_stage", stage=stage, version=version)
    pending = corpus.read("pending_pieces", stage=stage, version=version)["piece_key"].to_list()
    if pending:
        run_id = _start_run(corpus, stage, version, {}, len(pending), started)
        with progress.task(stage.capitalize(), len(pending)) as advance:
            for keys in batches(pending, BATCH):
                texts = corpus.read("piece_texts", keys=list(keys))
                rows = work_on(keys, texts)
                with corpus.transaction() as work:
                    for table, frame in rows.items():
                        work.append(table, frame)
                    _mark_done(work, stage, version, keys)
                advance(len(keys))
        _end_run(corpus, run_id)
    return StageReport(stage, version, len(pending), (_now() - started).total_seconds())


def _sentences(keys: Sequence[int], texts: pl.DataFrame) -> Batch:
    spans = [
        [(0, len(title)), *found]
        for title, found in zip(
            texts["title"], sentences.spans_of_all(texts["text"].to_list()), strict=True
        )
    ]
    frame = (
        pl.DataFrame(
            {"piece_key": texts["piece_key"], "span": spans},
            schema={"piece_key": pl.Int32, "span": pl.List(pl.Array(pl.Int32, 2))},
        )
        .explode("span")
        .with_columns(
            sentence=pl.int_range(pl.len(), dtype=pl.Int32).over("piece_key"),
            start_char=pl.col("span").arr.get(0),
            end_char=pl.col("span").arr.get(1),
        )
    )
    return {"sentence": frame}


def _embeddings(keys: Sequence[int], texts: pl.DataFrame) -> Batch:
    vectors = embeddings.embed_pieces(texts["title"].to_list(), texts["text"].to_list())
    return {
        "embedding": pl.DataFrame(
            {"piece_key": texts["piece_key"], "vec": vectors},
            schema={"piece_key": pl.Int32, "vec": pl.Array(pl.Float32, embeddings.DIMENSIONS)},
        )
    }


def _frames(corpus: Database, model: FrameModel, keys: Sequence[int], texts: pl.DataFrame) -> Batch:
    spans = (
        corpus.read("piece_spans", keys=list(keys))
        .filter(pl.col("sentence") > 0)
        .select("piece_key", span=pl.concat_list("start_char", "end_char"))
        .group_by("piece_key", maintain_order=True)
        .agg("span")
    )
    joined = texts.join(spans, on="piece_key", how="left", maintain_order="left")
    scored = model.score(
        joined["title"].to_list(),
        joined["text"].to_list(),
        [[(a, b) for a, b in found or []] for found in joined["span"].to_list()],
    )
    piece_keys = joined["piece_key"]
    return {
        "sentence_frame": scored.sentences_long(piece_keys),
        "piece_frame": scored.pieces_long(piece_keys),
    }


def _copies(corpus: Database, progress: Progress) -> StageReport:
    """Signatures batch by batch; pairs and groups once more when any piece is new."""
    started = _now()
    report = _run_stage(corpus, "copies", copies.VERSION, _signatures, ["signature"], progress)
    grouped = corpus.read("pending_pieces", stage="copy_groups", version=copies.VERSION)
    if grouped.height:
        with progress.task("Copies", None):
            signatures = corpus.read("signatures")
            candidates = copies.candidates(signatures)
            involved = pl.concat([candidates["left_key"], candidates["right_key"]]).unique().sort()
            texts = corpus.read("piece_texts", keys=involved.to_list())
            pairs = copies.verify(candidates, texts)
            members = copies.groups(pairs, corpus.read("copy_dates", keys=involved.to_list()))
        with corpus.transaction() as work:
            work.run("clear_copy_pair")
            work.run("clear_copy_member")
            work.append("copy_pair", pairs)
            work.append("copy_member", members)
            work.run("forget_stage", stage="copy_groups", version=copies.VERSION)
            _mark_done(work, "copy_groups", copies.VERSION, grouped["piece_key"].to_list())
    report.seconds = (_now() - started).total_seconds()
    return report


def _signatures(keys: Sequence[int], texts: pl.DataFrame) -> Batch:
    return {"signature": copies.signatures(texts)}


def _topics(project: Project, corpus: Database, progress: Progress) -> StageReport:
    """Fits topics when there are none for these settings or the corpus has outgrown them."""
    started = _now()
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
    return StageReport("topics", version, pieces, (_now() - started).total_seconds())


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
    version = _hash({**params, "content": state})[:12]
    run_id = _start_run(corpus, "topics", version, params, total, started)
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
        _mark_done(work, "topics", version, found.pieces["piece_key"].to_list())
        work.run("end_run", run_id=run_id, ended_at=_now().isoformat())
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
        _mark_done(work, "topics", version, placed["piece_key"].to_list())
    return pending.height


def _mark_done(work: Any, stage: str, version: str, keys: Sequence[int]) -> None:
    done = pl.DataFrame({"piece_key": list(keys)}, schema={"piece_key": pl.Int32})
    work.run("mark_done", frames={"incoming": done}, stage=stage, version=version)


def _start_run(
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


def _end_run(corpus: Database, run_id: str) -> None:
    with corpus.transaction() as work:
        work.run("end_run", run_id=run_id, ended_at=_now().isoformat())


def versions(project: Project, model: FrameModel) -> dict[str, str]:
    """The version at which each stage would run now; topics have the version of their fit."""
    return {
        "sentences": sentences.VERSION,
        "embeddings": embeddings.VERSION,
        "copies": copies.VERSION,
        "frames": f"{model.version} on {sentences.VERSION}",
    }


def fingerprint(project: Project, corpus: Database, codebook: Codebook, model: FrameModel) -> str:
    """A hash of all that a build is made from: equal means that publishing would change nothing."""
    state = corpus.read("corpus_state").row(0)
    settings = asdict(project.settings)
    done = corpus.read("stage_counts").rows()
    findings = corpus.read("ledger_state").row(0)
    marts = [catalogue()[name].sql for name in builds.MARTS]
    return _hash([state, settings, done, findings, codebook.hash, model.version, marts])


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


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
