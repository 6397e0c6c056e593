"""Coding in the terminal, line by line: it works without colour, and with lines from a file."""

from __future__ import annotations

import re
import sys
import time
from typing import Any

from rich.text import Text

from analysis.coding.sessions import BlindPiece, Desk, Marks, Task, blind_piece
from analysis.errors import CodingError
from analysis.reads import Build
from analysis.terminal import errors, printable, results

HELP = """\
  1 3       frames 1 and 3 are present, the others absent; this commits the piece
  0         no frame is present
  1 2?      frame 1 is present, about 2 you can't decide
  1:0,4     frame 1 is present, in the headline (0) and in sentence 4
  =         commit what is shown as coded before
  n TEXT    a note on this piece       u   take the last commit back
  b         the codebook               p   the piece again
  ?         this help                  q   stop; the same command goes on from here"""

_WORD = re.compile(r"(\d{1,3})(\?|:\d+(?:,\d+)*)?")


class Unclear(Exception):
    """A line that can't be read, and why."""


def sit_down(desk: Desk, build: Build) -> None:
    """Offers pieces until none is left, the coder stops, or the input ends."""
    frames = build.frames
    _show(f"{desk.coder}, sample {desk.sample}. ? for help, q to stop.")
    _codebook(frames, short=True)
    task = desk.next()
    while task is not None:
        piece = blind_piece(build, task.piece)
        if piece is None:
            raise CodingError(
                f"the piece '{task.piece}' is not in the current build",
                remedy="ingest the sources that the sample was drawn from, and build",
            )
        following = _at(desk, task, piece, frames)
        if following is None:
            break
        task = following if isinstance(following, Task) else desk.next()
    progress = desk.progress()
    if task is None and progress.held:
        _show(f"Others hold the last {progress.held:,} pieces.")
    elif task is None:
        _show("All pieces are coded. Thank you.")
    _show(f"{progress.done:,} of {progress.total:,} pieces coded.")


def _at(
    desk: Desk, task: Task, piece: BlindPiece, frames: list[dict[str, Any]]
) -> Task | bool | None:
    """What follows a piece: True the next one, a task that was taken back, None the end."""
    since = time.monotonic()
    draft = task.draft or Marks()
    _piece(task, piece, frames)
    while (line := _line()) is not None:
        words = line.split()
        if not words:
            _show("Write the frames that are present, 0 for none, ? for help.")
        elif line in ("q", "quit"):
            return None
        elif line in ("?", "h", "help"):
            _show(HELP)
        elif line == "b":
            _codebook(frames)
        elif line == "p":
            _piece(task, piece, frames)
        elif line == "u":
            try:
                before = desk.undo()
            except CodingError as error:
                _show(str(error))
                continue
            if before is not None:
                return before
            _show("There is nothing to take back.")
        elif words[0] == "n":
            try:
                draft = Marks(draft.frames, draft.sentences, line[1:].strip(), draft.seconds)
                desk.save_draft(task.piece, draft)
            except CodingError as error:
                _show(str(error))
            else:
                _show("Noted.")
        else:
            try:
                seconds = (draft.seconds or 0.0) + time.monotonic() - since
                marks = _read(words, draft, frames, round(seconds, 1))
                desk.commit(task.piece, marks, piece.spans)
            except (Unclear, CodingError) as error:
                _show(f"Not committed: {error}")
            else:
                return True
    return None


def _read(words: list[str], draft: Marks, frames: list[dict[str, Any]], seconds: float) -> Marks:
    """Marks as the words say. Raises Unclear."""
    ids = [frame["id"] for frame in frames]
    if words == ["="]:
        return Marks(draft.frames, draft.sentences, draft.note, seconds)
    codes: dict[str, bool | None] = dict.fromkeys(ids, False)
    sentences: dict[str, tuple[int, ...]] = {}
    seen: set[str] = set()
    for word in words if words != ["0"] else []:
        match = _WORD.fullmatch(word)
        if match is None:
            raise Unclear(f"'{printable(word)[:40]}' is no frame's number; ? for help")
        number, more = int(match.group(1)), match.group(2) or ""
        if not 1 <= number <= len(ids):
            raise Unclear(f"there is no frame {number}; they are 1 to {len(ids)}")
        frame = ids[number - 1]
        if frame in seen:
            raise Unclear(f"frame {number} is there twice")
        seen.add(frame)
        codes[frame] = None if more == "?" else True
        if more.startswith(":"):
            sentences[frame] = tuple(int(one[:9]) for one in more[1:].split(","))
    return Marks(codes, sentences, draft.note, seconds)


def _piece(task: Task, piece: BlindPiece, frames: list[dict[str, Any]]) -> None:
    _show("")
    _show(f"Piece {task.number:,} of {task.total:,}", style="bold")
    for number, start, end in piece.spans:
        text = piece.title if number == 0 else piece.text
        words = " ".join(text[start:end].split())
        _show(f"[{number}] {words}", style="bold" if number == 0 else "")
    if task.recode:
        names = ", ".join(frame["name"] for frame in frames if frame["id"] in task.recode)
        _show(f"The codebook has changed; code again: {names}")
    if task.draft and task.draft.frames:
        _show(f"Coded before: {_words(task.draft, frames)}")
    if task.draft and task.draft.note:
        _show(f"Note: {task.draft.note}")


def _words(marks: Marks, frames: list[dict[str, Any]]) -> str:
    """Codes as they would be written, those that are missing as such."""
    said = []
    for number, frame in enumerate(frames, 1):
        if frame["id"] not in marks.frames:
            said.append(f"{number} to code")
            continue
        value = marks.frames[frame["id"]]
        numbers = ",".join(map(str, marks.sentences.get(frame["id"], ())))
        if value is not False:
            said.append(
                f"{number}?" if value is None else f"{number}:{numbers}" if numbers else f"{number}"
            )
    return " ".join(said) or "0"


def _codebook(frames: list[dict[str, Any]], *, short: bool = False) -> None:
    for number, frame in enumerate(frames, 1):
        _show(f"  {number} {frame['name']}")
        if short:
            continue
        _show(f"      {frame['definition']}")
        for label, key in (("counts", "include"), ("does not count", "exclude")):
            for one in frame.get(key, ()):
                _show(f"      {label}: {one}")


def _line() -> str | None:
    """The next line of the input; None at its end."""
    if sys.stdin.isatty():
        errors.print("> ", end="")
    line = sys.stdin.readline()
    return line.strip() if line else None


def _show(text: str, style: str = "") -> None:
    results.print(Text(printable(text), style=style))
