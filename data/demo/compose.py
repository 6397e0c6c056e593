"""Composes the teaching corpus from its paragraphs, and writes down what was planted.

    uv run python data/demo/compose.py            writes pieces.jsonl, truth_pieces.csv, truth.json
    uv run python data/demo/compose.py --check    fails when the files are not what it would write

A piece is a headline, a lead and body paragraphs of one dated event of a story line. Which frames
it carries is drawn from its outlet's mix (outlets.toml); the paragraphs, each coded by its writer,
are then chosen to carry exactly those. Copies of the wire are altered as newsrooms alter them.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import json
import random
import re
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FRAMES = ("safety", "civil_rights", "profiling", "trust")
SEED = 20250617
WIRE = "Gulf Wire Service"
MISMATCH = 0.06
# More common text than this and two pieces on the same event would be copies.
MOST_SHARED = 0.55
Row = dict[str, Any]


def paragraphs() -> list[Row]:
    rows = []
    for path in sorted((HERE / "paragraphs").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            rows.append(json.loads(line))
    return rows


class Pool:
    """Paragraphs of a beat by kind and exact frame set; the least used one is taken next."""

    def __init__(self, rows: list[Row], rng: random.Random) -> None:
        self.rng = rng
        self.by_key: dict[tuple[str, int, str, frozenset[str]], list[Row]] = defaultdict(list)
        self.used: Counter[int] = Counter()
        for row in rows:
            key = (row["story"], row["beat"], row["kind"], frozenset(row["frames"]))
            self.by_key[key].append(row)

    def take(
        self, story: str, beat: int, kind: str, frames: frozenset[str], bar: set[int]
    ) -> Row | None:
        found = [r for r in self.by_key[(story, beat, kind, frames)] if id(r) not in bar]
        if not found:
            return None
        least = min(self.used[id(r)] for r in found)
        row = self.rng.choice([r for r in found if self.used[id(r)] == least])
        self.used[id(row)] += 1
        bar.add(id(row))
        return row


def compose() -> tuple[list[Row], list[Row], Row]:
    rng = random.Random(SEED)
    plan = tomllib.loads((HERE / "outlets.toml").read_text(encoding="utf-8"))
    stories: dict[str, Row] = json.loads((HERE / "stories.json").read_text(encoding="utf-8"))
    pool = Pool(paragraphs(), rng)
    drafts: list[Row] = []
    owed: dict[tuple[str, bool, str], float] = defaultdict(float)
    for story, about in stories.items():
        for beat, described in enumerate(about["beats"], 1):
            day = dt.date.fromisoformat(described[:10])
            wire: Row | None = None
            for outlet in sorted(plan["outlet"], key=lambda o: o["name"] != WIRE):
                if rng.random() > outlet["rate"]:
                    continue
                date = day + dt.timedelta(days=rng.choice([0, 0, 1, 1, 2]))
                gap = outlet.get("gap")
                if gap and gap[0] <= date <= gap[1]:
                    continue
                if wire is not None and rng.random() < outlet["wire"]:
                    drafts.append(_copy(wire, outlet, max(date, wire["date"]), rng, pool))
                    continue
                if about["kind"] == "N" and rng.random() < 0.12:
                    continue
                wanted = _wanted(about, outlet, date >= plan["shift_day"], owed, rng)
                draft = _distinct(story, about, beat, outlet, date, wanted, pool, rng, drafts)
                if draft is None:
                    owed.update(
                        {
                            (outlet["name"], date >= plan["shift_day"], f): owed[
                                (outlet["name"], date >= plan["shift_day"], f)
                            ]
                            + 1
                            for f in wanted
                        }
                    )
                    continue
                drafts.append(draft)
                if outlet["name"] == WIRE:
                    wire = draft
    drafts.sort(key=lambda d: (d["date"], d["story"], d["beat"], d["outlet"]))
    for number, draft in enumerate(drafts, 1):
        draft["id"] = f"d{number:04d}"
    rows = [_row(draft, plan, rng) for draft in drafts]
    _dirty(rows, drafts, rng)
    return rows, [_truth(draft) for draft in drafts], _summary(drafts, plan)


def _chance(outlet: Row, frame: str, after: bool) -> float:
    share = outlet["frames"][frame]
    return float(share[after] if isinstance(share, list) else share)


def _wanted(
    about: Row,
    outlet: Row,
    after: bool,
    owed: dict[tuple[str, bool, str], float],
    rng: random.Random,
) -> set[str]:
    """Draws the frames of a piece; what an outlet is behind or ahead of its mix is made good."""
    if about["kind"] == "N":
        return set()
    wanted = set()
    for frame in FRAMES:
        key = (outlet["name"], after, frame)
        chance = _chance(outlet, frame, after)
        hit = rng.random() < chance + 0.4 * owed[key]
        owed[key] += chance - hit
        if hit:
            wanted.add(frame)
    return wanted


def _distinct(
    story: str,
    about: Row,
    beat: int,
    outlet: Row,
    date: dt.date,
    wanted: set[str],
    pool: Pool,
    rng: random.Random,
    drafts: list[Row],
) -> Row | None:
    """Of several tries the piece that shares least of its text with others on the same event;
    None when all share too much."""
    others = [
        {p["text"] for p in d["body"]} for d in drafts if d["story"] == story and d["beat"] == beat
    ]

    def shared(draft: Row) -> float:
        mine = {p["text"]: len(p["text"]) for p in draft["body"]}
        whole = sum(mine.values())
        return max(
            (
                sum(n for t, n in mine.items() if t in other) / min(whole, sum(map(len, other)))
                for other in others
            ),
            default=0.0,
        )

    best: Row | None = None
    for _ in range(60):
        used = pool.used.copy()
        draft = _original(story, about, beat, outlet, date, set(wanted), pool, rng)
        if best is None or shared(draft) < shared(best):
            best, kept = draft, pool.used
        pool.used = used
        if shared(best) <= 0.25:
            break
    if shared(best) > MOST_SHARED:
        return None
    pool.used = kept
    return best


def _original(
    story: str,
    about: Row,
    beat: int,
    outlet: Row,
    date: dt.date,
    wanted: set[str],
    pool: Pool,
    rng: random.Random,
) -> Row:
    bar: set[int] = set()
    body = [_must(pool.take(story, beat, "lead", frozenset(), bar))]
    middle: list[Row] = []
    left = set(wanted)
    pairs = [frozenset((a, b)) for a in sorted(left) for b in sorted(left) if a < b]
    rng.shuffle(pairs)
    for pair in pairs:
        if pair <= left and rng.random() < 0.5:
            both = pool.take(story, beat, "body", pair, bar)
            if both:
                middle.append(both)
                left -= pair
    for frame in sorted(left):
        middle.append(_must(pool.take(story, beat, "body", frozenset((frame,)), bar)))
    if wanted and len(middle) < 3 and rng.random() < 0.5:
        extra = pool.take(story, beat, "body", frozenset((rng.choice(sorted(wanted)),)), bar)
        middle += [extra] if extra else []
    while len(middle) < 3 or rng.random() < 0.35:
        plain = pool.take(story, beat, "body", frozenset(), bar)
        if plain is None or len(middle) >= 5:
            break
        middle.append(plain)
    rng.shuffle(middle)
    body += middle
    if rng.random() < 0.55:
        background = pool.take(story, 0, "background", frozenset(), bar)
        body += [background] if background else []
    carried = sorted({f for p in body for f in p["frames"]})
    mismatch = about["kind"] == "F" and len(carried) < 4 and rng.random() < MISMATCH
    if mismatch:
        promised = {rng.choice([f for f in FRAMES if f not in carried])}
    elif carried and rng.random() < 0.6:
        promised = {rng.choice(carried)}
    else:
        promised = set()
    headline = _must(pool.take(story, beat, "headline", frozenset(promised), bar))
    return {
        "story": story, "beat": beat, "date": date, "outlet": outlet["name"], "host": outlet["host"],
        "title": headline["text"], "headline_frames": headline["frames"], "body": body,
        "lines": [p["text"] for p in body], "mismatch": mismatch, "copy_of": None,
        "authors": "Gulf Wire Service" if outlet["name"] == WIRE else rng.choice(
            ["Staff report", "Metro desk", "City hall desk", "Courts desk", "Newsroom"]),
    }  # fmt: skip


def _copy(wire: Row, outlet: Row, date: dt.date, rng: random.Random, pool: Pool) -> Row:
    body = list(wire["body"])
    if len(body) > 4 and rng.random() < 0.4:
        body = body[:-1]
    lines = [p["text"] for p in body]
    if rng.random() < 0.7:
        lines[0] = f"MIAMI (GWS) — {lines[0]}"
    if rng.random() < 0.4:
        lines.append(f"This report was provided to {outlet['name']} by Gulf Wire Service.")
    carried = sorted({f for p in body for f in p["frames"]})
    title, frames = wire["title"], wire["headline_frames"]
    if rng.random() < 0.5:
        other = pool.take(wire["story"], wire["beat"], "headline", frozenset(carried[:1]), set())
        if other:
            title, frames = other["text"], other["frames"]
    return {
        **wire, "outlet": outlet["name"], "host": outlet["host"], "date": date, "body": body,
        "lines": lines, "title": title, "headline_frames": frames, "copy_of": wire,
        "mismatch": bool(set(frames) - set(carried)), "authors": "Gulf Wire Service",
    }  # fmt: skip


def _must(row: Row | None) -> Row:
    if row is None:
        raise SystemExit("a story has no paragraph for what its plan asks")
    return row


def _row(draft: Row, plan: Row, rng: random.Random) -> Row:
    spellings = next(o["spellings"] for o in plan["outlet"] if o["name"] == draft["outlet"])
    slug = "-".join(re.findall(r"[a-z0-9]+", draft["title"].lower())[:7])
    return {
        "id": draft["id"],
        "outlet": rng.choice(spellings) if spellings and rng.random() < 0.12 else draft["outlet"],
        "date": draft["date"].isoformat(),
        "url": f"https://{draft['host']}/{draft['date']:%Y/%m/%d}/{slug}",
        "authors": draft["authors"] if rng.random() < 0.9 else "",
        "title": draft["title"],
        "text": "\n\n".join(draft["lines"]),
    }


def _dirty(rows: list[Row], drafts: list[Row], rng: random.Random) -> None:
    """What real corpora bring: undated rows, an impossible date, markup, a repeated row, empty rows."""
    picked = rng.sample(range(40, len(rows) - 40), 9)
    for index in picked[:4]:
        rows[index]["date"] = ""
        drafts[index]["undated"] = True
    rows[picked[4]]["date"] = "2025-06-31"
    drafts[picked[4]]["undated"] = True
    for index in picked[5:7]:
        parts = rows[index]["text"].split("\n\n")
        rows[index]["text"] = "".join(f"<p>{p.replace('&', '&amp;')}</p>" for p in parts)
    rows.append(dict(rows[picked[7]]))
    rows.append(
        {
            "id": "d9998",
            "outlet": "Causeway Post",
            "date": "2025-05-02",
            "url": "",
            "authors": "",
            "title": "",
            "text": "",
        }
    )
    rows.append(
        {
            "id": "d9999",
            "outlet": "",
            "date": "2025-05-03",
            "url": "",
            "authors": "",
            "title": " ",
            "text": "\n",
        }
    )


def _truth(draft: Row) -> Row:
    carried = {f for p in draft["body"] for f in p["frames"]} | set(draft["headline_frames"])
    month = "" if draft.get("undated") else f"{draft['date']:%Y-%m}"
    origin = draft["copy_of"] or draft
    return {
        "id": draft["id"],
        "outlet": draft["outlet"],
        "month": month,
        "after": int(draft["date"] >= dt.date(2025, 6, 17)),
        "story": f"{draft['story']}-{draft['beat']}",
        **{f: int(f in carried) for f in FRAMES},
        "copy_group": origin["id"],
        "headline_frame": "+".join(draft["headline_frames"]),
        "headline_mismatch": int(draft["mismatch"]),
    }


def _summary(drafts: list[Row], plan: Row) -> Row:
    truth = [_truth(d) for d in drafts]

    def shares(rows: list[Row]) -> Row:
        return {
            "pieces": len(rows),
            **{f: round(sum(r[f] for r in rows) / len(rows), 4) for f in FRAMES},
        }

    by: dict[str, list[Row]] = defaultdict(list)
    cells: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    eras: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in truth:
        by[row["outlet"]].append(row)
        cells[row["outlet"]][row["month"] or "undated"].append(row)
        eras[row["outlet"]]["after" if row["after"] else "before"].append(row)
    groups = Counter(row["copy_group"] for row in truth)
    shifts = {
        o["name"]: {f: s for f, s in o["frames"].items() if isinstance(s, list)}
        for o in plan["outlet"]
        if any(isinstance(s, list) for s in o["frames"].values())
    }
    gap = next(o for o in plan["outlet"] if "gap" in o)
    return {
        "about": "What is planted in the teaching corpus. Written by compose.py; synthetic.",
        "pieces": len(truth),
        "paragraphs": len({p["text"] for d in drafts for p in d["body"]}),
        "shift_day": plan["shift_day"].isoformat(),
        "shifts": shifts,
        "gap": {"outlet": gap["name"], "from": gap["gap"][0].isoformat(), "to": gap["gap"][1].isoformat()},
        "wire": {"outlet": WIRE, "groups": sum(1 for n in groups.values() if n > 1),
                 "copies": sum(n - 1 for n in groups.values())},
        "headline_mismatches": sum(r["headline_mismatch"] for r in truth),
        "repeated_rows": 1, "empty_rows": 2, "undated": sum(not r["month"] for r in truth),
        "overall": shares(truth),
        "by_outlet": {o: shares(r) for o, r in sorted(by.items())},
        "by_outlet_and_era": {o: {e: shares(r) for e, r in sorted(v.items())} for o, v in sorted(eras.items())},
        "by_outlet_and_month": {o: {m: shares(r) for m, r in sorted(v.items())} for o, v in sorted(cells.items())},
    }  # fmt: skip


def files() -> dict[str, str]:
    rows, truth, summary = compose()
    table = io.StringIO()
    writer = csv.DictWriter(table, list(truth[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(truth)
    return {
        "pieces.jsonl": "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows),
        "truth_pieces.csv": table.getvalue(),
        "truth.json": json.dumps(summary, indent=1, ensure_ascii=False) + "\n",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    wrong = []
    for name, text in files().items():
        path = HERE / name
        if check:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                wrong.append(name)
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
    print(f"out of date: {', '.join(wrong)}" if wrong else "ok")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
