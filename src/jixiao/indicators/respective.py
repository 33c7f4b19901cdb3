"""分别: a list of names, or of numbers before, and the numbers that belong to them in the same order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from jixiao.numbers.find import Found

_RESPECTIVELY: Final = re.compile(r"分别|依次")
_SENTENCE: Final = re.compile(r"[。！？\n\t]")
_CLAUSE: Final = re.compile(r"[，；：。！？\n\t]")
_JOIN: Final = re.compile(r"、|和|及|与|以及")
_STEP: Final = frozenset({"、", "和", "及", "与", "，", "以及"})
_REACH: Final = 100
_STRETCH: Final = 24
_SUFFIX: Final = 2


class Paired(NamedTuple):
    """What 分别 gives a number: the name at its place in the list, or the number before (its index)."""

    name: str | None = None
    number: int | None = None


def pair_names(text: str, items: Sequence[Found]) -> Mapping[int, Paired]:
    """Return what 分别 gives each number, by its index.

    ``教育、卫生健康支出分别为9亿元和4亿元`` pairs the first amount with 教育支出; ``立案58件，罚款486万元，
    同比分别下降14%、21%`` pairs each rate with a number before it. A list of another length pairs
    nothing.
    """
    pairs: dict[int, Paired] = {}
    index = 0
    for found in _RESPECTIVELY.finditer(text):
        while index < len(items) and items[index].start < found.end():
            index += 1
        run = _run(text, items, index, found.end())
        if run < 2:
            continue
        floor = max(found.start() - _REACH, 0)
        for mark in _SENTENCE.finditer(text, floor, found.start()):
            floor = mark.end()
        names = _names(text, floor, found.start(), run)
        for place in range(run):
            if names:
                pairs[index + place] = Paired(name=names[place])
            elif index >= run and items[index - run].start >= floor:
                pairs[index + place] = Paired(number=index - run + place)
    return pairs


def _run(text: str, items: Sequence[Found], index: int, start: int) -> int:
    """Return how many numbers one list behind ``start`` has: of one label, joined by 、 and 和."""
    run = 0
    for at in range(index, len(items)):
        item = items[at]
        if run:
            before = items[at - 1]
            if text[before.end : item.start] not in _STEP:
                break
            if item.quantity.label != before.quantity.label:
                break
        elif _SENTENCE.search(text, start, item.start) or item.start - start > _STRETCH:
            break
        run += 1
    return run


def _names(text: str, floor: int, end: int, count: int) -> list[str]:
    """Return the names of a list in the clause before 分别, or none where there are not so many.

    The end of the last one belongs to all: 教育、卫生健康支出 are 教育支出 and 卫生健康支出.
    """
    for mark in _CLAUSE.finditer(text, floor, end):
        floor = mark.end()
    parts = [part.strip(" \u3000（）()") for part in _JOIN.split(text[floor:end])]
    if len(parts) < count or not all(parts[-count:]):
        return []
    names = parts[-count:]
    suffix = names[-1][-_SUFFIX:] if len(names[-1]) > _SUFFIX else ""
    return [name if name.endswith(suffix) else f"{name}{suffix}" for name in names]
