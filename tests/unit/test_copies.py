"""Copies are found whatever was done to them on the way; pieces that merely overlap are not."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from analysis.corpus import copies
from tests.support.altered import altered, f1, pairs

TEXTS = {"piece_key": pl.Int32, "title": pl.Utf8, "text": pl.Utf8}


class Writer:
    """Writes paragraphs of invented words, of which few are frequent and most are rare."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        letters = np.array(list("abcdefghilmnoprstuvz"))
        self.words = ["".join(self.random.choice(letters, 2 + i % 7)) for i in range(4000)]
        weights = 1 / (np.arange(4000) + 5.0)
        self.weights = weights / weights.sum()

    def sentence(self) -> str:
        size = int(self.random.integers(9, 24))
        picked = self.random.choice(4000, size, p=self.weights)
        return " ".join(self.words[i] for i in picked).capitalize() + "."

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(int(self.random.integers(2, 5))))

    def piece(self, paragraphs: int) -> str:
        return "\n\n".join(self.paragraph() for _ in range(paragraphs))


def trimmed(text: str, _writer: Writer) -> str:
    words = text.split(" ")
    return " ".join(words[: int(len(words) * 0.7)])


def with_dateline(text: str, _writer: Writer) -> str:
    return f"MIAMI (Wire) — By A Reporter\n{text}"


def with_sentences(text: str, writer: Writer) -> str:
    first, *rest = text.split("\n\n")
    return "\n\n".join([first, writer.sentence(), *rest, writer.sentence()])


def repunctuated(text: str, _writer: Writer) -> str:
    return text.upper().replace(".", " —").replace("\n\n", "\n")


def trimmed_and_extended(text: str, writer: Writer) -> str:
    return with_sentences(trimmed(text, writer), writer)


ALTERATIONS = [trimmed, with_dateline, with_sentences, repunctuated, trimmed_and_extended]


def frame(texts: list[str], first: int = 1) -> pl.DataFrame:
    rows = [(first + i, f"Headline {i}", text) for i, text in enumerate(texts)]
    return pl.DataFrame(rows, schema=TEXTS, orient="row")


def linked(texts: pl.DataFrame) -> set[tuple[int, int]]:
    found = copies.verify(copies.candidates(copies.signatures(texts)), texts)
    return set(found.select("left_key", "right_key").iter_rows())


def test_altered_copies_are_found_and_nothing_else() -> None:
    writer = Writer(1)
    originals = [writer.piece(int(writer.random.integers(5, 12))) for _ in range(200)]
    altered = [
        ALTERATIONS[i % len(ALTERATIONS)](text, writer) for i, text in enumerate(originals[:120])
    ]
    found = linked(frame([*originals, *altered]))
    planted = {(i + 1, i + 201) for i in range(120)}
    right = len(found & planted)
    precision, recall = right / len(found), right / len(planted)
    assert 2 * precision * recall / (precision + recall) >= 0.97


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_pieces_that_share_paragraphs_are_not_copies(share: float) -> None:
    writer = Writer(2)
    texts = []
    for _ in range(60):
        common = [writer.paragraph() for _ in range(int(8 * share))]
        for _ in range(2):
            own = [writer.paragraph() for _ in range(8 - len(common))]
            texts.append("\n\n".join([own[0], *common, *own[1:]]))
    assert linked(frame(texts)) == set()


def test_a_text_inside_one_of_three_times_its_length_is_not_a_copy() -> None:
    writer = Writer(3)
    short = writer.piece(4)
    assert linked(frame([short, f"{short}\n\n{writer.piece(9)}"])) == set()


def test_short_standing_phrases_are_not_copies() -> None:
    notice = "This article is for subscribers. Log in or subscribe to go on reading it today."
    assert linked(frame([notice, notice])) == set()


def test_the_title_plays_no_part_and_a_repost_is_a_copy() -> None:
    text = Writer(4).piece(6)
    assert linked(frame([text, text])) == {(1, 2)}


def test_signatures_do_not_depend_on_the_batch_and_repeat() -> None:
    writer = Writer(5)
    texts = frame([writer.piece(5) for _ in range(40)] + ["", "two words", "so . many , signs !"])
    whole = copies.signatures(texts)
    parts = pl.concat([copies.signatures(texts[:17]), copies.signatures(texts[17:])])
    assert whole.equals(parts)
    assert whole.equals(copies.signatures(texts))
    assert whole["piece_key"].to_list() == texts["piece_key"].to_list()
    assert whole.schema == pl.Schema(copies.SIGNATURES)


def test_a_text_shorter_than_a_shingle_has_an_empty_signature() -> None:
    found = copies.signatures(frame(["", "one two three four", "one two three four five"]))
    assert found["shingles"].to_list() == [0, 0, 1]
    assert found["sig"].list.len().to_list() == [0, 0, copies.BANDS * copies.ROWS]


def test_shingles_do_not_run_from_one_piece_into_the_next() -> None:
    found = copies.signatures(frame(["a b c d", "e f g h"]))
    assert found["shingles"].to_list() == [0, 0]


def test_many_equal_texts_make_one_group_without_all_pairs() -> None:
    text = Writer(6).piece(6)
    texts = frame([text] * 300)
    pairs = copies.verify(copies.candidates(copies.signatures(texts)), texts)
    assert pairs.height < 1000
    members = copies.groups(pairs, undated(range(1, 301)))
    assert members.height == 300
    assert members["group_key"].unique().to_list() == [1]


def undated(keys: range) -> pl.DataFrame:
    return pl.DataFrame(
        {"piece_key": list(keys), "published": None, "outlet": "Outlet"},
        schema={"piece_key": pl.Int32, "published": pl.Date, "outlet": pl.Utf8},
    )


def test_groups_join_chains_and_name_the_first_published() -> None:
    pairs = pl.DataFrame(
        [(2, 5, 0.9), (5, 9, 0.8), (3, 4, 1.0), (6, 7, 1.0)], schema=copies.PAIRS, orient="row"
    )
    dates = undated(range(1, 10)).with_columns(
        published=pl.col("piece_key").replace_strict(
            {9: dt.date(2025, 6, 17), 5: dt.date(2025, 6, 18), 6: dt.date(2025, 6, 1)}
            | {7: dt.date(2025, 6, 1)},
            default=None,
            return_dtype=pl.Date,
        )
    )
    assert copies.groups(pairs, dates).rows() == [
        (2, 2, False),  # undated, so not the first
        (3, 3, True),  # no dates at all: the smallest key
        (4, 3, False),
        (5, 2, False),
        (6, 6, True),  # same day: the smallest key
        (7, 6, False),
        (9, 2, True),
    ]


def test_nothing_gives_empty_tables_of_the_right_kind() -> None:
    texts = frame([])
    signed = copies.signatures(texts)
    found = copies.candidates(signed)
    pairs = copies.verify(found, texts)
    members = copies.groups(pairs, undated(range(0)))
    for table, schema in [
        (signed, copies.SIGNATURES),
        (found, copies.CANDIDATES),
        (pairs, copies.PAIRS),
        (members, copies.MEMBERS),
    ]:
        assert table.height == 0
        assert table.schema == pl.Schema(schema)


@pytest.mark.skipif("FRAMESCOPE_REAL_DATA" not in os.environ, reason="needs real data")
@pytest.mark.parametrize("added", [0.15, 0.3, 0.5])
def test_altered_real_articles_are_found_again(added: float) -> None:
    path = Path(os.environ["FRAMESCOPE_REAL_DATA"]) / "allsides_dev.parquet"
    texts = pl.read_parquet(path, columns=["text"])["text"].unique(maintain_order=True)
    table, origin = altered(texts.sample(400, seed=7).to_list(), every=2, added=added, seed=7)
    there = pairs(table.select("piece_key", group=pl.Series(origin)), "group")
    verified = copies.verify(copies.candidates(copies.signatures(table)), table)
    days = table.select("piece_key", published=pl.lit(dt.date(2025, 6, 17)), outlet=pl.lit("A"))
    found = pairs(copies.groups(verified, days), "group_key")
    assert len(there) > 250
    assert f1(found, there) >= 0.97
