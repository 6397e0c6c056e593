"""Jobs shared with other processes give what one process gives, in order."""

import os
import signal
import time
from collections import deque
from itertools import islice

import pytest

from analysis.errors import FramescopeError, SourceError
from analysis.workers import HELD, in_order


def squared(number: int) -> int:
    time.sleep(0.02)
    return number * number


def where(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def refused(number: int) -> int:
    if number == 3:
        raise SourceError("no", where="row 3", remedy="mend it")
    return squared(number)


def killed(number: int) -> int:
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return os.getpid()


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 25])
def test_results_come_in_order(workers, count):
    assert list(in_order(squared, iter(range(count)), workers)) == [n * n for n in range(count)]


def test_other_processes_take_part():
    seen = set()
    started = time.monotonic()
    for process in in_order(where, iter(range(10_000)), 2):
        seen.add(process)
        if len(seen) == 2 or time.monotonic() - started > 60:
            break
    assert len(seen) == 2


def test_few_jobs_are_taken_ahead():
    taken = []

    def jobs():
        for number in range(300):
            taken.append(number)
            yield number

    for done, _ in enumerate(islice(in_order(squared, jobs(), 2), 250)):
        assert len(taken) - done <= HELD + 3


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_keeps_its_words(workers):
    with pytest.raises(SourceError, match="no") as caught:
        list(in_order(refused, iter(range(10)), workers))
    assert (caught.value.where, caught.value.remedy) == ("row 3", "mend it")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_a_killed_worker_is_told(monkeypatch):
    from analysis import workers

    # Left to itself, this process would take the deadly job and die.
    monkeypatch.setattr(workers, "AHEAD", 10**6)
    seen = set()

    def jobs():
        started = time.monotonic()
        while time.monotonic() - started < 60:
            yield -1 if len(seen) == 2 else 1

    with pytest.raises(FramescopeError, match="worker"):
        deque(map(seen.add, in_order(killed, jobs(), 2)), maxlen=0)
