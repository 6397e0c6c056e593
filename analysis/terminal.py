"""Progress bars and tables in the terminal. Progress goes to stderr, results to stdout."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

# Paths stay in one piece, and ":bomb:" in a file's name is no picture.
errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
results = Console(highlight=False, soft_wrap=True, emoji=False)


def printable(text: str) -> str:
    """Without anything that could steer the terminal, or that no encoding can write."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def tolerate() -> None:
    """Characters that the terminal's encoding lacks are shown as "?", and end no command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


class Bars:
    """A bar for each task, with time left where the total is known."""

    @contextmanager
    def task(
        self, label: str, total: int | None, unit: str = "pieces"
    ) -> Iterator[Callable[[int], None]]:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = (
            [BarColumn(bar_width=28), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn()]
            if total is not None
            else [SpinnerColumn()]
        )
        with Progress(
            TextColumn("{task.description:<22}", markup=False),
            *columns,
            TimeElapsedColumn(),
            console=errors,
        ) as progress:
            task = progress.add_task(printable(label), total=total)

            def advance(count: int) -> None:
                progress.advance(task, count)

            yield advance
