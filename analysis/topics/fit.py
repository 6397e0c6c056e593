"""Topics of a corpus: BERTopic on a sample, everything else placed by what the sample found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.topics import cluster, describe, identity, layout, place
from analysis.topics.libraries import load_bertopic, quiet
from analysis.topics.tables import TOPICS, keys_of, piece_rows
from analysis.topics.vectors import Floats, Indices, matrix, unit


@dataclass(frozen=True)
class TopicFit:
    """`topics` [topic_key, label, words, centroid, x, y], largest first, and
    `pieces` [piece_key, topic_key, how, similarity, x, y], one row per vector, sorted by key.

    `how` is 'cluster' (HDBSCAN put it there), 'centroid' (near enough to a topic's centre) or
    'outlier' (topic_key null). `similarity` is the cosine to the topic's centroid, for an outlier
    to the nearest one; null where there are no topics.
    """

    topics: pl.DataFrame
    pieces: pl.DataFrame


@dataclass(frozen=True)
class _Described:
    words: list[list[str]]
    labels: list[str]


def fit(
    vectors: pl.DataFrame,
    texts: pl.DataFrame,
    *,
    min_size: int,
    seed: int,
    previous: pl.DataFrame,
) -> TopicFit:
    """Fits topics on the pieces of `texts` and places every piece of `vectors`.

    `vectors` [piece_key, vec] is the whole corpus, `texts` [piece_key, title, text] the sample.
    `min_size` is the least size of a topic in the sample, 0 to choose. `previous` has the topics of
    the last fit, or none: a topic found again keeps its key. The same input gives the same output
    in any order of rows. A sample of fewer than cluster.MIN_PIECES, or without clusters, gives no
    topics.
    """
    corpus = vectors.select("piece_key", "vec").sort("piece_key")
    texts = texts.sort("piece_key")
    rows = matrix(corpus["vec"])
    # A text without a known word has a zero vector: it has no direction to cluster by.
    usable = corpus["piece_key"].is_in(texts["piece_key"].implode()).to_numpy() & rows.any(axis=1)
    sampled = rows[usable]
    docs = describe.documents(
        texts.join(corpus.filter(pl.Series(usable)), on="piece_key", how="semi")
    )
    topic, described, plane = _clustered(sampled, docs, min_size, seed)
    centroids, similarity = _centres(sampled, topic, len(described.words))

    before = matrix(previous["centroid"])
    kept = identity.matched(centroids, before)
    keys = identity.keys(described.words, kept, previous["topic_key"].to_list())
    plane = layout.scaled(plane)
    middles = _middles(plane, topic, len(keys))
    now = list(kept)
    turn = previous.select("x", "y").cast(pl.Float32).to_numpy()[[kept[n] for n in now]]
    plane = layout.turned(plane, middles[now], turn)
    middles = _middles(plane, topic, len(keys))

    known_topics = place.Topics(centroids, place.floors(similarity, topic, len(keys)))
    near, nearness = place.by_centroid(sampled, known_topics)
    how = np.full(len(rows), "outlier", dtype=object)
    final = np.full(len(rows), -1)
    reach = np.full(len(rows), np.nan, dtype=np.float32)
    position = np.zeros((len(rows), 2), dtype=np.float32)
    final[usable] = np.where(topic >= 0, topic, near)
    reach[usable] = np.where(topic >= 0, similarity, nearness)
    position[usable] = plane
    rest = rows.any(axis=1) & ~usable
    final[rest], reach[rest], position[rest] = place.by_neighbours(
        rows[rest], known_topics, place.Known(sampled, final[usable], plane)
    )
    how[final >= 0] = "centroid"
    how[np.flatnonzero(usable)[topic >= 0]] = "cluster"
    return TopicFit(
        pl.DataFrame(
            {
                "topic_key": keys,
                "label": described.labels,
                "words": described.words,
                "centroid": centroids,
                "x": middles[:, 0],
                "y": middles[:, 1],
            },
            schema=TOPICS,
        ),
        piece_rows(corpus["piece_key"], keys_of(final, keys), how, reach, position),
    )


def _clustered(
    vectors: Floats, docs: list[str], min_size: int, seed: int
) -> tuple[Indices, _Described, Floats]:
    """Topic [n] (-1: none), words and labels per topic, and unscaled positions [n, 2]."""
    nothing = np.full(len(vectors), -1), _Described([], [])
    if len(vectors) < cluster.MIN_PIECES:
        return *nothing, layout.principal(vectors)
    terms = describe.vocabulary(docs)
    reducer = cluster.Reducer(vectors, seed)
    if not terms.terms:
        return *nothing, reducer.plane()
    bertopic = load_bertopic()
    model = bertopic.BERTopic(
        # Vectors are given, so no model is loaded; English would strip every accent.
        embedding_model=None,
        language="multilingual",
        umap_model=reducer,
        hdbscan_model=cluster.clusterer(min_size or cluster.smallest_topic(len(vectors))),
        vectorizer_model=describe.vectorizer(vocabulary=terms.terms),
        ctfidf_model=bertopic.vectorizers.ClassTfidfTransformer(reduce_frequent_words=True),
        calculate_probabilities=False,
    )
    with quiet():
        numbers, _ = model.fit_transform(docs, vectors)
    topic = np.asarray(numbers, dtype=np.int64)
    # Row 0 of BERTopic's table is the outliers, if there are any.
    first = int((topic < 0).any())
    weights = model.c_tf_idf_.tocsr()[first:]
    words = []
    for number in range(topic.max() + 1):
        counts = np.asarray(terms.counts[topic == number].sum(axis=0)).ravel()
        words.append(describe.words_of(weights[number].toarray().ravel(), counts, terms.terms))
    return topic, _Described(words, describe.labels_of(words, docs)), reducer.plane()


def _centres(vectors: Floats, topic: Indices, topics: int) -> tuple[Floats, Floats]:
    """Unit centroids [k, d], and each piece's similarity [n] to its own (NaN without one)."""
    centroids = np.zeros((topics, vectors.shape[1]), dtype=np.float32)
    for number in range(topics):
        centroids[number] = vectors[topic == number].mean(axis=0)
    centroids = unit(centroids)
    similarity = np.full(len(vectors), np.nan, dtype=np.float32)
    inside = topic >= 0
    similarity[inside] = np.sum(vectors[inside] * centroids[topic[inside]], axis=1)
    return centroids, similarity


def _middles(plane: Floats, topic: Indices, topics: int) -> Floats:
    found = [np.median(plane[topic == number], axis=0) for number in range(topics)]
    return np.asarray(found, dtype=np.float32).reshape(-1, 2)
