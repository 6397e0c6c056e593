"""Voices: quotations with their speakers, and the sentences that are not the outlet's own voice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from analysis import workers
from analysis.corpus import sentences, voices
from analysis.project import Project
from analysis.stages.running import BATCH, StageReport, end_run, mark_done, now, start_run
from analysis.store import Database
from analysis.types import Progress, batches

STAGE = "voices"

QUOTATION = {
    "piece_key": pl.Int32, "quotation": pl.Int32, "sentence": pl.Int32, "kind": pl.String,
    "start_char": pl.Int32, "end_char": pl.Int32, "cue_start": pl.Int32, "cue_end": pl.Int32,
    "speaker_start": pl.Int32, "speaker_end": pl.Int32, "speaker": pl.String, "role": pl.String,
    "nested": pl.Boolean,
}  # fmt: skip
SENTENCE_VOICE = {"piece_key": pl.Int32, "sentence": pl.Int32, "role": pl.String}

# Below so many pieces another process would cost more to start than it saves.
FEW = 4 * BATCH


@dataclass(frozen=True)
class Job:
    """A batch of pieces for a worker, and the project's own words."""

    keys: list[int]
    titles: list[str]
    texts: list[str]
    spans: list[list[tuple[int, int]]]
    people: dict[str, str]
    phrases: dict[str, str]


def version(project: Project) -> str:
    own = project.settings.voices
    lexicon = voices.load(own.people, own.phrases)
    return f"{voices.RULES}, {lexicon.version} on {sentences.VERSION}"


def run(corpus: Database, project: Project, progress: Progress) -> StageReport:
    """Reads the pieces that this version has not read, on all cores when there are many."""
    started = now()
    mark = version(project)
    if corpus.read("stale_pieces", stage=STAGE, version=mark).height:
        with corpus.transaction() as work:
            work.run("forget_quotation", version=mark)
            work.run("forget_sentence_voice", version=mark)
            work.run("forget_stage", stage=STAGE, version=mark)
    pending = corpus.read("pending_pieces", stage=STAGE, version=mark)["piece_key"].to_list()
    if pending:
        run_id = start_run(corpus, STAGE, mark, {}, len(pending), started)
        jobs = _jobs(corpus, project, pending)
        few = 1 if len(pending) < FEW else None
        with progress.task(STAGE.capitalize(), len(pending)) as advance:
            for keys, quoted, spoken in workers.in_order(read, jobs, few):
                with corpus.transaction() as work:
                    work.append("quotation", quoted)
                    work.append("sentence_voice", spoken)
                    mark_done(work, STAGE, mark, keys)
                advance(len(keys))
        end_run(corpus, run_id)
    return StageReport(STAGE, mark, len(pending), (now() - started).total_seconds())


def read(job: Job) -> tuple[list[int], pl.DataFrame, pl.DataFrame]:
    """The keys of a batch, its rows of `quotation`, and its rows of `sentence_voice`."""
    lexicon = voices.load(job.people, job.phrases)
    quoted: list[tuple[object, ...]] = []
    spoken: list[tuple[int, int, str]] = []
    for key, title, text, spans in zip(job.keys, job.titles, job.texts, job.spans, strict=True):
        found = voices.extract_piece(title, text, spans, lexicon)
        for number, one in enumerate(found):
            quoted.append(
                (
                    key, number, one.sentence, one.kind, one.start, one.end,
                    *(one.cue or (None, None)), *(one.speaker or (None, None)),
                    one.name, one.role, one.nested,
                )
            )  # fmt: skip
        headline = [one for one in found if one.sentence == 0]
        roles = voices.sentence_roles([(0, len(title))], headline, first=0)
        roles += voices.sentence_roles(spans, found[len(headline) :])
        spoken += [(key, sentence, role) for sentence, role in roles]
    return (
        job.keys,
        pl.DataFrame(quoted, schema=QUOTATION, orient="row"),
        pl.DataFrame(spoken, schema=SENTENCE_VOICE, orient="row"),
    )


def _jobs(corpus: Database, project: Project, pending: Sequence[int]) -> Iterator[Job]:
    own = project.settings.voices
    for keys in batches(pending, BATCH):
        texts = corpus.read("piece_texts", keys=list(keys))
        spans = (
            corpus.read("piece_spans", keys=list(keys))
            .filter(pl.col("sentence") > 0)
            .group_by("piece_key", maintain_order=True)
            .agg("start_char", "end_char")
        )
        rows = texts.join(spans, on="piece_key", how="left", maintain_order="left")
        found = [
            list(zip(starts or [], ends or [], strict=True))
            for starts, ends in rows.select("start_char", "end_char").iter_rows()
        ]
        yield Job(
            rows["piece_key"].to_list(), rows["title"].to_list(), rows["text"].to_list(), found,
            own.people, own.phrases,
        )  # fmt: skip
