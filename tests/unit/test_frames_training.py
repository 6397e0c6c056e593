"""The training sentences are sound, and a bad line is told by file, line and key."""

import json

import pytest

from analysis.errors import CodebookError
from analysis.frames import load_codebook
from analysis.frames.training import counts, load_training, training_hash

GOOD = {"context": "", "text": "A plain one.", "frames": [], "genre": "body", "slice": "mine"}


def write(folder, *rows):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "mine.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_bundled_sentences_cover_every_frame_and_none():
    frames = load_codebook().ids
    table = counts(load_training(frames), frames)
    total = table.sum()
    assert table["slice"].n_unique() == table.height
    for frame in (*frames, "none", "with_context"):
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
    write(tmp_path, GOOD)
    before = training_hash(load_training(["safety"], tmp_path))
    write(tmp_path, GOOD | {"frames": ["safety"]})
    assert training_hash(load_training(["safety"], tmp_path)) != before
