"""Bad input: one clear message or an account of each row, never another exception."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.ingest import ingest
from analysis.project import init
from analysis.sources import REASONS
from analysis.store import Database, open_corpus
from tests.unit.bad_input import CASES, GOOD, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(case: Case, tmp_path: Path) -> None:
    project = init(tmp_path / "project")
    path = case.make(tmp_path)
    with open_corpus(project.corpus_path) as corpus:
        (report,) = ingest(project, corpus, [path], **case.options)
        if case.error:
            assert report.error is not None, report.lines()
            assert case.error in str(report.error)
            assert report.error.where == str(path)
            assert report.error.remedy
            return
        assert report.error is None, str(report.error)
        assert report.balanced
        assert report.refusals == case.refused
        assert report.accepted == case.accepted
        assert report.duplicates == case.duplicates
        assert report.refused == sum(case.refused.values())
        assert set(report.notices) == case.notices
        assert corpus.read("unaccounted_rows", file_key=None).is_empty()
        if case.accepted:
            assert GOOD in _titles(corpus)


def _titles(corpus: Database) -> list[str]:
    keys = corpus.read("pending_pieces", stage="none", version="0")["piece_key"].to_list()
    return corpus.read("piece_texts", keys=keys)["title"].to_list()


def test_every_reason_of_the_table_is_documented() -> None:
    used = {reason for case in CASES for reason in {*case.refused, *case.notices}}
    assert used <= set(REASONS)
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
