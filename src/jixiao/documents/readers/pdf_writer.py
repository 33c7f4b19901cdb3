"""The pages of a PDF to its raw text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from jixiao.documents.readers.pdf_furniture import mark_furniture
from jixiao.documents.readers.pdf_layout import Page
from jixiao.documents.readers.pdf_lines import TextLine
from jixiao.documents.readers.pdf_paragraphs import (
    Measure,
    find_measure,
    goes_on,
    paragraphs_in_cell,
    wrapped_text,
)
from jixiao.documents.readers.pdf_spreads import join_spreads
from jixiao.documents.readers.pdf_tables import Cell, Table
from jixiao.documents.rendering import CellText, Rendered, Renderer

# The lines of a page tell its margins where there are enough and many of them agree.
_MIN_LINES: Final = 8
_OF_PAGE: Final = 0.4
_OF_ALL: Final = 0.02


def write_pages(pages: Sequence[Page]) -> Rendered:
    """Return the raw text of pages, with what recurs on them and wraps lines kept from the view."""
    mark_furniture(pages)
    join_spreads(pages)
    _join_lines(pages)
    renderer = Renderer()
    for page in pages:
        renderer.page()
        for item in page.items:
            if isinstance(item, Table):
                _write_table(renderer, item)
            elif item.furniture:
                renderer.furniture(item.text)
            else:
                renderer.line(item.text, joins=item.joins, level=item.level)
        for mark in page.marks:
            renderer.furniture(mark)
        for code, message in page.notices:
            renderer.notice(code, message)
    return renderer.finish()


def _join_lines(pages: Sequence[Page]) -> None:
    """Find the lines that go on with the one before, over page breaks too."""
    measures = _Measures(pages)
    before: TextLine | None = None
    last: Measure | None = None
    for page in pages:
        for item in page.items:
            if isinstance(item, Table):
                before = None
            elif not item.furniture:
                here = measures.of(page, item)
                marked = item.level is not None or (before and before.level is not None)
                if before and last and here and not marked:
                    item.joins = goes_on(before, item, last, here)
                    if item.joins:
                        before.text = wrapped_text(before, item)
                before, last = item, here


class _Measures:
    """The measure of every column of text: told from its page, else from all pages like it."""

    def __init__(self, pages: Sequence[Page]) -> None:
        own: dict[tuple[int, int], list[TextLine]] = defaultdict(list)
        alike: dict[tuple[int, int, int], list[TextLine]] = defaultdict(list)
        for page in pages:
            for item in page.items:
                if isinstance(item, TextLine) and not item.furniture:
                    own[page.number, item.column].append(item)
                    alike[_kind(page, item)].append(item)
        self._own = {key: find_measure(lines, _OF_PAGE, _MIN_LINES) for key, lines in own.items()}
        self._alike = {key: find_measure(lines, _OF_ALL, 1) for key, lines in alike.items()}

    def of(self, page: Page, line: TextLine) -> Measure | None:
        return self._own[page.number, line.column] or self._alike[_kind(page, line)]


def _kind(page: Page, line: TextLine) -> tuple[int, int, int]:
    return round(page.width), round(page.height), line.column


def _write_table(renderer: Renderer, table: Table) -> None:
    if not table.follows:
        renderer.end_table()
    for number, row in enumerate(table.rows):
        cells = [paragraphs_in_cell(cell.lines, table.room(cell)) for cell in row]
        wraps = all(len(paragraphs) < 2 for paragraphs in cells)
        texts = [
            _cell(cell, paragraphs, wraps) for cell, paragraphs in zip(row, cells, strict=True)
        ]
        renderer.row(texts, wraps=wraps, furniture=number < table.repeated)


def _cell(cell: Cell, paragraphs: Sequence[Sequence[TextLine]], wraps: bool) -> CellText:
    r"""Return a cell with ``\n`` where its lines wrap, or, where that is not all, between paragraphs."""
    texts = [
        [wrapped_text(line, after) for line, after in zip(lines, [*lines[1:], None], strict=True)]
        for lines in paragraphs
    ]
    text = "\n".join(("\n" if wraps else "").join(lines) for lines in texts)
    return CellText(text, cell.column, cell.width, cell.continues)
