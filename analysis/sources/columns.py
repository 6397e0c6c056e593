"""Which column of a file is which field of a piece."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import SourceError, UsageError
from analysis.sources.interface import Finding
from analysis.sources.reasons import shortened

FIELDS = ("id", "title", "text", "outlet", "date", "url", "authors")

# In order of preference; compared without case, blanks, "_" and "-".
ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "articleid", "storyid", "storiesid", "docid", "documentid", "uid", "uuid", "guid",
           "recordid", "pieceid", "itemid", "accessionnumber"),
    "title": ("title", "headline", "hed", "head", "articletitle", "headlines", "heading",
              "storytitle", "titel", "titulo", "titre"),
    "text": ("text", "body", "content", "article", "articletext", "fulltext", "maintext",
             "articlebody", "bodytext", "storytext", "contents", "fullcontent", "plaintext",
             "transcript", "texto", "texte", "snippet", "excerpt", "description", "summary",
             "abstract"),
    "outlet": ("outlet", "source", "publication", "publisher", "medianame", "sourcename", "site",
               "sitename", "domain", "sourcedomain", "newspaper", "outletname", "publicationtitle",
               "pubtitle", "media", "medium", "journal", "hostname"),
    "date": ("date", "published", "publishdate", "pubdate", "publishedat", "datepublished",
             "publicationdate", "publisheddate", "publishedon", "datetime", "createdat",
             "timestamp", "time", "day", "datum", "fecha"),
    "url": ("url", "link", "permalink", "articleurl", "sourceurl", "href", "weburl", "uri",
            "canonicalurl"),
    "authors": ("authors", "author", "byline", "creator", "writer", "journalist", "reporter",
                "autor"),
}  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """Field -> column of the file; fields without a column are left out."""

    of: dict[str, str]
    findings: list[Finding]


def plain(name: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[\s_\-]+", "", name).casefold()


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raises UsageError when a field is none of Framescope's."""
    for name in mapping:
        if name not in FIELDS:
            raise UsageError(
                f"--map {name}=...: there is no field '{name}'",
                remedy=f"fields are {', '.join(FIELDS)}; write --map FIELD=COLUMN",
            )


def find_columns(columns: Sequence[str], mapping: Mapping[str, str], where: str) -> Columns:
    """Columns by `mapping`, else by their usual names; an empty mapping leaves a field out.

    Raises SourceError when a mapped column is not there, or when there is neither title nor text.
    """
    by_plain: dict[str, str] = {}
    for column in columns:
        by_plain.setdefault(plain(column), column)
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for name, wanted in mapping.items():
        if not wanted.strip():
            continue
        column = wanted if wanted in columns else by_plain.get(plain(wanted), "")
        if not column:
            raise SourceError(
                f"there is no column '{wanted}' for {name}; there are: {listed(columns)}",
                where=where,
                remedy=f"write --map {name}=COLUMN with one of them",
            )
        found[name] = column
    taken = set(found.values())
    for name in FIELDS:
        if name in mapping:
            continue
        candidates = [
            by_plain[alias]
            for alias in ALIASES[name]
            if alias in by_plain and by_plain[alias] not in taken
        ]
        if candidates:
            found[name] = candidates[0]
        if len(candidates) > 1:
            text = f"{candidates[0]}, not {', '.join(candidates[1:])}"
            findings.append(Finding(None, name, "several_columns", shortened(text)))
    if "title" not in found and "text" not in found:
        raise SourceError(
            f"no column holds a title or a text; there are: {listed(columns)}",
            where=where,
            remedy="name them, for example: --map title=COLUMN --map text=COLUMN",
        )
    return Columns({name: found[name] for name in FIELDS if name in found}, findings)


def known_names(columns: Sequence[str]) -> int:
    """How many columns have a usual name."""
    usual = {alias for aliases in ALIASES.values() for alias in aliases}
    return sum(plain(column) in usual for column in columns)


def named(header: Sequence[object]) -> tuple[list[str], list[Finding]]:
    """Column names out of a header: each once, none empty."""
    names: list[str] = []
    findings: list[Finding] = []
    for place, cell in enumerate(header, 1):
        name = " ".join(str(cell if cell is not None else "").split()) or f"column {place}"
        if name in names:
            renamed = f"{name} ({place})"
            findings.append(Finding(None, name, "duplicate_column", shortened(renamed)))
            name = renamed
        names.append(name)
    return names, findings


def listed(columns: Sequence[str], most: int = 30) -> str:
    """Column names for a message."""
    shown = ", ".join(shortened(column) or "" for column in columns[:most])
    more = len(columns) - most
    return f"{shown} and {more} more" if more > 0 else shown or "none"
