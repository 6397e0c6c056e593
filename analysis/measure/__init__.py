"""Shares, contrasts, trends and the gate: pure functions, Polars in, Polars out."""
