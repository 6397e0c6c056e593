"""Stories: the same event is one story, whatever order its pieces came in; keys stay."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from analysis.corpus import stories
from analysis.corpus.embeddings import embed_pieces
from analysis.corpus.stories import settings
from analysis.corpus.stories.clusters import groups
from analysis.corpus.stories.keys import keyed
from analysis.corpus.stories.pairs import Pairs
from tests.support.demo import PIECES, planted_pieces
from tests.support.stories import NOTHING, corpus, score

NO_COPIES = pl.DataFrame(schema={"piece_key": pl.Int32, "group_key": pl.Int32})

FIRE = (
    "Warehouse fire in Hialeah forces 400 from their homes",
    "A fire at a chemical warehouse in Hialeah sent a plume of black smoke over the city and forced "
    "about 400 residents to leave their homes before dawn. Fire chief Marta Oquendo said two "
    "firefighters were treated for burns and the cause was not yet known.",
)
FIRE_AGAIN = (
    "Hundreds flee as chemical warehouse burns in Hialeah",
    "Hundreds of residents were told to leave before dawn as a chemical warehouse burned in Hialeah. "
    "Two firefighters had burns, chief Marta Oquendo said, and a plume of smoke hung over the city.",
)
LIBRARY = (
    "Library board names a new director in Homestead",
    "The board of the public library in Homestead chose Peter Lindqvist as its director after a "
    "search of eight months. He has run a branch in Tampa since 2011 and starts in the autumn.",
)


def pieces(*rows: tuple[tuple[str, str], int | None], outlet: str = "") -> pl.DataFrame:
    """Pieces of texts and days in June; None is without a day."""
    return corpus(
        pl.DataFrame(
            [
                (f"p{i}", outlet or f"Outlet {i}", day and dt.date(2025, 6, day), *text)
                for i, (text, day) in enumerate(rows)
            ],
            schema={
                "id": pl.String,
                "outlet": pl.String,
                "published": pl.Date,
                "title": pl.String,
                "text": pl.String,
            },
            orient="row",
        )
    )


def gathered(
    pieces: pl.DataFrame, previous: pl.DataFrame = NOTHING, copies: pl.DataFrame = NO_COPIES
) -> stories.Found:
    vectors = pieces.select(
        "piece_key",
        vec=pl.Series(
            embed_pieces(pieces["title"].to_list(), pieces["text"].to_list()),
            dtype=pl.Array(pl.Float32, 256),
        ),
    )
    return stories.gather(pieces, vectors, copies, previous)


def told(pieces: pl.DataFrame, found: stories.Found) -> dict[str, str]:
    """The story's key of each piece that is in one, by id."""
    return dict(pieces.join(found.members, on="piece_key").select("id", "story_key").iter_rows())


@pytest.fixture(scope="module")
def demo() -> pl.DataFrame:
    """The first third of the teaching corpus, with the story of each piece as `told`."""
    rows = pl.read_ndjson(PIECES).unique("id", maintain_order=True).drop_nulls("id").head(220)
    day = pl.col("date").str.to_date("%Y-%m-%d", strict=False)
    truth = planted_pieces().select("id", told="story")
    return corpus(rows.with_columns(published=day)).join(truth, on="id", maintain_order="left")


@pytest.fixture(scope="module")
def at_once(demo: pl.DataFrame) -> stories.Found:
    return gathered(demo)


def test_planted_stories_are_found(demo: pl.DataFrame, at_once: stories.Found) -> None:
    found = demo.join(at_once.members, on="piece_key", how="left")
    result = score(found.with_columns(story=pl.coalesce("story_key", "id")))
    assert result.f1 >= 0.95, result


def test_the_order_of_pieces_does_not_matter(demo: pl.DataFrame, at_once: stories.Found) -> None:
    other = corpus(demo.drop("piece_key").sample(fraction=1, shuffle=True, seed=1))
    found = gathered(other)
    assert told(other, found) == told(demo, at_once)
    assert found.stories.sort("story_key").equals(at_once.stories.sort("story_key"))


def test_a_corpus_read_in_two_goes_ends_in_the_same_stories(
    demo: pl.DataFrame, at_once: stories.Found
) -> None:
    early = demo.gather_every(2)
    first = gathered(early)
    both = gathered(demo, first.members)
    partition, once = told(demo, both), told(demo, at_once)
    assert partition.keys() == once.keys()
    assert len(set(zip(partition.values(), once.values(), strict=True))) == len(set(once.values()))
    kept = [partition.get(piece) == key for piece, key in told(early, first).items()]
    assert np.mean(kept) > 0.95


def test_nothing_new_changes_nothing(demo: pl.DataFrame, at_once: stories.Found) -> None:
    again = gathered(demo, at_once.members)
    assert again.members.equals(at_once.members)
    assert again.stories.equals(at_once.stories)


def test_two_outlets_on_one_event_are_a_story_and_another_event_is_not() -> None:
    found = gathered(pieces((FIRE, 2), (LIBRARY, 2), (FIRE_AGAIN, 3)))
    assert found.members["piece_key"].to_list() == [1, 3]
    assert found.members["story_key"].n_unique() == 1
    assert found.stories["title"].item() in (FIRE[0], FIRE_AGAIN[0])


def test_the_same_words_months_later_are_another_story() -> None:
    late = pieces((FIRE, 2), (FIRE_AGAIN, 3)).with_columns(
        published=pl.when(pl.col("id") == "p1").then(dt.date(2025, 11, 3)).otherwise("published")
    )
    assert gathered(late).members.is_empty()


def test_a_piece_without_a_day_joins_by_text_alone() -> None:
    found = gathered(pieces((FIRE, 2), (FIRE_AGAIN, None), (LIBRARY, None)))
    assert found.members["piece_key"].to_list() == [1, 2]


def test_a_day_that_is_only_a_month_is_no_day() -> None:
    both = pieces((FIRE, 1), (LIBRARY, 1)).with_columns(date_precision=pl.lit("month"))
    assert gathered(both).members.is_empty()


def test_one_outlet_may_tell_a_story_twice() -> None:
    found = gathered(pieces((FIRE, 2), (FIRE_AGAIN, 2), outlet="Only Outlet"))
    assert found.members.height == 2


@pytest.mark.parametrize("day", [2, None])
def test_two_identical_pieces_are_one_story(day: int | None) -> None:
    assert gathered(pieces((FIRE, day), (FIRE, day))).members["story_key"].n_unique() == 1


def test_copies_are_one_story_however_late_they_are_printed() -> None:
    far = pieces((FIRE, 1), (LIBRARY, 20))
    copies = pl.DataFrame({"piece_key": [1, 2], "group_key": [1, 1]}, schema=NO_COPIES.schema)
    assert gathered(far, copies=copies).members.height == 2


def test_too_few_pieces_make_no_story() -> None:
    for rows in ((), ((FIRE, 2),)):
        found = gathered(pieces(*rows))
        assert found.members.schema == pl.Schema(stories.MEMBERS)
        assert found.stories.schema == pl.Schema(stories.STORIES)
        assert not found.members.height


def test_texts_without_words_tell_nothing() -> None:
    assert gathered(pieces((("", ""), 2), (("", "!?"), 2), (FIRE, 2))).members.is_empty()


def test_a_blank_headline_names_no_story() -> None:
    found = gathered(pieces(((" ", FIRE[1]), 2), (FIRE_AGAIN, 2), (FIRE, 3)))
    assert found.members.height == 3
    assert found.stories["title"].item().strip()


def linked(
    odds: dict[tuple[int, int], float], days: list[int], missing: float = settings.FLOOR
) -> list[int]:
    left, right = (np.array(side, np.int64) for side in zip(*odds, strict=True))
    made = Pairs(
        left,
        right,
        np.array(list(odds.values()), np.float32),
        np.full(len(days), missing, np.float32),
    )
    return groups(np.array(days, np.int64), made).tolist()


def test_groups_do_not_chain() -> None:
    assert linked({(0, 1): 3, (1, 2): 2}, [0, 0, 0]) == [0, 0, 2]
    assert linked({(0, 1): 3, (1, 2): 2, (0, 2): -1}, [0, 0, 0]) == [0, 0, 0]


def test_a_pair_that_was_not_looked_at_counts_as_its_texts_say() -> None:
    assert linked({(0, 1): 3, (1, 2): 2}, [0, 0, 0], missing=1.0) == [0, 0, 0]


def test_a_story_does_not_grow_beyond_its_window() -> None:
    days = [0, settings.WINDOW, settings.WINDOW + 1]
    assert linked({(0, 1): 3, (1, 2): 2, (0, 2): 2}, days) == [0, 0, 2]
    assert linked({(0, 1): 3, (1, 2): 2, (0, 2): 2}, [0, settings.WINDOW, -1]) == [0, 0, 0]


def members(*groups: str) -> pl.DataFrame:
    """Pieces named by letters, in the groups given; a key is the place in the alphabet."""
    rows = [
        (ord(piece) - ord("a"), piece, dt.date(2025, 6, 1), story)
        for story, group in enumerate(groups)
        for piece in group
    ]
    return pl.DataFrame(
        rows,
        schema={"piece_key": pl.Int32, "id": pl.String, "published": pl.Date, "story": pl.Int64},
        orient="row",
    )


def keys(found: pl.DataFrame) -> dict[str, str]:
    letters = found.with_columns(piece=pl.col("piece_key") + ord("a"))
    return {chr(piece): key for piece, key in letters.select("piece", "story_key").iter_rows()}


def test_a_key_stays_with_most_of_its_pieces() -> None:
    before = keyed(members("abc", "de"), NOTHING)
    old = keys(before)
    assert keys(keyed(members("abcx", "de"), before)) == old | {"x": old["a"]}
    split = keys(keyed(members("bc", "ax", "de"), before))
    assert split["b"] == old["b"]
    assert split["d"] == old["d"]
    assert len(set(split.values())) == 3
    merged = keys(keyed(members("abcde"), before))
    assert set(merged.values()) == {old["a"]}


def test_a_new_key_is_never_one_that_is_taken() -> None:
    before = keyed(members("ab"), NOTHING)
    after = keys(keyed(members("ax", "bcd"), before))
    assert len(set(after.values())) == 2
