"""Tables of a page: the cells of its grids with their text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jixiao.documents.readers.pdf_content import Char, PageContent, Turned
from jixiao.documents.readers.pdf_grids import Grid, find_grids
from jixiao.documents.readers.pdf_lines import TextLine, build_rows, joined, words_of

_MIN_FILLED: Final = 2
_MAX_WORK: Final = 2_000_000


@dataclass(slots=True)
class Cell:
    """A cell: its lines and the columns ``column`` to ``column + width - 1`` that it covers."""

    lines: list[TextLine]
    column: int
    width: int = 1
    continues: bool = False


@dataclass(slots=True)
class Table:
    """A table: the edges of its columns from left to right, and its rows.

    ``indent`` is the least space between a cell's edge and its text. A table that ``follows`` goes
    on with that at the end of the page before, and begins with ``repeated`` rows of its header.
    """

    edges: list[float]
    rows: list[list[Cell]]
    top: float
    bottom: float
    indent: float = 0.0
    follows: bool = False
    repeated: int = 0

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.edges[0]

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.edges[-1]

    def room(self, cell: Cell) -> float:
        """Return how wide the lines of a cell can be."""
        left, right = self.edges[cell.column], self.edges[cell.column + cell.width]
        return right - left - 2 * self.indent


def take_tables(content: PageContent) -> tuple[list[Table], list[Char], list[Turned]]:
    """Return the ruled tables of a page, and the characters and turned text outside of them.

    A grid that holds hardly any text is a drawing: its text stays outside. A page that would take
    too long is marked as complex, and has no tables.
    """
    grids = [] if content.complex else find_grids(content.rules)
    if grids is None or len(grids) * len(content.chars) > _MAX_WORK:
        content.complex, grids = True, []
    tables: list[Table] = []
    chars, turned = content.chars, content.turned
    for grid in grids:
        cells, outside = _share_out(grid, chars)
        if sum(bool(inside) for inside in cells) < _MIN_FILLED:
            continue
        lines = [[joined(row) for row in build_rows(inside)] for inside in cells]
        turned = _take_turned(grid, turned, lines)
        chars = outside
        tables.append(_table(grid, lines))
    return tables, chars, turned


def _share_out(grid: Grid, chars: Sequence[Char]) -> tuple[list[list[Char]], list[Char]]:
    """Return the characters of each cell, and those outside of the grid."""
    cells: list[list[Char]] = [[] for _ in grid.cells]
    outside: list[Char] = []
    owner = _owners(grid)
    for word in words_of(chars):
        owners = [_owner(grid, owner, (c.left + c.right) / 2, c.base - 0.35 * c.size) for c in word]
        if len(set(owners)) > 1:  # it has run over the edge of its cell
            owners = [max(set(owners), key=owners.count)] * len(word)
        for char, number in zip(word, owners, strict=True):
            (outside if number is None else cells[number]).append(char)
    return cells, outside


def _owners(grid: Grid) -> list[list[int]]:
    """Return the number of the cell at each row and column."""
    owner = [[0] * (len(grid.xs) - 1) for _ in grid.ys[1:]]
    for number, cell in enumerate(grid.cells):
        for row in owner[cell.top : cell.bottom]:
            row[cell.left : cell.right] = [number] * (cell.right - cell.left)
    return owner


def _owner(grid: Grid, owner: Sequence[Sequence[int]], x: float, y: float) -> int | None:
    column, row = bisect_right(grid.xs, x) - 1, bisect_right(grid.ys, y) - 1
    if 0 <= column < len(grid.xs) - 1 and 0 <= row < len(grid.ys) - 1:
        return owner[row][column]
    return None


def _take_turned(
    grid: Grid, turned: Sequence[Turned], lines: Sequence[list[TextLine]]
) -> list[Turned]:
    """Add upended text in the cells to their lines, and return the rest: watermarks slant."""
    outside: list[Turned] = []
    owner = _owners(grid)
    for text in turned:
        number = _owner(grid, owner, text.x, text.y)
        if number is None or text.slanting:
            outside.append(text)
        else:
            lines[number].append(TextLine(text.text, text.x, text.x, text.y, 1.0))
    return outside


def _table(grid: Grid, lines: Sequence[list[TextLine]]) -> Table:
    rows: list[list[Cell]] = [[] for _ in grid.ys[1:]]
    indents: list[float] = []
    for cell, inside in zip(grid.cells, lines, strict=True):
        width = cell.right - cell.left
        for number in range(cell.top, cell.bottom):
            first = number == cell.top
            rows[number].append(Cell(inside if first else [], cell.left, width, not first))
        indents += [line.left - grid.xs[cell.left] for line in inside]
        indents += [grid.xs[cell.right] - line.right for line in inside]
    for row in rows:
        row.sort(key=lambda cell: cell.column)
    indent = max(min(indents, default=0.0), 0.0)
    return Table(grid.xs, rows, grid.ys[0], grid.ys[-1], indent)
