"""Tables: columns with total rows, rows with total columns, rate columns, weights of groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Final

from jixiao.checks.changes import judge_growth, rate_of
from jixiao.checks.found import FoundCheck, printed, quote, said
from jixiao.checks.rates import ratio_check
from jixiao.checks.sums import has_subset, sum_check, weigh
from jixiao.checks.values import HUNDRED, Term, percent, quotient, term
from jixiao.documents import Report
from jixiao.documents.cells import states_value
from jixiao.documents.grids import Grid
from jixiao.exact import CONTEXT
from jixiao.numbers.find import Found

TOTAL: Final = re.compile(
    r"(?:.{0,8}(?:合计|总计|小计|汇总|总分|得分合计|总得分)|合\s*计|总\s*计|小\s*计|总\s*分|.{0,6}(?:总额|总量|总数))[）)]?[：:]?"
)
_SUBTOTAL: Final = re.compile(r".{0,8}小\s*计[：:]?")
_AMONG: Final = re.compile(r"^其\s*中[：:]?")
_NOT_ADDED: Final = re.compile(
    r"率|比|均|增长|同比|增幅|每|单价|标准|序号|指标值|目标值|完成值|排名|权重系数"
)
_CHANGED: Final = re.compile(
    r"^(?:比上年|较上年|同比)?(?:增减|增加|变动|变化|增长)(?:额|数|量|情况|值)?$"
)
_SHARE: Final = re.compile(r"占比|比重|所占比例|构成比")
_BORNE_OUT: Final = 2
_RATE: Final = re.compile(r"执行率|完成率|支出率|支付率|使用率|到位率|进度")
_DONE: Final = re.compile(r"执行|决算|支出|完成|实际|使用|到位")
_PLANNED: Final = re.compile(r"预算|计划|目标|安排|下达|任务|应")
_GROWTH: Final = re.compile(r"增长|同比|增幅|增减")
_WEIGHT: Final = re.compile(r"分值|权重|满分|标准分|权重分")
_WEIGHED: Final = re.compile(r"(?P<name>.*?)[（(]\s*(?P<points>\d+(?:\.\d+)?)\s*分\s*[）)]")
_YEAR: Final = re.compile(r"\d{4}|本年|上年|今年|去年|当年|本期|上期")
_NUMBERED: Final = (
    re.compile(r"[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"\d{1,2}[、.．](?!\d)"),
    re.compile(r"[（(]\d{1,2}[）)]"),
)
_NEAR: Final = Decimal("0.15")
_LEVEL_AMONG: Final = 9
_MOST_TOTALS: Final = 40
_MOST_EXCESS: Final = Decimal("0.25")
# The points for the execution of the budget stand apart from the indicators in the national form.
_BUDGET_POINTS: Final = Decimal(10)


@dataclass(slots=True)
class Cell:
    """A number that fills its cell: where it stands, its headers and its row's labels."""

    item: Found
    term: Term | None
    table: int
    row: int
    column: int
    heads: Sequence[str]
    labels: Sequence[str]
    total: bool

    @property
    def head(self) -> str:
        """The header right over the cell."""
        return self.heads[-1] if self.heads else ""


@dataclass
class Sheet:
    """The cells of one table, or of one that goes on under repeated headers, by row."""

    rows: list[list[Cell]] = field(default_factory=list)
    heads: tuple[str, ...] = ()
    columns: dict[int, list[Cell]] = field(default_factory=dict)
    # Columns in which some number was not read, for want of a unit or of sense.
    holes: set[int] = field(default_factory=set)


def find_table_checks(tables: Sequence[Sheet], items: Sequence[Found]) -> list[FoundCheck]:
    """Return the checks of the sums, rates and weights of tables."""
    found: list[FoundCheck] = []
    points = _points_in_labels(items)
    for sheet in tables:
        columns = [one for column in sorted(sheet.columns) for one in _column_checks(sheet, column)]
        found += columns
        found += _like_other_columns(sheet, columns)
        for row in sheet.rows:
            found += _row_checks(row)
        found += _settled(_closing_column(row) for row in sheet.rows)
        found += _settled(_difference_check(cell, row) for row in sheet.rows for cell in row)
        totals = {column: _only_total(cells) for column, cells in sheet.columns.items()}
        found += _settled(_share_check(totals, cell, row) for row in sheet.rows for cell in row)
        found += _weight_checks(sheet, points)
    return found


def sheets(report: Report, items: Sequence[Found]) -> list[Sheet]:
    """Return the tables; one that goes on under the same headers is one sheet."""
    found: list[Sheet] = []
    seen: dict[int, tuple[Grid, Sheet]] = {}
    for (table, number), row_items in groupby(
        (item for item in items if item.whole_cell and item.block and item.block.cell), _place
    ):
        grid = report.grids[table, number]
        row = [cell for item in row_items if (cell := _cell(grid, item)) is not None]
        if not row:
            continue
        heads = tuple(_leaf(row_of) for row_of in grid.header[-1:]) if grid.header else ()
        if not found or not _goes_on(found[-1], heads, table, row):
            found.append(Sheet(heads=heads))
        sheet = found[-1]
        sheet.rows.append(row)
        for cell in row:
            sheet.columns.setdefault(cell.column, []).append(cell)
        seen.setdefault(id(grid), (grid, sheet))
    read = {item.start for item in items if item.whole_cell}
    for grid, sheet in seen.values():
        sheet.holes |= _unread(grid, read)
    return found


def _unread(grid: Grid, read: set[int]) -> set[int]:
    """Return the columns in which a value stands that is no quantity."""
    return {
        grid.column_of(cell)
        for row in grid.body
        for cell in row
        if states_value(cell.text) and not any(at in read for at in range(cell.start, cell.end))
    }


def _place(item: Found) -> tuple[int, int]:
    cell = item.block.cell if item.block else None
    return (cell.table, cell.row) if cell else (-1, -1)


def _leaf(row: Sequence[object]) -> str:
    return "|".join(getattr(cell, "text", "") for cell in row)


def _cell(grid: Grid, item: Found) -> Cell | None:
    block = item.block
    if block is None or block.cell is None or item.cell is None:
        return None
    column = grid.column_of(block.cell)
    return Cell(
        item,
        term(item),
        block.cell.table,
        block.cell.row,
        column,
        item.cell.columns,
        item.cell.rows,
        any(names_total(label) for label in item.cell.rows[:2]),
    )


def _goes_on(sheet: Sheet, heads: tuple[str, ...], table: int, row: Sequence[Cell]) -> bool:
    last = sheet.rows[-1][0]
    if last.table == table:
        return sheet.heads == heads and (bool(heads) or row[0].row == last.row + 1)
    return bool(heads) and sheet.heads == heads and table == last.table + 1


def _column_checks(sheet: Sheet, column: int) -> list[FoundCheck]:
    """Return the checks of one column's totals against the rows they close or open.

    A contradiction is told only where all rows were read.
    """
    cells = sheet.columns[column]
    kinds = {(c.item.quantity.label, c.item.quantity.unit) for c in cells}
    if len(kinds) != 1 or cells[0].item.quantity.label in ("PERCENT", "RATIO", "RANK"):
        return []
    if _NOT_ADDED.search(cells[0].head):
        return []
    found: list[FoundCheck] = []
    levels = _levels(cells)
    totals = 0
    for place, cell in enumerate(cells):
        check = None
        if cell.term is None or cell.term.value <= 0:
            continue
        if _is_total(cell):
            totals += 1
            if totals > _MOST_TOTALS:
                break
            check = _closing(cells, levels, place) or _opening(cells, levels, place)
        elif place + 1 < len(cells) and levels[place + 1] > levels[place]:
            check = _nested(cells, levels, place)
        if check is not None and (check.verdict != "inconsistent" or column not in sheet.holes):
            found.append(check)
    return found


def _like_other_columns(sheet: Sheet, checks: Sequence[FoundCheck]) -> Iterator[FoundCheck]:
    """Yield totals that miss the rows which make up the total beside them, in another column.

    That column says which rows are added, so that a contradiction is sure.
    """
    at = {cell.item.start: cell for row in sheet.rows for cell in row}
    judged = {check.items[0].start for check in checks}
    right = [check for check in checks if check.verdict == "ok" and len(check.items) > 2]
    for check in right[:_MOST_TOTALS]:
        total, *parts = (at[item.start] for item in check.items)
        rows = {(part.table, part.row) for part in parts}
        for column, cells in sheet.columns.items():
            own = next((c for c in cells if (c.table, c.row) == (total.table, total.row)), None)
            added = [cell for cell in cells if (cell.table, cell.row) in rows]
            if own is None or own.item.start in judged or column in sheet.holes:
                continue
            if len(added) != len(rows) or not _may_be_added([own, *added]):
                continue
            judged.add(own.item.start)
            terms = [cell.term for cell in added if cell.term is not None]
            if own.term is None or len(terms) < len(added):
                continue
            value = weigh((own.term,), terms)[0]
            if abs(value - own.term.value) <= own.term.value * _NEAR * 2:
                yield sum_check((own.term,), terms)


def _may_be_added(cells: Sequence[Cell]) -> bool:
    kinds = {(cell.item.quantity.label, cell.item.quantity.unit) for cell in cells}
    label = cells[0].item.quantity.label
    return (
        len(kinds) == 1
        and label not in ("PERCENT", "RATIO", "RANK")
        and not _NOT_ADDED.search(cells[0].head)
    )


def _settled(checks: Iterable[FoundCheck | None]) -> list[FoundCheck]:
    """Return checks of one kind of column; contradictions only where other rows bear it out."""
    found = [check for check in checks if check is not None]
    wrong = [check for check in found if check.verdict == "inconsistent"]
    if len(found) - len(wrong) >= max(_BORNE_OUT, len(wrong)):
        return found
    return [check for check in found if check.verdict != "inconsistent"]


def _is_total(cell: Cell) -> bool:
    return cell.total


@lru_cache(maxsize=4096)
def names_total(label: str) -> bool:
    """Tell whether a label is that of a total.

    >>> names_total("合 计"), names_total("合计划")
    (True, False)
    """
    return TOTAL.fullmatch(label.replace(" ", "").replace("\u3000", "")) is not None


def _is_subtotal(cell: Cell) -> bool:
    return any(_SUBTOTAL.fullmatch(label) for label in cell.labels[:2])


def _levels(cells: Sequence[Cell]) -> list[int]:
    """Return how deep each row stands: by its numbering, or behind 其中."""
    levels: list[int] = []
    current = 0
    for cell in cells:
        label = next((x for x in cell.labels if not x.isdigit()), "")
        numbered = next(
            (depth for depth, style in enumerate(_NUMBERED, start=1) if style.match(label)), None
        )
        if _AMONG.match(label):
            current = _LEVEL_AMONG
        elif numbered is not None:
            current = numbered
        elif current != _LEVEL_AMONG:
            current = 0
        levels.append(0 if _is_total(cell) else current)
    return levels


def _closing(cells: Sequence[Cell], levels: Sequence[int], place: int) -> FoundCheck | None:
    """Return the check of a total below its rows."""
    above = [p for p in range(place) if not _is_total(cells[p])]
    totals = [p for p in range(place) if _is_total(cells[p])]
    since = [p for p in above if not totals or p > totals[-1]]
    subtotals = [p for p in totals if _is_subtotal(cells[p])]
    sets = [since, above, subtotals, *_top(above, levels), *_top(since, levels)]
    flat = not totals and len({levels[p] for p in above}) <= 1 and len(above) > 2
    return _best(cells, place, sets, flat=flat and _LEVEL_AMONG not in levels)


def _opening(cells: Sequence[Cell], levels: Sequence[int], place: int) -> FoundCheck | None:
    """Return the check of a total above its rows."""
    if any(not _is_total(cell) for cell in cells[:place]):
        return None
    below = []
    for p in range(place + 1, len(cells)):
        if _is_total(cells[p]):
            break
        below.append(p)
    return _best(cells, place, [below, *_top(below, levels)], flat=False)


def _top(places: Sequence[int], levels: Sequence[int]) -> Iterator[list[int]]:
    """Yield the rows of the outermost level, numbered or not."""
    if places:
        least = min(levels[p] for p in places)
        yield [p for p in places if levels[p] == least]


def _nested(cells: Sequence[Cell], levels: Sequence[int], place: int) -> FoundCheck | None:
    """Return the check of a numbered row against the rows numbered below it."""
    inside = []
    for p in range(place + 1, len(cells)):
        if levels[p] <= levels[place] or _is_total(cells[p]):
            break
        inside.append(p)
    least = min(levels[p] for p in inside)
    chosen = [p for p in inside if levels[p] == least]
    check = _best(cells, place, [chosen], flat=least != _LEVEL_AMONG and len(chosen) > 2)
    if check is None or check.recomputed is None or check.stated is None:
        return None
    short = check.verdict == "inconsistent" and check.recomputed < check.stated
    return None if short else check


def _best(
    cells: Sequence[Cell], place: int, sets: Sequence[Sequence[int]], *, flat: bool
) -> FoundCheck | None:
    """Return the check against the first set of rows that adds up, else against the plain one."""
    total = cells[place].term
    if total is None:
        return None
    rounded: FoundCheck | None = None
    for chosen in sets:
        parts = [cells[p].term for p in chosen]
        terms = [one for one in parts if one is not None]
        if len(terms) < 2 or len(terms) < len(parts):
            continue
        verdict = weigh((total,), terms)[1]
        if verdict == "ok":
            return sum_check((total,), terms)
        if verdict == "rounded" and rounded is None:
            rounded = sum_check((total,), terms)
    if rounded is not None or not flat or not sets:
        return rounded
    terms = [one for p in sets[0] if (one := cells[p].term) is not None]
    if len(terms) < len(sets[0]) or len(terms) < 3:
        return None
    value = weigh((total,), terms)[0]
    if cells[place].item.quantity.label == "SCORE" and total.value - value == _BUDGET_POINTS:
        return None
    if abs(value - total.value) > total.value * _NEAR * 2 or _repeats(value - total.value, terms):
        return None
    return sum_check((total,), terms)


def _repeats(excess: Decimal, terms: Sequence[Term]) -> bool:
    """Tell whether rows or pairs of rows are the excess: then they are parts of other rows."""
    if excess <= 0:
        return False
    values = {one.value for one in terms}
    return excess in values or any(excess - value in values for value in values)


def _row_checks(row: Sequence[Cell]) -> Iterator[FoundCheck]:
    """Yield the checks of one row: totals of columns, rates, growth."""
    yield from _header_sums(row)
    for place, cell in enumerate(row):
        if cell.term is None or cell.item.quantity.unit != "%":
            continue
        if cell.item.quantity.modality == "rule":
            continue
        left = [one for one in row[:place] if one.term is not None and one.term.value > 0]
        if _RATE.search(cell.head):
            check = _rate_check(cell, left)
        elif _GROWTH.search(cell.head):
            check = _growth_check(cell, left)
        else:
            continue
        if check is not None:
            yield check


def _depth(cell: Cell) -> int:
    return sum(bool(_AMONG.match(head)) for head in cell.heads[:-1]) + bool(
        len(cell.heads) == 1 and _AMONG.match(cell.head)
    )


def _header_sums(row: Sequence[Cell]) -> Iterator[FoundCheck]:
    """Yield the check of each column whose next columns stand under 其中."""
    for place, cell in enumerate(row):
        total = cell.term
        if total is None or total.value <= 0:
            continue
        depth = _depth(cell)
        parts: list[Term] = []
        for other in row[place + 1 :]:
            deeper = _depth(other)
            if deeper <= depth or other.item.quantity.unit != cell.item.quantity.unit:
                break
            if deeper == depth + 1 and other.term is not None:
                parts.append(other.term)
        if len(parts) < 2:
            continue
        value, verdict, _ = weigh((total,), parts)
        if verdict == "inconsistent" and (value < total.value or has_subset(total.value, parts)):
            continue
        over = value - total.value > total.value * _MOST_EXCESS
        if verdict == "inconsistent" and (over or cell.item.quantity.label != "MONEY"):
            continue
        yield sum_check((total,), parts)


def _closing_column(row: Sequence[Cell]) -> FoundCheck | None:
    """Return the check of a last column that adds up the columns before it."""
    if len(row) < 3 or row[-1].term is None or not names_total(row[-1].head):
        return None
    total = row[-1].term
    like = [cell for cell in row[:-1] if cell.item.quantity.unit == total.item.quantity.unit]
    parts = [cell.term for cell in like if cell.term is not None]
    if len(parts) < 2 or len(parts) < len(like) or total.value <= 0:
        return None
    value, verdict, _ = weigh((total,), parts)
    far = abs(value - total.value) > total.value * _NEAR * 2
    return None if verdict == "inconsistent" and far else sum_check((total,), parts)


def _difference_check(cell: Cell, row: Sequence[Cell]) -> FoundCheck | None:
    """Return the check of a change in amount against this year's and last year's columns."""
    stated, quantity = cell.term, cell.item.quantity
    if stated is None or not _CHANGED.search(cell.head) or quantity.measure != "change":
        return None
    years = [
        one
        for one in row
        if one.column < cell.column
        and one.item.quantity.unit == quantity.unit
        and any(_YEAR.search(head) for head in one.heads)
    ]
    if len(years) != 2 or not all(one.term for one in years):
        return None
    first, second = (one.item for one in years)
    later, before = (
        years if (first.quantity.period or "") > (second.quantity.period or "") else years[::-1]
    )
    if later.term is None or before.term is None:
        return None
    up = later.term.value >= before.term.value
    if quantity.direction is not None and stated.value and (quantity.direction == "up") != up:
        return None
    signs = (1, -1) if up else (-1, 1)
    return sum_check((stated,), (later.term, before.term), signs=signs, kind="difference")


def _only_total(cells: Sequence[Cell]) -> Term | None:
    """Return the total of a column that has one."""
    totals = [cell.term for cell in cells if cell.total]
    return totals[0] if len(totals) == 1 else None


def _share_check(
    totals: Mapping[int, Term | None], cell: Cell, row: Sequence[Cell]
) -> FoundCheck | None:
    """Return the check of a share against the amount to its left and the total of its column."""
    stated = cell.term
    if stated is None or cell.item.quantity.unit != "%" or not _SHARE.search(cell.head):
        return None
    left = [one for one in row if one.column < cell.column and one.term is not None]
    amounts = [one for one in left if one.item.quantity.label in ("MONEY", "COUNT", "MEASURE")]
    if not amounts or amounts[-1].total:
        return None
    part = amounts[-1]
    whole = totals.get(part.column)
    if whole is None or part.term is None:
        return None
    check = ratio_check(part.term, whole, stated)
    return check if check is not None and (check.verdict == "ok" or _is_near(check)) else None


def _rate_check(cell: Cell, left: Sequence[Cell]) -> FoundCheck | None:
    """Return the check of an execution rate against the amounts to its left."""
    stated = cell.term
    amounts = [one for one in left if one.item.quantity.label in ("MONEY", "COUNT", "MEASURE")]
    done = [one for one in amounts if _DONE.search(one.head) and not _PLANNED.search(one.head)]
    done = done or [one for one in amounts if re.search(r"决算|执行数|支出数|实际", one.head)]
    planned = [one for one in amounts if _PLANNED.search(one.head) and one not in done]
    if stated is None or not done or not planned:
        return None
    tried: list[FoundCheck] = []
    for part in reversed(done):
        for whole in reversed(planned):
            if part.term is None or whole.term is None:
                continue
            if part.item.quantity.unit != whole.item.quantity.unit:
                continue
            check = ratio_check(part.term, whole.term, stated)
            if check is not None and check.verdict in ("ok", "truncated"):
                return check
            if check is not None:
                tried.append(check)
    return tried[0] if len(done) == 1 and tried and _is_near(tried[0]) else None


def _is_near(check: FoundCheck) -> bool:
    if check.stated is None or check.recomputed is None:
        return False
    return abs(check.stated - check.recomputed) <= abs(check.stated) * _NEAR


def _growth_check(cell: Cell, left: Sequence[Cell]) -> FoundCheck | None:
    """Return the check of a growth against this year's and last year's columns."""
    stated = cell.term
    years = [one for one in left if any(_YEAR.search(head) for head in one.heads)]
    years = [one for one in years if one.item.quantity.unit == years[0].item.quantity.unit]
    if stated is None or len(years) != 2:
        return None
    first, second = years
    if (first.item.quantity.period or "") < (second.item.quantity.period or ""):
        first, second = second, first
    level, base = first.term, second.term
    if level is None or base is None:
        return None
    shares = quotient(level.interval(), base.interval())
    if shares is None:
        return None
    span = shares[0] - HUNDRED, shares[1] - HUNDRED
    value = percent(level.value - base.value, base.value)
    rate, _ = rate_of(stated)
    verdict = judge_growth(stated, rate, span)
    if verdict == "inconsistent" and abs(value - rate) > max(abs(rate) * _NEAR, Decimal(2)):
        return None
    shown = value.quantize(Decimal("0.01"), context=CONTEXT)
    message = f"{quote(level)}，上年{printed(base)}，增减{shown}%，表中写{printed(stated)}，{said(verdict)}"
    items = (stated.item, level.item, base.item)
    return FoundCheck("growth", verdict, rate, value, span, items, message)


def _weight_checks(sheet: Sheet, points: Mapping[str, Term]) -> Iterator[FoundCheck]:
    """Yield the checks of the points in group labels: 预算执行（12分） against its indicators."""
    groups: dict[tuple[str, ...], list[Cell]] = {}
    total: Cell | None = None
    for row in sheet.rows:
        for cell in row:
            if cell.item.quantity.label != "SCORE" or not _WEIGHT.search(cell.head):
                continue
            if _is_total(cell):
                total = cell
            for depth in range(1, len(cell.labels) + 1):
                if _WEIGHED.fullmatch(cell.labels[depth - 1]):
                    groups.setdefault(tuple(cell.labels[:depth]), []).append(cell)
    stated = {path[-1]: points[path[-1]] for path in groups if path[-1] in points}
    for path, cells in groups.items():
        weight = stated.get(path[-1])
        parts = [cell.term for cell in cells if cell.term is not None]
        if weight is None or len(parts) < 2 or _points(path[-1]) is None:
            continue
        verdict = weigh((weight,), parts)[1]
        if verdict == "inconsistent":
            continue  # points of merged cells stand once, labels that go on are not always told
        yield sum_check((weight,), parts)
    outer = [stated[path[-1]] for path in groups if len(path) == 1 and path[-1] in stated]
    full = total.term if total is not None else None
    if full is not None and len(outer) > 1 and weigh((full,), outer)[1] == "ok":
        yield sum_check((full,), outer)


def _points(label: str) -> Decimal | None:
    found = _WEIGHED.fullmatch(label)
    return Decimal(found["points"]) if found else None


def _points_in_labels(items: Sequence[Found]) -> dict[str, Term]:
    """Return the points that stand in labels of groups, by the label."""
    stated: dict[str, Term] = {}
    for item in items:
        if item.whole_cell or item.quantity.label != "SCORE":
            continue
        cell = item.block.cell if item.block else None
        one = term(item)
        if cell is None or one is None or not _WEIGHED.fullmatch(cell.text):
            continue
        stated.setdefault(cell.text, one)
        stated.setdefault(cell.text.replace(" ", "").replace("\u3000", ""), one)
    return stated
