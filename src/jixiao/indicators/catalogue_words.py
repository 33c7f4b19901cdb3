"""Shorter names of a user's indicators: what a report writes once the topic is clear."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from jixiao.indicators.catalogue import normal_form
from jixiao.tokens.tags import tag_words

_BRACKETS: Final = re.compile(r"[（(]([^（）()]*)[）)]")
# 核酸检测人次 is printed 核酸检测8.9万人次: the last word of the name is the unit.
_COUNTED: Final = re.compile(r"(?:人次|人数|户数|例数|次数|场次|件数|家数|个数|面积|金额|病例)$")
# Endings that many indicators share: they name none of them.
_GENERIC: Final = re.compile(
    r"(?:完成|执行|增长|合格|达标|覆盖|使用|利用|满意|知晓|及时|到位|控制|参与|普及|优良|管理|支出|"
    r"服务|发放|达到|实现|兑现|保障|建设|处理|处置|办结|报告|检查|检测|抽检|公开)率|"
    r"[\u4e00-\u9fff]{0,2}(?:标准|占比|比例|比重|人数|人次|次数|数量|金额|经费|资金|收入|支出|费用|人员|"
    r"对象|项目|企业|单位|机构|面积|投资|总额|满意度)"
)
_SHORTEST: Final = 4


def heads_of(names: Mapping[str, Sequence[str]], taken: set[str]) -> dict[str, tuple[str, ...]]:
    """Return the shorter names of each indicator that no other can be meant by.

    A shorter name is an ending of a name at a word's edge (义务教育巩固率: 巩固率), the name
    without what stands in brackets, or without the unit at its end (核酸检测人次: 核酸检测).

    Parameters
    ----------
    names
        The names and aliases of each indicator, by id.
    taken
        The normal forms that are aliases already.

    >>> heads_of({"a": ["义务教育巩固率"], "b": ["核酸检测人次"]}, set())
    {'a': ('巩固率',), 'b': ('核酸检测',)}
    """
    owners: dict[str, set[str]] = defaultdict(set)
    found: dict[str, list[str]] = {key: [] for key in names}
    for key, own in names.items():
        for name in own:
            for shorter in _shorter(name):
                owners[shorter].add(key)
                if shorter not in found[key]:
                    found[key].append(shorter)
    return {
        key: tuple(s for s in own if len(owners[s]) == 1 and normal_form(s) not in taken)
        for key, own in found.items()
    }


def _shorter(name: str) -> Iterator[str]:
    if _BRACKETS.search(name):
        yield _BRACKETS.sub("", name)
        yield _BRACKETS.sub(r"\1", name)
        return
    counted = _COUNTED.search(name)
    if counted and counted.start() >= _SHORTEST - 1:
        yield name[: counted.start()]
    words = _words(name)
    start = 0
    for word, (following, tag) in pairwise(words):
        start += len(word[0])
        rest = name[start:]
        shortest = _SHORTEST - 1 if rest.endswith("率") else _SHORTEST
        if len(rest) < shortest or _GENERIC.fullmatch(rest):
            continue
        if len(following) > 1 and tag[0] in "nvalij":
            yield rest


def _words(name: str) -> list[tuple[str, str]]:
    """Return the words of a name with their tags; a final 率 belongs to the word before it."""
    words = [(word, tag) for word, tag in tag_words(name)]
    if len(words) > 1 and words[-1][0] in ("率", "数", "量", "额"):
        (before, _), (last, _) = words[-2:]
        words[-2:] = [(before + last, "n")]
    return words
