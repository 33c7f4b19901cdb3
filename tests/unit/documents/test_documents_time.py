"""The layer takes time in proportion to the text: eight times the text may not take 64 times as long.

The processor's time is measured, the best of three, so that a busy machine does not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from jixiao.documents import Report

SEEDS = {
    "one line": ("全年支出1200万元，", 20_000),
    "blank lines": ("\n", 80_000),
    "cells in one row": ("\t12\n", 6_000),
    "labels in one row": ("\t项目\n", 6_000),
    "rows": ("\t甲镇\n\t12\n\n", 3_000),
    "rows of labels": ("\t甲\n\t乙\n\t丙\n\n\t丁\n\t戊\n\n", 1_500),
    "empty cells": ("\t\n\t\n\n", 4_000),
    "nested rows": ("\t\n\t\n\t甲\n\t1\n\n", 2_000),
    "headers": ("\t甲\n\t其中\n\n\t\n\t乙\n\t丙\n\n\t丁\n\t1\n\t2\n\n", 800),
    "wrapped cell": ("\t甲\n\t乙\n", 4_000),
    "headings": ("一、概况\n（一）机构\n1.人员\n", 1_500),
    "one number again and again": ("1.项目\n", 5_000),
    "dates": ("2021年3月1日\n", 5_000),
    "bodies": ("某县教育局\n", 5_000),
    "titles of sections": ("部门概况\n", 5_000),
    "contents": ("目录\n一、概况\n", 3_000),
    "scores": ("自评得分9分，", 5_000),
    "titles": ("某县教育局2021年绩效自评报告\n", 3_000),
    "halves of titles": ("绩效评价报告\n", 4_000),
    "labels of bodies": ("填报单位：\n", 4_000),
    "returns": ("\r", 80_000),
    "page numbers": ("第1页\n", 20_000),
    "bookmarks": ("[bookmark: a]", 20_000),
    "open bookmarks": ("[bookmark:", 20_000),
    "quotation marks": ("《", 60_000),
    "numerals": ("一百二十三万", 20_000),
    "separators": ("1,", 40_000),
    "full-width digits": ("１", 100_000),
}


def read_all(text: str) -> None:
    report = Report("x", text)
    for block in report.blocks:
        if block.cell is not None:
            grid = report.grids[block.cell.table, block.cell.row]
            grid.context(block.cell)
            grid.row_texts(block.cell)
    _ = report.outline, report.metadata, report.sentence_at(len(report.view.text) // 2)


@pytest.mark.parametrize("name", SEEDS)
def test_growth(name: str, assert_linear: Callable[..., None]) -> None:
    seed, count = SEEDS[name]
    assert_linear(lambda times: partial(read_all, seed * times), count // 8)
