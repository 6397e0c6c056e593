"""Every number on the screen: estimates cached by build, codings and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from analysis import estimates
from analysis.coding.ledger import Ledger, existing_ledger
from analysis.errors import CodingError
from analysis.estimates import Ask, Evidence, Shown
from analysis.project import Project
from analysis.reads import Bin, Build, Domain, Scope

EVERYTHING = Shown()

_cached = st.cache_data(max_entries=200, show_spinner=False)


@dataclass(frozen=True)
class Numbers:
    """Estimates of one build as `ask` wants them, corrected by `evidence` where there is any.

    `key` changes whenever a code does. `fault` says why the codings could not be read, or is ''.
    """

    build: Build
    ask: Ask
    evidence: Evidence | None = None
    key: str = ""
    fault: str = ""

    def shares(self, scope: Scope, domain: Domain, shown: Shown = EVERYTHING) -> pl.DataFrame:
        return _shares(*self._keys(scope), domain, shown, self)  # type: ignore[no-any-return]

    def against_one(self, scope: Scope, comparator: str, outlets: Sequence[str]) -> pl.DataFrame:
        return _against_one(*self._keys(scope), comparator, tuple(outlets), self)  # type: ignore[no-any-return]

    def against_rest(self, scope: Scope, outlets: Sequence[str]) -> pl.DataFrame:
        return _against_rest(*self._keys(scope), tuple(outlets), self)  # type: ignore[no-any-return]

    def changes(self, before: Scope, after: Scope, minimum: int) -> pl.DataFrame:
        return _changes(*self._keys(before), after, minimum, self)  # type: ignore[no-any-return]

    def trend(self, scope: Scope, bin: Bin, minimum: int, outlets: Sequence[str]) -> pl.DataFrame:
        return _trend(*self._keys(scope), bin, minimum, tuple(outlets), self)  # type: ignore[no-any-return]

    @property
    def coded(self) -> int:
        """Pieces of the sample that people coded."""
        return self.evidence.codes["piece"].n_unique() if self.evidence else 0

    def _keys(self, scope: Scope) -> tuple[str, str, Ask, Scope]:
        return self.build.id, self.key, self.ask, scope


def numbers(project: Project, build: Build, ask: Ask) -> Numbers:
    """Numbers with the codings as they are at this moment; without them where there are none."""
    try:
        ledger = existing_ledger(project.root)
        if ledger is None:
            return Numbers(build, ask)
        state = ledger.rows("coding_state")[0]
        key = f"{ledger.path}:{':'.join(str(value) for value in state.values())}"
        return Numbers(build, ask, _evidence(build.id, key, build, ledger), key)
    except CodingError as error:
        return Numbers(build, ask, fault=error.what)


@st.cache_resource(max_entries=6, show_spinner=False)
def _evidence(build_id: str, key: str, _build: Build, _ledger: Ledger) -> Evidence | None:
    return estimates.gather(_build, _ledger)


@_cached
def _shares(
    build_id: str, key: str, ask: Ask, scope: Scope, domain: Domain, shown: Shown, _of: Numbers
) -> pl.DataFrame:
    return estimates.shares(_of.build, scope, domain, _of.evidence, ask, shown)


@_cached
def _against_one(
    build_id: str,
    key: str,
    ask: Ask,
    scope: Scope,
    comparator: str,
    outlets: tuple[str, ...],
    _of: Numbers,
) -> pl.DataFrame:
    return estimates.against_one(_of.build, scope, comparator, _of.evidence, ask, outlets)


@_cached
def _against_rest(
    build_id: str, key: str, ask: Ask, scope: Scope, outlets: tuple[str, ...], _of: Numbers
) -> pl.DataFrame:
    return estimates.against_rest(_of.build, scope, _of.evidence, ask, outlets)


@_cached
def _changes(
    build_id: str, key: str, ask: Ask, before: Scope, after: Scope, minimum: int, _of: Numbers
) -> pl.DataFrame:
    return estimates.changes(_of.build, before, after, _of.evidence, ask, minimum)


@_cached
def _trend(
    build_id: str,
    key: str,
    ask: Ask,
    scope: Scope,
    bin: Bin,
    minimum: int,
    outlets: tuple[str, ...],
    _of: Numbers,
) -> pl.DataFrame:
    return estimates.trend(_of.build, scope, bin, _of.evidence, ask, minimum, outlets)
