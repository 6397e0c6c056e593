"""Every view with every preset: no fault, a denominator, and what the link asked for."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from analysis.coding.ledger import open_ledger
from analysis.project import open_project
from analysis.reads import UNASSIGNED, Build, Scope, open_current
from dashboard.wording import UNIT
from tests.support.codings import NOW
from tests.support.demo import framescope, ingest_lines
from tests.support.views import PATHS, Link, opened, texts

# Stands for the largest topic of the build.
TOPIC = "{topic}"

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
    "a topic": {"topic": TOPIC},
    "topics and none": {"topic": [TOPIC, "unassigned"], "count": "original"},
    "a piece": {"piece": "d0001"},
    "a comparator": {"compare": "Causeway Post", "sort": "trust"},
    "against the rest": {"compare": "all other outlets", "sort": "name", "frame": "trust"},
    "an event": {"event": "2025-12-10"},
    "an event of one outlet": {
        "event": "2025-06-17",
        "contrast": "1",
        "touched": "Causeway Post",
        "weeks": "13",
    },
    "why, by story": {
        "a": "Causeway Post",
        "b": "all other outlets",
        "split": "story",
        "of": "trust",
    },
    "why, then and now": {"a": "all outlets in scope", "since": "2025-06-17"},
    "the last page of time": {"from": "2026-01-01", "bin": "week"},
    "all at once": {"intervals": "together"},
    "all there is": {"pieces": "census", "intervals": "together"},
    "nonsense": {
        "outlet": ["Nobody", "<script>alert(1)</script>"],
        "frame": "zeal",
        "topic": "t999",
        "from": "yesterday",
        "to": "9999-99-99",
        "count": "all of it",
        "intervals": "never",
        "pieces": "none",
        "bin": "century",
        "seed": "-5",
        "piece": "none such",
    },
    "dates the wrong way round": {"from": "2026-01-01", "to": "2025-01-01"},
}
BROKEN = ["nonsense", "dates the wrong way round"]

# Presets of a view's own parameters, and the views that know them; all others go with every view.
OWN = {
    "by week": ["time", "topics", "search"],
    "by quarter": ["time", "topics", "search"],
    "a search": ["pieces", "search", "stories"],
    "a search with nothing": ["pieces", "search", "stories"],
    "drawn at random": ["pieces", "headlines", "voices", "words"],
    "a piece": ["pieces", "search"],
    "a comparator": ["outlets"],
    "against the rest": ["outlets", "words"],
    "an event": ["overview", "time", "validation"],
    "an event of one outlet": ["overview", "time"],
    "why, by story": ["why", "headlines"],
    "why, then and now": ["why"],
    "the last page of time": ["time", "topics", "search"],
}
# Views that filters do not move; Code and Validation have tests of their own.
STILL = ["code", "validation", "corpus", "methods"]
STILL_WITH = ["nothing chosen", "all filters", *BROKEN]
RUNS = [
    (path, preset)
    for preset in PRESETS
    for path in OWN.get(preset, PATHS)
    if path not in STILL or preset in (*STILL_WITH, *OWN)
]

# Views that show numbers of the scope; the others say what the whole project holds.
COUNTED = ["overview", "outlets", "time", "topics"]


def preset_link(name: str, build: Build) -> Link:
    topics = build.topics().filter(pl.col("topic_key") != UNASSIGNED)
    largest = topics.sort("pieces", "topic_key", descending=True)["topic_key"][0]

    def filled(value: str | Sequence[str]) -> str | list[str]:
        if isinstance(value, str):
            return value.replace(TOPIC, largest)
        return [one.replace(TOPIC, largest) for one in value]

    return {key: filled(value) for key, value in PRESETS[name].items()}


Seen = Callable[[str, str], AppTest]


@pytest.fixture(scope="module")
def seen(demo_project: Path, build: Build) -> Seen:
    """A view with a preset, run once for all tests that only look at it."""
    return cache(lambda path, preset: opened(demo_project, path, preset_link(preset, build)))


@pytest.mark.parametrize(("path", "preset"), RUNS)
def test_a_view_stands_with_any_preset(seen: Seen, path: str, preset: str) -> None:
    app = seen(path, preset)
    assert not app.exception
    assert len(app.title) == 1
    assert bool(app.warning) == (preset in BROKEN), [w.value for w in app.warning]
    assert "Teaching corpus" in texts(app)


@pytest.mark.parametrize(
    "preset", ["nothing chosen", "an outlet", "dates", "topics and none", "all filters"]
)
@pytest.mark.parametrize("path", COUNTED)
def test_the_denominator_is_that_of_the_scope(
    seen: Seen, build: Build, path: str, preset: str
) -> None:
    app = seen(path, preset)
    scope = scope_of(preset_link(preset, build))
    totals = build.totals(scope)
    n = totals.of(scope.estimand)
    assert f"of {n:,} {UNIT[scope.estimand]}".casefold() in texts(app).casefold()


@pytest.mark.parametrize("path", ["overview", "outlets", "time"])
def test_a_number_without_human_codings_is_exploratory(seen: Seen, path: str) -> None:
    said = [str(e.value).lower() for e in seen(path, "nothing chosen").markdown]
    assert any("exploratory" in one for one in said)


@pytest.mark.parametrize("preset", ["nothing chosen", "all filters", "all there is"])
@pytest.mark.parametrize("path", PATHS)
def test_a_view_stands_with_codes(
    coded_project: Path, build: Build, path: str, preset: str
) -> None:
    app = opened(coded_project, path, preset_link(preset, build))
    assert not app.exception
    assert not app.warning


@pytest.mark.parametrize("path", ["overview", "outlets", "time", "topics"])
def test_codes_correct_every_share(coded_project: Path, seen: Seen, path: str) -> None:
    naive, corrected = seen(path, "nothing chosen"), opened(coded_project, path)
    assert "not corrected" in texts(naive)
    assert "not corrected" not in texts(corrected)
    told = [estimates_of(app) for app in (naive, corrected)]
    assert set(told[0]["Kind"]) == {"naive"}
    assert "naive" not in set(told[1].filter(pl.col("Share %").is_not_null())["Kind"])
    assert (told[1]["Naive share %"] == told[0]["Naive share %"]).all()
    assert (told[1]["Share %"] != told[0]["Share %"]).any()


def estimates_of(app: AppTest) -> pl.DataFrame:
    """The first table of shares of a view."""
    tables = (pl.DataFrame(dict(table.value.items())) for table in app.dataframe)
    return next(table for table in tables if "Verdict" in table.columns)


def test_the_overall_shares_can_be_published_when_enough_is_coded(coded_project: Path) -> None:
    app = opened(coded_project, "overview")
    assert set(estimates_of(app)["Verdict"]) == {"publishable"}
    assert "Publishable" in texts(app)
    assert [m.value for m in app.metric if m.label == "Coded by people"] == ["300"]
    assert "naive" in texts(app)


@pytest.mark.parametrize("path", ["overview", "outlets", "time", "topics"])
def test_why_and_what_would_help_stand_under_the_chart(seen: Seen, path: str) -> None:
    captions = seen(path, "nothing chosen").caption
    said = "\n".join(str(caption.value) for caption in captions).replace("\\", "")
    assert "Why not publishable: no piece in scope has been coded by people" in said
    assert "What would help most: code about" in said


def test_the_switches_change_the_intervals_and_stay_in_the_link(coded_project: Path) -> None:
    app = opened(coded_project, "outlets")
    each = estimates_of(app)
    app.button_group(key="f_intervals").set_value("together").run()
    together = estimates_of(app)
    assert app.query_params["intervals"] in ("together", ["together"])
    assert (together["Half-width, points"] > each["Half-width, points"]).all()
    app.button_group(key="f_pieces").set_value("census").run()
    assert app.query_params["pieces"] in ("census", ["census"])
    assert (estimates_of(app)["of it sampling"] == 0).all()
    next(button for button in app.button if button.label == "Reset filters").click().run()
    assert not {"intervals", "pieces"} & set(app.query_params)
    assert estimates_of(app).equals(each)


def test_a_new_code_changes_the_numbers_at_once(coded_project: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(coded_project, root)
    app = opened(root, "overview")
    before = estimates_of(app)
    with open_ledger(root).transaction() as work:
        for coding in range(1, 201):
            work.run("withdraw_coding", coding=coding, now=NOW)
    app.run()
    assert not estimates_of(app).equals(before)


def test_codings_that_can_t_be_read_are_told(demo_project: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(demo_project, root)
    (root / "codings.sqlite").write_bytes(b"no database at all, but some bytes" * 99)
    app = opened(root, "overview")
    assert not app.exception
    assert any("Nothing is corrected" in str(warning.value) for warning in app.warning)
    assert set(estimates_of(app)["Kind"]) == {"naive"}


@pytest.mark.parametrize("path", COUNTED)
def test_an_empty_scope_says_so(seen: Seen, path: str) -> None:
    app = seen(path, "a time with nothing in it")
    assert re.search(r"\bno (piece|outlet) ", texts(app), re.IGNORECASE)
    assert not app.get("plotly_chart")


def test_a_link_comes_back_as_it_was(seen: Seen) -> None:
    link = PRESETS["all filters"]
    app = seen("outlets", "all filters")
    assert {key: app.query_params[key] for key in link} == link


def test_nonsense_leaves_the_link(seen: Seen) -> None:
    app = seen("outlets", "nonsense")
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


def listed(app: AppTest) -> list[str]:
    return [str(piece) for piece in app.dataframe[0].value["id"]]


def test_the_same_seed_draws_the_same_ten(demo_project: Path) -> None:
    drawn = [listed(opened(demo_project, "pieces", {"seed": seed})) for seed in ("3", "3", "4")]
    assert len(set(drawn[0])) == 10
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_search_lists_what_holds_the_words(demo_project: Path, build: Build) -> None:
    app = opened(demo_project, "pieces", {"q": "Commission", "outlet": "Calle Ocho Voz"})
    found = build.pieces_count(Scope(outlets=("Calle Ocho Voz",)), query="commission")
    assert found > 25
    assert f"1 to 25 of {found} matching pieces" in texts(app)
    seen = listed(app)
    next(button for button in app.button if button.label == "Next").click().run()
    assert f"26 to {min(50, found)} of {found}" in texts(app)
    seen += listed(app)
    assert len(set(seen)) == len(seen)
    for piece in map(build.piece, seen):
        assert piece is not None
        assert piece["outlet"] == "Calle Ocho Voz"
        assert "commission" in f"{piece['title']} {piece['text']}".casefold()


def test_a_comparator_is_named_and_not_compared_with_itself(seen: Seen) -> None:
    app = seen("outlets", "a comparator")
    assert "Difference to Causeway Post" in [s.value for s in app.subheader]
    table = app.dataframe[0].value
    assert "Causeway Post" not in set(table["Outlet"])
    assert {"Comparator's pieces", "Difference, points", "Naive difference, points", "q"} <= set(
        table.columns
    )


@pytest.mark.parametrize("bin", ["week", "month", "quarter"])
def test_a_bin_is_as_wide_as_asked(demo_project: Path, bin: str) -> None:
    app = opened(demo_project, "time", {"bin": bin})
    assert f"Share of each frame by {bin}" in [s.value for s in app.subheader]
    starts = {pd_day.date() for pd_day in app.dataframe[0].value["From"]}
    if bin == "week":
        assert {day.weekday() for day in starts} == {0}
    else:
        assert {day.day for day in starts} == {1}
        assert {day.month for day in starts} <= set(range(1, 13, 3 if bin == "quarter" else 1))


def test_the_reader_shows_sums_that_add_up(demo_project: Path, build: Build) -> None:
    labels = build.labels(Scope())
    best = labels.sort("score", descending=True).row(0, named=True)
    app = opened(demo_project, "pieces", {"piece": best["id"]})
    assert not app.exception
    show = next(t for t in app.toggle if "exact sum" in t.label)
    show.set_value(True).run()
    assert not app.exception
    said = re.search(
        r"Sum of (\d+) contributions: \*\*([+-][\d.]+)\*\*.*score of \*\*([\d.]+)", texts(app)
    )
    assert said is not None
    parts = app.dataframe[0].value
    assert len(parts) == int(said[1])
    assert parts["contribution"].sum() == pytest.approx(float(said[2]), abs=6e-4)
    assert 1 / (1 + math.exp(-float(said[2]))) == pytest.approx(float(said[3]), abs=1e-3)


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


class Tags(HTMLParser):
    """The elements of a piece of HTML, and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_a_hostile_piece_can_be_read(hostile: Path) -> None:
    build = open_current(open_project(hostile))
    pieces = build.pieces(Scope(), most=len(HOSTILE))["id"].to_list()
    build.close()
    for piece in pieces:
        app = opened(hostile, "pieces", {"piece": piece})
        assert not app.exception
        assert not app.warning
        shown = Tags("".join(element.proto.body for element in app.get("html")))
        assert "Police shot a man." in "".join(e.proto.body for e in app.get("html"))
        assert shown.elements <= {"style", "div", "p", "span", "b", "br"}
        assert shown.attributes <= {"class", "style", "title"}
        assert "<script" not in texts(app).replace("\\<", "")


@pytest.fixture(scope="module")
def long_ago(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one year, but for one piece of 1850 and for an outlet of 1900."""
    root = tmp_path_factory.mktemp("long") / "project"
    framescope("init", root)
    days = [dt.date(2025, 1, 6) + dt.timedelta(days=2 * n) for n in range(150)]
    rows = [
        {
            "id": f"p{n}",
            "outlet": "Post" if n % 2 else "Herald",
            "title": f"Vote {n}",
            "text": f"Number {n}: police shot a man.",
            "date": day.isoformat(),
        }
        for n, day in enumerate([dt.date(1850, 3, 1), *days])
    ]
    rows += [
        {**row, "id": f"old {row['id']}", "outlet": "Old Times", "date": f"1900-01-{n:02d}"}
        for n, row in enumerate(rows[:25], 1)
    ]
    ingest_lines(root, "rows", [json.dumps(row) + "\n" for row in rows])
    framescope("build", "--project", root)
    return root


def points_drawn(app: AppTest) -> int:
    return max(
        len(part.get("x", ()))
        for chart in app.get("plotly_chart")
        for part in json.loads(chart.proto.spec)["data"]
    )


@pytest.mark.parametrize("path", ["time", "topics", "corpus"])
def test_a_stray_date_does_not_draw_out_the_time(long_ago: Path, path: str) -> None:
    app = opened(long_ago, path, {"outlet": ["Post", "Herald"], "bin": "week"})
    assert not app.exception
    assert points_drawn(app) < 200
    if path in ("time", "topics"):
        assert "1 piece dated far outside the time collected" in texts(app)


def test_bins_too_narrow_to_see_are_not_offered(long_ago: Path) -> None:
    app = opened(long_ago, "time", {"bin": "week"})
    assert not app.exception
    assert "“bin” is not known here" in texts(app).replace("\\", "")
    assert points_drawn(app) < 1000


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
        topics=several("topic"),
        frames=several("frame"),
        day_from=day("from"),
        day_to=day("to"),
        estimand=link.get("count", "item"),
    )
