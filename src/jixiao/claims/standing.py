"""Which place a claim tells among which others, and whether it denies what it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from jixiao.exact import plain

if TYPE_CHECKING:
    from jixiao.numbers.find import Found
    from jixiao.records import Quantity


class Standing(NamedTuple):
    """A place (``1``, ``≤3``, ``前列``, ``唯一``, ``首个``) and the others it is among."""

    rank: str | None = None
    peers: str | None = None


_STANDING_KINDS: Final = frozenset({"ranking", "milestone", "growth", "recognition", "output"})
_PLACES: Final = (
    ("唯一", re.compile(r"唯一|仅此一|仅有的")),
    (
        "首个",
        re.compile(
            r"首[个家台套例条座批](?!先)|第一[家个台例](?=[\u4e00-\u9fff“])|率先(?=[建开实完推出设])|首创|填补"
        ),
    ),
    (
        "1",
        re.compile(
            r"首位|榜首|第一(?![家个台例季方梯产轮阶时线届责批])|冠军|最[大高多快好低长优](?:的|值|水平|$)"
        ),
    ),
    ("前列", re.compile(r"前列|第一方阵|第一梯队|领跑|领先")),
)
# 全省一类地区, 全市14个县市区, 全国同类城市: the group up to what is told of it.
_PEERS: Final = re.compile(
    r"(?:全[国省市州县区球盟旗]|全自治区|国内|世界|国际|亚洲|我[国省市州县区])"
    r"(?:(?:\d{1,3}|[一二三四五六七八九十]{1,3})个?(?:市州|县市区|县区|区县|县|市|区|省份|地市|州市)|[一二三四]类(?:地区|县区?|市))?"
    r"|(?:\d{1,3}|[一二三四五六七八九十]{1,3})个?(?:市州|县市区|县区|区县|省份|地市)"
)
_RANKED: Final = frozenset({"rank", "gap", "share"})
_DENIED: Final = re.compile(r"未|没有?|无|零|不存在|杜绝")
_BRACKETS: Final = re.compile(r"[“《（(][^”》）)]*[”》）)]")


def standing_of(text: str, kind: str, start: int, end: int, items: Sequence[Found]) -> Standing:
    """Return the place a claim tells and its peer group, each None where not told.

    A number decides before words do.

    >>> standing_of("茶叶产量居全省首位", "ranking", 0, 9, [])
    Standing(rank='1', peers='全省')
    >>> standing_of("建成全国首个零碳园区", "milestone", 0, 10, [])
    Standing(rank='首个', peers='全国')
    """
    ranked = next((i.quantity for i in items if i.quantity.label == "RANK"), None)
    if ranked is None and kind not in _STANDING_KINDS:
        return Standing()
    clause = _BRACKETS.sub("", text[start:end])
    rank = _place(ranked) if ranked else _word(clause, kind)
    if rank is None and kind != "ranking":
        return Standing()
    compared = (i.quantity for i in items if i.quantity.measure in _RANKED)
    region = next((quantity.region for quantity in compared if quantity.region), None)
    found = _PEERS.search(clause)
    if found and (region is None or found.group().startswith(region)):
        region = found.group()
    return Standing(rank, region)


def _place(quantity: Quantity) -> str | None:
    """Return a rank as it is written in a record: 前三 is at most the third."""
    value: Decimal | None = quantity.value
    if value is None:
        return None
    bound = quantity.bound if quantity.bound in ("≤", "≥", "<", ">") else ""
    return f"{bound}{plain(value)}"


def _word(clause: str, kind: str) -> str | None:
    if kind not in ("ranking", "milestone"):
        return None
    return next((name for name, words in _PLACES if words.search(clause)), None)


def polarity_of(
    text: str, kind: str, trigger: tuple[int, int], items: Sequence[Found]
) -> Literal["negative"] | None:
    """Return ``negative`` where the achievement is that something did not happen, else None.

    >>> polarity_of("未发生安全事故", "compliance", (0, 3), [])
    'negative'
    """
    if kind != "compliance":
        return None
    if _DENIED.match(text, *trigger):
        return "negative"
    zero = any(i.quantity.label == "COUNT" and i.quantity.value == 0 for i in items)
    return "negative" if zero else None
