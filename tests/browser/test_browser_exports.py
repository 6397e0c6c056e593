"""What is saved from the screen: CSV as the table, pictures whole and with their denominator."""

from __future__ import annotations

import csv
import io
import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from grid import table
from playwright.sync_api import Locator, Page
from screen import DENOMINATOR, Screen

# Text that a reader would lose: outside of the drawing, or of the layer that holds it.
CUT_OFF = """() => [...document.querySelectorAll('svg text')].filter(t => t.textContent.trim()).flatMap(t => {
  const box = t.getBoundingClientRect();
  if (!box.width || getComputedStyle(t).visibility === 'hidden') return [];
  const out = [];
  for (let s = t.ownerSVGElement; s; s = s.ownerSVGElement) {
    let r = s.getBoundingClientRect();
    if (s.ownerSVGElement) {  // a layer's own size, not that of what it holds
      const to = s.ownerSVGElement.getScreenCTM(), x = s.x.baseVal.value, y = s.y.baseVal.value;
      r = { left: to.e + x * to.a, top: to.f + y * to.d,
            right: to.e + (x + s.width.baseVal.value) * to.a, bottom: to.f + (y + s.height.baseVal.value) * to.d };
    }
    if (box.left < r.left - 1 || box.right > r.right + 1 || box.top < r.top - 1 || box.bottom > r.bottom + 1)
      out.push(`${t.textContent}: ${JSON.stringify(box)} not in ${JSON.stringify(r)}`);
  }
  return out;
})"""


def opened(screen: Screen, key: str) -> Locator:
    """The figure with its table painted and its buttons where they stay."""
    figure = screen.figure(key)
    figure.get_by_text("Data and export").click()
    svg = figure.get_by_role("button", name="SVG")
    screen.page.wait_for_function("button => !!button.onclick", arg=svg.element_handle())
    figure.get_by_test_id("data-grid-canvas").locator("tbody tr").first.wait_for(state="attached")
    screen.settle()
    return figure


def saved(screen: Screen, button: Locator) -> bytes:
    with screen.page.expect_download() as found:
        button.click()
    return Path(found.value.path()).read_bytes()


def _caption(figure: Locator) -> str:
    return " ".join(figure.get_by_test_id("stCaptionContainer").first.inner_text().split())


def _cells(row: list[str]) -> list[str | float]:
    """Cells as numbers where they are numbers: the screen groups thousands, the file does not."""
    cells: list[str | float] = []
    for cell in row:
        try:
            cells.append(float(cell.replace(",", "").replace("None", "").strip()))
        except ValueError:
            cells.append("" if cell == "None" else cell.strip())
    return cells


def read_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read UTF-8"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize(("view", "key"), [("overview", "overview-shares"), ("outlets", "outlets-frames"), ("time", "time-frames")])  # fmt: skip
def test_a_csv_holds_the_rows_on_the_screen(screen: Screen, view: str, key: str) -> None:
    # Wide enough that no column waits to be scrolled to.
    screen.page.set_viewport_size({"width": 1920, "height": 1000})
    screen.open(view, frame=["safety", "trust"])
    figure = opened(screen, key)
    names, shown = table(figure.get_by_test_id("stDataFrame"))
    head, *rows = read_csv(saved(screen, figure.get_by_role("button", name="CSV")))
    assert len(rows) > 1
    assert head[: len(names)] == names
    assert len(names) >= 6
    assert [_cells(row[: len(names)]) for row in rows] == [_cells(row) for row in shown]
    screen.assert_sound()


@pytest.mark.parametrize("view", ["overview", "outlets", "time", "topics", "corpus"])
def test_pictures_are_whole_and_say_what_they_count(
    screen: Screen, view: str, tmp_path: Path
) -> None:
    screen.open(view)
    keys = screen.figures()
    assert keys
    tabs = screen.main.get_by_role("tab")
    drawings: dict[str, bytes] = {}
    for key in keys:
        if tabs.count():
            tabs.nth(keys.index(key)).click()
            screen.figure(key).locator(".main-svg").first.wait_for()
            screen.settle()
        figure = opened(screen, key)
        line = _caption(figure)
        assert DENOMINATOR.search(line), line
        drawings[key] = saved(screen, figure.get_by_role("button", name="SVG"))
        said = " ".join("".join(e.itertext()) for e in ElementTree.fromstring(drawings[key]).iter("{http://www.w3.org/2000/svg}text"))  # fmt: skip
        assert line in " ".join(said.split()), f"{key}: {line}\n not in \n{said}"
        if key == keys[0]:
            picture = saved(screen, figure.get_by_role("button", name="PNG"))
            _holds_a_picture(screen.page, picture, tmp_path)
    screen.assert_sound()
    for key, drawing in drawings.items():
        path = tmp_path / f"{key}.svg"
        path.write_bytes(drawing)
        screen.page.goto(path.as_uri())
        assert screen.page.evaluate(CUT_OFF) == [], key


def _holds_a_picture(page: Page, data: bytes, folder: Path) -> None:
    """A PNG that a browser decodes, larger than the screen's drawing, not of one colour."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert width > 1500
    assert height > 200
    path = folder / "picture.png"
    path.write_bytes(data)
    other = page.context.new_page()
    other.goto(path.as_uri())
    colours = other.evaluate(
        """async () => {
          const image = document.querySelector('img'); await image.decode();
          const canvas = new OffscreenCanvas(200, 100), pen = canvas.getContext('2d');
          pen.drawImage(image, 0, 0, 200, 100);
          return image.naturalWidth;
        }"""
    )
    assert colours == width
    other.close()
