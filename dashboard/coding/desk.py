"""What passes between the coding desk in the browser and a coder's desk in the ledger."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from analysis.coding.ledger import Ledger
from analysis.coding.sessions import BlindPiece, Desk, Marks, Progress, Task
from analysis.errors import CodingError, FramescopeError
from analysis.reads import Build
from analysis.terminal import printable
from dashboard import data, wording
from dashboard.charts import FrameStyle

# Codings that tell a coder's pace.
RECENT = 20
MOST_SAID = 500


@dataclass
class Answer:
    """What the server has to say to the browser.

    `id`: the message answered, `ids` the latest of them. `turn`: changes when the page must take the draft that it is given,
    whatever is on it. `said`: a sentence for the coder.
    """

    id: str | None = None
    turn: int = 0
    said: str | None = None
    ids: deque[str] = field(default_factory=lambda: deque(maxlen=100))


def act(answer: Answer, desk: Desk, build: Build, message: Any) -> None:
    """Does what a message asks, unless that was done before. Never raises for a bad message."""
    if not isinstance(message, Mapping) or _text(message.get("id")) in answer.ids:
        return
    answer.said = None
    try:
        _do(answer, desk, build, message)
    except FramescopeError as error:
        why = " — ".join(filter(None, [error.what, error.remedy]))
        answer.said = (
            f"{'Not taken back' if message.get('kind') == 'undo' else 'Not stored'}: {why}."
        )
    answer.said = answer.said and printable(answer.said)[:MOST_SAID]
    answer.id = _text(message.get("id"))
    answer.ids.append(answer.id)


def _do(answer: Answer, desk: Desk, build: Build, message: Mapping[str, Any]) -> None:
    kind, piece = message.get("kind"), _text(message.get("piece"))
    if kind == "undo":
        # What was begun on this piece is still there when the coder comes back to it.
        _keep(desk, piece, message)
        if desk.undo() is None:
            answer.said = "There is nothing to take back."
            return
        answer.turn += 1
        answer.said = "Taken back: this is your last piece again. Change it and commit it anew."
    elif kind == "draft":
        if not _keep(desk, piece, message):
            answer.turn += 1
            answer.said = "You have committed that piece in another window. Here is the next one."
    elif kind == "commit":
        blind = data.blind_piece(build.id, piece, build)
        desk.commit(piece, marks_of(message), blind.spans if blind else ())
        answer.turn += 1


def _keep(desk: Desk, piece: str, message: Mapping[str, Any]) -> bool:
    return desk.save_draft(piece, marks_of(message))


def marks_of(message: Mapping[str, Any]) -> Marks:
    """The marks of a message. Raises CodingError where they are none."""
    raw = message.get("marks")
    try:
        if not isinstance(raw, Mapping):
            raise TypeError(f"marks are {raw!r}")
        return Marks(
            {_text(frame): value for frame, value in raw["frames"].items()},
            {_text(frame): tuple(numbers) for frame, numbers in raw["sentences"].items()},
            _text(raw["note"]),
            raw["seconds"] if isinstance(raw["seconds"], int | float) else None,
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise CodingError(
            "the page sent something that is no coding", remedy="load the page again"
        ) from error


def _text(value: Any) -> str:
    """As text without half a character of a pair, which a browser can send."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def paragraphs(piece: BlindPiece) -> list[list[tuple[int | None, str]]]:
    """The text as paragraphs of (sentence, words); None for what stands between sentences."""
    out: list[list[tuple[int | None, str]]] = [[]]

    def between(text: str) -> None:
        first, *rest = text.split("\n\n")
        for part, opens in ((first, False), *((part, True) for part in rest)):
            if opens:
                out.append([])
            if part:
                out[-1].append((None, part))

    at = 0
    for number, start, end in sorted(piece.spans, key=lambda span: span[1]):
        if number == 0 or start < at or end <= start:
            continue
        between(piece.text[at:start])
        out[-1].append((number, piece.text[start:end]))
        at = end
    between(piece.text[at:])
    return [part for part in out if any(words.strip() for _, words in part)]


def shown(
    answer: Answer,
    task: Task,
    piece: BlindPiece,
    progress: Progress,
    build: Build,
    styles: Sequence[FrameStyle],
    seconds_left: float | None,
) -> dict[str, Any]:
    """What the browser gets: a piece, this coder's own marks, the codebook; no label of any model."""
    names = {style.id: style.name for style in styles}
    return {
        "answered": answer.id,
        "turn": answer.turn,
        "said": answer.said,
        "progress": {
            "done": progress.done,
            "total": progress.total,
            "left": left(progress, seconds_left),
            "undo": progress.done + progress.recode > 0,
        },
        "task": {
            "piece": task.piece,
            "number": task.number,
            "total": task.total,
            "title": piece.title,
            "paragraphs": paragraphs(piece),
            "draft": _draft(task.draft),
            "again": again([names[frame] for frame in task.recode if frame in names]),
        },
        "frames": _frames(build, styles),
        "rules": {
            "unit": build.meta["codebook"].get("unit", ""),
            "borderline": list(build.meta["codebook"].get("borderline", ())),
            "rulings": list(build.meta["codebook"].get("rulings", ())),
        },
    }


def _draft(marks: Marks | None) -> dict[str, Any] | None:
    if marks is None:
        return None
    return {
        "frames": marks.frames,
        "sentences": {frame: list(numbers) for frame, numbers in marks.sentences.items()},
        "note": marks.note,
        "seconds": marks.seconds,
    }


def _frames(build: Build, styles: Sequence[FrameStyle]) -> list[dict[str, Any]]:
    colours = {style.id: style.colour for style in styles}
    return [
        {
            **{key: frame[key] for key in ("id", "name", "short", "definition", "question")},
            "include": list(frame["include"]),
            "exclude": list(frame["exclude"]),
            "examples": [{"text": e["text"], "why": e.get("why", "")} for e in frame["examples"]],
            "colour": colours[frame["id"]],
        }
        for frame in build.frames
    ]


def again(frames: Sequence[str]) -> str | None:
    """Why a piece comes again; None when it does not."""
    if not frames:
        return None
    return (
        f"You coded this piece before; since then the codebook's definition of {' and '.join(frames)} "
        "has changed. Code that again; the rest is as you left it."
    )


def pace(ledger: Ledger, desk: Desk) -> float | None:
    """Seconds that this coder takes for a piece (median of the latest); None before the third."""
    rows = ledger.rows("pace", sample=desk.sample, coder=desk.coder, most=RECENT)
    return median(row["seconds"] for row in rows) if len(rows) > 2 else None


def left(progress: Progress, seconds: float | None) -> str:
    """'12 done, 108 to go, about 35 min'."""
    to_go = max(0, progress.total - progress.done)
    parts = [f"{progress.done:,} done", f"{to_go:,} to go"]
    if seconds is not None:
        minutes = math.ceil(to_go * seconds / 60)
        parts.append(f"about {minutes} min" if minutes < 100 else f"about {round(minutes / 60)} h")
    return ", ".join(parts)


def in_words(marks: Marks, styles: Sequence[FrameStyle]) -> str:
    """'Safety, Rights?': frames carried, and with a question mark those undecided."""
    said = [
        style.short + ("?" if marks.frames.get(style.id) is None else "")
        for style in styles
        if marks.frames.get(style.id, False) is not False
    ]
    return ", ".join(said) or "none"


def missing(task: Task) -> str:
    """What to say of a drawn piece that the build has lost."""
    return (
        f"The piece “{wording.escape(task.piece)}” was drawn, but it is not in the current build. "
        "Read its file in again and build; or pass over it, which codes it as “can't decide”."
    )
