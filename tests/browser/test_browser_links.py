"""Filters change numbers and address; an address is a view, also in another browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from screen import Screen
from server import Server

# What a reader sees of the filters: chosen outlets and topics, pressed buttons, dates.
FILTERS = """() => [...document.querySelectorAll('[data-testid="stSidebarUserContent"] ' +
  ':is([data-testid="stMultiSelectTagsContainer"], [aria-pressed="true"], [aria-checked="true"], [role="spinbutton"])')]
  .filter(e => e.offsetParent).map(e => e.innerText.trim())"""


def test_going_back_over_a_choice_takes_it_away(screen: Screen) -> None:
    screen.open()
    before = screen.metric("Published items")
    screen.sidebar.get_by_text("Original", exact=True).click()
    _denominator(screen, "original reports (copies counted once)")
    screen.page.go_back()
    expect(screen.figure("overview-shares")).to_contain_text("published items")
    screen.settle()
    assert screen.params == {}
    assert screen.denominator() == before
    screen.page.go_forward()
    _denominator(screen, "original reports (copies counted once)")
    assert screen.params == {"count": ["original"]}
    screen.assert_sound()


def _denominator(screen: Screen, words: str) -> None:
    expect(screen.figure("overview-shares")).to_contain_text(words)
    screen.settle()


def test_an_outlet_changes_the_numbers_and_the_address(screen: Screen) -> None:
    screen.open()
    everything = screen.metric("Published items")
    name = screen.choose("Outlets", 1)  # the first selects all
    _denominator(screen, "1 outlet,")
    assert screen.params == {"outlet": [name]}
    assert 0 < screen.metric("Published items") < everything
    assert screen.denominator() == screen.metric("Published items")
    screen.sidebar.get_by_role("button", name="Reset filters").click()
    _denominator(screen, "all dates")
    expect(screen.figure("overview-shares")).not_to_contain_text("1 outlet,")
    screen.settle()
    assert screen.params == {}
    assert screen.metric("Published items") == everything
    screen.assert_sound()


def test_a_frame_changes_what_is_drawn_and_never_what_is_counted(screen: Screen) -> None:
    screen.open("outlets")
    before = screen.denominator()
    chart = screen.figure("outlets-frames")
    expect(chart).to_contain_text("Trust")
    screen.sidebar.get_by_role("button", name="Safety").click()
    expect(chart).not_to_contain_text("Trust")
    expect(chart).to_contain_text("Safety")
    screen.settle()
    assert screen.params == {"frame": ["safety"]}
    assert screen.denominator() == before
    screen.go("pieces")
    assert screen.params == {"frame": ["safety"]}, "the filter was lost on the way"
    assert screen.denominator() < before
    screen.assert_sound()


def test_a_date_changes_the_numbers_and_the_address(screen: Screen) -> None:
    screen.open()
    everything = screen.metric("Published items")
    screen.sidebar.get_by_role("spinbutton", name="year, From").click()
    screen.page.keyboard.type("20250616")
    screen.main.locator("h1").click()  # the date counts when the field is left
    _denominator(screen, "16 Jun 2025 to the end (whole weeks)")
    assert screen.params == {"from": ["2025-06-16"]}
    assert 0 < screen.metric("Published items") < everything
    assert screen.denominator() == screen.metric("Published items")
    screen.assert_sound()


def test_counting_original_reports_changes_the_denominator(screen: Screen) -> None:
    screen.open()
    originals = screen.metric("Original reports")
    assert originals < screen.metric("Published items")
    screen.sidebar.get_by_text("Original", exact=True).click()
    _denominator(screen, "original reports (copies counted once)")
    assert screen.params == {"count": ["original"]}
    assert screen.denominator() == originals
    screen.assert_sound()


def test_a_link_shows_the_same_view_in_another_browser(
    demo: Server, new_screen: Callable[..., Screen]
) -> None:
    first = new_screen(demo).open("outlets")
    for chosen in range(1, 4):
        first.choose("Outlets", chosen)
        expect(first.main).to_contain_text(f" {chosen} outlet")
    first.sidebar.get_by_role("button", name="Profiling").click()
    first.sidebar.get_by_text("Original", exact=True).click()
    expect(first.main).to_contain_text("original reports (copies counted once)")
    first.sidebar.get_by_role("spinbutton", name="year, To").click()
    first.page.keyboard.type("20251231")
    first.main.locator("h1").click()
    expect(first.main).to_contain_text("the beginning to ")
    first.main.get_by_role("combobox", name="Compare with").click()
    first.page.get_by_role("option", name="all other outlets").click()
    expect(first.figure("outlets-frames")).to_contain_text("Difference to all other outlets")
    first.settle()
    assert set(first.params) == {"outlet", "frame", "to", "count", "compare"}

    second = new_screen(demo)
    second.page.goto(first.page.evaluate("location.href"))
    second.settle()
    assert second.params == first.params
    assert second.page.evaluate(FILTERS) == first.page.evaluate(FILTERS)
    assert second.main.inner_text() == first.main.inner_text()
    first.assert_sound()
    second.assert_sound()


def test_quick_clicks_are_all_kept(screen: Screen) -> None:
    """Also those that the server gets before the browser has taken over the address."""
    for _ in range(2):
        screen.open("outlets")
        for name in ("Safety", "Profiling", "Trust"):
            screen.sidebar.get_by_role("button", name=name).click(no_wait_after=True)
        screen.sidebar.get_by_text("Original", exact=True).click(no_wait_after=True)
        expect(screen.main).to_contain_text("original reports (copies counted once)")
        screen.settle()
        assert screen.params == {
            "frame": ["safety", "profiling", "trust"],
            "count": ["original"],
        }
    screen.assert_sound()


def test_a_nonsense_link_falls_back_with_a_notice(screen: Screen) -> None:
    screen.open()
    everything = screen.metric("Published items")
    screen.open(
        "outlets",
        outlet="<img src=x onerror=alert(1)>",
        topic="'; drop table pieces; --",
        frame="nothing",
        **{"from": "32nd of never", "to": "2025-99-99"},
        count="votes",
        compare="nobody",
        sort="-1",
    )
    notices = screen.main.get_by_test_id("stAlert").all_inner_texts()
    for words in ("unknown outlet", "unknown topic", "unknown frame", "“from” is not a date",
                  "“to” is not a date", "“count” is not known", "“compare” is not known", "“sort” is not known"):  # fmt: skip
        assert any(words in notice for notice in notices), (words, notices)
    assert screen.denominator() == everything
    assert screen.params == {}
    screen.open("pieces", piece="no-such-piece", seed="x")
    notices = screen.main.get_by_test_id("stAlert").all_inner_texts()
    assert any("not in this build" in notice for notice in notices), notices
    assert any("“seed” is not a number" in notice for notice in notices), notices
    assert screen.denominator() == everything
    screen.open("time", bin="century")
    assert "“bin” is not known" in screen.main.inner_text()
    screen.assert_sound()


def test_the_back_button_goes_back_to_view_and_filters(screen: Screen) -> None:
    screen.open("outlets", frame="trust")
    before = screen.params, screen.main.inner_text()
    screen.go("time")
    # Streamlit notes the new view twice: without its filters, then with them.
    screen.page.go_back()
    screen.settle()
    if screen.page.locator("h1").inner_text() != "Outlets":
        screen.page.go_back()
    expect(screen.page.locator("h1")).to_have_text("Outlets")
    screen.settle()
    assert (screen.params, screen.main.inner_text()) == before
    screen.go("pieces")
    screen.page.get_by_test_id("stDataFrame").click(position={"x": 20, "y": 60})
    screen.page.get_by_text("What made a score").wait_for()
    screen.settle()
    assert "piece" in screen.params
    screen.page.go_back()
    expect(screen.page.locator("h1")).to_have_text("Pieces")
    screen.settle()
    assert "piece" not in screen.params
    screen.page.go_forward()
    screen.page.get_by_text("What made a score").wait_for()
    screen.assert_sound()
