"""Links, words, marks and figures of the dashboard, as pure functions."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser

import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimates import Ask, Summary
from analysis.reads import Scope
from dashboard import charts, colour, launch, wording
from dashboard.reader import marked
from dashboard.scope import FILTERS, SWITCHES, Choices, parse, to_params

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
    "an unknown switch": {"intervals": ["none"]},
    "half a switch": {"pieces": ["cens"]},
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
    assert (found.day_from, found.day_to) == (None, None)
    assert found.switches == {"count": "item", "intervals": "each", "pieces": "sample"}


@given(
    st.dictionaries(
        st.sampled_from([*sorted(FILTERS), "x"]),
        st.lists(st.text()),
    )
)
def test_no_link_breaks_the_page(params: dict[str, list[str]]) -> None:
    found = parse(params, CHOICES)
    assert set(found.outlets) <= set(CHOICES.outlets)
    assert set(found.topics) <= set(CHOICES.topics)
    assert set(found.frames) <= set(CHOICES.frames)
    assert all(found.switches[key] in options for key, options in SWITCHES.items())


@given(
    st.lists(st.sampled_from(CHOICES.outlets), unique=True),
    st.lists(st.sampled_from(CHOICES.frames), unique=True),
    st.none() | st.dates(dt.date(1700, 1, 1), dt.date(2100, 1, 1)),
    st.sampled_from(["item", "original"]),
    st.booleans(),
    st.booleans(),
)
def test_a_link_and_back(
    outlets: list[str],
    frames: list[str],
    day: dt.date | None,
    estimand: str,
    census: bool,
    together: bool,
) -> None:
    scope = Scope(tuple(outlets), (), tuple(frames), day, None, estimand)  # type: ignore[arg-type]
    found = parse(to_params(scope, Ask(census=census, together=together)), CHOICES)
    assert not found.notices
    assert found.switches == {
        "count": estimand,
        "intervals": "together" if together else "each",
        "pieces": "census" if census else "sample",
    }
    assert (found.outlets, found.frames, found.day_from) == (outlets, frames, day)


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
    "n": pl.Int64,
    "codes": pl.Int64,
    "share": pl.Float64,
    "shown": pl.Float64,
    "shown_low": pl.Float64,
    "shown_high": pl.Float64,
    "kind": pl.String,
    "verdict": pl.String,
    "reason": pl.String,
}


def estimated(*rows: tuple[object, ...]) -> pl.DataFrame:
    table = pl.DataFrame(list(rows), schema=SHARES, orient="row")
    return table.with_columns(frame=pl.lit("safety"))


def dots(rows: pl.DataFrame, order: list[str]) -> go.Figure:
    return charts.dots_by_outlet(rows, STYLES, order, axis_title="x", look=LOOK)


def test_a_figure_grows_with_its_rows() -> None:
    empty = dots(estimated(), [])
    many = [f"outlet {i}" for i in range(30)]
    rows = estimated(*((o, 10, 0, 0.4, 0.4, 0.2, 0.6, "naive", "exploratory", "few") for o in many))
    full = dots(rows, many)
    assert full.layout.height > empty.layout.height + 25 * 29
    assert list(full.data[1].x) == [40.0] * 30


@pytest.mark.parametrize("top", [0.02, 0.2, 0.38, 0.61, 0.99, 1.0])
def test_the_axis_reaches_beyond_the_largest_interval(top: float) -> None:
    row = ("a", 9, 0, top, top, top, top, "naive", "exploratory", "few")
    axis = dots(estimated(row), ["a"]).layout.xaxis
    assert axis.range[1] > top * 100
    assert max(axis.tickvals) >= min(top * 100, 100) - 1e-9


WORTH = estimated(
    ("sure", 90, 60, 0.3, 0.35, 0.3, 0.4, "corrected", "publishable", ""),
    ("likely", 90, 20, 0.2, 0.25, 0.2, 0.3, "borrowed", "exploratory", "few codes"),
    ("alone", 90, 0, 0.6, 0.6, 0.5, 0.7, "naive", "exploratory", "no codes"),
    ("thin", 3, 0, 0.77, 0.77, 0.2, 0.9, "naive", "do not print", "only 3 <pieces>"),
)


def test_a_mark_says_what_a_number_is_worth() -> None:
    naive, shown = dots(WORTH, WORTH["outlet"].to_list()).data
    assert list(shown.marker.symbol) == ["circle", "circle-open", "circle-open", "line-ew-open"]
    # The naive number stands beside each corrected one, and beside no other.
    assert dict(zip(naive.y, naive.x, strict=True)) == {"sure": 30.0, "likely": 20.0}
    assert naive.marker.color != STYLES[0].colour


def test_what_may_not_be_printed_is_not_told() -> None:
    rows = charts.marked(WORTH).row(-1, named=True)
    assert rows["low"] is rows["high"] is rows["naive"] is None
    assert "77" not in rows["hover"]
    assert "only 3 &lt;pieces&gt;" in rows["hover"]


def test_pointing_at_a_number_tells_it_and_the_naive_one() -> None:
    hover = charts.marked(WORTH)["hover"][0]
    assert (
        hover == "35 % (30 to 40), corrected<br>naive 30 %<br>60 of 90 pieces coded<br>publishable"
    )
    gap = WORTH.head(1).with_columns(
        difference=-0.12,
        difference_low=-0.2,
        difference_high=0.05,
        naive_difference=0.0,
        n_other=50,
        codes_other=9,
    )
    told = charts.marked(gap, difference=True)["hover"][0]
    assert told.startswith("−12 points (−20 to +5), corrected<br>naive 0 points<br>")


def test_a_trend_breaks_where_nothing_may_be_printed() -> None:
    days = [dt.date(2025, month, 1) for month in (1, 2, 3, 4)]
    rows = WORTH.with_columns(outlet=pl.lit("a"), start=pl.Series(days), thin=False)
    volume = rows.select("outlet", "start", "n")
    events = pl.DataFrame(schema={"date": pl.Date, "label": pl.String})
    drawn = charts.trend_grid(rows, volume, STYLES, ["a"], events, bin="month", look=LOOK)
    band, naive, line, marks = (t for t in drawn.data if t.type == "scatter")
    # There and back, with a bit before and after.
    assert len(band.x) == 2 * (3 + 2) + 1
    assert [str(y) for y in naive.y] == ["30.0", "20.0", "nan", "nan"]
    assert [str(y) for y in line.y] == ["35.0", "25.0", "60.0", "nan"]
    assert marks.marker.symbol[0] == "circle"
    assert marks.marker.symbol[3] == "line-ew-open"


def test_plotly_knows_all_that_is_drawn() -> None:
    """Figures are made without Plotly's look at each value; here it looks."""
    days = [dt.date(2025, month, 1) for month in (1, 2, 3, 4)]
    rows = WORTH.with_columns(outlet=pl.lit("a"), start=pl.Series(days), thin=False)
    events = pl.DataFrame({"date": [dt.date(2025, 2, 2)], "label": ["vote"]})
    volume = rows.select("outlet", "start", "n")
    drawn = charts.trend_grid(rows, volume, STYLES, ["a"], events, bin="month", look=LOOK)
    cells = charts.marked(WORTH).with_columns(text=charts.cell_text(), z=pl.col("shown"))
    heat = charts.heat(
        cells,
        x="frame",
        y="outlet",
        z="z",
        x_order=["safety"],
        y_order=WORTH["outlet"].to_list(),
        text="text",
        hover="hover",
        scale_title="share",
        percent=True,
        look=LOOK,
    )
    calendar = charts.calendar(volume, ["a"], "month", look=LOOK)
    for figure in (drawn, heat, calendar, dots(WORTH, WORTH["outlet"].to_list())):
        assert go.Figure(figure.to_dict()).to_plotly_json()["data"]


def test_a_verdict_is_summed_up_in_words() -> None:
    summary = Summary({"publishable": 3, "exploratory": 33}, "why", 30, "do this", 4)
    assert wording.verdict_counts(summary) == "3 publishable, 33 exploratory"
    assert wording.verdict_why(summary) == (
        "Why not publishable: why (30 of 36). What would help most: do this "
        "(4 of 36 numbers lack nothing else)."
    )
    assert wording.verdict_counts(Summary({"exploratory": 4})) == "Exploratory"
    assert not wording.verdict_why(Summary({"publishable": 4}))


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
