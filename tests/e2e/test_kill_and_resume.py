"""A build killed at any moment goes on next time and ends in the rows of an undisturbed one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from analysis import pipeline
from analysis.project import open_project
from analysis.store import builds
from tests.support import killed
from tests.support.demo import framescope, make_ingested, tables

ROOT = Path(__file__).resolve().parents[2]
ROWS = 130

# Stage, which transaction of it, and whether the process dies before or after the commit.
MOMENTS = [
    ("sentences", 1, "before"),
    ("sentences", 2, "after"),
    ("embeddings", 2, "before"),
    ("copies", 2, "after"),
    ("copy_groups", 1, "before"),
    ("frames", 1, "after"),
    ("frames", 3, "before"),
    ("topics", 1, "before"),
    ("topics", 1, "after"),
]
READING = [(1, "before"), (2, "after"), (3, "before")]
PUBLISHING = [("publish", 1, "before"), ("publish", 1, "after"), ("publish", 2, "before")]

# What is about the run itself, not about its result.
RUN_COLUMNS = {"done_at", "started_at", "ended_at", "run_id", "path"}
RUN_TABLES = {"run", "meta"}


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_ingested(tmp_path_factory.mktemp("kill") / "ingested", ROWS)


@pytest.fixture(scope="module")
def undisturbed(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(copied(ingested, tmp_path_factory.mktemp("kill") / "undisturbed"))


def copied(project: Path, target: Path) -> Path:
    shutil.copytree(project, target)
    return target


def built(project: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "BATCH", killed.BATCH)
        framescope("build", "--project", project)
    return project


def kill(project: Path, stage: str, number: int, when: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.killed", str(project), stage, str(number), when],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode in (-9, 137), f"it was not killed: {done.stderr.decode()}"


def rows(project: Path) -> dict[str, pl.DataFrame]:
    """All tables of the corpus and of the current build, in an order of their own."""
    current = builds.current(open_project(project).builds)
    assert current is not None
    found = {}
    for name, path in (("corpus", project / "corpus.duckdb"), ("build", current.path)):
        with tables(path) as stored:
            for table in stored.keys() - RUN_TABLES:
                frame = stored[table].select(pl.exclude(RUN_COLUMNS))
                keys = [c for c, t in frame.schema.items() if not t.is_nested()]
                found[f"{name}.{table}"] = frame.sort(keys)
    return found


def assert_same(project: Path, other: Path) -> None:
    here, there = rows(project), rows(other)
    assert here.keys() == there.keys()
    assert sum(frame.height for frame in here.values()) > 20 * ROWS
    for name, frame in here.items():
        assert frame.equals(there[name], null_equal=True), name


@pytest.mark.parametrize(("number", "when"), READING)
def test_a_killed_ingest_is_taken_up(
    ingested: Path, tmp_path: Path, number: int, when: str
) -> None:
    project = tmp_path / "project"
    framescope("init", project)
    shutil.copyfile(ingested / "some.jsonl", project / "some.jsonl")
    kill(project, "ingest", number, when)
    assert 0 < pieces(project).height < pieces(ingested).height or (number, when) == (1, "before")
    framescope("ingest", project / "some.jsonl", "--project", project)
    assert pieces(project).equals(pieces(ingested), null_equal=True)


def pieces(project: Path) -> pl.DataFrame:
    """All pieces but for their keys, which a sequence gives and never twice."""
    with tables(project / "corpus.duckdb") as stored:
        return stored["piece"].drop("piece_key", "file_key").sort("row_number")


@pytest.mark.parametrize(("stage", "number", "when"), MOMENTS)
def test_a_killed_stage_goes_on(
    ingested: Path, undisturbed: Path, tmp_path: Path, stage: str, number: int, when: str
) -> None:
    project = copied(ingested, tmp_path / "project")
    kill(project, stage, number, when)
    assert builds.current(project / "builds") is None
    assert_same(built(project), undisturbed)


@pytest.mark.parametrize(("stage", "number", "when"), PUBLISHING)
def test_killed_while_publishing_readers_keep_the_old_build(
    undisturbed: Path, tmp_path: Path, stage: str, number: int, when: str
) -> None:
    project = copied(undisturbed, tmp_path / "project")
    before = builds.current(project / "builds")
    settings = project / "framescope.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('name = "', 'name = "Another '),
        encoding="utf-8",
    )
    kill(project, stage, number, when)
    assert builds.current(project / "builds") == before
    built(project)
    after = builds.current(project / "builds")
    assert after is not None
    assert after != before
    assert not list((project / "builds").glob(".*"))
    assert_same(project, undisturbed)
