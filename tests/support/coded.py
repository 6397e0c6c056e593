"""A copy of the demo project with a sample that is coded by its planted truth."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from analysis.coding.ledger import Ledger, open_ledger
from analysis.coding.sampling import Request, draw
from analysis.coding.sessions import Desk, Marks
from analysis.project import open_project
from analysis.reads import open_current
from tests.support.demo import planted_pieces

NOW = dt.datetime(2026, 3, 1, 12, 0)


def coded_copy(
    project: Path,
    copy: Path,
    request: Request,
    coders: Sequence[str] = ("Ann", "Bob"),
    errors: float = 0.0,
) -> Ledger:
    """Draws a sample and lets the coders code it; each errs on a code with chance `errors`."""
    shutil.copytree(project, copy)
    opened = open_project(copy)
    ledger = open_ledger(copy)
    build = open_current(opened)
    frames = build.frames
    drawn = draw(opened, ledger, build, request, NOW)
    build.close()
    names = [frame["id"] for frame in frames]
    truth = {row["id"]: row for row in planted_pieces().iter_rows(named=True)}
    chance = random.Random(3)
    for coder in coders:
        desk = Desk(ledger, drawn.sample, coder, frames)
        while (task := desk.next()) is not None:
            said = {
                name: bool(truth[task.piece][name]) != (chance.random() < errors) for name in names
            }
            desk.commit(task.piece, Marks(said), ())
    return ledger
