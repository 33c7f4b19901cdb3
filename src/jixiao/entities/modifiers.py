"""What stands before the word that closes a name: read leftwards as long as it can belong to it.

The name begins at the outermost division or level among the words read, else at the last of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from jixiao.entities.heads import GRADE, SEATS, ends_body
from jixiao.entities.names import word_set
from jixiao.entities.words import Words, is_nominal, is_strange, is_verb
from jixiao.records import EntityLabel
from jixiao.resources import read_table, table_cache

# 县, 县政府, 自治区, 中共; 市场, 乡镇, 局部 name no seat.
_SEAT: Final = re.compile(
    r"[省市县区州旗镇乡局]$|自治区|中共$"
    r"|(?!市场|市[区民容县]|区[域间县]|县[域城区乡]|乡[村镇土]|镇[村街]|省市|局[部面势])[省市县区州旗镇乡局]."
)
# No name goes over these, nor over a verb of the genre or of conferring.
_HARD: Final = word_set(
    "年度 年 上年 当年 本年 年初 年末 所有 的 了 等 在 由 对 向 将 把 被 为 经 从 "
    "以 于 按 至 到 并 及其 各 我 本 该 其 是 有 获 受 已 且 以及 全面 进一步 积极 "
    "大力 不断 深入 共 均 都 也 还 仅 只 又 如 或"
)
_CONFERRING: Final = word_set(
    "如期完成 按期完成 反映 认为 拨入 新上 调整 如期 拟订 贯彻 现将 发挥 调度 推出 落户 参与 争取 "
    "全面落实 深入开展 积极调度 积极发挥 评为 获评 入选 入列 入围 列入 纳入 授予 "
    "获批 荣获 获得 认定 命名 创建 召开 举办 开展 组织 推进 成功 晋升 通过 批准 "
    "新增 尚无 检查 围绕 实施 落实 支持 推动 引进 建设 协调 负责 指导 承办 完成 "
    "参加 牵头 评审 申报 拨付 安排 使用 召集"
)
_OWN: Final = re.compile(
    r"^(?:我[省市县区州局委]|本[省市县区州局级]|该|各|其|此|每|两|多|某|全[市县区州省镇乡](?=[^优先示模文最十]))"
)
_ENDS: Final = frozenset("局委厅署")
_FUNCTION: Final = frozenset("是到为与将由被已未")
_MARKS: Final = frozenset('”"）)')
_JOINS: Final = frozenset({"和", "与", "及", "暨"})
_JOINED: Final = frozenset({"GOV", "INSTITUTION", "PARK"})
_BRACKETED: Final = frozenset({"COMPANY", "INSTITUTION", "PARK"})
_NUMERALS: Final = frozenset("一二三四五六七八九十") | {f"第{n}" for n in "一二三四五六七八九十"}
# 赤沟国际物流港: no level but in what is conferred.
_SCOPES: Final = frozenset({"国际", "世界"})
_CONFERRED: Final = frozenset({"HONOUR", "PROGRAM"})
_LANDFORMS: Final = frozenset("湾湖岭溪洲岛潭峪坪")
MAX_NAME: Final = 36
_MAX_WORDS: Final = 14
_MAX_QUOTED: Final = 26
_KEPT: Final = 4096


class Modifiers:
    """What stands before a head: where the name begins, and what kinds of words were found."""

    __slots__ = (
        "_anchor",
        "_head_start",
        "_joined",
        "_label",
        "_places",
        "_start",
        "_words",
        "begin",
        "found",
    )

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
            if head_start - self._start == 1 and _SEAT.match(words.text, self._start):
                # 市住|建局: statistics cut through 市住建局.
                self.found.add("place")
                self._anchor = self._start
            elif is_verb(words.texts[index], words.tag(index)):
                # 交办 is no 办.
                self.begin = head_start
                return
            self._note(index)
        self._walk()
        self.begin = self._start if self._anchor is None else self._anchor
        if self._anchor is not None or self._joined is None or self.begin >= self._joined:
            return
        if not self.found & {"proper", "quoted"}:
            self.begin = self._joined

    def _walk(self) -> None:
        """Take what stands before the head, as long as it belongs to the name.

        What most words do is known of the word alone; the others are looked at where they stand.
        """
        words, places, head_start = self._words, self._places, self._head_start
        numbers, starts = words.listed, words.starts
        standing, telling = words.answers(_standing), words.answers(_telling)
        least = _ALWAYS if self._label == "PLACE" else _UNLESS_PLACE
        for _ in range(_MAX_WORDS):
            start = self._start
            index = -1 if start in places else bisect_left(starts, start) - 1
            stands = standing[numbers[index]] if index >= 0 else _ASKED
            if stands == _ASKED or _NEVER < stands < least:
                if not self._take_one():
                    return
            elif stands == _NEVER or head_start - starts[index] > MAX_NAME:
                return
            else:
                self._start = starts[index]
                if telling[numbers[index]]:
                    self._note(index)

    def _take_one(self) -> bool:
        """Take the word, quotation or place before the name so far; False where none belongs to it."""
        words, start = self._words, self._start
        if start in self._places:
            self._start = self._anchor = self._places[start]
            self.found.add("place")
            if ends_body(words.text, self._start, start):
                self.found.add("body")
            return self._start > 0
        index = words.at(start - 1) if start else -1
        if index < 0 or self._head_start - words.starts[index] > MAX_NAME:
            return False
        word = words.texts[index]
        if word in ("”", '"'):
            return self._take_quoted(start)
        if word in ("）", ")"):
            return self._take_seat_in_brackets(start)
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

    def _take_seat_in_brackets(self, end: int) -> bool:
        """Take the bracketed place inside a name (``青禾（南京）生物科技有限公司``)."""
        text = self._words.text
        opening = self._places.get(end - 1, 0) - 1
        if opening < 1 or text[opening] not in "（(" or self._label not in _BRACKETED:
            return False
        self._start = opening
        self.found.add("place")
        return True

    def _take_joint(self, index: int) -> bool:
        """Take 和 between two nouns of one name (``科学技术和工业信息化局``)."""
        words = self._words
        if self._joined is not None or self._label not in _JOINED or index == 0:
            return False
        if self._label != "GOV" and words.texts[index] != "和":
            return False
        before = words.texts[index - 1]
        closed = before.endswith("中央") or ends_body(before, 0, len(before))
        if closed or words.ends[index - 1] in self._places or not self._belongs(index - 1):
            return False
        self._joined = self._start
        self._start = words.starts[index - 1]
        self._note(index - 1)
        return True

    def _belongs(self, index: int) -> bool:
        """Tell whether a word may stand inside a name: nominal, or a verb that modifies."""
        word, tag = self._words.texts[index], self._words.tag(index)
        if _is_outside(word):
            # 县重大项目|建设|服务中心
            is_noun = word == "建设" and index > 0 and self._words.tag(index - 1)[0] == "n"
            return is_noun and self._label in _JOINED
        if len(word) == 2 and word[0] in _ENDS and word[1] in _FUNCTION:
            # 局是: statistics join a name's end with the word behind it.
            return False
        if word[0] == "全" and (len(word) == 2 or self._anchor is not None):
            # 全县 before 省级卫生乡镇 is where; 全省 before 先进集体 is the level.
            return self._anchor is None and word[1:] in SEATS | {"国"}
        if tag[0] == "x":
            return word[0].isalnum() and not word[0].isdigit()
        if tag[0] == "m":
            return word in _NUMERALS or bool(GRADE.match(word))
        if word == "杯":
            # 松岭杯茶艺大赛
            return self._label == "PROGRAM"
        if tag == "vn" and self._label == "PLACE":
            return False
        if is_verb(word, tag):
            # 南岭师范学院|共建|基地: behind a body a verb is its predicate.
            start = self._words.starts[index]
            if start in self._places and ends_body(self._words.text, 0, start):
                return False
            return len(word) > 1 and index > 0 and self._words.is_nominal(index - 1)
        return self._words.is_nominal(index)

    def _note(self, index: int) -> None:
        """Note what a word tells: a level, the seat of a body, or something the dictionary lacks."""
        words = self._words
        word, start = words.texts[index], words.starts[index]
        told = _told(word)
        if "level" in told or ("place" in told and start < self._head_start):
            self.found |= told
            if word not in _SCOPES or self._label in _CONFERRED:
                self._anchor = start
        elif (word[0] == "第" and self._label == "GOV") or word in _LANDFORMS:
            # 第一党支部, 金井|湾|软件园
            self.found.add("proper")
        elif words.is_strange(index) and len(word) > 1:
            self.found.add("proper")
            if words.is_unknown(index):
                self.found.add("strange")


# What a word does before a head, in the order of how sure it is to belong to the name.
_NEVER, _ASKED, _UNLESS_PLACE, _ALWAYS = range(4)


def _standing(word: str, tag: str) -> int:
    """Tell whether a word belongs to a name wherever it stands, nowhere, or must be asked there."""
    if word in _MARKS or word in _JOINS or word in ("建设", "杯") or word[0] == "全":
        return _ASKED
    if _is_outside(word) or (len(word) == 2 and word[0] in _ENDS and word[1] in _FUNCTION):
        return _NEVER
    if tag[0] == "x":
        return _ALWAYS if word[0].isalnum() and not word[0].isdigit() else _NEVER
    if tag[0] == "m":
        return _ALWAYS if word in _NUMERALS or GRADE.match(word) else _NEVER
    if tag[0] == "v":
        return _UNLESS_PLACE if tag == "vn" else _ASKED
    return _ALWAYS if is_nominal(word, tag) else _NEVER


def _telling(word: str, tag: str) -> int:
    """Tell whether there may be something to note of a word."""
    named = word[0] == "第" or word in _LANDFORMS or (is_strange(word, tag) and len(word) > 1)
    return bool(_told(word) or named)


@table_cache(_KEPT)
def _is_outside(word: str) -> bool:
    """Tell whether no name goes over a word."""
    return word in _HARD or word in _predicates() or _OWN.match(word) is not None


@lru_cache(_KEPT)
def _told(word: str) -> frozenset[str]:
    """Return what a word tells by its form: a level (省级), a division's seat (县), or both (中央)."""
    if (grade := GRADE.match(word)) and not _OWN.match(word):
        return frozenset({"level", "place"} if grade.group() in ("中央", "中国") else {"level"})
    return frozenset({"place"} if _SEAT.match(word) else ())


@table_cache()
def _predicates() -> frozenset[str]:
    """Return the verbs of the genre and of conferring: no name goes over them."""
    verbs = {row["surface"] for row in read_table("words.csv") if row["tag"] == "v"}
    return frozenset(verbs) | _CONFERRING
