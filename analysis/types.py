"""Values that several rooms share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, Protocol


def path_text(path: Path) -> str:
    """A path as text that can be stored, also where the system's names are not valid text."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


Precision = Literal["day", "month", "year", "none"]
Estimand = Literal["item", "original"]
Severity = Literal["refused", "notice"]


class Progress(Protocol):
    """Tells how far a piece of work has come. `task` opens one bar; calls advance it."""

    def task(
        self, label: str, total: int | None, unit: str = "pieces"
    ) -> AbstractContextManager[Callable[[int], None]]: ...


class Silent:
    """Progress that shows nothing."""

    def task(
        self, label: str, total: int | None, unit: str = "pieces"
    ) -> AbstractContextManager[Callable[[int], None]]:
        from contextlib import nullcontext

        return nullcontext(lambda _: None)


def batches(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Consecutive slices of at most `size` items."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
