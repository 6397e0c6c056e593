"""Why a sentence of a build has its scores: the sum the model made, with nearest training texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.frames import load_bundled, stored
from analysis.frames.explain import explain, nearest_training


@dataclass(frozen=True)
class Explanation:
    """`sums`: frame, source, what, contribution in log-odds. Scores and thresholds by frame."""

    sums: pl.DataFrame
    scores: dict[str, float]
    thresholds: dict[str, float]
    nearest: pl.DataFrame


def explanation_of(
    version: str,
    title: str,
    text: str,
    spans: Sequence[tuple[int, int]],
    sentence: int,
    root: Path | None = None,
) -> Explanation | None:
    """Explains a sentence (0 is the headline); None when the model of this version is not here.

    The contributions of a frame add up to the logit of its score. `root` is the project, for
    models that were trained in it; for those `nearest` has no rows.
    """
    model = stored(version, root)
    if model is None:
        return None
    scored = model.score([title], [text], [spans])
    whole = title if sentence == 0 else text[slice(*spans[sentence - 1])]
    return Explanation(
        sums=explain(model, title, text, spans, sentence),
        scores=dict(zip(model.frames, map(float, scored.scores[sentence]), strict=True)),
        thresholds=dict(zip(model.frames, map(float, model.thresholds), strict=True)),
        nearest=nearest_training(whole, load_bundled().frames).head(
            3 if model.version == load_bundled().version else 0
        ),
    )
