"""A copy of the demo project with a sample that is coded by its planted truth."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from analysis.coding.ledger import Ledger, Work, open_ledger
from analysis.coding.marks import definitions
from analysis.coding.sampling import Request, draw
from analysis.project import open_project
from analysis.reads import open_current
from tests.support.codings import NOW as STAMP
from tests.support.demo import planted_pieces

NOW = dt.datetime(2026, 3, 1, 12, 0)


def coded_copy(
    project: Path,
    copy: Path,
    request: Request,
    coders: Sequence[str] = ("Ann", "Bob"),
    errors: float = 0.0,
) -> Ledger:
    """Draws a sample, of which the first coder codes all and the others the overlap; each errs on
    a code with chance `errors`. Stored at once, for thousands of commits take their time."""
    shutil.copytree(project, copy)
    opened = open_project(copy)
    ledger = open_ledger(copy)
    build = open_current(opened)
    hashes = definitions(build.frames)
    drawn = draw(opened, ledger, build, request, NOW)
    build.close()
    truth = {row["id"]: row for row in planted_pieces().iter_rows(named=True)}
    chance = random.Random(3)
    pieces = ledger.rows("sample_pieces", sample=drawn.sample)
    with ledger.transaction() as work:
        for coder in coders:
            work.run("add_coder", coder=coder, since=STAMP)
            for row in pieces:
                if coder == coders[0] or row["overlap"]:
                    said = {
                        frame: bool(truth[row["piece"]][frame]) != (chance.random() < errors)
                        for frame in hashes
                    }
                    _commit(work, drawn.sample, row["piece"], coder, said, hashes)
    return ledger


def _commit(
    work: Work,
    sample: str,
    piece: str,
    coder: str,
    said: dict[str, bool],
    hashes: dict[str, str],
) -> None:
    coding = work.run(
        "add_coding",
        sample=sample,
        piece=piece,
        coder=coder,
        committed_at=STAMP,
        withdrawn_at=None,
        codebook="",
        source="test",
        seconds=None,
        note="",
    )
    work.run_many(
        "add_coding_frame",
        [
            {"coding": coding, "frame": frame, "present": int(there), "definition": hashes[frame]}
            for frame, there in said.items()
        ],
    )
