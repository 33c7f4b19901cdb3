"""Number → words → number, however it is written; and time that grows with the length only."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jixiao.errors import NumberError
from jixiao.numbers import find_in_text, parse_number
from jixiao.numbers.scan import scan

DIGITS = "零一二三四五六七八九"
CAPITALS = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
WHOLE = st.integers(0, 10**16 - 1)


def section_words(number: int) -> str:
    """Write 1–9999 in words, 零 where a place is skipped."""
    words, skipped = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            words += ("零" if skipped and words else "") + DIGITS[digit] + name
        skipped = not digit
    return words


def words(number: int) -> str:
    """Write a whole number below 10¹⁶ in words: sections of four digits with 万, 亿 and 万亿."""
    if number == 0:
        return "零"
    high, low = divmod(number, 10**8)
    if high:
        gap = "零" if low and low < 10**7 else ""
        return f"{words(high)}亿{gap}{words(low) if low else ''}"
    high, low = divmod(low, 10**4)
    if high:
        gap = "零" if low and low < 1000 else ""
        return f"{section_words(high)}万{gap}{section_words(low)}"
    return section_words(low)


def colloquial(number: int) -> str:
    """Write 10–19 as 十…, and 二 before 千, 万 and 亿 as 两."""
    written = words(number)
    if written.startswith("一十"):
        written = written[1:]
    for name in "千万亿":
        if written.startswith(f"二{name}"):
            written = f"两{written[1:]}"
    return written


def mixed(number: int) -> str:
    """Write digits with 亿 and 万 between them: 3亿5000万, 2万3."""
    high, low = divmod(number, 10**8)
    middle, rest = divmod(low, 10**4)
    return (
        (f"{high}亿" if high else "")
        + (f"{middle}万" if middle else "")
        + (str(rest) if rest else "")
    )


class TestRoundTrip:
    @settings(deadline=None)
    @given(WHOLE)
    @example(10**15)
    @example(100000001)
    @example(10010)
    def test_words(self, number: int) -> None:
        assert parse_number(words(number)) == number

    @settings(deadline=None)
    @given(WHOLE)
    def test_capitals(self, number: int) -> None:
        assert parse_number(words(number).translate(CAPITALS)) == number

    @settings(deadline=None)
    @given(WHOLE)
    def test_as_it_is_spoken(self, number: int) -> None:
        assert parse_number(colloquial(number)) == number

    @settings(deadline=None)
    @given(st.integers(1, 10**16 - 1))
    def test_digits_with_multipliers(self, number: int) -> None:
        assert parse_number(mixed(number)) == number

    @settings(deadline=None)
    @given(st.integers(0, 10**20), st.integers(0, 6))
    def test_arabic_with_and_without_separators(self, number: int, places: int) -> None:
        value = Decimal(number).scaleb(-places)
        plain = f"{value:f}"
        assert parse_number(plain) == value
        assert parse_number(f"{value:,f}") == value
        assert parse_number(plain.translate(FULL_WIDTH)) == value

    @settings(deadline=None)
    @given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from("万亿"))
    def test_decimal_point_in_words(self, whole: int, part: int, scale: str) -> None:
        tail = "".join(DIGITS[int(digit)] for digit in str(part))
        value = Decimal(f"{whole}.{part}") * {"万": 10**4, "亿": 10**8}[scale]
        assert parse_number(f"{words(whole)}点{tail}{scale}") == value

    @settings(deadline=None)
    @given(WHOLE)
    def test_a_sign_negates(self, number: int) -> None:
        assert parse_number(f"负{words(number)}") == parse_number(f"-{number}") == -number

    @settings(deadline=None)
    @given(WHOLE, st.sampled_from(["", " ", "　", "\t"]))
    def test_blanks_at_the_ends_change_nothing(self, number: int, blank: str) -> None:
        assert parse_number(f"{blank}{number}{blank}") == number

    @settings(deadline=None)
    @given(st.integers(1, 10**10), st.sampled_from([str, words, colloquial, "{:,}".format]))
    def test_in_a_sentence(self, number: int, write: Callable[[int], str]) -> None:
        surface = f"{write(number)}元"
        (found,), oddities = find_in_text(f"拨付{surface}。")
        assert found.quantity.text == surface
        assert found.quantity.value == number
        assert found.quantity.unit == "CNY"
        assert not oddities


@settings(deadline=None)
@given(st.text("0123456789,，.一二两三九十百千万亿点零〇负- 壹拾佰", max_size=30))
def test_any_text_is_a_numeral_or_an_error(text: str) -> None:
    try:
        value = parse_number(text)
    except NumberError:
        return
    assert isinstance(value, Decimal)
    assert "E" not in str(value)


RUNS = [
    "一百二十三万",
    "1",
    "1,1,1,",
    "1,111,",
    "九",
    "十",
    "万",
    "百分之",
    "第一",
    "3-",
    "1:",
    "1.",
    "1+",
    "3×",
    "3、",
    "A-",
    "2021-",
    "1-9月",
    "“",
    "《",
    "（含）",
    "近",
    "未发生一",
    "三成",
    "翻两",
    " ",
    "３",
    "¥",
    "十四五",
]


@pytest.mark.parametrize(
    "run",
    [
        "一百二十三万",
        "1,1,1,",
        "零",
        "负",
        "1",
        "九",
        "111,",
    ],
)
def test_a_numeral_of_20000_characters_is_read_or_refused_in_linear_time(
    run: str, assert_linear: Callable[..., None]
) -> None:
    def prepare(characters: int) -> Callable[[], object]:
        return partial(read_or_refuse, (run * characters)[: characters - 1])

    assert_linear(prepare, 2_500)


def read_or_refuse(text: str) -> None:
    with contextlib.suppress(NumberError):
        parse_number(text)


@pytest.mark.parametrize("run", RUNS)
def test_time_of_the_scanner_grows_with_the_length(
    run: str, assert_linear: Callable[..., None]
) -> None:
    assert_linear(lambda characters: partial(scan, (run * characters)[:characters]), 3_000)
