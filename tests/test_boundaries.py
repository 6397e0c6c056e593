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


# Which top-level packages each module brought, imported one after the other.
WATCH = """
import importlib, json, sys
brought, seen = {}, set()
for name in sys.argv[1:]:
    importlib.import_module(name)
    now = {module.split(".")[0] for module in sys.modules}
    brought[name] = sorted(now - seen)
    seen = now
print(json.dumps(brought))
"""

Brought = dict[str, list[str]]


def watched(names: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WATCH, *names],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> Brought:
    said, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    brought: Brought = json.loads(said)
    return brought


def culprits(brought: Brought, forbidden: set[str]) -> list[list[str]]:
    """Which of the modules brought a forbidden package."""
    return [
        [name, package] for name, new in brought.items() for package in new if package in forbidden
    ]


def light() -> list[str]:
    """What the screen reads through."""
    return [
        *modules("analysis/coding"),
        *modules("analysis/measure"),
        *modules("analysis/store"),
        "analysis.reads",
        "analysis.project",
        "analysis.report.exports",
        "analysis.cli",
    ]


def views() -> list[str]:
    # The app runs when it is imported.
    return [name for name in modules("dashboard") if name != "dashboard.app"]


CULPRIT = "dashboard.blocks"


@pytest.fixture(scope="module")
def both() -> tuple[Brought, Brought]:
    """What the core brought, topics last, and what the screen with all that it reads through."""
    core = sorted(
        [*modules("analysis"), *modules("queries")],
        key=lambda name: name.startswith("analysis.topics"),
    )
    screen = list(dict.fromkeys(["analysis.errors", CULPRIT, *light(), *views()]))
    processes = watched(core), watched(screen)
    return told(processes[0]), told(processes[1])


@pytest.fixture(scope="module")
def core(both: tuple[Brought, Brought]) -> Brought:
    return both[0]


@pytest.fixture(scope="module")
def screen(both: tuple[Brought, Brought]) -> Brought:
    return both[1]


def test_the_core_never_loads_the_screen(core: Brought) -> None:
    assert not culprits(core, SCREEN)


def test_a_culprit_is_named(screen: Brought) -> None:
    assert culprits(screen, SCREEN) == [[CULPRIT, "plotly"], [CULPRIT, "streamlit"]]


def test_readers_never_load_the_engine(screen: Brought) -> None:
    assert {*light(), *views()} <= screen.keys()
    assert not culprits(screen, {*ENGINE, "wordllama", "torch"})


def test_only_topics_loads_bertopic(core: Brought) -> None:
    found = culprits(core, {"bertopic", "umap", "hdbscan"})
    assert not [name for name, _ in found if not name.startswith("analysis.topics")]


def test_a_command_starts_without_the_tables() -> None:
    brought = told(watched(["analysis.cli"]))
    assert not culprits(brought, {"duckdb", "polars", "pyarrow", "numpy", "sklearn"})


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
