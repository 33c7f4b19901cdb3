"""The noun that is counted and the words that say what was measured.

No parser runs here: a clause of this genre is predicate + object + number, so the object is what
stands between the last predicate (``resources/verbs.csv``) and the number, or behind the number up
to the next predicate.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from jixiao.numbers.lexicon import trie_pattern
from jixiao.resources import read_table
from jixiao.resources.regions import by_name


@cache
def _predicates() -> re.Pattern[str]:
    """Match a predicate: it ends whatever noun stood before it."""
    rows = [row for row in read_table("verbs.csv") if row["cuts"] == "predicate"]
    guards = {row["surface"]: row["not_before"] for row in rows}
    return re.compile(trie_pattern(guards, guards))


@cache
def _starts() -> re.Pattern[str]:
    """Match verbs that are cut only at the start of a phrase: inside it they belong to names."""
    words = [row["surface"] for row in read_table("verbs.csv")]
    words += [row["surface"] for row in read_table("cues.csv") if len(row["surface"]) > 1]
    guards = {row["surface"]: row["not_before"] for row in read_table("verbs.csv")}
    return re.compile(rf"(?:{trie_pattern(words, guards)})+")


@cache
def _heads() -> re.Pattern[str]:
    """Match the shortest beginning of a phrase that ends in head nouns of the genre."""
    heads = trie_pattern(row["surface"] for row in read_table("nouns.csv"))
    return re.compile(rf".*?(?:{heads})+")


# Leading words that place or time a noun but do not name its kind (ANNOTATION.md, noun).
_LEADING: Final = re.compile(
    r"(?:其中|全[国省市区州县镇乡](?!性)|我[国省市区州县局委]|本[省市区州县局级]|局属|局机关|下属|所属|各[类级项个]|其他|其余|"
    r"国家级|部级|省部级|省级|市级|区级|县级|州级|国省级?|省市级|市厅级|校级|股级|及?以上(?=[\u4e00-\u9fff])|及?以下(?=[\u4e00-\u9fff])|"
    r"省(?![市级内外委府])|市(?![场区级县辖内外委府政])|县(?![级区域城委政])|区(?![级域县委])|州(?![级市委])|"
    r"全部|所有|年内|年底|年末|年初|目前|当年|全年|本年度?|今年|上年度?|年度|已经|总共|"
    r"[十百千万亿]+元以上|\d{4}年度?|年(?=[\u4e00-\u9fff]{4})|[等的了和与及、并也还又另再各：: \u3000])+"
)
_TRAILING: Final = re.compile(
    r"(?:总数|数量|人数|户数|家数|个数|件数|场数|人次|总量|总额|数|约|近|超|超过|突破|达到?|为|有|至少?|到|由|从|的|(?<![高初完集])中|等|内|"
    r"立项|登记|结题|入库|报名|签约|缺口|共计?|合计|总计|累计|[：: \u3000]|[（(][^（）()]*[）)])+$"
)
_MARKS: Final = re.compile(
    r"[，。；：、！？,;:!?\n\t]|[（(](?=[^（）()]*$)|(?<=[\d%万亿元家个人名件项])[）)]"
)
_AFTER_STOP: Final = re.compile(
    r"[，。；：、！？,;:!?\n\t（）()《》\d]|[获被在于已均共由从向给对按将占达为是有超](?!业)|通过|开展|参加|参与|建立|完成|进行|"
    r"实现|签约|提供|列入|纳入|评为|认定|取得|荣|通车|投产|开工|竣工|享受|受到|到位|以上|以下|左右|以内|"
    r"不|未|没|全部|分别|同时|入[选围列库驻]|办理|拥|因"
)
_PEOPLE: Final = frozenset({"人", "名", "位"})
# 离退休22人: the word for people is left out.
_PERSONAL: Final = re.compile(
    r"(?:在职|在编|在岗|在编在岗|离休|退休|离退休|临聘|编外|借调|职称|工勤|学历|党员干部)$"
)
_PRESENT: Final = re.compile(r"实有(?:在[编职岗])?(?:人数|人员|总?数)?[为共]?$")
# 5G基站 holds a digit and no number.
_DIGIT: Final = re.compile(r"\d(?![A-Za-z])")
_WINDOW: Final = 60
_MAX_NOUN: Final = 24
_MAX_SUBJECT: Final = 30


def noun_after(text: str, end: int, limit: int) -> str | None:
    """Return the counted noun right after a number, or None (``262家企业建立了`` → 企业)."""
    window = min(limit, end + _MAX_NOUN)
    stop = _AFTER_STOP.search(text, end, window)
    last = stop.start() if stop else window
    phrase = text[end:last]
    head, of, rest = phrase.rpartition("的")
    if of and len(rest) >= 2 and not head.endswith(("目", "标")):
        phrase = rest
    phrase = _core(phrase, cut=False)
    closed = stop is not None and stop.group() in "，。；：、,;:\n\t" and len(phrase) <= 12
    found = _heads().match(phrase)
    if found and (not closed or _starts().match(phrase, found.end())):
        # 企业申报…, 项目前期手续: what follows the head noun is said of it.
        phrase = found.group()
    return phrase if 2 <= len(phrase) <= _MAX_NOUN else None


def noun_before(text: str, start: int, floor: int, unit: str = "") -> str | None:
    """Return the counted noun before a number (``新增高新技术企业15家`` → 高新技术企业), or None."""
    if unit in _PEOPLE and _PRESENT.search(text, max(floor, start - _WINDOW), start):
        return "人员"
    lead = _TRAILING.sub("", text[max(floor, start - _WINDOW) : start])
    last = None
    for mark in _MARKS.finditer(lead):
        last = mark
    phrase = _core(lead[last.end() :] if last else lead, cut=True)
    phrase = _TRAILING.sub("", phrase)
    if _DIGIT.search(phrase):
        return None
    if unit in _PEOPLE and _PERSONAL.search(phrase):
        phrase += "人员"
    return phrase if 2 <= len(phrase) <= _MAX_NOUN else None


@lru_cache(maxsize=16384)
def _core(phrase: str, *, cut: bool) -> str:
    """Return a phrase from behind its last predicate on, without levels, places and times before it."""
    phrase = phrase.strip(" \u3000")
    if cut:
        begin = 0
        for verb in _predicates().finditer(phrase):
            begin = verb.end()
        phrase = phrase[begin:]
    before = None
    while phrase and phrase != before:
        before = phrase
        if found := _LEADING.match(phrase):
            phrase = phrase[found.end() :]
        verb_chain = _starts().match(phrase)
        if verb_chain and len(phrase) - verb_chain.end() < 2 and _predicates().match(phrase):
            return ""
        if verb_chain and len(phrase) - verb_chain.end() >= 2:
            phrase = phrase[verb_chain.end() :]
        phrase = _without_place(phrase)
    inner = phrase.strip('“”"')
    return inner if inner.count("“") == inner.count("”") else phrase.strip(" ")


_PLACE: Final = re.compile(
    r"“?([\u4e00-\u9fff]{2,6}?(?:省|自治区|市|县|区|自治州))(?=[\u4e00-\u9fff]{2})"
)


def _without_place(phrase: str) -> str:
    found = _PLACE.match(phrase)
    return phrase[found.end() :] if found and by_name(found.group(1)) else phrase


_MEASURED_END: Final = re.compile(
    r"(?:同比|环比|比上年度?|较上年度?|比去年|较去年|与上年相比|增长|增加|下降|减少|提高|上升|降低|增速|增幅|"
    r"分别|达到|达|为|约|近|超过|超|突破|共计|合计|总计|共|累计|是|了|到|至|的|：|:|由|仅|有|"
    r"位列|位居|居|排名|排|名列|全[国省市州县区]|[ \u3000，,“”])+$"
)
_LIGHT: Final = re.compile(
    r"(?:\d{4}年度?|全年|今年|本年度?|当年|截至[^，]{0,10}[底末月日]|截止[^，]{0,10}[底末月日]|年[底末初]|目前|"
    r"其中|我[局市县区委]|本单位|本部门|全[市县区省州]|实际|共|完成|实现|发生|用于|安排|列支|"
    r"[一二三四五]是|[ \u3000：:、“”])+"
)


def subject_before(text: str, start: int, floor: int) -> str | None:
    """Return the words that say what was measured, before a number, or None.

    ``floor`` lies in the number's own clause, so that no other clause is read.
    """
    phrase = _MEASURED_END.sub("", text[max(floor, start - _WINDOW) : start])
    if light := _LIGHT.match(phrase):
        phrase = phrase[light.end() :]
    if (verbs := _starts().match(phrase)) and len(phrase) - verbs.end() >= 2:
        phrase = phrase[verbs.end() :]
    phrase = phrase.strip('“”" \u3000，、（(')
    return phrase[-_MAX_SUBJECT:] if len(phrase) >= 2 else None
