"""The roles of speakers: what stands around their names and in the nouns they are called."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.found import Mention
from analysis.corpus.voices.lexicon import OTHER, Lexicon
from analysis.corpus.voices.marks import Quoted
from analysis.corpus.voices.names import Named, Names
from analysis.corpus.voices.reading import Parsed, Span
from analysis.corpus.voices.tokens import QUOTE, Tokens, bare

_VAGUE = g.words("some others many most several one few all both another someone everyone nobody")
_AFTER_HEAD = g.words(
    "of for in at from who that with on to which about by near across against between among born "
    "whose where"
)
# What is of something says little by itself: one of the men, the president of the union.
_NO_HEADS = g.words(
    "one some most many several both all number group few dozens hundreds thousands majority pair "
    "two three four five half president head chair chairman chairwoman leader director member "
    "members founder owner secretary representative spokesman spokeswoman vice executive"
)
_MENTIONS = 4


class Descriptions(Names):
    """Tells roles."""

    def __init__(
        self, text: str, spans: Sequence[Span], quotes: list[Quoted], lexicon: Lexicon
    ) -> None:
        super().__init__(text, spans, quotes, lexicon)
        self._roles: dict[str, tuple[str, bool]] = {}

    def noun_role(self, t: Tokens, mention: Mention, low: list[str]) -> str:
        """The role that a noun phrase says: its head's, else that of what stands around it."""
        if len(low) == 1 and low[0] in _VAGUE:
            return "unnamed"
        core = self.core(low)
        head = self.lexicon.role_of(core)
        whole = self.lexicon.role_of(low)
        wide = self.lexicon.role_of(t.low[mention.wide_first : mention.wide_last])
        if wide is not None and wide[1] in ("unnamed", "victim") and wide[0] <= 1:
            return wide[1]
        anyone = core[0] in ("a", "an", "one", "another")
        if head is not None and head[0] <= 2:
            # "A mother of three": nobody's mother in particular.
            return "resident" if anyone and head == (2, "victim") else head[1]
        if head is None and anyone and g.is_human(core[-1]):
            # "A foreman born in Texas", "a caterer for the county".
            return "resident"
        said = [found for found in (head, whole, wide) if found is not None]
        if said:
            return min(said, key=lambda found: found[0])[1]
        return OTHER

    def core(self, low: list[str], past_of: bool = False) -> list[str]:
        """The phrase up to its first preposition or relative clause: where its head stands."""
        for k, word in enumerate(low):
            if not k or word not in _AFTER_HEAD:
                continue
            if word == "of" and (past_of or low[k - 1] in _NO_HEADS):
                continue
            return low[:k]
        return low

    def role_of_person(
        self, parsed: Parsed, mention: Mention, found: Span | None, full: str
    ) -> str:
        here = self._described(parsed.tokens, mention.wide_first, mention.wide_last, found)
        own = self.lexicon.people.get(full)
        if own is not None and len(full.split()) > 1:
            return own
        if here is not None and here[0] <= 2:
            return here[1]
        role, sure = self._known_role(full)
        if sure:
            return role
        if here is not None:
            return here[1]
        return role

    def _described(
        self, t: Tokens, first: int, last: int, name: Span | None
    ) -> tuple[int, str] | None:
        """What the words around a name say, without those of the name."""
        last = min(last, len(t))
        if name is None:
            return self.lexicon.role_of(t.low[first:last])
        before = self.lexicon.role_of([w for w in t.low[first : name[0]] if w != QUOTE])
        after = self._after_name(t.low[name[1] : last])
        if before is None or (after is not None and after[0] < before[0]):
            best = after
        else:
            best = before
        if best is None and any(word[:2] in ("D-", "R-") for word in t.words[name[1] : last]):
            return 1, "politician"
        if best is None and any(
            word[0].isdigit() for word in t.low[name[1] : min(last, name[1] + 3)]
        ):
            return 3, "resident"
        return best

    def _after_name(self, low: list[str]) -> tuple[int, str] | None:
        """What a description after a name says; a relative clause only where nothing else does."""
        cut = next((k for k, word in enumerate(low) if word in ("who", "which", "where")), len(low))
        core = self.lexicon.role_of(self.core(low[:cut], past_of=True), 2)
        if core == (2, "victim") and ("a" in low[:3] or "an" in low[:3]):
            # "Jane Roe, 32, a mother of four": nobody's mother in particular.
            return 3, "resident"
        if core is not None:
            return core
        plain = self.lexicon.role_of(low[:cut])
        if plain is not None or cut == len(low):
            return plain
        relative = self.lexicon.role_of(low[cut:])
        if relative is not None and relative[0] > 1 and relative[1] == "victim":
            # Whoever came with a sister is not her family in the sense of the role.
            return 3, "resident"
        return relative

    def _known_role(self, full: str) -> tuple[str, bool]:
        """What the piece says of a person anywhere, and whether it says it plainly."""
        known = self._roles.get(full)
        if known is not None:
            return known
        words = full.split()
        surname = bare(words[-1])
        if surname in g.SUFFIXES and len(words) > 1:
            surname = bare(words[-2])
        best: tuple[int, str] | None = None
        same = [one for one in self.by_last.get(surname, []) if one.full == full]
        for one in same[:_MENTIONS]:
            said = self._around(one)
            if said is not None and (best is None or said[0] < best[0]):
                best = said
        if best is None or best[0] > 2:
            listed = self.lexicon.people.get(full) or (
                self.lexicon.people.get(words[-1]) if len(words) == 1 else None
            )
            if listed:
                best = 0, listed
        result = (best[1], best[0] <= 2) if best else (OTHER, False)
        self._roles[full] = result
        return result

    def _around(self, one: Named) -> tuple[int, str] | None:
        parsed = self.sentence(self.number_at(one.start))
        t = parsed.tokens
        first = bisect_right(t.starts, one.start) - 1
        last = first
        while last < len(t) and t.starts[last] < one.end:
            last += 1
        if first < 0 or t.words[first] == QUOTE:
            return None
        begin = first
        while begin > 0 and first - begin < 7:
            word, low = t.words[begin - 1], t.low[begin - 1]
            if word == "," and begin == first and begin > 1 and self._ends_phrase(t, begin - 2):
                begin -= 1
                continue
            if (
                not t.is_word(begin - 1)
                or low in g.PREPOSITIONS - {"of", "for"}
                or g.is_finite(low)
            ):
                break
            if (
                low in g.CONJUNCTIONS
                or low in g.PRONOUNS
                or (low in self.lexicon.cues and word.islower())
            ):
                break
            begin -= 1
        return self._described(t, begin, parsed.rules.apposed(last), (first, last))

    def _ends_phrase(self, t: Tokens, at: int) -> bool:
        return t.is_word(at) and t.words[at].islower() and (t.low[at],) in self.lexicon.phrases
