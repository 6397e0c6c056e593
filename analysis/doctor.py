"""Checks the installation and a project, and says what to do about each fault."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import FramescopeError
from analysis.project import DATA, open_project
from analysis.store import builds, open_build, open_corpus

FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Check:
    """One finding: `ok`, what was looked at, and what to do when it is not ok."""

    ok: bool
    what: str
    remedy: str = ""


def examine(root: Path | None) -> list[Check]:
    """All checks that apply: the installation, and the project when a folder is given."""
    checks = [_python(), *_packages(), _data(), _embeddings()]
    if root is not None:
        checks += _project(root)
    return checks


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check(sys.version_info >= (3, 11), f"Python {version}", "install Python 3.11 or newer")


def _packages() -> list[Check]:
    missing = []
    for name in (
        "duckdb",
        "polars",
        "sklearn",
        "bertopic",
        "umap",
        "hdbscan",
        "streamlit",
        "plotly",
    ):
        if importlib.util.find_spec(name) is None:
            missing.append(name)
    text = "all packages are installed" if not missing else f"missing: {', '.join(missing)}"
    return [Check(not missing, text, "run: uv sync")]


def _data() -> Check:
    wanted = ("codebook.toml", "demo/pieces.jsonl", "models/frames/model.json")
    gone = [name for name in wanted if not (DATA / name).is_file()]
    text = "bundled data is complete" if not gone else f"bundled data lacks {', '.join(gone)}"
    return Check(not gone, text, "install Framescope again")


def _embeddings() -> Check:
    from analysis.corpus.embeddings import DIMENSIONS, embed

    shape = embed(["a sentence"]).shape
    return Check(shape == (1, DIMENSIONS), "embeddings load offline", "run: uv sync --reinstall")


def _project(root: Path) -> list[Check]:
    checks: list[Check] = []

    def attempt(what: str, action: Callable[[], str]) -> bool:
        try:
            checks.append(Check(True, f"{what}: {action()}"))
        except FramescopeError as error:
            checks.append(Check(False, f"{what}: {error.what}", error.remedy))
            return False
        return True

    if not attempt("settings", lambda: open_project(root).settings.name):
        return checks
    project = open_project(root)
    free = shutil.disk_usage(root).free
    checks.append(
        Check(free > FREE_BYTES, f"{free / 1e9:.1f} GB free on the disk", "free at least 1 GB")
    )
    attempt("corpus", lambda: _corpus_state(project.corpus_path))
    attempt("builds", lambda: _build_state(project.builds))
    return checks


def _corpus_state(path: Path) -> str:
    if not path.is_file():
        return "empty; run 'framescope ingest'"
    with open_corpus(path) as corpus:
        twice = corpus.read("piece_ids_unique").height
        uneven = corpus.read("rows_accounted").height
        if twice or uneven:
            raise FramescopeError(
                f"{twice} ids stand twice, {uneven} files do not add up",
                where=str(path),
                remedy="keep the file, and ingest the sources into a new project",
            )
        state = corpus.read("corpus_state").row(0, named=True)
    return f"{state['pieces']:,} pieces, ids unique, every row accounted for"


def _build_state(folder: Path) -> str:
    ref = builds.current(folder)
    if ref is None:
        return "none yet; run 'framescope build'"
    with open_build(ref.path) as build:
        build.read("meta")
    return f"current build {ref.id} opens"
