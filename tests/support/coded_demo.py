"""The teaching corpus with a sample that was coded, all in one transaction."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from analysis.coding.ledger import open_ledger
from analysis.coding.marks import codebook_hash, definitions
from analysis.project import open_project
from analysis.reads import open_current
from tests.support.codings import NOW
from tests.support.demo import framescope, planted_pieces


def coded_demo(
    demo: Path, root: Path, coders: Sequence[str] = ("Ann", "Bob"), *, budget: int = 200
) -> Path:
    """A copy of the built corpus with sample s1. The first coder codes all pieces as they were
    made to be, the others those that everybody gets; each errs in one code of twenty."""
    shutil.copytree(demo, root)
    framescope(
        "sample", "--project", root, "--budget", str(budget), "--overlap", "0.4", "--name", "s1"
    )  # fmt: skip
    code(root, coders)
    return root


def code(root: Path, coders: Sequence[str], *, shared_only: bool = False) -> None:
    """Lets coders code: the first one all pieces unless `shared_only`, the others what is for all."""
    build, ledger = open_current(open_project(root)), open_ledger(root)
    hashes = definitions(build.frames)
    build.close()
    truth = {row["id"]: row for row in planted_pieces().to_dicts()}
    noise = random.Random(5)
    drawn = ledger.rows("sample_pieces", sample="s1")
    with ledger.transaction() as work:
        for place, coder in enumerate(coders):
            work.run("add_coder", coder=coder, since=NOW)
            for row in drawn:
                if (place or shared_only) and not row["overlap"]:
                    continue
                coding = work.run(
                    "add_coding", sample="s1", piece=row["piece"], coder=coder, committed_at=NOW,
                    withdrawn_at=None, codebook=codebook_hash(hashes), source="test", seconds=None,
                    note="",
                )  # fmt: skip
                codes = [
                    {
                        "coding": coding,
                        "frame": frame,
                        "present": int(bool(truth[row["piece"]][frame]) ^ (noise.random() < 0.05)),
                        "definition": definition,
                    }
                    for frame, definition in hashes.items()
                ]
                work.run_many("add_coding_frame", codes)
