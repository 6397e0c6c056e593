"""Score interval for the difference of two independent shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Halvings of the search; 2 to the power of -40 is below any rounding on a screen or in a file.
HALVINGS = 40


def score_interval(
    share: Floats, n: Floats, other: Floats, n_other: Floats, critical: Floats
) -> tuple[Floats, Floats]:
    """Low and high end of share - other (Mee 1984; Miettinen and Nurminen 1985).

    All arrays of one shape. The variance of a share p is p * (1 - p) / n, so n is the number of
    pieces of a simple sample that would tell as much. A difference d is inside when the shares
    are closer to the likeliest pair that is d apart than `critical` standard errors of that pair.
    NaN where an input is.
    """
    found = share - other

    def end(limit: float) -> Floats:
        inside, outside = found.copy(), np.full_like(found, limit)
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            far = _distance(share, n, other, n_other, middle) > critical**2
            outside = np.where(far, middle, outside)
            inside = np.where(far, inside, middle)
        return np.where(np.isnan(found), np.nan, inside)

    with np.errstate(invalid="ignore", divide="ignore"):
        return end(-1.0), end(1.0)


def _distance(share: Floats, n: Floats, other: Floats, n_other: Floats, gap: Floats) -> Any:
    """Squared standard errors from what was found to the likeliest pair of shares `gap` apart."""
    one, two = _likeliest(share * n, n, other * n_other, n_other, gap)
    variance = one * (1 - one) / n + two * (1 - two) / n_other
    return (share - other - gap) ** 2 / np.maximum(variance, 1e-15)


def _likeliest(
    k: Floats, n: Floats, k_other: Floats, n_other: Floats, gap: Floats
) -> tuple[Floats, Floats]:
    """Maximum likelihood under share - other = gap: the root of a cubic, in closed form."""
    total = n + n_other
    cube = total
    square = (total + n_other) * gap - total - (k + k_other)
    linear = (n_other * gap - total - 2 * k_other) * gap + k + k_other
    constant = k_other * gap * (1 - gap)
    shift = square / (3 * cube)
    c = shift**3 - linear * square / (6 * cube**2) + constant / (2 * cube)
    b = np.sqrt(np.maximum(shift**2 - linear / (3 * cube), 0)) * np.where(c < 0, -1.0, 1.0)
    b = np.where(np.abs(b) < 1e-12, 1e-12, b)
    angle = (np.pi + np.arccos(np.clip(c / b**3, -1, 1))) / 3
    two = np.clip(2 * b * np.cos(angle) - shift, 0, 1)
    return np.clip(two + gap, 0, 1), two
