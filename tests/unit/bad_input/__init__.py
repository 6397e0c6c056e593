"""Kinds of bad input, a table for each edge: how to make one, what is run, and what is said."""

from __future__ import annotations

from tests.unit.bad_input import (
    codebooks,
    codings,
    environment,
    files,
    folders,
    labelling,
    links,
    options,
    samples,
    settings,
)

EDGES = [
    *settings.CASES,
    *folders.CASES,
    *options.CASES,
    *labelling.CASES,
    *codebooks.CASES,
    *samples.CASES,
]
FILES = files.CASES
LINKS = links.CASES
NUMBERS = links.NUMBERS
CODINGS = codings.CASES
ENVIRONMENTS = environment.CASES
