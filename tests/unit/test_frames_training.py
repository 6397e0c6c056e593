"""The training sentences are sound, and a bad line is told by file, line and key."""

import json
import os
import re
import tomllib
from pathlib import Path

import polars as pl
import pytest

from analysis.errors import CodebookError
from analysis.frames import load_codebook
from analysis.frames.examples import Examples
from analysis.frames.training import counts, load_pieces, load_training, training_hash
from analysis.project import DATA

REAL = os.environ.get("FRAMESCOPE_REAL_DATA", "")

GOOD = {"context": "", "text": "A plain one.", "frames": [], "genre": "body", "slice": "mine"}


def write(folder, *rows):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "mine.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def bundled():
    """Sentences and pieces of the training set."""
    frames = load_codebook().ids
    return load_training(frames), load_pieces(frames)


@pytest.fixture(scope="module")
def texts(bundled):
    return [text for table in bundled for text in table["text"]]


@pytest.fixture(scope="module")
def training_runs(texts):
    return set().union(*map(runs, texts))


def test_bundled_sentences_cover_every_frame_and_none(bundled):
    frames = load_codebook().ids
    table = counts(*bundled, frames)
    total = table.sum()
    assert table["slice"].n_unique() == table.height
    assert total["pieces"][0] >= 90
    for frame in (*frames, "none"):
        assert total[frame][0] > 100


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("{not json", "not valid JSON"),
        ({"text": "x"}, "keys don't fit"),
        (GOOD | {"text": " "}, "'text' is empty"),
        (GOOD | {"text": 3}, "'text' is not a text"),
        (GOOD | {"frames": ["luck"]}, "unknown frame 'luck'"),
        (GOOD | {"frames": "safety"}, "'frames' is not a list"),
        (GOOD | {"genre": "poem"}, "genre is 'poem'"),
        (GOOD | {"slice": "other"}, "slice is 'other'"),
        (GOOD, "same sentence"),
    ],
)
def test_bad_line_is_told_with_its_place(tmp_path, row, named):
    write(tmp_path, GOOD, row)
    with pytest.raises(CodebookError, match="line 2") as caught:
        load_training(["safety"], tmp_path)
    assert named in str(caught.value)


def test_empty_folder_is_told(tmp_path):
    with pytest.raises(CodebookError, match="no training sentences"):
        load_training(["safety"], tmp_path)


def test_hash_follows_the_codes(tmp_path):
    def found():
        return training_hash(load_training(["safety"], tmp_path), load_pieces(["safety"], tmp_path))

    write(tmp_path, GOOD)
    write_piece(tmp_path, PIECE)
    before = found()
    write(tmp_path, GOOD | {"frames": ["safety"]})
    changed = found()
    assert changed != before
    write_piece(tmp_path, PIECE | {"headline_frames": ["safety"]})
    assert found() not in (before, changed)


PIECE = {
    "id": "a-01",
    "style": "wire",
    "lean": "center",
    "headline": "A headline",
    "headline_frames": [],
    "sentences": [{"text": "One.", "frames": ["safety"]}, {"text": "Two.", "frames": []}],
}


def write_piece(folder, *rows):
    (folder / "pieces").mkdir(exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "pieces" / "mine.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("{not json", "not valid JSON"),
        ({"text": "x"}, "keys don't fit"),
        (PIECE, "is taken by"),
        (PIECE | {"id": "b", "headline": " "}, "sentence 0 is empty"),
        (PIECE | {"id": "b", "headline_frames": "safety"}, "not a list"),
        (PIECE | {"id": "b", "sentences": ["One."]}, "not a list of texts"),
        (PIECE | {"id": "b", "sentences": [{"text": "", "frames": []}]}, "sentence 1 is empty"),
        (PIECE | {"id": "b", "sentences": [{"text": "A", "frames": ["luck"]}]}, "'luck'"),
    ],
)
def test_bad_piece_is_told_with_its_place(tmp_path, row, named):
    write_piece(tmp_path, PIECE, row)
    with pytest.raises(CodebookError, match="line 2") as caught:
        load_pieces(["safety"], tmp_path)
    assert named in str(caught.value)


def test_examples_are_laid_out_as_pieces(tmp_path):
    write(tmp_path, GOOD | {"context": "Above.", "frames": ["safety"]}, GOOD)
    write_piece(tmp_path, PIECE)
    found = Examples.of(
        load_training(["safety"], tmp_path), load_pieces(["safety"], tmp_path), ["safety"]
    )
    assert found.texts == [
        "Above.",
        "A plain one.",
        "",
        "A plain one.",
        "A headline",
        "One.",
        "Two.",
    ]
    assert found.starts.tolist() == [0, 2, 4, 7]
    assert found.coded.tolist() == [False, True, False, True, True, True, True]
    assert found.truth[:, 0].tolist() == [False, True, False, False, False, True, False]
    assert found.whole.tolist() == [False, False, True]
    folds = found.folds(3)
    assert len(set(folds[4:])) == 1


def runs(text, size=8):
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def test_no_sentence_is_a_near_duplicate_of_another(texts):
    seen = {}
    close = 0
    for number, text in enumerate(texts):
        own = runs(text, 6)
        others = [seen[run] for run in own if run in seen and seen[run] != number]
        if own and len(others) > 0.5 * len(own):
            close += 1
        for run in own:
            seen.setdefault(run, number)
    assert close <= 0.005 * len(texts)


def test_training_shares_nothing_with_the_teaching_corpus(training_runs):
    for path in (DATA / "demo" / "paragraphs").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            shared = runs(json.loads(line)["text"]) & training_runs
            assert not shared, (path.name, shared)


@pytest.mark.skipif(not REAL, reason="FRAMESCOPE_REAL_DATA is not set")
def test_training_shares_nothing_with_the_coded_excerpts(training_runs):
    gold = pl.read_parquet(Path(REAL) / "gold_dev.parquet")
    shared = [run for text in gold["text"] for run in runs(text) & training_runs]
    # Eight words of a common phrase may meet by chance, a sentence may not.
    assert len(shared) <= 3, shared


def test_every_slice_has_its_provenance(bundled):
    told = tomllib.loads((DATA / "training" / "provenance.toml").read_text(encoding="utf-8"))
    named = [name for entry in told["file"] for name in entry["slices"]]
    slices = {name for table in bundled for name in table["slice"].unique()}
    assert len(named) == len(set(named))
    assert slices == set(named)
