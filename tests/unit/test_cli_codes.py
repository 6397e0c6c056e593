"""Human coding from the command line."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from analysis.cli import main
from analysis.coding.ledger import open_ledger
from analysis.coding.seen import show_labels
from analysis.coding.sessions import Desk, Marks
from tests.support.codings import FRAMES, add_sample
from tests.support.demo import framescope

ROWS = """\
{"id": "a", "title": "Police vote", "text": "The chief said so. Nobody answered."}
{"id": "b", "title": "[red]Council[/]", "text": "The council met. It was short."}
{"id": "c", "title": "Budget", "text": "Money was short."}
"""
IDS = ["safety", "civil_rights", "profiling", "trust"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("codes") / "project"
    framescope("init", root)
    (root / "rows.jsonl").write_text(ROWS, encoding="utf-8")
    framescope("ingest", root / "rows.jsonl", "--project", root)
    framescope("build", "--project", root)
    add_sample(open_ledger(root), pieces=["a", "b", "c"])
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "project"))


def run(*words: str | Path, lines: str = "") -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=lines)


def code(project: Path, lines: str, coder: str = "Ann") -> str:
    done = run("code", "--project", project, "--coder", coder, lines=lines)
    assert done.exit_code == 0, done.output
    return done.stdout


def mine(project: Path, coder: str = "Ann") -> dict[str, Marks]:
    desk = Desk(open_ledger(project), "s1", coder, FRAMES)
    return {one.piece: one.marks for one in desk.mine()}


def present(project: Path) -> dict[str, list[str]]:
    return {
        piece: [frame for frame in IDS if marks.frames[frame]]
        for piece, marks in mine(project).items()
    }


def test_a_sample_is_coded_line_by_line(project: Path) -> None:
    said = code(project, "1 3\nn a thought\n2:0,1 4?\n0\n")
    assert present(project) == {"a": ["safety", "profiling"], "b": ["civil_rights"], "c": []}
    assert mine(project)["b"].frames["trust"] is None
    assert mine(project)["b"].sentences == {"civil_rights": (0, 1)}
    assert mine(project)["b"].note == "a thought"
    assert mine(project)["b"].seconds is not None
    assert "[0] [red]Council[/]" in said
    assert "[1] The council met." in said
    assert "All pieces are coded" in said
    assert "3 of 3 pieces coded" in said


def test_stopping_and_going_on(project: Path) -> None:
    assert "1 of 3 pieces coded" in code(project, "1\nq\n")
    said = code(project, "", "ann")  # the input ends
    assert "Piece 2 of 3" in said
    assert present(project) == {"a": ["safety"]}


def test_undo_offers_what_was_coded(project: Path) -> None:
    said = code(project, "1 2?\nu\nq\n")
    assert "Coded before: 1 2?" in said
    assert present(project) == {}
    code(project, "=\nu\n4\nq\n")
    assert present(project) == {"a": ["trust"]}


def test_what_was_coded_before_a_look_is_not_taken_back(project: Path) -> None:
    code(project, "1\nq\n")
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    show_labels(open_ledger(project), "Ann", {"a": ["a"]}, now)
    said = code(project, "u\n2\nu\nq\n")
    assert "write to whoever leads the coding" in said
    assert present(project) == {"a": ["safety"]}


def test_mistakes_are_told_and_commit_nothing(project: Path) -> None:
    odd = f"\0\n\x1b[2J\n{'9' * 5000}\n1:\n1:,\n1:1,\n1?:1\n-1\n1.0\n1,2\nyes\n0 0\nn {'x' * 20_000}\n"
    said = code(project, f"5\nx\n1 1\n1:9\n=\n\nu\n{odd}q\n")
    assert "\x1b" not in said
    assert said.count("Not committed") == 17
    for told in (
        "there is no frame 5",
        "'x' is no frame's number",
        "frame 1 is there twice",
        "no sentence 9",
        "no code for",
        "0 for none",
        "nothing to take back",
        "the note has 20,000 characters",
    ):
        assert told in said, told
    assert present(project) == {}


def test_the_codebook_and_the_help_are_at_hand(project: Path) -> None:
    said = code(project, "b\n?\np\nq\n")
    assert "does not count:" in said
    assert "you can't decide" in said
    assert said.count("Police vote") == 2


def test_a_sheet_goes_out_and_comes_back(project: Path) -> None:
    out = project / "sheet.csv"
    done = run("codes", "export", "--project", project, "--coder", "Ann", "--out", out)
    assert done.exit_code == 0, done.output
    assert "3 pieces written" in done.stdout
    table = pl.read_csv(out, infer_schema=False)
    assert table.columns[:4] == ["piece", "title", "text", "safety"]
    filled = table.with_columns(pl.lit("0").alias(frame) for frame in IDS)
    filled.head(2).write_csv(out)
    words = ["codes", "import", out, "--project", project, "--sample", "s1", "--coder", "Ann"]
    assert "2 codings taken in" in run(*words).stdout
    assert '"same": 2' in run(*words, "--json").stdout
    assert present(project) == {"a": [], "b": []}


def test_a_sheet_can_hold_its_pieces(project: Path) -> None:
    out = project / "sheet.csv"
    words = ["codes", "export", "--project", project, "--coder", "Ann", "--out", out]
    run(*words, "--most", "2", "--hold-days", "2")
    assert pl.read_csv(out)["piece"].to_list() == ["a", "b"]
    assert "Others hold the last 2 pieces." in code(project, "0\n", "Ben")


def test_a_backup_goes_out_and_comes_back(project: Path) -> None:
    code(project, "1:1\n2\nu\nq\n")
    out = project / "backup.csv"
    assert (
        "2 codings" in run("codes", "export", "--project", project, "--done", "--out", out).stdout
    )
    before = mine(project)
    (project / "codings.sqlite").unlink()
    words = ["codes", "import", out, "--project", project, "--sample", "s1"]
    assert "2 codings taken in" in run(*words).stdout
    assert mine(project) == before


def test_agreement_of_what_was_coded(project: Path) -> None:
    add_sample(open_ledger(project), "s2", ["a", "b", "c"], overlap=["a", "b", "c"])
    for coder, lines in [("Ann", "1\n1 2?\n0\n"), ("Ben", "1\n2\n0\n")]:
        words = ["code", "--project", project, "--sample", "s2", "--coder", coder]
        assert run(*words, lines=lines).exit_code == 0
    done = run("agreement", "--project", project, "--sample", "s2", "--json")
    found = json.loads(done.stdout)
    assert [row["frame"] for row in found["frames"]] == IDS
    alphas = {row["frame"]: row["alpha"] for row in found["frames"]}
    # Of the codes 1 1, 1 0, 0 0: alpha is 1 - 5 * 2 / (2 * 3 * 3).
    assert alphas["safety"] == pytest.approx(4 / 9)
    assert [row["units"] for row in found["frames"]] == [3, 2, 3, 3]
    assert found["notices"] == ["1 times a coder can't decide, which is left out"]
    told = run("agreement", "--project", project, "--sample", "s2", "--frames", "trust").stdout
    assert "Agreement before discussion" in told
    assert "safety" not in told


FAULTS = {
    "agreement on nothing": ("agreement --sample s1", "nothing is coded in the sample", 1),
    "agreement of both": ("agreement o.csv", "either a file of codes or a project", 2),
    "agreement on no frame": ("agreement --frames mood", "no frame 'mood'", 2),
    "agreement by levels": ("agreement --level ordinal", "are for files", 2),
    "no such sample": ("code --coder Ann --sample s9", "no sample 's9'", 1),
    "no coder": ("code", "--coder", 2),
    "a name of nothing": ("code --coder=", "name is empty", 1),
    "a sheet of nobody": ("codes export --out o.csv", "add --coder", 2),
    "to no kind known": ("codes export --done --out o.docx", "o.docx", 2),
    "to no folder": ("codes export --done --out none/o.csv", "the folder is not there", 2),
    "of no file": ("codes import none.csv --sample s1 --coder A", "no such file", 1),
    "of a folder": ("codes import . --sample s1 --coder A", "can't be read", 1),
    "of the ledger": ("codes import project/codings.sqlite --sample s1 --coder A", "SQLite", 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_mistakes_at_the_command_line(
    project: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, said, status = FAULTS[fault]
    monkeypatch.chdir(project.parent)
    done = run(*words.split(), "--project", "project")
    assert done.exit_code == status, done.output
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.output


def test_several_samples_and_none(project: Path) -> None:
    add_sample(open_ledger(project), "s2", ["a"])
    done = run("code", "--project", project, "--coder", "Ann")
    assert "add --sample with one of: s2, s1" in done.stderr
    (project / "codings.sqlite").unlink()
    done = run("code", "--project", project, "--coder", "Ann")
    assert "there is no sample yet" in done.stderr


def test_a_piece_that_left_the_corpus(project: Path) -> None:
    add_sample(open_ledger(project), "s2", ["gone"])
    words = ["--project", project, "--sample", "s2", "--coder", "Ann"]
    for command in (["code"], ["codes", "export", "--out", project / "o.csv"]):
        done = run(*command, *words)
        assert done.exit_code == 1
        assert "'gone'" in done.stderr
