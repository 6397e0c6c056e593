"""Every .sql file is well-formed, runs on an empty store, and is used; the loader names each fault."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pytest

from analysis.coding.ledger import open_ledger
from analysis.store import builds, open_build, open_corpus
from queries.loader import ROOT, Query, QueryError, catalogue, load, migrations, shared_parts
from tests.support.demo import framescope

TOP = ROOT.parent
PYTHON = [
    path for folder in ("analysis", "dashboard", "queries") for path in (TOP / folder).rglob("*.py")
]

# Frames that the store registers for a statement, as the code makes them.
INCOMING = {
    "incoming": {"piece_key": pl.Int32},
    "incoming_alias": {"spelling": pl.String, "outlet": pl.String},
    "incoming_agency": {"name": pl.String, "agency": pl.String},
    "incoming_meta": {"key": pl.String, "value": pl.String},
    "incoming_id": {"id": pl.String},
    "incoming_hit": {"piece_key": pl.Int32, "sentence": pl.Int32, "score": pl.Float64},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an empty corpus and a build of it."""
    root = tmp_path_factory.mktemp("sql") / "project"
    framescope("init", root)
    with open_corpus(root / "corpus.duckdb") as corpus:
        builds.publish(
            corpus,
            root / "builds",
            fingerprint="empty",
            frames={
                name: pl.DataFrame(schema=INCOMING[name])
                for name in ("incoming_alias", "incoming_agency")
            },
            params={"build_credit": {"names": "Nobody"}},
            meta={"name": "empty"},
            now=dt.datetime(2025, 6, 17),
        )
    return root


@pytest.fixture
def corpus(project: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    database = open_corpus(project / "corpus.duckdb")
    database.attach(tmp_path / "draft.duckdb")
    yield database._connection
    database.close()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(open_ledger(tmp_path).path)) as connection:
        yield connection


def explain(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    kinds = {name: f"null::{kind}" for name, kind in query.params.items()}
    text = re.sub(r"\$([A-Za-z_]\w*)(::[\w\[\]]+)?", lambda m: kinds[m.group(1)], query.sql)
    connection.sql(f"explain {text}").fetchall()


def of(*folders: str) -> list[str]:
    return [name for name, query in catalogue().items() if query.path.parent.name in folders]


@pytest.mark.parametrize("name", of("reads"))
def test_reads_run_on_a_build(project: Path, name: str) -> None:
    ref = builds.current(project / "builds")
    assert ref is not None
    with open_build(ref.path) as build:
        build._connection.register("incoming_hit", pl.DataFrame(schema=INCOMING["incoming_hit"]))
        explain(build._connection, catalogue()[name])


@pytest.mark.parametrize("name", of("stages", "checks"))
def test_stages_and_checks_run_on_a_corpus(corpus: duckdb.DuckDBPyConnection, name: str) -> None:
    corpus.register("incoming", pl.DataFrame(schema=INCOMING["incoming"]))
    explain(corpus, catalogue()[name])


@pytest.mark.parametrize("name", of("marts"))
def test_marts_run_while_publishing(corpus: duckdb.DuckDBPyConnection, name: str) -> None:
    for frame, schema in INCOMING.items():
        corpus.register(frame, pl.DataFrame(schema=schema))
    for earlier in ("build_piece", "build_term", "build_piece_words", "build_piece_term"):
        if name == earlier:
            break
        corpus.execute(catalogue()[earlier].sql)
    explain(corpus, catalogue()[name])


@pytest.mark.parametrize("name", of("ingest"))
def test_ingest_runs_on_a_corpus(corpus: duckdb.DuckDBPyConnection, name: str) -> None:
    from analysis.ingest import _PIECE

    rows = {"known_records": ["row_number", "given_id", "derived_id", "record_hash"]}
    schema = {key: kind for key, kind in _PIECE.items() if key in rows.get(name, _PIECE)}
    for frame in ("incoming", "incoming_piece"):
        corpus.register(frame, pl.DataFrame(schema={**schema, "id": pl.String}))
    corpus.register("incoming_id", pl.DataFrame(schema=INCOMING["incoming_id"]))
    explain(corpus, catalogue()[name])


@pytest.mark.parametrize("name", of("codings"))
def test_codings_run_on_an_empty_ledger(ledger: sqlite3.Connection, name: str) -> None:
    query = catalogue()[name]
    ledger.execute(f"explain {query.sql}", dict.fromkeys(query.params)).fetchall()


@pytest.mark.parametrize(
    "wrong",
    ["select coder from nowhere", "select nothing from coder", "insert into coder values (1)"],
)
def test_a_wrong_name_is_seen_by_sqlite(ledger: sqlite3.Connection, wrong: str) -> None:
    with pytest.raises(sqlite3.OperationalError):
        ledger.execute(f"explain {wrong}")


def test_every_query_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in PYTHON)
    unused = [
        name
        for name, query in catalogue().items()
        if f'"{name}"' not in code
        and f'"{re.sub("^forget_", "forget_{table}", name)}"' not in code
        and not (name.startswith("forget_") and 'f"forget_{table}"' in code)
    ]
    assert not unused


def test_no_sql_in_python() -> None:
    statement = re.compile(
        r"""["']\s*(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+table)""",
        re.IGNORECASE | re.DOTALL,
    )
    found = [path for path in PYTHON if statement.search(path.read_text(encoding="utf-8"))]
    assert not found


GOOD = "-- name: {name}\n-- grain: one row\n-- doc: a question\n"

FAULTS = {
    "no name": ("-- grain: a\n-- doc: b\nselect 1", "q.sql:1: header has no 'name'"),
    "no grain": ("-- name: q\n-- doc: b\nselect 1", "q.sql:1: header has no 'grain'"),
    "no doc": ("-- name: q\n-- grain: b\nselect 1", "q.sql:1: header has no 'doc'"),
    "another name": (GOOD.format(name="p") + "select 1", "q.sql:1: name 'p' is not"),
    "a strange line": (GOOD.format(name="q") + "-- hello\nselect 1", "q.sql:4: header line"),
    "no statement": (GOOD.format(name="q") + "\n", "there is no statement"),
    "undeclared": (GOOD.format(name="q") + "select\n$a", "q.sql:5: parameter '$a' is not declared"),
    "unused": (
        GOOD.format(name="q") + "-- param a integer: x\nselect 1",
        "q.sql:4: parameter 'a' is never used",
    ),
    "declared twice": (
        GOOD.format(name="q") + "-- param a integer: x\n-- param a integer: x\nselect $a",
        "q.sql:5: parameter 'a' is declared twice",
    ),
    "only in a string": (
        GOOD.format(name="q") + "-- param a integer: x\nselect '$a' -- $a",
        "q.sql:4: parameter 'a' is never used",
    ),
}


def folder(root: Path, **texts: str) -> Path:
    (root / "reads").mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (root / "reads" / f"{name}.sql").write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("fault", FAULTS)
def test_the_loader_names_the_fault_and_its_line(tmp_path: Path, fault: str) -> None:
    text, said = FAULTS[fault]
    with pytest.raises(QueryError) as caught:
        load(folder(tmp_path, q=text))
    assert said in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(QueryError) as caught:
        load(folder(tmp_path, p="select $x", q="-- name: q\nselect 1"))
    assert len(str(caught.value).splitlines()) >= 6


def test_a_name_may_not_be_taken_twice(tmp_path: Path) -> None:
    folder(tmp_path, q=GOOD.format(name="q") + "select 1")
    (tmp_path / "marts").mkdir()
    (tmp_path / "marts" / "q.sql").write_text(GOOD.format(name="q") + "select 2", encoding="utf-8")
    with pytest.raises(QueryError, match="name is taken by"):
        load(tmp_path)


HALF = "-- name: half\n-- doc: of a\n-- param least integer: x\n@.a / 2 >= $least"


def test_what_is_shared_brings_its_text_and_its_parameters(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "half.sql").write_text(HALF, encoding="utf-8")
    head = GOOD.format(name="q") + "-- param most integer: x\n"
    found = load(folder(tmp_path, q=head + "select $most from t where @half or @half(u)"))["q"]
    assert found.sql == "select $most from t where a / 2 >= $least or u.a / 2 >= $least"
    assert found.params == {"most": "integer", "least": "integer"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select @third", "q.sql:4: there is no shared/third.sql"),
        ("-- param least integer: x\nselect @half", "q.sql:4: parameter 'least' comes with"),
    ],
)
def test_what_is_shared_is_there_and_declared_once(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "half.sql").write_text(HALF, encoding="utf-8")
    with pytest.raises(QueryError) as caught:
        load(folder(tmp_path, q=GOOD.format(name="q") + text))
    assert said in str(caught.value)


def test_every_shared_part_is_used() -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.sql"))
    for name in shared_parts(ROOT):
        assert len(re.findall(rf"@{name}\b", texts)) > 1, name


def test_migrations_are_numbered_without_a_gap() -> None:
    for folder in ("migrations", "codings_migrations"):
        found = migrations(folder)
        assert found
        assert [m.number for m in found] == list(range(1, len(found) + 1))
