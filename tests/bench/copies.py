"""Copies on altered real articles, and at scale: `python -m tests.bench.copies DATA [--pieces N]`.

DATA holds allsides_dev.parquet. First table: pairwise F1 by the share of sentences that were put in,
on top of new headlines, bylines and 30 % of the tail cut. Second: N pieces, four fifths of them new
arrangements of the corpus's sentences, the others altered copies of those; seconds and peak memory.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from analysis.corpus import copies
from analysis.corpus.sentences import spans_of_all
from tests.support.altered import altered, f1, pairs

PIECES = 3000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--pieces", type=int, default=100_000)
    asked = arguments.parse_args()
    articles = pl.read_parquet(asked.data / "allsides_dev.parquet", columns=["text"])
    texts = articles["text"].unique(maintain_order=True)
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        rows = [
            (added, seed, *judged(texts.sample(PIECES, seed=seed).to_list(), added, seed))
            for added in (0.15, 0.3, 0.5)
            for seed in (1, 2)
        ]
        columns = ["put in, at most", "seed", "true pairs", "F1"]
        print(pl.DataFrame(rows, schema=columns, orient="row"))
        # A process of its own: the peak is that of finding copies, not of making them.
        with (
            tempfile.TemporaryDirectory() as folder,
            multiprocessing.get_context("spawn").Pool(1) as pool,
        ):
            file = Path(folder) / "pieces.parquet"
            rearranged(texts.to_list(), asked.pieces).write_parquet(file)
            print(pool.apply(at_scale, (file,)))


def judged(texts: list[str], added: float, seed: int) -> tuple[int, float]:
    """How many pairs of copies there are, and the F1 of those found."""
    frame, origin = altered(texts, every=3, added=added, seed=seed)
    there = pairs(frame.select("piece_key", group=pl.Series(origin)), "group")
    return len(there), round(f1(pairs(found(frame), "group_key"), there), 4)


def found(texts: pl.DataFrame) -> pl.DataFrame:
    """Groups of copies as the build finds them."""
    verified = copies.verify(copies.candidates(copies.signatures(texts)), texts)
    day = pl.lit(dt.date(2025, 6, 17))
    return copies.groups(verified, texts.select("piece_key", published=day, outlet=pl.lit("A")))


def rearranged(texts: list[str], pieces: int) -> pl.DataFrame:
    """[piece_key, title, text]: sentences of the corpus in new order, and altered copies of these."""
    sentences = np.array(
        [
            text[start:end]
            for text, spans in zip(texts, spans_of_all(texts), strict=True)
            for start, end in spans
        ],
        dtype=object,
    )
    draw = np.random.default_rng(287)
    own = [
        " ".join(sentences[draw.integers(0, len(sentences), int(size))])
        for size in draw.integers(20, 60, round(pieces * 0.8))
    ]
    return altered(own, every=5, added=0.15, seed=1)[0].head(pieces)


def at_scale(file: Path) -> pl.DataFrame:
    texts = pl.read_parquet(file)
    started = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    groups = found(texts)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pl.DataFrame(
        {
            "pieces": [texts.height],
            "characters": [texts["text"].str.len_chars().sum()],
            "in groups": [groups.height],
            "seconds": [round(seconds, 1)],
            "MB before": [round(before / 1024)],
            "peak MB": [round(peak / 1024)],
        }
    )


if __name__ == "__main__":
    main()
