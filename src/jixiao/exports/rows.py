"""The sheets of the workbook: their columns, and a record as a row of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jixiao.annotation import Annotation
from jixiao.exports.cells import in_larger_unit
from jixiao.exports.names import (
    BOUNDS,
    DIRECTIONS,
    ISSUE,
    LABELS,
    MEASURES,
    MODALITIES,
    YES,
    shown_unit,
)
from jixiao.exports.sheet import Cell, Column
from jixiao.records import Fact, Issue, Quantity, SpanRecord

QUOTE_LIMIT: Final = 500
SECTION_MARK: Final = " › "
_ELLIPSIS: Final = "…"

FILE: Final = Column("文件", 28, "文档编号 doc_id：给定目录下的路径，“/”写作“__”")
_VALUE: Final = (
    Column("数值", 15, "按“单位”列折算后的数；金额一律以万元计，便于排序、筛选、求和", "number"),
    Column("上限", 12, "区间的上限，单位同“数值”", "number"),
    Column("单位", 9, "“数值”“上限”的单位"),
    Column("原值", 18, "记录中的精确值（文本）：金额以元计，其余同“单位”；区间写作 下限~上限"),
    Column("界限", 8, "等于、约、超过、不低于、不足、不超过"),
)
_CONTEXT: Final = (
    Column("细项", 18, "数值只涉及指标的一部分时：子类或明细项目", "wrap"),
    Column("度量", 11, "同一指标的不同量法，见“取值”"),
    Column("参照", 18, "占比的整体、差距的比较对象、排名的范围与口径", "wrap"),
    Column("方向", 7, "增长率与增减额的方向；数值本身不带正负号"),
    Column("期间", 17, "YYYY、YYYY-MM、YYYY-MM-DD（时点）或 起/止"),
    Column("性质", 7, "实际、计划（预算、目标）、预计、标准（评分细则、门槛）"),
)
PLACE: Final = (
    Column("句子", 64, "原文所在句子，空白合并为一个空格，至多 500 字", "wrap"),
    Column("章节", 30, "所在章节的各级标题", "wrap"),
    Column("起", 9, "原文在 text/<文件>.txt 中的起始字符位置，从 0 起", "offset"),
    Column("止", 9, "结束字符位置（不含）", "offset"),
)
REVIEW: Final = (
    Column("复核", 8, "由复核人选择：正确、错误、存疑", "review"),
    Column("复核意见", 28, "由复核人填写", "note"),
)
CONFIDENCE: Final = Column("置信度", 9, "0 至 1", "score")
_INDICATOR: Final = (
    Column("指标", 24, "指标目录中的名称", "wrap"),
    Column("指标id", 26, "指标目录中的编号"),
)
KEY: Final = Column("key", 15, "记录的固定编号，重新运行后不变，复核结果据此找回记录")

FACT_COLUMNS: Final = (
    FILE,
    Column("发布单位", 26, "发布报告的单位", "wrap"),
    Column("地区", 16, "数值所属地区全称"),
    Column("地区代码", 11, "GB/T 2260 代码"),
    *_INDICATOR,
    *_CONTEXT,
    *_VALUE,
    Column("原文", 16, "首次提及的文字"),
    *PLACE,
    Column("提及次数", 11, "报告中说到这一事实的次数", "number"),
    Column("冲突", 7, "“是”：各处数值之差超出其印刷精度；整行着色"),
    CONFIDENCE,
    *REVIEW,
    Column("事实id", 9, "文档内编号，同 Parquet 表 facts 的 id"),
    KEY,
)

QUANTITY_COLUMNS: Final = (
    FILE,
    Column("编号", 8, "文档内编号，同 Parquet 表 quantities 的 id"),
    Column("类别", 9, "金额、百分数、数量、比率、排名、分值、计量"),
    Column("原文", 16, "数量的文字，含单位"),
    *_VALUE,
    Column("指标短语", 26, "报告中说明所量为何的词语", "wrap"),
    Column("名词", 18, "所计之物（仅“数量”）", "wrap"),
    *_INDICATOR,
    *_CONTEXT,
    Column("地区", 16, "数值所属地区；未另说明时为发布单位的地区"),
    Column("表格", 7, "“是”：数在表格中"),
    Column("候选指标", 36, "得分最高的三个候选指标及得分", "wrap"),
    *PLACE,
    CONFIDENCE,
    Column("规则", 24, "作出判断的规则"),
    *REVIEW,
    KEY,
)

DOCUMENT_COLUMNS: Final = (
    FILE,
    Column("标题", 48, "报告标题", "wrap"),
    Column("发布单位", 30, "发布报告的单位", "wrap"),
    Column("地区", 18, "发布单位所属地区全称"),
    Column("地区代码", 11, "GB/T 2260 代码"),
    Column("年度", 8, "报告所述财政年度"),
    Column("报告日期", 13, "报告的落款日期"),
    Column("类型", 16, "报告类型"),
    Column("得分", 9, "报告给出的绩效得分（百分制）", "number"),
    Column("等级", 8, "报告给出的绩效等级：优、良、中、差"),
    Column("字数", 10, "原文字符数", "number"),
    Column("数量", 9, "识别出的数量", "number"),
    Column("实体", 9, "识别出的名称", "number"),
    Column("成果", 9, "识别出的成果陈述", "number"),
    Column("事实", 9, "归并后的事实", "number"),
    Column("冲突", 9, "相互冲突的事实", "number"),
    Column("核对", 9, "勾稽核对", "number"),
    Column("问题", 9, "文本问题", "number"),
    Column("来源", 40, "给定目录下的路径", "wrap"),
    Column("格式", 24, "来源文件的媒体类型"),
    Column("sha256", 68, "来源文件的摘要"),
)

ISSUE_COLUMNS: Final = (
    FILE,
    Column("类型", 11, "文本问题：文中有异常；处理失败：文件未能读取或标注"),
    Column("代码", 26, "问题代码；失败时为 阶段/错误"),
    Column("说明", 64, "问题所在", "wrap"),
    Column("原文", 40, "有问题的文字", "wrap"),
    Column("起", 9, "在原文中的起始字符位置", "offset"),
    Column("止", 9, "结束字符位置（不含）", "offset"),
    Column("来源", 40, "失败文件的路径", "wrap"),
)

LEGEND_COLUMNS: Final = (
    Column("工作表", 14, "所说明的工作表"),
    Column("项目", 16, "列名或取值"),
    Column("说明", 100, "含义", "wrap"),
)


def fact_row(
    annotation: Annotation, fact: Fact, mentions: Mapping[str, Quantity]
) -> Sequence[Cell]:
    """Return a fact as a row of :data:`FACT_COLUMNS`.

    ``mentions`` are the document's quantities by id; where the first is missing, the cells that
    tell the place stay empty.
    """
    first = mentions.get(fact.quantities[0]) if fact.quantities else None
    return (
        fact.document,
        fact.issuer,
        fact.region,
        fact.region_code,
        fact.indicator_zh,
        fact.indicator,
        *_context(fact, fact.peers),
        *_value(fact),
        first.text if first else None,
        *(place_of(annotation.text, first) if first else _NOWHERE),
        len(fact.quantities),
        YES if fact.conflict else None,
        fact.confidence,
        None,
        None,
        fact.id,
        first.key if first else None,
    )


def quantity_row(
    annotation: Annotation, quantity: Quantity, indicator_names: Mapping[str, str]
) -> Sequence[Cell]:
    """Return a quantity as a row of :data:`QUANTITY_COLUMNS`."""
    ranked = quantity.measure == "rank"
    home = annotation.document.region
    return (
        annotation.document.doc_id,
        quantity.id,
        LABELS[quantity.label],
        quantity.text,
        *_value(quantity),
        quantity.subject,
        quantity.noun,
        indicator_names.get(quantity.indicator or ""),
        quantity.indicator,
        *_context(quantity, quantity.region if ranked else None),
        home if ranked else quantity.region or home,
        YES if quantity.table else None,
        _candidates(quantity, indicator_names),
        *place_of(annotation.text, quantity),
        quantity.confidence,
        quantity.rule,
        None,
        None,
        quantity.key,
    )


def document_row(annotation: Annotation, counts: Mapping[str, int]) -> Sequence[Cell]:
    """Return a document as a row of :data:`DOCUMENT_COLUMNS`; ``counts`` by type of record."""
    document = annotation.document
    return (
        document.doc_id,
        document.title,
        document.issuer,
        document.region,
        document.region_code,
        document.fiscal_year,
        document.report_date,
        document.kind,
        document.score,
        document.grade,
        len(annotation.text),
        counts["Quantity"],
        counts["Entity"],
        counts["Claim"],
        counts["Fact"],
        sum(fact.conflict for fact in annotation.facts),
        counts["Check"],
        counts["Issue"],
        document.source,
        document.media_type,
        document.sha256,
    )


def issue_row(annotation: Annotation, issue: Issue) -> Sequence[Cell]:
    """Return an issue as a row of :data:`ISSUE_COLUMNS`."""
    end = min(issue.end, issue.start + QUOTE_LIMIT)
    return (
        annotation.document.doc_id,
        ISSUE,
        issue.code,
        issue.message,
        one_line(annotation.text[issue.start : end]),
        issue.start,
        issue.end,
        annotation.document.source,
    )


def quoted(text: str, record: SpanRecord) -> str:
    """Return the sentence of a record for a cell: one line, at most 500 characters.

    Of a longer sentence the part around the record is shown, with ``…`` where it was cut. A
    record without a sentence is shown in its line.
    """
    start, end = record.sentence or _line(text, record.start, record.end)
    if end - start <= QUOTE_LIMIT:
        return one_line(text[start:end])
    room = QUOTE_LIMIT - 2 * len(_ELLIPSIS)
    first = max(start, min(record.start - room // 2, end - room))
    last = min(end, first + room)
    shown = one_line(text[first:last])
    return f"{_ELLIPSIS if first > start else ''}{shown}{_ELLIPSIS if last < end else ''}"


def one_line(text: str) -> str:
    """Return a text with every run of blanks and line ends as one space."""
    return " ".join(text.split())


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    # Looks no further than is shown, so that a document of one line stays linear.
    earliest, latest = max(0, start - QUOTE_LIMIT), end + QUOTE_LIMIT
    before = text.rfind("\n", earliest, start)
    after = text.find("\n", end, latest)
    return (
        earliest if before < 0 else before + 1,
        min(latest, len(text)) if after < 0 else after,
    )


_NOWHERE: Final[tuple[Cell, ...]] = (None,) * len(PLACE)


def place_of(text: str, record: SpanRecord) -> tuple[Cell, ...]:
    """Return the cells of :data:`PLACE`: sentence, section, start, end."""
    section = SECTION_MARK.join(record.section) if record.section else None
    return quoted(text, record), section, record.start, record.end


def _value(record: Fact | Quantity) -> tuple[Cell, ...]:
    unit, power = shown_unit(record.unit)
    bound = BOUNDS.get(record.bound or "")
    if record.value is None:
        return None, None, unit, None, bound
    shown, exact = in_larger_unit(record.value, power), format(record.value, "f")
    if record.value_high is None:
        return shown, None, unit, exact, bound
    high = in_larger_unit(record.value_high, power)
    return shown, high, unit, f"{exact}~{record.value_high:f}", bound


def _context(record: Fact | Quantity, peers: str | None) -> tuple[Cell, ...]:
    return (
        record.facet,
        MEASURES.get(record.measure or ""),
        _reference(record.of, peers),
        DIRECTIONS.get(record.direction or ""),
        record.period,
        MODALITIES.get(record.modality or ""),
    )


def _reference(of: str | None, peers: str | None) -> str | None:
    """Return what a share, gap or rank refers to: ``全省 · 增长率`` for a rank by growth."""
    if peers is None:
        return of
    return peers if of is None else f"{peers} · {MEASURES.get(of, of)}"


def _candidates(quantity: Quantity, indicator_names: Mapping[str, str]) -> str | None:
    if not quantity.candidates:
        return None
    return "；".join(
        f"{indicator_names.get(each.indicator, each.indicator)} {each.score:.2f}"
        for each in quantity.candidates[:3]
    )
