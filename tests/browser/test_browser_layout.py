"""It can be read and used: contrast, widths, and the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk, copied
from screen import VIEWS, Screen
from server import Server

# Text whose contrast with what is painted behind it is below 4.5, or 3 where it is large.
PALE = """() => {
  const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = colour => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under, by = 1) => [0, 1, 2].map(i => top[i] * top[3] * by + under[i] * (1 - top[3] * by));
  const light = c => {
    const [r, g, b] = c.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const line = e => { const all = []; for (let n = e; n && n.nodeType !== 9; n = n.parentNode || n.host) if (n.nodeType === 1) all.push(n); return all; };
  const seen = new Map();
  const roots = [document.body, ...[...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)];
  for (const root of roots) for (let node, walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT); (node = walker.nextNode());) {
    const text = node.data.trim(), e = node.parentElement;
    if (!text || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (e.closest('script, style, canvas, :disabled, [aria-disabled=true], [data-testid=stIconMaterial], [role=img], .visually-hidden')) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || line(e).some(n => getComputedStyle(n).clipPath === 'inset(50%)')) continue;
    const up = line(e), style = getComputedStyle(e);
    let ground = [255, 255, 255], faint = 1;
    for (const n of up.slice().reverse()) ground = over(rgba(getComputedStyle(n).backgroundColor), ground);
    for (const n of up) faint *= Number(getComputedStyle(n).opacity);
    const ink = over(rgba(e.closest('svg') && style.fill !== 'none' ? style.fill : style.color), ground, faint);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) seen.set(`${e.tagName} ${ratio.toFixed(2)} ${ink.map(Math.round)} on ${ground.map(Math.round)}`, text.slice(0, 40));
  }
  return [...seen].map(pair => pair.join(': '));
}"""

# Text that a box hides, or that reaches over the edge of the page.
LOST = """width => {
  const lost = [], main = document.querySelector('[data-testid=stMain]');
  for (const e of [document.documentElement, main])
    if (e.scrollWidth > e.clientWidth + 1) lost.push(`${e.tagName} scrolls sideways: ${e.scrollWidth} > ${e.clientWidth}`);
  const roots = [document.body, ...[...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)];
  for (const root of roots) for (let node, walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT); (node = walker.nextNode());) {
    const e = node.parentElement;
    if (!node.data.trim() || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (e.closest('script, style, canvas, [data-testid=stIconMaterial], [data-collapsed=true], [data-testid=stMultiSelectTag]')) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const moved = e.closest('.stPlotlyChart')?.closest('.stElementContainer');  // sideways, on a phone
    if (moved && getComputedStyle(moved).overflowX === 'auto' && moved.getBoundingClientRect().right <= width) continue;
    if (box.right > width + 1 && !e.closest('[role=tablist], [data-testid=stTabs]')) lost.push(`over the edge: ${node.data.slice(0, 60)}`);
    for (let n = e; n && n !== document.body; n = n.parentElement) {
      const style = getComputedStyle(n), r = n.getBoundingClientRect();
      if (style.clipPath === 'inset(50%)' || style.clip === 'rect(0px, 0px, 0px, 0px)') break;
      if (n.matches('[data-testid=stMain], [data-testid=stSidebarContent], [role=tablist]')) break;
      if (n.closest('svg') ? n.tagName !== 'svg' : style.overflowX === 'visible') continue;
      if (n.closest('svg') && style.overflow === 'visible') continue;
      if (box.right > r.right + 1.5 || box.left < r.left - 1.5) { lost.push(`cut off: ${node.data.slice(0, 60)} in ${n.tagName}.${n.getAttribute('class')?.slice(0, 40)} ${Math.round(box.left)}-${Math.round(box.right)} of ${Math.round(r.left)}-${Math.round(r.right)}`); break; }
    }
  }
  return [...new Set(lost)];
}"""

# The element that has the focus, and whether the one before looked otherwise while it had it.
FOCUSED = """async () => {
  for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  const look = nodes => nodes.map(n => { const s = getComputedStyle(n);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.color, s.textDecorationLine].join('|'); }).join();
  const last = window.__focused, stays = last && document.activeElement === last.around[0], before = stays ? null : last;
  let e = document.activeElement;
  while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  const around = []; for (let n = e; n && around.length < 5; n = n.parentElement) around.push(n);
  const place = e.closest('[data-testid=stSidebarNav], [data-testid=stSidebarUserContent], [data-testid=stMain]')
    || e.getRootNode().host?.closest('[data-testid=stMain]');
  const at = { place: place?.dataset.testid ?? '', name: (e.getAttribute('aria-label') || e.innerText || e.value || '').trim(), tag: e.tagName };
  window.__focused = { at, around, look: look(around) };
  return { ...at, unseen: before && before.at.place && look(before.around) === before.look ? before.at : null };
}"""

# Whether charts and tables have followed a new width.
CHARTS_FIT = """() => [...document.querySelectorAll('.stPlotlyChart')].filter(c => c.offsetParent).every(c => {
  const svg = c.querySelector('.main-svg');
  return svg && Math.abs(svg.getBoundingClientRect().width - c.getBoundingClientRect().width) < 3;
}) && [...document.querySelectorAll('[data-testid="stDataFrame"]')].filter(t => t.offsetParent).every(
  t => t.getBoundingClientRect().width <= t.closest('[data-testid="stElementContainer"]').parentElement.getBoundingClientRect().width + 1)"""

READER = ("pieces", {"piece": "d0001"})


def _faults(screen: Screen, where: str) -> list[str]:
    """Pale text, and text that is lost at either width, of the view as it stands."""
    found = screen.page.evaluate(PALE)
    for width in (1920, 1280):
        screen.page.set_viewport_size({"width": width, "height": 900})
        screen.page.wait_for_function(CHARTS_FIT)
        screen.settle()
        found += [f"{width} px: {fault}" for fault in screen.page.evaluate(LOST, width)]
    return [f"{where}: {fault}" for fault in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_and_is_whole_at_1280_and_1920_pixels(
    demo: Server, new_screen: Callable[..., Screen], scheme: str
) -> None:
    screen = new_screen(demo, color_scheme=scheme).open()
    found = []
    for view in VIEWS:
        screen.go(view)
        found += _faults(screen, view)
    screen.open(READER[0], **READER[1])
    screen.page.get_by_text("What made a score").wait_for()
    found += _faults(screen, "reader")
    assert not found, "\n".join(found)
    ground = screen.page.get_by_test_id("stApp").evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light"), ground


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_coding_desk_stands_out_and_is_whole_at_any_width(
    demo_project: Path, tmp_path: Path, new_screen: Callable[..., Screen], scheme: str
) -> None:
    root = copied(demo_project, tmp_path / "project", ["d0001", "d0002"])
    with Server(root) as server:
        desk = Desk(new_screen(server, color_scheme=scheme)).sign_in("Reader")
        desk.press("j", "1", "j", "2", "Shift+Digit3", "0", "4", "0", "n")
        desk.page.keyboard.type("A note.")
        desk.press("Enter", "c")
        desk.page.locator(".headline").hover()
        desk.saved()
        desk.screen.settle()
        found = _faults(desk.screen, "desk")
        desk.press("c")
        desk.page.set_viewport_size({"width": 390, "height": 844})
        desk.screen.settle()
        found += [f"390 px: {fault}" for fault in desk.page.evaluate(LOST, 390)]
    assert not found, "\n".join(found)


def test_a_phone_shows_everything_within_its_width(
    demo: Server, new_screen: Callable[..., Screen]
) -> None:
    screen = new_screen(demo, viewport={"width": 390, "height": 844})
    over = []
    for view in VIEWS:
        screen.open(view)
        over += [
            f"{view}: {fault}"
            for fault in screen.page.evaluate(LOST, 390)
            if not fault.startswith("cut off")
        ]
    assert not over, "\n".join(over)


def test_the_keyboard_reaches_everything_and_shows_where_it_is(screen: Screen) -> None:
    screen.open("outlets")
    press = screen.page.keyboard.press
    reached: list[tuple[str, str]] = []
    unseen = []
    for _ in range(70):
        press("Tab")
        at = screen.page.evaluate(FOCUSED)
        reached.append((at["place"], at["name"]))
        # A table's cells are drawn on a canvas, and so is the ring around the one in focus.
        if at["unseen"] and at["unseen"]["tag"] != "TD":
            unseen.append(at["unseen"])
        if "Data and export" in at["name"] and at["tag"] == "SUMMARY":
            press("Enter")
            screen.figure("outlets-frames").get_by_role("button", name="SVG").wait_for()
            screen.settle()
        if at["name"] == "SVG":
            break
    names = [name for _, name in reached]
    for view in VIEWS.values():
        assert any(p == "stSidebarNav" and view in n for p, n in reached), (view, names)
    for widget in ("Outlets", "Safety", "year, From", "year, To", "Topics", "Published"):
        assert any(p == "stSidebarUserContent" and widget in n for p, n in reached), (widget, names)
    for control in ("Compare with", "Sort by", "Data and export", "CSV", "PNG", "SVG"):
        assert any(p == "stMain" and control in n for p, n in reached), (control, names)
    assert not unseen, unseen
    with screen.page.expect_download():
        press("Enter")
    screen.assert_sound()
