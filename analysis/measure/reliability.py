"""Reliability of scores: of pieces with about the same score, how many carry the frame.

Everywhere `codes` has a row per coded piece and frame: frame, y (share of its coders who found the
frame), score, weight (pieces that it stands for). Scores are reliable if of pieces with a score of
.3 three in ten carry the frame (DeGroot and Fienberg 1983).
"""

from __future__ import annotations

import math

import polars as pl

from analysis.measure.shares import LEVEL
from analysis.measure.weighted import weighted_shares

# A bin holds at least so many coded pieces, and there are at most so many bins.
LEAST = 15
MOST = 8


def reliability(codes: pl.DataFrame, level: float = LEVEL) -> pl.DataFrame:
    """Bins of equally many coded pieces by score; pieces of one score stay together.

    frame, bin (from 1), from_score and to_score (of its coded pieces), score (weighted mean), n
    (coded pieces), worth, share (coded with the frame, weighted), low, high (`weighted_shares`)
    and part (what share of all pieces the bin stands for).
    """
    size = pl.len().over("frame")
    bins = (size // LEAST).clip(1, MOST)
    rank = pl.col("score").rank("min").over("frame") - 1
    placed = codes.with_columns(bin=(rank * bins // size).cast(pl.Int64))
    placed = placed.with_columns(bin=pl.col("bin").rank("dense").over("frame").cast(pl.Int64))
    w = pl.col("weight")
    shares = weighted_shares(placed, ["frame", "bin"], pl.col("y"), w, level)
    scores = placed.group_by("frame", "bin").agg(
        from_score=pl.col("score").min(),
        to_score=pl.col("score").max(),
        score=(w * pl.col("score")).sum() / w.sum(),
    )
    order = codes.select(pl.col("frame").unique(maintain_order=True)).with_row_index("place")
    return (
        shares.join(scores, on=["frame", "bin"])
        .with_columns(part=pl.col("mass") / pl.col("mass").sum().over("frame"))
        .join(order, on="frame")
        .sort("place", "bin")
        .select(
            "frame", "bin", "from_score", "to_score", "score", "n", "worth", "share", "low",
            "high", "part",
        )
    )  # fmt: skip


def calibration(bins: pl.DataFrame) -> pl.DataFrame:
    """How far scores are off, one row per frame of `reliability`.

    frame, n, score and share (weighted means over all bins), error: the mean over pieces of how
    far a bin's share is from its mean score (expected calibration error, Naeini, Cooper and
    Hauskrecht 2015), and by_chance: what that would be on average were the scores without fault,
    as the shares of few coded pieces vary too.
    """
    part, score = pl.col("part"), pl.col("score")
    chance = math.sqrt(2 / math.pi) * (score * (1 - score) / pl.col("worth")).sqrt()
    return bins.group_by("frame", maintain_order=True).agg(
        n=pl.col("n").sum(),
        error=(part * (pl.col("share") - score).abs()).sum(),
        by_chance=(part * chance).sum(),
        score=(part * score).sum(),
        share=(part * pl.col("share")).sum(),
    )
