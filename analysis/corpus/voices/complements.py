"""What follows a cue: the reported clause, or nothing but a time and a place."""

from __future__ import annotations

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.found import DASHES, HARD_STOPS, STOPS, Place
from analysis.corpus.voices.lexicon import Cue
from analysis.corpus.voices.phrases import Phrases
from analysis.corpus.voices.tokens import QUOTE

_FAR = 16
_SHORT = 16
_EXPLAINS = g.words("explain say reveal clarify note recall predict remind tell wonder")
_NO_CLAUSE = g.words(
    "up off down out away things something anything nothing so yes no much goodbye hello little"
)
_RELATIVES = g.words("what which who whom that whatever")
_NEW_SUBJECT = g.words("he she they we i there")
_BEFORE_TIME = g.words("on in at during via through by to after before from of about")
_ADVERBIAL = g.words(
    "in on at during after when as to of from by before while following about through via with for until since outside upon"
)
_SUBJECTS = g.words("there it's he's she's they're they've there's we're he'd she'd they'd")


class Complements(Phrases):
    """Finds what a cue introduces."""

    def complement(
        self, at: int, end: int, first: int, cue: Cue
    ) -> tuple[int, list[tuple[int, int]], Place | None]:
        low, words = self.t.low, self.t.words
        tells = "telling" in cue.kinds and (
            cue.verb not in ("warn", "advise") or (end < self.n and low[end] in g.OBJECTS)
        )
        clausal = bool(cue.kinds & {"plain", "clause"}) or tells
        p = end
        if p >= self.n or words[p] in (".", "?", "!"):
            return (
                p,
                [],
                "after"
                if self._follows_clause(first) and clausal
                else self._only_quotes(first, cue),
            )
        if words[p] == QUOTE:
            return (
                p,
                [(p, self.n)] if clausal else [],
                "before" if clausal or "quoting" in cue.kinds or "asking" in cue.kinds else "apart",
            )
        if words[p] == ":" or (
            words[p] == ","
            and p + 1 < self.n
            and words[p + 1] == QUOTE
            and not self._follows_clause(first)
        ):
            return (
                p + 1,
                [(p + 1, self.n)] if clausal and QUOTE in words[p + 1 : p + 2] else [],
                "before" if clausal or "quoting" in cue.kinds else "apart",
            )
        if words[p] in STOPS:
            if clausal and self._follows_clause(first):
                return p, [], "after"
            if self._before_quote(first) and not cue.kinds <= {"partial"}:
                return p, [], "after"
            return p, [], "apart" if QUOTE in words else None
        that = self._that(p)
        if that is not None and that > p and not tells and not self._adverbial(p):
            # "concludes a downfall that began": no clause of a verb but of its object.
            that = None
        if that is not None and (clausal or "asking" in cue.kinds):
            return that + 1, [(that + 1, self.n)], "before"
        asks = self._question(p) if cue.verb in _EXPLAINS or "asking" in cue.kinds else None
        if asks is not None:
            return asks, [(asks, self.n)], "before"
        if clausal:
            q = self._past_object(p) if tells else p
            q = self._past_time(q)
            if q < self.n and words[q] == QUOTE and low[q - 1] not in g.ARTICLES:
                return q, [(q, self.n)], "before"
            if q < self.n and words[q] in (",", ":") and q + 1 < self.n and words[q + 1] == QUOTE:
                return q + 1, [(q + 1, self.n)], "before"
            if self._follows_clause(first) and (
                q >= self.n or words[q] in STOPS or words[q] == "."
            ):
                return q, [], "after"
            if self._follows_clause(first) and self._after_only(q, cue):
                return self.stop_after(q), [], "after"
            if (
                first == 0
                and self.n <= _SHORT
                and (q >= self.n or self.stop_after(q) >= self.n - 1)
                and not self._clause(q, cue)
            ):
                return self.n, [], self._only_quotes(first, cue)
            if self._before_quote(first) and not self._clause(q, cue):
                return self.stop_after(q), [], "after"
            if first > 0 and low[first - 1] in _RELATIVES and low[first] in g.PRONOUNS:
                # "what he said he would do"
                return p, [], None
            if self._clause(q, cue):
                return q, [(q, self.n)], "before"
        if self._before_quote(first) and not cue.kinds <= {"partial"}:
            return self.stop_after(p), [], "after"
        return p, [], "apart" if QUOTE in words else None

    def _only_quotes(self, first: int, cue: Cue) -> Place | None:
        if (
            first == 0
            and self.n <= _SHORT
            and QUOTE not in self.t.words
            and not cue.kinds <= {"partial"}
        ):
            # A sentence of its own after a quote: '"..." She told the paper.'
            return "after"
        if self._before_quote(first) and not cue.kinds <= {"partial"}:
            return "after"
        return "apart" if QUOTE in self.t.words else None

    def _follows_clause(self, first: int) -> bool:
        """Whether a comma, a dash or a quote stands just before the attribution."""
        k = first - 1
        return (k >= 1 and self.t.words[k] in (",", *DASHES)) or self._before_quote(first)

    def _before_quote(self, first: int) -> bool:
        k = first - 1
        if k >= 0 and self.t.words[k] in (",", ".", "?", "!"):
            k -= 1
        return k >= 0 and self.t.words[k] == QUOTE

    def _adverbial(self, p: int) -> bool:
        """Whether a time, a manner or a prepositional phrase begins at a token."""
        low = self.t.low[p]
        return low in g.PREPOSITIONS or low in g.TIME_WORDS or low in g.OBJECTS or g.is_adverb(low)

    def _names_show(self, at: int) -> bool:
        """Whether a quoted stretch is the title of what somebody speaks on: the host of "Today"."""
        return self.t.low[at - 1] in ("of", "on") or self.t.is_possessive(at - 1)

    def _that(self, p: int) -> int | None:
        """The "that" of a clause, past an addressee or a time."""
        for k in range(p, min(self.n, p + _FAR)):
            low = self.t.low[k]
            if low == "that":
                # "said that day", "told that man"
                return k
            if self.t.words[k] == QUOTE and k > p and self._names_show(k):
                continue
            if self.t.words[k] in HARD_STOPS or self.t.words[k] == ".":
                return None
            cue = self.lexicon.cues.get(low)
            if cue is not None and k > p and cue.form != "base" and self.t.words[k].islower():
                return None
            if low in g.AUXILIARIES or low in _NEW_SUBJECT:
                return None
            if low in g.CONJUNCTIONS and low not in ("and", "or", "after", "before", "as"):
                return None
            if self.t.words[k] == "," and k - p > 8:
                return None
        return None

    def _question(self, p: int) -> int | None:
        for k in range(p, min(self.n, p + 5)):
            if self.t.low[k] in ("whether", "why", "how", "if") or (
                k == p and self.t.low[k] in ("what", "when", "where", "who", "which")
            ):
                return k
            if not self.t.is_word(k) or g.is_finite(self.t.low[k]):
                return None
            if k > p and self.t.low[k] in g.PREPOSITIONS and self.t.low[k] not in ("of", "on"):
                return None
        return None

    def _past_object(self, p: int) -> int:
        low = self.t.low
        if p >= self.n:
            return p
        if low[p] in g.OBJECTS:
            return p + 1
        if self.t.is_capital(p) and low[p] not in g.DETERMINERS:
            q = p
            while q < self.n and (
                self.t.is_capital(q)
                or low[q] in g.NAME_PARTS
                or low[q] in ("of", "and")
                or (self.t.words[q] == QUOTE and self.t.is_possessive(q - 1))
            ):
                if low[q] in g.PRONOUNS or (
                    self.t.is_capital(q) and low[q] in g.DETERMINERS | {"there"}
                ):
                    break
                q += 1
            if self.t.words[q - 1] == QUOTE and q < self.n and self.t.words[q].islower():
                q += 1
            return q
        if low[p] in g.DETERMINERS or self.t.is_word(p):
            q = p + 1
            while q < self.n and q - p < 9:
                one = low[q]
                if (
                    self.t.words[q] in STOPS
                    or self.t.words[q] == "."
                    or one in g.PRONOUNS
                    or one == "there"
                    or one in g.TIME_WORDS
                    or one in g.PREPOSITIONS - {"of", "for"}
                ):
                    return q
                if one in g.ARTICLES and low[q - 1] not in g.PREPOSITIONS:
                    return q
                if g.is_finite(one):
                    return max(p + 1, q - 1)
                q += 1
        return p + 1

    def _past_time(self, p: int) -> int:
        low = self.t.low
        for _ in range(5):
            if p >= self.n:
                return p
            one = low[p]
            if one in g.TIME_WORDS and not (
                one in ("this", "only", "there", "now")
                and p + 1 < self.n
                and low[p + 1] not in g.TIME_WORDS
            ):
                p += 1
            elif one in _BEFORE_TIME and p + 1 < self.n:
                q = p + 1
                if low[q] in g.DAYS | g.MONTHS or self.t.words[q][0].isdigit():
                    p = q + 1
                    while p < self.n and (
                        self.t.words[p][0].isdigit()
                        or low[p] in ("morning", "afternoon", "evening", "night")
                    ):
                        p += 1
                    continue
                end = self._prepositional(q)
                if end is None:
                    return p
                p = end
            else:
                return p
        return p

    def _prepositional(self, q: int) -> int | None:
        """Where the phrase after a preposition ends, if it ends by a stop or a new subject."""
        low = self.t.low
        if not (low[q] in g.ARTICLES or self.t.is_capital(q)):
            return q + 1 if q < self.n and self.t.is_word(q) else None
        k = q + 1
        while k < self.n and k - q < 12:
            if self.t.words[k] in STOPS or self.t.words[k] == ".":
                return k
            if (
                low[k] in g.PRONOUNS
                or low[k] in ("there",)
                or (low[k] in g.ARTICLES and low[k - 1] not in g.PREPOSITIONS)
            ):
                return k
            if low[k] in g.TIME_WORDS:
                return k
            if (
                self.t.is_capital(k)
                and not self.t.is_capital(k - 1)
                and low[k - 1] not in g.PREPOSITIONS | g.ARTICLES
            ):
                return k
            k += 1
        return k if k >= self.n else None

    def _after_only(self, q: int, cue: Cue) -> bool:
        """Whether no clause follows: only adverbials, up to a stop or the end."""
        if self.t.low[q] in _ADVERBIAL:
            return True
        if self.t.low[q] in g.DETERMINERS or self.t.low[q] in g.PRONOUNS or self.t.is_capital(q):
            return False
        stop = self.stop_after(q)
        return "plain" in cue.kinds and not any(g.is_finite(one) for one in self.t.low[q:stop])

    def stop_after(self, q: int) -> int:
        while q < self.n and self.t.words[q] not in STOPS and self.t.words[q] != ".":
            q += 1
        return q

    def _clause(self, q: int, cue: Cue) -> bool:
        """Whether a finite clause begins at a token."""
        if q >= self.n or not (
            self.t.is_word(q) or self.t.words[q] in ("$", "#", "@", "\u00a3", QUOTE)
        ):
            return False
        low = self.t.low
        if low[q] in g.PREPOSITIONS and "plain" not in cue.kinds:
            return False
        if low[q] in _NO_CLAUSE:
            return False
        if low[q] in g.PRONOUNS or low[q] in _SUBJECTS:
            return True
        relative = False
        far = 30 if "plain" in cue.kinds or "telling" in cue.kinds else 13
        for k in range(q + 1, min(self.n, q + far)):
            one = low[k]
            if self.t.words[k] in (";", ":") or (far == 13 and self.t.words[k] in HARD_STOPS):
                return False
            if one in ("who", "which", "that"):
                relative = True
                continue
            if one in g.AUXILIARIES or one.endswith("n't"):
                if not relative:
                    return True
                relative = False
            elif (
                one in g.FINITE
                and not relative
                and not self.t.is_capital(k)
                and low[k - 1] not in g.ARTICLES
                and low[k - 1] != "to"
                and low[k - 1] not in g.PREPOSITIONS
            ):
                return True
        if "plain" in cue.kinds:
            return (
                any(
                    low[k].endswith(("ed", "s")) and self.t.words[k].islower()
                    for k in range(q + 1, min(self.n, q + 14))
                )
                and self.n - q > 3
            )
        return False
