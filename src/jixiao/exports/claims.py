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
    Column("主体", 24, "取得成果者的原文；空：该句及其前文未说明", "wrap"),
    Column("主体全称", 24, "“我局”“该公司”及简称所指；主体省略时为发布单位", "wrap"),
    Column("内容", 34, "所获荣誉、所做之事或所述指标，不含数字", "wrap"),
    Column("级别", 8, "荣誉、位次、突破的级别：国际、国家、省、市、县"),
    Column("授予单位", 20, "荣誉的授予、认定单位", "wrap"),
    Column("荣誉年度", 10, "荣誉名称中的年度"),
    Column("时间", 17, "取得成果的日期、月份，或所含数值的期间；均未说明时为报告年度"),
    Column("位次", 8, "名次（≤3：前三），或前列、唯一、首个"),
    Column("参照范围", 14, "位次所在范围，如全省、全市14个县区", "wrap"),
    Column("数值", 22, "所含数值的原文，以“；”隔开", "wrap"),
    Column("是否预计", 11, "“是”：预计、有望取得，尚未取得"),
    Column("否定", 7, "“是”：成果在于某事未发生，如未发生安全事故"),
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
) -> Sequence[Cell]:
    """Return a claim as a row of :data:`CLAIM_COLUMNS`; ``quantities`` are the document's by id."""
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
        claim.actor_name or claim.actor,
        claim.object,
        claim.level,
        claim.awarded_by,
        claim.year,
        claim_time(claim, quantities, report.fiscal_year or document.fiscal_year),
        claim.rank,
        claim.peers,
        claim_numbers(claim, quantities),
        YES if claim.modality == "forecast" else None,
        YES if claim.polarity == "negative" else None,
        one_line(claim.text),
        *place_of(annotation.text, claim),
        claim.same_as,
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
    """Return the date of a claim, else the year of an honour, else the periods of its numbers.

    Claims that the toolkit found have a date; those of other annotators fall back on the fiscal year.

    >>> claim = Claim(id="c1", start=0, end=2, text="获奖", kind="recognition")
    >>> claim_time(claim, {}, "2021")
    '2021'
    """
    if claim.date is not None or claim.year is not None:
        return claim.date or claim.year
    told = [quantities[i].period for i in claim.quantities or () if i in quantities]
    return LIST_MARK.join(dict.fromkeys(filter(None, told))) or fiscal_year


def claim_numbers(claim: Claim, quantities: Mapping[str, Quantity]) -> str | None:
    """Return a claim's numbers as printed, in order; None where it has none."""
    told = [one_line(quantities[i].text) for i in claim.quantities or () if i in quantities]
    return LIST_MARK.join(told) or None
