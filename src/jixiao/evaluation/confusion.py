"""What was taken for what: gold's label against the predicted one, over records that share text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, TypeAlias

from jixiao.evaluation.matching import DocumentMatching, label_of
from jixiao.evaluation.overlap import Matching
from jixiao.records import Claim, Entity, Quantity

NONE: Final = "∅"
"""In place of a label where that side has nothing."""

Confusion: TypeAlias = Counter[tuple[str, str]]
"""How often gold says the first where the predicted says the second."""


def count_confusions(matching: DocumentMatching) -> dict[str, Confusion]:
    """Return the confusions of one document, by what is confused.

    Labels of quantities and entities and kinds of claims are compared over spans that share text
    (:func:`jixiao.evaluation.spans.align_spans`); measures and indicators over matched quantities,
    those where neither side has one left out.
    """
    pairs = matching.quantities.pairs
    return {
        "labels": _of_spans(matching.quantity_spans),
        "entities": _of_spans(matching.entity_spans),
        "claims": _of_spans(matching.claim_spans),
        "measures": _of_values((g.measure, p.measure) for g, p in pairs),
        "indicators": _of_values((g.indicator, p.indicator) for g, p in pairs),
    }


def worst(confusion: Confusion, most: int = 10) -> list[tuple[str, str, int]]:
    """Return the most frequent mistakes: (gold, predicted, count), the most frequent first.

    >>> worst(Counter({("gdp", "gdp"): 5, ("gdp", "∅"): 1, ("∅", "rd_spend"): 2}), 1)
    [('∅', 'rd_spend', 2)]
    """
    wrong = [(gold, found, n) for (gold, found), n in confusion.items() if gold != found]
    return sorted(wrong, key=lambda one: (-one[2], one[:2]))[:most]


def axis(confusion: Confusion, most: int | None = None) -> list[str]:
    """Return the names on both sides: most mistaken first where only some fit, ``∅`` last."""
    weight: Counter[str] = Counter()
    for (gold, found), number in confusion.items():
        for name in {gold, found}:
            weight[name] += number if most is None or gold != found else 0
    names = sorted(weight.keys() - {NONE}, key=lambda name: (-weight[name], name))
    return [*names[:most], NONE]


def _of_spans(matching: Matching[Quantity] | Matching[Entity] | Matching[Claim]) -> Confusion:
    counts = Counter((label_of(gold), label_of(found)) for gold, found in matching.pairs)
    counts.update((label_of(one), NONE) for one in matching.missed)
    counts.update((NONE, label_of(one)) for one in matching.spurious)
    return counts


def _of_values(pairs: Iterable[tuple[str | None, str | None]]) -> Confusion:
    return Counter((gold or NONE, found or NONE) for gold, found in pairs if gold or found)
