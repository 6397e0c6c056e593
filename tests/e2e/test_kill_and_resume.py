"""A build killed at any moment goes on next time and ends in the rows of an undisturbed one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from analysis.project import open_project
from analysis.search.index import is_whole
from analysis.stages import running
from analysis.store import builds
from tests.support import killed
from tests.support.demo import framescope, make_ingested, tables

Tables = dict[str, pl.DataFrame]
Dying = tuple[Path, "subprocess.Popen[bytes]"]

ROOT = Path(__file__).resolve().parents[2]
ROWS = 130

# Stage, which transaction of it, and whether the process dies before or after the commit.
MOMENTS = [
    ("sentences", 1, "before"),
    ("sentences", 2, "after"),
    ("terms", 1, "after"),
    ("terms", 2, "before"),
    ("embeddings", 2, "before"),
    ("copies", 2, "after"),
    ("copy_groups", 1, "before"),
    ("stories", 1, "before"),
    ("stories", 1, "after"),
    ("frames", 1, "after"),
    ("frames", 3, "before"),
]
READING = [(1, "before"), (2, "after"), (3, "before")]
PUBLISHING = [
    ("publish", 1, "before"),
    ("publish", 1, "after"),
    ("publish", 2, "after"),
    ("publish", 3, "before"),
]

# What is about the run itself, not about its result.
RUN_COLUMNS = {"done_at", "started_at", "ended_at", "run_id", "path"}
RUN_TABLES = {"run", "meta"}


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_ingested(tmp_path_factory.mktemp("kill") / "ingested", ROWS)


@pytest.fixture(scope="module")
def dying(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dying]:
    """A build that will die with its topics unsaved; it starts first, for it takes long."""
    project = copied(ingested, tmp_path_factory.mktemp("kill") / "dying")
    process = killer(project, "topics", 1, "before")
    yield project, process
    process.kill()


@pytest.fixture(scope="module")
def undisturbed(ingested: Path, dying: Dying, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(copied(ingested, tmp_path_factory.mktemp("kill") / "undisturbed"))


@pytest.fixture(scope="module")
def expected(undisturbed: Path) -> Tables:
    return rows(undisturbed)


def copied(project: Path, target: Path) -> Path:
    shutil.copytree(project, target)
    return target


def built(project: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "BATCH", killed.BATCH)
        framescope("build", "--project", project)
    return project


def killer(project: Path, stage: str, number: int, when: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.killed", str(project), stage, str(number), when],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def assert_killed(process: subprocess.Popen[bytes]) -> None:
    _, said = process.communicate(timeout=120)
    assert process.returncode in (-9, 137), f"it was not killed: {said.decode()}"


def kill(project: Path, stage: str, number: int, when: str) -> None:
    assert_killed(killer(project, stage, number, when))


def rows(project: Path) -> Tables:
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


def assert_same(project: Path, there: Tables) -> None:
    here = rows(project)
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
    there = what_was_read(ingested)
    read = what_was_read(project)["piece"].height
    assert read < there["piece"].height
    assert (read > 0) == ((number, when) != (1, "before"))
    framescope("ingest", project / "some.jsonl", "--project", project)
    here = what_was_read(project)
    for name, frame in there.items():
        assert frame.height
        assert here[name].equals(frame, null_equal=True), name


def what_was_read(project: Path) -> Tables:
    """Pieces and the ledger, but for keys, which a sequence gives and never twice."""
    with tables(project / "corpus.duckdb") as stored:
        found = {
            name: stored[name].select(pl.exclude("piece_key", "file_key", "path", "started_at"))
            for name in ("piece", "problem", "duplicate_row", "source_file")
        }
    return {name: frame.sort(frame.columns) for name, frame in found.items()}


@pytest.mark.parametrize(("stage", "number", "when"), MOMENTS)
def test_a_killed_stage_goes_on(
    ingested: Path, expected: Tables, tmp_path: Path, stage: str, number: int, when: str
) -> None:
    project = copied(ingested, tmp_path / "project")
    kill(project, stage, number, when)
    assert builds.current(project / "builds") is None
    assert_same(built(project), expected)


def test_killed_with_its_topics_unsaved_it_goes_on(dying: Dying, expected: Tables) -> None:
    project, process = dying
    assert_killed(process)
    with tables(project / "corpus.duckdb") as stored:
        assert not stored["piece_topic"].height
        assert stored["piece_frame"].height
    assert_same(built(project), expected)


def test_killed_with_every_stage_done_and_no_build_yet(
    undisturbed: Path, expected: Tables, tmp_path: Path
) -> None:
    project = copied(undisturbed, tmp_path / "project")
    shutil.rmtree(project / "builds")
    kill(project, "publish", 1, "before")
    assert builds.current(project / "builds") is None
    assert_same(built(project), expected)


@pytest.mark.parametrize(("stage", "number", "when"), PUBLISHING)
def test_killed_while_publishing_readers_keep_the_old_build(
    undisturbed: Path, expected: Tables, tmp_path: Path, stage: str, number: int, when: str
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
    assert is_whole(after.search)
    assert not list((project / "builds").glob(".*"))
    assert_same(project, expected)
