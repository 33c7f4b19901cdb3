"""What a user writes as the unit of an indicator, and what its name tells where nothing is written."""

from __future__ import annotations

import re
from typing import Final

from jixiao.errors import CatalogueError
from jixiao.indicators.dimension import PHYSICAL, UnitSpec, fitness, parse_unit
from jixiao.records import Quantity
from jixiao.resources import read_table, table_cache

_SPLIT: Final = re.compile(r"[、,，;；或\s]+")
_SCALES: Final = re.compile(r"^(?:百|千|万|十万|百万|千万|亿|万亿)(?=.)")
_WORDS: Final = {
    "％": "%",
    "百分比": "%",
    "百分之": "%",
    "百分数": "%",
    "人民币": "元",
    "次数": "次",
    "人数": "人",
    "户数": "户",
    "家数": "家",
    "得分": "分",
    "倍数": "倍",
    "度": "千瓦时",
}
# Classifiers that reports use for the same things. Who writes one means the others too.
_FAMILIES: Final = (
    ("人", "名", "位"),
    ("家", "户", "个"),
    ("所", "家", "个", "座"),
    ("座", "个", "处"),
    ("处", "个"),
    ("项", "个", "件"),
    ("件", "项", "份"),
    ("次", "场", "场次", "期", "批", "批次", "轮", "轮次", "个"),
    ("台", "套", "台套", "个"),
    ("辆", "台", "部"),
    ("起", "件", "例", "宗"),
    ("例", "人", "名"),
    ("张", "个"),
    ("剂", "剂次"),
    ("人次", "人"),
    ("户", "家", "户次"),
)
_PERCENT: Final = UnitSpec(frozenset({"%", "score"}), frozenset())
_RATES: Final = re.compile(r"(?:率|比例|比重|占比|百分比|覆盖面|程度|满意度)$")
_MONEY: Final = re.compile(
    r"(?:经费|资金|费用?|收入|支出|投资|投入|产值|增加值|生产总值|金额|总额|税|税收|利润|成本|补助|补贴|款|"
    r"贷款|债券|债务|资产|负债|工资|待遇|奖金|薪酬|财政拨款|预算|决算|营业额|销售额|零售额|成交额|进出口额)$"
)
_PEOPLE: Final = re.compile(
    r"(?:人数|人口|人员|人次|人群|学生|儿童|幼儿|考生|教师|教职工|职工|医师|医生|护士|患者|病人|干部|专家|"
    r"人才|劳动力|老年人|残疾人|农民工|对象|志愿者|参保人|毕业生)数?$"
)
_AREA: Final = re.compile(r"面积$")
_LENGTH: Final = re.compile(r"(?:里程|长度)$")


def unit_of(text: str) -> UnitSpec:
    """Return what a unit as a user writes it admits.

    Units are those of ``units.csv``; 万 and 亿 before one change nothing (``万人``), several are joined
    by ``、``. A classifier stands for those that reports use beside it (所: 家, 个, 座). The units of
    the catalogue's CSV (``CNY|%``, ``count:家|户``) are understood too.

    Raises
    ------
    CatalogueError
        If a unit is unknown or no number in it can be aligned.

    >>> sorted(unit_of("万元").dimensions), sorted(unit_of("名").classifiers)
    (['CNY'], ['人', '位', '名'])
    """
    words = [word for word in _SPLIT.split(text.strip()) if word]
    if not words:
        raise CatalogueError(f"the unit is empty; {_EXPECTED}")
    if text.startswith(("count:", "ordinal:")) or "|" in text:
        return parse_unit(text)
    dimensions: set[str] = set()
    classifiers: set[str] = set()
    for word in words:
        spec = _unit_of_word(word)
        dimensions |= spec.dimensions
        classifiers |= spec.classifiers
    return UnitSpec(frozenset(dimensions), frozenset(classifiers))


_EXPECTED: Final = (
    "expected a unit as reports print it, say %, 元, 人, 人次, 所, 家, 项, 平方米, 吨, 分; "
    "leave unit out if several fit"
)


def _unit_of_word(word: str) -> UnitSpec:
    try:
        return _spec_of_row(word) or parse_unit(word)
    except CatalogueError:
        raise CatalogueError(f"unit {word!r} is unknown; {_EXPECTED}") from None


def _spec_of_row(word: str) -> UnitSpec | None:
    """Return what one printed unit admits, None where no table has it."""
    units = _units()
    name = _WORDS.get(word, word)
    bare = _SCALES.sub("", name)
    found = units.get(name) or units.get(_WORDS.get(bare, bare))
    if found is None and "/" in name:
        return _spec_of_rate(name)
    if found is None:
        return None
    label, unit = found
    if label == "COUNT":
        family = next((group for group in _FAMILIES if group[0] == unit), ())
        own = {unit, *family}
        if unit in {"名", "位"}:
            own |= set(_FAMILIES[0])
        return UnitSpec(frozenset({"count"}), frozenset(own))
    if label == "PERCENT":
        return _PERCENT
    if label == "SCORE":
        return UnitSpec(frozenset({"score"}), frozenset())
    if label == "RATIO":
        return UnitSpec(frozenset({"times", "%"}), frozenset())
    if label == "MONEY":
        return UnitSpec(frozenset({unit}), frozenset())
    return _physical(name, unit)


def _spec_of_rate(name: str) -> UnitSpec | None:
    """Return what a unit per another admits: money per head is money, 升/日 a rate."""
    for key, printed in PHYSICAL.items():
        if name == key or name in printed:
            return UnitSpec(frozenset({key}), frozenset())
    base = name.split("/", 1)[0]
    known = _units().get(base)
    if known and known[0] == "MEASURE":
        return UnitSpec(frozenset({"quantity/time"}), frozenset())
    return _spec_of_row(base)


def _physical(name: str, unit: str) -> UnitSpec:
    keys = {key for key, printed in PHYSICAL.items() if unit in printed or unit == key}
    spec = UnitSpec(frozenset(keys or {unit}), frozenset())
    probe = Quantity(id="q1", start=0, end=0, text="", label="MEASURE", unit=unit, measure="level")
    if not fitness(probe, spec):
        raise CatalogueError(f"numbers in {name} are read, but not aligned")
    return spec


@table_cache()
def _units() -> dict[str, tuple[str, str]]:
    """Return (label, unit) of every printed unit."""
    rows = read_table("units.csv")
    found = {row["surface"]: (row["label"], row["unit"]) for row in rows}
    return {"次": ("COUNT", "次"), **found}


def guess_unit(name: str) -> UnitSpec:
    """Return what the name of an indicator tells of its unit.

    A rate, an amount of money, people, an area or a length by the name's end; else counts and
    physical units of all kinds, but neither money nor percentages.

    >>> sorted(guess_unit("毛入园率").dimensions), sorted(guess_unit("助学金支出").dimensions)
    (['%', 'score'], ['CNY'])
    """
    if _RATES.search(name):
        return _PERCENT
    if _MONEY.search(name):
        return UnitSpec(frozenset({"CNY"}), frozenset())
    if _PEOPLE.search(name):
        return UnitSpec(frozenset({"count"}), frozenset({"人", "名", "位", "人次"}))
    if _AREA.search(name):
        return UnitSpec(frozenset({"mu", "ha", "m2", "km2"}), frozenset())
    if _LENGTH.search(name):
        return UnitSpec(frozenset({"m", "km"}), frozenset())
    classifiers = {unit for label, unit in _units().values() if label == "COUNT"}
    return UnitSpec(frozenset({"count", *PHYSICAL}), frozenset(classifiers))


def unit_text(spec: UnitSpec) -> str:
    """Return a unit as a user would write it, joined by ``、``; nothing where many fit.

    >>> unit_text(unit_of("万元"))
    '元'
    """
    if len(spec.dimensions) > _MANY:
        return ""
    names = {"CNY": "元", "USD": "美元", "score": "分", "times": "倍"}
    words = [
        names.get(dimension) or PHYSICAL.get(dimension, (dimension,))[0]
        for dimension in sorted(spec.dimensions - {"count", "text"})
    ]
    return "、".join([*words, *sorted(spec.classifiers)])


_MANY: Final = 8
