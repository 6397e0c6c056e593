"""What a word says of speech and of speakers: cues, names and phrases, from data/voices.toml."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.corpus.voices import grammar as g
from analysis.corpus.voices.tokens import bare

DATA = Path(__file__).resolve().parents[3] / "data" / "voices.toml"

OTHER = "other"
STRENGTHS = ("own", "strong", "plain", "weak")
_LONGEST = 6
_NEUTRAL = 9


@dataclass(frozen=True)
class Cue:
    """A form of a reporting verb: what it may take, and whether it is a participle or a base."""

    verb: str
    kinds: frozenset[str]
    form: str


@dataclass(frozen=True)
class Lexicon:
    """Cues by form; roles of people by name and of phrases by their words.

    `phrases` maps words to (strength, role), strength 0 being the strongest. `speaking` are the
    words of which a sentence without quote marks has at least one if it reports what someone
    says. `version` changes with the content.
    """

    roles: tuple[str, ...]
    cues: Mapping[str, Cue]
    people: Mapping[str, str]
    phrases: Mapping[tuple[str, ...], tuple[int, str]]
    first_words: frozenset[str]
    speaking: frozenset[str]
    version: str

    def role_of(self, words: Sequence[str], weakest: int = 3) -> tuple[int, str] | None:
        """The strength and the role that a description says; None when it says nothing.

        `words` are bare words in lower case (`tokens.bare`).
        """
        best: tuple[int, int, str] | None = None
        at = 0
        while at < len(words):
            found, length = self._phrase_at(words, at)
            if found is not None and found[0] <= weakest and (best is None or found[0] < best[0]):
                best = (found[0], at, found[1])
            at += max(1, length)
        return (best[0], best[2]) if best else None

    def _phrase_at(self, words: Sequence[str], at: int) -> tuple[tuple[int, str] | None, int]:
        if words[at] not in self.first_words:
            return None, 1
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            found = self.phrases.get(tuple(words[at : at + length]))
            if found is not None:
                return found, length
        return None, 1


def load(people: Mapping[str, str], phrases: Mapping[str, str]) -> Lexicon:
    """The bundled lexicon with a project's own people and phrases, which beat the bundled ones."""
    return _lexicon(tuple(sorted(people.items())), tuple(sorted(phrases.items())))


@cache
def roles() -> tuple[str, ...]:
    """The roles there are, in the order in which they are shown."""
    return tuple(_raw()["roles"])


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


@cache
def _lexicon(own_people: tuple[tuple[str, str], ...], own: tuple[tuple[str, str], ...]) -> Lexicon:
    raw = _raw()
    people = {**_surnames(raw["people"]), **raw["people"], **dict(own_people)}
    phrases: dict[tuple[str, ...], tuple[int, str]] = {}
    for role, lists in raw["phrases"].items():
        for strength, name in enumerate(STRENGTHS):
            for phrase in lists.get(name, ()):
                for words in _forms(phrase):
                    at = phrases.get(words)
                    if at is None or strength < at[0]:
                        phrases[words] = (strength, role)
    combined = raw["combined"]
    for first_word in combined["first"]:
        for second in combined["second"]:
            for words in _forms(f"{first_word} {second}"):
                phrases[words] = (1, combined["role"])
    for phrase in raw["neutral"]:
        phrases.setdefault(words_of(phrase), (_NEUTRAL, ""))
    for phrase, role in own:
        for words in _forms(phrase):
            phrases[words] = (0, role)
    first = frozenset(words[0] for words in phrases)
    mark = json.dumps([raw, own_people, own], sort_keys=True)
    version = hashlib.sha256(mark.encode()).hexdigest()[:10]
    cues = _cues(raw["cues"])
    verbs = {"plain", "clause", "telling", "asking"}
    speaking = frozenset(["according", *(word for word, cue in cues.items() if cue.kinds & verbs)])
    return Lexicon(tuple(raw["roles"]), cues, people, phrases, first, speaking, version)


def _surnames(people: Mapping[str, str]) -> dict[str, str]:
    """Surnames that only one role goes with: for pieces that give no full name."""
    of: dict[str, set[str]] = {}
    for name, role in people.items():
        of.setdefault(name.split()[-1], set()).add(role)
    known = g.MALE_NAMES | g.FEMALE_NAMES
    return {
        name: next(iter(roles))
        for name, roles in of.items()
        if len(roles) == 1 and name.lower() not in known and name[-1] != "."
    }


def words_of(phrase: str) -> tuple[str, ...]:
    """The bare words of a phrase or name."""
    return tuple(bare(word) for word in phrase.split())


def _forms(phrase: str) -> list[tuple[str, ...]]:
    words = words_of(phrase)
    last = words[-1]
    plural = last[:-1] + "ies" if last.endswith("y") and last[-2:-1] not in "aeiou" else last + "s"
    if last.endswith(("man", "men")) and len(last) > 3:
        plural = last[:-2] + "en"
    if last.endswith(("s", "ch", "sh", "x")):
        plural = last + "es"
    return [words, (*words[:-1], plural)]


def _cues(raw: Mapping[str, Any]) -> dict[str, Cue]:
    kinds: dict[str, set[str]] = {}
    for kind in ("plain", "clause", "telling", "asking", "quoting", "partial"):
        for verb in raw[kind]:
            kinds.setdefault(verb, set()).add(kind)
    cues: dict[str, Cue] = {}
    irregular = {verb for form, verb in raw["forms"].items() if not form.endswith(("ing", "s"))}
    for verb, of in kinds.items():
        held = frozenset(of)
        for form, word in _inflected(verb, verb not in irregular):
            cues.setdefault(word, Cue(verb, held, form))
    for word, verb in raw["forms"].items():
        if verb in kinds:
            form = "ing" if word.endswith("ing") else "s" if word.endswith("es") else "past"
            cues[word] = Cue(verb, frozenset(kinds[verb]), form)
    return cues


def _inflected(verb: str, regular: bool) -> list[tuple[str, str]]:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        stem, third, past = verb, verb[:-1] + "ies", verb[:-1] + "ied"
    elif verb.endswith(("s", "sh", "ch", "x")):
        stem, third, past = verb, verb + "es", verb + "ed"
    elif verb.endswith("e"):
        stem, third, past = verb[:-1], verb + "s", verb + "d"
    else:
        stem, third, past = verb, verb + "s", verb + "ed"
    forms = [("base", verb), ("s", third), ("ing", stem + "ing")]
    return [*forms, ("past", past)] if regular else forms
