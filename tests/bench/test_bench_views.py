"""The bounds of every view's server time: `pytest -m bench tests/bench`.

On the teaching corpus, or on the built project that FRAMESCOPE_BENCH_PROJECT names.
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from tests.bench.views import FIRST_MS, WARM_MS, measure, printed


@pytest.mark.bench
def test_views_answer_in_time(request: pytest.FixtureRequest) -> None:
    named = os.environ.get("FRAMESCOPE_BENCH_PROJECT")
    project = Path(named) if named else request.getfixturevalue("demo_project")
    table = measure(project, runs=5)
    printed(table)
    slow = table.filter((pl.col("median") > WARM_MS) | (pl.col("first") > FIRST_MS))
    assert slow.is_empty(), slow
