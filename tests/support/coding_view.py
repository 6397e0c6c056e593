"""The view Code run without a browser: signing in, and messages as the browser would send them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from analysis.coding.ledger import Ledger, open_ledger
from tests.support.codings import add_sample
from tests.support.views import opened


def sampled(project: Path, pieces: Sequence[str], **how: Any) -> Ledger:
    """The project's ledger with a sample of these pieces in this order."""
    ledger = open_ledger(project)
    add_sample(ledger, pieces=pieces, **how)
    return ledger


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def signed_in(project: Path, name: str = "Anna") -> AppTest:
    app = opened(project, "code")
    app.text_input[0].set_value(name)
    return press(app, "Start coding")


def on_desk(app: AppTest) -> dict[str, Any]:
    """What the browser gets of the desk."""
    desk = next(c for c in app.get("bidi_component") if c.proto.component_name == "framescope_desk")
    found: dict[str, Any] = json.loads(desk.proto.json)
    return found


def has_desk(app: AppTest) -> bool:
    return any(c.proto.component_name == "framescope_desk" for c in app.get("bidi_component"))


def message(
    piece: str,
    kind: str = "commit",
    *,
    id: str = "m1",
    frames: Mapping[str, bool | None],
    sentences: Mapping[str, Sequence[int]] | None = None,
    note: str = "",
) -> dict[str, Any]:
    marks = {"frames": dict(frames), "sentences": dict(sentences or {}), "note": note, "seconds": 3}
    return {"id": id, "kind": kind, "piece": piece, "marks": marks}
