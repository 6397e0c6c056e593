"""Comparisons, turning points and interrupted series, cached like all numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import Ask
from analysis.estimates.fair import By, Fair
from analysis.estimates.fair import fair as estimated
from analysis.estimates.turning import Turning
from analysis.estimates.turning import interrupted_series as interrupted_of
from analysis.estimates.turning import turning_points as turned
from analysis.reading.fair import Sides
from analysis.reads import Scope
from dashboard.numbers import Numbers

_cached = st.cache_data(max_entries=100, show_spinner=False)


def fair(of: Numbers, scope: Scope, sides: Sides, frame: str, by: By) -> Fair | None:
    return _fair(of.build.id, of.key, of.ask, scope, sides, frame, by, of)  # type: ignore[no-any-return]


def turning_points(of: Numbers, scope: Scope, outlets: tuple[str, ...]) -> Turning:
    return _turning(of.build.id, of.key, of.ask, scope, outlets, of)  # type: ignore[no-any-return]


def interrupted(
    of: Numbers, scope: Scope, event: dt.date, touched: tuple[str, ...], weeks: int
) -> pl.DataFrame:
    return _interrupted(of.build.id, of.ask, scope, event, touched, weeks, of)  # type: ignore[no-any-return]


@_cached
def _fair(
    build_id: str, key: str, ask: Ask, scope: Scope, sides: Sides, frame: str, by: By, _of: Any
) -> Fair | None:
    return estimated(_of.build, scope, sides, frame, by, _of.evidence, ask)


@st.cache_data(max_entries=100, show_spinner="Looking for turning points …")
def _turning(
    build_id: str, key: str, ask: Ask, scope: Scope, outlets: tuple[str, ...], _of: Any
) -> Turning:
    return turned(_of.build, scope, _of.evidence, ask, outlets)


@_cached
def _interrupted(
    build_id: str,
    ask: Ask,
    scope: Scope,
    event: dt.date,
    touched: tuple[str, ...],
    weeks: int,
    _of: Any,
) -> pl.DataFrame:
    minimum = int(_of.build.meta["min_cell"])
    return interrupted_of(_of.build, scope, event, touched, ask, weeks=weeks, minimum=minimum)
