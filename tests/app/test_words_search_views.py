"""The views of words and of search: what they say, what the link keeps, and that nothing leaks."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from analysis.project import open_project
from analysis.reading import words
from analysis.reads import Scope, open_current
from dashboard.coding.coder import Coder
from tests.support.demo import framescope
from tests.support.views import Link, opened, texts


def html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def signed_in(project: Path, path: str, link: Link) -> AppTest:
    app = opened(project, path, link)
    app.session_state["_coder"] = Coder("ana", "s1")
    return app.run()


def test_a_search_shows_its_hits_marked_and_keeps_the_link(demo_project: Path) -> None:
    link = {"q": '"police chief" OR title:sheriff', "sort": "newest", "unit": "sentence"}
    app = opened(demo_project, "search", link)
    assert not app.exception
    assert not app.warning
    assert {key: app.query_params[key] for key in link} == link
    shown = html(app)
    marked = set(re.findall("<mark>(.*?)</mark>", shown))
    assert marked
    assert all("chief" in m.lower() or "sheriff" in m.lower() for m in marked)
    build = open_current(open_project(demo_project))
    n = build.totals(Scope()).items
    assert f"of {n:,} published items in scope" in texts(app)


def test_the_next_page_shows_other_hits(demo_project: Path) -> None:
    app = opened(demo_project, "search", {"q": "police"})
    first = html(app)
    next(button for button in app.button if button.label == "Next").click().run()
    assert html(app) != first
    assert "21 to 40 of" in texts(app)
    assert app.query_params["page"] == "2"


@pytest.mark.parametrize(
    ("path", "box", "first"),
    [("search", "search_q", "the"), ("stories", "q", "e"), ("pieces", "q", "the")],
)
def test_a_page_stays_in_the_link_and_another_search_begins_at_the_first(
    demo_project: Path, path: str, box: str, first: str
) -> None:
    app = opened(demo_project, path, {"q": first, "page": "2"})
    assert not app.exception
    assert not app.warning
    assert app.query_params["page"] in ("2", ["2"])
    assert "Page 2 of" in texts(app)
    app.text_input(key=box).set_value("a").run()
    assert "Page 2 of" not in texts(app)
    assert "page" not in app.query_params


@pytest.mark.parametrize("text", ["police OR (sheriff", "size:large", "outlet:Nobody", "po*ce"])
def test_a_bad_query_is_told_with_its_place(demo_project: Path, text: str) -> None:
    app = opened(demo_project, "search", {"q": text})
    assert not app.exception
    assert len(app.error) == 1
    assert app.code[0].value.splitlines()[0] == text
    assert app.code[0].value.splitlines()[1].strip() == "^"
    assert "What to do" in texts(app)


def test_an_empty_scope_and_no_match_say_so(demo_project: Path) -> None:
    none = opened(demo_project, "search", {"q": "zzzz"})
    assert "No piece in scope matches" in texts(none)
    empty = {"q": "police", "from": "2001-01-01", "to": "2001-02-01"}
    assert "No piece" in texts(opened(demo_project, "search", empty))
    assert "No piece" in texts(
        opened(demo_project, "words", {"from": "2001-01-01", "to": "2001-02-01"})
    )


def test_a_missing_index_is_told_and_the_rest_works(demo_project: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(demo_project, root)
    for index in (root / "builds").glob("*.search"):
        shutil.rmtree(index)
    # Both are builds of one name, which a server never meets.
    st.cache_resource.clear()
    st.cache_data.clear()
    app = opened(root, "search", {"q": "police"})
    assert not app.exception
    assert "index is missing" in texts(app).replace("\\", "")
    assert "framescope build" in texts(app)
    for path in ("words", "pieces", "overview"):
        other = opened(root, path)
        assert not other.exception
        assert not other.error


def test_a_coder_can_search_by_anything_but_frames(coded_project: Path) -> None:
    free = signed_in(coded_project, "search", {"q": "police outlet:Causeway*"})
    assert not free.error
    assert "mark" in html(free)
    for text in (
        "frame:safety",
        "police -frame:trust",
        "(vote OR title:x) frame:(safety OR trust)",
    ):
        held = signed_in(coded_project, "search", {"q": text})
        assert len(held.error) == 1
        assert "<mark>" not in html(held)
        assert not held.get("plotly_chart")
        assert not any("in scope" in str(m.value) for m in held.markdown)


def test_a_coder_is_not_offered_the_words_of_frames(coded_project: Path) -> None:
    by = {"by": "frame", "group": "safety"}
    assert "sentences with" in texts(opened(coded_project, "words", by))
    held = signed_in(coded_project, "words", by)
    assert not held.exception
    assert "sentences with" not in texts(held)
    assert "by" not in held.query_params


@pytest.mark.parametrize("by", ["outlet", "topic", "frame", "year", "quarter", "event"])
@pytest.mark.parametrize("kind", ["words", "pairs"])
@pytest.mark.parametrize("group", ["", "(each against all others)"])
def test_words_stand_however_they_are_asked_for(
    demo_project: Path, by: str, kind: str, group: str
) -> None:
    link = {"by": by, "kind": kind, **({"group": group} if group else {})}
    app = opened(demo_project, "words", link)
    assert not app.exception
    assert not app.warning
    assert len(app.get("plotly_chart")) == 1
    assert "Monroe, Colaresi and Quinn" in texts(app)
    assert ("How firmly the ranks hold" in texts(app)) == (not group)


def test_the_lines_are_of_the_word_in_the_link(demo_project: Path) -> None:
    link = {
        "group": "Causeway Post",
        "against": "Calle Ocho Voz",
        "word": "sheriff",
        "order": "right",
    }
    app = opened(demo_project, "words", link)
    assert {key: app.query_params[key] for key in link} == link
    centres = re.findall('<span class="c">(.*?)</span>', html(app))
    assert centres
    assert {unescape(c).lower().replace("’", "'").removesuffix("'s") for c in centres} == {
        "sheriff"
    }
    outlets = re.findall('<span class="w">(.*?) ·', html(app))
    assert set(outlets) == {"Causeway Post", "Calle Ocho Voz"}
    build = open_current(open_project(demo_project))
    found = words.lines(build, Scope(), words.Counting(), "sheriff", group="Causeway Post")
    assert f"of {found.uses} use" in texts(app)


def test_a_word_that_is_not_counted_is_told(demo_project: Path) -> None:
    app = opened(demo_project, "words", {"word": "zzzz"})
    assert not app.exception
    assert "not among the words" in texts(app)


def test_one_outlet_has_nothing_to_compare_with(demo_project: Path) -> None:
    app = opened(demo_project, "words", {"outlet": "Causeway Post"})
    assert not app.exception
    assert "nothing to compare" in texts(app)


HOSTILE = (
    "<script>window.hit=1</script><img src=x onerror=alert(1)> vote & # **bold** [x](javascript:1)"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile") / "project"
    framescope("init", root)
    rows = [
        {
            "id": f"p{n}",
            "outlet": f"<b>Post {n % 2}</b>",
            "title": HOSTILE,
            "text": f"The {'board' if n % 2 else 'vote'} spoke {n}. {HOSTILE} " * 3,
            "date": f"2025-06-{n + 1:02d}",
        }
        for n in range(16)
    ]
    file = root / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    framescope("ingest", file, "--project", root)
    framescope("build", "--project", root)
    return root


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("search", {"q": "vote OR script"}),
        ("words", {"word": "vote"}),
        ("words", {"group": "(each against all others)"}),
    ],
)
def test_text_never_becomes_markup(hostile: Path, path: str, link: Link) -> None:
    app = opened(hostile, path, link)
    assert not app.exception
    shown = html(app)
    assert "vote" in shown
    tags = set(re.findall(r"<(/?\w+)", shown)) - {
        "style",
        "/style",
        "svg",
        "rect",
        "/rect",
        "text",
        "/text",
        "/svg",
    }
    assert tags <= {"div", "/div", "b", "/b", "br", "span", "/span", "mark", "/mark"}
    assert "onerror=alert" not in re.sub("&lt;img src=x onerror=alert", "", shown)
    assert "<script" not in texts(app).replace("\\<", "")
