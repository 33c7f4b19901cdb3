"""Programmes that quotation marks name: ``“未来工厂”项目``, ``“博士行动”``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from jixiao.entities.modifiers import Modifiers
from jixiao.entities.names import Name
from jixiao.entities.words import Words

_KIND: Final = (
    "行动|工程|计划|项目|专项|活动|大赛|竞赛|政策|基金群?|改革|措施|试点|战役|论坛|推介会|展会|品牌|平台|模式|机制|课堂|讲堂|"
    "工作法|战略|规划|整治|专班"
)
_NAMED: Final = re.compile(
    rf"“[^“”\n，。；]{{2,24}}”(?!等|和|及|、)[\u4e00-\u9fff]{{0,8}}(?:{_KIND})(?!数|率|额|资金|办|领导|等)"
)
_WHOLE: Final = re.compile(
    rf"“[^“”\n，。；]{{2,40}}(?:{_KIND}|年|周|月|日|节|贷|展览馆|基地|转化|研制|研究)”"
)
# What quotation marks only stress or shorten.
_NO_NAME: Final = re.compile(
    r"“(?:三公|三残|一对一|点对点|面对面|国字号|十[一二三四五]五”(?!(?!期间|时期|以来)[\u4e00-\u9fff]{0,8}规划)|五大|四大|金字招牌|[^“”]{1,4}(?:梯队|方阵|行列)|UP”|两个|三个)|(?:占比|由|达到|经费|金额|预算)"
)
_DEED: Final = re.compile(
    r"(?:开展|实施|推出|推行|打造|举办|落实|启动|深化|推进|承办|组织|参加|新建成|完成|入库培育|创新)(?:了|的|好)?$"
)
_BARE: Final = re.compile(r"“[^“”\n，。；]{3,16}”(?!系列|等)")


def find_programs(words: Words, anchors: Mapping[int, int]) -> Iterator[Name]:
    """Yield the quoted names of programmes, with the nouns, the place or the level before them.

    ``anchors`` maps the end of each place to its start.
    """
    text = words.text
    for pattern, rule in ((_NAMED, "program.quoted"), (_WHOLE, "program.whole")):
        for found in pattern.finditer(text):
            if _NO_NAME.search(found.group()):
                continue
            before = Modifiers(words, found.start(), anchors, "PROGRAM")
            firm = before.found & {"strange", "quoted"} or "“" in text[before.begin : found.start()]
            begin = found.start() if firm else before.begin
            if found.start() - begin > _MAX_BEFORE:
                begin = found.start()
            yield Name(begin, found.end(), "PROGRAM", rule)
    for found in _BARE.finditer(text):
        if _DEED.search(text, max(found.start() - 6, 0), found.start()) and not _NO_NAME.search(
            found.group()
        ):
            yield Name(found.start(), found.end(), "PROGRAM", "program.done")


_MAX_BEFORE: Final = 8
