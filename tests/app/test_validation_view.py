"""The Validation view: each section, each empty state, and nothing that is still to be coded."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.coding.ledger import open_ledger
from dashboard.views.validation import SECTIONS
from tests.support.coded_demo import code, coded_demo
from tests.support.demo import framescope
from tests.support.views import Link, opened, texts

PRESETS: dict[str, Link] = {
    "nothing chosen": {},
    "an outlet": {"outlet": "Causeway Post"},
    "a frame and dates": {"frame": "trust", "from": "2025-06-01", "to": "2025-09-30"},
    "original reports": {"count": "original"},
    "a census": {"pieces": "census", "intervals": "together"},
    "nothing in scope": {"from": "2001-01-01", "to": "2001-02-01"},
    "choices": {
        "by": "quarter", "of": "Causeway Post", "target": "difference", "one": "Causeway Post",
        "other": "Calle Ocho Voz", "between": "event", "more": "100", "draw": "7", "look": "trust",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def project(demo_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return coded_demo(demo_project, tmp_path_factory.mktemp("coded") / "project", budget=150)


def view(project: Path, section: str, link: Link | None = None) -> AppTest:
    app = opened(project, "validation", {"section": section, **(link or {})})
    assert not app.exception
    assert [title.value for title in app.title] == ["Validation"]
    return app


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_stands_with_any_preset(project: Path, section: str, preset: str) -> None:
    app = view(project, section, PRESETS[preset])
    assert not app.warning, [w.value for w in app.warning]
    if preset == "nothing chosen":
        assert app.get("plotly_chart")
    if preset == "choices":
        kept = {key: app.query_params.get(key) for key in PRESETS[preset]}
        used = {key for key, value in kept.items() if value is not None}
        assert used or section in ("agreement", "reliability")


def test_nonsense_falls_back(project: Path) -> None:
    app = view(project, "palmistry", {"sample": "s9"})
    assert "“section” is not known here" in texts(app).replace("\\", "")
    assert "section" not in app.query_params


def test_a_chosen_section_is_in_the_link(project: Path) -> None:
    app = view(project, "agreement")
    app.segmented_control(key="section").set_value("multiverse").run()
    assert app.query_params["section"] == "multiverse"
    assert "reasonable analyses" in texts(app)


@pytest.mark.parametrize("section", SECTIONS)
def test_without_a_sample_it_says_how_to_draw_one(demo_project: Path, section: str) -> None:
    app = view(demo_project, section)
    assert "No sample has been drawn yet" in texts(app)
    assert app.code[0].value.startswith("framescope sample --project")
    assert bool(app.get("plotly_chart")) == (section in ("budget", "multiverse"))
    if section == "budget":
        assert "framescope sample" in app.code[1].value
        assert "--top-up" not in app.code[1].value


def test_a_sample_without_codes_says_how_to_code(demo_project: Path, tmp_path: Path) -> None:
    root = tmp_path / "drawn"
    shutil.copytree(demo_project, root)
    framescope("sample", "--project", root, "--budget", "60", "--name", "s1")
    app = view(root, "agreement")
    assert "nothing in it is coded" in texts(app)
    assert any(link.proto.label == "Start coding" for link in app.get("page_link"))
    assert "--top-up s1" in view(root, "budget").code[0].value


def test_one_coder_alone_learns_nothing_about_pieces_that_others_will_code(
    demo_project: Path, tmp_path: Path
) -> None:
    root = coded_demo(demo_project, tmp_path / "alone", ("Ann",), budget=60)
    assert "Agreement is unknown" in texts(view(root, "agreement"))
    drawn = open_ledger(root).rows("sample_pieces", sample="s1")
    shared = {row["piece"] for row in drawn if row["overlap"]}
    for section in ("confusion", "correction"):
        app = view(root, section)
        assert not shared & linked(app)
        assert linked(app)
    assert "held back until every coder" in texts(view(root, "confusion"))
    code(root, ("Bob",), shared_only=True)
    assert linked(view(root, "agreement")) <= shared
    assert linked(view(root, "agreement"))


def linked(app: AppTest) -> set[str]:
    """Pieces that the view opens in the reader."""
    found = set()
    for element in app.get("page_link"):
        for part in element.proto.query_string.split("&"):
            if part.startswith("piece="):
                found.add(part.removeprefix("piece="))
    return found


def test_the_matrix_has_a_mark_for_every_choice(project: Path) -> None:
    app = view(project, "multiverse", {"one": "Sunrise Standard", "other": "Calle Ocho Voz"})
    spec = json.loads(app.get("plotly_chart")[0].proto.spec)
    *dots, matrix = spec["data"]
    analyses = sum(len(trace["x"]) for trace in dots)
    assert len(matrix["x"]) == 4 * analyses
    assert f"of {analyses} reasonable analyses" in texts(app)
