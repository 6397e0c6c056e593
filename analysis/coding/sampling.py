"""Samples of a build with known probabilities: planned, drawn, topped up, and logged.

What could be drawn is stored beside the ledger, `samples/<sample>-<draw>.parquet`: one row per
piece that a draw so far could hold, with `piece`, `stratum`, `probability` (of being in the sample
after this draw) and `in_scope` (of this draw). A draw names its file by SHA-256.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from analysis.coding import designs
from analysis.coding.designs import DESIGNS, Design
from analysis.coding.ledger import Ledger, Work
from analysis.coding.strata import MIN_DRAWS, stratify
from analysis.errors import CodingError, UsageError
from analysis.project import Project
from analysis.reads import Build, Scope
from analysis.types import Estimand
from analysis.writing import parquet_bytes, unwritable, write_whole

FOLDER = "samples"
# What more would buy is told for these.
MORE = (0, 50, 100, 200)
MOST = 1_000_000

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_FILE = {
    "piece": pl.String,
    "stratum": pl.String,
    "probability": pl.Float64,
    "in_scope": pl.Boolean,
}


@dataclass(frozen=True)
class Contrast:
    """Two sides to be compared: an outlet, and another one or (None) the rest in scope."""

    left: str
    right: str | None

    def __str__(self) -> str:
        return f"{self.left} vs {self.right or 'rest'}"


@dataclass(frozen=True)
class Request:
    """What to draw. Empty tuples and None mean no restriction.

    `budget` is in pieces, of a top-up in pieces more. `frames` make the score bands; none means
    all of the codebook. Days are widened to whole weeks, as in every scope. `overlap` is the share
    of pieces that every coder codes; a top-up keeps to that of its sample. An empty `name` is
    chosen. `contrast` is for the design 'neyman', which draws from its two sides only.
    """

    budget: int
    design: Design = "proportional"
    frames: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    day_from: dt.date | None = None
    day_to: dt.date | None = None
    estimand: Estimand = "item"
    seed: int = 1
    overlap: float = 0.2
    contrast: Contrast | None = None
    name: str = ""
    title: str = ""

    @property
    def scope(self) -> Scope:
        return Scope(
            outlets=self.outlets,
            topics=self.topics,
            day_from=self.day_from,
            day_to=self.day_to,
            estimand=self.estimand,
        )


@dataclass(frozen=True)
class Plan:
    """What a request would do; nothing is written.

    `allocation`, one row per stratum: stratum, pieces, held (drawn earlier), drawn (to be drawn;
    where a top-up's strata cut across earlier ones chance decides between neighbours of this
    number), probability (mean over its pieces, after the draw). `buys`: frame, domain, share and
    half_width as `designs.half_widths` gives them, `budget` being what would be drawn in all.
    """

    request: Request
    allocation: pl.DataFrame
    frame_size: int
    buys: pl.DataFrame
    notes: list[str]
    population: pl.DataFrame = field(repr=False)
    rates: dict[str, float] = field(repr=False)

    @property
    def drawn(self) -> int:
        return int(self.allocation["drawn"].sum())


@dataclass(frozen=True)
class DrawnSample:
    """A draw that is stored: `pieces` has piece, stratum, probability, place, overlap, in order."""

    sample: str
    draw: int
    plan: Plan
    pieces: pl.DataFrame


def plan(build: Build, request: Request) -> Plan:
    """What a first draw would do. Raises UsageError, and CodingError for an empty scope."""
    request, population = _population(build, request, None)
    return _planned(build, request, _in_strata(request, population))


def draw(
    project: Project, ledger: Ledger, build: Build, request: Request, now: dt.datetime
) -> DrawnSample:
    """Draws a new sample and stores it with its entry in the log: all of it or nothing."""
    names = samples(ledger)["sample"].to_list()
    request = replace(request, name=_new_name(request.name, names))
    made = plan(build, request)
    chosen = designs.draw(made.population, made.rates, _seed(request, 1), request.overlap)
    with ledger.transaction() as work:
        _new_name(request.name, work.read("samples")["sample"].to_list())
        work.run(
            "add_sample",
            sample=request.name,
            created_at=_stamp(now),
            title=request.title.strip() or f"{chosen.height} pieces, {_design_said(request)}",
            overlap=request.overlap,
        )
        pieces = _store(project, work, build, made, 1, chosen, None, now)
    return DrawnSample(request.name, 1, made, pieces)


def plan_top_up(
    project: Project, ledger: Ledger, build: Build, sample: str, request: Request
) -> Plan:
    """What a top-up would do. Raises CodingError for an unknown sample or an altered frame."""
    return _plan_top_up(project, ledger, build, sample, request)[0]


def top_up(
    project: Project,
    ledger: Ledger,
    build: Build,
    sample: str,
    request: Request,
    now: dt.datetime,
) -> DrawnSample:
    """Draws pieces that are not in the sample yet, and gives each piece its new probability."""
    made, earlier, number = _plan_top_up(project, ledger, build, sample, request)
    chosen = designs.draw(
        made.population, made.rates, _seed(made.request, number), made.request.overlap
    )
    with ledger.transaction() as work:
        if work.read("draws", sample=sample).height != number - 1:
            raise CodingError(
                "the sample was topped up by someone else just now",
                where=f"sample {sample}",
                remedy="look at it with --log, and run the command again if more are wanted",
            )
        chosen = chosen.with_columns(pl.col("place") + number - 1)
        pieces = _store(project, work, build, made, number, chosen, earlier, now)
    return DrawnSample(sample, number, made, pieces)


def samples(ledger: Ledger) -> pl.DataFrame:
    """One row per sample, newest first, with its draws, pieces, coders and codings."""
    return ledger.read("samples")


def drawn_pieces(ledger: Ledger, sample: str) -> pl.DataFrame:
    """piece, draw, stratum, probability, place, overlap: a sample in the order of coding."""
    _known(ledger, sample)
    return ledger.read("sample_pieces", sample=sample)


def log(ledger: Ledger, sample: str) -> list[dict[str, Any]]:
    """The draws of a sample in order, with scope, contrast and strata as values."""
    _known(ledger, sample)
    entries = ledger.read("draws", sample=sample).to_dicts()
    decoded = ("scope", "contrast", "strata")
    try:
        return [{k: json.loads(v) if k in decoded else v for k, v in e.items()} for e in entries]
    except ValueError as error:
        raise CodingError(
            f"the log of the sample '{sample}' is damaged ({error})",
            where=str(ledger.path),
            remedy="put back a copy of the file",
        ) from error


def last_request(ledger: Ledger, sample: str) -> Request:
    """The request of a sample's latest draw, to be repeated by a top-up."""
    return request_of(log(ledger, sample)[-1])


def request_of(entry: Mapping[str, Any]) -> Request:
    """What an entry of the log was asked for."""
    scope, contrast = entry["scope"], entry["contrast"]
    days = {key: dt.date.fromisoformat(scope[key]) for key in ("from", "to") if scope[key]}
    return Request(
        budget=entry["budget"],
        design=entry["design"],
        frames=tuple(scope["frames"]),
        outlets=tuple(scope["outlets"]),
        topics=tuple(scope["topics"]),
        day_from=days.get("from"),
        day_to=days.get("to"),
        estimand=scope["count"],
        seed=entry["seed"],
        contrast=Contrast(contrast["left"], contrast["right"]) if contrast else None,
        name=entry["sample"],
    )


def sampling_frame(project: Project, ledger: Ledger, sample: str) -> pl.DataFrame:
    """Every piece that the sample could hold: piece, stratum, probability, in_scope (of the
    latest draw).

    Raises CodingError when the stored file is missing or is not the one that was drawn from.
    """
    entry = log(ledger, sample)[-1]
    path = _frame_path(project, sample, entry["draw"])
    remedy = "put it back from a backup of the project; without it probabilities can't be combined"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CodingError(
            f"the stored frame of the sample can't be read ({error.strerror})",
            where=str(path),
            remedy=remedy,
        ) from error
    if hashlib.sha256(content).hexdigest() != entry["frame_hash"]:
        raise CodingError(
            "this is not the frame that the sample was drawn from: its SHA-256 differs from the log",
            where=str(path),
            remedy=remedy,
        )
    return pl.read_parquet(io.BytesIO(content))


def _plan_top_up(
    project: Project, ledger: Ledger, build: Build, sample: str, request: Request
) -> tuple[Plan, pl.DataFrame, int]:
    """The plan, the stored frame before it, and the number of the draw."""
    before = last_request(ledger, sample)
    known = samples(ledger).filter(pl.col("sample") == sample)
    request = replace(request, name=sample, overlap=known["overlap"].item())
    earlier = sampling_frame(project, ledger, sample)
    number = known["draws"].item() + 1
    request, population = _population(build, request, earlier)
    held = drawn_pieces(ledger, sample)["piece"]
    population = population.with_columns(held=pl.col("piece").is_in(held.implode()))
    if population["held"].all():
        raise CodingError(
            "every piece in scope is in the sample already",
            where=f"sample {sample}",
            remedy="widen the scope, or build after ingesting more",
        )
    return (
        _planned(build, request, _in_strata(request, population, before, earlier, number)),
        earlier,
        number,
    )


def _population(
    build: Build, request: Request, earlier: pl.DataFrame | None
) -> tuple[Request, pl.DataFrame]:
    """The request with names as the build has them, and the pieces that it could draw."""
    request = _checked(build, request)
    rows = build.sampling_frame(request.scope)
    contrast = request.contrast
    side = pl.lit(0)
    if contrast is not None:
        is_left = pl.col("outlet") == contrast.left
        is_right = pl.lit(True) if contrast.right is None else pl.col("outlet") == contrast.right
        side = pl.when(is_left).then(1).when(is_right).then(2).otherwise(0)
    rows = rows.with_columns(side=side, held=pl.lit(False))
    if contrast is not None:
        rows = rows.filter(pl.col("side") > 0)
        for number, name in ((1, contrast.left), (2, contrast.right or "the rest")):
            if rows.is_empty() or not (rows["side"] == number).any():
                raise CodingError(
                    f"no piece of {name} is in scope", remedy="widen the dates, or compare others"
                )
    if rows.is_empty():
        raise CodingError(
            "no piece is in scope", remedy="widen the dates, or name other outlets or topics"
        )
    if earlier is None:
        return request, rows.with_columns(before=pl.lit(0.0), was=pl.lit(None, pl.String))
    known = earlier.select("piece", before="probability", was="stratum")
    joined = rows.join(known, on="piece", how="left", maintain_order="left")
    return request, joined.with_columns(pl.col("before").fill_null(0.0))


def _in_strata(
    request: Request,
    population: pl.DataFrame,
    before: Request | None = None,
    earlier: pl.DataFrame | None = None,
    number: int = 1,
) -> pl.DataFrame:
    """The population with its strata.

    A top-up of the same kind and bands keeps the strata, so that the sample is as if it had been
    drawn at once; pieces that no earlier draw could hold get strata of their own.
    """
    if (
        before is None
        or earlier is None
        or (before.design == "simple", before.frames)
        != (request.design == "simple", request.frames)
    ):
        return population.with_columns(stratum=_fresh_strata(request, population))
    old = population.filter(pl.col("was").is_not_null())
    new = population.filter(pl.col("was").is_null())
    whole = earlier.group_by(pl.col("stratum").alias("was")).agg(pl.len().alias("of"))
    cut = pl.len().over("was", "side") < pl.col("of")
    mark = pl.format("{} (draw {}, part {})", "was", pl.lit(number), "side")
    old = (
        old.join(whole, on="was", how="left", maintain_order="left")
        .with_columns(stratum=pl.when(cut).then(mark).otherwise("was"))
        .drop("of")
    )
    marked = _fresh_strata(request, new) + f" (new in draw {number})"
    return pl.concat([old, new.with_columns(stratum=marked)]).sort("piece")


def _fresh_strata(request: Request, population: pl.DataFrame) -> pl.Series:
    if request.design == "simple":
        return pl.Series(["all pieces"] * population.height, dtype=pl.String)
    rows = population.with_columns(room=1 - pl.col("before")).with_row_index("place")
    if request.contrast is None:
        return stratify(rows, request.frames, request.budget)
    halves = []
    for number in (1, 2):
        side = rows.filter(pl.col("side") == number)
        strata = stratify(side, request.frames, max(request.budget // 2, MIN_DRAWS))
        halves.append(side.select("place", stratum=strata))
    return pl.concat(halves).sort("place")["stratum"]


def _planned(build: Build, request: Request, population: pl.DataFrame) -> Plan:
    strata = designs.strata_of(population, request.frames)
    drawn = designs.spread(strata, request.design, request.frames, request.budget)
    rate = designs.rates(strata, drawn, request.budget)
    rate_of = dict(zip(strata["stratum"].to_list(), rate.tolist(), strict=True))
    after = designs.combined(pl.col("before"), pl.col("stratum").replace_strict(rate_of))
    population = population.with_columns(probability=after)
    counted = population.group_by("stratum").agg(
        pl.len().cast(pl.Int64).alias("pieces"),
        pl.col("held").sum().cast(pl.Int64),
        pl.col("probability").mean(),
    )
    waiting = counted["pieces"] - counted["held"]
    expected = pl.col("stratum").replace_strict(rate_of) * waiting
    allocation = (
        counted.with_columns(drawn=expected.round().cast(pl.Int64))
        .sort("stratum")
        .select("stratum", "pieces", "held", "drawn", "probability")
    )
    buys = []
    for more in MORE:
        spread = designs.spread(strata, request.design, request.frames, request.budget + more)
        widths = designs.half_widths(population, strata, spread, request.frames)
        buys.append(widths.with_columns(more=pl.lit(more), drawn=pl.lit(int(spread.sum()))))
    return Plan(
        request=request,
        allocation=allocation,
        frame_size=population.height,
        buys=pl.concat(buys),
        notes=_notes(build, request, allocation),
        population=population,
        rates=rate_of,
    )


def _notes(build: Build, request: Request, allocation: pl.DataFrame) -> list[str]:
    """What the person who asked would not expect."""
    notes = []
    drawn, waiting = (
        int(allocation["drawn"].sum()),
        int((allocation["pieces"] - allocation["held"]).sum()),
    )
    if drawn == waiting:
        notes.append(
            f"A census: all {waiting:,} pieces in scope not yet in the sample are taken, each with "
            "probability 1."
        )
    elif drawn != request.budget:
        notes.append(
            f"The strata cut across those of earlier draws: about {drawn:,} are drawn for a "
            f"budget of {request.budget:,}, so that probabilities stay exact."
        )
    if request.day_from or request.day_to:
        scope = request.scope
        notes.append(
            "Whole weeks, as everywhere: "
            + " ".join(
                f"{word} {day:%A} {day}"
                for word, day in (("from", scope.week_from), ("to", scope.week_to))
                if day
            )
            + "."
        )
        undated = build.totals(scope).undated
        if undated:
            notes.append(
                f"{undated:,} pieces without a date of day or month can't be in a scope with dates."
            )
    return notes


def _checked(build: Build, request: Request) -> Request:
    """The request with names spelled as the build has them. Raises UsageError for the rest."""
    if request.design not in DESIGNS:
        raise UsageError(
            f"there is no design '{request.design}'", remedy=f"choose {', '.join(DESIGNS)}"
        )
    if (request.design == "neyman") != (request.contrast is not None):
        raise UsageError(
            "the design neyman and a contrast go together",
            remedy='write --design neyman --contrast "Outlet A vs Outlet B", or neither',
        )
    if request.name:
        check_name(request.name)
    least = MIN_DRAWS * (2 if request.contrast else 1)
    if request.budget < least:
        raise UsageError(
            f"a budget of {request.budget} is too small: {MIN_DRAWS} pieces per stratum are "
            "needed for an interval",
            remedy=f"draw at least {least}",
        )
    if not 0 <= request.overlap <= 1:
        raise UsageError(
            f"the overlap is {request.overlap:g}", remedy="give a share from 0 to 1, for example .2"
        )
    if request.budget > MOST:
        raise UsageError(
            f"a budget of {request.budget} is more than people code", remedy=f"draw up to {MOST:,}"
        )
    if not 0 <= request.seed < 2**31:
        raise UsageError(
            f"the seed is {request.seed}", remedy="give a whole number from 0 to 2147483647"
        )
    if request.day_from and request.day_to and request.day_from > request.day_to:
        raise UsageError(
            f"the scope ends on {request.day_to}, before it begins on {request.day_from}",
            remedy="swap the two days",
        )
    frames = [frame["id"] for frame in build.frames]
    outlets = build.outlets()["outlet"].to_list()
    topics = build.topics()["topic_key"].to_list()
    contrast = request.contrast
    if contrast is not None:
        left = _one_of("outlet", contrast.left, outlets)
        right = None if contrast.right is None else _one_of("outlet", contrast.right, outlets)
        if left == right:
            raise UsageError(f"{left} is compared with itself", remedy="name two outlets")
        contrast = Contrast(left, right)
    wanted = tuple(_one_of("frame", name, frames) for name in request.frames)
    return replace(
        request,
        # In the codebook's order and once: the strata do not depend on how it was asked.
        frames=tuple(frame for frame in frames if frame in wanted or not wanted),
        outlets=tuple(sorted({_one_of("outlet", name, outlets) for name in request.outlets})),
        topics=tuple(
            sorted({_one_of("topic", name, [*topics, "unassigned"]) for name in request.topics})
        ),
        contrast=contrast,
    )


def _one_of(kind: str, name: str, known: Sequence[str]) -> str:
    if name in known:
        return name
    same = [one for one in known if one.casefold() == name.strip().casefold()]
    if len(same) == 1:
        return same[0]
    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or names[:5]
    raise UsageError(
        f"there is no {kind} '{name}' in the build", remedy=f"did you mean: {', '.join(near)}?"
    )


def parse_contrast(text: str, outlets: Sequence[str]) -> Contrast:
    """'A vs B' or 'A vs rest', also where names have ' vs ' in them. Raises UsageError."""
    words = re.split(r"\s+vs\.?\s+", text.strip(), flags=re.IGNORECASE)
    if len(words) < 2:
        raise UsageError(
            f"the contrast '{text}' does not name two sides",
            remedy='write "Outlet A vs Outlet B" or "Outlet A vs rest"',
        )
    folded = {outlet.casefold(): outlet for outlet in outlets}
    for place in range(1, len(words)):
        left, right = " vs ".join(words[:place]), " vs ".join(words[place:])
        if left.casefold() in folded and right.casefold() in folded:
            return Contrast(folded[left.casefold()], folded[right.casefold()])
        if left.casefold() in folded and right.casefold() in ("rest", "the rest"):
            return Contrast(folded[left.casefold()], None)
    right = words[-1]
    rest = right.casefold() in ("rest", "the rest")
    return Contrast(" vs ".join(words[:-1]), None if rest else right)


def check_name(name: str) -> None:
    """Raises UsageError for what can't name a sample and its files."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name[:60]}' can't name a sample",
            remedy="use up to 40 letters, digits, - and _, beginning with a letter or digit",
        )


def _new_name(name: str, taken: Sequence[str]) -> str:
    """A name for a sample: the one asked for, or s1, s2, ..."""
    folded = {one.casefold() for one in taken}
    if not name:
        number = 1
        while f"s{number}" in folded:
            number += 1
        return f"s{number}"
    check_name(name)
    if name.casefold() in folded:
        raise CodingError(
            f"there is a sample '{name}' already",
            remedy=f"choose another name, or add to it with --top-up {name}",
        )
    return name


def _known(ledger: Ledger, sample: str) -> None:
    names = samples(ledger)["sample"].to_list()
    if sample not in names:
        raise CodingError(
            f"there is no sample '{sample}'",
            where=str(ledger.path),
            remedy=f"there are: {', '.join(names)}" if names else "draw one: framescope sample",
        )


def _store(
    project: Project,
    work: Work,
    build: Build,
    made: Plan,
    number: int,
    chosen: pl.DataFrame,
    earlier: pl.DataFrame | None,
    now: dt.datetime,
) -> pl.DataFrame:
    """Writes the frame, then the rows; returns the drawn pieces in the order of coding."""
    request, population = made.request, made.population
    frame = population.select("piece", "stratum", "probability", in_scope=pl.lit(True))
    if earlier is not None:
        others = earlier.join(frame, on="piece", how="anti").with_columns(in_scope=pl.lit(False))
        frame = pl.concat([frame, others.select(frame.columns)])
    content = parquet_bytes(frame.sort("piece").cast(_FILE))  # type: ignore[arg-type]
    path = _frame_path(project, request.name, number)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(path, "the frame of the sample", CodingError, error) from error
    write_whole(path, content, what="the frame of the sample", error=CodingError)
    drawn_in = dict(chosen.group_by("stratum").len().iter_rows())
    strata = [
        {**row, "drawn": drawn_in.get(row["stratum"], 0), "rate": made.rates[row["stratum"]]}
        for row in made.allocation.to_dicts()
    ]
    work.run(
        "add_draw",
        sample=request.name,
        draw=number,
        drawn_at=_stamp(now),
        design=request.design,
        budget=request.budget,
        drawn=chosen.height,
        seed=request.seed,
        scope=json.dumps(_scope_said(request), ensure_ascii=False),
        contrast=json.dumps(request.contrast and vars(request.contrast), ensure_ascii=False),
        build=build.id,
        model=str(build.meta.get("model_version", "")),
        last_piece=int(population["piece_key"].max()),  # type: ignore[arg-type]
        frame_size=made.frame_size,
        frame_hash=hashlib.sha256(content).hexdigest(),
        strata=json.dumps(strata, ensure_ascii=False),
    )
    after = population.select("piece", "stratum", "probability")
    pieces = chosen.drop("stratum").join(after, on="piece").sort("place", "piece")
    held = after.filter(population["held"]).with_columns(place=pl.lit(0.0), overlap=pl.lit(0))
    order = ["piece", "stratum", "probability", "place", "overlap"]
    # Of a piece drawn earlier only stratum and probability are taken.
    rows = pl.concat([pieces.select(order), held.cast({"overlap": pl.Int64}).select(order)])
    named = {"sample": request.name, "draw": number}
    work.run_many("add_sample_piece", [named | row for row in rows.to_dicts()])
    return pieces.select(order)


def _scope_said(request: Request) -> dict[str, Any]:
    scope = request.scope
    return {
        "outlets": list(request.outlets),
        "topics": list(request.topics),
        "from": scope.week_from and scope.week_from.isoformat(),
        "to": scope.week_to and scope.week_to.isoformat(),
        "count": request.estimand,
        "frames": list(request.frames),
    }


def _design_said(request: Request) -> str:
    return f"neyman for {request.contrast}" if request.contrast else request.design


def _seed(request: Request, number: int) -> tuple[int, int, int]:
    name = hashlib.sha256(request.name.encode()).digest()
    return request.seed, number, int.from_bytes(name[:8], "big")


def _stamp(now: dt.datetime) -> str:
    return now.astimezone(dt.UTC).isoformat(timespec="milliseconds")


def _frame_path(project: Project, sample: str, number: int) -> Path:
    return project.root / FOLDER / f"{sample}-{number}.parquet"
