"""Whose voice a frame has, and who gets to speak, by outlet: shares with intervals and verdicts."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Literal

import polars as pl

from analysis.corpus.voices import roles
from analysis.estimates.shares import Ask
from analysis.measure.gate import with_rulings
from analysis.measure.voice import clustered_shares, spoken_by_role, voices_of_frame
from analysis.project import DATA
from analysis.reading import voices
from analysis.reads import Build, Scope

Unit = Literal["quotations", "speakers"]
MEASURED = DATA / "voices_measured.json"


def frame_by_voice(build: Build, scope: Scope, frame: str, ask: Ask) -> pl.DataFrame:
    """Of each outlet's pieces that carry the frame (n): the share with each voice.

    outlet, voice ('own': the outlet itself says it; 'quoted': only others do; or a role: somebody
    in it is quoted with it), n, k, share, low, high, clusters, design_effect, verdict, reason,
    remedy. 'own' and 'quoted' add up to 1; roles need not.
    """
    pieces = voices.frame_voices(build, scope, frame)
    if pieces.is_empty():
        return _ruled(_EMPTY.rename({"role": "voice"}), ask, "n")
    long = voices_of_frame(pieces, roles())
    rows = clustered_shares(long, ["outlet", "voice"], ["outlet"], ask.level)
    return _ruled(rows, ask, "n")


def spoken(build: Build, scope: Scope, unit: Unit, ask: Ask) -> pl.DataFrame:
    """Of each outlet's quotations or speakers (n): the share of each role.

    outlet, role, n, k, share, low, high, clusters, design_effect, pieces (in scope), quoting (those
    in which somebody is quoted), verdict, reason, remedy. Speakers are counted once a piece.
    """
    found = voices.speaking(build, scope)
    if found.is_empty():
        return _ruled(_EMPTY.with_columns(pieces=pl.lit(0), quoting=pl.lit(0)), ask, "quoting")
    long = spoken_by_role(found, unit, roles())
    rows = clustered_shares(long, ["outlet", "role"], ["outlet"], ask.level)
    pieces = voices.quoting_pieces(build, scope)
    return _ruled(rows.join(pieces, on="outlet", maintain_order="left"), ask, "quoting")


@cache
def measured() -> dict[str, Any]:
    """How well quotations are told: figures of tests/bench/voices.py on coded sentences."""
    figures: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8"))
    return figures


def caveat() -> str:
    """Why these numbers are never more than exploratory."""
    all_of_it = measured()["all"]
    return (
        "who speaks is told by rules that nobody has coded blind here "
        f"(on {all_of_it['sentences']} coded sentences of other news: quotations F1 "
        f"{all_of_it['f1']:.2f}, speakers {all_of_it['speaker']:.2f}, roles {all_of_it['role']:.2f})"
    )


_EMPTY = pl.DataFrame(
    schema={
        "outlet": pl.String, "role": pl.String, "n": pl.Int64, "k": pl.Int64, "share": pl.Float64,
        "low": pl.Float64, "high": pl.Float64, "clusters": pl.Int64, "design_effect": pl.Float64,
    }
)  # fmt: skip


def _ruled(rows: pl.DataFrame, ask: Ask, pieces: str) -> pl.DataFrame:
    facts = rows.with_columns(
        what="outlet",
        pieces=pieces,
        half_width=(pl.col("high") - pl.col("low")) / 2,
        # Codes of frames say nothing of voices: `suspended` stands for the codes that there are not.
        codes=pl.col(pieces),
        alpha=pl.lit(1.0),
        suspended=pl.lit(caveat()),
    )
    judged = with_rulings(facts, ask.rules)
    return rows.with_columns(judged.select("verdict", "reason", "remedy"))
