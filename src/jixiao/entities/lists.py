"""Names that only their list tells: firms before 等3家企业, the sections a body is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jixiao.entities.names import Name
from jixiao.entities.words import Words

_ITEM: Final = r"[^，。；：、！\d\n\t]{2,18}"
# 金航船舶、国泰食品等3家企业; 和 joins the last two where nothing is left out.
_FIRMS: Final = re.compile(
    rf"(?P<list>(?:{_ITEM}、){{1,30}}{_ITEM}?)等"
    r"(?:(?:[\d一二两三四五六七八九十百]{1,4}[余多]?[家户]|多家|一批)[\u4e00-\u9fff“”]{0,12}?"
    r"|(?:重点|龙头|骨干|知名|本地|优质|规上|头部|品牌)?)(?P<head>企业|公司|厂家|集团|银行|商户|厂商)"
)
_FIRM: Final = re.compile(
    rf"(?<![、\u4e00-\u9fff])(?P<list>{_ITEM})等(?:[\d一二两三四五六七八九十百]{{1,4}}[余多]?[家户]|多家|一批)"
    r"[\u4e00-\u9fff“”]{0,12}?(?P<head>企业|公司|厂家|集团|银行|商户|厂商)"
)
# 内设机构：办公室、人事股、计划财务股; 内设办公室、综合科等6个科室
_SECTIONS: Final = re.compile(
    r"(?:内设|下设|设有?|设置|包括|分别[为是]|即|下属|辖)(?:[^。；\n、]{0,20}?(?:机构|[科股处]室|部门|单位)[^。；\n、]{0,14}?[：:，]|[：:]|(?:分别)?[为是])?"
    r"(?P<list>(?:[^，。；：、\n]{2,26}(?:、|和|及)){1,40}[^，。；：、\n]{2,26})"
)
_SECTION: Final = re.compile(
    r"[\u4e00-\u9fff]{1,18}(?:科|股|室|处|办|部|党委|办公室|委员会|支部|队|局)(?:[（(][\u4e00-\u9fff、]{2,12}[）)])?$"
)
_LEAD: Final = re.compile(r"(?:分别[为是]|其中|即|包括|主要[有为]|[为是有])")
# 综合监督股等8个股室
_COUNTED: Final = re.compile(r"等?[\d一二三四五六七八九十]+个|等(?:科室|股室|机构|单位|部门)?$")
_UNIT: Final = re.compile(r"[\u4e00-\u9fff]{2,18}(?:中心|所|站|馆|院|校|教研室|电大|园|场|社)$")


def find_listed_firms(words: Words) -> Iterator[Name]:
    """Yield the firms of lists that say they are firms."""
    text = words.text
    for pattern in (_FIRMS, _FIRM):
        for found in pattern.finditer(text):
            start = found.start("list")
            for number, item in enumerate(found.group("list").split("、")):
                begin = start
                start += len(item) + 1
                if number == 0:
                    begin = _behind_predicate(words, begin, begin + len(item))
                end = start - 1
                if 2 <= end - begin <= 16 and _is_name(words, begin, end):
                    yield Name(begin, end, "COMPANY", "list.firms")


def _behind_predicate(words: Words, start: int, end: int) -> int:
    """Return where the name at the end of a clause begins: behind its last verb or preposition."""
    index = words.at(end - 1)
    begin = end
    while index >= 0 and words.starts[index] >= start:
        tag, word = words.tags[index], words.texts[index]
        strange = words.is_strange(index)
        if tag[0] in "pcrdu" or (tag[0] == "v" and tag != "vn" and not strange) or word in _CUTS:
            break
        begin = words.starts[index]
        index -= 1
    return begin


_CUTS: Final = frozenset(
    [
        "支持",
        "推动",
        "帮助",
        "指导",
        "服务",
        "培育",
        "引进",
        "组织",
        "其中",
        "以",
        "如",
        "全市",
        "全县",
        "全区",
        "我市",
        "我县",
        "我区",
        "龙头",
    ]
)
# A class of firms (规模以上工业) is no firm.
_CLASS: Final = re.compile(
    r"(?:企业|行业|产业|工业|项目|产品|领域|环节|技术|人员|单位|部门|工作|业务|服务|农户|大户|居民|[省市县区镇乡])$|^(?:规模|规上|限上|重点|民营|国有|小微|中小|外资)"
)


def _is_name(words: Words, start: int, end: int) -> bool:
    return not _CLASS.search(words.text[start:end])


def find_sections(words: Words) -> Iterator[Name]:
    """Yield the sections and units a body is made of, where the text lists them."""
    text = words.text
    for found in _SECTIONS.finditer(text):
        start = found.start("list")
        for item in re.split("[、和]", found.group("list")):
            end = start + len(item)
            if counted := _COUNTED.search(item):
                item = item[: counted.start()]
            body = _SECTION.search(item)
            unit = None if body else _UNIT.search(item)
            stop = start + len(item)
            if lead := _LEAD.match(item):
                start, item = start + lead.end(), item[lead.end() :]
            if stop < len(text) and text[stop].isdigit():
                # 县级公立医院2个 are counted.
                start = end + 1
                continue
            if body:
                yield Name(start + body.start(), stop, "GOV", "list.sections")
            elif unit:
                yield Name(start + unit.start(), stop, "INSTITUTION", "list.units")
            start = end + 1
