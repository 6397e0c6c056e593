"""Stories against codings of our own: python -m tests.bench.stories DATA [--fit]

DATA is the folder that holds allsides_dev.parquet. tests/support/story_pairs.csv says of 592 pairs
of pieces of different outlets, up to 10 days apart and drawn over the range of similarity, whether
they tell one news event (its immediate follow-up included). tests/support/story_groups.csv names
events told by two to seven pieces of different leanings: a piece drawn at random and the likest
pieces of the other leanings within 5 days, coded one by one; what did not belong was left out. On
sample 1 the settings were chosen, by sample 2 they were mended, sample 3 was drawn and coded after
that and changed nothing. An event may be in two samples under two numbers. Prints, with the shipped
settings:

- F1 over pairs of pieces on the teaching corpus;
- F1 on each sample as a corpus of its own, all events and those told by three pieces or more, with
  all dates and with some days taken away;
- F1 on the coded pairs within the whole corpus; seconds and peak memory.

--fit prints the weights that a logistic regression on the coded pairs gives instead.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression

from analysis.corpus import copies, stories
from analysis.corpus.embeddings import embed_pieces
from analysis.corpus.stories import pairs, terms
from tests.support.demo import PIECES, planted_pieces
from tests.support.stories import NOTHING, Score, corpus, score

SUPPORT = Path(__file__).resolve().parents[1] / "support"
UNDATED = (0.0, 0.1, 0.3, 1.0)


def real(data: Path) -> pl.DataFrame:
    rows = pl.read_parquet(data / "allsides_dev.parquet")
    date = pl.col("date").str.slice(0, 10).str.to_date(strict=False)
    return corpus(rows.select("id", "outlet", "title", "text", published=date))


def found(pieces: pl.DataFrame) -> pl.DataFrame:
    """`pieces` with a column `story` as the program finds it."""
    texts = pieces.select("piece_key", "title", "text")
    signed = copies.candidates(copies.signatures(texts))
    groups = copies.groups(copies.verify(signed, texts), pieces)
    vectors = pieces.select("piece_key", "vec")
    members = stories.gather(pieces, vectors, groups, NOTHING).members
    return pieces.join(members, on="piece_key", how="left").with_columns(
        story=pl.coalesce("story_key", "id")
    )


def without_days(pieces: pl.DataFrame, share: float) -> pl.DataFrame:
    lost = np.random.default_rng(287).random(pieces.height) < share
    day = pl.when(pl.Series(~lost)).then("published")
    precision = pl.when(day.is_null()).then(pl.lit("none")).otherwise("date_precision")
    return pieces.with_columns(published=day, date_precision=precision)


def pairs_score(told: pl.DataFrame, coded: pl.DataFrame) -> Score:
    """Of the pairs that were coded."""
    story = dict(told.select("id", "story").iter_rows())
    together = [story[a] == story[b] for a, b in coded.select("left", "right").iter_rows()]
    same = coded["same"].to_numpy() == 1
    hits = int((np.array(together) & same).sum())
    return Score(hits, sum(together), int(same.sum()))


def fit(pieces: pl.DataFrame, coded: pl.DataFrame) -> None:
    dated = pieces.filter(pl.col("published").is_not_null()).sort("published", "id")
    texts = pairs.Texts(
        day=dated["published"].to_physical().cast(pl.Int64).to_numpy(),
        rows=terms.rows(dated, stories.background()),
        vectors=dated["vec"].to_numpy(),
    )
    place = {piece: i for i, piece in enumerate(dated["id"])}
    left, right = (np.array([place[i] for i in coded[side]]) for side in ("left", "right"))
    running = pairs.running(texts, dated.height)
    around = (running[left] + running[right]) / 2
    gap = np.log1p(np.abs(texts.day[left] - texts.day[right]))
    alike = pairs.similarities(texts, left, right)
    table = np.column_stack([*alike.values(), -around, -gap, -around * gap])
    model = LogisticRegression(C=10, max_iter=5000).fit(table, coded["same"].to_numpy())
    names = [*alike, "RUNNING_WEIGHT", "GAP", "RUNNING_GAP"]
    for name, weight in zip(names, model.coef_[0], strict=True):
        print(f"{name:<16} {weight:6.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--fit", action="store_true")
    asked = parser.parse_args()
    pieces = real(asked.data)
    pieces = pieces.with_columns(
        vec=pl.Series(
            embed_pieces(pieces["title"].to_list(), pieces["text"].to_list()),
            dtype=pl.Array(pl.Float32, 256),
        )
    )
    coded = pl.read_csv(SUPPORT / "story_pairs.csv")
    groups = pl.read_csv(SUPPORT / "story_groups.csv")
    if asked.fit:
        fit(pieces, coded)
        return
    demo = corpus(
        pl.read_ndjson(PIECES).with_columns(published=pl.col("date").str.to_date(strict=False))
    )
    demo = demo.with_columns(
        vec=pl.Series(
            embed_pieces(demo["title"].to_list(), demo["text"].to_list()),
            dtype=pl.Array(pl.Float32, 256),
        )
    )
    truth = planted_pieces().select("id", told="story")
    print(f"teaching corpus: {score(found(demo).join(truth, on='id'))}")
    groups = groups.rename({"story": "told"}).with_columns(size=pl.len().over("told"))
    for sample in (1, 2, 3):
        for least, name in ((2, "all events"), (3, "of three pieces")):
            part = groups.filter((pl.col("sample") == sample) & (pl.col("size") >= least))
            small = pieces.join(part, on="id")
            print(f"sample {sample}, {name}: {part['told'].n_unique()} by {small.height} pieces")
            for share in UNDATED:
                result = score(found(without_days(small, share)))
                print(f"  {share:4.0%} without a day: {result}")
    started = time.perf_counter()
    told = found(pieces)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{pieces.height:,} pieces: {seconds:.1f} s with copies, peak {peak:,.0f} MB")
    print(f"  coded pairs: {pairs_score(told, coded)}")


if __name__ == "__main__":
    main()
