"""The characters of a PDF page, as PDFium has them."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from jixiao.documents.readers.pdf_content import Box, Char, PageContent, Turn, Turned
from jixiao.documents.readers.pdf_drawings import read_drawings

MAX_CHARS: Final = 200_000
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
    "⺟母⺠民⺩王⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄"
    "⻪黾⻬齐⻮齿⻰龙⻳龟"
)
_MEANT: Final = {
    **dict.fromkeys((_HYPHEN, 0xAD, 0xFFFE), "-"),
    **dict(zip(map(ord, _RADICALS[::2]), _RADICALS[1::2], strict=True)),
    **{
        code: unicodedata.normalize("NFKC", chr(code))
        for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFAFF))
    },
}


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
    box: Box
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
    turn = Turn(paper, _direction(glyphs))
    content = PageContent(turn.width, turn.height, unreadable=unreadable)
    content.chars, content.turned = _place(glyphs, turn)
    read_drawings(page, content, turn)
    if too_many:
        content.complex = True
    return content


def _paper(page: pdfium.PdfPage) -> Box:
    """Return the visible part of the page, A4 where the file gives none that makes sense."""
    left, bottom, right, top = page.get_bbox()
    if 1 < right - left < 1e5 and 1 < top - bottom < 1e5:
        return left, bottom, right, top
    return 0.0, 0.0, 595.0, 842.0


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


def _place(glyphs: list[_Glyph], turn: Turn) -> tuple[list[Char], list[Turned]]:
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
