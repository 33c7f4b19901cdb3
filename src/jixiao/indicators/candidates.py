"""Where the catalogue's names stand in a text, exactly or nearly."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.indicators.catalogue import Catalogue, Named, normal_form


class Occurrence(NamedTuple):
    """An alias in a text: offsets, half-open, and what it names."""

    start: int
    end: int
    alias: str
    named: Sequence[Named]


class Near(NamedTuple):
    """An alias that is like a phrase: the similarity is 1 for the same character pairs."""

    alias: str
    similarity: float
    named: Sequence[Named]


_MIN_DICE: Final = 0.5
_MIN_COVERED: Final = 0.66


class AliasIndex:
    """Finds aliases in texts by automaton and near a phrase by character pairs.

    Build one per worker: the automaton does not pickle.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._aliases = [alias for alias in catalogue.aliases if len(alias) >= 2]
        self._automaton = AhoCorasick(
            self._aliases,
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.DFA,
            store_patterns=False,
        )
        self._pairs: dict[str, list[int]] = defaultdict(list)
        self._sizes: list[int] = []
        for number, alias in enumerate(self._aliases):
            pairs = _pairs(normal_form(alias))
            self._sizes.append(len(pairs))
            for pair in pairs:
                self._pairs[pair].append(number)
        self.find = lru_cache(maxsize=16384)(self._find)
        self.near = lru_cache(maxsize=16384)(self._near)

    def occurrences(self, text: str) -> list[Occurrence]:
        """Return the aliases in a text by start; the leftmost and longest wins at each place."""
        aliases, named = self._aliases, self.catalogue.aliases
        return [
            Occurrence(start, end, aliases[number], named[aliases[number]])
            for number, start, end in self._automaton.find_matches_as_indexes(text)
        ]

    def _find(self, phrase: str) -> tuple[Occurrence, ...]:
        """Return the aliases in a short phrase (a label, a heading); cached."""
        return tuple(self.occurrences(phrase))

    def _near(self, phrase: str) -> tuple[Near, ...]:
        """Return the aliases most like a phrase by the Dice measure of their character pairs.

        At most five, best first, ties by alias; none below a half, and none of which the phrase
        lacks more than a third: 项目 alone is not 参赛项目.
        """
        pairs = _pairs(normal_form(phrase))
        if not pairs:
            return ()
        shared: dict[int, int] = defaultdict(int)
        for pair in pairs:
            for number in self._pairs.get(pair, ()):
                shared[number] += 1
        scored = [
            (2 * count / (len(pairs) + self._sizes[number]), self._aliases[number])
            for number, count in shared.items()
            if count >= _MIN_COVERED * self._sizes[number]
        ]
        best = sorted((s for s in scored if s[0] >= _MIN_DICE), key=lambda s: (-s[0], s[1]))[:5]
        return tuple(Near(alias, score, self.catalogue.aliases[alias]) for score, alias in best)


def _pairs(phrase: str) -> frozenset[str]:
    return frozenset(phrase[i : i + 2] for i in range(len(phrase) - 1))


class Occurrences:
    """The aliases in one text, looked up by range."""

    def __init__(self, found: Sequence[Occurrence]) -> None:
        self._found = found
        self._starts = [occurrence.start for occurrence in found]

    def inside(self, start: int, end: int) -> list[Occurrence]:
        """Return the occurrences that lie within ``[start, end)``, by start."""
        low = bisect_left(self._starts, start)
        high = bisect_left(self._starts, end, low)
        return [found for found in self._found[low:high] if found.end <= end]
