"""A browser window on the dashboard: opening, waiting, and what went wrong in it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Locator, Page, Request, expect

# Long, as the machine may be busy; a wait ends as soon as what it waits for is there.
expect.set_options(timeout=15_000)

VIEWS = {
    "overview": "Overview",
    "outlets": "Outlets",
    "why": "Why they differ",
    "time": "Over time",
    "topics": "Topics",
    "stories": "Stories",
    "pieces": "Pieces",
    "words": "Words",
    "search": "Search",
    "code": "Code",
    "validation": "Validation",
    "corpus": "Corpus",
    "methods": "Methods",
}

# Streamlit looks for its server below the page's own path first, and tries the root next.
PROBES = re.compile(r"/_stcore/(health|host-config)$")

READY = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.dataset.testConnectionState !== 'CONNECTED') return false;
  if (app.dataset.testScriptState !== 'notRunning') return false;
  if (document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')) return false;
  const charts = [...document.querySelectorAll('.stPlotlyChart')].filter(c => c.offsetParent);
  return charts.every(c => c.querySelector('.main-svg')) && !!document.querySelector('h1');
}"""


class Screen:
    """One page in its own context, with everything that went wrong in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        self.foreign: list[str] = []
        page.set_default_timeout(20_000)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        where = str(message.location.get("url", ""))
        if message.type == "error" and not PROBES.search(where):
            self.errors.append(f"console: {message.text} ({where})")

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:", self.url.replace("http", "ws"))):
            self.foreign.append(request.url)

    def open(self, view: str = "overview", **params: object) -> Screen:
        """Goes to a view by its address and waits until it stands."""
        path = "" if view == "overview" else view
        query = "?" + urlencode(params, doseq=True) if params else ""
        self.page.goto(f"{self.url}/{path}{query}", wait_until="domcontentloaded")
        return self.settle()

    def settle(self) -> Screen:
        """Waits until the script has run, nothing is stale and charts are drawn, then looks again."""
        self.page.wait_for_function(READY)
        # The answer to a click may not have begun: two frames later it has.
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        self.page.wait_for_function(READY)
        return self

    def go(self, view: str) -> Screen:
        """Goes to a view by the navigation."""
        self.navigation.get_by_role("link", name=VIEWS[view]).click()
        expect(self.page.locator("h1")).to_have_text(VIEWS[view])
        return self.settle()

    def choose(self, label: str, at: int) -> str:
        """Chooses an option of a list in the sidebar and closes the list; returns its name."""
        self.sidebar.get_by_role("combobox", name=label).click()
        option = self.page.get_by_role("option").nth(at)
        name = option.inner_text().strip()
        option.click()
        # An open list swallows the next click outside of it.
        self.main.locator("h1").click(force=True)
        expect(self.page.get_by_role("listbox")).to_have_count(0)
        return name

    @property
    def navigation(self) -> Locator:
        return self.page.get_by_test_id("stSidebarNav")

    @property
    def main(self) -> Locator:
        return self.page.get_by_test_id("stMain")

    @property
    def sidebar(self) -> Locator:
        return self.page.get_by_test_id("stSidebar")

    @property
    def params(self) -> dict[str, list[str]]:
        # The page is asked: what Playwright remembers can lag behind a rewritten address.
        return parse_qs(urlsplit(self.page.evaluate("location.href")).query)

    def figure(self, key: str) -> Locator:
        return self.page.locator(f".st-key-figure-{key}")

    def figures(self) -> list[str]:
        """Keys of all figures of the view, also those in a closed tab."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll('[class*="st-key-figure-"]')].map(
                 e => /st-key-figure-([\\w-]+)/.exec(e.className)[1])"""
        )

    def metric(self, label: str) -> int:
        """The number on a card."""
        card = self.page.get_by_test_id("stMetric").filter(has_text=label)
        return number(card.get_by_test_id("stMetricValue").inner_text())

    def denominator(self) -> int:
        """The number of pieces that the view says it shows."""
        return number(denominator_of(self.main.inner_text()))

    def assert_sound(self) -> None:
        """No error box, no error in the console, no dialog, no request to elsewhere."""
        boxes = self.page.get_by_test_id("stException").or_(
            self.page.get_by_text("This app has encountered an error")
        )
        assert boxes.count() == 0, boxes.first.inner_text()
        assert not self.errors, self.errors
        assert not self.dialogs, self.dialogs
        assert not self.foreign, self.foreign


# Every view names the number of its pieces, each in the words that fit it.
DENOMINATOR = re.compile(
    r"([\d,]+) (?:published items?|original reports?)(?: \(copies counted once\))? in scope"
    r"|of ([\d,]+) matching pieces?"
    r"|Build \S+ of ([\d,]+) pieces"
)


def denominator_of(text: str) -> str:
    found = DENOMINATOR.search(text)
    assert found, f"no denominator line in: {text[:2000]}"
    return next(filter(None, found.groups()))


def number(text: str) -> int:
    return int(text.replace(",", "").strip())
