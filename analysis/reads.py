"""What a reader of a build may ask. The dashboard, reports and exports all read through here."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from analysis.errors import ProjectError
from analysis.project import Project
from analysis.sources.reasons import REASONS
from analysis.store import Database, builds, open_build
from analysis.types import Estimand

Bin = Literal["week", "month", "quarter"]
Grouped = Literal["copies", "story"]
NO_OUTLET = "(no outlet)"
UNASSIGNED = "unassigned"


@dataclass(frozen=True)
class Scope:
    """Which pieces a number is about. Empty tuples and None mean no restriction.

    Days are widened to whole weeks, Monday to Sunday, because the roll-ups are weekly; `frames`
    restricts what is shown, never which pieces count.
    """

    outlets: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    day_from: dt.date | None = None
    day_to: dt.date | None = None
    estimand: Estimand = "item"

    @property
    def week_from(self) -> dt.date | None:
        """The Monday of the week in which the scope begins."""
        return self.day_from and self.day_from - dt.timedelta(days=self.day_from.weekday())

    @property
    def week_to(self) -> dt.date | None:
        """The Sunday of the week in which the scope ends; the last day where the calendar ends."""
        if self.day_to is None:
            return None
        left = min(6 - self.day_to.weekday(), (dt.date.max - self.day_to).days)
        return self.day_to + dt.timedelta(days=left)

    def pieces(self) -> dict[str, Any]:
        """Query parameters that choose pieces."""
        return {
            "outlets": list(self.outlets) or None,
            "topics": list(self.topics) or None,
            "day_from": self.week_from,
            "day_to": self.week_to,
        }

    def counting(self) -> dict[str, Any]:
        """Query parameters that choose and count pieces."""
        return {**self.pieces(), "estimand": self.estimand}


@dataclass(frozen=True)
class Domain:
    """What divides the pieces in scope: outlets or topics, time, outlets and time, or nothing."""

    by_outlet: bool = False
    by_topic: bool = False
    bin: Bin | None = None

    @property
    def keys(self) -> list[str]:
        """Columns that name a domain."""
        named = (("outlet", self.by_outlet), ("topic_key", self.by_topic), ("start", self.bin))
        return [name for name, used in named if used]

    def dividing(self) -> dict[str, Any]:
        """Query parameters."""
        return {"by_outlet": self.by_outlet, "by_topic": self.by_topic, "bin": self.bin}


@dataclass(frozen=True)
class Totals:
    """What is in scope: published items, original reports, outlets' first pieces on stories, and
    undated pieces left out or in."""

    items: int
    originals: int
    leads: int
    undated: int
    outlets: int
    topics: int

    def of(self, estimand: Estimand) -> int:
        """How many are counted."""
        return {"item": self.items, "original": self.originals, "story": self.leads}[estimand]


class Build:
    """One published build, open for reading from any thread."""

    def __init__(self, database: Database, build_id: str) -> None:
        self._database = database
        self.id = build_id
        self.meta: dict[str, Any] = {
            row["key"]: json.loads(row["value"]) for row in database.read("meta").to_dicts()
        }

    @property
    def database(self) -> Database:
        """The build's tables, for the questions of analysis.reading."""
        return self._database

    @property
    def frames(self) -> list[dict[str, Any]]:
        """The codebook's frames in its order: id, name, short, colour, definition, ..."""
        return list(self.meta["codebook"]["frames"])

    @property
    def events(self) -> pl.DataFrame:
        """The project's events: date, label."""
        return pl.DataFrame(
            [(dt.date.fromisoformat(e["date"]), e["label"]) for e in self.meta["events"]],
            schema={"date": pl.Date, "label": pl.String},
            orient="row",
        )

    def totals(self, scope: Scope) -> Totals:
        return Totals(**self._database.read("scope_total", **scope.pieces()).row(0, named=True))

    def overall(self, scope: Scope) -> pl.DataFrame:
        """frame, n, k, score_sum, square_sum (of scores); so, by domain, the four reads below."""
        return self._framed("share_overall", scope)

    def by_outlet(self, scope: Scope) -> pl.DataFrame:
        """outlet, frame, n, k and sums."""
        return self._framed("share_by_outlet", scope)

    def by_topic(self, scope: Scope) -> pl.DataFrame:
        """topic_key, frame, n, k and sums."""
        return self._framed("share_by_topic", scope)

    def counts(self, scope: Scope, domain: Domain) -> pl.DataFrame:
        """The domain's keys, frame, n, k, score_sum, square_sum."""
        if domain.bin:
            read = self.over_time_by_outlet if domain.by_outlet else self.over_time
            return read(scope, domain.bin)
        if domain.by_topic:
            return self.by_topic(scope)
        return self.by_outlet(scope) if domain.by_outlet else self.overall(scope)

    def over_time(self, scope: Scope, bin: Bin) -> pl.DataFrame:
        """start, frame, n, k and sums."""
        return self._framed("share_over_time", scope, bin=bin)

    def over_time_by_outlet(self, scope: Scope, bin: Bin) -> pl.DataFrame:
        """outlet, start, frame, n, k and sums."""
        return self._framed("share_over_time_by_outlet", scope, bin=bin)

    def volume(self, scope: Scope, bin: Bin) -> pl.DataFrame:
        """outlet, start, n: only bins with pieces."""
        return self._database.read("volume_over_time", **scope.counting(), bin=bin)

    def topics_over_time(self, scope: Scope, bin: Bin) -> pl.DataFrame:
        """topic_key, start, n."""
        return self._database.read("topic_over_time", **scope.counting(), bin=bin)

    def topics_by_outlet(self, scope: Scope) -> pl.DataFrame:
        """topic_key, outlet, n."""
        return self._database.read("volume_by_topic_outlet", **scope.counting())

    def unbinned(self, scope: Scope, bin: Bin) -> int:
        """Pieces in scope whose date is too coarse, or missing, for bins of this width."""
        return int(self._database.value("undatable_in_bins", **scope.counting(), bin=bin))

    def topic_map(self, scope: Scope, most: int) -> pl.DataFrame:
        """id, title, outlet, published, topic_key, map_x, map_y of up to `most` pieces."""
        return self._database.read("topic_map", **scope.counting(), most=most)

    def outlets(self) -> pl.DataFrame:
        return self._database.read("outlets")

    def topics(self) -> pl.DataFrame:
        return self._database.read("topics_all")

    def date_range(self) -> tuple[dt.date | None, dt.date | None]:
        row = self._database.read("date_range").row(0)
        return row[0], row[1]

    def pieces(
        self,
        scope: Scope,
        *,
        query: str = "",
        most: int = 50,
        skip: int = 0,
        seed: int | None = None,
    ) -> pl.DataFrame:
        """A page of matching pieces; with `seed` in a reproducible random order."""
        return self._database.read(
            "pieces", **self._listing(scope, query), most=most, skip=skip, seed=seed
        )

    def pieces_count(self, scope: Scope, *, query: str = "") -> int:
        return int(self._database.value("pieces_count", **self._listing(scope, query)))

    def labels(self, scope: Scope) -> pl.DataFrame:
        """One row per piece in scope and frame, with score and decision."""
        return self._database.read("labels", **scope.counting())

    def sampling_frame(self, scope: Scope) -> pl.DataFrame:
        """piece (id), piece_key, outlet, period, copy_group and a score in [0, 1] for each frame.

        One row per piece in scope, by id. `period` is the first day of the month, null where the
        date is coarser or missing; `copy_group` is null where there is no copy.
        """
        rows = self._database.read("sampling_frame", **scope.counting())
        keys = ["piece", "piece_key", "outlet", "period", "copy_group"]
        names = [frame["id"] for frame in self.frames]
        return rows.group_by(keys, maintain_order=True).agg(
            pl.col("score").filter(pl.col("frame") == name).first().alias(f"score_{name}")
            for name in names
        )

    def groups(self, scope: Scope, domain: Domain, of: Grouped) -> pl.DataFrame:
        """Pieces in groups of copies or in stories: the domain's keys, frame, n, sums over groups."""
        return self._database.read(
            "groups_in_scope", **scope.counting(), **domain.dividing(), grouped=of
        )

    def coded_pieces(self, scope: Scope, ids: Sequence[str]) -> pl.DataFrame:
        """Those of the pieces that are in scope: where they belong, and per frame their score."""
        return self._database.read("coded_pieces", **scope.counting(), ids=list(ids))

    def outside(
        self, scope: Scope, domain: Domain, sampled: Scope, last_piece: int
    ) -> pl.DataFrame:
        """Pieces in scope that a sample of `sampled` could not have drawn: keys, outside."""
        drawn = {
            "sample_outlets": list(sampled.outlets) or None,
            "sample_topics": list(sampled.topics) or None,
            "sample_from": sampled.week_from,
            "sample_to": sampled.week_to,
            "sample_estimand": sampled.estimand,
        }
        return self._database.read(
            "outside_sample",
            **scope.counting(),
            **domain.dividing(),
            **drawn,
            last_piece=last_piece,
        )

    def score_histogram(self, scope: Scope, bins: int) -> pl.DataFrame:
        """frame, bin (from 0), n: pieces in scope by score, in equal bins; empty ones are absent."""
        return self._database.read("score_histogram", **scope.counting(), bins=bins)

    def sides(
        self,
        scope: Scope,
        frame: str,
        one: str | None,
        other: str | None,
        event: dt.date | None,
        thresholds: Sequence[float],
    ) -> pl.DataFrame:
        """Two sides of a difference, counted in several ways; see sides_over_thresholds.sql."""
        return self._database.read(
            "sides_over_thresholds",
            **scope.pieces(),
            frame=frame,
            one=one,
            other=other,
            event=event,
            thresholds=list(thresholds),
        )

    def piece(self, piece_id: str) -> dict[str, Any] | None:
        """One piece with its text; None when there is none of that id."""
        rows = self._database.read("piece", id=piece_id).to_dicts()
        return rows[0] if rows else None

    def blind_pieces(self, piece_ids: Sequence[str]) -> pl.DataFrame:
        """id, title, text, spans ([sentence, start, end]) of those that are there; for coders."""
        return self._database.read("blind_pieces", ids=list(piece_ids))

    def piece_sentences(self, piece_id: str) -> pl.DataFrame:
        """sentence, start_char, end_char, frame, score, present."""
        return self._database.read("piece_sentences", id=piece_id)

    def piece_frames(self, piece_id: str) -> pl.DataFrame:
        """frame, score, present."""
        return self._database.read("piece_frames", id=piece_id)

    def piece_copies(self, piece_id: str) -> pl.DataFrame:
        return self._database.read("piece_copies", id=piece_id)

    def same_texts(self, piece_ids: Sequence[str]) -> dict[str, list[str]]:
        """For each of the pieces its id and those of all its copies, in no order."""
        rows = self._database.read("same_texts", ids=list(piece_ids))
        found: dict[str, list[str]] = {}
        for given, same in rows.select("given", "id").iter_rows():
            found.setdefault(given, []).append(same)
        return found

    def source_files(self) -> pl.DataFrame:
        return self._database.read("source_files")

    def problem_summary(self) -> pl.DataFrame:
        """severity, reason, field, findings, example, meaning, remedy (empty: nothing to do)."""
        told = pl.DataFrame(
            [(code, *texts) for code, texts in REASONS.items()],
            schema=["reason", "meaning", "remedy"],
            orient="row",
        ).with_columns(pl.col("remedy").replace("nothing", ""))
        rows = self._database.read("problem_summary")
        return rows.join(told, on="reason", how="left", maintain_order="left")

    def problems(self, most: int = 500) -> pl.DataFrame:
        return self._database.read("problems", most=most)

    def copies_summary(self) -> dict[str, int]:
        return dict(self._database.read("copies_summary").row(0, named=True))

    def date_precision(self) -> pl.DataFrame:
        """outlet, date_precision, n."""
        return self._database.read("precision_by_outlet")

    def runs(self) -> pl.DataFrame:
        return self._database.read("build_runs")

    def close(self) -> None:
        self._database.close()

    def _framed(self, name: str, scope: Scope, **more: Any) -> pl.DataFrame:
        rows = self._database.read(name, **scope.counting(), **more)
        return rows.filter(pl.col("frame").is_in(list(scope.frames))) if scope.frames else rows

    def _listing(self, scope: Scope, query: str) -> dict[str, Any]:
        return {
            **scope.counting(),
            "query": query.strip() or None,
            "frames": list(scope.frames) or None,
        }


def open_current(project: Project) -> Build:
    """The project's current build. Raises ProjectError when nothing has been built yet."""
    ref = builds.current(project.builds)
    if ref is None:
        raise ProjectError(
            "nothing has been built yet",
            where=str(project.root),
            remedy=f"run: framescope build --project {project.root}",
        )
    return open_ref(ref.path, ref.id)


def open_ref(path: Path, build_id: str) -> Build:
    return Build(open_build(path), build_id)
