"""Tables without upright rules: their columns are told from the gaps that successive lines share."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, pairwise
from typing import Final, TypeAlias

from jixiao.documents.readers.pdf_content import Rule
from jixiao.documents.readers.pdf_lines import Row, TextLine
from jixiao.documents.readers.pdf_tables import Cell, Table

_Band: TypeAlias = list[Row]
"""The lines of one table row."""

_MIN_ROWS: Final = 3
_MAX_COLUMNS: Final = 60
_MAX_LEADING: Final = 3.0
_MIN_RULES: Final = 3
_TOUCH: Final = 3.0
# 385.60, 1,286, 97.40%, -2.3个百分点, 12所: a number alone, or with its unit.
_NUMBER: Final = re.compile(
    r"[-+−－—(（¥￥]?\d[\d,，]*+(?:\.\d+)?\s?(?:[%％‰]|[^\d\s,，.、)）]{1,4})?[)）]?"
)
# A list of contents has whole numbers behind its titles; figures in two columns have more.
_FIGURE: Final = re.compile(r"\d[.,，]\d|[%％‰]|\d\s?[^\d\s.,，)）]")
_MIN_NUMBERS: Final = 0.6


def take_aligned(rows: Sequence[Row], rules: Sequence[Rule]) -> tuple[list[Table], list[Row]]:
    """Return the tables among lines that stand in columns, and the other lines, from the top down.

    Three successive lines or more make up a table where each has two pieces or more, all pieces
    stand in common columns with a gap between, and a column holds numbers. Lines between two level
    ``rules`` are one row where not all of them have several pieces.
    """
    tables: list[Table] = []
    others: list[Row] = []
    for run, columns in _runs(_bands(rows, rules)):
        if len(run) >= _MIN_ROWS and _has_numbers(run, columns):
            tables.append(_table(run, columns))
        else:
            others += chain.from_iterable(run)
    return tables, others


def _bands(rows: Sequence[Row], rules: Sequence[Rule]) -> Iterator[_Band]:
    edges = _edges(rules)
    places = [rule.at for rule in edges]

    def place(row: Row) -> int:
        number = bisect_left(places, row[0].base)
        inside = 0 < number < len(edges) and _is_between(row, edges[number - 1], edges[number])
        return number if inside else 0

    for number, group in groupby(rows, key=place):
        band = list(group)
        if number == 0 or all(len(row) > 1 for row in band):
            yield from ([row] for row in band)
        else:
            yield band


def _edges(rules: Sequence[Rule]) -> list[Rule]:
    """Return the level rules that have others of the same length above or below, from the top."""
    level = sorted((rule for rule in rules if rule.level), key=lambda rule: rule.at)
    ends = [(round(rule.start / _TOUCH), round(rule.end / _TOUCH)) for rule in level]
    counts = Counter(ends)
    return [rule for rule, end in zip(level, ends, strict=True) if counts[end] >= _MIN_RULES]


def _is_between(row: Row, above: Rule, below: Rule) -> bool:
    start, end = max(above.start, below.start), min(above.end, below.end)
    return row[0].left >= start - _TOUCH and row[-1].right <= end + _TOUCH


def _runs(bands: Iterator[_Band]) -> Iterator[tuple[list[_Band], list[list[float]]]]:
    """Yield stretches of rows that stand in the same columns, with the columns' edges."""
    run: list[_Band] = []
    columns: list[list[float]] = []
    for band in bands:
        if run:
            last, next_ = run[-1][-1][0], band[0][0]
            near = next_.base - last.base <= _MAX_LEADING * last.size
            grown = _grow(columns, band) if near and len(columns) > 1 else None
            if grown is None:
                yield run, columns
                run, grown = [], _grow([], band)
        else:
            grown = _grow([], band)
        run.append(band)
        columns = grown or []
    if run:
        yield run, columns


def _grow(columns: Sequence[Sequence[float]], band: _Band) -> list[list[float]] | None:
    """Return the columns with a row's pieces, or None where they do not stand in columns."""
    if not 2 <= max(len(row) for row in band) <= _MAX_COLUMNS:
        return None
    grown = [list(column) for column in columns]
    for row in band:
        places = []
        for piece in row:
            inside = [c for c in grown if c[0] < piece.right and piece.left < c[1]]
            if len(inside) > 1:
                return None
            if not inside:
                inside = [[piece.left, piece.right]]
                grown.append(inside[0])
            column = inside[0]
            column[:] = min(column[0], piece.left), max(column[1], piece.right)
            places.append(id(column))
        if len(set(places)) < len(places):
            return None
    return sorted(grown)


def _has_numbers(run: Sequence[_Band], columns: Sequence[Sequence[float]]) -> bool:
    pieces: list[list[str]] = [[] for _ in columns]
    for piece in chain.from_iterable(chain.from_iterable(run)):
        pieces[_column(columns, piece)].append(piece.text)
    for texts in pieces:
        numbers = [text for text in texts if _NUMBER.fullmatch(text)]
        figures = sum(bool(_FIGURE.search(text)) for text in numbers)
        enough = len(numbers) >= max(2, _MIN_NUMBERS * len(texts))
        if enough and (len(columns) > 2 or figures >= len(numbers) / 2):
            return True
    return False


def _column(columns: Sequence[Sequence[float]], piece: TextLine) -> int:
    middle = (piece.left + piece.right) / 2
    return next(number for number, column in enumerate(columns) if middle <= column[1])


def _table(run: Sequence[_Band], columns: Sequence[Sequence[float]]) -> Table:
    rows: list[list[Cell]] = []
    for band in run:
        cells = [Cell([], number) for number in range(len(columns))]
        for piece in chain.from_iterable(band):
            cells[_column(columns, piece)].lines.append(piece)
        rows.append(cells)
    between = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
    edges = [columns[0][0], *between, columns[-1][1]]
    first, last = run[0][0][0], run[-1][-1][0]
    return Table(edges, rows, first.top, last.base + 0.2 * last.size)
