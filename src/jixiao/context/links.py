"""What a number refers to: the whole of a share, the comparator of a gap, the total of a part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from jixiao.numbers.find import Found
from jixiao.records import Quantity

_SHARE_OF: Final = re.compile(
    r"占(?!比)(?P<of>[^，。；：、\n\d（）]{2,20}?)的?(?:比重|比例|份额)?(?:约?[为占是]|达到?|仅|近|约|超过?|不足)*$"
)
_PART_OF: Final = re.compile(
    r"(?:[为是占]|相当于|集中了|不足|超过|不到)?(?P<of>[^，。；：、\n\d（）占为是]{2,16})的(?:近|约|不足|超过)?$"
)
_APART_FROM: Final = re.compile(
    r"(?:比|较|与|同)(?P<of>[^，。；：\n\d]{2,16}?)(?:相比)?(?:[多少高低快慢差短长][出了]?|增加|减少|压减|节约|缩短|提前|增长|下降)(?:了|支出)?$"
    r"|(?:高于|低于|高出|低出|超出|超过?|领先于?|落后于?|快于|慢于|多于|少于|优于)(?P<over>[^，。；：\n\d]{2,16}?)(?:的)?$"
)
_AGAINST: Final = re.compile(
    r"[比较](?P<of>[^，。；：\n\d]{0,8}(?:预算|目标|计划|任务)[数值]?)[\d.]"
)
_RANKED: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"增速|增幅|增长率|增长"), "growth"),
    (re.compile(r"占比|比重|占[^，。；]{1,12}的?比例"), "share"),
)
_DEPENDENT: Final = frozenset({"growth", "change", "share", "gap", "rank"})


def reference_of(quantity: Quantity, text: str, clause: int, lead: int, start: int) -> str | None:
    """Return what a share is of, what a gap is to, which measure a rank ranks; None for the rest.

    ``clause`` and ``lead`` are the view offsets where the number's clause and its own words begin.

    >>> from jixiao.pipeline import annotate_text
    >>> [q.of for q in annotate_text("占全省总量的22.4%，增速高于全省平均水平2个百分点，居全省第二").quantities]
    ['全省总量', '全省平均水平', 'level']
    """
    if quantity.measure == "share":
        own = text[lead:start]
        found = _SHARE_OF.search(own) or _PART_OF.search(own)
        return _named(found.group("of")) if found else None
    if quantity.measure == "gap":
        found = _APART_FROM.search(text, clause, start)
        if found:
            return _named(found.group("of") or found.group("over"))
        found = _AGAINST.search(text, clause, start)
        return _named(found.group("of")) if found else None
    if quantity.measure == "rank":
        words = text[clause:start]
        return next((of for pattern, of in _RANKED if pattern.search(words)), "level")
    return None


def _named(words: str) -> str | None:
    words = words.strip(" \u3000“”").removesuffix("的").removesuffix("分别").removeprefix("按")
    return words if len(words) >= 2 else None


_CLOSES: Final = re.compile(r"[。\n\t]")
_OPENS: Final = re.compile(r"其中[：:]?|[（(](?![^（()）]*[）)])|分别|[：:]")


def link_totals(text: str, items: Sequence[Found]) -> None:
    """Link the parts of a total to it: behind 其中, in brackets, behind a colon.

    Until records are published, ``total`` holds the view offset where the total starts, as text.

    A part has the label and unit of its total and is not larger. What stands in brackets is part of
    the number right before them; behind ``其中：`` and ``：`` semicolons go on with the list. A list
    without such a word divides a number before it in the paragraph to which it adds up exactly.
    """
    total: Found | None = None
    listed = bracketed = False
    before: Found | None = None
    for number, item in enumerate(items):
        if item.whole_cell or before is None or before.block is not item.block:
            total, before = None, item
            continue
        between = text[before.end : item.start]
        if bracketed and ("）" in between or ")" in between):
            total = None
        opened = _opening(between)
        whole = _whole_of(text, items, number) if opened else None
        if whole is not None:
            total, bracketed = whole, opened in "（("
            listed = opened[-1] in "：:"
        elif "其中" in between or (total is not None and _ends(between, listed=listed)):
            total = None
        if total is not None and _is_part(item, total):
            item.quantity.total = str(total.start)
        before = item
    for run in _lists(text, items):
        _link_sum(items, run)


# 调解纠纷2436件，婚姻家庭812件、合同438件…: as far back as the whole is looked for.
_WHOLE_REACH: Final = 8
_LEAST_SUM: Final = 10
_LIST_STEP: Final = re.compile(r"[，、,（(][^，、；;。：\n\t\d]{1,14}")


def _lists(text: str, items: Sequence[Found]) -> Iterator[range]:
    """Yield the runs of two numbers or more of one kind that a list joins."""
    first = 0
    for number in range(1, len(items) + 1):
        if number < len(items) and _goes_on(text, items[number - 1], items[number]):
            continue
        if number - first > 1:
            yield range(first, number)
        first = number


def _goes_on(text: str, before: Found, item: Found) -> bool:
    if item.whole_cell or before.block is not item.block or item.quantity.total is not None:
        return False
    return _is_alike(item, before) and bool(_LIST_STEP.fullmatch(text, before.end, item.start))


def _is_alike(item: Found, other: Found) -> bool:
    one, two = item.quantity, other.quantity
    if (one.label, one.unit) != (two.label, two.unit) or one.label not in ("COUNT", "MONEY"):
        return False
    return one.measure not in _DEPENDENT and two.measure not in _DEPENDENT


def _link_sum(items: Sequence[Found], run: range) -> None:
    """Link a list to the nearest number before it, or its own first one, that is its sum."""
    for first in (run.start, run.start + 1):
        parts = items[first : run.stop]
        if len(parts) < 2 or any(part.quantity.value is None for part in parts):
            continue
        whole = sum(part.quantity.value or 0 for part in parts)
        for total in reversed(items[max(first - _WHOLE_REACH, 0) : first]):
            same = total.block is parts[0].block and _is_alike(total, parts[0])
            if same and total.quantity.value == whole >= _LEAST_SUM:
                for part in parts:
                    part.quantity.total = str(total.start)
                return


def _whole_of(text: str, items: Sequence[Found], number: int) -> Found | None:
    """Return what a number that opens a breakdown is part of, or None.

    That is the number before it; or, behind changes and growth (``收入900万元，较上年增加50万元，
    增长5.9%。其中：…``), the one that they are told of.
    """
    item = items[number]
    for back in range(number - 1, max(number - _CHANGES, -1), -1):
        before = items[back]
        if before.block is not item.block:
            return None
        base = is_base(text, before.start)
        if _is_part(item, before) and not base:
            return before
        if not base and before.quantity.measure not in _MOVED:
            return None
    return None


_CHANGES: Final = 6
_MOVED: Final = frozenset({"growth", "change"})
_BASE: Final = re.compile(r"[较比](?:上年度?|去年|\d{4}年度?)[^，。；\d]{0,6}$")
_BASE_REACH: Final = 16


def is_base(text: str, start: int) -> bool:
    """Tell whether the number at a view offset is only what another is compared with.

    >>> is_base("收入900万元，较2020年的850万元增加50万元", 15)
    True
    """
    return _BASE.search(text, max(start - _BASE_REACH, 0), start) is not None


def _opening(between: str) -> str:
    """Return what opens a breakdown between a total and its first part, or an empty string."""
    opened = list(_OPENS.finditer(between))
    if not opened:
        return ""
    word, at = opened[-1].group(), opened[-1].start()
    if word in "（(":
        return word if at == 0 and "不含" not in between else ""
    if not word.startswith("其中"):
        # A list behind 分别 or a colon stays in its sentence.
        return "" if "；" in between or _CLOSES.search(between) or "）" in between else word
    # 其中 may begin the next sentence, not a later one.
    return "" if between.count("。") > 1 or "\n" in between else word


def _ends(between: str, *, listed: bool) -> bool:
    if _CLOSES.search(between):
        return True
    return not listed and ("；" in between or ";" in between)


def _is_part(item: Found, total: Found) -> bool:
    part, whole = item.quantity, total.quantity
    if part.label != whole.label or part.unit != whole.unit or part.label in ("PERCENT", "RANK"):
        return False
    if part.measure in _DEPENDENT or whole.measure in _DEPENDENT:
        return False
    if part.value_high is not None or (part.label == "SCORE" and whole.bound != "="):
        return False
    return part.value is not None and whole.value is not None and part.value <= whole.value
