"""The main job on a table of pieces: `python -m tests.bench.build FILE [--added 200]`.

Keeps the last rows of FILE (parquet) back, makes a project of the others through the command line,
builds it, builds again with nothing new, adds the rows that were kept back and builds once more.
Prints wall seconds and peak memory of each command.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import polars as pl

from tests.bench.commands import measured


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--added", type=int, default=200)
    asked = arguments.parse_args()
    rows = pl.read_parquet(asked.file)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        first, more = Path(folder) / "first.parquet", Path(folder) / "more.parquet"
        rows.head(rows.height - asked.added).write_parquet(first)
        rows.tail(asked.added).write_parquet(more)
        steps: list[tuple[str, tuple[str | Path, ...]]] = [
            ("init", ("init", project)),
            (f"ingest {rows.height - asked.added:,}", ("ingest", first, "--project", project)),
            ("build", ("build", "--project", project)),
            ("build, nothing new", ("build", "--project", project)),
            (f"ingest {asked.added:,} more", ("ingest", more, "--project", project)),
            ("build what was added", ("build", "--project", project)),
        ]
        table = []
        for name, words in steps:
            seconds, megabytes, said = measured(*words)
            table.append((name, round(seconds, 1), round(megabytes)))
            print(f"$ framescope {words[0]}\n{said}")
    result = pl.DataFrame(table, schema=["step", "seconds", "peak MB"], orient="row")
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(result)


if __name__ == "__main__":
    main()
