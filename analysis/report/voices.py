"""Whose voice each frame has, and who gets to speak, as tables that leave Framescope."""

from __future__ import annotations

from typing import get_args

import polars as pl

from analysis.estimates import Ask
from analysis.estimates.voice import Unit, frame_by_voice, spoken
from analysis.reads import Build, Scope

_NUMBERS = [
    *(pl.col(name) for name in ("n", "k", "share")),
    pl.col("low").alias("share_low"),
    pl.col("high").alias("share_high"),
    *(pl.col(name) for name in ("design_effect", "verdict", "reason", "remedy")),
]


def frame_voices(build: Build, scope: Scope, ask: Ask) -> pl.DataFrame:
    """outlet, frame, voice, and `_NUMBERS` of `frame_by_voice`, for every frame."""
    parts = [
        frame_by_voice(build, scope, frame["id"], ask).select(
            "outlet", pl.lit(frame["id"]).alias("frame"), "voice", *_NUMBERS
        )
        for frame in build.frames
    ]
    return pl.concat(parts)


def speakers(build: Build, scope: Scope, ask: Ask) -> pl.DataFrame:
    """counted ('quotations', 'speakers'), outlet, role, pieces, quoting, and `_NUMBERS` of `spoken`."""
    parts = [
        spoken(build, scope, unit, ask).select(
            pl.lit(unit).alias("counted"), "outlet", "role", "pieces", "quoting", *_NUMBERS
        )
        for unit in get_args(Unit)
    ]
    return pl.concat(parts)
