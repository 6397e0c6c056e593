"""Exports: formulas defused, numbers untouched, denominators and verdicts along."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.exports import csv_bytes, with_verdicts
from analysis.spreadsheet import defused

SIGNS = "=+-@\t\r"


@pytest.mark.parametrize("sign", SIGNS)
def test_a_formula_is_quoted(sign: str) -> None:
    table = defused(pl.DataFrame({f"{sign}head": [f"{sign}1+1", "plain"]}))
    assert table.columns == [f"'{sign}head"]
    assert table.to_series().to_list() == [f"'{sign}1+1", "plain"]


@given(st.lists(st.none() | st.text()))
def test_no_cell_starts_a_formula(cells: list[str | None]) -> None:
    table = defused(pl.DataFrame({"a": cells}, schema={"a": pl.String}))
    assert all(cell is None or cell[:1] not in set(SIGNS) or not cell for cell in table["a"])
    kept = [cell for cell in cells if cell is None or cell[:1] not in set(SIGNS)]
    assert [cell for cell in table["a"] if cell is None or not cell.startswith("'")] == [
        cell for cell in kept if cell is None or not cell.startswith("'")
    ]


def test_numbers_are_left_alone() -> None:
    table = pl.DataFrame({"n": [-5, 3], "share": [-0.25, 0.5]})
    assert defused(table).equals(table)


def test_a_csv_can_be_read_back() -> None:
    table = pl.DataFrame(
        {"outlet": ['Ünï, "x"', None], "words": [["a", "b"], []], "n": [1, 2]},
        schema={"outlet": pl.String, "words": pl.List(pl.String), "n": pl.Int64},
    )
    written = csv_bytes(table)
    assert written.startswith(b"\xef\xbb\xbf")
    back = pl.read_csv(io.BytesIO(written[3:]))
    assert back["outlet"].to_list() == ['Ünï, "x"', None]
    assert back["words"][0] == "a; b"


def test_each_number_has_its_verdict() -> None:
    table = with_verdicts(pl.DataFrame({"n": [3, 400], "k": [1, 100]}))
    assert table["verdict"].to_list() == ["do not print", "exploratory"]
    assert all(table["reason"])
    assert all(table["remedy"])
