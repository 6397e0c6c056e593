"""Server time of each view: `python -m tests.bench.views --project DIR [--runs N]`.

Prints milliseconds for each view and preset: the first run of a new session on an empty cache, and
median and maximum of runs again in that session.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from analysis.project import open_project
from analysis.reads import Scope, open_current
from tests.support.views import PATHS, Link, opened

WARM_MS, FIRST_MS = 400, 3000


def milliseconds(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return (time.perf_counter() - started) * 1000, result


def presets(project: Path) -> dict[str, Link]:
    """Links that fit any project: its largest outlet, largest topic, middle year."""
    build = open_current(open_project(project))
    outlets = build.volume(Scope(), "month").group_by("outlet").agg(pl.col("n").sum())
    largest = outlets.sort("n", descending=True)["outlet"].to_list()
    first, last = build.date_range()
    topic = next(t for t in build.topics()["topic_key"] if t != "unassigned")
    build.close()
    assert first is not None
    assert last is not None
    middle = first + (last - first) / 2
    return {
        "all": {},
        "two outlets": {"outlet": largest[:2]},
        "one frame": {"frame": "safety"},
        "from the middle": {"from": middle.isoformat()},
        "a topic": {"topic": topic},
        "original reports": {"count": "original"},
        "by week": {"bin": "week"},
        "a search": {"q": "police"},
        "by story, the rest": {"split": "story", "b": "all other outlets"},
        "at random": {"seed": "4"},
    }


def measure(project: Path, runs: int) -> pl.DataFrame:
    """One row per view and preset, in milliseconds."""
    links = presets(project)
    opened(project, "methods")  # imports are not the view's time
    rows = []
    for path in PATHS:
        for name, link in links.items():
            st.cache_data.clear()
            first, app = milliseconds(lambda p=path, k=link: opened(project, p, k))
            assert not app.exception, f"{path}, {name}"
            warm = [milliseconds(app.run)[0] for _ in range(runs)]
            rows.append((path, name, first, statistics.median(warm), max(warm)))
    return pl.DataFrame(
        rows, schema=["view", "preset", "first", "median", "max"], orient="row"
    ).with_columns(pl.selectors.float().round(0).cast(pl.Int64))


def printed(table: pl.DataFrame) -> None:
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(table)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--project", type=Path, required=True)
    arguments.add_argument("--runs", type=int, default=7)
    asked = arguments.parse_args()
    table = measure(asked.project, asked.runs)
    printed(table)
    median, slowest = table["median"].max(), table["first"].max()
    print(
        f"slowest median {median} ms (bound {WARM_MS}), slowest first run {slowest} ms (bound {FIRST_MS})"
    )
    sys.exit(median > WARM_MS or slowest > FIRST_MS)


if __name__ == "__main__":
    main()
