"""Works through a stream of jobs, on all cores when there are many; results come in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

from analysis.errors import FramescopeError

Job = TypeVar("Job")
Result = TypeVar("Result")

MOST_WORKERS = 8

# Jobs that lie ready for a worker, and results a worker that are held until their turn comes.
AHEAD = 2
HELD = 4


def in_order(
    work: Callable[[Job], Result], jobs: Iterator[Job], workers: int | None = None
) -> Iterator[Result]:
    """`work` of each job, in the jobs' order, with few jobs and results held at a time.

    `work` and the jobs are sent to other processes, so `work` is a function of a module and reads
    what it needs, once per process. `workers` counts this process, which works too, and is the
    number of cores unless it is given. Other processes are started for the second job; they take a
    second or two to be ready. Raises what `work` raises, and FramescopeError when a worker was
    killed.
    """
    others = min(workers or cores(), MOST_WORKERS) - 1
    for job in jobs if others < 1 else islice(jobs, 1):
        yield work(job)
    following = next(jobs, None)
    if following is None:
        return
    # Not fork: libraries here hold threads.
    pool = ProcessPoolExecutor(others, mp_context=get_context("spawn"))
    try:
        yield from _shared(pool, others, work, chain([following], jobs))
    except BrokenProcessPool as error:
        raise FramescopeError(
            "a worker process ended before its work was done",
            remedy="see whether there is enough memory, and run it again with --workers 1",
        ) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _shared(
    pool: ProcessPoolExecutor, others: int, work: Callable[[Job], Result], jobs: Iterator[Job]
) -> Iterator[Result]:
    started = pool.submit(_start, work)
    held: deque[Future[Result]] = deque()
    for job in jobs:
        waiting = sum(not one.done() for one in held)
        if started.done() and waiting < AHEAD * others:
            held.append(pool.submit(work, job))
        else:
            held.append(_done(work(job)))
        while held and (held[0].done() or len(held) > HELD * others):
            yield held.popleft().result()
    while held:
        yield held.popleft().result()


def _done(result: Result) -> Future[Result]:
    one: Future[Result] = Future()
    one.set_result(result)
    return one


def _start(work: object) -> None:
    """Done when the worker has imported what `work` needs."""


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
