"""Poor surroundings: a process of its own each, in which the command works or says what is wrong."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@dataclass(frozen=True)
class Surroundings:
    """`framescope WORDS` after `before`, with `after` behind it, in sh; a name of None is unset."""

    name: str
    words: str
    code: int = 0
    says: str = ""
    environment: dict[str, str | None] = field(default_factory=dict)
    before: str = ""
    after: str = ""


GONE = "mkdir x; cd x; rmdir ../x;"

# A project is there already, which is told without loading much.
THERE = "mkdir -p 'Zeitung ü'; touch 'Zeitung ü/framescope.toml';"

CASES = [
    Surroundings(
        "no HOME, no USER, no standard input",
        "init new",
        environment={"HOME": None, "USER": None},
        after="<&-",
    ),
    Surroundings(
        "HOME and TMPDIR that are not there",
        "init new",
        environment={"HOME": "/nowhere/at/all", "TMPDIR": "/nowhere"},
    ),
    Surroundings(
        "ASCII only and an error",
        "init 'Zeitung ü'",
        1,
        "there is a project already",
        environment={**ASCII},
        before=THERE,
    ),
    Surroundings(
        "a terminal of nonsense",
        "init 'Zeitung ü'",
        1,
        "Zeitung ü: there is a project already",
        environment={"TERM": "nonsense", "COLUMNS": "many", "LINES": "-1"},
        before=THERE,
    ),
    Surroundings("no standard output", "init new", after=">&-"),
    Surroundings("no place for errors", "init 'Zeitung ü'", 1, before=THERE, after="2>&-"),
    Surroundings("a folder that was deleted", "init new", 1, "new: the folder", before=GONE),
]
if os.path.exists("/dev/full"):  # noqa: PTH110
    CASES.append(
        Surroundings("output that is full", "init new", 1, "No space left", after=">/dev/full")
    )
