"""Names that end with a word that closes names: 局, 有限公司, 开发区, 大赛."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.entities.heads import GRADE, SEATS, Head, heads
from jixiao.entities.modifiers import MAX_NAME, Modifiers
from jixiao.entities.names import Name
from jixiao.entities.words import Words, is_coined
from jixiao.resources import table_cache

_DATED: Final = frozenset({"competition", "award", "title", "event"})
# A modifier without which a fund or event is a class: 财政专项资金, 项目资金.
_GENERIC: Final = re.compile(
    r"年度?|财政|专项|补助|资金|项目|上级|中央|配套|本级|其他|相关|各类|年度|部门|预算|发展|重点|有关|工作|主题|系列|大型|等|开展|组织|本|一般|公共|单位"
)


@table_cache()
def _automaton() -> tuple[AhoCorasick, list[Head]]:
    known = list(heads().values())
    return AhoCorasick(
        [head.surface for head in known],
        matchkind=MatchKind.Standard,
        implementation=Implementation.DFA,
        store_patterns=False,
    ), known


def find_headed(
    words: Words, places: Mapping[int, int], counted: Container[int], counting: Container[int]
) -> Iterator[Name]:
    """Yield the names that end with a head.

    ``places`` maps the end of each place, and of each name that may open a longer one, to its
    start; ``counted`` holds where numbers begin,
    ``counting`` where they end: what is counted is a class and no name, honours aside.
    """
    text = words.text
    anchors = dict(places)
    coined = [words.starts[index] for index in words.where(is_coined)]
    for head, start, end in _heads_in(text):
        if end < len(text) and text[end] in head.not_before:
            continue
        if head.no_names and text.endswith(head.no_names, 0, end):
            continue
        if not words.ends_at(end) and not _is_closed(words, head, end):
            continue
        if head.kind == "trade" and not _may_be_firm(text, head, (start, end), coined):
            continue
        if text.endswith(head.surface, 0, start):
            # 局局局: a run of noise, read once and not from each of its characters.
            continue
        modifiers = Modifiers(words, start, anchors, head.label)
        begin = modifiers.begin
        if lead := _MISCUT.match(text, begin, start) or _COMMISSIONED.match(text, begin, start):
            begin = lead.end()
            modifiers.found.discard("strange")
        if head.kind == "merit":
            # 民警李明荣立个人三等功: the merit itself is the name.
            yield Name(start, end, head.label, "head.merit")
            continue
        if head.kind in _DISTRICTED and text.startswith(_WHOLES, begin):
            begin += 2
        if head.kind in _DATED and (edition := _with_edition(text, begin, anchors)) < begin:
            begin = edition
            modifiers.found.add("level")
        if end - begin > MAX_NAME or not _suffices(head, modifiers, text[begin:start]):
            continue
        if (end in counted or begin in counting) and not _is_countable(head, modifiers.found):
            continue
        end = _with_stage(text, end) if head.kind in _STAGED else _with_bracket(text, end)
        if head.label in _OPENING:
            anchors[end] = begin
        yield Name(begin, end, head.label, f"head.{head.kind}")


def _may_be_firm(text: str, head: Head, span: tuple[int, int], coined: Sequence[int]) -> bool:
    """Tell whether a trade may close a firm's name: a coined word begins not far before it.

    ``coined`` holds where such words begin. Trades are many and firms few: most are done with here.
    """
    start, end = span
    index = bisect_left(coined, start)
    near = index > 0 and coined[index - 1] >= start - 2 * MAX_NAME
    return (near or head.surface[0] in SEATS) and not _TRADE.match(text, end)


# 农业农村局|是: statistics join a body's last character with the word behind it (局是).
_FOLLOWING: Final = frozenset("是到为与和及的将由对在按被并已未经从于把向")
_LEAST_CLOSED: Final = 3
# 2021|年市科技计划, 即市服务中心, 受市财政局: statistics join what stands before a seat with it.
_MISCUT: Final = re.compile(
    r"(?:(?<=\d)年度?|已?由|会同|[即向与和及对经报请受])(?=[省市县区州旗](?![场民区外内直属]))"
)
# 某会计师事务所（普通合伙）受旗财政局委托: two names, and a verb between them.
_COMMISSIONED: Final = re.compile(r"[^，。；、\n]{4,30}受(?=[省市县区州旗])")
# 全省 before a project is where, not what: its name begins behind it.
_DISTRICTED: Final = frozenset({"project", "plan", "fund", "pilot"})
_WHOLES: Final = ("全省", "全市", "全县", "全区", "全州", "全旗")
_STAGED: Final = frozenset({"competition", "event"})
# 创新创业大赛全国赛, 对接会（中南大学专场）
_STAGE: Final = re.compile(
    r"(?:全国|全省|国家|省|市)?(?:总决赛|决赛|复赛|初赛|全国赛|省赛|分赛|[\u4e00-\u9fff]{2,6}赛区)|[（(][\u4e00-\u9fffA-Za-z0-9]{2,12}(?:专场|赛区|分会场|专题|站)[）)]"
)


def _is_closed(words: Words, head: Head, end: int) -> bool:
    """Tell whether a body's name ends at a head that a word of no dictionary runs over."""
    if head.label not in _OPENING or words.text[end] not in _FOLLOWING:
        return False
    index = words.at(end - 1)
    joined = words.texts[index] == words.text[end - 1 : end + 1]
    return words.is_unknown(index) and (joined or len(head.surface) >= _LEAST_CLOSED)


def _with_stage(text: str, end: int) -> int:
    """Return where an event's name ends with its stage or the session in brackets behind it."""
    found = _STAGE.match(text, end)
    return found.end() if found else end


# 县疾控中心 opens 县疾控中心实验室改造项目.
_OPENING: Final = frozenset({"INSTITUTION", "COMPANY", "GOV", "PARK"})
_EDITION_LENGTH: Final = 12
_EDITION: Final = re.compile(
    r"第[一二三四五六七八九十百\d]+[届批次期]$|(?:(?:19|20)\d\d年?[-—~至])?(?:19|20)\d\d年?度?$|首[届批]$"
)


def _with_edition(text: str, begin: int, anchors: Mapping[int, int]) -> int:
    """Return where an event's or award's name begins with its edition, year and place."""
    while True:
        if begin in anchors:
            begin = anchors[begin]
            continue
        found = _EDITION.search(text, max(begin - _EDITION_LENGTH, 0), begin)
        if found is None:
            return begin
        begin = found.start()


def _is_countable(head: Head, found: Container[str]) -> bool:
    """Tell whether things of a name are counted by the name: honours, projects of a programme."""
    if head.label == "HONOUR":
        return True
    return head.label == "PROGRAM" and (
        head.kind in ("plan", "fund") or "level" in found or "quoted" in found
    )


def _heads_in(text: str) -> Iterator[tuple[Head, int, int]]:
    """Yield the heads of a text by their ends; of those with one end the longest."""
    automaton, known = _automaton()
    last: tuple[Head, int, int] | None = None
    for number, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
        if last is not None and last[2] == end:
            if start < last[1]:
                last = known[number], start, end
            continue
        if last is not None:
            yield last
        last = known[number], start, end
    if last is not None:
        yield last


def _suffices(head: Head, modifiers: Modifiers, before: str) -> bool:
    """Tell whether what stands before a head makes a name of it."""
    found = modifiers.found
    if not before:
        # 市政府, 高新区: the head holds the seat itself, or is what the place calls its zone.
        whole = not head.needs and len(head.surface) >= 3
        return whole or head.surface[0] in SEATS or head.surface in _OWN_ZONES
    if head.surface in _GRADES and len(GRADE.sub("", before).strip("省市县区州")) < 2:
        # 省一等奖: a grade without the name of its award.
        return False
    if head.kind == "trade":
        # 智慧旅游 is no firm; 庆胜新能源 is one where nothing else explains 庆胜.
        return "strange" in found and len(before) <= _MAX_TRADE
    if head.kind == "section" and "body" in found:
        return True
    if head.label == "COMPANY":
        return (not head.needs or bool(found)) and ("place" not in found or len(before) > 2)
    if head.label == "PLACE":
        return "strange" in found or ("place" in found and len(before) > 1)
    if head.label == "PROGRAM":
        specific = len(_GENERIC.sub("", GRADE.sub("", before))) >= 2 or (
            head.kind in _DATED and "level" in found
        )
        if head.kind == "fund":
            return specific
        if head.kind in ("event", "competition", "campaign"):
            long = len(before) + len(head.surface) >= _LONG
            return "quoted" in found or (specific and (bool(found & _LOCAL) or long))
        if head.kind == "plan" and len(_GENERIC.sub("", before)) >= 4:
            return True
        return bool(found & (head.needs | {"place"})) and specific
    # 松岭镇政府: the head holds the seat, only the town's own name is left.
    seated = head.surface[0] in SEATS and "proper" in found
    return not head.needs or seated or bool(head.needs & found)


# 冷链物流等行业, 新能源产业
_TRADE: Final = re.compile(
    r"等?(?:行业|产业|领域|项目|基地|业务|服务|体系|建设|专款|资金|经费|工作|任务|全面)"
)
_GRADES: Final = frozenset(
    {"一等奖", "二等奖", "三等奖", "特等奖", "优秀奖", "优胜奖", "金奖", "银奖", "铜奖"}
)
_LOCAL: Final = frozenset({"place", "level"})
_LONG: Final = 6
_MAX_TRADE: Final = 5
_OWN_ZONES: Final = frozenset({"高新区", "经开区", "高新技术产业开发区", "经济技术开发区"})
# 某会计师事务所（普通合伙）: the legal form is part of the name.
_LEGAL_FORM: Final = re.compile(r"[（(](?:特殊)?(?:普通|有限)合伙[）)]")
_BRACKET: Final = re.compile(r"[（(]([\u4e00-\u9fff]{2,5})[）)]")


def _with_bracket(text: str, end: int) -> int:
    """Return where a name ends whose bracket names it a second time: ``办公室（法规股）``."""
    if text[end : end + 1] not in ("（", "("):
        return end
    if form := _LEGAL_FORM.match(text, end):
        return form.end()
    found = _BRACKET.match(text, end)
    return found.end() if found and found.group(1).endswith(tuple(heads())) else end
