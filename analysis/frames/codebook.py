"""A codebook: which frames there are, what each means, and how borderline cases are coded."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from analysis.errors import CodebookError
from analysis.project import DATA
from analysis.toml_file import read_toml

BUNDLED = DATA / "codebook.toml"

_ID = re.compile(r"[a-z][a-z0-9_]*")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")

# For frames of codebooks that name no colours; told apart by lightness as well as by hue.
_PALETTE = (
    ("#0072B2", "#56B4E9"),
    ("#D55E00", "#E69F00"),
    ("#882255", "#CC79A7"),
    ("#117733", "#44AA99"),
    ("#332288", "#B5A8F0"),
    ("#806000", "#F0E442"),
)


@dataclass(frozen=True)
class Example:
    """A sentence that carries the frame, and why."""

    text: str
    why: str


@dataclass(frozen=True)
class Frame:
    """One frame. `question` asks what is at stake; colours are for white and for dark grounds."""

    id: str
    name: str
    short: str
    question: str
    definition: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    examples: tuple[Example, ...]
    colour: str
    colour_dark: str


@dataclass(frozen=True)
class Codebook:
    """The frames in their order, and the rules that go with them."""

    id: str
    version: str
    title: str
    unit: str
    frames: tuple[Frame, ...]
    borderline: tuple[str, ...]
    rulings: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The frames' ids, in order."""
        return tuple(frame.id for frame in self.frames)

    @property
    def hash(self) -> str:
        """Changes with anything in the codebook that a coder reads; colours don't count."""
        content = self.as_dict()
        for frame in content["frames"]:
            del frame["colour"], frame["colour_dark"]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries, fit for JSON."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain


def load_codebook(path: Path = BUNDLED) -> Codebook:
    """Reads and checks a codebook. Raises CodebookError naming the file and the key at fault."""
    return _Reader(path).codebook()


class _Reader:
    """Turns a TOML file into a Codebook and names the key of whatever does not fit."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def codebook(self) -> Codebook:
        raw = read_toml(self.path, CodebookError)
        allowed = {"id", "version", "title", "unit", "frame", "borderline", "rulings"}
        self._only(raw, allowed, "")
        entries = raw.get("frame")
        if not isinstance(entries, list) or not entries:
            self._fail("there are no frames", "add at least one [[frame]] with id and definition")
        frames = tuple(self._frame(entry, n) for n, entry in enumerate(entries, 1))
        seen: set[str] = set()
        for number, frame in enumerate(frames, 1):
            if frame.id in seen:
                self._fail(f"frame {number}: the id '{frame.id}' is used twice", "rename one")
            seen.add(frame.id)
        return Codebook(
            id=self._id(raw, ""),
            version=self._text(raw, "version", "", "1"),
            title=self._text(raw, "title", "", raw.get("id", "")),
            unit=self._text(raw, "unit", "", ""),
            frames=frames,
            borderline=self._texts(raw, "borderline", ""),
            rulings=self._texts(raw, "rulings", ""),
        )

    def _frame(self, entry: Any, number: int) -> Frame:
        place = f"frame {number}: "
        if not isinstance(entry, dict):
            self._fail(f"{place}not a table", "write [[frame]] and its keys below")
        self._only(entry, set(Frame.__dataclass_fields__), place)
        key = self._id(entry, place)
        name = self._text(entry, "name", place, key.replace("_", " ").capitalize())
        light, dark = _PALETTE[(number - 1) % len(_PALETTE)]
        return Frame(
            id=key,
            name=name,
            short=self._text(entry, "short", place, name),
            question=self._text(entry, "question", place, ""),
            definition=self._text(entry, "definition", place, None),
            include=self._texts(entry, "include", place),
            exclude=self._texts(entry, "exclude", place),
            examples=self._examples(entry, place),
            colour=self._colour(entry, "colour", place, light),
            colour_dark=self._colour(entry, "colour_dark", place, dark),
        )

    def _id(self, table: dict[str, Any], place: str) -> str:
        value = self._text(table, "id", place, None)
        if not _ID.fullmatch(value):
            self._fail(
                f"{place}id is '{value}'",
                "begin with a small letter, go on with small letters, digits and _ (a-z 0-9 _)",
            )
        return value

    def _colour(self, table: dict[str, Any], key: str, place: str, default: str) -> str:
        value = self._text(table, key, place, default)
        if not _COLOUR.fullmatch(value):
            self._fail(f"{place}{key} is '{value}'", 'write a colour like "#0072B2"')
        return value.upper()

    def _examples(self, table: dict[str, Any], place: str) -> tuple[Example, ...]:
        entries = table.get("examples", [])
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            self._fail(f"{place}examples is not a list", '[{ text = "...", why = "..." }]')
        found = []
        for number, one in enumerate(entries, 1):
            here = f"{place}example {number}: "
            self._only(one, {"text", "why"}, here)
            found.append(
                Example(self._text(one, "text", here, None), self._text(one, "why", here, ""))
            )
        return tuple(found)

    def _texts(self, table: dict[str, Any], key: str, place: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._fail(f"{place}{key} is not a list of texts", f'write {key} = ["...", "..."]')
        return tuple(value)

    def _text(self, table: dict[str, Any], key: str, place: str, default: str | None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            what = "is missing or empty" if value in (None, "") else "is not a text"
            self._fail(f"{place}{key} {what}", f'write {key} = "..."')
        return value

    def _only(self, table: dict[str, Any], allowed: set[str], place: str) -> None:
        unknown = sorted(set(table) - allowed)
        if unknown:
            known = ", ".join(sorted(allowed))
            self._fail(f"{place}unknown key '{unknown[0]}'", f"known keys: {known}")

    def _fail(self, what: str, remedy: str) -> NoReturn:
        raise CodebookError(what, where=str(self.path), remedy=remedy)
