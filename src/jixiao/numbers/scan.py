"""Numbers with their units in a view text: one pass of one pattern, then assembly.

The pattern's first alternatives consume what states no number (:mod:`.exclusions`); the later ones
find numbers. Every unbounded part is guarded on its left, so that no input makes the pass take more
than linear time. Only single characters repeat possessively: before CPython 3.11.5 a possessive
group could leave wrong captures behind (gh-106052).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from jixiao.errors import NumberError
from jixiao.exact import CONTEXT, fraction, plain, product
from jixiao.numbers.exclusions import PATTERNS, STARTS
from jixiao.numbers.lexicon import (
    CHINESE_DIGITS,
    CHINESE_RUN,
    MULTIPLIER,
    Unit,
    bounds,
    rate_pattern,
    rate_unit,
    stop_names,
    trie_pattern,
    unit_pattern,
    units,
)
from jixiao.numbers.numerals import DIGITS, parse_number
from jixiao.records import Bound
from jixiao.resources import table_cache

_SPACE: Final = "[ \u3000]{0,2}+"
_ARABIC: Final = (
    r"(?:\d{1,3}(?:，\d{3}(?!\d))+\.\d++|\d{1,3}(?:,\d{3}(?!\d))+(?:\.\d+)?"
    # GB/T 15835 also separates thousands by a blank; 表3 125家 is two numbers.
    r"|(?<![\d表图第件注式.、）)])\d{1,3}(?: \d{3}(?!\d))+(?:\.\d+)?(?=[元万亿])|\d++(?:\.\d+)?)"
)
_CURRENCIES: Final = {"¥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
# Longer numerals are refused anyway; the bound keeps a run of 20,000 numerals cheap.
_LONGEST_RUN: Final = 40
_HUNDREDTH: Final = {"百": Decimal(1), "千": Decimal("0.1"), "万": Decimal("0.01")}


class Mention:
    """A number as found: view offsets, and what its surface alone tells.

    ``number`` and ``scale`` are kept until the unit is known: an elided unit (``12.5、30和7.8万元``)
    arrives later.
    """

    __slots__ = ("bound", "end", "high", "number", "per", "rule", "scale", "start", "unit")

    def __init__(self, start: int, end: int, number: Decimal | None, unit: Unit | None) -> None:
        self.start = start
        self.end = end
        self.number = number
        self.high: Decimal | None = None
        self.scale = Decimal(1)
        self.unit = unit
        self.per = ""
        self.bound: Bound = "="
        self.rule = "number.unit"


class Oddity(NamedTuple):
    """Something in the text that reads like a number and cannot be read as one."""

    code: str
    message: str
    start: int
    end: int


@table_cache()
def scanner() -> re.Pattern[str]:
    """Return the pattern of the pass; the last group matched names what was found."""
    unit = unit_pattern()
    arabic = (
        rf"{_ARABIC}(?:{_SPACE}{MULTIPLIER}{{1,3}}"
        rf"(?:零?{_ARABIC}{MULTIPLIER}{{1,2}}){{0,3}}(?:零?{_ARABIC}(?={unit}))?)?"
    )
    run = f"{CHINESE_RUN}{{1,{_LONGEST_RUN}}}"
    chinese = rf"{run}(?:点[{CHINESE_DIGITS}]+[万亿]?)?"
    scaled = rf"{MULTIPLIER}{{0,2}}"
    rate = rate_pattern()
    range_ahead = rf"(?=[至到~-][{CHINESE_DIGITS}十\d])"
    signs = "".join(_CURRENCIES)
    alternatives = {
        "ratio": rf"(?<![\d.])(?P<ratio_n>{_ARABIC})[:：](?P<ratio_d>{_ARABIC})(?![\d:：])",
        "skip": f"{'|'.join(PATTERNS.values())}|{trie_pattern(stop_names())}",
        "rank": rf"第{_SPACE}(?P<rank_n>\d++|{run})(?:{_SPACE}[名位])?",
        "top": rf"前{_SPACE}(?P<top_n>\d{{1,2}}+|{CHINESE_RUN}{{1,3}})(?:{_SPACE}(?P<top_u>[名位强]))?"
        r"(?![\d年月日天个季周期届批轮次项家小十百])",
        "first": "首位",
        "part": rf"(?<!{CHINESE_RUN})(?P<part_d>百|千|{run})分之"
        rf"(?P<part_n>{chinese}|{_ARABIC})(?:[至到~-](?P<part_h>{chinese}|{_ARABIC})(?!分之))?",
        "tenths": r"(?P<tenths_n>[一二两三四五六七八九])成(?P<tenths_f>[一二三四五六七八九半]?)"
        r"(?![为效果员功立本绩熟都长分就交型片群人品套名色因份])",
        "half": "(?:一半|半数)(?:(?=[^\u4e00-\u9fff]|以上|以下|左右|多|的|$)|(?<=[近约超过到占]..))",
        "discount": r"(?P<discount_n>\d(?:\.\d)?|[一二三四五六七八九]{1,2})折"
        r"(?=[^\u4e00-\u9fff]|优惠|的|出|销|供|收|计|$)",
        "doubled": "翻了?(?P<doubled_n>[一两二三四])番",
        # 10..1万元, 1.2.3元; 12,34万元, 1234,567元: no numeral, though a unit follows.
        "bad": r"(?<![\d.])\d++(?:\.\.++\d++|\.\d++\.\d++|\.(?!\d))[\d.]*+"
        rf"{scaled}{_SPACE}(?P<bad_u>{unit})"
        r"|(?<![\d.,])(?!\d{1,3}(?:,\d{3})+(?!\d))\d++(?:,\d+)+(?:\.\d+)?"
        rf"{scaled}(?P<bad_c>元|%)",
        "arabic": rf"(?P<sign>[{signs}])?{_SPACE}(?<![\d.])(?P<a_n>{arabic})(?P<a_i>[余多几]|来(?=[万亿]?{unit}))?"
        rf"(?P<a_m>{scaled}){_SPACE}(?P<a_u>{unit}{rate})?",
        "chinese": rf"(?:(?<!{CHINESE_RUN}|第|唯)|(?<=唯一))(?P<c_n>{chinese})(?P<c_i>[余多几来])?"
        rf"(?P<c_m>{scaled})(?P<c_u>{unit}{rate}|{range_ahead})",
    }
    parts = "|".join(f"(?P<{name}>{pattern})" for name, pattern in alternatives.items())
    starts = f"第前翻首双半{signs}{STARTS}{CHINESE_DIGITS}廿卅百千万亿拾佰仟萬億"
    return re.compile(rf"(?=[{starts}])(?:{parts})")


def scan(text: str, start: int = 0, end: int | None = None) -> tuple[list[Mention], list[Oddity]]:
    """Return the numbers of a view text in order, and what could not be read.

    A number without a unit is returned too (``unit`` None): only its surroundings (a range, a list,
    a table) can say what it counts, and the caller drops what stays without.
    """
    mentions: list[Mention] = []
    oddities: list[Oddity] = []
    for found in scanner().finditer(text, start, len(text) if end is None else end):
        kind = found.lastgroup
        if kind == "skip":
            continue
        mention = _READERS[kind or ""](text, found)
        if mention is None:
            continue
        if mention.number is None:
            where = mention.start, mention.end
            oddities.append(
                Oddity("number_malformed", f"not a numeral: {text[slice(*where)]}", *where)
            )
        last = mentions[-1] if mentions else None
        if last and _joins_range(text, last, mention):
            _join_range(last, mention)
        elif last and _joins_change(last, mention):
            _join_change(last, mention)
        else:
            mentions.append(mention)
    return mentions, oddities


def _read_bad(_text: str, found: re.Match[str]) -> Mention | None:
    """Keep a malformed numeral with its unit and without a value; 3.2.1节 is a section."""
    surface = found.group("bad_u") or found.group("bad_c")
    return None if surface in _SECTIONS else Mention(*found.span(), None, rate_unit(surface)[0])


_SECTIONS: Final = frozenset({"节", "条", "款", "项", "类", "版", "期", "部", "批"})


def _read_arabic(text: str, found: re.Match[str]) -> Mention | None:
    sign, numeral, infix, multiplier, surface = found.group("sign", "a_n", "a_i", "a_m", "a_u")
    number = _number(numeral, multiplier)
    if number is None:
        return None
    start = found.start("a_n")
    if surface:
        unit, per = rate_unit(surface)
        if surface == "元" and start >= 2:
            unit = _FOREIGN.get(text[start - 2 : start], unit)
        mention = Mention(start, found.end(), number, unit)
        mention.per = per
        _take_inner(mention, surface)
    elif sign:
        mention = Mention(start, found.end("a_m"), number, units()[_CURRENCIES[sign]])
        if text.startswith("/", mention.end):
            # $5/公斤: the sign is the unit, the rate stands behind the number.
            rate = _rate().match(text, mention.end)
            if rate:
                mention.per = rate_unit(f"{_CURRENCIES[sign]}{rate.group()}")[1]
                mention.end = rate.end()
    else:
        after = found.end("a_m")
        if text[after : after + 1].isascii() and text[after : after + 1].isalpha():
            return None
        mention = Mention(start, after, number, None)
        mention.scale = _scale(numeral, multiplier)
    if sign:
        mention.start = found.start("sign")
    _set_bound(text, mention, infix)
    if start and text[start - 1] in "-负":
        _set_sign(text, mention)
    return mention


@table_cache()
def _rate() -> re.Pattern[str]:
    return re.compile(rate_pattern())


def _take_inner(mention: Mention, surface: str) -> None:
    """Read what stands inside a unit: 三个半小时 is 3.5 小时, 5个多月 more than 5."""
    if "半" in surface and mention.number is not None:
        mention.number = CONTEXT.add(mention.number, _HALF)
    elif "多" in surface:
        mention.bound = ">"


_HALF: Final = Decimal("0.5")

# 港币50万元: the currency stands before the number.
_FOREIGN: Final = {
    "港币": Unit("MONEY", "HKD", Decimal(1)),
    "港元": Unit("MONEY", "HKD", Decimal(1)),
    "美元": Unit("MONEY", "USD", Decimal(1)),
    "美金": Unit("MONEY", "USD", Decimal(1)),
    "欧元": Unit("MONEY", "EUR", Decimal(1)),
    "日元": Unit("MONEY", "JPY", Decimal(1)),
    "英镑": Unit("MONEY", "GBP", Decimal(1)),
}


def _read_chinese(text: str, found: re.Match[str]) -> Mention | None:
    start = found.start("c_n")
    numeral, surface = found.group("c_n"), found.group("c_u")
    implied = numeral[0] in "百千万亿"
    size = implied and text.startswith("以上", found.end())
    before = text[start - 1 : start] if start else ""
    if before and before in "数几":
        # 数十次, 几百家 count nothing exactly.
        return None
    modifier = _modifier(text, start) if implied else ""
    if implied and not (modifier or size or found.group("c_i")):
        return None
    ends = _CONSECUTIVE.fullmatch(numeral)
    if ends:
        return _read_consecutive(found, ends)
    if numeral == "十" and surface == "分" and before not in _GIVEN:
        # 十分明显: very.
        return None
    number = _number("一" + numeral if implied else numeral, found.group("c_m"))
    if number is None:
        unit = units().get(surface or "")
        malformed = unit is not None and unit.label == "MONEY" and len(numeral) > 1
        return Mention(start, found.end(), None, unit) if malformed else None
    if numeral == "一" and surface and _NEGATED.search(text, max(start - 12, 0), start):
        number = Decimal(0)
    unit, per = rate_unit(surface) if surface else (None, "")
    mention = Mention(start, found.end(), number, unit)
    mention.per = per
    if surface:
        _take_inner(mention, surface)
    if surface == "角" and before != "元":
        # 长三角, 三角: no money.
        return None
    if numeral in ("一", "两") and not _counts(text, mention, surface):
        return None
    _set_bound(text, mention, found.group("c_i"))
    if modifier:
        mention.start -= len(modifier)
        mention.bound = _IMPLIED[modifier]
    elif implied and size:
        # 亿元以上企业: the bound stands for the missing digit.
        mention.end += 2
        mention.bound = "≥"
    elif before == "负":
        mention.start -= 1
        mention.number = -number
    return mention


def _modifier(text: str, start: int) -> str:
    """Return the modifier right before an implied numeral, or an empty string."""
    for length in (2, 1):
        if start >= length and text[start - length : start] in _IMPLIED:
            return text[start - length : start]
    return ""


# 七八个, 三四十家, 十七八人: neighbouring digits name a range.
_CONSECUTIVE: Final = re.compile(
    r"([二三四五六七八九]?十)?([一二两三四五六七八九])([二三四五六七八九])([十百千万亿]*)"
)


_SMALL: Final = frozenset("十百千")


def _read_consecutive(found: re.Match[str], ends: re.Match[str]) -> Mention | None:
    """Read two neighbouring digits as a range; 三五 is the one pair that skips a digit."""
    tens, low, high, power = ends.groups()
    surface = found.group("c_u")
    follows = DIGITS[high] == DIGITS[low] + 1 or (low, high) == ("三", "五")
    if not follows or not surface or (tens and power[:1] in _SMALL):
        return None
    unit, per = rate_unit(surface)
    power += found.group("c_m")
    mention = Mention(found.start("c_n"), found.end(), _number((tens or "") + low, power), unit)
    mention.per, mention.high = per, _number((tens or "") + high, power)
    mention.rule = "number.range"
    return mention


_GIVEN: Final = frozenset("得计扣加满评")


# 近千万元, 上亿元: the numeral stands without its digit, so the modifier belongs to the number.
_IMPLIED: Final[Mapping[str, Bound]] = {
    "近": "≈",
    "约": "≈",
    "上": "≥",
    "达": "≥",
    "过": ">",
    "超": ">",
    "逾": ">",
    "超过": ">",
    "突破": ">",
    "破": ">",
    "将近": "≈",
    "接近": "≈",
    "大约": "≈",
    "不足": "<",
    "不到": "<",
}
# 一 is a number only with units that count things; before these characters it is part of a word.
_ONE_AFTER: Final = frozenset("每某任同另这那哪第统之逐单新上下首头万进专前后唯再又")
_ONE_COUNTS: Final = frozenset("家个项名人件例座所处场块条台套户位宗笔支元亩分")
# 没有发生一起信访事件: a negated count is zero.
_NEGATED: Final = re.compile(
    r"(?:未|没有|没|无|不曾|从未|杜绝)(?:再|有|曾)?(?:发生|出现|发现|收到|接到|产生|查出|裁减|辞退|流失|掉队|落下|遗漏|漏报|造成|引发|存在)?过?$"
)
_EVENTS: Final = re.compile(
    r"(?:未|没有|无|不|零)[^，。；、\n]{0,8}$|(?:发生|查处|处置|立案)[了过]?$"
    r"|(?:事故|事件|案件|纠纷|火灾|疫情)$"
)


def _counts(text: str, mention: Mention, surface: str) -> bool:
    """Tell whether 一 or 两 before a unit is a number (``唯一一家``) or part of a word (``一次次``)."""
    before = text[mention.start - 1 : mention.start] if mention.start else ""
    if text[mention.start] == "两":
        return before not in "这那第" or not before
    if surface in ("起", "次", "件", "例", "宗") and _EVENTS.search(
        text, max(mention.start - 12, 0), mention.start
    ):
        return True
    if surface == "次" and text[mention.end : mention.end + 1] in ("，", "。", "；", "、", ""):
        return before not in _ONE_AFTER or not before
    if surface == "起":
        return False
    if text[max(mention.start - 2, 0) : mention.start] == "唯一":
        return True
    if before == "每":
        # 每一个环节: every; 每一个百分点扣0.5分 is a step.
        return bool(_STEP.match(text, mention.end))
    if before and before in _ONE_AFTER:
        return False
    unit = mention.unit
    if unit is not None and unit.label == "MEASURE":
        return surface[0] in _ONE_COUNTS or states_term(text, mention.start)
    return (
        surface in _ONE_COUNTS
        or surface.startswith("个")
        or (unit is not None and unit.label in ("PERCENT", "RATIO", "MONEY"))
    )


# 工期一年, 为期三年: a time that is stated, where 近一年 and 三年行动 only point.
_TERM: Final = re.compile(
    r"(?:期限?|历时|用时|时长|时限|耗时|满|年限|寿命)(?:为|是|共|约|长达|达)?$"
)


def states_term(text: str, start: int) -> bool:
    """Tell whether the words before a number of years or days say how long something lasts."""
    return _TERM.search(text, max(start - 5, 0), start) is not None


# What is done for each: 每一项扣1分.
_STEP: Final = re.compile(r"[^。；\n]{0,16}?(?:[扣加减计补奖]|得(?!到))[\d一二三四五]")


def _read_rank(text: str, found: re.Match[str]) -> Mention | None:
    """Read 第N where it ranks something; a sequence (第8期) and a name (第三产业) are none.

    Ranks follow a rank word in the clause (位列全省第一), or a region (全省第3), or stand before
    大 + noun (全球第二大). 「比第二名多」 names a comparison.
    """
    start, end = found.span()
    number = _number(found.group("rank_n"), "")
    if number is None or not _RANKED.search(text, max(start - 16, 0), start):
        return None
    if start and text[start - 1] == "比":
        return None
    closed = found.group()[-1] in "名位"
    after = text[end : end + 1]
    if not closed and after and after not in _RANK_END:
        return None
    mention = Mention(start, end, number, Unit("RANK", "rank", Decimal(1)))
    mention.rule = "rank.ordinal"
    return mention


def _read_top(text: str, found: re.Match[str]) -> Mention | None:
    """Read 前三, 前10名 where something is ranked (``居全省前三``): a rank of at most N."""
    number = _number(found.group("top_n"), "")
    if number is None:
        return None
    if not _TOP.search(text, max(found.start() - 14, 0), found.start()):
        # 产值前10位企业: the firms are counted.
        counted = units().get(found.group("top_u") or "")
        return Mention(found.start("top_n"), found.end(), number, counted) if counted else None
    mention = Mention(*found.span(), number, Unit("RANK", "rank", _ONE))
    mention.rule, mention.bound = "rank.top", "≤"
    return mention


_ONE: Final = Decimal(1)
_TOP: Final = re.compile(
    r"(?:位列|位居|稳居|居于?|名列|排名|排在|排|列|位次|跻身|进入?|挺进|迈入|保持|进位|全[国省市区县州盟旗])"
    r"[^，。；、\n]{0,8}$"
)


_RANKED: Final = re.compile(
    r"(?:位列|位居|居于|居|名列|排名|排在|排|列|位次|跻身|升至|上升到|上升至|夺得|获|取得|为|是)(?:[^，。；、\n（）]|（[^（）\n]{1,8}）){0,12}$"
    r"|(?:全[国省市区县州旗球系]|世界|国内|省内|市内|同类|县域)[^，。；、\n]{0,6}$"
)
_RANK_END: Final = frozenset("，。；、）)」”！\n\t ;,.大的和与及")


def _read_half(text: str, found: re.Match[str]) -> Mention | None:
    """Read 一半 and 半数 as the fraction 0.5; 大半数 and 前半 are none."""
    if text[found.start() - 1 : found.start()] in _NOT_HALF:
        return None
    mention = Mention(*found.span(), _HALF, Unit("RATIO", "fraction", _ONE))
    _set_bound(text, mention, None)
    mention.rule = "number.fraction"
    return mention


_NOT_HALF: Final = frozenset("大多前后上下另")


def _read_discount(_text: str, found: re.Match[str]) -> Mention | None:
    """Read 打八折 (80 %), 八五折 and 8.5折 (85 %) as the part of the price that is paid."""
    digits = found.group("discount_n")
    number = _number(digits, "")
    if number is None or not number:
        return None
    if number < 10:
        number = product(number, Decimal(10))
    mention = Mention(*found.span(), number, Unit("PERCENT", "%", _ONE))
    mention.rule = "number.discount"
    return mention


def _read_part(text: str, found: re.Match[str]) -> Mention | None:
    """Read 百分之三十, 千分之五 (PERCENT) and 七分之一 (RATIO, fraction)."""
    whole, numeral = found.group("part_d"), found.group("part_n")
    share = _number("一百" if numeral == "百" else numeral, "")
    if share is None:
        return None
    if whole in _HUNDREDTH:
        unit = Unit("PERCENT", "%", _HUNDREDTH[whole])
        mention = Mention(*found.span(), share, unit)
        _set_bound(text, mention, None)
        upper = found.group("part_h")
        if upper and (high := _number(upper, "")) is not None and high > share:
            mention.high, mention.bound, mention.rule = high, "=", "number.range"
        return mention
    denominator = _number(whole, "")
    if not denominator:
        return None
    mention = Mention(
        *found.span(), fraction(share, denominator), Unit("RATIO", "fraction", Decimal(1))
    )
    _set_bound(text, mention, None)
    mention.rule = "number.fraction"
    return mention


def _read_tenths(text: str, found: re.Match[str]) -> Mention:
    """Read 三成五 (35 %), 两成 (20 %), 五成半 (55 %)."""
    tail = found.group("tenths_f")
    value = Decimal(DIGITS[found.group("tenths_n")] * 10)
    value += 5 if tail == "半" else DIGITS.get(tail, 0)
    mention = Mention(*found.span(), value, Unit("PERCENT", "%", Decimal(1)))
    mention.rule = "number.tenths"
    _set_bound(text, mention, None)
    if mention.bound == "=" and text[mention.end : mention.end + 1] == "多":
        mention.bound = ">"
    return mention


def _read_first(text: str, found: re.Match[str]) -> Mention | None:
    """Read 首位 where it ranks (``居全市首位``), not where it stresses (``摆在首位``)."""
    if not _LISTED_FIRST.search(text, max(found.start() - 12, 0), found.start()):
        return None
    mention = Mention(*found.span(), Decimal(1), Unit("RANK", "rank", Decimal(1)))
    mention.rule = "rank.first"
    return mention


_LISTED_FIRST: Final = re.compile(
    r"(?:位居|稳居|居|位列|列|排名|排)(?:全|[\u4e00-\u9fff]{2,5}[省市县区州])[^，。；、\n]{0,5}$"
)


def _read_ratio(text: str, found: re.Match[str]) -> Mention | None:
    """Read 师生比1:12 as a ratio where a 比 before it says so; elsewhere it is a time or a score."""
    named = _RATIO_NAMED.search(text, max(found.start() - 14, 0), found.start())
    if not named and not _RATIO_SHARED.match(text, found.end()):
        return None
    left, right = _number(found.group("ratio_n"), ""), _number(found.group("ratio_d"), "")
    if left is None or not right:
        return None
    value = left if right == 1 else fraction(left, right)
    mention = Mention(*found.span(), value, Unit("RATIO", "times", Decimal(1)))
    mention.rule = "number.ratio"
    return mention


_RATIO_NAMED: Final = re.compile(r"比(?![赛分如较])[例率值重]?[^，。；\n比]{0,10}$")
_RATIO_SHARED: Final = re.compile(r"的?(?:比例|分担|分成|配套|配比|承担|分摊|出资)")


def _read_doubled(text: str, found: re.Match[str]) -> Mention:
    """Read 翻一番 as a growth of once itself, 翻两番 of three times."""
    times = 2 ** DIGITS[found.group("doubled_n")] - 1
    start = found.start("doubled_n")
    mention = Mention(start, found.end(), Decimal(times), Unit("RATIO", "times", Decimal(1)))
    mention.rule = "number.doubled"
    _set_bound(text, mention, None)
    return mention


_READERS: Final[Mapping[str, Callable[[str, re.Match[str]], Mention | None]]] = {
    "arabic": _read_arabic,
    "chinese": _read_chinese,
    "bad": _read_bad,
    "rank": _read_rank,
    "top": _read_top,
    "discount": _read_discount,
    "part": _read_part,
    "tenths": _read_tenths,
    "half": _read_half,
    "first": _read_first,
    "ratio": _read_ratio,
    "doubled": _read_doubled,
}


@lru_cache(maxsize=16384)
def _number(numeral: str, multiplier: str) -> Decimal | None:
    """Return the value of a numeral and a multiplier after 余 or 多 (5000余万), None if malformed."""
    try:
        value = parse_number(numeral.replace(" ", "").replace("\u3000", ""))
    except NumberError:
        return None
    for char in multiplier:
        value = product(value, _POWERS[char])
    return value


_POWERS: Final = {
    **dict.fromkeys("十拾", Decimal(10)),
    **dict.fromkeys("百佰", Decimal(100)),
    **dict.fromkeys("千仟", Decimal(1000)),
    **dict.fromkeys("万萬", Decimal(10**4)),
    **dict.fromkeys("亿億", Decimal(10**8)),
}


def _scale(numeral: str, multiplier: str) -> Decimal:
    """Return what the multipliers at the end of a number multiply by (``12.73万`` → 10000)."""
    scale = Decimal(1)
    for char in reversed(numeral + multiplier):
        if char not in _POWERS:
            break
        scale *= _POWERS[char]
    return scale


def _set_bound(text: str, mention: Mention, infix: str | None) -> None:
    """Read the bound from the words around a number; prefix before suffix before infix."""
    table = bounds()
    start, end = mention.start, mention.end
    if start and text[start - 1] in table.prefix_last:
        found = table.prefix.search(text, max(start - 8, 0), start)
        if found:
            # 「每超过一个百分点扣0.5分」 names a step, no bound.
            stepped = text[found.start() - 1 : found.start()] == "每" and mention.number == 1
            # 突破3项关键技术 is a breakthrough in them.
            stepped |= found.group(1) == "突破" and bool(_BREAKTHROUGH.match(text, end))
            mention.bound = "=" if stepped else table.meaning["prefix", found.group(1)]
            return
    if text[end : end + 1] in _SUFFIX_FIRST:
        after = table.suffix.match(text, end)
        if after:
            mention.bound = table.meaning["suffix", after.group(1)]
            if mention.unit is not None and mention.unit.label == "SCORE":
                mention.bound = _OF_SCORES.get(after.group(1), mention.bound)
            return
    if infix:
        mention.bound = table.meaning["infix", infix]
    elif mention.unit is not None and mention.unit.label in _LONG and text[end : end + 1] in _TAILS:
        # 3年多, 18小时内; 3公里内外 and 五年内部 bound nothing.
        if not _NO_BOUND.match(text, end):
            mention.bound = ">" if text[end] == "多" else "≤"
    elif (
        mention.unit is not None
        and mention.unit.label == "MONEY"
        and start >= 2
        and (text[start - 2 : start] in _EXTREMES)
    ):
        # 最高500万元: what is granted goes no further.
        mention.bound = _EXTREMES[text[start - 2 : start]]
    elif "至少" in text[start - 14 : start] and (
        least := _AT_LEAST.search(text, start - 14, start)
    ):
        mention.bound = table.meaning["prefix", least.group(1)]
    elif mention.unit is not None and mention.unit.label in ("RATIO", "PERCENT"):
        # 超过前三年总和的两倍: what is multiplied stands between the bound and the number.
        of_what = _BOUND_OF.search(text, max(start - 20, 0), start)
        if of_what:
            mention.bound = table.meaning[
                "prefix", _BOUND_WORDS.get(of_what.group(1), of_what.group(1))
            ]


# 60（含）-80分为中, 60分以下为差: the bands of 财预〔2020〕10号 leave the limit out. Elsewhere 以下
# includes it (民法典 第一千二百五十九条).
_OF_SCORES: Final[Mapping[str, Bound]] = {"以下": "<"}
_LONG: Final = frozenset({"MEASURE", "RATIO"})
_TAILS: Final = frozenset("多内")
_NO_BOUND: Final = re.compile(r"多[元样种个家次项名年层边方功媒]|内[外部容在设涵陆河]")
_BREAKTHROUGH: Final = re.compile(r"[\u4e00-\u9fff“”]{0,8}(?:技术|难题|瓶颈|工艺|难关)")
_BOUND_OF: Final = re.compile(
    r"(不超过|不高于|不低于|不少于|超过|超出|突破|接近|不到|不足|约为|约占)[^，。；、\n\d]{1,14}的$"
)
_BOUND_WORDS: Final = {"约占": "约"}
# 每院至少配备全科医生2名: what is done stands between.
_AT_LEAST: Final = re.compile(r"(至少|最多)[^，。；、\n\d]{2,12}$")
_EXTREMES: Final[Mapping[str, Bound]] = {"最高": "≤", "最多": "≤", "最低": "≥"}
_SUFFIX_FIRST: Final = frozenset("以左上之及还（( ")
_BEFORE_MINUS: Final = re.compile(r"[\dA-Za-z%）)]")


def _set_sign(text: str, mention: Mention) -> None:
    """Take a printed minus (``-3.2%``, ``负3.2%``) into the number; a hyphen joins, it is none."""
    before = text[mention.start - 1]
    if mention.number is None:
        return
    if before == "-" and mention.start > 1 and _BEFORE_MINUS.match(text, mention.start - 2):
        return
    mention.start -= 1
    mention.number = -mention.number


def _joins_change(whole: Mention, part: Mention) -> bool:
    """Tell whether two neighbours are one amount: ``3元5角``, ``120元8角5分``."""
    return (
        whole.end == part.start
        and whole.unit is not None
        and part.unit is not None
        and whole.number is not None
        and part.number is not None
        and whole.unit.unit == "CNY"
        and part.unit.unit == "CNY"
        and part.unit.scale < whole.unit.scale
        and part.number < 10
    )


def _join_change(whole: Mention, part: Mention) -> None:
    """Take 角 behind 元 into the amount."""
    if whole.number is None or part.number is None or part.unit is None:
        return
    whole.number = plain(CONTEXT.add(whole.number, product(part.number, part.unit.scale)))
    whole.end = part.end


_RANGE: Final = re.compile(r"(?:（含）|\(含\))?[ ]?(?:[-~至到]|--)[ ]?")


def _joins_range(text: str, low: Mention, high: Mention) -> bool:
    """Tell whether two neighbours are one range: ``10-20家``, ``80%（含）-90%``, ``3至5家``."""
    if high.start - low.end > 6 or low.high is not None or not high.unit:
        return False
    if low.number is None or high.number is None:
        return False
    if low.unit is not None and low.unit.label != high.unit.label:
        return False
    # The hyphen of 10-20 was first taken for a minus.
    start = high.start + (high.number < 0 and text[high.start] == "-")
    between = text[low.end : start]
    return bool(between) and bool(_RANGE.fullmatch(between)) and abs(high.number) > low.number


def _join_range(low: Mention, high: Mention) -> None:
    """Make ``low`` the whole range. A lower end without unit or multiplier takes the upper's."""
    number, upper = low.number or Decimal(0), abs(high.number or Decimal(0))
    if low.unit is None and high.rule == "number.tenths":
        number *= 10
    elif low.unit is None and low.scale == 1 and upper >= 10**4 and number < 10**4:
        scale = _trailing_scale(upper, number)
        number = product(number, scale)
    low.number, low.high = plain(number), plain(upper)
    low.unit, low.per, low.end = high.unit, high.per, high.end
    low.bound, low.rule = "=", "number.range"


def _trailing_scale(upper: Decimal, number: Decimal) -> Decimal:
    """Return the multiplier that 「3-5万」 gives its lower end: the largest that keeps it below."""
    for power in (Decimal(10**8), Decimal(10**4)):
        if upper >= power and product(number, power) < upper:
            return power
    return Decimal(1)
