"""How good scores and decisions are against labels, in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.frames.evaluate import calibration_error, precision_recall_f1
from analysis.training.labelled import Labelled

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DRAWS = 1000
BINS = 10
WORST = 5
# A group of fewer pieces tells nothing about a rate.
LEAST = 10


@dataclass(frozen=True)
class Evaluation:
    """Tables, a row per frame and more.

    `frames`: frame, pieces, positives, decided, tp, fp, fn, tn, precision, recall, f1 with a 95 %
    interval f1_low and f1_high, macro_f1 (the mean of F1 of carrying and of not carrying it) and
    ece. `curve`: frame, low, high, pieces, mean_score, share_true. `groups`: by, group, frame,
    pieces, positives, sensitivity, specificity, precision, f1. `errors`: the decisions that were
    surest and wrong: frame, id, truth, score, title. NaN where a figure is undefined.
    """

    frames: pl.DataFrame
    curve: pl.DataFrame
    groups: pl.DataFrame
    errors: pl.DataFrame

    @property
    def macro_f1(self) -> float:
        """The mean over frames of F1; NaN when it is undefined for one."""
        return float(self.frames["f1"].to_numpy().mean())

    def as_dict(self) -> dict[str, Any]:
        """For a machine; NaN as null."""
        tables = {
            "frames": self.frames,
            "curve": self.curve,
            "groups": self.groups,
            "errors": self.errors,
        }
        plain = {
            name: table.with_columns(pl.selectors.float().fill_nan(None)).to_dicts()
            for name, table in tables.items()
        }
        macro = self.macro_f1
        return {"macro_f1": None if np.isnan(macro) else macro, **plain}


def evaluation(
    frames: Sequence[str],
    truth: Flags,
    scores: Floats,
    decided: Flags,
    *,
    group: NDArray[np.int64] | None = None,
    by: Mapping[str, Sequence[str]] | None = None,
    ids: Sequence[str] = (),
    titles: Sequence[str] = (),
    seed: int = 7,
) -> Evaluation:
    """Arrays are [N, F]. The bootstrap draws pieces, or whole groups of them when `group` [N] is
    given (Efron 1979, percentile intervals)."""
    units = np.arange(len(truth)) if group is None else np.unique(group, return_inverse=True)[1]
    drawn = _draws(units, seed)
    return Evaluation(
        frames=pl.DataFrame(
            [
                _frame_row(frame, truth[:, f], scores[:, f], decided[:, f], drawn)
                for f, frame in enumerate(frames)
            ]
        ),
        curve=pl.concat(_curve(frame, truth[:, f], scores[:, f]) for f, frame in enumerate(frames)),
        groups=_groups(frames, truth, decided, by or {}),
        errors=_errors(frames, truth, scores, decided, ids, titles),
    )


def of_labelled(data: Labelled, scores: Floats, decided: Flags) -> Evaluation:
    """The evaluation of labelled pieces, by outlet, year and what else the table was asked for."""
    return evaluation(
        data.frames,
        data.truth,
        scores,
        decided,
        group=data.group,
        by={"outlet": data.outlet, "year": data.period, **data.extra},
        ids=data.ids,
        titles=data.titles,
    )


def macro_f1(truth: Flags, decided: Flags) -> float:
    """The mean of the F1 of carrying a frame and of not carrying it. NaN where undefined."""
    return float(
        np.mean([precision_recall_f1(truth, decided)[2], precision_recall_f1(~truth, ~decided)[2]])
    )


def _draws(units: NDArray[np.int64], seed: int) -> Floats:
    """How often each row is drawn, for DRAWS draws [DRAWS, N]."""
    count = int(units.max()) + 1 if len(units) else 0
    rng = np.random.default_rng(seed)
    times = rng.multinomial(count, np.full(count, 1 / max(count, 1)), size=DRAWS)
    return np.asarray(times[:, units], np.float64)


def _frame_row(
    frame: str, truth: Flags, scores: Floats, decided: Flags, drawn: Floats
) -> dict[str, Any]:
    precision, recall, f1 = precision_recall_f1(truth, decided)
    hits = drawn @ (truth & decided)
    named = drawn @ truth + drawn @ decided
    sampled = 2 * hits[named > 0] / named[named > 0]
    low, high = np.quantile(sampled, [0.025, 0.975]) if len(sampled) else (np.nan, np.nan)
    return {
        "frame": frame,
        "pieces": len(truth),
        "positives": int(truth.sum()),
        "decided": int(decided.sum()),
        "tp": int((truth & decided).sum()),
        "fp": int((~truth & decided).sum()),
        "fn": int((truth & ~decided).sum()),
        "tn": int((~truth & ~decided).sum()),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "f1_low": float(low),
        "f1_high": float(high),
        "macro_f1": macro_f1(truth, decided),
        "ece": calibration_error(truth, scores),
    }


def _curve(frame: str, truth: Flags, scores: Floats) -> pl.DataFrame:
    bin_of = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(bin_of, minlength=BINS)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(bin_of, scores, BINS) / count
        share = np.bincount(bin_of, truth, BINS) / count
    edges = np.arange(BINS + 1) / BINS
    return pl.DataFrame(
        {
            "frame": [frame] * BINS,
            "low": edges[:-1],
            "high": edges[1:],
            "pieces": count,
            "mean_score": mean,
            "share_true": share,
        }
    )


def _groups(
    frames: Sequence[str], truth: Flags, decided: Flags, by: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for name, values in by.items():
        groups = np.array(values, dtype=object)
        for group in sorted(set(values)):
            here = groups == group
            if here.sum() < LEAST:
                continue
            for f, frame in enumerate(frames):
                there, said = truth[here, f], decided[here, f]
                precision, recall, f1 = precision_recall_f1(there, said)
                rows.append(
                    {
                        "by": name,
                        "group": group,
                        "frame": frame,
                        "pieces": int(here.sum()),
                        "positives": int(there.sum()),
                        "sensitivity": recall,
                        "specificity": precision_recall_f1(~there, ~said)[1],
                        "precision": precision,
                        "f1": f1,
                    }
                )
    schema = {
        "by": pl.String,
        "group": pl.String,
        "frame": pl.String,
        "pieces": pl.Int64,
        "positives": pl.Int64,
        "sensitivity": pl.Float64,
        "specificity": pl.Float64,
        "precision": pl.Float64,
        "f1": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema)


def _errors(
    frames: Sequence[str],
    truth: Flags,
    scores: Floats,
    decided: Flags,
    ids: Sequence[str],
    titles: Sequence[str],
) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for f, frame in enumerate(frames):
        wrong = np.flatnonzero(truth[:, f] != decided[:, f])
        off = np.abs(truth[wrong, f] - scores[wrong, f])
        for row in wrong[np.argsort(-off, kind="stable")][:WORST] if len(ids) else ():
            rows.append(
                {
                    "frame": frame,
                    "id": ids[row],
                    "truth": bool(truth[row, f]),
                    "score": float(scores[row, f]),
                    "title": titles[row] if len(titles) else "",
                }
            )
    schema = {
        "frame": pl.String,
        "id": pl.String,
        "truth": pl.Boolean,
        "score": pl.Float64,
        "title": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)
