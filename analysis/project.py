"""A project: a folder with framescope.toml, corpus.duckdb, builds/ and codings.sqlite."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import ProjectError
from analysis.project_voices import OwnVoices, own_voices
from analysis.toml_file import read_toml
from analysis.types import Rules

DATA = Path(__file__).resolve().parent.parent / "data"
SETTINGS_NAME = "framescope.toml"

# Of events; the first newspapers are of the 17th century.
FIRST_YEAR, LAST_YEAR = 1600, 2200


@dataclass(frozen=True)
class Event:
    """A dated happening that charts overlay; never an input to detection."""

    date: dt.date
    label: str


@dataclass(frozen=True)
class TopicSettings:
    """How topics are fitted. `sample` pieces at most are clustered, the rest are assigned."""

    sample: int = 12000
    min_size: int = 0
    seed: int = 7


@dataclass(frozen=True)
class Settings:
    """What framescope.toml says, checked.

    `aliases` maps a spelling as it comes to the outlet's name; `peers` maps an outlet to those it
    is compared with; `agencies` names further news agencies, each with how else it is credited; `codebook` is a path, or empty for the bundled codebook; `model` begins the
    version of one of the project's models, or is empty for the newest that fits the codebook.
    """

    name: str
    note: str = ""
    teaching: bool = False
    aliases: dict[str, str] = field(default_factory=dict)
    peers: dict[str, list[str]] = field(default_factory=dict)
    agencies: dict[str, list[str]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    codebook: str = ""
    model: str = ""
    date_order: str = ""
    min_cell: int = 10
    topics: TopicSettings = field(default_factory=TopicSettings)
    gate: Rules = field(default_factory=Rules)
    voices: OwnVoices = field(default_factory=OwnVoices)


@dataclass(frozen=True)
class Project:
    """Paths of a project and its settings."""

    root: Path
    settings: Settings

    @property
    def corpus_path(self) -> Path:
        return self.root / "corpus.duckdb"

    @property
    def builds(self) -> Path:
        return self.root / "builds"

    @property
    def agencies(self) -> dict[str, list[str]]:
        """News agencies, bundled and the project's, each with all names it is credited by."""
        bundled = read_toml(DATA / "agencies.toml", ProjectError)["agencies"]
        own = {**bundled, **self.settings.agencies}
        return {name: [name, *more] for name, more in own.items()}

    @property
    def codebook_path(self) -> Path:
        if self.settings.codebook:
            return self.root / self.settings.codebook
        return DATA / "codebook.toml"


STARTER = """\
# A Framescope project. Everything here may be edited; 'framescope build' takes it up.
name = {name}
note = ""              # one line shown on every page, for example how the corpus was collected
# codebook = "codebook.toml"   # your own; without it the bundled four frames are used
# model = "3a40"       # one of models/, or "transformer"; without it the newest for the codebook
# voices = "voices.toml"       # [people] and [phrases]: roles of local speakers, as in data/voices.toml
# date_order = "dmy"   # how to read 03/04/2025 where a file does not tell: "mdy" or "dmy"
min_cell = 10          # cells of a chart with fewer pieces are hidden, and said to be

[aliases]              # a spelling as it comes = "the outlet's name"
# "Fox Online News" = "Fox News"

[peers]                # an outlet = the outlets it is compared with
# "The Herald" = ["The Post", "Radio One"]

[agencies]             # a news agency that is not known yet = how else it is credited
# "Gulf Wire Service" = ["GWS"]

[topics]
sample = 12000         # at most so many pieces are clustered; the others are assigned
min_size = 0           # smallest topic, in pieces; 0: chosen by the size of the corpus
seed = 7

[gate]                 # what a number has to show before it may be printed
min_pieces = 10        # in scope
min_codes = 50         # coded blind by people
min_alpha = 0.667      # agreement of the coders
max_half_width = 0.15  # of the interval: 0.15 is 15 points

# [[events]]           # laid over charts; never used to find a change
# date = 2025-06-17
# label = "Commission votes 3-2"
"""


def init(root: Path) -> Project:
    """Makes a new project folder. Raises ProjectError when one is there or it can't be written."""
    settings = root / SETTINGS_NAME
    if settings.exists():
        raise ProjectError(
            "there is a project already", where=str(root), remedy="choose another folder"
        )
    if root.exists() and not root.is_dir():
        raise ProjectError("this is a file", where=str(root), remedy="name a folder")
    try:
        root.mkdir(parents=True, exist_ok=True)
        (root / "builds").mkdir(exist_ok=True)
        name = "".join(c for c in root.resolve().name if c.isprintable() and c not in '\\"')
        # All or nothing: half a file would be taken for a project.
        draft = root / f".{SETTINGS_NAME}.part"
        try:
            text = STARTER.format(name=f'"{name.strip() or "project"}"')
            draft.write_text(text, encoding="utf-8")
            draft.replace(settings)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise ProjectError(
            f"the folder can't be written ({error.strerror})",
            where=str(root),
            remedy="check that the disk is there and that you may write to it",
        ) from error
    return open_project(root)


def open_project(root: Path) -> Project:
    """Reads a project's settings. Raises ProjectError with the place of the first fault."""
    path = root / SETTINGS_NAME
    if not path.is_file():
        raise ProjectError(
            "this is not a Framescope project (no framescope.toml in it)",
            where=str(root),
            remedy=f"make one with: framescope init {root}",
        )
    return Project(
        root, _Checked(read_toml(path, ProjectError), path).settings(root.resolve().name)
    )


class _Checked:
    """Turns parsed TOML into Settings and names the key of whatever does not fit."""

    def __init__(self, raw: dict[str, Any], path: Path) -> None:
        self.raw = raw
        self.path = path

    def settings(self, default_name: str) -> Settings:
        known = {
            "name", "note", "teaching", "aliases", "peers", "agencies", "events", "codebook", "model",
            "date_order", "min_cell", "topics", "gate", "voices",
        }  # fmt: skip
        self._only(self.raw, known, "")
        order = self._get(self.raw, "date_order", str, "")
        if order not in ("", "mdy", "dmy"):
            self._fail(f"date_order is '{order}'", 'write "mdy" or "dmy"')
        codebook = self._get(self.raw, "codebook", str, "")
        if codebook and not (self.path.parent / codebook).is_file():
            self._fail(f"the codebook '{codebook}' is not there", "give a path from the project")
        name = self._get(self.raw, "name", str, default_name)
        if not name.strip():
            self._fail("name is empty", 'write name = "..." or leave the line out')
        return Settings(
            name=name,
            note=self._get(self.raw, "note", str, ""),
            teaching=self._get(self.raw, "teaching", bool, False),
            aliases=self._aliases(),
            peers=self._names("peers"),
            agencies=self._names("agencies"),
            events=self._events(),
            codebook=codebook,
            model=self._get(self.raw, "model", str, ""),
            date_order=order,
            min_cell=self._whole(self.raw, "min_cell", 10, 1, 10_000),
            topics=self._topics(),
            gate=self._gate(),
            voices=own_voices(self.raw.get("voices"), self.path),
        )

    def _gate(self) -> Rules:
        table = self._get(self.raw, "gate", dict, {})
        self._only(table, set(Rules.__dataclass_fields__), "[gate] ")
        plain = Rules()

        def whole(key: str) -> int:
            return self._whole(table, key, getattr(plain, key), 0, 1_000_000)

        def fraction(key: str) -> float:
            return self._fraction(table, key, getattr(plain, key))

        return Rules(
            min_pieces=whole("min_pieces"),
            min_codes=whole("min_codes"),
            min_found=whole("min_found"),
            min_alpha=fraction("min_alpha"),
            max_half_width=fraction("max_half_width"),
            max_error_gap=fraction("max_error_gap"),
            max_outside=fraction("max_outside"),
        )

    def _fraction(self, table: dict[str, Any], key: str, default: float) -> float:
        value = table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self._fail(f"[gate] {key} is {value!r}", "write a number from 0 to 1, like 0.15")
        return float(value)

    def _topics(self) -> TopicSettings:
        table = self._get(self.raw, "topics", dict, {})
        self._only(table, {"sample", "min_size", "seed"}, "[topics] ")
        return TopicSettings(
            sample=self._whole(table, "sample", 12_000, 100, 200_000),
            min_size=self._whole(table, "min_size", 0, 0, 10_000),
            seed=self._whole(table, "seed", 7, 0, 2**31 - 1),
        )

    def _aliases(self) -> dict[str, str]:
        """Spellings are compared without case; a name that is itself renamed would be lost."""
        table = self._get(self.raw, "aliases", dict, {})
        of: dict[str, str] = {}
        for spelling, value in table.items():
            if not isinstance(value, str) or not value.strip():
                self._fail(f"[aliases] '{spelling}' is not a name", 'write "spelling" = "name"')
            plain = spelling.strip().casefold()
            if of.setdefault(plain, value.strip()) != value.strip():
                self._fail(f"[aliases] '{spelling}' has two names", "keep one of the lines")
        for spelling, value in of.items():
            final = of.get(value.casefold(), value)
            if final != value:
                self._fail(
                    f"[aliases] '{spelling}' is called '{value}', which is itself called '{final}'",
                    "let each spelling lead to the outlet's final name",
                )
        return {spelling.strip(): value.strip() for spelling, value in table.items()}

    def _names(self, key: str) -> dict[str, list[str]]:
        table = self._get(self.raw, key, dict, {})
        for name, value in table.items():
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                self._fail(f"[{key}] '{name}' is not a list of names", '"Name" = ["Name", ...]')
        return {str(name): list(value) for name, value in table.items()}

    def _events(self) -> list[Event]:
        events = []
        for number, entry in enumerate(self._get(self.raw, "events", list, []), 1):
            if not isinstance(entry, dict):
                self._fail(f"event {number} is not a table", "write [[events]], and its keys below")
            self._only(entry, {"date", "label"}, f"event {number}: ")
            date, label = entry.get("date"), entry.get("label")
            if isinstance(date, dt.datetime):
                date = date.date()
            if not isinstance(date, dt.date) or not isinstance(label, str) or not label.strip():
                self._fail(
                    f"event {number} has no date or no label",
                    'write date = 2025-06-17 and label = "..."',
                )
            if not FIRST_YEAR <= date.year <= LAST_YEAR:
                self._fail(
                    f"event {number} is in the year {date.year}",
                    f"write a date from {FIRST_YEAR} to {LAST_YEAR}",
                )
            events.append(Event(date, label))
        return sorted(events, key=lambda event: event.date)

    def _whole(self, table: dict[str, Any], key: str, default: int, low: int, high: int) -> int:
        value: int = self._get(table, key, int, default)
        if isinstance(value, bool) or not low <= value <= high:
            self._fail(f"{key} is {value}", f"write a whole number from {low} to {high}")
        return value

    def _get(self, table: dict[str, Any], key: str, kind: type, default: Any) -> Any:
        value = table.get(key, default)
        if not isinstance(value, kind):
            self._fail(f"'{key}' should be a {kind.__name__}", "see the comments in the file")
        return value

    def _only(self, table: dict[str, Any], known: set[str], place: str) -> None:
        unknown = sorted(set(table) - known)
        if unknown:
            self._fail(
                f"{place}unknown key '{unknown[0]}'", f"known keys: {', '.join(sorted(known))}"
            )

    def _fail(self, what: str, remedy: str) -> None:
        raise ProjectError(what, where=str(self.path), remedy=remedy)
