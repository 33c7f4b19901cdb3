"""Paragraphs and table cells of a text, in reading order.

Reports that were converted from Word keep their tables flattened: every cell is a line that begins
with a tab, a blank line ends the row, and a label wrapped inside its cell goes on in a line
without a tab.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_BLANK: Final = " \u3000"


@dataclass(slots=True)
class Block:
    """A paragraph or a table cell. ``start`` and ``end`` are view offsets, half-open, no line end."""

    start: int
    end: int
    cell: Cell | None = None


@dataclass(slots=True)
class Cell:
    """A table cell: its place in the flattened rows and its text with wraps joined."""

    start: int
    end: int
    text: str
    table: int
    row: int
    column: int


@dataclass(slots=True)
class RowTable:
    """A table as it stands in the text: rows of cells, not yet aligned to columns."""

    rows: list[list[Cell]] = field(default_factory=list)


_LINE: Final = re.compile(r"[^\n]*\n?")


def split_blocks(text: str) -> tuple[list[Block], list[RowTable]]:
    """Return the blocks of a view text and its tables.

    Blank lines give no block. A cell that wraps over several lines is one block. Empty cells are
    kept in the tables but give no block. An empty text gives two empty lists.
    """
    blocks: list[Block] = []
    tables: list[RowTable] = []
    table: RowTable | None = None
    row: list[Cell] | None = None
    for found in _LINE.finditer(text):
        start, end = found.span()
        if start == end:
            break
        line = found.group()
        content = line.rstrip("\n")
        tab = content.lstrip(_BLANK)
        if tab.startswith("\t"):
            if table is None:
                table = RowTable()
                tables.append(table)
            if row is None:
                row = []
                table.rows.append(row)
            offset = start + len(content) - len(tab) + 1
            cell = Cell(offset, start + len(content), "", len(tables) - 1, 0, len(row))
            row.append(cell)
        elif row and content.strip():
            row[-1].end = start + len(content)
        elif not content.strip():
            row = None
        else:
            table = None
            blocks.append(Block(start, start + len(content)))
    _finish_cells(text, tables, blocks)
    return blocks, tables


def _finish_cells(text: str, tables: list[RowTable], blocks: list[Block]) -> None:
    """Join broken rows, number the cells, read their texts and add their blocks."""
    for table in tables:
        if len(table.rows) == 1 and len(table.rows[0]) == 1:
            # A tab before a lone paragraph indents it; it makes no table.
            only = table.rows.pop()[0]
            blocks.extend(_paragraphs(text, only.start, only.end))
            continue
        table.rows = _join_broken_rows(table.rows)
        for number, row in enumerate(table.rows):
            for column, cell in enumerate(row):
                cell.row, cell.column = number, column
                cell.text = _label(text[cell.start : cell.end])
                if cell.text:
                    blocks.append(Block(cell.start, cell.end, cell))
    blocks.sort(key=lambda block: block.start)


def _paragraphs(text: str, start: int, end: int) -> list[Block]:
    spans = (found.span() for found in re.finditer(r"[^\n]+", text[start:end]))
    return [Block(start + first, start + last) for first, last in spans]


def _label(content: str) -> str:
    """Return a cell's text on one line: wraps joined, blanks between Chinese characters dropped."""
    joined = content.replace("\n", "").strip(" \u3000\t")
    return _INNER_BLANK.sub("", joined) if " " in joined or "\u3000" in joined else joined


_INNER_BLANK: Final = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])")


def _join_broken_rows(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Join two rows that are one: an empty paragraph inside a cell looks like the end of its row.

    Two neighbours are joined when neither has the width of the row above nor of the row below, and
    together they have both.
    """
    joined: list[list[Cell]] = []
    index = 0
    while index < len(rows):
        row = rows[index]
        if joined and index + 2 < len(rows):
            width, below = len(joined[-1]), len(rows[index + 2])
            if len(row) < width == below == len(row) + len(rows[index + 1]):
                joined.append([*row, *rows[index + 1]])
                index += 2
                continue
        joined.append(row)
        index += 1
    return joined
