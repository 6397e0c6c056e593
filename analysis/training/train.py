"""Fits a model for a codebook on labelled pieces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from analysis.corpus import minilm
from analysis.errors import SourceError
from analysis.frames import FrameModel
from analysis.frames.codebook import Codebook
from analysis.frames.encoders import MINILM
from analysis.frames.fit import fit
from analysis.frames.settings import PIECE_LABELS, Settings
from analysis.frames.training import SCHEMA
from analysis.training.labelled import Labelled

# A frame needs so many different pieces that carry it, and as many that don't.
LEAST = 5


def train(data: Labelled, book: Codebook, how: Settings = PIECE_LABELS) -> FrameModel:
    """A model for the codebook's frames. Raises SourceError when a frame can't be learned."""
    check(data)
    return fit(pl.DataFrame(schema=SCHEMA), data.table(), book, how)


def piece_labels(transformer: bool) -> Settings:
    """How models of piece labels are fitted; with MiniLM if asked for.

    Raises ModelError when the extra is not installed.
    """
    if not transformer:
        return PIECE_LABELS
    minilm.require()
    return replace(PIECE_LABELS, encoder=MINILM)


def check(data: Labelled, where: str = "") -> None:
    """Raises SourceError for the first frame of which too few pieces say yes, or no."""
    if not data.frames:
        raise SourceError(
            "the labels name no frame",
            where=where,
            remedy="write the name of a frame in the column of labels, or 'none'",
        )
    for place, frame in enumerate(data.frames):
        with_it = len(np.unique(data.group[data.truth[:, place]]))
        without = len(np.unique(data.group[~data.truth[:, place]]))
        if min(with_it, without) < LEAST:
            raise SourceError(
                f"the frame '{frame}' can't be learned: {with_it} different texts carry it and "
                f"{without} do not",
                where=where,
                remedy=f"label at least {LEAST} texts with it and {LEAST} without, "
                "or leave the frame out",
            )
