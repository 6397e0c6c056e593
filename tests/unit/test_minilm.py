"""The extra: told when it is missing, and behind the same interface when it is there."""

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.corpus import minilm
from analysis.corpus.sentences import spans_of_all
from analysis.frames import load_codebook, models
from analysis.frames.encoders import STATIC, encode
from analysis.frames.explain import explain

TEXT = "A lawsuit says deputies pulled over Latino drivers. The sheriff denied it. It rained."

missing = pytest.mark.skipif(minilm.installed(), reason="the extra is installed")
there = pytest.mark.skipif(not minilm.installed(), reason="the extra is not installed")


@missing
@pytest.mark.parametrize(
    "words",
    [
        ["label", "in.csv", "--out", "out.csv", "--model", "transformer"],
        ["evaluate", "in.csv", "--labels", "safety", "--model", "minilm"],
        ["card", "--model", "transformer"],
        ["crossval", "in.csv", "--labels", "storm", "--transformer"],
    ],
)
def test_a_missing_extra_is_told_with_what_to_do(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{n},Text {n} of the gale,{n % 2}\n" for n in range(40))
    (tmp_path / "in.csv").write_text("id,text,storm\n" + rows, encoding="utf-8")
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1, done.output
    assert "--extra transformer" in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "out.csv").exists()


def test_empty_sentences_have_no_direction():
    found = encode(STATIC, ["", "  ", "A sentence."])
    assert not found[:2].any()
    assert np.linalg.norm(found[2]) == pytest.approx(1, abs=1e-5)


@there
def test_vectors_are_of_length_one_whatever_stands_beside():
    texts = ["Police said.", "A much longer sentence about a council that met. " * 4, ""]
    found = minilm.embed(texts)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
    assert minilm.embed(texts[:1])[0] == pytest.approx(found[0], abs=1e-5)


@there
def test_its_model_scores_and_explains_like_the_light_one():
    model = models.load_model(load_codebook(), models.BUNDLED_MINILM)
    spans = spans_of_all([TEXT])
    scored = model.score(["Deputies sued over stops"], [TEXT], spans)
    parts = explain(model, "Deputies sued over stops", TEXT, spans[0], 1)
    for f, frame in enumerate(model.frames):
        total = parts.filter(frame=frame)["contribution"].sum()
        assert total == pytest.approx(scored.logits[1, f], abs=1e-6)
    assert models.stored(model.version) is not None
