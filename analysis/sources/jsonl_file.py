"""JSON by line, as one array, or object after object: a bad one is one refused row."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.sources.columns import ALIASES, plain
from analysis.sources.interface import Batcher, Finding, Limits, RawBatch
from analysis.sources.opening import TextFile

_CHUNK = 1 << 20
_HEADER_ROWS = 2_000
_NEXT_OBJECT = re.compile(r"\}\s*,?\s*(?=\{)")
_SPACE = re.compile(r"[\s,\ufeff]*")
_USUAL = {alias for aliases in ALIASES.values() for alias in aliases}


@dataclass(frozen=True)
class _Item:
    """One value, or why there is none."""

    value: Any
    fault: str = ""
    said: str = ""


class JsonSource:
    """A file of JSON objects; its columns are the names in the first 2,000 of them."""

    total: int | None = None

    def __init__(self, file: TextFile, findings: list[Finding]) -> None:
        self._file = file
        self.encoding: str | None = file.label
        self.findings = list(findings)
        self._by_line = _is_by_line(file)
        self.kind = "jsonl" if self._by_line else "json"
        names: dict[str, None] = {}
        for item in itertools.islice(self._items(file.limits), _HEADER_ROWS):
            if isinstance(item.value, dict):
                names.update(dict.fromkeys(str(name) for name in item.value))
        self.columns = list(names)

    def batches(self, columns: Sequence[str], limits: Limits) -> Iterator[RawBatch]:
        batcher = Batcher(str(self._file.path), columns, limits)
        known = set(self.columns)
        for item in self._items(limits):
            if item.fault:
                batcher.refuse(item.fault, item.said)
            elif not isinstance(item.value, dict):
                batcher.refuse("not_an_object", item.said or json.dumps(item.value)[:200])
            else:
                batcher.add([item.value.get(column) for column in columns])
                if not item.value.keys() <= known:
                    for late in sorted(item.value.keys() - known):
                        known.add(late)
                        if plain(late) in _USUAL:
                            batcher.note("late_column", late)
            if batcher.full:
                yield batcher.take()
        yield batcher.take()

    def _items(self, limits: Limits) -> Iterator[_Item]:
        return self._line_items(limits) if self._by_line else self._stream_items(limits)

    def _line_items(self, limits: Limits) -> Iterator[_Item]:
        longest = 4 * limits.field_chars + 1000
        for number, line in enumerate(self._file.lines(longest), 1):
            text = line.strip().strip("\ufeff")
            if not text:
                continue
            if len(line) >= longest:
                yield _Item(None, "field_too_large", f"line {number}: over {longest:,} characters")
                continue
            value, fault = _loaded(text)
            if fault:
                yield _Item(None, "bad_json", f"line {number}: {fault}: {text[:150]}")
            else:
                yield _Item(value, said=f"line {number}: {text[:150]}")

    def _stream_items(self, limits: Limits) -> Iterator[_Item]:
        """Values of an array, or values one after the other, decoded as they come."""
        longest = 4 * limits.field_chars + 1000
        decoder = json.JSONDecoder()
        with self._file.stream() as stream:
            buffer = stream.read(_CHUNK).lstrip().lstrip("\ufeff").lstrip()
            array = buffer.startswith("[")
            position = 1 if array else 0
            ended = False
            step = _CHUNK
            while True:
                position = _after_space(buffer, position)
                if position >= len(buffer) or (array and buffer[position] == "]"):
                    closed = position < len(buffer)
                    more = "" if closed else stream.read(_CHUNK)
                    if more:
                        buffer, position = more, 0
                        continue
                    if array and not closed:
                        self._say_broken_off()
                    return
                fault = ""
                try:
                    value, end = decoder.raw_decode(buffer, position)
                except RecursionError:
                    fault, at = "nested too deeply", position
                except ValueError as error:
                    fault = getattr(error, "msg", str(error))
                    at = getattr(error, "pos", position)
                if not fault and (end < len(buffer) or ended):
                    yield _Item(
                        value, said="" if isinstance(value, dict) else buffer[position:end][:150]
                    )
                    position, step = end, _CHUNK
                    continue
                unfinished = not fault or fault.startswith("Unterminated") or at > len(buffer) - 16
                if unfinished and not ended and len(buffer) - position < longest:
                    more = stream.read(step)
                    step *= 2
                    ended = not more
                    buffer, position = buffer[position:] + more, 0
                    continue
                said = f"{fault or 'too long'}: {buffer[position : position + 120]}"
                yield _Item(
                    None, "field_too_large" if unfinished and not ended else "bad_json", said
                )
                follow = _NEXT_OBJECT.search(buffer, position)
                while follow is None:
                    # Only the end of what was read can begin the gap between two objects.
                    more = stream.read(_CHUNK)
                    if not more:
                        self._say_broken_off()
                        return
                    buffer, position = buffer[-64:] + more, 0
                    follow = _NEXT_OBJECT.search(buffer)
                position = follow.end()

    def _say_broken_off(self) -> None:
        if not any(finding.reason == "broken_off" for finding in self.findings):
            self.findings.append(Finding(None, None, "broken_off", None))


def _is_by_line(file: TextFile) -> bool:
    """False for one array over several lines, and for objects that go over several lines."""
    lines = [line.strip() for line in itertools.islice(file.lines(1 << 20), 50)]
    filled = [line.strip("\ufeff") for line in lines if line.strip("\ufeff")]
    if not filled:
        return True
    if filled[0].startswith("["):
        return (
            len(filled) > 1
            and not _loaded(filled[0])[1]
            and not isinstance((_loaded(filled[0])[0] or [None])[0], dict)
        )
    if any(not _loaded(line)[1] and line[0] == "{" for line in filled):
        return True
    return not re.fullmatch(r'\{|\{\s*"(?:[^"\\]|\\.)*"\s*:.*[,{\[]', filled[0])


def _loaded(text: str) -> tuple[Any, str]:
    """The value of a JSON text, or what is wrong with it."""
    try:
        return json.loads(text), ""
    except json.JSONDecodeError as error:
        return None, f"{error.msg} at character {error.pos + 1}"
    except (ValueError, RecursionError) as error:
        return None, type(error).__name__ + ": " + str(error)[:80]


def _after_space(buffer: str, position: int) -> int:
    match = _SPACE.match(buffer, position)
    return match.end() if match else position
