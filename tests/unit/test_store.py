"""The store: own cursors, all-or-nothing writes, readers that are never disturbed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

from analysis.errors import StoreError
from analysis.store import Database, builds, open_build, open_corpus
from tests.support.demo import framescope, make_ingested

ROOT = Path(__file__).resolve().parents[2]
ROWS = 40


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_ingested(tmp_path_factory.mktemp("store") / "project", ROWS)
    framescope("build", "--project", root)
    return root


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(template, tmp_path / "project"))


@pytest.fixture
def corpus(project: Path) -> Iterator[Database]:
    with open_corpus(project / "corpus.duckdb") as database:
        yield database


def test_threads_get_their_own_rows(corpus: Database) -> None:
    keys = corpus.read("pending_pieces", stage="none", version="0")["piece_key"].to_list()

    def ask(number: int) -> bool:
        key = keys[number % len(keys)]
        return corpus.read("piece_texts", keys=[key])["piece_key"].to_list() == [key]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(800)))


def test_a_failed_transaction_leaves_nothing(corpus: Database) -> None:
    before = corpus.read("stage_counts")

    def fail_halfway() -> None:
        with corpus.transaction() as work:
            work.run("forget_stage", stage="sentences", version="other")
            assert not work.read("stage_counts").equals(before)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert corpus.read("stage_counts").equals(before)


def test_a_second_writer_is_told_to_wait(project: Path, corpus: Database) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from analysis.cli import main; main()",
            "build",
            "--project",
            project,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "another Framescope command is working on this project" in " ".join(done.stderr.split())


def test_a_newer_schema_is_refused(project: Path) -> None:
    with open_corpus(project / "corpus.duckdb") as corpus, corpus.transaction() as work:
        work.run("record_migration", number=999, name="of tomorrow")
    with pytest.raises(StoreError, match="schema 999"):
        open_corpus(project / "corpus.duckdb")


def test_a_reader_can_neither_write_nor_read_other_files(project: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    ref = builds.current(project / "builds")
    assert ref is not None
    with open_build(ref.path) as build:
        with pytest.raises(duckdb.Error):
            build._connection.execute("drop table piece")
        with pytest.raises(duckdb.Error, match=r"(?i)disabled|permission|not allowed"):
            build._connection.read_csv(str(tmp_path / "secret.csv")).fetchall()


def rename(project: Path, name: str) -> None:
    settings = project / "framescope.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'name = "{name}"\n' + text.split("\n", 2)[2], encoding="utf-8")
    framescope("build", "--project", project)


def test_a_reader_keeps_its_build_while_others_are_published(project: Path) -> None:
    first = builds.current(project / "builds")
    assert first is not None
    with open_build(first.path) as build:
        pieces = build.read("outlets")
        for number in range(5):
            rename(project, f"Name {number}")
        assert build.read("outlets").equals(pieces)
        assert first.path.is_file()
    now = builds.current(project / "builds")
    assert now is not None
    assert now.id != first.id


def test_three_builds_are_kept(project: Path) -> None:
    for number in range(5):
        rename(project, f"Name {number}")
    kept = sorted((project / "builds").glob("*.duckdb"))
    now = builds.current(project / "builds")
    assert now is not None
    assert len(kept) == builds.KEEP
    assert now.path in kept


def test_nothing_new_publishes_nothing(project: Path) -> None:
    before = builds.current(project / "builds")
    assert "up to date" in framescope("build", "--project", project)
    assert builds.current(project / "builds") == before


def test_new_pieces_leave_the_rows_of_old_ones(project: Path, tmp_path: Path) -> None:
    from tests.support.demo import PIECES, tables

    with tables(project / "corpus.duckdb") as stored:
        before = {name: stored[name] for name in ("sentence", "sentence_frame", "embedding")}
    more = tmp_path / "more.jsonl"
    lines = PIECES.read_text(encoding="utf-8").splitlines(keepends=True)
    more.write_text("".join(lines[ROWS : ROWS + 5]), encoding="utf-8")
    framescope("ingest", more, "--project", project)
    framescope("build", "--project", project)
    with tables(project / "corpus.duckdb") as stored:
        for name, rows in before.items():
            assert stored[name].height > rows.height
            old = stored[name].filter(
                pl.col("piece_key").is_in(rows["piece_key"].unique().implode())
            )
            assert old.sort("piece_key").equals(rows.sort("piece_key"))
        assert stored["piece"].height == ROWS + 5
