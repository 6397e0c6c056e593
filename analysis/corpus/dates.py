"""Dates of publication out of the ways in which corpora write them; never guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from analysis.types import Precision

DateValue = str | int | float | dt.date | dt.datetime | None
Order = Literal["", "mdy", "dmy"]

# The first newspaper of the Americas, Publick Occurrences, is of 1690.
FIRST_YEAR = 1690

_MONTH_NAMES = (
    "january jan enero janvier januar janeiro gennaio",
    "february feb febrero février fevrier februar fevereiro febbraio",
    "march mar marzo mars märz maerz março",
    "april apr abril avril aprile",
    "may mayo mai maio maggio",
    "june jun junio juin juni junho giugno",
    "july jul julio juillet juli julho luglio",
    "august aug agosto août aout",
    "september sep sept septiembre setiembre septembre setembro settembre",
    "october oct octubre octobre oktober outubro ottobre",
    "november nov noviembre novembre novembro",
    "december dec diciembre décembre decembre dezember dezembro dicembre",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,?\s+)?"
_ZONE = (
    r"(?:\s*(?:Z\b|[+-]\d{2}:?\d{2}(?::\d{2})?|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|"
    r"\(?[A-Z]{2,5}\)?|[A-Z][a-z]+/[A-Za-z_/]+|\[[A-Za-z_/]+\]))"
)
_CLOCK = rf"\d{{1,2}}(?::\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?)?\s*(?:[APap]\.?[Mm]\.?)?{_ZONE}{{0,2}}"
_TAIL = rf"(?:(?:\s*[T,|@·•–—-]\s*|\s+)(?:at\s+)?{_CLOCK}|{_ZONE})?\s*"
_LABEL = re.compile(
    r"^(?:(?:first\s+)?(?:published|posted|updated|last\s+updated|created|date|originally\s+"
    r"published|publicado|am)\b\s*(?:on|at|el)?\s*:?\s*)",
    re.IGNORECASE,
)

_ISO = re.compile(rf"{_YEAR}([-/.])(?P<month>\d{{1,2}})(?:\2(?P<day>\d{{1,2}}))?{_TAIL}", re.ASCII)
_BASIC = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?\d{4}(?:\d{2})?Z?)?", re.ASCII
)
_NUMBERED = re.compile(
    rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})(?P=mark)"
    rf"(?P<year>\d{{4}}|\d{{2}}){_TAIL}",
    re.ASCII,
)
_MONTH_YEAR = re.compile(rf"(?P<month>\d{{1,2}})[-/.]{_YEAR}", re.ASCII)
_NAMED = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_WEEKDAY}{_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+){_YEAR}{_TAIL}",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?[\s-]*(?:of\s+|de\s+)?{_MONTH},?[\s-]*"
        rf"(?:de\s+|del\s+)?{_YEAR}{_TAIL}",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+{_CLOCK}\s+{_YEAR}\s*",
        rf"{_YEAR}[\s-]+{_MONTH}[\s-]+(?P<day>\d{{1,2}}){_TAIL}",
        rf"{_MONTH},?[\s-]*(?:de\s+|del\s+)?{_YEAR}",
    )
]
_CLOCK_FIRST = re.compile(
    r"^\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,5})?,?\s+(?:on\s+)?", re.IGNORECASE
)
_TWO_DIGIT_NAMED = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})[\s-]{_MONTH},?[\s-]'?(?P<year>\d{{2}}){_TAIL}", re.IGNORECASE
)

_NOTHING = {"", "-", "--", "nan", "nat", "none", "null", "n/a", "na", "unknown", "undated", "n.d."}

_SCHEMA = {"published": pl.Date, "precision": pl.String, "reason": pl.String}


@dataclass(frozen=True)
class Parsed:
    """A date and how much of it was said; `reason` tells why a value that is there is not used."""

    published: dt.date | None
    precision: Precision
    reason: str | None = None


def parse_dates(
    values: Sequence[DateValue],
    order: Order = "",
    *,
    infer: bool = True,
    today: dt.date | None = None,
) -> pl.DataFrame:
    """One row per value: published (first day of a month or year), precision, reason.

    A precision of "none" goes with no date. `reason` is None, or one of date_unreadable,
    date_impossible, date_ambiguous, date_year_out_of_range. Dates like 3/4/2025 are read in
    `order`; without one, and with `infer`, in the order that the values as a whole prove, else
    they are ambiguous. The day is the one that is written, whatever the time zone; numbers are
    seconds or milliseconds since 1970 in UTC. Never raises.
    """
    known = order or (order_of(values) if infer else "")
    last_year = (today or dt.date.today()).year + 1
    found: dict[tuple[type, DateValue], Parsed] = {}
    rows: list[tuple[dt.date | None, str, str | None]] = []
    for value in values:
        key = (type(value), value)
        parsed = found.get(key)
        if parsed is None:
            parsed = found[key] = _bounded(_parse(value, known, last_year), last_year)
        rows.append((parsed.published, parsed.precision, parsed.reason))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def order_of(values: Iterable[DateValue]) -> Order:
    """The order that numbered dates prove: some part above 12, and none against it; else ""."""
    return settle(evidence(values))


def evidence(values: Iterable[DateValue]) -> set[Order]:
    """Which orders of numbered dates are proved by some value."""
    proved: set[Order] = set()
    for text in {value for value in values if isinstance(value, str)}:
        match = _NUMBERED.fullmatch(_bare(text))
        if match is None or match["mark"] == ".":
            continue
        if match["mark"] == "-" and len(match["year"]) == 2:
            continue
        first, second = int(match["first"]), int(match["second"])
        if 12 < first <= 31 and 1 <= second <= 12:
            proved.add("dmy")
        elif 12 < second <= 31 and 1 <= first <= 12:
            proved.add("mdy")
    return proved


def settle(proved: set[Order]) -> Order:
    """The one order that is proved; "" when there is none, or when both are."""
    return next(iter(proved)) if len(proved) == 1 else ""


def _bounded(parsed: Parsed, last_year: int) -> Parsed:
    if parsed.published is None or FIRST_YEAR <= parsed.published.year <= last_year:
        return parsed
    return Parsed(None, "none", "date_year_out_of_range")


def _parse(value: DateValue, order: Order, last_year: int) -> Parsed:
    if value is None:
        return Parsed(None, "none")
    if isinstance(value, dt.datetime):
        return Parsed(value.date(), "day")
    if isinstance(value, dt.date):
        return Parsed(value, "day")
    if isinstance(value, float):
        if value != value:
            return Parsed(None, "none")
        if not value.is_integer():
            return _from_epoch(value)
        value = int(value)
    if isinstance(value, int) and abs(value) > 10**15:
        return Parsed(None, "none", "date_unreadable")
    text = _bare(str(value))
    if text.casefold() in _NOTHING:
        return Parsed(None, "none")
    if re.fullmatch(r"\d+(?:\.\d+)?", text, re.ASCII):
        return _from_number(text)
    return _from_text(text, order, last_year)


def _bare(text: str) -> str:
    """The date without blanks around it, labels before it and a clock time in front."""
    text = " ".join(text[:200].split())
    text = _LABEL.sub("", text)
    return _CLOCK_FIRST.sub("", text) if text[:1].isdigit() and ":" in text[:5] else text


def _from_number(text: str) -> Parsed:
    whole = text.removesuffix(".0")
    if len(whole) == 4 and whole.isdigit():
        return _day(int(whole), 1, 1, "year")
    if len(whole) in (8, 12, 14) and (match := _BASIC.fullmatch(whole)):
        return _day(int(match["year"]), int(match["month"]), int(match["day"]))
    if (match := _MONTH_YEAR.fullmatch(text)) and 1 <= int(match["month"]) <= 12:
        return _day(int(match["year"]), int(match["month"]), 1, "month")
    if match := re.fullmatch(r"(\d{4})\.(\d{2})", text, re.ASCII):
        return _day(int(match[1]), int(match[2]), 1, "month")
    return _from_epoch(float(text))


def _from_epoch(number: float) -> Parsed:
    """Seconds (9 or 10 digits) or milliseconds (12 or 13): from 1973 on, so that a count is none."""
    if 1e8 <= number < 1e10:
        seconds = number
    elif 1e11 <= number < 1e13:
        seconds = number / 1000
    else:
        return Parsed(None, "none", "date_unreadable")
    return Parsed((dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).date(), "day")


def _from_text(text: str, order: Order, last_year: int) -> Parsed:
    if match := _ISO.fullmatch(text) or _BASIC.fullmatch(text):
        day = match["day"]
        precision: Precision = "day" if day else "month"
        return _day(int(match["year"]), int(match["month"]), int(day or 1), precision)
    if match := _NUMBERED.fullmatch(text):
        return _from_numbered(match, order, last_year)
    if match := _MONTH_YEAR.fullmatch(text):
        return _day(int(match["year"]), int(match["month"]), 1, "month")
    for pattern in _NAMED:
        if match := pattern.fullmatch(text):
            month = _MONTHS[match["month"].casefold()]
            found = match.groupdict().get("day")
            return _day(int(match["year"]), month, int(found or 1), "day" if found else "month")
    if match := _TWO_DIGIT_NAMED.fullmatch(text):
        year = _full_year(match["year"], last_year)
        return _day(year, _MONTHS[match["month"].casefold()], int(match["day"]))
    return Parsed(None, "none", "date_unreadable")


def _from_numbered(match: re.Match[str], order: Order, last_year: int) -> Parsed:
    first, second = int(match["first"]), int(match["second"])
    year = _full_year(match["year"], last_year)
    if match["mark"] == "-" and len(match["year"]) == 2:
        # 25-06-17 may begin with the year or end with it.
        return Parsed(None, "none", "date_ambiguous")
    if first > 12 >= second or first == second:
        order = "dmy"
    elif second > 12 >= first:
        order = "mdy"
    elif match["mark"] == ".":
        # With dots the day comes first wherever dates are written so.
        order = "dmy"
    if first > 12 and second > 12:
        return Parsed(None, "none", "date_impossible")
    if not order:
        return Parsed(None, "none", "date_ambiguous")
    month, day = (first, second) if order == "mdy" else (second, first)
    return _day(year, month, day)


def _full_year(digits: str, last_year: int) -> int:
    """A year of two digits is the latest such year up to next year."""
    if len(digits) == 4:
        return int(digits)
    year = last_year // 100 * 100 + int(digits)
    return year if year <= last_year else year - 100


def _day(year: int, month: int, day: int, precision: Precision = "day") -> Parsed:
    try:
        return Parsed(dt.date(year, month, day), precision)
    except ValueError:
        return Parsed(None, "none", "date_impossible")
