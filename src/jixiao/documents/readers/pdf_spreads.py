"""Tables that go on over pages: one table, without the headers that each page repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Final

from jixiao.documents.readers.pdf_layout import Page
from jixiao.documents.readers.pdf_lines import TextLine
from jixiao.documents.readers.pdf_paragraphs import is_full, is_numbered
from jixiao.documents.readers.pdf_tables import Cell, Table

# In points: how exactly the columns of two parts of a table agree. Of their edges so many do.
_SAME_EDGE: Final = 5.0
_SAME_WIDTH: Final = 8.0
_MIN_SHARED: Final = 0.75
# Headers, with the form's head above them in the same table, are among so many rows.
_MAX_HEADER: Final = 15
_CAPTIONS: Final = 3
_LONG: Final = 3
_GOES_ON: Final = re.compile(
    r"[（(]?(?:续上?表|接上[页表]|续)[一二三四五六七八九十\d]{0,3}[）)]?[:：]?"
)
_NUMBER: Final = re.compile(r"[\d\s.,，%％‰+\-−/]+")


def join_spreads(pages: Sequence[Page]) -> None:
    """Join the tables that go on at the top of the next page, or of the next column of text.

    The parts get common columns; a part after the first knows how many of its rows only repeat the
    header, and gives a row that the break has cut back to the part before. Captions between the
    parts (续表) become furniture.
    """
    spread: list[Table] = []
    above: list[TextLine] = []  # the lines since the last table
    captions: list[str] = []  # those over the first part
    place = 0
    for page in pages:
        for item in page.items:
            if isinstance(item, TextLine):
                if not item.furniture:
                    above.append(item)
                continue
            broken = page.number != place or item.top < spread[-1].top
            if spread and broken and _is_part(spread, item, above, captions):
                for line in above:
                    line.furniture = True
            else:
                _unite(spread)
                spread, captions = [], [line.text for line in above[-_CAPTIONS:]]
            spread.append(item)
            above, place = [], page.number
    _unite(spread)


def _is_part(
    spread: Sequence[Table], part: Table, above: Sequence[TextLine], captions: Sequence[str]
) -> bool:
    """Tell whether a part goes on with a table: its columns are the same, or fewer of them.

    The lines above it must say so (续表), or repeat those above the table as its header is repeated;
    else it is the next of several forms.
    """
    table = spread[-1]
    if abs((table.right - table.left) - (part.right - part.left)) > _SAME_WIDTH:
        return False
    texts = {line.text for line in above if not _GOES_ON.fullmatch(line.text)}
    if texts and not (texts <= set(captions) and _count_repeated(spread[0], part)):
        return False
    few, many = sorted((_relative(table), _relative(part)), key=len)
    shared = sum(any(abs(edge - other) <= _SAME_EDGE for other in many) for edge in few)
    return shared >= _MIN_SHARED * len(few)


def _count_repeated(table: Table, part: Table) -> int:
    """Return how many rows at the top of a part repeat the header of the table."""
    header = [_content(row) for row in table.rows[:_MAX_HEADER]]
    rows = [_content(row) for row in part.rows]
    if rows[0] != header[0] and not _is_header(rows[0]):
        return 0
    return len(list(takewhile(header.__contains__, rows)))


def _relative(table: Table) -> list[float]:
    return [edge - table.left for edge in table.edges]


def _unite(spread: Sequence[Table]) -> None:
    if len(spread) < 2:
        return
    edges: list[float] = []
    for edge in sorted(edge for part in spread for edge in _relative(part)):
        if not edges or edge - edges[-1] > _SAME_EDGE:
            edges.append(edge)
    for part in spread:
        _place_in(part, edges)
    for before, part in pairwise(spread):
        part.follows = True
        part.repeated = _count_repeated(spread[0], part)
        _mend(before, part)


def _is_header(row: Sequence[tuple[int, int, str]]) -> bool:
    texts = [text for _, _, text in row if text]
    return len(texts) > 1 and not any(_NUMBER.fullmatch(text) for text in texts)


def _place_in(part: Table, edges: Sequence[float]) -> None:
    """Count the columns of a part by common edges."""
    columns = [
        min(range(len(edges)), key=lambda number: abs(edges[number] - edge))
        for edge in _relative(part)
    ]
    for row in part.rows:
        for cell in row:
            end = columns[cell.column + cell.width]
            cell.column = columns[cell.column]
            cell.width = max(end - cell.column, 1)
    part.edges = [part.left + edge for edge in edges]


def _content(row: Sequence[Cell]) -> list[tuple[int, int, str]]:
    return [(cell.column, cell.width, "".join(line.text for line in cell.lines)) for cell in row]


def _mend(table: Table, part: Table) -> None:
    """Join what the break has cut: a row, or cells that go on below it."""
    if part.repeated >= len(part.rows) or not table.rows:
        return
    last, first = table.rows[-1], part.rows[part.repeated]
    if [(c.column, c.width) for c in last] != [(c.column, c.width) for c in first]:
        return
    if _is_rest(table, last, first):
        for cell, rest in zip(last, first, strict=True):
            cell.lines += rest.lines
        del part.rows[part.repeated]
        return
    for number, (cell, label) in enumerate(zip(first, last, strict=True)):
        if not label.continues:
            break
        if cell.lines:  # a label in the middle of its cell, behind the break
            origin = next(row[number] for row in reversed(table.rows) if not row[number].continues)
            if origin.lines:
                break
            origin.lines, cell.lines = cell.lines, []
        cell.continues = True


def _is_rest(table: Table, last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Tell whether a row is the rest of the one before the break.

    Each text in it goes on with a line that is full; and some cell was complete before the break,
    or so long that it is no label.
    """
    pairs = list(zip(last, first, strict=True))
    going = [(cell, rest) for cell, rest in pairs if rest.lines]
    complete = any(cell.lines and not rest.lines for cell, rest in pairs)
    long = any(len(cell.lines) >= _LONG for cell, _ in going)
    return (complete or long) and all(
        _goes_on(cell, rest, table.room(cell)) for cell, rest in going
    )


def _goes_on(cell: Cell, rest: Cell, room: float) -> bool:
    if not cell.lines:
        return False
    before, after = cell.lines[-1], rest.lines[0]
    return (
        is_full(before, after, room)
        and not _NUMBER.fullmatch(after.text)
        and not is_numbered(after.text)
    )
