"""Characters of a page to the lines one sees: by their places, not by their order in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from jixiao.documents.readers.pdf_content import Char

# All in ems. Characters of a line differ less than this in their baseline; lines differ by 1 or
# more.
_SAME_LINE: Final = 0.3
# Superscripts (footnote marks, m²) are smaller and raised: Word has 0.65 and 0.35, browsers 0.83 and 0.45.
_SMALLER: Final = 0.92
_RAISED: Final = 0.2
_MAX_RAISED: Final = 0.7
_MAX_MARKS: Final = 20
# A gap that is a blank: without and with a blank in the file. Word parts Chinese characters from
# digits by 0.25, and spreads a line by some 0.1 to fill it; recognised scans have a blank behind
# every character; the digits of a number may be spaced out; letters may cover the blank behind them.
_BLANK: Final = {"number": (0.4, 0.05), "latin": (0.2, -1.0), "other": (0.5, 0.15)}
_BESIDE: Final = 0.5
# A gap inside a word or number.
_INSIDE: Final = 0.1
# One character is printed over another where they share so much of the narrower one.
_OVER: Final = 0.6
# No more than this is taken for spreading, between letters or digits and between others.
_MAX_SPREAD: Final = {True: 0.15, False: 0.5}
_MIN_SPREAD: Final = 4
# A gap that parts a line into pieces: no blank and no sentence is as wide.
_PIECE: Final = 1.2
_MAX_BLANKS: Final = 8
_MAX_LINE: Final = 2_000
_IN_NUMBER: Final = frozenset("0123456789.,%")
_OPENING: Final = frozenset("（《〈「『【〔“‘")
_CLOSING: Final = frozenset("。，、；：！？）》〉」』】〕”’")
_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class TextLine:
    """A line, or a piece of one, as it is printed: from ``left`` to ``right`` on ``base``.

    ``size`` is the em of most of its characters; wide gaps part it into ``pieces``; ``blank`` tells
    that the file has a blank at its end. ``column`` is 0 where it goes across the page, else the
    number of its column of text. What later steps find out: ``furniture`` is what pages repeat;
    ``joins`` tells that the line goes on with the one before; ``level`` is that of a bookmark.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    pieces: int = 1
    blank: bool = False
    faint: bool = False
    column: int = 0
    furniture: bool = False
    joins: bool = False
    level: int | None = None

    @property
    def top(self) -> float:
        """The height of its upper edge."""
        return self.base - 0.8 * self.size


Row: TypeAlias = list[TextLine]
"""The pieces of a line, from left to right."""


def build_rows(chars: Iterable[Char]) -> list[Row]:
    """Return the lines from the top down, each in the pieces that wide gaps part it into.

    Blanks are those one sees. A raised small digit becomes a superscript digit (``385户¹``), so
    that it never looks like a digit of the number before it.

    >>> chars = [Char(c, 16 * i, 16 * i + 16, 100, 16) for i, c in enumerate("绩效报告")]
    >>> [piece.text for row in build_rows(chars) for piece in row]
    ['绩效报告']
    """
    lines = _attach_marks(_same_base(chars))
    return [_pieces(layer) for line in lines for layer in _layers(line)]


def joined(row: Row) -> TextLine:
    """Return the pieces of a line as one, with a blank for every em between them."""
    if len(row) == 1:
        return row[0]
    text = row[0].text
    for left, right in pairwise(row):
        text += _blanks(right.left - left.right, max(left.size, right.size)) + right.text
    main = max(row, key=lambda piece: piece.right - piece.left)
    return TextLine(
        text,
        row[0].left,
        row[-1].right,
        main.base,
        main.size,
        pieces=len(row),
        blank=row[-1].blank,
        faint=all(piece.faint for piece in row),
    )


def _same_base(chars: Iterable[Char]) -> list[list[Char]]:
    lines: list[list[Char]] = []
    base = size = 0.0
    for char in sorted(chars, key=lambda char: char.base):
        if lines and char.base - base <= _SAME_LINE * min(size, char.size):
            lines[-1].append(char)
        else:
            lines.append([char])
            base, size = char.base, char.size
    return lines


def _attach_marks(lines: Sequence[list[Char]]) -> list[list[Char]]:
    """Put small characters that stand raised or lowered in the gaps of a line into that line."""
    kept: list[list[Char]] = []
    for line, below in pairwise([*lines, []]):
        if _fit(line, below):
            below.extend(line)
        elif kept and _fit(line, kept[-1]):
            kept[-1].extend(line)
        else:
            kept.append(line)
    return kept


def _fit(marks: list[Char], line: list[Char]) -> bool:
    if len(marks) > _MAX_MARKS or not line:
        return False
    size = max(char.size for char in line)
    return (
        max(mark.size for mark in marks) <= _SMALLER * size
        and abs(marks[0].base - line[0].base) <= _MAX_RAISED * size
        and all(_in_gap(mark, line, size) for mark in marks)
    )


def _in_gap(mark: Char, line: list[Char], size: float) -> bool:
    overlap = max(_overlap(mark, char) for char in line)
    return -_BESIDE * size <= overlap <= 0.3 * (mark.right - mark.left)


def _overlap(char: Char, other: Char) -> float:
    """Return how far two characters overlap, below 0 for the gap between them.

    Half of a Chinese punctuation mark is blank, and printers use it.
    """
    (left, right), (start, end) = _ink(char), _ink(other)
    return min(right, end) - max(left, start)


def _ink(char: Char) -> tuple[float, float]:
    if char.text in _CLOSING:
        return char.left, char.right - 0.5 * char.size
    if char.text in _OPENING:
        return char.left + 0.5 * char.size, char.right
    return char.left, char.right


def _layers(line: list[Char]) -> list[list[Char]]:
    """Part text that is printed over other text, word by word, else their digits would mix."""
    order = sorted(line, key=lambda char: char.left)
    if len(line) > _MAX_LINE or not any(_is_over(char, after) for char, after in pairwise(order)):
        return [line]
    layers: list[list[Char]] = []
    for word in words_of(line):
        free = (
            layer
            for layer in layers
            if not any(_is_over(char, other) for char in word for other in layer)
        )
        layer = next(free, None)
        if layer is None:
            layers.append(word)
        else:
            layer.extend(word)
    return layers


def _is_over(char: Char, other: Char) -> bool:
    least = min(char.right - char.left, other.right - other.left)
    return _overlap(char, other) > _OVER * least and char.text != other.text


def words_of(chars: Iterable[Char]) -> Iterator[list[Char]]:
    """Yield characters in runs without a gap that one command prints, in the order of the file."""
    word: list[Char] = []
    for char in chars:
        if word:
            last = word[-1]
            near = abs(char.left - last.right) <= _INSIDE * char.size and char.base == last.base
            if not near or char.source != last.source:
                yield word
                word = []
        word.append(char)
    if word:
        yield word


def _pieces(line: list[Char]) -> Row:
    """Cut a line at its wide gaps, and write the blanks in the others."""
    line.sort(key=lambda char: char.left)
    chars = [line[0]]
    for char in line[1:]:
        if not _is_twin(chars[-1], char):
            chars.append(char)
    size = _middle([char.size for char in chars])
    base = _middle([char.base for char in chars])
    spreads = {latin: _spread(chars, latin) for latin in (False, True)}
    row: Row = []
    start = 0
    text = _written(chars[0], base, size)
    for index, (char, after) in enumerate(pairwise(chars), start=1):
        em = max(char.size, after.size)
        gap = after.left - char.right - spreads[_are_latin(char, after)]
        if gap > _PIECE * em:
            row.append(_piece(text, chars[start:index], base))
            start, text = index, ""
        elif _is_blank(gap / em, char, after):
            text += _blanks(gap, em)
        text += _written(after, base, size)
    row.append(_piece(text, chars[start:], base))
    return row


def _is_twin(char: Char, after: Char) -> bool:
    """Tell a character printed twice, a little beside itself, to look bold."""
    near = 0.3 * (char.right - char.left)
    return char.text == after.text and after.left - char.left < near


def _spread(chars: Sequence[Char], latin: bool) -> float:
    """Return how far the characters of a line are spread to fill it; some lines are spaced out.

    Letters and digits are spread otherwise than Chinese characters.
    """
    gaps = [
        after.left - char.right
        for char, after in pairwise(chars)
        if _are_latin(char, after) is latin
    ]
    if len(gaps) < _MIN_SPREAD:
        return 0.0
    return min(max(_middle(gaps), 0.0), _MAX_SPREAD[latin] * chars[0].size)


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _is_blank(gap: float, char: Char, after: Char) -> bool:
    """Tell whether a gap, in ems, is a blank."""
    latin = _are_latin(char, after)
    number = char.text in _IN_NUMBER and after.text in _IN_NUMBER
    kind = "number" if number else "latin" if latin else "other"
    return gap > _BLANK[kind][char.blank]


def _are_latin(char: Char, after: Char) -> bool:
    return char.text.isascii() and after.text.isascii()


def _blanks(gap: float, em: float) -> str:
    return " " * min(max(round(gap / em), 1), _MAX_BLANKS)


def _written(char: Char, base: float, size: float) -> str:
    raised = char.size <= _SMALLER * size and base - char.base >= _RAISED * size
    return char.text.translate(_SUPERSCRIPT) if raised else char.text


def _piece(text: str, chars: Sequence[Char], base: float) -> TextLine:
    return TextLine(
        text,
        chars[0].left,
        max(char.right for char in chars),
        base,
        _middle([char.size for char in chars]),
        blank=chars[-1].blank,
        faint=all(char.faint for char in chars),
    )
