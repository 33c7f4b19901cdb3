"""The sheet ``核对``: what a report's own arithmetic was recomputed to, as a row for an auditor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from jixiao.annotation import Annotation
from jixiao.exact import plain
from jixiao.exports.names import CHECK_KINDS, VERDICTS
from jixiao.exports.rows import FILE, PLACE, REVIEW, one_line, place_of
from jixiao.exports.sheet import Cell, Column
from jixiao.records import Check, Quantity

CHECK_COLUMNS: Final = (
    FILE,
    Column("判断", 10, "相符、尾差（在各数印刷精度之内）、截尾、口径不同、不符；整行着色：不符"),
    Column("类型", 10, "合计、差额、占比、增幅、整数基数、列举数目、前后不一、评分"),
    Column("说明", 64, "报告所述与重算结果", "wrap"),
    Column("报告值", 18, "报告所述的精确值（文本）；金额以元计"),
    Column("重算值", 18, "由报告中其他数重算的值"),
    Column("下限", 18, "按各数印刷精度，重算值可能的最小值"),
    Column("上限", 18, "可能的最大值"),
    Column("所涉数值", 28, "参与核对的数的原文，以“；”隔开，所核之数在前", "wrap"),
    *PLACE,
    *REVIEW,
    Column("编号", 8, "文档内编号，同 Parquet 表 checks 的 id"),
)


def check_row(
    annotation: Annotation, check: Check, quantities: Mapping[str, Quantity]
) -> Sequence[Cell]:
    """Return a check as a row of :data:`CHECK_COLUMNS`; ``quantities`` are the document's by id."""
    numbers = [quantities[id] for id in check.quantities if id in quantities]
    low, high = check.interval or (None, None)
    place = place_of(annotation.text, numbers[0]) if numbers else (None,) * len(PLACE)
    return (
        annotation.document.doc_id,
        VERDICTS[check.verdict],
        CHECK_KINDS[check.kind],
        check.message,
        *(_exact(value) for value in (check.stated, check.recomputed, low, high)),
        "；".join(one_line(number.text) for number in numbers) or None,
        *place,
        None,
        None,
        check.id,
    )


def _exact(value: Decimal | None) -> str | None:
    """Return a number in plain notation, its fraction to six places as everywhere."""
    return None if value is None else format(plain(round(value, 6)), "f")
