"""Fixtures that several folders use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

# A Python told to write no bytecode compiles all that it imports, in each process of the tests.
if sys.dont_write_bytecode:
    sys.pycache_prefix = str(Path(__file__).resolve().parents[1] / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    del os.environ["PYTHONDONTWRITEBYTECODE"]

from hypothesis import settings

from analysis.coding.ledger import open_ledger
from analysis.coding.sampling import Request
from analysis.estimates import Evidence, gather
from analysis.project import open_project
from analysis.reads import Build, open_current
from tests.support.coded import coded_copy
from tests.support.demo import make_demo

# How long an example takes says more of what else the machine does; benches measure time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def demo_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The teaching corpus, built once; nobody writes to it."""
    return make_demo(tmp_path_factory.mktemp("demo") / "project")


@pytest.fixture(scope="session")
def coded_project(demo_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The teaching corpus with a sample that was coded; nobody writes to it."""
    root = tmp_path_factory.mktemp("coded") / "project"
    coded_copy(demo_project, root, Request(budget=300, overlap=0.3, name="s1"), errors=0.02)
    return root


@pytest.fixture(scope="session")
def sampled_project(demo_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The teaching corpus with fewer codes, so that small domains borrow; nobody writes to it."""
    root = tmp_path_factory.mktemp("sampled") / "project"
    coded_copy(demo_project, root, Request(budget=220, overlap=0.3), errors=0.02)
    return root


@pytest.fixture(scope="session")
def build(demo_project: Path) -> Iterator[Build]:
    """The teaching corpus' build, without codes."""
    with closing(open_current(open_project(demo_project))) as opened:
        yield opened


@pytest.fixture(scope="session")
def sampled_build(sampled_project: Path) -> Iterator[Build]:
    with closing(open_current(open_project(sampled_project))) as opened:
        yield opened


@pytest.fixture(scope="session")
def evidence(sampled_project: Path, sampled_build: Build) -> Evidence:
    """The codes of `sampled_project`."""
    found = gather(sampled_build, open_ledger(sampled_project))
    assert found is not None
    return found


MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def own_main() -> None:
    """AppTest leaves a view's script as the main module, which new processes would then run."""
    sys.modules["__main__"] = MAIN
