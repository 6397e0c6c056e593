"""The view Code in each of its states, and what other views hide from a coder."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from analysis.coding.ledger import NAME, open_ledger
from analysis.coding.seen import show_labels
from analysis.coding.sessions import Desk, Marks
from analysis.project import open_project
from analysis.reads import Build, Scope, open_current
from dashboard import wording
from dashboard.coding.desk import Answer, act
from dashboard.views import VIEWS
from tests.support.coding_view import has_desk, message, on_desk, press, sampled, signed_in
from tests.support.views import opened, texts

FRAMES = ("safety", "civil_rights", "profiling", "trust")
ERRORS = {"section": "confusion"}
SHOW = "Show what colleagues coded"
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
NO = Marks(dict.fromkeys(FRAMES, False))


@pytest.fixture
def project(demo_project: Path, tmp_path: Path) -> Path:
    """The teaching corpus, with codings of its own."""
    root = tmp_path / "project"
    shutil.copytree(demo_project, root)
    return root


@pytest.fixture
def build(project: Path) -> Iterator[Build]:
    found = open_current(open_project(project))
    yield found
    found.close()


def desk_of(project: Path, build: Build, name: str) -> Desk:
    return Desk(open_ledger(project), "s1", name, build.frames)


def carrying(build: Build, number: int, *, frame: str = "safety") -> list[str]:
    """Ids of pieces that the model takes to carry a frame and that have no copies."""
    found = build.labels(Scope()).filter(pl.col("present") & (pl.col("frame") == frame))["id"]
    return [i for i in found if build.piece_copies(i).is_empty()][:number]


def test_looking_makes_no_file(project: Path) -> None:
    app = opened(project, "code")
    assert not app.exception
    assert "No sample has been drawn" in texts(app)
    assert not (project / NAME).exists()


def test_a_sample_is_drawn_on_the_page_and_coded(project: Path) -> None:
    app = opened(project, "code")
    app.number_input(key="draw-budget").set_value(60).run()
    press(app, "Draw 60 pieces")
    assert not app.exception
    (row,) = open_ledger(project).rows("samples")
    assert row["pieces"] == 60
    assert "Draw 60 pieces" not in [button.label for button in app.button]
    app.text_input[0].set_value("Anna")
    press(app, "Start coding")
    assert on_desk(app)["task"]["number"] == 1
    assert on_desk(app)["progress"]["total"] == 60


def test_a_draw_is_of_the_scope_on_the_left(project: Path, build: Build) -> None:
    app = opened(project, "code", {"outlet": "Causeway Post"})
    app.number_input(key="draw-budget").set_value(10).run()
    press(app, "Draw 10 pieces")
    drawn = open_ledger(project).rows("sample_pieces", sample="s1")
    pieces = [build.piece(row["piece"]) for row in drawn]
    assert {piece["outlet"] for piece in pieces if piece} == {"Causeway Post"}


@pytest.mark.parametrize("name", ["", "   ", "a\u0007b"])
def test_a_name_that_is_none_is_refused(project: Path, name: str) -> None:
    sampled(project, ["d0001"])
    app = signed_in(project, name)
    assert not app.exception
    assert len(app.error) == 1
    assert not has_desk(app)


def test_a_name_with_markup_is_text(project: Path) -> None:
    sampled(project, ["d0001"])
    name = "<script>alert(1)</script> **Anna**"
    app = signed_in(project, name)
    assert has_desk(app)
    assert name not in texts(app)
    assert "script" in texts(app).replace("\\", "")


def test_the_desk_gets_words_and_codebook_and_nothing_computed(project: Path, build: Build) -> None:
    piece = carrying(build, 1)[0]
    sampled(project, [piece, "d0002"], overlap=[piece])
    desk_of(project, build, "Ben").commit(
        piece, Marks({**NO.frames, "trust": True}, note="zebra"), ()
    )
    shown = on_desk(signed_in(project))
    assert set(shown) == {"answered", "turn", "said", "progress", "task", "frames", "rules"}
    assert set(shown["task"]) == {
        "piece",
        "number",
        "total",
        "title",
        "paragraphs",
        "draft",
        "again",
    }
    assert shown["task"]["piece"] == piece
    assert shown["task"]["draft"] is None
    words = "".join(text for paragraph in shown["task"]["paragraphs"] for _, text in paragraph)
    whole = build.piece(piece)
    assert whole is not None
    assert "".join(words.split()) == "".join(whole["text"].split())
    sent = json.dumps(shown["task"])
    assert "zebra" not in sent
    assert "Ben" not in sent
    assert whole["outlet"] not in sent.replace(whole["text"], "")


def test_a_finished_sample_thanks_and_can_be_undone(project: Path, build: Build) -> None:
    sampled(project, ["d0001", "d0002"])
    desk = desk_of(project, build, "Anna")
    for piece in ("d0001", "d0002"):
        desk.commit(piece, NO, ())
    app = signed_in(project)
    assert not has_desk(app)
    assert "you have coded 2 pieces" in texts(app) + "".join(s.value for s in app.success)
    press(app, "Undo the last piece")
    assert on_desk(app)["task"]["piece"] == "d0002"
    assert on_desk(app)["task"]["draft"]["frames"] == NO.frames


def test_pieces_on_a_colleagues_screen_are_told(project: Path, build: Build) -> None:
    sampled(project, ["d0001"])
    desk_of(project, build, "Ben").next()
    app = signed_in(project)
    assert not app.exception
    assert not has_desk(app)
    assert "on a colleague's screen" in texts(app)
    assert "Look again" in [button.label for button in app.button]


def test_a_piece_that_the_build_lost_can_be_passed_over(project: Path) -> None:
    sampled(project, ["gone", "d0001"])
    app = signed_in(project)
    assert "not in the current build" in texts(app)
    press(app, "Pass over it")
    assert on_desk(app)["task"]["piece"] == "d0001"


def test_a_changed_definition_brings_the_piece_back_and_says_why(
    project: Path, build: Build
) -> None:
    sampled(project, ["d0001", "d0002"])
    old = [dict(frame) for frame in build.frames]
    old[0]["definition"] = "Something else."
    marks = Marks({**NO.frames, "trust": True})
    Desk(open_ledger(project), "s1", "Anna", old).commit("d0001", marks, ())
    task = on_desk(signed_in(project))["task"]
    assert task["piece"] == "d0001"
    assert "definition of Public safety and order has changed" in task["again"]
    assert task["draft"]["frames"] == {f: f == "trust" for f in FRAMES if f != "safety"}


def test_who_leaves_is_asked_for_a_name(project: Path) -> None:
    sampled(project, ["d0001"])
    app = signed_in(project)
    press(app, "Switch coder")
    assert not has_desk(app)
    assert [field.label for field in app.text_input] == ["Your name"]


def test_own_codings_are_listed_and_taken_back(project: Path, build: Build) -> None:
    sampled(project, ["d0001", "d0002"], overlap=["d0001"])
    desk_of(project, build, "Anna").commit("d0001", Marks({**NO.frames, "trust": None}), ())
    app = signed_in(project)
    press(app, "Your codings")
    assert not app.exception
    assert app.dataframe[0].value["frames"].tolist() == ["Trust?"]


def listed(app: Any) -> dict[str, str]:
    table = app.dataframe[0].value
    return dict(zip(table["id"], table["frames"], strict=True))


def test_the_list_withholds_what_a_coder_has_still_to_code(project: Path, build: Build) -> None:
    bearing = carrying(build, 3)
    sampled(project, bearing)
    desk_of(project, build, "Anna").commit(bearing[0], NO, ())
    day = {}
    for piece in bearing:
        whole = build.piece(piece)
        assert whole is not None
        day[piece] = {"q": whole["title"]}
    for piece in bearing:
        assert "Safety" in listed(opened(project, "pieces", day[piece]))[piece]
        app = signed_in(project)
        app.session_state["q"] = day[piece]["q"]
        app = switched(app, "pieces", day[piece])
        expected = "Safety" if piece == bearing[0] else "(withheld)"
        assert expected in listed(app)[piece]


def switched(app: Any, path: str, link: dict[str, str]) -> Any:
    """Another view in the same session."""
    from streamlit.navigation.page import calc_hash

    app._page_hash = calc_hash(path)
    app.query_params.clear()
    for key, value in link.items():
        app.query_params[key] = value
    return app.run()


def test_the_list_does_not_filter_by_frame_for_a_coder(project: Path, build: Build) -> None:
    sampled(project, carrying(build, 1))
    everything = build.pieces_count(Scope())
    app = switched(signed_in(project), "pieces", {"frame": "safety"})
    assert not app.exception
    assert "not filtered by frame" in texts(app)
    assert f"of {everything} matching pieces" in texts(app)


@pytest.mark.parametrize("view", [view.path for view in VIEWS if view.sums])
def test_sums_over_few_pieces_are_withheld_from_a_coder(project: Path, view: str) -> None:
    few = {"outlet": "Causeway Post", "from": "2025-06-16", "to": "2025-06-22"}
    sampled(project, ["d0001", "d0002"])
    app = signed_in(project)
    assert wording.TOO_FEW_FOR_CODERS in texts(switched(app, view, few))
    assert wording.TOO_FEW_FOR_CODERS not in texts(switched(app, view, {}))
    assert wording.TOO_FEW_FOR_CODERS not in texts(opened(project, view, few))


def test_no_table_has_rows_of_few_pieces_for_a_coder(project: Path) -> None:
    month = {"from": "2025-06-09", "to": "2025-07-06"}

    def few(app: Any) -> bool:
        tables = [t.value for t in app.dataframe if "Pieces" in t.value.columns]
        assert tables
        return any(table["Pieces"].between(1, 9).any() for table in tables)

    assert few(opened(project, "outlets", month))
    sampled(project, ["d0001", "d0002"])
    app = switched(signed_in(project), "outlets", month)
    assert not app.exception
    assert not few(app)
    assert "withheld while you code" in texts(app)


def test_the_reader_withholds_until_the_coder_has_committed(project: Path, build: Build) -> None:
    piece = carrying(build, 1)[0]
    sampled(project, [piece])
    link = {"piece": piece}
    assert "carries it" in html(opened(project, "pieces", link))
    app = switched(signed_in(project), "pieces", link)
    assert not app.exception
    assert wording.WITHHELD in texts(app)
    assert "carries it" not in html(app)
    assert not app.toggle
    desk_of(project, build, "Anna").commit(piece, NO, ())
    app = app.run()
    assert "carries it" in html(app)


def test_a_copy_of_a_piece_to_code_is_withheld_too(project: Path, build: Build) -> None:
    rows = build.pieces(Scope(), most=1000).filter(pl.col("copy_group").is_not_null())
    piece = rows["id"][0]
    copy = build.piece_copies(piece)["id"][0]
    sampled(project, [piece])
    app = switched(signed_in(project), "pieces", {"piece": copy})
    assert wording.WITHHELD in texts(app)


@pytest.mark.parametrize("looks", ["reader", "list", "copy"])
def test_what_was_coded_stays_once_its_labels_were_seen(
    project: Path, build: Build, looks: str
) -> None:
    piece = carrying(build, 1)[0]
    link = {"piece": piece}
    if looks == "copy":
        rows = build.pieces(Scope(), most=1000).filter(pl.col("copy_group").is_not_null())
        piece = rows["id"][0]
        link = {"piece": build.piece_copies(piece)["id"][0]}
    if looks == "list":
        whole = build.piece(piece)
        assert whole is not None
        link = {"q": whole["title"]}
    sampled(project, [piece])
    desk = desk_of(project, build, "Anna")
    desk.commit(piece, NO, ())
    app = signed_in(project)
    press(app, "Undo the last piece")
    assert on_desk(app)["task"]["piece"] == piece
    desk.commit(piece, NO, ())
    app.session_state["q"] = link.get("q", "")
    switched(app, "pieces", link)
    assert not app.exception
    assert desk.seen() == {piece}
    switched(app, "code", {})
    press(app, "Undo the last piece")
    assert not app.exception
    assert "whoever leads the coding" in texts(app)
    assert not has_desk(app)
    assert [one.piece for one in desk.mine()] == [piece]


def test_the_validation_view_withholds_and_binds_too(project: Path, build: Build) -> None:
    pieces = carrying(build, 12)
    sampled(project, pieces)
    for number, piece in enumerate(pieces):
        marks = Marks({**NO.frames, "safety": number % 2 == 0})
        desk_of(project, build, "Ben").commit(piece, marks, ())

    def links(app: Any) -> set[str]:
        assert not app.exception
        return {
            parse_qs(link.proto.query_string).get("piece", [""])[0] for link in app.get("page_link")
        } & set(pieces)

    shown = links(opened(project, "validation", ERRORS))
    assert shown
    assert links(switched(signed_in(project, "Anna"), "validation", ERRORS)) == set()
    assert desk_of(project, build, "Anna").seen() == frozenset()
    assert links(switched(signed_in(project, "Ben"), "validation", ERRORS)) == shown
    assert desk_of(project, build, "Ben").seen() == shown


def test_the_desk_says_why_nothing_was_taken_back(project: Path, build: Build) -> None:
    sampled(project, ["d0001", "d0002"])
    desk = desk_of(project, build, "Anna")
    desk.commit("d0001", NO, ())
    show_labels(desk.ledger, "Anna", {"d0001": ["d0001"]}, NOW)
    answer = Answer()
    act(answer, desk, build, message("d0002", "undo", frames={"trust": True}))
    assert answer.said is not None
    assert answer.said.startswith("Not taken back: since you coded 'd0001' you have seen")
    task = desk.next()
    assert task is not None
    assert (task.piece, task.draft) == ("d0002", Marks({"trust": True}, seconds=3.0))


def test_a_ledger_that_breaks_is_one_message_and_no_label(project: Path, build: Build) -> None:
    piece = carrying(build, 1)[0]
    sampled(project, [piece])
    desk_of(project, build, "Anna").commit(piece, NO, ())
    app = signed_in(project)
    (project / NAME).write_bytes(b"what people coded")
    for view, link in (("code", {}), ("pieces", {}), ("pieces", {"piece": piece})):
        switched(app, view, link)
        assert not app.exception
        assert ["file is not a database" in error.value for error in app.error] == [True]
        assert "What to do" in texts(app)
        assert "carries it" not in html(app)
        assert not app.dataframe


def test_a_bad_name_of_a_sample_is_told_and_nothing_drawn(project: Path) -> None:
    app = opened(project, "code")
    app.number_input(key="draw-budget").set_value(10)
    app.text_input(key="draw-name").set_value("../x").run()
    assert not app.exception
    assert "can't name a sample" in texts(app).replace("\\", "")
    assert not (project / NAME).exists()
    assert not (project / "samples").exists()


def test_nobody_who_is_not_coding_leaves_a_trace(project: Path, build: Build) -> None:
    sampled(project, ["d0001"])
    desk_of(project, build, "Anna").commit("d0001", NO, ())
    opened(project, "pieces", {"piece": "d0001"})
    assert desk_of(project, build, "Anna").seen() == frozenset()


def test_colleagues_codes_are_shown_on_demand_and_then_the_coding_stays(
    project: Path, build: Build
) -> None:
    sampled(project, ["d0001"], overlap=["d0001"])
    for name, marks in (("Anna", NO), ("Ben", Marks({**NO.frames, "trust": True}))):
        desk_of(project, build, name).commit("d0001", marks, ())
    app = AppTest.from_function(own_codings, args=(str(project),), default_timeout=60).run()
    assert not app.exception
    assert "Ben" not in texts(app)
    assert [button.label for button in app.button] == [SHOW, "Take this piece back"]
    press(app, SHOW)
    assert "**Ben**: Trust" in texts(app)
    assert "it stays as you coded it" in texts(app)
    assert [button.label for button in app.button] == [SHOW]
    assert desk_of(project, build, "Anna").seen() == {"d0001"}
    assert desk_of(project, build, "Ben").seen() == frozenset()


def own_codings(root: str) -> None:
    """The dialog of Anna's codings without its window, the first of them chosen."""
    from pathlib import Path

    from analysis.coding.ledger import open_ledger
    from analysis.coding.sessions import Desk
    from analysis.project import open_project
    from analysis.reads import Scope, open_current
    from dashboard import blocks
    from dashboard.views import coding

    build = open_current(open_project(Path(root)))
    desk = Desk(open_ledger(Path(root)), "s1", "Anna", build.frames)
    coding.own_coding(desk, desk.mine()[0], blocks.styles(build, Scope()))


def html(app: Any) -> str:
    return "".join(element.proto.body for element in app.get("html"))
