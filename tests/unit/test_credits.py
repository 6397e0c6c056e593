"""Credits of agencies are read where newsrooms set them, and not out of the story itself."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from analysis.corpus import copies, credits
from analysis.project import open_project
from analysis.store import builds, open_corpus
from tests.support.demo import framescope, ingest_lines, tables

STORY = "The council met on Monday. It spoke of the budget until late, and then it went home. " * 12

# Authors, what stands before the story, what after it; agency and how.
CASES: list[tuple[str, str, str, str | None, str | None]] = [
    ("Associated Press", "", "", "Associated Press", "byline"),
    ("By ANNA EXAMPLE, ASSOCIATED PRESS", "", "", "Associated Press", "byline"),
    ("Jane Roe, AP", "", "", "Associated Press", "byline"),
    ("", "MIAMI (AP) — ", "", "Associated Press", "dateline"),
    ("", "WASHINGTON (Reuters) - ", "", "Reuters", "dateline"),
    ("", "Brussels (AFP) – ", "", "Agence France-Presse", "dateline"),
    ("", "Miami, 17 jun (EFE).- ", "", "EFE", "dateline"),
    ("", "MIAMI (EFE) — ", "", "EFE", "dateline"),
    ("", "", "Copyright 2025 The Associated Press. All rights reserved.", "Associated Press", "notice"),
    ("", "", "© 2025 Agence France-Presse", "Agence France-Presse", "notice"),
    ("", "", "This report was provided to the Post by Gulf Wire Service.", "Gulf Wire Service", "notice"),
    ("", "", "The Associated Press contributed to this report.", "Associated Press", "contributed"),
    ("", "", "Ann Roe of Reuters contributed to this report.", "Reuters", "contributed"),
    ("", "", "With reporting by the Associated Press.", "Associated Press", "contributed"),
    ("", "", "From staff and wire reports", "(wires)", "contributed"),
    ("", "", "Based in part on wire reports.", "(wires)", "contributed"),
    ("Reuters", "", "The Associated Press contributed to this report.", "Reuters", "byline"),
    ("Maps and APs desk", "", "", None, None),
    ("", "The mayor told Reuters on Monday (AP was not there) that it ends. ", "", None, None),
    ("", "", "She contributed to this report for years.", None, None),
    ("", "", "He said the Associated Press had it wrong.", None, None),
    ("", "", "", None, None),
]  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    root = tmp_path_factory.mktemp("credits") / "project"
    framescope("init", root)
    rows = [
        {
            "id": f"p{number:02}",
            "outlet": f"Outlet {number % 3}",
            "date": "2025-06-17",
            "title": f"Case {number}",
            "authors": authors,
            "text": f"{before}{STORY}Number {number}.\n\n{after}",
        }
        for number, (authors, before, after, _, _) in enumerate(CASES)
    ]
    rows.append({**rows[0], "id": "own", "outlet": "AP", "text": f"{STORY}Its own."})
    ingest_lines(root, "cases", [json.dumps(row) + "\n" for row in rows])
    agencies = {**open_project(root).agencies, "Gulf Wire Service": ["Gulf Wire Service", "GWS"]}
    with closing(open_corpus(root / "corpus.duckdb")) as corpus:
        ref = builds.publish(
            corpus,
            root / "builds",
            fingerprint="credits",
            frames={
                "incoming_alias": pl.DataFrame(schema={"spelling": pl.String, "outlet": pl.String}),
                "incoming_agency": credits.names(agencies),
            },
            params={"build_credit": {"names": credits.pattern(agencies)}},
            meta={},
            now=dt.datetime(2025, 6, 17),
        )
    with tables(ref.path) as stored:
        pieces = stored["piece"].select("id", "piece_key")
        return pieces.join(stored["credit"], on="piece_key", how="left")


@pytest.mark.parametrize("number", range(len(CASES)))
def test_credits_are_read_where_they_stand(found: pl.DataFrame, number: int) -> None:
    row = found.filter(pl.col("id") == f"p{number:02}").row(0, named=True)
    assert (row["agency"], row["how"]) == CASES[number][3:]


def test_an_agency_s_piece_is_its_own_by_any_of_its_names(found: pl.DataFrame) -> None:
    row = found.filter(id="own").row(0, named=True)
    assert (row["agency"], row["how"]) == ("Associated Press", "own")


def test_a_name_is_one_agency_s_and_is_found_whole() -> None:
    known = {"Big Press": ["Big Press", "BP (Wire)"], "Small Press": ["Small Press", "BIG PRESS"]}
    table = credits.names(known)
    assert table["name"].is_unique().all()
    assert dict(table.iter_rows())["BIG PRESS"] == "Big Press"
    assert r"BP\s+\(Wire\)" in credits.pattern(known).split("|")
    assert "big press" in credits.outlets(known)


def test_the_agency_is_the_origin_also_where_it_was_later() -> None:
    pairs = pl.DataFrame(
        {"left_key": [1, 2], "right_key": [2, 3], "containment": [1.0, 1.0]}, schema=copies.PAIRS
    )
    dates = pl.DataFrame(
        {
            "piece_key": [1, 2, 3],
            "outlet": ["The Post", "ASSOCIATED PRESS", None],
            "published": ["2025-06-16", "2025-06-17", "2025-06-18"],
        }
    ).with_columns(pl.col("published").str.to_date())
    agencies = sorted(credits.outlets({"Associated Press": ["Associated Press"]}))
    origins = [copies.groups(pairs, dates, who)["is_origin"].to_list() for who in (agencies, ())]
    assert origins == [[False, True, False], [True, False, False]]


def test_a_list_of_names_that_is_none_is_told(tmp_path: Path) -> None:
    framescope("init", tmp_path / "p")
    file = tmp_path / "p" / "framescope.toml"
    file.write_text(file.read_text().replace("[topics]", '"Wire" = "GWS"\n[topics]', 1))
    with pytest.raises(Exception, match=r"\[agencies\] 'Wire' is not a list of names"):
        open_project(tmp_path / "p")
