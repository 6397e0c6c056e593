"""Exports: formulas defused, numbers untouched, denominators and verdicts along."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from analysis.cli import main
from analysis.errors import UsageError
from analysis.report import exports
from analysis.report.exports import Request, csv_bytes
from analysis.spreadsheet import defused
from analysis.types import EXPORTS
from tests.support.demo import framescope


@pytest.mark.parametrize("what", EXPORTS)
def test_every_export_is_written(what: str, demo_project: Path, tmp_path: Path) -> None:
    asked = ("--outlet", "Causeway Post") if what == "decomposition" else ()
    out = tmp_path / "rows.parquet"
    framescope("export", what, "--project", demo_project, "--out", out, *asked)
    rows = pl.read_parquet(out)
    assert rows.height
    assert rows.columns == list(dict.fromkeys(rows.columns))


def test_what_the_command_offers_is_what_there_is() -> None:
    assert tuple(exports.EXPORTS) == EXPORTS


@pytest.mark.parametrize(
    ("asked", "option"),
    [
        (Request("shares", outlets=("Causeway Post",)), "--outlet"),
        (Request("shares", by="week"), "--by"),
        (Request("trend", groups=("Causeway Post",)), "--group"),
        (Request("voices", estimand="original"), "--count"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(asked: Request, option: str) -> None:
    no_build: Any = None
    with pytest.raises(UsageError, match=option):
        exports.table(no_build, None, asked)


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


COLUMNS = [
    "outlet", "frame", "n", "codes", "share", "share_low", "share_high", "naive_share", "kind",
    "half_width", "half_width_sampling", "half_width_measurement", "half_width_coders", "verdict",
    "reason", "remedy",
]  # fmt: skip


def exported(project: Path, out: Path, *words: str) -> pl.DataFrame:
    framescope("export", *words, "--project", project, "--out", out)
    return pl.read_csv(out, try_parse_dates=True, encoding="utf8")


def test_shares_without_codings_are_naive_and_held_back(demo_project: Path, tmp_path: Path) -> None:
    rows = exported(demo_project, tmp_path / "shares.csv", "shares")
    assert rows.columns == COLUMNS
    assert (rows["share"] == rows["naive_share"]).all()
    assert set(rows["kind"]) == {"naive"}
    assert "publishable" not in set(rows["verdict"])
    assert not (demo_project / "codings.sqlite").exists()
    assert all(rows["reason"])
    assert all(rows["remedy"])
    assert rows["half_width_measurement"].null_count() == rows.height


def test_shares_with_codings_are_corrected(coded_project: Path, tmp_path: Path) -> None:
    rows = exported(coded_project, tmp_path / "shares.csv", "shares", "--sample", "s1")
    assert rows.columns == COLUMNS
    assert "naive" not in set(rows["kind"])
    assert (rows["share"] != rows["naive_share"]).any()
    assert (rows["codes"] > 0).all()
    census = exported(coded_project, tmp_path / "census.csv", "shares", "--census")
    assert (census["half_width"] < rows["half_width"]).all()
    assert (census["half_width_sampling"] == 0).all()
    both = exported(coded_project, tmp_path / "both.csv", "shares", "--together")
    assert (both["half_width"] > rows["half_width"]).all()
    assert both["share"].to_list() == pytest.approx(rows["share"].to_list())


def test_parts_of_a_half_width_add_up(coded_project: Path, tmp_path: Path) -> None:
    rows = exported(coded_project, tmp_path / "trend.csv", "trend", "--by", "quarter")
    assert rows.columns == ["outlet", "start", *COLUMNS[1:]]
    told = rows.filter(pl.col("share").is_not_null())
    parts = told.select(
        pl.sum_horizontal(f"half_width_{part}" for part in ("sampling", "measurement", "coders"))
    ).to_series()
    assert parts.to_list() == pytest.approx(told["half_width"].to_list())
    assert "publishable" in set(told["verdict"])


def test_originals_are_fewer(demo_project: Path, tmp_path: Path) -> None:
    items = exported(demo_project, tmp_path / "items.csv", "shares")
    originals = exported(demo_project, tmp_path / "originals.csv", "shares", "--count", "original")
    assert originals["n"].sum() < items["n"].sum()


@pytest.mark.parametrize("project", ["demo_project", "coded_project"])
def test_an_unknown_sample_is_told(
    project: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    root = request.getfixturevalue(project)
    words = ["export", "shares", "--sample", "none", "--project", str(root)]
    done = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "o.csv")])
    assert done.exit_code in (1, 2)
    assert "no sample 'none'" in done.stderr
    assert not list(tmp_path.iterdir())
