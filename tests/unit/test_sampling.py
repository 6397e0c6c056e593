"""Samples of the teaching corpus: drawn, logged, topped up, and refused with one clear message."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.coding import sampling
from analysis.coding.ledger import NAME, Ledger, open_ledger
from analysis.coding.sampling import Contrast, Request
from analysis.errors import CodingError, UsageError
from analysis.project import Project, open_project
from analysis.reads import Build
from tests.support.demo import framescope, make_project

NOW = dt.datetime(2025, 7, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def project(demo_project: Path, tmp_path: Path) -> Project:
    """The teaching corpus's settings in a folder of its own, for the codings."""
    shutil.copyfile(demo_project / "framescope.toml", tmp_path / "framescope.toml")
    return open_project(tmp_path)


@pytest.fixture
def ledger(project: Project) -> Ledger:
    return open_ledger(project.root)


@pytest.fixture
def own(demo_project: Path, tmp_path: Path) -> Path:
    """A copy of the built teaching corpus without codings."""
    return Path(
        shutil.copytree(
            demo_project, tmp_path / "own", ignore=shutil.ignore_patterns(f"{NAME}*", "samples")
        )
    )


def refused(*words: object) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code
    assert done.stderr.count("Error") == 1
    assert "What to do" in done.stderr
    return " ".join(done.stderr.split())


def test_a_draw_is_stored_as_it_was_planned(project: Project, ledger: Ledger, build: Build) -> None:
    request = Request(120)
    planned = sampling.plan(build, request)
    assert sampling.samples(ledger).is_empty()
    drawn = sampling.draw(project, ledger, build, request, NOW)
    assert drawn.sample == "s1"
    assert drawn.plan.allocation.equals(planned.allocation)
    stored = sampling.drawn_pieces(ledger, "s1")
    assert stored.height == planned.drawn == 120
    assert stored.drop("draw").equals(drawn.pieces)
    counts = dict(stored.group_by("stratum").len().iter_rows())
    for row in planned.allocation.iter_rows(named=True):
        assert counts[row["stratum"]] == row["drawn"] >= 2
        assert row["probability"] == pytest.approx(row["drawn"] / row["pieces"], abs=1e-12)
    # Horvitz and Thompson count the population.
    assert (1 / stored["probability"]).sum() == pytest.approx(649)
    outlets = set(build.outlets()["outlet"])
    assert {stratum.split(" · ")[0] for stratum in counts} == outlets
    assert stored["overlap"].sum() == 24


def test_the_log_tells_all_of_a_draw(project: Project, ledger: Ledger, build: Build) -> None:
    request = Request(
        40,
        design="neyman",
        frames=("trust",),
        contrast=Contrast("Causeway Post", None),
        day_from=dt.date(2025, 3, 5),
        estimand="original",
        seed=5,
    )
    sampling.draw(project, ledger, build, request, NOW)
    (entry,) = sampling.log(ledger, "s1")
    assert entry["drawn_at"] == "2025-07-01T12:00:00.000+00:00"
    assert entry["contrast"] == {"left": "Causeway Post", "right": None}
    assert entry["scope"]["from"] == "2025-03-03"
    assert entry["scope"]["count"] == "original"
    assert entry["build"] == build.id
    assert entry["model"] == build.meta["model_version"]
    assert (entry["budget"], entry["drawn"], entry["seed"]) == (40, 40, 5)
    assert sum(row["drawn"] for row in entry["strata"]) == 40
    assert sum(row["pieces"] for row in entry["strata"]) == entry["frame_size"]
    path = project.root / "samples" / "s1-1.parquet"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["frame_hash"]
    frame = sampling.sampling_frame(project, ledger, "s1")
    assert frame.height == entry["frame_size"]
    assert frame["probability"].sum() == pytest.approx(40)
    again = sampling.last_request(ledger, "s1")
    assert replace(again, name="", day_from=request.day_from) == request


def test_the_seed_and_the_name_make_the_draw(
    project: Project, ledger: Ledger, build: Build
) -> None:
    def ids(**changes: object) -> list[str]:
        request = Request(30, **changes)  # type: ignore[arg-type]
        return sampling.draw(project, ledger, build, request, NOW).pieces["piece"].to_list()

    first, second = ids(), ids()
    assert first != second
    assert ids(seed=2) != ids()
    shutil.rmtree(project.root / "samples")
    (project.root / NAME).unlink()
    ledger.migrate()
    assert [ids(), ids()] == [first, second]


def test_neyman_draws_from_its_two_sides_only(build: Build) -> None:
    contrast = Contrast("causeway post", "Sunrise Standard")
    made = sampling.plan(build, Request(60, "neyman", ("safety",), contrast=contrast))
    assert made.request.contrast == Contrast("Causeway Post", "Sunrise Standard")
    assert set(made.population["outlet"]) == {"Causeway Post", "Sunrise Standard"}
    proportional = Request(60, outlets=("Causeway Post", "Sunrise Standard"), frames=("safety",))
    told = made.buys.filter(pl.col("more") == 0)
    assert told["domain"].to_list() == ["difference"]
    by_outlet = sampling.plan(build, proportional).buys.filter(
        pl.col("more") == 0, pl.col("domain") != "all"
    )
    assert told["half_width"].item() < (by_outlet["half_width"] ** 2).sum() ** 0.5


def test_more_buys_narrower_intervals(build: Build) -> None:
    for _, rows in sampling.plan(build, Request(60)).buys.group_by("frame", "domain"):
        widths = rows.sort("more")["half_width"].to_list()
        assert widths == sorted(widths, reverse=True)
        assert widths[0] > widths[-1]


def test_a_top_up_is_as_one_larger_sample(project: Project, ledger: Ledger, build: Build) -> None:
    first = sampling.draw(project, ledger, build, Request(80), NOW)
    request = replace(sampling.last_request(ledger, "s1"), budget=40)
    planned = sampling.plan_top_up(project, ledger, build, "s1", request)
    second = sampling.top_up(project, ledger, build, "s1", request, NOW)
    assert second.draw == 2
    assert second.pieces.height == planned.drawn == 40
    assert not set(first.pieces["piece"]) & set(second.pieces["piece"])
    stored = sampling.drawn_pieces(ledger, "s1")
    assert stored.height == 120
    # Those drawn first are coded first.
    assert stored["draw"].to_list() == [1] * 80 + [2] * 40
    assert (
        stored[:80]
        .select("piece", "place", "overlap")
        .equals(first.pieces.select("piece", "place", "overlap"))
    )
    sizes = dict(planned.allocation.select("stratum", "pieces").iter_rows())
    for (stratum,), group in stored.group_by("stratum"):
        assert group["probability"].to_list() == pytest.approx(
            [group.height / sizes[stratum]] * group.height, abs=1e-12
        )
    assert sampling.samples(ledger).select("draws", "pieces").row(0) == (2, 120)


def test_a_top_up_of_one_outlet_leaves_the_others_as_they_were(
    project: Project, ledger: Ledger, build: Build
) -> None:
    sampling.draw(project, ledger, build, Request(80), NOW)
    before = sampling.drawn_pieces(ledger, "s1")
    sampling.top_up(project, ledger, build, "s1", Request(20, outlets=("Causeway Post",)), NOW)
    after = sampling.drawn_pieces(ledger, "s1")
    mine = pl.col("stratum").str.starts_with("Causeway Post")
    assert after.filter(~mine).equals(before.filter(~mine))
    assert after.filter(mine).height == before.filter(mine).height + 20
    assert (1 / after["probability"]).sum() == pytest.approx(649)
    frame = sampling.sampling_frame(project, ledger, "s1")
    assert frame.height == 649
    assert frame.filter("in_scope").height == 64


def test_a_top_up_in_other_bands_keeps_each_probability_known(
    project: Project, ledger: Ledger, build: Build
) -> None:
    sampling.draw(project, ledger, build, Request(80), NOW)
    first = sampling.sampling_frame(project, ledger, "s1").select("piece", before="probability")
    drawn = sampling.top_up(project, ledger, build, "s1", Request(50, frames=("trust",)), NOW)
    assert abs(drawn.pieces.height - 50) <= 8
    (_, entry) = sampling.log(ledger, "s1")
    rate = {row["stratum"]: row["rate"] for row in entry["strata"]}
    both = sampling.sampling_frame(project, ledger, "s1").join(first, on="piece")
    wanted = 1 - (1 - both["before"]) * (1 - both["stratum"].replace_strict(rate))
    assert (both["probability"] - wanted).abs().max() < 1e-12  # type: ignore[operator]
    assert both["probability"].sum() == pytest.approx(130, abs=1e-6)


def test_pieces_that_no_draw_could_hold_get_strata_of_their_own(
    project: Project, ledger: Ledger, build: Build
) -> None:
    """As pieces ingested since, which are not in the stored frame either."""
    first = Request(40, day_to=dt.date(2025, 6, 29))
    frame_size = sampling.draw(project, ledger, build, first, NOW).plan.frame_size
    sampling.top_up(project, ledger, build, "s1", Request(60), NOW)
    pieces = sampling.drawn_pieces(ledger, "s1")
    assert pieces.height == 100
    is_new = pl.col("stratum").str.ends_with("(new in draw 2)")
    newer, older = pieces.filter(is_new), pieces.filter(~is_new)
    assert (newer["draw"] == 2).all()
    assert (1 / older["probability"]).sum() == pytest.approx(frame_size)
    assert (1 / newer["probability"]).sum() == pytest.approx(649 - frame_size)
    # The later draw goes where the earlier one could not.
    assert newer.height / (649 - frame_size) == pytest.approx(100 / 649, abs=0.02)


def test_a_budget_beyond_the_scope_is_a_census(
    project: Project, ledger: Ledger, build: Build
) -> None:
    request = Request(500, outlets=("Causeway Post",))
    drawn = sampling.draw(project, ledger, build, request, NOW)
    assert drawn.pieces.height == 64
    assert (drawn.pieces["probability"] == 1).all()
    assert any("census" in note for note in drawn.plan.notes)
    with pytest.raises(CodingError, match="in the sample already"):
        sampling.plan_top_up(project, ledger, build, "s1", replace(request, budget=5))
    wider = sampling.top_up(project, ledger, build, "s1", Request(30), NOW)
    assert wider.pieces.height == 30


@pytest.mark.parametrize("fault", ["missing", "altered"])
def test_without_the_frame_nothing_is_topped_up(
    project: Project, ledger: Ledger, build: Build, fault: str
) -> None:
    sampling.draw(project, ledger, build, Request(20), NOW)
    path = project.root / "samples" / "s1-1.parquet"
    if fault == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(CodingError) as caught:
        sampling.top_up(project, ledger, build, "s1", Request(20), NOW)
    assert caught.value.where == str(path)
    assert caught.value.remedy
    assert sampling.drawn_pieces(ledger, "s1").height == 20


def test_a_frame_that_can_not_be_written_leaves_no_sample(
    project: Project, ledger: Ledger, build: Build
) -> None:
    (project.root / "samples").write_text("a file")
    with pytest.raises(CodingError, match="can't be written"):
        sampling.draw(project, ledger, build, Request(20), NOW)
    assert sampling.samples(ledger).is_empty()


def test_of_two_who_draw_or_top_up_at_once_one_wins(
    project: Project, ledger: Ledger, build: Build
) -> None:
    def tried(_: int) -> str:
        try:
            return sampling.draw(project, ledger, build, Request(20, name="both"), NOW).sample
        except CodingError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(tried, range(4)))
    assert outcomes[0] == "both"
    assert all("already" in outcome for outcome in outcomes[1:])
    # The stored frame is the winner's.
    assert sampling.sampling_frame(project, ledger, "both").height == 649
    assert sampling.drawn_pieces(ledger, "both").height == 20


BAD = {
    "budget of one": (Request(1), "too small"),
    "budget of none": (Request(0), "too small"),
    "budget beyond reason": (Request(10**30), "more than people code"),
    "design": (Request(9, design="best"), "there is no design 'best'"),  # type: ignore[arg-type]
    "outlet": (Request(9, outlets=("Biscayn Courier",)), "did you mean: Biscayne Courier"),
    "frame": (Request(9, frames=("saftey",)), "did you mean: safety"),
    "topic": (Request(9, topics=("t",)), "there is no topic 't'"),
    "neyman without": (Request(9, design="neyman"), "go together"),
    "contrast without": (Request(9, contrast=Contrast("a", "b")), "go together"),
    "with itself": (
        Request(9, "neyman", contrast=Contrast("Causeway Post", "causeway post")),
        "compared with itself",
    ),
    "overlap": (Request(9, overlap=1.5), "overlap is 1.5"),
    "overlap of nothing": (Request(9, overlap=float("nan")), "overlap is nan"),
    "seed": (Request(9, seed=-1), "seed is -1"),
    "days": (
        Request(9, day_from=dt.date(2025, 5, 2), day_to=dt.date(2025, 5, 1)),
        "before it begins",
    ),
    "no piece": (Request(9, day_from=dt.date(2031, 1, 1)), "no piece is in scope"),
    "a side without pieces": (
        Request(9, "neyman", outlets=("Causeway Post",), contrast=Contrast("Causeway Post", None)),
        "no piece of the rest",
    ),
    "name": (Request(9, name="../up"), "can't name a sample"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_can_not_be_drawn_is_said(
    project: Project, ledger: Ledger, build: Build, case: str
) -> None:
    request, says = BAD[case]
    with pytest.raises((UsageError, CodingError)) as caught:
        sampling.draw(project, ledger, build, request, NOW)
    assert says in str(caught.value)
    assert caught.value.remedy
    assert sampling.samples(ledger).is_empty()
    assert not (project.root / "samples").exists()


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("A vs B", "A", "B"),
        ("a VS. b", "A", "B"),
        ("A vs rest", "A", None),
        ("City vs State vs B", "City vs State", "B"),
        ("A vs City vs State", "A", "City vs State"),
        ("Nobody vs B", "Nobody", "B"),
    ],
)
def test_contrasts_are_read(text: str, left: str, right: str | None) -> None:
    assert sampling.parse_contrast(text, ["A", "B", "City vs State"]) == Contrast(left, right)


def test_the_command_draws_logs_and_writes(own: Path, tmp_path: Path) -> None:
    words = ("sample", "--project", own)
    planned = json.loads(framescope(*words, "--budget", 40, "--dry-run", "--json"))
    assert planned["drawn"] == 40
    assert planned["sample"] is None
    assert not (own / NAME).exists()
    out = tmp_path / "pieces.csv"
    said = framescope(*words, "--budget", 40, "--name", "pilot", "--out", out)
    assert "40 pieces into sample pilot" in said
    with out.open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 40
    again = json.loads(framescope(*words, "--top-up", "pilot", "--budget", 10, "--json"))
    assert (again["draw"], again["drawn"]) == (2, 10)
    log = json.loads(framescope(*words, "--log", "--json"))
    assert [entry["drawn"] for entry in log] == [40, 10]
    assert "pilot draw 2" in framescope(*words, "--log", "--name", "pilot", "--out", out)
    assert out.read_text(encoding="utf-8-sig").count("\n") == 51


def test_the_command_says_what_is_wrong(own: Path, tmp_path: Path) -> None:
    words = ("sample", "--project", own)
    assert "how many pieces?" in refused(*words)
    assert "no sample has been drawn" in refused(*words, "--log")
    assert "no sample has been drawn" in refused(*words, "--budget", 9, "--top-up", "s1")
    assert "does not name two sides" in refused(*words, "--budget", 9, "--contrast", "A")
    assert "go together" in refused(*words, "--budget", 9, "--design", "neyman")
    assert "does not end in .csv" in refused(*words, "--budget", 9, "--out", tmp_path / "a.doc")
    assert "nothing has been built" in refused(
        "sample", "--project", make_project(tmp_path / "new"), "--budget", 9
    )
    assert not (own / NAME).exists()
    framescope(*words, "--budget", 9, "--name", "pilot")
    assert "a sample 'Pilot' already" in refused(*words, "--budget", 9, "--name", "Pilot")
    assert "no sample 'other'" in refused(*words, "--budget", 9, "--top-up", "other")
    assert "keeps the name" in refused(*words, "--budget", 9, "--top-up", "pilot", "--name", "x")
