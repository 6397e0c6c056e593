"""Tables and notices in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.cli.options import plain
from analysis.terminal import results

WIDEST = 400


def print_table(rows: Sequence[dict[str, Any]], columns: Sequence[str], title: str) -> None:
    """The named columns of the rows; None and NaN as a dash."""
    from rich.measure import Measurement
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_edge=False)
    for name in columns:
        numbers = any(isinstance(row[name], int | float) for row in rows)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in columns))
    # Never squeezed into the width of a terminal: a number cut short is no number.
    narrow = results.width
    needed = Measurement.get(results, results.options.update(max_width=WIDEST), table).maximum
    results.width = max(narrow, needed)
    results.print(table)
    results.width = narrow


def print_notices(notices: Sequence[str]) -> None:
    for notice in notices:
        results.print(f"Note: {plain(notice)}")


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value)
    return plain(text if len(text) <= 80 else f"{text[:79]}…")
