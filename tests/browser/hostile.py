"""A small corpus whose every field tries to run something, or to pass for markup."""

from __future__ import annotations

import json
from pathlib import Path

from server import framescope

RAN = "window.__ran=true"
# Reading a file strips the markup that it knows; these pass, and the screen has to hold them.
LIVE = f"<svg/onload={RAN}> <video src onerror={RAN}> <details open ontoggle={RAN}>"
MARKDOWN = f"**bold** [click](javascript:{RAN}) ![pixel](http://evil.example/p.png) :red[red] $x^2$"
KNOWN = f"<script>{RAN};alert(1)</script><img src=x onerror='{RAN};alert(2)'>"
OUTLET = '=HYPERLINK("http://evil.example","x")'
OTHER_OUTLET = f"<svg/onload={RAN}>"
TITLES = [f"Marker zero {LIVE}", f"Marker one {MARKDOWN}", f"Marker two {KNOWN} is cleaned"]
BEARING = "The deputies say the deal makes the streets safer and drives down violent crime."


TEXT = f"{BEARING} Body {LIVE} goes on.\n\nThen {MARKDOWN} and {KNOWN} the session closed at noon."


def build(root: Path) -> None:
    """Makes a project of it: init, ingest, build, as a user would."""
    rows = [
        {
            "id": f"h{i:03d}",
            "outlet": OUTLET if i % 2 else OTHER_OUTLET,
            "date": f"2025-06-{i + 1:02d}",
            "url": f"javascript:{RAN}",
            "authors": f"By {LIVE}",
            "title": TITLES[i] if i < len(TITLES) else f"Piece {i} {LIVE}",
            "text": f"{TEXT} Number {i} of {i * 7}.",
        }
        for i in range(24)
    ]
    source = root.parent / "hostile.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    framescope("init", str(root))
    framescope("ingest", str(source), "--project", str(root))
    framescope("build", "--project", str(root))
