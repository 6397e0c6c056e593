"""Topics: planted ones are found, keys last, order is irrelevant, small corpora do no harm."""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import polars as pl
import pytest

from analysis import topics
from analysis.topics import describe, identity, layout, place
from analysis.topics.tables import PIECES, TOPICS
from analysis.topics.vectors import VEC, matrix, nearest, neighbours, unit

SUBJECTS = [
    ["harbor", "ferry", "dock", "pilot", "tide", "cargo", "crane", "anchor"],
    ["orchard", "apple", "harvest", "frost", "cider", "grafting", "blossom", "pruning"],
    ["violin", "concert", "soloist", "quartet", "rehearsal", "composer", "encore", "cello"],
]
NONE = pl.DataFrame(schema=TOPICS)


def planted(per_subject: int, seed: int, first: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Vectors around three centres, and texts with each subject's words; subject = key % 3."""
    random = np.random.default_rng(seed)
    centres = unit(np.random.default_rng(99).normal(size=(3, 256)).astype(np.float32))
    count = 3 * per_subject
    keys = np.arange(first, first + count)
    noise = random.normal(scale=0.03, size=(count, 256))
    rows = unit((centres[keys % 3] + noise).astype(np.float32))
    texts = [" ".join(random.choice(SUBJECTS[key % 3], 40)) for key in keys]
    titles = [f"{random.choice(SUBJECTS[key % 3])} NASA" for key in keys]
    return vectors(keys, rows), pl.DataFrame(
        {"piece_key": keys, "title": titles, "text": texts}
    ).with_columns(pl.col("piece_key").cast(pl.Int32))


def vectors(keys: np.ndarray, rows: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(
        {"piece_key": pl.Series(keys, dtype=pl.Int32), "vec": pl.Series(rows, dtype=VEC)}
    )


def fit(vecs: pl.DataFrame, texts: pl.DataFrame, previous: pl.DataFrame = NONE) -> topics.TopicFit:
    return topics.fit(vecs, texts, min_size=0, seed=3, previous=previous)


@pytest.fixture(scope="module")
def found() -> topics.TopicFit:
    return fit(*planted(60, 1))


def test_planted_topics_are_recovered(found: topics.TopicFit) -> None:
    assert found.topics.height == 3
    assert found.topics.schema == pl.Schema(TOPICS)
    assert found.pieces.schema == pl.Schema(PIECES)
    placed = found.pieces.filter(pl.col("topic_key").is_not_null())
    assert placed.height >= 0.9 * found.pieces.height
    by_subject = placed.group_by(pl.col("piece_key") % 3).agg(pl.col("topic_key").n_unique())
    assert by_subject["topic_key"].to_list() == [1, 1, 1]
    for words in found.topics["words"].to_list():
        assert any(set(words) <= {*own, "nasa"} for own in SUBJECTS)


def test_labels_are_unique_and_keep_acronyms(found: topics.TopicFit) -> None:
    labels = found.topics["label"].to_list()
    assert len(set(labels)) == len(labels)
    assert all(len(label.split(" · ")) == 3 for label in labels)
    made = describe.labels_of([["nasa", "ferry"], ["nasa", "ferry"]], ["NASA and the ferry"])
    assert made == ["NASA · Ferry", "NASA · Ferry (2)"]


def test_the_map_is_scaled(found: topics.TopicFit) -> None:
    extent = found.pieces.select(pl.max_horizontal(pl.col("x", "y").abs().max())).item()
    assert 8 <= extent <= 1.5 * layout.EXTENT


def test_order_of_rows_is_irrelevant(found: topics.TopicFit) -> None:
    vecs, texts = planted(60, 1)
    again = fit(vecs.sample(fraction=1, shuffle=True, seed=5), texts.reverse())
    assert again.topics.equals(found.topics)
    assert again.pieces.equals(found.pieces)


def test_keys_outlast_growth(found: topics.TopicFit) -> None:
    vecs, texts = planted(60, 1)
    more_vecs, more_texts = planted(3, 2, first=1000)
    grown = fit(pl.concat([vecs, more_vecs]), pl.concat([texts, more_texts]), found.topics)
    assert set(grown.topics["topic_key"]) == set(found.topics["topic_key"])
    both = found.pieces.join(grown.pieces, on="piece_key", suffix="_now").drop_nulls("topic_key")
    assert (both["topic_key"] == both["topic_key_now"]).mean() >= 0.95  # type: ignore[operator]


def test_pieces_outside_the_sample_are_placed_by_centroid() -> None:
    vecs, texts = planted(60, 1)
    outside = {7, 8, 9}
    result = fit(vecs, texts.filter(~pl.col("piece_key").is_in(outside)))
    rest = result.pieces.filter(pl.col("piece_key").is_in(outside))
    assert set(rest["how"]) <= {"centroid", "outlier"}
    assert result.pieces.height == vecs.height
    assert result.pieces["x"].null_count() == 0


def test_assigning_a_copy_puts_it_where_the_original_is(found: topics.TopicFit) -> None:
    vecs, _ = planted(60, 1)
    originals = vecs.filter(pl.col("piece_key") <= 30)
    fresh = originals.with_columns(pl.col("piece_key") + 5000)
    placed = topics.assign(fresh, found.topics, pl.concat([vecs, fresh]), found.pieces)
    assert placed.schema == pl.Schema(PIECES)
    pairs = placed.with_columns(pl.col("piece_key") - 5000).join(
        found.pieces, on="piece_key", suffix="_original"
    )
    assert pairs.height == 30
    assert pairs["topic_key"].equals(pairs["topic_key_original"], check_names=False)
    assert (pairs["x"] - pairs["x_original"]).abs().max() < 0.2  # type: ignore[operator]
    assert (pairs["y"] - pairs["y_original"]).abs().max() < 0.2  # type: ignore[operator]


def test_a_far_piece_stays_unassigned(found: topics.TopicFit) -> None:
    vecs, _ = planted(60, 1)
    far = unit(np.random.default_rng(8).normal(size=(1, 256)).astype(np.float32))
    fresh = vectors(np.array([9000, 9001]), np.concatenate([far, np.zeros_like(far)]))
    placed = topics.assign(fresh, found.topics, pl.concat([vecs, fresh]), found.pieces)
    assert placed["topic_key"].to_list() == [None, None]
    assert placed["how"].to_list() == ["outlier", "outlier"]
    assert placed.select("x", "y").null_count().row(0) == (0, 0)


@pytest.mark.parametrize("pieces", [0, 1, 2, 29])
def test_tiny_corpora_have_no_topics_and_no_crash(pieces: int) -> None:
    vecs, texts = planted(10, 1)
    result = fit(vecs[:pieces], texts[:pieces])
    assert result.topics.height == 0
    assert result.topics.schema == pl.Schema(TOPICS)
    assert result.pieces.schema == pl.Schema(PIECES)
    assert result.pieces["how"].to_list() == ["outlier"] * pieces
    assert result.pieces.select("x", "y").null_count().sum_horizontal().sum() == 0
    again = topics.assign(vecs[pieces:], result.topics, vecs, result.pieces)
    assert again.height == 30 - pieces
    assert again["topic_key"].null_count() == again.height


def test_a_corpus_without_clusters_has_no_topics() -> None:
    vecs, texts = planted(14, 1)
    result = topics.fit(vecs, texts, min_size=40, seed=1, previous=NONE)
    assert result.topics.height == 0
    assert set(result.pieces["how"]) == {"outlier"}


def test_texts_without_words_have_no_topics() -> None:
    vecs, texts = planted(14, 1)
    empty = texts.with_columns(title=pl.lit(""), text=pl.lit("the 12 of 3"))
    assert fit(vecs, empty).topics.height == 0


def test_a_sample_is_sorted_seeded_and_independent_of_order() -> None:
    keys = pl.Series(range(100))
    drawn = topics.sample_keys(keys, 10, 4)
    assert drawn == sorted(set(drawn))
    assert len(drawn) == 10
    assert drawn == topics.sample_keys(keys.reverse(), 10, 4)
    assert drawn != topics.sample_keys(keys, 10, 5)
    assert topics.sample_keys(keys, 1000, 4) == list(range(100))


def test_a_sample_is_uniform_and_hardly_changes_when_the_corpus_grows() -> None:
    drawn = set(topics.sample_keys(pl.Series(range(10_000)), 2000, 7))
    grown = set(topics.sample_keys(pl.Series(range(10_500)), 2000, 7))
    assert len(drawn & grown) > 0.92 * 2000
    halves = sum(key < 5000 for key in drawn)
    assert 900 < halves < 1100
    even = sum(key % 2 == 0 for key in drawn)
    assert 900 < even < 1100


def test_near_repeats_are_left_out() -> None:
    terms = ["police", "police officers", "officers", "mitt", "romney", "mitt romney", "vote"]
    scores = np.array([7.0, 6, 5, 1, 4, 3, 2])
    counts = np.array([90.0, 30, 60, 21, 60, 20, 10])
    words = describe.words_of(scores, counts, terms)
    assert words == ["police", "police officers", "mitt romney", "vote"]


def test_matching_is_one_to_one_and_needs_likeness() -> None:
    eye = np.eye(4, dtype=np.float32)
    assert identity.matched(eye[[2, 0]], eye[[0, 1, 2]]) == {0: 2, 1: 0}
    assert identity.matched(eye[:1], eye[1:]) == {}
    made = identity.keys([["a"], ["a"], ["b"]], {2: 0}, ["t-old"])
    assert made[2] == "t-old"
    assert len(set(made)) == 3


def test_the_map_is_turned_back_to_the_last_one() -> None:
    before = np.array([[1, 0], [0, 2], [-3, -1], [2, 2]], dtype=np.float32)
    mirrored = before @ np.array([[0, 1], [1, 0]], dtype=np.float32)
    assert np.allclose(layout.turned(mirrored, mirrored, before), before, atol=1e-5)


def test_neighbours_agree_with_all_pairs() -> None:
    rows = unit(np.random.default_rng(1).normal(size=(50, 256)).astype(np.float32))
    rows[7] = rows[3]
    indices, distances = neighbours(rows, 5)
    assert indices[:, 0].tolist() == list(range(50))
    assert indices[7, 1] == 3
    expected = np.sort(1 - rows @ rows.T, axis=1)[:, :5]
    assert np.allclose(distances, expected, atol=1e-5)
    assert nearest(rows[:2], rows, 1)[0].ravel().tolist() == [0, 1]


def test_a_topic_without_members_takes_nothing() -> None:
    reach = place.floors(np.array([0.9], dtype=np.float32), np.array([0]), 2)
    assert reach[1] == np.inf


def test_a_zero_vector_stays_zero() -> None:
    assert not matrix(pl.Series([[0.0] * 256], dtype=VEC)).any()


def test_warnings_are_left_as_they_were(found: topics.TopicFit) -> None:
    with pytest.warns(UserWarning, match="still heard"):
        warnings.warn("still heard", UserWarning, stacklevel=1)
    assert ("ignore", None, UserWarning, None, 0) not in warnings.filters


def test_importing_the_package_loads_no_topic_library() -> None:
    code = (
        "import sys, analysis.topics as t; t.library_versions(); "
        "print(sorted({'bertopic', 'umap', 'hdbscan', 'numba', 'sklearn'} & set(sys.modules)))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert out.stdout.strip() == "[]"
