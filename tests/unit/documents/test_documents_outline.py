"""``tests/cases/outline.csv``: texts and their outlines, two blanks for each level."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from jixiao.documents import Report
from jixiao.documents.outline import list_number
from jixiao.documents.rendering import Renderer

FILE = Path(__file__).parents[2] / "cases" / "outline.csv"
with FILE.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_outline(row: dict[str, str]) -> None:
    outline = Report("x", row["text"]).outline
    lines = ["  " * heading.level + heading.text for heading in outline.headings]
    assert "\n".join(lines) == row["outline"]


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_each_heading_ends_the_path_at_its_place(row: dict[str, str]) -> None:
    report = Report("x", row["text"])
    for heading in report.outline.headings:
        assert report.outline.path(heading.start)[-1] == heading.text
        assert report.view.text[heading.start : heading.end].find(heading.text) >= (
            heading.number != ""
        )


def test_path() -> None:
    text = "某局报告\n一、概况\n（一）人员\n共45人。\n二、资金\n支出3万元。\n"
    path = Report("x", text).outline.path
    assert path(0) == ()
    assert path(text.index("共45人")) == ("概况", "人员")
    assert path(text.index("支出3")) == ("资金",)
    assert path(len(text)) == ("资金",)


def test_headings_that_the_file_marks() -> None:
    renderer = Renderer()
    renderer.paragraph("某局2021年度绩效自评报告", level=0)
    for text, level in (
        ("部门概况", 0),
        ("机构", 1),
        ("1.内设科室", None),
        ("一、资金", 0),
        ("（一）收入", None),
        ("这一段被误设为标题样式，其实是正文，句子也很长，不是标题。", 0),
        ("问题", 0),
    ):
        renderer.paragraph(text, level=level)
        renderer.paragraph("正文。")
    rendered = renderer.finish()
    outline = Report("x", rendered.raw, rendered=rendered).outline
    assert [(h.level, h.number, h.text) for h in outline.headings] == [
        (0, "", "部门概况"),
        (1, "", "机构"),
        (2, "1.", "内设科室"),
        (0, "一、", "资金"),
        (1, "（一）", "收入"),
        (0, "", "问题"),
    ]
    assert outline.path(rendered.raw.index("内设")) == ("部门概况", "机构", "内设科室")


def test_the_first_half_of_a_marked_title_is_no_heading() -> None:
    renderer = Renderer()
    for text in ("桃江县林业局", "2021年度部门整体支出绩效自评报告", "一、机构"):
        renderer.paragraph(text, level=0)
    rendered = renderer.finish()
    headings = Report("x", rendered.raw, rendered=rendered).outline.headings
    assert [heading.text for heading in headings] == ["机构"]


def test_a_table_of_contents_gives_no_headings() -> None:
    text = (
        "目  录\n一、概况 1\n（一）机构……………………2\n二、资金\t5\n1.收入.......6\n\n"
        "一、概况\n（一）机构\n甲\n二、资金\n1.收入\n乙\n"
    )
    headings = Report("x", text).outline.headings
    assert [heading.text for heading in headings] == ["概况", "机构", "资金", "收入"]
    assert headings[0].start > text.index("6")


def test_a_numbered_sentence_closes_the_item_before() -> None:
    text = "一、成效\n1.工业\n增长5%。\n2.加强统筹协调，推进产业转型，建立了联席会议制度。\n"
    assert Report("x", text).outline.path(text.index("加强")) == ("成效",)


def test_a_title_closes_all_sections() -> None:
    text = "一、改进措施\n（一）加快进度\n某县粮食局部门整体支出绩效评价评分表\n\t指标\n\t得分\n\n\t收储\n\t10\n"
    assert Report("x", text).outline.path(text.index("收储")) == ()


@pytest.mark.parametrize(
    ("line", "style", "value", "rest"),
    [
        ("一、概况", "一、", 1, "概况"),
        ("二十七、其他", "一、", 27, "其他"),
        ("一、三公经费", "一、", 1, "三公经费"),
        ("（十二）成效", "(一)", 12, "成效"),
        ("㈢管理", "(一)", 3, "管理"),
        ("３．资金", "1.", 3, "资金"),
        ("3.2021年重点工作", "1.", 3, "2021年重点工作"),
        ("⑷监督", "(1)", 4, "监督"),
        ("4）监督", "1)", 4, "监督"),
        ("②经费", "①", 2, "经费"),
        ("2.3 过程", "1.1", 3, " 过程"),
        ("第三章 结论", "第一章", 3, "结论"),
        ("第三、结论", "第一、", 3, "结论"),
        ("B.资金", "A.", 2, "资金"),
        ("Ⅳ、资金", "Ⅰ、", 4, "资金"),
    ],
)
def test_list_numbers(line: str, style: str, value: int, rest: str) -> None:
    text = Report("x", line).view.text
    number = list_number(text, 0, len(text))
    assert number is not None
    assert (number.style, number.value, text[number.end :]) == (style, value, rest)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "一是抓落实",
        "一、二季度",
        "1.5亿元用于补助",
        "2.3倍",
        "2021年度",
        "（2021年）",
        "12月",
        "5 所学校",
        "3 个项目",
        "十四五规划",
        "第一，",
        "第一、二产业",
        "A级景区",
        "B.2021",
    ],
)
def test_no_list_numbers(line: str) -> None:
    assert list_number(line, 0, len(line)) is None
