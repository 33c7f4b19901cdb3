"""Units, bounds and stop-names as the scanner needs them: compiled from the tables, once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple, cast, get_args

from jixiao.errors import ResourceError
from jixiao.records import Bound, QuantityLabel
from jixiao.resources import read_table, table_cache
from jixiao.resources.regions import regions

CHINESE_DIGITS: Final = "零〇○一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
# 千 and 百 begin units and 百分之; there they are no multipliers.
_NO_MULTIPLIER: Final = "(?![百佰]分|[千仟][瓦米克伏卡赫帕分])"
MULTIPLIER: Final = f"(?:{_NO_MULTIPLIER}[十拾百佰千仟万萬亿億])"
CHINESE_RUN: Final = f"(?:{_NO_MULTIPLIER}[{CHINESE_DIGITS}廿卅十拾百佰千仟万萬亿億])"


class Unit(NamedTuple):
    """What a unit's surface means: the label it gives, the unit written, the scale of the value."""

    label: QuantityLabel
    unit: str
    scale: Decimal


@table_cache()
def units() -> Mapping[str, Unit]:
    """Return the units by surface (``个百分点`` → PERCENT, pp).

    Raises
    ------
    ResourceError
        If a row has an unknown label, an empty field, a scale that is no number, or a surface
        that stands twice.
    """
    found: dict[str, Unit] = {}
    for row in read_table("units.csv"):
        surface, label = row["surface"], row["label"]
        if (
            surface in found
            or not surface
            or not row["unit"]
            or label not in get_args(QuantityLabel)
        ):
            raise ResourceError(f"units.csv: bad or repeated row {row!r}")
        try:
            scale = Decimal(row["scale"])
        except InvalidOperation as error:
            raise ResourceError(f"units.csv: scale of {surface!r} is no number") from error
        found[surface] = Unit(cast("QuantityLabel", label), row["unit"], scale)
    return found


@table_cache()
def unit_pattern() -> str:
    """Return a pattern that matches the longest unit at a place, guarded by what may not follow."""
    guards = {row["surface"]: row["not_before"] for row in read_table("units.csv")}
    return trie_pattern(units(), guards)


# What a rate is per without being a unit of its own: 元/人·次.
_PER: Final = "天日年月时人次hda"


@table_cache()
def rate_pattern() -> str:
    """Return a pattern for what a unit is per: ``/吨``, ``/人·次``, ``/人/月``, or nothing."""
    part = rf"(?:{unit_pattern()}|[{_PER}](?![A-Za-z]))"
    return rf"(?:/{part}(?:[·/]{part})?)?"


@table_cache(2048)
def rate_unit(surface: str) -> tuple[Unit, str]:
    """Return the unit of a surface, and what it is per in the table's own spelling.

    >>> unit, per = rate_unit("元/平米")
    >>> unit.unit, per
    ('CNY', '平方米')
    """
    base, _, per = surface.partition("/")
    if surface in units():
        return units()[surface], ""
    parts = _PARTS.split(per)
    names = [units()[part].unit if part in units() and part not in _PER else part for part in parts]
    return units()[base], "".join(names)


_PARTS: Final = re.compile("([·/])")


def trie_pattern(words: Iterable[str], guards: Mapping[str, str] | None = None) -> str:
    """Return a pattern for the longest of ``words``, as a trie, so that matching is one walk.

    ``guards`` maps a word to characters that may not follow it; words behind a ``/`` may all the
    same (``目/目标``: no 3项目, but 3项目标).

    >>> trie_pattern(["公里", "公斤", "公顷"])
    '公(?:斤|里|顷)'
    """
    tree: dict[str, object] = {}
    for word in words:
        node = tree
        for char in word:
            node = cast("dict[str, object]", node.setdefault(char, {}))
        # 25mg, but not 25mgx: a word in letters ends where letters end.
        letters = "(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else ""
        node[""] = letters + (_guard(guards[word]) if guards and guards.get(word) else "")
    return _trie_node(tree)


def _guard(not_before: str) -> str:
    """Return the lookahead for a cell of the column ``not_before``."""
    chars, *allowed = not_before.split("/")
    refused = f"(?![{re.escape(chars)}])"
    return f"(?:(?={'|'.join(map(re.escape, allowed))})|{refused})" if allowed else refused


def _trie_node(node: dict[str, object]) -> str:
    branches = [
        re.escape(char) + _trie_node(cast("dict[str, object]", child))
        for char, child in sorted(node.items())
        if char
    ]
    if "" in node:
        branches.append(cast("str", node[""]))
    if len(branches) == 1:
        return branches[0]
    return f"(?:{'|'.join(branches)})"


class Bounds(NamedTuple):
    """Bound words by where they stand relative to the number."""

    prefix: re.Pattern[str]
    prefix_last: frozenset[str]
    suffix: re.Pattern[str]
    meaning: Mapping[tuple[str, str], Bound]


@table_cache()
def bounds() -> Bounds:
    """Return the bound words: ``prefix`` matches at the end of a context, ``suffix`` at a start."""
    rows = read_table("bounds.csv")
    meaning: dict[tuple[str, str], Bound] = {}
    for row in rows:
        if row["bound"] not in get_args(Bound) or (row["position"], row["surface"]) in meaning:
            raise ResourceError(f"bounds.csv: bad or repeated row {row!r}")
        meaning[row["position"], row["surface"]] = cast("Bound", row["bound"])
    prefixes = sorted((s for p, s in meaning if p == "prefix"), key=len, reverse=True)
    suffixes = sorted((s for p, s in meaning if p == "suffix"), key=len, reverse=True)
    return Bounds(
        # 签约38项, 附近3家: the word is part of another one.
        re.compile(
            r"(?<!(?<!折)合)(?<![签节条集制契特邀履违预附最临靠贴圆饱美充丰不未])"
            rf"({'|'.join(map(re.escape, prefixes))})[了到达至的占 ]?$"
        ),
        frozenset({surface[-1] for surface in prefixes} | set("了到达至的占 ")),
        re.compile(rf"[ ]?({'|'.join(map(re.escape, suffixes))})"),
        meaning,
    )


@table_cache()
def stop_names() -> frozenset[str]:
    """Return names, slogans and idioms whose numerals are no quantities (五台县 are not 5 台)."""
    divisions = (region.name for region in regions() if region.name[0] in CHINESE_DIGITS)
    return frozenset(row["surface"] for row in read_table("stopnames.csv")).union(divisions)
