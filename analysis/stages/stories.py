"""Stories: formed once more when any piece is new; a story keeps its key."""

from __future__ import annotations

from analysis.corpus import copies, embeddings, stories
from analysis.stages.running import StageReport, digest, mark_done, now, start_run
from analysis.store import Database
from analysis.types import Progress


def version() -> str:
    """Of all that stories are found by; copies too, for copies of one text are one story."""
    made_of = [stories.figures(), embeddings.VERSION, copies.VERSION]
    return f"{stories.VERSION}, {digest(made_of)[:8]}"


def run(corpus: Database, progress: Progress) -> StageReport:
    started = now()
    made = version()
    pending = corpus.read("pending_pieces", stage="stories", version=made)["piece_key"].to_list()
    if pending:
        run_id = start_run(corpus, "stories", made, stories.figures(), len(pending), started)
        with progress.task("Stories", None):
            found = stories.gather(
                corpus.read("story_texts", most=stories.READ_CHARS),
                corpus.read("embeddings"),
                corpus.read("copy_groups"),
                corpus.read("story_members"),
            )
        with corpus.transaction() as work:
            work.run("clear_story")
            work.run("clear_story_member")
            work.append("story", found.stories)
            work.append("story_member", found.members)
            work.run("forget_stage", stage="stories", version=made)
            mark_done(work, "stories", made, pending)
            work.run("end_run", run_id=run_id, ended_at=now().isoformat())
    return StageReport("stories", made, len(pending), (now() - started).total_seconds())
