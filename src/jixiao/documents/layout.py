"""Rows laid over columns: which columns a merged cell covers.

A row that is as wide as the grid is laid one to one. In a shorter row one cell is taken to be the
merged one. Header rows are laid from the bottom up: each upper cell covers a continuation or the
group of labels it heads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from jixiao.documents.blocks import Cell
from jixiao.documents.cells import PLACEHOLDERS, states_value

_GROUP_HEADS: Final = frozenset({"其中", "其中:", "其中：", "：", ":"})
_TOTALS: Final = frozenset({"合计", "小计", "总计", "总额", "总数"})
_MAX_LAID: Final = 32


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell laid over columns ``first`` to ``last``, both included."""

    cell: Cell
    first: int
    last: int


def as_placed(cell: Cell) -> Placed:
    """Return a cell over the columns its file gives it, else over its place in the row."""
    first = cell.column if cell.first is None else cell.first
    return Placed(cell, first, first + cell.width - 1)


def widened_cell(texts: Sequence[str], values: Sequence[int], extra: int) -> int:
    """Return which cell of a short row covers ``extra`` columns more: the leftmost best.

    A placing is the better the more values of the row stand under columns of values and labels
    under columns of labels. An empty cell or a value is not widened if there is another.
    """
    kinds = [0 if t in PLACEHOLDERS else 1 if states_value(t) else -1 for t in texts]
    signs = [(value > 0) - (value < 0) for value in values]
    stay = [kind * sign for kind, sign in zip(kinds, signs, strict=False)]
    move = [kind * sign for kind, sign in zip(kinds, signs[extra:], strict=True)]
    total, moved = sum(move), [0, *accumulate(move)]
    best, chosen = None, 0
    for i, before in enumerate([0, *accumulate(stay)][:-1]):
        # Cell i begins where it stands and ends `extra` columns on; those after it are moved.
        score = before + stay[i] + total - moved[i + 1] - (kinds[i] >= 0)
        if best is None or score > best:
            best, chosen = score, i
    return chosen


def place_header(
    header: Sequence[Sequence[Cell]], values: Sequence[int], *, spans_down: bool = False
) -> list[list[Placed]]:
    """Lay header rows over the columns, the lowest first; the rows come back in reading order.

    ``values`` tells, for each column, how many more values than labels the body has in it. A row
    that cannot be laid (more cells than columns) is cut. ``spans_down`` tells that the first header
    cell reaches down beside the body, so that it is not the one that covers several columns.
    """
    below: list[Placed] | None = None
    placed: list[list[Placed]] = []
    for row in reversed(header):
        if below is None:
            below = _lay_lowest(row[: len(values)], values, spans_down)
        else:
            below = _lay_over(row[: len(values)], below)
        placed.append(below)
    return placed[::-1]


def _lay_lowest(cells: Sequence[Cell], values: Sequence[int], spans_down: bool) -> list[Placed]:
    """Lay the lowest header row: where it is short, one cell covers several labels or values."""
    extra = len(values) - len(cells)
    if extra <= 0:
        return [Placed(cell, i, i) for i, cell in enumerate(cells)]
    counted = [0, *accumulate(value > 0 for value in values)]

    def evenness(i: int) -> int:
        held = counted[i + extra + 1] - counted[i]
        return 2 if not held else 1 if held == extra + 1 else 0

    first = 1 if spans_down and len(cells) > 1 else 0
    widened = max(range(first, len(cells)), key=lambda i: (evenness(i), -i))
    return [
        Placed(cell, i + extra if i > widened else i, i + extra if i >= widened else i)
        for i, cell in enumerate(cells)
    ]


def _lay_over(upper: Sequence[Cell], lower: Sequence[Placed]) -> list[Placed]:
    """Give each upper cell a run of lower cells, best fit first; a dynamic programme over runs."""
    labels = [placed.cell.text for placed in lower]
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    if len(upper) < len(lower) <= _MAX_LAID:
        spare = len(lower) - len(upper)
        for i, cell in enumerate(upper):
            for start in range(i, i + spare + 1):
                if (i, start) not in best:
                    continue
                before = best[i, start][0]
                for end, fit in _fits(cell.text, labels, start, i + spare + 1):
                    if (i + 1, end) not in best or best[i + 1, end] <= (before + fit, start):
                        best[i + 1, end] = before + fit, start
    end = len(lower)
    if (len(upper), end) not in best:
        return [Placed(cell, low.first, low.last) for cell, low in zip(upper, lower, strict=False)]
    runs: list[Placed] = []
    for i in range(len(upper), 0, -1):
        start = best[i, end][1]
        runs.append(Placed(upper[i - 1], lower[start].first, lower[end - 1].last))
        end = start
    return runs[::-1]


def _fits(head: str, labels: Sequence[str], start: int, stop: int) -> Iterator[tuple[int, float]]:
    """Yield how well ``head`` stands over the labels from ``start`` to each end up to ``stop``.

    An empty label is a vertical continuation and stands alone; a head with a label of its own below
    has two at least. Words in common with the head speak for a label, a second 合计 or any label
    that comes again against the run; else even runs are the likelier.
    """
    first = labels[start]
    if not head or not first:
        yield start + 1, 2.0 if not first else 1.0
        return
    groups = head in _GROUP_HEADS
    characters, seen = set(head), set[str]()
    score = 0.5 if first in _TOTALS else 0.0
    for end in range(start + 1, stop + 1):
        label = labels[end - 1]
        if not label:
            return
        length, shares = end - start, not characters.isdisjoint(label)
        score -= label in seen
        seen.add(label)
        if groups:
            score += 0.4
        else:
            score += 0.8 * shares - 0.5 * (length > 1 and label in _TOTALS)
        if length == 1:
            yield end, 0.5 if shares else -0.5
        else:
            yield end, score + 1.0 if groups else score - 0.05 * length**2
