"""Links to the dashboard that can't be followed as they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """`value` of the parameter `key` can't be used, and `says` stands in the one notice."""

    name: str
    key: str
    value: str
    says: str


CASES = [
    Link(f"link: {name}", key, value, says)
    for name, key, value, says in [
        ("an outlet of blanks", "outlet", "   ", "unknown outlet"),
        ("an outlet with a blank behind", "outlet", "Herald ", "unknown outlet"),
        ("outlets in one value", "outlet", "Herald,Voz", "unknown outlet"),
        ("an outlet encoded twice", "outlet", "Herald%20", "unknown outlet"),
        ("half a character", "outlet", "\ud800", "unknown outlet"),
        ("an outlet in other accents", "outlet", "Vo\u0301z", "unknown outlet"),
        ("line ends", "outlet", "Herald\r\nSet-Cookie: a", "unknown outlet"),
        ("a template", "topic", "{{7*7}}", "unknown topic"),
        ("JSON", "topic", '["t1"]', "unknown topic"),
        ("a topic in capitals", "topic", "T1", "unknown topic"),
        ("the name of nothing", "topic", "null", "unknown topic"),
        ("a pattern", "frame", ".*", "unknown frame"),
        ("any frame", "frame", "%", "unknown frame"),
        ("a million characters", "frame", "x" * 1_000_000, "unknown frame"),
        ("a week without a day", "from", "2025-W99", "“from” is not a date"),
        ("a month only", "from", "2025-06", "“from” is not a date"),
        ("a year only", "to", "2025", "“to” is not a date"),
        ("a date of blanks", "to", "  ", "“to” is not a date"),
        ("month 13", "from", "2025-13-01", "“from” is not a date"),
        ("29 February of no leap year", "to", "2025-02-29", "“to” is not a date"),
        ("a year of five digits", "to", "12025-01-01", "“to” is not a date"),
        ("a date below zero", "from", "-2025-01-01", "“from” is not a date"),
        ("a date in Arabic digits", "from", "٢٠٢٥-٠٦-١٧", "“from” is not a date"),
        ("a date with a time", "to", "2025-06-17T10:00:00Z", "“to” is not a date"),
        ("seconds since 1970", "from", "1750118400", "“from” is not a date"),
        ("before newspapers", "from", "1500-01-01", "“from” is not a date"),
        ("after all newspapers", "to", "2999-01-01", "“to” is not a date"),
        ("a count in capitals", "count", "ITEM", "is not known"),
        ("a count of a number", "count", "0", "is not known"),
        ("a count of SQL", "count", "item' or 1=1 --", "is not known"),
    ]
]

# For a parameter that is a whole number from 0 to 50.
NUMBERS = [
    "", " ", "one", "1.5", "1e1", "²", "٣", "--5", "-", "-1", "51", "+5", " 5", "5 ", "5\n", "0x10",
    "9" * 12, "9" * 5000, "NaN", "inf", "None", "5;6", "½",
]  # fmt: skip
