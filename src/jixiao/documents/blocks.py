"""Paragraphs and table cells of a text, in reading order.

Reports that were converted from Word keep their tables flattened: every cell is a line that begins
with a tab, a blank line ends the row, and a label wrapped inside its cell goes on in a line
without a tab.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import Final

from jixiao.documents.rendering import PlacedCell, Rendered
from jixiao.documents.view import View

_BLANK: Final = " \u3000"
_EDGES: Final = " \u3000\t"
_INNER_BLANK: Final = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]{1,3}(?=[\u4e00-\u9fff])")
_LONG: Final = 60
_NUMBERED: Final = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、.．]")
_MAX_INSIDE: Final = 8
_MAX_SAMPLED: Final = 60
_MAX_PARTS: Final = 4
_MAX_CHAIN: Final = 12


@dataclass(slots=True)
class Block:
    """A paragraph or a table cell. ``start`` and ``end`` are view offsets, half-open, no line end.

    ``level`` is that of a heading which the file itself marks as one (0 outermost).
    """

    start: int
    end: int
    cell: Cell | None = None
    level: int | None = None


@dataclass(slots=True)
class Cell:
    """A table cell: its place in the flattened rows and its text with wraps joined.

    ``column`` counts the cells of its row. Where the file says which columns of the grid the cell
    covers, ``first`` is the first of them and ``width`` their number; in a flattened text ``first``
    is None. ``continues`` tells a cell that only continues the one above it.
    """

    start: int
    end: int
    text: str
    table: int
    row: int
    column: int
    first: int | None = None
    width: int = 1
    continues: bool = False


@dataclass(slots=True)
class RowTable:
    """A table as it stands in the text: rows of cells, not yet aligned to columns."""

    rows: list[list[Cell]] = field(default_factory=list)


def split_blocks(text: str) -> tuple[list[Block], list[RowTable]]:
    """Return the blocks of a view text and its tables.

    Blank lines give no block. A cell that wraps over several lines is one block. Empty cells are
    kept in the tables but give no block. Paragraphs that only begin with a tab are no table. An
    empty text gives two empty lists.
    """
    paragraphs: list[Block] = []
    tables: list[RowTable] = []
    before: list[int] = []  # the number of paragraphs before each table
    table: RowTable | None = None
    row: list[Cell] | None = None
    end = -1
    for line in text.split("\n"):
        start, end = end + 1, end + 1 + len(line)
        inner = line if line[:1] == "\t" else line.lstrip(_BLANK)
        if inner[:1] == "\t":
            if table is None:
                table = RowTable()
                tables.append(table)
                before.append(len(paragraphs))
            if row is None:
                row = []
                table.rows.append(row)
            row.append(Cell(end - len(inner) + 1, end, "", 0, 0, 0))
        elif not inner or inner.isspace():
            row = None
        elif row:
            row[-1].end = end
        else:
            table = None
            paragraphs.append(Block(start, end))
    blocks, tables = _join_split_tables(paragraphs, tables, before)
    for number, table in enumerate(tables):
        blocks.extend(_finish(text, table, number))
    blocks.sort(key=attrgetter("start"))
    return blocks, tables


def place_blocks(rendered: Rendered, view: View) -> tuple[list[Block], list[RowTable]]:
    """Return the blocks of a rendered file and its tables, as :func:`split_blocks` of a flat text.

    A table whose rows have one cell each is a frame around paragraphs: it gives paragraphs and an
    empty table.
    """
    text = view.text
    blocks: list[Block] = []
    for paragraph in rendered.paragraphs:
        start, end = view.view_span(paragraph.start, paragraph.end)
        if text[start:end].strip():
            blocks.append(Block(start, end, None, paragraph.level))
    tables: list[RowTable] = []
    for number, rows in enumerate(rendered.tables):
        table = RowTable([[_placed(cell, view) for cell in row] for row in rows])
        tables.append(table)
        blocks.extend(_finish(text, table, number))
    blocks.sort(key=attrgetter("start"))
    return blocks, tables


def _placed(placed: PlacedCell, view: View) -> Cell:
    start, end = view.view_span(placed.start, placed.end)
    return Cell(start, end, "", 0, 0, 0, placed.column, placed.width, placed.continues)


def _join_split_tables(
    paragraphs: list[Block], tables: list[RowTable], before: Sequence[int]
) -> tuple[list[Block], list[RowTable]]:
    """Join two tables that are one: text after an empty paragraph in a cell looks like a paragraph.

    They are joined when the last row of the one and the first row of the other together are as wide
    as a row above and the row below; the paragraphs between go on the cell they stand behind.
    """
    kept: list[RowTable] = tables[:1]
    inside: set[int] = set()
    for number in range(1, len(tables)):
        upper, lower = kept[-1].rows, tables[number].rows
        between = range(before[number - 1], before[number])
        if len(between) <= _MAX_INSIDE and _is_one_row(upper, lower):
            inside.update(between)
            upper[-1][-1].end = paragraphs[between[-1]].end
            upper[-1].extend(lower[0])
            upper.extend(lower[1:])
        else:
            kept.append(tables[number])
    if not inside:
        return paragraphs, tables
    return [block for i, block in enumerate(paragraphs) if i not in inside], kept


def _is_one_row(upper: Sequence[Sequence[Cell]], lower: Sequence[Sequence[Cell]]) -> bool:
    if len(upper) < 2 or len(lower) < 2:
        return False
    width, last = len(lower[1]), len(upper[-1])
    above = any(len(row) == width for row in upper[-_MAX_CHAIN:-1])
    return above and 2 <= last < width == last + len(lower[0])


def _finish(text: str, table: RowTable, number: int) -> Iterator[Block]:
    """Read the cells' texts, join broken rows, number the cells and yield their blocks.

    A table that is none is emptied and yields paragraphs.
    """
    for cell in chain.from_iterable(table.rows):
        if cell.end > cell.start:
            cell.text = _label(text[cell.start : cell.end])
    placed = any(cell.first is not None for cell in islice(chain.from_iterable(table.rows), 1))
    if all(len(row) == 1 for row in table.rows) or (not placed and _is_prose(table.rows)):
        for row in table.rows:
            for cell in row:
                yield from _paragraphs(text, cell.start, cell.end)
        table.rows.clear()
        return
    if not placed:
        table.rows = _join_broken_rows(table.rows)
    for place, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            cell.table, cell.row, cell.column = number, place, column
            if cell.text:
                yield Block(cell.start, cell.end, cell)


def _label(content: str) -> str:
    """Return a cell's text on one line: wraps joined, spreading blanks (「姓  名」) dropped."""
    joined = content.replace("\n", "").strip(_EDGES)
    return _INNER_BLANK.sub("", joined) if " " in joined or "\u3000" in joined else joined


def _is_prose(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell paragraphs that are indented by a tab from a table.

    Nearly all of the cells are numbered headings, sentences or longer than any label.
    """
    texts = [cell.text for cell in islice(chain.from_iterable(rows), _MAX_SAMPLED)]
    prose = sum(
        len(text) > _LONG or text.endswith(("。", "：", "；")) or bool(_NUMBERED.match(text))
        for text in texts
    )
    return prose > 0.8 * len(texts)


def _paragraphs(text: str, start: int, end: int) -> Iterator[Block]:
    for line in text[start:end].split("\n"):
        if line and not line.isspace():
            yield Block(start, start + len(line))
        start += len(line) + 1


def _join_broken_rows(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Join rows that are one: an empty paragraph inside a cell looks like the end of its row.

    Neighbours are joined when each is narrower than the row above, together they are as wide, and
    so is the row below (or it is broken in the same way).
    """
    joined: list[list[Cell]] = []
    index = 0
    while index < len(rows):
        parts = _parts(rows, index, len(joined[-1])) if joined else 1
        joined.append([cell for row in rows[index : index + parts] for cell in row])
        index += parts
    return joined


def _parts(rows: Sequence[Sequence[Cell]], index: int, width: int) -> int:
    """Return how many rows from ``index`` on make up one row of ``width`` cells; 1 for no break."""
    first = _fill(rows, index, width)
    if first == 1:
        return 1
    after = index + first
    for _ in range(_MAX_CHAIN):
        if after >= len(rows):
            return 1
        if len(rows[after]) == width:
            return first
        step = _fill(rows, after, width)
        if step == 1:
            return 1
        after += step
    return 1


def _fill(rows: Sequence[Sequence[Cell]], index: int, width: int) -> int:
    """Return how many narrow rows from ``index`` on add up to ``width`` cells; 1 if they do not."""
    parts = rows[index : index + _MAX_PARTS]
    if len(parts[0]) == 1 or all(
        len(row) == 2 and row[0].text and row[1].text for row in parts[:2]
    ):
        return 1  # a title, or pairs of label and value: rows of a form
    total = 0
    for count, row in enumerate(parts, start=1):
        total += len(row)
        if total >= width:
            return count if total == width else 1
    return 1


def by_table(blocks: Iterable[Block]) -> Iterator[Block | list[list[Block]]]:
    """Yield blocks from top to bottom, those of a table together as its rows of cells."""
    for table, found in groupby(blocks, lambda block: block.cell and block.cell.table):
        if table is None:
            yield from found
        else:
            rows = groupby(found, lambda block: block.cell and block.cell.row)
            yield [list(row) for _, row in rows]


def placed(row: Iterable[Block]) -> Iterator[tuple[Block, int, int]]:
    """Yield the cells of a row: how many empty columns stand before each, how many it covers."""
    column = 0
    for block in row:
        cell = block.cell
        if cell is None:  # a row holds cells only
            continue
        place = cell.column if cell.first is None else cell.first
        yield block, max(place - column, 0), cell.width
        column = place + cell.width
