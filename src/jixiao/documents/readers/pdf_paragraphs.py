"""Which lines only wrap a paragraph: told from indents, line ends, leading and numbering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from jixiao.documents.outline import list_number
from jixiao.documents.readers.pdf_lines import TextLine

# All in ems. GB/T 9704—2012 indents a paragraph by two characters.
_INDENT: Final = 0.6
_MAX_HANGING: Final = 6.0
# A line is full where the word that follows would not have fitted, give or take.
_SLACK: Final = 0.5
# A number goes on in the next line only where not even a digit more had fitted.
_FULL: Final = 0.9
_CENTRED: Final = 2.5
# Lines that are all shorter tell no measure: names, titles.
_MIN_MEASURE: Final = 12.0
_SIZES: Final = (0.87, 1.15)
_LEADING: Final = 1.5
_MAX_LEADING: Final = 1.35
# What lines have in common they have within this many points.
_NEAR: Final = 10.0

_TERMINAL: Final = frozenset("。！？；：!?;:…")
# What cannot be parted at the end of a line: a word, number or character with the marks around it.
# Quotation marks hold on to both sides (Unicode Standard Annex 14, LB19).
_UNIT: Final = r"[（《〈「『【〔]*(?:[!-~]+|.)[，。；：、！？）》〉」』】〕％…]*"
_WORD: Final = re.compile(rf"[“‘]*{_UNIT}(?:[“”‘’]+(?:{_UNIT})?)*")
_NUMBER_GOES_ON: Final = re.compile(r"\d[.,]?\n[\d.,%‰]")
_WORD_GOES_ON: Final = re.compile(r"[A-Za-z]\n[A-Za-z]")
# 项目概况……………3: a line of a list of contents.
_LEADERS: Final = re.compile(r"(?:…{2}|[.．·•‥]{4}|-{6}|_{6}).*[\divxIVX]{1,4}\s*[)）]?$")
_MAX_LEADERS: Final = 60
_BULLET: Final = re.compile(r"[●○■□◆◇▪▫•·➢➤✓√※★☆\uf000-\uf0ff]")


@dataclass(frozen=True, slots=True)
class Measure:
    """Where the lines of a column of text begin and end; ``leading`` is their distance in ems."""

    left: float
    right: float
    leading: float


def find_measure(lines: Sequence[TextLine], share: float, fewest: int) -> Measure | None:
    """Return the measure of lines, from the top down, or None for fewer or for ragged ones.

    The margins are the outermost at which two lines, and a ``share`` of all, begin and end.
    """
    if len(lines) < fewest:
        return None
    least = max(2, round(share * len(lines)))
    left = _outermost([line.left for line in lines], least)
    right = _outermost([-line.right for line in lines], least)
    if left is None or right is None:
        return None
    gaps = sorted(
        (line.base - before.base) / line.size
        for before, line in pairwise(lines)
        if line.base > before.base and _is_alike(before, line)
    )
    return Measure(left, -right, gaps[len(gaps) // 4] if gaps else _LEADING)


def _outermost(places: list[float], least: int) -> float | None:
    places.sort()
    return next(
        (
            place
            for place, other in zip(places, places[least - 1 :], strict=False)
            if other - place <= _NEAR
        ),
        None,
    )


def _is_alike(before: TextLine, line: TextLine) -> bool:
    return _SIZES[0] <= before.size / line.size <= _SIZES[1]


def goes_on(before: TextLine, line: TextLine, last: Measure, here: Measure) -> bool:
    """Tell whether a line goes on with the paragraph of the line before it.

    ``last`` and ``here`` are the measures of the two. A paragraph ends where a line leaves room for
    the next word; another begins with an indent, a number, another size of type or more space
    above.
    """
    if not _is_alike(before, line) or _is_parted(before) or _is_parted(line):
        return False
    if _LEADERS.search(before.text[-_MAX_LEADERS:]) or _is_centred(line, here):
        return False
    if last.right - last.left < _MIN_MEASURE * before.size:
        return False
    if not _has_no_room(before, line, last.right - before.right):
        return False
    if line.base - before.base > _MAX_LEADING * here.leading * line.size:
        return False
    indent = (line.left - here.left) / line.size
    numbered, ended = is_numbered(line.text), before.text[-1] in _TERMINAL
    if abs(indent) <= _INDENT:
        return not (numbered and ended)
    hanging = indent - (before.left - last.left) / before.size
    if numbered:
        return False
    if abs(hanging) <= _INDENT:
        return before.joins or not (ended or is_numbered(before.text))
    return is_numbered(before.text) and 0 < hanging <= _MAX_HANGING


def _is_parted(line: TextLine) -> bool:
    """Tell a line with wide gaps, other than behind its number."""
    number = list_number(line.text, 0, len(line.text)) if line.pieces == 2 else None
    return line.pieces > 1 and not (number and line.text[number.end : number.end + 1] == " ")


def _is_centred(line: TextLine, measure: Measure) -> bool:
    left, right = line.left - measure.left, measure.right - line.right
    return min(left, right) > _CENTRED * line.size and abs(left - right) < _CENTRED / 2 * line.size


def _has_no_room(before: TextLine, line: TextLine, room: float) -> bool:
    """Tell whether the next line's first word had no room at the end of the line before."""
    if _NUMBER_GOES_ON.search(before.text[-2:] + "\n" + line.text[:1]):
        return before.blank or room <= _FULL * line.size
    found = _WORD.match(line.text)
    word = found.group() if found else ""
    width = sum(0.5 if char.isascii() else 1.0 for char in word)
    return room <= (width + _SLACK) * line.size


def is_numbered(text: str) -> bool:
    """Tell whether a line begins with a list number or a bullet."""
    return list_number(text, 0, len(text)) is not None or bool(_BULLET.match(text))


def paragraphs_in_cell(lines: Sequence[TextLine], width: float) -> list[list[TextLine]]:
    """Return the paragraphs of a cell whose lines have room for ``width``.

    Labels are centred and broken anywhere: their lines are one paragraph. Another begins after a
    sentence that ends in a short line, with a number, and where two numbers stand above each other.
    """
    paragraphs: list[list[TextLine]] = []
    for line in lines:
        before = paragraphs[-1][-1] if paragraphs else None
        if before is None or _ends_in_cell(before, line, width):
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    return paragraphs


def is_full(before: TextLine, line: TextLine, width: float) -> bool:
    """Tell whether a line in a cell is full: the next one's first word had not fitted in it."""
    return _has_no_room(before, line, width - (before.right - before.left))


def _ends_in_cell(before: TextLine, line: TextLine, width: float) -> bool:
    full = is_full(before, line, width)
    ended = before.text[-1] in _TERMINAL
    if _NUMBER_GOES_ON.search(before.text[-2:] + "\n" + line.text[:1]):
        return not full
    if is_numbered(line.text):
        return ended or not full
    indented = line.left - before.left > 2 * _INDENT * line.size
    return ended and (indented or not full)


def wrapped_text(line: TextLine, after: TextLine | None) -> str:
    """Return the text of a line that ``after`` goes on: with a blank where one parts two words."""
    if after is None:
        return line.text
    words = _WORD_GOES_ON.search(line.text[-1:] + "\n" + after.text[:1])
    latin = line.text[-1:].isascii() and after.text[:1].isascii()
    return line.text + " " if words or (line.blank and latin) else line.text
