"""Values and labels, headers laid over columns, captions."""

from __future__ import annotations

import pytest

from jixiao.documents import Report
from jixiao.documents.cells import states_value
from jixiao.documents.grids import CellContext


def flattened(*rows: list[str]) -> str:
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows)


def context(text: str, cell: str) -> CellContext:
    report = Report("x", text)
    (found,) = [block.cell for block in report.blocks if block.cell and block.cell.text == cell]
    return report.grids[found.table, found.row].context(found)


@pytest.mark.parametrize(
    "text",
    [
        *("0", "5", "-10.53", "+3.2", "(8.6)", "（8.6）", "1074.06", "2019.12", "12,358.67", "1:1"),
        *(
            "98.2%",
            "5‰",
            "≥95%",
            "≤28.5万元",
            "=100%",
            ">0",
            "不低于1800亿元",
            "不少于3次",
            "约500人",
        ),
        *(
            "10%-15%",
            "10-20家",
            "80%（含）-90%",
            "5%左右",
            "3家以上",
            "0.5个百分点",
            "2.3倍",
            "92分",
        ),
        *(
            "1.86万人次",
            "350万包/天",
            "5432元/公里",
            "58.3万元/亩",
            "1200处",
            "2000件",
            "36批次",
            "3个月",
        ),
    ],
)
def test_values(text: str) -> None:
    assert states_value(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "合计", "—", "/", "0730-8152766", "13507430000", "2021年", "2021年度", "2022年预算"),
        *("1-9月", "6月", "12月底前完工", "2021-12-31", "2021.12.31", "2021年3月1日", "1、局机关"),
        *("7.其他项目", "1号楼", "2季度", "第3", "3标段", "5G基站数量指标", "2020-2022年"),
    ],
)
def test_no_values(text: str) -> None:
    assert not states_value(text)


def test_the_caption_is_what_stands_right_above() -> None:
    table = flattened(["乡镇", "金额"], ["甲镇", "12"])
    long = "全县共安排资金。" * 9
    assert context(f"一、概况\n{long}\n{table}", "12").captions == []
    assert context(f"{long}分配如下（单位：万元）：\n{table}", "12").captions == [
        "分配如下（单位：万元）："
    ]
    assert context(f"上文。\n表1  分配表\n单位：万元\n{table}", "12").captions == [
        "表1 分配表",
        "单位：万元",
    ]
    assert context(f"第一行\n二、资金（万元）\n{table}", "12").captions == ["二、资金（万元）"]


def test_a_note_behind_a_table_is_no_caption() -> None:
    text = flattened(
        ["乡镇", "金额"],
        ["甲镇", "12"],
        ["注：本表不含债券资金。"],
        ["科室", "人数"],
        ["甲科", "7"],
    )
    assert context("资金表\n" + text, "7").captions == ["资金表"]


def test_a_short_row_is_laid_by_its_values() -> None:
    text = flattened(
        ["类别", "项目", "目标", "完成", "说明"],
        ["甲", "乙", "10", "11", ""],
        ["合计", "30", "31", "超额"],
    )
    assert context(text, "30").columns == ["目标"]
    assert context(text, "31").columns == ["完成"]


def test_rows_without_headers() -> None:
    text = flattened(["联系人", "张某", "电话", "0730-8152766"], ["编制", "10", "实有", "12"])
    assert context(text, "0730-8152766").rows == ["电话"]
    assert context(text, "10").rows == ["编制"]
    assert context(text, "12").rows == ["实有"]


def test_row_headers_run_beside_the_labels() -> None:
    text = flattened(["一级指标", "二级指标", "得分"], ["产出", "数量", "9.5"])
    found = context(text, "9.5")
    assert list(zip(found.rows, found.row_headers, strict=True)) == [
        ("产出", "一级指标"),
        ("数量", "二级指标"),
    ]


def test_row_texts_are_what_stands_left() -> None:
    report = Report("x", flattened(["指标", "目标", "完成"], ["桥梁", "≥6座", "7"]))
    cell = next(block.cell for block in report.blocks if block.cell and block.cell.text == "7")
    assert cell is not None
    assert report.grids[cell.table, cell.row].row_texts(cell) == ["桥梁", "≥6座"]


def test_a_table_of_one_row() -> None:
    assert context(flattened(["自评得分", "98"]), "98").rows == ["自评得分"]


def test_empty_rows_and_columns_do_no_harm() -> None:
    text = flattened(["", "", ""], ["", "", ""], ["甲", "", "3"], ["", "", ""])
    assert context(text, "3").rows == ["甲"]
