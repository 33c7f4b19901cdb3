"""Odd numerals: the place is kept, nothing is guessed, nothing is dropped in silence."""

from __future__ import annotations

import pytest

from jixiao.pipeline import annotate_text


@pytest.mark.parametrize(
    "numeral",
    [
        "10..1万元",
        "1.2.3亿元",
        "3...5家",
        "12,34万元",
        "1234,567万元",
        "1,2345元",
        "5.万元",
        "三万三万元",
    ],
)
def test_a_malformed_numeral_keeps_its_span_without_a_value(numeral: str) -> None:
    text = f"\ufeff全年支出{numeral}，其中设备3台。"
    found = annotate_text(text)
    read = [(quantity.text, str(quantity.value)) for quantity in found.quantities]
    assert read == [(numeral, "None"), ("3台", "3")]
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
        "详见3.2.1节",
    ],
)
def test_dotted_numbers_of_other_kinds_are_no_issue(text: str) -> None:
    assert not annotate_text(text).issues
