"""What a search finds: every matching piece or sentence, in one call to the index."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any as Anything

import polars as pl
from tantivy import FieldType, Occur, Query

from analysis.corpus import terms
from analysis.errors import SearchError
from analysis.reads import Build
from analysis.search.index import SearchIndex, Unit, refused
from analysis.search.query import All, Days, Facet, Node, Not, Words

# A word in the headline counts so many times one in the text.
TITLE_WEIGHT = 2.0

_HIT = {"piece_key": pl.Int32, "sentence": pl.Int32, "score": pl.Float64}

# Python's ordinals of the first and the last day there is.
_FIRST_DAY, _LAST_DAY = 1, 3_652_059


@dataclass(frozen=True)
class Names:
    """What facets may name: each facet's ways of saying a value, to the values."""

    known: Mapping[str, Mapping[str, Sequence[str]]]

    def values(self, facet: Facet) -> list[str]:
        """The values that a facet means. Raises SearchError when there is none."""
        names = self.known[facet.kind]
        wanted = _plain(facet.name)
        if facet.prefix:
            found = [names[name] for name in names if name.startswith(wanted)]
        else:
            found = [names[wanted]] if wanted in names else []
        if not found:
            shown = ", ".join(
                sorted({v for vs in names.values() for v in vs}, key=str.casefold)[:6]
            )
            raise SearchError(
                f"there is no {facet.kind} '{facet.name[:40]}'",
                at=facet.at,
                remedy=f"name one as it is shown, in quotation marks, or begin one with a *: {shown}"
                + (", ..." if len(names) > 6 else ""),
            )
        return sorted({value for values in found for value in values})


def names(build: Build) -> Names:
    """What the build has to name: outlets; topics by key or label; frames by id or name."""
    outlets = [(o, [o]) for o in build.outlets()["outlet"]]
    topics = [
        (key, said)
        for key, label in build.topics().select("topic_key", "label").iter_rows()
        for said in [[key, label]]
    ]
    frames = [(f["id"], [f["id"], f["name"], f["short"]]) for f in build.frames]
    known: dict[str, dict[str, list[str]]] = {}
    for kind, values in (("outlet", outlets), ("topic", topics), ("frame", frames)):
        ways: dict[str, list[str]] = {}
        for value, said in values:
            for name in dict.fromkeys(map(_plain, said)):
                ways.setdefault(name, []).append(value)
        known[kind] = ways
    return Names(known)


def find(index: SearchIndex, node: Node, unit: Unit, known: Names) -> pl.DataFrame:
    """piece_key, sentence (null for pieces) and score (BM25) of all that match, best first."""
    with refused(index.path):
        searcher = index.searcher(unit)
        query = _compiled(node, index.schema, known)
        found = searcher.search(query, limit=max(1, searcher.num_docs), count=False)
        places = [place for _, place in found.hits]
        keys = searcher.fast_field_values("key", places)
        sentences = (
            searcher.fast_field_values("sentence", places)
            if unit == "sentence"
            else [None] * len(keys)
        )
        scores = [score for score, _ in found.hits]
    return pl.DataFrame({"piece_key": keys, "sentence": sentences, "score": scores}, schema=_HIT)


def _compiled(node: Node, schema: Anything, known: Names) -> Anything:
    if isinstance(node, Words):
        return _words(node, schema)
    if isinstance(node, Facet):
        # Where a piece is from says nothing of how well it fits.
        return Query.const_score_query(
            Query.term_set_query(schema, node.kind, known.values(node)), 0.0
        )
    if isinstance(node, Days):
        first = node.first.toordinal() if node.first else _FIRST_DAY
        last = node.last.toordinal() if node.last else _LAST_DAY
        return Query.const_score_query(
            Query.range_query(schema, "day", FieldType.Integer, first, last), 0.0
        )
    if isinstance(node, Not):
        part = _compiled(node.part, schema, known)
        everything = Query.const_score_query(Query.all_query(), 0.0)
        return Query.boolean_query([(Occur.Must, everything), (Occur.MustNot, part)])
    parts = [_compiled(part, schema, known) for part in node.parts]
    occur = Occur.Must if isinstance(node, All) else Occur.Should
    return Query.boolean_query([(occur, part) for part in parts])


def _words(node: Words, schema: Anything) -> Anything:
    title = Query.boost_query(_in_field(node, schema, "title"), TITLE_WEIGHT)
    if node.title:
        return title
    text = _in_field(node, schema, "text")
    return Query.boolean_query([(Occur.Should, title), (Occur.Should, text)])


def _in_field(node: Words, schema: Anything, field: str) -> Anything:
    if node.prefix:
        return Query.regex_query(schema, field, re.sub(r"([^\w])", r"\\\1", node.forms[0]) + ".*")
    if len(node.forms) == 1:
        return Query.term_query(schema, field, node.forms[0])
    if node.slop is None:
        return Query.phrase_query(schema, field, list(node.forms))
    # Tantivy charges words in another order for their turning, so both orders are asked for.
    orders = [
        Query.phrase_query(schema, field, list(order), slop=node.slop)
        for order in permutations(node.forms)
    ]
    return Query.disjunction_max_query(orders)


def _plain(name: str) -> str:
    return " ".join(terms.without_accents(name.casefold()).split())
