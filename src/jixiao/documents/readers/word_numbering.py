"""The numbers Word generates before paragraphs (ECMA-376-1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml.etree import _Element

_T = TypeVar("_T")
_LEVELS: Final = 9
_PLACE: Final = re.compile(r"%([1-9])")
_DIGITS: Final = "〇一二三四五六七八九"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_FORMAL: Final = "零壹贰叁肆伍陆柒捌玖"
_ROMAN: Final = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
                 (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
# A mark after which Chinese text follows without a blank.
_CLOSED: Final = "、）)．，：。"
_MOST: Final = 30_000


def counted(number: int, style: str) -> str:
    """Return a number in one of Word's numbering formats, in Arabic digits for those it does not know.

    >>> [counted(n, s) for n, s in ((12, "chineseCounting"), (3, "decimalEnclosedCircle"), (4, "lowerRoman"))]
    ['十二', '③', 'iv']
    """
    write = _FORMATS.get(style)
    return write(number) if write and 0 < number <= _MOST else str(number)


def _chinese(number: int, digits: str = "零" + _DIGITS[1:], units: str = "十百千") -> str:
    """Return a number as it is read: 十二, 二十, 一百零三."""
    if number >= 10_000:
        return str(number)
    text, pending = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += (digits[0] if pending and text else "") + digits[digit]
            text += units[power - 1] if power else ""
            pending = False
        else:
            pending = True
    return text.removeprefix(digits[1]) if 10 <= number < 20 else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
    return (
        chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        if number <= 780
        else str(number)
    )


def _circled(number: int) -> str:
    if number <= 20:
        return chr(0x2460 + number - 1)
    return chr(0x3251 + number - 21) if number <= 35 else str(number)


_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "koreanDigital": _chinese,
    "ideographDigital": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "japaneseDigitalTenThousand": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "taiwaneseDigital": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "chineseLegalSimplified": lambda n: _chinese(n, _FORMAL, "拾佰仟"),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "ideographZodiac": lambda n: _BRANCHES[(n - 1) % 12],
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda n: chr(0x2474 + n - 1) if n <= 20 else f"({n})",
    "decimalEnclosedFullstop": lambda n: chr(0x2488 + n - 1) if n <= 20 else f"{n}.",
    "ideographEnclosedCircle": lambda n: chr(0x3280 + n - 1) if n <= 10 else f"({n})",
    "decimalFullWidth": lambda n: str(n).translate({48 + d: 0xFF10 + d for d in range(10)}),
    "decimalFullWidth2": lambda n: str(n).translate({48 + d: 0xFF10 + d for d in range(10)}),
    "decimalZero": lambda n: f"{n:02}",
    "lowerLetter": _letter,
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
}


@dataclass(slots=True)
class _Level:
    """How a level counts: its format, text (``（%1）``), start, and which level restarts it."""

    style: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    suffix: str = "tab"
    legal: bool = False


@dataclass(slots=True)
class _List:
    """A list of the document: its levels, those that start anew, and the definition it shares."""

    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of a document in order."""

    def __init__(self, lists: dict[str, _List], styles: dict[str, tuple[str, int]]) -> None:
        self._lists = lists
        self._styles = styles
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    @classmethod
    def of(cls, document: WordDocument) -> Numbering:
        """Return the numbering of a document; one without lists numbers nothing."""
        root = next(
            (
                relation.target_part.element
                for relation in document.part.rels.values()
                if relation.reltype.endswith("/numbering") and not relation.is_external
            ),
            None,
        )
        lists = _read_lists(root) if root is not None else {}
        return cls(lists, _read_styles(document.styles.element, lists))

    def mark(self, paragraph: _Element) -> str | None:
        """Return what Word writes before a paragraph, or None; call it once for each, in order."""
        found = self._place(paragraph)
        if found is None:
            return None
        name, level = found
        numbered = self._lists[name]
        counts = self._counts.setdefault(numbered.abstract, [None] * _LEVELS)
        if level in numbered.starts and (name, level) not in self._begun:
            counts[level] = None
            start = numbered.starts[level]
        else:
            start = numbered.levels[level].start
        self._begun.add((name, level))
        current = counts[level]
        counts[level] = start if current is None else current + 1
        for deeper in range(level + 1, _LEVELS):
            restart = numbered.levels[deeper].restart if deeper in numbered.levels else None
            if restart is None or 0 < restart >= level + 1:
                counts[deeper] = None
        return self._written(numbered, level, counts)

    def _place(self, paragraph: _Element) -> tuple[str, int] | None:
        """Return the list and level of a paragraph: its own, else those of its style."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        inherited = self._styles.get(style.get(qn("w:val"), "")) if style is not None else None
        name, level = inherited or ("", 0)
        if own is not None:
            name = _value(own, "w:numId") or name
            level = _number(_value(own, "w:ilvl"), level)
        numbered = self._lists.get(name)
        if numbered is None or level not in numbered.levels:
            return None
        return name, level

    def _written(self, numbered: _List, level: int, counts: list[int | None]) -> str | None:
        here = numbered.levels[level]
        if here.style in ("none", "bullet"):
            return None

        def count(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            of = numbered.levels.get(place, _Level())
            number = counts[place] if counts[place] is not None else of.start
            style = "decimal" if here.legal and place != level else of.style
            return counted(number or 0, style)

        text = _PLACE.sub(count, here.text)
        if not text.strip():
            return None
        blank = "" if here.suffix == "nothing" or text[-1] in _CLOSED else " "
        return text + blank


def _read_lists(root: Any) -> dict[str, _List]:
    abstract = {
        element.get(qn("w:abstractNumId"), ""): element
        for element in root.iter(qn("w:abstractNum"))
    }
    levels = {name: _read_levels(element) for name, element in abstract.items()}
    linked = {
        _value(element, "w:styleLink"): name
        for name, element in abstract.items()
        if _value(element, "w:styleLink")
    }
    lists: dict[str, _List] = {}
    for element in root.iter(qn("w:num")):
        name = _value(element, "w:abstractNumId") or ""
        if name in abstract and (link := _value(abstract[name], "w:numStyleLink")):
            name = linked.get(link, name)
        if name not in levels:
            continue
        found = _List(name, dict(levels[name]))
        for override in element.iter(qn("w:lvlOverride")):
            level = _number(override.get(qn("w:ilvl")), 0)
            if start := _value(override, "w:startOverride"):
                found.starts[level] = _number(start, 1)
            own = override.find(qn("w:lvl"))
            if own is not None:
                found.levels[level] = _read_level(own)
        lists[element.get(qn("w:numId"), "")] = found
    return lists


def _read_levels(element: _Element) -> dict[int, _Level]:
    return {
        level: _read_level(one)
        for one in element.iter(qn("w:lvl"))
        if 0 <= (level := _number(one.get(qn("w:ilvl")), -1)) < _LEVELS
    }


def _read_level(element: _Element) -> _Level:
    restart = _value(element, "w:lvlRestart")
    legal = element.find(qn("w:isLgl"))
    return _Level(
        style=_value(element, "w:numFmt") or "decimal",
        text=_value(element, "w:lvlText") or "",
        start=_number(_value(element, "w:start"), 0),
        restart=_number(restart, 0) if restart else None,
        suffix=_value(element, "w:suff") or "tab",
        legal=legal is not None and legal.get(qn("w:val"), "1") not in ("0", "false"),
    )


def _read_styles(root: Any, lists: dict[str, _List]) -> dict[str, tuple[str, int]]:
    """Return the list and level of every paragraph style that has one, inherited ones too."""
    own: dict[str, tuple[str, int]] = {}
    based: dict[str, str] = {}
    for style in root.iter(qn("w:style")):
        name = style.get(qn("w:styleId"), "")
        place = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if place is not None and (number := _value(place, "w:numId")) in lists:
            own[name] = (number or "", _number(_value(place, "w:ilvl"), 0))
        elif base := _value(style, "w:basedOn"):
            based[name] = base
    inherit(own, based)
    return own


def inherit(own: dict[str, _T], based: Mapping[str, str]) -> None:
    """Give each style what the nearest style has that it is based on (both by style id)."""
    for name in based:
        seen, ancestor = {name}, based[name]
        while ancestor in based and ancestor not in seen:
            seen.add(ancestor)
            ancestor = based[ancestor]
        if ancestor in own:
            own[name] = own[ancestor]


def _value(element: _Element, name: str) -> str | None:
    child = element.find(qn(name))
    return child.get(qn("w:val")) if child is not None else None


def _number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,5}", text) else default
