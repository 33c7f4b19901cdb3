"""The sheet ``成果``: an achievement claim as a row, also as a table of honours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jixiao.annotation import Annotation
from jixiao.exports.names import CLAIM_KINDS, YES
from jixiao.exports.rows import CONFIDENCE, FILE, KEY, PLACE, REVIEW, one_line, place_of
from jixiao.exports.sheet import Cell, Column
from jixiao.records import Claim, Document, Part, Quantity

LIST_MARK: Final = "；"

CLAIM_COLUMNS: Final = (
    FILE,
    Column("报告", 24, "报告标题"),
    Column("发布单位", 26, "发布报告的单位", "wrap"),
    Column("地区", 16, "发布单位所属地区全称"),
    Column("年度", 8, "报告所述财政年度"),
    Column("类型", 11, "荣誉认定、位次、突破、增长、产出、达标；荣誉一览：筛选“荣誉认定”"),
    Column("主体", 24, "取得成果者；空：该句未说明，多为发布单位", "wrap"),
    Column("内容", 34, "所获荣誉、所做之事或所述指标，不含数字", "wrap"),
    Column("级别", 8, "荣誉、位次、突破的级别：国际、国家、省、市、县"),
    Column("授予单位", 20, "荣誉的授予、认定单位", "wrap"),
    Column("时间", 17, "荣誉名称中的年度；否则所含数值的期间，不同时以“；”隔开；再否则报告年度"),
    Column("数值", 22, "所含数值的原文，以“；”隔开", "wrap"),
    Column("是否预计", 11, "“是”：预计、有望取得，尚未取得"),
    Column("原句", 44, "陈述成果的文字", "wrap"),
    *PLACE,
    Column("重复于", 9, "同一报告中首次陈述同一成果的编号；空：首次陈述。筛选空白即不重复计数"),
    CONFIDENCE,
    *REVIEW,
    Column("编号", 8, "文档内编号，同 Parquet 表 claims 的 id"),
    KEY,
)


def claim_row(
    annotation: Annotation,
    claim: Claim,
    quantities: Mapping[str, Quantity],
    repeats: Mapping[str, str],
) -> Sequence[Cell]:
    """Return a claim as a row of :data:`CLAIM_COLUMNS`.

    ``quantities`` are the document's by id, ``repeats`` what
    :func:`jixiao.claims.same.find_repeats` returns.
    """
    document = annotation.document
    report = report_at(document, claim.start)
    return (
        document.doc_id,
        report.title or document.title,
        report.issuer or document.issuer,
        report.region or document.region,
        report.fiscal_year or document.fiscal_year,
        CLAIM_KINDS[claim.kind],
        claim.actor,
        claim.object,
        claim.level,
        claim.awarded_by,
        claim_time(claim, quantities, report.fiscal_year or document.fiscal_year),
        claim_numbers(claim, quantities),
        YES if claim.modality == "forecast" else None,
        one_line(claim.text),
        *place_of(annotation.text, claim),
        repeats.get(claim.id),
        claim.confidence,
        None,
        None,
        claim.id,
        claim.key,
    )


def report_at(document: Document, start: int) -> Document | Part:
    """Return the part of a file that a place is in; the document where it is one report."""
    parts = document.parts or ()
    return next((part for part in parts if part.start <= start < part.end), document)


def claim_time(
    claim: Claim, quantities: Mapping[str, Quantity], fiscal_year: str | None
) -> str | None:
    """Return the year of an honour, else the periods of the numbers, else the fiscal year.

    >>> claim = Claim(id="c1", start=0, end=2, text="获奖", kind="recognition")
    >>> claim_time(claim, {}, "2021")
    '2021'
    """
    if claim.year is not None:
        return claim.year
    told = [quantities[i].period for i in claim.quantities or () if i in quantities]
    return LIST_MARK.join(dict.fromkeys(filter(None, told))) or fiscal_year


def claim_numbers(claim: Claim, quantities: Mapping[str, Quantity]) -> str | None:
    """Return a claim's numbers as printed, in order; None where it has none."""
    told = [one_line(quantities[i].text) for i in claim.quantities or () if i in quantities]
    return LIST_MARK.join(told) or None
