"""The gate: whether a number may be printed, why, and what would change that. All rules stand here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from analysis.types import Rules

Verdict = Literal["publishable", "exploratory", "do not print"]
VERDICTS: tuple[Verdict, ...] = ("publishable", "exploratory", "do not print")


@dataclass(frozen=True)
class Facts:
    """What the gate looks at. None is unknown or does not apply, as the text says.

    `what` is one number in words, to name in remedies. `pieces` in scope; `codes`, pieces coded
    blind by people in the domain, of the smaller side of a difference; `share` and `half_width`
    of the number's interval; `worth`, pieces of a simple sample that would tell as much (None:
    not corrected); `borrows`: the correction leans on other domains; `alpha` (None: no piece was
    coded twice); `outside`, share of pieces that the sample could not have drawn; `gap`: the
    period holds a gap in collection; `error_gap`: how far the classifier's sensitivity or
    specificity differs between the sides compared (None: one side, or not known). `where` says
    which pieces are counted; `stories` that both sides covered, and `apart`, on how many of them,
    in whole ones, the sides differ (None: not a difference on the same stories); `events`, the
    stories that a choice of stories rests on, of the smaller side (None: not about a choice);
    `suspended`, why a number is never more than exploratory, whatever is coded ('': it may be),
    and `instead`, what would help ('': nothing).
    """

    what: str = ""
    pieces: int = 0
    codes: int = 0
    share: float | None = None
    half_width: float | None = None
    worth: float | None = None
    borrows: bool = False
    alpha: float | None = None
    outside: float = 0.0
    gap: bool = False
    error_gap: float | None = None
    where: str = "in scope"
    stories: int | None = None
    events: int | None = None
    apart: float | None = None
    suspended: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Ruling:
    """A verdict with its reasons and, for each, the remedy ('' where there is none)."""

    verdict: Verdict
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


Finding = tuple[Verdict, str, str]


def judge(facts: Facts, rules: Rules) -> Ruling:
    """The verdict: the worst of all rules that find something."""
    found = [finding for rule in RULES for finding in rule(facts, rules)]
    worst = max((VERDICTS.index(verdict) for verdict, _, _ in found), default=0)
    found.sort(key=lambda one: -VERDICTS.index(one[0]))
    return Ruling(
        VERDICTS[worst], tuple(reason for _, reason, _ in found), tuple(cure for *_, cure in found)
    )


def _pieces(facts: Facts, rules: Rules) -> list[Finding]:
    if facts.pieces >= rules.min_pieces:
        return []
    reason = f"only {_count(facts.pieces, 'piece')} {facts.where}"
    return [("do not print", reason, f"widen the filters to at least {rules.min_pieces} pieces")]


def _codes(facts: Facts, rules: Rules) -> list[Finding]:
    if facts.codes >= rules.min_codes or facts.suspended:
        return []
    where = f" of {facts.what}" if facts.what else ""
    reason = (
        "no piece in scope has been coded by people"
        if facts.codes == 0
        else f"only {_count(facts.codes, 'piece')} in scope coded by people"
    )
    if facts.borrows:
        reason += ", so the correction borrows strength from the others"
    more = min(rules.min_codes, max(facts.pieces, 1)) - facts.codes
    if more <= 0:
        return []
    cure = f"code about {_count(more, 'more piece', 'more pieces')}{where} blind"
    # A single coder's codes would be held back for want of agreement.
    return [
        ("exploratory", reason, cure if facts.codes else f"{cure}, a part of them by two people")
    ]


def _found(facts: Facts, rules: Rules) -> list[Finding]:
    if facts.worth is None or facts.share is None or facts.codes < rules.min_codes:
        return []
    rarer = min(facts.share, 1 - facts.share) * facts.worth
    if rarer >= rules.min_found or math.isinf(facts.worth):
        return []
    side = "carry" if facts.share < 0.5 else "do not carry"
    reason = f"so few pieces {side} it that the codes hold about {rarer:.0f} of them"
    more = math.ceil((rules.min_found / max(rarer, 0.5) - 1) * facts.codes)
    return [
        ("exploratory", reason, f"code about {_count(more, 'more piece', 'more pieces')} blind")
    ]


def _width(facts: Facts, rules: Rules) -> list[Finding]:
    width = facts.half_width
    if width is None or math.isnan(width) or width <= rules.max_half_width:
        return []
    reason = f"the interval is ±{width * 100:.0f} points wide"
    limit = rules.max_half_width * 100
    if not facts.codes:
        return [("exploratory", reason, "widen the dates or join outlets")]
    more = math.ceil(facts.codes * ((width / rules.max_half_width) ** 2 - 1))
    if facts.codes + more > facts.pieces:
        return [
            ("exploratory", reason, "widen the dates or join outlets, for coding alone can't help")
        ]
    where = f" of {facts.what}" if facts.what else ""
    cure = (
        f"code about {_count(more, 'more piece', 'more pieces')}{where}: half-width from "
        f"{width * 100:.0f} to {limit:.0f} points"
    )
    return [("exploratory", reason, cure)]


def _agreement(facts: Facts, rules: Rules) -> list[Finding]:
    if not facts.codes:
        return []
    if facts.alpha is None:
        return [
            ("exploratory", "no piece has been coded by two people, so agreement is unknown",
             "let a second person code the overlap of the sample"),
        ]  # fmt: skip
    if facts.alpha >= rules.min_alpha:
        return []
    return [
        ("exploratory", f"coders agree too little (alpha {facts.alpha:.2f}, below {rules.min_alpha:.3f})",
         "discuss the pieces they disagree on, sharpen the definition and code again"),
    ]  # fmt: skip


def _design(facts: Facts, rules: Rules) -> list[Finding]:
    if not facts.codes or facts.outside <= rules.max_outside:
        return []
    return [
        ("exploratory", f"{facts.outside:.0%} of the pieces could not have been drawn for coding",
         "top the sample up over this scope"),
    ]  # fmt: skip


def _collection(facts: Facts, rules: Rules) -> list[Finding]:
    if not facts.gap:
        return []
    return [
        ("exploratory", "the period holds a gap in collection",
         "collect what is missing, or choose dates without the gap"),
    ]  # fmt: skip


def _errors(facts: Facts, rules: Rules) -> list[Finding]:
    """Only where a side is not corrected by codes of its own do its error rates show."""
    open_side = facts.worth is None or facts.borrows
    if facts.error_gap is None or not open_side or facts.error_gap <= rules.max_error_gap:
        return []
    return [
        ("do not print", "the classifier errs too differently at the two sides "
         f"({facts.error_gap * 100:.0f} points)", "code enough pieces of both sides to correct each"),
    ]  # fmt: skip


def _stories(facts: Facts, rules: Rules) -> list[Finding]:
    """Thresholds of pieces and finds, of stories instead (tests/bench/fair.py)."""
    cure = "widen the dates or topics, or choose another comparator"
    if facts.stories is not None and facts.stories < rules.min_pieces:
        reason = f"only {_count(facts.stories, 'story', 'stories')} that both covered"
        return [("do not print", reason, cure)]
    if facts.apart is not None and facts.apart < rules.min_found:
        return [
            ("exploratory", f"they differ on about {facts.apart:.0f} of the stories that both covered",
             cure),
        ]  # fmt: skip
    return []


def _events(facts: Facts, rules: Rules) -> list[Finding]:
    """Few stories are told one by one: their pieces are too much alike to count as so many."""
    if facts.events is None or facts.events >= rules.min_pieces:
        return []
    reason = f"it rests on only {_count(facts.events, 'story', 'stories')}"
    return [("do not print", reason, "widen the dates or topics, or ask for fewer peers")]


def _suspended(facts: Facts, rules: Rules) -> list[Finding]:
    return [("exploratory", facts.suspended, facts.instead)] if facts.suspended else []


Rule = Callable[[Facts, Rules], list[Finding]]
RULES: tuple[Rule, ...] = (
    _pieces, _codes, _found, _width, _agreement, _design, _collection, _errors, _stories,
    _events, _suspended,
)  # fmt: skip


def with_rulings(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Adds `verdict`, `reason` and `remedy` to rows with columns named as the fields of Facts.

    Fields without a column keep their defaults.
    """
    names = [name for name in Facts.__dataclass_fields__ if name in rows.columns]
    rulings = [judge(Facts(**row), rules) for row in rows.select(names).iter_rows(named=True)]
    return rows.with_columns(
        verdict=pl.Series([r.verdict for r in rulings], dtype=pl.String),
        reason=pl.Series(["; ".join(r.reasons) for r in rulings], dtype=pl.String),
        remedy=pl.Series(
            ["; ".join(dict.fromkeys(c for c in r.remedies if c)) for r in rulings],
            dtype=pl.String,
        ),
    )


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
