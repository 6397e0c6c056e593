"""Figures on cases that can be worked out by hand."""

import math

import numpy as np
import polars as pl
import pytest

from analysis.frames import evaluate as ev


def flags(text: str) -> np.ndarray:
    return np.array([c == "1" for c in text])


def test_precision_recall_f1_by_hand():
    found = ev.precision_recall_f1(flags("11100000"), flags("11011000"))
    assert found == pytest.approx((2 / 4, 2 / 3, 4 / 7))


def test_undefined_is_nan_and_not_zero():
    none = flags("000")
    precision, recall, f1 = ev.precision_recall_f1(none, none)
    assert math.isnan(precision)
    assert math.isnan(recall)
    assert math.isnan(f1)
    assert ev.precision_recall_f1(flags("100"), none)[2] == 0


def test_calibration_error_vanishes_for_honest_scores():
    rng = np.random.default_rng(1)
    scores = rng.random(200_000)
    truth = rng.random(200_000) < scores
    assert ev.calibration_error(truth, scores) < 0.01
    assert ev.calibration_error(truth, np.clip(scores + 0.2, 0, 1)) > 0.15


def test_best_threshold_is_best_of_all():
    rng = np.random.default_rng(2)
    truth = rng.random(300) < 0.3
    logits = np.round(rng.normal(size=300) + truth, 1)
    best = ev.best_threshold(truth, logits, np.ones(300))
    reached = ev.precision_recall_f1(truth, logits >= best)[2]
    others = [ev.precision_recall_f1(truth, logits >= cut)[2] for cut in np.unique(logits)]
    assert reached == pytest.approx(max(others))


def test_macro_leaves_undefined_frames_out():
    truth = np.column_stack([flags("10"), flags("00")])
    table = ev.evaluate(["a", "b"], truth, truth * 1.0, truth)
    assert ev.macro_f1(table) == 1.0
    assert ev.as_rows(table)[1]["f1"] is None
    assert isinstance(table, pl.DataFrame)
