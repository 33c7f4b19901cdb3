"""The rules and pictures of a PDF page, as PDFium has them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any, Final, TypeAlias

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from jixiao.documents.readers.pdf_content import Box, PageContent, Rule, Turn

_Matrix: TypeAlias = tuple[float, float, float, float, float, float]

MAX_OBJECTS: Final = 50_000
# A rule is drawn as a line or as a thin box; no cell is thinner than this.
_THIN: Final = 3.0
_SHORTEST: Final = 2.5
_MAX_DEPTH: Final = 8
_IDENTITY: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_drawings(page: pdfium.PdfPage, content: PageContent, turn: Turn) -> None:
    """Add the rules and pictures of a page to its content.

    A page with more drawings than any report is marked as complex; its rules are not complete.
    """
    drawings = _Drawings(content, turn)
    raw = page.raw
    drawings.walk(
        pdfium_c.FPDFPage_CountObjects(raw),
        partial(pdfium_c.FPDFPage_GetObject, raw),
        _IDENTITY,
        0,
    )
    content.complex = drawings.left <= 0


class _Drawings:
    """Reads rules and pictures into a page's content."""

    def __init__(self, content: PageContent, turn: Turn) -> None:
        self._content = content
        self._turn = turn
        self.left = MAX_OBJECTS

    def walk(self, count: int, at: Callable[[int], Any], matrix: _Matrix, depth: int) -> None:
        for index in range(count):
            if self.left <= 0:
                return
            item = at(index)
            kind = pdfium_c.FPDFPageObj_GetType(item)
            if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
                self.left -= 1
                self._content.drawn += 1
                self._path(item, matrix)
            elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                self._picture(item, matrix)
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                self.left -= 1
                self.walk(
                    pdfium_c.FPDFFormObj_CountObjects(item),
                    partial(pdfium_c.FPDFFormObj_GetObject, item),
                    _product(_matrix(item), matrix),
                    depth + 1,
                )

    def _bounds(self, item: Any, matrix: _Matrix) -> Box | None:
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
            self.left -= count // 5
            self._outlines(item, count, _product(_matrix(item), matrix), bool(stroke.value))

    def _thin(self, box: Box) -> bool:
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
