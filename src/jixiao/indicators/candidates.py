"""Where the catalogue's names stand in a text, exactly or nearly, and what its entries tell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import fsum, log, sqrt
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.indicators.catalogue import (
    Catalogue,
    Indicator,
    Named,
    load_catalogue,
    normal_form,
)


class Occurrence(NamedTuple):
    """An alias in a text: offsets, half-open, and what it names."""

    start: int
    end: int
    alias: str
    named: Sequence[Named]


class Near(NamedTuple):
    """An alias that is like a phrase.

    ``similarity`` is the cosine of their weighted character pairs, ``covered`` the part of the
    phrase's weight that the alias has, ``within`` the part of the alias's that the phrase has,
    ``same_head`` whether both end in the same two characters.
    """

    alias: str
    similarity: float
    covered: float
    within: float
    same_head: bool
    named: Sequence[Named]


_MIN_SIMILARITY: Final = 0.3
_MOST_NEAR: Final = 5
# Numbers, marks and blanks say nothing of what is measured.
_NO_WORD: Final = re.compile(r"[^\u4e00-\u9fffA-Za-z]+")


class AliasIndex:
    """Finds aliases in texts by automaton and near a phrase by weighted character pairs.

    Build one per worker: the automaton does not pickle. A pair weighs the more the fewer
    indicators have it in their names, aliases and definitions.
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
        self._profiles = {
            indicator.id: _profile(indicator) for indicator in catalogue.indicators.values()
        }
        self._weights = _weights([*self._profiles.values(), *_background()])
        self._holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        seen: set[tuple[str, int]] = set()
        for number, alias in enumerate(self._aliases):
            form = normal_form(alias)
            key = form, id(catalogue.aliases[alias])
            if key in seen:
                continue
            seen.add(key)
            pairs = pairs_of(form)
            norm = self._norm(pairs)
            for pair in pairs:
                self._holders[pair].append((number, self._weights.get(pair, 1.0) / norm))
        self.find = lru_cache(maxsize=16384)(self._find)
        self.near = lru_cache(maxsize=16384)(self._near)
        self.weigh = lru_cache(maxsize=16384)(self._weigh)

    def _norm(self, pairs: Iterable[str]) -> float:
        get = self._weights.get
        return sqrt(fsum(get(pair, 1.0) ** 2 for pair in pairs)) or 1.0

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
        """Return the aliases most like a phrase, best first, ties by alias; cached.

        At most five, none of a similarity below 0.3.
        """
        form = normal_form(_NO_WORD.sub("", phrase))
        pairs = pairs_of(form)
        if not pairs:
            return ()
        norm, weight = self._norm(pairs), self._weights.get
        dots: dict[int, float] = defaultdict(float)
        for pair in sorted(pairs):
            own = weight(pair, 1.0) / norm
            for number, other in self._holders.get(pair, ()):
                dots[number] += own * other
        ranked = sorted(
            ((-dot, self._aliases[n]) for n, dot in dots.items() if dot >= _MIN_SIMILARITY)
        )[:_MOST_NEAR]
        whole = fsum(weight(pair, 1.0) for pair in pairs)
        found = []
        for dot, alias in ranked:
            name = normal_form(alias)
            theirs = pairs_of(name)
            shared = fsum(weight(pair, 1.0) for pair in pairs & theirs)
            within = shared / (fsum(weight(pair, 1.0) for pair in theirs) or 1.0)
            named = self.catalogue.aliases[alias]
            same_head = name[-2:] == form[-2:]
            found.append(Near(alias, -dot, shared / whole, within, same_head, named))
        return tuple(found)

    def _weigh(self, context: str) -> Mapping[str, float]:
        """Return the character pairs of a context that any indicator has, with their weights; cached.

        Divided by their sum, so that :meth:`told` is a share.
        """
        known = {pair: self._weights[pair] for pair in pairs_of(context) if pair in self._weights}
        whole = fsum(known.values()) or 1.0
        return {pair: weight / whole for pair, weight in known.items()}

    def told(self, indicator_id: str, context: Mapping[str, float]) -> float:
        """Return how much of a weighed context the indicator's entry has, between 0 and 1."""
        # fsum gives the same sum in any order.
        shared = self._profiles[indicator_id].intersection(context)
        return fsum(map(context.__getitem__, shared))


@lru_cache(maxsize=16384)
def pairs_of(phrase: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a phrase."""
    return frozenset(phrase[i : i + 2] for i in range(len(phrase) - 1))


def _profile(indicator: Indicator) -> frozenset[str]:
    """Return the pairs of all that the catalogue says of an indicator."""
    said = (
        indicator.name_zh,
        *indicator.aliases,
        *indicator.weak_aliases,
        *_NO_WORD.split(indicator.definition),
    )
    return frozenset().union(*map(pairs_of, said))


@cache
def _background() -> tuple[frozenset[str], ...]:
    """Return the profiles of the shipped indicators: in a small catalogue 项目 is no rare word either."""
    return tuple(map(_profile, load_catalogue().indicators.values()))


def _weights(profiles: Iterable[frozenset[str]]) -> dict[str, float]:
    profiles = list(profiles)
    counts = Counter(pair for profile in profiles for pair in profile)
    return {pair: log((1 + len(profiles)) / count) for pair, count in counts.items()}


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
