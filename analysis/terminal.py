"""Progress bars and tables in the terminal. Progress goes to stderr, results to stdout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

# Paths stay in one piece, and ":bomb:" in a file's name is no picture.
errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
results = Console(highlight=False, soft_wrap=True, emoji=False)


class Bars:
    """A bar for each task, with time left where the total is known."""

    @contextmanager
    def task(
        self, label: str, total: int | None, unit: str = "pieces"
    ) -> Iterator[Callable[[int], None]]:
        columns = (
            [BarColumn(bar_width=28), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn()]
            if total is not None
            else [SpinnerColumn()]
        )
        with Progress(
            TextColumn("{task.description:<22}"),
            *columns,
            TimeElapsedColumn(),
            console=errors,
        ) as progress:
            task = progress.add_task(label, total=total)

            def advance(count: int) -> None:
                progress.advance(task, count)

            yield advance
