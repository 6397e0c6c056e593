"""The coding desk in a browser window: signing in, reading what is on it, and the ledger behind it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect
from screen import Screen

from analysis.coding.ledger import Ledger, open_ledger
from analysis.coding.marks import Coding, coding_of
from tests.support.codings import add_sample

# The desk takes no commit so soon after a piece has come: nobody has read it.
READ = 600


def copied(demo: Path, root: Path, pieces: Sequence[str], **how: Any) -> Path:
    """A copy of a built project with a sample of these pieces, coded in this order."""
    shutil.copytree(demo, root)
    add_sample(open_ledger(root), pieces=pieces, **how)
    return root


def codings(root: Path, coder: str | None = None) -> list[Coding]:
    """What is stored and not taken back, in the order of commits."""
    ledger: Ledger = open_ledger(root)
    rows = ledger.rows("codings", sample="s1", coder=coder, piece=None, coding=None, withdrawn=0)
    return [coding_of(row) for row in rows]


class Desk:
    """A coder at the desk in a window of their own."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.page = screen.page

    def sign_in(self, name: str) -> Desk:
        self.screen.open("code")
        self.name_field.fill(name)
        self.page.get_by_role("button", name="Start coding").click()
        return self.ready()

    def ready(self, number: int | None = None) -> Desk:
        """Waits for a piece, and as long as reading it takes at least."""
        at = "Piece " if number is None else f"Piece {number} of"
        self.page.locator(".number", has_text=at).wait_for()
        expect(self.page.locator(".commit")).to_be_enabled()
        self.page.wait_for_timeout(READ)
        return self

    def finished(self) -> None:
        self.page.get_by_text("Thank you: you have coded").wait_for()

    def press(self, *keys: str) -> Desk:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def saved(self) -> Desk:
        expect(self.page.locator(".desk .state")).to_have_text("Saved")
        return self

    @property
    def name_field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your name")

    def sentence(self, number: int) -> Locator:
        return self.page.locator(f".s[data-sentence='{number}']")

    def frame(self, frame: str) -> Locator:
        return self.page.locator(f".frame[data-frame='{frame}']")

    def tags(self, number: int) -> list[str]:
        return self.sentence(number).locator(".tag").all_inner_texts()

    @property
    def title(self) -> str:
        return self.page.locator(".headline .words").inner_text()

    def states(self) -> dict[str, str]:
        """What the button of each frame says is set."""
        return self.page.locator(".frame").evaluate_all(
            "all => Object.fromEntries(all.map(f => [f.dataset.frame, f.querySelector('.count').textContent]))"
        )
