"""The main job on a table of pieces: `python -m tests.bench.build FILE [--added 200]`.

Keeps the last rows of FILE (parquet) back, makes a project of the others through the command line,
builds it, builds again with nothing new, adds the rows that were kept back and builds once more.
Prints wall seconds and peak memory of each command.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from analysis.cli import main; main()"]


def measured(*words: str | Path) -> tuple[float, float, str]:
    """Seconds, peak resident megabytes (NaN where the system does not tell) and stdout."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    peak = [float("nan")]
    watch = threading.Thread(target=_watch, args=(process, peak))
    watch.start()
    said, _ = process.communicate()
    watch.join()
    assert process.returncode == 0, f"framescope {words}: {said}"
    return time.perf_counter() - started, peak[0], said


def _watch(process: subprocess.Popen[str], peak: list[float]) -> None:
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            lines = status.read_text().splitlines()
        except OSError:
            return
        high = next((line for line in lines if line.startswith("VmHWM")), None)
        if high:
            peak[0] = int(high.split()[1]) / 1024
        time.sleep(0.2)


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
