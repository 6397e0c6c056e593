"""Key words as a table for a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import polars as pl

from analysis.errors import UsageError
from analysis.measure.keyness import Contrast
from analysis.reading.words import WITHOUT, By, Counting, compared, groups
from analysis.reads import Build, Scope

DEFAULT: By = "outlet"
MOST_GROUPS = 12


def key_words(build: Build, scope: Scope, by: str, named: Sequence[str]) -> pl.DataFrame:
    """Rows of `measure.keyness` for words and for pairs of words; adds `pair`.

    One named group is compared with all others, two with each other; of more, each with all others
    and each pair. None named: the MOST_GROUPS largest. Raises UsageError for a division or a group
    that is not there.
    """
    counting = _counting(by)
    names = groups(build, scope, counting)["group"].to_list()
    for name in named:
        if name not in names:
            shown = ", ".join(sorted(names)[:12]) + (", ..." if len(names) > 12 else "")
            raise UsageError(f"there is no {by} '{name}'", remedy=f"name one of: {shown}")
    if len(set(named)) < len(named):
        raise UsageError("a --group is named twice", remedy="name each one once")
    asked = list(named) or names[:MOST_GROUPS]
    contrasts = [] if len(named) == 2 else [Contrast(name) for name in asked]
    if len(named) > 1:
        contrasts += [Contrast(one, other) for one, other in combinations(named, 2)]
    parts = []
    for pairs in (False, True):
        ask = replace(counting, pairs=pairs, functions=True)
        rows = compared(build, scope, ask, contrasts).rows
        parts.append(rows.with_columns(pair=pl.lit(pairs)))
    without = pl.col("against").str.starts_with(WITHOUT)
    return pl.concat(parts).with_columns(
        against=pl.when(without).then(pl.lit("sentences without it")).otherwise("against")
    )


def _counting(by: str) -> Counting:
    for known in ("outlet", "topic", "frame", "year", "quarter"):
        if by == known:
            return Counting(by=known)
    raise UsageError(f"key words are not by {by}", remedy="outlet, topic, frame, year or quarter")
