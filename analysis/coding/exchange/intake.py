"""Codings from outside: all of a file is taken in, or nothing, and every bad row is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from analysis.coding.ledger import Ledger, Work
from analysis.coding.marks import (
    Coding,
    Frame,
    Marks,
    codebook_hash,
    coder_name,
    coding_of,
    definitions,
)
from analysis.coding.sessions import registered, store
from analysis.errors import CodingError

MOST_TOLD = 50

# Two computers' clocks differ; by more than this one of them is wrong.
TOLERANCE = dt.timedelta(minutes=2)
# A clock that was never set begins at 1970 or 1980.
EARLIEST = 2000


@dataclass(frozen=True)
class Incoming:
    """One coding of a file. `place` names its row. `committed_at` is what the file says, '' for
    nothing. `definitions`: hash by frame where the file tells, else the present ones are meant.
    `withdrawn_at`: '' for a valid coding.
    """

    place: str
    piece: str
    coder: str
    marks: Marks
    offsets: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    committed_at: str = ""
    withdrawn_at: str = ""
    definitions: Mapping[str, str] | None = None
    source: str = ""


@dataclass
class Taken:
    """What became of a file: codings added, there already, and replaced; and what to know."""

    sample: str
    added: int = 0
    same: int = 0
    replaced: int = 0
    blank: int = 0
    coders: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def take_in(
    ledger: Ledger,
    sample: str,
    codings: Sequence[Incoming],
    frames: Sequence[Frame],
    *,
    where: str,
    source: str,
    now: dt.datetime,
    replace: bool = False,
    faults: Sequence[str] = (),
    work: Work | None = None,
) -> Taken:
    """Adds codings in their order. Taking the same file in again changes nothing.

    `faults`: what was wrong with the file so far. `work`: a transaction that is open already.
    Raises CodingError with all faults and with every row whose piece is not in the sample, that
    repeats a coder's coding, or that differs from what this coder coded already; with `replace`
    such a coding is withdrawn and the new one added, but for one whose coder has since seen what
    others said of the piece.
    """
    found = list(faults)
    names: dict[str, str] = {}
    for one in codings:
        if one.coder not in names:
            try:
                names[one.coder] = coder_name(one.coder)
            except CodingError as error:
                found.append(f"{one.place}: {error.what}")
                names[one.coder] = ""
    with nullcontext(work) if work else ledger.transaction() as opened:
        intake = _Intake(opened, sample, definitions(frames), source, now, replace, found)
        names = {given: registered(opened, name, now) for given, name in names.items() if name}
        for one in codings:
            if one.coder in names:
                intake.take(one, names[one.coder])
        intake.taken.coders = sorted(set(names.values()))
        if found:
            raise refused(found, where)
    return intake.taken


class _Intake:
    """Takes one coding after the other inside a transaction; `faults` grows by what can't be."""

    def __init__(
        self,
        work: Work,
        sample: str,
        hashes: Mapping[str, str],
        source: str,
        now: dt.datetime,
        replace: bool,
        faults: list[str],
    ) -> None:
        self.taken = Taken(sample)
        self._work = work
        self._hashes = hashes
        self._source = source
        self._now = now
        self._replace = replace
        self._faults = faults
        self._drawn = {row["piece"] for row in work.rows("sample_pieces", sample=sample)}
        self._before = _Before(work, sample)
        self._seen: dict[tuple[str, str], str] = {}

    def take(self, one: Incoming, coder: str) -> None:
        if one.piece not in self._drawn:
            self._fault(one, f"'{one.piece[:60]}' is not in the sample '{self.taken.sample}'")
        elif not one.withdrawn_at and (first := self._earlier(one, coder)):
            self._fault(one, f"'{one.piece}' is in {first} already")
        elif self._before.holds(coder, one):
            self.taken.same += 1
        elif one.withdrawn_at or self._free(one, coder):
            self._add(one, coder)

    def _earlier(self, one: Incoming, coder: str) -> str:
        """Where the file has another valid coding of the piece by this coder; '' for nowhere."""
        key = (coder.casefold(), one.piece)
        first = self._seen.get(key, "")
        self._seen.setdefault(key, one.place)
        return first

    def _free(self, one: Incoming, coder: str) -> bool:
        """Whether the coder has no valid coding of the piece, or has none any more."""
        valid = self._before.valid(coder, one.piece)
        if valid is None:
            return True
        if valid.marks.same_codes(one.marks) and valid.definitions == self._meant(one):
            self.taken.same += 1
            return False
        if self._before.seen(coder, one.piece) and not self._recoded(valid, one):
            self._fault(
                one,
                f"{coder} has coded '{one.piece}' otherwise, and has since seen what the model or a "
                "colleague said of it: that coding stays",
            )
            return False
        if not self._replace:
            self._fault(one, f"{coder} has coded '{one.piece}' otherwise already")
            return False
        self._work.run("withdraw_coding", coding=valid.id, now=_text(self._now))
        self.taken.replaced += 1
        return True

    def _add(self, one: Incoming, coder: str) -> None:
        at, notice = committed(one.committed_at, self._now)
        if notice:
            self.taken.notices.append(f"{one.place}: {notice}")
        meant = self._meant(one)
        where = {"sample": self.taken.sample, "piece": one.piece, "coder": coder}
        store(
            self._work,
            **where,
            committed_at=at,
            withdrawn_at=one.withdrawn_at or None,
            codebook=codebook_hash(meant),
            source=one.source or self._source,
            marks=one.marks,
            hashes=meant,
            offsets=one.offsets,
        )
        if not one.withdrawn_at:
            self._work.run("drop_draft", **where)
            self._work.run("drop_claim", **where)
        self.taken.added += 1

    def _recoded(self, valid: Coding, one: Incoming) -> bool:
        """Whether a frame has another definition since, under which the file codes the piece."""
        stale = any(valid.definitions.get(frame) != now for frame, now in self._hashes.items())
        return stale and self._meant(one) == self._hashes

    def _meant(self, one: Incoming) -> dict[str, str]:
        known = {**self._hashes, **(one.definitions or {})}
        return {frame: known[frame] for frame in one.marks.frames}

    def _fault(self, one: Incoming, what: str) -> None:
        self._faults.append(f"{one.place}: {what}")


def refused(faults: Sequence[str], where: str) -> CodingError:
    """One message with a line for each fault; nothing of the file was taken."""
    shown = "\n  ".join(faults[:MOST_TOLD])
    more = f"\n  and {len(faults) - MOST_TOLD:,} more" if len(faults) > MOST_TOLD else ""
    rows = "1 row" if len(faults) == 1 else f"{len(faults):,} rows"
    remedy = "mend them and import the file again"
    if any("otherwise already" in fault for fault in faults):
        remedy += ", or let it replace earlier codings with --replace"
    if any("that coding stays" in fault for fault in faults):
        remedy += "; take out the rows of codings that stay, and write to whoever leads the coding"
    return CodingError(
        f"nothing was taken in, for {rows} can't be:\n  {shown}{more}", where=where, remedy=remedy
    )


def committed(given: str, now: dt.datetime) -> tuple[str, str]:
    """The time to store, and what is wrong with the one given; then it is the time of import."""
    if not given.strip():
        return _text(now), ""
    try:
        moment = dt.datetime.fromisoformat(given.strip())
    except ValueError:
        return _text(now), f"the time '{given[:40]}' can't be read; the time of import is kept"
    if moment.tzinfo is None:
        return _text(now), f"the time '{given[:40]}' has no zone; the time of import is kept"
    if moment > now + TOLERANCE:
        return _text(now), f"the time '{given[:40]}' is to come; the time of import is kept"
    try:
        at = _text(moment)
    except OverflowError:
        return _text(now), f"the time '{given[:40]}' can't be; the time of import is kept"
    if moment.year < EARLIEST:
        return _text(now), f"the time '{given[:40]}' is long past; the time of import is kept"
    return at, ""


class _Before:
    """What the sample holds when a file comes in."""

    def __init__(self, work: Work, sample: str) -> None:
        rows = work.rows("codings", sample=sample, coder=None, piece=None, coding=None, withdrawn=1)
        self._by_key: dict[tuple[str, str], list[Coding]] = {}
        for row in rows:
            one = coding_of(row)
            self._by_key.setdefault((one.coder.casefold(), one.piece), []).append(one)
        reveals = work.rows("reveals", sample=sample, coder=None, piece=None)
        self._seen = {(row["coder"].casefold(), row["piece"]) for row in reveals}

    def seen(self, coder: str, piece: str) -> bool:
        """Whether the coder has seen what others said of the piece."""
        return (coder.casefold(), piece) in self._seen

    def valid(self, coder: str, piece: str) -> Coding | None:
        found = self._by_key.get((coder.casefold(), piece), [])
        return next((one for one in found if one.withdrawn_at is None), None)

    def holds(self, coder: str, new: Incoming) -> bool:
        """Whether this very commit is there, also if it has been taken back since."""
        return any(
            one.marks.same_codes(new.marks)
            and (
                one.committed_at == new.committed_at
                or (new.withdrawn_at and one.withdrawn_at == new.withdrawn_at)
            )
            for one in self._by_key.get((coder.casefold(), new.piece), [])
        )


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")
