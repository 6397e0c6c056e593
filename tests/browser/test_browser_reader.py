"""Reading a piece: marks with names, a score that is a sum, and text that never runs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import hostile
import pytest
from desk import Desk
from grid import table
from playwright.sync_api import Browser, expect
from screen import VIEWS, Screen
from server import Server
from test_browser_exports import opened, read_csv, saved

from analysis.coding.ledger import open_ledger
from tests.support.codings import add_sample


@pytest.fixture(scope="module")
def attacked(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard over the hostile corpus."""
    root = tmp_path_factory.mktemp("hostile") / "project"
    hostile.build(root)
    with Server(root) as server:
        yield server


def test_a_piece_has_its_bearing_sentences_marked_and_named(screen: Screen) -> None:
    screen.open("pieces", q="rights were violated", frame="civil_rights")
    screen.page.get_by_test_id("stDataFrame").click(position={"x": 20, "y": 60})
    screen.page.get_by_text("What made a score").wait_for()
    marks = screen.page.locator(".piece .s").evaluate_all(
        """marks => marks.map(mark => {
          const tags = [];
          for (let n = mark.nextElementSibling; n && n.classList.contains('tag'); n = n.nextElementSibling) tags.push(n);
          const style = getComputedStyle(mark);
          return { text: mark.innerText, line: style.textDecorationLine, colour: style.textDecorationColor,
                   names: tags.map(t => t.innerText), tag: tags.map(t => getComputedStyle(t).color)[0] };
        })"""
    )
    assert marks
    known = {"Safety", "Rights", "Profiling", "Trust"}
    for mark in marks:
        assert mark["line"] == "underline"
        assert mark["names"]
        assert set(mark["names"]) <= known
        assert mark["colour"] == mark["tag"]
        assert len(mark["text"]) > 10
    chips = screen.page.locator(".chip").all_inner_texts()
    assert {chip.split()[0] for chip in chips} == known
    named = {name for mark in marks for name in mark["names"]}
    assert named <= {chip.split()[0] for chip in chips if "carries it" in chip}
    screen.assert_sound()


def test_the_exact_sum_adds_up_to_the_score(screen: Screen) -> None:
    screen.open("pieces", piece="d0001")
    screen.page.get_by_text("Show the exact sum").click()
    said = screen.main.get_by_text(re.compile(r"Sum of \d+ contributions"))
    said.wait_for()
    screen.settle()
    found = re.search(
        r"Sum of (\d+) contributions: ([+-][\d.]+) log-odds, which is a score of ([\d.]+)",
        said.inner_text(),
    )
    assert found, said.inner_text()
    count, total, score = int(found[1]), float(found[2]), float(found[3])
    names, rows = table(screen.page.get_by_test_id("stDataFrame"))
    assert names == ["What it saw", "Where", "Log-odds"]
    assert len(rows) == count
    assert sum(float(row[2]) for row in rows) == pytest.approx(total, abs=0.0006 * count)
    assert 1 / (1 + math.exp(-total)) == pytest.approx(score, abs=0.001)
    screen.assert_sound()


def test_nothing_in_a_piece_runs(attacked: Server, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(attacked)
    for at in (0, 1, 2):
        screen.open("pieces", piece=f"h{at:03d}")
        expect(screen.page.locator("h1")).to_contain_text("Marker")
        title, text = screen.page.locator("h1").inner_text(), screen.page.locator(".piece")
        if at == 0:
            assert hostile.LIVE in title
        if at == 1:
            assert hostile.MARKDOWN in title
        # The tags of frames stand between sentences, wherever the model finds one.
        words = text.evaluate(
            "one => { const copy = one.cloneNode(true);"
            " copy.querySelectorAll('.tag').forEach(tag => tag.remove());"
            " return copy.textContent; }"
        )
        assert hostile.LIVE in words
        assert hostile.MARKDOWN in words
        screen.page.get_by_text("Show the exact sum").click()
        screen.page.get_by_text("Sum of").wait_for()
        assert screen.page.locator(".piece .s").count() > 0
        assert screen.page.get_by_role("link", name="Open the source").count() == 0
        assert screen.main.locator("a[href^='javascript'], video, details[ontoggle]").count() == 0
        _nothing_ran(screen)


def test_nothing_in_a_piece_or_a_name_runs_on_the_coding_desk(
    chromium: Browser, tmp_path: Path, new_screen: Callable[..., Screen]
) -> None:
    root = tmp_path / "project"
    hostile.build(root)
    add_sample(open_ledger(root), pieces=["h000", "h001"])
    with Server(root) as server:
        desk = Desk(new_screen(server)).sign_in(hostile.OTHER_OUTLET)
        assert hostile.LIVE in desk.title
        article = desk.page.locator(".article")
        assert hostile.MARKDOWN in article.inner_text()
        assert article.locator("svg, video, details, a, img").count() == 0
        desk.press("n")
        desk.page.keyboard.type(hostile.LIVE)
        desk.press("Enter", "Enter")
        desk.ready(2)
        assert hostile.MARKDOWN in desk.title
        desk.page.get_by_role("button", name="Your codings").click()
        desk.page.get_by_role("dialog").get_by_test_id("stDataFrame").wait_for()
        desk.screen.settle()
        _nothing_ran(desk.screen)


def test_nothing_in_a_corpus_runs_in_any_view(
    attacked: Server, new_screen: Callable[..., Screen]
) -> None:
    screen = new_screen(attacked)
    screen.open()
    for view in VIEWS:
        screen.go(view)
        for chart in screen.page.locator(".stPlotlyChart").all()[:1]:
            chart.hover()
        for tab in screen.main.get_by_role("tab").all():
            tab.click()
        assert screen.main.locator("video, details[ontoggle], svg[onload]").count() == 0, view
        _nothing_ran(screen)


def test_an_export_defuses_formulas(attacked: Server, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(attacked)
    screen.open("outlets")
    figure = opened(screen, "outlets-frames")
    _, *rows = read_csv(saved(screen, figure.get_by_role("button", name="CSV")))
    outlets = {row[0] for row in rows}
    assert "'" + hostile.OUTLET in outlets, outlets
    assert not [cell for row in rows for cell in row if cell[:1] in "=@" and cell]


def _nothing_ran(screen: Screen) -> None:
    assert screen.page.evaluate("window.__ran") is None
    screen.assert_sound()
