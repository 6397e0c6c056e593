"""Corrections of small domains that borrow strength from the others.

A domain with few codes has a correction e (mean of y - lambda * m over its codes) that is little
known. If corrections of the domains on show vary around a common one with a variance tau squared,
the best guess lies between the domain's own and the common one (Fay and Herriot 1979). tau is not
known either: everything is averaged over its posterior under a flat prior (Gelman 2006), so that
an interval also says how little is known about tau.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Fineness and reach of the grid of tau, a standard deviation of shares.
STEPS = 60
WIDEST = 0.3


def shrunken(own: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Posterior mean, posterior variance, and weight of the domain's own correction (0 to 1).

    `own`: each domain's correction, NaN where nothing is coded; `variance`: its variance. Three
    arrays of the same length; NaN all through when fewer than two domains have codes, because
    then nothing tells how much domains differ.
    """
    known = np.isfinite(own) & np.isfinite(variance)
    if known.sum() < 2:
        gone = np.full(own.shape, np.nan)
        return gone, gone, gone
    tau2 = np.linspace(0, WIDEST, STEPS)[:, None] ** 2
    precision = 1 / (variance[known] + tau2)
    total = precision.sum(1)
    common = (precision * own[known]).sum(1) / total
    misfit = (precision * (own[known] - common[:, None]) ** 2).sum(1)
    log = 0.5 * np.log(precision).sum(1) - 0.5 * np.log(total) - 0.5 * misfit
    belief = np.exp(log - log.max())
    belief /= belief.sum()
    # A domain without codes is one whose own correction has no precision at all.
    spread = np.where(known, variance, np.inf)
    keep = np.where(known, tau2 / (tau2 + spread), 0.0)
    mean = keep * np.where(known, own, 0.0) + (1 - keep) * common[:, None]
    inside = np.where(known, keep * np.where(known, variance, 0.0), tau2)
    inside = inside + (1 - keep) ** 2 / total[:, None]
    middle = belief @ mean
    within = belief @ inside + belief @ (mean - middle) ** 2
    return middle, within, belief @ keep
