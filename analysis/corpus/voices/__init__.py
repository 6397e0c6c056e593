"""Who speaks in a piece: quotations, direct and reported, their speakers and roles.

Rules over the words of a sentence, no model: quote marks (`marks`), reporting words and the
noun phrases beside them (`attributions`), names and pronouns (`cast`), and what a title or a
description says of a role (`lexicon`, from data/voices.toml). English.
"""

from analysis.corpus.voices.extract import extract, extract_piece, sentence_roles
from analysis.corpus.voices.lexicon import Lexicon, load, roles
from analysis.corpus.voices.quotation import Quotation

RULES = "6"

__all__ = [
    "RULES",
    "Lexicon",
    "Quotation",
    "extract",
    "extract_piece",
    "load",
    "roles",
    "sentence_roles",
]
