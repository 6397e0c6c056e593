"""Stories: formed once more when any piece is new; a story keeps its key."""

from __future__ import annotations

from analysis.corpus import copies, stories
from analysis.stages.running import StageReport, digest, mark_done, now
from analysis.store import Database
from analysis.types import Progress

# Copies of one text are one story, so how they are found is part of how stories are.
VERSION = f"{stories.VERSION}, copies {digest(copies.VERSION)[:6]}"


def run(corpus: Database, progress: Progress) -> StageReport:
    started = now()
    pending = corpus.read("pending_pieces", stage="stories", version=VERSION)
    if pending.height:
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
            work.run("forget_stage", stage="stories", version=VERSION)
            mark_done(work, "stories", VERSION, pending["piece_key"].to_list())
    return StageReport("stories", VERSION, pending.height, (now() - started).total_seconds())
