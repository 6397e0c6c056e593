"""The command line: every command is helped and documented, and progress keeps off stdout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.cli import main
from tests.support.demo import framescope

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_helped_and_documented(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0
    assert main.commands[name].help
    assert f"framescope {name}" in README


def test_the_readme_shows_the_two_commands() -> None:
    assert "pip install uv && uv run framescope demo" in README
    assert "pip install uv && uv run pytest" in README


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    for group in (project["project"]["dependencies"], project["dependency-groups"]["dev"]):
        for dependency in group:
            line = next(line for line in text.splitlines() if f'"{dependency}"' in line)
            assert "# " in line, line


def test_results_are_alone_on_stdout(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "a", "title": "Vote", "text": "The city voted."}\n', encoding="utf-8")
    framescope("init", tmp_path / "p")
    assert json.loads(framescope("ingest", rows, "--project", tmp_path / "p", "--json"))
    assert json.loads(framescope("status", "--project", tmp_path / "p", "--json"))["pieces"] == 1
    out = tmp_path / "out.csv"
    assert json.loads(framescope("label", rows, "--out", out, "--json"))["pieces"] == 1
    assert json.loads(framescope("doctor", "--project", tmp_path / "p", "--json"))


def test_a_closed_pipe_is_no_fault(tmp_path: Path) -> None:
    framescope("init", tmp_path / "p")
    command = f"{sys.executable} -c 'from analysis.cli import main; main()' doctor | true"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("environment", [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"HOME": ""}])
def test_names_beyond_ascii_in_a_poor_environment(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    folder = tmp_path / "Düsseldorf 東京"
    folder.mkdir()
    rows = folder / "Zeitung ü.jsonl"
    rows.write_text('{"title": "Wahl in Köln", "text": "Über alles."}\n', encoding="utf-8")
    for words in (
        ["init", "p"],
        ["ingest", rows.name, "--project", "p"],
        ["status", "--project", "p"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", "from analysis.cli import main; main()", *words],
            cwd=folder,
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
