"""What a forged or broken page may send to the coding desk; b is Ben's, a is on Ann's screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GOOD = {"frames": {"safety": True, "trust": False}, "sentences": {}, "note": "", "seconds": 3}


@dataclass(frozen=True)
class Case:
    """`says` stands in the answer; '' where nothing is said. No coding is stored or taken back."""

    name: str
    message: Any
    says: str = ""


def sent(kind: Any = "commit", piece: Any = "a", **marks: Any) -> dict[str, Any]:
    return {"id": "m1", "kind": kind, "piece": piece, "marks": {**GOOD, **marks}}


NO_CODING = "the page sent something that is no coding"
CASES = [
    Case("no message", None),
    Case("a text", "commit"),
    Case("a list", [sent()]),
    Case("nothing", {}),
    Case("an unknown kind", sent("delete")),
    Case("a kind that is a list", sent(["commit"])),
    Case("a piece of no sample", sent(piece="zz"), "'zz' is not in the sample 's1'"),
    Case("a piece of no name", sent(piece=""), "'' is not in the sample"),
    Case("no piece", {**sent(), "piece": None}, "'None' is not in the sample"),
    Case("a piece that is a list", sent(piece=["a"]), "is not in the sample"),
    Case("a piece of 1 MB", sent(piece="z" * 10**6), f"'{'z' * 60}' is not in the sample"),
    Case("half a character for a piece", sent(piece="\ud800"), "'?' is not in the sample"),
    Case("a piece like SQL", sent(piece="a' or 1 --"), "is not in the sample"),
    Case("a draft of no sample", sent("draft", "zz"), "'zz' is not in the sample"),
    Case("no marks", {**sent(), "marks": None}, NO_CODING),
    Case("marks that are a list", {**sent(), "marks": [1]}, NO_CODING),
    Case("marks of nothing", {**sent(), "marks": {}}, NO_CODING),
    Case("frames that are a list", sent(frames=["safety"]), NO_CODING),
    Case("sentences that are a number", sent(sentences={"safety": 5}), NO_CODING),
    Case("a frame missing", sent(frames={"safety": True}), "no code for: trust"),
    Case("no frame", sent(frames={}), "no code for: safety, trust"),
    Case("an unknown frame", sent(frames={**GOOD["frames"], "mood": True}), "no frame 'mood'"),
    Case("a code that is a word", sent(frames={"safety": "yes", "trust": False}), "is 'yes'"),
    Case("a code that is a number", sent(frames={"safety": 1, "trust": 0}), "is 1"),
    Case("a code that is a list", sent(frames={"safety": [], "trust": False}), "is []"),
    Case("a sentence out of range", sent(sentences={"safety": [99]}), "no sentence 99"),
    Case("a sentence before the first", sent(sentences={"safety": [-1]}), "no sentence -1"),
    Case("a sentence without end", sent(sentences={"safety": [10**30]}), "no sentence 1000000"),
    Case("a sentence that is a text", sent(sentences={"safety": ["1"]}), "is no number"),
    Case("a sentence that is true", sent(sentences={"safety": [True]}), "is no number"),
    Case("half a sentence", sent(sentences={"safety": [0.5]}), "is no number"),
    Case(
        "a sentence of an absent frame", sent(sentences={"trust": [1]}), "is not said to carry it"
    ),
    Case("a sentence of no frame", sent(sentences={"mood": [1]}), "is not said to carry it"),
    Case("a note of 20,000 characters", sent(note="x" * 20_000), "the note has 20,000 characters"),
    Case("a draft's note without end", sent("draft", note="x" * 10**6), "the note has 1,000,000"),
    Case("a draft of an unknown frame", sent("draft", frames={"mood": True}), "no frame 'mood'"),
    Case("nothing to take back", sent("undo"), "There is nothing to take back"),
    Case("an undo without marks", {"id": "m1", "kind": "undo", "piece": "a"}, NO_CODING),
    Case("an undo of another's piece", sent("undo", "b"), "There is nothing to take back"),
]
