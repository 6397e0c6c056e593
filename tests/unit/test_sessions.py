"""A coder's desk: what it offers, keeps, takes back, refuses, and never tells."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from analysis.coding import sessions
from analysis.coding.ledger import Ledger
from analysis.coding.sessions import HOLD, Desk, Marks, coder_name, definition_hash
from analysis.errors import CodingError
from tests.support.codings import FRAMES, SPANS, Clock, codes, frame, made_ledger

CHANGED = [frame("safety", "Another meaning."), FRAMES[1]]
MARKED = Marks({"safety": True, "trust": None}, {"safety": (2, 0)}, "a note", 4.5)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Sample s1 of the pieces a, b, c and d, coded in this order; c is for every coder."""
    return made_ledger(tmp_path, overlap=["c"])


def desk(ledger: Ledger, coder: str = "Ann", frames=FRAMES, **how) -> Desk:
    return Desk(ledger, "s1", coder, frames, **how)


def offered(at: Desk) -> str | None:
    task = at.next()
    return task and task.piece


def coded(at: Desk, *pieces: str) -> None:
    for piece in pieces:
        at.commit(piece, codes(), SPANS)


def stored(ledger: Ledger) -> list[tuple]:
    rows = ledger.read("codings", sample="s1", coder=None, piece=None, coding=None, withdrawn=1)
    return rows.rows()


def test_pieces_come_in_the_order_of_coding(ledger: Ledger) -> None:
    at = desk(ledger)
    seen = []
    while task := at.next():
        assert (task.number, task.total) == (len(seen) + 1, 4)
        assert task.draft is None
        seen.append(task.piece)
        coded(at, task.piece)
    assert seen == ["a", "b", "c", "d"]
    assert at.progress() == sessions.Progress(4, 4, 0, 0, 4, 4)


def test_a_reload_gives_the_same_piece(ledger: Ledger) -> None:
    assert [offered(desk(ledger)) for _ in range(3)] == ["a", "a", "a"]


def test_a_piece_is_coded_once_and_an_overlap_piece_by_all(ledger: Ledger) -> None:
    ann, ben = desk(ledger), desk(ledger, "Ben")
    assert (offered(ann), offered(ben)) == ("a", "b")
    coded(ann, "a")
    coded(ben, "b")
    assert (offered(ann), offered(ben)) == ("c", "c")
    coded(ann, "c")
    coded(ben, "c")
    assert (offered(ann), offered(ben)) == ("d", None)
    assert ben.progress() == sessions.Progress(2, 3, 0, 1, 3, 4)


def test_a_piece_left_on_a_screen_goes_to_another(ledger: Ledger) -> None:
    clock = Clock()
    ann, ben = desk(ledger, clock=clock), desk(ledger, "Ben", clock=clock)
    assert offered(ann) == "a"
    clock.pass_minutes(HOLD.total_seconds() / 60 - 1)
    assert offered(ben) == "b"
    ann.save_draft("a", codes())
    clock.pass_minutes(2)
    assert offered(desk(ledger, "Cid", clock=clock)) == "c"
    clock.pass_minutes(HOLD.total_seconds() / 60)
    assert offered(desk(ledger, "Dan", clock=clock)) == "a"


def test_work_on_a_piece_that_another_took_over_is_kept(ledger: Ledger) -> None:
    clock = Clock()
    ann, ben = desk(ledger, clock=clock), desk(ledger, "Ben", clock=clock)
    assert offered(ann) == "a"
    clock.pass_minutes(60)
    assert offered(ben) == "a"
    coded(ben, "a")
    coded(ann, "a")
    assert len(stored(ledger)) == 2


def test_a_draft_comes_back(ledger: Ledger) -> None:
    at = desk(ledger)
    assert at.save_draft("a", Marks({"safety": True}, {"safety": (1,)}, "half", 3.0))
    task = desk(ledger, "ann").next()
    assert task is not None
    assert task.draft == Marks({"safety": True}, {"safety": (1,)}, "half", 3.0)


def test_a_late_draft_does_not_undo_a_commit(ledger: Ledger) -> None:
    at = desk(ledger)
    coded(at, "a")
    assert not at.save_draft("a", codes(safety=False))
    assert offered(at) == "b"
    assert at.mine()[0].marks == codes()


def test_a_click_sent_twice_is_one_coding(ledger: Ledger) -> None:
    at = desk(ledger)
    first = at.commit("a", MARKED, SPANS)
    assert at.commit("a", dataclasses.replace(MARKED, seconds=9.0), SPANS) == first
    with pytest.raises(CodingError, match="already, and otherwise"):
        at.commit("a", codes(safety=False), SPANS)
    assert len(stored(ledger)) == 1


def test_everything_that_was_coded_is_stored(ledger: Ledger) -> None:
    number = desk(ledger, source="terminal").commit("a", MARKED, SPANS)
    (one,) = desk(ledger).mine()
    assert (one.id, one.piece, one.coder, one.source) == (number, "a", "Ann", "terminal")
    assert one.marks == MARKED
    assert one.spans == (SPANS[0], SPANS[2])
    assert one.definitions == {f["id"]: definition_hash(f) for f in FRAMES}


def test_undo_goes_back_to_the_first(ledger: Ledger) -> None:
    at = desk(ledger)
    at.commit("a", MARKED, SPANS)
    coded(at, "b", "c")
    assert [at.undo().piece for _ in range(3)] == ["c", "b", "a"]
    task = at.next()
    assert (task.piece, task.draft, task.number) == ("a", MARKED, 1)
    assert at.undo() is None
    assert at.mine() == []
    assert len(stored(ledger)) == 3  # taken back, not lost
    coded(at, "a")
    assert offered(at) == "b"
    assert at.next().draft == codes()


def test_undo_takes_nothing_of_others(ledger: Ledger) -> None:
    coded(desk(ledger, "Ben"), "a")
    assert desk(ledger).undo() is None
    with pytest.raises(CodingError, match="no coding of 'a'"):
        desk(ledger).take_back("a")
    assert len(desk(ledger, "Ben").mine()) == 1


def test_any_coding_can_be_taken_back(ledger: Ledger) -> None:
    at = desk(ledger)
    coded(at, "a", "b")
    assert at.take_back("a").piece == "a"
    assert [one.piece for one in at.mine()] == ["b"]
    assert offered(at) == "a"


def test_a_changed_definition_asks_again_first(ledger: Ledger) -> None:
    at = desk(ledger)
    at.commit("a", MARKED, SPANS)
    coded(at, "b")
    anew = desk(ledger, frames=CHANGED)
    task = anew.next()
    assert (task.piece, task.recode, task.number, task.total) == ("a", ("safety",), 1, 4)
    assert task.draft == Marks({"trust": None}, {}, "a note", 4.5)
    assert anew.progress().recode == 2
    anew.commit("a", codes(), SPANS)
    assert anew.next().piece == "b"
    assert [one.piece for one in anew.mine()] == ["b", "a"]
    assert desk(ledger, "Ben", frames=CHANGED).next().piece == "c"  # not of colleagues


def test_a_new_frame_asks_again_and_a_dropped_one_does_not(ledger: Ledger) -> None:
    coded(desk(ledger), "a")
    task = desk(ledger, frames=[*FRAMES, frame("rights")]).next()
    assert (task.piece, task.recode) == ("a", ("rights",))
    assert desk(ledger, frames=FRAMES[:1]).next().piece == "b"


def test_a_draft_loses_what_has_another_meaning_now(ledger: Ledger) -> None:
    desk(ledger).save_draft("a", codes())
    assert desk(ledger, frames=CHANGED).next().draft.frames == {"trust": False}


def test_a_draft_while_coding_again_is_kept(ledger: Ledger) -> None:
    coded(desk(ledger), "a")
    anew = desk(ledger, frames=CHANGED)
    assert anew.save_draft("a", codes(safety=None))
    assert anew.next().draft == codes(safety=None)


@pytest.mark.parametrize("key", ["definition", "question", "include", "exclude"])
def test_the_definition_is_what_a_coder_goes_by(key: str) -> None:
    other = {**FRAMES[0], key: ["x"] if key.endswith("clude") else "x"}
    assert definition_hash(other) != definition_hash(FRAMES[0])
    assert definition_hash({**FRAMES[0], "colour": "#123456", "name": "N"}) == definition_hash(
        FRAMES[0]
    )


def test_colleagues_are_told_only_after_both_have_committed(ledger: Ledger) -> None:
    ann, ben = desk(ledger), desk(ledger, "Ben")
    ann.commit("c", MARKED, SPANS)
    assert ann.revealed("c") == []
    ben.save_draft("c", codes())
    assert ben.revealed("c") == []
    assert ann.revealed("c") == []
    coded(ben, "c")
    assert [one.coder for one in ben.revealed("c")] == ["Ann"]
    assert [one.marks for one in ann.revealed("c")] == [codes()]


def test_a_colleague_who_takes_back_is_not_told_of(ledger: Ledger) -> None:
    ann, ben = desk(ledger), desk(ledger, "Ben")
    coded(ann, "c")
    coded(ben, "c")
    ben.undo()
    assert ben.revealed("c") == []
    assert ann.revealed("c") == []
    assert ann.undo() is not None


def test_no_task_or_list_holds_a_colleagues_codes(ledger: Ledger) -> None:
    desk(ledger).commit("c", dataclasses.replace(MARKED, note="hers alone"), SPANS)
    ben = desk(ledger, "Ben")
    told = []
    while task := ben.next():
        told += [repr(task), repr(ben.progress()), repr(ben.mine()), repr(ben.revealed("c"))]
        if task.piece == "c":
            break
        coded(ben, task.piece)
    assert not any("hers alone" in one or "Ann" in one for one in told)


BAD_MARKS = {
    "a frame missing": (Marks({"safety": True}), "no code for: trust"),
    "a frame unknown": (Marks({**codes().frames, "mood": True}), "no frame 'mood'"),
    "a sentence unknown": (Marks(codes().frames, {"safety": (9,)}), "no sentence 9"),
}


@pytest.mark.parametrize("fault", BAD_MARKS)
def test_bad_marks_are_refused_and_nothing_is_stored(ledger: Ledger, fault: str) -> None:
    marks, said = BAD_MARKS[fault]
    with pytest.raises(CodingError, match=said):
        desk(ledger).commit("a", marks, SPANS)
    assert stored(ledger) == []


IMPOSSIBLE = {
    "a sentence without its frame": ({"safety": False}, {"safety": (1,)}, ""),
    "a sentence of no frame": ({}, {"safety": (1,)}, ""),
    "a number": ({"safety": 1}, {}, ""),
    "a word": ({"safety": "yes"}, {}, ""),
    "no number of a sentence": ({"safety": True}, {"safety": ("1",)}, ""),
    "a note without end": ({}, {}, "x" * 10_001),
}


@pytest.mark.parametrize("fault", IMPOSSIBLE)
def test_impossible_marks(fault: str) -> None:
    with pytest.raises(CodingError):
        Marks(*IMPOSSIBLE[fault])


def test_what_a_broken_browser_sends_is_stored_as_text(ledger: Ledger) -> None:
    note = "<script>alert(1)</script> \ud800 \0 ü"
    desk(ledger).commit("a", Marks(codes().frames, {}, note, float("nan")), SPANS)
    (one,) = desk(ledger).mine()
    assert one.marks.note == "<script>alert(1)</script> ?  ü"
    assert one.marks.seconds is None


def test_a_piece_of_no_sample(ledger: Ledger) -> None:
    for act in (desk(ledger).commit, desk(ledger).save_draft):
        with pytest.raises(CodingError, match="'zz' is not in the sample 's1'"):
            act("zz", codes(), *([SPANS] if act.__name__ == "commit" else []))


def test_a_sample_that_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(CodingError, match="no sample 's9'") as caught:
        Desk(ledger, "s9", "Ann", FRAMES)
    assert "s1" in caught.value.remedy


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "A\x1b[2Jnn", "A\u202enn", "\ud800"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(CodingError) as caught:
        coder_name(name)
    assert str(caught.value).isprintable() or "\n" in str(caught.value)


@pytest.mark.parametrize(
    ("first", "second"), [("Anna", "anna "), ("Jürgen", "JÜRGEN"), ("Zoe\u0308", "zo\u00eb")]
)
def test_a_name_is_one_person_in_any_case(ledger: Ledger, first: str, second: str) -> None:
    coded(desk(ledger, first), "a")
    again = desk(ledger, second)
    assert again.coder == coder_name(first)
    assert [one.piece for one in again.mine()] == ["a"]
    assert ledger.read("coders").height == 1


def test_markup_in_a_name_is_text(ledger: Ledger) -> None:
    assert desk(ledger, "<b>[red]Ann[/]</b>").coder == "<b>[red]Ann[/]</b>"


def test_a_codebook_changed_in_the_middle_loses_nothing(ledger: Ledger) -> None:
    """A page opened before the change commits under the old definition and is asked again."""
    at = desk(ledger)
    piece = at.next().piece
    anew = desk(ledger, frames=CHANGED)
    coded(at, piece)
    assert (anew.next().piece, anew.next().recode) == (piece, ("safety",))
    anew.commit(piece, codes(safety=None), SPANS)
    old, new = (json.loads(row[9]) for row in stored(ledger))
    assert ["safety", 1, definition_hash(FRAMES[0])] in old
    assert ["safety", None, definition_hash(CHANGED[0])] in new
