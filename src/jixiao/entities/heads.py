"""Names by their grammar: modifiers and a head (``市 · 科学技术 · 局``, ``省级 · 未来 · 工厂``).

The heads and what each needs before it stand in ``name_heads.csv``. From a head the words are read
leftwards as long as they can belong to a name; the name begins at the outermost division or level
among them, else at the last of the words.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Final, NamedTuple, cast, get_args

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.entities.names import Name
from jixiao.entities.words import Words
from jixiao.errors import ResourceError
from jixiao.records import EntityLabel
from jixiao.resources import read_table, table_cache

_NEEDS: Final = frozenset({"place", "level", "proper", "quoted"})


class Head(NamedTuple):
    """A word that closes names: their label and fine class, and what must stand before it.

    ``needs`` holds alternatives (``place``, ``level``, ``proper``, ``quoted``); empty: any modifier
    will do. ``no_names`` are words that end with the head and name nothing (布局).
    """

    surface: str
    label: EntityLabel
    kind: str
    needs: frozenset[str]
    not_before: str
    no_names: tuple[str, ...]
    trade: bool


@table_cache()
def heads() -> Mapping[str, Head]:
    """Return the heads by surface.

    Raises
    ------
    ResourceError
        If a row has an unknown label or need, or a surface stands twice.
    """
    found: dict[str, Head] = {}
    for row in read_table("name_heads.csv"):
        needs = frozenset(filter(None, row["needs"].split("|")))
        if row["label"] not in get_args(EntityLabel) or needs - _NEEDS or row["head"] in found:
            raise ResourceError(f"name_heads.csv: bad or repeated row {row!r}")
        found[row["head"]] = Head(
            row["head"],
            cast("EntityLabel", row["label"]),
            row["kind"],
            needs,
            row["not_before"],
            tuple(word for word in row["except"].split() if word != row["head"]),
            row["note"].startswith("short trade name"),
        )
    return found


@table_cache()
def _automaton() -> tuple[AhoCorasick, list[Head]]:
    known = list(heads().values())
    return AhoCorasick(
        [head.surface for head in known],
        matchkind=MatchKind.Standard,
        implementation=Implementation.DFA,
        store_patterns=False,
    ), known


# 省, 市 … before a body's name (市科技局), and the words of a level (省级, 全国).
GRADE: Final = re.compile(
    r"国家级?|(?:部|省部|省|自治区|市|州|盟|县|区|旗|镇|乡)级|全[国省市县区州旗]|国际|世界|中国|中央"
)
_SEAT: Final = re.compile(r"[省市县区州旗镇乡局](?=.)|自治区")
_HARD: Final = frozenset(
    [
        "年度",
        "年",
        "上年",
        "当年",
        "本年",
        "年初",
        "年末",
        "所有",
        "的",
        "了",
        "等",
        "在",
        "由",
        "对",
        "向",
        "将",
        "把",
        "被",
        "为",
        "经",
        "从",
        "以",
        "于",
        "按",
        "至",
        "到",
        "并",
        "及其",
        "各",
        "我",
        "本",
        "该",
        "其",
        "是",
        "有",
        "获",
        "受",
        "已",
        "且",
        "以及",
        "全面",
        "进一步",
        "积极",
        "大力",
        "不断",
        "深入",
        "共",
        "均",
        "都",
        "也",
        "还",
        "仅",
        "只",
        "又",
        "如",
        "或",
    ]
)
_OWN: Final = re.compile(
    r"^(?:我[省市县区州局委]|本[省市县区州局级]|该|各|其|此|每|两|多|某|全[市县区州省镇乡](?=[^优先示模文最十]))"
)
_JOINS: Final = frozenset({"和", "与", "及", "暨"})
_JOINED: Final = frozenset({"GOV", "INSTITUTION", "PARK"})
_DATED: Final = frozenset({"competition", "award", "title", "event"})
_NUMERALS: Final = frozenset("一二三四五六七八九十") | {f"第{n}" for n in "一二三四五六七八九十"}
_MAX_NAME: Final = 36
_MAX_QUOTED: Final = 26
# A modifier without which a fund or event is a class: 财政专项资金, 项目资金.
_GENERIC: Final = re.compile(
    r"年度?|财政|专项|补助|资金|项目|上级|中央|配套|本级|其他|相关|各类|年度|部门|预算|发展|重点|有关|工作|主题|系列|大型|等|开展|组织|本|一般|公共"
)


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
    for head, start, end in _heads_in(text):
        if end < len(text) and text[end] in head.not_before:
            continue
        if not words.ends_at(end) or text.endswith(head.no_names, 0, end):
            continue
        modifiers = Modifiers(words, start, anchors, head.label)
        begin = modifiers.begin
        if head.kind in _DATED and (edition := _with_edition(text, begin, anchors)) < begin:
            begin = edition
            modifiers.found.add("level")
        if end - begin > _MAX_NAME or not _suffices(head, modifiers, text[begin:start]):
            continue
        if (end in counted or begin in counting) and not _is_countable(head, modifiers.found):
            continue
        end = _with_bracket(text, end)
        if head.label in _OPENING:
            anchors[end] = begin
        yield Name(begin, end, head.label, f"head.{head.kind}")


# 县疾控中心 opens 县疾控中心实验室改造项目.
_OPENING: Final = frozenset({"INSTITUTION", "COMPANY", "GOV", "PARK"})
_EDITION: Final = re.compile(
    r"第[一二三四五六七八九十百\d]+[届批次期]$|(?:19|20)\d\d年?度?$|首[届批]$"
)


def _with_edition(text: str, begin: int, anchors: Mapping[int, int]) -> int:
    """Return where an event's or award's name begins with its edition, year and place."""
    while True:
        if begin in anchors:
            begin = anchors[begin]
            continue
        found = _EDITION.search(text, max(begin - 8, 0), begin)
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
    if head.trade:
        # 智慧旅游 is no firm; 庆胜新能源 is one where nothing else explains 庆胜.
        return "strange" in found and len(before) <= _MAX_TRADE
    if head.label == "COMPANY":
        return "place" not in found or len(before) > 2
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
    return not head.needs or bool(head.needs & found)


_LOCAL: Final = frozenset({"place", "level"})
_LONG: Final = 6
_MAX_TRADE: Final = 5
SEATS: Final = frozenset("省市县区州旗镇乡")
_OWN_ZONES: Final = frozenset({"高新区", "经开区", "高新技术产业开发区", "经济技术开发区"})
_BRACKET: Final = re.compile(r"[（(]([\u4e00-\u9fff]{2,5})[）)]")


def _with_bracket(text: str, end: int) -> int:
    """Return where a name ends whose bracket names it a second time: ``办公室（法规股）``."""
    if text[end : end + 1] not in ("（", "("):
        return end
    found = _BRACKET.match(text, end)
    return found.end() if found and found.group(1).endswith(tuple(heads())) else end


class Modifiers:
    """What stands before a head: where the name begins, and what kinds of words were found."""

    def __init__(
        self, words: Words, head_start: int, places: Mapping[int, int], label: EntityLabel
    ) -> None:
        self._words = words
        self._places = places
        self._label = label
        self._head_start = head_start
        self.found: set[str] = set()
        self._anchor: int | None = None
        index = words.at(head_start)
        self._start = words.starts[index]
        self._joined: int | None = None
        if self._start < head_start:
            if words.tags[index][0] == "v" and words.tags[index] != "vn":
                # 交办 is no 办.
                self.begin = head_start
                return
            self._note(index)
        while self._take_one():
            pass
        self.begin = self._start if self._anchor is None else self._anchor
        loose = self._anchor is None and not self.found & {"proper", "quoted"}
        if self._joined is not None and self.begin < self._joined and loose:
            self.begin = self._joined

    def _take_one(self) -> bool:
        """Take the word, quotation or place before the name so far; False where none belongs to it."""
        words, start = self._words, self._start
        if start in self._places:
            self._start = self._anchor = self._places[start]
            self.found.add("place")
            return self._start > 0
        index = words.at(start - 1) if start else -1
        if index < 0 or self._head_start - words.starts[index] > _MAX_NAME:
            return False
        word = words.texts[index]
        if word in ("”", '"'):
            return self._take_quoted(start)
        if word in _JOINS:
            return self._take_joint(index)
        if not self._belongs(index):
            return False
        self._start = words.starts[index]
        self._note(index)
        return True

    def _take_quoted(self, start: int) -> bool:
        text = self._words.text
        mark = "“" if text[start - 1] == "”" else '"'
        opening = text.rfind(mark, max(start - _MAX_QUOTED, 0), start - 1)
        if opening < 0 or "\n" in text[opening:start]:
            return False
        self.found.add("quoted")
        self._start = opening
        if self._anchor is not None:
            self._anchor = opening
        return True

    def _take_joint(self, index: int) -> bool:
        """Take 和 between two nouns of one name (``科学技术和工业信息化局``)."""
        words = self._words
        if self._joined is not None or self._label not in _JOINED or index == 0:
            return False
        if self._label != "GOV" and words.texts[index] != "和":
            return False
        before = words.texts[index - 1]
        if before.endswith(_bodies()) or not self._belongs(index - 1):
            return False
        self._joined = self._start
        self._start = words.starts[index - 1]
        self._note(index - 1)
        return True

    def _belongs(self, index: int) -> bool:
        """Tell whether a word may stand inside a name: nominal, or a verb that modifies."""
        word, tag = self._words.texts[index], self._words.tags[index]
        if word in _HARD or word in _predicates() or _OWN.match(word):
            return False
        if word[0] == "全" and (len(word) == 2 or self._anchor is not None):
            # 全县 before 省级卫生乡镇 is where; 全省 before 先进集体 is the level.
            return self._anchor is None and word[1:] in SEATS | {"国"}
        if tag[0] == "x":
            return word[0].isalnum() and not word[0].isdigit()
        if tag[0] == "m":
            return word in _NUMERALS or bool(GRADE.match(word))
        if tag[0] == "v" and tag != "vn":
            inside = index > 0 and self._words.is_nominal(index - 1)
            return len(word) > 1 and inside and word not in _predicates()
        return self._words.is_nominal(index)

    def _note(self, index: int) -> None:
        """Note what a word tells: a level, the seat of a body, or something the dictionary lacks."""
        words = self._words
        word, start = words.texts[index], words.starts[index]
        if (grade := GRADE.match(word)) and not _OWN.match(word):
            self.found.add("level")
            self._anchor = start
            if grade.group() in ("中央", "中国"):
                self.found.add("place")
        elif start < self._head_start and _SEAT.match(words.text, start):
            self.found.add("place")
            self._anchor = start
        elif words.is_strange(index) and len(word) > 1:
            self.found.add("proper")
            if words.is_unknown(index):
                self.found.add("strange")


@table_cache()
def _predicates() -> frozenset[str]:
    """Return the verbs of the genre and of conferring: no name goes over them."""
    verbs = {row["surface"] for row in read_table("words.csv") if row["tag"] == "v"}
    return frozenset(verbs) | _CONFERRING


_CONFERRING: Final = frozenset(
    [
        "反映",
        "认为",
        "拨入",
        "新上",
        "调整",
        "如期",
        "拟订",
        "贯彻",
        "现将",
        "发挥",
        "调度",
        "推出",
        "落户",
        "参与",
        "争取",
        "全面落实",
        "深入开展",
        "积极调度",
        "积极发挥",
        "评为",
        "获评",
        "入选",
        "入列",
        "入围",
        "列入",
        "纳入",
        "授予",
        "获批",
        "荣获",
        "获得",
        "认定",
        "命名",
        "创建",
        "召开",
        "举办",
        "开展",
        "组织",
        "推进",
        "成功",
        "落户",
        "晋升",
        "通过",
        "批准",
        "新增",
        "尚无",
        "检查",
        "围绕",
        "贯彻",
        "实施",
        "落实",
        "支持",
        "推动",
        "引进",
        "建设",
        "协调",
        "负责",
        "指导",
        "承办",
        "完成",
        "参加",
        "牵头",
        "评审",
        "申报",
        "拨付",
        "安排",
        "使用",
        "召集",
    ]
)


@table_cache()
def _bodies() -> tuple[str, ...]:
    return tuple(
        head.surface
        for head in heads().values()
        if head.label in ("GOV", "INSTITUTION", "COMPANY") and not head.trade
    )
