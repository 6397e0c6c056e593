"""How fast `label` is, and how much memory it takes.

    python -m tests.bench.label DATA [--pieces 12000] [--minilm 300]

DATA is the folder that holds allsides_dev.parquet. Its texts are joined and cut to pieces of 5,000
characters. Runs the command as users do, and reports pieces a second from start to end and the
peak of memory over all its processes. With --minilm so many of the same pieces are also labelled
with the bundled model of the extra, in the same run; the ratio compares seconds per piece, start-up
left out on both sides (it is measured on a table of one piece).
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import polars as pl

from tests.bench.commands import measured

CHARS = 5000


def main() -> None:
    """Prints one line per run."""
    asked = argparse.ArgumentParser()
    asked.add_argument("data", type=Path)
    asked.add_argument("--pieces", type=int, default=12_000)
    asked.add_argument("--minilm", type=int, default=0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = pieces(given.data / "allsides_dev.parquet", given.pieces)
        table.write_parquet(folder / "many.parquet")
        table.head(1).write_parquet(folder / "one.parquet")
        start = run(folder, "one.parquet")[0]
        seconds, peak = run(folder, "many.parquet")
        print(
            f"light: {table.height:,} pieces of {CHARS:,} characters in {seconds:.1f} s, "
            f"{table.height / seconds:.0f} a second from start to end; "
            f"start-up {start:.1f} s; peak {peak:.2f} GB"
        )
        if not given.minilm:
            return
        table.head(given.minilm).write_parquet(folder / "few.parquet")
        slow_start = run(folder, "one.parquet", "--model", "minilm")[0]
        slow, slow_peak = run(folder, "few.parquet", "--model", "minilm")
        light = (seconds - start) / table.height
        heavy = (slow - slow_start) / given.minilm
        print(
            f"MiniLM: {given.minilm:,} of them in {slow:.1f} s, start-up {slow_start:.1f} s; "
            f"peak {slow_peak:.2f} GB; per piece {heavy / light:.0f} times as long as light"
        )


def pieces(path: Path, count: int) -> pl.DataFrame:
    """So many pieces of CHARS characters; texts are used again when there are not enough."""
    text = " ".join(pl.read_parquet(path, columns=["text"])["text"].to_list())
    starts = [(n * CHARS) % (len(text) - CHARS) for n in range(count)]
    return pl.DataFrame(
        {
            "id": [str(n) for n in range(count)],
            "title": ["A headline of usual length for a piece"] * count,
            "text": [text[start : start + CHARS] for start in starts],
        }
    )


def run(folder: Path, table: str, *more: str) -> tuple[float, float]:
    """Seconds from start to end, and the peak of memory in GB over the command's processes."""
    seconds, peak, _ = measured("label", folder / table, "--out", folder / "out.parquet", *more)
    return seconds, peak / 1024


if __name__ == "__main__":
    main()
