"""Search: what it finds is what is there, a bad query says where, marks are offsets, damage is told."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.cli import main
from analysis.corpus import terms
from analysis.errors import SearchError
from analysis.project import open_project
from analysis.reads import Build, Scope, open_current
from analysis.search import query, results
from analysis.search.find import find, names
from analysis.search.highlight import places, snippet
from analysis.search.index import SearchIndex, Unit, is_whole, open_index
from analysis.search.query import All, Any, Days, Facet, Node, Not, Words, parse
from analysis.store import builds
from tests.support.demo import framescope, tables


@dataclass
class Doc:
    """A piece or a sentence as a search sees it."""

    title: list[str]
    text: list[str]
    about: dict[str, set[str]]
    day: int | None
    where: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, words in (("title", self.title), ("text", self.text)):
            at: dict[str, list[int]] = {}
            for i, word in enumerate(words):
                at.setdefault(word, []).append(i)
            self.where[name] = at


@pytest.fixture(scope="module")
def build(demo_project: Path) -> Build:
    return open_current(open_project(demo_project))


@pytest.fixture(scope="module")
def index(demo_project: Path) -> SearchIndex:
    ref = builds.current(demo_project / "builds")
    assert ref is not None
    return open_index(ref.search)


@pytest.fixture(scope="module")
def docs(build: Build) -> dict[Unit, dict[tuple[int, int | None], Doc]]:
    found: dict[Unit, dict[tuple[int, int | None], Doc]] = {"piece": {}, "sentence": {}}
    with tables(build.database.path) as held:
        pieces = {row["piece_key"]: row for row in held["piece"].iter_rows(named=True)}
        carried: dict[tuple[int, int | None], set[str]] = {}
        for table, key in (("piece_frame", None), ("sentence_frame", "sentence")):
            for row in held[table].filter("present").iter_rows(named=True):
                place = (row["piece_key"], row[key] if key else None)
                carried.setdefault(place, set()).add(row["frame"])
        spans = held["sentence"].sort("piece_key", "sentence")
    words: dict[int, list[str]] = {}
    for key, number, start, end in spans.iter_rows():
        piece = pieces[key]
        own = terms.words((piece["text"] if number else piece["title"])[start:end], accents=False)
        if own:
            found["sentence"][key, number] = doc(
                piece, [] if number else own, own if number else [], carried.get((key, number))
            )
        if number:
            words.setdefault(key, []).extend(own)
    for key, piece in pieces.items():
        title = terms.words(piece["title"], accents=False)
        found["piece"][key, None] = doc(piece, title, words.get(key, []), carried.get((key, None)))
    return found


def doc(
    piece: dict[str, object], title: list[str], text: list[str], frames: set[str] | None
) -> Doc:
    day = piece["published"]
    return Doc(
        title,
        text,
        {
            "outlet": {str(piece["outlet"])},
            "topic": {str(piece["topic_key"])},
            "frame": frames or set(),
        },
        None if day is None else day.toordinal(),  # type: ignore[attr-defined]
    )


def holds(doc: Doc, node: Node) -> bool:
    """Whether a document is found, by going through its words."""
    if isinstance(node, All):
        return all(holds(doc, part) for part in node.parts)
    if isinstance(node, Any):
        return any(holds(doc, part) for part in node.parts)
    if isinstance(node, Not):
        return not holds(doc, node.part)
    if isinstance(node, Days):
        first, last = (d and d.toordinal() for d in (node.first, node.last))
        return doc.day is not None and (first or 0) <= doc.day <= (last or 10**9)
    if isinstance(node, Facet):
        return node.name in doc.about[node.kind]
    return any(stands(doc, name, node) for name in (["title"] if node.title else ["title", "text"]))


def stands(doc: Doc, name: str, words: Words) -> bool:
    at = doc.where[name]
    if words.prefix:
        return any(form.startswith(words.forms[0]) for form in at)
    spots = [at.get(form, []) for form in words.forms]
    if not all(spots):
        return False
    if words.slop is None:
        return any(all(i + k in spots[k] for k in range(len(spots))) for i in spots[0])
    most = len(spots) + words.slop
    return any(max(chosen) - min(chosen) < most for chosen in product(*spots))


COMMON = ["police", "sheriff", "the", "said", "vote", "commission", "287(g)", "trust", "nowhere"]
word = st.sampled_from(COMMON)
phrase = st.lists(word, min_size=2, max_size=3)
leaf = st.one_of(
    word,
    word.map(lambda w: f"title:{w}"),
    phrase.map(lambda ws: '"' + " ".join(ws) + '"'),
    st.tuples(st.lists(word, min_size=2, max_size=2, unique=True), st.integers(0, 9)).map(
        lambda p: '"' + " ".join(p[0]) + f'"~{p[1]}'
    ),
    st.sampled_from(["po*", "comm*", "title:sh*", "zz*", "28*", '"the police"', '"of the"']),
    st.sampled_from(
        [
            'outlet:"Causeway Post"',
            "frame:safety",
            "date:2025-06",
            "date:..2025-07-04",
            "frame:trust",
        ]
    ),
)
asked = st.recursive(
    leaf,
    lambda part: st.one_of(
        st.tuples(part, part).map(lambda p: f"({p[0]} OR {p[1]})"),
        st.tuples(part, part).map(lambda p: f"({p[0]} {p[1]})"),
        part.map(lambda p: f"NOT {p}"),
    ),
    max_leaves=5,
)


@given(asked, st.sampled_from(["piece", "sentence"]))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_search_finds_what_is_there(
    build: Build,
    index: SearchIndex,
    docs: dict[Unit, dict[tuple[int, int | None], Doc]],
    text: str,
    unit: Unit,
) -> None:
    node = parse(text)
    found = find(index, node, unit, names(build))
    keys = list(found.select("piece_key", "sentence").iter_rows())
    assert len(set(keys)) == len(keys)
    assert set(keys) == {key for key, doc in docs[unit].items() if holds(doc, node)}
    assert found["score"].is_sorted(descending=True)


@given(st.text(max_size=60) | st.text('"()*~:-AND ORT notitle frame:date', max_size=40))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_query_is_found_or_told(build: Build, index: SearchIndex, text: str) -> None:
    try:
        hits = results.search(build, index, text, "piece")
    except SearchError as error:
        told = error
        assert all((told.what, told.remedy))
        return
    for hit in results.page(build, Scope(), hits, most=2):
        assert hit.id


BAD = {
    "": "empty",
    "   ": "empty",
    '"police': "character 1: this quotation mark has no partner",
    "(police": "character 1: this ( is never closed",
    "police)": "character 7: this ) closes nothing",
    "police OR": "character 10: something is missing at the end",
    "OR police": "character 1: OR has nothing before it",
    "NOT": "character 4: something is missing",
    "()": "character 2: there is nothing before this )",
    "size:large": "character 1: there is no field 'size'",
    "po*ice": "character 1: a * stands only at the end",
    "p*": "character 1: there is too little before the *",
    '"a b"~x': "character 6: a ~ after a phrase needs a number",
    '"a a"~2': "character 1: a word stands twice",
    '"a b c"~2': "character 1: ~ takes 2 words",
    "date:June": "character 6: 'June' is no date",
    "date:2025-02-30": "character 6: '2025-02-30' is no date",
    "date:2026..2025": "character 6: this span ends before it begins",
    "title:": "character 7: nothing follows title:",
    "title:outlet:Post": "character 7",
    "...": "character 1: there is no word",
    "(" * 40 + "a": "nested too deeply",
    "a " * 150: "too many parts",
    "a" * 501: "501 characters",
    "outlet:Nobody": "character 8: there is no outlet 'Nobody'",
    "frame:zeal": "character 7: there is no frame 'zeal'",
    "topic:t999": "there is no topic",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_query_says_what_and_where(build: Build, index: SearchIndex, text: str) -> None:
    with pytest.raises(SearchError) as caught:
        results.search(build, index, text, "piece")
    assert BAD[text] in str(caught.value)
    assert "What to do" in str(caught.value)


def test_operators_bind_as_usual() -> None:
    one, two, three = (Words((name,)) for name in ("a", "b", "c"))
    assert parse("a OR b c") == Any((one, All((two, three))))
    assert parse("a AND b OR NOT c") == Any((All((one, two)), Not(three)))
    assert parse("(a OR b) -c") == All((Any((one, two)), Not(three)))
    assert parse("a and b") == All((one, Words(("and",)), two))
    assert parse("title:(a OR b)") == Any((Words(("a",), title=True), Words(("b",), title=True)))
    assert parse("287(g)") == Words(("287(g)",))
    assert parse("(287(g) OR a)") == Any((Words(("287(g)",)), one))


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("AÑO", ("ano",)),
        ("“vote no”", ("vote", "no")),
        ("O’Brien’s", ("o'brien",)),
        ("U.S.", ("u.s",)),
        ("twenty-one", ("twenty", "one")),
    ],
)
def test_accents_apostrophes_and_case_make_no_difference(text: str, forms: tuple[str, ...]) -> None:
    assert parse(text) == Words(forms)


SPANISH = "El alcalde dijo que los niños y las niñas están seguros. ¿Quién votará? O’Brien, sí."


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("ninos", ["niños"]),
        ("NIÑAS están", ["niñas", "están"]),
        ("vot*", ["votará"]),
        ('"quien votara"', ["Quién votará"]),
        ("o'brien", ["O’Brien"]),
        ('"seguros alcalde"~20', ["alcalde", "seguros"]),
        ('"seguros alcalde"~2', []),
        ("dijo -alcalde", ["dijo"]),
        ("dijo OR title:alcalde", ["dijo"]),
    ],
)
def test_marks_are_offsets_in_the_text_as_it_stands(text: str, marked: list[str]) -> None:
    assert [SPANISH[a:b] for a, b in places(SPANISH, parse(text))] == marked


@given(st.text(st.sampled_from("aé’b .\n<&>*_"), max_size=120), st.integers(10, 60))
@settings(max_examples=150, deadline=None)
def test_a_snippet_is_a_part_of_the_text(text: str, width: int) -> None:
    shown = snippet(text, parse('ab OR "e a" OR ae*'), width=width)
    assert text[shown.start : shown.start + len(shown.text)] == shown.text
    assert "".join(part for part, _ in shown.parts) == shown.text
    assert all(0 <= a < b <= len(shown.text) for a, b in shown.marks)
    assert len(shown.text) <= width + 120


def test_a_snippet_holds_a_match_that_stands_far_in() -> None:
    text = "word " * 500 + "the sheriff spoke. " + "word " * 500
    shown = snippet(text, parse('"sheriff spoke"'))
    assert [part for part, hit in shown.parts if hit] == ["sheriff spoke"]
    assert len(shown.text) < 400


@pytest.mark.parametrize("unit", ["piece", "sentence"])
@pytest.mark.parametrize("estimand", ["item", "original", "story"])
def test_counts_by_outlet_and_time_add_up(
    build: Build, index: SearchIndex, unit: Unit, estimand: str
) -> None:
    scope = Scope(outlets=("Causeway Post", "Calle Ocho Voz"), estimand=estimand)  # type: ignore[arg-type]
    hits = results.search(build, index, "police OR sheriff", unit)
    whole = results.counts(build, scope, hits)
    assert set(whole["outlet"]) == set(scope.outlets)
    totals = build.totals(scope)
    assert whole["n"].sum() == totals.of(scope.estimand)
    rows = results.page(build, scope, hits, most=10**6)
    assert len(rows) == whole["hits"].sum()
    assert len({row.id for row in rows}) == whole["k"].sum()
    months = results.counts(build, scope, hits, "month")
    volume = build.volume(scope, "month")
    both = months.join(volume, on=["outlet", "start"], suffix="_volume")
    assert both.height == volume.height == months.height
    assert (both["n"] == both["n_volume"]).all()
    assert ((months["low"] <= months["share"]) & (months["share"] <= months["high"])).all()
    all_of = results.together(months)
    assert all_of["k"].sum() == months["k"].sum()


def test_pages_follow_each_other_and_dates(build: Build, index: SearchIndex) -> None:
    hits = results.search(build, index, "police", "piece")
    scope = Scope()
    for sort in results.SORTS:
        first = results.page(build, scope, hits, sort=sort, most=30)
        split = [
            *results.page(build, scope, hits, sort=sort, most=20),
            *results.page(build, scope, hits, sort=sort, most=10, skip=20),
        ]
        assert [h.id for h in split] == [h.id for h in first]
    newest = results.page(build, scope, hits, sort="newest", most=10**6)
    days = [h.published for h in newest if h.published]
    assert days == sorted(days, reverse=True)
    assert [h.published is None for h in newest] == sorted(h.published is None for h in newest)
    oldest = results.page(build, scope, hits, sort="oldest", most=10**6)
    assert [h.published for h in oldest if h.published] == sorted(days)


def test_a_search_for_frames_is_known() -> None:
    assert query.frames_named(parse("a OR (b -frame:safety)"))
    assert not query.frames_named(parse('a OR (b -"frame safety") outlet:frame'))


@pytest.fixture
def damaged(demo_project: Path, tmp_path: Path) -> Path:
    root = tmp_path / "project"
    shutil.copytree(demo_project, root)
    return root


def index_of(root: Path) -> Path:
    ref = builds.current(root / "builds")
    assert ref is not None
    return ref.search


@pytest.mark.parametrize("how", ["missing", "cut", "flipped", "other version", "no list"])
def test_a_damaged_index_is_told_and_mended_by_the_next_build(damaged: Path, how: str) -> None:
    path = index_of(damaged)
    largest = max(path.rglob("*"), key=lambda p: p.stat().st_size if p.is_file() else 0)
    if how == "missing":
        shutil.rmtree(path)
    elif how == "cut":
        largest.write_bytes(largest.read_bytes()[:-10])
    elif how == "flipped":
        content = bytearray(largest.read_bytes())
        content[len(content) // 2] ^= 1
        largest.write_bytes(content)
    elif how == "no list":
        (path / "whole.json").unlink()
    else:
        (path / "whole.json").write_text('{"version": "0", "files": {}}')
    assert not is_whole(path)
    done = CliRunner().invoke(main, ["search", "police", "--project", str(damaged)])
    assert done.exit_code == 1
    assert "the search index" in done.output
    assert "framescope build" in done.output.replace("\n", " ")
    before = builds.current(damaged / "builds")
    framescope("build", "--project", damaged)
    assert builds.current(damaged / "builds") == before
    assert is_whole(path)
    assert "hits in" in framescope("search", "police", "--project", damaged)


def test_an_index_goes_with_its_build(tmp_path: Path) -> None:
    folder = tmp_path / "builds"
    for number in range(5):
        (folder / f"2025010{number}-000000-abcdef.search").mkdir(parents=True)
    kept = folder / "20250104-000000-abcdef.duckdb"
    kept.write_bytes(b"")
    (folder / ".20250104-000000-abcdef.search.part").mkdir()
    builds.prune(folder)
    left = {path.name for path in folder.iterdir()}
    assert left == {kept.name, "20250104-000000-abcdef.search"}


def test_the_command_prints_and_writes(demo_project: Path, tmp_path: Path) -> None:
    out = tmp_path / "hits.csv"
    said = framescope("search", "sheriff title:sheriff", "--project", demo_project, "--out", out)
    table = pl.read_csv(out)
    assert f"{table.height} rows" in said
    assert table["title"].str.to_lowercase().str.contains("sheriff").all()
    told = framescope("search", "sheriff", "--project", demo_project, "--json", "--most", "3")
    assert '"hits"' in told
    assert told.count('"snippet"') == 3


def test_a_bad_query_on_the_command_line_is_one_message(demo_project: Path) -> None:
    done = CliRunner().invoke(main, ["search", "police OR", "--project", str(demo_project)])
    assert done.exit_code == 1
    assert "character 10" in done.output
    assert "Traceback" not in done.output
