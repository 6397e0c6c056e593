"""Who has seen what others said of a piece can't take back their coding of it, ever."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from analysis.coding.exchange.backup import backup
from analysis.coding.ledger import Ledger, open_ledger
from analysis.coding.seen import show_labels
from analysis.coding.sessions import Desk
from analysis.errors import CodingError
from analysis.spreadsheet import csv_bytes
from tests.support.codings import FRAMES, SPANS, Clock, add_sample, codes, frame, made_ledger
from tests.unit.test_exchange import HEAD, refusal, taken_in

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
CHANGED = [frame("safety", "Another meaning."), FRAMES[1]]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return made_ledger(tmp_path, pieces=["a", "b", "c", "d"], overlap=["c"])


def desk(ledger: Ledger, coder: str = "Ann", frames=FRAMES, sample: str = "s1") -> Desk:
    return Desk(ledger, sample, coder, frames, clock=Clock())


def look(ledger: Ledger, *pieces: str, coder: str = "Ann", now: dt.datetime = NOW) -> set[str]:
    """The pieces that are withheld."""
    return set(show_labels(ledger, coder, {one: [one] for one in pieces}, now))


def refused_to_take_back(at: Desk, piece: str) -> None:
    before = at.mine()
    for act in (at.undo, lambda: at.take_back(piece)):
        with pytest.raises(CodingError, match=f"since you coded '{piece}' you have seen") as caught:
            act()
        assert "whoever leads the coding" in caught.value.remedy
    assert at.mine() == before


def test_labels_are_withheld_until_the_commit_and_the_coding_stays_after_a_look(
    ledger: Ledger,
) -> None:
    at = desk(ledger)
    assert look(ledger, "a", "zz") == {"a"}
    at.commit("a", codes(), SPANS)
    assert at.undo() is not None  # nothing was shown yet
    assert look(ledger, "a") == {"a"}
    at.commit("a", codes(), SPANS)
    assert look(ledger, "a") == set()
    assert at.seen() == {"a"}
    refused_to_take_back(at, "a")


def test_the_first_look_counts_and_is_one_row(ledger: Ledger) -> None:
    desk(ledger).commit("a", codes(), SPANS)
    look(ledger, "a")
    look(ledger, "a", now=NOW + dt.timedelta(hours=1))
    rows = ledger.rows("reveals", sample="s1", coder="ANN", piece=None)
    assert rows == [
        {"sample": "s1", "piece": "a", "coder": "Ann", "at": "2026-11-24T12:00:00.000+00:00"}
    ]


def test_a_look_binds_the_one_who_looks_and_what_is_shown(ledger: Ledger) -> None:
    ann, ben = desk(ledger), desk(ledger, "Ben")
    for at in (ann, ben):
        at.commit("c", codes(), SPANS)
    ann.commit("a", codes(), SPANS)
    look(ledger, "c")
    assert ben.undo() is not None
    assert ann.undo().piece == "a"
    refused_to_take_back(ann, "c")


def test_a_colleagues_code_binds_too_and_none_does_not(ledger: Ledger) -> None:
    ann, ben = desk(ledger), desk(ledger, "Ben")
    ann.commit("c", codes(), SPANS)
    assert ann.revealed("c") == []
    assert ann.seen() == frozenset()
    ben.commit("c", codes(), SPANS)
    assert len(ben.revealed("c")) == 1
    refused_to_take_back(ben, "c")
    assert ann.undo() is not None


def test_a_copy_shows_the_labels_of_its_text(ledger: Ledger) -> None:
    at = desk(ledger)
    at.commit("a", codes(), SPANS)
    texts = {"copy": ["copy", "a", "b"]}
    assert show_labels(ledger, "Ann", texts, NOW) == {"copy"}
    assert at.seen() == frozenset()
    at.commit("b", codes(), SPANS)
    assert show_labels(ledger, "Ann", texts, NOW) == frozenset()
    assert at.seen() == {"a", "b"}


def test_a_piece_of_two_samples_is_withheld_until_both_are_coded(ledger: Ledger) -> None:
    add_sample(ledger, "s2", ["a"])
    desk(ledger).commit("a", codes(), SPANS)
    assert look(ledger, "a") == {"a"}
    assert desk(ledger).undo() is not None
    for sample in ("s1", "s2"):
        desk(ledger, sample=sample).commit("a", codes(), SPANS)
    assert look(ledger, "a") == set()
    for sample in ("s1", "s2"):
        refused_to_take_back(desk(ledger, sample=sample), "a")


def test_a_changed_definition_asks_again_all_the_same(ledger: Ledger) -> None:
    desk(ledger).commit("a", codes(), SPANS)
    look(ledger, "a")
    anew = desk(ledger, frames=CHANGED)
    assert anew.next().recode == ("safety",)
    anew.commit("a", codes(safety=None), SPANS)
    assert [one.marks for one in anew.mine()] == [codes(safety=None)]
    refused_to_take_back(anew, "a")
    assert anew.seen() == {"a"}


def test_looking_and_taking_back_at_once_one_wins(ledger: Ledger) -> None:
    """Never both: labels on the screen, and the coding taken back."""
    at = desk(ledger)
    pieces = ["a", "b", "c", "d"]
    for piece in pieces:
        at.commit(piece, codes(), SPANS)
    barrier = Barrier(4)

    def looks(piece: str) -> bool:
        barrier.wait()
        return not look(ledger, piece)

    def takes_back(piece: str) -> bool:
        barrier.wait()
        try:
            desk(ledger).take_back(piece)
        except CodingError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        for pair in (pieces[:2], pieces[2:]):
            jobs = [(pool.submit(looks, one), pool.submit(takes_back, one)) for one in pair]
            for shown, taken in jobs:
                assert shown.result() != taken.result()


def test_a_file_can_not_replace_what_was_coded_before_a_look(ledger: Ledger) -> None:
    for piece in ("a", "b"):
        desk(ledger).commit(piece, codes(), SPANS)
    look(ledger, "a")
    new = HEAD + "b,0,0\na,0,0\n"
    for replace in (True, False):
        said = refusal(ledger, new, replace=replace)
        assert "row 2: Ann has coded 'a' otherwise, and has since seen" in said
        assert "take out the rows of codings that stay" in said
    assert taken_in(ledger, HEAD + "b,0,0\na,1,0\n", replace=True).replaced == 1
    again = [frame("safety", "Another meaning."), FRAMES[1]]

    class Build:
        frames = again

    assert taken_in(ledger, new, build=Build(), replace=True).replaced == 2


def test_a_backup_keeps_who_has_seen_what(ledger: Ledger, tmp_path: Path) -> None:
    ann, ben = desk(ledger), desk(ledger, "=Ben")
    for at in (ann, ben):
        at.commit("c", codes(), SPANS)
    look(ledger, "c", coder="=Ben")
    ann.revealed("c")
    saved = csv_bytes(backup(ledger, "s1"))
    (tmp_path / "new").mkdir()
    other = open_ledger(tmp_path / "new")
    for _ in range(2):
        taken_in(other, saved, coder=None)
        rows = [one.rows("reveals", sample="s1", coder=None, piece=None) for one in (ledger, other)]
        assert rows[0] == rows[1]
        assert len(rows[0]) == 2
    refused_to_take_back(desk(other, "=ben"), "c")
    assert csv_bytes(backup(other, "s1")) == saved
    own = backup(ledger, "s1", "Ann").filter(record="reveal")
    assert own["coder"].to_list() == ["Ann"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('""at"": ""2026', '""at"": ""x2026', "Invalid isoformat"),
        ('+00:00""}', '""}', "has no zone"),
        (",Ann,", ",,", "name is empty"),
        ('"{""at"": ', '"{""at"" ', "no JSON object"),
    ],
)
def test_bad_rows_of_who_saw_what(ledger: Ledger, old: str, new: str, said: str) -> None:
    desk(ledger).commit("a", codes(), SPANS)
    look(ledger, "a")
    lines = csv_bytes(backup(ledger, "s1")).decode("utf-8-sig").splitlines(keepends=True)
    assert lines[-1].startswith("reveal,")
    assert old in lines[-1]
    lines[-1] = lines[-1].replace(old, new)
    assert said in refusal(ledger, "".join(lines), coder=None)
