"""doccano's JSONL export: a record by line, with labels of the whole, spans, or both.

`label`, `labels` or `cats` hold names, or [start, end, name]; `entities` objects with start_offset,
end_offset and label. A record names its piece as piece or piece_id, beside the text or in `meta`: its
own `id` is doccano's number. A record without any label says that no frame is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.coding.exchange.intake import Incoming
from analysis.coding.exchange.labels import LabelError, Marked, Names, marks_of, offsets
from analysis.coding.marks import Frame
from analysis.coding.sessions import BlindPiece
from analysis.errors import CodingError

KEYS = ("piece", "piece_id")
LABELS = ("label", "labels", "cats", "entities")

Records = Sequence[tuple[int, Any]]


def is_export(records: Records) -> bool:
    return any(isinstance(one, dict) and any(key in one for key in LABELS) for _, one in records)


def piece_ids(records: Records) -> list[str]:
    """The pieces that the records name, as far as they do."""
    return [found for _, record in records if (found := _piece(record)) is not None]


def read_export(
    records: Records,
    frames: Sequence[Frame],
    pieces: Mapping[str, BlindPiece],
    coder: str | None,
) -> tuple[list[Incoming], list[str], list[str]]:
    """Codings, faults by line, and notices. `coder`: None where each record names its `annotator`."""
    names = Names(frames)
    found: list[Incoming] = []
    faults: list[str] = []
    empty = 0
    for line, record in records:
        place = f"line {line}"
        piece = _piece(record)
        if piece is None:
            faults.append(f"{place}: it names no piece ({', '.join(KEYS)}, or in meta)")
            continue
        who = _annotator(record)
        if coder is not None and who and who.casefold() != coder.casefold():
            faults.append(f"{place}: the annotator is '{who[:60]}', not '{coder}'")
            continue
        if coder is None and not who:
            faults.append(f"{place}: no annotator is named; add --coder NAME")
            continue
        try:
            labels, spans = _labels(record)
            empty += not labels and not spans
            text = record.get("text")
            blind = pieces.get(piece)
            marks = marks_of(
                names,
                labels,
                spans,
                blind,
                text if isinstance(text, str) else None,
                note=_note(record),
            )
        except (LabelError, CodingError) as error:
            faults.append(f"{place}: {getattr(error, 'what', error)}")
            continue
        found.append(Incoming(place, piece, coder or who, marks, offsets(blind), source="doccano"))
    notices = [f"{empty:,} records without any label say that no frame is there"] if empty else []
    return found, faults, notices


def _piece(record: Any) -> str | None:
    if not isinstance(record, dict):
        return None
    meta = record.get("meta")
    for holder in (record, meta if isinstance(meta, dict) else {}):
        for key in KEYS:
            value = holder.get(key)
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                return str(value)
    return None


def _annotator(record: Mapping[str, Any]) -> str:
    for key in ("annotator", "user", "username"):
        if isinstance(record.get(key), str) and record[key].strip():
            return str(record[key]).strip()
    return ""


def _note(record: Mapping[str, Any]) -> str:
    notes = record.get("Comments", record.get("comments", []))
    return (
        "\n".join(one for one in notes if isinstance(one, str)) if isinstance(notes, list) else ""
    )


def _labels(record: Mapping[str, Any]) -> tuple[list[str], list[Marked]]:
    labels: list[str] = []
    spans: list[Marked] = []
    for key in LABELS:
        value = record.get(key)
        if value is None:
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                labels.append(one)
            elif isinstance(one, dict):
                spans.append(
                    _span(one.get("start_offset"), one.get("end_offset"), one.get("label"))
                )
            elif isinstance(one, list) and len(one) == 3:
                spans.append(_span(*one))
            else:
                raise LabelError(f"'{str(one)[:40]}' in {key} is no label")
    return labels, spans


def _span(start: Any, end: Any, label: Any) -> Marked:
    # A truth value is an int too.
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        raise LabelError("a span is no start, end and label")
    return Marked(start, end, label)
