"""Who conferred an honour, and the year it was conferred for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from jixiao.claims.actors import NamedSpan

_BODIES: Final = frozenset({"GOV", "INSTITUTION"})
# 被省教育厅评为, 经水利部验收, 获省政府批准, 由中国曲艺家协会授予: who stands before the deed.
_BEFORE: Final = re.compile(r"(?:被|由|经|获|获得|得到)[ ]?$")
# 中国曲艺家协会授予武乡县…: the body is the subject of a verb of giving.
_GIVES: Final = re.compile(r"(?:联合|正式)?(?:授予|命名|颁发|认定|批准|公布|通报表扬|评定|评选)")
# 荣获生态环境部“…”称号: the body opens the name of the honour.
_AFTER: Final = re.compile(r"(?:荣获|获得?|获评|收到|入选|列入)(?:了)?$")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年度?)?")
_JOINS: Final = frozenset({"、", "和", "与", "及"})
_MAX_LEAD: Final = 6


def awarding_body(
    text: str, span: tuple[int, int], trigger: tuple[int, int], entities: Sequence[NamedSpan]
) -> str | None:
    """Return the body that conferred what a recognition claims, or None where none is named.

    >>> text = "该剧被省文化厅评为优秀剧目"
    >>> awarding_body(text, (0, 13), (7, 9), [NamedSpan(3, 7, "GOV", "省文化厅")])
    '省文化厅'
    """
    low, high = bisect_left(entities, (span[0],)), bisect_left(entities, (span[1],))
    inside = [e for e in entities[low:high] if e.label in _BODIES and e.end <= span[1]]
    for index, entity in enumerate(inside):
        before = text[max(entity.start - _MAX_LEAD, span[0]) : entity.start]
        gives = _GIVES.match(text, entity.end)
        passive = _BEFORE.search(before) and entity.start < trigger[1]
        opens = _AFTER.search(before) and text[entity.end : entity.end + 1] in (
            "“",
            "授",
            "颁",
            "通",
        )
        if gives or passive or opens:
            return _with_others(text, inside[index:])
    return None


def _with_others(text: str, entities: Sequence[NamedSpan]) -> str:
    """Return a body with those it is listed with (``教育部、国家文物局``)."""
    last = entities[0]
    for entity in entities[1:]:
        if text[last.end : entity.start] not in _JOINS:
            break
        last = entity
    return text[entities[0].start : last.end]


def honoured_by(
    text: str, start: int, end: int, entities: Sequence[NamedSpan]
) -> tuple[str, str] | None:
    """Return who is given an honour and what, where both follow the verb of giving.

    >>> text = "中国曲艺家协会授予武乡县“中国曲艺之乡”称号"
    >>> honoured_by(text, 9, len(text), [NamedSpan(9, 12, "PLACE", "武乡县")])
    ('武乡县', '“中国曲艺之乡”称号')
    """
    index = bisect_left(entities, (start,))
    given = entities[index] if index < len(entities) else None
    if given is None or given.start != start or given.end >= end:
        return None
    if given.label in ("HONOUR", "PROGRAM"):
        return None
    return given.text, text[given.end : end].strip("为了 ")


def award_year(text: str, start: int, end: int) -> str | None:
    """Return the year in the name of what was conferred (``2021年度先进单位``), or None.

    >>> award_year("获评2021年度全市先进单位", 2, 14)
    '2021'
    """
    found = _YEAR.search(text, start, end)
    return found.group(1) if found else None
