"""The sheet 核对: a check as an auditor reads it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import openpyxl

from jixiao.exports.names import CHECK_KINDS, VERDICTS
from jixiao.exports.workbook import WorkbookWriter
from jixiao.pipeline import annotate_text
from jixiao.records import CheckKind, Verdict

TEXT = (
    "湄潭县水务局2021年度部门整体支出绩效自评报告\n一、收支情况\n"
    "支出合计385.08万元，其中：基本支出200万元，项目支出195.08万元。\n"
)


def test_a_relation_that_does_not_hold_is_a_row_with_its_numbers(tmp_path: Path) -> None:
    annotation = annotate_text(TEXT)
    with WorkbookWriter(tmp_path / "facts.xlsx", {}) as writer:
        writer.add(annotation)
    sheet = openpyxl.load_workbook(tmp_path / "facts.xlsx")["核对"]
    header, *rows = sheet.iter_rows(values_only=True)
    row = dict(zip(header, rows[0], strict=True))
    assert (row["判断"], row["类型"]) == ("不符", "合计")
    assert (row["报告值"], row["重算值"]) == ("3850800", "3950800")
    assert row["所涉数值"] == "385.08万元；200万元；195.08万元"
    assert annotation.text[row["起"] : row["止"]] == "385.08万元"
    assert "支出合计385.08万元" in row["句子"]
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert any("不符" in formula for rule in rules for formula in rule.formula)


def test_fractions_are_shown_to_six_places(tmp_path: Path) -> None:
    text = TEXT.partition("支出合计")[0] + "支出合计300万元，其中项目支出100万元，占33.33%。\n"
    with WorkbookWriter(tmp_path / "facts.xlsx", {}) as writer:
        writer.add(annotate_text(text))
    header, *rows = openpyxl.load_workbook(tmp_path / "facts.xlsx")["核对"].iter_rows(
        values_only=True
    )
    shares = [row for row in rows if row[header.index("类型")] == "占比"]
    assert shares
    for row in shares:
        assert len(str(row[header.index("下限")]).partition(".")[2]) <= 6


def test_every_verdict_and_kind_has_a_word() -> None:
    assert set(VERDICTS) == set(get_args(Verdict))
    assert set(CHECK_KINDS) == set(get_args(CheckKind))
