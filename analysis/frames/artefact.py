"""A model on disk: model.json to read, weights.safetensors to load; no pickle anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from analysis.errors import ModelError

DESCRIPTION = "model.json"
WEIGHTS = "weights.safetensors"

_REMEDY = "make it again: python -m analysis.frames.fit"


@dataclass(frozen=True)
class Artefact:
    """What model.json says, and the arrays by name."""

    description: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


def write(folder: Path, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes both files; arrays as 32-bit floats, or 16-bit ones as they are. Makes the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(description, ensure_ascii=False, indent=1) + "\n"
    (folder / DESCRIPTION).write_text(text, encoding="utf-8", newline="\n")
    plain = {
        name: np.ascontiguousarray(array, np.float16 if array.dtype == np.float16 else np.float32)
        for name, array in arrays.items()
    }
    save_file(plain, folder / WEIGHTS)


def described(folder: Path) -> dict[str, Any]:
    """What model.json says. Raises ModelError as `read` does."""
    try:
        found: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError("there is no model here", where=str(folder), remedy=_REMEDY) from error
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the model can't be read: {error}", where=str(folder), remedy=_REMEDY
        ) from error
    return found


def read(folder: Path) -> Artefact:
    """Reads both files. Raises ModelError when one is missing or damaged."""
    description = described(folder)
    try:
        arrays = load_file(folder / WEIGHTS)
    except FileNotFoundError as error:
        raise ModelError("there is no model here", where=str(folder), remedy=_REMEDY) from error
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(
            f"the model can't be read: {error}", where=str(folder), remedy=_REMEDY
        ) from error
    return Artefact(description, arrays)
