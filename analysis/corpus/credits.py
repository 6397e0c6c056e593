"""Credits of news agencies: the names that bylines, datelines and notices are searched for.

The search itself is the query build_credit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

NAMES = {"name": pl.String, "agency": pl.String}


def names(agencies: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """[name, agency]: every name that an agency is credited by, also in capitals, once.

    A name that two agencies claim is the first one's.
    """
    rows = [
        (spelling, agency)
        for agency, known in agencies.items()
        for name in known
        if name.strip()
        for spelling in dict.fromkeys((name.strip(), name.strip().upper()))
    ]
    return pl.DataFrame(rows, schema=NAMES, orient="row").unique("name", maintain_order=True)


def pattern(agencies: Mapping[str, Sequence[str]]) -> str:
    """The names as alternatives of a regular expression, the longest first."""
    found = sorted(names(agencies)["name"], key=lambda name: (-len(name), name))
    return "|".join(re.escape(name).replace("\\ ", r"\s+") for name in found)


def outlets(agencies: Mapping[str, Sequence[str]]) -> set[str]:
    """Names, folded in case, of outlets that are themselves an agency."""
    return {name.casefold() for name in names(agencies)["name"]}
