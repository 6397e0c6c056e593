"""A class at work: many coders at one server, who think, commit, look around, and may see it die."""

from __future__ import annotations

import asyncio
import random
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.coding.ledger import open_ledger
from analysis.coding.marks import Coding, coding_of
from analysis.coding.sampling import Request, draw
from analysis.project import open_project
from analysis.reads import open_current
from tests.support.coded import NOW
from tests.support.coders import Coder, Commit, labels_told, leaks, listed, told
from tests.support.serving import Mortal, Usage


def with_sample(project: Path, copy: Path, budget: int, overlap: float) -> Path:
    """A copy of a built project with a sample drawn."""
    shutil.copytree(project, copy)
    opened = open_project(copy)
    build = open_current(opened)
    request = Request(budget=budget, overlap=overlap, name="s1")
    draw(opened, open_ledger(copy), build, request, NOW)
    build.close()
    return copy


def made(count: int, url: str) -> list[Coder]:
    return [Coder(number, url, random.Random(number)) for number in range(count)]


async def seated(coders: Sequence[Coder]) -> None:
    """Signs all in, a few at a time: nobody measures this."""
    gate = asyncio.Semaphore(4)

    async def one(coder: Coder) -> None:
        async with gate:
            await coder.sign_in()

    await asyncio.gather(*map(one, coders))


async def at_own_pace(
    coders: Sequence[Coder], pieces: int, think: float, looks: float = 0.0
) -> None:
    """Each codes so many pieces, with an exponential time to think before each commit (mean
    `think` seconds, half of it before the draft is saved), and with chance `looks` a piece looks at
    it in the reader, at the list of pieces and back at an own coding."""

    async def one(coder: Coder) -> None:
        async def thinking() -> None:
            await asyncio.sleep(coder.chance.expovariate(2 / think))

        for _ in range(pieces):
            desk = coder.window.desk()
            if desk is not None and coder.chance.random() < looks:
                await coder.look(desk["task"]["piece"])
                await coder.look()
            commit = await coder.code_one(thinking)
            if commit is None:
                return
            if coder.chance.random() < looks:
                await coder.look(commit.piece)
                await coder.look_back(coder.chance.randrange(len(coder.commits)))

    await asyncio.gather(*map(one, coders))


async def all_at_once(coders: Sequence[Coder], rounds: int) -> None:
    """Everyone commits at the same instant, so many times."""
    barrier = asyncio.Barrier(len(coders))

    async def wait() -> None:
        await barrier.wait()

    async def one(coder: Coder) -> None:
        for _ in range(rounds):
            assert await coder.code_one(wait) is not None, "the sample is too small"

    await asyncio.gather(*map(one, coders))


def killer(server: Mortal, after: float) -> threading.Thread:
    """Kills the server after so many seconds and starts it again, while the coders go on."""

    def run() -> None:
        time.sleep(after)
        server.kill()
        server.start()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def stored(project: Path) -> list[Coding]:
    """What the ledger holds and was not taken back."""
    rows = open_ledger(project).rows(
        "codings", sample="s1", coder=None, piece=None, coding=None, withdrawn=0
    )
    return [coding_of(row) for row in rows]


def lost(coders: Sequence[Coder], codings: Sequence[Coding]) -> list[str]:
    """Commits that were answered and are not stored as they were sent; and codings of nobody."""
    rows = {(coding.coder, coding.piece): coding.marks for coding in codings}
    found = []
    for coder in coders:
        for commit in coder.commits:
            marks = rows.pop((coder.name, commit.piece), None)
            said = (commit.frames, {f: tuple(n) for f, n in commit.sentences.items()}, commit.note)
            if commit.answered is None and marks is None:
                continue
            if marks is None:
                found.append(f"{coder.id}'s commit of {commit.piece} was answered and is not there")
            elif (marks.frames, marks.sentences, marks.note) != said:
                found.append(f"{coder.id}'s commit of {commit.piece} is stored otherwise")
    return found + [f"nobody sent the coding of {piece} by {name}" for name, piece in rows]


@dataclass(frozen=True)
class Waits:
    """A row of the table: how long the commits of a part of the run waited, and what they cost."""

    what: str
    commits: int
    median: float
    p95: float
    longest: float
    seconds: float
    cpu: float
    peak: float
    rate: tuple[float, float]

    HEAD = (
        f"{'':26}{'commits':>8}{'median':>8}{'95 %':>8}{'longest':>9}   "
        f"{'a coder, a minute':>18}{'CPU':>7}{'CPU a commit':>14}{'memory':>9}"
    )

    def __str__(self) -> str:
        low, high = self.rate
        return (
            f"{self.what:26}{self.commits:8,}{self.median:5.0f} ms{self.p95:5.0f} ms"
            f"{self.longest:6.0f} ms   {low:10.1f} to {high:4.1f}{self.cpu / self.seconds:7.0%}"
            f"{1e3 * self.cpu / max(1, self.commits):11.1f} ms{self.peak:6.0f} MB"
        )


def waits(
    what: str,
    commits: Sequence[Commit],
    before: Usage,
    after: Usage,
    start: float,
) -> Waits:
    """Of commits whose connection held, since the moment `start`."""
    times = sorted(one.milliseconds for one in commits if not one.disturbed)
    rates = []
    for coder in {one.coder for one in commits}:
        ends = [one.answered for one in commits if one.coder == coder and one.answered is not None]
        rates.append(60 * len(ends) / (max(ends) - start))
    return Waits(
        what,
        len(times),
        _quantile(times, 0.5),
        _quantile(times, 0.95),
        times[-1],
        time.monotonic() - start,
        after.cpu - before.cpu,
        after.peak,
        (min(rates), max(rates)),
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Findings:
    """What a run shows when all is done."""

    faults: list[str]
    commits: int
    messages: int
    megabytes: float
    looks: int
    codes_told: int
    readings_told: int
    rows_withheld: int
    rows_told: int

    def __str__(self) -> str:
        return (
            f"{self.commits:,} commits looked up in the ledger.\n"
            f"{self.messages:,} messages ({self.megabytes:.0f} MB) searched for what was not yet to be "
            f"seen; {self.looks} looks at pieces and lists.\n"
            f"Rightly seen: {self.codes_told} codings of colleagues, {self.readings_told} labels in the "
            f"reader, {self.rows_told} rows of lists ({self.rows_withheld} withheld).\n"
            f"Faults: {len(self.faults)}" + "".join(f"\n  {fault}" for fault in self.faults)
        )


def findings(coders: Sequence[Coder], project: Path) -> Findings:
    sample = {row["piece"] for row in open_ledger(project).rows("sample_pieces", sample="s1")}
    seen_too_early, withheld, rows_told = listed(coders, sample)
    read_too_early, readings = labels_told(coders)
    received = [data for coder in coders for _, data in coder.received]
    return Findings(
        faults=[
            *lost(coders, stored(project)),
            *leaks(coders),
            *seen_too_early,
            *read_too_early,
            *(what for coder in coders for what in coder.wrong),
        ],
        commits=sum(len(coder.commits) for coder in coders),
        messages=len(received),
        megabytes=sum(map(len, received)) / 1e6,
        looks=sum(len(coder.looks) for coder in coders),
        codes_told=told(coders),
        readings_told=readings,
        rows_withheld=withheld,
        rows_told=rows_told,
    )
