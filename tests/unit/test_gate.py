"""The gate: nothing passes without evidence, each rule bites, more evidence never hurts."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from analysis.measure.gate import RULES, VERDICTS, Facts, judge, with_rulings
from analysis.types import Rules

GOOD = Facts(
    pieces=800, codes=120, share=0.3, half_width=0.08, worth=110.0, alpha=0.85, outside=0.0
)
RULES_SET = Rules()


def test_evidence_opens_it() -> None:
    assert judge(GOOD, RULES_SET).verdict == "publishable"
    assert judge(GOOD, RULES_SET).reasons == ()


@pytest.mark.parametrize(
    ("fault", "verdict", "word"),
    [
        ({"pieces": 9, "codes": 9}, "do not print", "pieces in scope"),
        ({"codes": 49}, "exploratory", "coded by people"),
        ({"codes": 0, "worth": None}, "exploratory", "no piece in scope"),
        ({"share": 0.02}, "exploratory", "so few pieces carry it"),
        ({"share": 0.99}, "exploratory", "so few pieces do not carry it"),
        ({"half_width": 0.2}, "exploratory", "±20 points"),
        ({"alpha": None}, "exploratory", "two people"),
        ({"alpha": 0.5}, "exploratory", "agree too little"),
        ({"outside": 0.3}, "exploratory", "could not have been drawn"),
        ({"gap": True}, "exploratory", "gap in collection"),
        ({"error_gap": 0.3, "borrows": True}, "do not print", "errs too differently"),
        ({"events": 9}, "do not print", "rests on only 9 stories"),
        ({"pieces": 4, "where": "of the side"}, "do not print", "only 4 pieces of the side"),
        ({"stories": 9, "apart": 8.0}, "do not print", "only 9 stories that both covered"),
        ({"stories": 40, "apart": 4.4}, "exploratory", "differ on about 4 of the stories"),
        ({"suspended": "it is so", "instead": "do so"}, "exploratory", "it is so"),
    ],
)
def test_each_rule_bites(fault: dict[str, object], verdict: str, word: str) -> None:
    ruling = judge(replace(GOOD, **fault), RULES_SET)  # type: ignore[arg-type]
    assert ruling.verdict == verdict
    assert any(word in reason for reason in ruling.reasons)
    assert all(ruling.remedies)
    assert len(ruling.remedies) == len(ruling.reasons)


def test_every_rule_is_tried_above_or_here() -> None:
    assert len(RULES) == 11


def test_corrected_sides_may_have_other_error_rates() -> None:
    assert judge(replace(GOOD, error_gap=0.4), RULES_SET).verdict == "publishable"


def test_the_remedy_says_how_many_and_what_for() -> None:
    wide = replace(GOOD, what="Outlet X", half_width=0.18)
    remedy = judge(wide, RULES_SET).remedies[0]
    assert remedy == "code about 53 more pieces of Outlet X: half-width from 18 to 15 points"
    # Four ninths more codes shrink the interval by the root of that: 0.18 to 0.15.
    assert pytest.approx(120 * (0.18 / 0.15) ** 2, abs=1) == 120 + 53


def test_coding_all_there_is_is_enough() -> None:
    census = replace(GOOD, pieces=30, codes=30, worth=float("inf"), half_width=0.0)
    assert judge(census, RULES_SET).verdict == "publishable"


@pytest.mark.parametrize("name", ["codes", "pieces", "alpha"])
def test_more_evidence_never_lowers_the_verdict(name: str) -> None:
    values: list[float] = [0.1, 0.5, 0.7, 0.9] if name == "alpha" else [0, 9, 40, 60, 5000]
    ranks = [
        VERDICTS.index(judge(replace(GOOD, **{name: v}), RULES_SET).verdict)  # type: ignore[arg-type]
        for v in values
    ]
    assert ranks == sorted(ranks, reverse=True)


def test_thresholds_are_the_projects_own() -> None:
    assert judge(replace(GOOD, codes=30), Rules(min_codes=20)).verdict == "publishable"


def test_a_table_is_judged_row_by_row() -> None:
    table = pl.DataFrame({"pieces": [800, 3], "codes": [0, 0], "other": ["x", "y"]})
    found = with_rulings(table, RULES_SET)
    assert found["verdict"].to_list() == ["exploratory", "do not print"]
    assert found["other"].to_list() == ["x", "y"]
    assert found["remedy"].str.contains("code about").all()
