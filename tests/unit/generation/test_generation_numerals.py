"""Numbers as they are printed: the styles one by one, and what cannot be printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.errors import NumberError
from jixiao.generation.numerals import capital_amount, capitals, mixed, scaled, spoken, surfaces


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        ("0", "arabic", "0"),
        ("1234567.5", "grouped", "1,234,567.5"),
        ("35000000", "scaled", "3500万"),
        ("120000500", "mixed", "1亿2000万零500"),
        ("10", "spoken", "十"),
        ("2200", "spoken", "两千二百"),
        ("1010010", "words", "一百零一万零一十"),
        ("350000000", "scaled words", "三点五亿"),
        ("20000", "capitals", "贰万"),
        ("-2.5", "words", "负二点五"),
    ],
)
def test_a_style(value: str, style: str, text: str) -> None:
    assert (style, text) in surfaces(Decimal(value))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e16", "-1e16"])
def test_a_number_that_cannot_be_printed(value: str) -> None:
    with pytest.raises(NumberError, match="cannot be printed"):
        surfaces(Decimal(value))


def test_each_text_stands_once() -> None:
    for value in ("0", "7", "12", "10000", "20000", "100000000", "-3.05"):
        texts = [surface.text for surface in surfaces(Decimal(value))]
        assert len(set(texts)) == len(texts)


def test_what_is_not_exact_is_left_out() -> None:
    assert scaled(Decimal(12345), places=2) == ()
    assert mixed(Decimal("10000.5")) is None
    with pytest.raises(NumberError, match="has a fraction"):
        capitals(Decimal("0.5"))


def test_the_closing_of_an_amount_stands_apart() -> None:
    assert capital_amount(Decimal(20050)) == ("贰万零伍拾元", "整")
    assert spoken(Decimal(-12)) == "负十二"
