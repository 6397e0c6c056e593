"""Dates: read when they say which day, refused when they do not, and never guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.dates import evidence, order_of, parse_dates, settle

DAY = dt.date(2025, 6, 17)
TODAY = dt.date(2026, 1, 15)

_VALUES = st.one_of(
    st.none(), st.text(max_size=30), st.integers(), st.floats(), st.dates(), st.datetimes(),
    st.text("0123456789/-. :TZJun,AMPME", max_size=24),
)  # fmt: skip


def one(value, order="", **options):
    return parse_dates([value], order, infer=False, today=TODAY, **options).row(0)


@pytest.mark.parametrize(
    "value",
    [
        "2025-06-17", "2025-6-17", "2025/06/17", "2025.06.17", "20250617", "20250617T103000Z",
        "20250617103000", "2025-06-17T10:00:00Z", "2025-06-17 23:59:59.123+02:00",
        "2025-06-17T00:10:00-0400", "2025-06-17T10:00:00.000Z[UTC]", "2025-06-17 10:00:00 UTC",
        "Tue, 17 Jun 2025 23:30:00 -0400", "Tue, 17 Jun 2025 10:00:00 GMT", "June 17, 2025",
        "June 17,2025", "JUNE 17TH, 2025", "17 June 2025", "17-Jun-2025", "17-Jun-25",
        "Jun. 17, 2025 10:00 AM EDT", "Tuesday, June 17, 2025 - 10:00 AM",
        "Published on June 17, 2025", "Updated: June 17, 2025 at 5:30 p.m. ET",
        "10:00 AM EDT, June 17, 2025", "Tue Jun 17 10:00:00 +0000 2025", "17 de junio de 2025",
        "17 juin 2025", "6/17/2025", "17/6/2025", "06-17-2025", "6/17/25", "17.6.2025",
        1750150800, 1750150800000, "1750150800", 1750150800.0, DAY,
        dt.datetime(2025, 6, 17, 23, 59, tzinfo=dt.timezone(dt.timedelta(hours=-9))),
    ],
)  # fmt: skip
def test_ways_to_write_a_day(value: object) -> None:
    assert one(value) == (DAY, "day", None)


@pytest.mark.parametrize(
    ("value", "published", "precision"),
    [
        ("2025-06", dt.date(2025, 6, 1), "month"),
        ("June 2025", dt.date(2025, 6, 1), "month"),
        ("6/2025", dt.date(2025, 6, 1), "month"),
        ("2025", dt.date(2025, 1, 1), "year"),
        (2025, dt.date(2025, 1, 1), "year"),
        ("", None, "none"),
        (None, None, "none"),
        ("N/A", None, "none"),
        (float("nan"), None, "none"),
    ],
)
def test_less_than_a_day(value: object, published: dt.date | None, precision: str) -> None:
    assert one(value) == (published, precision, None)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("3/4/2025", "date_ambiguous"),
        ("03-04-2025", "date_ambiguous"),
        ("3/4/25", "date_ambiguous"),
        ("25-06-17", "date_ambiguous"),
        ("2025-02-30", "date_impossible"),
        ("31/31/2025", "date_impossible"),
        ("June 31, 2025", "date_impossible"),
        ("0000-00-00", "date_impossible"),
        ("0001-11-30", "date_year_out_of_range"),
        ("1689-12-31", "date_year_out_of_range"),
        ("2028-01-01", "date_year_out_of_range"),
        (dt.date(2050, 1, 1), "date_year_out_of_range"),
        ("June 17", "date_unreadable"),
        ("2 hours ago", "date_unreadable"),
        ("2025-06-17 to 2025-06-19", "date_unreadable"),
        ("45825", "date_unreadable"),
        (12, "date_unreadable"),
        (float("inf"), "date_unreadable"),
        (10**40, "date_unreadable"),
    ],
)
def test_what_is_not_used_has_a_reason(value: object, reason: str) -> None:
    assert one(value) == (None, "none", reason)


def test_the_order_that_is_said_is_used() -> None:
    assert one("3/4/2025", "mdy")[0] == dt.date(2025, 3, 4)
    assert one("3/4/2025", "dmy")[0] == dt.date(2025, 4, 3)
    assert one("5/5/2025")[0] == dt.date(2025, 5, 5)
    assert one("7.6.2025")[0] == dt.date(2025, 6, 7)


def test_years_of_two_digits_do_not_lie_in_the_future() -> None:
    assert one("6/17/27")[0] == dt.date(2027, 6, 17)
    assert one("6/17/28")[0] == dt.date(1928, 6, 17)


def test_the_column_decides_only_when_nothing_contradicts() -> None:
    assert parse_dates(["3/4/2025", "6/17/2025"])["published"][0] == dt.date(2025, 3, 4)
    assert parse_dates(["3/4/2025", "17/6/2025"])["published"][0] == dt.date(2025, 4, 3)
    both = parse_dates(["3/4/2025", "17/6/2025", "6/17/2025"])
    assert both["reason"].to_list() == ["date_ambiguous", None, None]
    assert order_of(["3/4/2025", "5.13.2025"]) == ""
    assert settle(evidence(["6/17/2025", None, 5, "x"])) == "mdy"


@given(st.lists(_VALUES, max_size=12), st.sampled_from(["", "mdy", "dmy"]))
def test_parsing_never_raises_and_says_why(values: list, order: str) -> None:
    parsed = parse_dates(values, order, today=TODAY)
    assert parsed.height == len(values)
    for published, precision, reason in parsed.rows():
        assert (published is None) == (precision == "none")
        assert published is None or (1690 <= published.year <= 2027 and reason is None)


@given(st.dates(dt.date(1690, 1, 1), dt.date(2026, 12, 31)))
def test_a_written_day_is_read_back(day: dt.date) -> None:
    for form in ("%Y-%m-%dT23:59:59-11:00", "%B %d, %Y", "%d %b %Y", "%a, %d %b %Y 00:00:01 +1400"):
        assert one(day.strftime(form).replace(f"{day:%Y}", f"{day.year:04}"))[0] == day
    assert one(f"{day.month}/{day.day}/{day.year}", "mdy")[0] == day
    assert one(f"{day.day}/{day.month}/{day.year}", "dmy")[0] == day


def test_a_number_that_python_will_not_write_is_unreadable() -> None:
    # Made here: as a parameter pytest itself would try to write it.
    assert one(10**5000) == (None, "none", "date_unreadable")
