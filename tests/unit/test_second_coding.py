"""The second coding of the training set fits it, and its agreement is what is stored."""

import json

import polars as pl
import pytest

from analysis.errors import CodebookError
from analysis.frames import load_codebook
from analysis.frames.training import AGREEMENT, load_pieces, load_training
from analysis.training.second_coding import agreement, both


@pytest.fixture(scope="module")
def coded():
    return both(load_codebook().ids)


def test_a_fifth_was_coded_twice(coded):
    frames = load_codebook().ids
    units = load_pieces(frames)["id"].n_unique() + load_training(frames).height
    assert 0.17 <= coded["id"].n_unique() / units <= 0.23


def test_the_stored_agreement_is_what_the_codes_say(coded):
    stored = pl.DataFrame(json.loads(AGREEMENT.read_text(encoding="utf-8")))
    found = agreement(coded, load_codebook().ids).with_columns(pl.selectors.float().round(3))
    assert found.equals(stored), "run: python -m analysis.training.second_coding"
    assert (found["alpha"] >= 0.667).all()


def test_alpha_is_krippendorffs():
    # Krippendorff 2011, "Computing Krippendorff's alpha-reliability", example A: two coders, ten
    # units, nominal alpha .095.
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    table = pl.DataFrame(
        {
            "id": [str(n) for n in range(10)],
            "position": [0] * 10,
            "first": [["a"] * one for one in first],
            "second": [["a"] * one for one in second],
        },
        schema_overrides={"first": pl.List(pl.String), "second": pl.List(pl.String)},
    )
    found = agreement(table, ["a", "b"])
    assert found["alpha"].to_list()[:1] == pytest.approx([0.095], abs=0.001)
    assert found["agree"].to_list()[:1] == pytest.approx([0.6])
    assert found.filter(frame="b")["alpha"].to_list() == [None, None]


def test_codes_that_do_not_fit_are_told(tmp_path):
    (tmp_path / "pieces").mkdir()
    (tmp_path / "second_coding").mkdir()
    line = {"context": "", "text": "One.", "frames": [], "genre": "body", "slice": "mine"}
    (tmp_path / "mine.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    codes = tmp_path / "second_coding" / "codes.jsonl"
    codes.write_text('{"id": "mine:1", "frames": [["safety"]]}\n', encoding="utf-8")
    assert both(["safety"], tmp_path)["second"].to_list() == [["safety"]]
    codes.write_text('{"id": "mine:1", "frames": [[], []]}\n', encoding="utf-8")
    with pytest.raises(CodebookError, match="mine:1"):
        both(["safety"], tmp_path)
    codes.write_text('{"id": "mine:7", "frames": [[]]}\n', encoding="utf-8")
    with pytest.raises(CodebookError, match="mine:7"):
        both(["safety"], tmp_path)
