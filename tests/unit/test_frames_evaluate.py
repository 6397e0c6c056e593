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


def test_break_even_weighs_false_positives_and_negatives_alike():
    rng = np.random.default_rng(2)
    truth = rng.random(3000) < 0.3
    logits = rng.normal(size=3000) + truth
    weight = np.where(truth, 0.5, 1.2)
    decided = logits >= ev.break_even(truth, logits, weight)
    wrong, missed = weight[decided & ~truth].sum(), weight[~decided & truth].sum()
    assert wrong == pytest.approx(missed, abs=1.3)
    assert ev.break_even(np.zeros(5, bool), logits[:5], np.ones(5)) == float("inf")


def test_macro_leaves_undefined_frames_out():
    truth = np.column_stack([flags("10"), flags("00")])
    table = ev.evaluate(["a", "b"], truth, truth * 1.0, truth)
    assert ev.macro_f1(table) == 1.0
    assert ev.as_rows(table)[1]["f1"] is None
    assert isinstance(table, pl.DataFrame)
