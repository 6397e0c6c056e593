"""Words: what counts as one, the same with and without places, and the counts that a build holds."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus import terms
from analysis.corpus.concordance import line, uses
from analysis.corpus.function_words import FUNCTION_WORDS
from analysis.measure import word_sums
from analysis.measure.keyness import Contrast
from analysis.project import open_project
from analysis.reading import words as reading
from analysis.reads import Build, Scope, open_current
from tests.support.demo import tables

EXAMPLES = {
    "The chief's “officers” don’t": ["the", "chief", "officers", "don't"],
    "287(g) and 501(c)(3), in 2025": ["287(g)", "and", "501(c)(3)", "in", "2025"],
    "U.S. troops, U.S troops": ["u.s", "troops", "u.s", "troops"],
    "$1,500.50 or 3.5%": ["1,500.50", "or", "3.5"],
    "eighty-four snake_case _so_ __": ["eighty", "four", "snake_case", "so"],
    "Año señor, O’Brien’s": ["año", "señor", "o'brien"],
    "STRASSE Straße İstanbul": ["strasse", "strasse", "i̇stanbul"],
    "(or) 287 (g)": ["or", "287", "g"],
    "": [],
    " ... — ’ ": [],
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_a_word_is(text: str) -> None:
    assert terms.words(text) == EXAMPLES[text]


def test_search_compares_without_accents() -> None:
    assert terms.words("Año Łódź Straße cœur", accents=False) == ["ano", "lodz", "strasse", "coeur"]


texts = st.text(
    st.one_of(
        st.sampled_from("aZñ’'s.,(2g)_ -\n·é`"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=40,
).map(lambda text: unicodedata.normalize("NFC", text))


@given(texts, st.booleans())
@settings(max_examples=300, deadline=None)
def test_places_and_words_agree(text: str, accents: bool) -> None:
    placed = terms.placed_words(text, accents=accents)
    assert [word.form for word in placed] == terms.words(text, accents=accents)
    assert all(0 <= w.start < w.end <= len(text) for w in placed)
    assert all(a.end <= b.start for a, b in pairwise(placed))
    assert not any(character.isspace() for word in placed for character in word.form)


@given(st.lists(st.sampled_from(["police", "the", "vote", "Año", "287(g)"]), max_size=12))
@settings(max_examples=80, deadline=None)
def test_uses_and_their_lines(words: list[str]) -> None:
    text = " ".join(words)
    phrase = ["the", "vote"]
    found = uses(text, [(0, len(text))], phrase)
    expected = sum(
        [w.casefold() for w in words[i : i + 2]] == phrase for i in range(len(words) - 1)
    )
    assert len(found) == expected
    for start, end in found:
        shown = line(text, start, end, width=1000)
        assert shown.left + shown.phrase + shown.right == text
        assert shown.phrase == "the vote"


def test_a_line_is_cut_to_whole_words() -> None:
    text = "alpha beta\n\ngamma delta POLICE epsilon zeta eta"
    start = text.index("POLICE")
    shown = line(text, start, start + 6, width=12)
    assert (shown.left, shown.phrase, shown.right) == ("gamma delta ", "POLICE", " epsilon")


@pytest.fixture(scope="module")
def build(demo_project: Path) -> Build:
    return open_current(open_project(demo_project))


@pytest.fixture(scope="module")
def sentences(demo_project: Path) -> pl.DataFrame:
    """piece_key, sentence, words, frames of each sentence, cut out anew."""
    with tables(demo_project / "corpus.duckdb") as held:
        spans = held["sentence"].join(held["piece"], on="piece_key").sort("piece_key", "sentence")
        carried = (
            held["sentence_frame"].filter("present").group_by("piece_key", "sentence").agg("frame")
        )
        rows = spans.join(carried, on=["piece_key", "sentence"], how="left")
    return pl.DataFrame(
        [
            (
                row["piece_key"],
                row["outlet"],
                terms.words(
                    (row["text"] if row["sentence"] else row["title"])[
                        row["start_char"] : row["end_char"]
                    ]
                ),
                row["frame"] or [],
            )
            for row in rows.iter_rows(named=True)
        ],
        schema=["piece_key", "outlet", "words", "frames"],
        orient="row",
    )


def counted(words: list[str]) -> Counter[str]:
    pairs = [f"{a} {b}" for a, b in pairwise(words) if not {a, b} & FUNCTION_WORDS]
    return Counter([*words, *pairs])


def test_a_build_counts_every_term_by_piece_and_frame(
    build: Build, sentences: pl.DataFrame
) -> None:
    whole: Counter[tuple[str, int]] = Counter()
    inside: Counter[tuple[str, str, int]] = Counter()
    for piece, _, words, frames in sentences.iter_rows():
        for term, n in counted(words).items():
            whole[term, piece] += n
            for frame in frames:
                inside[frame, term, piece] += n
    pieces = Counter(term for term, _ in whole)
    kept = {term for term, n in pieces.items() if n >= (5 if " " in term else 3)}
    path = build.database.path
    with tables(path) as held:
        names = dict(held["term"].select("term_key", "term").iter_rows())
        assert sorted(names.values()) == sorted(kept)
        stored = {
            (names[key], piece): n
            for key, piece, n in held["piece_term"].select("term_key", "piece_key", "n").iter_rows()
        }
        framed = {
            (frame, names[key], piece): (n, all_n)
            for frame, key, piece, n, all_n in held["term_frame"]
            .select("frame", "term_key", "piece_key", "n", "n_piece")
            .iter_rows()
        }
        lengths = dict(
            held["piece_words"]
            .filter(pl.col("frame").is_null())
            .select("piece_key", "words")
            .iter_rows()
        )
    assert stored == {key: n for key, n in whole.items() if key[0] in kept}
    assert framed == {key: (n, whole[key[1:]]) for key, n in inside.items() if key[1] in kept}
    by_piece = sentences.group_by("piece_key").agg(pl.col("words").list.len().sum())
    assert lengths == {piece: n for piece, n in by_piece.iter_rows() if n}


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("frame", ["safety", "trust"])
def test_words_of_sentences_with_a_frame_and_without(
    build: Build, sentences: pl.DataFrame, frame: str, pairs: bool
) -> None:
    counting = reading.Counting(by="frame", pairs=pairs, least=1)
    found = reading.compared(build, Scope(), counting, [Contrast(frame)])
    sides: dict[bool, dict[int, Counter[str]]] = {True: {}, False: {}}
    for piece, _, words, frames in sentences.iter_rows():
        sides[frame in frames].setdefault(piece, Counter()).update(counted(words))
    totals: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    spread: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for side, by in sides.items():
        for count in by.values():
            totals[side].update(count)
            spread[side].update(count.keys())
    assert found.rows.height > 20
    for row in found.rows.iter_rows(named=True):
        term = row["term"]
        for side, end in ((True, ""), (False, "_other")):
            assert row[f"tokens{end}"] == totals[side][term]
            assert row[f"pieces{end}"] == spread[side][term]


def test_sums_over_clusters_of_sentences(build: Build, sentences: pl.DataFrame) -> None:
    """The sums over what is outside a frame, worked out by subtraction, are those counted there."""
    counting = reading.Counting(by="frame", functions=True, least=1)
    pieces = reading._pieces(build, Scope(), counting)
    whole = {**Scope().counting(), **counting.pieces(), **counting.terms()}
    inside = build.database.read("keyness_frame_terms", **whole, frames=["safety"])
    uses = build.database.read("keyness_terms", **whole)
    told = pieces.rename({"group": "frame"})
    cells = word_sums.of_frames(uses, inside, told, "not ")
    cells = cells.join(build.database.read("term_names"), on="term_key")
    cells = cells.with_columns(inside=pl.col("group") == "safety")
    left = reading._without(pieces, "safety", ["piece_key"], "words")
    sizes = word_sums.sizes(pl.concat([pieces.filter(pl.col("group") == "safety"), left]))
    sizes = sizes.with_columns(inside=pl.col("group") == "safety")
    with tables(build.database.path) as held:
        groups = {
            key: (story if grouped else copy if copy is not None else f"alone {key}")
            for key, story, grouped, copy in held["piece"]
            .select("piece_key", "story_key", "in_story", "copy_group")
            .iter_rows()
        }
    assert len(set(groups.values())) < len(groups), "there should be copies"
    by_cluster: dict[tuple[bool, object], Counter[str]] = {}
    lengths: Counter[tuple[bool, object]] = Counter()
    for piece, _, words, frames in sentences.iter_rows():
        cluster = ("safety" in frames, groups[piece])
        by_cluster.setdefault(cluster, Counter()).update(words)
        lengths[cluster] += len(words)
    for row in sizes.iter_rows(named=True):
        own = [n for (inside, _), n in lengths.items() if inside == row["inside"] and n]
        assert (row["words"], row["clusters"]) == (sum(own), len(own))
        assert row["spread"] == sum(n * n for n in own)
    for row in cells.iter_rows(named=True):
        own = [
            (by[row["term"]], lengths[key])
            for key, by in by_cluster.items()
            if key[0] == row["inside"] and by[row["term"]]
        ]
        assert row["tokens"] == sum(n for n, _ in own)
        assert row["squares"] == sum(n * n for n, _ in own)
        assert row["crossed"] == sum(n * words for n, words in own)


@pytest.mark.parametrize("by", ["outlet", "topic", "year", "quarter"])
def test_groups_against_each_other_and_the_rest(build: Build, by: reading.By) -> None:
    counting = reading.Counting(by=by, least=1)
    groups = reading.groups(build, Scope(), counting)
    assert groups["words"].is_sorted(descending=True)
    names = groups["group"].to_list()
    found = reading.compared(
        build, Scope(), counting, [Contrast(names[0], names[-1]), Contrast(names[0])]
    )
    assert found.rows["group"].unique().to_list() == [names[0]]
    assert found.words == groups["words"].sum()
    if len(names) > 1:
        assert set(found.rows["against"]) == {names[-1], "all others"}
        found = reading.compared(build, Scope(), counting, [Contrast(names[0])])
        own = found.rows
        assert (own["rate"] <= 1e6).all()
        held = reading.stable(
            build, Scope(), counting, Contrast(names[0]), found, top=5, resamples=20
        )
        more = held.filter(pl.col("side") == "more")
        ranked = own.filter(pl.col("z") > 0)["term"].head(5).to_list()
        assert sorted(more["term"]) == sorted(ranked)


def test_lines_are_of_the_term_and_the_group(build: Build) -> None:
    counting = reading.Counting(by="outlet", least=1)
    outlet = reading.groups(build, Scope(), counting)["group"][0]
    found = reading.compared(build, Scope(), counting, [Contrast(outlet)]).rows
    row = found.filter(pl.col("tokens") > 3).row(0, named=True)
    lines = reading.lines(build, Scope(), counting, row["term"], group=outlet, most=1000)
    assert (lines.uses, lines.pieces) == (row["tokens"], row["pieces"])
    assert lines.rows.height == row["tokens"]
    assert set(lines.rows["outlet"]) == {outlet}
    assert {terms.words(p)[0] for p in lines.rows["phrase"]} == {row["term"]}
    rest = reading.lines(
        build, Scope(), counting, row["term"], group=outlet, without=True, most=1000
    )
    assert rest.rows.height == rest.uses == row["tokens_other"]
    few = reading.lines(build, Scope(), counting, row["term"], group=outlet, most=2)
    assert few.rows.equals(lines.rows.head(2))
    assert few.uses == row["tokens"]


@pytest.mark.parametrize("without", [False, True])
def test_lines_of_a_frame_lie_in_its_sentences(build: Build, without: bool) -> None:
    counting = reading.Counting(by="frame", least=1)
    found = reading.compared(build, Scope(), counting, [Contrast("safety")]).rows
    side = "tokens_other" if without else "tokens"
    row = found.filter((pl.col("tokens") > 1) & (pl.col("tokens_other") > 1)).row(0, named=True)
    lines = reading.lines(
        build, Scope(), counting, row["term"], group="safety", without=without, most=1000
    )
    assert lines.rows.height == lines.uses == row[side]


def test_nothing_in_scope_has_no_words(build: Build) -> None:
    empty = Scope(day_from=dt.date(2001, 1, 1), day_to=dt.date(2001, 2, 1))
    for by in ("outlet", "frame"):
        counting = reading.Counting(by=by)
        assert reading.groups(build, empty, counting).is_empty()
        assert reading.compared(build, empty, counting, [Contrast("safety")]).rows.is_empty()
    lines = reading.lines(build, empty, reading.Counting(), "police")
    assert (lines.uses, lines.pieces, lines.rows.height) == (0, 0, 0)


def test_a_cap_counts_a_sample(build: Build) -> None:
    some = reading.compared(build, Scope(), reading.Counting(most=20), [])
    assert some.pieces == 20
    again = reading.compared(build, Scope(), reading.Counting(most=20), [])
    assert (some.pieces, some.words) == (again.pieces, again.words)
