"""Where the catalogue's names stand in a text, exactly or nearly, and what its entries tell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, pairwise
from math import fsum, log, sqrt
from typing import Final, NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.indicators.catalogue import (
    Catalogue,
    Indicator,
    Named,
    normal_form,
    shipped,
)
from jixiao.numbers.headers import bare


class Occurrence(NamedTuple):
    """An alias in a text: offsets, half-open, and what it names."""

    start: int
    end: int
    alias: str
    named: Sequence[Named]


class Near(NamedTuple):
    """An indicator one of whose aliases is like a phrase, with the alias that is most like it.

    ``similarity`` is the cosine of their weighted character pairs, ``covered`` the part of the
    phrase's weight that the alias has, ``within`` the part of the alias's that the phrase has (the
    greatest of the indicator's aliases), ``same_head`` whether both end in the same two characters.
    """

    indicator: Indicator
    facet: str | None
    alias: str
    similarity: float
    covered: float
    within: float
    same_head: bool


class Labelled(NamedTuple):
    """What an alias names in a label: how strongly, and how much of the label the alias is."""

    named: Named
    alias: str
    strength: float
    rivals: int
    covering: float
    closing: bool


class Weighed(NamedTuple):
    """The weights of a context's character pairs, and what was asked of it before, by indicator."""

    weights: Mapping[str, float]
    told: dict[str, float]


class _Asked(NamedTuple):
    """A phrase, its normal form, the weights of its pairs, and those that any alias has, in order."""

    phrase: str
    form: str
    weights: Mapping[str, float]
    known: Sequence[str]

    def scales(self) -> list[float]:
        """Return the weights of the pairs that are known, as parts of the phrase's length."""
        norm = _length(self.weights.values())
        return [self.weights[pair] / norm for pair in self.known]


_MIN_SIMILARITY: Final = 0.3
_MOST_NEAR: Final = 5
# The phrases whose answers are kept, and how many are compared with all aliases at once.
_KEPT: Final = 16384
_AT_ONCE: Final = 16
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
        # A DFA takes five times as long to build and searches no faster.
        self._automaton = AhoCorasick(
            self._aliases,
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.ContiguousNFA,
            store_patterns=False,
        )
        background = _background()
        self._profiles = {
            one.id: background[one.id].profile
            if one.id in background and background[one.id].indicator is one
            else _profile(one)
            for one in catalogue.indicators.values()
        }
        shipped_profiles = [entry.profile for entry in background.values()]
        self._weights = _weights([*self._profiles.values(), *shipped_profiles])
        self._hold()
        self.label = lru_cache(maxsize=_KEPT)(self._label)
        self._near: dict[str, tuple[Near, ...]] = {}
        self.weigh = lru_cache(maxsize=_KEPT)(self._weigh)
        self.within = lru_cache(maxsize=_KEPT)(self._within)
        self.related = lru_cache(maxsize=_KEPT)(self._related)

    def _hold(self) -> None:
        """Note for every pair the aliases that have it, and its part of their length: all in a row."""
        holders: dict[str, list[int]] = defaultdict(list)
        norms = np.empty(len(self._aliases))
        self._sums: list[float] = []
        self._forms = [normal_form(alias) for alias in self._aliases]
        self._form_pairs = [pairs_of(form) for form in self._forms]
        for number, pairs in enumerate(self._form_pairs):
            weights = [self._weights.get(pair, 1.0) for pair in pairs]
            norms[number] = _length(weights)
            self._sums.append(fsum(weights))
            for pair in pairs:
                holders[pair].append(number)
        sizes = [len(numbers) for numbers in holders.values()]
        # Where the aliases of each pair begin and how many they are, by the number of the pair.
        self._pairs = {pair: number for number, pair in enumerate(holders)}
        self._sizes = np.array(sizes, dtype=np.intp)
        self._firsts = np.cumsum(self._sizes) - self._sizes
        self._holders = np.fromiter(chain.from_iterable(holders.values()), np.intp, sum(sizes))
        own = [self._weights.get(pair, 1.0) for pair in holders]
        self._parts = np.repeat(own, sizes) / norms[self._holders]

    def occurrences(self, text: str) -> list[Occurrence]:
        """Return the aliases in a text by start; the leftmost and longest wins at each place."""
        aliases, named = self._aliases, self.catalogue.aliases
        return [
            Occurrence(start, end, aliases[number], named[aliases[number]])
            for number, start, end in self._automaton.find_matches_as_indexes(text)
        ]

    def _within(self, phrase: str) -> tuple[Occurrence, ...]:
        """Return the aliases in a phrase, like :meth:`occurrences`; cached."""
        return tuple(self.occurrences(phrase))

    def _related(self, first_id: str, second_id: str) -> bool:
        """Tell whether two indicators are parent and child, children of one, or in one equation."""
        if first_id == second_id:
            return False
        first, second = (self.catalogue.indicators[name] for name in (first_id, second_id))
        return (
            first_id == second.parent
            or second_id == first.parent
            or (first.parent == second.parent != "")
            or any(second_id in relation for relation in first.relations)
            or any(first_id in relation for relation in second.relations)
        )

    def _label(self, label: str) -> tuple[Labelled, ...]:
        """Return what the aliases in a label name: the more of it they cover the stronger; cached."""
        name = normal_form(bare(label)) or label
        found = []
        for occurrence in self.occurrences(name):
            covering = (occurrence.end - occurrence.start) / len(name)
            closing = occurrence.end == len(name)
            strength = (0.5 + 0.5 * covering) * (1.0 if closing else 0.9)
            rivals = len(occurrence.named)
            found += [
                Labelled(named, occurrence.alias, strength, rivals, covering, closing)
                for named in occurrence.named
            ]
        return tuple(found)

    def near(self, phrase: str) -> tuple[Near, ...]:
        """Return the indicators most like a phrase, best first, ties by alias; kept.

        Those of at most five aliases, none of a similarity below 0.3.
        """
        known = self._near.get(phrase)
        if known is None:
            self.compare([phrase])
            known = self._near[phrase]
        return known

    def compare(self, phrases: Iterable[str]) -> None:
        """Work out what many phrases are like, so that :meth:`near` need not one by one.

        Of short array operations each costs more than its arithmetic.
        """
        asked = [self._ask(phrase) for phrase in dict.fromkeys(phrases) if phrase not in self._near]
        if len(self._near) + len(asked) > _KEPT:
            self._near.clear()
        for one in asked:
            self._near[one.phrase] = ()
        known = [one for one in asked if one.known]
        for at in range(0, len(known), _AT_ONCE):
            some = known[at : at + _AT_ONCE]
            for one, likest in zip(some, self._likest(some), strict=True):
                self._near[one.phrase] = self._named_by(one, likest)

    def _ask(self, phrase: str) -> _Asked:
        form = normal_form(_NO_WORD.sub("", phrase))
        pairs = pairs_of(form)
        own = self._weights
        # Sorted, since the order in which numbers are added decides their last digit.
        known = sorted(pairs & self._pairs.keys())
        return _Asked(phrase, form, {pair: own.get(pair, 1.0) for pair in pairs}, known)

    def _likest(self, asked: Sequence[_Asked]) -> list[list[tuple[float, str, int]]]:
        """Return for each phrase (negative cosine, alias, its number) of the aliases most like it."""
        many = len(self._aliases)
        pairs = np.array([self._pairs[pair] for one in asked for pair in one.known])
        scales = [scale for one in asked for scale in one.scales()]
        phrases = np.repeat(np.arange(len(asked)) * many, [len(one.known) for one in asked])
        sizes = self._sizes[pairs]
        firsts = self._firsts[pairs] - (np.cumsum(sizes) - sizes)
        places = np.arange(sizes.sum()) + np.repeat(firsts, sizes)
        parts = self._parts[places] * np.repeat(scales, sizes)
        # One row of aliases for each phrase; added in order of the pairs.
        dots = np.bincount(self._holders[places] + np.repeat(phrases, sizes), parts)
        like = (dots >= _MIN_SIMILARITY).nonzero()[0]
        bounds = np.searchsorted(like, np.arange(len(asked) + 1) * many).tolist()
        cosines, aliases = dots[like].tolist(), (like % many).tolist()
        return [
            self._best(cosines[first:stop], aliases[first:stop]) for first, stop in pairwise(bounds)
        ]

    def _best(
        self, cosines: Sequence[float], numbers: Sequence[int]
    ) -> list[tuple[float, str, int]]:
        """Return (negative cosine, alias, its number) of the greatest cosines, ties by alias."""
        least = sorted(cosines, reverse=True)[:_MOST_NEAR][-1:] or [0.0]
        return sorted(
            (-cosine, self._aliases[number], number)
            for cosine, number in zip(cosines, numbers, strict=True)
            if cosine >= least[0]
        )[:_MOST_NEAR]

    def _named_by(
        self, asked: _Asked, likest: Sequence[tuple[float, str, int]]
    ) -> tuple[Near, ...]:
        """Return what the aliases most like a phrase name, each indicator once."""
        weights, form = asked.weights, asked.form
        whole = fsum(weights.values())
        first: dict[str, Near] = {}
        greatest: dict[str, float] = {}
        for dot, alias, number in likest:
            shared = fsum([weights[pair] for pair in self._form_pairs[number] & weights.keys()])
            within = shared / (self._sums[number] or 1.0)
            same_head = self._forms[number][-2:] == form[-2:]
            for indicator, _, facet in self.catalogue.aliases[alias]:
                name = indicator.id
                if name not in first:
                    covered = shared / whole
                    first[name] = Near(indicator, facet, alias, -dot, covered, within, same_head)
                    greatest[name] = within
                elif within > greatest[name]:
                    greatest[name] = within
        return tuple(
            [
                near if near.within == greatest[name] else near._replace(within=greatest[name])
                for name, near in first.items()
            ]
        )

    def _weigh(self, context: str) -> Weighed:
        """Return a context's character pairs that any indicator has, with their weights; cached.

        Divided by their sum, so that :meth:`told` is a share.
        """
        known = {pair: self._weights[pair] for pair in pairs_of(context) if pair in self._weights}
        whole = fsum(known.values()) or 1.0
        return Weighed({pair: weight / whole for pair, weight in known.items()}, {})

    def told(self, indicator_id: str, context: Weighed) -> float:
        """Return how much of a weighed context the indicator's entry has, between 0 and 1."""
        known = context.told.get(indicator_id)
        if known is None:
            # fsum gives the same sum in any order.
            shared = self._profiles[indicator_id].intersection(context.weights)
            known = fsum(map(context.weights.__getitem__, shared))
            context.told[indicator_id] = known
        return known


@lru_cache(maxsize=4096)
def pairs_of(phrase: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a phrase."""
    return frozenset(phrase[i : i + 2] for i in range(len(phrase) - 1))


def _length(weights: Iterable[float]) -> float:
    return sqrt(fsum([weight**2 for weight in weights])) or 1.0


def _profile(indicator: Indicator) -> frozenset[str]:
    """Return the pairs of all that the catalogue says of an indicator."""
    said = (
        indicator.name_zh,
        *indicator.aliases,
        *indicator.weak_aliases,
        *_NO_WORD.split(indicator.definition),
    )
    return frozenset().union(*map(pairs_of, said))


class _Entry(NamedTuple):
    indicator: Indicator
    profile: frozenset[str]


@cache
def _background() -> Mapping[str, _Entry]:
    """Return the profiles of the shipped indicators: in a small catalogue 项目 is no rare word either."""
    return {one.id: _Entry(one, _profile(one)) for one in shipped()}


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
