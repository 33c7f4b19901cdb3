"""Exact decimal arithmetic: no float touches a value on its way from the text to a record."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from typing import Final

# Reports print at most some twenty digits; fifty keep every product and sum below exact.
CONTEXT: Final = Context(prec=50, rounding=ROUND_HALF_EVEN)
_SIX_PLACES: Final = Decimal("0.000001")


@lru_cache(maxsize=4096)
def plain(value: Decimal) -> Decimal:
    """Return ``value`` so that ``str`` shows no exponent, no trailing zeros and no ``-0``.

    Below a millionth ``str`` shows an exponent whatever is done; no reader lets such a number pass.

    Raises
    ------
    decimal.InvalidOperation
        If the number has more than fifty digits.

    >>> str(plain(Decimal("467.40") * 10000)), str(plain(Decimal("-0.0")))
    ('4674000', '0')
    """
    if value == 0:
        return Decimal(0)
    normal = value.normalize(CONTEXT)
    exponent = normal.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0:
        return normal.quantize(Decimal(1), context=CONTEXT)
    return normal


def product(value: Decimal, scale: Decimal) -> Decimal:
    """Return ``value × scale``, exact and plain.

    >>> str(product(Decimal("2.3"), Decimal(10) ** 8))
    '230000000'
    """
    return plain(CONTEXT.multiply(value, scale))


def fraction(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return the quotient rounded half-even to six places (``七分之一`` → 0.142857).

    Raises
    ------
    ZeroDivisionError
        If ``denominator`` is zero.
    """
    return plain(CONTEXT.divide(numerator, denominator).quantize(_SIX_PLACES, context=CONTEXT))


# Full-width and spoken points too: ６３．４亿元, 三点五亿元.
_LAST_PLACE: Final = re.compile(r"[.．点]([0-9０-９零〇一二三四五六七八九]+)")


def printed_step(text: str, scale: Decimal) -> Decimal:
    """Return the size of the last printed place of ``text`` in the unit of the value.

    The step says how precise a printed number is: ``385.08万元`` is printed to 100 yuan. ``scale``
    is what the printed number was multiplied by.

    >>> printed_step("385.08万元", Decimal(10000))
    Decimal('100')
    """
    found = _LAST_PLACE.search(text)
    places = len(found.group(1)) if found else 0
    return plain(scale.scaleb(-places, context=CONTEXT))


def interval(value: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    """Return the closed interval of numbers that print as ``value`` at ``step``.

    Half a step to either side covers rounding; reports also truncate, which the checks treat
    apart.

    >>> interval(Decimal(3850800), Decimal(100))
    (Decimal('3850750'), Decimal('3850850'))
    """
    half = CONTEXT.divide(step, Decimal(2))
    return plain(CONTEXT.subtract(value, half)), plain(CONTEXT.add(value, half))
