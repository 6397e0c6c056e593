"""The command that checks the classifier against what people coded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.codes import SAMPLE, chosen_sample, opened
from analysis.cli.options import JSON, PROJECT, plain, print_json, reported
from analysis.cli.tables import print_table
from analysis.errors import CodingError, UsageError
from analysis.project import open_project
from analysis.terminal import results

if TYPE_CHECKING:
    import polars as pl

    from analysis.coding.ledger import Ledger
    from analysis.coding.sampling import Contrast
    from analysis.estimates import Ask
    from analysis.reads import Build

PERCENT = {
    "share", "low", "high", "score", "error", "by_chance", "corrected", "corrected_low",
    "corrected_high", "change", "false_alarms", "misses", "half_width", "half_sampling",
    "half_measurement", "half_coders", "difference", "difference_low", "difference_high",
}  # fmt: skip


@click.command()
@PROJECT
@SAMPLE
@click.option(
    "--finding", metavar='"A vs B"', help="Also check this difference by all reasonable analyses."
)
@JSON
@reported
def validate(root: Path, sample: str | None, finding: str | None, as_json: bool) -> None:
    """Check scores and labels against blind codes: agreement, reliability, errors, corrections."""
    from analysis.estimates import Ask

    ask = Ask(rules=open_project(root).settings.gate)
    with opened(root) as (ledger, build):
        name = chosen_sample(ledger, sample)
        sides = _sides(finding, build) if finding else None
        found = _checks(build, ledger, name, ask, root)
        sentences: list[str] = []
        if sides:
            found["multiverse"], sentences = _multiverse(build, ledger, name, sides)
    if as_json:
        tables = {key: _plain_rows(table) for key, table in found.items()}
        print_json({"sample": name, **tables, "findings": sentences})
        return
    _show(found)
    for sentence in sentences:
        results.print(plain(sentence))


def _sides(finding: str, build: Build) -> Contrast:
    """The two sides. Raises UsageError for an outlet that is not in the build."""
    from analysis.coding.sampling import parse_contrast

    known = build.outlets()["outlet"].to_list()
    sides = parse_contrast(finding, known)
    for name in (sides.left, sides.right):
        if name is not None and name not in known:
            raise UsageError(
                f"there is no outlet '{name}'", remedy=f"outlets: {', '.join(known[:20])}"
            )
    return sides


def _checks(
    build: Build, ledger: Ledger, sample: str, ask: Ask, root: Path
) -> dict[str, pl.DataFrame]:
    """The tables of the Validation view, over all pieces."""
    import polars as pl

    from analysis.coding.codes import long
    from analysis.coding.reveal import Revealed
    from analysis.coding.summary import summary
    from analysis.estimates import gather, planner, validation
    from analysis.reads import Domain, Scope

    evidence = gather(build, ledger, sample)
    if evidence is None:
        raise CodingError(
            f"nothing is coded in the sample '{sample}' under the present definitions",
            where=str(root),
            remedy=f"run: framescope code --project {root} --coder NAME",
        )
    scope, nobody = Scope(), Revealed(frozenset(), 0)
    agreed = summary(long(ledger, sample, build.frames))
    reliable = validation.reliabilities(build, scope, evidence)
    confused = validation.confusion(build, scope, evidence, nobody, 1)
    changed = validation.corrections(build, scope, Domain(), evidence, nobody, ask)
    if reliable is None or confused is None or changed is None:
        raise CodingError(
            "no coded piece is in the present build",
            where=str(root),
            remedy=f"run: framescope build --project {root}",
        )
    found = {
        "agreement": agreed.frames,
        "reliability": reliable.bins,
        "calibration": reliable.errors,
        "confusion": confused.cells,
        "corrections": changed.rows,
    }
    for by, domain in (("outlet", Domain(by_outlet=True)), ("quarter", Domain(bin="quarter"))):
        rates = validation.rates(build, scope, domain, evidence)
        if rates is not None:
            found[f"error_rates_by_{by}"] = rates.rows
            found[f"tests_by_{by}"] = rates.tests
    plans = [
        plan.widths.select(pl.lit(frame["id"]).alias("frame"), "more", "coded", "half_width")
        for frame in build.frames
        if (plan := planner.plan(build, scope, evidence, frame["id"], (), ask))
    ]
    found["budget"] = pl.concat(plans)
    return found


def _multiverse(
    build: Build, ledger: Ledger, sample: str, sides: Contrast
) -> tuple[pl.DataFrame, list[str]]:
    import polars as pl

    from analysis.estimates import gather
    from analysis.estimates.multiverse import Finding, multiverse
    from analysis.measure.specification import agreement
    from analysis.reads import Scope

    evidence = gather(build, ledger, sample)
    tables, sentences = [], []
    for frame in build.frames:
        found = multiverse(build, Scope(), Finding(frame["id"], sides.left, sides.right), evidence)
        tables.append(found.rows.select(pl.lit(frame["id"]).alias("frame"), pl.all()))
        other = f"at {sides.right or 'the rest'}"
        said = agreement(found.rows, frame["name"], f"at {sides.left}", other)
        missing = sum(number for _, number in found.left_out)
        sentences.append(said + (f" ({missing} analyses not possible.)" if missing else ""))
    return pl.concat(tables, how="diagonal_relaxed"), sentences


def _plain_rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON: days as text."""
    import polars as pl

    days = [name for name, kind in table.schema.items() if kind == pl.Date]
    return table.with_columns(pl.col(name).cast(pl.String) for name in days).to_dicts()


SHOWN = {
    "agreement": ("Agreement", ("frame", "units", "alpha", "low", "high", "agree", "verdict")),
    "calibration": ("Scores against codes, %", ("frame", "n", "score", "share", "error", "by_chance")),
    "confusion": ("Classifier against people, % of pieces", ("frame", "cell", "n", "share")),
    "error_rates_by_outlet": (
        "Error rates by outlet, %",
        ("outlet", "frame", "measure", "n", "share", "low", "high"),
    ),
    "tests_by_outlet": ("Do outlets differ?", ("frame", "groups", "p", "q")),
    "tests_by_quarter": ("Do quarters differ?", ("frame", "groups", "p", "q")),
    "corrections": (
        "What the correction changed, %",
        ("frame", "codes", "share", "corrected", "corrected_low", "corrected_high", "lam",
         "half_sampling", "half_measurement", "half_coders"),
    ),
    "budget": ("Half-width with more codes, points", ("frame", "more", "coded", "half_width")),
}  # fmt: skip


def _show(found: dict[str, pl.DataFrame]) -> None:
    import polars as pl

    for key, (title, columns) in SHOWN.items():
        table = found.get(key)
        if table is None:
            continue
        hidden = 0
        if key.startswith("error_rates"):
            hidden = table.filter(~pl.col("shown")).height
            table = table.filter("shown")
        rows = [_said(row, key != "agreement") for row in table.select(columns).to_dicts()]
        print_table(rows, columns, title)
        if hidden:
            results.print(f"{hidden} rates hidden, as too few coded pieces are behind them.")
    for sentence in found["corrections"].drop_nulls("why").select("frame", "why").iter_rows():
        results.print(plain(": ".join(sentence)))


def _said(row: dict[str, Any], percent: bool) -> dict[str, Any]:
    """Fractions in percent, and numbers of pieces without needless places."""
    told: dict[str, Any] = {}
    for name, value in row.items():
        if percent and name in PERCENT and value is not None:
            told[name] = f"{value * 100:.1f}"
        elif name == "n" and isinstance(value, float):
            told[name] = f"{value:g}"
        else:
            told[name] = value
    return told
