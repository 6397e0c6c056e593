"""The bundled codebook holds what it must; a broken one is told by file and key."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import CodebookError
from analysis.frames import load_codebook

FRAME = '[[frame]]\nid = "one"\ndefinition = "What is at stake."\n'

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def luminance(rgb: np.ndarray) -> float:
    return float(rgb @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    low, high = sorted(luminance(linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]]
    xyz = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def broken(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError) as caught:
        load_codebook(path)
    assert str(path) in str(caught.value)
    assert caught.value.remedy
    return str(caught.value)


def test_bundled_codebook_has_four_complete_frames():
    book = load_codebook()
    assert book.ids == ("safety", "civil_rights", "profiling", "trust")
    for frame in book.frames:
        assert frame.definition
        assert frame.question.endswith("?")
        assert frame.include
        assert frame.exclude
        assert len(frame.examples) >= 2
        assert all(example.why for example in frame.examples)
    assert book.borderline
    assert book.rulings


@pytest.mark.parametrize(("key", "ground"), [("colour", "#FFFFFF"), ("colour_dark", "#0E1117")])
def test_colours_stand_out_and_are_told_apart(key, ground):
    colours = [getattr(frame, key) for frame in load_codebook().frames]
    assert all(contrast(colour, ground) >= 3 for colour in colours)
    for matrix in BLINDNESS.values():
        seen = [lab(np.array(matrix) @ linear(colour)) for colour in colours]
        for one, other in itertools.combinations(seen, 2):
            assert np.linalg.norm(one - other) > 20
    grey = sorted(lab(linear(colour))[0] for colour in colours)
    assert min(np.diff(grey)) > 8


def test_hash_follows_the_words_and_not_the_colours(tmp_path):
    path = tmp_path / "mine.toml"

    def hash_of(text: str) -> str:
        path.write_text('id = "mine"\n' + text, encoding="utf-8")
        return load_codebook(path).hash

    plain = hash_of(FRAME)
    assert hash_of(FRAME + 'colour = "#123456"\n') == plain
    assert hash_of(FRAME.replace("stake", "issue")) != plain


def test_small_codebook_gets_usable_defaults(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('\ufeffid = "mine"\n' + FRAME, encoding="utf-8")
    frame = load_codebook(path).frames[0]
    assert (frame.name, frame.short) == ("One", "One")
    assert frame.colour.startswith("#")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('id = "mine"\n', "no frames"),
        (FRAME, "id is missing"),
        (f'id = "mine"\n{FRAME}{FRAME}', "'one' is used twice"),
        ('id = "mine"\n' + FRAME.replace("one", "One"), "frame 1: id is 'One'"),
        ('id = "mine"\n' + FRAME + 'colour = "blue"\n', "colour is 'blue'"),
        ('id = "mine"\n' + FRAME + "include = 3\n", "include is not a list"),
        ('id = "mine"\n' + FRAME + 'examples = [{ why = "x" }]\n', "example 1: text"),
        ('id = "mine"\n[[frame]]\nid = "one"\n', "definition is missing"),
        ('id = "mine"\ncolor = 1\n' + FRAME, "unknown key 'color'"),
        ('id = "mine\n', "not valid TOML"),
    ],
)
def test_broken_codebooks_are_told_by_key(tmp_path, text, named):
    assert named in broken(tmp_path, text)


def test_missing_file_is_told(tmp_path):
    with pytest.raises(CodebookError, match="no such file"):
        load_codebook(tmp_path / "none.toml")


def test_the_crosswalk_names_frames_and_policy_frames_that_exist():
    import tomllib

    from analysis.project import DATA

    crosswalk = tomllib.loads((DATA / "crosswalk.toml").read_text(encoding="utf-8"))
    known = load_codebook().ids
    assert len(set(crosswalk["policy_frames"])) == 15
    pairs = [(match["frame"], match["policy_frame"]) for match in crosswalk["match"]]
    assert len(set(pairs)) == len(pairs)
    assert {frame for frame, _ in pairs} == set(known)
    assert {policy for _, policy in pairs} <= set(crosswalk["policy_frames"])
    assert {match["degree"] for match in crosswalk["match"]} <= {"main", "part"}
