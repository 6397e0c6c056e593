"""The linear models are what scikit-learn finds on the blocks written out side by side."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from analysis.frames.features import Seen
from analysis.frames.linear import Scales, fit_linear

SCALES = Scales(1.0, 0.8, 0.3, 0.4, 0.5, 0.6)


@pytest.fixture(scope="module")
def seen():
    rng = np.random.default_rng(5)
    starts = np.concatenate([[0], np.cumsum(rng.integers(1, 9, 60))])
    terms = sparse.random(starts[-1], 40, 0.15, format="csr", random_state=3)
    return Seen.of(terms, rng.normal(size=(starts[-1], 6)), starts)


def written_out(seen):
    there = (seen.context >= 0)[:, None]
    terms, pieces = seen.terms.toarray(), seen.piece_terms.toarray()
    blocks = (
        terms,
        seen.vectors,
        np.where(there, terms[seen.context], 0),
        np.where(there, seen.vectors[seen.context], 0),
        pieces[seen.piece],
        seen.piece_vectors[seen.piece],
    )
    return np.hstack([block * scale for block, scale in zip(blocks, SCALES, strict=True)])


def test_weights_are_those_of_scikit_learn(seen):
    rng = np.random.default_rng(6)
    columns = written_out(seen)
    truth = columns @ rng.normal(size=(columns.shape[1], 2)) + rng.normal(size=2) > 0
    weight = rng.uniform(0, 2, len(truth)) * (rng.random(len(truth)) > 0.2)
    found = fit_linear(seen, truth.astype(float), weight, SCALES, 0.7, 1e-8).logits(seen)
    for frame in range(2):
        oracle = LogisticRegression(C=0.7, tol=1e-10, max_iter=10_000)
        used = weight > 0
        oracle.fit(columns[used], truth[used, frame], sample_weight=weight[used])
        assert found[:, frame] == pytest.approx(oracle.decision_function(columns), abs=1e-4)


def test_a_share_counts_as_a_part_of_both_answers(seen):
    n = len(seen.piece)
    share = np.random.default_rng(7).random((n, 1))
    parts = [
        fit_linear(seen, share, np.ones(n), SCALES, 1.0, 1e-8),
        fit_linear(
            _twice(seen), np.vstack([share > -1, share < -1]).astype(float),
            np.concatenate([share[:, 0], 1 - share[:, 0]]), SCALES, 1.0, 1e-8,
        ),
    ]  # fmt: skip
    assert parts[1].logits(seen) == pytest.approx(parts[0].logits(seen), abs=1e-4)


def _twice(seen):
    n, pieces = len(seen.piece), seen.piece_terms.shape[0]
    return Seen(
        sparse.vstack([seen.terms] * 2, format="csr"),
        np.vstack([seen.vectors] * 2),
        np.concatenate([seen.context, np.where(seen.context >= 0, seen.context + n, -1)]),
        np.concatenate([seen.piece, seen.piece + pieces]),
        sparse.vstack([seen.piece_terms] * 2, format="csr"),
        np.vstack([seen.piece_vectors] * 2),
    )


def test_half_precision_changes_little_and_only_once(seen):
    truth = (seen.vectors[:, :1] > 0).astype(float)
    whole = fit_linear(seen, truth, np.ones(len(truth)), SCALES, 1.0, 1e-6)
    half = whole.halved()
    assert half.logits(seen) == pytest.approx(whole.logits(seen), abs=0.02)
    assert np.array_equal(half.halved().logits(seen), half.logits(seen))
