"""One file per way in. `open_source` finds which; every row is given or refused with a reason."""

from analysis.sources.columns import FIELDS, check_mapping, find_columns
from analysis.sources.interface import Finding, Limits, RawBatch, Source
from analysis.sources.opener import files_in, open_source
from analysis.sources.reasons import REASONS

__all__ = [
    "FIELDS",
    "REASONS",
    "Finding",
    "Limits",
    "RawBatch",
    "Source",
    "check_mapping",
    "files_in",
    "find_columns",
    "open_source",
]
