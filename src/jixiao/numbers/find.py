"""The quantities of a report or a plain text: scanned numbers with their units settled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from jixiao.exact import plain, product
from jixiao.numbers.headers import ColumnUnit, column_unit, role_of
from jixiao.numbers.lexicon import Unit, units
from jixiao.numbers.scan import Mention, Oddity, scan, states_term
from jixiao.records import Quantity, QuantityLabel
from jixiao.resources import read_table, table_cache

if TYPE_CHECKING:
    from jixiao.documents.blocks import Block, Cell
    from jixiao.documents.grids import CellContext
    from jixiao.documents.report import Report


@dataclass(slots=True)
class Found:
    """A quantity with its place in the view: what the context layers read and fill in.

    ``start`` and ``end`` are view offsets. ``cell`` holds the headers and labels of a number in a
    table; ``whole_cell`` says that the cell is that number and nothing else. ``sentence``, ``clause``
    and ``lead`` are where the sentence, the clause and the words of the number's own begin; the
    context layer sets them.
    """

    quantity: Quantity
    start: int
    end: int
    block: Block | None = None
    cell: CellContext | None = None
    whole_cell: bool = False
    sentence: int = 0
    clause: int = 0
    lead: int = 0


def find_quantities(report: Report) -> tuple[list[Found], list[Oddity]]:
    """Return the quantities of a report in text order, and what could not be read.

    Only what the number itself tells is set: offsets, label, value, unit, bound, ``table``. Bare
    numbers count only where a table's headers or a list say what they are.
    """
    text = report.view.text
    mentions, oddities = scan(text)
    _settle_elisions(text, mentions)
    found: list[Found] = []
    blocks = _Cursor(report)
    for mention in mentions:
        block = blocks.at(mention.start)
        if mention.end > block.end:
            continue
        if mention.number is not None and "E" in str(mention.number):
            # A number below a millionth cannot be written without an exponent.
            oddities.append(
                Oddity(
                    "number_out_of_range",
                    f"a number smaller than a millionth: {text[mention.start : mention.end]}",
                    mention.start,
                    mention.end,
                )
            )
            mention.number = None
        if block.cell is None:
            if _is_stated(text, mention):
                found.append(_found(text, mention, block))
            continue
        item = _in_cell(report, text, mention, block, oddities)
        if item is not None:
            found.append(item)
    return found, oddities


class _Cursor:
    """Walks the blocks beside mentions that come in text order."""

    def __init__(self, report: Report) -> None:
        self._blocks = report.blocks
        self._index = 0

    def at(self, position: int) -> Block:
        blocks, index = self._blocks, self._index
        last = len(blocks) - 1
        while index < last and blocks[index + 1].start <= position:
            index += 1
        self._index = index
        return blocks[index]


def find_in_text(text: str) -> tuple[list[Found], list[Oddity]]:
    """Return the quantities of a plain string (a view text without tables)."""
    mentions, oddities = scan(text)
    _settle_elisions(text, mentions)
    found = [_found(text, mention, None) for mention in mentions if _is_stated(text, mention)]
    return found, oddities


def _is_stated(text: str, mention: Mention) -> bool:
    """Tell whether a number states a quantity: it has a unit, and only points or names nowhere."""
    if mention.unit is None or _refers_to_time(text, mention):
        return False
    made = _MADE.search(text, max(mention.start - 3, 0), mention.start)
    sized = text[mention.end - 1 : mention.end] == "张" and _OWNER.search(
        text, max(mention.start - 1, 0), mention.start
    )
    return not ((made or sized) and _PROJECT.match(text, mention.end))


# 年产20万吨铝合金项目: a capacity inside the name of a project.
_MADE: Final = re.compile(r"[日年月](?:产|处理|加工|出栏|存栏|回收|供水|供气)$")
# 县中医医院300张床位住院综合楼项目: so is the size of what a body builds.
_OWNER: Final = re.compile(r"[院校厂司站园馆]$")
_PROJECT: Final = re.compile(r"[^，。；、：\d\n\t]{1,24}?(?:项目|工程)(?!数|总|[的]?资金)")


def _found(text: str, mention: Mention, block: Block | None) -> Found:
    """Make the record of a mention whose unit is known."""
    unit = mention.unit or Unit("COUNT", "个", Decimal(1))
    label, name = unit.label, unit.unit
    if mention.per:
        name = f"{name}/{mention.per}"
        label = "MEASURE" if label == "COUNT" else label
    elif label in ("COUNT", "MEASURE") and (per := _made_per(text, mention.start)):
        label, name = "MEASURE", f"{name}/{per}"
    number, scale = mention.number, unit.scale
    quantity = Quantity(
        id="",
        start=mention.start,
        end=mention.end,
        text=text[mention.start : mention.end],
        label=label,
        value=None if number is None else _times(number, scale),
        value_high=None if mention.high is None else _times(mention.high, scale),
        unit=name,
        bound=mention.bound,
        rule=mention.rule,
    )
    return Found(quantity, mention.start, mention.end, block)


# 日产15万片, 年处理污水20万吨: the rate stands before the number, what is made between them.
_OUTPUT: Final = re.compile(
    r"(?P<span>[日年月])(?:产|处理|加工|回收|供[水气热])(?:(?!能|值|量|业|出)[\u4e00-\u9fff]){0,6}$"
    r"|(?P<mean>日)均$"
)
_SPANS: Final = {"日": "天", "年": "年", "月": "月"}
_ONE: Final = Decimal(1)


def _made_per(text: str, start: int) -> str | None:
    """Return the time that a number of things made is per, by the words before it, or None."""
    found = _OUTPUT.search(text, max(start - 9, 0), start)
    return _SPANS[found.group("span") or found.group("mean")] if found else None


def _times(number: Decimal, scale: Decimal) -> Decimal:
    return number if scale == _ONE else product(number, scale)


def _settle_elisions(text: str, mentions: list[Mention]) -> None:
    """Give numbers without unit the unit of the list they stand in.

    ``12.5、30和7.8万元`` share the last number's unit and multiplier, so that lists are read from
    their end; a bare 万 or 亿 takes the unit of its word or of its neighbours, from the left
    (``补助12.73万，科学技术支出1618.05万元``; ``抽检5.6万批次，其中食品3.1万``).
    """
    for index in range(len(mentions) - 2, -1, -1):
        mention, after = mentions[index], mentions[index + 1]
        if mention.unit is not None and after.unit is not None and after.unit.unit == "pp":
            # 分别高16.4个和14.9个百分点: the points are left out.
            if mention.unit.unit == "个" and text[mention.end : after.start] in _LIST_MARKS:
                mention.unit, mention.rule = after.unit, "number.elided_unit"
            continue
        if mention.unit is not None or after.unit is None:
            continue
        if mention.scale != 1:
            gap = text[mention.end : after.start]
            if _is_amount(text, mention) and _is_near(after, gap):
                mention.unit, mention.rule = units()["元"], "number.elided_in_list"
        elif (
            after.high is None
            and text[mention.end : after.start] in _LIST_MARKS
            and not _begins_line(text, mention.start)
        ):
            _share_unit(text, mention, after)
    before: Mention | None = None
    for mention in mentions:
        if mention.scale != 1 and (mention.unit is None or mention.rule == "number.elided_in_list"):
            _settle_bare(text, before, mention)
        before = mention


_LIST_MARKS: Final = frozenset({"、", "和", "及", "与", "或", "/"})


def _begins_line(text: str, start: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    return not text[line:start].strip(" \u3000\t（(")


def _share_unit(text: str, mention: Mention, after: Mention) -> None:
    """Give ``mention`` the unit of ``after``, and its multiplier where the list shares it."""
    mention.unit, mention.per = after.unit, after.per
    mention.rule = "number.elided_unit"
    scale = _printed_scale(text[after.start : after.end])
    if scale == 1 and after.rule == "number.elided_unit":
        scale = after.scale
    if mention.number is not None and scale != 1:
        mention.number = plain(product(mention.number, scale))
        mention.scale = scale


def _printed_scale(surface: str) -> Decimal:
    for char, power in (("亿", 10**8), ("万", 10**4)):
        if char in surface:
            return Decimal(power)
    return Decimal(1)


@table_cache()
def _elided_words() -> tuple[re.Pattern[str], dict[str, Unit]]:
    """Return the words after which a bare 万 or 亿 has a plain unit, and the unit of each."""
    named = {
        row["surface"]: Unit(cast("QuantityLabel", row["label"]), row["unit"], Decimal(1))
        for row in read_table("elided.csv")
    }
    words = "|".join(re.escape(word) for word in sorted(named, key=len, reverse=True))
    return re.compile(rf"({words})(?:达到?|约|近|超过?|突破|为|共|总?[额数量]|[到了有计])*$"), named


def _settle_bare(text: str, before: Mention | None, mention: Mention) -> None:
    """Give a bare 万 or 亿 its unit: by the word before it, its total, or the amount before it."""
    if not _stands_alone(text, mention):
        return
    pattern, named = _elided_words()
    word = pattern.search(text, max(mention.start - 14, 0), mention.start)
    if word:
        mention.unit, mention.rule = named[word.group(1)], "number.elided_after_word"
    elif mention.unit is None and before is not None and before.unit is not None:
        gap = text[before.end : mention.start]
        if _AMONG.match(gap) and before.unit.scale == _ONE:
            mention.unit, mention.rule = before.unit, "number.elided_in_list"
        elif _is_amount(text, mention) and _is_near(before, gap):
            mention.unit, mention.rule = units()["元"], "number.elided_in_list"


def _stands_alone(text: str, mention: Mention) -> bool:
    following = text[mention.end : mention.end + 1]
    return not following or following in "，。；、,;）)（( \n\t以左和及与"


def _is_amount(text: str, mention: Mention) -> bool:
    """Tell whether a bare 万 or 亿 may be money: nothing before it names another dimension."""
    counted = _COUNTED.search(text, max(mention.start - 8, 0), mention.start)
    return counted is None and _stands_alone(text, mention)


def _is_near(neighbour: Mention, gap: str) -> bool:
    """Tell whether a neighbour is an amount in the same list."""
    unit = neighbour.unit
    if unit is None or unit.label != "MONEY" or len(gap) > _LIST_GAP:
        return False
    return "。" not in gap and "\n" not in gap


_LIST_GAP: Final = 40
# 抽检5.6万批次，其中食品3.1万、药品2.5万: parts are counted like their total, and like each other.
_AMONG: Final = re.compile(r"(?:[，：:；（(]?其中[，：:]?|、)[\u4e00-\u9fff“”]{1,10}$")
# 点击量3万: what is counted, though no classifier says how.
_COUNTED: Final = re.compile(r"(?:量|人数|次数|户数|面积|粉丝|用户|人口)(?:达到?|超过?|近|约|为)?$")


_TIME_UNITS: Final = frozenset({"年", "月", "周", "天"})
_TIME_BEFORE: Final = re.compile(
    r"(?:近|(?<!提)前|过去|未来|今后|最近|后|这|首|头|上|下|第|每|逢|当|同|全|半|历|几|多)[ ]?$"
)
_TIME_AFTER: Final = re.compile(r"(?:来|行动|规划|计划|期间|制|级|一度|一遇|以来|左右的?时间|期)")


def _refers_to_time(text: str, mention: Mention) -> bool:
    """Tell a duration that is stated (历时五天) from one that only points (近三年, 三年行动)."""
    unit = mention.unit
    if unit is None or unit.unit not in _TIME_UNITS:
        return False
    surface = text[mention.start : mention.end]
    if states_term(text, mention.start):
        return False
    if surface[0] == "一" and len(surface) == 2:
        return True
    return bool(
        _TIME_BEFORE.search(text, max(mention.start - 3, 0), mention.start)
        or _TIME_AFTER.match(text, mention.end)
    )


def _in_cell(
    report: Report, text: str, mention: Mention, block: Block, oddities: list[Oddity]
) -> Found | None:
    """Return the quantity of a table cell, its unit from the headers where it has none itself."""
    cell = block.cell
    if cell is None:
        return None
    grid = report.grids[cell.table, cell.row]
    context = grid.context(cell)
    whole = _is_whole(text, mention, block)
    if whole and any(role_of(header) == "ignored" for header in context.columns[-1:]):
        return None
    if mention.unit is None:
        if not whole and not _compares(text, mention, context):
            return None
        header = _unit_in_cell(report, mention, context, block, whole=whole)
        if header is None:
            _report_missing(text, mention, context, oddities)
            return None
        mention.unit, mention.per = header.unit, header.per
        mention.rule = "cell.header_unit" if whole else "cell.compared_rate"
        if mention.number is not None:
            mention.number = product(mention.number, header.scale)
        if mention.high is not None:
            mention.high = product(mention.high, header.scale)
    elif _refers_to_time(text, mention):
        return None
    if whole:
        _take_brackets(text, mention, block)
    found = _found(text, mention, block)
    found.quantity.table = True
    found.cell, found.whole_cell = context, whole
    return found


def _unit_in_cell(
    report: Report, mention: Mention, context: CellContext, block: Block, *, whole: bool
) -> ColumnUnit | None:
    """Return the unit of a bare number in a cell: its headers', else its target's beside it."""
    if not whole:
        return _COMPARED
    cell = block.cell

    def beside() -> ColumnUnit | None:
        return _unit_beside(report, cell) if cell is not None else None

    return column_unit(context.columns, context.rows, context.row_headers, context.captions, beside)


def _unit_beside(report: Report, cell: Cell) -> ColumnUnit | None:
    """Return the unit of the nearest cell to the left that states one value with its unit."""
    for text in reversed(report.grids[cell.table, cell.row].row_texts(cell)[-_BESIDE_CELLS:]):
        found, _ = scan(text)
        if len(found) == 1 and found[0].unit is not None:
            return ColumnUnit(found[0].unit, Decimal(1), found[0].per)
    return None


_BESIDE_CELLS: Final = 4
_COMPARED: Final = ColumnUnit(Unit("PERCENT", "%", Decimal(1)), Decimal(1))


def _compares(text: str, mention: Mention, context: CellContext) -> bool:
    """Tell whether a bare number in a rubric is a threshold of a rate (``变动率≤0，计5分``)."""
    sign = text[mention.start - 1 : mention.start]
    rates = [label for label in context.rows if label.endswith(("率", "度", "比", "比例"))]
    return sign in ("≤", "≥", "<", ">", "=") and bool(rates)


def _is_whole(text: str, mention: Mention, block: Block) -> bool:
    """Tell whether a mention is all of its cell, brackets, signs and bounds aside."""
    rest = text[block.start : mention.start] + text[mention.end : block.end]
    return not _BESIDE.sub("", rest)


_BESIDE: Final = re.compile(r"[ \u3000\t\n（()）≥≤<>=±约]|以[上下内]|左右|含")


def _take_brackets(text: str, mention: Mention, block: Block) -> None:
    """Read accounting brackets around a cell's number as a minus (``(15.2)`` → -15.2)."""
    content = text[block.start : block.end].strip(" \u3000\t\n")
    inner = text[mention.start : mention.end]
    if content not in (f"({inner})", f"（{inner}）") or mention.number is None:
        return
    mention.start -= 1
    mention.end += 1
    mention.number = -mention.number


def _report_missing(
    text: str, mention: Mention, context: CellContext, oddities: list[Oddity]
) -> None:
    """Note a bare number under headers that name no unit; years and serial numbers are none."""
    surface = text[mention.start : mention.end]
    if re.fullmatch(r"(?:19|20)\d\d|\d{1,2}", surface) and not context.rows:
        return
    where = " › ".join([*context.rows, *context.columns]) or "without headers"
    oddities.append(
        Oddity(
            "table_unit_missing",
            f"a number whose unit neither header nor caption states: {where}",
            mention.start,
            mention.end,
        )
    )
