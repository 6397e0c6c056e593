"""Every view opens, counts the same pieces, and can be understood without seeing it."""

from __future__ import annotations

from screen import VIEWS, Screen

# Of stories, of quotations, and of nothing before there is a search.
COUNT_OTHERWISE = {"stories", "voices", "search"}


def test_every_view_opens_by_navigation_and_counts_the_same_pieces(screen: Screen) -> None:
    screen.open()
    everything = screen.metric("Published items")
    assert everything > 100
    for view, title in VIEWS.items():
        screen.go(view)
        assert screen.page.locator("h1").all_inner_texts() == [title]
        if view == "methods":
            screen.page.get_by_role("tab", name="Runs and versions").click()
            screen.page.get_by_text("made by Framescope").wait_for()
        if view not in COUNT_OTHERWISE:
            assert screen.denominator() == everything, view
        assert screen.page.get_by_text("frame model").is_visible(), "no line about the build"
        _charts_have_words(screen)
        screen.assert_sound()


def _charts_have_words(screen: Screen) -> None:
    """A name for each chart, a heading above and a denominator below, also in a closed tab."""
    charts = screen.page.locator(".stPlotlyChart")
    names = [chart.get_attribute("aria-label") or "" for chart in charts.all()]
    assert all(len(name) > 20 for name in names), names
    assert len(set(names)) == len(names)
    for key in screen.figures():
        figure = screen.figure(key)
        assert figure.locator("h3").count() == 1, key
        assert "in scope" in (figure.text_content() or "").casefold(), key
