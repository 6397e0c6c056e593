"""What each room may know of the others, looked at in fresh interpreters."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCREEN = {"streamlit", "plotly"}
ENGINE = {"bertopic", "umap", "hdbscan", "sklearn"}


def modules(folder: str) -> list[str]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return [name.removesuffix(".__init__") for name in names]


def culprits(names: list[str], forbidden: set[str]) -> list[list[str]]:
    """Which of the modules, imported one after the other, brought a forbidden package."""
    code = (
        "import importlib, json, sys\n"
        "forbidden, names = set(json.loads(sys.argv[1])), json.loads(sys.argv[2])\n"
        "seen, found = set(), []\n"
        "for name in names:\n"
        "    importlib.import_module(name)\n"
        "    new = {m.split('.')[0] for m in sys.modules} & forbidden - seen\n"
        "    seen |= new\n"
        "    found += [[name, package] for package in sorted(new)]\n"
        "print(json.dumps(found))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(sorted(forbidden)), json.dumps(names)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_the_core_never_loads_the_screen() -> None:
    assert not culprits(modules("analysis") + modules("queries"), SCREEN)


def test_a_culprit_is_named() -> None:
    assert culprits(["analysis.errors", "dashboard.blocks"], SCREEN) == [
        ["dashboard.blocks", "plotly"],
        ["dashboard.blocks", "streamlit"],
    ]


def test_readers_never_load_the_engine() -> None:
    light = [
        *modules("analysis/coding"),
        *modules("analysis/measure"),
        *modules("analysis/store"),
        "analysis.reads",
        "analysis.project",
        "analysis.report.exports",
        "analysis.cli",
        *modules("dashboard"),
    ]
    light.remove("dashboard.app")  # it runs when it is imported
    assert not culprits(light, {*ENGINE, "wordllama", "torch"})


def test_only_topics_loads_bertopic() -> None:
    others = [name for name in modules("analysis") if not name.startswith("analysis.topics")]
    assert not culprits(others, {"bertopic", "umap", "hdbscan"})


def test_the_screen_never_imports_the_engine_room() -> None:
    for path in (ROOT / "dashboard").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            roots = {name.split(".")[0] for name in names}
            assert not roots & {*ENGINE, "duckdb", "pandas"}, path


def test_only_the_store_imports_duckdb() -> None:
    for path in (ROOT / "analysis").rglob("*.py"):
        if "store" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        assert "import duckdb" not in text, path
        assert "from duckdb" not in text, path


def test_nothing_unpickles() -> None:
    for folder in ("analysis", "dashboard", "queries"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    named = {alias.name for alias in node.names} | {getattr(node, "module", "")}
                    assert not named & {"pickle", "joblib", "dill", "shelve", "marshal"}, path


@pytest.mark.parametrize(
    "name", ["README.md", "LICENSE", "pyproject.toml", "streamlit_config.toml"]
)
def test_the_top_level_is_as_agreed(name: str) -> None:
    assert (ROOT / name).is_file()
