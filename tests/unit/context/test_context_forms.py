"""Forms and statistics tables: which words around a cell say its unit, period, measure and subject."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.documents.rendering import CellText, Renderer
from jixiao.pipeline import annotate_report, annotate_text
from jixiao.records import Quantity

TITLE = "湄潭县农业农村局2023年度项目支出绩效自评表"
FORM = [
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
    ["产出指标", "数量指标", "培训农民人次", "≥500人次", "520", "10", "9.5"],
    ["", "质量指标", "项目验收合格率", "100", "98.5", "10", "9"],
    ["", "成本指标", "亩均补助", "≤800元/亩", "780", "10", "10"],
    ["效益指标", "经济效益指标", "带动产值", "大幅提高", "35", "10", "8"],
]
STATISTICS = [
    ["指标", "计量单位", "2023年", "2022年", "比上年增长（%）", "增幅"],
    ["粮食总产量", "万吨", "12.86", "12.4", "3.7", "4.1"],
    ["生猪出栏", "万头", "28.6", "31.2", "-8.3", "-8.4"],
]


def flat(rows: Sequence[Sequence[str]]) -> str:
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows)


def annotate(rows: Sequence[Sequence[str]], caption: str = "单位：万元") -> Annotation:
    return annotate_text(f"{TITLE}\n{caption}\n{flat(rows)}")


def one(found: Annotation, text: str) -> Quantity:
    (quantity,) = [q for q in found.quantities if q.text == text]
    return quantity


@pytest.mark.parametrize(
    ("text", "label", "value", "unit"),
    [
        ("520", "COUNT", "520", "人次"),
        ("98.5", "PERCENT", "98.5", "%"),
        ("780", "MONEY", "780", "CNY/亩"),
        ("9.5", "SCORE", "9.5", "分"),
    ],
)
def test_a_table_of_indicators_has_a_unit_in_every_row(
    text: str, label: str, value: str, unit: str
) -> None:
    """The form says 单位：万元 of its money; 520 beside ≥500人次 is no 520 万元."""
    found = one(annotate(FORM), text)
    assert (found.label, str(found.value), found.unit) == (label, value, unit)


def test_a_result_without_any_unit_is_an_issue_and_no_money() -> None:
    found = annotate(FORM)
    assert "35" not in [q.text for q in found.quantities]
    assert [issue.code for issue in found.issues] == ["table_unit_missing"]


@pytest.mark.parametrize(
    ("text", "label", "value", "measure", "period", "subject"),
    [
        ("12.86", "MEASURE", "128600", "level", "2023", "粮食总产量"),
        ("12.4", "MEASURE", "124000", "level", "2022", "粮食总产量"),
        ("3.7", "PERCENT", "3.7", "growth", "2023", "粮食总产量"),
        ("4.1", "PERCENT", "4.1", "growth", "2023", "粮食总产量"),
        ("31.2", "COUNT", "312000", "level", "2022", "生猪出栏"),
        ("-8.3", "PERCENT", "8.3", "growth", "2023", "生猪出栏"),
    ],
)
def test_a_rate_keeps_its_column_s_unit_and_the_year_of_the_report(
    text: str, label: str, value: str, measure: str, period: str, subject: str
) -> None:
    found = one(annotate(STATISTICS, ""), text)
    assert (found.label, str(found.value)) == (label, value)
    assert (found.measure, found.period, found.subject) == (measure, period, subject)


def test_a_year_is_no_counted_noun() -> None:
    assert one(annotate(STATISTICS, ""), "31.2").noun == "生猪"


def funds() -> Report:
    """A form's block of funds: one label reaches down beside header and rows, and states the unit."""
    renderer = Renderer()
    renderer.paragraph(TITLE)
    head = ["", "年初预算数", "全年执行数", "分值", "执行率"]
    renderer.row([CellText("项目资金（万元）", 0, 2), *_cells(head)])
    for row in (
        ["年度资金总额", "6,200.00", "6,112.35", "10", "98.59%"],
        ["其中：当年财政拨款", "6,000.00", "5,912.35", "—", "98.54%"],
    ):
        renderer.row([CellText("", 0, 2, continues=True), *_cells(row)])
    rendered = renderer.finish()
    return Report("x", rendered.raw, rendered=rendered)


def _cells(texts: Sequence[str]) -> list[CellText]:
    return [CellText(text, 2 + place) for place, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("text", "label", "value", "modality", "subject"),
    [
        ("6,200.00", "MONEY", "62000000", "planned", "年度资金总额"),
        ("5,912.35", "MONEY", "59123500", "actual", "当年财政拨款"),
        ("10", "SCORE", "10", "rule", "年度资金总额"),
        ("98.54%", "PERCENT", "98.54", "actual", "执行率"),
    ],
)
def test_a_label_that_reaches_down_states_the_unit(
    text: str, label: str, value: str, modality: str, subject: str
) -> None:
    found = one(annotate_report(funds()), text)
    assert (found.label, str(found.value)) == (label, value)
    assert (found.modality, found.subject) == (modality, subject)


def test_prose_in_a_cell_takes_its_subject_from_itself() -> None:
    goals = "全市技术合同成交额突破180亿元。"
    results = "全年技术合同成交额196.4亿元，同比增长21.5%，居全省第四位。"
    found = annotate([["年度总体目标", "预期目标", "实际完成情况"], ["", goals, results]], "")
    assert one(found, "21.5%").subject == one(found, "196.4亿元").subject == "技术合同成交额"
    assert one(found, "180亿元").modality == "planned"
    assert one(found, "196.4亿元").modality == "actual"
