"""Blind coding, one piece at a time: what a coder's desk offers, keeps and takes back.

Invariants: what `commit` returned for is on the disk; a coder has at most one valid coding of a
piece; nothing here knows what a model said; a colleague's codes of a piece are told only after both
have committed theirs; who has seen them, or what the model said, keeps the coding as it is.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.coding.ledger import Ledger, Work
from analysis.coding.marks import (
    Coding,
    Frame,
    Marks,
    Span,
    check_complete,
    check_marks,
    codebook_hash,
    coder_name,
    coding_of,
    definition_hash,
    definitions,
    from_json,
    same_name,
    to_json,
)
from analysis.coding.seen import record
from analysis.errors import CodingError

if TYPE_CHECKING:
    from analysis.reads import Build

__all__ = [
    "BlindPiece",
    "Coding",
    "Desk",
    "Marks",
    "Progress",
    "Span",
    "Task",
    "blind_piece",
    "coder_name",
    "definition_hash",
]

# How long a piece stays with the coder on whose screen it is.
HOLD = dt.timedelta(minutes=30)

# What to do about a coding that can't be taken back.
STAYS = "if it is a mistake, write to whoever leads the coding; the coding stays as it is"

DRAW = "draw one with: framescope sample --project DIR --budget N"


@dataclass(frozen=True)
class BlindPiece:
    """What a coder sees. `spans`: sentence, start, end; 0 is the headline (offsets in `title`)."""

    id: str
    title: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Task:
    """A piece to code: the `number`-th of this coder's `total`.

    `draft`: what was begun, None for a fresh piece. `recode`: frames whose definition has changed
    since this coder coded the piece; the codes of the other frames are the draft.
    """

    sample: str
    piece: str
    number: int
    total: int
    draft: Marks | None
    recode: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """`done` of `total` pieces of this coder, of which `recode` more wait to be coded again.

    `total` leaves out pieces for one coder that another has coded, and holds those that are on
    another's screen now (`held`). `coded` of the sample's `pieces` have a coding by anyone.
    """

    done: int
    total: int
    recode: int
    held: int
    coded: int
    pieces: int


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Desk:
    """One coder at work on one sample; cheap to make, safe to make anew for every click.

    `frames`: the codebook's frames as dictionaries (`Build.frames`). `source` is stored with each
    coding. Raises CodingError for an unknown sample or a name that is none.
    """

    def __init__(
        self,
        ledger: Ledger,
        sample: str,
        coder: str,
        frames: Sequence[Frame],
        *,
        source: str = "dashboard",
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        check_sample(ledger, sample)
        self.ledger = ledger
        self.sample = sample
        self.frames = tuple(frame["id"] for frame in frames)
        self.coder = signed_in(ledger, coder, clock())
        self._source = source
        self._clock = clock
        self._definitions = definitions(frames)
        self._codebook = codebook_hash(self._definitions)

    def next(self) -> Task | None:
        """The piece on this coder's screen, or the next one, which is theirs from now on.

        None: this coder has coded all; or others hold the rest (`progress().held`).
        """
        with self.ledger.transaction() as work:
            stale = self._stale(work)
            who = {"sample": self.sample, "coder": self.coder, "now": _text(self._clock())}
            waiting = stale[:1] or [row["piece"] for row in work.rows("open_pieces", **who, most=1)]
            return self._task(work, waiting[0], stale) if waiting else None

    def save_draft(self, piece: str, marks: Marks) -> bool:
        """Keeps what was begun, and the piece on this coder's screen.

        False, and nothing is kept, where this coder has committed the piece meanwhile: a draft that
        comes late must not undo that.
        """
        check_marks(marks, self.frames, None)
        with self.ledger.transaction() as work:
            self._drawn(work, piece)
            if self._own(work, piece) is not None and piece not in self._stale(work):
                return False
            self._keep_draft(work, piece, marks)
            self._claim(work, piece)
            return True

    def commit(self, piece: str, marks: Marks, spans: Sequence[Span]) -> int:
        """Stores the codes of a piece and returns the coding's id; it is on the disk by then.

        `spans` are the piece's sentences. The same codes sent twice are one coding. Raises
        CodingError, and nothing is stored, where a frame is missing or unknown, the piece lacks a
        marked sentence or is not in the sample, or this coder has coded it otherwise already.
        """
        check_marks(marks, self.frames, spans)
        check_complete(marks, self.frames)
        offsets = {number: (start, end) for number, start, end in spans}
        with self.ledger.transaction() as work:
            self._drawn(work, piece)
            earlier = self._own(work, piece)
            now = _text(self._clock())
            if earlier is not None:
                if piece not in self._stale(work):
                    if self._coding(work, earlier).marks.same_codes(marks):
                        return earlier
                    raise CodingError(
                        f"you have coded '{piece}' already, and otherwise",
                        remedy="take that coding back first",
                    )
                work.run("withdraw_coding", coding=earlier, now=now)
            coding = store(
                work,
                sample=self.sample,
                piece=piece,
                coder=self.coder,
                committed_at=now,
                codebook=self._codebook,
                source=self._source,
                marks=marks,
                hashes=self._definitions,
                offsets=offsets,
            )
            work.run("drop_draft", sample=self.sample, piece=piece, coder=self.coder)
            work.run("drop_claim", sample=self.sample, piece=piece, coder=self.coder)
            return coding

    def undo(self) -> Task | None:
        """Takes this coder's last commit back; its codes are the draft of the task returned.

        Repeatable, back to the first. None: there is nothing to take back. Raises CodingError, and
        takes nothing back, where this coder has seen what others said of that piece.
        """
        with self.ledger.transaction() as work:
            rows = work.rows("last_coding", sample=self.sample, coder=self.coder)
            return self._take_back(work, **rows[0]) if rows else None

    def take_back(self, piece: str) -> Task:
        """Takes this coder's coding of a piece back, as `undo` does the last one's.

        Raises CodingError where there is none, or its coder has seen what others said of it.
        """
        with self.ledger.transaction() as work:
            coding = self._own(work, piece)
            if coding is None:
                raise CodingError(
                    f"you have no coding of '{piece}' to take back",
                    remedy="choose one from the list of your codings",
                )
            return self._take_back(work, coding, piece)

    def progress(self) -> Progress:
        with self.ledger.transaction() as work:
            return self._progress(work, self._stale(work))

    def mine(self) -> list[Coding]:
        """This coder's valid codings in the order in which they were committed."""
        rows = self.ledger.rows(
            "codings", sample=self.sample, coder=self.coder, piece=None, coding=None, withdrawn=0
        )
        return [coding_of(row) for row in rows]

    def revealed(self, piece: str) -> list[Coding]:
        """Colleagues' codings of a piece; none before this coder has committed theirs.

        Whoever has seen one can't take back their own.
        """
        with self.ledger.transaction() as work:
            rows = work.rows(
                "codings", sample=self.sample, coder=None, piece=piece, coding=None, withdrawn=0
            )
            others = [one for one in map(coding_of, rows) if one.coder != self.coder]
            if len(others) == len(rows):
                return []
            if others:
                now = self._clock()
                record(work, sample=self.sample, piece=piece, coder=self.coder, now=now)
            return others

    def seen(self) -> frozenset[str]:
        """Pieces of the sample of which this coder has seen what the model or a colleague said."""
        rows = self.ledger.rows("reveals", sample=self.sample, coder=self.coder, piece=None)
        return frozenset(row["piece"] for row in rows)

    def _coding(self, work: Work, coding: int) -> Coding:
        rows = work.rows(
            "codings", sample=self.sample, coder=None, piece=None, coding=coding, withdrawn=1
        )
        return coding_of(rows[0])

    def _task(self, work: Work, piece: str, stale: Sequence[str]) -> Task:
        self._claim(work, piece)
        progress = self._progress(work, stale)
        coding = self._own(work, piece)
        before = None if coding is None else self._coding(work, coding)
        recode = () if before is None else self._changed(before)
        draft = self._draft(work, piece)
        if draft is None and before is not None:
            draft = self._still_meant(before)
        return Task(self.sample, piece, progress.done + 1, progress.total, draft, recode)

    def _take_back(self, work: Work, coding: int, piece: str) -> Task:
        if work.rows("reveals", sample=self.sample, coder=self.coder, piece=piece):
            raise CodingError(
                f"since you coded '{piece}' you have seen what the model or a colleague said of it, "
                "so that your coding can't be taken back",
                remedy=STAYS,
            )
        work.run("withdraw_coding", coding=coding, now=_text(self._clock()))
        self._keep_draft(work, piece, self._still_meant(self._coding(work, coding)))
        return self._task(work, piece, self._stale(work))

    def _progress(self, work: Work, stale: Sequence[str]) -> Progress:
        (counts,) = work.rows(
            "desk_counts", sample=self.sample, coder=self.coder, now=_text(self._clock())
        )
        return Progress(
            done=counts["committed"] - len(stale),
            total=counts["total"],
            recode=len(stale),
            held=counts["held"],
            coded=counts["coded"],
            pieces=counts["pieces"],
        )

    def _changed(self, coding: Coding) -> tuple[str, ...]:
        """Frames that the coding lacks as they are defined now."""
        return tuple(f for f, now in self._definitions.items() if coding.definitions.get(f) != now)

    def _still_meant(self, coding: Coding) -> Marks:
        changed = self._changed(coding)
        return coding.marks.only([frame for frame in self.frames if frame not in changed])

    def _stale(self, work: Work) -> list[str]:
        """Pieces of this coder with a frame whose definition has changed, in order of coding."""
        rows = work.rows(
            "stale_codings",
            sample=self.sample,
            coder=self.coder,
            definitions=json.dumps(self._definitions),
        )
        return [row["piece"] for row in rows]

    def _own(self, work: Work, piece: str) -> int | None:
        rows = work.rows("own_coding", sample=self.sample, piece=piece, coder=self.coder)
        return rows[0]["coding"] if rows else None

    def _draft(self, work: Work, piece: str) -> Marks | None:
        rows = work.rows("draft", sample=self.sample, piece=piece, coder=self.coder)
        if not rows:
            return None
        try:
            return from_json(rows[0]["marks"], self._definitions)
        except (ValueError, KeyError, TypeError, AttributeError, CodingError):
            # Of a damaged file. It must not keep the coder from the piece for good.
            return None

    def _keep_draft(self, work: Work, piece: str, marks: Marks) -> None:
        work.run(
            "save_draft",
            sample=self.sample,
            piece=piece,
            coder=self.coder,
            now=_text(self._clock()),
            marks=to_json(marks, self._definitions),
        )

    def _claim(self, work: Work, piece: str) -> None:
        until = _text(self._clock() + HOLD)
        work.run("claim_piece", sample=self.sample, piece=piece, coder=self.coder, until=until)

    def _drawn(self, work: Work, piece: str) -> None:
        if not work.rows("sample_piece", sample=self.sample, piece=piece):
            raise CodingError(
                f"'{piece[:60]}' is not in the sample '{self.sample}'",
                remedy="load the page again and code the piece that it shows",
            )


def check_sample(ledger: Ledger, sample: str) -> None:
    """Raises CodingError, naming the samples that there are, where there is none of that name."""
    if ledger.rows("sample_exists", sample=sample):
        return
    known = [row["sample"] for row in ledger.rows("samples")]
    raise CodingError(
        f"there is no sample '{sample}'",
        where=str(ledger.path),
        remedy=f"name one of: {', '.join(known)}" if known else DRAW,
    )


def signed_in(ledger: Ledger, given: str, now: dt.datetime) -> str:
    """The coder's name as it is stored; "anna" is "Anna", whoever came first."""
    name = coder_name(given)
    known = same_name(name, [row["coder"] for row in ledger.rows("coders")])
    if known is not None:
        return known
    with ledger.transaction() as work:
        return registered(work, name, now)


def registered(work: Work, name: str, now: dt.datetime) -> str:
    """As `signed_in`, inside an open transaction, of a name that coder_name gave."""
    known = same_name(name, [row["coder"] for row in work.rows("coders")])
    if known is None:
        work.run("add_coder", coder=name, since=_text(now))
    return known or name


def store(
    work: Work,
    *,
    sample: str,
    piece: str,
    coder: str,
    committed_at: str,
    codebook: str,
    source: str,
    marks: Marks,
    hashes: Mapping[str, str],
    offsets: Mapping[int, tuple[int, int]],
    withdrawn_at: str | None = None,
) -> int:
    """Adds a coding with its frames and sentences inside an open transaction; returns its id."""
    coding = work.run(
        "add_coding",
        sample=sample,
        piece=piece,
        coder=coder,
        committed_at=committed_at,
        withdrawn_at=withdrawn_at,
        codebook=codebook,
        source=source,
        seconds=marks.seconds,
        note=marks.note,
    )
    work.run_many(
        "add_coding_frame",
        [
            {
                "coding": coding,
                "frame": frame,
                "present": None if value is None else int(value),
                "definition": hashes[frame],
            }
            for frame, value in marks.frames.items()
        ],
    )
    work.run_many(
        "add_coding_sentence",
        [
            {
                "coding": coding,
                "frame": frame,
                "sentence": number,
                "start_char": offsets[number][0],
                "end_char": offsets[number][1],
            }
            for frame, numbers in marks.sentences.items()
            for number in numbers
        ],
    )
    return coding


def blind_piece(build: Build, piece_id: str) -> BlindPiece | None:
    """A piece as a coder sees it; None where the build has none of that id."""
    rows = build.blind_pieces([piece_id]).to_dicts()
    return _blind(rows[0]) if rows else None


def blind_pieces(build: Build, piece_ids: Sequence[str]) -> dict[str, BlindPiece]:
    """Pieces as a coder sees them, by id; those that the build lacks are left out."""
    return {row["id"]: _blind(row) for row in build.blind_pieces(piece_ids).to_dicts()}


def _blind(row: dict[str, Any]) -> BlindPiece:
    spans = tuple((number, start, end) for number, start, end in row["spans"] or ())
    return BlindPiece(row["id"], row["title"], row["text"], spans)


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")
