"""Where claims may stand, and the clauses they are looked for in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from jixiao.claims.triggers import Trigger, find_triggers
from jixiao.documents.sections import heading_kind, section_kind
from jixiao.resources import table_cache

if TYPE_CHECKING:
    from jixiao.documents.blocks import Block
    from jixiao.documents.report import Report
    from jixiao.numbers.find import Found

Zone: TypeAlias = Literal["results", "mixed", "money", "evaluation", "other", "closed"]

_CLOSED: Final = frozenset(
    {"duties", "goals", "organisation", "problems", "suggestions", "plan", "policy", "rubric"}
)
# 评价工作开展情况: how the evaluation was made, whatever the words around it say.
_EVALUATING: Final = re.compile(r"(?:评价|自评)(?:组织)?工作|评价过程|评价方法|评价依据")
_DUTIES: Final = re.compile(r"职能|职责")
_RESULTS: Final = re.compile(r"绩效(?:评价|自评|分析)?情况|履职|成效|成绩|产出|效益")


@table_cache(4096)
def zone_of(path: tuple[str, ...]) -> Zone:
    """Return what may be claimed in the section at the end of a path of headings.

    ``mixed`` are sections on money that stand among results, or whose own heading does not speak
    of money; ``closed`` ones hold no claims.

    >>> zone_of(("主要工作成效", "医疗服务")), zone_of(("下一步打算",)), zone_of(("资金收支",))
    ('results', 'closed', 'money')
    """
    kind = section_kind(path)
    own = path[-1] if path else ""
    if kind in _CLOSED or _EVALUATING.search(own):
        return "closed"
    if kind == "overview" and _DUTIES.search(own):
        return "closed"
    if kind == "evaluation":
        return "evaluation"
    if kind == "achievements":
        return "results"
    if kind == "money":
        outer = any(heading_kind(heading) == "achievements" for heading in path[:-1])
        told = any(_RESULTS.search(heading) for heading in path)
        return "mixed" if outer or told or heading_kind(own) is None else "money"
    return "other"


_GOAL_CELL: Final = re.compile(
    r"[ \u3000]*(?:总体)?(?:指标|目标|任务|预期目标|年度目标|绩效目标)[\d一二三四五六七八九十]{0,2}[：:]"
)
_RESULT_CELL: Final = re.compile(r"[ \u3000]*(?:实际)?完成情况[：:]")
_GOAL_COLUMN: Final = re.compile(r"目标|标准|计划|指标值|依据|职能|职责|内容|原因|措施|评分")
_RESULT_COLUMN: Final = re.compile(r"完成|实际|实现|成绩|成效|结果|情况")
_MIN_CELL: Final = 6


def cell_zone(report: Report, block: Block) -> Zone:
    """Return whether a table cell holds prose on results, by its own first words and its headers."""
    cell = block.cell
    if cell is None or _GOAL_CELL.match(report.view.text, block.start):
        return "closed"
    if _RESULT_CELL.match(report.view.text, block.start):
        return "results"
    headers = report.grids[cell.table, cell.row].context(cell)
    for header in (*reversed(headers.columns), *reversed(headers.rows)):
        if _RESULT_COLUMN.search(header):
            return "results"
        if _GOAL_COLUMN.search(header):
            return "closed"
    return "other"


@dataclass(slots=True)
class Segment:
    """A clause, or several under one predicate: view offsets, what stands in it, how it ends.

    ``among`` marks what only divides a whole (behind 其中), ``listed`` what a colon after 其中 lists.
    """

    start: int
    end: int
    closes: str
    zone: Zone
    heading: bool = False
    cell: bool = False
    among: bool = False
    listed: bool = False
    items: list[Found] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)


# Everything that ends a clause, and what opens a bracket or quote, which shields a comma.
_MARK: Final = re.compile(r"[，；。！？;!?\n\t：（(“《]|,(?!\d{3})|:(?!\d)")
_OPEN: Final = {"（": "）", "(": ")", "“": "”", "《": "》"}
_OTHER_CLOSING: Final = {"（": ")", "(": "）"}
_MAX_SHIELD: Final = 200


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield the clauses of a block with the mark that ends each.

    Marks inside brackets, quotes and 《》 end nothing, unless the bracket is not closed within its
    sentence.

    >>> text = "新建（改建）校舍3所，投用2所。"
    >>> [text[start:end] for start, end, _ in clauses(text, 0, 16)]
    ['新建（改建）校舍3所', '投用2所']
    """
    begin, shielded = start, -1
    for found in _MARK.finditer(text, start, end):
        position = found.start()
        if position < shielded:
            continue
        mark = text[position]
        if mark in _OPEN:
            shielded = _closed_at(text, position, mark, end)
        else:
            if position > begin:
                yield begin, position, mark
            begin = position + 1
    if begin < end:
        yield begin, end, "\n"


def _closed_at(text: str, position: int, mark: str, end: int) -> int:
    """Return where a bracket is closed, or the position itself if its sentence does not close it."""
    limit = min(end, position + _MAX_SHIELD)
    closed = text.find(_OPEN[mark], position, limit)
    if closed < 0 and mark in _OTHER_CLOSING:
        closed = text.find(_OTHER_CLOSING[mark], position, limit)
    if closed < 0 or (mark == "“" and text.find("。", position, closed - 1) >= 0):
        return position
    return closed


class Cutter:
    """Cuts the open parts of a report into segments with their quantities and triggers."""

    def __init__(self, report: Report, items: Sequence[Found]) -> None:
        self._report = report
        self._text = report.view.text
        self._items = items
        self._item = 0

    def segments(self) -> Iterator[list[Segment]]:
        """Yield the segments of each block that may hold claims, in order."""
        text, outline = self._text, self._report.outline
        heads = {heading.start: heading.text for heading in outline.headings}
        for block in self._report.blocks:
            start, end = block.start, block.end
            zone = zone_of(outline.path(start))
            if zone == "closed" or (block.cell is not None and end - start < _MIN_CELL):
                continue
            triggers = find_triggers(text[start:end], start)
            if block.cell is not None:
                # A bare value or name in a cell is no claim.
                zone = cell_zone(self._report, block) if triggers else "closed"
                if zone == "closed":
                    continue
            # The line of a heading may go on with text; its words end where its title does.
            title = heads.get(start)
            heading = text.find(title, start) + len(title) if title else -1
            cell = block.cell is not None
            found = [
                Segment(begin, stop, mark, zone, stop <= heading, cell)
                for begin, stop, mark in clauses(text, start, end)
            ]
            self._fill(found, triggers)
            yield cut_pairs(join_lists(found, text), text)

    def _fill(self, segments: Sequence[Segment], triggers: Sequence[Trigger]) -> None:
        """Give segments their quantities, and their triggers but for those inside quoted names."""
        items, item, trigger = self._items, self._item, 0
        for segment in segments:
            start, end = segment.start, segment.end
            while item < len(items) and items[item].start < start:
                item += 1
            low = item
            while item < len(items) and items[item].start < end:
                item += 1
            if item > low:
                segment.items = list(items[low:item])
            while trigger < len(triggers) and triggers[trigger].start < start:
                trigger += 1
            low = trigger
            while trigger < len(triggers) and triggers[trigger].start < end:
                trigger += 1
            if trigger > low:
                segment.triggers = _outside_names(self._text, start, end, triggers[low:trigger])
        self._item = item


def _outside_names(text: str, start: int, end: int, triggers: Sequence[Trigger]) -> list[Trigger]:
    """Leave out what stands inside a quoted name."""
    if text.find("“", start, end) < 0:
        return list(triggers)
    return [t for t in triggers if not _quoted(text, start, t.start)]


# “清零”行动: the word names what is undertaken.
_UNDERTAKINGS: Final = ("行动", "活动", "计划", "工程", "项目", "专项", "大赛")


def _quoted(text: str, start: int, position: int) -> bool:
    opened = text.rfind("“", start, position)
    if opened < 0 or text.find("”", opened, position) >= 0:
        return False
    closed = text.find("”", position)
    return opened < position - 1 or (closed >= 0 and text.startswith(_UNDERTAKINGS, closed + 1))


# Lists and pairs: what a clause is joined with, and where it is cut.

_LEVELLED: Final = re.compile(r"(?:国家|省|市|县|区|州)级?(?=[\u4e00-\u9fff“（])|[国省市县区州]级")
_NOMINAL: Final = frozenset({"goal", "money", "pending", "manner", "shortfall", "activity"})
_LEAST_OBJECT: Final = 4


def join_lists(segments: list[Segment], text: str) -> list[Segment]:
    """Join clauses that only list on under the predicate before them (新增A企业96家，B企业214家)."""
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1].closes in "，," and _lists_on(joined[-1], segment, text):
            before = joined[-1]
            before.end, before.closes = segment.end, segment.closes
            before.items.extend(segment.items)
            before.triggers.extend(segment.triggers)
        else:
            joined.append(segment)
    return joined


def _lists_on(before: Segment, segment: Segment, text: str) -> bool:
    """Tell whether a clause of counts without predicate goes on with the list before it."""
    if not before.items or not segment.items or text.startswith("其中", segment.start):
        return False
    if any(item.quantity.label != "COUNT" for item in segment.items):
        return False
    first = segment.items[0]
    if any(t.kind not in _NOMINAL and t.start < first.start for t in segment.triggers):
        return False
    if (first.quantity.evidence or {}).get("measure") == "carried":
        return True
    earlier = before.items[-1].quantity
    if earlier.label != "COUNT" or earlier.unit != first.quantity.unit:
        return False
    told = any(t.kind not in _NOMINAL for t in before.triggers)
    levelled = _LEVELLED.match(text, segment.start, segment.end)
    return bool(levelled and (told or _LEVELLED.match(text, before.start, before.end)))


def cut_pairs(segments: list[Segment], text: str) -> list[Segment]:
    """Cut a clause at 、 between two predicates of recognition (被评为A、荣获B)."""
    cut: list[Segment] = []
    for segment in segments:
        if len(segment.triggers) < 2 or len(_honours(segment)) < 2:
            cut.append(segment)
            continue
        for start, end in _halves(segment, text):
            closes = segment.closes if end == segment.end else "、"
            part = Segment(start, end, closes, segment.zone, segment.heading, segment.cell)
            part.items = [item for item in segment.items if start <= item.start < end]
            part.triggers = [t for t in segment.triggers if start <= t.start < end]
            cut.append(part)
    return cut


def _honours(segment: Segment) -> list[Trigger]:
    return [t for t in segment.triggers if t.kind == "recognition" and t.use == "alone"]


def _halves(segment: Segment, text: str) -> list[tuple[int, int]]:
    spans, begin = [], segment.start
    for one, other in pairwise(_honours(segment)):
        mark = text.rfind("、", one.end, other.start)
        if mark - one.end >= _LEAST_OBJECT and not _quoted(text, segment.start, mark):
            spans.append((begin, mark))
            begin = mark + 1
    return [*spans, (begin, segment.end)]
