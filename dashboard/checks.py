"""What the Validation view shows, cached by build, codings, sample and scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from analysis.coding import codes, sampling
from analysis.coding.ledger import Ledger, existing_ledger
from analysis.coding.reveal import Revealed, revealed
from analysis.coding.sampling import Request
from analysis.coding.summary import Agreement, summary
from analysis.errors import CodingError
from analysis.estimates import Ask, Evidence, gather, multiverse, planner, validation
from analysis.estimates.multiverse import Finding, Multiverse
from analysis.estimates.validation import Confusion, Corrections, Rates, Reliability
from analysis.project import Project
from analysis.reads import Build, Domain, Scope

_cached = st.cache_data(max_entries=200, show_spinner=False)


@dataclass(frozen=True)
class Checks:
    """The checks of one build by the codes of one sample ('': none has been drawn).

    `key` changes whenever a code does. `samples` as `coding.sampling.samples` gives them. `fault`
    says why the codings could not be read, or is ''.
    """

    build: Build
    ask: Ask
    samples: pl.DataFrame
    sample: str = ""
    key: str = ""
    ledger: Ledger | None = None
    fault: str = ""

    @property
    def evidence(self) -> Evidence | None:
        """The codes; None while there is none under the present definitions."""
        return _evidence(*self._keys(), self) if self.sample else None

    def agreement(self, frames: tuple[str, ...]) -> Agreement:
        return _agreement(*self._keys(), frames, self)  # type: ignore[no-any-return]

    def revealed(self) -> Revealed:
        return _revealed(*self._keys(), self)  # type: ignore[no-any-return]

    def reliabilities(self, scope: Scope) -> Reliability | None:
        return _reliabilities(*self._keys(), scope, self)  # type: ignore[no-any-return]

    def rates(self, scope: Scope, domain: Domain) -> Rates | None:
        return _rates(*self._keys(), scope, domain, self)  # type: ignore[no-any-return]

    def confusion(self, scope: Scope, seed: int) -> Confusion | None:
        return _confusion(*self._keys(), scope, seed, self)  # type: ignore[no-any-return]

    def corrections(self, scope: Scope, domain: Domain) -> Corrections | None:
        return _corrections(*self._keys(), self.ask, scope, domain, self)  # type: ignore[no-any-return]

    def plan(self, scope: Scope, frame: str, outlets: Sequence[str]) -> planner.Plan | None:
        return _plan(*self._keys(), self.ask, scope, frame, tuple(outlets), self)  # type: ignore[no-any-return]

    def next_outlets(self, scope: Scope, frame: str) -> pl.DataFrame:
        return _next_outlets(*self._keys(), self.ask, scope, frame, self)  # type: ignore[no-any-return]

    def multiverse(self, scope: Scope, finding: Finding) -> Multiverse:
        return _multiverse(*self._keys(), self.ask, scope, finding, self)  # type: ignore[no-any-return]

    def last_request(self) -> Request | None:
        """What the sample's latest draw was asked for."""
        return _last_request(*self._keys(), self) if self.sample else None  # type: ignore[no-any-return]

    def of(self, sample: str) -> Checks:
        return Checks(self.build, self.ask, self.samples, sample, self.key, self.ledger, self.fault)

    def _keys(self) -> tuple[str, str, str]:
        return self.build.id, self.key, self.sample


def checks(project: Project, build: Build, ask: Ask) -> Checks:
    """Checks with the codings as they are at this moment, by the sample with most coded pieces."""
    try:
        ledger = existing_ledger(project.root)
        if ledger is None:
            return Checks(build, ask, pl.DataFrame())
        state = ledger.rows("coding_state")[0]
        key = f"{ledger.path}:{':'.join(str(value) for value in state.values())}"
        known = sampling.samples(ledger)
    except CodingError as error:
        return Checks(build, ask, pl.DataFrame(), fault=error.what)
    if known.is_empty():
        return Checks(build, ask, known, key=key, ledger=ledger)
    most = known.sort("coded", "created_at", descending=True)["sample"][0]
    return Checks(build, ask, known, most, key, ledger)


@st.cache_resource(max_entries=6, show_spinner=False)
def _evidence(build_id: str, key: str, sample: str, _of: Checks) -> Evidence | None:
    return gather(_of.build, _ledger(_of), sample)


def _ledger(of: Checks) -> Ledger:
    assert of.ledger is not None
    return of.ledger


@_cached
def _agreement(
    build_id: str, key: str, sample: str, frames: tuple[str, ...], _of: Checks
) -> Agreement:
    table = codes.long(_ledger(_of), sample, _of.build.frames)
    order = pl.DataFrame({"frame": list(frames)}).with_row_index("place")
    return summary(table.join(order, on="frame").sort("place", "order").drop("place"))


@_cached
def _revealed(build_id: str, key: str, sample: str, _of: Checks) -> Revealed:
    return revealed(_ledger(_of), sample, _of.build.frames)


@_cached
def _reliabilities(
    build_id: str, key: str, sample: str, scope: Scope, _of: Checks
) -> Reliability | None:
    return validation.reliabilities(_of.build, scope, _of.evidence)


@_cached
def _rates(
    build_id: str, key: str, sample: str, scope: Scope, domain: Domain, _of: Checks
) -> Rates | None:
    return validation.rates(_of.build, scope, domain, _of.evidence)


@_cached
def _confusion(
    build_id: str, key: str, sample: str, scope: Scope, seed: int, _of: Checks
) -> Confusion | None:
    return validation.confusion(_of.build, scope, _of.evidence, _of.revealed(), seed)


@_cached
def _corrections(
    build_id: str, key: str, sample: str, ask: Ask, scope: Scope, domain: Domain, _of: Checks
) -> Corrections | None:
    return validation.corrections(_of.build, scope, domain, _of.evidence, _of.revealed(), ask)


@_cached
def _plan(
    build_id: str,
    key: str,
    sample: str,
    ask: Ask,
    scope: Scope,
    frame: str,
    outlets: tuple[str, ...],
    _of: Checks,
) -> planner.Plan | None:
    return planner.plan(_of.build, scope, _of.evidence, frame, outlets, ask)


@_cached
def _next_outlets(
    build_id: str, key: str, sample: str, ask: Ask, scope: Scope, frame: str, _of: Checks
) -> pl.DataFrame:
    return planner.next_outlets(_of.build, scope, _of.evidence, frame, ask)


@_cached
def _multiverse(
    build_id: str, key: str, sample: str, ask: Ask, scope: Scope, finding: Finding, _of: Checks
) -> Multiverse:
    return multiverse.multiverse(_of.build, scope, finding, _of.evidence, ask.level)


@_cached
def _last_request(build_id: str, key: str, sample: str, _of: Checks) -> Request:
    return sampling.last_request(_ledger(_of), sample)
