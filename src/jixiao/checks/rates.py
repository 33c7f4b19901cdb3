"""Shares and rates of running text: the part, the whole, and the percent that is stated."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from jixiao.checks.changes import same_unit
from jixiao.checks.found import FoundCheck, printed, quote, said
from jixiao.checks.prose import DEPENDENT, Paragraph, Slot
from jixiao.checks.values import (
    HUNDRED,
    Term,
    common_steps,
    judge_rate,
    percent,
    quotient,
    term,
    whole_numbers,
)
from jixiao.exact import CONTEXT
from jixiao.indicators import Catalogue
from jixiao.indicators.catalogue import normal_form
from jixiao.numbers.find import Found
from jixiao.records import Quantity, Verdict

_NEAR: Final = Decimal("0.15")
_REACH: Final = 8
_LEAD: Final = 18
_WIDE: Final = 24
_NEARBY: Final = 4000
_BACK: Final = 60
_MOST_EXECUTIONS: Final = 20
# 发放问卷400份，收回387份，回收率96.8%: a rate of the two numbers right before it.
_RATE: Final = re.compile(
    r"(?:执行|完成|支出|到位|使用|控制|回收|有效|整改|合格|办结|核销|上线|达标|验收合格|兑现|拨付|节约)率"
    r"(?:为|达到?|约|是)*$"
)
_OF_BUDGET: Final = re.compile(r"预算(?:总体)?(?:完成|执行)率(?:为|达到?|约|是)*$")
_WITHIN: Final = re.compile(
    r"(?:^|[，。；：\n])(?P<of>[\u4e00-\u9fff“”]{3,12})中(?!心|小|央|等|级|国|介|型|医|学)"
)
_WORDS: Final = re.compile(
    r"全[国省市县区州盟旗]|本[级年市县区盟旗]|我[省市县区盟旗局]|年度?|总[量额数]$|数量$|总数$"
)
_COUNTED: Final = re.compile(r"数量|家数|户数|总数|人数|数$")
# 完成年度目标的112%: a rate of what was done and what was to be done.
_OF_GOAL: Final = re.compile(
    r"(?:完成|达到?|为|占)(?:了)?(?:[全本当]年|年度|年初|既定|省定|市定|下达|考核)*(?:目标|任务|计划|预算)(?:任务|目标|总?[量数额])?(?:的|约)*$"
)
# No other part or thing between the whole and its part.
_AMONG: Final = re.compile(r"[，,（(]其中[：:，]?[^，。；;：:、]*$")
_BARE_SHARE: Final = re.compile(r"[，,（(]占(?:比|比为|比达)?(?:约|达)?")
_EXECUTED: Final = re.compile(r"(?:预算|资金)?(?:执行|支出|使用|完成)率(?:为|达到?|约|是)*$")
_IN_FORCE: Final = re.compile(
    r"(?:全年|本年|调整后?|年度|追加后)[^，。；]{0,4}预算|预算(?:总额|数|批复)"
)
# 参保率, 合格率: the rate of those whose own words have its stem; no rate of growth.
_STEM: Final = re.compile(r"(?P<stem>[\u4e00-\u9fff]{2})率(?:为|达到?|约|是)*$")
# The share's own clause begins with 占 and names no other part.
_LEAST_RATE: Final = Decimal("0.0001")
_SHARED: Final = re.compile(r"(?:^|[，,])占[^，。；、]{0,20}$")
_GRIM_MOST: Final = Decimal(20000)
_FEW_WHOLES: Final = 3


class RateFinder:
    """Finds the shares and rates of a report; it knows the amounts of the paragraphs before."""

    def __init__(
        self, all_paragraphs: Sequence[Paragraph], items: Sequence[Found], catalogue: Catalogue
    ) -> None:
        self._values = _sorted_values(items)
        self._catalogue = catalogue
        self._by_indicator: dict[str, list[Slot]] = {}
        self._levels = [s for paragraph in all_paragraphs for s in paragraph.slots if _is_level(s)]
        self._starts = [slot.item.start for slot in self._levels]
        self._executions = _executions(self._levels)
        for slot in self._levels:
            if slot.item.quantity.indicator is not None:
                self._by_indicator.setdefault(slot.item.quantity.indicator, []).append(slot)

    def find(self, paragraph: Paragraph) -> list[FoundCheck]:
        """Return the checks of the shares and rates of a paragraph."""
        found: list[FoundCheck] = []
        # The whole of the last share that was right: what the next one without a whole is of.
        whole: Slot | None = None
        for place, slot in enumerate(paragraph.slots):
            quantity = slot.item.quantity
            if quantity.unit != "%" or slot.term is None or quantity.modality == "rule":
                continue
            if quantity.measure == "share":
                check, used = self._share(paragraph, place, whole)
                whole = used or whole
            elif quantity.measure == "level":
                check = self._rate(paragraph, place)
            else:
                continue
            if check is not None:
                found.append(check)
        return found

    def _share(
        self, paragraph: Paragraph, place: int, known: Slot | None
    ) -> tuple[FoundCheck | None, Slot | None]:
        """Return the check of a share, and the whole that it is of where that is sure."""
        stated = paragraph.slots[place]
        parts = self._parts(paragraph, place)
        if not parts:
            return None, None
        sure = self._named_whole(paragraph, place, parts[0])
        others = [w for w in self._wholes(paragraph, place) if w is not sure]
        for part in parts:
            for whole in [sure, known, *others]:
                check = whole and self._ratio(part, whole, stated, only="ok")
                if check:
                    return check, whole
        whole = sure or self._total_of(paragraph, parts[0], stated)
        whole = whole or _among(paragraph, parts[0], stated)
        if whole is not None:
            check = self._ratio(parts[0], whole, stated)
            if check is not None and self._is_near(check) and not self._has_other(check, stated):
                return check, whole
            return None, None
        lead = paragraph.text[parts[0].item.end : stated.item.start]
        return (self._feasible(parts[0], stated) if _SHARED.search(lead) else None), None

    def _parts(self, paragraph: Paragraph, place: int) -> list[Slot]:
        """Return what a share may be of: the number before it, or before the brackets before it."""
        slots, stated = paragraph.slots, paragraph.slots[place]
        found: list[Slot] = []
        for slot in reversed(slots[max(place - _REACH, 0) : place]):
            if slot.sentence != stated.sentence:
                break
            if _is_level(slot) and slot.item.quantity.unit != "%":
                found.append(slot)
        return found[:4]

    def _wholes(self, paragraph: Paragraph, place: int) -> Iterator[Slot]:
        """Yield what a share may be part of: the numbers before it, nearest first."""
        for slot in reversed(paragraph.slots[max(place - _WIDE, 0) : place]):
            if _is_level(slot):
                yield slot
        stated = paragraph.slots[place].item.quantity
        for indicator in self._parents(stated.indicator):
            yield from self._by_indicator.get(indicator, ())[:4]

    def _parents(self, indicator: str | None) -> Iterator[str]:
        for _ in range(3):
            known = self._catalogue.indicators.get(indicator or "")
            if known is None or not known.parent:
                return
            indicator = known.parent
            yield indicator

    def _named_whole(self, paragraph: Paragraph, place: int, part: Slot) -> Slot | None:
        """Return the whole that the share's own words name, where one number alone fits."""
        stated = paragraph.slots[place]
        of = stated.item.quantity.of
        text = paragraph.text
        if of is None:
            clause = text[max(part.item.start - 40, 0) : part.item.start]
            within = list(_WITHIN.finditer(clause))
            of = within[-1]["of"] if within else None
        if of is None:
            return None
        fitting = [
            slot
            for slot in self._candidates(paragraph, place, of)
            if slot is not part and _is_whole_of(slot, part)
        ]
        values = {slot.term.value for slot in fitting if slot.term is not None}
        return fitting[0] if len(values) == 1 else None

    def _candidates(self, paragraph: Paragraph, place: int, of: str) -> Iterator[Slot]:
        """Yield the numbers that a name means: before in the paragraph, then in the report."""
        name = normal_form(_WORDS.sub("", of)) or of
        named = self._catalogue.aliases.get(normal_form(of), [])
        ids = {entry.indicator.id for entry in named if not entry.weak or len(named) == 1}
        before = paragraph.slots[max(place - _BACK, 0) : place]
        near = [slot for slot in reversed(before) if _is_level(slot)]
        found = [
            slot
            for slot in near
            if _is_called(slot, name, ids) or _is_led(paragraph.text, slot, of)
        ]
        if found:
            yield from found
            return
        for indicator in sorted(ids):
            yield from self._by_indicator.get(indicator, ())[:_BACK]
        if not ids:
            position = paragraph.slots[place].item.start
            first = bisect_left(self._starts, position - _NEARBY)
            last = bisect_left(self._starts, position + _NEARBY)
            yield from (s for s in self._levels[first:last] if _is_called(s, name, ids))

    def _total_of(self, paragraph: Paragraph, part: Slot, stated: Slot) -> Slot | None:
        """Return the total a part is linked to, for a share that names no whole of its own."""
        total = part.item.quantity.total
        if stated.item.quantity.of is not None or total is None:
            return None
        for slot in reversed(paragraph.slots[max(part.place - _BACK, 0) : part.place]):
            if slot.item.quantity.id == total and _is_level(slot):
                return slot if _is_whole_of(slot, part) else None
        return None

    def _has_other(self, check: FoundCheck, stated: Slot) -> bool:
        """Tell whether another amount of the report, in a table perhaps, is the whole that is meant."""
        rate, part = stated.term, term(check.items[1])
        if check.verdict != "inconsistent" or rate is None or part is None or rate.value <= 0:
            return False
        half = rate.step / 2
        values = self._values.get((part.item.quantity.label, part.item.quantity.unit), [])
        low = CONTEXT.divide(part.value * HUNDRED, rate.value + half)
        high = CONTEXT.divide(part.value * HUNDRED, max(rate.value - half, _LEAST_RATE))
        place = bisect_left(values, low)
        return place < len(values) and values[place] <= high

    def _is_near(self, check: FoundCheck) -> bool:
        if check.verdict != "inconsistent":
            return True
        if check.stated is None or check.recomputed is None:
            return False
        return abs(check.stated - check.recomputed) <= abs(check.stated) * _NEAR

    def _ratio(
        self,
        part: Slot,
        whole: Slot,
        stated: Slot,
        *,
        only: Verdict | None = None,
        over: bool = False,
    ) -> FoundCheck | None:
        """Return the check of part / whole against a stated percent.

        A part greater than the whole is one where ``over`` says so, or where only its fit counts.
        """
        if part is whole or part.term is None or whole.term is None or not same_unit(part, whole):
            return None
        if stated.term is None:
            return None
        if part.term.value > whole.term.value and only is None and not over:
            return None
        if only is not None and not _may_be(part.term, whole.term, stated.term):
            return None
        check = ratio_check(part.term, whole.term, stated.term)
        if check is None or (only is not None and check.verdict != only):
            return None
        return check

    def _feasible(self, part: Slot, stated: Slot) -> FoundCheck | None:
        """Return whether a whole number of things could have the share, where none is stated."""
        count, rate = part.term, stated.term
        if count is None or rate is None or not count.exact or count.value <= 0:
            return None
        if not rate.item.quantity.text[0].isdigit():
            return None
        if count.item.quantity.label != "COUNT" or rate.value <= 0 or count.value > _GRIM_MOST:
            return None
        half = rate.step / 2
        first, last = _wholes_between(count.value, (rate.value - half, rate.value + half))
        of = stated.item.quantity.of
        verdict: Verdict = "ok"
        if first > last:
            first, last = _wholes_between(count.value, (rate.value, rate.value + rate.step))
            verdict = "truncated"
        if not 0 <= last - first < _FEW_WHOLES:
            return None
        if verdict == "truncated" and not (of and _COUNTED.search(of)):
            return None
        whole = Decimal((first + last) // 2)
        value = percent(count.value, whole)
        kind = "share" if verdict == "ok" else "integer_base"
        message = (
            f"{quote(count)}，文中写占{of or ''}{printed(rate)}，总数可为{whole}，应占{_short(value)}%，"
            f"{said(verdict)}"
        )
        span = rate.value - half, rate.value + half
        items = (stated.item, part.item)
        if kind == "share":
            return FoundCheck("share", verdict, rate.value, value, span, items, message)
        return FoundCheck("integer_base", verdict, rate.value, value, span, items, message)

    def _rate(self, paragraph: Paragraph, place: int) -> FoundCheck | None:
        """Return the check of a rate that the numbers before it in its sentence give."""
        stated = paragraph.slots[place]
        if stated.term is None or stated.term.value <= 0:
            return None
        before = [
            slot
            for slot in paragraph.slots[max(place - _REACH, 0) : place]
            if slot.sentence == stated.sentence
            and _is_level(slot)
            and slot.item.quantity.unit != "%"
        ]
        text = paragraph.text
        lead = text[max(stated.item.start - _LEAD, 0) : stated.item.start]
        if stated.term.value == HUNDRED and not _RATE.search(lead):
            return None
        for check in self._pairs(before, stated):
            if check.verdict == "ok":
                return check
        if not before and _OF_BUDGET.search(lead):
            return self._of_budget(stated)
        pair = _rated(paragraph, before, place) or self._executed(paragraph, before, place)
        if pair is None:
            return None
        part, whole = pair
        last = self._ratio(part, whole, stated, over=True)
        if last is None or not self._is_near(last) or self._has_other(last, stated):
            return None
        # A budget of the year's beginning may have been changed before it was carried out.
        words = text[max(whole.item.start - _LEAD, 0) : whole.item.start]
        if whole.sentence != stated.sentence and last.verdict == "inconsistent":
            return last if _IN_FORCE.search(words) else None
        return last

    def _executed(
        self, paragraph: Paragraph, before: Sequence[Slot], place: int
    ) -> tuple[Slot, Slot] | None:
        """Return spending and budget where the budget stands in the sentence before: 执行率92%.

        Each is the only amount of its kind in the two sentences.
        """
        stated = paragraph.slots[place]
        lead = paragraph.text[max(stated.item.start - _LEAD, 0) : stated.item.start]
        if len(before) != 1 or before[0].place != place - 1 or not _EXECUTED.search(lead):
            return None
        part = before[0]
        earlier = [
            slot
            for slot in paragraph.slots[max(part.place - _REACH, 0) : part.place]
            if slot.sentence == part.sentence - 1 and same_unit(slot, part)
        ]
        if len(earlier) != 1 or not _is_level(earlier[0]):
            return None
        whole = earlier[0]
        a, b = whole.item.quantity, part.item.quantity
        if (a.modality, b.modality) != ("planned", "actual") or a.region != b.region:
            return None
        return (part, whole) if (a.period or "")[:4] == (b.period or "")[:4] else None

    def _of_budget(self, stated: Slot) -> FoundCheck | None:
        """Return the check of a budget's execution against spending and budget stated elsewhere.

        Where they give another rate, the rate is of another budget: a matter of scope.
        """
        rate = stated.term
        tried: FoundCheck | None = None
        for done, planned in self._executions:
            if rate is None or done.term is None or planned.term is None:
                continue
            if done.item.quantity.period != stated.item.quantity.period:
                continue
            check = ratio_check(done.term, planned.term, rate)
            if check is not None and check.verdict in ("ok", "truncated"):
                return check
            tried = tried or check
        if tried is None:
            return None
        message = tried.message.replace(said(tried.verdict), said("scope"))
        return replace(tried, verdict="scope", message=message)

    def _pairs(self, before: Sequence[Slot], stated: Slot) -> Iterator[FoundCheck]:
        """Yield the check of each pair of like numbers, the nearest first."""
        for index in range(len(before) - 1, 0, -1):
            for other in range(index - 1, -1, -1):
                for part, whole in ((index, other), (other, index)):
                    check = self._ratio(before[part], before[whole], stated, only="ok")
                    if check is not None:
                        yield check


def _among(paragraph: Paragraph, part: Slot, stated: Slot) -> Slot | None:
    """Return the number right before 其中, for a share that names no whole: 其中税收8亿元，占65%."""
    text = paragraph.text
    lead = text[part.item.end : stated.item.start]
    if stated.item.quantity.of is not None or not _BARE_SHARE.fullmatch(lead):
        return None
    for slot in reversed(paragraph.slots[max(part.place - _REACH, 0) : part.place]):
        if slot.sentence == part.sentence and _is_level(slot) and same_unit(slot, part):
            named = _AMONG.search(text, slot.item.end, part.item.start)
            return slot if named and _is_whole_of(slot, part) else None
    return None


def _rated(paragraph: Paragraph, before: Sequence[Slot], place: int) -> tuple[Slot, Slot] | None:
    """Return what a rate is of: the number right before it and the one like it before that.

    Several like it may stand before where they are equal: 预算560万元，到位560万元.
    """
    text, stated = paragraph.text, paragraph.slots[place]
    if len(before) < 2 or before[-1].place != place - 1:
        return None
    last = before[-1]
    like = [slot for slot in before[:-1] if same_unit(slot, last)]
    if not like or any(
        not _is_percent(slot) for slot in paragraph.slots[like[-1].place + 1 : last.place]
    ):
        return None
    if len({slot.term.value for slot in like if slot.term is not None}) > 1:
        return None
    lead = text[max(stated.item.start - _LEAD, last.item.end) : stated.item.start]
    goal = _OF_GOAL.search(lead)
    if lead.strip() == "的":
        # 完成年度任务2万亩的115%
        goal = _OF_GOAL.search(text, max(last.item.start - _LEAD, 0), last.item.start)
    if not goal and not _RATE.search(lead) and not _has_stem(paragraph, like[-1], last, lead):
        return None
    if not goal and _is_of_first(paragraph, like[-1], last, lead):
        return None
    return _part_and_whole(like[-1], last, stated)


def _is_percent(slot: Slot) -> bool:
    return slot.item.quantity.unit == "%"


def _has_stem(paragraph: Paragraph, one: Slot, last: Slot, lead: str) -> bool:
    """Tell whether a rate is named after the last number: 实际参保14700人，参保率98%."""
    found = _STEM.search(lead)
    return found is not None and found["stem"] in paragraph.between(one, last)


def _is_of_first(paragraph: Paragraph, one: Slot, last: Slot, lead: str) -> bool:
    """Tell a rate that is named after the number before: 完成投资96万元，其中财政76万元，投资完成率80%."""
    found = _STEM.search(lead)
    before = paragraph.text[max(one.item.start - _LEAD, 0) : one.item.start]
    return (
        found is not None
        and found["stem"] in re.split(r"[，。；]", before)[-1]
        and found["stem"] not in paragraph.between(one, last)
    )


def _part_and_whole(one: Slot, other: Slot, stated: Slot) -> tuple[Slot, Slot] | None:
    """Return part and whole of a rate: what was planned is the whole, else the greater number."""
    if one.term is None or other.term is None or stated.term is None:
        return None
    planned = [slot for slot in (one, other) if slot.item.quantity.modality == "planned"]
    if len(planned) == 1:
        whole = planned[0]
    else:
        greater = one if one.term.value >= other.term.value else other
        smaller = other if greater is one else one
        whole = smaller if stated.term.value > HUNDRED else greater
    return (other if whole is one else one), whole


def _sorted_values(items: Sequence[Found]) -> dict[tuple[str, str | None], list[Decimal]]:
    """Return the values of a report by label and unit, in order."""
    values: dict[tuple[str, str | None], list[Decimal]] = {}
    for item in items:
        quantity = item.quantity
        if quantity.value is not None and quantity.measure not in DEPENDENT:
            values.setdefault((quantity.label, quantity.unit), []).append(quantity.value)
    return {key: sorted(found) for key, found in values.items()}


def _executions(levels: Sequence[Slot]) -> list[tuple[Slot, Slot]]:
    """Return spending and budget of one indicator that stand side by side, up to twenty."""
    found: list[tuple[Slot, Slot]] = []
    for one, other in pairwise(levels):
        a, b = one.item.quantity, other.item.quantity
        if a.indicator is None or a.indicator != b.indicator or a.label != "MONEY":
            continue
        if one.item.block is not other.item.block or one.sentence != other.sentence:
            continue
        if (a.modality, b.modality) == ("actual", "planned"):
            found.append((one, other))
        elif (a.modality, b.modality) == ("planned", "actual"):
            found.append((other, one))
    return found[:_MOST_EXECUTIONS]


def _is_level(slot: Slot) -> bool:
    quantity = slot.item.quantity
    return (
        slot.term is not None
        and slot.term.value > 0
        and quantity.measure not in DEPENDENT
        and quantity.modality != "rule"
        and quantity.label not in ("RATIO", "RANK", "SCORE")
    )


def _is_whole_of(whole: Slot, part: Slot) -> bool:
    if not same_unit(whole, part) or whole.term is None or part.term is None:
        return False
    a, b = whole.item.quantity, part.item.quantity
    return whole.term.value >= part.term.value and _same_scope(a, b)


def _same_scope(a: Quantity, b: Quantity) -> bool:
    return (a.period, a.region, a.modality) == (b.period, b.region, b.modality)


def _is_called(slot: Slot, name: str, ids: set[str]) -> bool:
    quantity = slot.item.quantity
    if quantity.indicator in ids and quantity.facet is None:
        return True
    called = normal_form(quantity.noun or quantity.subject or "")
    return len(name) >= 3 and called.endswith(name)


def _is_led(text: str, slot: Slot, of: str) -> bool:
    """Tell whether the words right before a number are what the share is of: 检查企业320家."""
    return len(of) > 3 and text.endswith(of, max(slot.item.start - len(of), 0), slot.item.start)


def _may_be(part: Term, whole: Term, stated: Term) -> bool:
    """Tell at little cost whether a ratio may round to the stated percent."""
    room = whole.value * stated.step + (part.step + whole.step) * (HUNDRED + stated.value)
    return abs(part.value * HUNDRED - whole.value * stated.value) <= room


def _wholes_between(count: Decimal, rates: tuple[Decimal, Decimal]) -> tuple[int, int]:
    """Return the first and last whole number of which ``count`` is between two percents.

    The first is greater where there is none; a percent that may be zero has too many to tell.
    """
    if rates[0] <= 0:
        return 0, _FEW_WHOLES
    many = count * HUNDRED
    return whole_numbers((CONTEXT.divide(many, rates[1]), CONTEXT.divide(many, rates[0])))


def ratio_check(part: Term, whole: Term, stated: Term) -> FoundCheck | None:
    """Return the check of a stated percent against part / whole, as printed."""
    if whole.value <= 0:
        return None
    steps = common_steps([part, whole])
    span = quotient(part.interval(steps[0]), whole.interval(steps[1]))
    if span is None:
        return None
    value = percent(part.value, whole.value)
    verdict = judge_rate(stated.value, stated.step, span, stated.padding)
    if verdict == "inconsistent":
        loose = quotient(part.interval(), whole.interval())
        if loose and judge_rate(stated.value, stated.step, loose) == "ok":
            verdict = "ok"
    message = f"{quote(part)}÷{quote(whole)}，应为{_short(value)}%，文中写{printed(stated)}，{said(verdict)}"
    items = (stated.item, part.item, whole.item)
    return FoundCheck("share", verdict, stated.value, value, span, items, message)


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), context=CONTEXT)
