"""Printed numbers as intervals: what a number in a report may stand for, and what follows from it.

All arithmetic is exact. A printed number stands for every number that prints like it; a recomputed
one for every number that its operands allow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, TypeAlias

from jixiao.exact import CONTEXT, plain, printed_step
from jixiao.numbers.find import Found
from jixiao.records import Verdict

Interval: TypeAlias = tuple[Decimal, Decimal]

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
HUNDRED: Final = Decimal(100)
_TWO: Final = Decimal(2)
# No report counts higher; what lies above would leave the fifty exact digits in a quotient.
_GREATEST: Final = Decimal(10) ** 18
_PLACES: Final = Decimal("0.0001")
_NO_DIGIT: Final = re.compile(r"[^0-9.]")
_FOLD: Final = {0xFF10 + i: 0x30 + i for i in range(10)} | {0xFF0E: 0x2E}
_MULTIPLIERS: Final = (("亿", Decimal(10**8)), ("万", Decimal(10**4)))
# Labels whose printed numbers are exact: things and points are not rounded.
_EXACT: Final = frozenset({"COUNT", "SCORE", "RANK"})


@dataclass(frozen=True, slots=True)
class Term:
    """A number of a relation: its value, the size of its last printed place, its multiplier."""

    item: Found
    value: Decimal
    step: Decimal
    scale: Decimal

    @property
    def exact(self) -> bool:
        """Whether the number is a count of things or points, printed in full."""
        return self.item.quantity.label in _EXACT and self.scale == ONE

    @property
    def padding(self) -> Decimal:
        """The step of a number without the zero that ends its fraction: 45.50 may be 45.5."""
        digits = _NO_DIGIT.sub("", self.item.quantity.text.translate(_FOLD))
        return self.step * 10 if "." in digits and digits.endswith("0") else self.step

    def interval(self, step: Decimal | None = None) -> Interval:
        """Return the numbers that print as this one, at its own step or at ``step``."""
        if self.exact:
            return self.value, self.value
        half = CONTEXT.divide(self.step if step is None else step, _TWO)
        return CONTEXT.subtract(self.value, half), CONTEXT.add(self.value, half)


def term(item: Found) -> Term | None:
    """Return a quantity as a term, or None where it states no single exact value."""
    quantity = item.quantity
    if quantity.value is None or quantity.value_high is not None or quantity.bound != "=":
        return None
    if abs(quantity.value) > _GREATEST:
        return None
    scale, step = _scale_and_step(quantity.text, quantity.value)
    return Term(item, quantity.value, step, scale)


@lru_cache(maxsize=8192)
def _scale_and_step(text: str, value: Decimal) -> tuple[Decimal, Decimal]:
    """Return what the printed digits were multiplied by to give ``value``, and their last place."""
    folded = text.translate(_FOLD)
    scale = next((power for sign, power in _MULTIPLIERS if sign in folded), ONE)
    try:
        number = Decimal(_NO_DIGIT.sub("", folded))
    except InvalidOperation:
        number = ZERO
    if number and value:
        scale = plain(abs(CONTEXT.divide(value, number)))
    return scale, printed_step(text, scale)


def common_steps(terms: Sequence[Term]) -> list[Decimal]:
    """Return the step of each term among its like.

    In one breakdown ``30万元`` beside ``12.73万元`` leaves out zeros: numbers of one multiplier are
    printed as finely as the finest of them.
    """
    finest: dict[Decimal, Decimal] = {}
    for one in terms:
        known = finest.get(one.scale)
        finest[one.scale] = one.step if known is None else min(known, one.step)
    return [finest[one.scale] for one in terms]


def add_up(terms: Sequence[Term], signs: Sequence[int] | None = None) -> Decimal:
    """Return the signed sum of terms, exactly."""
    total = ZERO
    for place, one in enumerate(terms):
        down = signs is not None and signs[place] < 0
        total = CONTEXT.subtract(total, one.value) if down else CONTEXT.add(total, one.value)
    return plain(total)


def sum_interval(
    terms: Sequence[Term], steps: Sequence[Decimal], signs: Sequence[int] | None = None
) -> Interval:
    """Return what the signed sum may be within the printed precision of its terms."""
    low = high = ZERO
    for place, one in enumerate(terms):
        first, last = one.interval(steps[place])
        if signs is not None and signs[place] < 0:
            first, last = -last, -first
        low, high = CONTEXT.add(low, first), CONTEXT.add(high, last)
    return plain(low), plain(high)


def quotient(numerator: Interval, denominator: Interval) -> Interval | None:
    """Return the quotients of two intervals in percent; None where the divisor may be zero.

    >>> quotient((Decimal(1), Decimal(1)), (Decimal(4), Decimal(5)))
    (Decimal('20'), Decimal('25'))
    """
    if denominator[0] <= ZERO <= denominator[1]:
        return None
    corners = [CONTEXT.divide(n * HUNDRED, d) for n in numerator for d in denominator]
    return min(corners), max(corners)


def percent(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return a ratio in percent to four places.

    >>> percent(Decimal("402.18"), Decimal("1324.60"))
    Decimal('30.3624')
    """
    exact = CONTEXT.divide(numerator * HUNDRED, denominator)
    return plain(exact.quantize(_PLACES, context=CONTEXT))


def overlap(one: Interval, other: Interval) -> bool:
    """Tell whether two closed intervals share a number."""
    return one[0] <= other[1] and other[0] <= one[1]


def judge_sum(stated: Term, value: Decimal, span: Interval, step: Decimal) -> Verdict:
    """Return the verdict on a stated total or difference.

    ``ok`` where the printed numbers add up as they stand, ``rounded`` where they may.
    """
    if value == stated.value:
        return "ok"
    near = overlap(span, stated.interval(step)) or overlap(span, stated.interval())
    return "rounded" if near else "inconsistent"


def judge_rate(
    stated: Decimal, step: Decimal, span: Interval, padding: Decimal | None = None
) -> Verdict:
    """Return the verdict on a stated rate, all in percent.

    Rates are ``ok`` where some operands within their printed precision give a number that rounds to
    the stated one, ``rounded`` where one does but for a last zero (45.50 may stand for 45.5, whose
    step is ``padding``), ``truncated`` where one only does when its further places are cut off.

    >>> judge_rate(Decimal("29.8"), Decimal("0.1"), (Decimal("29.878"),) * 2)
    'truncated'
    """
    half = step / 2
    if overlap(span, (stated - half, stated + half)):
        return "ok"
    if padding is not None and overlap(span, (stated - padding / 2, stated + padding / 2)):
        return "rounded"
    if stated >= 0:
        cut = span[0] < stated + step and stated <= span[1]
    else:
        cut = stated - step < span[1] and span[0] <= stated
    return "truncated" if cut else "inconsistent"


def whole_numbers(span: Interval) -> tuple[int, int]:
    """Return the first and last integer of an interval (the first is greater where it has none)."""
    low = span[0].to_integral_value(ROUND_CEILING)
    high = span[1].to_integral_value(ROUND_FLOOR)
    return int(low), int(high)
