"""The Voices view: the ten of a seed, whose numbers they are, and what a coder may not see."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.navigation.page import calc_hash

from analysis.estimates import Ask
from analysis.estimates.voice import frame_by_voice, spoken
from analysis.measure.voice import OWN, QUOTED
from analysis.reading import voices
from analysis.reads import Build, Scope
from dashboard import wording
from tests.support.coding_view import sampled, signed_in
from tests.support.views import opened, texts


def shown(app: Any) -> list[str]:
    return [e.proto.body for e in app.get("html") if 'class="said"' in e.proto.body]


def test_the_ten_are_those_of_the_seed(demo_project: Path, build: Build) -> None:
    app = opened(demo_project, "voices", {"draw": "4", "of": "trust", "role": "police"})
    assert not app.exception
    ten = voices.sample(build, Scope(), frame="trust", role="police", seed=4)
    assert len(shown(app)) == ten.height
    for row, html in zip(ten.to_dicts(), shown(app), strict=True):
        start = row["start_char"] - row["passage_start"]
        assert row["passage"][start : start + 5] in html.replace("&#x27;", "'").replace(
            "&quot;", '"'
        )
        assert row["role"] == "police"
    again = opened(demo_project, "voices", {"draw": "4", "of": "trust", "role": "police"})
    assert shown(again) == shown(app)


def test_other_ten_move_the_seed_into_the_link(demo_project: Path) -> None:
    app = opened(demo_project, "voices")
    first = shown(app)
    next(button for button in app.button if button.label == "Other ten").click().run()
    assert not app.exception
    assert app.query_params["draw"] in ("2", ["2"])
    assert shown(app) != first


def test_a_link_that_names_nothing_here_leaves_a_notice(demo_project: Path) -> None:
    app = opened(demo_project, "voices", {"of": "none such", "role": "boss", "draw": "x"})
    assert not app.exception
    assert len(app.warning) >= 1


def test_numbers_add_up_and_are_never_more_than_exploratory(build: Build) -> None:
    for frame in build.frames:
        rows = frame_by_voice(build, Scope(), frame["id"], Ask())
        carried = build.by_outlet(Scope()).filter(pl.col("frame") == frame["id"])
        own = rows.filter(pl.col("voice") == OWN).join(carried, on="outlet", suffix="_frame")
        assert own["n"].to_list() == own["k_frame"].to_list()
        parts = (
            rows.filter(pl.col("voice").is_in([OWN, QUOTED])).group_by("outlet").agg(pl.sum("k"))
        )
        assert dict(parts.iter_rows()) == dict(own.select("outlet", "n").iter_rows())
        assert "publishable" not in rows["verdict"].to_list()
        assert rows["reason"].str.contains("who speaks is told by rules").all()
    rows = spoken(build, Scope(), "quotations", Ask())
    outer = voices.quotations(build).filter(~pl.col("nested"))
    assert rows["k"].sum() == outer.height
    assert rows.group_by("outlet").agg(pl.sum("share"))["share"].to_list() == pytest.approx(
        [1.0] * rows["outlet"].n_unique()
    )


def test_nothing_in_scope_says_what_to_do(demo_project: Path) -> None:
    app = opened(demo_project, "voices", {"from": "2001-01-01", "to": "2001-02-01"})
    assert not app.exception
    assert "Widen the filters" in texts(app)


def test_quotations_of_pieces_to_code_are_withheld(
    demo_project: Path, tmp_path: Path, build: Build
) -> None:
    project = Path(shutil.copytree(demo_project, tmp_path / "project"))
    ten = voices.sample(build, Scope(), frame=None, role=None, seed=1)
    sampled(project, [ten["id"][0]])
    app = signed_in(project)
    app._page_hash = calc_hash("voices")
    app.run()
    assert not app.exception
    assert "not chosen by frame" in texts(app)
    assert wording.WITHHELD in texts(app)
    assert len(shown(app)) == ten.filter(pl.col("id") != ten["id"][0]).height
