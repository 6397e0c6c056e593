"""Who speaks in a build: whose voice a frame has, quotations by role, and quotations to read."""

from __future__ import annotations

import polars as pl

from analysis.reads import Build, Scope


def frame_voices(build: Build, scope: Scope, frame: str) -> pl.DataFrame:
    """outlet, piece, cluster, own, roles: of each piece in scope that carries the frame.

    `own`: a sentence of the outlet's own voice carries it; `roles` of those who are quoted with
    it (null: nobody). A piece has at least one of both.
    """
    return build.database.read("frame_voices", **scope.counting(), frame=frame)


def speaking(build: Build, scope: Scope) -> pl.DataFrame:
    """outlet, cluster, role, quotations, speakers of pieces in scope."""
    return build.database.read("speaking", **scope.counting())


def quoting_pieces(build: Build, scope: Scope) -> pl.DataFrame:
    """outlet, pieces in scope, and `quoting`, those of them in which somebody is quoted."""
    return build.database.read("quoting_pieces", **scope.counting())


def sample(
    build: Build, scope: Scope, *, frame: str | None, role: str | None, seed: int, most: int = 10
) -> pl.DataFrame:
    """Quotations drawn by a seed, of a frame's sentences and of a role if they are given.

    id, outlet, title, published, those of the table `quotation`, and the `passage` they stand in,
    which is [passage_start, passage_end) of the text, or of the title for sentence 0.
    """
    return build.database.read(
        "quotation_sample", **scope.counting(), frame=frame, role=role, seed=seed, most=most
    )


def quotations(build: Build) -> pl.DataFrame:
    """Every quotation: id, sentence, kind, start, end, speaker, role, cue, speaker_start,
    speaker_end, nested, frames of the sentence."""
    return build.database.read("quotations")


def of_piece(build: Build, piece: str) -> pl.DataFrame:
    """quotation, sentence, kind, start_char, end_char, speaker, role, nested of one piece."""
    return build.database.read("piece_quotations", id=piece)
