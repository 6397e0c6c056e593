"""Everything about the agreement of a table of codes, for the command line and the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.coding.agreement import (
    alpha,
    checked,
    confusion,
    disagreements,
    pairwise,
    percent_agreement,
)
from analysis.coding.changes import changes
from analysis.coding.coincidence import Level
from analysis.coding.drift import drift


@dataclass(frozen=True)
class Agreement:
    """Tables as the functions of the same names give them.

    `frames` is `alpha` with agree, agree_low, agree_high and all_agree of `percent_agreement`;
    `units` and `coders` count what has a code at all.
    """

    level: Level
    units: int
    coders: int
    frames: pl.DataFrame
    pairs: pl.DataFrame
    confusion: pl.DataFrame
    drift: pl.DataFrame
    changes: pl.DataFrame
    disagreements: pl.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """For a machine; what is undefined is null."""
        tables = {
            name: value.to_dicts()
            for name, value in vars(self).items()
            if isinstance(value, pl.DataFrame)
        }
        return {"level": self.level, "units": self.units, "coders": self.coders, **tables}


def summary(codes: pl.DataFrame, level: Level = "nominal") -> Agreement:
    """`codes` is as in `agreement`, with order. Raises CodingError as `agreement.checked` does."""
    known = checked(codes, level)
    percent = percent_agreement(codes).drop("units")
    return Agreement(
        level=level,
        units=known["unit"].n_unique(),
        coders=known["coder"].n_unique(),
        frames=alpha(codes, level).join(
            percent.rename({"low": "agree_low", "high": "agree_high"}),
            on="frame",
            maintain_order="left",
        ),
        pairs=pairwise(codes, level),
        confusion=confusion(codes),
        drift=drift(codes, level),
        changes=changes(codes, level),
        disagreements=disagreements(codes, level),
    )
