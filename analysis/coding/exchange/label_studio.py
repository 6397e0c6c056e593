"""Label Studio's JSON export: tasks with the annotations of one or several people.

Read are choices (also several) and labels on text. A choice is a frame's id, name or short name, with
a ? behind it where the coder can't decide; an annotation without any says that no frame is there. A
task names its piece in `data` as piece, piece_id or id, as it does when a sheet of `framescope codes
export` was loaded as CSV. Labels on an object called title or headline are on the headline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.coding.exchange.intake import Incoming
from analysis.coding.exchange.labels import LabelError, Marked, Names, marks_of, offsets
from analysis.coding.marks import Frame
from analysis.coding.sessions import BlindPiece
from analysis.errors import CodingError

KEYS = ("piece", "piece_id", "id")
HEADLINES = {"title", "headline"}
_READ = {"choices", "labels", "textarea"}


def is_export(value: Any) -> bool:
    return isinstance(value, list) and any(
        isinstance(task, dict) and ("annotations" in task or "completions" in task)
        for task in value
    )


def piece_ids(tasks: Sequence[Any]) -> list[str]:
    """The pieces that the tasks name, as far as they do."""
    return [found for task in tasks if (found := _piece(task)) is not None]


def read_export(
    tasks: Sequence[Any],
    frames: Sequence[Frame],
    pieces: Mapping[str, BlindPiece],
    coder: str | None,
) -> tuple[list[Incoming], list[str], list[str]]:
    """Codings, faults by task, and notices.

    `coder`: whose the annotations are; None to call each tagger by the e-mail address or number
    that the export gives. A file of several taggers can't be of one coder: that is a fault.
    """
    names = Names(frames)
    found: list[Incoming] = []
    faults: list[str] = []
    skipped = empty = 0
    taggers: set[str] = set()
    for number, task in enumerate(tasks, 1):
        task = task if isinstance(task, dict) else {}
        place = f"task {str(task.get('id', number))[:40]}"
        piece = _piece(task)
        if piece is None:
            faults.append(f"{place}: its data names no piece ({', '.join(KEYS)})")
            continue
        annotations = task.get("annotations") or task.get("completions") or []
        if not isinstance(annotations, list):
            faults.append(f"{place}: its annotations are no list")
            continue
        for annotation in annotations:
            if not isinstance(annotation, dict):
                faults.append(f"{place}: an annotation is no object")
                continue
            if annotation.get("was_cancelled"):
                skipped += 1
                continue
            tagger = _tagger(annotation)
            taggers.add(tagger)
            empty += not annotation.get("result")
            try:
                found.append(
                    _incoming(place, piece, annotation, names, pieces.get(piece), coder or tagger)
                )
            except (LabelError, CodingError) as error:
                faults.append(f"{place}, {tagger}: {getattr(error, 'what', error)}")
    if coder is not None and len(taggers) > 1:
        faults.append(
            f"the file holds annotations of {len(taggers)} taggers, not of '{coder}' alone; "
            "leave --coder out"
        )
    notices = []
    if skipped:
        notices.append(f"{skipped:,} skipped annotations were left out")
    if empty:
        notices.append(f"{empty:,} annotations without any label say that no frame is there")
    return found, faults, notices


def _piece(task: Any) -> str | None:
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict):
        return None
    for key in KEYS:
        value = data.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return None


def _tagger(annotation: Mapping[str, Any]) -> str:
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        for key in ("email", "username"):
            if isinstance(by.get(key), str) and by[key].strip():
                return str(by[key]).strip()
        by = by.get("id")
    return f"tagger {by}" if isinstance(by, int) else str(by or "tagger")


def _incoming(
    place: str,
    piece: str,
    annotation: Mapping[str, Any],
    names: Names,
    blind: BlindPiece | None,
    coder: str,
) -> Incoming:
    labels: list[str] = []
    spans: list[Marked] = []
    notes: list[str] = []
    for region in _objects(annotation.get("result")):
        kind, value = region.get("type"), region.get("value")
        if not isinstance(kind, str) or kind not in _READ:
            raise LabelError(f"a result of type '{str(kind)[:40]}' is none of choices and labels")
        if not isinstance(value, dict):
            raise LabelError(f"a result of type '{kind}' has no value")
        if kind == "choices":
            labels += _texts(value.get("choices"))
        elif kind == "textarea":
            notes += _texts(value.get("text"))
        elif kind == "labels":
            start, end, said = value.get("start"), value.get("end"), value.get("text")
            if type(start) is not int or type(end) is not int:  # True is an int too
                raise LabelError("a label on text has no start and end")
            headline = str(region.get("to_name")).casefold() in HEADLINES
            said = said if isinstance(said, str) else None
            spans += [
                Marked(start, end, label, said, headline) for label in _texts(value.get("labels"))
            ]
    seconds = annotation.get("lead_time")
    marks = marks_of(
        names,
        labels,
        spans,
        blind,
        None,
        note="\n".join(notes),
        seconds=seconds if isinstance(seconds, int | float) else None,
    )
    at = annotation.get("created_at")
    return Incoming(
        place,
        piece,
        coder,
        marks,
        offsets(blind),
        "" if at is None else str(at),
        source="label_studio",
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list | type(None)):
        raise LabelError("its result is no list")
    if any(not isinstance(one, dict) for one in value or ()):
        raise LabelError("a result is no object")
    return list(value or ())


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if any(not isinstance(one, str) for one in values):
        raise LabelError("a label is no text")
    return list(values)
