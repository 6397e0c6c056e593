"""Cached searches: an open index for each build, and what a search finds in it."""

from __future__ import annotations

import polars as pl
import streamlit as st

from analysis.reads import Bin, Build, Scope
from analysis.report.search import listed
from analysis.search import results
from analysis.search.index import SearchIndex, Unit, beside, open_index
from analysis.search.results import Hit, Hits, Sort

_cached = st.cache_data(max_entries=100, show_spinner=False)


@st.cache_resource(max_entries=3, show_spinner=False)
def _index(build_id: str, _build: Build) -> SearchIndex:
    return open_index(beside(_build))


@st.cache_resource(max_entries=12, show_spinner=False)
def hits(build_id: str, text: str, unit: Unit, _build: Build) -> Hits:
    """All that a search finds; raises SearchError. Kept as it is: it can be long."""
    return results.search(_build, _index(build_id, _build), text, unit)


@_cached
def counts(
    build_id: str, scope: Scope, text: str, unit: Unit, bin: Bin | None, _build: Build
) -> pl.DataFrame:
    return results.counts(_build, scope, hits(build_id, text, unit, _build), bin)


@_cached
def page(
    build_id: str,
    scope: Scope,
    text: str,
    unit: Unit,
    sort: Sort,
    most: int,
    skip: int,
    _build: Build,
) -> list[Hit]:
    found = hits(build_id, text, unit, _build)
    return results.page(_build, scope, found, sort=sort, most=most, skip=skip)


def all_rows(build: Build, scope: Scope, text: str, unit: Unit, sort: Sort) -> pl.DataFrame:
    """Every hit in scope, for a file."""
    found = hits(build.id, text, unit, build)
    return listed(results.page(build, scope, found, sort=sort, most=2**31 - 1))
