"""Tables as grids: which headers stand over a cell, which labels beside it.

The rows of a flattened table say nothing of their columns: a horizontally merged cell stands once,
a vertical continuation as an empty cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final

from jixiao.documents.blocks import Cell
from jixiao.documents.cells import BRACKETED, PLACEHOLDERS, STATED, is_numbering, states_value
from jixiao.documents.layout import as_placed, place_header, widened_cell

_NUMBERED_AS: Final = "栏次"
_MAX_LABELS: Final = 12


@dataclass(slots=True)
class CellContext:
    """The words that say what a cell is about.

    ``columns`` are the headers over it, outermost first; ``rows`` the labels to its left, outermost
    first, with the header of each in ``row_headers``; ``captions`` the titles over the grid, nearest
    last.
    """

    columns: list[str]
    rows: list[str]
    captions: list[str]
    row_headers: list[str]


@dataclass(slots=True)
class _Row:
    """A body row laid over the columns: where its cells begin, and the labels in it by column.

    ``columns``, ``texts`` and ``heads`` of the labels run in parallel; the first ``nested`` of them
    are titles and labels that reach over several rows.
    """

    cells: Sequence[Cell]
    places: Sequence[int]
    columns: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    nested: int = 0


@dataclass
class Grid:
    """A rectangular part of a table under one set of headers.

    A body row of one cell is the title of the rows below it (「一、基本支出」).
    """

    captions: list[str] = field(default_factory=list)
    titles: list[list[Cell]] = field(default_factory=list)
    header: list[list[Cell]] = field(default_factory=list)
    body: list[list[Cell]] = field(default_factory=list)

    @cached_property
    def width(self) -> int:
        """The number of columns: as the file says, else that of the widest row."""
        rows = [*self.header, *self.body]
        if self._placed:
            return max(placed.last + 1 for row in rows for placed in map(as_placed, row))
        return max((len(row) for row in rows), default=0)

    @cached_property
    def _placed(self) -> bool:
        """Whether the file says which columns the cells cover."""
        rows = [*self.header, *self.body]
        return bool(rows) and all(cell.first is not None for row in rows for cell in row)

    @cached_property
    def _values(self) -> list[int]:
        """For each column how many more values than labels stand in it, over the full rows."""
        balance = [0] * self.width
        for row in self.body:
            if len(row) == self.width:
                for column, cell in enumerate(row):
                    if cell.text not in PLACEHOLDERS:
                        balance[column] += 1 if states_value(cell.text) else -1
        return balance

    @cached_property
    def _spans_down(self) -> bool:
        """Whether the header's first cell reaches down beside the whole body."""
        if self._placed:
            return bool(self.body) and all(row[0].continues for row in self.body)
        full = [row for row in self.body if len(row) == self.width]
        return bool(full) and not any(row[0].text for row in full)

    @cached_property
    def _header_paths(self) -> list[list[str]]:
        """For each column the texts of the header cells over it, outermost first."""
        paths: list[list[str]] = [[] for _ in range(self.width)]
        rows = [row for row in self.header if not is_numbering(row)]
        laid = (
            [[as_placed(cell) for cell in row] for row in rows]
            if self._placed
            else place_header(rows, self._values, spans_down=self._spans_down)
        )
        for row in laid:
            for placed in row:
                if placed.cell.text:
                    for column in range(placed.first, placed.last + 1):
                        paths[column].append(placed.cell.text)
        return paths

    @cached_property
    def _halves(self) -> list[int]:
        """For each column where its headers begin anew (「项目｜金额｜项目｜金额」); empty if nowhere."""
        leaves = [BRACKETED.sub("", path[-1]) if path else "" for path in self._header_paths]
        if not leaves or not leaves[0] or leaves[0] not in leaves[1:]:
            return []
        starts = [c if leaf == leaves[0] else 0 for c, leaf in enumerate(leaves)]
        return list(accumulate(starts, max))

    @cached_property
    def _rows(self) -> dict[int, _Row]:
        """The body rows by their number in the table."""
        laid: dict[int, _Row] = {}
        section: list[tuple[int, str]] = []
        above: dict[int, str] = {}
        if self.header and self._spans_down and self._header_paths[0]:
            above[0] = self._header_paths[0][-1]
        for cells, below in pairwise([*self.body, []]):
            if len(cells) == 1 and self.width > 1:
                section, above = [(-1, cells[0].text)], {}
                laid[cells[0].row] = _Row(cells, [0])
                continue
            row = _Row(cells, self._places(cells), nested=len(section))
            self._set_labels(row, [*section, *_find_labels(row, above, below)])
            laid[cells[0].row] = row
        return laid

    def _set_labels(self, row: _Row, labels: Sequence[tuple[int, str]]) -> None:
        """Store the labels of a row and the header of each.

        A text after itself counts once, unless the headers begin anew between them. Without headers
        a cell that states label and value is no label of its neighbours.
        """
        paths, halves = self._header_paths, self._halves
        nested = row.nested
        for place, (column, text) in enumerate(labels):
            anew = column > 0 and bool(halves) and halves[column] == column
            again = row.texts[-1:] == [text] and not anew
            if again or (not self.header and STATED.match(text)):
                row.nested -= place < nested
                continue
            row.columns.append(column)
            row.texts.append(text)
            row.heads.append(paths[column][-1] if column >= 0 and paths[column] else "")

    def _places(self, cells: Sequence[Cell]) -> Sequence[int]:
        """Return the column in which each cell of a body row begins."""
        if self._placed:
            return [as_placed(cell).first for cell in cells]
        extra = self.width - len(cells)
        if extra <= 0 or not self.header:
            return range(len(cells))
        widened = widened_cell([cell.text for cell in cells], self._values, extra)
        return [*range(widened + 1), *range(widened + 1 + extra, self.width)]

    def column_of(self, cell: Cell) -> int:
        """Return the grid column of a body cell."""
        row = self._rows.get(cell.row)
        return row.places[cell.column] if row else max(min(cell.column, self.width - 1), 0)

    def row_texts(self, cell: Cell) -> list[str]:
        """Return the texts of the filled body cells left of a cell, in order: of the nearest 12."""
        row = self._rows.get(cell.row)
        if row is None:
            return []
        before = row.cells[max(cell.column - _MAX_LABELS, 0) : cell.column]
        return [other.text for other in before if other.text]

    def context(self, cell: Cell) -> CellContext:
        """Return the headers and labels of a body or header cell.

        A header cell has none, and one of a row that only numbers the columns is under 栏次.
        """
        row = self._rows.get(cell.row)
        if row is None:
            numbers = next((r for r in self.header if r[0].row == cell.row and is_numbering(r)), [])
            return CellContext([_NUMBERED_AS] if numbers else [], [], self.captions, [])
        column = row.places[cell.column]
        first, stop = self._label_range(row, column)
        texts, heads = row.texts[first:stop], row.heads[first:stop]
        if first and row.nested:
            nested = min(row.nested, first)
            texts, heads = row.texts[:nested] + texts, row.heads[:nested] + heads
        return CellContext(self._header_paths[column], texts, self.captions, heads)

    def _label_range(self, row: _Row, column: int) -> tuple[int, int]:
        """Return which labels hold for a column besides the nested ones.

        Under headers they are all to the left, as far as the headers do not begin anew. Without
        headers it is the one right before: not 许某 in 「联系人｜许某｜电话｜0730-8152766」.
        """
        stop = bisect_left(row.columns, column)
        if not self.header:
            return max(min(row.nested, stop), stop - 1), stop
        first = max(stop - _MAX_LABELS, 0)
        if self._halves and self._halves[column]:
            first = max(first, bisect_left(row.columns, self._halves[column]))
        return first, stop


def _find_labels(row: _Row, above: dict[int, str], below: Sequence[Cell]) -> list[tuple[int, str]]:
    """Return the labels of a row by column; ``above`` holds those in force and is brought up to date.

    Empty cells at the beginning of a row are vertical continuations and filled from ``above``.
    """
    texts = [cell.text for cell in row.cells]
    lead = next((i for i, text in enumerate(texts) if text), len(texts))
    filled = [(column, above[column]) for column in row.places[:lead] if column in above]
    own = [
        (column, text)
        for column, text in zip(row.places[lead:], texts[lead:], strict=True)
        if text not in PLACEHOLDERS and not states_value(text)
    ]
    row.nested += len(filled)
    if below and not below[0].text and not lead and own and not own[0][0]:
        row.nested += 1
    if lead < len(texts):
        for column in [column for column in above if column >= row.places[lead]]:
            del above[column]
        above.update(own[:_MAX_LABELS])
    return [*filled, *own]
