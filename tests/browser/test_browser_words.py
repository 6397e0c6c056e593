"""The plot of words: each click shows the lines of the word that was clicked."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from screen import Screen

pytestmark = pytest.mark.browser


def test_each_click_on_a_point_shows_its_lines(screen: Screen) -> None:
    screen.open("words")
    points = screen.page.locator(".stPlotlyChart .scatterlayer .trace path.point")
    seen = set()
    for place in (100, 200, 300):
        points.nth(place).scroll_into_view_if_needed()
        screen.settle()
        box = points.nth(place).bounding_box()
        assert box is not None
        before = screen.page.url
        screen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        screen.page.wait_for_function("before => location.href !== before", arg=before)
        screen.settle()
        (word,) = parse_qs(urlsplit(screen.page.url).query)["word"]
        expect(screen.page.locator(".kwic .c").first).to_have_text(word, ignore_case=True)
        seen.add(word)
    assert len(seen) == 3
    assert not screen.errors
