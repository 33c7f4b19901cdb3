"""Lines are full, no wider than asked, and lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from jixiao.views.wrapping import line_breaks, one_line, wrapped


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("绩效", 10, ["绩效"]),
        ("绩效评价报告", 4, ["绩效", "评价", "报告"]),
        ("增长率为30.6%", 11, ["增长率为", "30.6%"]),
        ("新增企业，占比", 8, ["新增企", "业，占比"]),
        ("（一）（二）", 8, ["（一）", "（二）"]),
        ("1" * 12, 5, ["11111", "11111", "11"]),
        ("共计15家¹⁷和", 8, ["共计15", "家¹⁷和"]),
    ],
)
def test_lines_are_cut_where_a_reader_expects(text: str, width: int, expected: list[str]) -> None:
    assert [line.plain for line in wrapped(Text(text), width)] == expected


def test_a_styled_part_is_kept_together() -> None:
    text = Text("走访镇街、村庄").append("47个", style="bold").append("。")
    assert [line.plain for line in wrapped(text, 17)] == ["走访镇街、村庄", "47个。"]


def test_a_long_styled_part_is_torn_like_other_text() -> None:
    text = Text("下设").append("科学技术普及与成果转化服务中心", style="underline")
    assert [line.plain for line in wrapped(text, 20)] == ["下设科学技术普及与成", "果转化服务中心"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲\x1b[2J\x9b乙", "甲[2J乙"),
        (" 一\r\n　二 ", "一 二"),
        ("\u202e\ufeff\ud800", ""),
        ("", ""),
    ],
)
def test_what_is_not_seen_is_left_out(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(st.text(alphabet="绩效a1.，（）¹ ", max_size=60), st.integers(2, 20))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = wrapped(Text(text), width)
    assert "".join(line.plain for line in lines) == text
    assert all(cell_len(line.plain) <= width for line in lines)


def test_time_grows_with_length() -> None:
    assert len(line_breaks("一百二十三万" * 20_000, 80)) == 3000 - 1
