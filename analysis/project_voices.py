"""A project's own words for who speaks: people and phrases with their roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import ProjectError
from analysis.toml_file import read_toml

BUNDLED = Path(__file__).resolve().parent.parent / "data" / "voices.toml"
TABLES = ("people", "phrases")
_SHAPE = '[people] with "A Name" = "role", and [phrases] with "some words" = "role"'


@dataclass(frozen=True)
class OwnVoices:
    """Roles by a person's full name and by words of a description, beating the bundled ones."""

    people: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)


def own_voices(value: Any, settings: Path) -> OwnVoices:
    """What framescope.toml says under `voices`: the tables themselves, or a file that holds them.

    A file's place counts from the project. Raises ProjectError with the place of the first fault.
    """
    if value is None:
        return OwnVoices()
    if isinstance(value, str):
        path = settings.parent / value
        return _checked(_read(path, settings), path, "")
    if isinstance(value, Mapping):
        return _checked(value, settings, "[voices] ")
    raise ProjectError(
        "voices is neither a file nor a table",
        where=str(settings),
        remedy=f'write voices = "mine.toml", or a table [voices] with {_SHAPE}',
    )


def _read(path: Path, settings: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ProjectError(
            f"the file of voices '{path.name}' is not there",
            where=str(settings),
            remedy="give a path from the project",
        )
    return read_toml(path, ProjectError)


def _checked(tables: Mapping[str, Any], path: Path, place: str) -> OwnVoices:
    unknown = sorted(set(tables) - set(TABLES))
    if unknown:
        raise ProjectError(
            f"{place}unknown key '{unknown[0]}'", where=str(path), remedy=f"write {_SHAPE}"
        )
    return OwnVoices(*(_table(tables.get(name, {}), name, path, place) for name in TABLES))


def _table(value: Any, name: str, path: Path, place: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ProjectError(
            f"{place}{name} is not a table", where=str(path), remedy=f"write {_SHAPE}"
        )
    for words, role in value.items():
        if not words.strip():
            raise ProjectError(
                f"{place}{name} has an empty name", where=str(path), remedy="take the line out"
            )
        if role not in known_roles():
            raise ProjectError(
                f"{place}{name}: '{words}' has the role {role!r}, which there is not",
                where=str(path),
                remedy=f"choose one of: {', '.join(known_roles())}",
            )
    return {" ".join(words.split()): role for words, role in value.items()}


@cache
def known_roles() -> tuple[str, ...]:
    """The roles there are, in the order in which they are shown."""
    return tuple(read_toml(BUNDLED, ProjectError)["roles"])
