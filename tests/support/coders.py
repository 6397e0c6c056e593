"""Many coders at one server, each in a browser window of their own; and what the server sent them.

Each note is a canary: it names its coder, its piece and whether it was a draft or a commit, so that
in whatever message it comes back, one can tell whether it was allowed there. Letters and digits
only, so that no escaping hides it.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.window import Lost, Window, address

# As dashboard/coding/messages.js: how long until a message without an answer is sent again.
RESEND = 5.0
# As the browser: pauses between two looks whether the server is back.
PAUSE = 0.3

NOTE = re.compile(rb"canary(c\d{3})z(\w+?)z(draft|commit)end")
# A chip of the reader: what the model says of a piece.
CHIP = re.compile(rb"</?b>[^<>]{1,40}</b> (?:carries it|does not), \d\.\d\d")

WITHHELD = "(withheld)"


@dataclass
class Commit:
    """A commit: `sent` and `answered` are moments; None while there was no answer."""

    coder: str
    piece: str
    frames: dict[str, bool | None]
    sentences: dict[str, list[int]]
    note: str
    sent: float
    answered: float | None = None
    times_sent: int = 0
    # Before the server was killed, or across that; such waits are no measure of its speed.
    disturbed: bool = False

    @property
    def milliseconds(self) -> float:
        assert self.answered is not None
        return 1e3 * (self.answered - self.sent)


@dataclass
class Look:
    """A coder looked at a piece in the reader, or at the list of pieces (`piece` is empty).

    `committed`: what this coder had committed by then.
    """

    coder: str
    piece: str
    committed: frozenset[str]
    messages: list[bytes]

    @property
    def may_see(self) -> bool:
        return self.piece in self.committed

    @property
    def told_labels(self) -> bool:
        return any(CHIP.search(data) for data in self.messages)


@dataclass
class Coder:
    """`name` is unlike any other's, so that it is a canary too."""

    number: int
    url: str
    chance: random.Random
    commits: list[Commit] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    reconnected: int = 0

    def __post_init__(self) -> None:
        self.id = f"c{self.number:03}"
        self.name = f"Coder {self.id} {self.chance.getrandbits(40):010x}"
        self.cookies: dict[str, str] = {}
        self.window = Window(self.url, self.cookies)
        self.windows = [self.window]
        self._messages = 0

    @property
    def received(self) -> list[tuple[float, bytes]]:
        return [one for window in self.windows for one in window.record]

    def commit_of(self, piece: str) -> Commit | None:
        return next((one for one in self.commits if one.piece == piece), None)

    async def sign_in(self) -> None:
        await self.window.open("code")
        self.window.fill("Your name", self.name)
        await self.window.press("Start coding")
        if not await self.window.until(lambda: self.window.desk() is not None):
            raise AssertionError(f"no desk for {self.name}: {self.window.text()}")

    async def code_one(self, think: Callable[[], Awaitable[None]]) -> Commit | None:
        """Reads, marks a sentence, writes a note, commits; None when nothing is left to code."""
        data = self.window.desk()
        if data is None:
            return None
        task = data["task"]
        self._check_draft(task)
        frames, sentences = self._codes(data)
        draft = self._message("draft", task["piece"], frames, sentences)
        await think()
        self.drafts[task["piece"]] = draft["marks"]
        await self._deliver(draft)
        message = self._message("commit", task["piece"], frames, sentences)
        await think()
        commit = Commit(
            self.id, task["piece"], frames, sentences, message["marks"]["note"], time.monotonic()
        )
        self.commits.append(commit)
        commit.times_sent, commit.disturbed = await self._deliver(message)
        commit.answered = time.monotonic()
        return commit

    def _check_draft(self, task: dict[str, Any]) -> None:
        """A piece comes as nobody has coded it, or as this coder left it."""
        own, given = self.drafts.get(task["piece"]), task["draft"]
        if given is not None and (own is None or given["note"] != own["note"]):
            self.wrong.append(
                f"{self.id} got a draft of {task['piece']} that is not theirs: {given}"
            )
        if self.commit_of(task["piece"]) is not None:
            self.wrong.append(f"{self.id} was given {task['piece']} twice")

    def _codes(self, data: dict[str, Any]) -> tuple[dict[str, bool | None], dict[str, list[int]]]:
        numbers = [
            number
            for paragraph in data["task"]["paragraphs"]
            for number, _ in paragraph
            if number is not None
        ]
        frames: dict[str, bool | None] = {
            frame["id"]: self.chance.choice([True, True, False, False, None])
            for frame in data["frames"]
        }
        sentences = {
            frame: sorted(self.chance.sample(numbers, min(2, len(numbers))))
            for frame, value in frames.items()
            if value
        }
        return frames, sentences

    def _message(self, kind: str, piece: str, frames: Any, sentences: Any) -> dict[str, Any]:
        self._messages += 1
        marks = {
            "frames": frames,
            "sentences": sentences,
            "note": f"canary{self.id}z{piece}z{kind}end",
            "seconds": 4.0,
        }
        return {"id": f"{self.id}-{self._messages}", "kind": kind, "piece": piece, "marks": marks}

    async def _deliver(self, message: dict[str, Any]) -> tuple[int, bool]:
        """Sends until it was answered; how often that was, and whether the connection broke."""
        times, broken = 0, False

        def answered() -> bool:
            data = self.window.desk()
            # The last piece of all is answered by a page that says so, without a desk.
            return data["answered"] == message["id"] if data else not self.window.running

        while True:
            times += 1
            try:
                await self.window.send_to_desk(message)
                if await self.window.until(answered, RESEND):
                    return times, broken
            except Lost:
                broken = True
                await self._come_back()
                if self.window.desk() is None:
                    return times, broken

    async def _come_back(self) -> None:
        self.reconnected += 1
        while True:
            try:
                await self.window.reconnect()
                return
            except Lost:
                await asyncio.sleep(PAUSE)

    async def look(self, piece: str = "") -> None:
        """Opens the reader, or the list of pieces, in another window of the same browser."""
        window = Window(self.url, self.cookies)
        self.windows.append(window)
        committed = frozenset(commit.piece for commit in self.commits)
        try:
            await window.open("pieces", address(piece=piece) if piece else "")
        except Lost:
            return
        finally:
            await window.close()
        self.looks.append(Look(self.id, piece, committed, [data for _, data in window.record]))

    async def look_back(self, row: int = 0) -> None:
        """Opens the list of own codings and one of them, with what colleagues said."""
        window = Window(self.url, self.cookies)
        self.windows.append(window)
        try:
            await window.open("code")
            await window.press("Your codings")
            await window.choose_row(row)
        except (Lost, LookupError):
            return
        finally:
            await window.close()


def leaks(coders: Sequence[Coder]) -> list[str]:
    """What a coder was sent of others' work before both had committed it, or of their drafts."""
    return [what for what, allowed in _told(coders) if not allowed]


def told(coders: Sequence[Coder]) -> int:
    """How often a coder was rightly sent a colleague's codes: the capture would show a leak."""
    return sum(allowed for _, allowed in _told(coders))


def _told(coders: Sequence[Coder]) -> list[tuple[str, bool]]:
    by_id = {coder.id: coder for coder in coders}
    names = re.compile(b"|".join(re.escape(coder.name.encode()) for coder in coders))
    ids = {coder.name.encode(): coder.id for coder in coders}
    found = []

    def both(one: Coder, other: Coder, piece: str, moment: float) -> bool:
        commits = [one.commit_of(piece), other.commit_of(piece)]
        return all(commit is not None and commit.sent < moment for commit in commits)

    for coder in coders:
        for moment, data in coder.received:
            shown = set(NOTE.findall(data))
            revealed = set()
            for who, piece, kind in ((who.decode(), p.decode(), k) for who, p, k in shown):
                if who == coder.id:
                    continue
                allowed = kind == b"commit" and both(coder, by_id[who], piece, moment)
                revealed.add(who)
                found.append((f"{coder.id} was sent {who}'s {kind.decode()} of {piece}", allowed))
            for name in set(names.findall(data)):
                # A name stands only beside the codes that it belongs to, whose note was looked at.
                if ids[name] != coder.id and ids[name] not in revealed:
                    found.append((f"{coder.id} was sent the name of {ids[name]}", False))
    return found


def labels_told(coders: Sequence[Coder]) -> tuple[list[str], int]:
    """Looks in the reader at pieces not committed that told what the model says; and how many at
    committed ones did, which shows that the capture sees it. A committed piece stays withheld as long
    as a copy of its text is in the sample and not committed."""
    looks = [look for coder in coders for look in coder.looks if look.piece and look.told_labels]
    faults = [
        f"{look.coder} saw the labels of {look.piece} in the reader, not committed"
        for look in looks
        if not look.may_see
    ]
    return faults, len(looks) - len(faults)


def listed(coders: Sequence[Coder], sample: Set[str]) -> tuple[list[str], int, int]:
    """Rows of lists that told the frames of a drawn piece before its coder had committed it; how many
    rows withheld them; and how many told them."""
    faults, withheld, told = [], 0, 0
    for look in (look for coder in coders for look in coder.looks if not look.piece):
        for piece, frames in _rows(look.messages):
            if frames == WITHHELD:
                withheld += 1
            elif piece in sample and piece not in look.committed:
                faults.append(f"{look.coder} saw '{frames}' of {piece} in a list, not committed")
            else:
                told += 1
    return faults, withheld, told


def _rows(messages: Sequence[bytes]) -> Iterator[tuple[str, str]]:
    for data in messages:
        message = ForwardMsg()
        message.ParseFromString(data)
        table = message.delta.new_element.dataframe.arrow_data.data
        if table:
            frame = pl.read_ipc_stream(table)
            if {"id", "frames"} <= set(frame.columns):
                yield from frame.select("id", "frames").iter_rows()
