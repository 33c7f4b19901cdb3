"""Chinese administrative divisions: look-up, full names, and finding them in a text.

The table ``regions.csv`` holds the provinces, prefectures and counties of GB/T 2260 as they stood
from the end of 2000 on; Hong Kong, Macao and Taiwan are there as provinces only, and functional
zones (开发区, 管理区) are not there at all. Reports are historical, so a division that was
dissolved, renamed or given another code keeps its row: ``valid_from`` and ``valid_to`` (year,
month or day, as known) say when it held. An empty ``valid_from`` means "already at the end of
2000", an empty ``valid_to`` "still". In the year of a change the old and the new division both
hold, since a report of that year may carry either name.

Nothing is read before the first look-up.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, cast

from jixiao.resources import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Level = Literal["province", "prefecture", "county"]

_DEPTH: Final[dict[Level, int]] = {"province": 0, "prefecture": 1, "county": 2}
_OPEN: Final = 9999
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Region:
    """One administrative division under one name.

    Parameters
    ----------
    code
        Six-digit code of GB/T 2260. A division that was renamed keeps it, and a few were given
        away again: it takes code and name to tell divisions apart.
    name
        Its own full name, without those of the divisions it lies in (``君山区``).
    level
        A county-level city counts as a county; a district of a municipality does too.
    parent
        Code of the division it lies in: the prefecture, or the province where there is none.
    """

    code: str
    name: str
    level: Level
    parent: str | None


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of ``regions.csv``, indexed."""

    validity: dict[Region, tuple[str, str]]
    by_code: dict[str, tuple[Region, ...]]
    by_name: dict[str, tuple[Region, ...]]


@cache
def _table() -> _Table:
    validity: dict[Region, tuple[str, str]] = {}
    by_code: dict[str, tuple[Region, ...]] = {}
    by_name: dict[str, tuple[Region, ...]] = {}
    lines = csv.reader(read_text("regions.csv").splitlines())
    next(lines)
    for code, name, level, parent, since, until, _ in lines:
        region = Region(code, name, cast("Level", level), parent or None)
        validity[region] = since, until
        by_code[code] = (*by_code.get(code, ()), region)
        by_name[name] = (*by_name.get(name, ()), region)
    return _Table(validity, by_code, by_name)


# Look-up ------------------------------------------------------------------------------------------


def regions() -> tuple[Region, ...]:
    """Return every division of the table, by code, the older before the newer."""
    return tuple(_table().validity)


def by_code(code: str, *, year: str | None = None) -> Region | None:
    """Return the division with a code: the newest under it, or the one of ``year``.

    >>> by_code("420600").name, by_code("420600", year="2008").name
    ('襄阳市', '襄樊市')
    """
    rows = _table().by_code.get(code, ())
    if year is not None:
        rows = tuple(row for row in rows if existed(row, year)) or rows
    return rows[-1] if rows else None


def by_name(name: str) -> tuple[Region, ...]:
    """Return the divisions that bear exactly this full name, dissolved ones too.

    >>> [region.code for region in by_name("鼓楼区")]
    ['320106', '320302', '350102', '410204']
    """
    return _table().by_name.get(name, ())


def is_word(name: str) -> bool:
    """Whether the name of a division is an ordinary word as well (``城区``, ``平安县``)."""
    return name in _ORDINARY


def by_short_name(name: str) -> tuple[Region, ...]:
    """Return the divisions this is a short name of (``岳阳``, ``黔西南州``, ``黔西南``).

    >>> [region.name for region in by_short_name("黔西南")]
    ['黔西南布依族苗族自治州']
    """
    return _short_index().get(name, ())


def validity(region: Region) -> tuple[str | None, str | None]:
    """Return when a division came into being and when it ended, as far as the table says.

    >>> validity(by_code("330104"))
    (None, '2021-03-11')
    """
    since, until = _table().validity.get(region, ("", ""))
    return since or None, until or None


def existed(region: Region, year: str) -> bool:
    """Whether a division held at some time in a year.

    >>> existed(by_code("371200"), "2018"), existed(by_code("371200"), "2019")
    (True, False)
    """
    since, until = _span(region)
    return since <= int(year[:4]) <= until


def enclosing(region: Region, level: Level) -> Region | None:
    """Return the division of a level that ``region`` lies in (itself if it is of that level).

    There is none where the level is skipped: 海淀区 and 仙桃市 lie in no prefecture. Of an encloser
    that was renamed, the name is returned that held last while ``region`` held.

    >>> enclosing(by_code("430611"), "prefecture").name
    '岳阳市'
    """
    current: Region | None = region
    while current is not None and _DEPTH[current.level] > _DEPTH[level]:
        current = _parent(current, region, None)
    return current if current is not None and current.level == level else None


def full_name(region: Region, *, year: str | None = None) -> str:
    """Return the name a report gives the division: a district with its city, else its own name.

    ``year`` picks the name the city bore then, where it was renamed.

    >>> full_name(by_code("430611")), full_name(by_code("430981"))
    ('岳阳市君山区', '沅江市')
    >>> full_name(by_code("420602"), year="2008")
    '襄樊市襄城区'
    """
    if region.level == "county" and region.name.endswith("区") and not _NO_DISTRICT(region.name):
        city = _parent(region, region, year)
        if city is not None and city.name.endswith("市"):
            return city.name + region.name
    return region.name


_NO_DISTRICT: Final = re.compile(r".*[林特]区").fullmatch


def _span(region: Region) -> tuple[int, int]:
    since, until = _table().validity.get(region, ("", ""))
    return int(since[:4]) if since else 0, int(until[:4]) if until else _OPEN


def _parent(region: Region, contemporary: Region, year: str | None) -> Region | None:
    """Return the parent of ``region`` under the name it had in ``year``, else beside another."""
    rows = _table().by_code.get(region.parent, ()) if region.parent is not None else ()
    if len(rows) > 1 and year is not None:
        rows = tuple(row for row in rows if existed(row, year)) or rows
    if len(rows) > 1:
        until = _span(contemporary)[1]
        rows = tuple(row for row in rows if _span(row)[0] < until) or rows[:1]
    return rows[-1] if rows else None


def _inside(region: Region, code: str) -> bool:
    """Whether a division is the one with a code or lies in it."""
    return code in (region.code, region.parent, region.code[:2] + "0000")


# Short names --------------------------------------------------------------------------------------

_WITHOUT_TRIBE: Final = "蒙古|维吾尔|哈萨克|柯尔克孜|锡伯|塔吉克|鄂伦春"
_NATION: Final = (
    "(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|"
    "东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|"
    f"保安|裕固|独龙|鄂伦春|各)族|{_WITHOUT_TRIBE})"
)
_NATIONAL: Final = f"(.+?){_NATION}+(?:自治([州县旗])|区)|(东乡|鄂温克|鄂伦春)族?自治([县旗])"
_KIND: Final = "(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|地区|新区|[矿林特]区|[省市县区旗盟])$"
_CUSTOMARY: Final[dict[str, tuple[str, ...]]] = {
    "锡林郭勒盟": ("锡盟",),
    "巴音郭楞蒙古自治州": ("巴州",),
    "博尔塔拉蒙古自治州": ("博州",),
    "克孜勒苏柯尔克孜自治州": ("克州",),
    "喀喇沁左翼蒙古族自治县": ("喀左县", "喀左"),
    "前郭尔罗斯蒙古族自治县": ("前郭县", "前郭"),
    "杜尔伯特蒙古族自治县": ("杜蒙县", "杜蒙"),
    "莫力达瓦达斡尔族自治旗": ("莫旗",),
    "达尔罕茂明安联合旗": ("达茂旗",),
}
_SIDES: Final = "左右前中后合"  # 土默特左旗 is not called 土默特左


@cache
def _short_index() -> dict[str, tuple[Region, ...]]:
    national, kind = re.compile(_NATIONAL).fullmatch, re.compile(_KIND).search
    found: dict[str, tuple[Region, ...]] = {}
    for name, bearers in _table().by_name.items():
        shorts = _CUSTOMARY.get(name, ())
        if ("自治" in name or "族区" in name) and (match := national(name)) is not None:
            stem = match[1] or match[3]
            shorts += (stem + (match[2] or match[4] or "区"), stem)
        elif name not in _NO_SHORT and (match := kind(name, 2)) is not None:
            stem = name[: match.start()]
            if not (name[-1] == "旗" and stem[-1] in _SIDES):
                shorts += (stem,)
        for short in shorts:
            found[short] = found.get(short, ()) + bearers
    return found


# Resolution ---------------------------------------------------------------------------------------


def resolve_region(
    name: str, *, within: str | None = None, year: str | None = None
) -> Region | None:
    """Return the one division a name refers to.

    Parameters
    ----------
    name
        A full name, a compound (``岳阳市君山区``, ``湖南省岳阳市``, ``南京鼓楼区``) or a short
        name.
    within
        Code of a division; only what lies in it (or is it) comes into question.
    year
        Of several namesakes those count that held in this year; if none did, the year is ignored,
        since reports go on using old names.

    Returns
    -------
    Region or None
        ``None`` for an unknown name and for one that several divisions bear. A division that took
        over name and place of an earlier one is not another: the newer is returned (or the one of
        ``year``). A short name that a city shares with a county inside it is the city's, and one
        that a province shares with smaller divisions elsewhere is the province's.

    Examples
    --------
    >>> resolve_region("鼓楼区") is None, resolve_region("鼓楼区", within="320100").code
    (True, '320106')
    >>> resolve_region("岳阳").name, resolve_region("三元区", year="2019").code
    ('岳阳市', '350403')
    """
    name = name.strip()
    if not 1 < len(name) <= _LONGEST_NAME:
        return None
    for meant in (by_name, _compound, by_short_name):
        candidates = [each for each in meant(name) if within is None or _inside(each, within)]
        if candidates:
            return _choose(candidates, year)
    return None


def _compound(name: str) -> tuple[Region, ...]:
    """Return the divisions that a name made of two or more names, outermost first, may mean."""
    found: dict[Region, None] = {}
    for cut in range(2, len(name) - 1):
        outer = by_name(name[:cut]) or by_short_name(name[:cut])
        if outer:
            rest = name[cut:]
            inner = by_name(rest) or _compound(rest) or by_short_name(rest)
            found.update(dict.fromkeys(_strictly_inside(inner, outer)))
    return tuple(found)


def _strictly_inside(inner: Iterable[Region], outer: Sequence[Region]) -> list[Region]:
    codes = {each.code for each in outer}
    return [
        each
        for each in inner
        if each.code not in codes and any(_inside(each, code) for code in codes)
    ]


def _choose(candidates: Sequence[Region], year: str | None) -> Region | None:
    """Return the one candidate that is meant, if it is clear which."""
    if len(candidates) > 1:
        if year is not None:
            candidates = [each for each in candidates if existed(each, year)] or candidates
        candidates = _newest(candidates)
    if len(candidates) == 1:
        return candidates[0]
    for region in candidates:
        if all(_inside(other, region.code) for other in candidates):
            return region
    provinces = [each for each in candidates if each.level == "province"]
    return provinces[0] if len(provinces) == 1 else None


def _newest(candidates: Sequence[Region]) -> list[Region]:
    """Drop every candidate that a namesake in the same province followed in the year it ended."""
    return [
        old
        for old in candidates
        if not any(
            old.code[:2] == new.code[:2] and _span(old)[1] == _span(new)[0] for new in candidates
        )
    ]


# Finding ------------------------------------------------------------------------------------------

# Division names that are ordinary words as well: they count only behind the name of their city.
_ORDINARY_NAMES: Final = """
    城区 郊区 市郊区 矿区 市区 新区 东区 西区 市中区 城中区 新城区 老城区 古城区 山城区 新市区
    北市区 南市区 东市区 西市区 中市区 城北区 城南区 城东区 城西区 城关区 城厢区
    东郊区 南郊区 北郊区 西郊区 站前区 北站区 中站区 港口区 海港区
    解放区 振兴区 新兴区 回民区 老边区 平安区 平安县 富裕县 富民县
"""
_ORDINARY: Final = frozenset(_ORDINARY_NAMES.split())
_NO_SHORT: Final = _ORDINARY | {"井陉矿区"}  # 井陉 is the county beside it
# Ends of district names that are words themselves (陕西|山区, 上海|城区) ...
_WORDS: Final = "城区 山区 湖区 东区 西区 南区 北区 港区 新区 园区 林区 景区 老区 库区 牧区 农区"
_WORD_TAILS: Final = frozenset(_WORDS.split())
# ... and first characters that join the word before them as easily (沿|海城区, 集|中山区).
_WORD_HEADS: Final = frozenset("东西南北中上下海江河湖云平新")
# Whole names that are easily the end of other words (创新|和县级, 党政|和县直, 市|公安|县级).
_FRAGILE: Final = frozenset(("新和县", "政和县", "西和县", "南和县", "公安县"))
_TWO, _THREE = 2, 3  # characters of a name
_LONGEST_SHORT: Final = 5
_JOINTS: Final = frozenset("、和及与或\uff0c,")
_OPENERS: Final = frozenset("在到至于由是与及和从赴原")
_NOT_AFTER_TWO: Final = frozenset("级域区市乡处长委直内外")

_LAST: Final = re.compile("[省市县区州旗盟]")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_NO_END: Final = re.compile("区(?:[域间块]|位(?![于居列处]))|市场")


@dataclass(slots=True)
class _Found:
    """A span, what it may refer to, and what was found before the last name was added to it."""

    start: int
    end: int
    candidates: Sequence[Region]
    before: _Found | None = None


@dataclass(frozen=True, slots=True)
class _Name:
    """A full name: who bears it, and how easily it is part of ordinary words."""

    bearers: tuple[Region, ...]
    ordinary: bool  # is a word
    two: bool  # has two characters
    word_tail: bool  # its end is a word and its first character may belong to the one before
    fragile: bool  # is often the end of other words
    rest: tuple[Region, ...]  # who bears the name that is left without the first character


@cache
def _name(name: str) -> _Name:
    two, names = len(name) == _TWO, _table().by_name
    word_tail = len(name) == _THREE and name[1:] in _WORD_TAILS
    return _Name(
        bearers=names[name],
        ordinary=name in _ORDINARY,
        two=two,
        word_tail=word_tail,
        fragile=two or name in _FRAGILE or (word_tail and name[0] in _WORD_HEADS),
        rest=names.get(name[1:], ()),
    )


def find_regions(
    text: str, *, context: str | None = None, year: str | None = None
) -> list[tuple[int, int, Region]]:
    """Return the full names of divisions in a text, leftmost and longest first.

    Names that follow one another without a gap, each inside the one before
    (``湖南省岳阳市君山区``), are one span and mean the innermost division. A name that several
    divisions bear is returned only if such a neighbour, a short name right before it
    (``南京鼓楼区``: the span is ``鼓楼区``), a sibling before it (``南京市玄武区、鼓楼区``),
    ``context`` or ``year`` decides which is meant; a name that is an ordinary word too (``城区``,
    ``市中区``, ``解放区``) only behind the full name of its city or a sibling. Two-character names
    (``和县``) and the like need a word boundary before them, and a name that runs on into another
    word (``江北区域``, ``长沙市场``) is none. The time taken is linear in the length of the text.

    Parameters
    ----------
    text
        The text to search.
    context
        Code of the division the text is about; of several namesakes those inside it are preferred.
    year
        The year the text is about; of several namesakes those that held then are preferred.

    Returns
    -------
    list of (int, int, Region)
        Start and end (code points, end exclusive) and the division, in the order of the text.

    Examples
    --------
    >>> [(start, end, region.code) for start, end, region in find_regions("沅江市和岳阳市君山区")]
    [(0, 3, '430981'), (4, 10, '430611')]
    """
    found: list[_Found] = []
    for start, end in _occurrences(text):
        last = found[-1] if found else None
        name = _name(text[start:end])
        if last is not None and start < last.end:
            continue
        if last is not None and start == last.end:
            inner = _strictly_inside(name.bearers, last.candidates)
            if inner:
                found[-1] = _Found(last.start, end, inner, last)
                continue
        candidates = _acceptable(text, start, end, name)
        if last is not None and len(candidates) != 1 and text[last.end : start] in _JOINTS:
            parents = {each.parent for each in last.candidates}
            beside = [each for each in name.bearers if each.parent in parents]
            candidates = beside or candidates
        if candidates:
            found.append(_Found(start, end, candidates))
    spans: list[tuple[int, int, Region]] = []
    for each in found:
        current: _Found | None = each
        while current is not None:
            region = _in_context(current.candidates, context, year)
            if region is not None:
                spans.append((current.start, current.end, region))
                break
            current = current.before
    return spans


def _in_context(
    candidates: Sequence[Region], context: str | None, year: str | None
) -> Region | None:
    if context is not None and len(candidates) > 1:
        candidates = [each for each in candidates if _inside(each, context)] or candidates
    return _choose(candidates, year)


@cache
def _endings() -> dict[str, tuple[int, ...]]:
    """Return the lengths of the names that end in each pair of characters."""
    lengths: dict[str, set[int]] = {}
    for name in _table().by_name:
        lengths.setdefault(name[-2:], set()).add(len(name))
    return {ending: tuple(sorted(each)) for ending, each in lengths.items()}


def _occurrences(text: str) -> list[tuple[int, int]]:
    """Return where a full name stands in a text, by start, the longer first."""
    names, endings = _table().by_name, _endings()
    found = [
        (end - length, end)
        for end in map(re.Match.end, _LAST.finditer(text))
        for length in endings.get(text[max(end - 2, 0) : end], ())
        if length <= end and text[end - length : end] in names and not _NO_END.match(text, end - 1)
    ]
    found.sort(key=lambda span: (span[0], -span[1]))
    return found


def _acceptable(text: str, start: int, end: int, name: _Name) -> Sequence[Region]:
    """Return what a name that follows no encloser's full name may refer to (nothing: no name)."""
    if name.ordinary or (name.two and text[end : end + 1] in _NOT_AFTER_TWO):
        return ()
    if len(name.bearers) == 1 and not (name.fragile or name.word_tail or name.rest):
        return name.bearers
    inner = _strictly_inside(name.bearers, _places(text, start))
    if inner:
        return inner
    # The first character may end another name: 上海|城区 holds no 海城区, 甘肃|宁县 no 肃宁县.
    overlapped = _places(text, start + 1)
    if overlapped and (name.word_tail or _strictly_inside(name.rest, overlapped)):
        return ()
    if name.fragile and start and _HAN.match(text, start - 1) and text[start - 1] not in _OPENERS:
        return ()
    return name.bearers


def _places(text: str, end: int) -> list[Region]:
    """Return the divisions whose short name ends at a place of the text."""
    places = _short_index()
    return [
        region
        for length in range(2, min(end, _LONGEST_SHORT) + 1)
        for region in places.get(text[end - length : end], ())
    ]
