"""Keyness: the published formula, clustering, false discoveries, ranks under resampling."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measure.keyness import (
    REST,
    Contrast,
    Uses,
    contenders,
    keyness,
    stability,
)

# Pieces of each group; a piece is its words.
Corpus = Mapping[str, Sequence[Sequence[str]]]


def tables(corpus: Corpus) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cells and sizes, each piece a cluster."""
    cells, sizes = [], []
    for group, pieces in corpus.items():
        counts = [Counter(piece) for piece in pieces]
        for term in sorted({term for count in counts for term in count}):
            with_term = [(c[term], len(p)) for c, p in zip(counts, pieces, strict=True) if c[term]]
            cells.append(
                (
                    term,
                    group,
                    sum(n for n, _ in with_term),
                    len(with_term),
                    sum(n * n for n, _ in with_term),
                    sum(n * words for n, words in with_term),
                )
            )
        lengths = [len(piece) for piece in pieces]
        squares = sum(n * n for n in lengths)
        sizes.append((group, sum(lengths), len(pieces), len(pieces), squares))
    return (
        pl.DataFrame(
            cells,
            schema=["term", "group", "tokens", "pieces", "squares", "crossed"],
            orient="row",
        ),
        pl.DataFrame(
            sizes, schema=["group", "words", "pieces", "clusters", "spread"], orient="row"
        ),
    )


def published(
    corpus: Corpus, one: str, others: Sequence[str], alpha: float
) -> dict[str, tuple[float, float, float]]:
    """delta, variance and z of each word, by the paper's equations 15, 20 and 22, in plain Python."""
    counted = {
        group: Counter(w for piece in pieces for w in piece) for group, pieces in corpus.items()
    }
    background: Counter[str] = sum(counted.values(), Counter())
    total = background.total()
    y_i = counted[one]
    y_j: Counter[str] = sum((counted[other] for other in others), Counter())
    n_i, n_j = y_i.total(), y_j.total()
    found = {}
    for word in y_i.keys() | y_j.keys():
        if background[word] == total:
            continue
        a = alpha * background[word] / total
        delta = math.log((y_i[word] + a) / (n_i + alpha - y_i[word] - a)) - math.log(
            (y_j[word] + a) / (n_j + alpha - y_j[word] - a)
        )
        variance = 1 / (y_i[word] + a) + 1 / (y_j[word] + a)
        found[word] = (delta, variance, delta / math.sqrt(variance))
    return found


WORKED: Corpus = {
    "Post": [["police"] * 3 + ["vote"] * 1, ["police", "city", "city", "city"]],
    "Voz": [["vote", "vote", "city", "trust"], ["police", "city", "vote", "trust"]],
}


def test_a_worked_example() -> None:
    """police: 4 of 8 words in the Post, 1 of 8 in Voz, 5 of 16 together; alpha 4 gives 1.25."""
    rows = keyness(*tables(WORKED), [Contrast("Post", "Voz")], alpha=4.0)
    police = rows.row(by_predicate=pl.col("term") == "police", named=True)
    delta = math.log(5.25 / 6.75) - math.log(2.25 / 9.75)
    variance = 1 / 5.25 + 1 / 2.25
    assert police["delta"] == pytest.approx(delta, abs=1e-12)
    assert police["variance"] == pytest.approx(variance, abs=1e-12)
    assert police["z_words"] == pytest.approx(delta / math.sqrt(variance), abs=1e-12)
    assert (police["tokens"], police["pieces"], police["tokens_other"]) == (4, 2, 1)
    assert police["rate"] == pytest.approx(500_000)
    # Post: clusters use it 3 and 1 times where 2 and 2 are expected: 2 / 1 * (1 + 1) / (8 / 4) = 2.
    # Voz: 0 and 1 where 1/2 are expected: 2 * (1/4 + 1/4) / (7/8) = 8/7. Pooled: 5 / 2.875.
    effects = (2.0, 5 / 2.875)
    clustered = effects[0] / 5.25 + effects[1] / 2.25
    assert police["z"] == pytest.approx(delta / math.sqrt(clustered), abs=1e-12)
    assert police["effect"] == pytest.approx(clustered / variance, abs=1e-12)
    assert police["high"] - police["low"] == pytest.approx(
        2 * 1.959963984540054 * math.sqrt(clustered)
    )


words = st.sampled_from(["police", "vote", "city", "trust", "año", "287(g)"])
corpora = st.fixed_dictionaries(
    {
        name: st.lists(st.lists(words, min_size=1, max_size=9), min_size=1, max_size=5)
        for name in "abc"
    }
)


@given(corpora, st.floats(0.01, 1e4))
@settings(max_examples=60, deadline=None)
def test_it_is_the_published_formula(corpus: Corpus, alpha: float) -> None:
    rows = keyness(*tables(corpus), [Contrast("a", "b"), Contrast("a")], alpha=alpha)
    for against, others in (("b", ["b"]), (REST, ["b", "c"])):
        expected = published(corpus, "a", others, alpha)
        own = rows.filter(pl.col("against") == against)
        assert set(own["term"]) == set(expected)
        for row in own.iter_rows(named=True):
            delta, variance, z = expected[row["term"]]
            assert row["delta"] == pytest.approx(delta, rel=1e-9, abs=1e-9)
            assert row["variance"] == pytest.approx(variance, rel=1e-9)
            assert row["z_words"] == pytest.approx(z, rel=1e-9, abs=1e-9)


@given(corpora)
@settings(max_examples=60, deadline=None)
def test_it_is_the_same_seen_from_the_other_side(corpus: Corpus) -> None:
    cells, sizes = tables(corpus)
    there = keyness(cells, sizes, [Contrast("a", "b")], alpha=5.0)
    back = keyness(cells, sizes, [Contrast("b", "a")], alpha=5.0)
    both = there.join(back, on="term", suffix="_back")
    assert both.height == there.height == back.height
    assert np.allclose(both["z"], -both["z_back"])
    assert np.allclose(both["low"], -both["high_back"])
    assert np.allclose(both["q"], both["q_back"])


@given(corpora)
@settings(max_examples=60, deadline=None)
def test_clustering_never_makes_surer(corpus: Corpus) -> None:
    rows = keyness(*tables(corpus), [Contrast("a")], alpha=5.0)
    assert (rows["effect"] >= 1 - 1e-12).all()
    assert (rows["z"].abs() <= rows["z_words"].abs() + 1e-9).all()
    assert ((rows["low"] <= rows["delta"]) & (rows["delta"] <= rows["high"])).all()
    assert (rows["q"] >= rows["p"] - 1e-12).all()
    assert rows["z"].is_sorted(descending=True)


def test_equal_groups_differ_in_nothing() -> None:
    pieces = [["police", "vote"], ["city"]]
    rows = keyness(*tables({"a": pieces, "b": pieces}), [Contrast("a", "b")], alpha=3.0)
    assert np.allclose(rows["delta"], 0)
    assert (rows["q"] == 1).all()


@pytest.mark.parametrize("contrast", [Contrast("a"), Contrast("a", "b"), Contrast("nobody", "a")])
def test_a_side_without_words_gives_no_rows(contrast: Contrast) -> None:
    assert keyness(*tables({"a": [["police"]]}), [contrast], alpha=1.0).is_empty()


def test_nothing_at_all_gives_no_rows() -> None:
    cells, sizes = tables({"a": [["police"]]})
    assert keyness(cells.clear(), sizes.clear(), [Contrast("a")], alpha=1.0).is_empty()
    assert keyness(cells, sizes, [], alpha=1.0).is_empty()


def test_no_prior_is_refused() -> None:
    with pytest.raises(ValueError, match="alpha"):
        keyness(*tables(WORKED), [Contrast("Post")], alpha=0.0)


def test_one_piece_does_not_make_a_key_word() -> None:
    """Fifty uses in one piece say less than fifty pieces with one each."""
    filler = ["word"] * 99
    one = [["tirade"] * 50 + filler, *[["word", *filler]] * 49]
    many = [["tirade", *filler]] * 50
    other = [["word", *filler]] * 50
    z = {
        name: keyness(*tables({"a": pieces, "b": other}), [Contrast("a", "b")], alpha=100.0).row(
            by_predicate=pl.col("term") == "tirade", named=True
        )
        for name, pieces in (("one", one), ("many", many))
    }
    assert z["one"]["z_words"] > 2
    assert abs(z["one"]["z"]) < 1
    assert z["many"]["z"] == pytest.approx(z["many"]["z_words"])


def bursty(rng: np.random.Generator, pieces: int, lift: float = 1.0) -> list[list[str]]:
    """Pieces of 200 words, of which some use a topical word many times."""
    names = [f"w{i}" for i in range(30)]
    found = []
    for _ in range(pieces):
        rates = 0.01 * rng.gamma(0.3, 1 / 0.3, 30)
        rates[0] *= lift
        counts = rng.poisson(200 * rates)
        piece = [name for name, n in zip(names, counts, strict=True) for _ in range(n)]
        found.append(piece + ["rest"] * max(0, 200 - len(piece)))
    return found


def test_false_alarms_are_as_rare_as_said_where_words_come_in_bursts() -> None:
    rng = np.random.default_rng(5)
    plain, clustered = [], []
    for _ in range(40):
        corpus = {"a": bursty(rng, 60), "b": bursty(rng, 120)}
        rows = keyness(*tables(corpus), [Contrast("a", "b")], alpha=200.0)
        rows = rows.filter(pl.col("term") != "rest")
        plain.append(float((rows["z_words"].abs() > 1.96).mean() or 0))
        clustered.append(float((rows["z"].abs() > 1.96).mean() or 0))
    assert np.mean(plain) > 0.25
    assert 0.01 < np.mean(clustered) < 0.075


def uses_of(corpus: Corpus, terms: Sequence[str] | None = None) -> Uses:
    counts, clusters = [], []
    total = Counter(w for pieces in corpus.values() for piece in pieces for w in piece)
    for group, pieces in corpus.items():
        for i, piece in enumerate(pieces):
            clusters.append((f"{group}{i}", group, len(piece)))
            for term, n in Counter(piece).items():
                if terms is None or term in terms:
                    counts.append((term, f"{group}{i}", group, n))
    return Uses(
        pl.DataFrame(counts, schema=["term", "cluster", "group", "n"], orient="row"),
        pl.DataFrame(clusters, schema=["cluster", "group", "words"], orient="row"),
        pl.DataFrame(
            [(term, n / total.total()) for term, n in total.items()],
            schema=["term", "share"],
            orient="row",
        ),
    )


def test_a_planted_word_keeps_its_place_and_the_others_do_not() -> None:
    rng = np.random.default_rng(11)
    corpus = {"a": bursty(rng, 150, lift=6.0), "b": bursty(rng, 150)}
    contrast = Contrast("a", "b")
    rows = keyness(*tables(corpus), [contrast], alpha=200.0)
    held = stability(uses_of(corpus), contrast, alpha=200.0, top=5, resamples=200, seed=1)
    more = held.filter(pl.col("side") == "more")
    expected = rows.filter(pl.col("z") > 0)["term"].head(5).to_list()
    assert more["term"].to_list() == expected
    assert more["rank"].to_list() == [1, 2, 3, 4, 5]
    first = more.row(0, named=True)
    assert (first["term"], first["stays"], first["rank_high"]) == ("w0", 1.0, 1)
    assert more["stays"][-1] < 0.9
    assert ((more["rank_low"] <= more["rank"]) & (more["rank"] <= more["rank_high"])).all()
    again = stability(uses_of(corpus), contrast, alpha=200.0, top=5, resamples=200, seed=1)
    assert again.equals(held)


def test_contenders_are_enough_for_ranks() -> None:
    rng = np.random.default_rng(3)
    corpus = {"a": bursty(rng, 80, lift=3.0), "b": bursty(rng, 80)}
    contrast = Contrast("a")
    rows = keyness(*tables(corpus), [contrast], alpha=200.0)
    some = contenders(rows, 3)
    assert len(some) < rows.height
    all_words = stability(uses_of(corpus), contrast, alpha=200.0, top=3, seed=2)
    few = stability(uses_of(corpus, some), contrast, alpha=200.0, top=3, seed=2)
    assert few["term"].to_list() == all_words["term"].to_list()
    assert np.allclose(few["stays"], all_words["stays"], atol=0.12)
    assert (few["stays"] >= all_words["stays"] - 1e-12).all()


def test_stability_without_a_side_is_empty() -> None:
    assert stability(uses_of({"a": [["police"]]}), Contrast("a"), alpha=1.0).is_empty()
