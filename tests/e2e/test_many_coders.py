"""Coders at one server, through its own protocol; tests/bench/coders.py has thirty of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.class_room import at_own_pace, findings, killer, made, seated, with_sample
from tests.support.serving import Mortal

CODERS, PIECES = 5, 3


@pytest.fixture(scope="module")
def project(demo_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_sample(demo_project, tmp_path_factory.mktemp("class") / "p", 40, overlap=0.8)


def test_a_server_that_is_killed_loses_no_commit_and_tells_nothing_too_early(project: Path) -> None:
    with Mortal(project) as server:
        coders = made(CODERS, server.url)

        async def work() -> None:
            await seated(coders)
            await at_own_pace(coders, PIECES, think=0.2, looks=0.3)
            thread = killer(server, after=0.5)
            while thread.is_alive():
                await at_own_pace(coders, 1, think=0.2)
            await at_own_pace(coders, 1, think=0.2, looks=1.0)
            for coder in coders:
                await coder.window.close()

        asyncio.run(work())
    found = findings(coders, project)
    assert found.faults == []
    assert all(coder.reconnected for coder in coders)
    assert found.commits >= CODERS * (PIECES + 2)
    # What the search must find when it is rightly there: so it would have found a leak.
    assert min(found.codes_told, found.readings_told, found.rows_withheld, found.rows_told) > 0
