"""How far coders agree, before they talk: alpha, percent agreement, pairs, units to discuss.

Everywhere `codes` has one row per coding: unit and coder (String), frame (String) and value: a
number, an Enum in the order of its levels, or (nominal only) any text; null means not coded. Other
columns are not looked at. A coder codes a unit once for a frame: CodingError otherwise.
"""

from __future__ import annotations

from typing import Any

import krippendorff
import numpy as np
import polars as pl

from analysis.coding.coincidence import Floats, Level, alphas, resampled
from analysis.errors import CodingError
from analysis.measure.shares import with_shares

# Krippendorff 2004, "Reliability in Content Analysis": below the first nothing, from the second on
# conclusions without reserve.
TENTATIVE = 0.667
RELIABLE = 0.8

CONFIDENCE = 0.95
RESAMPLES = 1000
# Of more resamples than this share having one value only, the ends of an interval are unknown.
MOST_UNDEFINED = 0.05

# The package keeps units x values x values numbers at once.
_CELLS = 10_000_000

_UNIT = ("frame", "unit")
_PAIR = ("first", "second", "frame")
_ONE, _ZERO = ["1", "1.0"], ["0", "0.0"]

ALPHA_SCHEMA: dict[str, Any] = {
    "frame": pl.String,
    "units": pl.Int64,
    "coders": pl.Int64,
    "codes": pl.Int64,
    "alpha": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "verdict": pl.String,
    "reason": pl.String,
}


def checked(codes: pl.DataFrame, level: Level = "nominal") -> pl.DataFrame:
    """unit, coder, frame, value, `text` (the value as people read it) and what else there is.

    Codings without a value are dropped; value is a number, but text where the values are nominal
    text. Raises CodingError when a coder coded a unit twice for a frame, and for text on a level
    that needs an order.
    """
    kind = codes["value"].dtype
    value = pl.col("value").cast(pl.Int64) if kind == pl.Boolean else pl.col("value")
    if isinstance(kind, pl.Enum):
        number = value.to_physical().cast(pl.Float64)
    elif kind.is_numeric() or kind in (pl.Boolean, pl.Null):
        number = value.cast(pl.Float64).fill_nan(None)
    elif level == "nominal":
        number = value.cast(pl.String)
    else:
        raise CodingError(
            f"the values are words, which have no {level} distance",
            remedy="say their order from least to most, or choose the nominal level",
        )
    known = codes.with_columns(value=number, text=value.cast(pl.String)).drop_nulls("value")
    repeated = known.filter(pl.struct("unit", "coder", "frame").is_duplicated())
    if repeated.height:
        one = repeated.row(0, named=True)
        raise CodingError(
            f"coder '{one['coder']}' coded '{one['unit']}' more than once for '{one['frame']}'",
            remedy="keep one coding of each coder, unit and frame",
        )
    return known


def alpha(
    codes: pl.DataFrame,
    level: Level = "nominal",
    *,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = 7,
) -> pl.DataFrame:
    """Krippendorff's alpha, one row per frame in the order of the table.

    frame, units (with two codes or more), coders and codes (of those units), alpha, low and high,
    verdict and reason (words). alpha is 1 where all codes agree, 0 where they agree as codes dealt
    at random would; null where no unit was coded twice or only one value was used, and the reason
    says which. low and high are percentiles of a bootstrap over units; null where alpha is, and
    where one resample in twenty has one value only. Where the coders never differ every resample
    says 1, and low is the alpha at which so many units without a difference are just likely enough.
    The verdict is "too low to use" below .667, "tentative conclusions only" below .8, "reliable"
    from there, "undefined" without alpha (Krippendorff 2004).
    """
    known = checked(codes, level)
    rows = []
    for frame in codes["frame"].unique(maintain_order=True):
        twice = _coded_twice(known.filter(frame=frame))
        row = {
            "frame": frame,
            "units": twice["unit"].n_unique(),
            "coders": twice["coder"].n_unique(),
            "codes": twice.height,
        }
        rows.append(row | _judged(twice, level, confidence, resamples, seed))
    return pl.DataFrame(rows, schema=ALPHA_SCHEMA)


def _coded_twice(known: pl.DataFrame) -> pl.DataFrame:
    return known.filter(pl.len().over(*_UNIT) > 1)


def _judged(
    twice: pl.DataFrame, level: Level, confidence: float, resamples: int, seed: int
) -> dict[str, Any]:
    if twice.is_empty():
        reason = "alpha is undefined because no unit was coded by two coders"
        return {"verdict": verdict(None), "reason": reason}
    values = twice["value"].unique().sort()
    if len(values) == 1:
        reason = (
            f"alpha is undefined because every code is {twice['text'][0]}: agreement is 100 %, as "
            "it would be of coders who never look"
        )
        return {"verdict": verdict(None), "reason": reason}
    counts = _counts(twice, values)
    found = _alpha(counts, values.to_list(), level)
    if (counts.max(axis=1) == counts.sum(axis=1)).all():
        ends: tuple[float, float] | None = _without_fault(counts, confidence), 1.0
    else:
        drawn = resampled(counts, values.to_list(), level, resamples=resamples, seed=seed)
        ends = _ends(drawn, confidence)
    low, high = ends or (None, None)
    reasons = [_said(found, ends), _why(counts, level)]
    if ends is None:
        reasons.append("there is no interval, as nearly all codes are the same")
    return {
        "alpha": found,
        "low": low,
        "high": high,
        "verdict": verdict(found),
        "reason": "; ".join(reasons),
    }


def _alpha(counts: Floats, values: list[Any], level: Level) -> float:
    if counts.size * len(values) > _CELLS:
        return float(alphas(counts, values, level, np.ones((1, len(counts))))[0])
    domain = np.arange(len(values)) if level == "nominal" else np.array(values)
    return float(
        krippendorff.alpha(value_counts=counts, value_domain=domain, level_of_measurement=level)
    )


def _counts(twice: pl.DataFrame, values: pl.Series) -> Floats:
    """How many codes of a unit are each value: [units, values]."""
    places = twice.select(
        unit=pl.col("unit").rank("dense") - 1, value=pl.col("value").rank("dense") - 1
    )
    unit, value = places["unit"].to_numpy(), places["value"].to_numpy()
    counts = np.zeros((int(unit.max()) + 1, len(values)))
    np.add.at(counts, (unit, value), 1)
    return counts


def _ends(drawn: Floats, confidence: float) -> tuple[float, float] | None:
    defined = drawn[~np.isnan(drawn)]
    if len(defined) < (1 - MOST_UNDEFINED) * len(drawn):
        return None
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _without_fault(counts: Floats, confidence: float) -> float:
    """The low end for coders who never differ, of whom every resample says alpha 1.

    If a share c of units were coded at random and the rest without fault, alpha would be 1 - c, and
    a random unit would show no difference with probability sum over v of p_v ** m. The low end is
    the alpha at which n units without a difference have probability (1 - confidence) / 2, not below
    -1.
    """
    codes = counts.sum(axis=1)
    share = counts.sum(axis=0) / counts.sum()
    seen = 1 - (share[np.newaxis] ** codes[:, np.newaxis]).sum(axis=1).mean()
    most = 1 - ((1 - confidence) / 2) ** (1 / len(counts))
    return max(-1.0, float(1 - most / seen))


def verdict(alpha: float | None) -> str:
    """The verdict in words; "undefined" for None."""
    if alpha is None:
        return "undefined"
    if alpha < TENTATIVE:
        return "too low to use"
    return "tentative conclusions only" if alpha < RELIABLE else "reliable"


def _said(found: float, ends: tuple[float, float] | None) -> str:
    place = (
        f"below {TENTATIVE:.3f}"
        if found < TENTATIVE
        else f"between {TENTATIVE:.3f} and {RELIABLE:.3f}"
        if found < RELIABLE
        else f"at least {RELIABLE:.3f}"
    )
    said = f"alpha {found:.3f} is {place}"
    if ends is None:
        return said
    crossed = [f"{mark:.3f}" for mark in (TENTATIVE, RELIABLE) if ends[0] < mark <= ends[1]]
    said += f", interval {ends[0]:.3f} to {ends[1]:.3f}"
    if not crossed:
        return said
    return f"{said}, straddles {' and '.join(crossed)}: more units could change the verdict"


def _why(counts: Floats, level: Level) -> str:
    """How often two codes of a unit are the same, and how often by chance (nominal only)."""
    codes, used = counts.sum(axis=1), counts.sum(axis=0)
    total = used.sum()
    same = ((counts**2 - counts).sum(axis=1) / (codes - 1)).sum() / total
    if level != "nominal":
        return f"two coders give the same value {same * 100:.1f} % of the time"
    chance = (used**2 - used).sum() / (total * (total - 1))
    return (
        f"two coders agree {same * 100:.1f} % of the time, by chance it would be "
        f"{chance * 100:.1f} %"
    )


def percent_agreement(codes: pl.DataFrame) -> pl.DataFrame:
    """Agreement that takes no account of chance, one row per frame in the order of the table.

    frame, units (with two codes or more), agree with low and high: the share of a code's partners
    on its unit that are the same, averaged over codes (so that a nominal alpha is 1 minus the
    ratio of disagreement seen to disagreement by chance); and all_agree: the share of units on
    which nobody differs. low and high are Wilson's interval with units as trials. Null without
    units.
    """
    twice = _coded_twice(checked(codes))
    by_unit = (
        twice.with_columns(same=pl.len().over(*_UNIT, "value") - 1)
        .group_by(_UNIT)
        .agg(
            codes=pl.len(),
            same=pl.col("same").sum() / (pl.len() - 1),
            all_agree=pl.col("value").n_unique() == 1,
        )
    )
    by_frame = by_unit.group_by("frame").agg(
        n=pl.len().cast(pl.Int64),
        agree=pl.col("same").sum() / pl.col("codes").sum(),
        all_agree=pl.col("all_agree").mean(),
    )
    frames = codes.select(pl.col("frame").unique(maintain_order=True))
    joined = frames.join(by_frame, on="frame", how="left", maintain_order="left").with_columns(
        pl.col("n").fill_null(0)
    )
    shares = with_shares(joined.with_columns(k=pl.col("agree") * pl.col("n")))
    return shares.rename({"n": "units"}).select(
        "frame", "units", "agree", "low", "high", "all_agree"
    )


def pairwise(codes: pl.DataFrame, level: Level = "nominal") -> pl.DataFrame:
    """Two coders side by side, one row per frame and pair that shares a unit, sorted by pair.

    first, second, frame, units (that both coded), both, only_first, only_second, neither (units
    with value 1 or 0; null where a frame has other values), agree (share of units with the same
    value) and alpha of the pair, null where both used one and the same value throughout.
    """
    pairs = _pairs(checked(codes, level).with_columns(flags=of_flags()))
    first, second = pl.col("text").is_in(_ONE), pl.col("text_second").is_in(_ONE)
    cells = {
        "both": first & second,
        "only_first": first & ~second,
        "only_second": ~first & second,
        "neither": ~first & ~second,
    }
    compared = pairs.group_by(_PAIR).agg(
        pl.len().cast(pl.Int64).alias("units"),
        *(
            pl.when(pl.col("flags").first()).then(cell.sum()).cast(pl.Int64).alias(n)
            for n, cell in cells.items()
        ),
        agree=(pl.col("value") == pl.col("value_second")).mean(),
    )
    found = compared.join(_alpha_of_pairs(pairs, level), on=_PAIR, how="left")
    return found.join(frame_order(codes), on="frame").sort("first", "second", "place").drop("place")


def confusion(codes: pl.DataFrame) -> pl.DataFrame:
    """first, second, frame, said_first, said_second (values as text), units: one row per pair of
    coders, frame and pair of values that occurs."""
    pairs = _pairs(checked(codes)).rename({"text": "said_first", "text_second": "said_second"})
    cells = pairs.group_by(*_PAIR, "said_first", "said_second").agg(units=pl.len().cast(pl.Int64))
    placed = cells.join(frame_order(codes), on="frame")
    return placed.sort("first", "second", "place", "said_first", "said_second").drop("place")


def frame_order(codes: pl.DataFrame) -> pl.DataFrame:
    """frame, place: frames in the order of the table."""
    return codes.select(pl.col("frame").unique(maintain_order=True)).with_row_index("place")


def of_flags() -> pl.Expr:
    """Whether a frame of a `checked` table has no other values than 0 and 1."""
    return pl.col("text").is_in(_ONE + _ZERO).all().over("frame")


def _pairs(known: pl.DataFrame) -> pl.DataFrame:
    """One row per frame, unit and two of its coders: value and text, value_second, text_second."""
    side = known.select("frame", "unit", "coder", "value", "text")
    return (
        known.join(side, on=_UNIT, suffix="_second")
        .filter(pl.col("coder") < pl.col("coder_second"))
        .rename({"coder": "first", "coder_second": "second"})
    )


def _alpha_of_pairs(pairs: pl.DataFrame, level: Level) -> pl.DataFrame:
    """first, second, frame, alpha. Of two coders alpha is a ratio of sums over their codes."""
    codes = pl.concat(
        [
            pairs.select(*_PAIR, "unit", "value"),
            pairs.select(*_PAIR, "unit", pl.col("value_second").alias("value")),
        ]
    )
    if level == "nominal":
        placed = codes.with_columns(like=pl.len().over(*_PAIR, "value").cast(pl.Float64))
        distance, spread = pl.col("value").n_unique() - 1.0, pl.col("like").sum()
        expected = pl.col("codes") ** 2 - pl.col("spread")
    else:
        placed = codes.with_columns(place=_place(level).over(_PAIR))
        distance = (pl.col("place").max() - pl.col("place").min()) ** 2
        spread = (pl.col("place") ** 2).sum()
        # The places have mean 0.
        expected = 2 * pl.col("codes") * pl.col("spread")
    by_unit = placed.group_by(*_PAIR, "unit").agg(distance=distance, spread=spread)
    sums = by_unit.group_by(_PAIR).agg(
        codes=2.0 * pl.len(), distance=2 * pl.col("distance").sum(), spread=pl.col("spread").sum()
    )
    found = 1 - (pl.col("codes") - 1) * pl.col("distance") / expected
    return sums.select(*_PAIR, alpha=pl.when(expected > 0).then(found))


def _place(level: Level) -> pl.Expr:
    """Where a value lies, with mean 0, so that the metric is the squared distance."""
    place = pl.col("value").rank("average") if level == "ordinal" else pl.col("value")
    return place - place.mean()


def disagreements(codes: pl.DataFrame, level: Level = "nominal") -> pl.DataFrame:
    """What to talk about, most disagreement first: one row per unit and frame that coders part on.

    unit, total (the unit's disagreement summed over frames, by which rows are sorted), frame,
    disagreement (mean distance of two codes of the unit: 0 where all are the same, 1 where they are
    as far apart as any two codes of the frame) and said, a list of structs coder, value (text).
    """
    twice = _coded_twice(checked(codes, level))
    if level == "nominal":
        like = pl.len().over(*_UNIT, "value") - 1
        twice = twice.with_columns(differs=1 - like / (pl.len().over(*_UNIT) - 1))
        distance = pl.col("differs").mean()
    else:
        place = _place(level).over("frame")
        twice = twice.with_columns(place=place).with_columns(
            reach=(pl.col("place").max() - pl.col("place").min()).over("frame")
        )
        # The mean squared distance of two of the codes is twice their variance.
        distance = 2 * pl.col("place").var() / pl.col("reach").first() ** 2
    said = pl.struct("coder", pl.col("text").alias("value")).sort_by("coder")
    by_unit = twice.group_by(_UNIT).agg(
        disagreement=distance.fill_nan(0.0), alike=pl.col("value").n_unique() == 1, said=said
    )
    parted = by_unit.filter(~pl.col("alike")).join(frame_order(codes), on="frame")
    return (
        parted.with_columns(total=pl.col("disagreement").sum().over("unit"))
        # Sums of the same parts differ in their last digits.
        .sort(-pl.col("total").round(9), "unit", "place")
        .select("unit", "total", "frame", "disagreement", "said")
    )
