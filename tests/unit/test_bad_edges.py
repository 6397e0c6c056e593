"""Every wrong setting, folder, option and codebook gets one clear message and loses nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.cli import main
from tests.support.demo import framescope, tables
from tests.unit import bad_input
from tests.unit.bad_edges import CASES, ROWS, Case

# As root every folder can be written.
NEEDS_RIGHTS = {"project: in a shut folder"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with rows.jsonl and a built project that holds them."""
    folder = tmp_path_factory.mktemp("edges")
    (folder / "rows.jsonl").write_text(ROWS, encoding="utf-8")
    framescope("init", folder / "project")
    framescope("ingest", folder / "rows.jsonl", "--project", folder / "project")
    framescope("build", "--project", folder / "project")
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_edge(
    case: Case, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    shutil.copytree(template, folder)
    if case.make:
        case.make(folder)
    if case.name in NEEDS_RIGHTS and _writable(folder / "shut"):
        pytest.skip("this user may write everywhere")
    before = _stored(folder)
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(main, case.words.split())
    assert done.exit_code == case.code, (done.output, done.exception)
    assert isinstance(done.exception, SystemExit)
    said = " ".join(done.stderr.split())
    assert case.says in said
    assert "Traceback" not in done.output
    assert said.count("Error") == 1
    if case.code == 1:
        assert "What to do:" in said
    assert _stored(folder) == before
    assert not list(folder.glob("*.part"))


def _writable(folder: Path) -> bool:
    try:
        (folder / "probe").touch()
    except OSError:
        return False
    return True


def _stored(folder: Path) -> dict[str, bytes]:
    """Everything in the folder by name; the database by its pieces, for its log moves."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".duckdb" not in path.suffixes and path.suffix != ".wal"
    }
    corpus = folder / "project" / "corpus.duckdb"
    if corpus.is_file() and corpus.read_bytes()[8:12] == b"DUCK" and corpus.stat().st_size > 50_000:
        with tables(corpus) as stored:
            found["pieces"] = stored["piece"].write_csv().encode()
    return found


def test_there_are_a_hundred_kinds() -> None:
    names = [case.name for case in [*CASES, *bad_input.CASES]]
    assert len(set(names)) == len(names) > 200
