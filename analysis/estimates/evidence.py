"""What people coded of one sample, ready to correct the model's labels with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from analysis.coding import codes, sampling
from analysis.coding.agreement import alpha
from analysis.coding.ledger import Ledger
from analysis.coding.sessions import check_sample
from analysis.reads import Build, Scope


@dataclass(frozen=True)
class Evidence:
    """Codes of a sample with known probabilities.

    `codes` is what `coding.codes.coded` gives; `alphas` maps a frame to Krippendorff's alpha,
    None where no piece is coded twice or alpha is undefined; `sampled` is the scope that the
    sample was drawn from, and `last_piece` the highest piece_key at that time.
    """

    sample: str
    codes: pl.DataFrame = field(repr=False)
    alphas: dict[str, float | None]
    sampled: Scope
    last_piece: int


def gather(build: Build, ledger: Ledger, sample: str = "") -> Evidence | None:
    """Evidence from the named sample, or from the one with most coded pieces; None without codes.

    Raises CodingError for a name that no sample has.
    """
    if sample:
        check_sample(ledger, sample)
    name = sample or _most_coded(ledger)
    if not name:
        return None
    coded = codes.coded(ledger, name, build.frames)
    if coded.is_empty():
        return None
    agreed = alpha(codes.long(ledger, name, build.frames))
    known = dict(agreed.select("frame", "alpha").iter_rows())
    log = sampling.log(ledger, name)
    widest = max(log, key=lambda entry: int(entry["frame_size"]))
    return Evidence(
        name,
        coded,
        {frame["id"]: known.get(frame["id"]) for frame in build.frames},
        _scope(widest),
        max(int(entry["last_piece"]) for entry in log),
    )


def _most_coded(ledger: Ledger) -> str:
    coded = [row for row in ledger.rows("samples") if row["coded"]]
    most = max(coded, key=lambda row: (row["coded"], row["created_at"]), default=None)
    return str(most["sample"]) if most else ""


def _scope(entry: dict[str, Any]) -> Scope:
    request = sampling.request_of(entry)
    sides = request.contrast
    outlets = request.outlets
    if sides is not None and sides.right is not None:
        outlets = (sides.left, sides.right)
    return Scope(
        outlets=outlets,
        topics=request.topics,
        day_from=request.day_from,
        day_to=request.day_to,
        estimand=request.estimand,
    )
