"""How well voices are told: `python -m tests.bench.voices DATA [--part dev|held|all] [--errors] [--write]`.

DATA is the folder of the real data (gold_dev.parquet). The coded sentences are
tests/support/voices_coded.jsonl; the whole excerpt is read, and quotations are cut to the
sentences that were coded. A found quotation is right when it and a coded one, one to one, share at
least half of the characters of each; "exact" asks that start and end agree. A speaker is right
when it overlaps the coded span or has the same last name (or neither has a speaker). Roles are
counted over quotations found.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from analysis.corpus.voices import Lexicon, extract, load
from analysis.estimates.voice import MEASURED

CODED = Path(__file__).parents[1] / "support" / "voices_coded.jsonl"


@dataclass
class Figures:
    """Counts of coded and found quotations, and of what agrees among the matched."""

    sentences: int = 0
    coded: int = 0
    found: int = 0
    matched: int = 0
    exact: int = 0
    kind: int = 0
    speaker: int = 0
    role: int = 0
    errors: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, float | int]:
        precision = self.matched / max(1, self.found)
        recall = self.matched / max(1, self.coded)
        return {
            "sentences": self.sentences,
            "coded": self.coded,
            "found": self.found,
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "f1": round(2 * self.matched / max(1, self.found + self.coded), 3),
            "exact_f1": round(2 * self.exact / max(1, self.found + self.coded), 3),
            "kind": round(self.kind / max(1, self.matched), 3),
            "speaker": round(self.speaker / max(1, self.matched), 3),
            "role": round(self.role / max(1, self.matched), 3),
        }


def measure(data: Path, part: str = "all", lexicon: Lexicon | None = None) -> Figures:
    """The figures on the coded sentences of a part."""
    words = lexicon or load({}, {})
    pieces = {
        row["id"]: row for row in pl.read_parquet(data / "gold_dev.parquet").iter_rows(named=True)
    }
    figures = Figures()
    by_piece: dict[str, list[dict[str, Any]]] = {}
    for line in CODED.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        if part in ("all", one["part"]):
            by_piece.setdefault(one["piece"], []).append(one)
    for piece, coded in by_piece.items():
        row = pieces[piece]
        spans = [(start, end) for start, end in row["spans"]]
        quotations = extract(row["text"], spans, words)
        for one in coded:
            start, end = spans[one["sentence"] - 1]
            found = [
                {
                    "kind": q.kind, "start": max(q.start, start), "end": min(q.end, end),
                    "speaker": q.speaker, "name": q.name, "role": q.role, "cue": q.cue,
                }
                for q in quotations
                if q.start < end and q.end > start
            ]  # fmt: skip
            compare(row["text"], one, [q for q in found if q["end"] - q["start"] > 2], figures)
    return figures


def compare(text: str, coded: dict[str, Any], found: list[dict[str, Any]], into: Figures) -> None:
    """Adds one sentence's agreement to the figures."""
    gold = coded["quotations"]
    into.sentences += 1
    into.coded += len(gold)
    into.found += len(found)
    pairs = sorted(
        ((_shared(a, b), i, j) for i, a in enumerate(gold) for j, b in enumerate(found)),
        reverse=True,
    )
    of_gold: dict[int, int] = {}
    for shared, i, j in pairs:
        if shared >= 0.5 and i not in of_gold and j not in of_gold.values():
            of_gold[i] = j
    where = f"{coded['piece']} {coded['sentence']}"
    for i, j in of_gold.items():
        a, b = gold[i], found[j]
        into.matched += 1
        into.exact += (a["start"], a["end"]) == (b["start"], b["end"])
        into.kind += a["kind"] == b["kind"]
        same = _same_speaker(text, a["speaker"], b["speaker"], b["name"])
        into.speaker += same
        into.role += a["role"] == b["role"]
        if not same or a["role"] != b["role"]:
            into.errors.append(
                f"{where} WHO {_at(text, a['speaker'])!r} {a['role']} / "
                f"{_at(text, b['speaker'])!r} {b['name']!r} {b['role']}"
            )
    for i, a in enumerate(gold):
        if i not in of_gold:
            into.errors.append(f"{where} MISSED {a['kind']} {text[a['start'] : a['end']]!r}")
    for j, b in enumerate(found):
        if j not in of_gold.values():
            into.errors.append(
                f"{where} EXTRA {b['kind']} {text[b['start'] : b['end']]!r} by {b['name']!r} "
                f"cue {_at(text, b['cue'])!r}"
            )


def _shared(a: dict[str, Any], b: dict[str, Any]) -> float:
    held = min(a["end"], b["end"]) - max(a["start"], b["start"])
    # The kind only decides between two that overlap as much.
    longest = max(a["end"] - a["start"], b["end"] - b["start"])
    return held / longest + (1e-6 if a["kind"] == b["kind"] else 0.0)


def _same_speaker(text: str, coded: Any, found: Any, name: str) -> bool:
    if coded is None or found is None:
        return coded is None and found is None
    if coded[0] < found[1] and found[0] < coded[1]:
        return True
    told = _at(text, coded).split()[-1].strip(".'\u2019").lower()
    return bool(name) and told == name.split()[-1].strip(".'\u2019").lower()


def _at(text: str, span: Any) -> str:
    return text[span[0] : span[1]] if span else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--part", choices=("dev", "held", "all"), default="all")
    parser.add_argument("--errors", action="store_true", help="print each (shows text)")
    parser.add_argument("--write", action="store_true", help="keep the figures in data/")
    args = parser.parse_args()
    if args.write:
        parts = {part: measure(args.data, part).as_dict() for part in ("all", "dev", "held")}
        MEASURED.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")
    figures = measure(args.data, args.part)
    print(json.dumps(figures.as_dict()))
    if args.errors:
        print("\n".join(figures.errors))


if __name__ == "__main__":
    main()
