"""Links, words, marks and figures of the dashboard, as pure functions."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser

import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reads import Scope
from dashboard import charts, colour, launch, wording
from dashboard.reader import marked
from dashboard.scope import Choices, parse, to_params

CHOICES = Choices(
    outlets=("Herald", "Voz"),
    topics=("t1", "unassigned"),
    frames=("safety", "trust"),
    first_day=dt.date(2025, 1, 1),
    last_day=dt.date(2026, 1, 1),
)

NONSENSE = {
    "an unknown outlet": {"outlet": ["Nobody"]},
    "an outlet in other letters": {"outlet": ["herald"]},
    "an empty outlet": {"outlet": [""]},
    "a thousand outlets": {"outlet": [f"o{i}" for i in range(1000)]},
    "markup": {"outlet": ["<script>alert(1)</script>"]},
    "SQL": {"outlet": ["'; drop table piece; --"]},
    "zero bytes": {"topic": ["\0\0"]},
    "an unknown topic": {"topic": ["t9"]},
    "an unknown frame": {"frame": ["zeal"]},
    "half a frame": {"frame": ["safe"]},
    "no date": {"from": ["yesterday"]},
    "no such day": {"from": ["2025-02-30"]},
    "a date with a time": {"to": ["2025-02-03T99:00"]},
    "the year 0": {"from": ["0000-01-01"]},
    "the year 1": {"from": ["0001-01-01"]},
    "the year 9999": {"to": ["9999-12-31"]},
    "an American date": {"from": ["06/17/2025"]},
    "an empty date": {"to": [""]},
    "dates turned round": {"from": ["2025-06-01"], "to": ["2025-01-01"]},
    "an unknown count": {"count": ["words"]},
    "an empty count": {"count": [""]},
    "emoji": {"frame": ["🚨"]},
    "a very long value": {"outlet": ["x" * 100_000]},
    "right to left": {"outlet": ["\u202egnorw"]},
    "a path": {"topic": ["../../etc/passwd"]},
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_told_and_left_out(name: str) -> None:
    found = parse(NONSENSE[name], CHOICES)
    assert len(found.notices) == 1
    assert len(found.notices[0]) < 400
    assert found.outlets == found.topics == found.frames == []
    assert (found.day_from, found.day_to, found.estimand) == (None, None, "item")


@given(
    st.dictionaries(
        st.sampled_from(["outlet", "topic", "frame", "from", "to", "count", "x"]),
        st.lists(st.text()),
    )
)
def test_no_link_breaks_the_page(params: dict[str, list[str]]) -> None:
    found = parse(params, CHOICES)
    assert set(found.outlets) <= set(CHOICES.outlets)
    assert set(found.topics) <= set(CHOICES.topics)
    assert set(found.frames) <= set(CHOICES.frames)
    assert found.estimand in ("item", "original")


@given(
    st.lists(st.sampled_from(CHOICES.outlets), unique=True),
    st.lists(st.sampled_from(CHOICES.frames), unique=True),
    st.none() | st.dates(dt.date(1700, 1, 1), dt.date(2100, 1, 1)),
    st.sampled_from(["item", "original"]),
)
def test_a_link_and_back(
    outlets: list[str], frames: list[str], day: dt.date | None, estimand: str
) -> None:
    scope = Scope(tuple(outlets), (), tuple(frames), day, None, estimand)  # type: ignore[arg-type]
    found = parse(to_params(scope), CHOICES)
    assert not found.notices
    assert (found.outlets, found.frames, found.day_from) == (outlets, frames, day)
    assert found.estimand == estimand


@given(st.dates(dt.date(1700, 1, 1), dt.date(2100, 1, 1)))
def test_days_are_widened_to_whole_weeks(day: dt.date) -> None:
    scope = Scope(day_from=day, day_to=day)
    assert scope.week_from is not None
    assert scope.week_to is not None
    assert scope.week_from.weekday() == 0
    assert scope.week_to - scope.week_from == dt.timedelta(days=6)
    assert scope.week_from <= day <= scope.week_to


SPECIAL = "\\`*_{}[]()#+-.!|<>~$:"


@given(st.text())
def test_escaped_text_has_no_bare_sign(text: str) -> None:
    said = wording.escape(text)
    rest = said
    for sign in SPECIAL:
        rest = rest.replace(f"\\{sign}", "")
    assert not set(rest) & set(SPECIAL)
    assert "\n" not in said


def test_numbers_in_words() -> None:
    assert wording.percent(0.424) == "42 %"
    assert wording.percent(None) == "unknown"
    assert wording.points(-0.126) == "−13"
    assert wording.count(1, "piece") == "1 piece"
    assert wording.count(12023, "piece") == "12,023 pieces"


class Seen(HTMLParser):
    """Text and tags of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.kept = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.kept = not (tag == "span" and ("class", "tag") in attrs)

    def handle_endtag(self, tag: str) -> None:
        self.kept = True

    def handle_data(self, data: str) -> None:
        self.text += data if self.kept else ""


HOSTILE = st.text() | st.sampled_from(
    ["<script>x</script>", "a & b < c", "\"'>", "&lt;b&gt;", "]]>"]
)


@given(st.lists(HOSTILE, min_size=1, max_size=6), st.data())
def test_a_marked_piece_is_its_text_and_nothing_else(parts: list[str], data: st.DataObject) -> None:
    text = "\n\n".join(part.replace("\r", " ").replace("\0", " ") for part in parts)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    sentences = pl.DataFrame(
        {
            "sentence": [1],
            "start_char": [start],
            "end_char": [end],
            "frame": ["safety"],
            "score": [0.9],
            "present": [True],
        }
    )
    style = charts.FrameStyle("safety", "Safety", "Safety", "#004499")
    seen = Seen()
    seen.feed(marked({"title": "", "text": text}, sentences, [style]))
    seen.close()
    assert seen.tags <= {"p", "span", "br"}
    assert "".join(seen.text.split()) == "".join(text.split())


LOOK = charts.Look("#FFFFFF", "#56606F")
STYLES = [charts.FrameStyle("safety", "Safety", "Safety", "#0072B2")]
SHARES = {
    "outlet": pl.String,
    "frame": pl.String,
    "n": pl.Int64,
    "k": pl.Int64,
    "share": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


def dots(rows: pl.DataFrame, order: list[str]) -> go.Figure:
    return charts.dots_by_outlet(
        rows, STYLES, order, value="share", low="low", high="high", axis_title="x", look=LOOK
    )


def test_a_figure_grows_with_its_rows() -> None:
    empty = dots(pl.DataFrame(schema=SHARES), [])
    many = [f"outlet {i}" for i in range(30)]
    rows = pl.DataFrame(
        [(o, "safety", 10, 4, 0.4, 0.2, 0.6) for o in many], schema=SHARES, orient="row"
    )
    full = dots(rows, many)
    assert full.layout.height > empty.layout.height + 25 * 29
    assert full.data[0].marker.color == STYLES[0].colour
    assert list(full.data[0].x) == [40.0] * 30


@pytest.mark.parametrize("top", [0.02, 0.2, 0.38, 0.61, 0.99, 1.0])
def test_the_axis_reaches_beyond_the_largest_interval(top: float) -> None:
    rows = pl.DataFrame([("a", "safety", 9, 3, top, top, top)], schema=SHARES, orient="row")
    axis = dots(rows, ["a"]).layout.xaxis
    assert axis.range[1] > top * 100
    assert max(axis.tickvals) >= min(top * 100, 100) - 1e-9


def test_markup_in_a_name_is_drawn_as_it_stands() -> None:
    assert charts.inert("<b>a</b> & <a href=x>") == "&lt;b&gt;a&lt;/b&gt; &amp; &lt;a href=x&gt;"


@given(st.from_regex(r"#[0-9A-F]{6}", fullmatch=True), st.sampled_from(["#FFFFFF", "#0E1117"]))
def test_colours_are_made_readable(ink: str, ground: str) -> None:
    found = colour.readable(ink, ground)
    assert colour.contrast(colour._rgb(found), colour._rgb(ground)) >= colour.LEAST - 0.05


def test_streamlit_knows_every_setting() -> None:
    from streamlit import config

    known = set(config._config_options_template)
    for key in launch.settings():
        section = key.rsplit(".", 1)
        assert key in known or section[0].split(".")[0] in ("theme",), key
        if key.startswith("theme.") and key not in known:
            assert f"theme.{key.rsplit('.', 1)[1]}" in known, key


def test_the_server_listens_to_this_machine_only() -> None:
    assert launch.settings()["server.address"] == "127.0.0.1"
    assert launch.settings()["browser.gatherUsageStats"] is False
    assert launch.settings()["client.showErrorDetails"] == "none"


def test_flags_are_as_streamlit_reads_them() -> None:
    assert launch.flags({"a.b": True, "c": [1, 2], "d": "x y"}) == [
        "--a.b=true",
        "--c=[1, 2]",
        "--d=x y",
    ]
