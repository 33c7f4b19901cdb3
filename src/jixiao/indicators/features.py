"""What speaks for a candidate, as named numbers: the questions the ranker may ask.

No feature depends on which indicator it is: what was learned holds for a user's catalogue too.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from jixiao.indicators.candidates import Near
from jixiao.indicators.catalogue import Indicator

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
_REASONS: Final = (
    FEATURES[: len(PLACES)],
    (
        *(f"near_{phrase}" for phrase in PHRASES),
        *FEATURES[FEATURES.index("last") : FEATURES.index("run")],
    ),
)
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
_EMPTY: Final = array("d", bytes(8 * len(FEATURES)))
_FIT: Final = INDEX["fit"]


class Case:
    """A candidate for one number: its features, and the strongest evidence for a reader."""

    __slots__ = ("alias", "facet", "indicator", "place", "row", "score", "strength")

    def __init__(self, indicator: Indicator, fit: float) -> None:
        self.indicator = indicator
        self.row = _EMPTY[:]
        self.row[_FIT] = fit
        self.strength = 0.0
        self.alias = ""
        self.place = ""
        self.facet: str | None = None
        self.score = 0.0

    def name_at(
        self,
        place: str,
        strength: float,
        alias: str,
        *,
        weak: bool,
        facet: str | None,
        rivals: int,
        gap: int = 0,
        between: int = 0,
        covering: float = 0.0,
        closing: bool = False,
    ) -> None:
        """Note that an alias stands in a place: how near and whole it is, what lies between."""
        row = self.row
        if strength > row[_AT[place]]:
            row[_AT[place]] = strength
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
        row, number = self.row, _NEAR_AT[phrase]
        if near.similarity > row[number]:
            row[number] = near.similarity
            row[_NEAR_COVERED] = max(row[_NEAR_COVERED], near.covered)
            row[_NEAR_HEAD] = max(row[_NEAR_HEAD], near.same_head)
        row[_NEAR_WITHIN] = max(row[_NEAR_WITHIN], near.within)
        worth = _NEAR_WORTH * near.similarity
        if worth > self.strength and (not self.place or self.place == "near"):
            self.strength, self.alias, self.place = worth, near.alias, "near"
            self.facet = near.facet

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
        for names in _REASONS:
            held = [(self.row[INDEX[name]], name) for name in names]
            said += sorted((one for one in held if one[0]), key=lambda one: -one[0])[:_MOST_REASONS]
        return "; ".join(f"{name} {round(value, 2):g}" for value, name in said)


# The features of the number itself stand in a row, the same for all its candidates.
_OF_NUMBER: Final = FEATURES[FEATURES.index("count") :]
_FIRST_OF_NUMBER: Final = INDEX["count"]


def of_number(stated: Mapping[str, float]) -> Callable[[Case], None]:
    """Return what sets the features of the number itself for one of its candidates.

    >>> from jixiao.indicators import load_catalogue
    >>> case = Case(load_catalogue().indicators["rd_expenditure"], 1.0)
    >>> of_number({"money": True})(case)
    >>> case.get("money"), case.get("count")
    (1.0, 0.0)
    """
    values = array("d", [stated.get(name, 0.0) for name in _OF_NUMBER])

    def set_all(case: Case) -> None:
        case.row[_FIRST_OF_NUMBER:] = values

    return set_all


_RANK, _AHEAD, _OTHERS = INDEX["rank"], INDEX["ahead"], INDEX["others"]
_NEAR_AHEAD: Final = INDEX["near_ahead"]
_FIRST_NEAR: Final = INDEX[f"near_{PHRASES[0]}"]
_NEAR: Final = slice(_FIRST_NEAR, _FIRST_NEAR + len(PHRASES))
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
    return max(case.strength, *row[_NEAR]) * row[_FIT] + lent + 0.2 * row[_FREQUENT]


def compare(cases: Sequence[Case]) -> None:
    """Set how each candidate stands beside the others of its number."""
    strengths = [case.strength * case.row[_FIT] for case in cases]
    nears = [max(case.row[_NEAR]) for case in cases]
    ranked, likest = sorted(strengths, reverse=True), sorted(nears, reverse=True)
    for case, own, near in zip(cases, strengths, nears, strict=True):
        row = case.row
        row[_RANK] = ranked.index(own)
        row[_AHEAD] = own - _best_other(ranked, own)
        row[_NEAR_AHEAD] = near - _best_other(likest, near)
        row[_OTHERS] = len(cases) - 1


def _best_other(ranked: Sequence[float], own: float) -> float:
    """Return the best of the others: ``ranked`` is descending and holds ``own``."""
    if len(ranked) == 1:
        return 0.0
    return ranked[0] if ranked[0] > own else ranked[1]
