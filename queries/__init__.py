"""SQL of Framescope, one question a file, and the loader that checks it."""

from queries.loader import Query, QueryError, catalogue, migrations

__all__ = ["Query", "QueryError", "catalogue", "migrations"]
