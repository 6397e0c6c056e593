"""Judges a model on a table of labelled texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.errors import SourceError
from analysis.frames import load_codebook, load_model
from analysis.frames.codebook import BUNDLED
from analysis.frames.match import matched
from analysis.frames.model import BUNDLED as BUNDLED_MODEL
from analysis.training.evaluation import Evaluation, evaluation, of_labelled
from analysis.training.labelled import Columns, read_labelled


@dataclass(frozen=True)
class Judged:
    """`sentences_judged` is None unless the table codes sentences too (`<frame>_sentences`)."""

    model_version: str
    pieces: int
    pieces_judged: Evaluation
    sentences_judged: Evaluation | None
    notices: list[str]

    def as_dict(self) -> dict[str, Any]:
        """For a machine; NaN as null."""
        sentences = self.sentences_judged
        return {
            "model": self.model_version,
            "texts": self.pieces,
            "piece": self.pieces_judged.as_dict(),
            "sentence": sentences.as_dict() if sentences is not None else None,
            "notices": self.notices,
        }


def judge(
    path: Path, columns: Columns, *, codebook: Path | None = None, model: Path | None = None
) -> Judged:
    """Scores the table's texts and compares with its labels.

    Raises UsageError, SourceError, CodebookError and ModelError for what can't be used.
    """
    book = load_codebook(codebook or BUNDLED)
    loaded = matched(load_model(book, model or BUNDLED_MODEL))
    data = read_labelled(path, columns, book)
    if not data.truth.any():
        raise SourceError(
            "no text carries any frame, so there is nothing to judge",
            where=str(path),
            remedy="check that --labels names the right columns",
        )
    scored = loaded.score(data.titles, data.texts, data.spans)
    pieces = of_labelled(data, scored.piece_scores, scored.piece_present)
    sentences = None
    if data.sentence_truth is not None:
        lengths = np.diff(scored.starts)
        sentences = evaluation(
            data.frames,
            np.concatenate(data.sentence_truth),
            scored.scores,
            scored.present,
            group=np.repeat(data.group, lengths),
        )
    return Judged(loaded.version, len(data.ids), pieces, sentences, data.notices)
