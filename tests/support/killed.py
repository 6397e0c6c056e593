"""A run that kills its own process: `python -m tests.support.killed ROOT STAGE NUMBER WHEN`.

STAGE is a stage whose NUMBER-th transaction (from 1) is the last thing the process does; WHEN says
whether it dies `before` the commit or `after` it. The stage `publish` counts files put in place:
1 is the build, 2 its search index, 3 the pointer. The stage `ingest` reads some.jsonl of the project.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from analysis import ingest
from analysis.cli import main
from analysis.sources import Limits
from analysis.stages import running
from analysis.store import database
from analysis.topics import cluster

BATCH = 40
Floats = NDArray[np.float32]


def die() -> NoReturn:
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(137)


def _flat(reducer: cluster.Reducer, components: int, min_dist: float) -> Floats:
    return np.ascontiguousarray(reducer._rows[:, :components], dtype=np.float32)


class Killer:
    """Counts the commits of a stage and ends the process at the one that is due."""

    def __init__(self, stage: str, number: int, when: str) -> None:
        self.stage, self.number, self.when = stage, number, when
        self.seen = 0

    def arm(self) -> None:
        running.BATCH = BATCH
        if self.stage == "publish":
            self._watch_files()
        elif self.stage == "ingest":
            self._watch_batches()
        else:
            if self.stage == "topics":
                # They are lost with the process, and compiling UMAP takes longer than the rest.
                cluster.Reducer._umap = _flat  # type: ignore[method-assign]
            self._watch_commits()

    def _due(self, when: str) -> bool:
        return self.seen == self.number and self.when == when

    def _watch_commits(self) -> None:
        ran = database.Transaction.run
        plain = database.Database.transaction

        def run(work: database.Transaction, name: str, /, **how: Any) -> None:
            ran(work, name, **how)
            self.seen += name == "mark_done" and how["stage"] == self.stage
            if self._due("before"):
                die()

        @contextmanager
        def transaction(corpus: database.Database) -> Iterator[database.Transaction]:
            with plain(corpus) as work:
                yield work
            if self._due("after"):
                die()

        database.Transaction.run = run  # type: ignore[method-assign, assignment]
        database.Database.transaction = transaction  # type: ignore[method-assign]

    def _watch_batches(self) -> None:
        plain = database.Transaction.run
        ingest.Limits = lambda: Limits(batch_rows=BATCH)  # type: ignore[assignment, misc]

        def run(work: database.Transaction, name: str, /, **how: Any) -> None:
            if self._due("after"):
                die()
            plain(work, name, **how)
            self.seen += name == "add_pieces"
            if self._due("before"):
                die()

        database.Transaction.run = run  # type: ignore[method-assign, assignment]

    def _watch_files(self) -> None:
        replace = Path.replace

        def put(draft: Path, target: Path) -> Path:
            self.seen += "builds" in draft.parts
            if self._due("before"):
                die()
            done = replace(draft, target)
            if self._due("after"):
                die()
            return done

        Path.replace = put  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    root, stage, number, when = sys.argv[1:]
    Killer(stage, int(number), when).arm()
    if stage == "ingest":
        main(["ingest", str(Path(root) / "some.jsonl"), "--project", root])
    main(["build", "--project", root])
