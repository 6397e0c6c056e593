"""Words and search: `python -m tests.bench.words --project DIR [--runs N] [--index]`.

Prints milliseconds (median of N, and processor time, which other work on the machine does not
stretch) of key words, ranks, lines and searches; how often random halves of the pieces differ in a
word at 5 % (5 % of them by chance), by z and by z of single words; with --index the seconds that an
index takes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis.measure.keyness import Contrast, keyness
from analysis.project import open_project
from analysis.reading import words
from analysis.reads import Build, Scope, open_current
from analysis.search import results
from analysis.search.index import SearchIndex, beside, open_index, write
from analysis.store import open_corpus
from analysis.types import Silent

BOUND_MS = 400
QUERIES = (
    "police",
    '"police officer"',
    '"police shooting"~5',
    "deport*",
    "title:immigration -trump",
    "frame:safety (border OR wall)",
    "the",
)


def timed(work: Callable[[], Any], runs: int) -> tuple[float, float]:
    """Median wall and processor time in ms, after one run that fills caches of the system."""
    work()
    wall, processor = [], []
    for _ in range(runs):
        started, spent = time.perf_counter(), time.process_time()
        work()
        wall.append((time.perf_counter() - started) * 1000)
        processor.append((time.process_time() - spent) * 1000)
    return statistics.median(wall), statistics.median(processor)


def of_words(build: Build) -> dict[str, Callable[[], Any]]:
    scope, found = Scope(), {}
    for by in ("outlet", "frame", "quarter"):
        for pairs in (False, True):
            counting = words.Counting(by=by, pairs=pairs)  # type: ignore[arg-type]
            names = words.groups(build, scope, counting)["group"].to_list()
            name = f"{by}, {'pairs' if pairs else 'words'}"
            two, rest = Contrast(names[0], names[1]), Contrast(names[0])
            each = [Contrast(one) for one in names[:6]]
            found[f"{name}: one against one"] = lambda c=counting, k=two: words.compared(
                build, scope, c, [k]
            )
            found[f"{name}: one against all"] = lambda c=counting, k=rest: words.compared(
                build, scope, c, [k]
            )
            found[f"{name}: {len(each)} against all"] = lambda c=counting, k=each: words.compared(
                build, scope, c, k
            )
            if not pairs:
                whole = words.compared(build, scope, counting, [rest])
                term = whole.rows["term"][0]
                found[f"{by}: ranks of 200 resamples"] = lambda c=counting, k=rest, w=whole: (
                    words.stable(build, scope, c, k, w)
                )
                found[f"{by}: lines of '{term}'"] = lambda c=counting, t=term, k=rest: words.lines(
                    build, scope, c, t, group=k.one
                )
    return found


def of_search(build: Build, index: SearchIndex) -> dict[str, Callable[[], Any]]:
    def look(text: str, unit: Any) -> None:
        hits = results.search(build, index, text, unit)
        results.counts(build, Scope(), hits, "month")
        results.page(build, Scope(), hits)

    return {
        f"search {unit}: {text}": lambda t=text, u=unit: look(t, u)  # type: ignore[misc]
        for text in QUERIES
        for unit in ("piece", "sentence")
    }


def false_alarms(build: Build, halves: int = 24) -> tuple[float, float]:
    """Shares of words at |z| > 1.96 between random halves of the pieces: z, and z of single words."""
    scope, counting = Scope(), words.Counting(by="outlet")
    rng = np.random.default_rng(1)
    terms = build.database.read("keyness_uses", terms=_common(build), frames=None)
    clusters = build.database.read("keyness_pieces", **scope.counting(), **counting.sides())
    whole = clusters.group_by("cluster").agg(pl.col("words").sum()).sort("cluster")
    uses = terms.group_by("term", "cluster").agg(pl.col("n").sum())
    shares = []
    for _ in range(halves):
        half = rng.permutation(
            np.repeat(["a", "b"], [whole.height // 2, whole.height - whole.height // 2])
        )
        sided = whole.with_columns(group=pl.Series(half))
        joined = uses.join(sided, on="cluster")
        cells = joined.group_by("term", "group").agg(
            tokens=pl.col("n").sum(),
            pieces=pl.len(),
            squares=(pl.col("n") ** 2).sum(),
            crossed=(pl.col("n") * pl.col("words")).sum(),
        )
        sizes = sided.group_by("group").agg(
            pl.col("words").sum().alias("words"),
            pieces=pl.len(),
            clusters=pl.len(),
            spread=(pl.col("words") ** 2).sum(),
        )
        rows = keyness(cells, sizes, [Contrast("a", "b")], alpha=float(whole["words"].mean() or 1))  # type: ignore[arg-type]
        shares.append([float((rows[z].abs() > 1.96).mean() or 0) for z in ("z", "z_words")])  # type: ignore[arg-type]
    mean = np.mean(shares, axis=0)
    return float(mean[0]), float(mean[1])


def _common(build: Build, most: int = 3000) -> list[str]:
    """The words of a contrast that most pieces have."""
    counting = words.Counting(by="outlet")
    name = words.groups(build, Scope(), counting)["group"][0]
    rows = words.compared(build, Scope(), counting, [Contrast(name)]).rows
    return (
        rows.sort(pl.col("pieces") + pl.col("pieces_other"), descending=True)["term"]
        .head(most)
        .to_list()
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--project", type=Path, required=True)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--index", action="store_true")
    asked = arguments.parse_args()
    project = open_project(asked.project)
    build = open_current(project)
    index = open_index(beside(build))
    slowest = 0.0
    for name, work in {**of_words(build), **of_search(build, index)}.items():
        wall, processor = timed(work, asked.runs)
        slowest = max(slowest, wall)
        print(f"{name:<46} {wall:7.0f} ms wall {processor:7.0f} ms processor")
    sure, plain = false_alarms(build)
    print(f"false alarms at 5 %: {sure:.1%} by z, {plain:.1%} by z of single words")
    if asked.index:
        with tempfile.TemporaryDirectory() as folder, open_corpus(project.corpus_path) as corpus:
            started, spent = time.perf_counter(), time.process_time()
            write(corpus, build, Path(folder) / "x.search", Silent())
            print(
                f"index of {build.meta['pieces']:,} pieces: {time.perf_counter() - started:.1f} s wall, "
                f"{time.process_time() - spent:.1f} s processor"
            )
    print(f"slowest {slowest:.0f} ms (bound {BOUND_MS})")
    sys.exit(slowest > BOUND_MS)


if __name__ == "__main__":
    main()
