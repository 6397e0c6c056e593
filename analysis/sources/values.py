"""Cells of any type as text."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_NAME_KEYS = ("name", "title", "label", "value", "text")


def as_text(value: Any, joint: str = "\n\n") -> tuple[str, bool]:
    """The cell's text, and whether it had to be written out because it was none.

    None and NaN are empty; whole floats lose their ".0"; a list is joined by `joint`; an object
    gives its name if it has one; lists nested without end give nothing. Half characters (lone
    surrogates) become U+FFFD.
    """
    try:
        return _as_text(value, joint)
    except RecursionError:
        return "", True


def _as_text(value: Any, joint: str = "\n\n") -> tuple[str, bool]:
    if isinstance(value, str):
        return encodable(value), False
    if value is None or value != value:
        return "", False
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value)), False
    if isinstance(value, (bool, float, dt.date, dt.time, dt.timedelta)):
        return str(value), False
    if isinstance(value, int):
        # Python refuses to write numbers of thousands of digits.
        return (str(value) if value.bit_length() < 10_000 else ""), False
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace"), False
    if isinstance(value, (list, tuple)):
        parts = [_as_text(part, joint) for part in value]
        odd = any(written for _, written in parts)
        return joint.join(text for text, _ in parts if text.strip()), odd
    if isinstance(value, dict):
        for key in _NAME_KEYS:
            if isinstance(value.get(key), str):
                return _as_text(value[key])
        return _as_text(json.dumps(value, ensure_ascii=False, default=str))[0], True
    return _as_text(str(value))[0], False


def encodable(text: str) -> str:
    """The text without half characters; encoding tells of them faster than a search."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def texts(values: Sequence[Any], joint: str = "\n\n") -> tuple[list[str], list[int]]:
    """`as_text` of each cell, and the places of those that had to be written out."""
    pairs = [as_text(value, joint) for value in values]
    return [text for text, _ in pairs], [place for place, (_, odd) in enumerate(pairs) if odd]


def date_value(value: Any) -> str | int | float | dt.date | None:
    """The cell as a date's parser takes it: dates and numbers as they are, the rest as text."""
    if value is None or isinstance(value, (int, float, dt.date)):
        return None if isinstance(value, bool) else value
    text, odd = as_text(value)
    return text or ("nested lists" if odd else "")
