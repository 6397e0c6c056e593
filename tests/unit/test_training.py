"""Own codebooks: reading labels, training, cross-validation, evaluation, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.errors import ModelError, UsageError
from analysis.frames import load_codebook, models
from analysis.frames.evaluate import precision_recall_f1
from analysis.training.crossval import cross_validate, folds_of
from analysis.training.evaluation import evaluation, macro_f1
from analysis.training.labelled import Columns, read_labelled
from analysis.training.train import train

BOOK = """
id = "weather"
version = "1"
title = "Weather"
unit = "a text"

[[frame]]
id = "storm"
name = "Storm"
short = "Storm"
question = "Is it about a storm?"
definition = "Wind and rain."
include = ["wind"]
exclude = ["sun"]

[[frame]]
id = "drought"
name = "Drought"
short = "Drought"
question = "Is it about a drought?"
definition = "No rain."
include = ["dry"]
exclude = ["wet"]
"""

STORM = ["gusts tore roofs off", "the gale flooded the quay", "thunder and hail all night"]
DROUGHT = ["wells ran dry", "the reservoir lies cracked", "farmers wait for rain that won't come"]
NEITHER = ["the council met on Tuesday", "tickets go on sale", "a new bridge opens"]


def texts(count: int, seed: int = 1) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        storm, drought = map(int, rng.random(2) < 0.4)
        parts = [NEITHER[rng.integers(3)]]
        parts += [STORM[rng.integers(3)]] * storm + [DROUGHT[rng.integers(3)]] * drought
        body = ". ".join([f"Report {number} from district {rng.integers(999)}", *parts])
        rows.append(
            {
                "key": f"t{number}",
                "body": body + ".",
                "outlet": f"Paper {number % 6}",
                "date": f"{2001 + number % 3}-05-01",
                "storm": bool(storm),
                "drought": ["no", "Yes "][drought],
                "both": [n for n, there in (("storm", storm), ("drought", drought)) if there],
            }
        )
    return pl.DataFrame(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("own")
    (root / "book.toml").write_text(BOOK, encoding="utf-8")
    texts(160).write_parquet(root / "texts.parquet")
    assert run("init", root / "project").exit_code == 0
    return root


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def read(folder, table, labels, book=True, **columns):
    path = folder / "given.parquet"
    table.write_parquet(path)
    found = load_codebook(folder / "book.toml") if book else None
    return read_labelled(path, Columns(labels, {"text": "body", "id": "key"}, **columns), found)


def test_labels_are_read_in_every_shape(folder):
    table = texts(60)
    named = table.with_columns(
        one=pl.col("both").list.join("; ").replace("", "none"),
    )
    flags = read(folder, table, ["drought", "storm"])
    lists = read(folder, table, ["both"])
    joined = read(folder, named, ["one"])
    assert flags.frames == lists.frames == ("storm", "drought")
    assert flags.truth[:, 0].tolist() == table["storm"].to_list()
    assert (flags.truth == lists.truth).all()
    assert (joined.truth == lists.truth).all()
    assert set(flags.period) == {"2001", "2002", "2003"}
    assert flags.ids[:2] == ["t0", "t1"]


def test_what_is_left_out_is_told(folder):
    table = texts(40).with_columns(
        drought=pl.when(pl.col("key") == "t3").then(None).otherwise("drought"),
        body=pl.when(pl.col("key") == "t5").then(pl.lit(" ")).otherwise("body"),
    )
    table = table.with_columns(
        drought=pl.when(pl.col("key") == "t7").then(pl.lit("False)")).otherwise("drought")
    )
    data = read(folder, pl.concat([table, table.head(2)]), ["storm", "drought"])
    assert len(data.ids) == 40
    assert not {"t3", "t5"} & set(data.ids)
    told = " | ".join(data.notices)
    for words in ("1 rows without a label", "1 rows without text", "“False)” was read as no"):
        assert words in told
    assert "2 texts stand in the table more than once" in told
    assert data.group[0] == data.group[-2]


BAD = [
    ("storm,rain", {}, "no column 'rain'"),
    ("storm", {"storm": pl.lit("hurricane")}, "'hurricane' is not in the codebook"),
    ("storm,drought", {"storm": pl.lit("maybe")}, "neither yes nor no"),
    ("storm,outlet", {"outlet": pl.lit(True)}, "'outlet' is not in the codebook"),
    ("storm,drought", {"storm": pl.lit(False)}, "'storm' can't be learned"),
    ("storm,drought", {"drought": pl.lit(True)}, "'drought' can't be learned"),
    ("both", {"both": pl.lit(None, pl.List(pl.String))}, "no row with a text and a label"),
    ("both", {"both": pl.lit([], pl.List(pl.String))}, "can't be learned"),
]


@pytest.mark.parametrize("command", ["train", "crossval", "evaluate"])
@pytest.mark.parametrize(("labels", "change", "words"), BAD, ids=[words for *_, words in BAD])
def test_bad_labels_get_one_message(folder, tmp_path, command, labels, change, words):
    path = tmp_path / "bad.parquet"
    texts(40).with_columns(**change).write_parquet(path)
    options = ["--labels", labels, "--text", "body", "--codebook", folder / "book.toml"]
    if command == "train":
        options += ["--project", folder / "project"]
    found = run(command, path, *options)
    assert found.exit_code in (1, 2)
    assert "Traceback" not in found.output
    assert found.output.count("Error") == 1
    if command != "evaluate":
        assert words in " ".join(found.output.split())
        assert "What to do" in found.output


def test_a_column_for_each_frame_is_asked_for(folder):
    wide = texts(40).with_columns(other=pl.lit(True))
    path = folder / "wide.parquet"
    wide.write_parquet(path)
    with pytest.raises(UsageError, match="no column is named for the frame 'drought'"):
        read_labelled(
            path,
            Columns(["storm", "storm"], {"text": "body"}),
            load_codebook(folder / "book.toml"),
        )


def test_train_label_and_evaluate_go_together(folder, tmp_path):
    texts(80, seed=9).write_parquet(tmp_path / "more.parquet")
    book, project = folder / "book.toml", folder / "project"
    where = ["--codebook", book, "--project", project]
    labels = ["--labels", "storm,drought", "--text", "body"]
    trained = run("train", folder / "texts.parquet", *where, *labels, "--json")
    assert trained.exit_code == 0, trained.output
    version = json.loads(trained.stdout)["model"]
    assert models.versions(project) == [version]
    names = {one.suffix for one in (project / "models" / version).iterdir()}
    assert names == {".json", ".safetensors"}
    mapped = ["--map", "id=key", "--map", "text=body", "--map", "title="]
    out = tmp_path / "out.parquet"
    given = [tmp_path / "more.parquet", "--out", out, *where, *mapped]
    labelled = run("label", *given, "--model", version[:6])
    assert labelled.exit_code == 0, labelled.output
    told = pl.read_parquet(out)
    truth = texts(80, seed=9)
    for frame in ("storm", "drought"):
        there = np.array([frame in found for found in truth["both"]])
        assert precision_recall_f1(there, told[f"{frame}_present"].to_numpy())[2] > 0.9
    judged = run("evaluate", tmp_path / "more.parquet", *where, *labels, "--json")
    figures = json.loads(judged.stdout)
    assert figures["model"] == version
    assert figures["piece"]["macro_f1"] > 0.9
    again = train(
        read_labelled(
            folder / "texts.parquet",
            Columns(["storm", "drought"], {"text": "body"}),
            load_codebook(book),
        ),
        load_codebook(book),
    )
    assert again.version == version


def test_an_unknown_model_is_refused(folder):
    found = run(
        "label", folder / "texts.parquet", "--out", folder / "o.csv", "--project",
        folder / "project", "--codebook", folder / "book.toml", "--model", "ffffffffffff",
        "--map", "text=body", "--map", "id=key", "--map", "title=",
    )  # fmt: skip
    assert found.exit_code == 1
    assert "there is no model 'ffffffffffff'" in found.output
    assert not (folder / "o.csv").exists()
    with pytest.raises(ModelError):
        models.folder_of(load_codebook(), folder / "project", "0" * 12)


def test_equal_texts_share_a_fold_and_outlets_are_held_out(folder):
    table = texts(90)
    table = pl.concat([table, table.head(20).with_columns(outlet=pl.lit("Copyist"))])
    data = read(folder, table, ["storm", "drought"])
    fold = folds_of(data, 5, 3, by_outlet=False)
    for group in np.unique(data.group):
        assert len(set(fold[data.group == group])) == 1
    assert set(fold) == set(range(5))
    assert (folds_of(data, 5, 3, by_outlet=False) == fold).all()
    by_outlet = folds_of(data, 3, 3, by_outlet=True)
    for outlet in set(data.outlet):
        assert len(set(by_outlet[np.array(data.outlet) == outlet])) == 1
    with pytest.raises(UsageError, match="too few"):
        folds_of(data, 20, 3, by_outlet=True)


def test_cross_validation_finds_what_is_there_and_nothing_where_there_is_nothing(folder):
    data = read(folder, texts(120), ["storm", "drought"])
    found = cross_validate(data, folds=3)
    assert all(macro_f1(data.truth[:, f], found.decided[:, f]) > 0.9 for f in range(2))
    rng = np.random.default_rng(0)
    data.truth[:] = rng.random(data.truth.shape) < 0.4
    lost = cross_validate(data, folds=3)
    assert all(macro_f1(data.truth[:, f], lost.decided[:, f]) < 0.66 for f in range(2))


def test_an_evaluation_counts_right():
    truth = np.array([[1], [1], [0], [0], [1], [0]], bool)
    decided = np.array([[1], [0], [1], [0], [1], [0]], bool)
    scores = np.array([[0.9], [0.4], [0.6], [0.1], [0.8], [0.2]])
    found = evaluation(
        ["a"],
        truth,
        scores,
        decided,
        by={"g": ["x"] * 6},
        ids=list("abcdef"),
        titles=list("ABCDEF"),
    )
    row = found.frames.row(0, named=True)
    assert (row["tp"], row["fp"], row["fn"], row["tn"]) == (2, 1, 1, 2)
    assert row["f1"] == pytest.approx(2 / 3)
    assert row["macro_f1"] == pytest.approx(2 / 3)
    assert row["f1_low"] < row["f1"] < row["f1_high"]
    assert found.groups.height == 0
    assert found.errors["id"].to_list() == ["b", "c"]
    assert found.curve["pieces"].sum() == 6


def test_intervals_cover():
    """95 % intervals of F1 hold the F1 of the population in about 95 of 100 samples."""
    rng = np.random.default_rng(4)
    truth = rng.random(20_000) < 0.3
    decided = np.where(truth, rng.random(20_000) < 0.7, rng.random(20_000) < 0.1)
    true_f1 = precision_recall_f1(truth, decided)[2]
    hits = 0
    for number in range(100):
        rows = rng.choice(20_000, 200, replace=False)
        row = evaluation(
            ["a"], truth[rows, None], np.zeros((200, 1)), decided[rows, None], seed=number
        ).frames.row(0, named=True)
        hits += row["f1_low"] <= true_f1 <= row["f1_high"]
    assert 88 <= hits <= 100
