"""The noun that is counted and the words that say what was measured."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from jixiao.quantities.lexicon import trie_pattern
from jixiao.resources import read_table


@cache
def _verbs() -> re.Pattern[str]:
    words = {row["surface"] for row in read_table("verbs.csv")}
    words |= {row["surface"] for row in read_table("cues.csv")}
    return re.compile(trie_pattern(words))


# Leading words that place or time a noun but do not name its kind (ANNOTATION.md, noun).
_LEADING: Final = re.compile(
    r"^(?:其中|全[国省市州区县镇乡]|我[国省市州区县局委]|本[省市州区县局级单位部门]{1,2}|各[类级项]|"
    r"国家级|国家|省部级|省级|市级|区级|县级|州级|部级|省市级|国省级?|校级|以上|及以上|省|市|全部|所有|"
    r"年内|年底|年末|目前|当年|全年|本年|今年|上年|截至|截止|已经|已|共|总|的|了|等|和|与|及|、|并|也|还|又|另|"
    r"[ \u3000“”]|\d+)+"
)
_COUNT_WORDS: Final = re.compile(
    r"(?:总数|数量|人数|户数|家数|个数|件数|总量|总额|数|共计|合计|总计|累计|共|约|近|超|超过|突破|"
    r"达到|达|为|有|至|到|的|：|:|[（(][^（）()]*[）)]|[ \u3000])+$"
)
_MARKS: Final = re.compile(r"[，。；：、！？,;:!?\n\t（）()《》]")
_AFTER_STOP: Final = re.compile(
    r"[，。；：、！？,;:!?\n\t（）()《》\d]|获|被|入[选围列库]|通过|开展|参加|建立|完成|进行|实现|签约|在|于|已|将|均|"
    r"共|为|是|有|达|占|提供|列入|纳入|评为|认定|申报|取得|荣|通车|投产|开工|竣工|受|享|到|由|从|向|给|对|按|以上|"
    r"以下|左右|以内|不|未|没|全部|分别|同时|和|与|及|并|等|的"
)
_MEASURED_END: Final = re.compile(
    r"(?:同比|环比|比上年度?|较上年度?|比去年|较去年|与上年相比|增长|增加|下降|减少|提高|上升|降低|增速|增幅|"
    r"分别|达到|达|为|约|近|超过|超|突破|共计|合计|总计|共|累计|是|了|到|至|的|：|:|由|仅|有|"
    r"位列|位居|居|排名|排|名列|全[国省市州县区]|[ \u3000，,“”])+$"
)
_LIGHT: Final = re.compile(
    r"^(?:\d{4}年度?|全年|今年|本年度?|当年|截至[^，]{0,10}[底末月日]|截止[^，]{0,10}[底末月日]|年[底末初]|目前|"
    r"其中|我局|我市|我县|我区|我委|本单位|本部门|全市|全县|全区|全省|全州|实际|共|完成|实现|发生|用于|安排|列支|"
    r"一是|二是|三是|四是|五是|[ \u3000：:、“”])+"
)
_MAX_NOUN: Final = 24
_MAX_SUBJECT: Final = 30


def noun_after(text: str, end: int, limit: int) -> str | None:
    """Return the counted noun right after a number, or None (``262家企业建立了`` → 企业)."""
    stop = _AFTER_STOP.search(text, end, min(limit, end + _MAX_NOUN))
    phrase = text[end : stop.start() if stop else min(limit, end + _MAX_NOUN)]
    if stop and stop.group() == "的":
        # 3个省级的重点平台: the modifier goes, the head follows.
        return noun_after(text, stop.end(), limit)
    phrase = _LEADING.sub("", phrase.strip(" \u3000”“"))
    cut = _verbs().search(phrase, 2) if len(phrase) > 4 else None
    if cut and cut.start() >= 2:
        phrase = phrase[: cut.start()]
    return phrase if 2 <= len(phrase) <= _MAX_NOUN else None


def noun_before(text: str, start: int, floor: int) -> str | None:
    """Return the counted noun before a number (``新增高新技术企业15家`` → 高新技术企业), or None."""
    lead = _COUNT_WORDS.sub("", text[floor:start])
    last = None
    for mark in _MARKS.finditer(lead):
        last = mark
    phrase = lead[last.end() :] if last else lead
    cut = 0
    for verb in _verbs().finditer(phrase):
        if verb.end() < len(phrase) - 1:
            cut = verb.end()
    phrase = _LEADING.sub("", phrase[cut:])
    phrase = _COUNT_WORDS.sub("", phrase).strip("“”\" \u3000")
    return phrase if 2 <= len(phrase) <= _MAX_NOUN else None


def subject_before(text: str, start: int, floor: int) -> str | None:
    """Return the words that say what was measured, before a number, or None."""
    lead = _MEASURED_END.sub("", text[floor:start])
    last = None
    for mark in _MARKS.finditer(lead):
        if mark.group() not in "（）()、《》":
            last = mark
    phrase = _LIGHT.sub("", lead[last.end() :] if last else lead)
    phrase = phrase.strip("“”\" \u3000，、（(")
    return phrase[-_MAX_SUBJECT:] if len(phrase) >= 2 else None
