"""One difference by all reasonable analyses: does the finding hang on a choice?

The choices: the classifier's labels by four thresholds or by its sentences, the mean of its scores,
the corrected share, or the codes alone;
published items, original reports or first pieces on stories; the whole time, without its first or last
tenth, or equal weeks on both sides of an event; a sample of
what might have been published, or a census. A census of the classifier's labels has no interval and
is not among them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import polars as pl

from analysis.estimates.evidence import Evidence
from analysis.measure.clustering import OVER_GROUPS, design_effect
from analysis.measure.contrasts import difference_interval
from analysis.measure.corrected import corrected
from analysis.measure.shares import LEVEL, critical
from analysis.measure.specification import with_direction
from analysis.reads import Build, Scope

THRESHOLDS = (0.3, 0.5, 0.7)
SHIPPED = "labels, shipped threshold"
BY_SENTENCE = "labels, any sentence"
MEAN_SCORE = "mean of the scores"
CORRECTED = "corrected"
CODES = "codes alone"
STRETCHES = ("whole", "without the first tenth", "without the last tenth")
# Weeks on each side of an event.
AROUND = {"26 weeks on each side": 26, "13 weeks on each side": 13}
COUNTED = ("item", "original", "story")
UNIVERSES = ("sample", "census")

# A threshold as near to the shipped one as this is the same analysis.
_NEAR = 0.02
# Fewer coded pieces at a side make no analysis of their own.
LEAST_CODES = 10

_CELL = ["counted", "stretch"]


@dataclass(frozen=True)
class Finding:
    """A difference of a frame's shares: outlet `one` minus `other` (None: the rest in scope), or,
    with `event` (a day; its week begins the later side), after minus before, of outlet `one` or
    (None) of all in scope."""

    frame: str
    one: str | None = None
    other: str | None = None
    event: dt.date | None = None

    @property
    def monday(self) -> dt.date | None:
        """The Monday of the event's week."""
        return self.event and self.event - dt.timedelta(days=self.event.weekday())


@dataclass(frozen=True)
class Multiverse:
    """`rows`, one per analysis, by size of the difference: how, counted, stretch, universe, n,
    n_other, codes, codes_other (null where labels are counted), share, share_other, difference,
    difference_low, difference_high, direction. `left_out`: reason and number of analyses that are
    not possible."""

    rows: pl.DataFrame
    left_out: list[tuple[str, int]]


def multiverse(
    build: Build, scope: Scope, finding: Finding, evidence: Evidence | None, level: float = LEVEL
) -> Multiverse:
    """All analyses of the finding. The way of counting in `scope` is not looked at: all are."""
    sides = build.sides(
        scope, finding.frame, finding.one, finding.other, finding.monday, THRESHOLDS
    )
    placed = _placed(build, scope, finding, evidence, sides)
    stretches = [*STRETCHES, *(AROUND if finding.event else ())]
    parts = [_labels(sides, stretches, level), *_coded(sides, placed, stretches, level)]
    found = pl.concat([part for part in parts if part is not None], how="diagonal")
    pieces = pl.min_horizontal("n", "n_other")
    codes = pl.min_horizontal("codes", "codes_other")
    by_codes = pl.col("how").is_in([CORRECTED, CODES])
    reasons = found.with_columns(
        why_not=pl.when(pieces.fill_null(0) < 1)
        .then(pl.lit("a side has no piece"))
        .when(by_codes & (codes.fill_null(0) < LEAST_CODES))
        .then(pl.lit(f"a side has fewer than {LEAST_CODES} coded pieces"))
        .when(pl.col("difference").is_null() | pl.col("difference_low").is_null())
        .then(pl.lit("there is no interval"))
    )
    counted = reasons.drop_nulls("why_not").group_by("why_not", maintain_order=True).len()
    rows = reasons.filter(pl.col("why_not").is_null()).drop("why_not")
    return Multiverse(with_direction(rows), [(str(why), int(n)) for why, n in counted.rows()])


def _labels(sides: pl.DataFrame, stretches: list[str], level: float) -> pl.DataFrame:
    """Differences of the classifier's labels, by threshold, by sentences and by scores. A mean of
    scores varies less than one of labels, whose interval it gets."""
    grid = _grid(stretches, [*_hows(sides), BY_SENTENCE, MEAN_SCORE])
    by_threshold = sides.with_columns(how=_named(pl.col("threshold")), share=pl.col("k"))
    once = sides.filter(pl.col("threshold").is_null())
    labelled = pl.concat(
        [
            by_threshold.with_columns(pl.col("share").cast(pl.Float64)),
            once.with_columns(how=pl.lit(BY_SENTENCE), share=pl.col("k_sentence").cast(pl.Float64)),
            once.with_columns(how=pl.lit(MEAN_SCORE), share=pl.col("score_sum")),
        ]
    ).with_columns(share=pl.col("share") / pl.col("n"))
    both = _two_sides(grid, labelled.select("side", "how", *_CELL, "n", "share"), ["how", *_CELL])
    both = difference_interval(both, "share", "n", critical(level))
    return both.with_columns(universe=pl.lit("sample"))


def _coded(
    sides: pl.DataFrame, placed: pl.DataFrame | None, stretches: list[str], level: float
) -> list[pl.DataFrame]:
    """Differences by codes: corrected, and codes alone; of a sample and of a census."""
    keys = ["side", *_CELL]
    population = _population(sides)
    tables = []
    for universe in UNIVERSES:
        for how, lam in ((CORRECTED, None), (CODES, 0.0)):
            if placed is None or placed.is_empty():
                rows = population.with_columns(
                    corrected=pl.lit(None, pl.Float64),
                    worth=pl.lit(None, pl.Float64),
                    codes=pl.lit(0, pl.UInt32),
                )
            else:
                rows = corrected(
                    population, placed, keys, level=level, census=universe == "census", lam=lam
                )
            chosen = rows.select(*keys, "n", "codes", "worth", share="corrected")
            both = _two_sides(_grid(stretches), chosen, _CELL)
            both = difference_interval(both, "share", "worth", critical(level))
            tables.append(
                both.drop("worth", "worth_other").with_columns(
                    how=pl.lit(how), universe=pl.lit(universe)
                )
            )
    return tables


def _grid(stretches: list[str], hows: list[str] | None = None) -> pl.DataFrame:
    """Every combination of ways, so that what is not possible is there too."""
    table = pl.DataFrame({"counted": list(COUNTED)}).join(
        pl.DataFrame({"stretch": stretches}), how="cross"
    )
    return table.join(pl.DataFrame({"how": hows}), how="cross") if hows else table


def _hows(sides: pl.DataFrame) -> list[str]:
    """Names of thresholds, without those that are as good as the shipped one."""
    least = sides["least_present"].min() if sides.height else None
    kept = [t for t in THRESHOLDS if least is None or abs(t - float(least)) > _NEAR]  # type: ignore[arg-type]
    return [SHIPPED, *(f"labels, threshold {t}" for t in kept)]


def _named(threshold: pl.Expr) -> pl.Expr:
    names = {t: f"labels, threshold {t}" for t in THRESHOLDS}
    return threshold.replace_strict(names, default=SHIPPED, return_dtype=pl.String)


def _two_sides(grid: pl.DataFrame, rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    one = rows.filter(pl.col("side") == 1).drop("side")
    other = rows.filter(pl.col("side") == 2).drop("side")
    values = [name for name in other.columns if name not in keys]
    other = other.rename({name: f"{name}_other" for name in values})
    return grid.join(one, on=keys, how="left", maintain_order="left").join(
        other, on=keys, how="left", maintain_order="left"
    )


def _population(sides: pl.DataFrame) -> pl.DataFrame:
    """Sides as `corrected` takes them."""
    pieces = {name: pl.col(name) for name in ("score_sum", "square_sum")}
    copies = {name: pl.col(name) for name in OVER_GROUPS}
    stories = {name: pl.col(f"story_{name}") for name in OVER_GROUPS}
    return (
        sides.filter(pl.col("threshold").is_null())
        .with_columns(clustering=design_effect(pl.col("n"), pieces, copies, stories))
        .select("side", *_CELL, "n", "score_sum", "clustering")
    )


def _placed(
    build: Build, scope: Scope, finding: Finding, evidence: Evidence | None, sides: pl.DataFrame
) -> pl.DataFrame | None:
    """The codes, once for each side, way of counting and stretch that they fall into."""
    if evidence is None or sides.is_empty():
        return None
    own = evidence.codes.filter(pl.col("frame") == finding.frame)
    ids = own["piece"].to_list()
    everything = build.coded_pieces(replace(scope, frames=(), estimand="item"), ids)
    day = pl.coalesce("week", "month")
    if finding.monday is not None:
        side = pl.when(day >= finding.monday).then(1).when(day < finding.monday).then(2)
        if finding.one is not None:
            everything = everything.filter(pl.col("outlet") == finding.one)
    else:
        others = pl.lit(True) if finding.other is None else pl.col("outlet") == finding.other
        side = pl.when(pl.col("outlet") == finding.one).then(1).when(others).then(2)
    placed = (
        own.join(everything, on=["piece", "frame"])
        .with_columns(side=side.cast(sides.schema["side"]), day=day)
        .drop_nulls("side")
    )
    first, last = sides["first_end"][0], sides["last_begin"][0]
    stretches = {
        STRETCHES[0]: pl.lit(True),
        STRETCHES[1]: pl.col("day") > pl.lit(first, pl.Date),
        STRETCHES[2]: pl.col("day") < pl.lit(last, pl.Date),
    }
    if finding.monday is not None:
        for name, weeks in AROUND.items():
            reach = dt.timedelta(weeks=weeks)
            stretches[name] = (pl.col("day") >= finding.monday - reach) & (
                pl.col("day") < finding.monday + reach
            )
    ways = {"item": pl.lit(True), "original": pl.col("is_original"), "story": pl.col("is_lead")}
    return pl.concat(
        placed.filter(inside, way).with_columns(stretch=pl.lit(stretch), counted=pl.lit(counted))
        for stretch, inside in stretches.items()
        for counted, way in ways.items()
    )
