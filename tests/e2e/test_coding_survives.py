"""Coders killed at any moment and coders all at once: nothing committed is lost or half stored."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analysis.coding.ledger import Ledger
from analysis.coding.sessions import Coding, Desk
from tests.support.codings import FRAMES, SPANS, codes, made_ledger

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the coders are forked")


def process(*words: object) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.coding_process", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def rows(ledger: Ledger) -> list[dict]:
    return ledger.rows("codings", sample="s1", coder=None, piece=None, coding=None, withdrawn=1)


def test_a_kill_at_any_moment_loses_no_commit(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, pieces=[f"p{number}" for number in range(12)])
    lines = process("killed", tmp_path, 20)
    assert lines.count("killed") == 20
    told = [int(line) for line in lines if line != "killed"]
    assert len(told) >= 25
    stored = rows(ledger)
    assert set(told) <= {row["coding"] for row in stored}
    # Of each process at most the one commit that was not told in time.
    assert len(stored) <= len(told) + 20
    for row in stored:
        present = row["note"] == "True"
        frames = {frame: bool(value) for frame, value, _ in json.loads(row["frames"])}
        assert frames == {"safety": present, "trust": not present}
        marked = {(frame, sentence) for frame, sentence, _, _ in json.loads(row["sentences"])}
        assert marked == {("safety" if present else "trust", number) for number in (0, 1, 2)}
    valid = Counter(row["piece"] for row in stored if row["withdrawn_at"] is None)
    assert max(valid.values()) == 1


def test_coders_at_once_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    pieces = [f"p{number}" for number in range(40)]
    ledger = made_ledger(tmp_path, pieces=pieces, overlap=pieces[:2])
    lines = [line.split("\t") for line in process("together", tmp_path, 8, 4)]
    stored = rows(ledger)
    assert sorted((r["coder"], r["piece"], str(r["coding"])) for r in stored) == sorted(
        (coder, piece, number) for coder, piece, number in lines
    )
    times = Counter(row["piece"] for row in stored)
    assert times == {piece: 32 if piece in pieces[:2] else 1 for piece in pieces}
    assert all(row["note"] == row["coder"] for row in stored)


def test_thirty_threads_of_one_server(tmp_path: Path) -> None:
    pieces = [f"p{number}" for number in range(90)]
    ledger = made_ledger(tmp_path, pieces=pieces)

    def code(number: int) -> list[Coding]:
        desk = Desk(ledger, "s1", f"coder {number}", FRAMES)
        for _ in range(3):
            task = desk.next()
            assert task is not None
            desk.commit(task.piece, codes(), SPANS)
        return desk.mine()

    with ThreadPoolExecutor(30) as pool:
        done = [one.piece for found in pool.map(code, range(30)) for one in found]
    assert sorted(done) == sorted(pieces)


def test_a_click_sent_twice_at_once_is_one_coding(tmp_path: Path) -> None:
    ledger = made_ledger(tmp_path, pieces=["a"])
    desks = [Desk(ledger, "s1", "Ann", FRAMES) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda desk: desk.commit("a", codes(), SPANS), desks))
    assert len(ids) == len(rows(ledger)) == 1


def test_a_ledger_put_back_from_a_copy_is_taken_up(tmp_path: Path) -> None:
    """At rest the file is whole and nobody holds it."""
    for name in "ab":
        (tmp_path / name).mkdir()
    ledger = made_ledger(tmp_path / "a")
    other = made_ledger(tmp_path / "b", pieces=["x"])
    assert list(ledger.path.parent.iterdir()) == [ledger.path]
    other.path.replace(ledger.path)
    desk = Desk(ledger, "s1", "Ann", FRAMES)
    task = desk.next()
    assert task is not None
    assert task.piece == "x"
