"""The confidence of a rule: how often it was right on development data.

The rate of a rule is (right + 1) / (all + 2) (Laplace's rule of succession). A quantity's confidence
is that of the rule that read it, or the calibrated probability of its indicator, whichever is lower.
The counts are in ``resources/confidence.csv``; ``python -m
jixiao.training.confidence`` fits them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from jixiao.records import Quantity
from jixiao.resources import read_table

_DECIMALS: Final = 3
_UNKNOWN: Final = 0.5


@cache
def _rates() -> dict[str, float]:
    return {
        row["rule"]: round((int(row["right"]) + 1) / (int(row["all"]) + 2), _DECIMALS)
        for row in read_table("confidence.csv")
    }


def rules_of(quantity: Quantity) -> list[str]:
    """Return the rules a quantity rests on: how it was read, and what aligned it."""
    rules = [quantity.rule or ""]
    if quantity.indicator is not None and quantity.evidence is not None:
        rules.append(f"align.{quantity.evidence.get('place', '')}")
    return rules


def confidence_of(quantity: Quantity) -> float:
    """Return the lower of the rate of the rule that read a quantity and the probability of its indicator.

    0.5 for a rule never measured. The probability is the ranker's, calibrated.
    """
    read = _lowest(quantity.rule or "")
    if quantity.indicator is None or not quantity.candidates:
        return read
    return min(read, quantity.candidates[0].score)


def confidence_of_rule(rule: str) -> float:
    """Return the rate of one rule; 0.5 for a rule never measured."""
    return _lowest(rule)


@lru_cache(maxsize=1024)
def _lowest(*rules: str) -> float:
    rates = _rates()
    return min(rates.get(rule, _UNKNOWN) for rule in rules)
