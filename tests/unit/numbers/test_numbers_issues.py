"""Odd numerals: the place is kept, nothing is guessed, nothing is dropped in silence."""

from __future__ import annotations

import pytest

from jixiao.pipeline import annotate_text

READ_FROM_THE_MIDDLE = pytest.mark.xfail(reason="read from its middle, and no issue says so")


@pytest.mark.parametrize(
    "numeral",
    [
        "10..1万元",
        "1.2.3亿元",
        "3...5家",
        pytest.param("12,34万元", marks=READ_FROM_THE_MIDDLE),
        pytest.param("1234,567万元", marks=READ_FROM_THE_MIDDLE),
        pytest.param("1,2345元", marks=READ_FROM_THE_MIDDLE),
        pytest.param("5.万元", marks=pytest.mark.xfail(reason="dropped in silence")),
        pytest.param("三万三万元", marks=pytest.mark.xfail(reason="read as 60000")),
    ],
)
def test_a_malformed_numeral_is_an_issue_and_no_quantity(numeral: str) -> None:
    text = f"\ufeff全年支出{numeral}，其中设备3台。"
    found = annotate_text(text)
    assert [quantity.text for quantity in found.quantities] == ["3台"]
    (issue,) = found.issues
    assert issue.code == "number_malformed"
    assert numeral in issue.message
    assert text[issue.start : issue.end] == numeral


@pytest.mark.parametrize(
    "text",
    [
        "2021.6.30",
        "1.2.1 项目管理",
        "版本号V2.0.1",
        "服务器地址192.168.1.1",
        "财预〔2021〕15号",
        pytest.param("详见3.2.1节", marks=pytest.mark.xfail(reason="节 is taken for its unit")),
    ],
)
def test_dotted_numbers_of_other_kinds_are_no_issue(text: str) -> None:
    assert not annotate_text(text).issues
