"""How frame models are fitted: what is assumed of the texts they will read, what weighs how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from analysis.frames.encoders import STATIC

# The shares of mixed news (analysis/frames/match.py), but for profiling: a corpus on one local
# policy, for which projects are made, holds more on who is singled out. That one is an assumption.
SENTENCE_RATES = {"safety": 0.18, "civil_rights": 0.055, "profiling": 0.04, "trust": 0.02}
PIECE_RATES = {"safety": 0.5, "civil_rights": 0.25, "profiling": 0.18, "trust": 0.13}


@dataclass(frozen=True)
class Rates:
    """How scores are calibrated, whatever the model.

    `sentence_rates` and `piece_rates` are the shares that carry each frame where the model will be
    used: the training set is richer in frames on purpose, and without them scores would be too
    high. A frame that is not named keeps its share of the training set. `slice_weights` says how
    much a row of a slice counts, 1 if it is not named. `reshaped` says whether the piece rule also
    learns from pieces cut short and drawn out; `rule_strength` is its inverse regularisation.
    """

    rule_strength: float = 0.5
    folds: int = 5
    seed: int = 7
    reshaped: bool = True
    sentence_rates: Mapping[str, float] = field(default_factory=dict)
    piece_rates: Mapping[str, float] = field(default_factory=dict)
    slice_weights: Mapping[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For a model card."""
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class Settings(Rates):
    """How the linear model is fitted.

    `encoder` is one of encoders.ENCODERS. The block weights scale what stands beside the sentence's
    own words. Terms in fewer than `min_texts` texts are left out. `strength` is the inverse
    regularisation, `tolerance` ends the search for weights.
    """

    encoder: str = STATIC
    strength: float = 2.0
    own_embedding: float = 1.0
    context_terms: float = 0.3
    context_embedding: float = 0.3
    piece_terms: float = 0.5
    piece_embedding: float = 0.5
    tolerance: float = 1e-5
    min_texts: int = 2


BUNDLED_SETTINGS = Settings(
    strength=1.0,
    tolerance=1e-6,
    min_texts=5,
    sentence_rates=SENTENCE_RATES,
    piece_rates=PIECE_RATES,
)

# For labels of whole pieces, which every sentence inherits: what a sentence shares with its piece
# weighs more than what it says itself.
PIECE_LABELS = Settings(
    strength=0.3,
    rule_strength=0.05,
    own_embedding=0.3,
    context_terms=0.0,
    context_embedding=0.0,
    piece_terms=1.0,
    piece_embedding=1.0,
    folds=3,
    tolerance=1e-5,
    reshaped=False,
)
