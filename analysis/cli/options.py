"""What the commands share: options, one message per mistake, and printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from analysis.errors import FramescopeError, UsageError
from analysis.terminal import errors, printable, results


class _Path(click.Path):
    """A path that names something: an empty variable of the shell is not the present folder."""

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> Any:
        if not str(value).strip() or "\0" in str(value):
            self.fail("the path is empty or no path", param, context)
        return super().convert(value, param, context)


PATH = _Path(path_type=Path)
PROJECT = click.option(
    "--project",
    "root",
    type=PATH,
    required=True,
    metavar="DIR",
    help="The project folder.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
MAP = click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field, for example outlet=source. May be repeated.",
)


def pairs(values: tuple[str, ...]) -> dict[str, str]:
    """FIELD=COLUMN texts as a dict; an empty COLUMN means none. Raises UsageError for others."""
    found: dict[str, str] = {}
    for value in values:
        field, equals, column = value.partition("=")
        if not equals or not field.strip():
            raise UsageError(
                f"--map {value!r} is not FIELD=COLUMN", remedy="write --map outlet=source"
            )
        if field.strip() in found:
            raise UsageError(
                f"--map names {field.strip()} twice", remedy="give each field one column"
            )
        found[field.strip()] = column.strip()
    return found


def reported(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turns the errors that a person can mend into one message and an exit code."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except FramescopeError as error:
            errors.print(f"[bold red]Error[/] {plain(str(error))}")
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            errors.print("Stopped. What was finished is kept; the same command goes on from there.")
            sys.exit(1)
        except BrokenPipeError:
            sys.exit(1)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            errors.print(f"[bold red]Error[/] {plain(str(error.strerror or error) + where)}")
            errors.print("  What to do: check the path, the free space and your rights there")
            sys.exit(1)

    return run


def plain(text: str) -> str:
    """Text as it is: no markup, and nothing in it that could steer the terminal."""
    return escape(printable(text))


def print_json(value: Any) -> None:
    # ASCII: a name that is not valid Unicode is told too.
    results.print_json(json.dumps(value), ensure_ascii=True)
