"""What a coder has seen of pieces after committing them: from then on a coding is blind no more.

A piece's labels are shown only where this says so, and only after it is on the disk that they were;
a coding whose labels were seen can't be taken back (`sessions.Desk`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from analysis.coding.ledger import Ledger, Work


def show_labels(
    ledger: Ledger, coder: str, texts: Mapping[str, Sequence[str]], now: dt.datetime
) -> frozenset[str]:
    """Pieces whose labels the coder must not see yet; of the others it is stored that they do now.

    `texts`: for each piece the ids of all pieces of the same text, its own too. A piece is withheld
    where one of them was drawn for any sample and this coder has not committed it there.
    """
    of = dict.fromkeys(one for same in texts.values() for one in same)
    if not of:
        return frozenset()
    given = {"coder": coder, "pieces": json.dumps(list(of))}
    hidden, fresh = _sorted_out(texts, ledger.rows("standing", **given))
    if not fresh:
        # What was seen once can't be taken back, so that this stays true without a transaction.
        return hidden
    with ledger.transaction() as work:
        hidden, fresh = _sorted_out(texts, work.rows("standing", **given))
        for sample, piece in fresh:
            record(work, sample=sample, piece=piece, coder=coder, now=now)
    return hidden


def _sorted_out(
    texts: Mapping[str, Sequence[str]], rows: Sequence[Mapping[str, object]]
) -> tuple[frozenset[str], list[tuple[str, str]]]:
    """The pieces to withhold; sample and piece of what is shown for the first time."""
    owed = {row["piece"] for row in rows if not row["committed"]}
    hidden = frozenset(piece for piece, same in texts.items() if not owed.isdisjoint(same))
    shown = {one for piece, same in texts.items() if piece not in hidden for one in same}
    fresh = [
        (str(row["sample"]), str(row["piece"]))
        for row in rows
        if row["piece"] in shown and not row["seen"]
    ]
    return hidden, fresh


def record(work: Work, *, sample: str, piece: str, coder: str, now: dt.datetime) -> None:
    """Stores that a coder sees what others said of a piece. The time of the first view is kept."""
    at = now.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    work.run("add_reveal", sample=sample, piece=piece, coder=coder, at=at)
