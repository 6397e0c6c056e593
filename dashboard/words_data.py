"""Cached words: what groups use more and less, how firmly ranks hold, and lines to read."""

from __future__ import annotations

import polars as pl
import streamlit as st

from analysis.measure.keyness import Contrast
from analysis.reading import words
from analysis.reading.words import Compared, Counting, Lines
from analysis.reads import Build, Scope

RESAMPLES = 200

_cached = st.cache_data(max_entries=60, show_spinner=False)


@_cached
def groups(build_id: str, scope: Scope, counting: Counting, _build: Build) -> pl.DataFrame:
    return words.groups(_build, scope, counting)


# Long tables, shared as they are: nothing writes to them.
@st.cache_resource(max_entries=20, show_spinner=False)
def compared(
    build_id: str,
    scope: Scope,
    counting: Counting,
    contrasts: tuple[Contrast, ...],
    _build: Build,
) -> Compared:
    return words.compared(_build, scope, counting, contrasts)


@_cached
def stable(
    build_id: str, scope: Scope, counting: Counting, contrast: Contrast, top: int, _build: Build
) -> pl.DataFrame:
    found = compared(build_id, scope, counting, (contrast,), _build)
    return words.stable(_build, scope, counting, contrast, found, top=top, resamples=RESAMPLES)


@_cached
def lines(
    build_id: str,
    scope: Scope,
    counting: Counting,
    term: str,
    group: str | None,
    without: bool,
    most: int,
    _build: Build,
) -> Lines:
    return words.lines(_build, scope, counting, term, group=group, without=without, most=most)
