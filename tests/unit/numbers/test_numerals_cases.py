"""``tests/cases/numerals.csv``: numerals and their values, or the reason why they are none."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.errors import JixiaoError, NumberError
from jixiao.numbers import parse_number

FILE = Path(__file__).parents[2] / "cases" / "numerals.csv"
with FILE.open(encoding="utf-8", newline="") as _file:
    ROWS = list(enumerate(csv.DictReader(_file), start=2))


def _case(line: int, row: dict[str, str], field: str) -> object:
    reason = row["note"].removeprefix("xfail: ")
    marks = [pytest.mark.xfail(reason=reason)] if reason != row["note"] else []
    return pytest.param(row["text"], row[field], id=f"line{line}", marks=marks)


VALUES = [_case(line, row, "value") for line, row in ROWS if row["value"]]
ERRORS = [_case(line, row, "error") for line, row in ROWS if not row["value"]]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_value(text: str, value: str) -> None:
    assert str(parse_number(text)) == value


@pytest.mark.parametrize(("text", "reason"), ERRORS)
def test_error_says_what_was_given_why_and_what_was_expected(text: str, reason: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    message = str(caught.value)
    assert message.startswith(f"not a numeral: {text!r} ({reason}")
    assert "expected Arabic digits, a Chinese numeral or a mixture, as 12,358.67" in message


def test_the_error_is_of_the_package_and_a_value_error() -> None:
    assert issubclass(NumberError, JixiaoError)
    assert issubclass(NumberError, ValueError)


def test_the_value_is_decimal_and_exact() -> None:
    assert parse_number("0.1") + parse_number("0.2") == Decimal("0.3")
