"""Words of texts as numbers, so that what is known of a word is worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Numbered:
    """The words of n texts: numbers one after the other; text i has ids[ends[i]:ends[i + 1]].

    `new` are words that were not known before, numbered from `first_new` on. A `first_new` of 0
    says that everything known before is to be forgotten.
    """

    ids: Ints
    ends: Ints
    new: list[str]
    first_new: int


@dataclass
class Words:
    """Numbers words as they come; forgets all of them when there are more than `most`."""

    most: int
    known: dict[str, int] = field(default_factory=dict)

    def number(self, texts: Sequence[Sequence[str]]) -> Numbered:
        """Numbers the words of texts that are already cut into words."""
        new = self._new(texts)
        if len(self.known) + len(new) > self.most:
            self.known.clear()
            new = self._new(texts)
        first = len(self.known)
        self.known.update(zip(new, range(first, first + len(new)), strict=True))
        ends = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=ends[1:])
        ids = np.fromiter(map(self.known.__getitem__, _flat(texts)), np.int64, ends[-1])
        return Numbered(ids, ends, new, first)

    def _new(self, texts: Sequence[Sequence[str]]) -> list[str]:
        # In the order of the texts: a set's order changes from run to run.
        return [word for word in dict.fromkeys(_flat(texts)) if word not in self.known]


def _flat(texts: Sequence[Sequence[str]]) -> Iterable[str]:
    return chain.from_iterable(texts)


def spread(ids: Ints, ends: Ints, starts: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Replaces each word by what it is made of.

    Word w is made of values[starts[w]:starts[w + 1]]. Gives the parts of all texts one after the
    other, and where each text's parts end, as `ids` and `ends` do for words.
    """
    lengths = np.diff(starts)[ids]
    places = np.concatenate([[0], np.cumsum(lengths)])
    offsets = np.arange(places[-1]) - np.repeat(places[:-1], lengths)
    return values[np.repeat(starts[ids], lengths) + offsets], places[ends]
