"""Coders as processes: `python -m tests.support.coding_process killed|together ROOT ...`.

`killed ROOT TIMES`: a process commits as fast as it can and tells each id after commit returned;
it is killed at a random moment, and another takes its place. Prints all ids told.
`together ROOT PROCESSES THREADS`: each thread of each process is a coder who codes until nothing
is left. Prints coder, piece and id of each commit.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analysis.coding.ledger import open_ledger
from analysis.coding.sessions import Desk, Marks
from tests.support.codings import FRAMES, SPANS


def code_for_ever(root: Path, told: int) -> None:
    """Codes, and where nothing is left takes back and codes again."""
    desk = Desk(open_ledger(root), "s1", "Ann", FRAMES)
    while True:
        task = desk.next() or desk.undo()
        assert task is not None
        # The note repeats the codes, so that a test can tell whether they belong together.
        present = random.random() < 0.5
        marks = Marks(
            {"safety": present, "trust": not present},
            {"safety" if present else "trust": (0, 1, 2)},
            str(present),
        )
        os.write(told, b"%d\n" % desk.commit(task.piece, marks, SPANS))


def killed(root: Path, times: int) -> None:
    random.seed(5)
    for _ in range(times):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            code_for_ever(root, writing)
        os.close(writing)
        first = os.read(reading, 100)
        time.sleep(random.uniform(0.0, 0.1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as pipe:
            told = first + pipe.read()
        sys.stdout.write(told.decode())
        # After its last id a process died, somewhere in the next coding.
        sys.stdout.write("killed\n")


def code_all(root: Path, coder: str) -> list[str]:
    desk = Desk(open_ledger(root), "s1", coder, FRAMES)
    done = []
    while task := desk.next():
        marks = Marks({"safety": True, "trust": None}, {"safety": (1,)}, coder)
        done.append(f"{coder}\t{task.piece}\t{desk.commit(task.piece, marks, SPANS)}\n")
    return done


def together(root: Path, processes: int, threads: int) -> None:
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            coders = [f"coder {number}.{thread}" for thread in range(threads)]
            with ThreadPoolExecutor(threads) as pool:
                done = pool.map(lambda coder: code_all(root, coder), coders)
                text = "".join(line for lines in done for line in lines)
            (root / f"done-{number}").write_text(text)
            os._exit(0)
        children.append(child)
    codes = [os.waitpid(child, 0)[1] for child in children]
    for number in range(processes):
        sys.stdout.write((root / f"done-{number}").read_text())
    sys.exit(max(codes))


if __name__ == "__main__":
    what, root, *numbers = sys.argv[1:]
    {"killed": killed, "together": together}[what](Path(root), *map(int, numbers))
