"""TOML files that people write."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from analysis.errors import FramescopeError


def read_toml(path: Path, fault: type[FramescopeError]) -> dict[str, Any]:
    """The tables of a file; raises `fault`, with the place, where it can't be read or is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise fault("there is no such file", where=str(path), remedy="check its path") from error
    except UnicodeDecodeError as error:
        remedy = "save the file as UTF-8 text"
        raise fault(f"can't be read: {error}", where=str(path), remedy=remedy) from error
    except OSError as error:
        said, remedy = error.strerror or error, "check your rights to the file"
        raise fault(f"can't be read: {said}", where=str(path), remedy=remedy) from error
    except (ValueError, RecursionError) as error:
        # Beside TOMLDecodeError: numbers of thousands of digits, tables nested without end.
        remedy = "mend the line that it names"
        raise fault(f"not valid TOML: {error}", where=str(path), remedy=remedy) from error
