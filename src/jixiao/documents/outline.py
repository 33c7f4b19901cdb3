"""The numbered outline: headings in every style, as a path for each place of the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from jixiao.documents.blocks import Block
from jixiao.documents.sections import SectionKind, is_section_title, section_kind

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九十")}
_HAN: Final = "[一二三四五六七八九十]{1,3}"
_ARABIC: Final = r"\d{1,2}"
_CIRCLED: Final = {
    **{chr(0x2460 + i): ("①", i + 1) for i in range(20)},
    **{chr(0x2474 + i): ("(1)", i + 1) for i in range(20)},
    **{chr(0x2488 + i): ("1.", i + 1) for i in range(20)},
    **{chr(0x3220 + i): ("(一)", i + 1) for i in range(10)},
}
_ROMAN: Final = {chr(0x2160 + i): i + 1 for i in range(12)}
# 1.5亿元, 2.3 倍: a decimal with its unit is no number of a section.
_UNIT: Final = "[万亿千百元%‰倍个家项公里亩吨人名岁年月日天分次件台套户所座米GMk](?![目员析度类别])"
# Numbering styles; GB/T 9704—2012 names 一、 （一） 1. （1） in this order, but reports mix them, so
# that levels come from the order in which styles open inside one another.
_STYLES: Final = (
    ("第一部分", re.compile(rf"第({_HAN}|{_ARABIC})(?:部分|篇)[ \u3000、，:：]?")),
    ("第一章", re.compile(rf"第({_HAN}|{_ARABIC})章[ \u3000、，:：]?")),
    ("第一节", re.compile(rf"第({_HAN}|{_ARABIC})节[ \u3000、，:：]?")),
    # 第一、二产业 counts nothing.
    ("第一、", re.compile(rf"第({_HAN})、(?![一二三四五六七八九十])")),
    (
        "一、",
        re.compile(
            rf"({_HAN})[ \u3000]?[、.．，](?![一二三四五六七八九十][、季月级线产类等期批轮档])"
        ),
    ),
    ("(一)", re.compile(rf"[（(〔][ \u3000]?({_HAN})[ \u3000]?[）)〕][、.．]?")),
    ("(一)", re.compile(rf"({_HAN})[）)][、.．]?")),
    ("(1)", re.compile(rf"[（(][ \u3000]?({_ARABIC})[ \u3000]?[）)][、.．]?")),
    ("1)", re.compile(rf"({_ARABIC})[）)][、.．]?")),
    ("1.1.1", re.compile(rf"\d{{1,2}}\.\d{{1,2}}\.({_ARABIC})[、.．]?(?![\d.])")),
    ("1.1", re.compile(rf"\d{{1,2}}\.({_ARABIC})(?![\d.])(?![ \u3000]?{_UNIT})[、．]?")),
    ("1.", re.compile(rf"({_ARABIC})[ \u3000]?(?:[、．]|\.(?!\d{{1,3}}(?!\d)))")),
    ("A.", re.compile(r"([A-Z])[、.．)）](?=[ \u3000]?[\u4e00-\u9fff])")),
    ("a.", re.compile(r"([a-z])[、.．)）](?=[ \u3000]?[\u4e00-\u9fff])")),
    ("Ⅰ、", re.compile(r"([Ⅰ-Ⅻ])[ \u3000]?[、.．]")),
)
# 「1 项目概况」 without a mark is a heading only where it is short.
_UNMARKED: Final = re.compile(
    rf"({_ARABIC})[ \u3000]{{1,4}}(?=[\u4e00-\u9fff])(?!{_UNIT}|[余多来是])"
)
_MAX_UNMARKED: Final = 20
# The styles that can begin with a character.
_BY_FIRST: Final = {
    first: tuple(pair for pair in _STYLES if pair[1].pattern.startswith(begins))
    for firsts, begins in (
        ("第", "第"),
        ("（(〔", "[（("),
        ("一二三四五六七八九十", f"({_HAN})"),
        ("0123456789", (f"({_ARABIC})", r"\d")),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "([A-Z])"),
        ("abcdefghijklmnopqrstuvwxyz", "([a-z])"),
        ("".join(_ROMAN), "([Ⅰ-Ⅻ])"),
    )
    for first in firsts
}
_BLANK: Final = " \u3000\t"
# The same list in another style: 4、 after 三、, （2） after （一）.
_SLIPS: Final = {"1.": "一、", "一、": "1.", "(1)": "(一)", "(一)": "(1)"}
_MAX_HEADING: Final = 45
_MAX_STOPPED: Final = 20
_RUN_IN: Final = re.compile(r"([^。：:；;！!，,]{2,24})[。：:]")
# Duties and enumerations, and amounts: 「负责引进国外和国内工作。」, 「一是…」, 「基本支出309.93万元」.
_NO_HEADING: Final = re.compile(
    r"负责|承办|承担|参与|拟订|[一二三四五六七八九十]是|[^。：:]*?\d[\d,.]*[ ]?(?:[万亿]?元|%|个百分点|[万亿])"
)
# A line that begins another part of the file: the report behind its form, an annex, a score table.
_PART: Final = re.compile(
    r"(?:附件|附表)[\d一二三四五六七八九十]{0,2}[：:]?|[^，。；：:《]{0,40}"
    r"(?:(?:绩效|自评|评价)[^，。；：]{0,8}(?:报告|[表书]))(?:[（(].{1,10}[）)])?"
)
_CONTENTS: Final = re.compile(r"目[ \u3000]*[录次]")
_PAGE: Final = r"[-—（(]?[ \u3000]?(?:\d{1,3}|[IVXivxⅠ-Ⅻ]{1,5})[ \u3000]?[-—）)]?"
_LEADERS: Final = re.compile(rf"(?:[.．…·‥]{{3,}}|\t)[ \u3000]*{_PAGE}$")
_PAGED: Final = re.compile(rf".{{2,60}}?[ \u3000.．…·-]*{_PAGE}")
_MAX_CONTENTS: Final = 100
_PART_ENDS: Final = frozenset("告表书）)件：:0123456789一二三四五六七八九十")
_MAX_PART: Final = 50
_NEAR: Final = 3
_UNNUMBERED: Final = ""
_LEAST_CONTENT: Final = 20
_MAX_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: view offsets of its line, its level (0 outermost), its number and its text.

    ``number`` is the list number as it is printed (``（一）``), empty where there is none.
    """

    start: int
    end: int
    level: int
    text: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ListNumber:
    """The number at the beginning of a line: its style, its value, and where the text begins."""

    style: str
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """Headings, and for every place the path from the outermost one down to it."""

    headings: Sequence[Heading] = ()
    starts: Sequence[int] = ()
    paths: Sequence[tuple[str, ...]] = ()

    def path(self, position: int) -> tuple[str, ...]:
        """Return the headings over a view position, outermost first; empty before the first."""
        index = bisect_right(self.starts, position) - 1
        return self.paths[index] if index >= 0 else ()

    def kind(self, position: int) -> SectionKind | None:
        """Return what the section around a view position is about, None where nothing tells."""
        return section_kind(self.path(position))


def list_number(text: str, start: int, end: int) -> ListNumber | None:
    """Return the list number with which the line ``[start, end)`` begins, or None.

    >>> list_number("（二）资金安排", 0, 7)
    ListNumber(style='(一)', value=2, end=3)
    >>> list_number("1.5亿元用于补助", 0, 9) is None
    True
    """
    while start < end and text[start] in _BLANK:
        start += 1
    first = text[start] if start < end else ""
    if first in _CIRCLED:
        style, value = _CIRCLED[first]
        return ListNumber(
            style, value, start + (2 if text[start + 1 : start + 2] in "、.．" else 1)
        )
    for style, pattern in _BY_FIRST.get(first, ()):
        found = pattern.match(text, start, end)
        if found:
            return ListNumber(style, _value(found.group(1)), found.end())
    if (
        first.isdecimal()
        and end - start <= _MAX_UNMARKED
        and (found := _UNMARKED.match(text, start, end))
    ):
        return ListNumber("1.", int(found.group(1)), found.end())
    return None


def _value(numeral: str) -> int:
    """Return the value of a list numeral below 100 or a letter (``十二`` → 12, ``B`` → 2)."""
    if numeral.isdecimal():
        return int(numeral)
    if numeral.isascii():
        return ord(numeral.lower()) - ord("a") + 1
    if numeral in _ROMAN:
        return _ROMAN[numeral]
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _DIGITS[numeral[-1]]
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


@dataclass(slots=True)
class _List:
    """An open list: its style, the number it stands at, that item's heading and its block."""

    style: str
    value: int
    title: str
    block: int


@dataclass(slots=True)
class _Lists:
    """The lists that are open at a place of the text, outermost first.

    ``parted`` tells that a title came after the last number: the lists may go on behind it, as
    behind a table with its title, but a first number begins the outline of another part.
    """

    open: list[_List] = field(default_factory=list)
    parted: bool = False

    def take(self, number: ListNumber, title: str, block: int, announced: bool) -> int:
        """Take in a numbered line and return its level.

        The line continues the innermost list that stands at the number before. A first number opens
        a list inside the current one, unless a list of its style is open and nothing announces a
        new one.
        """
        if self.parted and number.value == 1:
            self.open.clear()
        self.parted = False
        level = self._level(number, block, announced)
        style = self.open[level].style if level < len(self.open) else number.style
        del self.open[level:]
        self.open.append(_List(style, number.value, title, block))
        return level

    def _level(self, number: ListNumber, block: int, announced: bool) -> int:
        levels = range(len(self.open) - 1, -1, -1)
        same = [level for level in levels if self.open[level].style == number.style]
        for level in same:
            if self.open[level].value == number.value - 1:
                return level
        if number.value == 1:
            inside = announced and "." not in number.style[:-1] and len(self.open) < _MAX_DEPTH
            if same and inside and block - self.open[-1].block <= _NEAR:
                return len(self.open)
            return same[0] if same else len(self.open)
        if same:
            ahead = [level for level in same if self.open[level].value < number.value]
            return ahead[0] if ahead else same[0]
        slip = _SLIPS.get(number.style)
        for level in levels:
            if self.open[level].style == slip and self.open[level].value == number.value - 1:
                return level
        return len(self.open)

    def path(self) -> tuple[str, ...]:
        return tuple(item.title for item in self.open if item.title)


def build_outline(
    text: str, blocks: Sequence[Block], title_rows: Collection[tuple[int, int]] = ()
) -> Outline:
    """Return the outline of a view text; an empty one where there are no headings.

    A heading is a numbered line that is short and ends without a full stop, or the short first
    sentence of a numbered paragraph (「1.基本支出。2021年度…」); in tables only the rows of one cell
    count, whose (table, row) are ``title_rows``. Numbered sentences and duties are no headings, but
    they keep the count of their list. A line the file itself marks as a heading is one without a
    number too, and so is a usual title of a section alone on its line (「部门概况」).
    A title in the middle of the text closes all sections; a table of contents is passed over.
    """
    builder = _Builder(text)
    lines = [
        (block, end) for block in blocks if (end := _line_end(text, block, title_rows)) is not None
    ]
    lines = _without_contents(text, lines)
    numbers = [list_number(text, block.start, end) for block, end in lines]
    for place in _section_titles(text, lines, numbers):
        numbers[place] = ListNumber(_UNNUMBERED, 1, lines[place][0].start)
    for place, (block, end) in enumerate(lines):
        number = numbers[place]
        if number is None or block.level is not None:
            below = lines[place + 1] if number is None and place + 1 < len(lines) else None
            # A title over two lines, both marked: its first half is no heading either.
            halved = below is not None and _begins_part(text, below[0].start, below[1])
            if _begins_part(text, block.start, end) or (block.level is not None and halved):
                builder.close(block.start)
                continue
            if builder.mark(block, end, place, number) or number is None:
                continue
        opens = place + 1 < len(lines) and _opens(numbers[place + 1])
        before = lines[place - 1][1] if place else 0
        announced = place > 0 and (numbers[place - 1] is not None or text[before - 1] in "：:")
        builder.add(block.start, end, place, number, opens, announced)
    return Outline(builder.headings, builder.starts, builder.paths)


def _line_end(text: str, block: Block, title_rows: Collection[tuple[int, int]]) -> int | None:
    """Return where the first line of a block ends, or None for a cell that is no title row."""
    if block.cell is None:
        return block.end
    if (block.cell.table, block.cell.row) not in title_rows:
        return None
    end = text.find("\n", block.start, block.end)
    return block.end if end < 0 else end


def _without_contents(text: str, lines: list[tuple[Block, int]]) -> list[tuple[Block, int]]:
    """Return the lines without those of a table of contents.

    They end in a page number; those of one without page numbers stand between 目录 and the place
    where its first line comes again.
    """
    kept: list[tuple[Block, int]] = []
    inside, skipped = False, 0
    for place, (block, end) in enumerate(lines):
        line = text[block.start : end].strip(_BLANK)
        if place < skipped:
            continue
        if _CONTENTS.fullmatch(line):
            inside, skipped = True, _contents_end(text, lines, place + 1)
        elif _LEADERS.search(line) or (inside and _PAGED.fullmatch(line)):
            continue
        else:
            inside = False
        kept.append((block, end))
    return kept


def _contents_end(text: str, lines: list[tuple[Block, int]], first: int) -> int:
    """Return the place of the line that repeats the ``first`` of a table of contents, or 0."""
    titles = [
        text[block.start : end].strip(_BLANK) for block, end in lines[first : first + _MAX_CONTENTS]
    ]
    for place, title in enumerate(titles):
        if len(title) > _MAX_PART:
            return 0
        if place and title == titles[0]:
            return first + place
    return 0


def _section_titles(
    text: str, lines: Sequence[tuple[Block, int]], numbers: Sequence[ListNumber | None]
) -> list[int]:
    """Return the places of the lines that are the title of a section without a number.

    Above stands the end of a paragraph or another short line, below a paragraph or a first number.
    """
    found = []
    for place, (block, end) in enumerate(lines[:-1]):
        if numbers[place] or block.cell or block.level is not None:
            continue
        if not is_section_title(text[block.start : end].strip(_BLANK)):
            continue
        below, below_end = lines[place + 1]
        content = below_end - below.start >= _LEAST_CONTENT or text[below_end - 1] in "。：:"
        opens = content if numbers[place + 1] is None else _opens(numbers[place + 1])
        above = lines[place - 1] if place else (block, block.start)
        if below.cell is None and opens and _is_ended(text, above[0].start, above[1]):
            found.append(place)
    return found


def _is_ended(text: str, start: int, end: int) -> bool:
    """Tell whether a line does not go on below it: it is short, a title, or ends a sentence."""
    line = text[start:end].rstrip(_BLANK)
    return len(line) < _LEAST_CONTENT or line[-1] in "。；！：:." or _begins_part(text, start, end)


def _begins_part(text: str, start: int, end: int) -> bool:
    if end - start > _MAX_PART:
        return False
    line = text[start:end].strip(_BLANK)
    return line[-1:] in _PART_ENDS and bool(_PART.fullmatch(line))


@dataclass(slots=True)
class _Builder:
    """Collects headings and the path that holds from each place on."""

    text: str
    headings: list[Heading] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    paths: list[tuple[str, ...]] = field(default_factory=list)
    lists: _Lists = field(default_factory=_Lists)
    marked: list[tuple[int, str]] = field(default_factory=list)

    def close(self, start: int) -> None:
        """Let no heading hold from ``start`` on; the lists may still be continued."""
        self.lists.parted = True
        self.marked.clear()
        if self.paths and self.paths[-1]:
            self.starts.append(start)
            self.paths.append(())

    def add(
        self,
        start: int,
        end: int,
        place: int,
        number: ListNumber,
        opens: bool,
        announced: bool,
    ) -> None:
        """Add a numbered line ``[start, end)``, the ``place``-th of the lines looked at.

        ``opens`` tells that its content follows, ``announced`` that a list is announced before it.
        """
        title = _title(self.text[number.end : end], opens)
        level = self.lists.take(number, title, place, announced)
        if title:
            printed = self.text[start : number.end].strip(_BLANK)
            self.headings.append(Heading(start, end, level + len(self.marked), title, printed))
        self._hold(start)

    def mark(self, block: Block, end: int, place: int, number: ListNumber | None) -> bool:
        """Add a line that the file marks as a heading; tell whether it looks like one.

        It closes the numbered lists above it; the lists below it stand inside it.
        """
        if block.level is None:
            return False
        start = number.end if number else block.start
        title = _title(self.text[start:end], opens=True)
        if not title:
            return False
        while self.marked and self.marked[-1][0] >= block.level:
            self.marked.pop()
        self.lists.open.clear()
        printed = self.text[block.start : start].strip(_BLANK)
        self.headings.append(Heading(block.start, end, len(self.marked), title, printed))
        self.marked.append((block.level, title))
        self._hold(block.start)
        return True

    def _hold(self, start: int) -> None:
        """Let the path of the open headings hold from ``start`` on."""
        path = (*(title for _, title in self.marked), *self.lists.path())
        if not self.paths or path != self.paths[-1]:
            self.starts.append(start)
            self.paths.append(path)


def _opens(following: ListNumber | None) -> bool:
    """Tell whether the line below a number is its content: a paragraph, or a list inside it."""
    return following is None or following.value == 1


def _title(line: str, opens: bool) -> str:
    """Return the heading that the text behind a list number is or begins with, or nothing.

    A short sentence with its full stop is a heading (「（一）单位基本情况。」) only where its content
    follows: a paragraph, or a list inside it, but not the next item.
    """
    content = line[: _MAX_HEADING * 2].strip(_BLANK)
    if not content or _NO_HEADING.match(content):
        return ""
    run_in = _RUN_IN.match(content)
    if run_in is not None:
        alone = run_in.end() == len(content) == len(line.strip(_BLANK))
        if alone and content[-1] == "。":
            return run_in.group(1) if opens and len(content) <= _MAX_STOPPED else ""
        return run_in.group(1)
    if len(content) > _MAX_HEADING or content[-1] in "。；;，,、！!" or "。" in content:
        return ""
    return content
