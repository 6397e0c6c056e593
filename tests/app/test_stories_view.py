"""The Stories view: the list, one story beside itself, selection, and what a coder may not see."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.navigation.page import calc_hash

from analysis.reading import stories
from analysis.reads import Build, Scope
from dashboard import wording
from tests.support.coding_view import sampled, signed_in
from tests.support.views import opened, texts


@pytest.fixture(scope="module")
def widest(build: Build) -> str:
    return str(stories.stories(build, Scope())["story_key"][0])


def html(app: Any) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def test_the_list_has_every_story_in_scope_the_most_told_first(
    demo_project: Path, build: Build
) -> None:
    app = opened(demo_project, "stories")
    found = stories.stories(build, Scope())
    assert f"of {found.height} stories" in texts(app)
    table = app.dataframe[0].value
    assert table["story_key"].tolist() == found["story_key"].head(len(table)).to_list()
    assert table["outlets"].is_monotonic_decreasing


@pytest.mark.parametrize("order", ["pieces", "newest", "oldest"])
def test_the_list_is_in_the_order_asked_for(demo_project: Path, order: str) -> None:
    app = opened(demo_project, "stories", {"order": order})
    table = app.dataframe[0].value
    column = table["pieces" if order == "pieces" else "first_day"]
    assert column.is_monotonic_increasing if order == "oldest" else column.is_monotonic_decreasing


def test_a_story_shows_every_piece_with_the_sentence_of_each_frame(
    demo_project: Path, build: Build, widest: str
) -> None:
    app = opened(demo_project, "stories", {"story": widest})
    assert not app.exception
    assert not app.warning
    assert app.title[0].value == wording.escape(stories.title(build, widest) or "")
    pieces, frames = stories.pieces(build, widest), stories.frames(build, widest)
    shown = html(app)
    assert shown.count('class="head"') == pieces.height
    assert shown.count("<blockquote") == shown.count('class="chip"') == frames.height
    assert shown.count("copy of") == pieces["copied_from"].drop_nulls().len()
    assert app.query_params["story"] in (widest, [widest])
    next(button for button in app.button if button.label == "Back to the stories").click().run()
    assert app.title[0].value == "Stories"


def test_a_story_that_is_not_there_leaves_a_notice(demo_project: Path) -> None:
    app = opened(demo_project, "stories", {"story": "none such"})
    assert not app.exception
    assert "not in this build" in str(app.warning[0].value)
    assert "story" not in app.query_params


def test_selection_tells_what_was_left_out(demo_project: Path) -> None:
    link = {"part": "selection", "selects": "Calle Ocho Voz", "least": "3"}
    app = opened(demo_project, "stories", link)
    assert not app.exception
    assert not app.warning
    assert "left out" in texts(app)
    assert "xploratory" in texts(app)
    left = next(t.value for t in app.dataframe if "covered" in t.value.columns)
    assert not left["covered"].any()
    assert (left["peers"] >= 3).all()
    assert not any("Calle Ocho Voz" in who for who in left["told"])


def test_the_peers_of_the_project_come_first(demo_project: Path) -> None:
    link = {"part": "selection", "selects": "Biscayne Courier"}
    app = opened(demo_project, "stories", link)
    assert app.multiselect(key="peers").value == ["Causeway Post", "Sunrise Standard"]
    link["peer"] = "Gulf Wire Service"
    app = opened(demo_project, "stories", link)
    assert app.multiselect(key="peers").value == ["Gulf Wire Service"]
    app.multiselect(key="peers").set_value([]).run()
    assert not app.exception
    assert "Choose at least" in texts(app)


def test_labels_that_a_coder_has_still_to_code_are_withheld(
    demo_project: Path, tmp_path: Path, build: Build, widest: str
) -> None:
    project = Path(shutil.copytree(demo_project, tmp_path / "project"))
    rows = stories.pieces(build, widest)
    bearing = rows.join(stories.frames(build, widest), on="piece_key", how="semi")
    alone = bearing.filter(pl.col("is_original") & pl.col("copied_from").is_null())
    sampled(project, [alone["id"][0]])
    app = signed_in(project)
    app._page_hash = calc_hash("stories")
    app.query_params["story"] = widest
    app.run()
    assert not app.exception
    assert wording.WITHHELD in texts(app)
    assert "(labels withheld)" in html(app)
    assert html(app).count("<blockquote") < stories.frames(build, widest).height


def as_coder(project: Path, build: Build, path: str, link: dict[str, str]) -> Any:
    sampled(project, [build.labels(Scope())["id"][0]])
    app = signed_in(project)
    app._page_hash = calc_hash(path)
    for key, value in link.items():
        app.query_params[key] = value
    return app.run()


def test_selection_of_few_pieces_is_withheld_from_a_coder(
    demo_project: Path, tmp_path: Path, build: Build
) -> None:
    project = Path(shutil.copytree(demo_project, tmp_path / "project"))
    link = {"part": "selection", "selects": "Calle Ocho Voz", "least": "3"}
    link |= {"from": "2025-06-16", "to": "2025-06-22"}
    app = as_coder(project, build, "stories", link)
    assert not app.exception
    assert wording.TOO_FEW_FOR_CODERS in texts(app)
    assert not app.get("plotly_chart")


def test_parts_of_few_pieces_are_withheld_from_a_coder(
    demo_project: Path, tmp_path: Path, build: Build
) -> None:
    project = Path(shutil.copytree(demo_project, tmp_path / "project"))
    link = {"split": "story"}
    tables = [t.value for t in opened(project, "why", link).dataframe]
    few = [t for t in tables if "Pieces" in t.columns and t["Pieces"].between(1, 9).any()]
    assert few
    app = as_coder(project, build, "why", link)
    assert not app.exception
    assert "parts of few pieces are withheld" in texts(app)
    for table in (t.value for t in app.dataframe):
        assert not table["Pieces"].between(1, 9).any()
