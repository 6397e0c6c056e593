"""Turning points of a build's frames, with levels before and after, and the events near them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from analysis.estimates.differences import between
from analysis.estimates.evidence import Evidence
from analysis.estimates.shares import Ask, clustering, estimated, placed_codes
from analysis.estimates.trend import TOGETHER
from analysis.measure import trends
from analysis.measure.gate import with_rulings
from analysis.measure.interrupted import interrupted
from analysis.measure.turning_points import search
from analysis.reads import Build, Domain, Scope

# Weeks are put together until an outlet has about so many pieces in a bin, and so few bins.
PIECES_A_BIN = 4
MOST_BINS = 160
WIDTHS = (1, 2, 4, 8, 13, 26, 52)

WEEK = dt.timedelta(days=7)

# Why an interrupted series is never more than exploratory.
ON_LABELS = "an interrupted series runs on the classifier's own labels"
INSTEAD = "read the corrected change before and after an event in the Overview, or Why they differ"


@dataclass(frozen=True)
class Turning:
    """`series`: outlet (TOGETHER: all in scope), frame, weeks (in a bin), bins, pieces, dispersion,
    p, q, turns, a row per series that is long enough; `short`, how many were not.

    `turns`: rows of `estimates.between`, the share after minus that before, with date (first day of
    the new level), first and last (first and last day of the date's interval), begin and end (days
    of the stretches before and after), weeks, event and event_date (the nearest one; null without
    any), days (from the event to `date`: negative before it) and `within` (the event is in the
    interval).
    """

    series: pl.DataFrame
    turns: pl.DataFrame
    short: int


def turning_points(
    build: Build,
    scope: Scope,
    evidence: Evidence | None,
    ask: Ask,
    outlets: Sequence[str] | None = None,
) -> Turning:
    """Of all outlets together and of each of `outlets` (None: all), one family of series.

    The search runs on the classifier's labels and knows no events. The levels are shares of the
    pieces in the stretches, corrected where codes allow.
    """
    cells = weekly(build, scope, outlets)
    alike = _alike(build, scope)
    series = cells.join(alike, on=["outlet", "frame"], how="left", maintain_order="left")
    table, found = search(
        series.with_columns(pl.col("clustering").fill_null(1.0)), ["outlet", "frame"]
    )
    widths = cells.select("outlet", "weeks").unique()
    table = table.join(widths, on="outlet", how="left", maintain_order="left")
    found = found.join(widths, on="outlet", how="left", maintain_order="left")
    many = cells.select("outlet", "frame").n_unique()
    each = replace(ask, together=False, level=ask.level_for(found.height))
    turns = _with_levels(build, scope, found, evidence, each)
    return Turning(table, with_events(turns, build.events), many - table.height)


def weekly(build: Build, scope: Scope, outlets: Sequence[str] | None) -> pl.DataFrame:
    """outlet, frame, start (a Monday), weeks, n, k: bins of whole weeks, wider where an outlet has
    few pieces a week; strays left out."""
    each = build.over_time_by_outlet(scope, "week")
    if each.is_empty():
        return _no_cells()
    volume = each.filter(pl.col("frame") == each["frame"][0])
    first, last = trends.collection_span(volume)
    if outlets is not None:
        each = each.filter(pl.col("outlet").is_in(list(outlets)))
    together = build.over_time(scope, "week").with_columns(outlet=pl.lit(TOGETHER))
    names = ["outlet", "frame", "start", "n", "k"]
    parts = [together.select(names), each.select(names)]
    if each["outlet"].n_unique() == volume["outlet"].n_unique() == 1:
        parts = parts[1:]
    rows = pl.concat(parts).filter(pl.col("start").is_between(first, last))
    wide = pl.concat(
        [_of_width(own, first) for own in rows.partition_by("outlet", maintain_order=True)]
        or [_no_cells()]
    )
    return wide.sort("outlet", "frame", "start")


def _of_width(own: pl.DataFrame, first: dt.date) -> pl.DataFrame:
    one = own.filter(pl.col("frame") == own["frame"][0])
    reach = (one["start"].max() - one["start"].min()).days // 7 + 1  # type: ignore[operator, union-attr]
    pieces = int(one["n"].sum())
    width = next(
        (w for w in WIDTHS if reach / w <= MOST_BINS and pieces / (reach / w) >= PIECES_A_BIN),
        WIDTHS[-1],
    )
    bin = ((pl.col("start") - first).dt.total_days() // (7 * width)) * (7 * width)
    return (
        own.with_columns(start=pl.lit(first) + pl.duration(days=bin))
        .group_by("outlet", "frame", "start")
        .agg(pl.col("n").sum(), pl.col("k").sum())
        .with_columns(weeks=pl.lit(width, pl.Int64), start=pl.col("start").cast(pl.Date))
        .select("outlet", "frame", "start", "weeks", "n", "k")
    )


def _no_cells() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"outlet": pl.String, "frame": pl.String, "start": pl.Date, "weeks": pl.Int64,
                "n": pl.Int64, "k": pl.Int64}
    )  # fmt: skip


def _alike(build: Build, scope: Scope) -> pl.DataFrame:
    """outlet, frame, clustering."""
    parts = []
    for domain in (Domain(), Domain(by_outlet=True)):
        found = clustering(build, scope, domain, build.counts(scope, domain))
        parts.append(found if domain.by_outlet else found.with_columns(outlet=pl.lit(TOGETHER)))
    return pl.concat(parts, how="diagonal")


def _with_levels(
    build: Build, scope: Scope, found: pl.DataFrame, evidence: Evidence | None, ask: Ask
) -> pl.DataFrame:
    """Rows of `between` for the turns, with their dates; from weekly counts that are read once."""
    if found.is_empty():
        return _no_turns()
    source = _Weeks.of(build, scope, evidence)
    sides: dict[str, list[pl.DataFrame]] = {"before": [], "after": []}
    for number, turn in enumerate(found.iter_rows(named=True)):
        for side, days in zip(sides, stretches_of(turn), strict=True):
            row = source.counted(str(turn["outlet"]), str(turn["frame"]), *days)
            if source.codes is not None:
                row = source.level(row, str(turn["outlet"]), str(turn["frame"]), *days, ask)
            sides[side].append(row.with_columns(turn=pl.lit(number)))
    before, after = (pl.concat(rows, how="diagonal_relaxed") for rows in sides.values())
    if source.codes is None:
        before, after = (
            estimated(rows, None, ["turn"], ask).with_columns(
                alpha=pl.lit(None, pl.Float64), outside=pl.lit(0.0)
            )
            for rows in (before, after)
        )
    named = pl.when(pl.col("outlet") == TOGETHER).then(pl.lit("")).otherwise("outlet")
    rows = between(after, before.drop("outlet"), ["turn", "frame"], ask, None, named, named)
    reach = pl.duration(days=7 * pl.col("weeks") - 1)
    dates = found.select(
        "weeks", "date", "first", "begin",
        last=(pl.col("last") + reach).cast(pl.Date),
        end=(pl.col("end") + reach).cast(pl.Date),
    )  # fmt: skip
    return rows.sort("turn").drop("turn").hstack(dates)


@dataclass(frozen=True)
class _Weeks:
    """By week: counts of each outlet (False) and of all together (True); placed codes, and pieces
    that could not be drawn for coding (None: nothing is coded)."""

    counts: dict[bool, pl.DataFrame]
    codes: pl.DataFrame | None
    outside: pl.DataFrame | None
    evidence: Evidence | None

    @classmethod
    def of(cls, build: Build, scope: Scope, evidence: Evidence | None) -> _Weeks:
        alike = _alike(build, scope)
        whole = build.over_time(scope, "week").with_columns(outlet=pl.lit(TOGETHER))
        each = build.over_time_by_outlet(scope, "week")
        counts = {
            together: rows.join(alike, on=["outlet", "frame"], how="left", maintain_order="left")
            for together, rows in ((True, whole), (False, each))
        }
        domain = Domain(by_outlet=True, bin="week")
        placed = placed_codes(build, scope, domain, evidence)
        outside = (
            build.outside(scope, domain, evidence.sampled, evidence.last_piece)
            if evidence
            else None
        )
        return cls(counts, placed, outside, evidence)

    def counted(self, outlet: str, frame: str, first: dt.date, last: dt.date) -> pl.DataFrame:
        """outlet, frame, n, k, sums and clustering: one row, or, where there are codes to borrow
        from, one for each outlet. Copies and stories widen as they do over all weeks."""
        together = outlet == TOGETHER
        rows = self.counts[together].filter(_inside(frame, first, last))
        if self.codes is None:
            rows = rows.filter(pl.col("outlet") == outlet)
        return rows.group_by("outlet", "frame", maintain_order=True).agg(
            pl.col("n", "k", "score_sum", "square_sum").sum(), pl.col("clustering").first()
        )

    def level(
        self,
        sums: pl.DataFrame,
        outlet: str,
        frame: str,
        first: dt.date,
        last: dt.date,
        ask: Ask,
    ) -> pl.DataFrame:
        """A row of `shares` of the outlet in the weeks from `first` to `last`, without a verdict.

        Corrections are borrowed from the other outlets in the same weeks.
        """
        assert self.codes is not None
        codes = self.codes.filter(_inside(frame, first, last))
        if outlet == TOGETHER:
            codes = codes.with_columns(outlet=pl.lit(TOGETHER))
        found = estimated(sums, None if codes.is_empty() else codes, ["outlet"], ask, 1)
        found = found.filter(pl.col("outlet") == outlet)
        alphas = self.evidence.alphas if self.evidence else {}
        return found.with_columns(
            alpha=pl.lit(alphas.get(frame), pl.Float64),
            outside=self._outside(outlet, first, last) / pl.col("n"),
        )

    def _outside(self, outlet: str, first: dt.date, last: dt.date) -> int:
        if self.outside is None:
            return 0
        own = pl.lit(True) if outlet == TOGETHER else pl.col("outlet") == outlet
        rows = self.outside.filter(pl.col("start").is_between(first, last) & own)
        return int(rows["outside"].sum())


def _inside(frame: str, first: dt.date, last: dt.date) -> pl.Expr:
    return pl.col("start").is_between(first, last) & (pl.col("frame") == frame)


def stretches_of(turn: dict[str, object]) -> tuple[tuple[dt.date, dt.date], ...]:
    """First and last day before a turn, and after it."""
    begin, date, end = turn["begin"], turn["date"], turn["end"]
    assert isinstance(begin, dt.date)
    assert isinstance(date, dt.date)
    return (begin, date - dt.timedelta(days=1)), (date, _end(end, int(str(turn["weeks"]))))


def _end(start: object, weeks: int) -> dt.date:
    assert isinstance(start, dt.date)
    return start + weeks * WEEK - dt.timedelta(days=1)


def _no_turns() -> pl.DataFrame:
    """Without rows, with what a table of turns needs."""
    texts = ("outlet", "frame", "kind", "verdict", "reason", "remedy")
    counts = ("n", "n_other", "codes", "codes_other", "weeks")
    numbers = (
        "share", "share_other", "shown", "shown_other", "difference", "difference_low",
        "difference_high", "naive_difference", "q", "var_shown_sampling", "var_shown_measurement",
        "var_shown_coders",
    )  # fmt: skip
    dates = ("date", "first", "last", "begin", "end")
    kinds = ((texts, pl.String), (counts, pl.Int64), (numbers, pl.Float64), (dates, pl.Date))
    return pl.DataFrame(schema={name: kind for names, kind in kinds for name in names})


def with_events(turns: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Adds event, event_date, days and within to turns with date, first and last.

    The nearest event is one in the interval, if there is any, and the one fewest days from `date`.
    """
    known = list(events.iter_rows())
    found: list[tuple[str | None, dt.date | None, int | None, bool]] = []
    for date, first, last in turns.select("date", "first", "last").iter_rows():
        near = min(
            known,
            key=lambda e: (not first <= e[0] <= last, abs((date - e[0]).days)),
            default=None,
        )
        if near is None:
            found.append((None, None, None, False))
        else:
            found.append((near[1], near[0], (date - near[0]).days, first <= near[0] <= last))
    schema = {"event": pl.String, "event_date": pl.Date, "days": pl.Int64, "within": pl.Boolean}
    return turns.hstack(pl.DataFrame(found, schema=schema, orient="row"))


def interrupted_series(
    build: Build,
    scope: Scope,
    event: dt.date,
    touched: Sequence[str],
    ask: Ask,
    *,
    weeks: int,
    minimum: int,
) -> pl.DataFrame:
    """Rows of `measure.interrupted`, with difference (the change), its interval and a verdict.

    Bins are weeks, `weeks` on either side of the event, whose own counts as after it; comparison
    outlets are all others in scope with `minimum` pieces on both sides.
    """
    monday = event - dt.timedelta(days=event.weekday())
    window = replace(
        scope,
        day_from=max(filter(None, (scope.day_from, monday - weeks * WEEK))),
        day_to=min(filter(None, (scope.day_to, monday + weeks * WEEK - dt.timedelta(days=1)))),
    )
    cells = build.over_time_by_outlet(window, "week").with_columns(after=pl.col("start") >= monday)
    sides = cells.group_by("outlet", "frame", "after").agg(pl.col("n").sum())
    enough = (
        sides.filter(pl.col("n") >= minimum)
        .group_by("outlet")
        .agg(pl.col("after").n_unique())
        .filter(pl.col("after") == 2)["outlet"]
    )
    used = cells.filter(pl.col("outlet").is_in([*enough, *touched]))
    rows = interrupted(used, touched, monday, level=ask.level)
    facts = rows.select(
        pieces=pl.min_horizontal("n_before", "n_after"),
        half_width=(pl.col("change_high") - pl.col("change_low")) / 2,
        suspended=pl.lit(ON_LABELS),
        instead=pl.lit(INSTEAD),
        # Codes correct nothing here, so that none are missing.
        codes=pl.lit(10**9),
        alpha=pl.lit(1.0),
    )
    judged = with_rulings(facts, ask.rules).select("verdict", "reason", "remedy")
    return rows.with_columns(
        difference="change",
        difference_low="change_low",
        difference_high="change_high",
        naive_difference="change",
        kind=pl.lit("naive"),
        n="n_after",
        n_other="n_before",
        codes=pl.lit(0),
        codes_other=pl.lit(0),
        **{
            f"var_shown_{of}": pl.lit(None, pl.Float64)
            for of in ("sampling", "measurement", "coders")
        },
    ).with_columns(judged.get_columns())
