"""Write sentences of the genre with names whose places and labels are known.

``ner_names.csv`` and ``ner_sentences.csv`` are a grammar: a symbol and its alternatives, between bars;
``{symbol}`` is replaced by one of them, ``{symbol*2-5}`` by several in a list, ``[…]`` may be left out. A
symbol with a label is a name where it stands in no other name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random
from typing import Final, NamedTuple

from jixiao.resources import read_table, table_cache
from jixiao.resources.regions import Region, by_code, full_name, regions, validity


class Gold(NamedTuple):
    """A name of a generated text: half-open offsets and its label."""

    start: int
    end: int
    label: str


class Grammar(NamedTuple):
    """The alternatives of each symbol, in parts, and the label of those that are names."""

    alternatives: Mapping[str, Sequence[tuple[str, ...]]]
    labels: Mapping[str, str]


_PART: Final = re.compile(r"\{[^{}]+\}|\[|\]|[^\[\]{}]+")


@table_cache()
def grammar() -> Grammar:
    """Return the grammar of the two tables."""
    alternatives: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    labels = {"place": "PLACE", "place.short": "PLACE", "inside": "PLACE", "city1": "PLACE"}
    for row in (*read_table("ner_names.csv"), *read_table("ner_sentences.csv")):
        if row["symbol"].startswith("#"):
            continue
        alternatives[row["symbol"]] += [
            tuple(_PART.findall(one)) for one in row["pattern"].split("|")
        ]
        if row["label"]:
            labels[row["symbol"]] = row["label"]
    for name in read_table("names.csv"):
        symbol = f"listed.{name['label']}"
        alternatives[symbol].append((name["name"],))
        labels[symbol] = name["label"]
    return Grammar(alternatives, labels)


class Writer:
    """Writes sentences about one region; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed)  # noqa: S311 - a repeatable source, not a secret
        self._parts: list[str] = []
        self._length = 0
        self._gold: list[Gold] = []
        self._depth = 0
        self._said: dict[str, list[str]] = defaultdict(list)
        draw = self._draw
        self.region = draw.choice(_seats("county" if draw.random() < 0.6 else "prefecture"))
        above = by_code(self.region.parent or "") or self.region
        self._special: dict[str, Callable[[], str]] = {
            "own": lambda: self.region.name,
            "above": lambda: above.name,
            "inside": lambda: draw.choice(self._inside),
            "province": lambda: draw.choice(_provinces()).name,
            "province1": lambda: _short(draw.choice(_provinces()).name),
            "city1": lambda: _short(draw.choice(_seats("prefecture")).name),
            "city0": lambda: draw.choice(_seats("prefecture")).name[0],
            "place": self._place,
            "place.short": lambda: _short(self._place().rpartition("市")[2] or self.region.name),
            "at.city": self._at_city,
            "surname": lambda: draw.choice(SURNAMES),
            "n": lambda: str(draw.randint(*draw.choice(((1, 9), (2, 60), (10, 900))))),
            "cn": lambda: draw.choice(_NUMERALS),
            "year": lambda: str(draw.randint(2016, 2025)),
            "pct": lambda: f"{draw.randint(1, 99)}{draw.choice(_FRACTIONS)}%",
            "amt": lambda: f"{draw.randint(1, 9000)}{draw.choice(_FRACTIONS)}{draw.choice(_UNITS)}",
        }
        self._inside = self._divisions()

    def _divisions(self) -> list[str]:
        if self.region.level == "prefecture":
            below = [r.name for r in _seats("county") if r.parent == self.region.code]
            if len(below) > 2:
                return below
        return [self._text("place.town.in") for _ in range(9)]

    def _place(self) -> str:
        draw = self._draw
        one = draw.choice(_seats(draw.choice(("county", "county", "prefecture"))))
        if draw.random() < 0.4:
            return self.region.name
        return full_name(one) if draw.random() < 0.2 else one.name

    def _at_city(self) -> str:
        draw = self._draw
        one = draw.choice(_seats(draw.choice(("county", "prefecture")))).name
        return draw.choice(
            (one, _short(one), _short(draw.choice(_provinces()).name), self.region.name)
        )

    def _text(self, symbol: str) -> str:
        """Return an expansion of a symbol, and keep nothing of it."""
        kept = self._parts, self._length, self._gold, self._depth
        self._parts, self._length, self._gold, self._depth = [], 0, [], 1
        self._expand(symbol)
        text = "".join(self._parts)
        self._parts, self._length, self._gold, self._depth = kept
        return text

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _expand(self, symbol: str) -> None:
        known = grammar()
        label = known.labels.get(symbol) if self._depth == 0 else None
        if label is None:
            self._fill(symbol)
            return
        start = self._length
        said = self._said[symbol]
        if said and self._draw.random() < _AGAIN:
            self._put(self._draw.choice(said))
        else:
            text = self._text(symbol)
            said.append(text)
            self._put(text)
        self._gold.append(Gold(start, self._length, label))

    def _fill(self, symbol: str) -> None:
        if symbol in self._special:
            self._put(self._special[symbol]())
            return
        skipping = 0
        for part in self._draw.choice(grammar().alternatives[symbol]):
            if part == "[":
                skipping += bool(skipping or self._draw.random() < _LEFT_OUT)
            elif part == "]":
                skipping = max(skipping - 1, 0)
            elif skipping:
                continue
            elif part[0] == "{":
                self._slot(part[1:-1])
            else:
                self._put(part)

    def _slot(self, slot: str) -> None:
        symbol, _, times = slot.partition("*")
        if not times:
            self._expand(symbol)
            return
        low, high = map(int, times.split("-"))
        count = self._draw.randint(low, high)
        joint = self._draw.choice("、、、和")
        for number in range(count):
            if number:
                self._put(joint if number == count - 1 else "、")
            self._expand(symbol)

    def write(self, sentences: int) -> tuple[str, list[Gold]]:
        """Return a report of so many sentences under a title, and its names."""
        self._expand("own.body")
        self._put(f"{self._draw.randint(2016, 2025)}年度部门整体支出绩效自评报告\n\n")
        for number in range(sentences):
            self._expand("sentence")
            if self._draw.random() < _PARAGRAPH or number == sentences - 1:
                self._put("\n")
        return "".join(self._parts), self._gold

    def name(self, symbol: str) -> str:
        """Return a name: an expansion of a symbol."""
        return self._text(symbol)


_AGAIN: Final = 0.06
_LEFT_OUT: Final = 0.5
_PARAGRAPH: Final = 0.4
_NUMERALS: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_FRACTIONS: Final = ("", "", ".5", ".12", ".83")
_UNITS: Final = ("万元", "万元", "亿元", "元")
SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆汪范石廖贾夏韦付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万"
    "覃武钱戴严莫孔向常汤"
)


@cache
def _seats(level: str) -> tuple[Region, ...]:
    return tuple(
        one
        for one in regions()
        if one.level == level
        and validity(one)[1] is None
        and 3 <= len(one.name) <= 7
        and (level == "county" or one.name[-1] == "市")
        and not one.name.startswith("市辖")
    )


@cache
def _provinces() -> tuple[Region, ...]:
    return tuple(one for one in regions() if one.level == "province" and one.name.endswith("省"))


def _short(name: str) -> str:
    return re.sub(r"(?:自治县|林区|特区|[省市县区州盟旗])$", "", name) if len(name) > 2 else name
