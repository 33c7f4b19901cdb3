"""A table divided into grids: where titles stand and new headers begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jixiao.documents.blocks import Cell, RowTable
from jixiao.documents.cells import (
    BRACKETED,
    PLACEHOLDERS,
    are_labels,
    are_pairs,
    asks,
    is_numbering,
    repeats,
    states_value,
    texts_of,
)
from jixiao.documents.grids import Grid

# The second header of a table with two columns (「项目｜金额」) names what can be counted.
_COUNTABLE: Final = re.compile(
    r"(?:[数额率比值分重度量次费款金资]|合计|情况|支出|收入|元|(?:19|20)\d\d年?度?|.*[）)])$"
)
# What only headers say, even over a row that reads like pairs (「执行率｜10｜≥95%得满分｜10」).
_HEADS: Final = re.compile(
    r"(?:.{0,4}指标(?:名称)?|分值|权重|满分|(?:自评|评价)?得分|评分标准|评价标准|(?:年度)?目标值?|(?:实际)?完成值?|备注|扣分原因)"
)
MAX_CAPTION: Final = 45


def build_grids(table: RowTable, lead: Sequence[str] = ()) -> list[Grid]:
    """Divide a table into grids: a new one begins at a title row or a new set of headers.

    ``lead`` are the captions that stand over the table as paragraphs.

    A form often flattens many small tables into one. A row with one filled cell and no other is a
    title, or, between rows of values under the same headers, the title of a section of them.
    """
    grids: list[Grid] = []
    grid = Grid(list(lead))
    rows = table.rows
    for number, row in enumerate(rows):
        below = rows[number + 1 : number + 3]
        if len(row) == 1:
            if not row[0].text:
                continue
            if grid.header and _is_section(grid, row, rows[number + 1 : number + 4]):
                grid.body.append(row)
            else:
                grid = _titled(grids, grid, row, lead)
            continue
        if grid.body and _starts_grid(grid, row, below):
            grids.append(grid)
            grid = Grid(grid.captions)
        heads = not grid.body and _is_header(row, below, grid.header)
        (grid.header if heads else grid.body).append(row)
    grids.append(grid)
    return grids


def _titled(grids: list[Grid], grid: Grid, row: list[Cell], lead: Sequence[str]) -> Grid:
    """Return the grid that a title row opens; a note that is no title leaves the captions."""
    fresh = not (grid.header or grid.body)
    if not fresh:
        grids.append(grid)
    text = row[0].text
    captions, titles = grid.captions, [*grid.titles, row] if fresh else [row]
    if len(text) <= MAX_CAPTION and "。" not in text:
        captions = [*(captions if fresh else lead), text]
    return Grid(captions, titles)


def _is_section(grid: Grid, row: Sequence[Cell], after: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether a one-cell row is the title of rows under the same headers."""
    width = max(len(other) for other in [*grid.header[-1:], *grid.body[-2:]])
    following = next((other for other in after if len(other) > 1), ())
    return (
        len(row[0].text) <= MAX_CAPTION
        and len(following) == width
        and any(states_value(cell.text) for cell in following)
    )


def _starts_grid(grid: Grid, row: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether ``row`` opens a new grid: labels only or pairs, unlike the body above it.

    ``below`` are the two rows below it.
    """
    texts, last = texts_of(row), grid.body[-1]
    if not texts[0]:
        return False
    if any(states_value(text) for text in texts):
        return bool(grid.header) and len(row) < len(last) and _is_form_row(texts, texts_of(last))
    if not are_labels(texts):
        return len(row) == 2 < len(last)
    if len(row) != len(last):
        return len(last) > 1 or len(row) != len(grid.header[-1])
    if not grid.header:
        return _is_header(row, below, [])
    under = texts_of(below[0]) if below else []
    return texts == texts_of(grid.header[0]) or _replaces_values(texts, texts_of(last), under)


def _is_form_row(texts: Sequence[str], above: Sequence[str]) -> bool:
    """Tell a row of a form below a table (「自评得分｜98」) from a short row of the table."""
    values = [states_value(text) for text in texts]
    if len(texts) == 2:
        return values[1] and not states_value(above[-1])
    return are_pairs(texts)


def _replaces_values(texts: Sequence[str], above: Sequence[str], below: Sequence[str]) -> bool:
    """Tell the headers of a next table: labels, all different, where values stand above and below."""
    columns = [i for i, text in enumerate(above) if states_value(text)]
    return (
        bool(columns)
        and len(set(texts)) == len(texts)
        and not PLACEHOLDERS.intersection(texts)
        and len(below) == len(texts)
        and any(states_value(text) for text in below)
    )


def _is_header(
    row: Sequence[Cell], below: Sequence[Sequence[Cell]], upper: Sequence[Sequence[Cell]]
) -> bool:
    """Tell whether a row at the top of a grid holds headers.

    ``below`` are the two rows below it, ``upper`` the header rows above it.
    """
    if upper and is_numbering(row):
        return True
    texts, under = texts_of(row), texts_of(below[0]) if below else []
    if not under or not any(texts) or not are_labels(texts):
        return False
    if upper:
        return _continues_header(texts, under, len(upper[-1]))
    if not under[0] and texts[0]:
        return True  # the first cell reaches down
    if len(texts) > 2 and asks(texts):
        return False
    values = any(states_value(text) for text in under)
    if len(under) > len(texts):
        # A group over repeated labels (收入｜支出), or a header with a merged cell; but a row of a
        # form above the headers of a table is neither.
        heads_values = len(below) > 1 and any(states_value(cell.text) for cell in below[1])
        if are_labels(under) and (heads_values or len(texts) == 2):
            return repeats(under, len(texts))
        return len(texts) > 2
    if len(under) < len(texts):
        return len(texts) > 2 and values
    if len(texts) == 2:
        return values and bool(_COUNTABLE.search(texts[1])) and not BRACKETED.search(under[0])
    return not are_pairs(under) or sum(map(bool, map(_HEADS.fullmatch, texts))) > 1


def _continues_header(texts: Sequence[str], under: Sequence[str], width: int) -> bool:
    """Tell whether a row of labels below a header row of ``width`` cells is a header row too."""
    if texts[0]:
        return len(texts) == len(under) and repeats(texts, width)
    if len(texts) > width:
        # Not the first row of a body of texts, of which the next goes on beside the same label.
        values = any(states_value(text) for text in under)
        return bool(under[0]) or values or len(under) > len(texts)
    units = [text for text in texts if text]
    return bool(under[0]) and bool(units) and all(BRACKETED.fullmatch(text) for text in units)
