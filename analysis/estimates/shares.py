"""Shares by domain: the model's own, the corrected one beside it, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from analysis.estimates.evidence import Evidence
from analysis.measure.borrowed import shrunken
from analysis.measure.clustering import OVER_GROUPS, design_effect
from analysis.measure.corrected import corrected, score_interval
from analysis.measure.gate import with_rulings
from analysis.measure.shares import LEVEL, critical, with_shares
from analysis.reads import Build, Domain, Scope
from analysis.types import Rules

SCHEMA = {
    "lam": pl.Float64, "corrected": pl.Float64, "corrected_low": pl.Float64,
    "corrected_high": pl.Float64, "worth": pl.Float64, "critical": pl.Float64,
    "var_sampling": pl.Float64, "var_measurement": pl.Float64, "var_coders": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """How to estimate. `census`: the pieces at hand are all there is, so sampling counts nothing.

    `together`: the intervals hold all at once, over all rows on show, at `level` (Sidak's
    inequality).
    """

    rules: Rules = field(default_factory=Rules)
    level: float = LEVEL
    census: bool = False
    together: bool = False

    def level_for(self, rows: int) -> float:
        """The level of each of so many intervals."""
        return self.level ** (1 / rows) if self.together and rows else self.level


@dataclass(frozen=True)
class Shown:
    """Which domains are on show: with at least so many pieces; of these outlets or topics (None:
    of all)."""

    least: int = 0
    outlets: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None

    @property
    def cells(self) -> pl.Expr:
        """True for domains that are on show if they have enough pieces."""
        named = (("outlet", self.outlets), ("topic_key", self.topics))
        return pl.all_horizontal(
            pl.lit(True),
            *(pl.col(key).is_in(chosen) for key, chosen in named if chosen is not None),
        )

    @property
    def rows(self) -> pl.Expr:
        return self.cells & (pl.col("n") >= self.least)


def shares(
    build: Build,
    scope: Scope,
    domain: Domain,
    evidence: Evidence | None,
    ask: Ask,
    shown: Shown | None = None,
    many: int | None = None,
) -> pl.DataFrame:
    """One row per domain and frame on show.

    Columns: the domain's keys, frame, n, k; share, low, high (the model's own labels, Wilson's
    interval, its errors not counted); those of `measure.corrected`, null where too little is
    coded; shown, shown_low, shown_high, shown_worth and `kind`, which of them to show: 'corrected'
    by codes of the domain itself, 'borrowed' where it has fewer than the gate asks for and leans
    on the others, 'naive' where nothing is coded; var_shown_sampling, ..._measurement and
    ..._coders (null: unknown); and verdict, reason, remedy. What is not on show is borrowed from,
    and neither told nor counted by `Ask.together`; `many` intervals are on show where these rows
    are but a part.
    """
    on_show = (shown or Shown()).rows
    counts = build.counts(scope, domain)
    placed = placed_codes(build, scope, domain, evidence)
    if placed is not None:
        copies = clustering(build, scope, domain, counts)
        counts = counts.join(copies, on=[*domain.keys, "frame"], maintain_order="left", how="left")
    on = counts.filter(on_show).height if many is None else many
    rows = estimated(counts, placed, domain.keys, ask, on).filter(on_show)
    outside = _outside(build, scope, domain, evidence)
    return ruled(_facts(rows, outside, domain, evidence), domain, ask.rules)


def estimated(
    counts: pl.DataFrame,
    placed: pl.DataFrame | None,
    domain: list[str],
    ask: Ask,
    many: int | None = None,
) -> pl.DataFrame:
    """What `shares` tells of each domain but verdicts, from counts (with `clustering` where there
    are codes) and codes; `many` intervals are on show, all if not given."""
    keys = [*domain, "frame"]
    level = ask.level_for(counts.height if many is None else many)
    rows = with_shares(counts, level)
    if placed is None or counts.is_empty():
        rows = rows.with_columns(
            *(pl.lit(None, kind).alias(name) for name, kind in SCHEMA.items()),
            codes=pl.lit(0, pl.UInt32),
            own=pl.lit(None, pl.Float64),
        )
    else:
        rows = corrected(rows, placed, keys, level=level, census=ask.census)
        rows = _borrowing(rows, placed, keys, level, ask.census)
    return _chosen(rows, ask)


def placed_codes(
    build: Build, scope: Scope, domain: Domain, evidence: Evidence | None
) -> pl.DataFrame | None:
    """Codes of pieces in scope, with the domain's keys; None where there is none."""
    if evidence is None:
        return None
    pieces = build.coded_pieces(scope, evidence.codes["piece"].unique().to_list())
    if domain.bin:
        start = {"week": "week", "month": "month"}.get(domain.bin)
        when = pl.col(start) if start else pl.col("month").dt.truncate("1q")
        pieces = pieces.with_columns(start=when).drop_nulls("start")
    placed = evidence.codes.join(pieces, on=["piece", "frame"])
    return None if placed.is_empty() else placed


def clustering(build: Build, scope: Scope, domain: Domain, counts: pl.DataFrame) -> pl.DataFrame:
    """The domain's keys, frame, and `clustering`: how much copies and stories widen the sampling
    part."""
    keys = [*domain.keys, "frame"]
    both = counts
    for of in ("copies", "story"):
        both = _with_groups(both, build.groups(scope, domain, of), keys, of)
    pieces = {name: pl.col(name) for name in ("score_sum", "square_sum")}
    copies, stories = (
        {name: pl.col(f"{name}_{of}") for name in OVER_GROUPS} for of in ("copies", "story")
    )
    return both.select(*keys, clustering=design_effect(pl.col("n"), pieces, copies, stories))


def _with_groups(
    counts: pl.DataFrame, groups: pl.DataFrame, keys: list[str], of: str
) -> pl.DataFrame:
    """Adds OVER_GROUPS, ending in `of`; every piece outside the groups is a group of one."""
    inside = groups.select(
        *keys,
        *(
            pl.col(name).alias(f"_{name}")
            for name in ("n", "score_sum", "square_sum", *OVER_GROUPS)
        ),
    )
    alone = {"sizes_squared": "n", "size_score": "score_sum", "sums_squared": "square_sum"}
    joined = counts.join(inside, on=keys, how="left", maintain_order="left")
    return joined.with_columns(
        (
            pl.col(f"_{name}").fill_null(0) + pl.col(single) - pl.col(f"_{single}").fill_null(0)
        ).alias(f"{name}_{of}")
        for name, single in alone.items()
    ).drop(inside.columns[len(keys) :])


def _borrowing(
    rows: pl.DataFrame, placed: pl.DataFrame, keys: list[str], level: float, census: bool
) -> pl.DataFrame:
    """Adds borrowed, borrowed_low, borrowed_high, borrowed_worth, and own (0 to 1), the weight of
    the domain's own codes in its correction; null where a frame has codes in one domain only."""
    whole = rows.group_by("frame", maintain_order=True).agg(
        pl.col("n").sum(), pl.col("score_sum").sum(), clustering=pl.lit(1.0)
    )
    residual = pl.col("var_measurement") + pl.col("var_coders").fill_null(0.0)
    # A single residual is taken to vary alike in all domains: few codes can't tell otherwise.
    pooled = corrected(whole, placed).select(
        "frame", lam_all="lam", single=(residual * pl.col("codes")).clip(1e-9)
    )
    w, e = pl.col("weight"), pl.col("y") - pl.col("lam_all") * pl.col("score")
    corrections = (
        placed.join(pooled, on="frame")
        .group_by(keys)
        .agg(correction=(e * w).sum() / w.sum(), many=pl.len().cast(pl.Float64))
    )
    table = (
        rows.join(pooled, on="frame", how="left", maintain_order="left")
        .join(corrections, on=keys, how="left", maintain_order="left")
        .with_row_index("place")
    )
    parts = [_shrunken(part) for part in table.partition_by("frame", maintain_order=True)]
    found = pl.concat(parts).sort("place").with_columns(z=pl.lit(critical(level)))
    n = pl.col("n")
    middle = (pl.col("borrowed") * n + 0.5) / (n + 1)
    sampling = pl.lit(0.0) if census else pl.col("clustering") / n
    low, high = score_interval("borrowed", "unit", "z")
    return (
        found.with_columns(unit=pl.col("spread") / (middle * (1 - middle)).clip(1e-6) + sampling)
        .with_columns(
            borrowed_low=low,
            borrowed_high=high,
            borrowed_worth=1 / pl.col("unit"),
            borrowed_sampling=middle * (1 - middle) * sampling,
            borrowed_measurement=pl.col("spread"),
        )
        .select(*rows.columns, *BORROWED, "own")
    )


def _shrunken(rows: pl.DataFrame) -> pl.DataFrame:
    """One frame's domains, with borrowed, its measurement variance `spread`, and own."""
    variance = (rows["single"] / rows["many"]).to_numpy()
    mean, spread, own = shrunken(rows["correction"].to_numpy(), variance)
    score = rows["score_sum"] / rows["n"]
    return rows.with_columns(
        borrowed=(rows["lam_all"] * score + pl.Series(mean)).fill_nan(None).clip(0, 1),
        spread=pl.Series(spread).fill_nan(None),
        own=pl.Series(own).fill_nan(None),
    )


BORROWED = (
    "borrowed", "borrowed_low", "borrowed_high", "borrowed_worth",
    "borrowed_sampling", "borrowed_measurement",
)  # fmt: skip


def _chosen(rows: pl.DataFrame, ask: Ask) -> pl.DataFrame:
    """Adds kind, shown, shown_low, shown_high, shown_worth, and var_shown_... by part.

    What is borrowed, or coded by one person only, holds the coders' part in its measurement part,
    and nothing tells how much.
    """
    if "borrowed" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.Float64).alias(name) for name in BORROWED)
    enough = (pl.col("codes") >= ask.rules.min_codes) | (pl.col("codes") >= pl.col("n"))
    kind = (
        pl.when(enough & pl.col("corrected").is_not_null())
        .then(pl.lit("corrected"))
        .when(pl.col("borrowed").is_not_null())
        .then(pl.lit("borrowed"))
        # Where there is but one domain, nothing can be borrowed: what it has is shown.
        .when(pl.col("corrected").is_not_null())
        .then(pl.lit("corrected"))
        .otherwise(pl.lit("naive"))
    )
    ends = {"": "share", "_low": "low", "_high": "high"}
    return rows.with_columns(kind=kind).with_columns(
        *(
            _of_kind(f"corrected{end}", f"borrowed{end}", naive).alias(f"shown{end}")
            for end, naive in ends.items()
        ),
        shown_worth=_of_kind("worth", "borrowed_worth", "n"),
        var_shown_sampling=_of_kind(
            "var_sampling",
            "borrowed_sampling",
            pl.col("share") * (1 - pl.col("share")) / pl.col("n"),
        ),
        var_shown_measurement=_of_kind("var_measurement", "borrowed_measurement", UNKNOWN),
        var_shown_coders=_of_kind("var_coders", UNKNOWN, UNKNOWN),
    )


UNKNOWN = pl.lit(None, pl.Float64)


def _of_kind(own: str, borrowed: str | pl.Expr, naive: str | pl.Expr) -> pl.Expr:
    return (
        pl.when(pl.col("kind") == "corrected")
        .then(pl.col(own))
        .when(pl.col("kind") == "borrowed")
        .then(pl.col(borrowed) if isinstance(borrowed, str) else borrowed)
        .otherwise((pl.col(naive) if isinstance(naive, str) else naive).cast(pl.Float64))
    )


def _outside(
    build: Build, scope: Scope, domain: Domain, evidence: Evidence | None
) -> pl.DataFrame | None:
    if evidence is None:
        return None
    return build.outside(scope, domain, evidence.sampled, evidence.last_piece)


def _facts(
    rows: pl.DataFrame, outside: pl.DataFrame | None, domain: Domain, evidence: Evidence | None
) -> pl.DataFrame:
    """Adds outside (share of pieces that could not be drawn) and alpha."""
    alphas = evidence.alphas if evidence else {}
    rows = rows.with_columns(
        alpha=pl.col("frame").replace_strict(alphas, default=None, return_dtype=pl.Float64)
    )
    if outside is None or outside.is_empty():
        return rows.with_columns(outside=pl.lit(0.0))
    if domain.keys:
        rows = rows.join(
            outside.select(*domain.keys, "outside"),
            on=domain.keys,
            how="left",
            maintain_order="left",
        )
    else:
        rows = rows.with_columns(outside=pl.lit(outside["outside"].sum()))
    return rows.with_columns(outside=pl.col("outside").fill_null(0) / pl.col("n"))


def ruled(rows: pl.DataFrame, domain: Domain, rules: Rules) -> pl.DataFrame:
    """Adds verdict, reason and remedy to rows of `shares`, which may have `gap` (true: the period
    holds a gap in collection)."""
    facts = rows.with_columns(
        what=_named(domain),
        pieces="n",
        codes=pl.col("codes").fill_null(0),
        share_naive="share",
        share="shown",
        half_width=(pl.col("shown_high") - pl.col("shown_low")) / 2,
        worth_own="worth",
        worth=pl.when(pl.col("kind") != "naive").then("shown_worth"),
        borrows=pl.col("kind") == "borrowed",
    )
    judged = with_rulings(facts, rules)
    return rows.with_columns(judged.select("verdict", "reason", "remedy"))


def _named(domain: Domain) -> pl.Expr:
    """A domain as remedies name it; '' where all of the scope is one."""
    if domain.by_topic:
        return pl.lit("the topic")
    if not domain.by_outlet:
        return pl.lit("the period" if domain.bin else "")
    return pl.format("{} in the period", "outlet") if domain.bin else pl.col("outlet")
