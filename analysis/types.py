"""Values that several rooms share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, get_args


def path_text(path: Path) -> str:
    """A path as text that can be stored, also where the system's names are not valid text."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


Precision = Literal["day", "month", "year", "none"]
Estimand = Literal["item", "original", "story"]
ESTIMANDS: tuple[Estimand, ...] = get_args(Estimand)
# Tables of a build that leave it (analysis/report/exports.py).
EXPORTS = (
    "pieces", "stories", "copies", "voices", "frame-voices", "speakers", "shares", "trend",
    "decomposition", "turning-points", "headlines", "keyness", "problems",
)  # fmt: skip
Severity = Literal["refused", "notice"]


@dataclass(frozen=True)
class Rules:
    """Thresholds of the gate (analysis/measure/gate.py); framescope.toml sets them under [gate].

    `min_pieces` in scope, below which a share says nothing; `min_codes`, pieces coded blind, to
    check it; `min_found`, coded pieces (in worth) on the rarer side, with the frame or without;
    `min_alpha`, of Krippendorff; `max_half_width` of the interval and `max_error_gap` between
    compared outlets' sensitivities or specificities, as fractions; `max_outside`, the share of
    pieces in scope that the sample could not have drawn.
    """

    min_pieces: int = 10
    min_codes: int = 50
    min_found: int = 5
    min_alpha: float = 0.667
    max_half_width: float = 0.15
    max_error_gap: float = 0.15
    max_outside: float = 0.05


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
