"""A number printed in any way is read back as the number it was."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

import jixiao
from jixiao.generation import surfaces

WHOLE = st.one_of(st.integers(0, 10**16 - 1), st.integers(0, 10**9))
# Round numbers, whose zeros are what 零, 万 and 亿 are about.
ROUND = st.builds(
    lambda digits, zeros: digits * 10**zeros, st.integers(1, 9999), st.integers(0, 12)
)
DECIMALS = st.builds(
    lambda number, places: Decimal(number).scaleb(-places),
    st.integers(1, 10**10),
    st.integers(1, 4),
)
# Fifteen digits in a row name something (an account, a code) and count nothing.
LONG = 10**14
VALUES = st.one_of(WHOLE.map(Decimal), ROUND.map(Decimal), DECIMALS)


@settings(max_examples=150, deadline=None)
@given(VALUES)
@example(Decimal(0))
@example(Decimal("0.5"))
@example(Decimal(10010))
@example(Decimal(100000001))
@example(Decimal(10**15))
def test_every_surface_is_parsed(value: Decimal) -> None:
    for surface in surfaces(value):
        assert jixiao.parse_number(surface.text) == value, surface
    for surface in surfaces(-value):
        assert jixiao.parse_number(surface.text) == -value, surface


@settings(max_examples=60, deadline=None)
@given(VALUES.filter(lambda value: 0 < value < LONG))
@example(Decimal(35000000))
@example(Decimal("0.5"))
@example(Decimal(12))
def test_every_surface_is_found_in_a_sentence(value: Decimal) -> None:
    """The span is the number with its unit, whatever stands around it."""
    for surface in surfaces(value):
        text = f"支出{surface.text}元，其余不变。"
        found = jixiao.quantities(text)
        assert [(one.text, one.label, one.value, one.unit) for one in found] == [
            (f"{surface.text}元", "MONEY", value, "CNY")
        ], surface
