"""The bundled model: it is what it says it is, scores as it explains, and decides consistently."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from analysis.corpus.sentences import spans_of, spans_of_all
from analysis.errors import ModelError
from analysis.frames import load_codebook, load_model
from analysis.frames import match as matching
from analysis.frames.evaluate import evaluate, macro_f1
from analysis.frames.explain import explain, nearest_training
from analysis.frames.fit import fit
from analysis.frames.model import BUNDLED, save_model
from analysis.frames.models import MEASURED
from analysis.frames.pieces import dominant
from analysis.frames.settings import BUNDLED_SETTINGS
from analysis.frames.training import load_pieces, load_training, training_hash

TITLES = [
    "County deputies accused of stopping drivers who look Hispanic",
    "",
    "Library opens new reading room",
    "Man shot dead outside convenience store, police search for gunman",
]
TEXTS = [
    "A lawsuit says deputies pulled over Latino drivers without cause. The sheriff denied it. "
    "Residents said that they no longer trust the department or call it for help.",
    "Prosecutors said the gang terrorized the neighborhood with robberies and killings. It rained.",
    "The room holds 40 chairs. It opens at nine. Coffee is sold by the door.",
    "",
]


@pytest.fixture(scope="module")
def model():
    return load_model(load_codebook())


@pytest.fixture(scope="module")
def spans():
    return spans_of_all(TEXTS)


@pytest.fixture(scope="module")
def scored(model, spans):
    return model.score(TITLES, TEXTS, spans)


def test_model_was_made_from_the_present_codebook_and_sentences(model):
    remedy = "run: python -m analysis.frames.fit"
    book = load_codebook()
    assert model.card["codebook"]["hash"] == book.hash, remedy
    assert model.card["training"]["hash"] == training_hash(
        load_training(book.ids), load_pieces(book.ids)
    ), remedy


def test_model_was_matched_to_real_coverage(model):
    match = next((one for one in matching.stored() if one.model == model.version), None)
    assert match is not None, f"run: {matching.COMMAND}"
    assert matching.matched(model).card["match"]["sentence"] == match.sentence
    assert set(match.sentence) == set(match.piece) == set(model.frames)


def test_a_match_makes_shares_what_they_are_known_to_be(model):
    texts = pl.DataFrame(
        {"title": TITLES * 40, "text": [f"{n} {t}" for n in range(40) for t in TEXTS]}
    )
    rates = dict.fromkeys(model.frames, 0.3)
    found = matching.applied(model, matching.find(model, texts, rates, rates)).score(
        TITLES * 40, texts["text"].to_list(), spans_of_all(texts["text"].to_list())
    )
    there = np.isfinite(found.logits).all(axis=1)
    said = (found.logits[there] >= model.decisions.threshold).mean(axis=0)
    assert said == pytest.approx([0.3] * len(said), abs=0.11)
    assert found.piece_present.mean(axis=0) == pytest.approx([0.3] * len(said), abs=0.2)


def test_a_match_of_another_model_changes_nothing(model, tmp_path):
    path = tmp_path / "matched.json"
    one = dict.fromkeys(model.frames, 1.0)
    other = asdict(matching.Match("another", 5, one, one))
    path.write_text(json.dumps([other]), encoding="utf-8")
    assert matching.matched(model, path) is model
    assert matching.matched(model, tmp_path / "none.json") is model


def test_artefact_is_small_and_not_pickled():
    files = list(BUNDLED.iterdir())
    assert {path.name for path in files} <= {"model.json", "weights.safetensors", MEASURED}
    assert sum(path.stat().st_size for path in files) < 2_500_000


@pytest.mark.refit
def test_fitting_again_gives_the_same_decisions(model, spans, scored):
    book = load_codebook()
    again = fit(load_training(book.ids), load_pieces(book.ids), book, BUNDLED_SETTINGS)
    found = again.score(TITLES, TEXTS, spans)
    assert found.present.tolist() == scored.present.tolist()
    assert found.piece_present.tolist() == scored.piece_present.tolist()
    assert found.logits == pytest.approx(scored.logits, abs=1e-3)
    assert again.card["thresholds"] == model.card["thresholds"]


def test_saved_model_scores_the_same(model, spans, scored, tmp_path):
    save_model(model, tmp_path)
    again = load_model(load_codebook(), tmp_path)
    assert again.version == model.version
    assert np.array_equal(again.score(TITLES, TEXTS, spans).logits, scored.logits)


def test_explanation_sums_to_the_score(model, spans, scored):
    for piece, (title, text, found) in enumerate(zip(TITLES, TEXTS, spans, strict=True)):
        for sentence in range(0 if title else 1, len(found) + 1):
            parts = explain(model, title, text, found, sentence)
            sums = parts.group_by("frame", maintain_order=True).agg(pl.col("contribution").sum())
            row = scored.starts[piece] + sentence
            assert tuple(sums["frame"]) == model.frames
            assert sums["contribution"].to_numpy() == pytest.approx(scored.logits[row], abs=1e-6)
            assert expit(sums["contribution"].to_numpy()) == pytest.approx(scored.scores[row])


def test_explanation_names_words_of_the_sentence_only(model, spans):
    parts = explain(model, TITLES[0], TEXTS[0], spans[0], 2)
    words = set(parts.filter(source="word")["what"])
    assert {"sheriff", "denied", "denied it"} & words
    assert "lawsuit" not in words
    context = set(parts.filter(source="context")["what"])
    assert "deputies" in context
    piece = set(parts.filter(source="piece")["what"])
    assert {"lawsuit", "deputies", "sheriff"} <= piece
    with pytest.raises(IndexError):
        explain(model, TITLES[0], TEXTS[0], spans[0], 9)


def test_nearest_training_finds_a_training_sentence_itself(model):
    sentence = load_training(model.frames)["text"][10]
    found = nearest_training(sentence, model.frames)
    assert found["text"][0] == sentence
    assert found["similarity"][0] == pytest.approx(1, abs=1e-5)
    assert found.height == 3


def test_batches_do_not_change_scores(model, spans, scored):
    for piece in range(len(TITLES)):
        alone = model.score([TITLES[piece]], [TEXTS[piece]], [spans[piece]])
        rows = slice(scored.starts[piece], scored.starts[piece + 1])
        assert alone.logits == pytest.approx(scored.logits[rows], abs=1e-5)


def test_a_piece_carries_a_frame_if_and_only_if_a_sentence_does(scored):
    by_piece = np.logical_or.reduceat(scored.present, scored.starts[:-1], axis=0)
    assert by_piece.tolist() == scored.piece_present.tolist()


def test_plain_cases_come_out_as_they_should(model, scored):
    present = pl.DataFrame(scored.piece_present, schema=list(model.frames))
    assert present["profiling"][0]
    assert present["safety"][1]
    assert present["safety"][3]
    assert not any(present.row(2))


def test_empty_headline_is_absent_with_score_zero(scored):
    row = scored.starts[1]
    assert not scored.present[row].any()
    assert (scored.scores[row] == 0).all()
    long = scored.sentences_long(pl.Series([7, 8, 9, 10]))
    assert long.filter(piece_key=8, sentence=0)["score"].to_list() == [0.0] * 4


def test_nothing_at_all_scores_zero(model):
    found = model.score(["", "  "], ["", "x"], [[], []])
    assert (found.piece_scores == 0).all()
    assert not found.piece_present.any()
    none = model.score([], [], [])
    assert none.sentences_long(pl.Series([], dtype=pl.Int32)).height == 0
    assert none.pieces_long(pl.Series([], dtype=pl.Int32)).height == 0


def test_long_tables_have_the_schema_of_the_store(scored, spans):
    keys = pl.Series([11, 12, 13, 14])
    sentences = scored.sentences_long(keys)
    assert dict(sentences.schema) == {
        "piece_key": pl.Int32,
        "sentence": pl.Int32,
        "frame": pl.String,
        "score": pl.Float32,
        "present": pl.Boolean,
    }
    assert sentences.height == 4 * (len(TITLES) + sum(map(len, spans)))
    assert not sentences.select("piece_key", "sentence", "frame").is_duplicated().any()
    pieces = scored.pieces_long(keys)
    assert dict(pieces.schema) == {
        "piece_key": pl.Int32,
        "frame": pl.String,
        "score": pl.Float32,
        "present": pl.Boolean,
    }
    third = pieces.filter(piece_key=13)
    assert third["score"].to_numpy() == pytest.approx(scored.piece_scores[2], abs=1e-6)


def test_endless_lines_and_odd_characters_are_scored(model):
    endless = "police " * 50_000
    found = model.score([endless], [endless + "\x00\ud83d\ude00"], [[(0, len(endless))]])
    assert np.isfinite(found.logits).all()


def test_a_thin_frame_does_not_dominate():
    starts = np.array([0, 10, 20, 20 + 3])
    present = np.zeros((23, 2), bool)
    present[0, 0] = True
    present[10:15, 0] = present[10:13, 1] = True
    scores = np.array([[0.9, 0.1], [0.7, 0.8], [0.2, 0.1]])
    assert dominant(scores, present, starts).tolist() == [-1, 1, -1]


def test_other_codebook_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('id = "mine"\n[[frame]]\nid = "a"\ndefinition = "b"\n', encoding="utf-8")
    with pytest.raises(ModelError, match="framescope train"):
        load_model(load_codebook(path))


def test_missing_and_damaged_models_are_told(tmp_path, model):
    with pytest.raises(ModelError, match="no model"):
        load_model(load_codebook(), tmp_path)
    save_model(model, tmp_path)
    (tmp_path / "weights.safetensors").write_bytes(b"broken")
    with pytest.raises(ModelError, match="can't be read"):
        load_model(load_codebook(), tmp_path)


REAL = os.environ.get("FRAMESCOPE_REAL_DATA", "")


@pytest.mark.skipif(not REAL, reason="FRAMESCOPE_REAL_DATA is not set")
def test_real_excerpts_are_coded_far_better_than_chance(model):
    gold = pl.read_parquet(Path(REAL) / "gold_dev.parquet")
    found = model.score(
        gold["title"].to_list(),
        gold["text"].to_list(),
        [[(a, b) for a, b in spans] for spans in gold["spans"].to_list()],
    )
    truth = gold.select(model.frames).to_numpy().astype(bool)
    everything = macro_f1(evaluate(model.frames, truth, truth * 1.0, truth | True))
    reached = evaluate(model.frames, truth, found.piece_scores, found.piece_present)
    assert macro_f1(reached) > everything + 0.1


@pytest.mark.skipif(not REAL, reason="FRAMESCOPE_REAL_DATA is not set")
def test_matched_to_mixed_news_it_does_as_well_as_the_card_says(model):
    gold = pl.read_parquet(Path(REAL) / "gold_dev.parquet")
    spans = [[(a, b) for a, b in found] for found in gold["spans"].to_list()]
    found = matching.matched(model).score(gold["title"].to_list(), gold["text"].to_list(), spans)
    truth = gold.select(model.frames).to_numpy().astype(bool)
    table = evaluate(model.frames, truth, found.piece_scores, found.piece_present)
    stored = pl.DataFrame(model.card["measured"]["piece"]["frames"])
    assert model.card["measured"]["model"] == model.version, "run: python -m tests.bench.frames"
    assert table["f1"].round(2).to_list() == pytest.approx(stored["f1"].round(2), abs=0.02)
    assert (table["ece"] <= 0.06).all()
    assert macro_f1(table) > 0.65


def test_spans_of_the_project_fit(model):
    text = "One. Two."
    assert len(model.score(["T"], [text], [spans_of(text)]).logits) == 3
