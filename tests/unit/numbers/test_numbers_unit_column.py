"""A table may list the unit of each row in a column of its own."""

from __future__ import annotations

import pytest

from jixiao.pipeline import annotate_text


def table(*rows: tuple[str, ...]) -> str:
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows)


@pytest.mark.parametrize("head", ["单位", "计量单位"])
def test_a_column_of_units_gives_each_row_its_unit(head: str) -> None:
    text = table(
        ("指标", head, "目标值", "完成值"),
        ("新建水厂", "座", "2", "3"),
        ("完成投资", "万元", "500", "620.5"),
    )
    found = annotate_text(text).quantities
    assert [(q.text, str(q.value), q.unit, q.subject, q.modality) for q in found] == [
        ("2", "2", "座", "新建水厂", "planned"),
        ("3", "3", "座", "新建水厂", "actual"),
        ("500", "5000000", "CNY", "完成投资", "planned"),
        ("620.5", "6205000", "CNY", "完成投资", "actual"),
    ]


def test_a_column_of_bodies_is_no_column_of_units() -> None:
    text = table(("单位", "企业数（家）"), ("县水务局", "12"), ("县交通局", "7"))
    found = annotate_text(text).quantities
    assert [(q.text, q.unit, q.subject) for q in found] == [
        ("12", "家", "企业数"),
        ("7", "家", "企业数"),
    ]


def test_row_numbers_of_final_accounts_are_no_amounts() -> None:
    text = table(
        ("项目", "行次", "金额（万元）"), ("财政拨款收入", "1", "812.6"), ("事业收入", "2", "30")
    )
    assert [q.text for q in annotate_text(text).quantities] == ["812.6", "30"]
