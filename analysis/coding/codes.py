"""What people coded, as tables: for estimates one row per piece and frame, for agreement each code.

A coded piece weighs the inverse of its probability of being drawn, times what the drawn pieces of
its stratum weigh over what the coded ones do: with equal probabilities, the drawn over the coded
(response homogeneity groups, Särndal, Swensson and Wretman 1992, "Model Assisted Survey Sampling",
15.6: in a stratum pieces are coded at random, as the order of coding is random).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import polars as pl

from analysis.coding.ledger import Ledger
from analysis.coding.marks import Frame, definitions

EVERYWHERE = "(all strata)"
# A stratum is called outlet · period · band.
JOINT = " · "

CODED_SCHEMA = pl.Schema(
    {
        "piece": pl.String,
        "frame": pl.String,
        "y": pl.Float64,
        "coders": pl.Int64,
        "spread": pl.Float64,
        "stratum": pl.String,
        "weight": pl.Float64,
    }
)
RESPONSE_SCHEMA = pl.Schema(
    {
        "frame": pl.String,
        "stratum": pl.String,
        "drawn": pl.Int64,
        "coded": pl.Int64,
        "represents": pl.Float64,
        "carried_by": pl.String,
    }
)
LONG_SCHEMA = pl.Schema(
    {
        "unit": pl.String,
        "coder": pl.String,
        "frame": pl.String,
        "value": pl.Int64,
        "order": pl.Int64,
    }
)

_RESPONSE = pl.Schema([*RESPONSE_SCHEMA.items(), ("coded_weight", pl.Float64)])
_CODE = pl.Schema(
    {
        "coding": pl.Int64,
        "piece": pl.String,
        "coder": pl.String,
        "frame": pl.String,
        "present": pl.Int64,
        "definition": pl.String,
    }
)
_DRAWN = pl.Schema({"piece": pl.String, "stratum": pl.String, "probability": pl.Float64})


def long(ledger: Ledger, sample: str, frames: Sequence[Frame] | None = None) -> pl.DataFrame:
    """unit (piece), coder, frame, value (1, 0, null: can't decide), order (ascends with commits).

    Only valid codings; with `frames` only codes under their current definitions.
    """
    codes = _codes(ledger, sample, frames)
    return codes.select(
        unit="piece", coder="coder", frame="frame", value="present", order="coding"
    ).cast(LONG_SCHEMA)


def coded(ledger: Ledger, sample: str, frames: Sequence[Frame]) -> pl.DataFrame:
    """One row per piece and frame with at least one decided code under the current definition.

    `y` is the mean of the coders' codes, `coders` their number c, `spread` the unbiased estimate
    of the variance of one coder's code on this piece, y(1 - y)c / (c - 1), null for one coder.
    `weight`: how many pieces of the population it stands for; over a frame the weights sum to the
    inverse probabilities of all drawn pieces, which for one draw is the number that could be drawn.
    Strata without a coded piece are carried by others: see `response`. Rows are in the order of frames, then of coding.
    """
    ids = [frame["id"] for frame in frames]
    drawn = _drawn(ledger, sample)
    pieces = (
        _codes(ledger, sample, frames)
        .drop_nulls("present")
        .group_by("piece", "frame")
        .agg(y=pl.col("present").mean(), coders=pl.len().cast(pl.Int64))
        .with_columns(
            spread=pl.when(pl.col("coders") > 1).then(
                pl.col("coders") / (pl.col("coders") - 1) * pl.col("y") * (1 - pl.col("y"))
            )
        )
        .join(drawn.with_row_index("place"), on="piece")
    )
    shares = _lifted(_response(pieces, drawn, ids))
    return (
        pieces.join(shares, on=["frame", "stratum"])
        .with_columns(weight=pl.col("lift") / pl.col("probability"))
        .sort(pl.col("frame").replace_strict(ids, range(len(ids)), return_dtype=pl.Int64), "place")
        .select(list(CODED_SCHEMA))
        .cast(CODED_SCHEMA)
    )


def response(ledger: Ledger, sample: str, frames: Sequence[Frame]) -> pl.DataFrame:
    """One row per frame and stratum: how many of its drawn pieces have a decided code.

    `represents`: pieces of the population that the stratum stands for. `carried_by`: where none is
    coded, the stratum whose coded pieces stand for it: the nearest of the same outlet, EVERYWHERE
    where the outlet has none; null where the stratum has codes of its own. Estimates have to tell
    the strata that are carried: about them nothing was coded.
    """
    ids = [frame["id"] for frame in frames]
    drawn = _drawn(ledger, sample)
    known = _codes(ledger, sample, frames).drop_nulls("present").select("piece", "frame").unique()
    table = _response(known.join(drawn, on="piece"), drawn, ids)
    return table.select(list(RESPONSE_SCHEMA))


def _codes(ledger: Ledger, sample: str, frames: Sequence[Frame] | None) -> pl.DataFrame:
    codes = ledger.read("codes", sample=sample).cast(_CODE)
    if frames is None:
        return codes
    current = pl.DataFrame(
        list(definitions(frames).items()),
        schema={"frame": pl.String, "definition": pl.String},
        orient="row",
    )
    return codes.join(current, on=["frame", "definition"], how="semi", maintain_order="left")


def _drawn(ledger: Ledger, sample: str) -> pl.DataFrame:
    return ledger.read("sample_pieces", sample=sample).select(list(_DRAWN)).cast(_DRAWN)


def _response(known: pl.DataFrame, drawn: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    """`known`: frame, stratum and probability of pieces with decided codes.

    Beside what `response` tells: `coded_weight`, the sum of the coded pieces' inverse probabilities.
    """
    strata = drawn.group_by("stratum").agg(
        drawn=pl.len(), represents=(1 / pl.col("probability")).sum()
    )
    counts = known.group_by("frame", "stratum").agg(
        coded=pl.len(), coded_weight=(1 / pl.col("probability")).sum()
    )
    table = (
        pl.DataFrame({"frame": list(ids)}, schema={"frame": pl.String})
        .join(strata, how="cross")
        .join(counts, on=["frame", "stratum"], how="left")
        .with_columns(
            pl.col("coded", "coded_weight").fill_null(0), carried_by=pl.lit(None, pl.String)
        )
        .select(list(_RESPONSE))
        .cast(_RESPONSE)
    )
    place = {stratum: number for number, stratum in enumerate(sorted(strata["stratum"]))}
    rows = table.to_dicts()
    for frame in ids:
        own = [row for row in rows if row["frame"] == frame]
        carriers = [row["stratum"] for row in own if row["coded"]]
        for row in own:
            if not row["coded"]:
                row["carried_by"] = _nearest(row["stratum"], carriers, place)
    rank = {frame: number for number, frame in enumerate(ids)}
    rows.sort(key=lambda row: (rank[row["frame"]], place[row["stratum"]]))
    return pl.DataFrame(rows, schema=_RESPONSE, orient="row")


def _nearest(stratum: str, carriers: Sequence[str], place: Mapping[str, int]) -> str:
    """The carrier of the same outlet with most in common: the period, then the place by name."""

    def distance(other: str) -> tuple[int, int, int]:
        return -_shared(stratum, other), abs(place[other] - place[stratum]), place[other]

    near = [one for one in carriers if _shared(stratum, one)]
    return min(near, key=distance) if near else EVERYWHERE


def _shared(one: str, other: str) -> int:
    """How many parts the names begin with alike."""
    pairs = zip(one.split(JOINT), other.split(JOINT), strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _lifted(table: pl.DataFrame) -> pl.DataFrame:
    """frame, stratum, lift: the factor on the inverse probability of a coded piece."""
    carried = (
        table.filter(pl.col("coded") == 0)
        .group_by("frame", stratum="carried_by")
        .agg(extra=pl.col("represents").sum())
    )
    near = carried.filter(pl.col("stratum") != EVERYWHERE)
    spread = carried.filter(pl.col("stratum") == EVERYWHERE).select("frame", everywhere="extra")
    return (
        table.filter(pl.col("coded") > 0)
        .join(near, on=["frame", "stratum"], how="left")
        .with_columns(carries=pl.col("represents") + pl.col("extra").fill_null(0.0))
        .join(spread, on="frame", how="left")
        .with_columns(
            all_carry=pl.col("carries").sum().over("frame"),
            everywhere=pl.col("everywhere").fill_null(0.0),
        )
        .select(
            "frame",
            "stratum",
            lift=pl.col("carries")
            / pl.col("coded_weight")
            * (1 + pl.col("everywhere") / pl.col("all_carry")),
        )
    )
