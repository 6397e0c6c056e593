"""What the screen says: numbers and verdicts in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis.estimates import Summary

LABEL = "What the classifier says of one piece. It can be wrong here, however well shares are corrected."

VERDICTS = (
    "Publishable: every rule of the gate holds. Exploratory: look, but do not print; the reason and "
    "what would help stand under the chart. Do not print: there is too little to say anything."
)

INTERVALS = {
    "each": "Each at 95 %",
    "together": "All at once",
}
PIECES_ARE = {
    "sample": "A sample",
    "census": "All there is",
}
INTERVALS_HELP = (
    "Each at 95 %: one interval in twenty misses. All at once: with 95 % confidence none of the "
    "intervals on show misses, so they are wider (Sidak)."
)
PIECES_ARE_HELP = (
    "A sample: the pieces stand for what these outlets might have published. All there is: you "
    "speak of these very pieces, and only coding leaves doubt. Without codes the interval stays "
    "that of a sample."
)

WITHHELD = (
    "What the model says of this piece is withheld until you have coded it: it was drawn for blind "
    "coding, and you are signed in as a coder."
)

TOO_FEW_FOR_CODERS = (
    "So few pieces are in scope that their sums would tell what the model says of them, and you are "
    "signed in as a coder. Widen the filters, or stop coding in the view Code."
)

ESTIMANDS = {"item": "Published items", "original": "Original reports", "story": "Stories"}
COUNT = {"item": "Published", "original": "Original", "story": "Stories"}
UNIT = {"item": "published item", "original": "original report", "story": "first piece"}
COUNTED = {
    "item": "",
    "original": " (copies counted once)",
    "story": " on a story (each outlet's first; follow-ups not counted)",
}

DEFINITIONS = {
    "Piece": "One item of coverage: a headline and a text. It carries a frame if its headline or "
    "at least one of its sentences does.",
    "Frame": "A way of making sense of an issue: which consideration a passage puts forward as "
    "what is at stake. Not the topic, the tone or the side taken; a denial carries it too.",
    "Share": "Pieces in scope that carry a frame, divided by all pieces in scope (the "
    "denominator, n). A piece can carry several frames, so shares do not add up to 100 %.",
    "Naive share": "The share by the classifier's own labels. Its errors are in it, and its "
    "interval knows nothing of them.",
    "Corrected share": "The classifier's share, moved by how far it was off on the pieces that "
    "people coded blind (prediction-powered inference with known probabilities). It is right on "
    "average whatever the classifier does; a poor classifier makes the interval wide.",
    "Borrowed correction": "Where an outlet, bin or topic has few coded pieces of its own, its "
    "correction leans on that of the others, the more the fewer it has. Never publishable.",
    "Codes that correct": "Only codes of pieces that Framescope drew, because only they have known "
    "probabilities. Labels that come without (a convenience sample, imported labels) can't correct "
    "a share: nothing says which pieces they stand for.",
    "Interval": "95 %, from three sources: sampling (other pieces might have been published), "
    "measurement (only some pieces are coded) and coders (others might code otherwise). The parts "
    "of its half-width stand in the table under the chart. A naive share has the first only.",
    "Difference": "One share minus that of a stated comparator, in percentage points, with a 95 % "
    "score interval (Mee; Miettinen and Nurminen). There is no bias score anywhere.",
    "Adjusted p (q)": "The chance of a difference this large where there is none, adjusted by "
    "Benjamini and Hochberg over all differences on show.",
    "All at once": "Intervals widened so that, with 95 % confidence, none of those on show misses.",
    "Published items": "Every piece counts, also when several outlets printed the same text.",
    "Original reports": "Copies of a text count once, at the outlet that had it first.",
    "Stories as unit": "Each outlet's first piece on a story counts once: its follow-ups do not, "
    "and several outlets' first pieces on the same story count once each.",
    "Voice": "Who says something: the outlet itself, or somebody it quotes. A sentence is somebody "
    "else's voice when at least half of it are words that it gives to a speaker, in quote marks or "
    "not. Told by rules, which err; speakers of whom the piece says no role are 'other'.",
    "Copies": "Pieces whose texts share most of their five-word sequences, found by MinHash and "
    "verified on the texts themselves.",
    "Topic": "A cluster of pieces by what they are about, found without labels. Unassigned pieces "
    "are those that no cluster holds; they are shown, never dropped.",
    "What they covered, how they framed it": "A difference split by topic or story (Kitagawa 1955): "
    "the gap in how often each is covered, at the mean of both sides' shares on it; and the gap in "
    "the shares on it, at the mean of how often both cover it. They add up to the difference. What "
    "only one side covers has no framing to compare and counts as covered.",
    "On the same stories": "The mean, over the stories that both sides covered, of one side's share "
    "of pieces with the frame minus the other's, with a score interval for pairs (Tango 1998). It "
    "answers whether they differ when the story is the same; not what they differ in elsewhere.",
    "Turning point": "A week from which a share lies on another level, found by a permutation test "
    "on the classifier's labels that allows for weeks full of like pieces, without the event list. "
    "The band holds its date with 95 % confidence (likelihood ratio; Hansen 2000).",
    "One event": "The change of an outlet's shares at an event, minus that of outlets it did not "
    "touch (difference in differences, clustered by week and outlet). It can't tell the event from "
    "anything else that touched only this outlet then.",
    "Key words": "Words that one group uses more than another: log-odds with an informative Dirichlet "
    "prior (Monroe, Colaresi and Quinn 2008) worth one average piece. Their z here allows for words "
    "that come in bursts within pieces, copies and stories (design effect); q is adjusted for all "
    "words compared.",
    "Found by search": "Pieces that hold the words as they are cut and folded: case, accents and the "
    "shape of apostrophes make no difference, a closing 's is left off. Words are counted, not meanings.",
    "Thin cell": "A cell with fewer pieces than the project's minimum. Its share is hidden, not "
    "smoothed, and the number of hidden cells is said.",
    "Gap": "A run of empty weeks in which the volume of the other outlets, at the outlet's usual "
    "rate, would have brought so many pieces that a steady outlet is that silent anywhere in its "
    "time with a chance below 5 % (Poisson). A gap in collection is not a fall in attention.",
    "Verdict": "Publishable, exploratory or do not print, by the rules of the gate: pieces in scope, "
    "pieces coded blind, the coders' agreement, the interval's width, gaps in collection, pieces "
    "that the sample could not have drawn, and errors that differ between outlets compared. Until "
    "people have coded pieces blind, no number is more than exploratory.",
}


def percent(share: float | None, digits: int = 0) -> str:
    """'42 %', or 'unknown' where there is nothing to divide by."""
    return "unknown" if share is None else f"{share * 100:.{digits}f} %"


def points(difference: float | None) -> str:
    """A difference of shares in percentage points with its sign, by a real minus."""
    if difference is None:
        return "unknown"
    whole = round(difference * 100)
    return f"{whole:+d}".replace("-", "−") if whole else "0"


def interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "unknown"
    return f"{low * 100:.0f}–{high * 100:.0f} %"


def point_interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "unknown"
    return f"{points(low)} to {points(high)}"


def day(value: dt.date | None) -> str:
    return "undated" if value is None else f"{value.day} {value:%b %Y}"


def count(number: int, one: str, many: str | None = None) -> str:
    """'1 piece', '1,204 pieces'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


KINDS = {
    "corrected": "corrected",
    "borrowed": "corrected, leaning on other outlets",
    "naive": "not corrected",
}


def difference_in_words(row: Mapping[str, Any], frame: str, comparator: str) -> str:
    """One sentence: who, which frame, share of n, difference and interval against whom, and
    whether it is corrected and may be published."""
    share, n, gap = row["shown"], row["n"], row["difference"]
    more = "more" if gap > 0 else "less"
    low, high = row["difference_low"], row["difference_high"]
    naive = "" if row["kind"] == "naive" else f"; naive {points(row['naive_difference'])}"
    return (
        f"**{escape(str(row['outlet']))}** carries *{escape(frame)}* in {percent(share)} of "
        f"{count(n, 'piece')}: {abs(gap) * 100:.0f} points {more} than {comparator} "
        f"({point_interval(low, high)}{naive}); {KINDS[row['kind']]}, {row['verdict']}."
    )


def verdict_counts(summary: Summary) -> str:
    """'3 publishable, 33 exploratory', or the one verdict."""
    if len(summary.counts) == 1:
        return next(iter(summary.counts)).capitalize()
    return ", ".join(f"{number:,} {verdict}" for verdict, number in summary.counts.items())


def verdict_why(summary: Summary) -> str:
    """The commonest reason and the best remedy in a sentence or two; '' where nothing is held back."""
    if not summary.reason:
        return ""
    of = f"{summary.given_for:,} of {summary.numbers:,}"
    why = f"Why not publishable: {summary.reason}" + (f" ({of})." if summary.numbers > 1 else ".")
    if not summary.remedy:
        return why
    alone = f"{summary.opens:,} of {summary.numbers:,} numbers lack nothing else"
    help = f" What would help most: {summary.remedy}"
    return why + help + (f" ({alone})." if summary.opens and summary.numbers > 1 else ".")


def key_to_marks(rows: pl.DataFrame, lines: bool = False) -> str:
    """What the marks of a chart mean, of those that are in it."""
    said = ["Filled: publishable; hollow: exploratory"]
    if lines:
        said = ["Filled on a solid line: publishable; hollow on a dashed one: exploratory"]
    if "do not print" in set(rows["verdict"]):
        said.append("faint dash: do not print")
    if lines:
        said.append("band: 95 % interval")
    naive = "thin grey line: the naive share" if lines else "grey tick: the naive number"
    return "; ".join([*said, *_corrected(rows, naive)]) + "."


def key_to_cells(rows: pl.DataFrame) -> str:
    """What the signs in a table of tinted cells mean."""
    said = ["●: publishable; ○: exploratory; –: do not print"]
    return "; ".join([*said, *_corrected(rows, "behind |: the naive share")]) + "."


def _corrected(rows: pl.DataFrame, naive: str) -> list[str]:
    if set(rows["kind"]) <= {"naive"}:
        return ["not corrected, for nobody has coded a piece of it blind"]
    return [naive]


def escape(text: str) -> str:
    """Text made inert in Streamlit's Markdown."""
    special = "\\`*_{}[]()#+-.!|<>~$:"
    return "".join(f"\\{c}" if c in special else c for c in text).replace("\n", " ")


def hidden_cells(rows: pl.DataFrame, minimum: int) -> str:
    """How many cells (outlet and bin, in rows with `thin`) a chart hides, or '' when none."""
    cells = rows.select("outlet", "start", "thin").unique()
    hidden = int(cells["thin"].sum())
    if not hidden:
        return ""
    return f"{hidden:,} of {cells.height:,} cells have fewer than {minimum} pieces and are hidden."


def strays(number: int, first: dt.date, last: dt.date) -> str:
    """Where pieces outside the collected time went, or '' when there are none."""
    if not number:
        return ""
    return (
        f"{count(number, 'piece')} dated far outside the time collected ({day(first)} to "
        f"{day(last)}) not shown."
    )


COUNT_HELP = " ".join(
    f"*{title}*: {DEFINITIONS[name]}"
    for title, name in (
        ("Published items", "Published items"),
        ("Original reports", "Original reports"),
        ("Stories", "Stories as unit"),
    )
)
