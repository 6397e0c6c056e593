"""What the server does with the messages of the coding desk, good and bad."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding.ledger import open_ledger
from analysis.coding.sessions import BlindPiece, Desk, Progress
from analysis.reads import Build
from dashboard.coding.desk import Answer, act, left, paragraphs
from tests.support.coding_view import message, sampled

FRAMES = ("safety", "civil_rights", "profiling", "trust")
NO = dict.fromkeys(FRAMES, False)
YES = {**NO, "safety": True}


@pytest.fixture
def desk(tmp_path: Path, build: Build) -> Desk:
    sampled(tmp_path, ["d0001", "d0002", "d0003"])
    return Desk(open_ledger(tmp_path), "s1", "Anna", build.frames)


def committed(desk: Desk) -> list[str]:
    return [coding.piece for coding in desk.mine()]


def test_a_commit_is_stored_with_its_sentences_and_brings_a_new_turn(
    desk: Desk, build: Build
) -> None:
    answer = Answer()
    act(answer, desk, build, message("d0001", frames=YES, sentences={"safety": [0, 2]}))
    (coding,) = desk.mine()
    assert coding.marks.sentences == {"safety": (0, 2)}
    assert coding.marks.seconds == 3
    assert (answer.id, answer.turn, answer.said) == ("m1", 1, None)


def test_a_message_sent_twice_counts_once(desk: Desk, build: Build) -> None:
    answer = Answer()
    for _ in range(2):
        act(answer, desk, build, message("d0001", frames=YES))
    act(answer, desk, build, message("d0002", frames=NO, id="m2"))
    undo = message("d0003", "undo", frames=NO, id="m3")
    for _ in range(2):
        act(answer, desk, build, undo)
    assert committed(desk) == ["d0001"]


def test_a_late_click_codes_the_piece_that_it_was_made_on(desk: Desk, build: Build) -> None:
    answer = Answer()
    act(answer, desk, build, message("d0001", frames=YES))
    act(answer, desk, build, message("d0001", frames=NO, id="m2"))
    assert committed(desk) == ["d0001"]
    assert desk.mine()[0].marks.frames == YES
    assert answer.said is not None
    assert "already" in answer.said


def test_a_draft_that_comes_late_leaves_the_commit_alone(desk: Desk, build: Build) -> None:
    answer = Answer()
    act(answer, desk, build, message("d0001", frames=YES))
    act(answer, desk, build, message("d0001", "draft", frames=NO, id="m2"))
    assert desk.mine()[0].marks.frames == YES
    assert answer.said is not None
    assert answer.turn == 2


def test_a_draft_waits_for_the_coder(desk: Desk, build: Build) -> None:
    act(Answer(), desk, build, message("d0001", "draft", frames=YES, note="hm"))
    task = desk.next()
    assert task is not None
    assert task.draft is not None
    assert task.draft.frames == YES
    assert task.draft.note == "hm"


def test_undo_keeps_what_was_begun_on_the_next_piece(desk: Desk, build: Build) -> None:
    answer = Answer()
    act(answer, desk, build, message("d0001", frames=YES))
    act(answer, desk, build, message("d0002", "undo", frames=YES, id="m2", note="begun"))
    task = desk.next()
    assert task is not None
    assert task.piece == "d0001"
    act(answer, desk, build, message("d0001", frames=NO, id="m3"))
    task = desk.next()
    assert task is not None
    assert task.draft is not None
    assert (task.piece, task.draft.note) == ("d0002", "begun")


def test_nothing_to_undo_is_said(desk: Desk, build: Build) -> None:
    answer = Answer()
    act(answer, desk, build, message("d0001", "undo", frames=NO))
    assert answer.said == "There is nothing to take back."
    assert answer.turn == 0


GOOD = message("d0001", frames=NO)["marks"]
BAD: dict[str, Any] = {
    "no marks": {"kind": "commit", "piece": "d0001"},
    "marks that are text": {"kind": "commit", "piece": "d0001", "marks": "safety"},
    "a frame missing": {
        "kind": "commit",
        "piece": "d0001",
        "marks": GOOD | {"frames": {"safety": True}},
    },
    "an unknown frame": {
        "kind": "commit",
        "piece": "d0001",
        "marks": GOOD | {"frames": NO | {"zeal": True}},
    },
    "a code that is none": {
        "kind": "commit",
        "piece": "d0001",
        "marks": GOOD | {"frames": NO | {"safety": "yes"}},
    },
    "a sentence of a frame that is off": {
        "kind": "commit",
        "piece": "d0001",
        "marks": GOOD | {"sentences": {"safety": [1]}},
    },
    "a sentence that is not there": {
        "kind": "commit",
        "piece": "d0001",
        "marks": GOOD | {"frames": YES, "sentences": {"safety": [999]}},
    },
    "sentences that are a number": {
        "kind": "draft",
        "piece": "d0001",
        "marks": GOOD | {"sentences": {"safety": 1}},
    },
    "a piece outside the sample": {"kind": "commit", "piece": "d0400", "marks": GOOD},
    "a draft outside the sample": {"kind": "draft", "piece": "no such", "marks": GOOD},
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_message_stores_nothing_and_is_told(what: str, desk: Desk, build: Build) -> None:
    answer = Answer()
    act(answer, desk, build, {"id": "m1", **BAD[what]})
    assert desk.mine() == []
    assert answer.said is not None
    assert answer.said.startswith("Not stored: ")
    assert answer.id == "m1"


@pytest.mark.parametrize("what", [None, "commit", 3, [], {"id": "m1", "kind": "explode"}])
def test_what_is_no_message_does_nothing(what: Any, desk: Desk, build: Build) -> None:
    act(Answer(), desk, build, what)
    assert desk.mine() == []
    assert desk.undo() is None


@st.composite
def cut_texts(draw: st.DrawFn) -> BlindPiece:
    text = draw(st.text(alphabet="ab. \n👩é", max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    spans = [(number, start, end) for number, (start, end) in enumerate(pairs, 1)]
    return BlindPiece("p", "title", text, ((0, 0, 5), *spans))


@settings(deadline=None)
@given(cut_texts())
def test_paragraphs_hold_every_word_once_and_each_sentence_whole(piece: BlindPiece) -> None:
    parts = [part for paragraph in paragraphs(piece) for part in paragraph]
    assert "".join("".join(words for _, words in parts).split()) == "".join(piece.text.split())
    found = {number: words for number, words in parts if number is not None}
    for number, start, end in piece.spans[1:]:
        if piece.text[start:end].strip():
            assert found[number] == piece.text[start:end]


def test_time_left_is_told_in_minutes_then_in_hours() -> None:
    progress = Progress(done=12, total=120, recode=0, held=0, coded=12, pieces=120)
    assert left(progress, None) == "12 done, 108 to go"
    assert left(progress, 20.0) == "12 done, 108 to go, about 36 min"
    assert left(progress, 120.0) == "12 done, 108 to go, about 4 h"
