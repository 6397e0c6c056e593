"""Bad input of every kind: one clear message or an account of each row, and nothing is lost."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analysis.cli import main
from analysis.ingest import ingest
from analysis.project import init, open_project
from analysis.sources import REASONS
from analysis.store import Database, open_corpus
from dashboard.scope import SWITCHES, Choices, Link, parse
from tests.support.codings import made_ledger
from tests.support.demo import framescope, tables
from tests.unit import bad_input
from tests.unit.bad_input.edge import ROWS, Case
from tests.unit.bad_input.environment import Surroundings
from tests.unit.bad_input.files import GOOD
from tests.unit.bad_input.files import Case as FileCase

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = os.name == "nt"
NOBODY = 65534

Process = subprocess.CompletedProcess[bytes]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project without pieces."""
    root = tmp_path_factory.mktemp("files") / "project"
    with open_corpus(init(root).corpus_path):
        return root


@pytest.mark.parametrize("case", bad_input.FILES, ids=lambda case: case.name)
def test_file(case: FileCase, empty: Path, tmp_path: Path) -> None:
    project = open_project(Path(shutil.copytree(empty, tmp_path / "project")))
    path = case.make(tmp_path)
    with open_corpus(project.corpus_path) as corpus:
        (report,) = ingest(project, corpus, [path], **case.options)
        if case.error:
            assert report.error is not None, report.lines()
            assert case.error in str(report.error)
            assert report.error.where == str(path)
            assert report.error.remedy
            return
        assert report.error is None, str(report.error)
        assert report.balanced
        assert report.refusals == case.refused
        assert report.accepted == case.accepted
        assert report.duplicates == case.duplicates
        assert report.refused == sum(case.refused.values())
        assert set(report.notices) == case.notices
        assert corpus.read("unaccounted_rows", file_key=None).is_empty()
        if case.accepted:
            assert GOOD in _titles(corpus)


def _titles(corpus: Database) -> list[str]:
    keys = corpus.read("pending_pieces", stage="none", version="0")["piece_key"].to_list()
    return corpus.read("piece_texts", keys=keys)["title"].to_list()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with rows.jsonl, and a project that holds them, is built, and has codes."""
    folder = tmp_path_factory.mktemp("edges")
    (folder / "rows.jsonl").write_text(ROWS, encoding="utf-8")
    framescope("init", folder / "project")
    framescope("ingest", folder / "rows.jsonl", "--project", folder / "project")
    framescope("build", "--project", folder / "project")
    made_ledger(folder / "project")
    return folder


@pytest.fixture
def here(template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the template that any user may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = Path(shutil.copytree(template, Path(name).resolve() / "here"))
        monkeypatch.chdir(folder)
        yield folder
        monkeypatch.undo()


@pytest.mark.parametrize("case", bad_input.EDGES, ids=lambda case: case.name)
def test_edge(case: Case, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if WINDOWS and (case.user or case.space or "/dev/" in case.words):
        pytest.skip("of Unix only")
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    if case.make:
        case.make(here)
    before = _stored(here)
    with _room(case.space), _rights(case.user, here):
        done = CliRunner().invoke(main, case.arguments)
    _check_message(case, done)
    assert _stored(here) == before


def _check_message(case: Case, done: Result) -> None:
    assert isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code == case.code, done.output
    said = " ".join(done.stderr.split())
    assert said.count("Error") == 1, said
    assert case.says in said
    assert case.where in said
    assert "What to do:" in said or (case.code == 2 and "--help' for help" in said)
    assert "Traceback" not in done.output


@contextmanager
def _room(space: int | None) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    if space is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (space, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _rights(limited: bool, folder: Path) -> Iterator[None]:
    """Without the rights of root, who may write everywhere."""
    if not limited or os.geteuid() != 0:
        yield
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def _stored(folder: Path) -> dict[str, str]:
    """Everything in the folder by name; a good corpus by its pieces, for its pages may move."""
    corpus = folder / "project" / "corpus.duckdb"
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        # Of SQLite: the index of a log, and a log that holds nothing.
        idle = path.name.endswith("-shm") or (
            path.name.endswith("-wal") and not path.stat().st_size
        )
        if path.is_file() and path != corpus and path.suffix != ".wal" and not idle:
            found[str(path.relative_to(folder))] = _digest(path)
    if corpus.is_file() and (pieces := _pieces(corpus)):
        found["pieces"] = pieces
    return found


_KNOWN: dict[str, str] = {}


def _pieces(corpus: Path) -> str:
    """The pieces as text, or the file's digest where it is no corpus."""
    digest = _digest(corpus)
    if digest not in _KNOWN:
        whole = corpus.read_bytes()[8:12] == b"DUCK" and corpus.stat().st_size > 500_000
        if whole:
            with tables(corpus) as stored:
                pieces = stored["piece"]
                _KNOWN[digest] = pieces.write_csv() if pieces.height else ""
        else:
            _KNOWN[digest] = digest
    return _KNOWN[digest]


def _digest(path: Path) -> str:
    if not os.access(path, os.R_OK):
        return "shut"
    about = path.stat()
    if about.st_size > 1_000_000:
        # A write shows in its time; to read databases again and again would take most of the run.
        return f"{about.st_size} {about.st_mtime_ns}"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_port_that_is_taken(here: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = f"serve --project project --port {port}"
        done = CliRunner().invoke(main, words.split())
        _check_message(Case("port taken", words, f"port {port} can't be used"), done)


def test_lost_builds_are_made_again_and_codes_stay(here: Path) -> None:
    shutil.rmtree(here / "project" / "builds")
    before = _stored(here)
    assert "Published build" in framescope("build", "--project", "project")
    after = _stored(here)
    assert {name: after[name] for name in before} == before


def test_bad_rows_cost_label_no_good_ones(here: Path) -> None:
    good = '{"id": "%s", "title": "T", "text": "Some text."}\n'
    lines = [
        "x\n",
        good % "a",
        "[1]\n",
        good % "a",
        '{"id": "\\ud800", "title": "T", "text": "\\ud800"}\n',
    ]
    (here / "mixed.jsonl").write_text("".join(lines), encoding="utf-8")
    done = CliRunner().invoke(main, ["label", "mixed.jsonl", "--out", "out.jsonl"])
    assert done.exit_code == 0, done.output
    assert len((here / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    for told in ("2 rows could not be read", "row 4: id_repeated", "row 1: bad_json"):
        assert told in done.stdout


CHOICES = Choices(("Herald", "Vóz"), ("t1", "unassigned"), ("safety", "trust"), None, None)
GOOD_LINK = {"outlet": ["Herald"], "topic": ["t1"], "frame": ["trust"]}


@pytest.mark.parametrize("case", bad_input.LINKS, ids=lambda case: case.name)
def test_link(case: bad_input.links.Link) -> None:
    good = GOOD_LINK.get(case.key, [])
    found = parse({**GOOD_LINK, case.key: [*good, case.value]}, CHOICES)
    assert len(found.notices) == 1
    assert case.says in found.notices[0]
    assert len(found.notices[0]) < 200
    assert found.notices[0].isprintable()
    assert {"outlet": found.outlets, "topic": found.topics, "frame": found.frames} == GOOD_LINK
    assert found.day_from is None
    assert found.day_to is None
    assert found.switches == {key: options[0] for key, options in SWITCHES.items()}


@pytest.mark.parametrize("value", bad_input.NUMBERS, ids=lambda value: repr(value)[:20])
def test_number_in_a_link(value: str) -> None:
    link = object.__new__(Link)
    link.params, link.notices = {"page": [value]}, []
    assert link.number("page", 0, 50) is None
    assert link.notices == ["The link's “page” is not a number from 0 to 50."]


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Process]:
    """What became of each process; they run beside each other."""
    folders = {case.name: tmp_path_factory.mktemp("env") for case in bad_input.ENVIRONMENTS}
    with ThreadPoolExecutor(4) as pool:
        ended = pool.map(lambda case: _run(case, folders[case.name]), bad_input.ENVIRONMENTS)
        return dict(zip(folders, ended, strict=True))


def _run(case: Surroundings, folder: Path) -> Process:
    wanted = {**os.environ, "PYTHONPATH": str(ROOT), **case.environment}
    program = f"{sys.executable} -c 'from analysis.cli import main; main()'"
    return subprocess.run(
        ["/bin/sh", "-c", f"{case.before} {program} {case.words} {case.after}"],
        cwd=folder,
        env={name: value for name, value in wanted.items() if value is not None},
        capture_output=True,
        check=False,
    )


@pytest.mark.skipif(WINDOWS, reason="needs sh")
@pytest.mark.parametrize("case", bad_input.ENVIRONMENTS, ids=lambda case: case.name)
def test_environment(case: Surroundings, processes: dict[str, Process]) -> None:
    done = processes[case.name]
    said = done.stderr.decode("utf-8", "replace")
    assert done.returncode == case.code, said
    assert "Traceback" not in said
    assert case.says in said
    if not case.code:
        assert not said.strip()


def test_every_reason_of_the_table_is_documented() -> None:
    used = {reason for case in bad_input.FILES for reason in {*case.refused, *case.notices}}
    assert used <= set(REASONS)


def test_there_are_hundreds_of_kinds() -> None:
    kinds = [*bad_input.FILES, *bad_input.EDGES, *bad_input.LINKS, *bad_input.ENVIRONMENTS]
    names = [case.name for case in kinds]
    assert len(set(names)) == len(names)
    assert len(names) + len(bad_input.NUMBERS) > 400
