"""The only place that imports duckdb."""

from analysis.store.database import Database, open_build, open_corpus

__all__ = ["Database", "open_build", "open_corpus"]
