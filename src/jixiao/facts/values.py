"""Which numbers a mention may stand for, told by how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from jixiao.exact import CONTEXT, interval, plain, printed_step
from jixiao.records import Quantity

Interval = tuple[Decimal, Decimal]

_FOLD: Final = {0xFF10 + i: 0x30 + i for i in range(10)} | {0xFF0E: 0x2E}
_ZERO: Final = Decimal(0)


def stated_interval(quantity: Quantity) -> Interval:
    """Return the interval of numbers that a mention may stand for; it has a width, its ends are out.

    A range is itself. Another number covers half its last printed place to either side; one with a
    word that bounds it (``600余家``, ``近2亿元``) covers one unit of its last digit that is not
    zero on the side of the word, on both for 约, since such a number is rounded to that place.

    >>> said = Quantity(id="q1", start=0, end=6, text="63.4亿元", label="MONEY",
    ...                 value=Decimal(6340000000), unit="CNY", bound="=")
    >>> [str(end) for end in stated_interval(said)]
    ['6335000000', '6345000000']
    """
    value = quantity.value if quantity.value is not None else _ZERO
    if quantity.value_high is not None and quantity.value_high != value:
        return min(value, quantity.value_high), max(value, quantity.value_high)
    step = printed_step(quantity.text, _scale(quantity))
    if quantity.bound in (None, "="):
        return interval(value, step)
    room = _last_digit(value, step)
    below = room if quantity.bound in ("≈", "<", "≤") else _ZERO
    above = room if quantity.bound in ("≈", ">", "≥") else _ZERO
    return plain(CONTEXT.subtract(value, below)), plain(CONTEXT.add(value, above))


def width(quantity: Quantity) -> Decimal:
    """Return how wide the interval of a mention is: the smaller, the more it says."""
    low, high = stated_interval(quantity)
    return CONTEXT.subtract(high, low)


def agreeing(spans: Sequence[Interval]) -> list[list[int]]:
    """Return groups of intervals that all overlap, as few as there can be.

    Intervals that only touch do not overlap: 86 firms are not 87.

    Each group holds the indices of its intervals in order, and groups stand in the order of their
    first. What order the intervals come in changes no group. No intervals give no groups.

    >>> agreeing([(Decimal(5), Decimal(6)), (Decimal(1), Decimal(3)), (Decimal(2), Decimal(5))])
    [[0], [1, 2]]
    """
    groups: list[list[int]] = []
    point: Decimal | None = None  # all of the last group meet right before the end of its first
    for index in sorted(range(len(spans)), key=lambda index: (spans[index][1], spans[index][0])):
        low, high = spans[index]
        if point is None or low >= point:
            groups.append([])
            point = high
        groups[-1].append(index)
    return sorted(map(sorted, groups))


def _last_digit(value: Decimal, step: Decimal) -> Decimal:
    """Return the place of the last digit that is not zero; of zero, its last printed place."""
    if not value:
        return step
    exponent = value.normalize(CONTEXT).as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else step


def _scale(quantity: Quantity) -> Decimal:
    """Return what the printed number was multiplied by: from its digits, else from its 万 and 亿."""
    text = quantity.text.translate(_FOLD)
    printed = "".join(c for c in text if c.isascii() and (c.isdigit() or c == "."))
    try:
        number = Decimal(printed)
    except InvalidOperation:
        return Decimal(10**8) if "亿" in text else Decimal(10**4) if "万" in text else Decimal(1)
    if not number or not quantity.value:
        return Decimal(1)
    return abs(CONTEXT.divide(quantity.value, number)).normalize(CONTEXT)
