"""Voices, cached like all numbers."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from analysis.estimates import Ask
from analysis.estimates.voice import Unit
from analysis.estimates.voice import frame_by_voice as by_voice_of
from analysis.estimates.voice import spoken as spoken_of
from analysis.reading import voices
from analysis.reads import Build, Scope
from dashboard.numbers import Numbers

_cached = st.cache_data(max_entries=100, show_spinner=False)


def frame_by_voice(of: Numbers, scope: Scope, frame: str) -> pl.DataFrame:
    return _by_voice(of.build.id, of.ask, scope, frame, of.build)  # type: ignore[no-any-return]


def spoken(of: Numbers, scope: Scope, unit: Unit) -> pl.DataFrame:
    return _spoken(of.build.id, of.ask, scope, unit, of.build)  # type: ignore[no-any-return]


@_cached
def _by_voice(build_id: str, ask: Ask, scope: Scope, frame: str, _build: Any) -> pl.DataFrame:
    return by_voice_of(_build, scope, frame, ask)


@_cached
def _spoken(build_id: str, ask: Ask, scope: Scope, unit: Unit, _build: Any) -> pl.DataFrame:
    return spoken_of(_build, scope, unit, ask)


@_cached
def sample(
    build_id: str, scope: Scope, frame: str | None, role: str | None, seed: int, _build: Build
) -> pl.DataFrame:
    return voices.sample(_build, scope, frame=frame, role=role, seed=seed)


@_cached
def of_piece(build_id: str, piece: str, _build: Build) -> pl.DataFrame:
    return voices.of_piece(_build, piece)
