"""Every view with every preset: no fault, a denominator, and what the link asked for."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from analysis.project import open_project
from analysis.reads import Build, Scope, open_current
from dashboard.wording import UNIT
from tests.support.demo import framescope
from tests.support.views import PATHS, Link, opened, texts

PRESETS: dict[str, Link] = {
    "nothing chosen": {},
    "an outlet": {"outlet": "Causeway Post"},
    "two outlets": {"outlet": ["Causeway Post", "Calle Ocho Voz"]},
    "a frame": {"frame": "trust"},
    "dates": {"from": "2025-06-01", "to": "2025-09-30"},
    "a week": {"from": "2025-06-16", "to": "2025-06-22"},
    "original reports": {"count": "original"},
    "a time with nothing in it": {"from": "2001-01-01", "to": "2001-02-01"},
    "all filters": {
        "outlet": ["Gulf Wire Service", "Causeway Post"],
        "frame": ["safety", "trust"],
        "from": "2025-03-01",
        "to": "2026-03-01",
        "count": "original",
    },
    "by week": {"bin": "week"},
    "by quarter": {"bin": "quarter"},
    "a search": {"q": "commission"},
    "a search with nothing": {"q": "zzzz qqqq"},
    "drawn at random": {"seed": "3"},
    "nonsense": {
        "outlet": ["Nobody", "<script>alert(1)</script>"],
        "frame": "zeal",
        "topic": "t999",
        "from": "yesterday",
        "to": "9999-99-99",
        "count": "all of it",
        "bin": "century",
        "seed": "-5",
        "piece": "none such",
    },
}

# Views that show numbers of the scope; the others say what the whole project holds.
COUNTED = ["overview", "outlets", "time", "topics"]


@pytest.fixture(scope="module")
def build(demo_project: Path) -> Any:
    found = open_current(open_project(demo_project))
    yield found
    found.close()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("path", PATHS)
def test_a_view_stands_with_any_preset(demo_project: Path, path: str, preset: str) -> None:
    app = opened(demo_project, path, PRESETS[preset])
    assert not app.exception
    assert len(app.title) == 1
    assert bool(app.warning) == (preset == "nonsense"), [w.value for w in app.warning]
    assert "Teaching corpus" in texts(app)


@pytest.mark.parametrize("preset", ["nothing chosen", "an outlet", "dates", "all filters"])
@pytest.mark.parametrize("path", COUNTED)
def test_the_denominator_is_that_of_the_scope(
    demo_project: Path, build: Build, path: str, preset: str
) -> None:
    link = PRESETS[preset]
    app = opened(demo_project, path, link)
    scope = scope_of(link)
    totals = build.totals(scope)
    n = totals.originals if scope.estimand == "original" else totals.items
    assert f"of {n:,} {UNIT[scope.estimand]}".casefold() in texts(app).casefold()


@pytest.mark.parametrize("path", ["overview", "outlets", "time"])
def test_a_number_without_human_codings_is_exploratory(demo_project: Path, path: str) -> None:
    assert any("Exploratory" in str(e.value) for e in opened(demo_project, path).markdown)


@pytest.mark.parametrize("path", COUNTED)
def test_an_empty_scope_says_so(demo_project: Path, path: str) -> None:
    app = opened(demo_project, path, PRESETS["a time with nothing in it"])
    assert re.search(r"\bno (piece|outlet) ", texts(app), re.IGNORECASE)
    assert not app.get("plotly_chart")


def test_a_link_comes_back_as_it_was(demo_project: Path) -> None:
    link = PRESETS["all filters"]
    app = opened(demo_project, "outlets", link)
    assert {key: app.query_params[key] for key in link} == link


def test_nonsense_leaves_the_link(demo_project: Path) -> None:
    app = opened(demo_project, "outlets", PRESETS["nonsense"])
    assert not [
        key for key in ("outlet", "frame", "topic", "from", "to") if key in app.query_params
    ]


def test_a_filter_changes_the_number_and_the_link(demo_project: Path, build: Build) -> None:
    app = opened(demo_project, "overview")
    app.multiselect(key="f_outlets").set_value(["Causeway Post"]).run()
    n = build.totals(Scope(outlets=("Causeway Post",))).items
    assert f"of {n:,} published items" in texts(app)
    assert app.query_params["outlet"] == "Causeway Post"
    reset = next(button for button in app.button if button.label == "Reset filters")
    reset.click().run()
    assert "outlet" not in app.query_params
    assert f"of {build.totals(Scope()).items:,} published items" in texts(app)


def test_the_reader_shows_sums_that_add_up(demo_project: Path, build: Build) -> None:
    labels = build.labels(Scope())
    best = labels.sort("score", descending=True).row(0, named=True)
    app = opened(demo_project, "pieces", {"piece": best["id"]})
    assert not app.exception
    show = next(t for t in app.toggle if "exact sum" in t.label)
    show.set_value(True).run()
    assert not app.exception
    assert app.dataframe


HOSTILE = [
    "<script>window.hit=1</script><img src=x onerror=alert(1)>",
    "# Heading **bold** [link](javascript:alert(1)) :red[colour] $x^2$ `code`",
    '=HYPERLINK("http://example.invalid")',
    "مرحبا بالعالم 🚨 " + "x" * 400,
    "{{ template }} ${HOME} %s \\n",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose ids, outlets, titles and texts try to be something else."""
    root = tmp_path_factory.mktemp("hostile") / "project"
    framescope("init", root)
    rows = [
        {
            "id": f"{text[:20]}-{number}",
            "outlet": text[:60],
            "title": text,
            "text": f"{text} Police shot a man.\n\n{text}",
            "date": f"2025-06-{number + 1:02d}",
        }
        for number in range(20)
        for text in [HOSTILE[number % len(HOSTILE)]]
    ]
    file = root / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    framescope("ingest", file, "--project", root)
    framescope("build", "--project", root)
    return root


@pytest.mark.parametrize("path", PATHS)
def test_text_never_becomes_markup(hostile: Path, path: str) -> None:
    app = opened(hostile, path)
    assert not app.exception
    said = texts(app)
    assert "<script" not in said.replace("\\<", "")
    assert "](javascript" not in said.replace("\\", "\\\\")


def test_a_hostile_piece_can_be_read(hostile: Path) -> None:
    build = open_current(open_project(hostile))
    ids = build.labels(Scope())["id"].unique().sort().to_list()
    build.close()
    for piece in ids[:: max(1, len(ids) // 5)]:
        app = opened(hostile, "pieces", {"piece": piece})
        assert not app.exception
        assert not app.warning


def test_without_a_build_the_page_says_what_to_do(tmp_path: Path) -> None:
    framescope("init", tmp_path / "new")
    app = opened(tmp_path / "new", "overview")
    assert not app.exception
    assert "framescope build" in texts(app)


def scope_of(link: Link) -> Scope:
    """The scope that a link of known values asks for."""

    def several(key: str) -> tuple[str, ...]:
        value = link.get(key, ())
        return (value,) if isinstance(value, str) else tuple(value)

    def day(key: str) -> dt.date | None:
        value = link.get(key)
        return dt.date.fromisoformat(str(value)) if value else None

    return Scope(
        outlets=several("outlet"),
        frames=several("frame"),
        day_from=day("from"),
        day_to=day("to"),
        estimand="original" if link.get("count") == "original" else "item",
    )
