"""The region a number speaks of, where it is not the report's own, and the peers of a rank."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final

from jixiao.records import Quantity
from jixiao.resources.regions import (
    Region,
    enclosing,
    find_regions,
    full_name,
    resolve_region,
)
from jixiao.tokens.tags import tagged

_LEVELS: Final = {
    "全国": "nation",
    "全球": "world",
    "世界": "world",
    "全省": "province",
    "全自治区": "province",
    "全市": "prefecture",
    "全州": "prefecture",
    "全盟": "prefecture",
    "全县": "county",
    "全区": "county",
    "全旗": "county",
}
_WORD: Final = re.compile(rf"(?P<word>{'|'.join(_LEVELS)})(?P<tail>[^，。；：、\n]*)$")
# 占全市（5,064亿元）的36.8%: the number in brackets is the region's.
# 全国重点文物保护单位73处, 全国文明村2个: a title that the own region's things bear.
_HONOURED: Final = re.compile(
    r"(?:重点|文明|示范|先进|优秀|劳动模范|劳模|模范|百强|千强|十佳|最美|卫生|绿化|双拥|科普|五一|三八|青年文明|特色|乡村旅游|生态|"
    r"综合减灾|民主法治|巾帼|道德|敬老|技术能手|名中医)"
)
_BRACKETED: Final = re.compile(rf"(?P<word>{'|'.join(_LEVELS)})[^，。；：、\n（）()]{{0,10}}[（(]$")
# The region is what the number is compared with, not what it counts.
_COMPARED: Final = re.compile(r"[占居在列较比与及于][^，。；]{0,2}$")
_PEERS: Final = re.compile(
    r"(?P<peers>(?:全[国省市州盟县区旗球]|世界|国内|省内|市内"
    r"|各(?:苏木)?(?:县[市区]|[市区]县|旗县|乡镇|镇街|街道|市州|地市)"
    r"|[一二三四五六七八九十\d]{1,3}个?(?:县区|县市区|县（市、区）|市州|州市|县市|区县|市县|镇街|乡镇|设区市|地级市|地市|省份|城市))"
    r"(?:[一二三四五六]类地区|同类[\u4e00-\u9fff]{2})?)"
    r"[^，。；\n]{0,18}$"
)
# 在组织的18个重点评价项目中排第5: who was ranked.
_RANKED: Final = re.compile(
    r"在[^，。；\n]{0,16}?(?P<peers>\d+个[\u4e00-\u9fff（）、]{2,12}?)中[^，。；\n]{0,8}$"
)
# 在全省满意度测评中，我县得88.94分，位列第三: the contest names the peers.
_CONTEST: Final = re.compile(
    r"在[^，。；\n]{0,8}(?P<peers>全[国省市州盟县区旗]|国家级?[\u4e00-\u9fff]{1,6}?(?:区|城市|基地|平台)"
    r"(?=综合|年度|发展|考|评|排))[^，。；\n]{0,20}(?:测评|考核|评比|评选|评价|排名|竞赛|大赛|考评|通报|评估)中[^。；\n]*$"
)
_RANK_STEP: Final = 10
# 2021年兴仁市完成…, 拨付望谟县…: when, or that money went there, stands before the place.
_BEFORE_PLACE: Final = re.compile(
    r"(?:\d{4}年度?|全年|今年|上半年|下半年|前三季度|截至[^，。；]{0,10}[底末日月]|目前|年末|年底|\d{1,2}[-—至]\d{1,2}月|"
    r"[一二三四]季度|共?向?(?:拨付|下达|分配|安排|补助|拨给)|[，、 \u3000])*"
)
_CONTEST_REACH: Final = 60
_PLACE_TAIL: Final = re.compile(
    r".{0,10}(?:省|市|县|区|旗|州|盟|镇|乡|街道|园区|开发区|示范区|科学城|新城|市本级|区本级|县本级|省本级|办事处|农场|林场)$"
)
# 4A级景区, 住宅小区, 建成区 are no divisions, nor is what is done there (新增A级旅游景区).
_NO_DIVISION: Final = re.compile(
    r"(?:景区|小区|社区|校区|灌区|厂区|库区|辖区|矿区|片区|牧区|林区|保护区|[城郊市山]区|下乡|城乡|超市|城市|门市|街市|上市|股市)$"
    r"|^(?:新增|新建|创建|建设|完成|申报|获批|入选)"
)
_LEADING_MARKS: Final = frozenset("，。、；：（( \u3000\n\t和及")
_TOWNSHIP: Final = re.compile(
    r"[\u4e00-\u9fff]{2,4}?(?:(?<![乡城集])镇|(?<!城)乡|街道)(?![镇乡村街办])|[\u4e00-\u9fff]{2,5}?苏木(?!乡)|[\u4e00-\u9fff]{2,6}?(?:经开区|高新区|开发区|工业园|新区)"
)
_AVERAGE: Final = re.compile(r"的?(?:整体|同期)?平均")
_TOWN: Final = re.compile(
    r"[\u4e00-\u9fff]{2,4}?(?:(?<![乡城集])镇|(?<!城)乡|街道)(?![镇乡村街办])|[\u4e00-\u9fff]{2,5}?苏木(?!乡)"
)
# 柳林镇最低，为76.8%: the place the number before a comma is said of.
_EXTREME: Final = re.compile(
    r"(?:^|[，。；：中、\n])(?P<place>[\u4e00-\u9fff]{2,10}?)(?:最[高低多少大小快慢好差]|居首|垫底)，(?:为|达到?|仅|只有|有|共)*$"
)
_EXTREME_REACH: Final = 24
# 花园镇双池村: a village inside a town.
_VILLAGE: Final = re.compile(r"[\u4e00-\u9fff]{2,4}?村(?![民级委庄镇集部道组史])")
_TOWN_ENDS: Final = frozenset("镇乡道木")
# 低于大理市的27.6%, 仅次于哈尔滨市（29枚）, 分布在新林镇1.46万亩: the number right behind is the place's.
_BEFORE_ITS_NUMBER: Final = "在于及比较过"
_OF_IT: Final = "的（("
_LONGEST_TOWN: Final = len("在甲乙丙丁街道")
_TOWN_BEFORE: Final = re.compile(
    rf"(?<=[{_BEFORE_ITS_NUMBER}])[\u4e00-\u9fff]{{2,4}}?(?:[镇乡]|街道)$"
)
_BODY: Final = re.compile(r"[局委厅办]|政府|部门|单位|公司|学校|医院")
_NO_NAME: Final = frozenset("vpdc")
_TOTAL: Final = re.compile(r"合计|总计|小计|平均|汇总|总数|全[市县区旗省州盟]$")


class Regions:
    """Resolves region words against the region of the report, or of a part of the file."""

    def __init__(
        self, own: Region | None, text: str = "", begin: int = 0, end: int | None = None
    ) -> None:
        self._own = own
        self._text = text[begin:end]
        self._begin = begin
        self._level = own.level if own else None
        self._chief = _is_county_city(own)

    def of_number(
        self, quantity: Quantity, text: str, clause: int, lead: int, start: int
    ) -> str | None:
        """Return the region words of a number, or None where it is the report's own.

        For a rank they are the peer group (``全省一类地区``).
        """
        context = text[lead:start]
        if quantity.label == "RANK":
            peers = (
                _PEERS.search(text[clause:start])
                or _CONTEST.search(text, max(clause - _CONTEST_REACH, 0), start)
                or _RANKED.search(text, clause, start)
            )
            return peers.group("peers") if peers else self._ranked_in(text, clause, start)
        opened = start > 0 and text[start - 1] in "（("
        bracketed = _BRACKETED.search(text, clause, start) if opened else None
        if bracketed and not self.is_own(bracketed.group("word")):
            return bracketed.group("word")
        found = _WORD.search(context) if "全" in context or "世界" in context else None
        if found is None:
            if quantity.measure == "gap":
                return None
            return (
                self.named(text, lead, start)
                or self._owner(text, clause, start)
                or self._extreme(text, clause, start)
            )
        if self.is_own(found.group("word")) or _HONOURED.match(found.group("tail")):
            return None
        if not found.group("tail") and quantity.label == "COUNT":
            # 在全省11个设区市中: the number is the province's.
            return found.group("word")
        before = context[: found.start()]
        if not found.group("tail") and text.startswith("的", start + len(quantity.text)):
            # 占全市3480吨的17.6%: the whole is the city's.
            return found.group("word")
        if _COMPARED.search(before) and "平均" not in found.group("tail"):
            return None
        if quantity.measure == "gap":
            return None
        return found.group("word")

    @cached_property
    def _places(self) -> dict[int, tuple[int, Region]]:
        """The divisions named in the text, by where they start: (end, division)."""
        context = _prefix(self._own)
        found = find_regions(self._text, context=context)
        begin = self._begin
        return {begin + start: (begin + end, region) for start, end, region in found}

    def _ranked_in(self, text: str, clause: int, start: int) -> str | None:
        """Return the division a rank is in (``居潍坊市第2位``), or None where it is the own."""
        for begin, end in reversed(self.listed(clause, start)):
            if start - end <= _RANK_STEP and self._places[begin][1] != self._own:
                return None if _BODY.match(text, end, start) else text[begin:end]
        return None

    def listed(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the view offsets of the divisions named in ``[start, end)``, in order."""
        low = bisect_left(self._place_starts, start)
        high = bisect_left(self._place_starts, end)
        return [(begin, self._places[begin][0]) for begin in self._place_starts[low:high]]

    @cached_property
    def _place_starts(self) -> list[int]:
        return sorted(self._places)

    def named(self, text: str, lead: int, start: int) -> str | None:
        """Return the place a number's own words begin with (``兴仁市38公里``), or None.

        A place that goes on as the name of a body (``兴仁市财政局``) or is the report's own region
        or lies around it names no other region.
        """
        begin = lead
        while begin < start and text[begin] in _LEADING_MARKS:
            begin += 1
        if text.startswith("其中", begin):
            begin += 2 + (text[begin + 2 : begin + 3] in ("，", "：", ":"))
        if begin not in self._places and (passed := _BEFORE_PLACE.match(text, begin, start)):
            begin = passed.end()
        place = self._places.get(begin)
        if place is not None:
            end, region = place
            own = self._own
            around = own and (region == own or own.code.startswith(region.code.rstrip("0")))
            if end > start:
                return None
            if around:
                # 遵义市平均水平为85% in a county's report: the number is the city's.
                higher = region != own and _AVERAGE.match(text, end, start)
                return text[begin:end] if higher else None
            # 普安县江西坡镇: the town inside it.
            if inner := _TOWN.match(text, end, start):
                end = inner.end()
        else:
            township = _TOWNSHIP.match(text, begin, start)
            if township is None or _NO_DIVISION.search(township.group()):
                return None
            if tagged(township.group())[0].tag[0] in _NO_NAME:
                # 走访花园镇: what is done there.
                return None
            end = township.end()
        village = _VILLAGE.match(text, end, start) if text[end - 1] in _TOWN_ENDS else None
        if village and tagged(village.group())[0].tag[0] not in _NO_NAME:
            end = village.end()
        end = self._after_list(text, end, start)
        return None if _BODY.search(text, end, start) else text[begin:end]

    def _after_list(self, text: str, end: int, start: int) -> int:
        """Return the end of a list of places (``花园镇、双池乡``) whose first one ends at ``end``."""
        while end < start and text[end] in "、和":
            place = self._places.get(end + 1)
            town = _TOWN.match(text, end + 1, start)
            if place is None and (town is None or _NO_DIVISION.search(town.group())):
                break
            end = place[0] if place else town.end() if town else end
        return end

    def _owner(self, text: str, clause: int, start: int) -> str | None:
        """Return the place right before a number that is compared with it, or lies there, or None."""
        end = start - 1 if start > clause and text[start - 1] in _OF_IT else start
        for begin, until in reversed(self.listed(clause, end)):
            if until < end:
                break
            if until == end and text[begin - 1 : begin] in _BEFORE_ITS_NUMBER and begin > clause:
                return text[begin:end] if self._places[begin][1] != self._own else None
        town = _TOWN_BEFORE.search(text, max(clause, end - _LONGEST_TOWN), end)
        return town.group() if town and not _NO_DIVISION.search(town.group()) else None

    def _extreme(self, text: str, clause: int, start: int) -> str | None:
        """Return the place that the clause before calls the highest or lowest, or None."""
        if "最" not in text[max(clause - _EXTREME_REACH, 0) : clause]:
            return None
        found = _EXTREME.search(text, max(clause - _EXTREME_REACH, 0), start)
        if found is None:
            return None
        place = self._places.get(found.start("place"))
        whole = place[0] == found.end("place") and place[1] != self._own if place else False
        return found["place"] if whole or _TOWN.fullmatch(found["place"]) else None

    def is_own(self, word: str) -> bool:
        """Tell whether a word such as 全市 means the report's own region."""
        level = _LEVELS[word]
        if self._level is None:
            return level not in ("nation", "world")
        if self._chief and word == "全市":
            return True
        return level == self._level

    def of_row(self, labels: Sequence[str]) -> str | None:
        """Return the row label that names a place, or None; totals are the report's own."""
        for label in labels:
            name = label.strip(" \u3000\n")
            if name in _LEVELS and not self.is_own(name):
                return name
            if _TOTAL.search(name):
                return None
            if _names_place(name):
                own = self._own
                return None if own is not None and name in (own.name, full_name(own)) else name
        return None

    def resolve(self, words: str | None) -> tuple[str | None, str | None]:
        """Return (full name, GB/T 2260 code) of a quantity's region words.

        None stands for the report's own region. Words that name no division are returned as they
        are, without a code.
        """
        own = self._own
        if words is None:
            return None, None
        if words in _LEVELS:
            level = _LEVELS[words]
            if level in ("nation", "world"):
                return ("全国", "000000") if level == "nation" else (words, None)
            higher = (
                enclosing(own, "province" if level == "province" else "prefecture") if own else None
            )
            return (higher.name, higher.code) if higher else (words, None)
        region = resolve_region(words, within=_prefix(own))
        return (region.name, region.code) if region else (words, None)


def _is_county_city(region: Region | None) -> bool:
    return region is not None and region.level == "county" and region.name.endswith("市")


def _prefix(own: Region | None) -> str | None:
    """Return the code of the prefecture around the report's region, to tell namesakes apart."""
    if own is None:
        return None
    higher = enclosing(own, "prefecture") if own.level == "county" else own
    return higher.code if higher else own.code


@lru_cache(maxsize=8192)
def _names_place(name: str) -> bool:
    if _NO_DIVISION.search(name):
        return False
    if not 2 <= len(name) <= 14 or not _PLACE_TAIL.fullmatch(name):
        found = find_regions(name) if len(name) <= 14 else []
        return bool(found) and found[0][0] == 0 and found[0][1] == len(name)
    return True
