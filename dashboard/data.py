"""All caching: open builds, and small aggregates keyed by build and scope."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from analysis import estimates
from analysis.coding import ledger as codings
from analysis.coding import sampling
from analysis.coding.sessions import BlindPiece
from analysis.coding.sessions import blind_piece as read_blind_piece
from analysis.estimates import Coverage
from analysis.project import SETTINGS_NAME, Project, open_project
from analysis.reads import Bin, Build, Scope, Totals, open_ref
from analysis.store import builds
from dashboard.launch import PROJECT_VARIABLE
from dashboard.scope import Choices

MAP_POINTS = 2500


def project() -> Project:
    """The project that the launcher named; raises a FramescopeError when it can't be opened."""
    root = Path(os.environ.get(PROJECT_VARIABLE, "framescope-demo"))
    file = root / SETTINGS_NAME
    about = file.stat() if file.is_file() else None
    return _read(root, (about.st_mtime_ns, about.st_size, about.st_ino) if about else None)


@lru_cache(maxsize=3)
def _read(root: Path, stamp: tuple[int, ...] | None) -> Project:
    """Read once per writing: every click asks for it several times."""
    return open_project(root)


def build() -> Build:
    """The current build, opened once per process and swapped when a newer one is published."""
    found = builds.current(project().builds)
    if found is None:
        st.info("Nothing has been built yet. Run `framescope build --project DIR`.")
        st.stop()
    return _open(str(found.path), found.id)


@st.cache_resource(max_entries=3, show_spinner=False)
def _open(path: str, build_id: str) -> Build:
    return open_ref(Path(path), build_id)


def ledger(*, make: bool = False) -> codings.Ledger | None:
    """The project's codings, never what is in them; None while there are none and `make` is false."""
    root = project().root
    file = root / codings.NAME
    if not file.exists():
        return codings.open_ledger(root) if make else None
    return _migrated(str(root), file.stat().st_ino)


@st.cache_resource(max_entries=3, show_spinner=False)
def _migrated(root: str, file: int) -> codings.Ledger:
    """Opened once per file: a migration takes the write lock."""
    return codings.open_ledger(Path(root))


def _cached(function: Any) -> Any:
    return st.cache_data(max_entries=200, show_spinner=False)(function)


@_cached
def choices(build_id: str, _build: Build) -> Choices:
    first, last = _build.date_range()
    return Choices(
        outlets=_build.outlets()["outlet"].to_list(),
        topics=_build.topics()["topic_key"].to_list(),
        frames=[frame["id"] for frame in _build.frames],
        first_day=first,
        last_day=last,
    )


@_cached
def totals(build_id: str, scope: Scope, _build: Build) -> Totals:
    return _build.totals(scope)


@_cached
def by_outlet(build_id: str, scope: Scope, _build: Build) -> pl.DataFrame:
    return _build.by_outlet(scope)


@_cached
def volume(build_id: str, scope: Scope, bin: Bin, _build: Build) -> pl.DataFrame:
    return _build.volume(scope, bin)


@_cached
def coverage(build_id: str, scope: Scope, _build: Build) -> Coverage:
    return estimates.coverage(_build, scope)


@_cached
def unbinned(build_id: str, scope: Scope, bin: Bin, _build: Build) -> int:
    return _build.unbinned(scope, bin)


@_cached
def outlets(build_id: str, _build: Build) -> pl.DataFrame:
    return _build.outlets()


@_cached
def topics(build_id: str, _build: Build) -> pl.DataFrame:
    return _build.topics()


@_cached
def topics_over_time(build_id: str, scope: Scope, bin: Bin, _build: Build) -> pl.DataFrame:
    return _build.topics_over_time(scope, bin)


@_cached
def topics_by_outlet(build_id: str, scope: Scope, _build: Build) -> pl.DataFrame:
    return _build.topics_by_outlet(scope)


@_cached
def topic_map(build_id: str, scope: Scope, _build: Build) -> pl.DataFrame:
    return _build.topic_map(scope, MAP_POINTS)


@_cached
def pieces(
    build_id: str, scope: Scope, query: str, most: int, skip: int, seed: int | None, _build: Build
) -> pl.DataFrame:
    return _build.pieces(scope, query=query, most=most, skip=skip, seed=seed)


@_cached
def pieces_count(build_id: str, scope: Scope, query: str, _build: Build) -> int:
    return _build.pieces_count(scope, query=query)


@_cached
def problem_summary(build_id: str, _build: Build) -> pl.DataFrame:
    return _build.problem_summary()


@_cached
def problems(build_id: str, _build: Build) -> pl.DataFrame:
    return _build.problems(500)


@_cached
def source_files(build_id: str, _build: Build) -> pl.DataFrame:
    return _build.source_files()


@_cached
def copies_summary(build_id: str, _build: Build) -> dict[str, int]:
    return _build.copies_summary()


@_cached
def date_precision(build_id: str, _build: Build) -> pl.DataFrame:
    return _build.date_precision()


@_cached
def runs(build_id: str, _build: Build) -> pl.DataFrame:
    return _build.runs()


@_cached
def blind_piece(build_id: str, piece: str, _build: Build) -> BlindPiece | None:
    return read_blind_piece(_build, piece)


@_cached
def sampling_plan(build_id: str, request: sampling.Request, _build: Build) -> sampling.Plan:
    """What a draw would do, without the table of all that it could draw; nothing is written."""
    plan = sampling.plan(_build, request)
    return replace(plan, population=plan.population.clear())
