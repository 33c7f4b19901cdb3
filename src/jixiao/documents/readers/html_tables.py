"""HTML tables: which columns each cell covers (HTML Living Standard, 4.9.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

_MOST_SPAN: Final = 1000
_ROW_GROUPS: Final = ("thead", "tbody", "tfoot")
_LONG: Final = 30


@dataclass(frozen=True, slots=True)
class HtmlCell:
    """A cell over its columns; one that continues the cell above has no element."""

    element: HtmlElement | None
    column: int
    width: int


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table's captions and its rows of cells, laid over columns."""

    captions: list[HtmlElement]
    rows: list[list[HtmlCell]]

    @classmethod
    def of(cls, element: HtmlElement) -> HtmlTable:
        """Return the cells of a ``table`` element; rows without any cell are left out."""
        open_cells: dict[int, tuple[int, int]] = {}
        laid = [_lay(row, open_cells) for row in _rows(element)]
        captions = [child for child in element if child.tag == "caption"]
        return cls(captions, [row for row in laid if row])


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from (row for row in child if row.tag == "tr")


def _lay(row: HtmlElement, open_cells: dict[int, tuple[int, int]]) -> list[HtmlCell]:
    """Lay the cells of a row beside those that reach down from above.

    ``open_cells`` holds, by first column, the width of each cell from above and how many rows it
    still reaches down; it is brought up to date.
    """
    laid: list[HtmlCell] = []
    before, column = dict(open_cells), 0

    def pass_open() -> None:
        nonlocal column
        while column in before:
            width, left = before[column]
            laid.append(HtmlCell(None, column, width))
            open_cells[column] = (width, left - 1)
            if left <= 1:
                del open_cells[column]
            column += width

    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        pass_open()
        width = _span(cell.get("colspan"))
        laid.append(HtmlCell(cell, column, width))
        down = _span(cell.get("rowspan"), end=_MOST_SPAN)
        if down > 1:
            open_cells[column] = (width, down - 1)
        column += width
    while any(start >= column for start in before):
        column = min(start for start in before if start >= column)
        pass_open()
    return laid


def _span(text: str | None, end: int = 1) -> int:
    """Return a colspan or rowspan; 0 means to the end, for which ``end`` stands."""
    digits = re.match(r"\s*(\d{1,6})", text or "1")
    span = int(digits[1]) if digits else 1
    return min(span, _MOST_SPAN) if span else end


def is_layout(table: HtmlTable) -> bool:
    """Tell a table that only places parts of the page: one cell a row, or whole texts beside others.

    Whole texts are nested tables or several long paragraphs, and make up nearly all it holds.
    """
    if all(len(row) == 1 for row in table.rows):
        return True
    cells = [cell.element for row in table.rows for cell in row if cell.element is not None]
    sizes = [(len("".join(cell.itertext()).strip()), _is_whole_text(cell)) for cell in cells]
    whole = sum(size for size, is_text in sizes if is_text)
    return whole > 0.9 * sum(size for size, _ in sizes) and len(table.rows) <= 5


def _is_whole_text(cell: HtmlElement) -> bool:
    if cell.find(".//table") is not None:
        return True
    paragraphs = [part for part in cell.iter("p", "div") if len(part.text_content()) > _LONG]
    return len(paragraphs) > 2
