"""Text stays text, and numbers keep their digits."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from jixiao.exports.cells import (
    CELL_LIMIT,
    column_letters,
    escaped,
    in_larger_unit,
    number_text,
    text_content,
)
from jixiao.exports.names import shown_unit
from jixiao.exports.sheet import display_width


def _parsed(text: str) -> str:
    element = ElementTree.fromstring(f"<c{text_content(text)}")
    return element.findtext("is/t") or ""


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "<r><t>假的富文本</t></r>",
        "A&B",
        "]]>",
        " 前后空格 ",
        "两\n行\t表",
        "“引号”\"'",
        "𠮷\U0001f600",
        "研发投入" * 100,
    ],
)
def test_text_is_kept(text: str) -> None:
    assert _parsed(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("甲\x00乙", "甲乙"),
        ("甲\x0b\x1f乙", "甲乙"),
        ("一\r\n二", "一\n二"),
        ("甲\ud800乙", "甲乙"),
        ("甲\ufffe\uffff乙", "甲乙"),
        ("\x01", ""),
    ],
)
def test_what_xml_cannot_hold_is_left_out(text: str, kept: str) -> None:
    assert _parsed(text) == kept


def test_a_text_like_an_escape_is_escaped() -> None:
    assert escaped("_x0041_与_x00e9_") == "_x005F_x0041_与_x005F_x00e9_"
    assert escaped("max_xyz") == "max_xyz"


def test_a_text_longer_than_a_cell_is_cut() -> None:
    assert escaped("长" * CELL_LIMIT) == "长" * CELL_LIMIT
    cut = escaped("长" * (CELL_LIMIT + 1))
    assert len(cut) == CELL_LIMIT
    assert cut.endswith("长…")


def test_the_length_of_a_cell_counts_utf16_units() -> None:
    cut = escaped("𠮷" * CELL_LIMIT)
    assert cut == "𠮷" * (CELL_LIMIT // 2) + "…"
    assert len(cut.encode("utf-16-le")) // 2 <= CELL_LIMIT


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("385.0800", "385.08"),
        ("3850800", "3850800"),
        ("-15.2", "-15.2"),
        ("0.00", "0"),
        ("1E+3", "1000"),
        ("123456789012345678", "1.2345678901234568e+17"),
        ("0.33333333333333333333", "0.3333333333333333"),
    ],
)
def test_numbers_are_written_plainly(value: str, written: str) -> None:
    assert number_text(Decimal(value)) == written
    assert float(written) == float(Decimal(value))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1" + "0" * 400])
def test_what_a_double_cannot_hold_is_no_number(value: str) -> None:
    assert number_text(Decimal(value)) is None


def test_a_larger_unit_loses_no_digit() -> None:
    many = Decimal("9" * 60 + ".01")
    assert in_larger_unit(many, 4) * 1 != in_larger_unit(many, 4)  # a context would round it
    assert in_larger_unit(many, 4).as_tuple().digits == many.as_tuple().digits
    assert in_larger_unit(Decimal("0.01"), 4) == Decimal("0.000001")
    assert in_larger_unit(Decimal("NaN"), 4).is_nan()


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("CNY", ("万元", 4)),
        ("USD", ("万美元", 4)),
        ("CNY/天", ("元/天", 0)),
        ("%", ("%", 0)),
        ("pp", ("百分点", 0)),
        ("times", ("倍", 0)),
        ("家", ("家", 0)),
        ("万包/天", ("万包/天", 0)),
        (None, ("", 0)),
    ],
)
def test_units_are_those_a_reader_expects(unit: str | None, shown: tuple[str, int]) -> None:
    assert shown_unit(unit) == shown


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_letters(index: int, letters: str) -> None:
    assert column_letters(index) == letters


@pytest.mark.parametrize(("text", "width"), [("", 0), ("abc", 3), ("增长4.3%", 8), ("\ud800", 1)])
def test_a_chinese_character_is_two_wide(text: str, width: int) -> None:
    assert display_width(text) == width
