"""Fixtures of the browser tests: a demo project, the served dashboard, and Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from screen import Screen
from server import Server, framescope

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; skips without it unless FRAMESCOPE_BROWSER_REQUIRED=1."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        said = f"none of {', '.join(NAMES)} is on the path"
        if os.environ.get("FRAMESCOPE_BROWSER_REQUIRED") == "1":
            pytest.fail(f"FRAMESCOPE_BROWSER_REQUIRED=1, but {said}")
        pytest.skip(said)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_project(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The teaching corpus, built; or the folder that FRAMESCOPE_DEMO_PROJECT names."""
    named = os.environ.get("FRAMESCOPE_DEMO_PROJECT")
    if named:
        return Path(named)
    root = tmp_path_factory.mktemp("demo") / "project"
    framescope("demo", "--no-serve", "--project", str(root))
    return root


@pytest.fixture(scope="session")
def demo(demo_project: Path) -> Iterator[Server]:
    """The dashboard over the teaching corpus."""
    with Server(demo_project) as server:
        yield server


@pytest.fixture
def new_screen(chromium: Browser) -> Iterator[Callable[..., Screen]]:
    """Makes screens, each in a browser context of its own; closes them after the test."""
    contexts = []

    def make(server: Server, **options: Any) -> Screen:
        context = chromium.new_context(
            **{
                "viewport": {"width": 1280, "height": 900},
                "color_scheme": "light",
                "accept_downloads": True,
                "reduced_motion": "reduce",
                **options,
            }
        )
        contexts.append(context)
        return Screen(context.new_page(), server.url)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def screen(demo: Server, new_screen: Callable[..., Screen]) -> Screen:
    """A fresh browser window on the teaching corpus."""
    return new_screen(demo)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
