"""Terms: the words of every sentence as numbers, from which a build counts words and pairs."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.corpus import sentences, terms
from analysis.stages.running import Batch, StageReport, run_stage
from analysis.store import Database
from analysis.types import Progress


def version() -> str:
    return f"{terms.VERSION} on {sentences.VERSION}"


def run(corpus: Database, progress: Progress) -> StageReport:
    vocabulary = terms.vocabulary(corpus.read("words")["word"].to_list())

    def words_of(keys: Sequence[int], texts: pl.DataFrame) -> Batch:
        spans = corpus.read("piece_spans", keys=list(keys))
        rows, new = terms.of_sentences(texts, spans, vocabulary)
        return {"word": new, "sentence_word": rows}

    return run_stage(corpus, "terms", version(), words_of, ["sentence_word"], progress)
