"""The Chinese words a reader sees in place of the codes of the annotation format."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

LABELS: Final[Mapping[str, str]] = {
    "MONEY": "金额",
    "PERCENT": "百分数",
    "COUNT": "数量",
    "RATIO": "比率",
    "RANK": "排名",
    "SCORE": "分值",
    "MEASURE": "计量",
}

MEASURES: Final[Mapping[str, str]] = {
    "level": "存量/水平",
    "new": "新增",
    "net_new": "净增",
    "applied": "申报",
    "recommended": "推荐",
    "approved": "立项/通过",
    "growth": "增长率",
    "change": "增减额",
    "share": "占比",
    "gap": "差距",
    "rank": "排名",
}

MODALITIES: Final[Mapping[str, str]] = {
    "actual": "实际",
    "planned": "计划",
    "forecast": "预计",
    "rule": "标准",
}

DIRECTIONS: Final[Mapping[str, str]] = {"up": "上升", "down": "下降"}

BOUNDS: Final[Mapping[str, str]] = {
    "=": "等于",
    "≈": "约",
    ">": "超过",
    "≥": "不低于",
    "<": "不足",
    "≤": "不超过",
}

CLAIM_KINDS: Final[Mapping[str, str]] = {
    "recognition": "荣誉认定",
    "ranking": "位次",
    "milestone": "突破",
    "growth": "增长",
    "output": "产出",
    "compliance": "达标",
}

ENTITY_LABELS: Final[Mapping[str, str]] = {
    "COMPANY": "企业",
    "GOV": "机关",
    "INSTITUTION": "机构",
    "PARK": "园区",
    "PLACE": "地名",
    "PERSON": "人物",
    "PROGRAM": "政策项目",
    "HONOUR": "荣誉",
    "DOCUMENT": "文件",
}

# From what agrees to what does not.
VERDICTS: Final[Mapping[str, str]] = {
    "ok": "相符",
    "rounded": "尾差",
    "scope": "口径不同",
    "truncated": "截尾",
    "inconsistent": "不符",
}

CHECK_KINDS: Final[Mapping[str, str]] = {
    "sum": "合计",
    "difference": "差额",
    "share": "占比",
    "growth": "增幅",
    "integer_base": "整数基数",
    "list_count": "列举数目",
    "duplicate": "前后不一",
    "rubric": "评分",
}

REVIEWS: Final = ("正确", "错误", "存疑")

YES: Final = "是"
ISSUE: Final = "文本问题"
FAILURE: Final = "处理失败"

# Units that are codes; every other unit is the report's own word and shown as it is.
_UNITS: Final[Mapping[str, str]] = {
    "pp": "百分点",
    "times": "倍",
    "fraction": "分数",
    "rank": "名次",
}

# Currencies by ISO 4217 code.
_CURRENCIES: Final[Mapping[str, str]] = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "JPY": "日元",
    "HKD": "港元",
    "GBP": "英镑",
    "MOP": "澳门元",
    "TWD": "新台币",
    "KRW": "韩元",
    "SGD": "新加坡元",
    "AUD": "澳元",
    "CAD": "加元",
    "CHF": "瑞士法郎",
    "RUB": "卢布",
}


@lru_cache(maxsize=1024)
def shown_unit(unit: str | None) -> tuple[str, int]:
    """Return the unit a reader expects, and by which power of ten it is the larger one.

    Amounts of money are shown in ten thousands (``万元``), large and small alike: the published
    forms of 部门决算 are printed so (``单位：万元``), and a column in one unit can be sorted,
    filtered and summed, which one of 亿元, 万元 and 元 mixed cannot. Prices (``CNY/天``) stay in
    元, everything else in its own unit.

    >>> shown_unit("CNY"), shown_unit("CNY/天"), shown_unit("pp"), shown_unit("家")
    (('万元', 4), ('元/天', 0), ('百分点', 0), ('家', 0))
    """
    if unit is None:
        return "", 0
    code, slash, per = unit.partition("/")
    currency = _CURRENCIES.get(code)
    if currency is None:
        return _UNITS.get(unit, unit), 0
    return (f"{currency}/{per}", 0) if slash else (f"万{currency}", 4)


FIELDS: Final[Mapping[str, str]] = {
    "document": "文件",
    "id": "编号",
    "start": "起",
    "end": "止",
    "text": "原文",
    "key": "key",
    "confidence": "置信度",
    "rule": "规则",
    "sentence": "句子位置",
    "section": "章节",
    "label": "类型",
    "value": "数值",
    "value_high": "上限",
    "unit": "单位",
    "bound": "界限",
    "noun": "计量对象",
    "subject": "主语",
    "indicator": "指标id",
    "indicator_zh": "指标",
    "facet": "细项",
    "measure": "度量",
    "direction": "方向",
    "period": "期间",
    "region": "地区",
    "region_code": "地区代码",
    "modality": "性质",
    "table": "表格中",
    "of": "参照",
    "total": "所属合计",
    "candidates": "候选指标",
    "evidence": "依据",
    "refers_to": "全称编号",
    "kind": "类别",
    "trigger": "触发词",
    "actor": "主体",
    "actor_name": "主体全称",
    "object": "对象",
    "level": "级别",
    "awarded_by": "授予单位",
    "year": "年度",
    "date": "日期",
    "rank": "位次",
    "peers": "排名范围",
    "quantities": "数量编号",
    "polarity": "正负",
    "same_as": "同一成效",
    "issuer": "发布单位",
    "conflict": "冲突",
    "verdict": "结论",
    "stated": "报告值",
    "recomputed": "重算值",
    "interval": "重算区间",
    "message": "说明",
    "code": "代码",
    "schema": "格式版本",
    "source": "来源文件",
    "media_type": "文件格式",
    "sha256": "文件sha256",
    "text_sha256": "文本sha256",
    "title": "标题",
    "fiscal_year": "报告年度",
    "report_date": "报告日期",
    "score": "得分",
    "grade": "等级",
    "parts": "各部分",
    "redacted": "已脱敏",
}
"""The fields of the records as headings of a table."""
