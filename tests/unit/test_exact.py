"""Exact arithmetic: the laws every value keeps on its way from the text to a record."""

from __future__ import annotations

import decimal
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.exact import fraction, interval, plain, printed_step, product

# What reports print: up to twenty digits, six of them behind the point.
PRINTED = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**20), 10**20),
    st.integers(0, 6),
)
STEPS = st.integers(-6, 8).map(lambda power: Decimal(1).scaleb(power))


def is_plain(value: Decimal) -> bool:
    """Tell whether ``str`` shows no exponent, no trailing zeros behind the point and no ``-0``."""
    shown = str(value)
    behind = shown.partition(".")[2]
    return "E" not in shown and not behind.endswith("0") and shown != "-0"


class TestPlain:
    @pytest.mark.parametrize(
        ("given_value", "shown"),
        [
            ("467.40", "467.4"),
            ("4674000.0", "4674000"),
            ("1E+6", "1000000"),
            ("1.20E+3", "1200"),
            ("0", "0"),
            ("-0", "0"),
            ("0.000", "0"),
            ("0E+8", "0"),
            ("-0.50", "-0.5"),
            ("0.000001", "0.000001"),
            ("100000000000000000000", "100000000000000000000"),
        ],
    )
    def test_examples(self, given_value: str, shown: str) -> None:
        assert str(plain(Decimal(given_value))) == shown

    def test_more_digits_than_the_arithmetic_keeps_are_refused(self) -> None:
        with pytest.raises(InvalidOperation):
            plain(Decimal("9" * 60))

    @settings(deadline=None)
    @given(PRINTED)
    def test_keeps_the_value_and_shows_it_plainly(self, value: Decimal) -> None:
        assert plain(value) == value
        assert is_plain(plain(value))

    @settings(deadline=None)
    @given(PRINTED)
    def test_is_idempotent(self, value: Decimal) -> None:
        assert str(plain(plain(value))) == str(plain(value))

    @settings(deadline=None)
    @given(PRINTED, st.integers(0, 5))
    def test_equal_values_look_equal(self, value: Decimal, zeros: int) -> None:
        padded = Decimal(f"{value:f}" + ("" if "." in f"{value:f}" else ".") + "0" * zeros)
        assert str(plain(padded)) == str(plain(value))


class TestProduct:
    @pytest.mark.parametrize(
        ("value", "scale", "shown"),
        [
            ("385.08", "10000", "3850800"),
            ("2.3", "100000000", "230000000"),
            ("1.08", "1000000000000", "1080000000000"),
            ("5", "0.1", "0.5"),
            ("25", "0.01", "0.25"),
            ("0", "10000", "0"),
            ("-10.53", "10000", "-105300"),
        ],
    )
    def test_examples(self, value: str, scale: str, shown: str) -> None:
        assert str(product(Decimal(value), Decimal(scale))) == shown

    @settings(deadline=None)
    @given(PRINTED, PRINTED)
    def test_is_exact_and_commutes(self, left: Decimal, right: Decimal) -> None:
        assert Fraction(product(left, right)) == Fraction(left) * Fraction(right)
        assert product(left, right) == product(right, left)

    @settings(deadline=None)
    @given(PRINTED)
    def test_wan_twice_is_yi(self, value: Decimal) -> None:
        wan, yi = Decimal(10**4), Decimal(10**8)
        assert product(product(value, wan), wan) == product(value, yi)

    @settings(deadline=None)
    @given(PRINTED, PRINTED)
    def test_ignores_the_context_of_the_caller(self, left: Decimal, right: Decimal) -> None:
        expected = product(left, right)
        plain.cache_clear()
        with decimal.localcontext() as context:
            context.prec = 3
            assert product(left, right) == expected


class TestFraction:
    @pytest.mark.parametrize(
        ("numerator", "denominator", "shown"),
        [
            (1, 7, "0.142857"),
            (2, 3, "0.666667"),
            (1, 2, "0.5"),
            (3, 1, "3"),
            (0, 5, "0"),
            (-1, 3, "-0.333333"),
            (1, 1_000_000, "0.000001"),
            (1, 2_000_000, "0"),
            (3, 2_000_000, "0.000002"),
            (5, 2_000_000, "0.000002"),
        ],
    )
    def test_six_places_half_even(self, numerator: int, denominator: int, shown: str) -> None:
        assert str(fraction(Decimal(numerator), Decimal(denominator))) == shown

    @settings(deadline=None)
    @given(PRINTED, PRINTED.filter(bool))
    def test_is_within_half_a_millionth(self, numerator: Decimal, denominator: Decimal) -> None:
        exact = Fraction(numerator) / Fraction(denominator)
        found = fraction(numerator, denominator)
        assert abs(Fraction(found) - exact) <= Fraction(1, 2_000_000)
        assert is_plain(found)

    def test_zero_below_raises(self) -> None:
        with pytest.raises(ZeroDivisionError):
            fraction(Decimal(1), Decimal(0))


class TestPrintedStep:
    @pytest.mark.parametrize(
        ("text", "scale", "step"),
        [
            ("385.08万元", 10**4, "100"),
            ("63.4亿元", 10**8, "10000000"),
            ("15家", 1, "1"),
            ("5000余万元", 10**4, "10000"),
            ("12,358.67元", 1, "0.01"),
            ("29.80%", 1, "0.01"),
            ("5.6‰", "0.1", "0.01"),
            ("３．５％", 1, "0.1"),
            ("三点五亿元", 10**8, "10000000"),
        ],
    )
    def test_examples(self, text: str, scale: int | str, step: str) -> None:
        assert str(printed_step(text, Decimal(scale))) == step


class TestInterval:
    @pytest.mark.parametrize(
        ("value", "step", "low", "high"),
        [
            ("3850800", "100", "3850750", "3850850"),
            ("29.8", "0.1", "29.75", "29.85"),
            ("15", "1", "14.5", "15.5"),
            ("0", "1", "-0.5", "0.5"),
            ("-10.5", "0.1", "-10.55", "-10.45"),
        ],
    )
    def test_examples(self, value: str, step: str, low: str, high: str) -> None:
        found = interval(Decimal(value), Decimal(step))
        assert tuple(map(str, found)) == (low, high)

    @settings(deadline=None)
    @given(PRINTED, STEPS)
    def test_lies_evenly_around_the_value_and_is_one_step_wide(
        self, value: Decimal, step: Decimal
    ) -> None:
        low, high = map(Fraction, interval(value, step))
        assert high - low == Fraction(step)
        assert high - Fraction(value) == Fraction(value) - low

    @settings(deadline=None)
    @given(PRINTED, STEPS)
    def test_both_ends_are_plain(self, value: Decimal, step: Decimal) -> None:
        low, high = interval(value, step)
        assert is_plain(low) or abs(low) < Decimal("0.000001")
        assert is_plain(high) or abs(high) < Decimal("0.000001")

    def test_ignores_the_context_of_the_caller(self) -> None:
        with decimal.localcontext() as context:
            context.prec = 3
            assert interval(Decimal(3850800), Decimal(100))[0] == 3850750

    @pytest.mark.parametrize(
        ("coarse", "fine", "agree"),
        [
            (("6340000000", "10000000"), ("6343000000", "1000000"), True),
            (("6340000000", "10000000"), ("6346000000", "1000000"), False),
            (("29.8", "0.1"), ("30", "1"), True),
            (("29.4", "0.1"), ("30", "1"), False),
        ],
    )
    def test_two_printings_of_one_number_overlap(
        self, coarse: tuple[str, str], fine: tuple[str, str], agree: bool
    ) -> None:
        low, high = interval(*map(Decimal, coarse))
        other_low, other_high = interval(*map(Decimal, fine))
        assert (low <= other_high and other_low <= high) is agree
