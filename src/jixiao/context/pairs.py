"""分别: a list of places or years, and the numbers that belong to them in the same order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from jixiao.context.scopes import Scope
from jixiao.numbers.find import Found

_RESPECTIVELY: Final = re.compile("分别")
_SENTENCE: Final = re.compile(r"[。！？\n\t]")
_JOIN: Final = re.compile(r"[、，,和及与 ]+|以及")
_STEP: Final = frozenset({"、", "和", "及", "与", "，", "以及"})
_YEARS: Final = re.compile(r"(?:(?:19|20)\d\d年?(?:[、和及与至]|以及)?){2,}")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# 未来科技城、良渚新城、仁和及瓶窑片区: places that stand in no gazetteer.
_AREAS: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{2,12}(?:省|市|县|区|旗|州|镇|乡|街道|新城|科技城|科学城|片区|园区|开发区)?[、和及与]){1,11}"
    r"[\u4e00-\u9fff]{1,8}(?:省|市|县|区|旗|州|镇|乡|街道|新城|科技城|科学城|片区|园区|开发区)$"
)
# 其中城关镇、白沙镇分别…, 2023年度龙泉街道…: what stands before the first place.
_LEAD: Final = re.compile(r"^(?:其中|全年|年度|本年|今年|年|(?:上|下)半年|[前一二三四]季度|目前)+")
_REACH: Final = 160


class Pair(NamedTuple):
    """What 分别 gives a number: the region or the period at its place in the list."""

    region: str | None = None
    period: str | None = None


def pair_up(text: str, items: Sequence[Found], scopes: Sequence[Scope]) -> Mapping[int, Pair]:
    """Return what 分别 gives each number, by the view offset where it starts.

    ``凤冈县、绥阳县分别完成投资3亿元和2亿元`` pairs each amount with a county; a list and numbers of
    different length pair nothing.
    """
    pairs: dict[int, Pair] = {}
    index = 0
    known: tuple[int, list[Pair]] = (-1, [])
    for found in _RESPECTIVELY.finditer(text):
        while index < len(items) and items[index].start < found.end():
            index += 1
        numbers = _numbers(text, items, index, found.end())
        if len(numbers) < 2:
            continue
        floor = max(found.start() - _REACH, 0)
        for mark in _SENTENCE.finditer(text, floor, found.start()):
            floor = mark.end()
        named = _named(text, floor, found.start(), len(numbers), scopes)
        if not named and known[0] >= floor and len(known[1]) == len(numbers):
            named = known[1]
        if named:
            known = found.start(), named
            pairs.update((item.start, pair) for item, pair in zip(numbers, named, strict=True))
    return pairs


def _numbers(text: str, items: Sequence[Found], index: int, start: int) -> list[Found]:
    """Return the numbers of one list behind ``start``: of one label, joined by 、 and 和."""
    numbers: list[Found] = []
    for item in items[index:]:
        if numbers:
            if text[numbers[-1].end : item.start] not in _STEP:
                break
            if item.quantity.label != numbers[0].quantity.label:
                break
        elif _SENTENCE.search(text, start, item.start) or item.start - start > _STRETCH:
            break
        numbers.append(item)
    return numbers


_STRETCH: Final = 24


def _named(text: str, floor: int, end: int, count: int, scopes: Sequence[Scope]) -> list[Pair]:
    """Return the last list of ``count`` years or places in ``[floor, end)``, or an empty list."""
    for years in reversed(list(_YEARS.finditer(text, floor, end))):
        found = _YEAR.findall(years.group())
        if len(found) == count:
            return [Pair(period=year) for year in found]
    scope = next((scope for scope in reversed(scopes) if scope.start <= end), scopes[0])
    times = scope.periods.listed(floor, end)
    for last in range(len(times), count - 1, -1):
        some = times[last - count : last]
        if all(text[a.end : b.start] in _STEP for a, b in pairwise(some)):
            return [Pair(period=time.period) for time in some]
    places = scope.regions.listed(floor, end)
    for last in range(len(places), count - 1, -1):
        chosen = places[last - count : last]
        if all(text[a[1] : b[0]] in _STEP for a, b in pairwise(chosen)):
            return [Pair(region=text[a:b]) for a, b in chosen]
    clause = max(text.rfind(mark, floor, end) for mark in "，；：。") + 1
    areas = _AREAS.search(text, max(clause, floor), end)
    names = _LEAD.sub("", areas.group()).split("、") if areas else []
    if len(names) + 1 == count:
        names = [*names[:-1], *_JOIN.split(names[-1])]
    return [Pair(region=name) for name in names] if len(names) == count else []
