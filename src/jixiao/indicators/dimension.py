"""Whether a quantity's unit can measure an indicator, given how it measures."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from jixiao.errors import CatalogueError
from jixiao.records import Quantity

# Unit atoms of the catalogue and the units of MEASURE quantities they admit.
PHYSICAL: Final = {
    "kWh": ("千瓦时",),
    "kW": ("千瓦", "兆瓦", "吉瓦"),
    "t": ("吨", "公斤", "千克", "斤"),
    "kg": ("公斤", "千克", "吨", "斤"),
    "L": ("升", "毫升"),
    "tce": ("吨标准煤",),
    "mu": ("亩", "公顷"),
    "ha": ("公顷", "亩"),
    "km": ("公里", "千米", "米"),
    "m": ("米", "公里"),
    "m2": ("平方米", "平方公里"),
    "km2": ("平方公里", "平方米"),
    "m3": ("立方米",),
    "ug/m3": ("μg/m³", "微克/立方米"),
    "day": ("天",),
    "hour": ("小时", "学时", "课时"),
    "year": ("年",),
}
_PLAIN: Final = frozenset({"CNY", "USD", "%", "score", "quantity/time", "times", "rank", "text"})
_PEOPLE: Final = frozenset({"人", "名", "位", "人次"})
_LOOSE: Final = frozenset({"个", "项", "件", "处", "家", "次"})


class UnitSpec(NamedTuple):
    """What an indicator's unit column admits: dimensions, and classifiers of its counts."""

    dimensions: frozenset[str]
    classifiers: frozenset[str]


@lru_cache(maxsize=512)
def parse_unit(text: str) -> UnitSpec:
    """Return what a unit column admits: atoms joined by ``|``; ``count:`` lists classifiers.

    Raises
    ------
    CatalogueError
        If an atom is unknown.

    >>> sorted(parse_unit("CNY|count:家|户").classifiers)
    ['家', '户']
    """
    dimensions: set[str] = set()
    classifiers: set[str] = set()
    counting = False
    for atom in text.split("|"):
        if atom.startswith("ordinal:"):
            return UnitSpec(frozenset({"text"}), frozenset())
        if atom.startswith("count:"):
            counting = True
            dimensions.add("count")
            classifiers.add(atom.removeprefix("count:"))
        elif counting:
            classifiers.add(atom)
        elif atom in _PLAIN or atom in PHYSICAL:
            dimensions.add(atom)
        else:
            raise CatalogueError(
                f"unknown unit {atom!r} in {text!r}; expected CNY, %, score, quantity/time, "
                f"{', '.join(PHYSICAL)}, or count: with classifiers, joined by |"
            )
    return UnitSpec(frozenset(dimensions), frozenset(classifiers))


def fitness(quantity: Quantity, spec: UnitSpec) -> float:
    """Return how well a quantity's unit fits an indicator: 0 not at all, 1 exactly.

    A growth, share, gap, change in points or rank says nothing of the indicator's own unit: a
    growth of money is a percentage. Everything else must have its dimension.
    """
    label, dimensions = quantity.label, spec.dimensions
    if label == "RANK":
        return 0.9
    if label in ("PERCENT", "RATIO"):
        if quantity.measure in ("growth", "share", "gap", "change", "rank"):
            return 0.95
        return 1.0 if "%" in dimensions else 0.0
    if label == "MONEY":
        return 1.0 if ("CNY" in dimensions or (quantity.unit or "") in dimensions) else 0.0
    if label == "SCORE":
        # The points of a rubric row count towards the rate the row names; seldom towards a number.
        return 1.0 if "score" in dimensions else 0.8 if "%" in dimensions else 0.6
    if label == "COUNT":
        return _count_fitness(quantity.unit or "", spec)
    return _physical_fitness(quantity.unit or "", dimensions)


def _count_fitness(unit: str, spec: UnitSpec) -> float:
    if "count" not in spec.dimensions:
        return 0.0
    if unit in spec.classifiers:
        return 1.0
    if (unit in _PEOPLE) != bool(spec.classifiers & _PEOPLE):
        return 0.0
    if unit in _PEOPLE:
        return 0.8
    return 0.75 if unit in _LOOSE and spec.classifiers & _LOOSE else 0.35


def _physical_fitness(unit: str, dimensions: frozenset[str]) -> float:
    base, _, per = unit.partition("/")
    for dimension in dimensions:
        admitted = PHYSICAL.get(dimension, ())
        if unit in admitted or (base in admitted and not per):
            return 1.0
    return 1.0 if per and "quantity/time" in dimensions else 0.0
