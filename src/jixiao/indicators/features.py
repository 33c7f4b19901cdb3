"""What speaks for a candidate, as named numbers: the questions the ranker may ask.

No feature depends on which indicator it is: what was learned holds for a user's catalogue too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from jixiao.indicators.candidates import Near
from jixiao.indicators.catalogue import Indicator

if TYPE_CHECKING:
    from jixiao.records import Quantity

# Where a name of the candidate may stand, and how much a name there was worth before any training:
# the order in which places are named as evidence.
PLACES: Final = {
    "noun": 1.0,
    "lead": 1.0,
    "listed": 1.1,
    "row": 1.0,
    "column": 0.95,
    "behind": 0.8,
    "clause": 0.66,
    "before": 0.7,
    "earlier": 0.5,
    "previous": 0.3,
    "outer_row": 0.6,
    "outer_column": 0.6,
    "caption": 0.7,
    "above": 0.6,
    "heading": 0.5,
    "title": 0.3,
}
# Phrases compared with all names of the catalogue, pair of characters by pair.
PHRASES: Final = ("noun", "subject", "words", "row", "column", "listed", "joined")

FEATURES: Final = (
    *(f"at_{place}" for place in PLACES),
    *(f"near_{phrase}" for phrase in PHRASES),
    "near_covered",
    "near_head",
    "near_within",
    "told_near",
    "told_far",
    # Numbers before it that were aligned to the candidate.
    "last",
    "last_paragraph",
    "last_any",
    "last_same_kind",
    "last_same_measure",
    "left_cell",
    "upper_cell",
    "total",
    "relative",
    "same_value",
    "paired",
    "run",
    "other_last",
    "no_last",
    # The candidate beside the number.
    "fit",
    "classifier",
    "best",
    "weak",
    "length",
    "ambiguous",
    "gap",
    "between",
    "covering",
    "closing",
    "part",
    "mentions",
    "frequent",
    "category",
    "detail",
    # The candidate beside the others.
    "rank",
    "ahead",
    "near_ahead",
    "others",
    # The number itself.
    "count",
    "money",
    "percent",
    "score",
    "physical",
    "new",
    "dependent",
    "share",
    "gap_measure",
    "applied",
    "rule",
    "planned",
    "table",
    "whole_cell",
    "own_words",
    "generic_noun",
    "based",
    "per_head",
)
INDEX: Final = {name: number for number, name in enumerate(FEATURES)}
_LENDING: Final = FEATURES[FEATURES.index("last") : FEATURES.index("run")]
# The names of each kind of evidence, and where they stand in a row.
_REASONS: Final = [
    [(name, INDEX[name]) for name in names]
    for names in (
        FEATURES[: len(PLACES)],
        (*(f"near_{phrase}" for phrase in PHRASES), *_LENDING),
    )
]
_MOST_REASONS: Final = 2
_AT: Final = {place: INDEX[f"at_{place}"] for place in PLACES}
_LENGTH, _WEAK, _AMBIGUOUS = INDEX["length"], INDEX["weak"], INDEX["ambiguous"]
_GAP, _BETWEEN, _COVERING, _CLOSING = (
    INDEX["gap"],
    INDEX["between"],
    INDEX["covering"],
    INDEX["closing"],
)
_PART, _BEST = INDEX["part"], INDEX["best"]
_NEAR_AT: Final = {phrase: INDEX[f"near_{phrase}"] for phrase in PHRASES}
_NEAR_COVERED, _NEAR_HEAD = INDEX["near_covered"], INDEX["near_head"]
_NEAR_WITHIN: Final = INDEX["near_within"]
# What a likeness is worth beside a name that stands there.
_NEAR_WORTH: Final = 0.1
_WEAK_FACTOR: Final = 0.74
_EMPTY: Final = [0.0] * len(FEATURES)
_FIT: Final = INDEX["fit"]
_CLASSIFIER, _MENTIONS, _CATEGORY = INDEX["classifier"], INDEX["mentions"], INDEX["category"]


class Case:
    """A candidate for one number: its features, and the strongest evidence for a reader.

    ``row`` may begin with what is known of the indicator before any number is looked at
    (:func:`of_indicator`); ``nearest`` is the greatest likeness of a phrase to one of its names.
    """

    __slots__ = ("alias", "facet", "indicator", "nearest", "place", "row", "score", "strength")

    def __init__(
        self, indicator: Indicator, fit: float, row: Sequence[float] | None = None
    ) -> None:
        self.indicator = indicator
        self.row = list(row or _EMPTY)
        self.row[_FIT] = fit
        self.strength = 0.0
        self.nearest = 0.0
        self.alias = ""
        self.place = ""
        self.facet: str | None = None
        self.score = 0.0

    def name_at(
        self,
        place: str,
        strength: float,
        alias: str,
        weak: bool,
        facet: str | None,
        rivals: int,
        gap: int = 0,
        between: int = 0,
        covering: float = 0.0,
        closing: bool = False,
    ) -> None:
        """Note that an alias stands in a place: how near and whole it is, what lies between."""
        row, at = self.row, _AT[place]
        if strength > row[at]:
            row[at] = strength
        worth = PLACES[place] * strength * (_WEAK_FACTOR if weak else 1.0)
        if worth <= self.strength:
            return
        self.strength, self.alias, self.place, self.facet = worth, alias, place, facet
        row[_BEST] = worth
        row[_LENGTH], row[_WEAK], row[_AMBIGUOUS] = len(alias), weak, rivals
        row[_GAP], row[_BETWEEN] = gap, between
        row[_COVERING], row[_CLOSING], row[_PART] = covering, closing, facet is not None

    def near_at(self, phrase: str, near: Near) -> None:
        """Note that one of the number's phrases is like a name."""
        _, facet, alias, similarity, covered, within, same_head = near
        row, number = self.row, _NEAR_AT[phrase]
        if similarity > row[number]:
            row[number] = similarity
            self.nearest = max(self.nearest, similarity)
            row[_NEAR_COVERED] = max(row[_NEAR_COVERED], covered)
            row[_NEAR_HEAD] = max(row[_NEAR_HEAD], same_head)
        if within > row[_NEAR_WITHIN]:
            row[_NEAR_WITHIN] = within
        worth = _NEAR_WORTH * similarity
        if worth > self.strength and (not self.place or self.place == "near"):
            self.strength, self.alias, self.place = worth, alias, "near"
            self.facet = facet

    def set(self, name: str, value: float) -> None:
        """Set a feature."""
        self.row[INDEX[name]] = value

    def get(self, name: str) -> float:
        """Return a feature."""
        return self.row[INDEX[name]]

    def reasons(self) -> str:
        """Return the strongest evidence for a reader: ``at_lead 0.93; near_subject 0.71; last 1``.

        Two names at places first, then two of what else speaks for it.
        """
        said: list[tuple[float, str]] = []
        row = self.row
        for kind in _REASONS:
            held = [(value, name) for name, place in kind if (value := row[place])]
            said += sorted(held, key=_VALUE, reverse=True)[:_MOST_REASONS]
        return "; ".join([f"{name} {round(value, 2):g}" for value, name in said])


_VALUE: Final = itemgetter(0)


def of_indicator(classifier: bool, mentions: int, category: float) -> list[float]:
    """Return the row that a candidate begins with: what holds for all numbers of a kind.

    Parameters
    ----------
    classifier
        Whether the unit of the numbers is a classifier of the indicator.
    mentions, category
        How often the report names the indicator, and which part of its names are of its category.
    """
    row = _EMPTY[:]
    row[_CLASSIFIER], row[_MENTIONS], row[_CATEGORY] = classifier, mentions, category
    return row


# The features of the number itself stand in a row, the same for all its candidates: first those that
# its label, measure and modality tell, then the others.
_OF_KIND: Final = FEATURES[FEATURES.index("count") : FEATURES.index("table")]
_OF_NUMBER: Final = FEATURES[FEATURES.index("table") :]
_FIRST_OF_NUMBER: Final = INDEX["count"]


@lru_cache(maxsize=1024)
def _of_kind(label: str, measure: str | None, modality: str | None) -> tuple[float, ...]:
    stated = {
        "count": label == "COUNT",
        "money": label == "MONEY",
        "percent": label in ("PERCENT", "RATIO"),
        "score": label == "SCORE",
        "physical": label == "MEASURE",
        "new": measure in ("new", "net_new"),
        "dependent": measure in ("growth", "change"),
        "share": measure == "share",
        "gap_measure": measure in ("gap", "rank"),
        "applied": measure in ("applied", "recommended", "approved"),
        "rule": modality == "rule",
        "planned": modality in ("planned", "forecast"),
    }
    return tuple([float(stated[name]) for name in _OF_KIND])


def of_number(quantity: Quantity, stated: Mapping[str, float]) -> list[float]:
    """Return the features of the number itself: what its record says of it, and what is stated.

    >>> from jixiao.records import Quantity
    >>> number = Quantity(id="q1", start=0, end=3, text="6亿元", label="MONEY", key="k")
    >>> own = of_number(number, {"table": True})
    >>> [name for name, value in zip(FEATURES[-len(own) :], own) if value]
    ['money', 'table']
    """
    kind = _of_kind(quantity.label, quantity.measure, quantity.modality)
    return [*kind, *[stated.get(name, 0.0) for name in _OF_NUMBER]]


def set_of_number(case: Case, own: Sequence[float]) -> None:
    """Set the features of the number itself for one of its candidates."""
    case.row[_FIRST_OF_NUMBER:] = own


_RANK, _AHEAD, _OTHERS = INDEX["rank"], INDEX["ahead"], INDEX["others"]
_NEAR_AHEAD: Final = INDEX["near_ahead"]
_LENT: Final = [INDEX[name] for name in ("last_any", "upper_cell", "total", "same_value", "paired")]
_FREQUENT: Final = INDEX["frequent"]
_MOST: Final = 8


def strongest(cases: Sequence[Case]) -> Sequence[Case]:
    """Return the candidates that have most to say for them: at most eight, in the order given."""
    if len(cases) <= _MOST:
        return cases
    worth = [_worth(case) for case in cases]
    least = sorted(worth, reverse=True)[_MOST - 1]
    return [case for case, own in zip(cases, worth, strict=True) if own >= least][:_MOST]


def _worth(case: Case) -> float:
    row = case.row
    lent = max([row[number] for number in _LENT])
    return max(case.strength, case.nearest) * row[_FIT] + lent + 0.2 * row[_FREQUENT]


def compare(cases: Sequence[Case]) -> None:
    """Set how each candidate stands beside the others of its number."""
    strengths = [case.strength * case.row[_FIT] for case in cases]
    nears = [case.nearest for case in cases]
    ranked, likest = sorted(strengths, reverse=True), sorted(nears, reverse=True)
    others = len(cases) - 1
    for case, own, near in zip(cases, strengths, nears, strict=True):
        row = case.row
        row[_RANK] = ranked.index(own)
        row[_AHEAD] = own - _best_other(ranked, own)
        row[_NEAR_AHEAD] = near - _best_other(likest, near)
        row[_OTHERS] = others


def _best_other(ranked: Sequence[float], own: float) -> float:
    """Return the best of the others: ``ranked`` is descending and holds ``own``."""
    if len(ranked) == 1:
        return 0.0
    return ranked[0] if ranked[0] > own else ranked[1]
