"""Names that only their list tells: firms before 等3家企业, the sections a body is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jixiao.entities.names import Name, word_set
from jixiao.entities.words import Words, is_verb

# 江河机械、东岭食品等3家企业: what follows a list of firms.
_FIRMS: Final = re.compile(
    r"等(?:(?P<count>(?:[\d一二两三四五六七八九十百]{1,4}[余多]?[家户]|多家|一批)[\u4e00-\u9fff“”]{0,12}?)"
    r"|(?:重点|龙头|骨干|知名|本地|优质|规上|头部|品牌)?)(?:企业|公司|厂家|集团|银行|商户|厂商)"
)
_LIST_BREAKS: Final = frozenset("，。；：！\n\t") | frozenset("0123456789")
_LONGEST_LIST: Final = 480
_LONGEST_ITEM: Final = 18
# 内设机构：办公室、人事股、计划财务股; 内设办公室、综合科等6个科室
_SECTIONS: Final = re.compile(
    r"(?:内设|下设|设有?|设置|包括|分别[为是]|即|下属|辖)(?:[^。；\n、]{0,20}?(?:机构|[科股处]室|部门|单位)[^。；\n、]{0,14}?[：:，]|[：:]|(?:分别)?[为是])?"
    r"(?P<list>(?:[^，。；：、\n]{2,26}(?:、|和|及)){1,40}[^，。；：、\n]{2,26})"
)
_SECTION: Final = re.compile(
    r"[\u4e00-\u9fff]{1,18}(?:科|股|室|处|办|部|党委|办公室|委员会|支部|队|局)(?:[（(][\u4e00-\u9fff、]{2,12}[）)])?$"
)
_LEAD: Final = re.compile(
    r"(?:[^、]{0,8}(?:单位|机构|部门|[科股处]室))?(?:分别[为是有]|其中|即|包括|主要[有为]|[为是有])"
)
_TOTAL: Final = re.compile(r"\d+个?(?:内设|职能|业务)?(?:机构|部门|单位|[科股处]室)")
# 综合监督股等8个股室
_COUNTED: Final = re.compile(r"等?[\d一二三四五六七八九十]+个|等(?:科室|股室|机构|单位|部门)?$")
_UNIT: Final = re.compile(r"[\u4e00-\u9fff]{2,18}(?:中心|所|站|馆|院|校|教研室|电大|园|场|社)$")


def find_listed_firms(words: Words) -> Iterator[Name]:
    """Yield the firms of lists that say they are firms."""
    text = words.text
    for found in _FIRMS.finditer(text):
        items = list(_items_before(words, found.start()))
        if len(items) == 1 and not found["count"]:
            continue
        for start, end in items:
            if 2 <= end - start <= _LONGEST_FIRM and not _CLASS.search(text[start:end]):
                yield Name(start, end, "COMPANY", "list.firms")


_LONGEST_FIRM: Final = 16


def _items_before(words: Words, end: int) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the items of the list that ends at a position, the last first."""
    text, start = words.text, end
    limit = max(end - _LONGEST_LIST, 0)
    while start > limit and text[start - 1] not in _LIST_BREAKS:
        start -= 1
    while end > start:
        comma = text.rfind("、", start, end)
        begin = comma + 1 if comma >= 0 else start
        joint = _joint(words, begin, end)
        if joint:
            yield joint + 1, end
            end = joint
        if comma < 0:
            begin = _behind_predicate(words, begin, end)
        elif end - begin > _LONGEST_ITEM:
            return
        yield begin, end
        end = comma


def _joint(words: Words, start: int, end: int) -> int:
    """Return where 和 joins the last two items of a list (``德康药业和宏远机械``); 0 if nowhere."""
    at = words.text.rfind("和", start + 2, end - 2)
    return at if at >= 0 and words.texts[words.at(at)] == "和" else 0


def _behind_predicate(words: Words, start: int, end: int) -> int:
    """Return where the name at the end of a clause begins: behind its last verb or preposition."""
    index = words.at(end - 1)
    begin = end
    while index >= 0 and words.starts[index] >= start:
        tag, word = words.tag(index), words.texts[index]
        is_predicate = is_verb(word, tag) and not words.is_strange(index)
        # The last word is never the predicate: 蓝天包装.
        if begin < end and (tag[0] in "pcrdu" or is_predicate or word in _CUTS):
            break
        begin = words.starts[index]
        index -= 1
    return begin


_CUTS: Final = word_set(
    "支持 推动 帮助 指导 服务 培育 引进 组织 其中 以 如 全市 全县 全区 我市 我县 我区 龙头"
)
# A class of firms (规模以上工业) is no firm.
_CLASS: Final = re.compile(
    r"(?:企业|行业|产业|工业|项目|产品|领域|环节|技术|人员|单位|部门|工作|业务|服务|农户|大户|居民|[省市县区镇乡])$|^(?:规模|规上|限上|重点|民营|国有|小微|中小|外资)"
)


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
            if stop < len(text) and text[stop].isdigit() and not _TOTAL.match(text, stop):
                # 县级公立医院2个 are counted, 财务股3个股室 are not.
                start = end + 1
                continue
            if body:
                yield Name(start + body.start(), stop, "GOV", "list.sections")
            elif unit:
                yield Name(start + unit.start(), stop, "INSTITUTION", "list.units")
            start = end + 1
