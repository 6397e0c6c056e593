"""Samples and desks without a corpus."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.coding.ledger import Ledger, open_ledger
from analysis.coding.sessions import Marks

NOW = "2026-11-24T12:00:00.000+00:00"
ALL = {"frames": [], "outlets": [], "topics": [], "from": None, "to": None, "count": "item"}
SPANS = ((0, 0, 8), (1, 0, 20), (2, 21, 50))
CODES = {"safety": True, "trust": False}


def frame(name: str, definition: str = "") -> dict[str, Any]:
    return {
        "id": name,
        "name": name.capitalize(),
        "definition": definition or f"What {name} is.",
        "question": "",
        "include": [],
        "exclude": [],
        "examples": [],
    }


FRAMES = [frame("safety"), frame("trust")]


def add_sample(
    ledger: Ledger,
    name: str = "s1",
    pieces: Sequence[str] = ("a", "b", "c", "d"),
    *,
    overlap: Sequence[str] = (),
    strata: dict[str, tuple[str, float]] | None = None,
) -> None:
    """A sample whose pieces are coded in the order given; `strata`: stratum, probability by piece."""
    strata = strata or {}
    drawn = [(piece, *strata.get(piece, ("all", 0.5))) for piece in pieces]
    table = [
        {
            "stratum": stratum,
            "pieces": round(sum(s == stratum for _, s, _ in drawn) / probability),
            "drawn": sum(s == stratum for _, s, _ in drawn),
            "probability": probability,
        }
        for stratum, probability in sorted({(s, p) for _, s, p in drawn})
    ]
    with ledger.transaction() as work:
        work.run("add_sample", sample=name, created_at=NOW, title="", overlap=0.0)
        work.run(
            "add_draw",
            sample=name,
            draw=1,
            drawn_at=NOW,
            design="proportional",
            budget=len(drawn),
            drawn=len(drawn),
            seed=1,
            scope=json.dumps(ALL),
            contrast="null",
            build="b",
            model="m",
            last_piece=99,
            frame_size=99,
            frame_hash="",
            strata=json.dumps(table),
        )
        work.run_many(
            "add_sample_piece",
            [
                {
                    "sample": name,
                    "piece": piece,
                    "draw": 1,
                    "stratum": stratum,
                    "probability": probability,
                    "place": float(place),
                    "overlap": int(piece in overlap),
                }
                for place, (piece, stratum, probability) in enumerate(drawn)
            ],
        )


def made_ledger(root: Path, **how: Any) -> Ledger:
    ledger = open_ledger(root)
    add_sample(ledger, **how)
    return ledger


def codes(**given: bool | None) -> Marks:
    return Marks({**CODES, **given})


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += dt.timedelta(minutes=minutes)
