"""Commands that score texts, and that train and judge models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from analysis.cli.options import JSON, MAP, PATH, pairs, plain, print_json, reported
from analysis.cli.tables import print_notices, print_table
from analysis.terminal import Bars, results

CODEBOOK = click.option(
    "--codebook", type=PATH, help="A codebook (TOML); the bundled one if not given."
)
MODEL = click.option(
    "--model",
    default="",
    help="A model of the project, by the beginning of its version, or 'transformer': the bundled "
    "one that also reads with MiniLM.",
)
MODELS_OF = click.option(
    "--project", "root", type=PATH, metavar="DIR", help="The project whose models are used."
)
TRANSFORMER = click.option(
    "--transformer", is_flag=True, help="Read with MiniLM too; needs the extra, and is slow."
)
FILE = click.argument("file", type=PATH)


def labelled(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where a table has its labels and texts."""
    for option in (
        MAP,
        click.option("--title", default="", help="The column of headlines."),
        click.option("--text", default="", help="The column of texts."),
        click.option(
            "--labels",
            required=True,
            metavar="COL[,COL]",
            help="One column that names frames, or a column of yes and no for each frame.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@FILE
@click.option("--out", required=True, type=PATH, help="One row per piece.")
@click.option("--sentences", type=PATH, help="One row per sentence.")
@click.option(
    "--explain", "sums", type=PATH, help="The parts of each score that led to a decision."
)
@CODEBOOK
@MODELS_OF
@MODEL
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; all cores if not given.")
@MAP
@JSON
@reported
def label(
    file: Path,
    out: Path,
    sentences: Path | None,
    sums: Path | None,
    codebook: Path | None,
    root: Path | None,
    model: str,
    workers: int | None,
    mapping: tuple[str, ...],
    as_json: bool,
) -> None:
    """Score any table of texts (csv, jsonl, parquet, xlsx) without a project."""
    from analysis.label import label as score

    report = score(
        file,
        out,
        sentences=sentences,
        sums=sums,
        codebook=codebook,
        model=_folder(codebook, root, model),
        mapping=pairs(mapping),
        workers=workers,
        progress=Bars(),
    )
    if as_json:
        print_json(report.as_dict())
    else:
        for line in report.lines():
            results.print(plain(line))


@click.command()
@FILE
@click.option("--codebook", type=PATH, required=True, help="The codebook of the labels (TOML).")
@click.option(
    "--project", "root", type=PATH, required=True, metavar="DIR", help="Where the model is stored."
)
@labelled
@TRANSFORMER
@JSON
@reported
def train(
    file: Path,
    codebook: Path,
    root: Path,
    labels: str,
    text: str,
    title: str,
    mapping: tuple[str, ...],
    transformer: bool,
    as_json: bool,
) -> None:
    """Train a model for a codebook of your own on labelled texts, and store it in a project."""
    from analysis.frames import load_codebook, models
    from analysis.project import open_project
    from analysis.training.labelled import read_labelled
    from analysis.training.train import check, piece_labels
    from analysis.training.train import train as fit

    home, book = open_project(root), load_codebook(codebook)
    data = read_labelled(file, _columns(labels, text, title, mapping), book)
    check(data, str(file))
    with Bars().task("Training", None):
        model = fit(data, book, piece_labels(transformer))
    folder = models.store(model, home.root)
    found = {"model": model.version, "folder": str(folder), "card": model.card}
    if as_json:
        print_json({**found, "notices": data.notices})
        return
    print_notices(data.notices)
    results.print(
        f"{len(data.ids):,} labelled texts, model {model.version} in {plain(str(folder))}"
    )
    print_table(
        [row for row in model.card["figures"] if row["unit"] == "piece"],
        ("frame", "rows", "positives", "precision", "recall", "f1", "ece"),
        "Out of fold, by piece",
    )
    results.print(
        f"Next: framescope label FILE --out FILE --codebook {plain(str(codebook))} "
        f"--project {plain(str(root))}"
    )


@click.command()
@FILE
@click.option("--codebook", type=PATH, help="Check the labels against a codebook (TOML).")
@labelled
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option("--held-out-outlets", "by_outlet", is_flag=True, help="Hold out whole outlets.")
@click.option("--by", multiple=True, metavar="COL", help="Also judge by this column.")
@TRANSFORMER
@JSON
@reported
def crossval(
    file: Path,
    codebook: Path | None,
    labels: str,
    text: str,
    title: str,
    mapping: tuple[str, ...],
    folds: int,
    seed: int,
    by_outlet: bool,
    by: tuple[str, ...],
    transformer: bool,
    as_json: bool,
) -> None:
    """How good a model of your labels would be: cross-validation beside a simple baseline."""
    from analysis.frames import load_codebook
    from analysis.training.crossval import cross_validate
    from analysis.training.evaluation import macro_f1, of_labelled
    from analysis.training.labelled import read_labelled
    from analysis.training.train import check, piece_labels

    book = load_codebook(codebook) if codebook else None
    data = read_labelled(file, _columns(labels, text, title, mapping, by), book)
    check(data, str(file))
    found = cross_validate(
        data,
        folds=folds,
        seed=seed,
        by_outlet=by_outlet,
        how=piece_labels(transformer),
        progress=Bars(),
    )
    judged = of_labelled(data, found.scores, found.decided)
    baseline = {
        frame: macro_f1(data.truth[:, f], found.baseline_decided[:, f])
        for f, frame in enumerate(data.frames)
    }
    if as_json:
        print_json({**judged.as_dict(), "baseline_macro_f1": baseline, "notices": data.notices})
        return
    print_notices(data.notices)
    held = "outlets held out" if by_outlet else "stratified, same texts together"
    results.print(f"{len(data.ids):,} texts, {folds} folds ({held}), seed {seed}")
    rows = [{**row, "baseline": baseline[row["frame"]]} for row in judged.frames.to_dicts()]
    _judged(judged, rows, ("macro_f1", "baseline"))
    results.print(
        "macro_f1 is the mean of F1 of carrying and of not carrying the frame; the baseline, "
        "tf-idf and a balanced logistic regression on the same folds, is given by it too."
    )


@click.command()
@FILE
@CODEBOOK
@MODELS_OF
@MODEL
@labelled
@click.option("--by", multiple=True, metavar="COL", help="Also judge by this column.")
@JSON
@reported
def evaluate(
    file: Path,
    codebook: Path | None,
    root: Path | None,
    model: str,
    labels: str,
    text: str,
    title: str,
    mapping: tuple[str, ...],
    by: tuple[str, ...],
    as_json: bool,
) -> None:
    """Judge a model on labelled texts: per frame, by group, calibration, worst errors."""
    from analysis.training.judge import judge

    found = judge(
        file,
        _columns(labels, text, title, mapping, by),
        codebook=codebook,
        model=_folder(codebook, root, model),
    )
    if as_json:
        print_json(found.as_dict())
        return
    print_notices(found.notices)
    results.print(f"{found.pieces:,} texts, model {found.model_version}")
    _judged(found.pieces_judged, found.pieces_judged.frames.to_dicts(), ())
    if found.sentences_judged is not None:
        rows = found.sentences_judged.frames.to_dicts()
        print_table(rows, _FIGURES, "By sentence")
        results.print(f"macro F1 by sentence {found.sentences_judged.macro_f1:.3f}")


@click.command()
@CODEBOOK
@MODELS_OF
@MODEL
@JSON
@reported
def card(codebook: Path | None, root: Path | None, model: str, as_json: bool) -> None:
    """Print a model's card: what it was made from, how good it is, where it fails."""
    from analysis.frames import load_codebook, load_model
    from analysis.frames.card import markdown
    from analysis.frames.codebook import BUNDLED
    from analysis.frames.match import matched
    from analysis.frames.model import BUNDLED as BUNDLED_MODEL

    folder = _folder(codebook, root, model) or BUNDLED_MODEL
    bare = load_model(load_codebook(codebook or BUNDLED), folder)
    loaded = replace(bare, card=matched(bare).card)
    if as_json:
        print_json({"model": loaded.version, **loaded.card})
    else:
        results.print(plain(markdown(loaded.version, loaded.card)))


_FIGURES = ("frame", "pieces", "positives", "precision", "recall", "f1", "f1_low", "f1_high", "ece")


def _judged(judged: Any, rows: list[dict[str, Any]], more: tuple[str, ...]) -> None:
    print_table(rows, (*_FIGURES, *more), "By piece")
    results.print(f"macro F1 {judged.macro_f1:.3f}")
    counts = ("frame", "tp", "fp", "fn", "tn")
    print_table(rows, counts, "Decisions: right and wrong, carried and not")
    columns = ("by", "group", "frame", "pieces", "positives", "sensitivity", "specificity", "f1")
    if judged.groups.height:
        print_table(judged.groups.to_dicts(), columns, "By group of at least 10 pieces")
    curve = ("frame", "low", "high", "pieces", "mean_score", "share_true")
    told = [row for row in judged.curve.to_dicts() if row["pieces"]]
    print_table(told, curve, "Calibration: the share that carries a frame, by score")
    if judged.errors.height:
        errors = ("frame", "id", "truth", "score", "title")
        print_table(judged.errors.to_dicts(), errors, "Surest errors")


def _columns(
    labels: str, text: str, title: str, mapping: tuple[str, ...], by: tuple[str, ...] = ()
) -> Any:
    from analysis.training.labelled import Columns

    named = [name.strip() for name in labels.split(",") if name.strip()]
    fields = pairs(mapping) | {
        field: column for field, column in (("text", text), ("title", title)) if column
    }
    return Columns(named, fields, by)


def _folder(codebook: Path | None, root: Path | None, wanted: str) -> Path | None:
    """The folder of the model asked for; None for the bundled one."""
    from analysis.errors import UsageError
    from analysis.frames import load_codebook
    from analysis.frames.codebook import BUNDLED
    from analysis.frames.models import MINILM_NAMES, folder_of
    from analysis.project import open_project

    if root is None and wanted not in MINILM_NAMES:
        if wanted:
            raise UsageError(
                "--model names a model of a project", remedy="add --project DIR, or leave it out"
            )
        return None
    home = open_project(root).root if root else None
    return folder_of(load_codebook(codebook or BUNDLED), home, wanted)
