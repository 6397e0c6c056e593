"""Why two sides differ: what they covered, how they framed it, and the same stories alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from analysis.estimates.differences import against_one, against_rest, between, rarer, rarer_worth
from analysis.estimates.evidence import Evidence
from analysis.estimates.shares import Ask, Shown, shares
from analysis.measure.corrected import corrected
from analysis.measure.decomposition import (
    COMPOSITION,
    DIFFERENCE,
    FRAMING,
    Decomposition,
    decompose,
)
from analysis.measure.gate import with_rulings
from analysis.measure.linear import FIRST, SECOND, Borrowed, sharpness
from analysis.measure.matched import PART as MATCHED
from analysis.measure.matched import matched
from analysis.reading.fair import Sides, compared_pieces, story_titles
from analysis.reads import Build, Domain, Scope

By = Literal["topic", "story"]

# What `Fair.parts` tells, in this order.
PARTS = (DIFFERENCE, COMPOSITION, FRAMING, MATCHED)

# Of a number about stories, whose pieces have no threshold of their own.
NO_MATTER = 10**9

IN_BOTH = "of the side with fewer in what both cover"

ENDS = {"difference": "value", "difference_low": "low", "difference_high": "high",
        "naive_difference": "naive"}  # fmt: skip


@dataclass(frozen=True)
class Fair:
    """`parts`: rows as `estimates.between` gives, with `part` (of PARTS; MATCHED only where two
    stories are shared), and `stories`, those that both covered (null but for MATCHED).

    `groups`: group, about (its name), part (COMPOSITION or FRAMING), n, n_other, share, share_other (naive),
    difference (the contribution) with interval, naive_difference, verdict, the group with the
    largest contribution first. `left_out` groups are not told. `shared` groups are covered by both
    sides and hold `covered` and `covered_other` of their pieces.
    """

    parts: pl.DataFrame
    groups: pl.DataFrame
    left_out: int
    shared: int
    covered: int
    covered_other: int


def fair(
    build: Build,
    scope: Scope,
    sides: Sides,
    frame: str,
    by: By,
    evidence: Evidence | None,
    ask: Ask,
) -> Fair | None:
    """None where a side has no piece in scope.

    The difference is that of the Outlets view, with its interval; where both sides are corrected by
    codes of their own, so are its parts, and where one borrows, each side's correction is spread
    evenly over its pieces. Parts add up to the difference.
    """
    whole = difference(build, scope, sides, frame, evidence, ask)
    if whole.is_empty():
        return None
    pieces = compared_pieces(build, scope, sides, frame)
    codes = None if evidence is None else evidence.codes.filter(pl.col("frame") == frame)
    row = whole.row(0, named=True)
    borrowed = _borrowed(build, scope, pieces, codes, row)
    own = codes if row["kind"] == "corrected" else None
    level = ask.level_for(len(PARTS))
    split = decompose(
        pieces.with_columns(group=by),
        own,
        level=level,
        census=ask.census,
        borrowed=None if row["kind"] == "corrected" else borrowed,
    )
    parts = [
        _as_difference(whole, found, split.parts.filter(pl.col("part") == found))
        for found in (COMPOSITION, FRAMING)
    ]
    parts = [whole.with_columns(part=pl.lit(DIFFERENCE)), *parts]
    same = _matched(pieces, whole, codes, borrowed, ask, level)
    if same is not None:
        parts.append(same)
    table = _ruled(
        pl.concat(parts, how="diagonal_relaxed"),
        sides,
        min(split.covered, split.covered_other),
        ask,
    )
    return Fair(
        table,
        _groups(build, split, table, pieces, codes, by, ask),
        split.left_out,
        split.shared,
        split.covered,
        split.covered_other,
    )


def difference(
    build: Build,
    scope: Scope,
    sides: Sides,
    frame: str,
    evidence: Evidence | None,
    ask: Ask,
) -> pl.DataFrame:
    """The one row of `estimates.between` that is decomposed; none where a side has no piece."""
    if sides.monday is None:
        assert sides.one is not None
        rows = (
            against_one(build, scope, sides.other, evidence, ask, [sides.one])
            if sides.other
            else against_rest(build, scope, evidence, ask, [sides.one])
        )
        return rows.filter(pl.col("frame") == frame)
    day = sides.monday
    domain = Domain(by_outlet=sides.one is not None)
    among = Shown(outlets=(sides.one,)) if sides.one else Shown()
    after, before = (
        shares(build, part, domain, evidence, ask, among).filter(pl.col("frame") == frame)
        for part in divided(scope, day)
    )
    named = pl.lit(sides.one or "")
    return between(after, before, [*domain.keys, "frame"], ask, None, named, named)


def divided(scope: Scope, monday: dt.date) -> tuple[Scope, Scope]:
    """The scope from a day on, and until the day before it."""
    last = monday - dt.timedelta(days=1)
    start = max(scope.day_from, monday) if scope.day_from else monday
    end = min(scope.day_to, last) if scope.day_to else last
    return replace(scope, day_from=start), replace(scope, day_to=end)


def _borrowed(
    build: Build,
    scope: Scope,
    pieces: pl.DataFrame,
    codes: pl.DataFrame | None,
    row: Mapping[str, Any],
) -> dict[int, Borrowed] | None:
    """Each side's correction as its share on show has it, to be spread evenly over its pieces."""
    if codes is None or codes.is_empty():
        return None
    placed = codes.join(
        build.coded_pieces(scope, codes["piece"].to_list()).filter(pl.col("frame") == row["frame"]),
        on="piece",
    )
    # Any population will do: lambda is tuned on the codes alone.
    whole = pl.DataFrame({"all": [0], "n": [1], "score_sum": [0.0], "clustering": [1.0]})
    lam = corrected(whole, placed.with_columns(all=pl.lit(0)), ["all"])["lam"].item()
    if lam is None:
        return None
    sharp = sharpness(placed)
    means = dict(pieces.group_by("side").agg(pl.col("score").mean()).iter_rows())
    return {
        side: Borrowed(
            lam, row[f"shown{end}"] - lam * means[side], row[f"measured{end}"] or 0.0, sharp
        )
        for side, end in ((FIRST, ""), (SECOND, "_other"))
    }


def _as_difference(whole: pl.DataFrame, part: str, found: pl.DataFrame) -> pl.DataFrame:
    """The row of the difference with the numbers of a part of it."""
    row = found.row(0, named=True)
    # Where one side is corrected and nothing is coded of the other, no number is.
    kind = "naive" if whole["kind"].item() == "naive" else row["kind"]
    return whole.with_columns(
        part=pl.lit(part),
        kind=pl.lit(kind),
        p=pl.lit(None, pl.Float64),
        q=pl.lit(None, pl.Float64),
        **{name: pl.lit(row[of], pl.Float64) for name, of in ENDS.items()},
        **{
            f"var_shown_{of}": pl.lit(row[f"var_{of}"], pl.Float64)
            for of in ("sampling", "measurement", "coders")
        },
    )


def _matched(
    pieces: pl.DataFrame,
    whole: pl.DataFrame,
    codes: pl.DataFrame | None,
    borrowed: Mapping[int, Borrowed] | None,
    ask: Ask,
    level: float,
) -> pl.DataFrame | None:
    """By codes of pieces on shared stories where both sides have enough, else by those of each side."""
    shared = pieces.filter(pl.col("side").n_unique().over("story") == 2)
    coded = {FIRST: 0, SECOND: 0}
    sizes = dict(shared.group_by("side").len().iter_rows())
    if codes is not None:
        coded |= dict(shared.join(codes, on="piece").group_by("side").len().iter_rows())
    enough = borrowed is not None and all(
        coded[side] >= min(ask.rules.min_codes, sizes.get(side, 0)) for side in coded
    )
    found = matched(
        shared,
        codes if enough else None,
        level=level,
        census=ask.census,
        borrowed=None if enough else borrowed,
    )
    if found is None:
        return None
    row = _as_difference(whole, MATCHED, found.row)
    moved = found.row["value"].item() - found.row["naive"].item()
    return row.with_columns(
        n=pl.lit(found.n, row.schema["n"]),
        n_other=pl.lit(found.n_other, row.schema["n_other"]),
        codes=pl.lit(coded[FIRST], row.schema["codes"]),
        codes_other=pl.lit(coded[SECOND], row.schema["codes_other"]),
        share=pl.lit(found.share),
        share_other=pl.lit(found.share_other),
        # Which side the correction moves is not told for stories alone.
        shown=pl.lit(found.share if moved == 0 else None, pl.Float64),
        shown_other=pl.lit(found.share_other if moved == 0 else None, pl.Float64),
        stories=pl.lit(found.stories),
        apart=pl.lit(found.apart),
    )


def _ruled(rows: pl.DataFrame, sides: Sides, shared: int, ask: Ask) -> pl.DataFrame:
    """Verdicts on the parts; that on the difference stays. `shared`: pieces of the side that has
    fewer in groups that both cover, without which nothing tells framing from covering."""
    if "stories" not in rows.columns:
        rows = rows.with_columns(stories=pl.lit(None, pl.Int64), apart=pl.lit(None, pl.Float64))
    other = sides.one if sides.since else sides.other
    naive, borrows = pl.col("kind") == "naive", pl.col("kind") == "borrowed"
    known = pl.col("shown_worth").is_not_null() & ~naive & pl.col("stories").is_null()
    own = pl.col("part") == DIFFERENCE
    pieces = (
        pl.when(pl.col("stories").is_not_null())
        .then(NO_MATTER)
        .when(own)
        .then(pl.min_horizontal("n", "n_other"))
        .otherwise(shared)
    )
    facts = rows.select(
        "error_gap", "alpha", "stories", "apart",
        what=pl.when(pl.col("codes") <= pl.col("codes_other")).then(pl.lit(sides.one or "")).otherwise(pl.lit(other or "")),
        pieces=pieces,
        codes=pl.min_horizontal("codes", "codes_other"),
        half_width=(pl.col("difference_high") - pl.col("difference_low")) / 2,
        share=pl.when(known).then(rarer("shown", "shown_worth")),
        worth=pl.when(known).then(rarer_worth("shown", "shown_worth")).when(~naive).then(float("inf")),
        borrows=borrows,
        outside=pl.max_horizontal("outside", "outside_other"),
        where=pl.when(own).then(pl.lit("in scope")).otherwise(pl.lit(IN_BOTH)),
    )  # fmt: skip
    judged = with_rulings(facts, ask.rules).select("verdict", "reason", "remedy")
    return rows.with_columns(
        pl.when(own).then(pl.col(name)).otherwise(judged[name]).alias(name)
        for name in judged.columns
    )


def _groups(
    build: Build,
    split: Decomposition,
    parts: pl.DataFrame,
    pieces: pl.DataFrame,
    codes: pl.DataFrame | None,
    by: By,
    ask: Ask,
) -> pl.DataFrame:
    """Contributions, a row each, judged by the codes of their own group; their pieces are those of
    the sides, for a contribution is a part of a larger number and no share."""
    names = _names(build, split.groups["group"].to_list(), by)
    coded = pieces.join(codes, on="piece", how="semi") if codes is not None else pieces.clear()
    counts = coded.group_by(group=by).agg(
        codes=(pl.col("side") == FIRST).sum(), codes_other=(pl.col("side") == SECOND).sum()
    )
    told = split.groups.with_row_index("place").join(
        counts, on="group", how="left", maintain_order="left"
    )
    tables = []
    for part in (COMPOSITION, FRAMING):
        whole = parts.filter(pl.col("part") == part)
        tables.append(
            told.drop_nulls(part).select(
                "place", "group", "n", "n_other", "share", "share_other",
                pl.col("codes", "codes_other").fill_null(0),
                part=pl.lit(part),
                about=pl.col("group").replace(names),
                difference=pl.col(part),
                difference_low=pl.col(f"{part}_low"),
                difference_high=pl.col(f"{part}_high"),
                naive_difference=pl.col(f"naive_{part}"),
                **{name: pl.lit(whole[name].item()) for name in ("frame", "kind", "alpha", "outside", "outside_other", "error_gap")},
            )
        )  # fmt: skip
    rows = pl.concat(tables).sort("place", "part", maintain_order=True).drop("place")
    facts = rows.select(
        "alpha", "error_gap",
        pieces=pl.lit(min(split.covered, split.covered_other)),
        codes=pl.col("codes") + pl.col("codes_other"),
        half_width=(pl.col("difference_high") - pl.col("difference_low")) / 2,
        borrows=pl.col("kind") == "borrowed",
        worth=pl.when(pl.col("kind") != "naive").then(float("inf")),
        outside=pl.max_horizontal("outside", "outside_other"),
        what=pl.lit(f"the {by}"),
        where=pl.lit(IN_BOTH),
    )  # fmt: skip
    judged = with_rulings(facts, ask.rules).select("verdict", "reason", "remedy")
    unknown = {f"var_shown_{of}": pl.lit(None, pl.Float64) for of in ("sampling", "measurement", "coders")}  # fmt: skip
    return rows.with_columns(
        *judged.get_columns(), shown="share", shown_other="share_other", **unknown
    )


def _names(build: Build, groups: list[str], by: By) -> dict[str, str]:
    if by == "story":
        return story_titles(build, groups)
    labels = dict(build.topics().select("topic_key", "label").iter_rows())
    return {key: labels.get(key) or key for key in groups}
