"""Loads the .sql files and checks their headers.

A file holds one statement and begins with a header comment:

    -- name: share_by_outlet
    -- grain: one row per outlet and frame
    -- doc: how many pieces of each outlet carry each frame
    -- param outlets varchar[]: outlets in scope; null for all

Parameters stand in the text as $outlets. What many queries say alike stands once in shared/: `@in_scope`
in a statement is the text of shared/in_scope.sql with its parameters, `@in_scope(copy)` the same of the
columns of `copy`. Every fault of every file is reported at once, with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent
FOLDERS = ("store", "ingest", "stages", "marts", "reads", "checks", "codings")

_FIELD = re.compile(r"^--\s*(name|grain|doc):\s*(.+?)\s*$")
_PARAM = re.compile(r"^--\s*param\s+(\w+)\s+([\w\[\]]+):\s*(.+?)\s*$")
_USED = re.compile(r"\$([A-Za-z_]\w*)")
_SHARED = re.compile(r"@([a-z_]+)(?:\((\w+)\))?")
_STRING_OR_COMMENT = re.compile(r"'(?:[^']|'')*'|--[^\n]*")


class QueryError(Exception):
    """One or more .sql files break the rules; the message lists each fault as file:line: what."""


@dataclass(frozen=True)
class Query:
    """One statement: `params` maps each parameter's name to its SQL type."""

    name: str
    grain: str
    doc: str
    params: dict[str, str]
    sql: str
    path: Path


@dataclass(frozen=True)
class Shared:
    """A part of statements; `@.` in its text stands before the columns that it is of."""

    params: dict[str, str]
    text: str

    def of(self, table: str | None) -> str:
        return self.text.replace("@.", f"{table}." if table else "")


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    sql: str


def parse(path: Path, text: str, shared: Mapping[str, Shared]) -> tuple[Query | None, list[str]]:
    """The query in a file and its faults (`file:line: what`); None when it can't be used."""
    where = path.name if not path.is_relative_to(ROOT) else path.relative_to(ROOT).as_posix()
    faults: list[str] = []
    fields: dict[str, str] = {}
    params: dict[str, str] = {}
    param_line: dict[str, int] = {}
    lines = text.splitlines()
    body_start = len(lines)
    for number, line in enumerate(lines, 1):
        if not line.startswith("--"):
            body_start = number - 1
            break
        if field := _FIELD.match(line):
            key, value = field.groups()
            if key in fields and key != "doc":
                faults.append(f"{where}:{number}: '{key}' is given twice")
            fields[key] = f"{fields[key]} {value}" if key in fields else value
        elif param := _PARAM.match(line):
            name, kind, _ = param.groups()
            if name in params:
                faults.append(f"{where}:{number}: parameter '{name}' is declared twice")
            params[name] = kind
            param_line[name] = number
        else:
            faults.append(f"{where}:{number}: header line is none of name, grain, doc, param")
    for key in ("name", "grain", "doc"):
        if key not in fields:
            faults.append(f"{where}:1: header has no '{key}'")
    if fields.get("name", path.stem) != path.stem:
        faults.append(f"{where}:1: name '{fields['name']}' is not the file's name")
    body = "\n".join(lines[body_start:]).strip()
    for name in sorted({match.group(1) for match in _SHARED.finditer(body)} - set(shared)):
        faults.append(f"{where}:{body_start + 1}: there is no shared/{name}.sql")
    if not _STRING_OR_COMMENT.sub("", body).strip():
        faults.append(f"{where}:{body_start + 1}: there is no statement")
    used: dict[str, int] = {}
    for number, line in enumerate(lines[body_start:], body_start + 1):
        for match in _USED.finditer(_STRING_OR_COMMENT.sub("", line)):
            used.setdefault(match.group(1), number)
    given = _given(body, shared)
    for name, number in param_line.items():
        if name in given:
            faults.append(f"{where}:{number}: parameter '{name}' comes with what is shared")
    for name, number in used.items():
        if name not in params and name not in given:
            faults.append(f"{where}:{number}: parameter '${name}' is not declared")
    for name, number in param_line.items():
        if name not in used and name not in given:
            faults.append(f"{where}:{number}: parameter '{name}' is never used")
    if faults:
        return None, faults
    whole = _SHARED.sub(lambda match: shared[match.group(1)].of(match.group(2)), body)
    return Query(path.stem, fields["grain"], fields["doc"], {**params, **given}, whole, path), []


def _given(body: str, shared: Mapping[str, Shared]) -> dict[str, str]:
    """Parameters that a statement has by what it shares."""
    names = [match.group(1) for match in _SHARED.finditer(body)]
    return {k: kind for name in names if name in shared for k, kind in shared[name].params.items()}


def shared_parts(root: Path) -> dict[str, Shared]:
    """The parts in shared/ by name. Raises QueryError where a name is not its file's."""
    parts: dict[str, Shared] = {}
    for path in sorted((root / "shared").glob("*.sql")):
        lines = path.read_text(encoding="utf-8").splitlines()
        fields = {m.group(1): m.group(2) for line in lines if (m := _FIELD.match(line))}
        if fields.get("name") != path.stem or not fields.get("doc"):
            raise QueryError(f"shared/{path.name}:1: the header has no doc, or another name")
        params = {m.group(1): m.group(2) for line in lines if (m := _PARAM.match(line))}
        text = "\n".join(line for line in lines if not line.startswith("--"))
        parts[path.stem] = Shared(params, text)
    return parts


def load(root: Path) -> dict[str, Query]:
    """All queries below `root` by name. Raises QueryError with every fault there is."""
    queries: dict[str, Query] = {}
    faults: list[str] = []
    shared = shared_parts(root)
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*.sql")):
            query, found = parse(path, path.read_text(encoding="utf-8"), shared)
            faults += found
            if query is None:
                continue
            if query.name in queries:
                other = queries[query.name].path.relative_to(root).as_posix()
                faults.append(f"{path.relative_to(root).as_posix()}:1: name is taken by {other}")
            queries[query.name] = query
    if faults:
        raise QueryError("\n".join(faults))
    return queries


@cache
def catalogue() -> dict[str, Query]:
    """Every query of the project by name, checked once per process."""
    return load(ROOT)


@cache
def migrations(folder: str = "migrations") -> list[Migration]:
    """A folder's numbered migrations in order. Raises QueryError on a gap or a repeated number."""
    found: list[Migration] = []
    faults: list[str] = []
    for path in sorted((ROOT / folder).glob("*.sql")):
        match = re.fullmatch(r"(\d{4})_(\w+)", path.stem)
        if match is None:
            faults.append(f"{folder}/{path.name}:1: the name is not NNNN_what.sql")
            continue
        number = int(match.group(1))
        if number != len(found) + 1:
            faults.append(
                f"{folder}/{path.name}:1: number {number} comes where {len(found) + 1} should"
            )
        found.append(Migration(number, match.group(2), path.read_text(encoding="utf-8")))
    if faults:
        raise QueryError("\n".join(faults))
    return found
