"""Coding by mouse and by keyboard: what is stored, undone, resumed, and never told too early."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest
from desk import Desk, codings, copied
from playwright.sync_api import expect
from screen import Screen
from server import Server

from analysis.coding.ledger import open_ledger
from analysis.coding.sessions import Desk as Seat
from analysis.coding.sessions import Marks
from analysis.project import open_project
from analysis.reads import Scope, open_current

FRAMES = ("safety", "civil_rights", "profiling", "trust")
NO = dict.fromkeys(FRAMES, False)
PIECES = [f"d{number:04d}" for number in range(101, 113)]

NewScreen = Callable[..., Screen]


@pytest.fixture(scope="module")
def project(demo_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pieces to code, of which every coder codes the first four."""
    root = tmp_path_factory.mktemp("coding") / "project"
    return copied(demo_project, root, PIECES, overlap=PIECES[:4])


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[Server]:
    with Server(project) as running:
        yield running


@pytest.fixture
def desk(server: Server, new_screen: NewScreen) -> Desk:
    return Desk(new_screen(server))


def test_by_mouse(desk: Desk, project: Path) -> None:
    desk.screen.open("code")
    start = desk.page.get_by_role("button", name="Start coding")
    start.click()
    desk.page.get_by_text("name is empty").wait_for()
    desk.name_field.fill("Mouse")
    start.click()
    desk.ready(1)
    desk.sentence(2).click()
    desk.frame("safety").locator(".toggle").click()
    desk.sentence(0).click()
    desk.frame("safety").locator(".toggle").click()
    desk.page.get_by_role("button", name="whole piece").click()
    desk.frame("trust").locator(".toggle").click()
    desk.frame("profiling").locator(".doubt").click()
    desk.page.locator(".noting").click()
    desk.page.locator("#note").fill("Hard one.")
    assert desk.tags(0) == desk.tags(2) == ["Safety"]
    expect(desk.page.locator(".commit")).to_contain_text("Commit: Safety, Trust, Profiling?")
    desk.page.locator(".commit").click()
    desk.ready(2)
    (coding,) = codings(project, "Mouse")
    assert coding.marks.frames == {**NO, "safety": True, "trust": True, "profiling": None}
    assert coding.marks.sentences == {"safety": (0, 2)}
    assert coding.marks.note == "Hard one."
    assert coding.marks.seconds is not None
    assert 0 < coding.marks.seconds < 120
    assert set(desk.states().values()) == {""}
    desk.screen.assert_sound()


def test_by_keyboard_alone(desk: Desk, project: Path) -> None:
    desk.screen.open("code")
    for _ in range(60):
        desk.press("Tab")
        if desk.name_field.evaluate("e => e === document.activeElement"):
            break
    desk.page.keyboard.type("Keys")
    desk.press("Enter")
    desk.ready(1)
    first = desk.title
    desk.press("j", "ArrowDown", "j", "1", "k", "1", "1", "2", "Shift+Digit4", "0", "3", "n")
    desk.page.keyboard.type("jk12u note")
    desk.press("Enter")
    assert desk.tags(2) == ["Safety"]
    assert desk.tags(1) == ["Rights"]
    assert desk.states() == {
        "safety": "1 sentence",
        "civil_rights": "1 sentence",
        "profiling": "can't decide",
        "trust": "whole piece",
    }
    desk.press("?")
    expect(desk.page.locator("dialog.help")).to_be_visible()
    desk.press("1", "Escape")
    expect(desk.page.locator("dialog.help")).to_be_hidden()
    desk.press("c")
    expect(desk.page.locator(".codebook details").first).to_have_attribute("open", "")
    desk.press("c", "Enter")
    desk.ready(2)
    (coding,) = codings(project, "Keys")
    assert coding.marks.frames == {
        "safety": True,
        "civil_rights": True,
        "profiling": None,
        "trust": True,
    }
    assert coding.marks.sentences == {"safety": (2,), "civil_rights": (1,)}
    assert coding.marks.note == "jk12u note"
    # Back to the first piece with its codes, changed, and on.
    desk.press("2", "u")
    desk.ready(1)
    assert desk.title == first
    assert desk.tags(2) == ["Safety"]
    assert desk.page.locator("#note").input_value() == "jk12u note"
    assert codings(project, "Keys") == []
    desk.press("Shift+Digit1", "Enter")
    desk.ready(2)
    (coding,) = codings(project, "Keys")
    assert coding.marks.frames["safety"] is False
    assert coding.marks.sentences == {"civil_rights": (1,)}
    # What was begun on the second piece has waited.
    assert desk.states()["civil_rights"] == "whole piece"
    desk.screen.assert_sound()


def test_one_enter_is_one_piece(desk: Desk, project: Path) -> None:
    desk.sign_in("Eager")
    desk.page.locator(".commit").dblclick()
    desk.page.locator(".number", has_text="Piece 2 of").wait_for()
    desk.press("Enter", "Enter")
    desk.ready(2)
    # Held down: only the first of its repetitions counts.
    for _ in range(5):
        desk.page.keyboard.down("Enter")
    desk.page.keyboard.up("Enter")
    desk.ready(3)
    assert [coding.piece for coding in codings(project, "Eager")] == PIECES[:2]


def test_a_reloaded_page_goes_on_where_it_was(
    desk: Desk, server: Server, new_screen: NewScreen
) -> None:
    desk.sign_in("Reload")
    desk.press("j", "j", "1", "n")
    desk.page.keyboard.type("half a thought")
    desk.saved()
    title = desk.title
    desk.page.reload()
    desk.ready(1)
    assert (desk.title, desk.tags(1)) == (title, ["Safety"])
    assert "Reload" not in desk.page.url
    elsewhere = Desk(new_screen(server)).sign_in("reload")
    assert (elsewhere.title, elsewhere.tags(1)) == (title, ["Safety"])
    assert elsewhere.page.locator("#note").input_value() == "half a thought"
    # Committed here, it can't be coded there a second time.
    elsewhere.press("Enter")
    elsewhere.ready(2)
    desk.press("2")
    desk.ready(2)
    expect(desk.page.locator(".said")).to_contain_text("another window")
    desk.page.get_by_role("button", name="Switch coder").click()
    desk.name_field.wait_for()
    desk.page.wait_for_function("!document.cookie.includes('framescope-coder')")
    desk.page.reload()
    desk.name_field.wait_for()


def test_two_coders_share_a_sample(
    demo_project: Path, tmp_path: Path, new_screen: NewScreen
) -> None:
    root = copied(demo_project, tmp_path / "project", PIECES[:6], overlap=PIECES[:2])
    with Server(root) as server:
        one, other = (Desk(new_screen(server)).sign_in(name) for name in ("One", "Other"))
        for number in (1, 2, 3):
            for desk in (one, other):
                desk.ready(number).press("1", "Enter")
        # The last two: each has one of them on the screen, and nothing is left after it.
        for desk in (one, other):
            desk.ready(4)
        assert one.title != other.title
        one.press("Enter")
        one.page.get_by_text("on a colleague's screen").wait_for()
        other.press("Enter")
        other.finished()
        one.page.get_by_role("button", name="Look again").click()
        one.finished()
        done = {name: [c.piece for c in codings(root, name)] for name in ("One", "Other")}
        assert done["One"][:2] == done["Other"][:2] == PIECES[:2]
        alone = [set(pieces[2:]) for pieces in done.values()]
        assert alone[0] | alone[1] == set(PIECES[2:6])
        assert not alone[0] & alone[1]
        for desk in (one, other):
            desk.screen.assert_sound()


def test_nothing_on_the_wire_tells_a_coder_what_others_said(
    demo_project: Path, tmp_path: Path, new_screen: NewScreen
) -> None:
    """All that the server sends is looked at, also in views that show labels to others."""
    build = open_current(open_project(demo_project))
    bearing = build.labels(Scope()).filter(present=True)["id"].to_list()
    piece = next(one for one in bearing if build.piece_copies(one).is_empty())
    whole = build.piece(piece)
    assert whole is not None
    names = {frame["id"]: frame["short"] for frame in build.frames}
    chips = [
        f"<b>{escape(names[frame])}</b> {'carries it' if present else 'does not'}, {score:.2f}"
        for frame, score, present in build.piece_frames(piece).iter_rows()
    ]
    root = copied(demo_project, tmp_path / "project", [piece, "d0300"], overlap=[piece])
    Seat(open_ledger(root), "s1", "Ben", build.frames).commit(
        piece, Marks({**NO, "trust": True}, note="zebra crossing"), ()
    )
    build.close()
    secrets = [*chips, "highest score first", "zebra crossing", "Ben"]
    sent: list[bytes] = []
    with Server(root) as server:
        screen = new_screen(server)
        screen.page.on(
            "websocket",
            lambda socket: socket.on(
                "framereceived",
                lambda data: sent.append(data if isinstance(data, bytes) else data.encode()),
            ),
        )

        def told() -> list[str]:
            return [secret for secret in secrets if secret.encode() in b"".join(sent)]

        desk = Desk(screen).sign_in("Anna")
        desk.press("j", "1", "1", "0", "2")
        desk.saved()
        listing(screen, whole["title"])
        screen.page.get_by_text("withheld until you have coded it").wait_for()
        screen.settle()
        screen.open("pieces", piece=piece)
        screen.page.get_by_text("withheld until you have coded it").wait_for()
        screen.settle()
        screen.go("overview")
        screen.go("code")
        desk.ready(1)
        text = b"".join(sent)
        assert whole["title"].encode() in text, "the capture missed what it should hold"
        assert b"(withheld)" in text
        assert told() == []
        desk.press("Enter")
        desk.ready(2)
        assert told() == []
        # After the commit the same places do tell: so the capture would have shown a leak.
        screen.open("pieces", piece=piece)
        screen.page.get_by_text("What made a score").wait_for()
        screen.open("code")
        desk.ready(2)
        screen.page.get_by_role("button", name="Your codings").click()
        table = screen.page.get_by_role("dialog").get_by_test_id("stDataFrame")
        table.wait_for()
        table.click(position={"x": 20, "y": 60})
        screen.page.get_by_text("zebra crossing").wait_for()
        assert sorted(told()) == sorted(secrets)


def listing(screen: Screen, title: str) -> None:
    """Searches the list of pieces in the same session, and opens the one that it finds."""
    screen.go("pieces")
    search = screen.page.get_by_role("textbox", name="Search headlines and texts")
    search.fill(title)
    search.press("Enter")
    screen.page.get_by_text(re.compile("of 1 matching piece")).wait_for()
    screen.settle()
    screen.page.get_by_test_id("stDataFrame").click(position={"x": 20, "y": 60})


def test_a_phone_has_frames_and_commit_at_hand(server: Server, new_screen: NewScreen) -> None:
    desk = Desk(new_screen(server, viewport={"width": 390, "height": 844})).sign_in("Phone")
    for selector in (".commit", ".frame[data-frame='trust'] .toggle", ".reading"):
        box = desk.page.locator(selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844
    desk.page.locator(".reading").click()
    expect(desk.page.locator(".codebook")).to_be_visible()
    desk.page.get_by_role("button", name="Close").first.click()
    expect(desk.page.locator(".codebook")).to_be_hidden()
