"""When something was achieved: the day or month of its clause, else the period in force there."""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jixiao.context import Scope
    from jixiao.documents.report import Report
    from jixiao.numbers.find import Found

# 2021年5月12日, 于6月, 11月3日: a day or month in which something happened.
_EVENT: Final = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年)?(?<![\d个])(?P<month>1[0-2]|0?[1-9])月(?P<part>[上中下]旬|份)?"
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9])日)?(?![底末前起止\d]|以[来前]|\d*[-~—至到]|月)"
)
# 截至6月, 1-9月, 自3月起: a state or a stretch, which the layer of context reads.
_NO_EVENT: Final = re.compile(r"(?:截[至止]到?|[至到自从由~—－-]|以前|同|比|较)[ ]?$")
_COMING: Final = re.compile(r"[计拟将预]")
_MARK: Final = re.compile(r"[；。\n\t]")
_MAX_READ: Final = 400


class Dates:
    """The dates of claims, by the scopes of a report: each a stretch one body wrote about one year."""

    def __init__(self, report: Report, scopes: Sequence[Scope]) -> None:
        self._report = report
        self._scopes = scopes
        self._starts = [scope.start for scope in scopes]

    def of(
        self, kind: str, start: int, end: int, trigger: int, items: Sequence[Found]
    ) -> str | None:
        """Return the period of a claim: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or ``A/B``.

        A day or month said before the deed, or by 于 inside its clause, dates it; else it is the
        period of its numbers, else the one in force where it stands.
        """
        scope = self._scopes[max(bisect_right(self._starts, start) - 1, 0)]
        report = self._report
        sentence = report.sentence_at(start)[0]
        told = scope.periods.at(trigger, sentence, report.block_at(start).start)
        if event := self._event(start, end, trigger, sentence, told.period):
            return event
        periods = [item.quantity.period for item in items if item.quantity.period]
        if not periods:
            return told.period
        # 由2015年的21亿元增长到2020年的31亿元 was achieved by the later year.
        return periods[-1] if kind == "growth" else periods[0]

    def _event(
        self, start: int, end: int, trigger: int, sentence: int, period: str | None
    ) -> str | None:
        text = self._report.view.text
        floor = max(sentence, start - _MAX_READ)
        for mark in _MARK.finditer(text, floor, start):
            floor = mark.end()
        last = None
        for found in _EVENT.finditer(text, floor, end):
            if found.start() > trigger and last is not None:
                break
            if found.start() < start and not _leads(text, found.start(), found.end(), start):
                continue
            if _NO_EVENT.search(text, max(found.start() - 4, 0), found.start()):
                last = None
            elif found.start() <= trigger or text[found.start() - 1] in "于在":
                last = found
        if last is None or _COMING.match(text, last.end()):
            return None
        year = last["year"] or (period or "")[:4]
        if not year:
            return None
        return _date(int(year), int(last["month"]), int(last["day"] or 0))


def _leads(text: str, begin: int, end: int, start: int) -> bool:
    """Tell whether a date opens its clause, or stands right before a claim: not 于6月 in one before."""
    before = text[begin - 1 : begin]
    return (
        not before or before in "，；。：、\n\t \u3000（" or not text[end:start].strip("，, \u3000")
    )


def _date(year: int, month: int, day: int) -> str | None:
    """Return a month or day; None where the calendar has no such day."""
    if day > monthrange(year, month)[1]:
        return None
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"
