"""Tables as grids: which headers stand over a cell, which labels beside it.

The rows of a flattened table say nothing of their columns: a horizontally merged cell stands once,
a vertical continuation as an empty cell. Header rows are therefore aligned from the bottom up: the
row that is as wide as the body gives the columns, and each row above is laid over the one below so
that an upper cell covers a continuation or the group of labels it heads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from jixiao.documents.blocks import Cell, RowTable

# A cell that states a value: a number, perhaps signed, bracketed, separated, with a unit after it.
_VALUE: Final = re.compile(
    r"[（(]?[-+±≥≤><=≈约]*\s*\d[\d,.，]*\s*[%‰]?(?:[-~至]\s*\d[\d,.]*)?\s*"
    r"(?:[%‰]|[万亿千百]*[\u4e00-\u9fff]{0,3})?(?:以上|以下|以内|左右)?[）)]?(?:（含）)?"
)
_CODE: Final = re.compile(r"\d{3,4}-\d{7,8}|\d{11}|\d{4}[-./年]\d{1,2}([-./月]\d{1,2}日?)?|\d{4}年度?")
_GROUP_HEADS: Final = frozenset({"其中", "其中:", "其中：", "：", ":"})


def states_value(text: str) -> bool:
    """Tell whether a cell's text is a value rather than a label, a code or a date.

    >>> [states_value(t) for t in ("1074.06", "-10.53", "(8.6)", "≥95%", "0730-8152766", "合计")]
    [True, True, True, True, False, False]
    """
    return len(text) <= 24 and bool(_VALUE.fullmatch(text)) and not _CODE.fullmatch(text)


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell laid over columns ``first`` to ``last``, both included."""

    cell: Cell
    first: int
    last: int


@dataclass(slots=True)
class CellContext:
    """The words that say what a cell is about.

    ``columns`` are the headers over it, outermost first; ``rows`` the labels to its left, outermost
    first; ``captions`` the titles over the grid, nearest last.
    """

    columns: list[str]
    rows: list[str]
    captions: list[str]
    row_headers: list[str]


@dataclass
class Grid:
    """A rectangular part of a table under one set of headers."""

    captions: list[str] = field(default_factory=list)
    titles: list[list[Cell]] = field(default_factory=list)
    header: list[list[Cell]] = field(default_factory=list)
    body: list[list[Cell]] = field(default_factory=list)

    @cached_property
    def width(self) -> int:
        """The number of columns: the widest row."""
        return max((len(row) for row in [*self.header, *self.body]), default=0)

    @cached_property
    def _placed_header(self) -> list[list[Placed]]:
        return place_header(self.header, self.width)

    @cached_property
    def _header_paths(self) -> list[list[str]]:
        """For each column the texts of the header cells over it, outermost first."""
        paths: list[list[str]] = [[] for _ in range(self.width)]
        for row in self._placed_header:
            for placed in row:
                if placed.cell.text:
                    for column in range(placed.first, placed.last + 1):
                        paths[column].append(placed.cell.text)
        return paths

    @cached_property
    def _filled_labels(self) -> list[list[str]]:
        """Texts of the body cells by row and column, vertical continuations filled from above."""
        filled: list[list[str]] = []
        for number, row in enumerate(self.body):
            offset = self._offset(row)
            texts = ["" for _ in range(self.width)]
            for cell in row:
                texts[offset + cell.column if offset else cell.column] = cell.text
            lead = next((i for i, text in enumerate(texts) if text), 0)
            if number and len(row) == self.width:
                texts[:lead] = filled[-1][:lead]
            filled.append(texts)
        return filled

    def _offset(self, row: Sequence[Cell]) -> int:
        """Columns by which a short row is shifted: its values stand under the last headers."""
        short = self.width - len(row)
        if short <= 0 or not row or not states_value(row[-1].text):
            return 0
        return short

    def column_of(self, cell: Cell) -> int:
        """Return the grid column of a body cell."""
        row = next((r for r in self.body if r and r[0].row == cell.row), None)
        offset = self._offset(row) if row and cell.column else 0
        return min(cell.column + offset, self.width - 1)

    def row_texts(self, cell: Cell) -> list[str]:
        """Return the texts of the body cells left of a cell, in order."""
        row = next((r for r in self.body if r and r[0].row == cell.row), [])
        return [other.text for other in row[: cell.column] if other.text]

    def context(self, cell: Cell) -> CellContext:
        """Return the headers and labels of a body or header cell."""
        numbers = [row[0].row for row in self.body if row]
        if cell.row not in numbers:
            return CellContext([], [], self.captions, [])
        index = numbers.index(cell.row)
        column = self.column_of(cell)
        columns = self._header_paths[column] if self.header else []
        rows: list[str] = []
        heads: list[str] = []
        texts = self._filled_labels[index]
        for place in range(column):
            label = texts[place]
            if label and not states_value(label) and (not rows or rows[-1] != label):
                rows.append(label)
                heads.append(self._header_paths[place][-1] if self._header_paths[place] else "")
        if not self.header and rows:
            rows, heads = rows[-1:], heads[-1:]
        return CellContext(columns, rows, self.captions, heads)


def place_header(header: Sequence[Sequence[Cell]], width: int) -> list[list[Placed]]:
    """Lay header rows over ``width`` columns, the lowest first.

    Returns the rows in reading order. A row that cannot be laid (more cells than columns) is cut.
    """
    below: list[Placed] | None = None
    placed: list[list[Placed]] = []
    for row in reversed(header):
        cells = row[:width]
        if below is None:
            # Forms put their nested labels on the left: a lowest header row that is too short has
            # its first cell over them.
            extra = width - len(cells)
            below = [
                Placed(cell, i + extra if i else 0, i + extra) for i, cell in enumerate(cells)
            ]
        else:
            below = _lay_over(cells, below)
        placed.append(below)
    return placed[::-1]


def _lay_over(upper: Sequence[Cell], lower: Sequence[Placed]) -> list[Placed]:
    """Give each upper cell a run of lower cells, best fit first; a dynamic programme over runs."""
    if not upper or len(upper) > len(lower):
        return [Placed(cell, low.first, low.last) for cell, low in zip(upper, lower, strict=False)]
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for i, cell in enumerate(upper, start=1):
        for end in range(i, len(lower) - (len(upper) - i) + 1):
            options = (
                (best[i - 1, start][0] + _fit(cell, lower[start:end]), start)
                for start in range(i - 1, end)
                if (i - 1, start) in best
            )
            chosen = max(options, key=lambda option: (option[0], option[1]), default=None)
            if chosen is not None:
                best[i, end] = chosen
    runs: list[Placed] = []
    end = len(lower)
    for i in range(len(upper), 0, -1):
        start = best[i, end][1]
        runs.append(Placed(upper[i - 1], lower[start].first, lower[end - 1].last))
        end = start
    return runs[::-1]


def _fit(cell: Cell, below: Sequence[Placed]) -> float:
    """Score how well ``cell`` heads the run ``below``."""
    labels = [placed.cell.text for placed in below]
    if len(labels) == 1:
        if not labels[0]:
            return 2.0
        return 1.0 if not cell.text else 0.5
    if not cell.text or not all(labels):
        return -3.0
    if cell.text in _GROUP_HEADS:
        return 1.0 + 0.4 * len(labels)
    shared = sum(1 for label in labels if set(label) & set(cell.text))
    return 0.8 * shared - 0.2 * (len(labels) - shared)


def build_grids(table: RowTable, lead: Sequence[str] = ()) -> list[Grid]:
    """Divide a table into grids: a new one begins at a title row or a new set of headers.

    ``lead`` are the captions that stand over the table as paragraphs.

    A form often flattens many small tables into one. A row with one filled cell and no other is a
    title; a row without values whose width differs from the body above begins new headers.
    """
    grids: list[Grid] = []
    captions = list(lead)
    grid = Grid(captions)
    for number, row in enumerate(table.rows):
        if len(row) == 1:
            if grid.header or grid.body:
                grids.append(grid)
                captions = []
            captions = [*captions, row[0].text]
            grid = Grid(captions, [*grid.titles, row] if not (grid.header or grid.body) else [row])
            continue
        below = next((r for r in table.rows[number + 1 :]), None)
        if _starts_grid(grid, row, below):
            grids.append(grid)
            grid = Grid(captions)
        if not grid.body and _is_header(row, below, bool(grid.header)):
            grid.header.append(row)
        else:
            grid.body.append(row)
    grids.append(grid)
    return grids


def _starts_grid(grid: Grid, row: Sequence[Cell], below: Sequence[Cell] | None) -> bool:
    """Tell whether ``row`` opens a new grid: labels only, unlike the body above it."""
    if not grid.body or any(states_value(cell.text) for cell in row):
        return False
    if not row[0].text:
        return False
    if len(row) != len(grid.body[-1]):
        return True
    same_as_header = bool(grid.header) and [c.text for c in row] == [c.text for c in grid.header[0]]
    return same_as_header or (
        not grid.header
        and all(cell.text for cell in row)
        and below is not None
        and any(states_value(cell.text) for cell in below)
        and states_value(below[-1].text) == states_value(below[-2].text if len(below) > 1 else "")
    )


_LABEL_LENGTH: Final = 30


def _is_header(row: Sequence[Cell], below: Sequence[Cell] | None, after_header: bool) -> bool:
    """Tell whether a row at the top of a grid holds headers: short labels, no value, no code."""
    texts = [cell.text for cell in row]
    if any(states_value(text) or _CODE.fullmatch(text) for text in texts):
        return False
    if any(len(text) > _LABEL_LENGTH or "。" in text for text in texts):
        return False
    if below is None or len(row) < 2:
        return False
    if after_header:
        # A second header row continues the first: it begins with a continuation, or only a group
        # head stands over it.
        return not texts[0]
    return not _alternates(texts, [cell.text for cell in below])


def _alternates(texts: Sequence[str], below: Sequence[str]) -> bool:
    """Tell label–value pairs (「联系人 某某 电话 …」) from a row of headers."""
    if len(texts) % 2 or len(texts) > 6 or len(texts) != len(below):
        return False
    values = [states_value(text) or bool(_CODE.fullmatch(text)) for text in below]
    pairs = len(texts) // 2
    return pairs > 1 and values[1::2] == [True] * pairs and not any(values[::2])
