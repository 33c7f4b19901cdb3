"""Which lines go on with the one before: in the text, and in cells."""

from dataclasses import replace

import pytest

from jixiao.documents.readers.pdf_lines import TextLine
from jixiao.documents.readers.pdf_paragraphs import (
    Measure,
    find_measure,
    goes_on,
    paragraphs_in_cell,
    wrapped_text,
)

EM = 16.0
LEFT, RIGHT = 80.0, 528.0  # 28 characters
MEASURE = Measure(LEFT, RIGHT, 1.75)
FULL = "全局核定编制三十八名实有在职人员三十五人其中行政人员十二"  # 28 characters


def ems(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def line(text: str, indent: float = 0, down: float = 0, size: float = EM, **more: bool) -> TextLine:
    """Set a line ``indent`` ems from the margin and ``down`` lines below the first."""
    left = LEFT + indent * EM
    return TextLine(text, left, left + ems(text) * size, 200 + 28 * down, size, **more)


def joins(before: str, text: str, first: float = 0, indent: float = 0, **more: float) -> bool:
    return goes_on(
        line(before, first), line(text, indent, **({"down": 1} | more)), MEASURE, MEASURE
    )


@pytest.mark.parametrize(
    ("before", "first", "text"),
    [
        (FULL, 0, "人，事业人员23人。"),
        (FULL[:26], 2, "人，事业人员23人。"),
        (FULL[:27], 0, "人，事业人员23人。"),  # 人， had not fitted
        (FULL[:26], 0, "人”，事业人员23人。"),
        (FULL[:26], 0, "“十四五”规划"),
        (FULL[:26], 0, "了“十四五”规划"),  # quotation marks hold on to both sides
        (FULL[:26], 0, "（2021年"),
        (FULL[:24], 0, "1,286.45万元"),
        (FULL[:22], 0, "state-of-the-art 设备"),
        (FULL[:25] + "1,286.", 0, "45万元"),  # broken inside the number
        (FULL[:25] + "2023", 0, "年3月完工"),
        (FULL[:26] + "第", 0, "1.2款"),
        (FULL[:26], 0, "1.2亿元用于补助"),
    ],
)
def test_lines_that_wrap(before: str, first: float, text: str) -> None:
    assert joins(before, text, first)


@pytest.mark.parametrize(
    ("before", "first", "text", "indent", "why"),
    [
        (FULL, 0, "第二段的第一行", 2, "an indent of two characters"),
        (FULL[:20] + "。", 0, "没有缩进的下一段", 0, "a short last line"),
        (FULL[:24], 0, "人，事业人员", 0, "room for the next word"),
        ("一、部门概况", 2, "（一）基本情况", 2, "a heading"),
        (FULL[:27] + "。", 0, "（二）年度收支情况", 0, "a number behind a full stop"),
        (FULL[:27] + "。", 0, "● 河道清淤", 0, "a bullet"),
        (FULL[:25] + "。", 2, "整行一段之后的首行", 2, "an indent behind a full stop"),
        ("（一）" + FULL[:23], 2, "整行标题之后的首行", 2, "an indent behind a full heading"),
        ("部门整体支出绩效自评报告", 8, "青禾市水务局二〇二三年三", 8, "centred lines"),
        (FULL[:22] + "…………3", 0, "二、绩效目标完成情况", 0, "a list of contents"),
        (FULL[:24] + "2021", 0, "2022年", 0, "two numbers"),
    ],
)
def test_lines_that_begin_a_paragraph(
    before: str, first: float, text: str, indent: float, why: str
) -> None:
    assert not joins(before, text, first, indent), why


def test_two_numbers_with_a_blank_between() -> None:
    years = line(FULL[:26] + "2021", blank=True)
    assert goes_on(years, line("2022年", down=1), MEASURE, MEASURE)
    years = line(FULL[:24] + "2021", blank=True)
    assert goes_on(years, line("2022年", down=1), MEASURE, MEASURE)


def test_type_and_leading() -> None:
    assert not joins(FULL, "人，事业", size=22.0)
    assert not joins(FULL, "人，事业", down=1.6)
    assert joins(FULL, "人，事业", down=-20)  # at the top of the next page or column
    assert not goes_on(line(FULL), line("人，事业", down=2), MEASURE, MEASURE)


def test_wide_gaps_make_no_paragraphs_but_behind_a_number() -> None:
    apart, numbered = line(FULL), line("1.  " + FULL[:26], 0)
    apart.pieces = numbered.pieces = 2
    after = line("人，事业人员23人。", down=1)
    assert not goes_on(apart, after, MEASURE, MEASURE)
    assert not goes_on(line(FULL), replace(apart, base=228), MEASURE, MEASURE)
    assert goes_on(numbered, after, MEASURE, MEASURE)
    unparted = replace(numbered, text="1." + FULL[:27])  # the gap is elsewhere
    assert not goes_on(unparted, after, MEASURE, MEASURE)


def test_indented_blocks_and_hanging_lists() -> None:
    # 4 characters in on both sides of the break, in the middle of a sentence.
    assert joins(FULL[:24], "人，事业人员", 4, 4)
    assert not joins(FULL[:23] + "。", "人，事业人员", 4, 4)
    wrapped = line(FULL[:23] + "。", 4, joins=True)
    assert goes_on(wrapped, line("人，事业人员", 4, 1), MEASURE, MEASURE)
    assert joins("（1）" + FULL[:24], "人，事业人员", 1.5, 3)
    assert not joins("本段" + FULL[:24], "人，事业人员", 1.5, 3)
    assert not joins("（1）" + FULL[:24] + "。", "（2）事业人员", 1.5, 1.5)
    assert not joins(FULL, "伸出页边的标题", 0, -2)
    assert not joins("（1）" + FULL[:25], "2023年6月30日", 0, 18)
    assert not joins("（1）" + FULL[:25], "居中的十八个字的标题居中的十八个字", 0, 5)
    assert not goes_on(replace(wrapped, text=FULL[:24]), line("（2）人员", 4, 1), MEASURE, MEASURE)


def test_short_lines_one_below_the_other_are_no_column_of_text() -> None:
    narrow = Measure(LEFT, LEFT + 6 * EM, 1.75)
    assert not goes_on(line("绩效自评报告"), line("青禾市水务局", down=1), narrow, narrow)


def test_measure_of_a_page() -> None:
    lines = [line(FULL, down=i) for i in range(6)] + [line("短行。", 2, 6), line(FULL[:26], 2, 7)]
    assert find_measure(lines, 0.4, 8) == Measure(LEFT, RIGHT, 1.75)
    assert find_measure(lines, 0.4, 9) is None
    ragged = [line(FULL[: 3 * i], down=i) for i in range(1, 9)]
    assert find_measure(ragged, 0.4, 8) is None
    right_aligned = [line(FULL[: 3 * i], 28 - 3 * i, i) for i in range(1, 9)]
    assert find_measure(right_aligned, 0.4, 8) is None
    mixed = [line("大标题", size=32.0), *[line(FULL, down=5 * i + 9) for i in range(1, 3)]]
    mixed += [line("下一页", down=0), *[line(FULL, down=i / 28 * 20) for i in range(1, 9)]]
    found = find_measure(mixed, 0.4, 8)
    assert found
    assert found.leading == 1.25
    overhang = [*lines, line(FULL + "伸出去的长网址", down=8)]
    assert find_measure(overhang, 0.4, 8) == Measure(LEFT, RIGHT, 1.75)
    assert find_measure([], 0, 1) is None


def cell(*texts: str, width: float, centred: bool = False) -> list[str]:
    lines = [
        line(text, (width - ems(text)) / 2 if centred else 0, i) for i, text in enumerate(texts)
    ]
    return ["".join(one.text for one in lines) for lines in paragraphs_in_cell(lines, width * EM)]


@pytest.mark.parametrize(
    ("texts", "width", "centred", "paragraphs"),
    [
        (["项目", "名称"], 3, True, ["项目名称"]),
        (["单位", "（万元）"], 6, True, ["单位（万元）"]),
        (["产", "出", "指", "标"], 1.5, True, ["产出指标"]),
        (["公共财", "政拨款"], 3, False, ["公共财政拨款"]),
        (["1,234,", "567.89"], 3.4, True, ["1,234,567.89"]),
        (["100.00", "200.00"], 5, True, ["100.00", "200.00"]),
        (["12", "13"], 4, False, ["12", "13"]),
        (["1.清淤河道；", "2.新建泵站；"], 10, False, ["1.清淤河道；", "2.新建泵站；"]),
        (["1.清淤河道十", "六公里；", "2.新建"], 6, False, ["1.清淤河道十六公里；", "2.新建"]),
        (["一次性支出，第", "1.2款"], 7, False, ["一次性支出，第1.2款"]),
        (["任务完成。", "资金到位。"], 10, False, ["任务完成。", "资金到位。"]),
        (["一次性支出；", "2.新建"], 6, False, ["一次性支出；", "2.新建"]),
        (["目标任务", "2.新建"], 10, False, ["目标任务", "2.新建"]),
        (["任务全部完成。", "资金到位。"], 7, False, ["任务全部完成。资金到位。"]),
        ([], 7, False, []),
    ],
)
def test_paragraphs_in_cells(
    texts: list[str], width: float, centred: bool, paragraphs: list[str]
) -> None:
    assert cell(*texts, width=width, centred=centred) == paragraphs


def test_an_indent_in_a_cell_begins_a_paragraph_behind_a_full_stop() -> None:
    lines = [line("任务全部完成。"), line("资金到位，支付", 2, 1), line("及时。", 0, 2)]
    assert [len(lines) for lines in paragraphs_in_cell(lines, 9 * EM)] == [1, 2]
    full = [line("任务已经全部完成。"), line("资金到位，支付", 2, 1), line("及时。", 0, 2)]
    assert [len(lines) for lines in paragraphs_in_cell(full, 9 * EM)] == [1, 2]


@pytest.mark.parametrize(
    ("text", "blank", "after", "written"),
    [
        ("自然语言", False, "处理", "自然语言"),
        ("natural", False, "language", "natural "),
        ("natural", True, "language", "natural "),
        ("state-of-the-", False, "art", "state-of-the-"),
        ("385.", False, "08万元", "385."),
        ("共 3", True, "2 个", "共 3 "),
        ("投入", True, "385万元", "投入"),
        ("投入385", True, "万元", "投入385"),
    ],
)
def test_a_blank_where_a_wrap_parts_two_words(
    text: str, blank: bool, after: str, written: str
) -> None:
    assert wrapped_text(line(text, blank=blank), line(after)) == written
    assert wrapped_text(line(text, blank=blank), None) == text
