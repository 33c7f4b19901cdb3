"""Administrative divisions, towns, villages, and other places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jixiao.entities.names import Name, word_set
from jixiao.entities.words import Words
from jixiao.resources.regions import Region, by_short_name, enclosing, find_regions

_TOWN_WORD: Final = re.compile(r"(?:镇|乡|街道|街道办|苏木|村|社区|片区|新城)$")
_TOWN_ENDS: Final = frozenset("镇乡道办木村区城")
_CLASS: Final = re.compile(
    r"^(?:[各全本该某每跨乡城集建重边小大农山新老中古名强特]|乡镇|城镇|村镇|农村|特色|美丽|示范|中心|易地|行政|自然|贫困|试点|所有|部分|偏远|"
    r"文明|最美|传统|脱贫|出列|后进|先进|整|多|个|进|下|城中|驻|入|到|[一二三四五六七八九十两几])?"
    r"(?:镇|乡|街道|街道办|苏木|村|社区|片区|新城)$"
)


def find_places(words: Words, own: Region | None, year: str | None) -> Iterator[Name]:
    """Yield the divisions a text names in full or in short, and the towns and villages."""
    text = words.text
    for start, end, _ in find_regions(text, context=own.code if own else None, year=year):
        if text.startswith("新建县", start) and text[end : end + 1] in ("级", "域", "城"):
            continue
        yield Name(start, end, "PLACE", "place.division")
    near = _neighbours(own)
    for index in words.where(_kind_of_place):
        word = words.texts[index]
        kind = words.answers(_kind_of_place)[words.listed[index]]
        if word == _MARK_PASSED and words.text[words.starts[index] - 1] in _COUNTERS:
            continue
        if kind & _SURE or (kind & _SHORT and word in near):
            yield Name(words.starts[index], words.ends[index], "PLACE", "place.short")
        elif kind & _TOWN and (name := _town(words, index)):
            yield name


_SHORT, _SURE, _TOWN = 1, 2, 4


def _kind_of_place(word: str, tag: str) -> int:
    """Return what a word may be: a division's short name, surely one, a town: any of them."""
    kind = _TOWN if word[-1] in _TOWN_ENDS and _TOWN_WORD.search(word) else 0
    if 2 <= len(word) <= _LONGEST_SHORT and by_short_name(word):
        kind |= _SHORT | (_SURE if tag == "ns" or _is_prefecture(word) else 0)
    return kind


_LONGEST_SHORT: Final = 4
# 突破5000户大关, 跨过百亿元大关: no county.
_MARK_PASSED: Final = "大关"
_COUNTERS: Final = frozenset("百千万亿元家户个人次件项吨名辆台亩")


def _is_prefecture(word: str) -> bool:
    """Tell whether a word names a prefecture in short and nothing else.

    The dictionary takes 宝鸡 for a noun and 遵义 for a verb.
    """
    regions = by_short_name(word)
    return word not in _ORDINARY and any(region.level == "prefecture" for region in regions)


_ORDINARY: Final = word_set("来宾 日照 白银 大同 阿里 文山 大理 开封 吴忠 三明")


def _neighbours(own: Region | None) -> frozenset[str]:
    """Return the short names of the report's own region and of those it lies in."""
    if own is None:
        return frozenset()
    around = [own, enclosing(own, "prefecture"), enclosing(own, "province")]
    return frozenset(
        region.name[:-1] for region in around if region is not None and len(region.name) > 2
    )


def _town(words: Words, index: int) -> Name | None:
    """Return the town or village whose name ends with a word, or None for the class (乡镇, 各村)."""
    start, end = words.starts[index], words.ends[index]
    word = words.texts[index]
    if words.text.startswith(_OF_A_KIND, end):
        return None
    if not _CLASS.match(word):
        named = len(word) > 2 and not _KIND.search(word)
        return Name(start, end, "PLACE", "place.town") if named else None
    if not _TOWN_WORD.fullmatch(word):
        return None
    before = index - 1
    if before < 0 or words.ends[before] != start or not words.is_nominal(before):
        return None
    name = words.texts[before]
    if len(name) == 1 and before and words.ends[before - 1] == words.starts[before]:
        # 鸬|鸟|镇: statistics may cut a name it does not know into characters.
        further = words.texts[before - 1]
        if len(further) == 1 and words.is_nominal(before - 1) and further not in _NO_SINGLE:
            return Name(words.starts[before - 1], end, "PLACE", "place.town")
    if not 1 <= len(name) <= 3 or _NO_NAME.search(name) or not "\u4e00" <= name[0] <= "\u9fff":
        return None
    return Name(words.starts[before], end, "PLACE", "place.town")


# 社区矫正, 社区戒毒, 苏木乡镇: a kind of work, a kind of place.
_OF_A_KIND: Final = ("矫正", "戒毒", "乡镇")
_KIND: Final = re.compile(r"^[全各整两]|(?:农村|下乡|城镇|乡镇|村镇|社区|乡村|街道办)$|是")
_NO_SINGLE: Final = frozenset("省市县区州镇乡村局我本该各全和与及在到进")
_NO_NAME: Final = re.compile(
    r"^(?:各|全|乡|城|集|建制|重点|边远|小|特色|美丽|示范|中心|农村|贫困|试点|文明|最美|传统|脱贫|先进|省|市|县|区|"
    r"国家|国家级|省级|市级|县级|区级|主要|有关|相关|老旧|城市|城乡|移民|旅游|工业|农业|文化|历史|古|新|老)$"
)
