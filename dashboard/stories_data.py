"""Cached reads of stories, keyed by build and scope."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates.selection import selection as estimate_selection
from analysis.reading import stories as reads
from analysis.reads import Build, Scope
from dashboard.numbers import Numbers


def _cached(function: Any) -> Any:
    return st.cache_data(max_entries=100, show_spinner=False)(function)


@_cached
def stories(build_id: str, scope: Scope, query: str, _build: Build) -> pl.DataFrame:
    return reads.stories(_build, scope, query)


@_cached
def pieces(build_id: str, story: str, _build: Build) -> pl.DataFrame:
    return reads.pieces(_build, story)


@_cached
def title(build_id: str, story: str, _build: Build) -> str | None:
    return reads.title(_build, story)


@_cached
def frames(build_id: str, story: str, _build: Build) -> pl.DataFrame:
    return reads.frames(_build, story)


@_cached
def around(build_id: str, story: str, outlets: tuple[str, ...], _build: Build) -> pl.DataFrame:
    return reads.around(_build, story, outlets)


@_cached
def told_by_peers(
    build_id: str, scope: Scope, outlet: str, peers: tuple[str, ...], least: int, _build: Build
) -> pl.DataFrame:
    """One row per story that enough peers told: story_key, title, peers, first_day, who, covered."""
    rows = reads.selection(_build, scope, outlet, peers, least)
    return (
        rows.unique(["story_key", "outlet"])
        .sort("published", "outlet", nulls_last=True)
        .group_by("story_key", maintain_order=True)
        .agg(
            pl.col("title", "peers", "covered").first(),
            first_day=pl.col("published").min(),
            who=pl.col("outlet"),
        )
        .sort("peers", "first_day", "story_key", descending=[True, True, False], nulls_last=True)
    )


def selection(
    numbers: Numbers, scope: Scope, outlet: str, peers: tuple[str, ...], least: int
) -> pl.DataFrame:
    """As analysis.estimates.selection gives it."""
    found: pl.DataFrame = _selection(
        numbers.build.id, numbers.key, numbers.ask, scope, outlet, peers, least, numbers
    )
    return found


@_cached
def _selection(
    build_id: str,
    key: str,
    ask: Any,
    scope: Scope,
    outlet: str,
    peers: tuple[str, ...],
    least: int,
    _of: Numbers,
) -> pl.DataFrame:
    return estimate_selection(_of.build, scope, outlet, peers, least, _of.evidence, ask)
