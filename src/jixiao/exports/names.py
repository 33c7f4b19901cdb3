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
