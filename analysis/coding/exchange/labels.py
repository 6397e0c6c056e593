"""From the labels of other tools to frames, and from their spans to sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.coding.marks import Frame, Marks
from analysis.coding.sessions import BlindPiece

# Labels by which tools say that no frame applies.
NONE = {"none", "no frame", "no label"}


class LabelError(Exception):
    """Why a record can't be read; told with its place."""


@dataclass(frozen=True)
class Marked:
    """A stretch with a label, in characters of the text that the tool showed, or of the headline.

    `said`: the words of the stretch, where the export has them.
    """

    start: int
    end: int
    label: str
    said: str | None = None
    headline: bool = False


class Names:
    """Frames by what labels call them: id, name or short name, whatever the case."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.ids = [frame["id"] for frame in frames]
        self._of: dict[str, str] = {}
        for key in ("short", "name", "id"):
            for frame in frames:
                self._of[str(frame.get(key, frame["id"])).casefold()] = frame["id"]

    def read(self, label: str) -> tuple[str, bool | None] | None:
        """Frame and code of a label; None for "none". With a ? behind, it can't be decided.

        Raises LabelError for what is no frame.
        """
        plain = " ".join(label.split()).casefold()
        if plain in NONE and plain not in self._of:
            return None
        frame = self._of.get(plain.removesuffix("?").strip())
        if frame is None:
            raise LabelError(f"'{label[:60]}' is no frame; frames: {', '.join(self.ids)}")
        return frame, None if plain.endswith("?") else True


def marks_of(
    names: Names,
    labels: Iterable[str],
    spans: Iterable[Marked],
    piece: BlindPiece | None,
    shown: str | None,
    *,
    note: str = "",
    seconds: float | None = None,
) -> Marks:
    """Codes of a record: a frame that no label names is absent.

    `shown`: the text that the tool showed, None for the piece's own. Raises LabelError, also where
    labels contradict each other.
    """
    codes: dict[str, bool | None] = dict.fromkeys(names.ids, False)
    said: dict[str | None, bool | None] = {}
    sentences: dict[str, set[int]] = {}
    for label in labels:
        frame, value = names.read(label) or (None, False)
        if said.setdefault(frame, value) is not value:
            raise LabelError(f"'{frame}' is there with and without a question mark")
        if frame is not None:
            codes[frame] = value
    for one in spans:
        if (found := names.read(one.label)) is None:
            said.setdefault(None, False)
            continue
        if found[1] is None:
            raise LabelError(f"'{one.label[:60]}' on a stretch of text: a sentence can't be unsure")
        if piece is None:
            raise LabelError("the piece is not in the current build, so that spans have no place")
        if said.setdefault(found[0], True) is not True:
            raise LabelError(f"'{found[0]}' is there with and without a question mark")
        codes[found[0]] = True
        sentences.setdefault(found[0], set()).update(touched(one, piece, shown))
    if None in said and len(said) > 1:
        raise LabelError("it says that no frame is there, and names one too")
    return Marks(codes, {f: tuple(sorted(n)) for f, n in sentences.items()}, note, seconds)


def offsets(piece: BlindPiece | None) -> Mapping[int, tuple[int, int]]:
    return {n: (start, end) for n, start, end in piece.spans} if piece else {}


def touched(one: Marked, piece: BlindPiece, shown: str | None) -> list[int]:
    """Numbers of the sentences in which the stretch lies at least in part. Raises LabelError."""
    head, body = 0, -1
    text = piece.title
    if not one.headline:
        text = piece.text if shown is None else shown
        body = text.find(piece.text)
        if body < 0:
            raise LabelError("the text of the record is not the piece's text")
        head = text.find(piece.title, 0, body) if piece.title else -1
    start, end = _placed(one, text)
    found = []
    for number, first, last in piece.spans:
        base = head if number == 0 else body
        if base >= 0 and start < base + last and end > base + first:
            found.append(number)
    if not found:
        raise LabelError(f"characters {one.start} to {one.end} lie in no sentence of the piece")
    return found


def _placed(one: Marked, text: str) -> tuple[int, int]:
    """The stretch in characters; browsers count those beyond U+FFFF twice."""
    if not 0 <= one.start < one.end:
        raise LabelError(f"characters {one.start} to {one.end} are no stretch of text")
    if one.said is None or text[one.start : one.end] == one.said:
        if one.end > len(text):
            raise LabelError(f"the text has no characters {one.start} to {one.end}")
        return one.start, one.end
    units = text.encode("utf-16-le", "surrogatepass")
    before = units[: 2 * one.start].decode("utf-16-le", "replace")
    within = units[2 * one.start : 2 * one.end].decode("utf-16-le", "replace")
    if within != one.said:
        raise LabelError(f"characters {one.start} to {one.end} are not '{one.said[:40]}'")
    return len(before), len(before) + len(within)
