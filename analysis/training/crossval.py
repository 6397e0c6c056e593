"""Cross-validation: each piece is scored by a model that has seen nothing of its fold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from analysis.errors import UsageError
from analysis.frames.codebook import Codebook, Frame
from analysis.frames.settings import PIECE_LABELS, Settings
from analysis.training.labelled import UNTOLD, Labelled
from analysis.training.train import LEAST, check, train
from analysis.types import Progress, Silent

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class CrossValidated:
    """`fold` [N]; scores and decisions [N, F] of the model and of the baseline.

    The baseline is what anybody would try first: tf-idf of words and a logistic regression per
    frame with balanced classes, on the same folds.
    """

    fold: Ints
    scores: Floats
    decided: Flags
    baseline_decided: Flags


def cross_validate(
    data: Labelled,
    *,
    folds: int = 5,
    seed: int = 7,
    by_outlet: bool = False,
    how: Settings = PIECE_LABELS,
    progress: Progress | None = None,
) -> CrossValidated:
    """Scores every piece out of fold.

    Folds are stratified by the rarest frame that a piece carries, and the same text is never in
    two of them; with `by_outlet` whole outlets are held out. Raises SourceError when a frame can't
    be learned and UsageError when there are too few outlets.
    """
    check(data)
    fold = folds_of(data, folds, seed, by_outlet)
    book = codebook_of(data.frames)
    scores = np.zeros(data.truth.shape)
    decided = np.zeros(data.truth.shape, bool)
    baseline = np.zeros(data.truth.shape, bool)
    with (progress or Silent()).task("Folds", folds, "folds") as advance:
        for number in range(folds):
            test = fold == number
            # The same text may stand in two outlets, of which one is held out.
            known = ~test & ~np.isin(data.group, data.group[test])
            rows, held = np.flatnonzero(known), np.flatnonzero(test)
            model = train(data.part(rows), book, replace(how, seed=seed))
            part = data.part(held)
            scored = model.score(part.titles, part.texts, part.spans)
            scores[held], decided[held] = scored.piece_scores, scored.piece_present
            baseline[held] = _baseline(data, rows, held)
            advance(1)
    return CrossValidated(fold, scores, decided, baseline)


def folds_of(data: Labelled, folds: int, seed: int, by_outlet: bool) -> Ints:
    """A fold for each piece [N]."""
    fold = np.zeros(len(data.ids), np.int64)
    if by_outlet:
        outlets = {name for name in data.outlet if name != UNTOLD}
        if len(outlets) < folds:
            raise UsageError(
                f"the table names {len(outlets)} outlets, which are too few for {folds} folds",
                remedy="name the column with --map outlet=COLUMN, or ask for fewer --folds",
            )
        splits = GroupKFold(folds, shuffle=True, random_state=seed).split(
            data.outlet, groups=data.outlet
        )
    else:
        rare = data.truth[:, np.argsort(data.truth.sum(axis=0), kind="stable")]
        stratum = np.where(rare.any(axis=1), rare.argmax(axis=1), rare.shape[1])
        splits = StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(
            stratum, stratum, data.group
        )
    for number, (_, test) in enumerate(splits):
        fold[test] = number
    return fold


def codebook_of(frames: tuple[str, ...]) -> Codebook:
    """A codebook that has nothing but names, for labels that come without one."""
    made = tuple(
        Frame(
            id=frame,
            name=frame,
            short=frame,
            question="",
            definition="",
            include=(),
            exclude=(),
            examples=(),
            colour="#000000",
            colour_dark="#FFFFFF",
        )
        for frame in frames
    )
    return Codebook("labels", "", "", "", made, (), ())


def _baseline(data: Labelled, rows: Ints, held: Ints) -> Flags:
    texts = [f"{title}\n{text}" for title, text in zip(data.titles, data.texts, strict=True)]
    words = TfidfVectorizer()
    known = words.fit_transform([texts[row] for row in rows])
    asked = words.transform([texts[row] for row in held])
    found = np.zeros((len(held), len(data.frames)), bool)
    for place in range(len(data.frames)):
        one = LogisticRegression(class_weight="balanced", max_iter=2000)
        found[:, place] = one.fit(known, data.truth[rows, place]).predict(asked)
    return found


__all__ = ["LEAST", "CrossValidated", "cross_validate", "folds_of"]
