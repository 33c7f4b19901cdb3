"""The characters, rules and pictures of a PDF page, as PDFium has them.

Places are points from the upper left corner of the page, to the right and down, after the page has
been turned so that most of its text is upright: tables are often printed across the page.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, TypeAlias

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

MAX_CHARS: Final = 200_000
MAX_OBJECTS: Final = 50_000
# A rule is drawn as a line or as a thin box; no cell is thinner than this.
_THIN: Final = 3.0
_SHORTEST: Final = 2.0
_MAX_DEPTH: Final = 8
_EDGE: Final = 2.0
_MAX_SIZE: Final = 2_000.0
# Beyond three degrees text is turned; a scanner's text is a degree or so askew.
_SKEW: Final = math.radians(3)
# Watermarks are light and hardly coloured on white paper (0 black, 1 white); body text is darker,
# titles may be in bright colours, and white text stands on a coloured ground.
_FAINT: Final = (0.6, 0.98)
_GREY: Final = 0.25

_BLANKS: Final = frozenset(map(ord, " \t\u00a0\u2002\u2003\u2009\u202f\u3000"))
_IGNORED: Final = frozenset([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x0A, 0x0D])
# What PDFium writes for a hyphen at the end of a line.
_HYPHEN: Final = 0x02
# Fonts that map a glyph back to a radical or a compatibility form of the character meant (⼆ for
# 二, ⾦ for 金): Unicode's own equivalents, and those radicals for which it gives none.
_RADICALS: Final = (
    "⺁厂⺇几⺌小⺎兀⺏尣⺐尢⺗心⺟母⺠民⺡水⺩王⺪疋⺫目⺭示⺮竹⺯糹⺱网⺶羊⺷羊⺸羊⺹老⺻聿⺼肉⺽臼⺾艹"
    "⻁虎⻄西⻅见⻆角⻇角⻈讠⻉贝⻋车⻌辶⻍辶⻐钅⻑長⻒長⻓长⻔门⻕阜⻖阜⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟食"
    "⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
)
_MEANT: Final = {
    **dict.fromkeys((_HYPHEN, 0xAD, 0xFFFE), "-"),
    **dict(zip(map(ord, _RADICALS[::2]), _RADICALS[1::2], strict=True)),
    **{
        code: unicodedata.normalize("NFKC", chr(code))
        for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFAFF))
    },
}

_Box: TypeAlias = tuple[float, float, float, float]
_Matrix: TypeAlias = tuple[float, float, float, float, float, float]
_IDENTITY: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Char:
    """An upright character: from ``left`` to ``right`` on the baseline ``base``, ``size`` an em.

    ``blank`` tells that the file has a blank behind it, ``faint`` that it is printed in light grey.
    Characters that one command of the file prints have a common ``source``.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    faint: bool = False
    blank: bool = False
    source: int = 0


@dataclass(slots=True)
class Turned:
    """Text in another direction than the page's, slanting or by quarters: it begins at ``x, y``.

    ``x`` and ``y`` are the middle of its first character.
    """

    text: str
    x: float
    y: float
    slanting: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along the page: at ``at`` across, from ``start`` to ``end`` along."""

    level: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class PageContent:
    """What a page holds.

    ``picture`` is the share of the page that its largest picture covers, ``drawn`` the number of
    its drawings, and ``unreadable`` that of the characters whose meaning the file does not tell;
    they stand as U+FFFD. ``complex`` pages have more characters or drawings than any report:
    their rules are not read.
    """

    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    turned: list[Turned] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    picture: float = 0.0
    drawn: int = 0
    unreadable: int = 0
    complex: bool = False


@dataclass(slots=True)
class _Style:
    """What the characters of one text object share; ``quarter`` is None for slanting text."""

    number: int
    size: float
    quarter: int | None
    faint: bool
    suspect: bool


@dataclass(slots=True)
class _Glyph:
    """A character in the file's own coordinates."""

    text: str
    box: _Box
    x: float
    y: float
    style: _Style
    blank: bool = False


def read_page(page: pdfium.PdfPage) -> PageContent:
    """Return the content of a page; a page without text and drawings gives empty lists.

    Raises
    ------
    PdfiumError
        If the page is damaged.
    """
    paper = _paper(page)
    text = page.get_textpage()
    try:
        glyphs, unreadable, too_many = _read_glyphs(text)
    finally:
        text.close()
    turn = _Turn(paper, _direction(glyphs))
    content = PageContent(turn.width, turn.height, unreadable=unreadable)
    content.chars, content.turned = _place(glyphs, turn)
    _Drawings(content, turn, rules=not too_many).read(page)
    return content


def _paper(page: pdfium.PdfPage) -> _Box:
    """Return the visible part of the page, A4 where the file gives none that makes sense."""
    left, bottom, right, top = page.get_bbox()
    if 1 < right - left < 1e5 and 1 < top - bottom < 1e5:
        return left, bottom, right, top
    return 0.0, 0.0, 595.0, 842.0


@dataclass(frozen=True, slots=True)
class _Turn:
    """Leads from the file's coordinates to those of the page turned by quarters."""

    paper: _Box
    quarter: int

    @property
    def width(self) -> float:
        left, bottom, right, top = self.paper
        return top - bottom if self.quarter % 2 else right - left

    @property
    def height(self) -> float:
        left, bottom, right, top = self.paper
        return right - left if self.quarter % 2 else top - bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.paper
        if self.quarter == 0:
            return x - left, top - y
        if self.quarter == 1:
            return y - bottom, x - left
        if self.quarter == 2:
            return right - x, y - bottom
        return top - y, right - x

    def shows(self, box: _Box, base: float) -> bool:
        """Tell whether a character is on the page; a broken number is nowhere."""
        left, top, right, bottom = box
        return (
            -_EDGE <= (left + right) / 2 <= self.width + _EDGE
            and -_EDGE <= (top + bottom) / 2 <= self.height + _EDGE
            and max(right - left, bottom - top, abs(base - bottom)) < _MAX_SIZE
        )

    def box(self, box: _Box) -> _Box:
        """Return left, top, right and bottom."""
        x0, y0 = self.point(box[0], box[1])
        x1, y1 = self.point(box[2], box[3])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _read_glyphs(text: pdfium.PdfTextPage) -> tuple[list[_Glyph], int, bool]:
    """Return the visible characters, how many of them are unreadable, and whether too many came."""
    raw, count = text.raw, text.count_chars()
    rect, x, y = pdfium_c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    glyphs: list[_Glyph] = []
    styles: dict[int, _Style] = {}
    unreadable = 0
    for index in range(count):
        shown = pdfium_c.FPDFText_GetTextObject(raw, index)
        if not shown:
            continue  # a line break that PDFium put in
        code = pdfium_c.FPDFText_GetUnicode(raw, index)
        if code in _BLANKS:
            if glyphs and not pdfium_c.FPDFText_IsGenerated(raw, index):
                glyphs[-1].blank = True
            continue
        if code in _IGNORED:
            continue
        address = ctypes.addressof(shown.contents)
        style = styles.get(address)
        if style is None:
            style = styles[address] = _style(raw, index, shown, len(styles))
        if _is_unmapped(code) or (
            style.suspect and pdfium_c.FPDFText_HasUnicodeMapError(raw, index)
        ):
            unreadable += 1
            code = 0xFFFD
        char = _MEANT.get(code) or chr(code)
        pdfium_c.FPDFText_GetLooseCharBox(raw, index, rect)
        pdfium_c.FPDFText_GetCharOrigin(raw, index, x, y)
        box = (rect.left, rect.bottom, rect.right, rect.top)
        glyphs.append(_Glyph(char, box, x.value, y.value, style))
    return glyphs, unreadable, count > MAX_CHARS


def _is_unmapped(code: int) -> bool:
    """Tell a code that stands for no character: control, private use (but bullets), surrogate."""
    if code < 0x20 or code == 0xFFFD:
        return code != _HYPHEN
    return 0xD800 <= code < 0xF000 or 0xF100 <= code < 0xF900 or code >= 0xF0000


def _style(raw: Any, index: int, shown: Any, number: int) -> _Style:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(raw, index, matrix)
    size = pdfium_c.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
    angle = math.atan2(matrix.b, matrix.a)
    quarter = round(angle / (math.pi / 2)) if math.isfinite(angle) else 0
    upright = abs(angle - quarter * math.pi / 2) <= _SKEW
    suspect = pdfium_c.FPDFText_HasUnicodeMapError(raw, index) != 0
    return _Style(number, size, quarter % 4 if upright else None, _is_faint(shown), suspect)


def _is_faint(shown: Any) -> bool:
    values = [ctypes.c_uint() for _ in range(4)]
    if not pdfium_c.FPDFPageObj_GetFillColor(shown, *values):
        return False
    *colours, alpha = (value.value / 255 for value in values)
    seen = [1 - alpha * (1 - colour) for colour in colours]
    return _FAINT[0] <= sum(seen) / 3 < _FAINT[1] and max(seen) - min(seen) <= _GREY


def _direction(glyphs: list[_Glyph]) -> int:
    """Return the quarter turns of most characters: 0 for upright text and for none."""
    counts = Counter(glyph.style.quarter for glyph in glyphs if glyph.style.quarter is not None)
    return max(counts, key=lambda quarter: (counts[quarter], -quarter), default=0)


def _place(glyphs: list[_Glyph], turn: _Turn) -> tuple[list[Char], list[Turned]]:
    """Return the upright characters, and the other text in the pieces it was written in."""
    chars: list[Char] = []
    turned: list[Turned] = []
    before: _Style | None = None
    for glyph in glyphs:
        left, top, right, bottom = box = turn.box(glyph.box)
        base = turn.point(glyph.x, glyph.y)[1]
        style = glyph.style
        if not turn.shows(box, base):
            continue
        if style.quarter == turn.quarter:
            size = _size(style.size, bottom - top)
            look = (size, style.faint, glyph.blank, style.number)
            chars.append(Char(glyph.text, left, right, base, *look))
        elif style is before:
            turned[-1].text += glyph.text
        else:
            slanting = style.quarter is None
            turned.append(Turned(glyph.text, (left + right) / 2, (top + bottom) / 2, slanting))
        before = style
    return chars, turned


def _size(size: float, height: float) -> float:
    """Return an em; fonts drawn by the file itself may give sizes that say nothing."""
    return size if height / 3 < size < 3 * height and size >= 1 else max(height, 1.0)


class _Drawings:
    """Reads rules and pictures into a page's content."""

    def __init__(self, content: PageContent, turn: _Turn, *, rules: bool) -> None:
        self._content = content
        self._turn = turn
        self._left = MAX_OBJECTS
        self._rules = rules

    def read(self, page: pdfium.PdfPage) -> None:
        raw = page.raw
        self._walk(
            pdfium_c.FPDFPage_CountObjects(raw),
            lambda index: pdfium_c.FPDFPage_GetObject(raw, index),
            _IDENTITY,
            0,
        )
        if self._left <= 0 or not self._rules:
            self._content.complex = True
            self._content.rules.clear()

    def _walk(self, count: int, at: Any, matrix: _Matrix, depth: int) -> None:
        for index in range(count):
            if self._left <= 0:
                return
            item = at(index)
            kind = pdfium_c.FPDFPageObj_GetType(item)
            if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
                self._left -= 1
                self._content.drawn += 1
                self._path(item, matrix)
            elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                self._picture(item, matrix)
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                self._left -= 1
                self._walk(
                    pdfium_c.FPDFFormObj_CountObjects(item),
                    lambda index, form=item: pdfium_c.FPDFFormObj_GetObject(form, index),
                    _product(_matrix(item), matrix),
                    depth + 1,
                )

    def _bounds(self, item: Any, matrix: _Matrix) -> _Box | None:
        sides = tuple(ctypes.c_float() for _ in range(4))
        if not pdfium_c.FPDFPageObj_GetBounds(item, *sides):
            return None
        left, bottom, right, top = (side.value for side in sides)
        x0, y0 = _applied(matrix, left, bottom)
        x1, y1 = _applied(matrix, right, top)
        return self._turn.box((x0, y0, x1, y1))

    def _picture(self, item: Any, matrix: _Matrix) -> None:
        box = self._bounds(item, matrix)
        if box is not None:
            width = min(box[2], self._turn.width) - max(box[0], 0)
            height = min(box[3], self._turn.height) - max(box[1], 0)
            if width > 0 and height > 0:
                share = width * height / (self._turn.width * self._turn.height)
                self._content.picture = max(self._content.picture, share)

    def _path(self, item: Any, matrix: _Matrix) -> None:
        box = self._bounds(item, matrix)
        if box is None or self._thin(box):
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDFPath_GetDrawMode(item, fill, stroke)
        count = pdfium_c.FPDFPath_CountSegments(item)
        # A filled box is a ground, not a frame; one with more corners may hold many thin boxes.
        if stroke.value or (fill.value and count > 5):
            self._left -= count // 5
            self._outlines(item, count, _product(_matrix(item), matrix), bool(stroke.value))

    def _thin(self, box: _Box) -> bool:
        """Add what is so thin that it is a line; return whether it was."""
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        if height <= _THIN and width >= height:
            if width >= _SHORTEST:
                self._add(Rule(True, (top + bottom) / 2, left, right))
            return True
        if width <= _THIN:
            if height >= _SHORTEST:
                self._add(Rule(False, (left + right) / 2, top, bottom))
            return True
        return False

    def _add(self, rule: Rule) -> None:
        across, along = self._turn.height, self._turn.width
        if not rule.level:
            across, along = along, across
        if -_THIN <= rule.at <= across + _THIN and rule.end >= 0 and rule.start <= along:
            start, end = max(rule.start, 0.0), min(rule.end, along)
            self._content.rules.append(Rule(rule.level, rule.at, start, end))

    def _outlines(self, item: Any, count: int, matrix: _Matrix, stroke: bool) -> None:
        """Add the straight lines of a path: its strokes, and its parts that are thin boxes."""
        for points in self._parts(item, count, matrix):
            xs, ys = [x for x, _ in points], [y for _, y in points]
            if self._thin((min(xs), min(ys), max(xs), max(ys))) or not stroke:
                continue
            for (x0, y0), (x1, y1) in pairwise(points):
                if abs(x0 - x1) <= 1 or abs(y0 - y1) <= 1:
                    self._thin((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))

    def _parts(self, item: Any, count: int, matrix: _Matrix) -> Iterator[list[tuple[float, float]]]:
        """Yield the corners of each part of a path that has straight sides only."""
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[tuple[float, float]] = []
        straight = True
        for index in range(min(count, MAX_OBJECTS)):
            segment = pdfium_c.FPDFPath_GetPathSegment(item, index)
            kind = pdfium_c.FPDFPathSegment_GetType(segment)
            if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
                if straight and len(points) > 1:
                    yield points
                points, straight = [], True
            pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
            points.append(self._turn.point(*_applied(matrix, x.value, y.value)))
            straight = straight and kind != pdfium_c.FPDF_SEGMENT_BEZIERTO
            if pdfium_c.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        if straight and len(points) > 1:
            yield points


def _matrix(item: Any) -> _Matrix:
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(first: _Matrix, then: _Matrix) -> _Matrix:
    """Return the matrix that applies ``first`` and ``then`` one after the other."""
    a, b, c, d, e, f = first
    x0, y0 = _applied(then, a, b)
    x1, y1 = _applied(then, c, d)
    return (
        x0 - then[4],
        y0 - then[5],
        x1 - then[4],
        y1 - then[5],
        *_applied(then, e, f),
    )


def _applied(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
