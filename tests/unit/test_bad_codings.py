"""Bad codings of every kind, in files, from pages and at the terminal: each clear, nothing lost."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from analysis.coding.ledger import NAME, Ledger, open_ledger
from analysis.coding.marks import Marks
from analysis.coding.sessions import Desk, blind_piece
from analysis.errors import CodingError
from dashboard import data
from dashboard.coding.desk import MOST_SAID, Answer, act
from tests.support.codings import FRAMES, SPANS, Clock, codes, frame, made_ledger
from tests.unit import bad_input
from tests.unit.bad_input import codings, messages
from tests.unit.test_exchange import Pieces, mine, refusal, taken_in

PIECES = ["a", "b", "c", "=d"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A ledger as it was drawn, and one in which Ben has coded b and a is on Ann's screen."""
    drawn, coded = (tmp_path_factory.mktemp(name) for name in ("drawn", "coded"))
    made_ledger(drawn, pieces=PIECES)
    ledger = made_ledger(coded, pieces=PIECES)
    Desk(ledger, "s1", "Ben", FRAMES).commit("b", codes(), SPANS)
    assert Desk(ledger, "s1", "Ann", FRAMES).next().piece == "a"
    return {"drawn": drawn, "coded": coded}


def copied(folder: Path, to: Path) -> Ledger:
    shutil.copyfile(folder / NAME, to / NAME)
    return Ledger(to / NAME)


@pytest.fixture
def ledger(folders: dict[str, Path], tmp_path: Path) -> Ledger:
    return copied(folders["drawn"], tmp_path)


@pytest.fixture
def coded(folders: dict[str, Path], tmp_path: Path) -> Ledger:
    return copied(folders["coded"], tmp_path)


def stored(ledger: Ledger) -> list[dict[str, Any]]:
    return ledger.rows("codings", sample="s1", coder=None, piece=None, coding=None, withdrawn=1)


@pytest.mark.parametrize("case", bad_input.CODINGS, ids=lambda case: case.name)
def test_file(coded: Ledger, case: codings.Case) -> None:
    said = refusal(coded, case.content, case.file, case.coder)
    assert case.says in said
    assert str(coded.path.parent / case.file) in said
    assert len(said) < 1500


@pytest.mark.parametrize("case", codings.ODD, ids=lambda case: case.name)
def test_odd_file(ledger: Ledger, case: codings.Odd) -> None:
    taken = taken_in(ledger, case.content, case.file)
    assert taken.added == 1
    assert mine(ledger)["a"].frames == {"safety": True, "trust": False}
    assert any(case.notice in notice for notice in [*taken.notices, ""])
    (row,) = stored(ledger)
    at = dt.datetime.fromisoformat(row["committed_at"])
    assert at == dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)


class Page(Pieces):
    """What the desk asks of a build."""

    id = "b"


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "blind_piece", lambda _, piece, build: blind_piece(build, piece))


@pytest.mark.usefixtures("blind")
@pytest.mark.parametrize("case", messages.CASES, ids=lambda case: case.name)
def test_message(coded: Ledger, case: messages.Case) -> None:
    before = stored(coded)
    answer = Answer()
    act(answer, Desk(coded, "s1", "Ann", FRAMES), Page(), case.message)
    assert case.says in (answer.said or "")
    assert (answer.said is None) == (not case.says)
    assert len(answer.said or "") <= MOST_SAID
    assert (answer.said or "").isprintable()
    assert stored(coded) == before
    assert Desk(coded, "s1", "Ann", FRAMES).next().piece == "a"


@pytest.mark.usefixtures("blind")
def test_a_message_that_comes_again_does_nothing_twice(coded: Ledger) -> None:
    answer = Answer()
    desk = Desk(coded, "s1", "Ann", FRAMES)
    first = {**messages.sent(), "id": 1}
    undo = {**messages.sent("undo", "c"), "id": "m2"}
    act(answer, desk, Page(), first)
    act(answer, desk, Page(), {**messages.sent(piece="c"), "id": "m3"})
    act(answer, desk, Page(), undo)
    before = stored(coded)
    for late in (first, undo, {**first, "id": "1"}):
        act(answer, desk, Page(), late)
    assert stored(coded) == before
    assert [one.piece for one in desk.mine()] == ["a"]


@pytest.mark.usefixtures("blind")
def test_a_forged_piece_of_a_colleague_leaves_theirs_alone(coded: Ledger) -> None:
    before = stored(coded)
    act(Answer(), Desk(coded, "s1", "Ann", FRAMES), Page(), messages.sent(piece="b", note="mine"))
    assert stored(coded)[:1] == before
    assert [(row["coder"], row["note"]) for row in stored(coded)] == [("Ben", ""), ("Ann", "mine")]


@pytest.mark.usefixtures("blind")
@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -5, 10**400, "3", None, True])
def test_a_time_that_is_none_costs_no_code(coded: Ledger, seconds: object) -> None:
    answer = Answer()
    act(answer, Desk(coded, "s1", "Ann", FRAMES), Page(), messages.sent(seconds=seconds))
    assert answer.said is None
    assert len(stored(coded)) == 2


def test_a_clock_that_goes_back_changes_no_order(ledger: Ledger) -> None:
    clock = Clock()
    desk = Desk(ledger, "s1", "Ann", FRAMES, clock=clock)
    for piece, hours in (("a", -30 * 24 * 365), ("b", 48), ("c", -72)):
        clock.pass_minutes(60 * hours)
        desk.commit(piece, codes(), SPANS)
    assert [one.piece for one in desk.mine()] == ["a", "b", "c"]
    assert desk.undo().piece == "c"
    assert desk.undo().piece == "b"


NAMES = {
    "another case": "ANNA",
    "a non-breaking space": "\u00a0Anna\u00a0",
    "blanks": "  Anna\t",
}


@pytest.mark.parametrize("spelling", NAMES)
def test_other_spellings_of_a_name_are_one_person(ledger: Ledger, spelling: str) -> None:
    Desk(ledger, "s1", "Anna", FRAMES).commit("a", codes(), SPANS)
    assert [one.piece for one in Desk(ledger, "s1", NAMES[spelling], FRAMES).mine()] == ["a"]
    assert len(ledger.rows("coders")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "[red]x[/]",
        "\U0001f642",
        "\u0639\u0631\u0628\u064a",
        "'; drop",
        "=1+1",
    ],
)
def test_names_are_text_whatever_they_look_like(ledger: Ledger, name: str) -> None:
    Desk(ledger, "s1", name, FRAMES).commit("a", codes(), SPANS)
    assert [row["coder"] for row in ledger.rows("coders")] == [name]


CHANGES = {
    "a definition": ([frame("safety", "New."), FRAMES[1]], ("safety",), {"trust": False}),
    "a frame more": ([*FRAMES, frame("rights")], ("rights",), {"safety": True, "trust": False}),
    "a frame renamed": ([frame("security"), FRAMES[1]], ("security",), {"trust": False}),
    "a frame less": (FRAMES[:1], None, None),
    "another order": (FRAMES[::-1], None, None),
    "another name": ([{**FRAMES[0], "name": "S", "colour": "#123456"}, FRAMES[1]], None, None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_codebook_changed_while_two_people_code(ledger: Ledger, change: str) -> None:
    """Ann has committed a; Ben has a draft of b. Both go on under the new codebook."""
    frames, recode, kept = CHANGES[change]
    Desk(ledger, "s1", "Ann", FRAMES).commit("a", codes(), SPANS)
    Desk(ledger, "s1", "Ben", FRAMES).save_draft("b", Marks({"safety": True}, note="half"))
    before = stored(ledger)
    ann, ben = (Desk(ledger, "s1", name, frames) for name in ("Ann", "Ben"))
    task = ann.next()
    if recode:
        assert (task.piece, task.recode, task.draft.frames) == ("a", recode, kept)
    else:
        assert (task.piece, task.recode) == ("c", ())
    own = ben.next()
    assert own.piece == "b"
    assert own.draft.note == "half"
    assert set(own.draft.frames) <= {one["id"] for one in frames}
    assert stored(ledger) == before
    # A page that is still open under the old codebook loses nothing either.
    late = Desk(ledger, "s1", "Ben", FRAMES)
    late.commit("b", codes(), SPANS)
    assert len(stored(ledger)) == 2
    again = ben.next()
    assert (again.piece == "b") == bool(recode)


@pytest.mark.usefixtures("blind")
def test_a_page_of_the_old_codebook_is_told(ledger: Ledger) -> None:
    frames = [frame("security"), FRAMES[1]]
    answer = Answer()
    act(answer, Desk(ledger, "s1", "Ann", frames), Page(), messages.sent())
    assert "the codebook has no frame 'safety'" in (answer.said or "")
    assert stored(ledger) == []


@pytest.mark.usefixtures("blind")
def test_a_disk_that_is_full_keeps_the_piece_on_the_page(
    coded: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(coded, "s1", "Ann", FRAMES)
    before = stored(coded)
    with coded.transaction() as work:
        (limit,) = work._connection.execute("pragma page_count").fetchone()
    plain = type(coded).transaction

    def cramped(self: Ledger) -> Any:
        found = plain(self)
        return _Cramped(found, limit)

    monkeypatch.setattr(type(coded), "transaction", cramped)
    answer = Answer()
    act(answer, desk, Page(), messages.sent(note="x" * 9_000))
    assert "database or disk is full" in (answer.said or "")
    assert answer.turn == 0
    monkeypatch.undo()
    assert stored(coded) == before
    assert desk.next().piece == "a"


class _Cramped:
    """A transaction in which the file may not grow."""

    def __init__(self, inner: Any, pages: int) -> None:
        self._inner, self._pages = inner, pages

    def __enter__(self) -> Any:
        work = self._inner.__enter__()
        work._connection.execute(f"pragma max_page_count = {self._pages}")
        return work

    def __exit__(self, *about: Any) -> Any:
        return self._inner.__exit__(*about)


def test_a_draft_that_is_damaged_keeps_nobody_from_the_piece(ledger: Ledger) -> None:
    desk = Desk(ledger, "s1", "Ann", FRAMES)
    for marks in ("{", "[]", '{"frames": 5}', '{"frames": {"safety": 1}}'):
        with ledger.transaction() as work:
            about = {"sample": "s1", "piece": "a", "coder": "Ann", "now": "x"}
            work.run("save_draft", **about, marks=marks)
        task = desk.next()
        assert (task.piece, task.draft) == ("a", None)


def test_texts_that_no_file_holds_are_told(ledger: Ledger) -> None:
    with pytest.raises(CodingError, match="can't hold a value"):
        Desk(ledger, "s1", "Ann", FRAMES).take_back("\ud800")


def test_other_files_are_never_taken_for_codings(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "codings.sqlite")) as other:
        other.execute("create table piece (colour text)")
        with pytest.raises(CodingError, match="not one that Framescope wrote"):
            open_ledger(tmp_path)
        tables = other.execute("select name from sqlite_schema").fetchall()
    assert tables == [("piece",)]
