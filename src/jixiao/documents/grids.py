"""Tables as grids: which headers stand over a cell, which labels beside it.

The rows of a flattened table say nothing of their columns: a horizontally merged cell stands once,
a vertical continuation as an empty cell. A row that is as wide as the grid is laid one to one. In a
shorter row one cell is taken to be the merged one: the cell whose widening lets the values of the
row stand under columns of values. Header rows are laid from the bottom up: each upper cell covers a
continuation or the group of labels it heads.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Final

from jixiao.documents.blocks import Cell, RowTable

# A cell that states a value: a number, perhaps signed, bounded, bracketed, a range, with its unit.
_NUMBER: Final = r"[-+±]?\d++(?:[,.，]\d++)*+"
_BOUND: Final = (
    r"(?:[≥≤><=≈约近]|不[低少小]于|不[超大高多]过?于?|大于|小于|高于|低于|至少|达到?|超过?)"
)
_UNIT: Final = (
    r"[万亿千百十]*+[\u4e00-\u9fffA-Za-z°℃²³㎡]{0,4}(?:[/·][\u4e00-\u9fffA-Za-z²³㎡]{1,4}){0,2}"
)
_VALUE: Final = re.compile(
    rf"[（(]?{_BOUND}{{0,2}}\s*{_NUMBER}\s*[%‰]?(?:（含）)?(?:\s*(?:[-~至]|:)\s*{_NUMBER})?\s*"
    rf"(?:[%‰]|{_UNIT})?(?:以上|以下|以内|左右)?[）)]?(?:（含）)?"
)
_VALUE_FIRST: Final = frozenset("0123456789+-±（(≥≤><=≈约近不大小高低至达超")
# Dates and telephone numbers, whether by themselves or in a row of labels.
_BARE_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_CODE: Final = re.compile(
    r"\d{3,4}-\d{7,8}|1\d{10}|(?:19|20)\d\d(?:-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}"
    r"|年\d{1,2}月\d{1,2}日)"
)
# Years, months and ordinals: labels that begin with a digit.
_LABEL: Final = re.compile(
    r"(?:19|20)\d\d(?:年.*|度|[年度]*[预决]算.*)?|(?:19|20)\d\d-(?:19|20)\d\d年?度?|\d{1,2}(?:[-—]\d{1,2})?月[份底末前初]?.*"
    r"|\d{1,2}(?:号.?|期|标段?|组|班|季度|批次?|类|级)"
)
_PLACEHOLDERS: Final = frozenset({"", "-", "—", "--", "——", "/", "\\", "无", "*", "×", "√", "…"})
_GROUP_HEADS: Final = frozenset({"其中", "其中:", "其中：", "：", ":"})
_TOTALS: Final = frozenset({"合计", "小计", "总计", "总额", "总数"})
_NUMBERING: Final = re.compile(r"栏次|行次|[甲乙丙丁戊]|\d{1,2}")
_NUMBERED_AS: Final = "栏次"
# Label and value in one cell (「其中：财政拨款 500万元」): no label of the cells beside it.
_STATED: Final = re.compile(r"[^：:]{1,20}[：:][^：:]*\d[^：:]*$")
_LABEL_LENGTH: Final = 30
_MAX_CAPTION: Final = 45
_MAX_VALUE: Final = 28
_MAX_LABELS: Final = 12
_MAX_LAID: Final = 32
_BRACKETED: Final = re.compile(r"[（(][^（）()]*[）)]")
# The second header of a table with two columns (「项目｜金额」) names what can be counted.
_COUNTABLE: Final = re.compile(
    r"(?:[数额率比值分重度量次费款金资]|合计|情况|支出|收入|元|(?:19|20)\d\d年?度?|.*[）)])$"
)
# What forms ask for: in 「主管部门｜某局｜实施单位｜某站」 every other cell is one of these.
_ASKED: Final = re.compile(
    r"(?:部门|单位|机构|名称|姓名|负责人|联系人|填报人|经办人|电话|手机|邮编|地址|属性|类型|类别|性质|"
    r"日期|时间|期限|编码|代码|编号|年度|领域|来源|方式|职务|职称|签字|盖章|名\s*称)[）)]?[：:]?$"
)


@lru_cache(maxsize=16384)
def states_value(text: str) -> bool:
    """Tell whether a cell's text is a value rather than a label, a code or a date.

    >>> [states_value(t) for t in ("1074.06", "-10.53", "(8.6)", "≥95%", "10-15%", "5家以上")]
    [True, True, True, True, True, True]
    >>> [states_value(t) for t in ("0730-8152766", "合计", "2021年", "1-9月", "1、局机关")]
    [False, False, False, False, False]
    """
    if not text or text[0] not in _VALUE_FIRST or len(text) > _MAX_VALUE:
        return False
    if not _VALUE.fullmatch(text):
        return False
    return not (_CODE.fullmatch(text) or (_LABEL.fullmatch(text) and not text.isdigit()))


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
        """The number of columns: the widest row."""
        return max((len(row) for row in [*self.header, *self.body]), default=0)

    @cached_property
    def _values(self) -> list[int]:
        """For each column how many more values than labels stand in it, over the full rows."""
        balance = [0] * self.width
        for row in self.body:
            if len(row) == self.width:
                for column, cell in enumerate(row):
                    if cell.text not in _PLACEHOLDERS:
                        balance[column] += 1 if states_value(cell.text) else -1
        return balance

    @cached_property
    def _spans_down(self) -> bool:
        """Whether the header's first cell reaches down beside the whole body."""
        full = [row for row in self.body if len(row) == self.width]
        return bool(full) and not any(row[0].text for row in full)

    @cached_property
    def _header_paths(self) -> list[list[str]]:
        """For each column the texts of the header cells over it, outermost first."""
        paths: list[list[str]] = [[] for _ in range(self.width)]
        rows = [row for row in self.header if not _is_numbering(row)]
        for row in place_header(rows, self._values, spans_down=self._spans_down):
            for placed in row:
                if placed.cell.text:
                    for column in range(placed.first, placed.last + 1):
                        paths[column].append(placed.cell.text)
        return paths

    @cached_property
    def _halves(self) -> list[int]:
        """For each column where its headers begin anew (「项目｜金额｜项目｜金额」); empty if nowhere."""
        leaves = [_BRACKETED.sub("", path[-1]) if path else "" for path in self._header_paths]
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
            labels = [*section, *_find_labels(row, above, below)]
            if not self.header:
                labels = [label for label in labels if not _STATED.match(label[1])]
            self._set_labels(row, labels)
            laid[cells[0].row] = row
        return laid

    def _set_labels(self, row: _Row, labels: Sequence[tuple[int, str]]) -> None:
        """Store the labels of a row and the header of each; one text after itself counts once."""
        paths = self._header_paths
        for column, text in labels:
            if row.texts[-1:] != [text] or (self._halves and column in self._halves[1:]):
                row.columns.append(column)
                row.texts.append(text)
                row.heads.append(paths[column][-1] if column >= 0 and paths[column] else "")

    def _places(self, cells: Sequence[Cell]) -> Sequence[int]:
        """Return the column in which each cell of a body row begins."""
        extra = self.width - len(cells)
        if extra <= 0 or not self.header:
            return range(len(cells))
        widened = _widened_cell([cell.text for cell in cells], self._values, extra)
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
            numbers = next(
                (r for r in self.header if r[0].row == cell.row and _is_numbering(r)), []
            )
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
        if text not in _PLACEHOLDERS and not states_value(text)
    ]
    row.nested += len(filled)
    if below and not below[0].text and not lead and own and not own[0][0]:
        row.nested += 1
    if lead < len(texts):
        for column in [column for column in above if column >= row.places[lead]]:
            del above[column]
        above.update(own[:_MAX_LABELS])
    return [*filled, *own]


def _widened_cell(texts: Sequence[str], values: Sequence[int], extra: int) -> int:
    """Return which cell of a short row covers ``extra`` columns more: the leftmost best.

    A placing is the better the more values of the row stand under columns of values and labels
    under columns of labels. An empty cell or a value is not widened if there is another.
    """
    kinds = [0 if t in _PLACEHOLDERS else 1 if states_value(t) else -1 for t in texts]
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


# Dividing a table into grids ----------------------------------------------------------------------


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
    if len(text) <= _MAX_CAPTION and "。" not in text:
        captions = [*(captions if fresh else lead), text]
    return Grid(captions, titles)


def _is_section(grid: Grid, row: Sequence[Cell], after: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether a one-cell row is the title of rows under the same headers."""
    width = max(len(other) for other in [*grid.header[-1:], *grid.body[-2:]])
    following = next((other for other in after if len(other) > 1), ())
    return (
        len(row[0].text) <= _MAX_CAPTION
        and len(following) == width
        and any(states_value(cell.text) for cell in following)
    )


def _starts_grid(grid: Grid, row: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether ``row`` opens a new grid: labels only or pairs, unlike the body above it.

    ``below`` are the two rows below it.
    """
    texts, last = _texts(row), grid.body[-1]
    if not texts[0]:
        return False
    if any(states_value(text) for text in texts):
        return bool(grid.header) and len(row) < len(last) and _is_form_row(texts, _texts(last))
    if not _are_labels(texts):
        return len(row) == 2 < len(last)
    if len(row) != len(last):
        return len(last) > 1 or len(row) != len(grid.header[-1])
    if not grid.header:
        return _is_header(row, below, [])
    under = _texts(below[0]) if below else []
    return texts == _texts(grid.header[0]) or _replaces_values(texts, _texts(last), under)


def _is_form_row(texts: Sequence[str], above: Sequence[str]) -> bool:
    """Tell a row of a form below a table (「自评得分｜98」) from a short row of the table."""
    values = [states_value(text) for text in texts]
    if len(texts) == 2:
        return values[1] and not states_value(above[-1])
    return _are_pairs(texts)


def _replaces_values(texts: Sequence[str], above: Sequence[str], below: Sequence[str]) -> bool:
    """Tell the headers of a next table: labels, all different, where values stand above and below."""
    columns = [i for i, text in enumerate(above) if states_value(text)]
    return (
        bool(columns)
        and len(set(texts)) == len(texts)
        and not _PLACEHOLDERS.intersection(texts)
        and len(below) == len(texts)
        and any(states_value(text) for text in below)
    )


def _is_header(
    row: Sequence[Cell], below: Sequence[Sequence[Cell]], upper: Sequence[Sequence[Cell]]
) -> bool:
    """Tell whether a row at the top of a grid holds headers.

    ``below`` are the two rows below it, ``upper`` the header rows above it.
    """
    if upper and _is_numbering(row):
        return True
    texts, under = _texts(row), _texts(below[0]) if below else []
    if not under or not any(texts) or not _are_labels(texts):
        return False
    if upper:
        return _continues_header(texts, under, len(upper[-1]))
    if not under[0] and texts[0]:
        return True  # the first cell reaches down
    if len(texts) > 2 and _asks(texts):
        return False
    values = any(states_value(text) for text in under)
    if len(under) > len(texts):
        # A group over repeated labels (收入｜支出), or a header with a merged cell; but a row of a
        # form above the headers of a table is neither.
        heads_values = len(below) > 1 and any(states_value(cell.text) for cell in below[1])
        if _are_labels(under) and (heads_values or len(texts) == 2):
            return _repeats(under, len(texts))
        return len(texts) > 2
    if len(under) < len(texts):
        return len(texts) > 2 and values
    if len(texts) == 2:
        return values and bool(_COUNTABLE.search(texts[1])) and not _BRACKETED.search(under[0])
    return not _are_pairs(under)


def _continues_header(texts: Sequence[str], under: Sequence[str], width: int) -> bool:
    """Tell whether a row of labels below a header row of ``width`` cells is a header row too."""
    if texts[0]:
        return len(texts) == len(under) and _repeats(texts, width)
    if len(texts) > width:
        return True
    units = [text for text in texts if text]
    return bool(under[0]) and bool(units) and all(_BRACKETED.fullmatch(text) for text in units)


def _repeats(texts: Sequence[str], times: int) -> bool:
    """Tell whether labels come again so many times (「项目｜金额｜项目｜金额」: twice)."""
    period, rest = divmod(len(texts), times)
    if rest or times < 2 or period < 2:
        return False
    names = [_BRACKETED.sub("", text) for text in texts]
    same = sum(len(set(names[place::period])) == 1 for place in range(period))
    return same >= max(period - 1, 1)


def _is_numbering(row: Sequence[Cell]) -> bool:
    """Tell a row that numbers the columns (「栏次｜1｜2」, 「甲｜乙｜1｜2」)."""
    if not row[0].text or not _NUMBERING.fullmatch(row[0].text):
        return False
    texts = [text for text in _texts(row) if text]
    numbers = [int(text) for text in texts if text.isdecimal()]
    return (
        len(texts) > 1
        and all(_NUMBERING.fullmatch(text) for text in texts)
        and numbers == list(range(1, len(numbers) + 1))
        and bool(numbers)
    )


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in row]


def _are_labels(texts: Sequence[str]) -> bool:
    """Tell whether texts are short labels all: no value, code, statement or sentence.

    Years without 年 are labels where there are several, all different (「指标｜2020｜2021」).
    """
    years = [text for text in texts if _BARE_YEAR.fullmatch(text)]
    named = frozenset(years) if 1 < len(years) == len(set(years)) else frozenset()
    for text in texts:
        if states_value(text) and text not in named:
            return False
        if _CODE.fullmatch(text) or _STATED.match(text) or "。" in text or "；" in text:
            return False
        if len(text) > _LABEL_LENGTH and len(_BRACKETED.sub("", text)) > _LABEL_LENGTH:
            return False
    return True


def _asks(texts: Sequence[str]) -> bool:
    """Tell a row of a form by what it asks for (「主管部门｜某局｜实施单位｜某站」)."""
    if len(texts) % 2:
        return False
    asked = [bool(_ASKED.search(text)) for text in texts]
    return all(asked[::2]) and not any(asked[1::2])


def _are_pairs(texts: Sequence[str]) -> bool:
    """Tell pairs of a label and a value or code (「联系人｜某某｜电话｜0730-8152766」)."""
    values = [states_value(text) or bool(_CODE.fullmatch(text)) for text in texts]
    return len(texts) % 2 == 0 and all(values[1::2]) and not any(values[::2])
