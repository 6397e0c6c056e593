"""What a coder says of one piece, and the rules that it obeys."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from analysis.errors import CodingError

MOST_NOTE = 10_000
MOST_NAME = 60
# A longer time was not measured.
MOST_SECONDS = 1e7

# Sentence, first character and the one after the last; 0 is the headline (offsets in the title).
Span = tuple[int, int, int]
Frame = Mapping[str, Any]


@dataclass(frozen=True)
class Marks:
    """Codes of one piece.

    `frames`: whether the piece carries the frame; None: the coder can't decide. `sentences`: for a
    frame the numbers of the sentences that carry it, 0 for the headline. `seconds`: time taken, None
    where not known. Raises CodingError where a sentence is marked for a frame that is not True.
    """

    frames: dict[str, bool | None] = field(default_factory=dict)
    sentences: dict[str, tuple[int, ...]] = field(default_factory=dict)
    note: str = ""
    seconds: float | None = None

    def __post_init__(self) -> None:
        for frame, value in self.frames.items():
            if value is not None and not isinstance(value, bool):
                _refuse(f"the code of '{frame}' is {value!r}", "give True, False or None")
        kept = {}
        for frame, numbers in self.sentences.items():
            if any(isinstance(n, bool) or not isinstance(n, int) for n in numbers):
                _refuse(f"a sentence of '{frame}' is no number", "give sentences' numbers")
            if numbers and self.frames.get(frame) is not True:
                _refuse(
                    f"a sentence is marked for '{frame}', but the piece is not said to carry it",
                    "code the frame as present, or take the mark off",
                )
            if numbers:
                kept[frame] = tuple(sorted(set(numbers)))
        object.__setattr__(self, "sentences", kept)
        object.__setattr__(self, "note", _clean(self.note))
        # Compared before it is a float: a number of 400 digits is none.
        known = self.seconds is not None and 0 <= self.seconds <= MOST_SECONDS
        object.__setattr__(self, "seconds", float(self.seconds or 0) if known else None)

    def same_codes(self, other: Marks) -> bool:
        """Whether both say the same of every frame and sentence, whatever the note and the time."""
        return self.frames == other.frames and self.sentences == other.sentences

    def only(self, frames: Sequence[str]) -> Marks:
        """The marks of some frames; note and time stay."""
        return Marks(
            {frame: value for frame, value in self.frames.items() if frame in frames},
            {frame: value for frame, value in self.sentences.items() if frame in frames},
            self.note,
            self.seconds,
        )


def check_marks(marks: Marks, frames: Sequence[str], spans: Sequence[Span] | None) -> None:
    """Raises CodingError for a frame that the codebook lacks or a sentence that the piece lacks.

    `spans` None: the piece is not at hand, so that sentences are not looked at.
    """
    for frame in marks.frames:
        if frame not in frames:
            _refuse(f"the codebook has no frame '{frame}'", f"its frames: {', '.join(frames)}")
    if spans is None:
        return
    known = {span[0] for span in spans}
    for frame, numbers in marks.sentences.items():
        for number in numbers:
            if number not in known:
                _refuse(
                    f"'{frame}': the piece has no sentence {number}",
                    "load the piece again and mark its sentences once more",
                )


def check_complete(marks: Marks, frames: Sequence[str]) -> None:
    """Raises CodingError where a frame is without a code."""
    missing = [frame for frame in frames if frame not in marks.frames]
    if missing:
        _refuse(
            f"no code for: {', '.join(missing)}",
            "code every frame as present, absent or can't decide",
        )


def definition_hash(frame: Frame) -> str:
    """Changes with what the codebook says that the frame is; names, examples, colours don't count."""
    said = [
        frame["id"],
        frame["definition"],
        frame.get("question", ""),
        list(frame.get("include", ())),
        list(frame.get("exclude", ())),
    ]
    return _digest(json.dumps(said, ensure_ascii=False))


def definitions(frames: Sequence[Frame]) -> dict[str, str]:
    """Hash of its definition by frame, in the codebook's order."""
    return {frame["id"]: definition_hash(frame) for frame in frames}


def codebook_hash(hashes: Mapping[str, str]) -> str:
    """One hash for all definitions."""
    return _digest(json.dumps(sorted(hashes.items())))


def coder_name(given: str) -> str:
    """The name without space around it. Raises CodingError for one that can't be shown or stored.

    1 to 60 printable characters; what looks like markup is text like any other.
    """
    name = " ".join(unicodedata.normalize("NFC", given).split())
    if not name:
        _refuse("the coder's name is empty", "give a name")
    if len(name) > MOST_NAME:
        _refuse(f"the coder's name has {len(name)} characters", f"give at most {MOST_NAME}")
    if not name.isprintable():
        shown = "".join(c if c.isprintable() else "�" for c in name)
        _refuse(f"the coder's name '{shown}' has control characters", "give a name without them")
    return name


def same_name(name: str, known: Sequence[str]) -> str | None:
    """The spelling under which a coder is known, whatever the case; None for a new one."""
    return next((one for one in known if one.casefold() == name.casefold()), None)


@dataclass(frozen=True)
class Coding:
    """One commit. Times are UTC, ISO 8601; the order of commits is that of `id`, not of clocks."""

    id: int
    piece: str
    coder: str
    committed_at: str
    withdrawn_at: str | None
    source: str
    marks: Marks
    definitions: dict[str, str]
    spans: tuple[Span, ...]


def coding_of(row: Mapping[str, Any]) -> Coding:
    """A row of the query `codings`."""
    frames = json.loads(row["frames"])
    sentences: dict[str, tuple[int, ...]] = {}
    spans = set()
    for frame, number, start, end in json.loads(row["sentences"]):
        sentences[frame] = (*sentences.get(frame, ()), number)
        spans.add((number, start, end))
    values = {frame: None if present is None else bool(present) for frame, present, _ in frames}
    return Coding(
        id=row["coding"],
        piece=row["piece"],
        coder=row["coder"],
        committed_at=row["committed_at"],
        withdrawn_at=row["withdrawn_at"],
        source=row["source"],
        marks=Marks(values, sentences, row["note"], row["seconds"]),
        definitions={frame: definition for frame, _, definition in frames},
        spans=tuple(sorted(spans)),
    )


def to_json(marks: Marks, hashes: Mapping[str, str]) -> str:
    """A draft as it is stored, with the definitions under which it was begun."""
    return json.dumps(
        {
            "frames": marks.frames,
            "sentences": marks.sentences,
            "note": marks.note,
            "seconds": marks.seconds,
            "definitions": {frame: hashes[frame] for frame in marks.frames if frame in hashes},
        }
    )


def from_json(text: str, hashes: Mapping[str, str]) -> Marks:
    """A draft, less the frames whose definition is another by now."""
    raw = json.loads(text)
    marks = Marks(raw["frames"], raw["sentences"], raw["note"], raw["seconds"])
    return marks.only([f for f, was in raw["definitions"].items() if hashes.get(f) == was])


def _clean(note: str) -> str:
    """Text that any store and screen takes. Raises CodingError where there is too much of it."""
    # Half a character of a pair, which a broken client can send, is no Unicode text.
    text = note.encode("utf-8", "replace").decode("utf-8").replace("\0", "").strip()
    if len(text) > MOST_NOTE:
        _refuse(f"the note has {len(text):,} characters", f"write at most {MOST_NOTE:,}")
    return text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _refuse(what: str, remedy: str) -> NoReturn:
    raise CodingError(what, remedy=remedy)
