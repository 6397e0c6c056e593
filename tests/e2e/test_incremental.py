"""A build does what is out of date and nothing else, and ends where one from nothing would."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analysis.corpus import embeddings, sentences
from analysis.project import open_project
from analysis.reads import Build, Scope, open_current
from analysis.store import builds
from tests.support.demo import framescope, ingest_lines, make_project, piece_lines, tables

ROWS = 160
# Rows that come later: every tenth, of which some are copies of rows that came at first.
LATER = range(6, ROWS, 10)
BY_PIECE = [
    "sentence",
    "embedding",
    "signature",
    "sentence_frame",
    "piece_frame",
    "piece_topic",
    "topic",
]
COPIES = ["copy_pair", "copy_member"]


def ingest(project: Path, name: str, rows: Iterable[int]) -> None:
    lines = piece_lines()
    ingest_lines(project, name, (lines[row] for row in rows))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project of the rows that came first; nobody writes to it."""
    project = make_project(tmp_path_factory.mktemp("incremental") / "first")
    ingest(project, "first", [row for row in range(ROWS) if row not in LATER])
    framescope("build", "--project", project)
    return project


@pytest.fixture
def project(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "project"))


def corpus(project: Path) -> dict[str, pl.DataFrame]:
    with tables(project / "corpus.duckdb") as stored:
        return dict(stored)


def current(project: Path) -> str:
    ref = builds.current(project / "builds")
    assert ref is not None
    return ref.id


def opened(project: Path) -> Build:
    return open_current(open_project(project))


def ordered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort([name for name, kind in frame.schema.items() if not kind.is_nested()])


def assert_same_rows(
    here: dict[str, pl.DataFrame], there: dict[str, pl.DataFrame], names: Sequence[str]
) -> None:
    """To the last bit: these rows were not made again."""
    for name in names:
        assert ordered(here[name]).equals(ordered(there[name]), null_equal=True), name


def runs_since(before: dict[str, pl.DataFrame], after: dict[str, pl.DataFrame]) -> dict[str, int]:
    """Pieces of each stage that ran."""
    new = after["run"].join(before["run"], on="run_id", how="anti")
    assert new["ended_at"].null_count() == 0
    return dict(new.select("stage", "pieces").iter_rows())


def edit(project: Path, old: str, new: str) -> None:
    file = project / "framescope.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_with_nothing_new_a_build_does_nothing(project: Path) -> None:
    before, build_id = corpus(project), current(project)
    started = time.perf_counter()
    said = framescope("build", "--project", project)
    assert time.perf_counter() - started < 5
    assert build_id in said
    assert current(project) == build_id
    assert len(list((project / "builds").glob("*.duckdb"))) == 1
    assert_same_rows(corpus(project), before, list(before))


def test_a_file_read_before_is_nothing_new(project: Path) -> None:
    build_id = current(project)
    framescope("ingest", project / "first.jsonl", "--project", project)
    framescope("build", "--project", project)
    assert current(project) == build_id


def test_added_pieces_alone_are_worked_on(project: Path, tmp_path: Path) -> None:
    before = corpus(project)
    reader = opened(project)
    items = reader.totals(Scope()).items
    ingest(project, "later", LATER)
    framescope("build", "--project", project)
    after = corpus(project)

    old = before["piece"]["piece_key"].implode()
    kept = {
        name: after[name].filter(pl.col("piece_key").is_in(old))
        for name in BY_PIECE
        if name != "topic"
    }
    assert_same_rows({**kept, "topic": after["topic"]}, before, BY_PIECE)
    stages = ("sentences", "terms", "embeddings", "copies", "stories", "frames", "voices")
    assert runs_since(before, after) == dict.fromkeys(stages, len(LATER))
    assert after["piece_topic"].height == after["piece"].height == ROWS
    shown = opened(project)
    assert shown.totals(Scope()).items == ROWS
    shown.close()
    # Whoever reads the old build goes on reading it.
    assert reader.totals(Scope()).items == items == ROWS - len(LATER)
    reader.close()

    whole = make_project(tmp_path / "whole")
    ingest(whole, "whole", range(ROWS))
    framescope("build", "--project", whole)
    assert_ends_alike(after, corpus(whole))


def assert_ends_alike(here: dict[str, pl.DataFrame], there: dict[str, pl.DataFrame]) -> None:
    """All but topics, whose fit saw fewer pieces, is as if the pieces had come at once."""
    for name in ["sentence", "embedding", "signature", "sentence_frame", "piece_frame"]:
        assert_frame_equal(by_id(name, here), by_id(name, there), abs_tol=1e-5)
    assert pairs(here) == pairs(there)
    assert partition(here) == partition(there)
    last_file = here["piece"].filter(pl.col("file_key") == here["piece"]["file_key"].max())
    later = set(last_file["id"])
    assert any(len(pair & later) == 1 for pair in pairs(here)), "no copy came later"


def by_id(name: str, stored: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """A table with pieces' ids for their keys, in an order of its own."""
    ids = stored["piece"].select("piece_key", "id")
    return ordered(stored[name].join(ids, on="piece_key").drop("piece_key"))


def pairs(stored: dict[str, pl.DataFrame]) -> set[frozenset[str]]:
    """Ids of copies, two by two. Which of a day's is the origin depends on which was read first."""
    ids = dict(stored["piece"].select("piece_key", "id").iter_rows())
    found = stored["copy_pair"].select("left_key", "right_key").iter_rows()
    return {frozenset((ids[left], ids[right])) for left, right in found}


def partition(stored: dict[str, pl.DataFrame]) -> set[frozenset[str]]:
    """Ids of the pieces of each story, whatever its key."""
    members = stored["story_member"].join(stored["piece"].select("piece_key", "id"), on="piece_key")
    return {
        frozenset(ids)
        for (ids,) in members.group_by("story_key").agg("id").select("id").iter_rows()
    }


def test_topics_are_fitted_again_when_the_corpus_has_outgrown_them(project: Path) -> None:
    before = corpus(project)
    ingest(project, "more", range(ROWS, ROWS + 60))
    framescope("build", "--project", project)
    after = corpus(project)
    assert runs_since(before, after)["topics"] == after["piece"].height == ROWS - len(LATER) + 60
    assert after["piece_topic"]["piece_key"].n_unique() == after["piece"].height
    # Topics that are found again keep their keys.
    assert set(before["topic"]["topic_key"]) & set(after["topic"]["topic_key"])


def test_an_alias_and_an_event_are_shown_without_running_a_stage(project: Path) -> None:
    before, build_id = corpus(project), current(project)
    edit(
        project,
        "[aliases]",
        '[[events]]\ndate = 2025-07-04\nlabel = "Another day"\n\n'
        '[aliases]\n"GULF wire Service" = "Große Agentur"',
    )
    framescope("build", "--project", project)
    assert current(project) != build_id
    assert_same_rows(corpus(project), before, list(before))
    shown = opened(project)
    assert "Another day" in shown.events["label"].to_list()
    names = shown.outlets()["outlet"].to_list()
    assert "Große Agentur" in names
    assert "Gulf Wire Service" not in names
    assert shown.totals(Scope()).items == before["piece"].height
    shown.close()


def test_an_alias_is_found_in_any_case_of_any_alphabet(project: Path) -> None:
    names = {"Große Post": "GROSSE POST", "İstanbul Günü": "i\u0307stanbul günü", "ΟΔΟΣ": "οδος"}
    rows = [
        {"id": name, "outlet": name, "title": "A vote", "text": f"{name} on the vote."}
        for name in names
    ]
    ingest_lines(project, "names", [json.dumps(row) + "\n" for row in rows])
    lines = "".join(f'"{spelling}" = "Name {n}"\n' for n, spelling in enumerate(names.values()))
    edit(project, "[aliases]\n", f"[aliases]\n{lines}")
    framescope("build", "--project", project)
    shown = opened(project)
    found = set(shown.outlets()["outlet"])
    shown.close()
    assert found >= {"Name 0", "Name 1", "Name 2"}
    assert not found & set(names)


def test_another_seed_runs_topics_alone(project: Path) -> None:
    before = corpus(project)
    edit(project, "seed = 7", "seed = 8")
    framescope("build", "--project", project)
    after = corpus(project)
    assert runs_since(before, after) == {"topics": before["piece"].height}
    assert_same_rows(after, before, ["sentence", "embedding", "signature", "sentence_frame"])


def test_a_stage_of_another_version_is_done_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, build_id = corpus(project), current(project)
    pieces = before["piece"].height
    monkeypatch.setattr(sentences, "VERSION", f"{sentences.VERSION} and later")
    framescope("build", "--project", project)
    after = corpus(project)
    # What is made on sentences goes with them.
    made_on = ("sentences", "terms", "frames", "voices")
    assert runs_since(before, after) == dict.fromkeys(made_on, pieces)
    assert_same_rows(after, before, [*BY_PIECE, *COPIES])
    assert current(project) != build_id


def test_other_embeddings_take_topics_with_them(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = corpus(project)
    monkeypatch.setattr(embeddings, "VERSION", f"{embeddings.VERSION} and later")
    framescope("build", "--project", project)
    assert set(runs_since(before, corpus(project))) == {"embeddings", "stories", "topics"}


def test_a_build_that_was_thrown_away_is_published_again(project: Path) -> None:
    before = corpus(project)
    shutil.rmtree(project / "builds")
    framescope("build", "--project", project)
    assert_same_rows(corpus(project), before, list(before))
    shown = opened(project)
    assert shown.totals(Scope()).items == before["piece"].height
    shown.close()
