"""A model card in words: what the model was made from, how good it is, where it fails."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from scipy.special import expit

from analysis.frames import evaluate, pieces
from analysis.frames.calibrate import Calibrated
from analysis.frames.codebook import Codebook
from analysis.frames.settings import Rates
from analysis.frames.training import counts, training_hash
from analysis.project import DATA

FAILURES = DATA / "models" / "failures.toml"

_FIGURES = ("frame", "positives", "precision", "recall", "f1", "ece")
_CHECKED = ("frame", "positives", "precision", "recall", "f1", "f1_low", "f1_high", "ece")
_GROUPS = ("by", "group", "frame", "positives", "sensitivity", "specificity", "f1")


def markdown(version: str, card: Mapping[str, Any]) -> str:
    """The whole card as Markdown. A figure that is undefined is an en dash."""
    parts = [
        f"# Model {version}",
        str(card.get("summary", "")),
        f"Codebook {card['codebook']['id']} {card['codebook']['version']}, "
        f"hash {card['codebook']['hash']}. Training set {card['training']['hash']}. "
        f"Made with `{card['made_with']}`.",
        "## On the training set, out of fold",
        *_by_unit(card["figures"]),
        "## Training set",
        _table(card["training"]["slices"], tuple(card["training"]["slices"][0])),
        *_second(card.get("second_coding")),
        *_matched(card.get("match")),
        *_measured(card.get("measured"), version),
        *_failures(card),
        "## Settings and versions",
        "\n".join(f"- {name}: {value}" for name, value in card["settings"].items()),
        "\n".join(f"- {name} {value}" for name, value in card["versions"].items()),
    ]
    return "\n\n".join(part for part in parts if part)


def described(
    sentences: pl.DataFrame, coded: pl.DataFrame, book: Codebook, how: Rates, found: Calibrated
) -> dict[str, Any]:
    """What every model's card says of its training set, its settings and its decisions."""
    frames, decisions = book.ids, found.decisions
    return {
        "figures": evaluate.as_rows(found.figures),
        "codebook": {"id": book.id, "version": book.version, "hash": book.hash},
        "training": {
            "hash": training_hash(sentences, coded),
            "sentences": sentences.height + coded.height,
            "pieces": coded["id"].n_unique(),
            "slices": counts(sentences, coded, frames).to_dicts(),
        },
        "settings": how.as_dict(),
        "thresholds": {
            "sentence": _by_frame(frames, expit(decisions.threshold)),
            "piece": _by_frame(frames, expit(decisions.piece_threshold)),
        },
        "piece_rule": {
            "statistics": list(pieces.STATISTICS),
            "weights": _by_frame(frames, decisions.rule),
        },
    }


def _by_frame(frames: Sequence[str], values: Any) -> dict[str, Any]:
    return dict(zip(frames, values.round(4).tolist(), strict=True))


def failures() -> list[dict[str, str]]:
    """Known failures of the bundled model: what happens, an example in our words, and why."""
    found: list[dict[str, str]] = tomllib.loads(FAILURES.read_text(encoding="utf-8"))["failure"]
    return found


def _by_unit(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"By {unit}:\n\n" + _table([row for row in figures if row["unit"] == unit], _FIGURES)
        for unit in dict.fromkeys(row["unit"] for row in figures)
    ]


def _second(rows: Sequence[Mapping[str, Any]] | None) -> list[str]:
    if not rows:
        return []
    return [
        "## Two codings of the training set",
        "A random fifth was coded a second time, by language models that had not seen the first "
        "codes. `python -m analysis.training.second_coding`",
        _table(rows, ("unit", "frame", "units", "share_first", "share_second", "agree", "alpha")),
    ]


def _matched(match: Mapping[str, Any] | None) -> list[str]:
    if match is None:
        return []
    rows = [
        {"frame": frame, "sentence": match["sentence"][frame], "piece": match["piece"][frame]}
        for frame in match["sentence"]
    ]
    return [
        "## Matched to mixed news",
        f"`label` and `evaluate` take this off the log-odds, found on {match['pieces']:,} uncoded "
        f"pieces of real news; a project's build does not. `{match['made_with']}`",
        _table(rows, ("frame", "sentence", "piece")),
    ]


def _measured(found: Mapping[str, Any] | None, version: str) -> list[str]:
    if found is None:
        return []
    parts = ["## On real coverage", f"{found['on']}. `{found['made_with']}`"]
    if found["model"] != version:
        parts.append(f"**Measured on model {found['model']}, not on this one.**")
    for unit in ("piece", "sentence"):
        parts.append(f"By {unit}:\n\n" + _table(found[unit]["frames"], _CHECKED))
    parts.append("By lean of the outlet and kind of news:")
    parts.append(_table(found["piece"]["groups"], _GROUPS))
    parts.append("## What was tried")
    parts.append(_table(found["tried"], tuple(found["tried"][0])))
    parts.append("With a share of the pieces in the manner of coverage:")
    parts.append(_table(found["learning"], tuple(found["learning"][0])))
    return parts


def _failures(card: Mapping[str, Any]) -> list[str]:
    if "measured" not in card:
        return []
    lines = [f"- **{one['what']}** {one['example']} {one['why']}" for one in failures()]
    return ["## Known failures, examples in our words", "\n".join(lines)]


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(_cell(row[name]) for name in columns)} |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}" if value != round(value) or abs(value) <= 1 else f"{value:,.0f}"
    return str(value)
