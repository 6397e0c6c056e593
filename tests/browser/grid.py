"""Reads a table of the screen: the grid is painted, with its cells beside it for screen readers."""

from __future__ import annotations

from playwright.sync_api import Locator

READ = """canvas => {
  const text = row => [...row.children].map(cell => cell.textContent);
  const head = canvas.querySelector('thead tr');
  const rows = {};
  for (const row of canvas.querySelectorAll('tbody tr'))
    rows[Number(row.getAttribute('aria-rowindex')) - 2] = text(row);
  return { names: text(head), rows, count: Number(canvas.firstChild.getAttribute('aria-rowcount')) - 1 };
}"""


def table(frame: Locator) -> tuple[list[str], list[list[str]]]:
    """Column names and all rows, in the order of the screen, scrolled through to the end."""
    canvas = frame.get_by_test_id("data-grid-canvas")
    canvas.locator("tbody tr").first.wait_for(state="attached")
    frame.hover()
    rows: dict[int, list[str]] = {}
    seen = canvas.evaluate(READ)
    for _ in range(400):
        rows |= {int(at): row for at, row in seen["rows"].items()}
        if len(rows) >= seen["count"]:
            break
        before = seen["rows"]
        frame.page.mouse.wheel(0, 150)
        for _ in range(30):
            seen = canvas.evaluate(READ)
            if seen["rows"] != before:
                break
            frame.page.wait_for_function("() => new Promise(requestAnimationFrame)")
    assert len(rows) == seen["count"], f"{len(rows)} of {seen['count']} rows could be read"
    return seen["names"], [rows[at] for at in sorted(rows)]
