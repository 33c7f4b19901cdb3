"""The rules of a page to grids of cells."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from jixiao.documents.readers.pdf_content import Rule

# In points. Rules this near to each other are one (double borders; those of neighbouring cells), or
# touch. No cell is as narrow or as low as the spaces.
_TOUCH: Final = 3.0
_SPACE_ACROSS: Final = 5.0
_SPACE_DOWN: Final = 4.0
# How far a rule may stick out of a table without there being cells.
_STUB: Final = 8.0
_MAX_RULES: Final = 2_000
_MAX_CELLS: Final = 20_000


@dataclass(slots=True)
class GridCell:
    """A cell from row ``top`` to ``bottom`` and column ``left`` to ``right``, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(slots=True)
class Grid:
    """A ruled table: the places of its columns ``xs`` and rows ``ys``, edges included, and cells.

    The cells cover it without overlap, by row and column.
    """

    xs: list[float]
    ys: list[float]
    cells: list[GridCell]


def find_grids(rules: Sequence[Rule]) -> list[Grid] | None:
    """Return the grids that rules make up, from the top down.

    Rules that cross or touch make up one. An edge that has no rule is where the rules end. Rules
    that no other crosses (underlines, the line under a page's header) make up none; a grid of one
    column is a frame around text, not a table. The result is None for a drawing of more rules than
    any table has.

    >>> level = [Rule(True, y, 100, 300) for y in (50, 70, 90)]
    >>> [grid] = find_grids([*level, Rule(False, 200, 50, 90)])
    >>> grid.xs, len(grid.cells)
    ([100, 200, 300], 4)
    """
    level = _merge(rule for rule in rules if rule.level)
    upright = _merge(rule for rule in rules if not rule.level)
    if len(level) + len(upright) > _MAX_RULES:
        return None
    grids = [_grid(rows, columns) for rows, columns in _connect(level, upright)]
    return sorted((grid for grid in grids if grid), key=lambda grid: (grid.ys[0], grid.xs[0]))


def _merge(rules: Iterable[Rule]) -> list[Rule]:
    """Join the rules that lie on one line and touch; the result is sorted across."""
    merged: list[Rule] = []
    for line in _near(sorted(rules, key=lambda rule: rule.at)):
        at = line[len(line) // 2].at
        line.sort(key=lambda rule: rule.start)
        start, end = line[0].start, line[0].end
        for rule in line[1:]:
            if rule.start > end + _TOUCH:
                merged.append(Rule(rule.level, at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        merged.append(Rule(line[0].level, at, start, end))
    return merged


def _near(rules: Iterable[Rule]) -> list[list[Rule]]:
    lines: list[list[Rule]] = []
    for rule in rules:
        if lines and rule.at - lines[-1][0].at <= _TOUCH:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    return lines


def _connect(level: Sequence[Rule], upright: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Return the level and upright rules that hang together, where there are some of both."""
    parent = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    places = [rule.at for rule in upright]
    for number, rule in enumerate(level):
        first = bisect_left(places, rule.start - _TOUCH)
        last = bisect_left(places, rule.end + _TOUCH)
        for other in range(first, last):
            if upright[other].start - _TOUCH <= rule.at <= upright[other].end + _TOUCH:
                parent[root(len(level) + other)] = root(number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for number, rule in enumerate([*level, *upright]):
        groups[root(number)][not rule.level].append(rule)
    return [group for group in groups.values() if group[0] and group[1]]


def _grid(level: Sequence[Rule], upright: Sequence[Rule]) -> Grid | None:
    xs = _places(upright, level, _SPACE_ACROSS)
    ys = _places(level, upright, _SPACE_DOWN)
    if len(xs) * len(ys) > _MAX_CELLS:
        return None
    walls = _sides(upright, xs, ys)
    floors = _sides(level, ys, xs)
    cells = _cells(len(xs) - 1, len(ys) - 1, walls, floors)
    if all(cell.right - cell.left == len(xs) - 1 for cell in cells):
        return None
    return Grid(xs, ys, cells)


def _places(rules: Sequence[Rule], others: Sequence[Rule], space: float) -> list[float]:
    """Return where the rules lie, with the edges at which the others end."""
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > space:
            places.append(at)
    start, end = min(rule.start for rule in others), max(rule.end for rule in others)
    if start < places[0] - _STUB:
        places.insert(0, start)
    if end > places[-1] + _STUB:
        places.append(end)
    return places


def _sides(
    rules: Iterable[Rule], across: Sequence[float], along: Sequence[float]
) -> set[tuple[int, int]]:
    """Return which sides of cells are ruled: (number of the line across, number of the cell along).

    A side is ruled where a rule runs along at least half of it.
    """
    sides: set[tuple[int, int]] = set()
    for rule in rules:
        line = min(range(len(across)), key=lambda number: abs(across[number] - rule.at))
        for number in range(
            max(bisect_left(along, rule.start) - 1, 0),
            min(bisect_left(along, rule.end), len(along) - 1),
        ):
            start, end = along[number], along[number + 1]
            if min(end, rule.end) - max(start, rule.start) >= (end - start) / 2:
                sides.add((line, number))
    return sides


def _cells(
    columns: int, rows: int, walls: set[tuple[int, int]], floors: set[tuple[int, int]]
) -> list[GridCell]:
    """Return the cells: the largest rectangles without a ruled side inside, from the upper left."""
    cells: list[GridCell] = []
    taken = [[False] * columns for _ in range(rows)]
    for top in range(rows):
        for left in range(columns):
            if taken[top][left]:
                continue
            right = left + 1
            while right < columns and not taken[top][right] and (right, top) not in walls:
                right += 1
            bottom = top + 1
            while bottom < rows and not any(
                (bottom, column) in floors or (column > left and (column, bottom) in walls)
                for column in range(left, right)
            ):
                bottom += 1
            for row in taken[top:bottom]:
                row[left:right] = [True] * (right - left)
            cells.append(GridCell(top, bottom, left, right))
    return cells
